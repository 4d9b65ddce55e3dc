"""The case page of a real dossier: its tabs through its life, and what stays hidden from whom."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from calls import actions as calls_actions
from calls.models import Dossier
from calls.reference import CHECK_BY_CODE, PIECE_BY_CODE
from tests.calls.story import filled_draft, open_call, stored, submitted_dossier
from tests.contracts.story import active_contract
from tests.reviews.story import VOTED, awarded_dossier, release, reviewed_dossier
from tests.workflows.test_pages import Browse, browse
from tests.world import NOW, World
from workflows.models import Case, Entry, Notification

__all__ = ["browse"]


def tabs_of(client: Client, case: Case) -> dict[str, str]:
    """Code of each tab shown → what its page says."""
    page = client.get(reverse("workflows:case", args=[case.pk]))
    urls = {tab.url.rstrip("/").rsplit("/", 1)[1]: tab.url for tab in page.context["tabs"]}
    return {code: client.get(url).content.decode() for code, url in urls.items()}


def test_a_draft_is_known_to_its_organisation_only(world: World, browse: Browse) -> None:
    dossier = filled_draft(world, open_call(world))
    url = reverse("workflows:case", args=[dossier.case_id])
    file = reverse(
        "workflows:download", args=[dossier.case.documents.get(code="piece-rib").versions.get().pk]
    )
    assert browse(world.applicant).get(url).status_code == 200
    for user in (world.officer, world.manager, world.auditor, world.state):
        client = browse(user)
        assert client.get(url).status_code == 404
        assert client.get(file).status_code == 404
        assert (
            dossier.case.reference
            not in client.get(reverse("workflows:inbox"), {"tab": "others"}).content.decode()
        )
        found = client.get(reverse("workflows:search"), {"q": dossier.title}).context["list"]
        assert found.total == 0


def test_a_submitted_dossier_opens_to_the_region(world: World, browse: Browse) -> None:
    dossier = submitted_dossier(world)
    shown = tabs_of(browse(world.officer), dossier.case)
    assert {"application", "pieces", "review"} <= shown.keys()
    assert "Quatre mille demandeurs d&#x27;emploi." in shown["application"]
    assert "contract" not in shown


def test_the_embargo_holds_on_every_tab(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world, released=False)
    amount = dossier.awarded_amount
    assert amount is not None
    secret = {str(opinion.reasons) for opinion in dossier.opinions.all() if opinion.reasons}
    assert secret
    client = browse(world.applicant)
    for code, text in tabs_of(client, dossier.case).items():
        assert not any(reasons in text for reasons in secret), code
        assert "Subvention accordée" not in text, code
        assert "Subsidy awarded" not in text, code
    release(world, dossier)
    after = tabs_of(client, Dossier.objects.get(pk=dossier.pk).case)
    assert any(reasons in after["review"] for reasons in secret)


def test_the_history_is_told_in_the_applicants_words(world: World, browse: Browse) -> None:
    """Never an internal state, nor a step of the examination; what the Region told them is there."""
    dossier = awarded_dossier(world, released=False)
    client = browse(world.applicant)
    shown = tabs_of(client, dossier.case)
    for code in ("acts", "overview"):
        assert "Draft → Submitted" not in shown[code], code
    assert "Dossier submitted · Received, being checked" in shown["acts"]
    assert "entry 2" not in shown["acts"]
    for internal in ("Under review", "Reviewed", "Admissible", "→", "Awarded"):
        assert internal not in shown["acts"], internal
    release(world, dossier)
    after = tabs_of(client, dossier.case)
    notice = Notification.objects.filter(user=world.applicant, case=dossier.case).latest("created_at")
    words = escape(notice.subject.split("] ", 1)[1])
    assert words in after["acts"]
    assert words in after["overview"]
    assert words not in shown["acts"]


def test_withdrawing_does_not_tell_where_the_examination_was(world: World, browse: Browse) -> None:
    dossier = awarded_dossier(world, released=False)
    calls_actions.withdraw(dossier, by=world.applicant, now=VOTED, reasons="Le projet est abandonné.")
    page = tabs_of(browse(world.applicant), dossier.case)["acts"]
    assert "Dossier withdrawn · Withdrawn" in page
    assert "Awarded" not in page
    assert "Subsidy awarded" not in page


def test_the_journal_says_in_words_what_was_recorded(world: World, browse: Browse) -> None:
    """Keys, codes, sums and days are for people; what was written stands under it, letter for letter."""
    dossier = awarded_dossier(world, released=True)
    url = reverse("workflows:journal", args=[dossier.case_id])
    page = browse(world.auditor).get(url, {"size": "100"}).content.decode()
    raw = re.compile(r'<pre class="recorded">(.*?)</pre>', re.DOTALL)
    records = [json.loads(unescape(text)) for text in raw.findall(page)]
    kept = Entry.objects.filter(case=dossier.case).exclude(snapshot={}).order_by("-seq")
    assert records == [entry.snapshot for entry in kept]
    words = raw.sub("", page)
    for said in (
        "<dt>Points verified</dt>",
        escape(CHECK_BY_CODE["R-DELAI"].label),
        f"<dt>{PIECE_BY_CODE['RIB'].label}</dt>",
        "<dt>Opinions</dt>",
        "<dd>Favourable</dd>",
        "40\u202f000,00\xa0€",
        "Kept whole, as recorded.",
    ):
        assert said in words, said
    for code in (
        "<dt>checklist</dt>",
        "R-DELAI",
        "implicit rejection on",
        "consensus_favourable",
        "40000.00",
    ):
        assert code not in words, code


def test_a_piece_taken_back_is_no_longer_among_the_files(world: World, browse: Browse) -> None:
    """It stays, since nothing is erased, and says by whom it was taken back and when; given again, it is current again."""
    dossier = filled_draft(world, open_call(world))
    url = reverse("workflows:case_tab", args=[dossier.case_id, "files"])
    client = browse(world.applicant)

    def shown() -> tuple[set[str], set[str]]:
        context = client.get(url).context
        current = {document.code for document, *_rest in context["documents"]}
        return current, {document.code for document, *_rest in context["withdrawn"]}

    whole, nothing = shown()
    assert "piece-rib" in whole
    assert nothing == set()
    calls_actions.remove_piece(dossier, by=world.applicant, now=NOW + timedelta(hours=2), code="RIB")
    assert shown() == (whole - {"piece-rib"}, {"piece-rib"})
    page = client.get(url).content.decode()
    assert "Withdrawn by the applicant on" in page
    assert dossier.case.documents.get(code="piece-rib").versions.get().name in page
    again = stored(dossier.case, "piece-rib", name="autre.pdf")
    calls_actions.attach_piece(
        dossier, by=world.applicant, now=NOW + timedelta(hours=3), code="RIB", file=again
    )
    assert shown() == (whole, set())


def test_a_seat_reads_the_others_only_after_its_own_opinion(world: World, browse: Browse) -> None:
    dossier = reviewed_dossier(world)
    text = (
        browse(world.officer)
        .get(reverse("workflows:case_tab", args=[dossier.case_id, "review"]))
        .content.decode()
    )
    for opinion in dossier.opinions.all():
        assert opinion.get_college_display() in text


def test_contract_payments_and_reports_have_their_tabs(world: World, browse: Browse) -> None:
    contract = active_contract(world)
    for user in (world.officer, world.applicant, world.auditor):
        shown = tabs_of(browse(user), contract.case)
        assert contract.number in shown["contract"]
        assert {"money", "reports"} <= shown.keys()


@pytest.mark.parametrize("kind", ["call", "pact"])
def test_calls_and_pacts_have_their_page(world: World, browse: Browse, kind: str) -> None:
    dossier = submitted_dossier(world)
    case = dossier.call.case if kind == "call" else dossier.call.pact.case
    shown = tabs_of(browse(world.officer), case)
    assert kind in shown
    assert browse(world.applicant).get(reverse("workflows:case", args=[case.pk])).status_code == 404
