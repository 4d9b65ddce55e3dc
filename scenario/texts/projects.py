"""Invented projects: a title, a need, a pathway, partners, indicators and a budget that holds."""

from __future__ import annotations

import calendar
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calls.reference import INDICATORS, IndicatorDefinition, Measure, Purpose
from scenario.organisations import Organisation, organisations
from scenario.texts import phrases
from scenario.texts.budgets import ZERO, YearBudget, budget
from scenario.texts.concept import Concept
from scenario.texts.concepts_access import ACCESS, FRAGILE
from scenario.texts.concepts_offer import CONTENTS, PEDAGOGIES
from scenario.texts.words import SECTORS, euros, listed, slots, typeset

CONCEPTS: dict[str, tuple[Concept, ...]] = {
    "A1": ACCESS,
    "A2": CONTENTS,
    "A3": PEDAGOGIES,
    "A4": FRAGILE,
}

_FIRST_HALF = ("janvier", "février", "mars", "avril", "mai", "juin")
MONTHS = (*_FIRST_HALF, "juillet", "août", "septembre", "octobre", "novembre", "décembre")


@dataclass(frozen=True, slots=True)
class PartnerPlan:
    """An organisation of the project beside the applicant."""

    name: str
    siret: str
    role: str


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    """What the project commits to; ``baseline`` and ``target`` are numbers as text, in ``unit``."""

    code: str
    label: str
    purpose: Purpose
    measure: Measure
    unit: str
    baseline: str
    target: str
    method: str


@dataclass(frozen=True, slots=True)
class Project:
    """All that an applicant fills in. ``answers`` are keyed by the questions of ``calls.reference.FORM``."""

    title: str
    summary: str
    axis: str
    publics: tuple[str, ...]
    territories: tuple[str, ...]
    starts_on: date
    ends_on: date
    beneficiaries: int
    objectives: tuple[str, ...]
    answers: Mapping[str, object]
    partners: tuple[PartnerPlan, ...]
    indicators: tuple[IndicatorPlan, ...]
    budget: tuple[YearBudget, ...]

    @property
    def requested(self) -> Decimal:
        """The subsidy asked over all years, in euros."""
        return sum((year.requested for year in self.budget), ZERO)

    @property
    def eligible_cost(self) -> Decimal:
        """The base of the subsidy over all years, in euros."""
        return sum((year.eligible for year in self.budget), ZERO)

    @property
    def total_cost(self) -> Decimal:
        """The cost over all years, volunteering included, in euros."""
        return sum((year.total for year in self.budget), ZERO)


def project(
    rng: random.Random,
    axis_code: str,
    organisation: Organisation,
    years: Sequence[int],
    max_rate: Decimal,
    *,
    max_amount: Decimal = Decimal(400_000),
) -> Project:
    """A project of ``organisation`` on an axis ("A1" to "A4"), over calendar ``years`` (one to three of them).

    The subsidy asked is at most ``max_rate`` percent of the eligible expenses of each year, and about
    ``max_amount`` euros in all at most.
    """
    concept = rng.choice(CONCEPTS[axis_code])
    publics = tuple(rng.sample(concept.publics, min(len(concept.publics), rng.randint(1, 3))))
    sector = rng.choice(SECTORS)
    asked = _clamped(Decimal(round(rng.lognormvariate(11.3, 0.65))), max_amount)
    plan = budget(rng, organisation.legal_form, years, asked, max_rate)
    people = _people(rng, sum((year.total for year in plan), ZERO))
    starts_on, ends_on = _period(rng, years)
    partners = _partners(rng, organisation)
    fields = slots(
        rng,
        organisation.departement,
        organisation.commune,
        sector,
        publics[0],
        org=organisation.name,
        people=people,
        duration=_months(starts_on, ends_on),
        fte=rng.choice(("1,8", "2,5", "3,2", "4")),
        share=rng.choice((35, 40, 45, 50, 55, 60)),
        fund=euros(rng.choice((3000, 5000, 8000, 12000))),
        partners=_partner_names(partners),
        aim=phrases.AIMS[axis_code][0],
        aim_verb=phrases.AIMS[axis_code][1],
        result=rng.choice(phrases.RESULTS),
        **_milestones(starts_on, ends_on),
    )
    # An objective counts the project's own participants.
    goals = {**fields, "many": people}
    objectives = tuple(_text(objective, goals) for objective in rng.sample(concept.objectives, 3))
    return Project(
        title=_text(rng.choice(concept.titles), fields)[:200],
        summary=_text(rng.choice(phrases.SUMMARIES), fields),
        axis=axis_code,
        publics=publics,
        territories=_territories(rng, organisation),
        starts_on=starts_on,
        ends_on=ends_on,
        beneficiaries=people,
        objectives=objectives,
        answers=_answers(rng, concept, fields, objectives, people),
        partners=partners,
        indicators=_indicators(rng, axis_code, people, plan),
        budget=plan,
    )


def _text(template: str, fields: Mapping[str, object]) -> str:
    return typeset(template.format_map(dict(fields)))


def _clamped(amount: Decimal, most: Decimal) -> Decimal:
    return max(Decimal(8_000), min(amount, most * Decimal("0.97")))


def _people(rng: random.Random, cost: Decimal) -> int:
    """Participants at 900 to 3 600 euros each, never fewer than twelve."""
    return max(12, int(cost / rng.randint(900, 3600)))


def _period(rng: random.Random, years: Sequence[int]) -> tuple[date, date]:
    first, last = years[0], years[-1]
    starts_on = date(first, rng.choice((1, 2, 3, 4) if len(years) == 1 else (1, 3, 6, 9)), 1)
    month = 12 if len(years) == 1 else rng.choice((3, 6, 9, 12))
    if (last, month) <= (first, starts_on.month):
        month = 12
    return starts_on, date(last, month, calendar.monthrange(last, month)[1])


def _months(starts_on: date, ends_on: date) -> int:
    return (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1


def _milestones(starts_on: date, ends_on: date) -> dict[str, str]:
    """The first months of the four quarters of the project, in words."""
    length = _months(starts_on, ends_on)
    found = {}
    for quarter in range(4):
        month = starts_on.month - 1 + quarter * length // 4
        found[f"m{quarter + 1}"] = f"{MONTHS[month % 12]} {starts_on.year + month // 12}"
    return found


def _territories(rng: random.Random, organisation: Organisation) -> tuple[str, ...]:
    neighbours = sorted(
        {o.departement for o in organisations(organisation.region)} - {organisation.departement}
    )
    more = rng.sample(neighbours, min(len(neighbours), rng.choice((0, 0, 1, 2))))
    return (organisation.departement, *sorted(more))


def _partners(rng: random.Random, organisation: Organisation) -> tuple[PartnerPlan, ...]:
    others = [o for o in organisations(organisation.region) if o.siret != organisation.siret]
    roles = rng.sample(phrases.PARTNER_ROLES, 4)
    chosen = rng.sample(others, rng.choice((1, 2, 2, 3, 4)))
    return tuple(PartnerPlan(o.name, o.siret, role) for o, role in zip(chosen, roles, strict=False))


def _partner_names(partners: Sequence[PartnerPlan]) -> str:
    names = [p.name for p in partners]
    return listed(names if len(names) < 3 else [*names[:2], "leurs partenaires"])


def _answers(
    rng: random.Random,
    concept: Concept,
    fields: Mapping[str, object],
    objectives: Sequence[str],
    people: int,
) -> dict[str, object]:
    def drawn(pool: Sequence[str]) -> str:
        return _text(rng.choice(pool), fields)

    def together(pool: Sequence[str], count: int) -> str:
        kept = sorted(rng.sample(range(len(pool)), min(count, len(pool))))
        return " ".join(_text(pool[i], fields) for i in kept)

    return {
        "needs": list(concept.need_codes),
        "context": "\n\n".join(_text(text, fields) for text in rng.sample(concept.needs, len(concept.needs))),
        "nature": rng.choice(("new", "new", "strengthened")),
        "kind": rng.choice(("pathway", "experimentation")),
        "sub_themes": list(concept.sub_themes),
        "objectives": "\n".join(objectives),
        "beneficiaries": people,
        "pathway": together(concept.pathway, 4),
        "support": together(phrases.SUPPORT, 2),
        "certification": _capital(str(fields["title"])) if concept.axis in {"A1", "A2", "A4"} else "",
        "innovation": drawn(concept.innovations),
        "complementarity": drawn(phrases.COMPLEMENTARITY),
        "team": drawn(phrases.TEAMS),
        "steps": drawn(phrases.STEPS),
        "governance": together(phrases.GOVERNANCE, 2),
        "risks": together(phrases.RISKS, rng.randint(1, 2)),
        "inclusion": drawn(phrases.INCLUSION),
        "evaluation": together(phrases.EVALUATION, 2),
        "dissemination": drawn(phrases.DISSEMINATION),
    }


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


_TARGETS: dict[str, tuple[int, int, int, int]] = {
    # The range of the baseline, then the range of the target.
    "S-REA": (78, 88, 92, 100),
    "S-REM": (70, 80, 84, 94),
    "S-ABN": (21, 31, 9, 16),
    "S-PUB": (28, 42, 50, 80),
    "S-CRT": (55, 66, 70, 86),
    "S-REP": (0, 0, 80, 400),
    "S-FOR": (0, 6, 14, 60),
    "S-MOD": (0, 0, 6, 36),
    "S-PAR": (1, 2, 3, 4),
    "I-CRT": (38, 50, 54, 70),
    "I-POS": (41, 52, 56, 72),
    "I-EMP6": (33, 45, 48, 64),
    "I-PAR": (18, 31, 36, 58),
    "I-OFF": (4, 12, 20, 48),
    "Q-OFF": (1, 2, 3, 4),
    "Q-ESS": (1, 1, 3, 4),
}


def _indicators(
    rng: random.Random, axis_code: str, people: int, plan: Sequence[YearBudget]
) -> tuple[IndicatorPlan, ...]:
    """Entries always; then follow-up and impact, numbers and at least one judgement."""
    usual = [i for i in INDICATORS if axis_code in i.axes and i.code != "S-ENT"]
    follow_up = [i for i in usual if i.purpose is Purpose.FOLLOW_UP]
    impact = [i for i in usual if i.purpose is Purpose.IMPACT and i.measure is Measure.QUANTITATIVE]
    judged = [i for i in usual if i.purpose is Purpose.IMPACT and i.measure is Measure.QUALITATIVE]
    entries = next(i for i in INDICATORS if i.code == "S-ENT")
    chosen = [
        entries,
        *rng.sample(follow_up, rng.randint(2, 3)),
        *rng.sample(impact, min(len(impact), rng.randint(1, 2))),
        rng.choice(judged),
    ]
    cost = sum((year.total for year in plan), ZERO)
    return tuple(_planned(rng, definition, people, cost) for definition in chosen)


def _planned(
    rng: random.Random, definition: IndicatorDefinition, people: int, cost: Decimal
) -> IndicatorPlan:
    if definition.code == "S-ENT":
        baseline, target = 0, people
    elif definition.code == "F-COU":
        target = int(cost / people)
        baseline = int(target * rng.uniform(1.05, 1.3))
    else:
        low, high, least, most = _TARGETS[definition.code]
        baseline, target = rng.randint(low, high), rng.randint(least, most)
    return IndicatorPlan(
        code=definition.code,
        label=definition.label,
        purpose=definition.purpose,
        measure=definition.measure,
        unit=definition.unit,
        baseline=str(baseline),
        target=str(target),
        method=definition.method,
    )
