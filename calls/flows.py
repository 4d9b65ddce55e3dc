"""Who must do what: a pact until its adoption, a call until its publication, a draft until its submission."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.actors import organisation_audience, post_audience, user_audience
from accounts.models import PostRole
from workflows.engine import CaseFlow, Step
from workflows.engine.flow import End, Start


def managers(row: Any) -> str:
    """The managers of the row's Region."""
    return post_audience(row.case.region_id, PostRole.MANAGER)


def preparer(row: Any) -> str:
    """Who prepared the row."""
    return user_audience(row.prepared_by_id)


def applicant(row: Any) -> str:
    """Everybody who prepares dossiers for the row's organisation."""
    return organisation_audience(row.case.organisation_id)


def call_closing(row: Any, now: datetime) -> datetime:
    """The closing of the dossier's call."""
    return row.call.closes_at


def call_opening(row: Any, now: datetime) -> datetime | None:
    """The opening of the call, as long as it lies ahead."""
    return row.opens_at if row.opens_at > now else None


class PactFlow(CaseFlow):
    """A pact waits for a manager other than who prepared it."""

    process_title = _("Preparation of the pact")
    starts_on = ("calls.create_pact",)

    start = Start().Next(this.adopt)
    adopt = Step(
        _("Adopt the pact"), who=managers, on={"calls.adopt_pact": this.end}, page="calls:pact", notify=True
    )
    end = End()


class CallFlow(CaseFlow):
    """A call is prepared, validated by somebody else and published; then the clock closes it (``calls.close_call``)."""

    process_title = _("Preparation of the call")
    starts_on = ("calls.create_call",)
    stopped_by = ("calls.cancel_call",)

    start = Start().Next(this.prepare)
    prepare = Step(
        _("Prepare the call"),
        who=preparer,
        due=call_opening,
        on={"calls.submit_for_validation": this.validate},
        page="calls:call_admin",
    )
    validate = Step(
        _("Validate and publish the call"),
        who=managers,
        due=call_opening,
        on={"calls.publish_call": this.end, "calls.send_back_call": this.prepare},
        page="calls:call_admin",
        notify=True,
    )
    end = End()


class DraftFlow(CaseFlow):
    """A draft waits for its submission. It lapses some minutes after the closing, for what was received in time to be
    recorded first: the timer is set by ``create_dossier``."""

    process_title = _("Application")
    starts_on = ("calls.create_dossier",)
    stopped_by = ("calls.withdraw",)

    start = Start().Next(this.fill)
    fill = Step(
        _("Complete and submit the dossier"),
        who=applicant,
        due=call_closing,
        on={"calls.submit": this.end, "calls.lapse": this.end},
        page="calls:draft",
    )
    end = End()
