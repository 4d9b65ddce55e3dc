"""The whole dossier as one line of a table to take away: what the worklist's export holds beside what its page shows.

Each part reads its columns for many dossiers with one query. The floors above add theirs by ``adds_columns``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import LegalForm
from calls.models import BudgetBasis, BudgetLine, Dossier, DossierIndicator, DossierState, Partner
from calls.queries import public_label, territory_label
from calls.reference import BUDGET_LINES, EXPENSES
from workflows.queries import earliest_due
from workflows.spreadsheets import Column, Kind

#: Dossiers that are read at a time: so few that PostgreSQL finds their rows by index, and reads no whole table each time.
TOGETHER = 500

#: Of some dossiers, the values of a part's columns; a dossier that has none is left out.
Read = Callable[[Actor, Sequence[UUID]], Mapping[UUID, Sequence[Any]]]


@dataclass(frozen=True)
class Part:
    """Columns that are read together. Those for the Region are empty where the reader is neither of its staff nor its auditor."""

    columns: Sequence[tuple[Any, Kind]]
    read: Read
    for_the_region: bool


_parts: list[Part] = []


def among(keys: Collection[UUID]) -> RawSQL:
    """The keys as one value of a condition ``__in``: thousands of them, each a value, take longer to write than to find."""
    return RawSQL("SELECT unnest(%s::uuid[])", [list(keys)])


def adds_columns(*columns: tuple[Any, Kind], for_the_region: bool = True) -> Callable[[Read], Read]:
    """Register a part: its headings with what they hold, and the function that reads them."""

    def register(read: Read) -> Read:
        _parts.append(Part(columns, read, for_the_region))
        return read

    return register


#: The dossier's own columns: heading, kind, path.
OWN: tuple[tuple[Any, Kind, str], ...] = (
    (_("Reference"), "text", "case__reference"),
    (_("Project"), "text", "title"),
    (_("State"), "text", "state"),
    (_("Organisation"), "text", "organisation__name"),
    (_("SIRET"), "text", "organisation__siret"),
    (_("Legal form"), "text", "organisation__legal_form"),
    (_("RNA number"), "text", "organisation__rna"),
    (_("Postcode"), "text", "organisation__postcode"),
    (_("Town"), "text", "organisation__city"),
    (_("E-mail"), "text", "organisation__email"),
    (_("Call"), "text", "call__case__reference"),
    (_("Title of the call"), "text", "call__title"),
    (_("Axis"), "text", "axis__code"),
    (_("Title of the axis"), "text", "axis__label"),
    (_("Summary"), "text", "summary"),
    (_("Target publics"), "text", "publics"),
    (_("Territories"), "text", "territories"),
    (_("Project starts"), "date", "starts_on"),
    (_("Project ends"), "date", "ends_on"),
    (_("Requested"), "money", "requested_amount"),
    (_("Total cost"), "money", "total_cost"),
    (_("Eligible cost"), "money", "eligible_cost"),
    (_("Amounts of the budget"), "text", "budget_basis"),
    (_("Awarded"), "money", "awarded_amount"),
    (_("Received"), "datetime", "submitted_at"),
    (_("Legal date"), "date", "implicit_rejection_on"),
    (_("Decision notified"), "datetime", "decision_released_at"),
    (_("Case officer"), "text", "officer__last_name"),
)
_RANK = {path: rank for rank, (_label, _kind, path) in enumerate(OWN)}


def whole_columns(actor: Actor) -> list[Column]:
    """The headings for a reader: the Region's own parts only for those who read some Region's files."""
    own = [(label, kind) for label, kind, _path in OWN]
    every = own + [column for part in _parts_for(actor) for column in part.columns]
    return [Column(rank, str(label), kind) for rank, (label, kind) in enumerate(every)]


def _parts_for(actor: Actor) -> list[Part]:
    inside = bool(actor.staff_regions or actor.audited_regions)
    return [part for part in _parts if inside or not part.for_the_region]


def whole_rows(actor: Actor, rows: QuerySet[Dossier], keys: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    """The lines of the dossiers ``keys`` in their order, as far as they are among ``rows``: one query, and one for each part."""
    paths = [path for _label, _kind, path in OWN]
    found = {
        pk: (region, [*own, first])
        for pk, region, first, *own in rows.filter(pk__in=among(keys))
        .order_by()
        .values_list("pk", "case__region", "officer__first_name", *paths)
    }
    everybody = [pk for pk in keys if pk in found]
    inside = [pk for pk in everybody if actor.is_staff_of(found[pk][0]) or actor.audits(found[pk][0])]
    parts = [
        (part.read(actor, inside if part.for_the_region else everybody), [None] * len(part.columns))
        for part in _parts_for(actor)
    ]
    ours, tell = set(inside), _telling()
    for pk in everybody:
        line = found[pk][1]
        tell(line, pk in ours)
        for values, empty in parts:
            line += values.get(pk, empty)
        yield line


def _telling() -> Callable[[list[Any], bool], None]:
    """What turns a dossier's codes into words, in place. It ends with the officer's first name, and takes it away."""
    state, form, publics = _RANK["state"], _RANK["organisation__legal_form"], _RANK["publics"]
    places, basis, officer = _RANK["territories"], _RANK["budget_basis"], _RANK["officer__last_name"]
    released = _RANK["decision_released_at"]
    forms = {code: str(label) for code, label in LegalForm.choices}
    bases = {code: str(label) for code, label in BudgetBasis.choices}
    public, place = lru_cache(None)(public_label), lru_cache(None)(territory_label)
    region_words = {code: str(label) for code, label in DossierState.choices}
    told = lru_cache(None)(
        lambda code, out: str(Dossier(state=code, decision_released_at=out).applicant_label())
    )

    def tell(line: list[Any], inside: bool) -> None:
        line[state] = region_words[line[state]] if inside else told(line[state], line[released])
        line[form] = forms.get(line[form], line[form])
        line[publics] = ", ".join(map(public, line[publics]))
        line[places] = ", ".join(map(place, line[places]))
        line[basis] = bases.get(line[basis], "")
        line[officer] = f"{line.pop()} {line[officer]}" if line[officer] is not None else line.pop()

    return tell


@adds_columns((_("Next due date"), "datetime"), for_the_region=False)
def _due(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    cases = dict(Dossier.objects.filter(pk__in=among(dossiers)).values_list("case", "pk"))
    return {cases[case]: [due] for case, due in earliest_due(actor, among(cases))}


@adds_columns((_("Number of partners"), "integer"), (_("Partners"), "text"), for_the_region=False)
def _partners(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    rows = Partner.objects.filter(dossier__in=among(dossiers)).order_by().values_list("dossier")
    return _by_dossier(rows.annotate(n=Count("pk"), names=StringAgg("name", ", ", order_by="name")))


_PUBLIC = [d.code for d in BUDGET_LINES if d.public]
_IN_KIND = [d.code for d in BUDGET_LINES if d.in_kind and d not in EXPENSES]
_OTHERS = [d.code for d in BUDGET_LINES if d not in EXPENSES and not d.public and not d.in_kind]


@adds_columns(
    *((f"{line.code} {line.label}", "money") for line in EXPENSES),
    (_("Public funding"), "money"),
    (_("Other incomes"), "money"),
    (_("Voluntary contributions"), "money"),
    for_the_region=False,
)
def _budget(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    wanted = [[line.code] for line in EXPENSES] + [_PUBLIC, _OTHERS, _IN_KIND]
    sums = {f"n{rank}": Sum("amount", filter=Q(code__in=codes)) for rank, codes in enumerate(wanted)}
    return _by_dossier(
        BudgetLine.objects.filter(dossier__in=among(dossiers))
        .order_by()
        .values_list("dossier")
        .annotate(**sums)
    )


@adds_columns((_("Indicators and their targets"), "text"), for_the_region=False)
def _indicators(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    rows = DossierIndicator.objects.filter(dossier__in=among(dossiers)).order_by().values_list("dossier")
    told = Concat(F("label"), Value(" : "), F("target"))
    return _by_dossier(rows.annotate(told=StringAgg(told, " ; ", order_by="code")))


def _by_dossier(rows: QuerySet[Any, Any]) -> dict[UUID, Sequence[Any]]:
    """One row for each dossier, its key first."""
    return {pk: values for pk, *values in rows}
