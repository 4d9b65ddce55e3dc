"""The pages of the reviews in a real browser: readable by everybody, on a screen, a tablet and a phone, without JavaScript too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from reviews import actions
from reviews.models import Assignment, BodyOpinion, CollegeOpinion, Letter, PieceRequest, Ranking
from reviews.queries.completeness import piece_lines
from tests.browser.conftest import (
    assert_accessible_at_each_width,
    screenshot,
)
from tests.calls.story import open_call, submitted_dossier
from tests.reviews.story import (
    ASSESSED,
    VALIDATED,
    again,
    assign,
    competitors,
    complete_dossier,
    drafted_ranking,
    eligible_dossier,
    grid_of,
    open_assignment,
    opinion_of,
    release,
    vote,
)
from tests.world import World, make_world
from workflows.dates import local_date
from workflows.engine.clock import database_now

pytestmark = pytest.mark.django_db(transaction=True)

TABLET: ViewportSize = {"width": 1024, "height": 768}


def url(name: str, *args: Any) -> str:
    return reverse(f"reviews:{name}", args=args)


def look(open_page: Callable[..., Page], pages: list[tuple[str, str, Any]]) -> None:
    """Each page at each width: nothing that axe finds, no sideways scroll, and a picture."""
    for name, path, user in pages:
        page = open_page(path, as_user=user)
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible_at_each_width(page, name)
        page.context.close()


def examined(world: World) -> list[tuple[str, str, Any]]:
    call = open_call(world, coparef="dossier")
    submitted = again(submitted_dossier(world, call, title="Passerelles vers la qualification"))
    codes = [line.required.code for line in piece_lines(submitted) if line.piece]
    now = database_now()
    actions.review_piece(submitted, by=world.officer, now=now, code=codes[0], verdict="accepted")
    actions.review_piece(
        submitted, by=world.officer, now=now, code=codes[1], verdict="rejected", comment="Document illisible"
    )
    pages = [("completeness", url("completeness", submitted.pk), world.officer)]
    asked = again(
        submitted_dossier(world, call, by=world.other, editor=world.other_editor, title="Ateliers mobiles")
    )
    request: PieceRequest = actions.request_pieces(
        asked,
        by=world.officer,
        now=now,
        codes_and_reasons=dict.fromkeys(codes[:2], "Il manque une signature."),
        due_on=local_date(now, world.region.zone) + timedelta(days=15),
        comment="Le service reste à votre disposition.",
    )
    pages.append(("production", url("production", request.pk), world.other))
    complete = complete_dossier(world, call=call, title="Un autre projet")
    pages.append(("admissibility", url("admissibility", complete.pk), world.officer))
    eligible = again(eligible_dossier(world, call=call, title="Parcours en situation de travail"))
    waiting: Assignment = assign(world, eligible, world.expert2)
    writing = open_assignment(world, eligible, world.expert)
    actions.save_assessment(
        writing,
        by=world.expert,
        now=ASSESSED,
        scores=dict(list(grid_of(eligible).items())[:3]),
        comment="À suivre",
    )
    opinion: CollegeOpinion = opinion_of(eligible, "unions")
    actions.declare_seat_interests(opinion, by=world.unions, now=ASSESSED, has_interest=False)
    body = BodyOpinion.objects.get(dossier=eligible)
    actions.declare_body_interests(body, by=world.coparef_unions, now=ASSESSED, has_interest=False)
    return [
        *pages,
        ("assignments", url("assignments", eligible.pk), world.officer),
        ("interests", url("interests", waiting.pk), world.expert2),
        ("assess", url("assess", writing.pk), world.expert),
        ("opinion", url("opinion", opinion.pk), world.unions),
        ("body-opinion", url("body_opinion", body.pk), world.coparef_unions),
        ("review", url("review", eligible.pk), world.manager),
        ("tab-review", reverse("workflows:case_tab", args=[eligible.case_id, "review"]), world.officer),
    ]


def test_the_pages_of_the_examination(open_page: Callable[..., Page]) -> None:
    look(open_page, examined(make_world()))


def test_the_pages_of_the_selection(open_page: Callable[..., Page]) -> None:
    world = make_world()
    call = open_call(
        world, envelope=Decimal("80000.00"), max_amount=Decimal("40000.00"), assessors_per_dossier=1
    )
    found = competitors(world, call, scores=(5, 4, 3, 2))
    ranking: Ranking = drafted_ranking(world, call)
    trial = f"?try=1&list-{found[2].pk}=main"
    look(
        open_page,
        [
            ("selection", url("selection", call.pk), world.officer),
            ("ranking", url("ranking", ranking.pk), world.officer),
            ("ranking-trial", url("ranking", ranking.pk) + trial, world.officer),
            ("adjust", url("adjust", ranking.pk, found[0].pk), world.officer),
        ],
    )
    actions.propose_ranking(ranking, by=world.officer, now=VALIDATED)
    actions.validate_ranking(Ranking.objects.get(pk=ranking.pk), by=world.manager, now=VALIDATED)
    look(open_page, [("vote", url("vote", ranking.pk), world.manager)])
    vote(world, ranking)
    letter = Letter.objects.get(dossier=found[0])
    look(
        open_page,
        [
            ("letters", url("letters"), world.manager),
            ("letter", url("letter", letter.pk), world.manager),
            ("promote", url("promote", found[2].pk), world.manager),
        ],
    )
    release(world, found[0])
    look(
        open_page,
        [
            ("letter-received", url("letter", letter.pk), world.applicant),
            (
                "tab-decision",
                reverse("workflows:case_tab", args=[found[0].case_id, "decision"]),
                world.applicant,
            ),
            ("tab-told", reverse("workflows:case_tab", args=[found[0].case_id, "review"]), world.applicant),
            ("tab-selection", reverse("workflows:case_tab", args=[call.case_id, "selection"]), world.officer),
        ],
    )


def test_the_grid_is_saved_while_one_writes(open_page: Callable[..., Page]) -> None:
    """On a tablet: tap a score, type, leave; everything is there again."""
    world = make_world()
    dossier = again(eligible_dossier(world))
    assignment = open_assignment(world, dossier, world.expert)
    page = open_page(url("assess", assignment.pk), size=TABLET, as_user=world.expert)
    with page.expect_response("**/autosave/"):
        page.locator(".score").nth(4).click()
    with page.expect_response("**/autosave/"):
        page.locator("textarea").first.fill("Besoin étayé.")
    expect(page.locator("[data-save-state]")).to_have_class("save-state tone-success")
    page.reload()
    expect(page.locator(".score input").nth(4)).to_be_checked()
    expect(page.locator("textarea").first).to_have_value("Besoin étayé.")
    screenshot(page, "assess-tablet")


def test_the_ranking_is_tried_without_javascript(open_page: Callable[..., Page]) -> None:
    world = make_world()
    call = open_call(
        world, envelope=Decimal("80000.00"), max_amount=Decimal("40000.00"), assessors_per_dossier=1
    )
    competitors(world, call, scores=(5, 4, 3))
    ranking = drafted_ranking(world, call)
    page = open_page(url("ranking", ranking.pk), javascript=False, as_user=world.officer)
    page.locator("select").nth(2).select_option("main")
    page.locator("#trial button").click()
    expect(page.locator(".envelope-line")).to_have_count(1)
    page.locator("tr.beyond a.btn-primary").click()
    expect(page.locator("select[name=list]")).to_have_value("main")
