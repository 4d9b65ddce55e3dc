"""Take a world to a given state of a call or a dossier, by the verbs. The later stages' tests build upon it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organisation, User
from calls import actions
from calls.models import Call, Dossier, Pact
from calls.queries import expected_pieces
from calls.queries.defaults import default_axes, default_indicators, default_pieces, default_questions
from calls.reference import REGION_LINE
from tests.world import NOW, SIRET, World
from workflows.engine import StoredFile
from workflows.models import Case, DocumentVersion
from workflows.store import store_bytes

#: Few pieces, of each kind, so that a dossier is quickly complete; ``pieces=None`` gives a call the whole catalogue.
CODES = ("RIB", "STATUTS", "KBIS", "DELIB", "BP_PROJET", "CER", "LETTRE_PART", "QUALIOPI")
PDF = b"%PDF-1.7\n%test\n"
OPENS, CLOSES = NOW - timedelta(days=1), NOW + timedelta(days=30)

ANSWERS: dict[str, dict[str, Any]] = {
    "need": {"needs": ["PUBLIC.REPERAGE"], "context": "Quatre mille demandeurs d'emploi.", "nature": "new"},
    "action": {
        "kind": "pathway",
        "sub_themes": ["A1.1"],
        "objectives": "Former 60 personnes",
        "beneficiaries": "60",
        "pathway": "Trois étapes.",
        "support": "Un référent par personne.",
    },
    "added_value": {"innovation": "Ateliers mobiles.", "complementarity": "Aucune expérimentation voisine."},
    "delivery": {
        "team": "Quatre personnes.",
        "steps": "Une étape par trimestre.",
        "governance": "Un comité.",
    },
    "evaluation": {"inclusion": "Parité.", "evaluation": "Bilans semestriels.", "dissemination": "Guide."},
}


def adopted_pact(world: World, *, now: datetime = NOW) -> Pact:
    """A pact prepared by the pilot and adopted by a manager."""
    pact = actions.create_pact(
        world.region,
        by=world.pilot,
        now=now,
        title="Pacte régional d'investissement dans les compétences",
        first_year=2026,
        last_year=2029,
        stakes="Former les moins qualifiés.",
        budget_by_year={year: Decimal("1000000.00") for year in range(2026, 2030)},
        axes=default_axes(),
        indicators=default_indicators(),
        questions=default_questions(),
        links=[{"document": "CPRDFOP 2023-2028", "relation": "consistent", "comment": ""}],
    )
    return actions.adopt_pact(pact, by=world.manager, now=now)


def draft_call(world: World, pact: Pact | None = None, *, now: datetime = NOW, **changed: Any) -> Call:
    """A call prepared by the case officer, ready to be submitted for validation."""
    pact = pact or adopted_pact(world, now=now)
    values: dict[str, Any] = {
        "kind": "aap",
        "year": 2026,
        "title": "Parcours certifiants",
        "summary": "Pour les organismes qui forment les moins qualifiés.",
        "text": "1. Contexte\n\nLe Pacte.\n\n2. Financement\n\nJusqu'à 80 %.",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "envelope": Decimal("300000.00"),
        "max_rate": Decimal(80),
        "min_amount": Decimal("5000.00"),
        "max_amount": Decimal("100000.00"),
        "aid_basis": "no_aid",
        "axes": list(pact.axes.all()),
        "publics": ["JEUNES", "QPV", "RURAUX"],
        "territories": ["18", "28"],
        "pieces": [piece for piece in default_pieces(CLOSES.date()) if piece["code"] in CODES],
    }
    return actions.create_call(pact, by=world.officer, now=now, **{**values, **changed})


def open_call(world: World, pact: Pact | None = None, *, now: datetime = NOW, **changed: Any) -> Call:
    """A call published by the manager; open from the day before ``now`` to thirty days later, unless changed."""
    call = draft_call(world, pact, now=now, **changed)
    actions.submit_for_validation(call, by=world.officer, now=now)
    return actions.publish_call(call, by=world.manager, now=now)


def draft(
    world: World, call: Call | None = None, *, by: User | None = None, now: datetime = NOW, **changed: Any
) -> Dossier:
    """A dossier just begun by the applicant's editor."""
    by = by or world.applicant_editor
    values: dict[str, Any] = {"title": "Passerelles vers la qualification", **changed}
    values["organisation"] = values.get("organisation") or organisation_of(by)
    return actions.create_dossier(call or open_call(world, now=now), by=by, now=now, **values)


def organisation_of(person: User) -> Organisation:
    """The organisation that a person acts for."""
    return Organisation.objects.get(memberships__user=person)


def lines(
    requested: Decimal | str = "40000.00", own: Decimal | str = "20000.00", year: int = 2026
) -> list[dict[str, Any]]:
    """A balanced budget for one year: personnel equals the Region's subsidy and own funds; volunteering both sides."""
    requested, own = Decimal(requested), Decimal(own)
    return [
        {"year": year, "code": "64", "amount": requested + own},
        {"year": year, "code": "86", "amount": Decimal("1500.50")},
        {"year": year, "code": REGION_LINE, "amount": requested},
        {"year": year, "code": "75", "amount": own},
        {"year": year, "code": "87", "amount": Decimal("1500.50")},
    ]


def save(dossier: Dossier, section: str, values: Any, *, by: User, now: datetime = NOW) -> Dossier:
    """Save a section from its present version, read again."""
    dossier = Dossier.objects.get(pk=dossier.pk)
    return actions.save_section(
        dossier, by=by, now=now, section=section, values=values, version=dossier.versions.get(section, 0)
    )


def stored(case: Case, code: str = "file", *, name: str = "piece.pdf", data: bytes = PDF) -> StoredFile:
    """A file in the store, not yet attached."""
    return store_bytes(
        Case.objects.select_related("region", "parent").get(pk=case.pk), code, name, data, "application/pdf"
    )


def filled_draft(
    world: World,
    call: Call | None = None,
    *,
    by: User | None = None,
    now: datetime = NOW,
    requested: Decimal | str = "40000.00",
    **changed: Any,
) -> Dossier:
    """A draft that lacks nothing; every expected piece given."""
    by = by or world.applicant_editor
    dossier = draft(world, call, by=by, now=now, **changed)
    project = {
        "summary": "Un parcours en trois étapes.",
        "axis": "A1",
        "publics": ["JEUNES"],
        "territories": ["18"],
        "starts_on": "2026-09-01",
        "ends_on": "2026-12-31",
    }
    save(dossier, "project", project, by=by, now=now)
    for section, values in ANSWERS.items():
        save(dossier, section, values, by=by, now=now)
    partner = {"siret": SIRET["partner"], "name": "Une entreprise", "role": "Accueil en stage"}
    save(dossier, "partners", {"partners": [partner]}, by=by, now=now)
    save(dossier, "budget", {"basis": "ttc", "lines": lines(requested)}, by=by, now=now)
    indicators = [
        {"code": "S-ENT", "target": "60", "baseline": "0"},
        {"code": "I-POS", "target": "55", "baseline": "40", "source": "Enquête à six mois"},
    ]
    save(dossier, "indicators", {"indicators": indicators}, by=by, now=now)
    give_pieces(dossier, by=by, now=now)
    return Dossier.objects.get(pk=dossier.pk)


def give_pieces(dossier: Dossier, *, by: User, now: datetime = NOW, codes: set[str] | None = None) -> None:
    """Give every piece that must be there (or those named); the antivirus has not seen them yet."""
    dossier = Dossier.objects.select_related(*Dossier.related).get(pk=dossier.pk)
    for item in expected_pieces(dossier):
        if item.due if codes is None else item.required.code in codes:
            code = item.required.code
            file = stored(dossier.case, code, name=f"{code.lower()}.pdf")
            actions.attach_piece(dossier, by=by, now=now, code=code, file=file)


def scanned(version: DocumentVersion, *, clean: bool = True, now: datetime = NOW) -> None:
    """Record the antivirus verdict of a version."""
    from workflows.actions import record_scan

    record_scan(
        version.document, by=None, now=now, version=version, clean=clean, detail="" if clean else "Eicar"
    )


def submitted_dossier(
    world: World,
    call: Call | None = None,
    *,
    by: User | None = None,
    editor: User | None = None,
    now: datetime = NOW,
    **changed: Any,
) -> Dossier:
    """A dossier submitted by the applicant's signatory (``by``), filled by its editor."""
    dossier = filled_draft(world, call, by=editor or world.applicant_editor, now=now, **changed)
    return actions.submit(dossier, by=by or world.applicant, now=now, attestation=True)


def closed_call(world: World, call: Call) -> Call:
    """The call once the clock has closed it."""
    return actions.close_call(call, by=None, now=Call.objects.get(pk=call.pk).closes_at)
