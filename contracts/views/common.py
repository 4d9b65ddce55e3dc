"""What the pages of this stage share: fetching, heads, and the verbs that a page offers to its reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.rules import may
from contracts.models import Contract
from contracts.rules import contract_of
from contracts.words import contract_word
from workflows.access import note_access
from workflows.components import Header, Link, StateWord, Tab
from workflows.dates import local_date
from workflows.engine import allowed
from workflows.forms import VerbForm
from workflows.middleware import CaseRequest
from workflows.models import Access, CaseModel
from workflows.queries import get_visible

M = TypeVar("M", bound=CaseModel)


def fetch(request: CaseRequest, model: type[M], pk: UUID, right: str = "contracts.view_contract") -> M:
    """The row for a reader who holds ``right``, or 404; reading somebody else's is written in the access log."""
    row: M = get_visible(request.actor, model, pk, right)
    note_access(request.actor, row.case, Access.VIEW, now=request.now)
    return row


def today_of(request: CaseRequest, row: CaseModel) -> date:
    """The Region's present day."""
    return local_date(request.now, row.case.region.zone)


def head(
    title: Any,
    row: CaseModel,
    reader: Actor,
    *,
    badges: Sequence[StateWord] = (),
    facts: Sequence[Any] = (),
    actions: Sequence[Link] = (),
    own: bool = False,
) -> Header:
    """The head of a page about a contract, with the way to it (but on its ``own`` page) and to the whole dossier."""
    contract = contract_of(row)
    links = list(actions)
    if not own:
        links.append(Link(_("The contract"), reverse("contracts:contract", args=[contract.pk]), "pen"))
    links.append(Link(_("The whole dossier"), reverse("workflows:case", args=[row.case_id]), "folder"))
    return Header(
        title,
        lead=contract.dossier.title,
        reference=f"{contract.number} · {row.case.reference}",
        badges=list(badges) or [contract_word(contract, reader)],
        facts=[contract.dossier.organisation.name, *facts],
        actions=links,
    )


def worklist_tabs(reader: Actor, here: str) -> list[Tab]:
    """The lists of this stage, one beside the other."""
    lists = (
        ("contracts:contracts", _("Contracts")),
        ("contracts:worklist", _("Payments")),
        ("contracts:reports", _("Reports")),
    )
    return [Tab(label, reverse(name), name == here) for name, label in lists]


@dataclass(frozen=True)
class Offer:
    """A verb that a page offers: its form, what is said once it is done, and where its doer goes then.

    ``to`` is an address, or nothing for the next task. ``intro`` says what follows from the verb.
    """

    name: str
    run: Callable[..., Any]
    done: Any
    form: type[VerbForm] = VerbForm
    to: str = ""
    intro: Any = ""
    tone: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What tells its fields from those of the other forms of the page."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Shown:
    """An offer as drawn: its form, under a heading."""

    offer: Offer
    form: VerbForm

    @property
    def title(self) -> Any:
        """What the form does."""
        return self.form.submit_label


def offers(
    request: CaseRequest, row: CaseModel, *choices: Offer, subject: models.Model | None = None
) -> tuple[list[Shown], HttpResponse | None]:
    """The forms of the verbs that the reader may do now on ``row``; and the answer, once one of them was done.

    A form that was sent is performed whatever the page would offer: the verb itself judges rights and state, and
    answers by its own 404 or 409.
    """
    shown: list[Shown] = []
    about = subject or row
    for choice in choices:
        sent = request.method == "POST" and f"{choice.prefix}-key" in request.POST
        if not sent and not allowed(choice.name, request.actor, about):
            continue
        form = choice.form(
            request.POST if sent else None,
            prefix=choice.prefix,
            verb_name=choice.name,
            case=row.case,
            **choice.values,
        )
        if choice.tone:
            form.submit_tone = choice.tone
        if sent and form.perform(choice.run, about, by=request.actor, now=request.now):
            return [], onward(request, row, choice.done, choice.to)
        shown.append(Shown(choice, form))
    return shown, None


def onward(request: CaseRequest, row: CaseModel, message: Any, to: str = "") -> HttpResponse:
    """Say what was done and go on: to the address given, or to the next task, of this case first."""
    messages.success(request, message)
    return redirect(to or f"{reverse('workflows:next')}?after={row.case_id}")


def status_of(request: CaseRequest) -> int:
    """422 when a form comes back with its errors."""
    return 422 if request.method == "POST" else 200


def is_beneficiary(request: CaseRequest, row: CaseModel) -> bool:
    """Whether the reader acts for the beneficiary."""
    return request.actor.may_edit(row.case.organisation_id)


def may_read_text(reader: Actor, contract: Contract) -> bool:
    """Whether the reader may open the text: a draft is the Region's own."""
    return contract.version_id is not None and may(reader, "contracts.view_contract", contract)
