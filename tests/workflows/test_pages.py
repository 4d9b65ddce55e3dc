"""The engine's pages, as each person meets them: inbox, case, files, messages, notices, search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import organisation_audience, post_audience, seat_audience
from accounts.models import User
from tests.world import NOW, World, make_world, opened
from workflows import actions
from workflows.engine import Refused, database_now
from workflows.models import (
    Access,
    AccessLog,
    Case,
    CaseKind,
    Document,
    DocumentVersion,
    Grant,
    Message,
    Notification,
    Recusal,
    ScanState,
    WorkItem,
    WorkItemState,
)
from workflows.store import store_bytes

Browse = Callable[[User], Any]  # a test client; what its answers bear depends on the view


@pytest.fixture
def browse() -> Browse:
    """A browser in which somebody is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def case(world: World) -> Case:
    """A bare case of the applicant's, of a kind about which no other app has anything to say."""
    with opened():
        return Case.objects.create(
            region=world.region,
            kind=CaseKind.SESSION,
            reference="PRIC-TEST",
            title="Un projet",
            organisation=world.organisations["applicant"],
            opened_at=NOW,
        )


def item(case: Case, audience: str, **fields: Any) -> WorkItem:
    fields = {"step": "tests.Flow.step", "opened_at": NOW, "object_type": "workflows.case", **fields}
    with opened():
        return WorkItem.objects.create(case=case, audience=audience, object_id=case.pk, **fields)


def officers(case: Case) -> str:
    return post_audience(case.region_id, "case_officer")


def version(
    case: Case, *, audience: str = "case", scan: str = ScanState.CLEAN, name: str = "budget été.pdf"
) -> DocumentVersion:
    stored = store_bytes(case, "piece", name, b"%PDF-1.7 content", "application/pdf")
    with opened():
        document = Document.objects.create(
            case=case, code="piece", label="Budget", audience=audience, created_at=NOW
        )
        return DocumentVersion.objects.create(
            document=document,
            number=1,
            name=stored.name,
            path=stored.path,
            size=stored.size,
            sha256=stored.sha256,
            content_type=stored.content_type,
            uploaded_at=NOW,
            scan=scan,
        )


def another_case(world: World, number: int, **fields: Any) -> Case:
    with opened():
        return Case.objects.create(
            region=world.region,
            kind=CaseKind.DOSSIER,
            reference=f"PRIC-{number:04}",
            title=f"Projet {number}",
            organisation=world.organisations["applicant"],
            opened_at=NOW,
            **fields,
        )


# Inbox


def test_the_inbox_shows_what_waits_for_me_most_urgent_first(
    world: World, case: Case, browse: Browse
) -> None:
    now = database_now()
    item(case, officers(case), step="tests.Flow.later", due_at=now + timedelta(days=9))
    item(case, officers(case), step="tests.Flow.late", due_at=now - timedelta(days=2))
    item(case, post_audience(case.region_id, "payments"), step="tests.Flow.payer")
    page = browse(world.officer).get(reverse("workflows:inbox"))
    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("tests.Flow.late") < text.index("tests.Flow.later")
    assert [row.step for row in page.context["list"].shown] == ["tests.Flow.late", "tests.Flow.later"]
    assert "PRIC-TEST" in text
    assert "Association applicant" in text
    others = browse(world.officer).get(reverse("workflows:inbox"), {"tab": "others"})
    assert [row.step for row in others.context["list"].shown] == ["tests.Flow.payer"]


def test_the_inbox_counts_late_and_taken_work(world: World, case: Case, browse: Browse) -> None:
    now = database_now()
    late = item(case, officers(case), due_at=now - timedelta(days=2))
    item(case, officers(case), due_at=now + timedelta(days=40))
    actions.claim(late, by=world.officer, now=now)
    page = browse(world.officer).get(reverse("workflows:inbox"))
    counts = page.context["list"].counts
    assert counts == {"todo": 2, "late": 1, "week": 0, "taken": 1, "free": 1, "others": 0}
    colleague = browse(world.officer2).get(reverse("workflows:inbox")).context["list"].counts
    assert (colleague["todo"], colleague["others"]) == (1, 1)


def test_applicants_and_seats_see_only_their_own_work(world: World, case: Case, browse: Browse) -> None:
    item(case, officers(case), step="tests.Flow.officer")
    item(case, organisation_audience(world.organisations["applicant"].pk), step="tests.Flow.applicant")
    for tab in ("todo", "others"):
        text = browse(world.applicant).get(reverse("workflows:inbox"), {"tab": tab}).content.decode()
        assert "tests.Flow.officer" not in text
    assert "tests.Flow.applicant" in browse(world.applicant).get(reverse("workflows:inbox")).content.decode()
    assert "tests.Flow" not in browse(world.other).get(reverse("workflows:inbox")).content.decode()


def test_a_task_leads_to_its_case_only_once_the_case_is_open_to_the_reader(
    world: World, case: Case, browse: Browse
) -> None:
    audience = seat_audience(world.bodies["crefop_commission"].pk, "state")
    item(case, audience)
    address = reverse("workflows:case", args=[case.pk])
    client = browse(world.people["state"])
    inbox = client.get(reverse("workflows:inbox")).content.decode()
    assert case.reference in inbox
    assert address not in inbox
    with opened():
        Grant.objects.create(case=case, audience=audience, since=NOW)
    assert address in client.get(reverse("workflows:inbox")).content.decode()


def test_a_recused_person_has_no_work_there(world: World, case: Case, browse: Browse) -> None:
    item(case, officers(case), step="tests.Flow.officer")
    with opened():
        Recusal.objects.create(case=case, user=world.officer, reason="x", at=NOW)
    for tab in ("todo", "others"):
        assert (
            "tests.Flow"
            not in browse(world.officer).get(reverse("workflows:inbox"), {"tab": tab}).content.decode()
        )


@pytest.mark.parametrize(
    "name", ["workflows:inbox", "workflows:search", "workflows:notifications", "workflows:audit"]
)
def test_lists_cost_the_same_whatever_their_length(world: World, browse: Browse, name: str) -> None:
    client = browse(world.auditor if name == "workflows:audit" else world.officer)
    costs = []
    done = 0
    for length in (1, 3, 50):
        for number in range(done, length):
            found = another_case(world, number)
            item(found, officers(found), due_at=NOW)
            Notification.objects.create(
                user=world.officer, case=found, kind="x", subject="Avis", body="b", created_at=NOW
            )
        done = length
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(name), {"size": "50"})
        assert page.context["list"].total == length
        costs.append(len(queries))
    assert len(set(costs)) == 1, costs


def test_take_hand_over_and_give_back_from_the_inbox(world: World, case: Case, browse: Browse) -> None:
    one = item(case, officers(case))
    client = browse(world.officer)
    back = reverse("workflows:inbox") + "?tab=free"
    answer = client.post(reverse("workflows:claim", args=[one.pk]) + f"?next={back}")
    assert answer.url == back
    assert WorkItem.objects.get().claimed_by == world.officer
    page = client.get(reverse("workflows:hand_over", args=[one.pk]))
    form = page.context["form"]
    assert set(form.fields["to"].queryset) == {world.officer2}
    client.post(
        reverse("workflows:hand_over", args=[one.pk]),
        {"to": world.officer2.pk, "key": form["key"].initial, "seen": ""},
    )
    assert WorkItem.objects.get().claimed_by == world.officer2
    browse(world.officer2).post(reverse("workflows:give_back", args=[one.pk]))
    assert WorkItem.objects.get().claimed_by is None
    outside = client.post(reverse("workflows:claim", args=[one.pk]) + "?next=//evil.example/")
    assert outside.url == reverse("workflows:inbox")


def test_a_task_goes_only_to_who_may_do_it(world: World, case: Case, browse: Browse) -> None:
    one = item(case, officers(case))
    page = reverse("workflows:hand_over", args=[one.pk])
    with opened():
        Recusal.objects.create(case=case, user=world.officer2, reason="x", at=NOW)
    answer = browse(world.officer).get(page)
    assert list(answer.context["form"].fields["to"].queryset) == []
    assert "Nobody else may do this task" in answer.content.decode()
    forced = {"to": world.officer2.pk, "key": uuid4(), "seen": ""}
    assert browse(world.manager).post(page, forced).status_code == 200
    with pytest.raises(Refused):
        actions.hand_over(one, by=world.manager, now=NOW, to=world.officer2)
    actions.claim(one, by=world.officer, now=NOW)
    assert set(browse(world.manager).get(page).context["form"].fields["to"].queryset) == set()


def test_the_filter_names_only_the_tasks_that_the_reader_has(
    world: World, case: Case, browse: Browse
) -> None:
    item(case, officers(case), step="tests.Flow.officer")
    item(case, organisation_audience(world.organisations["applicant"].pk), step="tests.Flow.applicant")
    for user, wanted in (
        (world.applicant, ["tests.Flow.applicant"]),
        (world.officer, ["tests.Flow.applicant", "tests.Flow.officer"]),
        (world.other, []),
    ):
        form = browse(user).get(reverse("workflows:inbox")).context["list"].form
        assert [value for value, _label in form.fields["step"].choices] == ["", *wanted]


def test_take_several_at_once(world: World, case: Case, browse: Browse) -> None:
    mine = [item(case, officers(case)) for _ in range(2)]
    foreign = item(case, post_audience(case.region_id, "payments"))
    browse(world.officer).post(
        reverse("workflows:claim_selected"), {"selected": [*(i.pk for i in mine), foreign.pk, "rubbish"]}
    )
    assert WorkItem.objects.filter(claimed_by=world.officer).count() == 2
    foreign.refresh_from_db()
    assert foreign.claimed_by is None


def test_taking_what_a_colleague_has_is_refused_in_words(world: World, case: Case, browse: Browse) -> None:
    one = item(case, officers(case))
    actions.claim(one, by=world.officer2, now=NOW)
    answer = browse(world.officer).post(reverse("workflows:claim", args=[one.pk]))
    assert answer.status_code == 422
    assert "Officer2" in answer.content.decode()


def test_a_done_task_says_who_did_it(world: World, case: Case, browse: Browse) -> None:
    message = actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    one = item(
        case,
        officers(case),
        state=WorkItemState.DONE,
        outcome="workflows.send_message",
        finished_at=message.sent_at,
    )
    page = browse(world.officer2).get(reverse("workflows:task", args=[one.pk]))
    assert page.status_code == 200
    assert "Officer Staff" in page.content.decode()
    assert browse(world.applicant).get(reverse("workflows:task", args=[one.pk])).status_code == 404
    assert browse(world.other).get(reverse("workflows:task", args=[one.pk])).status_code == 404


def test_the_next_task_is_in_the_same_case_first(world: World, case: Case, browse: Browse) -> None:
    urgent = item(another_case(world, 7), officers(case), due_at=NOW)
    here = item(case, officers(case), due_at=NOW + timedelta(days=300))
    client = browse(world.officer)
    to = reverse("workflows:next")
    assert client.get(to).url == reverse("workflows:task", args=[urgent.pk])
    assert client.get(to, {"after": str(case.pk)}).url == reverse("workflows:task", args=[here.pk])
    assert client.get(to, {"after": "rubbish"}).url == reverse("workflows:task", args=[urgent.pk])
    assert browse(world.payer).get(to).url == reverse("workflows:inbox")


def test_signing_in_leads_each_person_home(world: World, browse: Browse) -> None:
    home = reverse("workflows:home")
    assert browse(world.officer).get(home).url == reverse("workflows:inbox")
    assert browse(world.state).get(home).url == reverse("workflows:inbox")
    assert browse(world.auditor).get(home).url == reverse("workflows:audit")


# Case page

STAFF_TABS = {"overview", "files", "messages", "journal", "machinery"}
TABS = {
    "officer": STAFF_TABS,
    "manager": STAFF_TABS | {"accesses"},
    "auditor": STAFF_TABS | {"accesses"},
    "applicant": {"overview", "files", "messages", "acts"},
    "state": {"overview", "files"},
}


@pytest.mark.parametrize("who", TABS)
def test_tabs_are_shown_by_right_and_hidden_ones_do_not_exist(
    world: World, case: Case, browse: Browse, who: str
) -> None:
    with opened():
        body = world.bodies["crefop_bureau"]
        Grant.objects.create(case=case, audience=seat_audience(body.pk, "state"), since=NOW)
    client = browse(getattr(world, who))
    common = {"overview", "files", "messages", "acts", "journal", "accesses", "machinery"}
    for code in common:
        answer = client.get(reverse("workflows:case_tab", args=[case.pk, code]))
        assert answer.status_code == (200 if code in TABS[who] else 404), code
    tabs = {tab.url.rstrip("/").rsplit("/", 1)[1] for tab in client.get(f"/cases/{case.pk}/").context["tabs"]}
    assert tabs & common == TABS[who]


def test_a_stranger_or_a_recused_person_does_not_learn_of_the_case(
    world: World, case: Case, browse: Browse
) -> None:
    elsewhere = make_world("11", "Région Bêta", "region-beta")
    with opened():
        Recusal.objects.create(case=case, user=world.officer, reason="x", at=NOW)
    url = reverse("workflows:case", args=[case.pk])
    for user in (world.other, world.state, world.officer, elsewhere.officer):
        assert browse(user).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_the_next_step_is_mine_or_says_whose(world: World, case: Case, browse: Browse) -> None:
    url = reverse("workflows:case", args=[case.pk])
    step = browse(world.applicant).get(url).context["next_step"]
    assert not step.mine
    item(case, officers(case), step="tests.Flow.officer", due_at=NOW)
    mine = browse(world.officer).get(url).context["next_step"]
    assert mine.mine
    assert mine.action is not None
    theirs = browse(world.manager).get(url).context["next_step"]
    assert not theirs.mine
    assert theirs.action is None
    assert theirs.who
    hidden = browse(world.applicant).get(url)
    assert "tests.Flow.officer" not in hidden.content.decode()  # how the Region works is not told


def test_reading_is_logged_once_a_day_and_never_for_the_owner(
    world: World, case: Case, browse: Browse
) -> None:
    url = reverse("workflows:case", args=[case.pk])
    for user in (world.officer, world.officer, world.auditor, world.applicant):
        browse(user).get(url)
    assert sorted(AccessLog.objects.values_list("user__first_name", "kind")) == [
        ("Auditor", "view"),
        ("Officer", "view"),
    ]


def test_a_message_goes_to_the_other_side_and_an_empty_one_is_refused(
    world: World, case: Case, browse: Browse
) -> None:
    url = reverse("workflows:case_tab", args=[case.pk, "messages"])
    client = browse(world.applicant)
    key = client.get(url).context["form"]["key"].initial
    answer = client.post(url, {"body": "   ", "key": key})
    assert answer.status_code == 422
    assert answer.context["form"].errors["body"]
    assert client.post(url, {"body": "Bonjour <b>à vous</b>", "key": key}).status_code == 302
    assert client.post(url, {"body": "Bonjour <b>à vous</b>", "key": key}).status_code == 302  # double click
    assert Message.objects.get().from_applicant
    assert Notification.objects.filter(user=world.officer).exists()
    assert "&lt;b&gt;" in browse(world.officer).get(url).content.decode()
    assert browse(world.auditor).post(url, {"body": "x", "key": key}).status_code == 404
    assert browse(world.auditor).get(url).context["form"] is None


def test_only_tabs_with_a_form_take_a_post(world: World, case: Case, browse: Browse) -> None:
    assert (
        browse(world.officer).post(reverse("workflows:case_tab", args=[case.pk, "files"])).status_code == 405
    )


@pytest.mark.parametrize("code", ["overview", "files", "messages", "journal", "machinery", "accesses"])
def test_a_tab_costs_the_same_whatever_it_holds(world: World, case: Case, browse: Browse, code: str) -> None:
    client = browse(world.manager)
    url = reverse("workflows:case_tab", args=[case.pk, code])
    client.get(url)
    costs = []
    done = 0
    for length in (1, 3, 20):
        for _ in range(done, length):
            actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
            version(case)
            item(case, officers(case))
            AccessLog.objects.create(case=case, user=world.officer, at=NOW, kind=Access.VIEW)
        done = length
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))
    assert len(set(costs)) == 1, costs
    assert costs[0] <= 35


# Files


def test_a_clean_file_comes_as_an_attachment_and_is_logged(world: World, case: Case, browse: Browse) -> None:
    url = reverse("workflows:download", args=[version(case).pk])
    answer = browse(world.officer).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 content"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''budget%20%C3%A9t%C3%A9.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    b"".join(browse(world.applicant).get(url).streaming_content)
    assert AccessLog.objects.get().user == world.officer


@pytest.mark.parametrize(("scan", "status"), [(ScanState.PENDING, 409), (ScanState.INFECTED, 403)])
def test_an_unchecked_or_infected_file_never_comes(
    world: World, case: Case, browse: Browse, scan: str, status: int
) -> None:
    one = version(case, scan=scan)
    for user in (world.officer, world.applicant, world.auditor):
        answer = browse(user).get(reverse("workflows:download", args=[one.pk]))
        assert answer.status_code == status
        assert not answer.streaming
        assert b"%PDF" not in answer.content
    assert not AccessLog.objects.exists()


def test_a_file_lost_by_the_store_is_told(world: World, case: Case, browse: Browse) -> None:
    one = version(case)
    storages["documents"].delete(one.path)
    assert browse(world.officer).get(reverse("workflows:download", args=[one.pk])).status_code == 503


def test_who_may_not_read_a_file_does_not_learn_of_it(world: World, case: Case, browse: Browse) -> None:
    inner = reverse("workflows:download", args=[version(case, audience="staff").pk])
    assert browse(world.applicant).get(inner).status_code == 404
    for user in (world.officer, world.auditor):
        assert b"".join(browse(user).get(inner).streaming_content)
    mine = reverse("workflows:download", args=[version(case).pk])
    assert browse(world.other).get(mine).status_code == 404
    assert "budget" not in browse(world.state).get(mine).content.decode()
    listed = (
        browse(world.applicant).get(reverse("workflows:case_tab", args=[case.pk, "files"])).content.decode()
    )
    assert inner not in listed
    assert mine in listed


# Notices and search


def test_opening_a_notice_marks_it_read_and_goes_there(world: World, case: Case, browse: Browse) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    notice = Notification.objects.get(user=world.applicant)
    client = browse(world.applicant)
    assert "Bonjour" in client.get(reverse("workflows:notifications")).content.decode()
    assert Notification.objects.filter(read_at__isnull=False).count() == 0  # reading the list writes nothing
    answer = client.post(reverse("workflows:open_notice", args=[notice.pk]))
    assert answer.url == f"/cases/{case.pk}/messages/"
    assert client.get(answer.url).status_code == 200
    notice.refresh_from_db()
    assert notice.read_at is not None
    foreign = reverse("workflows:open_notice", args=[notice.pk])
    assert browse(world.other).post(foreign).status_code == 404
    assert client.get(foreign).status_code == 405


def test_mark_all_as_read_touches_only_my_own(world: World, case: Case, browse: Browse) -> None:
    actions.send_message(case, by=world.officer, now=NOW, body="Bonjour")
    browse(world.applicant).post(reverse("workflows:mark_read"), {"all": "1"})
    assert Notification.objects.get(user=world.applicant).read_at is not None
    assert Notification.objects.get(user=world.applicant_editor).read_at is None


def test_the_search_finds_only_what_one_may_know_of(world: World, case: Case, browse: Browse) -> None:
    elsewhere = make_world("11", "Région Bêta", "region-beta")
    with opened():
        Case.objects.create(
            region=elsewhere.region,
            kind=CaseKind.DOSSIER,
            reference="BETA-1",
            title="Un projet",
            opened_at=NOW,
        )
    url = reverse("workflows:search")

    def found(user: User, words: str) -> list[str]:
        page = browse(user).get(url, {"q": words})
        return [row.reference for row in page.context["list"].shown]

    assert found(world.officer, "projet") == ["PRIC-TEST"]
    assert found(elsewhere.officer, "projet") == ["BETA-1"]
    assert found(world.applicant, "association applicant") == ["PRIC-TEST"]
    assert found(world.other, "projet") == []
    with opened():
        Recusal.objects.create(case=case, user=world.officer2, reason="x", at=NOW)
    assert found(world.officer2, "projet") == []
    assert browse(world.officer).get(url, {"q": "pric-test"}).url == reverse("workflows:case", args=[case.pk])
    assert browse(world.other).get(url, {"q": "pric-test"}).status_code == 200
