"""What must hold in the whole database, whatever was done: money within bounds, two people where the law wants two.

The constraints and the verbs see to it as it happens; ``manage.py check_invariants`` looks again, after a restore above all.
Each function yields what is wrong, in words for whoever runs the installation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from calls.models import Call, Dossier, DossierState, Envelope, Pact
from contracts.models import Contract, Instalment, InstalmentState, Recovery, Signature
from reviews.models import Decision, Ranking, RankingLine
from workflows.queries import stranded

#: What is awarded and not given back.
IN_FORCE = (DossierState.AWARDED, DossierState.UNDER_CONTRACT, DossierState.CLOSED)


def faults(now: datetime) -> Iterator[str]:
    """Everything that is wrong."""
    yield from money_faults()
    yield from one_person_faults()
    yield from receipt_faults()
    for case in stranded(now):
        yield f"{case.reference}: is open, and has neither a next step nor a timer"


def money_faults() -> Iterator[str]:
    """Committed is what was awarded and stays so, within the envelope; paid is what was paid, within the contract."""
    for envelope in Envelope.objects.select_related("call__case"):
        awarded = _awarded(envelope)
        if envelope.committed > envelope.amount:
            yield f"{envelope.call.case.reference}: {envelope.committed} committed of {envelope.amount}"
        if envelope.committed != awarded:
            yield f"{envelope.call.case.reference}: {envelope.committed} committed, {awarded} awarded"
    paid = Instalment.objects.filter(contract=OuterRef("pk"), state=InstalmentState.PAID).order_by()
    contracts = Contract.objects.select_related("case").annotate(
        instalments_paid=Coalesce(
            Subquery(paid.values("contract").annotate(sum=Sum("amount")).values("sum")), Decimal(0)
        )
    )
    for contract in contracts.exclude(paid=F("instalments_paid"), paid__lte=F("amount")):
        found = f"{contract.paid} paid of {contract.amount}, its instalments {contract.instalments_paid}"
        yield f"{contract.case.reference}: {found}"


def _awarded(envelope: Envelope) -> Decimal:
    """What the decisions took from an envelope, and what a vote will take that is not decided one by one yet."""
    held = Dossier.objects.filter(call=envelope.call_id, state__in=IN_FORCE)
    decided = Decision.objects.filter(
        dossier=OuterRef("dossier"), deliberation=OuterRef("ranking__deliberation")
    )
    waiting = RankingLine.objects.filter(ranking__call=envelope.call_id, ranking__state="voted", list="main")
    sums = (
        held.aggregate(sum=Sum("awarded_amount"))["sum"],
        waiting.exclude(Exists(decided)).aggregate(sum=Sum("voted_amount"))["sum"],
    )
    return sum((amount for amount in sums if amount is not None), Decimal(0))


def one_person_faults() -> Iterator[str]:
    """Where the law wants two people, there were two (P33)."""
    same: dict[str, QuerySet[Any]] = {
        "adopted by who prepared it": Pact.objects.filter(adopted_by=F("prepared_by")),
        "validated by who prepared it": Call.objects.filter(validated_by=F("prepared_by")),
        "validated by who proposed it": Ranking.objects.filter(validated_by=F("proposed_by")),
        "certified by who proposed it": Instalment.objects.filter(certified_by=F("proposed_by")),
        "paid by who proposed it": Instalment.objects.filter(paid_by=F("proposed_by")),
        "paid by who certified it": Instalment.objects.filter(paid_by=F("certified_by")),
        "decided by who opened it": Recovery.objects.filter(decided_by=F("opened_by")),
    }
    for problem, rows in same.items():
        for pk, reference in rows.order_by().values_list("pk", "case__reference"):
            yield f"{reference}: {rows.model._meta.verbose_name} {pk} {problem}"
    for contract in Contract.objects.filter(state__in=["active", "closed"]).select_related("case"):
        signers = Signature.objects.filter(version=contract.version_id).values_list("user", flat=True)
        if len(set(signers)) != 2:
            yield f"{contract.case.reference}: the contract was signed by {len(set(signers))}"


def receipt_faults() -> Iterator[str]:
    """What was received has its receipt, and nothing else has one (P01)."""
    for reference in Dossier.objects.filter(submitted_at__isnull=False, receipt=None).values_list(
        "case__reference", flat=True
    ):
        yield f"{reference}: was received, and has no receipt"
    for reference in Dossier.objects.filter(submitted_at=None, receipt__isnull=False).values_list(
        "case__reference", flat=True
    ):
        yield f"{reference}: has a receipt, and was not received"
