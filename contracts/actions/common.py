"""What the verbs of this app share: said reasons, audiences, instants of the Region, the text read again."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.actors import organisation_audience, post_audience
from accounts.models import MembershipRole
from contracts.models import Contract
from workflows.dates import local_instant
from workflows.engine import Act, Reason
from workflows.models import DocumentVersion
from workflows.store import digest

#: The hour of the Region at which what a day brings is done.
MORNING = time(6)


def zone(act: Act) -> ZoneInfo:
    """The time zone of the Region."""
    return act.case.region.zone


def morning(act: Act, day: date) -> datetime:
    """The instant at which the reminders of ``day`` leave."""
    return local_instant(day, MORNING, zone(act))


def said(act: Act, text: str, field: str, message: Any = "") -> str:
    """``text`` without the spaces around it; refused, beside ``field``, when nothing is left."""
    text = (text or "").strip()
    if not text:
        act.refuse_if(Reason(message or _("Give the reasons."), field))
    return text


def beneficiary_audience(act: Act, *, signatories: bool = False) -> str:
    """Those who act for the beneficiary, or only those who sign for it."""
    role = MembershipRole.SIGNATORY if signatories else MembershipRole.EDITOR
    return organisation_audience(act.case.organisation_id or "", role)


def staff_audience(act: Act, role: str) -> str:
    """Those who hold a post in the Region."""
    return post_audience(act.case.region_id, role)


def verified(act: Act, contract: Contract) -> DocumentVersion:
    """The contract's text, read again from the store: its bytes are those whose SHA-256 was written down.

    Refuses when there is no text yet, or when the store no longer holds those bytes.
    """
    version = contract.version
    if version is None:
        act.refuse_if(Reason(_("The text of the contract is being produced. Try again in a moment.")))
        raise AssertionError
    try:
        found = digest(version)
    except OSError:
        found = ""
    if found != version.sha256:
        act.refuse_if(
            Reason(
                _(
                    "The file in the store is no longer the text that was produced: nothing can be signed. Tell the service."
                )
            )
        )
    return version


def contract_link(contract: Contract) -> str:
    """The address of the contract's page."""
    return f"/contracts/{contract.pk}/"
