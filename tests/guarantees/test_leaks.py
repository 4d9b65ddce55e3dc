"""P28, P29 and P31: lists show nobody else's, a right taken away is gone at once, judges and applicants do not learn of each other."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.actions import decline_membership, end_right
from accounts.models import Membership, Post, Seat, User
from reviews import actions as reviews
from tests.calls import story as calls
from tests.reviews import story
from tests.world import NOW, World, make_world, opened
from workflows.engine import database_now
from workflows.engine.outbox import deliver
from workflows.models import DocumentVersion, Message, Notification, OutboxJob

#: Every list and search of the product, with what is asked of it.
LISTS = (
    ("calls:dossiers", {"export": "csv"}),
    ("calls:dossiers", {}),
    ("calls:dossiers", {"q": "Passerelles"}),
    ("calls:my_dossiers", {}),
    ("workflows:inbox", {"export": "csv"}),
    ("workflows:inbox", {"tab": "others"}),
    ("workflows:search", {"q": "Passerelles"}),
    ("workflows:search", {"q": "PRIC"}),
    ("workflows:audit", {"export": "csv", "tab": "dossier"}),
    ("workflows:notifications", {"tab": "all"}),
    ("contracts:pilot_all", {"export": "csv"}),
    ("reviews:letters", {"tab": "all"}),
)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(answer: Any) -> str:
    return answer.getvalue().decode("utf-8", "replace")


def test_p28_lists_searches_and_exports_show_exactly_what_is_the_reader_s(world: World) -> None:
    beta = make_world("11", "Région Bêta", "region-beta")
    now = database_now()
    window = {"opens_at": now - timedelta(days=2), "closes_at": now + timedelta(days=20), "now": now}
    call, elsewhere = calls.open_call(world, **window), calls.open_call(beta, **window)
    theirs = {"by": world.other, "editor": world.other_editor, "now": now}
    found = {
        "mine": calls.submitted_dossier(world, call, now=now),
        "draft": calls.filled_draft(world, call, now=now),
        "other": calls.submitted_dossier(world, call, **theirs),
        "beta": calls.submitted_dossier(beta, elsewhere, **theirs),
    }
    with opened():
        found["mine"].case.recusals.create(user=world.officer2, reason="Parent", at=now)
    references = {name: row.case.reference for name, row in found.items()}
    everything = {"mine", "other"}
    known = {
        world.applicant: {"mine", "draft"},
        world.other: {"other", "beta"},
        world.officer: everything,
        world.officer2: {"other"},
        world.auditor: everything,
        beta.officer: {"beta"},
        beta.auditor: {"beta"},
        world.expert: set(),
        world.people["state"]: set(),
    }
    wrong, seen = [], {user: set() for user in known}
    for user, may_know in known.items():
        client = browser(user)
        for route, asked in LISTS:
            answer = client.get(reverse(route), asked, follow=True)
            shown = {name for name, reference in references.items() if reference in body(answer)}
            seen[user] |= shown
            if shown - may_know:
                wrong.append(f"{route} {asked} shows {shown - may_know} to {user}")
        if may_know and not user.memberships.exists():
            total = client.get(reverse("calls:dossiers")).context["list"].counts["all"]
            if total != len(may_know):
                wrong.append(f"{user} is told of {total} dossiers")
    assert not wrong, "\n".join(wrong)
    assert seen == known  # each of them was found somewhere


def test_p28_choices_and_filters_offer_nobody_else_s(world: World) -> None:
    beta = make_world("11", "Région Bêta", "region-beta")
    dossier = calls.submitted_dossier(world)
    with opened():
        dossier.case.recusals.create(user=world.officer2, reason="Parent", at=NOW)
    client = browser(world.manager)
    take = reverse("calls:take_one", args=[dossier.pk])
    offered = set(client.get(take).context["form"].fields["officer"].queryset)
    assert world.officer in offered
    assert not offered & {beta.officer, beta.officer2, world.payer, world.applicant}
    for nobody in (beta.officer, world.officer2, world.payer, world.applicant):
        sent = {"key": "5c2b6d1e-0f7e-4a52-9a5e-0c1f9a3f0b11", "officer": str(nobody.pk)}
        answer = client.post(take, sent)
        assert answer.status_code == 422
        assert "officer" in answer.context["form"].errors
    item = dossier.case.work_items.get(state="open")
    hand_over = reverse("workflows:hand_over", args=[item.pk])
    people = set(client.get(hand_over).context["form"].fields["to"].queryset)
    assert not people & {beta.officer, world.officer2, world.manager, world.applicant}
    answer = client.post(
        hand_over, {"key": "5c2b6d1e-0f7e-4a52-9a5e-0c1f9a3f0b12", "to": str(beta.officer.pk)}
    )
    assert "to" in answer.context["form"].errors
    filters = client.get(reverse("calls:dossiers")).context["list"].form.fields
    assert not {str(beta.officer.pk), str(beta.officer2.pk)} & {str(c[0]) for c in filters["officer"].choices}
    pact = calls.adopted_pact(beta)
    assert (
        pact
        not in browser(world.officer)
        .get(reverse("calls:create_call"))
        .context["form"]
        .fields["pact"]
        .queryset
    )
    chosen = {"selected": [str(calls.submitted_dossier(beta, by=world.other, editor=world.other_editor).pk)]}
    assert client.post(reverse("calls:take_charge"), chosen)["Location"] == reverse("calls:dossiers")


def test_p29_a_right_taken_away_is_gone_at_the_next_request(world: World) -> None:
    dossier = calls.submitted_dossier(world)
    now = database_now()
    page = reverse("workflows:case", args=[dossier.case_id])
    officer, editor, manager = (browser(u) for u in (world.officer, world.applicant_editor, world.manager))
    for client in (officer, editor, manager):
        assert client.get(page).status_code == 200
    yesterday = now.date() - timedelta(days=1)
    end_right(Post.objects.get(user=world.officer), last_day=yesterday, by=None, now=now)
    assert officer.get(page).status_code == 404
    assert officer.post(reverse("calls:take_one", args=[dossier.pk]), {}).status_code == 404
    decline_membership(Membership.objects.get(user=world.applicant_editor), by=world.applicant, now=now)
    assert editor.get(page).status_code == 404
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    assert manager.get(page)["Location"].startswith("/accounts/login/")


def test_p29_a_seat_that_ended_no_longer_judges(world: World) -> None:
    dossier = story.eligible_dossier(world)
    opinion = story.opinion_of(dossier, "state")
    seat = world.people["state"]
    reviews.declare_seat_interests(opinion, by=seat, now=NOW, has_interest=False)
    client, page = browser(seat), reverse("reviews:opinion", args=[opinion.pk])
    assert client.get(page).status_code == 200
    now = database_now()
    for row in Seat.objects.filter(user=seat):
        end_right(row, last_day=now.date() - timedelta(days=1), by=None, now=now)
    assert client.get(page).status_code == 404


def test_p31_the_applicant_never_reads_who_judges_before_the_decision(world: World) -> None:
    dossier = story.reviewed_dossier(world)
    for job in OutboxJob.objects.filter(case=dossier.case, kind="letter"):
        assert deliver(job.pk)
    judges = [
        world.expert,
        world.expert2,
        *(world.people[c] for c in ("state", "region", "employers", "unions")),
    ]
    names = {f"{u.first_name} {u.last_name}" for u in judges} | {u.email for u in judges}
    secrets = names | {"Projet étayé.", "Motifs du collège.", "Note 4 sur"}
    client = browser(world.applicant)
    first = client.get(reverse("workflows:case", args=[dossier.case_id]))
    pages = [tab.url for tab in first.context["tabs"]]
    pages += [
        reverse("calls:application", args=[dossier.pk]),
        reverse("workflows:notifications") + "?tab=all",
    ]
    pages += [
        reverse("workflows:inbox"),
        reverse("calls:my_dossiers"),
        reverse("calls:receipt", args=[dossier.pk]),
    ]
    for page in pages:
        told = body(client.get(page, follow=True))
        assert not {secret for secret in secrets if secret in told}, page
    own = Notification.objects.filter(user__in=[world.applicant, world.applicant_editor])
    written = [f"{n.subject} {n.body}" for n in own]
    written += Message.objects.filter(case=dossier.case).values_list("body", flat=True)
    written.append(printed(client, reverse("calls:application_pdf", args=[dossier.pk])))
    readable = DocumentVersion.objects.filter(document__case=dossier.case).exclude(document__audience="staff")
    written += [f"{v.name} {v.document.label} {v.path}" for v in readable]
    made = readable.exclude(document__code__startswith="piece-")
    assert made.exists()
    written += [printed(client, reverse("workflows:download", args=[v.pk])) for v in made]
    for text in written:
        assert not {secret for secret in secrets if secret in text}
    # the same words are there for those who may read them: what is searched for exists
    assert "Projet étayé." in body(browser(world.officer).get(reverse("reviews:review", args=[dossier.pk])))


def printed(client: Client, address: str) -> str:
    """The text and the metadata of a PDF."""
    document = PdfReader(io.BytesIO(client.get(address).getvalue()))
    return " ".join([str(document.metadata), *(page.extract_text() for page in document.pages)])


def test_p31_others_assessments_stay_hidden_until_mine_is_in(world: World) -> None:
    call = calls.open_call(world, assessors_per_dossier=2)
    dossier = story.eligible_dossier(world, call=call)
    first = story.open_assignment(world, dossier, world.expert)
    second = story.open_assignment(world, dossier, world.expert2)
    given = {"scores": story.grid_of(dossier), "comment": "Un avis à part."}
    reviews.submit_assessment(first, by=world.expert, now=story.ASSESSED, **given)
    client = browser(world.expert2)
    pages = [
        reverse("reviews:assess", args=[second.pk]),
        reverse("workflows:case_tab", args=[dossier.case_id, "review"]),
    ]
    for page in pages:
        assert "Un avis à part." not in body(client.get(page))
    own = {"scores": story.grid_of(dossier, 2), "comment": "Le mien."}
    reviews.submit_assessment(second, by=world.expert2, now=story.ASSESSED, **own)
    assert "Un avis à part." in body(client.get(pages[0]))


@pytest.mark.parametrize("who", ["assigned", "seat"])
def test_p31_judges_read_the_application_and_not_the_correspondence(world: World, who: str) -> None:
    dossier = story.awarded_dossier(world)
    for job in OutboxJob.objects.filter(case=dossier.case, kind="letter"):
        assert deliver(job.pk)
    judge = world.expert if who == "assigned" else world.people["state"]
    versions = DocumentVersion.objects.filter(document__case=dossier.case).select_related("document")
    piece = versions.filter(document__code="piece-rib").first()
    letter = versions.filter(document__code__startswith="letter-").first()
    calls.scanned(piece)

    def status(user: User, version: DocumentVersion) -> int:
        answer = browser(user).get(reverse("workflows:download", args=[version.pk]))
        answer.getvalue()
        return answer.status_code

    assert status(judge, piece) == 200
    assert status(judge, letter) == 404
    assert status(world.applicant, letter) == status(world.auditor, letter) == 200
    files = body(browser(judge).get(reverse("workflows:case_tab", args=[dossier.case_id, "files"])))
    assert str(piece.pk) in files
    assert str(letter.pk) not in files
