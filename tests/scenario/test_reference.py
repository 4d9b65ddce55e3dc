"""The reference data: complete, consistent with itself, with the models that copy it, and with the glossary."""

import importlib
import inspect
import re
import string
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from accounts.models import LegalForm
from calls.models import AidBasis, BudgetSide, IndicatorKind, IndicatorNature
from calls.models.call import PieceCondition
from calls.reference import (
    AID_BASES,
    AXES,
    CHECKLIST,
    CLAUSE_FIELDS,
    CLAUSES,
    FORM,
    GRID,
    GROUND_BY_CODE,
    INDICATORS,
    INSTALMENTS,
    PIECES,
    REGION_LINE,
    REGIONS,
    Family,
    Measure,
    Purpose,
    Side,
    Source,
    Term,
    When,
    form_schema,
    index,
    pieces_for,
)
from workflows.engine import verbs

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def test_weights_sum_to_a_hundred() -> None:
    assert sum(criterion.weight for criterion in GRID) == 100
    assert [criterion.code for criterion in GRID if criterion.eliminatory] == ["C1", "C2", "C5"]
    assert all(len(set(criterion.guidance)) == 6 for criterion in GRID)


def test_the_four_axes_are_those_of_the_source() -> None:
    assert [axis.label for axis in AXES] == [
        "Développer des parcours certifiants",
        "Accélérer la transformation des contenus des formations pour répondre aux besoins immédiats et en devenir de "
        "l’économie",
        "S’engager dans la modernisation des pédagogies mises en œuvre",
        "Encourager le déploiement au niveau régional et territorial des politiques publiques pour l’insertion "
        "professionnelle des publics les plus fragiles",
    ]
    assert [len(axis.sub_themes) for axis in AXES] == [3, 7, 3, 5]


@pytest.mark.parametrize("axis", [axis.code for axis in AXES])
def test_every_axis_has_follow_up_and_impact_indicators(axis: str) -> None:
    assert {i.purpose for i in INDICATORS if axis in i.axes} == set(Purpose)


def test_rates_say_what_they_divide() -> None:
    for indicator in INDICATORS:
        assert bool(indicator.numerator) == bool(indicator.denominator)
        assert bool(indicator.numerator) or not indicator.label.startswith("Taux")


def test_what_the_administration_can_obtain_never_blocks() -> None:
    assert [p.code for p in PIECES if p.source is not Source.APPLICANT and p.indispensable] == []


@pytest.mark.parametrize(
    ("family", "own", "foreign"),
    [
        (Family.ASSOCIATION, "STATUTS", "KBIS"),
        (Family.COMPANY, "KBIS", "CER"),
        (Family.PUBLIC, "DELIB", "COMPTES_N1"),
        (Family.LOCAL_AUTHORITY, "DELIB", "STATUTS"),
    ],
)
def test_pieces_follow_the_legal_form(family: Family, own: str, foreign: str) -> None:
    codes = {piece.code for piece in pieces_for(family)}
    assert own in codes
    assert foreign not in codes
    assert {"RIB", "ATT_HONNEUR", "BP_PROJET"} <= codes


def test_every_check_leads_to_a_ground_of_its_stage() -> None:
    for item in CHECKLIST:
        assert GROUND_BY_CODE[item.ground].stage is item.stage


def test_every_ground_rests_on_a_text() -> None:
    assert [ground.code for ground in GROUND_BY_CODE.values() if not ground.legal_basis] == []


def test_clauses_use_only_the_closed_list_of_fields() -> None:
    used = {name for clause in CLAUSES for _, name, _, _ in string.Formatter().parse(clause.text) if name}
    assert used <= CLAUSE_FIELDS
    filled = [clause.filled(dict.fromkeys(CLAUSE_FIELDS, "x")) for clause in CLAUSES]
    assert [text for text in filled if "{" in text] == []


def test_clauses_that_the_law_asks_for_are_mandatory() -> None:
    by_code = index(CLAUSES)
    asked = ("OBJET", "MONTANT", "VERSEMENT", "UTILISATION", "SUIVI", "CONTROLE", "CRF")
    assert [code for code in asked if not by_code[code].mandatory or not by_code[code].legal_basis] == []
    assert by_code["EXCEDENT"].non_profit_only


def test_instalments_pay_the_whole_amount() -> None:
    assert sum(rule.share for rule in INSTALMENTS) == Decimal(1)


def test_a_field_cannot_reach_beyond_its_value() -> None:
    clause = index(CLAUSES)["LITIGES"]
    assert clause.filled({"court": "{region}"}).count("{region}") == 1
    with pytest.raises(KeyError):
        clause.filled({})


def test_a_code_is_given_once() -> None:
    with pytest.raises(ValueError, match="duplicate code 'A'"):
        index([Term("A", "un"), Term("A", "deux")])


def test_communes_lie_in_their_departement() -> None:
    for region in REGIONS:
        for departement in region.departements:
            for commune in departement.communes:
                assert commune.code.startswith(departement.code)
                assert commune.postcode.startswith(departement.code)
                assert not commune.qpv or commune.qpv[2:5] == departement.code.zfill(3)


def test_the_form_is_plain_json() -> None:
    schema = form_schema()
    assert [section["code"] for section in schema] == [section.code for section in FORM]
    codes = [question["code"] for section in schema for question in section["questions"]]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Family, LegalForm),
        (Purpose, IndicatorKind),
        (Measure, IndicatorNature),
        (Side, BudgetSide),
        (When, PieceCondition),
    ],
)
def test_codes_are_those_of_the_models(ours: type[StrEnum], theirs: type[models.TextChoices]) -> None:
    assert {member.value for member in ours} == set(theirs.values)


def test_aid_bases_are_those_of_the_models() -> None:
    assert {term.code for term in AID_BASES} == set(AidBasis.values)
    assert REGION_LINE == "74-REGION"


def rows() -> Iterator[tuple[str, str, str]]:
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[1] not in {"", "English label"}:
            yield cells[0], cells[1], cells[2]


def test_a_label_has_one_translation() -> None:
    french: dict[str, set[str]] = {}
    for _, label, translated in rows():
        french.setdefault(label, set()).add(translated)
    assert {label: found for label, found in french.items() if len(found) > 1} == {}


def labels_of_the_models() -> Iterator[tuple[str, str]]:
    """Every value that a field of ours may take from a list, with its label in English."""
    for app in ("accounts", "workflows", "calls", "reviews", "contracts"):
        package = importlib.import_module(f"{app}.models")
        modules = {model.__module__ for model in apps.get_app_config(app).get_models()} | {package.__name__}
        for module in sorted(modules):
            for name, kind in inspect.getmembers(importlib.import_module(module), inspect.isclass):
                if issubclass(kind, models.TextChoices) and kind is not models.TextChoices:
                    yield from ((f"{app}.{name}", str(label)) for label in kind.labels)


def test_the_glossary_holds_every_state_and_role_of_the_models() -> None:
    known = {part.strip() for _, label, _ in rows() for part in label.split(", ")} | {
        label for _, label, _ in rows()
    }
    with translation.override("en"):
        missing = {f"{where}: {label}" for where, label in labels_of_the_models() if label not in known}
    assert missing == set(), "add them to docs/glossary.md"


def test_the_glossary_holds_every_verb() -> None:
    french = {label for _, label, _ in rows()}
    with translation.override("en"):
        missing = {f"{name}: {verb.label}" for name, verb in verbs().items() if str(verb.label) not in french}
    assert missing == set(), "add them to docs/glossary.md"


def test_glossary_codes_are_code() -> None:
    for code, _, _ in rows():
        assert code == "—" or re.search(r"`[\w.-]+`", code), code
