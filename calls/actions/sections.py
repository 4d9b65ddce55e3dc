"""Writing the sections of a draft: each function sets rows from typed values and says what it cannot keep.

They run inside ``save_section``: when one returns reasons, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.identifiers import normalise_siret
from calls.actions.common import listed
from calls.models import (
    BudgetBasis,
    BudgetLine,
    Dossier,
    DossierIndicator,
    IndicatorKind,
    IndicatorNature,
    Partner,
)
from calls.queries.answers import keep
from calls.queries.budget import LARGEST, plan_of
from calls.queries.missing import BUDGET, INDICATORS, PARTNERS, PROJECT
from calls.reference import LINE_BY_CODE
from workflows.engine import Reason

MOST_PARTNERS = 30
MOST_INDICATORS = 40
#: Codes of the indicators that an applicant words: ``P1``, ``P2``…
OWN = "P"
_EARLIEST, _LATEST = 2015, 2100

Values = Mapping[str, Any]


def write_section(dossier: Dossier, section: str, values: Values) -> list[Reason]:
    """Write ``values`` into a section of ``dossier`` (saved by the caller); returns what cannot be kept."""
    writer = WRITERS.get(section)
    return writer(dossier, values) if writer else _write_answers(dossier, section, values)


def _write_project(dossier: Dossier, values: Values) -> list[Reason]:
    found = _unknown(values, {"title", "summary", "axis", "publics", "territories", "starts_on", "ends_on"})
    for name, limit in (("title", 200), ("summary", 2000)):
        if name in values:
            text = str(values[name] or "").replace("\r\n", "\n").strip()
            if len(text) > limit:
                found.append(Reason(_("%(limit)s characters at most.") % {"limit": limit}, name))
            setattr(dossier, name, text[:limit])
    if "axis" in values:
        code = values["axis"] or ""
        dossier.axis = dossier.call.axes.filter(code=code).first()
        if code and dossier.axis is None:
            found.append(Reason(_("This axis is not one of the call's."), "axis"))
    for name in ("publics", "territories"):
        if name in values:
            chosen = listed(values[name] or [])
            if not set(chosen) <= set(getattr(dossier.call, name)):
                found.append(Reason(_("This choice is not one of the call's."), name))
            setattr(dossier, name, chosen)
    for name in ("starts_on", "ends_on"):
        if name in values:
            try:
                setattr(dossier, name, _read_day(values[name]))
            except ValueError:
                found.append(Reason(_("This is not a date."), name))
    if dossier.starts_on and dossier.ends_on and dossier.ends_on < dossier.starts_on:
        found.append(Reason(_("The project ends before it starts."), "ends_on"))
    return found


def _write_answers(dossier: Dossier, section: str, values: Values) -> list[Reason]:
    asked = next(s for s in dossier.revision.schema if s["code"] == section)
    by_code = {question["code"]: question for question in asked["questions"]}
    found = _unknown(values, set(by_code))
    answers = dict(dossier.answers)
    for code in by_code.keys() & values.keys():
        try:
            answers[code] = keep(by_code[code], values[code])
        except ValueError as error:
            found.append(Reason(str(error), code))
    dossier.answers = answers
    return found


def _write_partners(dossier: Dossier, values: Values) -> list[Reason]:
    rows: Sequence[Values] = values.get("partners", [])
    found: list[Reason] = []
    if len(rows) > MOST_PARTNERS:
        return [Reason(_("%(n)s partners at most.") % {"n": MOST_PARTNERS}, "partners")]
    seen = {dossier.organisation.siret}
    partners = []
    for rank, row in enumerate(rows):
        where = f"partners-{rank}-"
        name, role = str(row.get("name", "")).strip(), str(row.get("role", "")).strip()
        try:
            siret = normalise_siret(str(row.get("siret", "")))
        except ValidationError as error:
            found.append(Reason(" ".join(error.messages), f"{where}siret"))
            continue
        if siret in seen:
            found.append(Reason(_("This organisation is already in the dossier."), f"{where}siret"))
        seen.add(siret)
        if not name or len(name) > 200:
            found.append(Reason(_("Give the partner's name, in 200 characters at most."), f"{where}name"))
        if not role or len(role) > 300:
            found.append(Reason(_("Say the partner's role, in 300 characters at most."), f"{where}role"))
        partners.append(Partner(case=dossier.case, dossier=dossier, siret=siret, name=name, role=role))
    if not found:
        dossier.partners.all().delete()
        Partner.objects.bulk_create(partners)
    return found


def _write_budget(dossier: Dossier, values: Values) -> list[Reason]:
    found = _unknown(values, {"basis", "lines"})
    if "basis" in values:
        if values["basis"] not in ("", *BudgetBasis.values):
            found.append(Reason(_("This choice is not offered."), "basis"))
        dossier.budget_basis = values["basis"]
    if "lines" not in values:
        return found
    lines, seen = [], set()
    for row in values["lines"]:
        where = f"{row.get('code')}-{row.get('year')}"
        definition = LINE_BY_CODE.get(str(row.get("code")))
        amount = _read_amount(row.get("amount"))
        year = _read_year(row.get("year"))
        if definition is None or row.get("side", definition.side) != definition.side or year is None:
            found.append(Reason(_("The budget has no such line."), where))
        elif amount is None:
            found.append(Reason(_("An amount is a number of euros and cents, from zero on."), where))
        else:
            label = str(row.get("label") or definition.label)[:200]
            if (year, definition.code, label) in seen:
                found.append(Reason(_("This line is there twice."), where))
            seen.add((year, definition.code, label))
            lines.append(
                BudgetLine(
                    case=dossier.case,
                    dossier=dossier,
                    year=year,
                    side=definition.side.value,
                    code=definition.code,
                    label=label,
                    amount=amount,
                )
            )
    plan = plan_of(dossier, lines)
    if max(plan.expenses, plan.incomes) > LARGEST:
        found.append(Reason(_("The total is out of bounds."), "lines"))
    if found:
        return found
    dossier.budget.all().delete()
    BudgetLine.objects.bulk_create(line for line in lines if line.amount)
    dossier.requested_amount, dossier.total_cost = plan.requested, plan.total_cost
    dossier.eligible_cost = plan.eligible_cost
    return []


def _write_indicators(dossier: Dossier, values: Values) -> list[Reason]:
    rows: Sequence[Values] = values.get("indicators", [])
    if len(rows) > MOST_INDICATORS:
        return [Reason(_("%(n)s indicators at most.") % {"n": MOST_INDICATORS}, "indicators")]
    catalogue = {item.code: item for item in dossier.call.pact.indicators.all()}
    found: list[Reason] = []
    indicators, own = [], 0
    for row in rows:
        code = str(row.get("code", ""))
        source = catalogue.get(code)
        if source is not None:
            words = {"label": source.label, "kind": source.kind, "nature": source.nature, "unit": source.unit}
        else:
            own += 1
            code = f"{OWN}{own}"
            words = {name: str(row.get(name, "")).strip() for name in ("label", "kind", "nature", "unit")}
            if not words["label"]:
                found.append(Reason(_("Word the indicator."), f"{code}-label"))
            if words["kind"] not in IndicatorKind.values or words["nature"] not in IndicatorNature.values:
                found.append(Reason(_("Say of which kind the indicator is."), f"{code}-kind"))
        typed = {name: str(row.get(name, "")).strip() for name in ("baseline", "target", "source")}
        for name, limit in (
            ("label", 300),
            ("unit", 60),
            ("baseline", 120),
            ("target", 120),
            ("source", 200),
        ):
            if len({**words, **typed}[name]) > limit:
                found.append(Reason(_("%(limit)s characters at most.") % {"limit": limit}, f"{code}-{name}"))
        indicators.append(DossierIndicator(case=dossier.case, dossier=dossier, code=code, **words, **typed))
    if len({indicator.code for indicator in indicators}) < len(indicators):
        found.append(Reason(_("An indicator is there twice."), "indicators"))
    if not found:
        dossier.indicators.all().delete()
        DossierIndicator.objects.bulk_create(indicators)
    return found


WRITERS: dict[str, Callable[[Dossier, Values], list[Reason]]] = {
    PROJECT: _write_project,
    PARTNERS: _write_partners,
    BUDGET: _write_budget,
    INDICATORS: _write_indicators,
}


def _unknown(values: Values, known: set[str]) -> list[Reason]:
    return [Reason(_("This section has no such field."), name) for name in sorted(set(values) - known)]


def _read_day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    day = value if isinstance(value, date) else date.fromisoformat(str(value))
    if not _EARLIEST <= day.year < _LATEST:
        raise ValueError("out of bounds")
    return day


def _read_year(value: Any) -> int | None:
    try:
        year = int(value)
    except (TypeError, ValueError):
        return None
    return year if _EARLIEST <= year < _LATEST else None


def _read_amount(value: Any) -> Decimal | None:
    """An amount to the cent from zero on, or nothing when it is none."""
    try:
        amount = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return None
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != round(amount, 2):
        return None
    return amount
