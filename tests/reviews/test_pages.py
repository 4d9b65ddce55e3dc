"""The pages of the reviews, each for those who may and 404 for those who may not; the whole path by clicks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Criterion, Dossier, Envelope, RequiredPiece
from reviews import actions
from reviews.models import (
    Assignment,
    BodyOpinion,
    CollegeOpinion,
    Letter,
    PieceRequest,
    Ranking,
    RankingLine,
)
from reviews.queries.completeness import piece_lines, points_at
from tests.calls.story import open_call, submitted_dossier
from tests.reviews.story import (
    DAY,
    RANKED,
    RELEASED,
    again,
    assess,
    awarded_dossier,
    closed,
    competitors,
    complete_dossier,
    drafted_ranking,
    eligible_dossier,
    open_assignment,
    opinion_of,
    reviewed_dossier,
    run_jobs,
    validated_ranking,
    vote,
)
from tests.workflows.test_pages import Browse, browse
from tests.world import World, opened
from workflows.dates import local_date
from workflows.engine import timers
from workflows.engine.clock import database_now
from workflows.models import AccessLog, Recusal

__all__ = ["browse"]

PDF = b"%PDF-1.7\n%again\n"


def url(name: str, *args: Any) -> str:
    return reverse(f"reviews:{name}", args=args)


def fill(client: Client, page: str, prefix: str = "", **values: Any) -> Any:
    """Post a form as the page shows it: with its key and the last entry seen."""
    context = client.get(page).context
    form = next(f for f in _forms(context) if (f.prefix or "") == prefix and "key" in f.fields)
    hidden = {form.add_prefix("key"): str(form["key"].value()), form.add_prefix("seen"): form["seen"].value()}
    sent = {form.add_prefix(name): value for name, value in values.items()}
    return client.post(page, {k: v for k, v in {**hidden, **sent}.items() if v is not None})


def _forms(context: Any) -> Any:
    found = []
    for layer in context:
        for value in layer.flatten().values() if hasattr(layer, "flatten") else ():
            if hasattr(value, "add_prefix") and value not in found:
                found.append(value)
    return found


def only(world: World, browse: Browse, page: str, *who: str) -> None:
    """These people get the page, everybody else 404."""
    for key in (
        "officer",
        "manager",
        "signatory",
        "payer",
        "auditor",
        "applicant",
        "other",
        "expert",
        "expert2",
        "state",
        "unions",
        "coparef_unions",
    ):
        answer = browse(world.people[key]).get(page)
        assert answer.status_code == (200 if key in who else 404), (key, answer.status_code)


STAFF = ("officer", "manager", "signatory", "payer", "auditor")


def test_completeness_by_clicks(world: World, browse: Browse) -> None:
    dossier = again(submitted_dossier(world))
    page = url("completeness", dossier.pk)
    only(world, browse, page, *STAFF)
    client = browse(world.officer)
    code = next(line.required.code for line in piece_lines(dossier) if line.due)
    verdict = url("verdict", dossier.pk, code)
    refused = client.post(
        verdict, {f"{code}-key": "8d4a3f5e-0000-4000-8000-000000000001", f"{code}-verdict": "rejected"}
    )
    assert refused.status_code == 422
    assert (
        "Dites ce qui ne va pas" in refused.content.decode()
        or "Say what is wrong" in refused.content.decode()
    )
    done = client.post(
        verdict,
        {
            f"{code}-key": "8d4a3f5e-0000-4000-8000-000000000002",
            f"{code}-verdict": "rejected",
            f"{code}-comment": "Illisible",
        },
    )
    assert done.status_code == 302
    assert fill(client, page, "complete").status_code == 422
    none = fill(client, page, "ask", choice="15")
    assert none.status_code == 422
    asked = fill(client, page, "ask", choice="15", **{f"ask-{code}": "on", f"reason-{code}": "Illisible"})
    assert asked.status_code == 302
    request = PieceRequest.objects.get(dossier=dossier)
    assert request.items[0]["reason"] == "Illisible"
    assert b"ask-" not in client.get(page).content


def test_production_by_clicks(world: World, browse: Browse) -> None:
    dossier = again(submitted_dossier(world))
    code = next(line.required.code for line in piece_lines(dossier) if line.due)
    now = database_now()
    request = actions.request_pieces(
        dossier,
        by=world.officer,
        now=now,
        codes_and_reasons={code: "Illisible"},
        due_on=local_date(now, world.region.zone) + 15 * DAY,
    )
    page = url("production", request.pk)
    only(world, browse, page, *STAFF, "applicant")
    client = browse(world.applicant_editor)
    assert fill(client, page, "send").status_code == 422
    wrong = client.post(page, {"piece": code, "file": SimpleUploadedFile("x.exe", b"MZ")})
    assert wrong.status_code == 422
    assert client.post(page, {"piece": code}).status_code == 422
    given = client.post(page, {"piece": code, "file": SimpleUploadedFile("nouveau.pdf", PDF)})
    assert given.status_code == 302
    assert 'name="beside"' not in client.get(page).content.decode()  # this piece is one file
    with opened():
        RequiredPiece.objects.filter(call=dossier.call, code=code).update(multiple=True)
    assert 'name="beside"' in client.get(page).content.decode()
    one_more = {"piece": code, "file": SimpleUploadedFile("annexe.pdf", PDF), "beside": "on"}
    assert client.post(page, one_more).status_code == 302
    line = next(line for line in piece_lines(again(dossier)) if line.required.code == code)
    assert [file.name for file in line.files] == ["nouveau.pdf", "annexe.pdf"]
    assert fill(client, page, "send").status_code == 302
    assert again(dossier).state == "submitted"
    assert client.get(page).status_code == 200


def test_admissibility_and_eligibility_by_clicks(world: World, browse: Browse) -> None:
    from calls.reference import Stage

    dossier = complete_dossier(world)
    page = url("admissibility", dossier.pk)
    only(world, browse, page, *STAFF)
    client = browse(world.officer)
    points = {item.code: "yes" for item in points_at(again(dossier), Stage.ADMISSIBILITY)}
    lacking = fill(client, page, "yes", **{**points, "R-LANGUE": None})
    assert lacking.status_code == 422
    assert fill(client, page, "no", explanation="").status_code == 422
    assert fill(client, page, "yes", **points).status_code == 302
    page = url("eligibility", dossier.pk)
    assert (
        "(optional)" not in browse(world.manager).get(page).content.decode()
    )  # every point is to be answered
    points = {item.code: "yes" for item in points_at(again(dossier), Stage.ELIGIBILITY)}
    assert fill(browse(world.manager), page, "yes", **points).status_code == 302
    assert again(dossier).state == "in_review"
    for who in (world.manager, world.officer):
        assert browse(who).get(page).status_code == 200


def test_assessment_by_clicks(world: World, browse: Browse) -> None:
    dossier = again(eligible_dossier(world))
    page = url("assignments", dossier.pk)
    only(world, browse, page, *STAFF)
    officer = browse(world.officer)
    assert fill(officer, page, "assign", reviewer=str(world.expert.pk)).status_code == 302
    assert fill(officer, page, "assign", reviewer=str(world.expert.pk)).status_code == 422
    assignment = Assignment.objects.get(dossier=dossier)
    reviewer = browse(world.expert)
    inbox = reviewer.get(reverse("workflows:inbox"))
    task = reverse("workflows:task", args=[inbox.context["list"].shown[0].pk])
    interests = url("interests", assignment.pk)
    assert reviewer.get(task).url == interests
    only(world, browse, interests, "expert")
    assert reviewer.get(reverse("workflows:case", args=[dossier.case_id])).status_code == 404
    assert reviewer.get(url("assess", assignment.pk)).url == interests
    assert fill(reviewer, interests, "", has_interest="yes").status_code == 422
    assert fill(reviewer, interests, "", has_interest="no").url == url("assess", assignment.pk)
    grid = url("assess", assignment.pk)
    only(world, browse, grid, "expert")
    criteria = list(Criterion.objects.filter(call=dossier.call_id))
    values = {f"value-{c.pk}": "4" for c in criteria} | {
        f"comment-{c.pk}": f"Vu {c.number}" for c in criteria
    }
    autosave = url("autosave", assignment.pk)
    half = {f"value-{criteria[0].pk}": "3", f"comment-{criteria[0].pk}": "Début", "version": "0"}
    saved = reviewer.post(autosave, half | {"key": "8d4a3f5e-0000-4000-8000-000000000009"})
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    assert reviewer.post(autosave, half).status_code == 409  # another tab
    assert "Début" in reviewer.get(grid).content.decode()
    assert (
        fill(reviewer, grid, "", save="1", comment="Suite", **{f"value-{criteria[1].pk}": "2"}).status_code
        == 302
    )
    clash = fill(reviewer, grid, "", save="1", version="0", comment="Autre onglet")
    assert clash.status_code == 409
    assert "Autre onglet" in clash.content.decode()
    assert "Suite" in reviewer.get(grid).content.decode()
    lacking = fill(reviewer, grid, "", comment="Fin")
    assert lacking.status_code == 422
    assert "Fin" in lacking.content.decode()
    assert fill(reviewer, grid, "", comment="Fin", **values).status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).assessment.total == 80
    assert reviewer.get(grid).status_code == 200
    assert AccessLog.objects.filter(user=world.expert, case=dossier.case).exists()
    only(world, browse, url("review", dossier.pk), *STAFF)


def test_a_recused_person_gets_404_everywhere(world: World, browse: Browse) -> None:
    dossier = again(eligible_dossier(world))
    assignment = open_assignment(world, dossier, world.expert)
    client = browse(world.expert)
    version = next(line.version for line in piece_lines(dossier) if line.version)
    case, file = (
        reverse("workflows:case", args=[dossier.case_id]),
        reverse("workflows:download", args=[version.pk]),
    )
    assert client.get(case).status_code == 200
    page = f"{url('interests', assignment.pk)}?again=1"
    done = fill(client, page, "", has_interest="yes", explanation="Mon frère y travaille.")
    assert done.url == reverse("workflows:next")
    for gone in (case, file, url("interests", assignment.pk), url("assess", assignment.pk)):
        assert client.get(gone).status_code == 404, gone
    for listing in ("workflows:inbox", "workflows:notifications", "workflows:search", "calls:dossiers"):
        answer = client.get(reverse(listing), {"q": dossier.title})
        assert dossier.case.reference not in answer.content.decode(), listing


def test_opinion_by_clicks(world: World, browse: Browse) -> None:
    dossier = again(eligible_dossier(world))
    opinion = opinion_of(dossier, "unions")
    page = url("opinion", opinion.pk)
    client = browse(world.unions)
    assert client.get(page).url == url("seat_interests", opinion.pk)
    only(world, browse, url("seat_interests", opinion.pk), "unions")
    assert fill(client, url("seat_interests", opinion.pk), "", has_interest="no").url == page
    only(world, browse, page, "unions")
    assert fill(client, page, "", value="unfavourable").status_code == 422
    assert fill(client, page, "", value="with_reservations").status_code == 422
    values = {"value": "with_reservations", "kind-1": "in_contract", "text-1": "Préciser le suivi."}
    assert fill(client, page, "", **values).status_code == 302
    assert CollegeOpinion.objects.get(pk=opinion.pk).reservations.count() == 1
    assert client.get(page).status_code == 200


def test_coparef_ranking_and_vote_by_clicks(world: World, browse: Browse) -> None:
    found = competitors(
        world,
        open_call(
            world, envelope=Decimal("80000.00"), max_amount=Decimal("40000.00"), assessors_per_dossier=1
        ),
        scores=(5, 4, 3),
    )
    call = closed(world, found[0].call)
    page = url("selection", call.pk)
    only(world, browse, page, *STAFF)
    officer, manager, second = browse(world.officer), browse(world.manager), browse(world.manager2)
    assert fill(officer, page, "rank").status_code == 422
    assert fill(officer, page, "ask", question="La liste répond-elle aux besoins ?").status_code == 302
    opinion = BodyOpinion.objects.get(call=call)
    only(world, browse, url("body_opinion", opinion.pk), *STAFF, "coparef_unions")
    member = browse(world.coparef_unions)
    given = {
        "position": "divergent",
        "reasons": "Deux lectures.",
        "employers_position": "Oui.",
        "unions_position": "Non.",
    }
    assert (
        fill(member, url("body_opinion", opinion.pk), "", position="common", reasons="x").status_code == 422
    )
    assert fill(member, url("body_opinion", opinion.pk), "", **given).status_code == 302
    pdf = member.get(url("body_opinion_pdf", opinion.pk))
    assert pdf.content[:5] == b"%PDF-"
    assert fill(officer, page, "rank").status_code == 302
    ranking = Ranking.objects.get(call=call)
    page = url("ranking", ranking.pk)
    only(world, browse, page, *STAFF)
    before = list(RankingLine.objects.order_by("rank").values_list("list", "amount"))
    trial = officer.get(
        page, {"try": "1", f"list-{found[2].pk}": "main", f"amount-{found[2].pk}": "39 999,50"}
    )
    assert trial.context["reckoning"].main == Decimal("119999.50")
    assert trial.context["reckoning"].exceeded
    assert b"envelope-line" in trial.content
    assert list(RankingLine.objects.order_by("rank").values_list("list", "amount")) == before
    adjust = url("adjust", ranking.pk, found[0].pk)
    assert manager.get(adjust).status_code == 200
    assert fill(officer, adjust, "", list="main", amount="30 000", reason="").status_code == 422
    assert fill(officer, adjust, "", list="main", amount="30 000", reason="Cofinancement").status_code == 302
    assert fill(officer, page, "propose").status_code == 302
    assert fill(second, page, "back", reasons="Revoir").status_code == 302
    assert fill(officer, page, "propose").status_code == 302
    assert fill(manager, page, "validate").status_code == 302
    ballot = url("vote", ranking.pk)
    assert officer.get(ballot).url == page
    today = local_date(database_now(), world.region.zone).isoformat()
    beyond = fill(
        manager, ballot, "", voted_on=today, number="26-1", **{f"amount-{d.pk}": "90 000" for d in found[:2]}
    )
    assert beyond.status_code == 422
    done = fill(
        manager,
        ballot,
        "",
        voted_on=today,
        number="26-1",
        **{f"amount-{found[0].pk}": "30000", f"amount-{found[1].pk}": "40000"},
    )
    assert done.status_code == 302
    run_jobs("apply_decision")
    assert again(found[0]).awarded_amount == Decimal("30000.00")
    for name, start in (("ranking_pdf", b"%PDF-"), ("annex_pdf", b"%PDF-"), ("ranking_xlsx", b"PK")):
        answer = officer.get(url(name, ranking.pk))
        assert b"".join(answer).startswith(start), name
    assert officer.get(url("opinions_pdf", call.pk)).content[:5] == b"%PDF-"
    for person in (world.applicant, world.expert):
        assert browse(person).get(url("ranking_pdf", ranking.pk)).status_code == 404


def test_letters_by_clicks(world: World, browse: Browse) -> None:
    found = competitors(world, open_call(world, assessors_per_dossier=1), scores=(5, 2))
    vote(world, validated_ranking(world, found[0].call))
    only(world, browse, url("letters"), *STAFF)
    letter = Letter.objects.get(dossier=found[0])
    page = url("letter", letter.pk)
    only(world, browse, page, *STAFF)  # the applicant does not know of a draft
    manager = browse(world.manager)
    assert fill(manager, page, "note", note="Bravo.").status_code == 302
    assert manager.get(url("letter_preview", letter.pk)).content[:5] == b"%PDF-"
    chosen = [str(pk) for pk in Letter.objects.values_list("pk", flat=True)]
    bulk = url("release_letters")
    recap = manager.post(bulk, {"selected": chosen})
    assert recap.status_code == 200
    assert not Letter.objects.filter(state="released").exists()
    assert browse(world.officer).post(bulk, {"selected": chosen, "confirmed": "1"}).status_code == 404
    assert not Letter.objects.filter(state="released").exists()
    assert manager.post(bulk, {"selected": chosen, "confirmed": "1"}).status_code == 302
    assert Letter.objects.filter(state="released").count() == 2
    assert manager.get(url("letters_progress")).context["item"].done == 0
    applicant = browse(world.applicant)
    assert applicant.get(page).status_code == 200
    assert letter.subject not in applicant.get(page).content.decode()
    assert applicant.post(url("open_letter", letter.pk)).status_code == 302
    run_jobs("letter")
    assert letter.subject in applicant.get(page).content.decode()
    assert browse(world.other).get(page).status_code == 404
    assert manager.get(page).status_code == 200
    tab = applicant.get(reverse("workflows:case_tab", args=[letter.case_id, "decision"])).content.decode()
    assert letter.subject in tab


def test_promotion_by_clicks(world: World, browse: Browse) -> None:
    found = competitors(
        world,
        open_call(
            world, envelope=Decimal("40000.00"), max_amount=Decimal("40000.00"), assessors_per_dossier=1
        ),
        scores=(5, 4),
    )
    vote(world, validated_ranking(world, found[0].call))
    page = url("promote", found[1].pk)
    manager = browse(world.manager)
    assert fill(manager, page, "").status_code == 422
    with opened():
        Envelope.objects.filter(call=found[0].call).update(amount=Decimal("80000.00"))
    assert fill(manager, page, "", reasons="Crédits rendus").status_code == 302
    assert again(found[1]).state == "awarded"
    assert browse(world.officer).get(page).url == url("review", found[1].pk)
    assert browse(world.applicant).get(page).status_code == 404


def test_conclusion_by_click(world: World, browse: Browse) -> None:
    dossier = again(eligible_dossier(world, call=open_call(world, colleges=["state"])))
    officer = browse(world.officer)
    page, conclude = url("review", dossier.pk), url("conclude", dossier.pk)
    key = {"key": "8d4a3f5e-0000-4000-8000-000000000003"}
    assert officer.post(conclude, key).url == page
    assert again(dossier).state == "in_review"
    assess(world, dossier)
    timers.fire_due(now=RELEASED)
    assert officer.get(page).status_code == 200


@pytest.mark.parametrize("name", ["letters", "ranking", "assignments"])
def test_a_list_costs_the_same_for_one_three_and_fifty_rows(world: World, browse: Browse, name: str) -> None:
    dossier = awarded_dossier(world, released=False)
    ranking = Ranking.objects.get(call=dossier.call)
    page = {
        "letters": url("letters"),
        "ranking": url("ranking", ranking.pk),
        "assignments": url("assignments", dossier.pk),
    }[name]
    client = browse(world.manager)

    def cost() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    first = cost()
    for rows in (3, 50):
        multiply(world, dossier, ranking, rows)
        assert cost() == first, rows


def multiply(world: World, dossier: Dossier, ranking: Ranking, rows: int) -> None:
    """As many dossiers, lines, letters and assignments as ``rows``, written as a verb would."""
    from tests.world import person
    from workflows.models import Case

    letter = Letter.objects.filter(dossier=dossier).get()
    with opened():
        for n in range(Dossier.objects.filter(call=dossier.call).count(), rows):
            case = Case.objects.get(pk=dossier.case_id)
            case.pk, case.reference = None, f"PRIC-COPY-{n:03}"
            case._state.adding = True
            case.save(force_insert=True)
            copy = again(dossier)
            copy.pk, copy.case, copy.rank = None, case, 1000 + n
            copy._state.adding = True
            copy.save(force_insert=True)
            line = RankingLine.objects.get(ranking=ranking, dossier=dossier)
            line.pk, line.dossier, line.rank = None, copy, 1000 + n
            line._state.adding = True
            line.save(force_insert=True)
            Letter.objects.create(
                case=case,
                dossier=copy,
                kind=letter.kind,
                subject=letter.subject,
                data=letter.data,
                drafted_at=RELEASED,
            )
            user = person(f"Relecteur{n}", "Copie")
            Assignment.objects.create(
                case=dossier.case,
                dossier=dossier,
                reviewer=user,
                assigned_by=world.officer,
                assigned_at=RELEASED,
                due_at=RELEASED,
            )


def test_what_a_recused_manager_sees_of_a_ranking(world: World, browse: Browse) -> None:
    dossier = reviewed_dossier(world)
    ranking = drafted_ranking(world, dossier.call)
    with opened():
        Recusal.objects.create(case=dossier.case, user=world.manager, reason="Cousine", at=RANKED)
    text = browse(world.manager).get(url("ranking", ranking.pk)).content.decode()
    assert dossier.title not in text
    assert dossier.case.reference not in text
    assert dossier.title in browse(world.officer).get(url("ranking", ranking.pk)).content.decode()


def test_nobody_signed_in_gets_to_sign_in(world: World, client: Client) -> None:
    dossier = submitted_dossier(world)
    assert client.get(url("completeness", dossier.pk)).status_code == 302
