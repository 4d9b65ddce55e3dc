"""The scenario's material: identifiers are valid, budgets balance, files open, and nothing changes between runs."""

import os
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import docx
import odf.opendocument
import odf.text
import puremagic
import pypdf
import pytest
from PIL import Image
from stdnum import luhn

from accounts import identifiers
from accounts.models import BodyKind, PostRole
from accounts.models import College as CollegeChoices
from calls.models import DossierIndicator
from calls.reference import FORM, GRID, INDIRECT_CAP, LINE_BY_CODE, PIECES, Family, Purpose, read_sections
from calls.reference.form import QUESTION_BY_CODE, Kind
from reviews.models.opinion import OpinionValue, Position, ReservationKind
from scenario import texts
from scenario.files import CONTENT_TYPES, make_file, usual_kind
from scenario.organisations import LA_POSTE, Organisation, institutions, organisations
from scenario.papers import PROOFS
from scenario.people import (
    DEMO_PASSWORD,
    STAFF_ROLES,
    Role,
    applicants,
    conflicts,
    demo_people,
    everybody,
    national_auditor,
    seats,
    staff,
)
from scenario.texts import phrases
from scenario.texts.concept import Concept
from scenario.texts.projects import CONCEPTS
from scenario.texts.words import PUBLIC_WORDS, SECTORS, slots, typeset

REGIONS = ("alpha", "beta")
REAL_BODIES = (
    "AFPA",
    "MEDEF",
    "CPME",
    "U2P",
    "CFDT",
    "CGT",
    "CFTC",
    "France Travail",
    "Agefiph",
    "Pôle emploi",
)
ROOT = Path(__file__).resolve().parents[2]


def everyone_of(region: str) -> list[Organisation]:
    return [*organisations(region), *institutions(region).values()]


def sample_project(seed: int, axis: str = "A1", years: tuple[int, ...] = (2026, 2027)) -> texts.Project:
    organisation = organisations()[seed % 80]
    return texts.project(random.Random(seed), axis, organisation, years, Decimal(70))


def sixty_projects() -> list[texts.Project]:
    return [
        sample_project(seed, f"A{seed % 4 + 1}", (2026, 2027, 2028)[: seed % 3 + 1]) for seed in range(60)
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_every_identifier_is_valid(region: str) -> None:
    for organisation in everyone_of(region):
        identifiers.validate_siret(organisation.siret)
        identifiers.validate_iban(organisation.iban)
        identifiers.validate_ape(organisation.ape)
        identifiers.validate_legal_category(organisation.legal_category)
        identifiers.validate_commune(organisation.commune)
        identifiers.validate_postal_code(organisation.postcode)
        if organisation.rna:
            identifiers.validate_rna(organisation.rna)
        if organisation.training_number:
            identifiers.validate_nda(organisation.training_number)


@pytest.mark.parametrize("region", REGIONS)
def test_organisations_are_distinct(region: str) -> None:
    everyone = everyone_of(region)
    for values in ([o.siret for o in everyone], [o.name for o in everyone], [o.domain for o in everyone]):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_the_awkward_identifiers_are_there() -> None:
    postal = [o for o in organisations() if "la_poste" in o.tags]
    assert [o.siret[:9] for o in postal] == [LA_POSTE]
    assert not luhn.is_valid(postal[0].siret)
    lettered = [o.rna for o in organisations() if o.rna and not o.rna[1:].isdigit()]
    assert len(lettered) == 3
    assert [o.name for o in organisations() if o.legal_form is Family.ASSOCIATION and not o.rna]


def test_applicants_have_the_usual_mix() -> None:
    families = Counter(o.legal_form for o in organisations())
    assert families == {
        Family.ASSOCIATION: 35,
        Family.COMPANY: 22,
        Family.PUBLIC: 17,
        Family.LOCAL_AUTHORITY: 6,
    }


@pytest.mark.parametrize("region", REGIONS)
def test_nobody_real_is_named_and_no_mail_can_leave(region: str) -> None:
    assert {person.email.rpartition(".")[2] for person in everybody(region)} == {"example"}
    assert {o.domain.rpartition(".")[2] for o in everyone_of(region)} == {"example"}
    names = " ".join(o.name for o in everyone_of(region))
    assert [body for body in REAL_BODIES if body in names] == []


def test_people_have_distinct_addresses_across_regions() -> None:
    emails = [p.email for region in REGIONS for p in everybody(region)] + [national_auditor().email]
    assert [email for email, count in Counter(emails).items() if count > 1] == []
    assert all(email.isascii() and email == email.lower() for email in emails)


def test_staff_has_every_post() -> None:
    assert Counter(p.role for p in staff("alpha")) == {
        Role.CASE_OFFICER: 3,
        Role.MANAGER: 2,
        Role.SIGNATORY: 1,
        Role.PAYMENTS: 2,
        Role.PILOT: 1,
        Role.AUDITOR: 1,
        Role.EXPERT: 3,
    }
    assert {role.value for role in STAFF_ROLES} <= set(PostRole.values)


def test_bodies_have_their_legal_composition() -> None:
    full = Counter((s.body, s.college) for s in seats("alpha") if not s.is_alternate)
    assert {college: full["crefop_bureau", college] for college in CollegeChoices.values} == {
        "state": 4,
        "region": 4,
        "employers": 3,
        "unions": 5,
    }
    assert (full["coparef", "employers"], full["coparef", "unions"]) == (10, 10)
    assert {s.body for s in seats("alpha")} <= set(BodyKind.values)
    overseas = Counter(s.college for s in seats("beta") if s.body == "crefop_bureau")
    assert overseas == {"state": 3, "region": 3, "employers": 2, "unions": 2}


@pytest.mark.parametrize("region", REGIONS)
def test_no_officer_of_the_region_holds_a_seat(region: str) -> None:
    holders = [s.person for s in seats(region)]
    assert set(holders).isdisjoint(staff(region))
    assert len(holders) == len(set(holders))


@pytest.mark.parametrize("region", REGIONS)
def test_every_reviewing_college_has_members_and_alternates(region: str) -> None:
    for college in CollegeChoices.values:
        bench = [s for s in seats(region) if (s.body, s.college) == ("crefop_commission", college)]
        assert {s.is_alternate for s in bench} == {False, True}


def test_every_applicant_can_be_bound_by_somebody() -> None:
    for team in applicants().values():
        assert [person.can_sign for person in team] == [True] + [False] * (len(team) - 1)


def test_some_reviewers_have_an_interest() -> None:
    found = conflicts()
    assert len(found) == 2
    applying = set(organisations())
    assert all(organisation in applying for _, organisation in found)


def test_demo_people_exist_and_are_of_every_kind() -> None:
    known = {p.email for region in REGIONS for p in everybody(region)} | {national_auditor().email}
    rows = demo_people()
    assert [email for email, _, _ in rows if email not in known] == []
    assert len({email for email, _, _ in rows}) == len(rows) == 16
    assert len(DEMO_PASSWORD) >= 12


@pytest.mark.parametrize("seed", range(40))
def test_budgets_balance_to_the_cent_within_the_rate(seed: int) -> None:
    rng = random.Random(seed)
    family, rate = rng.choice(list(Family)), Decimal(rng.choice((50, 66, 70, 80, 100)))
    years = texts.budget(
        rng, family, (2026, 2027, 2028)[: seed % 3 + 1], Decimal(rng.randint(8_000, 400_000)), rate
    )
    for year in years:
        amounts = [*year.expenses.values(), *year.incomes.values()]
        assert sum(year.expenses.values()) == sum(year.incomes.values())
        assert all(amount > 0 and amount == amount.quantize(Decimal("0.01")) for amount in amounts)
        assert year.requested * 100 <= rate * year.eligible
        assert year.expenses.get("86") == year.incomes.get("87")
        direct = sum(a for code, a in year.expenses.items() if code != "CI" and LINE_BY_CODE[code].eligible)
        assert year.expenses["CI"] <= direct * INDIRECT_CAP


def test_projects_stay_within_the_largest_subsidy() -> None:
    for seed in range(60):
        project = texts.project(
            random.Random(seed),
            "A3",
            organisations()[seed],
            (2026, 2027),
            Decimal(70),
            max_amount=Decimal(50_000),
        )
        assert Decimal(5_000) < project.requested <= Decimal(50_000)
        assert project.requested * 100 <= project.eligible_cost * 70
        assert project.eligible_cost <= project.total_cost


def test_projects_answer_the_default_form() -> None:
    for project in sixty_projects():
        assert set(project.answers) == set(QUESTION_BY_CODE)
        for section in FORM:
            for question in section.questions:
                answer = project.answers[question.code]
                options = {option.code for option in question.options}
                if question.kind is Kind.MULTIPLE:
                    assert isinstance(answer, list)
                    assert set(answer) <= options
                elif question.kind is Kind.CHOICE:
                    assert answer in options
                else:
                    assert len(str(answer)) <= question.max_length
                assert answer or not question.required or question.code == "certification"


def test_projects_fit_the_fields_of_a_dossier() -> None:
    for project in sixty_projects():
        assert 10 < len(project.title) <= 200
        assert 100 < len(project.summary) <= 2000
        assert project.starts_on < project.ends_on
        assert {project.starts_on.year, project.ends_on.year} <= {year.year for year in project.budget}
        purposes = {indicator.purpose for indicator in project.indicators}
        assert purposes == {Purpose.FOLLOW_UP, Purpose.IMPACT}
        assert len({indicator.code for indicator in project.indicators}) == len(project.indicators)
        longest = DossierIndicator._meta.get_field("label").max_length or 0
        assert all(len(indicator.label) <= longest for indicator in project.indicators)
        assert len({partner.siret for partner in project.partners}) == len(project.partners) > 0


def test_an_applicant_is_not_its_own_partner() -> None:
    for seed in range(400):
        organisation = organisations()[seed % 80]
        project = texts.project(random.Random(seed), "A1", organisation, (2026,), Decimal(70))
        assert organisation.siret not in {partner.siret for partner in project.partners}


def test_sixty_projects_do_not_look_copied() -> None:
    projects = sixty_projects()
    assert len({p.title for p in projects}) >= 45
    assert len({p.summary for p in projects}) == 60
    assert len({p.answers["context"] for p in projects}) == 60


@pytest.mark.parametrize(
    "concept", [c for concepts in CONCEPTS.values() for c in concepts], ids=lambda c: c.titles[0][:30]
)
def test_every_sentence_can_be_written(concept: Concept) -> None:
    fields = slots(random.Random(1), "36", "36018", SECTORS[0], concept.publics[0])
    sentences = (*concept.titles, *concept.needs, *concept.objectives, *concept.pathway, *concept.innovations)
    for sentence in sentences:
        written = typeset(sentence.format_map(fields))
        assert written
        assert "  " not in written
        assert not re.search(r"\b(de|à) Le\b|\bde [AEÉIO]", written)
    assert set(concept.publics) <= set(PUBLIC_WORDS)


def test_every_shared_sentence_names_known_fields() -> None:
    project = sample_project(5)
    pools = (phrases.SUPPORT, phrases.COMPLEMENTARITY, phrases.TEAMS, phrases.INCLUSION, phrases.RISKS)
    known = slots(random.Random(1), "45", "45234", SECTORS[1], "JEUNES", org="X", fte="2", share=40, fund="1")
    for sentence in (text for pool in pools for text in pool):
        assert "{" not in sentence.format_map(known)
    assert "{" not in " ".join(str(answer) for answer in project.answers.values())


def test_french_typography() -> None:
    assert typeset("« Oui » : 12 500 € ; vraiment ?") == (
        "«\u00a0Oui\u00a0»\u00a0: 12\u00a0500\u00a0€\u00a0; vraiment\u00a0?"
    )
    assert typeset(typeset("« Oui » !")) == typeset("« Oui » !")


@pytest.mark.parametrize("quality", [0.1, 0.5, 0.9])
def test_assessments_score_every_criterion(quality: float) -> None:
    for seed in range(20):
        assessment = texts.assessment(random.Random(seed), quality)
        assert [score.criterion for score in assessment.scores] == [criterion.code for criterion in GRID]
        assert all(0 <= score.score <= 5 and score.comment for score in assessment.scores)
        assert 0 <= assessment.total <= 100
        assert assessment.comment


def test_better_dossiers_get_better_scores() -> None:
    def mean(quality: float) -> float:
        return sum(texts.assessment(random.Random(seed), quality).total for seed in range(30)) / 30

    assert mean(0.2) + 15 < mean(0.5) < mean(0.8) - 15


@pytest.mark.parametrize("college", CollegeChoices.values)
def test_opinions_say_what_their_position_asks_for(college: str) -> None:
    given = [texts.opinion(random.Random(seed), college) for seed in range(200)]
    assert {opinion.position for opinion in given} == {*OpinionValue.values, "not_given"}
    for opinion in given:
        assert bool(opinion.reasons) == (opinion.position != "not_given")
        assert bool(opinion.reservations) == (opinion.position == "with_reservations")
        assert {reservation.kind for reservation in opinion.reservations} <= set(ReservationKind.values)


@pytest.mark.parametrize(("divergent", "result"), [(True, "divergent"), (False, "common")])
def test_coparef_opinions_are_reasoned(divergent: bool, result: str) -> None:
    opinion = texts.body_opinion(random.Random(1), divergent=divergent)
    assert opinion.result == result
    assert result in Position.values
    assert all((opinion.reasons, opinion.employers, opinion.unions))
    assert len(opinion.wished_objectives) == 3


def test_reports_stay_within_what_was_planned() -> None:
    for seed, project in enumerate(sixty_projects()):
        report = texts.report(random.Random(seed), project, 0.5, year=2026)
        assert [value.code for value in report.values] == [i.code for i in project.indicators]
        units = {i.code: i.unit for i in project.indicators}
        assert all(0 <= int(v.value) <= (100 if units[v.code] == "%" else 10**6) for v in report.values)
        assert set(report.expenditure) <= set(project.budget[0].expenses)
        assert "86" not in report.expenditure
        assert report.narrative


def test_a_report_without_a_year_has_no_money() -> None:
    assert texts.report(random.Random(1), sample_project(1), 1.0, final=True).expenditure == {}


@pytest.mark.parametrize("stage", ["draft", "pieces", "contract", "follow_up"])
def test_threads_begin_with_the_applicant(stage: str) -> None:
    assert texts.thread(random.Random(2), stage)[0].from_applicant


def test_calls_say_their_own_rules() -> None:
    for call in texts.calls().values():
        assert "{" not in call.text
        assert f"{call.max_rate:f}\u00a0%" in call.text
        assert call.min_amount < call.max_amount < call.envelope
        assert len(call.text) < 60_000
        assert [title for title, body in read_sections(call.text) if not title or len(body) < 60] == []
        assert len(read_sections(call.text)) == 10


def read_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content), strict=True).pages)


def read_docx(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([paragraph.text for paragraph in document.paragraphs] + cells)


def read_odt(content: bytes) -> str:
    document = odf.opendocument.load(BytesIO(content))
    return " ".join(str(p) for kind in (odf.text.P, odf.text.H) for p in document.getElementsByType(kind))


def read_xlsx(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as book:
        assert book.testzip() is None
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert [node for node in sheet.iter() if node.tag.endswith("}f")] == []
    return " ".join(node.text or "" for node in strings.iter() if node.tag.endswith("}t"))


def read_image(content: bytes) -> str:
    with Image.open(BytesIO(content)) as image:
        image.load()
        dark = sum(image.convert("L").histogram()[:100])
        assert dark > 500, "the page is blank"
    return ""


READERS = {
    "pdf": read_pdf,
    "docx": read_docx,
    "odt": read_odt,
    "xlsx": read_xlsx,
    "png": read_image,
    "jpg": read_image,
}


@pytest.mark.parametrize("kind", READERS)
def test_every_file_opens_in_its_own_reader(kind: str) -> None:
    project = sample_project(3)
    organisation = organisations()[3]
    for number, code in enumerate([*(piece.code for piece in PIECES), *PROOFS]):
        made = make_file(random.Random(number), code, organisation, kind, project=project)
        assert made.content_type == CONTENT_TYPES[kind]
        assert made.name.endswith(f".{kind}")
        assert 0 < len(made.name) <= 150
        assert "/" not in made.name
        text = READERS[kind](made.content)
        if kind not in {"png", "jpg"}:
            assert len(text) > 40, code


@pytest.mark.parametrize(
    ("kind", "expected"), [("pdf", "application/pdf"), ("png", "image/png"), ("jpg", "image/jpeg")]
)
def test_content_and_extension_agree(kind: str, expected: str) -> None:
    made = make_file(random.Random(1), "RIB", organisations()[0], kind)
    assert puremagic.from_string(made.content, mime=True) == expected


def test_the_bank_details_carry_the_name_and_iban() -> None:
    organisation = organisations()[0]
    text = read_pdf(make_file(random.Random(1), "RIB", organisation, "pdf").content)
    assert organisation.name in text
    assert organisation.iban in text.replace(" ", "")


def test_the_project_budget_on_paper_is_the_projects() -> None:
    project = sample_project(4)
    text = read_docx(
        make_file(random.Random(1), "BP_PROJET", organisations()[4], "docx", project=project).content
    )
    total = f"{project.total_cost:,.2f}".replace(",", "\u00a0").replace(".", ",")
    assert text.count(total) == 2


def test_usual_kinds_are_those_that_the_piece_accepts() -> None:
    for piece in PIECES:
        kinds = {usual_kind(random.Random(seed), piece.code) for seed in range(60)}
        assert kinds <= set(piece.accepts)


_DIGEST = """
import hashlib, random, django
from decimal import Decimal
django.setup()
from scenario import texts
from scenario.files import CONTENT_TYPES, make_file
from scenario.organisations import institutions, organisations
from scenario.people import everybody, seats
project = texts.project(random.Random(7), "A2", organisations()[7], (2026, 2027), Decimal(70))
made = [make_file(random.Random(1), "BP_PROJET", organisations()[7], kind, project=project) for kind in CONTENT_TYPES]
words = (organisations(), organisations("beta"), institutions(), everybody(), seats(), project,
         texts.opinion(random.Random(2), "state"), texts.report(random.Random(3), project, 0.5), texts.calls())
print(hashlib.sha256(repr((words, made)).encode()).hexdigest())
"""


def test_everything_is_the_same_in_another_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
