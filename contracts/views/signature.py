"""Signing a contract (family 6): recap, consequences, who else must act, re-authentication, then a receipt."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.rules import may
from contracts import actions
from contracts.documents import INSTALMENT_LABELS
from contracts.forms.contracts import SignForm
from contracts.models import Contract, ContractState
from contracts.money import schedule
from contracts.queries import standing_signatures
from contracts.views.common import fetch, head, status_of
from workflows.components import Recap
from workflows.engine import allowed
from workflows.middleware import CaseRequest
from workflows.models import Entry
from workflows.templatetags.ui import day, money

BENEFICIARY, REGION = "contracts.sign_as_beneficiary", "contracts.sign_as_region"
VERBS = {BENEFICIARY: actions.sign_as_beneficiary, REGION: actions.sign_as_region}


@require_http_methods(["GET", "POST"])
def sign(request: CaseRequest, pk: UUID) -> HttpResponseBase:
    """Sign for one's party. Sending the form asks for the password again, then goes on by itself.

    Whom the contract is not for learns nothing of it: the right comes before the password.
    """
    row = fetch(request, Contract, pk)
    name = BENEFICIARY if row.state == ContractState.TO_SIGN_BENEFICIARY else REGION
    if request.method == "POST" and not may(request.actor, name, row):
        if standing_signatures(row).filter(user=request.actor.user).exists():
            return redirect("contracts:signed", row.pk)  # the same form, sent twice
        raise Http404
    if request.method == "GET" and not allowed(name, request.actor, row):
        return redirect("contracts:contract", row.pk)
    answer: HttpResponseBase = _sign(request, row, name)
    return answer


@reauthentication_required(allow_get=True)
def _sign(request: CaseRequest, row: Contract, name: str) -> HttpResponse:
    capacity = next(
        (m.capacity for m in request.actor.memberships if m.organisation_id == row.case.organisation_id), ""
    )
    form = SignForm(
        request.POST or None,
        case=row.case,
        verb_name=name,
        initial={"capacity": capacity} if name == BENEFICIARY else None,
        cancel_url=reverse("contracts:contract", args=[row.pk]),
    )
    if request.method == "POST" and form.perform(VERBS[name], row, by=request.actor, now=request.now):
        return redirect("contracts:signed", row.pk)
    context = {
        "contract": row,
        "form": form,
        "recap": _recap(row, name),
        "header": head(_("Sign the contract"), row, request.actor),
        "signatures": standing_signatures(row),
        "zone": row.case.region.time_zone,
    }
    return render(request, "contracts/sign.html", context, status=status_of(request))


def _recap(row: Contract, name: str) -> Recap:
    """What is signed, what follows from it, and who signs next."""
    call = row.dossier.call
    parts = schedule(row.amount, call.advance_rate, call.interim_rate)
    recorded = [
        (_("Contract"), row.number),
        (_("Beneficiary"), row.dossier.organisation.name),
        (_("Subsidy"), money(row.amount)),
        (_("From … to …"), f"{day(row.starts_on)} – {day(row.ends_on)}"),
        (_("SHA-256 of the text"), format_html('<span class="mono wrap">{}</span>', row.version.sha256))
        if row.version
        else (_("SHA-256 of the text"), "—"),
    ]
    if name == BENEFICIARY:
        consequences = [
            _("Your signature is bound to the exact bytes of the text shown here."),
            _("The Region signs after you; nothing is in force before."),
        ]
        others = [_("A signatory of the Region, who is somebody else.")]
    else:
        consequences = [
            _("The contract is in force and notified to the beneficiary."),
            _("Its instalments are created: %(parts)s.")
            % {"parts": ", ".join(f"{INSTALMENT_LABELS[p.kind].lower()} {money(p.amount)}" for p in parts)},
            _("Its reports are created by the call's calendar; its data are published within three months."),
        ]
        others = [_("A case officer proposes the advance for payment.")]
    return Recap(recorded, consequences, others, irreversible=True)


@require_GET
def signed(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The receipt: who signed what, when, under which number of the journal."""
    row = fetch(request, Contract, pk)
    signatures = list(standing_signatures(row))
    if not signatures:
        raise Http404
    numbers = {
        entry.actor_id: entry.seq
        for entry in Entry.objects.filter(case=row.case_id, verb__in=[BENEFICIARY, REGION]).order_by("seq")
    }
    context = {
        "contract": row,
        "signatures": [(signature, numbers.get(signature.user_id)) for signature in signatures],
        "header": head(_("Receipt of signature"), row, request.actor),
        "zone": row.case.region.time_zone,
        "complete": row.state in (ContractState.ACTIVE, ContractState.CLOSED),
    }
    return render(request, "contracts/signed.html", context)
