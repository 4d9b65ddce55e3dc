"""The contract: prepared, its text produced, corrected if need be, sent for signature."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import PostRole, Region
from calls.models import Dossier, DossierState
from contracts import money
from contracts.actions.common import (
    beneficiary_audience,
    contract_link,
    said,
    staff_audience,
    verified,
)
from contracts.models import Contract, ContractState
from contracts.queries import (
    frozen_text,
    indicator_faults,
    obstacles,
    text_faults,
    unlifted,
)
from reviews.models import Reservation, ReservationKind
from workflows.engine import Act, Reason, Refused, StoredFile, action
from workflows.engine.journal import canonical, plain
from workflows.models import Document, DocumentVersion
from workflows.references import make_contract_reference

MAX_CLAUSES = 20


@action(
    "contracts.lift_reservation",
    label=gettext_lazy("Lift the reservation"),
    done=gettext_lazy("Suspensive reservation lifted"),
)
def lift_reservation(act: Act, reservation: Reservation, *, reasons: str) -> Reservation:
    """Say that what a suspensive reservation asked for was done; it no longer stops the contract.

    Refused for another kind of reservation, one already lifted, or without reasons.
    """
    if reservation.kind != ReservationKind.SUSPENSIVE:
        act.refuse_if(Reason(_("Only a suspensive reservation is lifted.")))
    if reservation.lifted_at is not None:
        act.refuse_if(Reason(_("This reservation is already lifted.")))
    reservation.lift_reasons = said(act, reasons, "reasons")
    reservation.lifted_at, reservation.lifted_by = act.now, act.person.user
    reservation.save(update_fields=["lifted_at", "lifted_by", "lift_reasons"])
    act.record(reservation, reasons=reservation.lift_reasons, snapshot={"reservation": reservation.text})
    return reservation


@action(
    "contracts.prepare_contract",
    label=gettext_lazy("Prepare the contract"),
    done=gettext_lazy("Contract prepared"),
    when={DossierState.AWARDED},
)
def prepare_contract(
    act: Act,
    dossier: Dossier,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    clauses: Sequence[dict[str, str]] = (),
) -> Contract:
    """Make the contract of an awarded dossier and owe its PDF. ``clauses`` are particular ones: title and text.

    Refused without a follow-up and an impact indicator, an awarding deliberation, somebody to sign for the
    beneficiary, or dates in order.
    """
    if Contract.objects.filter(dossier=dossier).exists():
        act.refuse_if(Reason(_("This dossier already has its contract.")))
    act.refuse_if(obstacles(dossier, act.today))
    act.lock(Region, act.case.region_id)  # numbers are given one at a time in a Region
    contract = Contract(
        case=act.case,
        dossier=dossier,
        number=_next_number(act),
        amount=dossier.awarded_amount or Decimal(0),
        eligible_cost=dossier.eligible_cost,
    )
    contract.rate = money.rate_of(contract.amount, contract.eligible_cost)
    _write(act, contract, starts_on or dossier.starts_on, ends_on or dossier.ends_on, clauses)
    return contract


@action(
    "contracts.revise_contract",
    label=gettext_lazy("Correct the contract"),
    done=gettext_lazy("Contract corrected"),
    when={ContractState.DRAFT},
)
def revise_contract(
    act: Act, contract: Contract, *, starts_on: date, ends_on: date, clauses: Sequence[dict[str, str]] = ()
) -> Contract:
    """Make the text anew with other dates or particular clauses, before it is sent. Refused as ``prepare_contract``."""
    if contract.dossier.state != DossierState.AWARDED:
        act.refuse_if(Reason(_("The dossier is no longer awarded.")))
    act.refuse_if(obstacles(contract.dossier, act.today))
    contract.revision += 1
    _write(act, contract, starts_on, ends_on, clauses)
    return contract


def _write(
    act: Act,
    contract: Contract,
    starts_on: date | None,
    ends_on: date | None,
    clauses: Sequence[dict[str, str]],
) -> None:
    """Freeze what the contract says, save it, and owe its text."""
    if starts_on is None or ends_on is None:
        missing = "starts_on" if starts_on is None else "ends_on"
        raise Refused(_("Say when the project starts and ends."), field=missing)
    if ends_on < starts_on:
        act.refuse_if(Reason(_("The contract ends before it starts."), "ends_on"))
    contract.starts_on, contract.ends_on = starts_on, ends_on
    contract.clauses = _clauses(act, clauses)
    contract.prepared_by, contract.prepared_at, contract.version = act.person.user, act.now, None
    contract.data = plain(frozen_text(contract, act.now))
    contract.save()
    act.record(
        contract,
        snapshot={
            "number": contract.number,
            "preparation": contract.revision,
            "amount": contract.amount,
            "eligible_cost": contract.eligible_cost,
            "rate": contract.rate,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "content_sha256": hashlib.sha256(canonical(contract.data)).hexdigest(),
        },
    )
    act.enqueue("contract_text", contract=contract.pk, revision=contract.revision)


def _clauses(act: Act, clauses: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    kept = [{"title": c.get("title", "").strip(), "text": c.get("text", "").strip()} for c in clauses]
    kept = [c for c in kept if c["title"] or c["text"]]
    if any(not (c["title"] and c["text"]) for c in kept):
        act.refuse_if(Reason(_("A particular clause has its title and its text."), "clauses"))
    if len(kept) > MAX_CLAUSES:
        act.refuse_if(Reason(_("At most %(count)s particular clauses.") % {"count": MAX_CLAUSES}, "clauses"))
    return kept


def _next_number(act: Act) -> str:
    region, year = act.case.region, act.today.year
    prefix = make_contract_reference(region.code, year, 1)[:-5]
    last = Contract.objects.filter(number__startswith=prefix).order_by("-number").first()
    rank = int(last.number.removeprefix(prefix)) + 1 if last else 1
    return make_contract_reference(region.code, year, rank)


@action(
    "contracts.attach_contract_text",
    label=gettext_lazy("Attach the text of the contract"),
    done=gettext_lazy("Text of the contract produced"),
    when={ContractState.DRAFT},
    system=True,
)
def attach_contract_text(act: Act, contract: Contract, *, file: StoredFile, revision: int) -> Contract:
    """Attach the PDF that was made of the contract's frozen data. One that is out of date is refused."""
    if revision != contract.revision or contract.version is not None:
        act.refuse_if(Reason(_("This text of the contract is out of date.")))
    contract.version = act.add_file("contract", "Convention", file, audience="staff")
    contract.save(update_fields=["version"])
    act.record(contract, snapshot={"preparation": revision, "sha256": file.sha256})
    return contract


@action(
    "contracts.send_for_signature",
    label=gettext_lazy("Send the contract for signature"),
    done=gettext_lazy("Contract sent for signature"),
    moves="send_for_signature",
)
def send_for_signature(act: Act, contract: Contract) -> Contract:
    """Give the final text to the beneficiary to sign.

    Refused while a suspensive reservation stands, the award is not notified, or the text is not there, or while it lacks a
    mandatory clause, an annex, or indicators of both kinds (law 2000-321 art. 10, S51).
    """
    dossier = contract.dossier
    if dossier.state != DossierState.AWARDED:
        act.refuse_if(Reason(_("The dossier is no longer awarded.")))
    if dossier.decision_released_at is None:
        act.refuse_if(Reason(_("The award must be notified to the beneficiary first: release its letter.")))
    act.refuse_if(
        Reason(
            _("A suspensive reservation of the college “%(college)s” is not lifted: %(text)s")
            % {"college": r.opinion.get_college_display(), "text": r.text}
        )
        for r in unlifted(dossier)
    )
    act.refuse_if(text_faults(contract), indicator_faults(dossier))
    version = verified(act, contract)
    _show(version, "parties")
    act.move(contract, "send_for_signature")
    contract.sent_at, contract.recall_reasons = act.now, ""
    contract.save(update_fields=["state", "sent_at", "recall_reasons"])
    act.record(contract, snapshot={"sha256": version.sha256, "amount": contract.amount}, files=[version])
    return contract


def _show(version: DocumentVersion, audience: str) -> None:
    """Let the beneficiary read the text, or the Region alone."""
    Document.objects.filter(pk=version.document_id).update(audience=audience)


@action(
    "contracts.recall_contract",
    label=gettext_lazy("Take the contract back"),
    done=gettext_lazy("Contract taken back"),
    moves="recall",
)
def recall_contract(act: Act, contract: Contract, *, reasons: str) -> Contract:
    """Take back a contract that is not signed by both, to correct it. A signature already made no longer counts."""
    contract.recall_reasons = said(act, reasons, "reasons")
    before = contract.version
    assert before is not None
    _show(before, "staff")
    act.move(contract, "recall")
    contract.save(update_fields=["state", "recall_reasons"])
    act.record(
        contract,
        reasons=contract.recall_reasons,
        snapshot={"sha256": before.sha256, "preparation": contract.revision},
    )
    with override("fr"):
        act.notify(
            [beneficiary_audience(act)],
            "contract",
            _("Contract taken back for a correction"),
            _("The Region takes the contract back to correct it: %(reasons)s")
            % {"reasons": contract.recall_reasons},
            contract_link(contract),
        )
    return contract


@action(
    "contracts.cancel_contract",
    label=gettext_lazy("Cancel the contract"),
    done=gettext_lazy("Contract cancelled"),
    moves="cancel",
    system=True,
)
def cancel_contract(act: Act, contract: Contract) -> Contract:
    """Cancel the contract of a dossier that was withdrawn before both had signed."""
    if contract.dossier.state != DossierState.WITHDRAWN:
        act.refuse_if(Reason(_("Only the contract of a withdrawn dossier is cancelled.")))
    act.move(contract, "cancel")
    contract.save(update_fields=["state"])
    act.record(contract, snapshot={"number": contract.number, "amount": contract.amount})
    with override("fr"):
        act.notify(
            [staff_audience(act, PostRole.CASE_OFFICER)],
            "contract",
            _("Contract cancelled"),
            _("The beneficiary withdrew before the contract was signed by both."),
            contract_link(contract),
        )
    return contract


__all__ = [
    "attach_contract_text",
    "cancel_contract",
    "lift_reservation",
    "prepare_contract",
    "recall_contract",
    "revise_contract",
    "send_for_signature",
]
