"""The story behind the matrix of pages and roles: one object for every kind of address, all of the same applicant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import actions as accounts
from accounts.models import User
from calls import actions as calls_actions
from contracts import actions as contracts_actions
from reviews import actions as reviews_actions
from reviews.models import BodyOpinion, Letter, Ranking, Reservation
from tests.calls import story as calls
from tests.contracts import story as contracts
from tests.guarantees import states
from tests.guarantees.walk import places as places_query
from tests.reviews import story
from tests.world import NOW, World, make_world, person
from workflows.engine import database_now
from workflows.engine.outbox import deliver
from workflows.models import DocumentVersion, Notification, OutboxJob, Timer, WorkItem


@dataclass
class Story:
    """Who comes, and what each address is about. ``objects`` maps a name of the table to the arguments of the address."""

    people: dict[str, User | None]
    objects: dict[str, tuple[Any, ...]]
    world: World
    beta: World


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every address by name, those of the parts too; the same name twice when it takes different arguments."""

    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
            else:
                yield f"{space}{pattern.name}", pattern

    yield from walk(get_resolver(), "")


def places() -> dict[str, str]:
    """What each table of the domain holds: whatever a request writes changes it. The access log is written by reading."""
    with connection.cursor() as cursor:
        cursor.execute(places_query(frozenset({"workflows_accesslog"})))
        return dict(cursor.fetchall())


def tell(make: Callable[..., World] = make_world, *, every_state: bool = True) -> Story:
    """Make the world, its people by role, and one object of each kind; and in each state, unless it is not asked for."""
    world, beta = make(), make("11", "Région Bêta", "region-beta")
    today = database_now()
    window = {"opens_at": today - timedelta(days=2), "closes_at": today + timedelta(days=20), "now": today}
    pact = calls.adopted_pact(world)
    opened = calls.open_call(world, pact, **window)
    draft = calls.filled_draft(world, opened, now=today)
    prepared = calls.draft_call(world, pact, title="En préparation")
    submitted = calls.submitted_dossier(world, opened, now=today)
    asked = calls.submitted_dossier(world, opened, now=today)
    request = reviews_actions.request_pieces(
        asked,
        by=world.officer,
        now=today,
        codes_and_reasons={"RIB": "Illisible."},
        due_on=today.date() + timedelta(days=10),
    )
    admissible = story.admissible_dossier(world, calls.submitted_dossier(world, opened, now=today), now=today)
    complete = story.complete_dossier(world, calls.submitted_dossier(world, opened, now=today), now=today)
    reviewed = reviewed_by_each(world)
    settled = under_recovery(world)
    recovery = settled.recovery
    ranking = Ranking.objects.get(call=settled.dossier.call_id)
    (candidate,) = story.competitors(world, calls.open_call(world, coparef="none"), scores=(5,))
    proposal = story.drafted_ranking(world, candidate.call)
    refused = story.admissible_dossier(world, calls.submitted_dossier(world))
    reviews_actions.declare_ineligible(
        refused, by=world.manager, now=NOW, grounds=["INE-TERRITOIRE"], explanation="Hors de la région."
    )
    other = beta_case(beta)
    people = {
        "anonymous": None,
        "owner": world.applicant,
        "editor": world.applicant_editor,
        "other": world.other,
        "newcomer": person("Nouvelle", "Venue"),
        "officer": world.officer,
        "manager": world.manager,
        "signatory": world.signatory,
        "payer": world.payer,
        "pilot": world.pilot,
        "assigned": world.expert,
        "expert": world.expert2,
        "seat": world.people["state"],
        "coparef": world.people["coparef_unions"],
        "auditor": world.auditor,
        "foreign": beta.officer,
    }
    version = DocumentVersion.objects.filter(
        document__case=submitted.case, document__code="piece-rib"
    ).first()
    calls.scanned(version)
    calls.scanned(DocumentVersion.objects.filter(document__case=draft.case).first())
    deliver(OutboxJob.objects.get(case=opened.case, kind="letter").pk)  # the text of the call
    joining = accounts.ask_to_join(world.organisations["applicant"], by=person("Qui", "Demande"), now=NOW)
    item = WorkItem.objects.get(case=submitted.case, state="open")
    notice = Notification.objects.filter(user=world.applicant, case=submitted.case).first()
    job = OutboxJob.objects.filter(case=submitted.case).first()
    timer = Timer.objects.filter(case=submitted.case, state="pending").first()
    assignment = reviewed.assignments.get(reviewer=world.expert)
    objects: dict[str, tuple[Any, ...]] = {
        "": (),
        "open call": (opened.pk,),
        "draft call": (prepared.pk,),
        "section of draft call": (prepared.pk, "about"),
        "pact": (pact.pk,),
        "draft": (draft.pk,),
        "section": (draft.pk, "project"),
        "piece of draft": (draft.pk, "RIB"),
        "submitted": (submitted.pk,),
        "piece": (submitted.pk, "RIB"),
        "complete": (complete.pk,),
        "admissible": (admissible.pk,),
        "request": (request.pk,),
        "in review": (reviewed.pk,),
        "assignment": (assignment.pk,),
        "opinion": (story.opinion_of(reviewed, "state").pk,),
        "body opinion": (BodyOpinion.objects.get(dossier=reviewed).pk,),
        "decided call": (settled.dossier.call_id,),
        "ranking": (ranking.pk,),
        "line": (proposal.pk, candidate.pk),
        "given opinion": (BodyOpinion.objects.get(call=settled.dossier.call_id).pk,),
        "letter": (Letter.objects.get(dossier=settled.dossier).pk,),
        "letter not released": (Letter.objects.get(dossier=refused).pk,),
        "reservation": (Reservation.objects.get(opinion__dossier=reviewed).pk,),
        "under contract": (settled.dossier_id,),
        "contract": (settled.pk,),
        "bank account": (settled.dossier.bank_accounts.get().pk,),
        "instalment": (settled.instalments.first().pk,),
        "report": (settled.reports.first().pk,),
        "recovery": (recovery.pk,),
        "case": (submitted.case_id,),
        "case of draft": (draft.case_id,),
        "case under review": (reviewed.case_id,),
        "file of draft": (DocumentVersion.objects.filter(document__case=draft.case).first().pk,),
        "case tab": (submitted.case_id, "application"),
        "case journal": (submitted.case_id, "journal"),
        "file": (version.pk,),
        "task": (item.pk,),
        "notice": (notice.pk,),
        "job": (job.pk,),
        "timer": (timer.pk,),
        "organisation": (world.organisations["applicant"].pk,),
        "joining": (joining.pk,),
        "elsewhere": (other,),
        **(states.by_name(world, pact) if every_state else {}),
    }
    return Story(people, objects, world, beta)


def reviewed_by_each(world: World) -> Any:
    """A dossier that the assigned expert and the State's seat have opened, and that nobody has judged yet."""
    call = calls.open_call(world, coparef="dossier", assessors_per_dossier=1)
    dossier = story.eligible_dossier(world, call=call)
    story.open_assignment(world, dossier, world.expert)
    seat = world.people["state"]
    reviews_actions.declare_seat_interests(
        story.opinion_of(dossier, "state"), by=seat, now=NOW, has_interest=False
    )
    reviews_actions.declare_body_interests(
        BodyOpinion.objects.get(dossier=dossier),
        by=world.people["coparef_unions"],
        now=NOW,
        has_interest=False,
    )
    opinion = story.opinion_of(dossier, "employers")
    employers = world.people["employers"]
    reviews_actions.declare_seat_interests(opinion, by=employers, now=NOW, has_interest=False)
    reviews_actions.give_opinion(
        opinion,
        by=employers,
        now=NOW,
        value="with_reservations",
        reasons="Motifs.",
        reservations=[{"kind": "suspensive", "text": "Produire l'accord."}],
    )
    return story.again(dossier)


def under_recovery(world: World) -> Any:
    """A contract whose final report shows less than the advance that was paid."""
    signed = NOW + timedelta(days=60)
    contract = contracts.active_contract(world, story.awarded_dossier(world), now=signed)
    contracts.paid(world, contracts.instalment(contract, "advance"), now=signed)
    for row in contract.reports.order_by("number"):
        contracts.accepted_report(world, row, now=contracts.at(row.due_on), spent=Decimal(15000))
    contract = contracts.fresh(contract)
    contracts_actions.open_recovery(
        contract, by=world.officer, now=contracts.at(row.due_on), grounds="Dépenses."
    )
    return contracts.fresh(contract)


def beta_case(beta: World) -> Any:
    """A case of the other Region."""
    return calls_actions.create_pact(
        beta.region,
        by=beta.pilot,
        now=NOW,
        title="Pacte de la Région Bêta",
        first_year=2026,
        last_year=2026,
        stakes="…",
        budget_by_year={2026: Decimal(1)},
        axes=calls.default_axes(),
        indicators=calls.default_indicators(),
        questions=calls.default_questions(),
    ).case_id
