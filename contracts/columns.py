"""What the contract adds to the whole dossier taken away: what was signed, what was paid, what was given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from calls.columns import adds_columns, among
from contracts.models import Contract, ContractState, Instalment, Report, ReportState


@adds_columns(
    (_("Contract"), "text"),
    (_("State of the contract"), "text"),
    (_("Amount of the contract"), "money"),
    (_("Signed on"), "date"),
    (_("Contract starts"), "date"),
    (_("Contract ends"), "date"),
    (_("Paid"), "money"),
    (_("Last paid on"), "date"),
    (_("Reports accepted"), "integer"),
    (_("Final amount"), "money"),
    (_("To be given back"), "money"),
    (_("Closed on"), "date"),
)
def _contract(actor: Actor, dossiers: Sequence[UUID]) -> Mapping[UUID, Sequence[Any]]:
    states = {code: str(label) for code, label in ContractState.choices}
    of_these = {"contract__dossier__in": among(dossiers)}
    paid = dict(
        Instalment.objects.filter(**of_these)
        .order_by()
        .values_list("contract__dossier")
        .annotate(Max("paid_on"))
    )
    accepted = dict(
        Report.objects.filter(**of_these, state=ReportState.ACCEPTED)
        .order_by()
        .values_list("contract__dossier")
        .annotate(Count("pk"))
    )
    rows = Contract.objects.filter(dossier__in=among(dossiers)).values_list(
        "dossier", "number", "state", "amount", "signed_on", "starts_on", "ends_on", "paid",
        "settled_amount", "recovery__decided_amount", "closed_on",
    )  # fmt: skip
    return {
        pk: (number, states[state], *signed, paid.get(pk), accepted.get(pk, 0), settled, back, closed)
        for pk, number, state, *signed, settled, back, closed in rows
    }
