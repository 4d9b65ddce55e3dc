"""Pages of the selection: a call's, the ranking with its what-if, the vote, the promotion from the reserve list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calls.models import Call, Dossier, DossierState, Envelope
from calls.words import call_word
from reviews import actions
from reviews.forms.completeness import PlainForm
from reviews.forms.judgments import QuestionForm
from reviews.forms.selection import LineForm, PromoteForm, SendBackForm, TrialForm, VoteForm
from reviews.models import (
    BodyOpinion,
    Decision,
    Deliberation,
    Ranking,
    RankingLine,
    RankingList,
    RankingState,
)
from reviews.queries import current_ranking, lines_visible_to, next_on_reserve, reckon
from reviews.queries.selection import coparef_to_come, most, recusals_in, still_examined
from reviews.rules.selection import Reckoning
from reviews.shown import head, onward, posted, status_of, today_of
from reviews.words import body_opinion_word, list_word, ranking_word, synthesis_word
from workflows.components import Figure, Header, Link, Progress, Recap
from workflows.engine import allowed
from workflows.middleware import CaseRequest
from workflows.queries import get_visible
from workflows.templatetags.ui import money


@require_http_methods(["GET", "POST"])
def selection(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Where the selection of a call stands: what is left to review, the COPAREF, the ranking, the vote."""
    call: Call = get_visible(request.actor, Call, pk, "reviews.see_selection")
    ask = QuestionForm(posted(request, "ask"), prefix="ask", case=call.case)
    rank = PlainForm(
        posted(request, "rank"), prefix="rank", verb_name="reviews.draft_ranking", case=call.case
    )
    if ask.is_bound and ask.perform(actions.request_body_opinion, call, by=request.actor, now=request.now):
        return onward(request, call.case, _("The COPAREF is consulted."))
    if rank.is_bound and (
        ranking := rank.perform(actions.draft_ranking, call, by=request.actor, now=request.now)
    ):
        messages.success(request, _("The dossiers are ranked by the published rule."))
        return redirect("reviews:ranking", ranking.pk)
    opinions = BodyOpinion.objects.filter(call=call, dossier__isnull=True).order_by("-requested_at")
    ranking = current_ranking(call)
    left = still_examined(call).count()
    reviewed = Dossier.objects.filter(call=call, state=DossierState.REVIEWED).count()
    envelope = Envelope.objects.get(call=call)
    under_way = _applying(call)
    waits = coparef_to_come(call, today_of(request, call.case))
    context = {
        "call": call,
        "header": Header(
            _("Selection"),
            lead=call.title,
            reference=call.case.reference,
            badges=[call_word(call, request.now)],
            actions=[Link(_("The whole call"), reverse("workflows:case", args=[call.case_id]), "folder")],
        ),
        "figures": [
            Figure(_("Envelope"), money(envelope.amount)),
            Figure(_("Still to commit"), money(envelope.amount - envelope.committed)),
            Figure(_("Dossiers reviewed"), reviewed, _("ready to be ranked")),
            Figure(_("Under review"), left, _("no ranking before they are done") if left else ""),
        ],
        "opinions": [(o, body_opinion_word(o)) for o in opinions],
        "ask": ask
        if allowed("reviews.request_body_opinion", request.actor, call) and waits and not opinions
        else None,
        "rank": rank if allowed("reviews.draft_ranking", request.actor, call) else None,
        "waits": waits,
        "left": left,
        "ranking": ranking,
        "ranking_word": ranking_word(ranking) if ranking else None,
        "deliberations": Deliberation.objects.filter(call=call).select_related("recorded_by"),
        "next_on_reserve": _next(request, call),
        "applying": under_way if under_way and not under_way.finished else None,
    }
    return render(request, "reviews/selection.html", context, status=status_of(request))


def _applying(call: Call) -> Progress | None:
    """How many dossiers of the last vote have their decision (those withdrawn meanwhile get none)."""
    vote = Deliberation.objects.filter(call=call).order_by("-recorded_at").first()
    if vote is None:
        return None
    gone = Q(dossier__state=DossierState.WITHDRAWN) & ~Q(dossier__decisions__deliberation=vote)
    total = RankingLine.objects.filter(ranking=vote.ranking_id).exclude(gone).count()
    done = Decision.objects.filter(deliberation=vote, promoted=False).values("dossier").distinct().count()
    return Progress(_("Decisions taken"), done, total, reverse("reviews:applying", args=[call.pk]))


@require_GET
def applying(request: CaseRequest, pk: UUID) -> HttpResponse:
    """How far the last vote has come, for the progress bar."""
    call: Call = get_visible(request.actor, Call, pk, "reviews.see_selection")
    item = _applying(call)
    if item is None:
        raise Http404
    return render(request, "components/progress.html", {"item": item})


def _next(request: CaseRequest, call: Call) -> Any:
    """The next dossier of the reserve list, when the reader may know of it."""
    decision = next_on_reserve(call)
    if decision is None or decision.dossier.case.recusals.filter(user=request.actor.user).exists():
        return None
    return decision


@require_http_methods(["GET", "POST"])
def ranking(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The ranking with the line of the envelope; the what-if reads the address and records nothing."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    call, actor = row.call, request.actor
    acts = {
        "propose": ("reviews.propose_ranking", actions.propose_ranking, _("The selection is proposed.")),
        "validate": ("reviews.validate_ranking", actions.validate_ranking, _("The selection is validated.")),
        "back": ("reviews.send_back_ranking", actions.send_back_ranking, _("The selection is returned.")),
    }
    shown: dict[str, Any] = {}
    for prefix, (name, verb, message) in acts.items():
        kind = SendBackForm if prefix == "back" else PlainForm
        form = kind(posted(request, prefix), prefix=prefix, verb_name=name, case=row.case)
        if form.is_bound and form.perform(verb, row, by=actor, now=request.now):
            return onward(request, row.case, message)
        shown[prefix] = form if allowed(name, actor, row) else None
    lines = list(lines_visible_to(actor, row))
    trial = TrialForm(request.GET if "try" in request.GET else None, lines=lines)
    amounts, lists = trial.tried() if trial.is_bound else ({}, {})
    reckoning = reckon(row, amounts=amounts, lists=lists)
    if row.proposed_by_id == actor.user.pk:
        shown["validate"] = None
    context = {
        "ranking": row,
        "call": call,
        "header": Header(
            _("Ranking, version %(n)s") % {"n": row.number},
            lead=call.title,
            reference=row.case.reference,
            badges=[ranking_word(row)],
            actions=[
                Link(_("Print the ranking"), reverse("reviews:ranking_pdf", args=[pk]), "print"),
                Link(
                    _("Table of the ranking (XLSX)"), reverse("reviews:ranking_xlsx", args=[pk]), "download"
                ),
                Link(_("Selection"), reverse("reviews:selection", args=[call.pk]), "list"),
            ],
        ),
        "rows": rows_of(lines, reckoning, trial),
        "reckoning": reckoning,
        "counts": [(list_word(name), reckoning.count(name)) for name in RankingList.values],
        "trying": trial.is_bound,
        "changed": changes(lines, amounts, lists),
        "may_adjust": allowed("reviews.adjust_line", actor, row),
        "may_vote": allowed("reviews.record_vote", actor, row),
        "hidden": recusals_in(row, actor),
        **shown,
    }
    return render(request, "reviews/ranking.html", context, status=status_of(request))


def _typed(trial: TrialForm, line: RankingLine, amount: Decimal) -> str:
    """The amount as the field shows it: what was typed when it could not be read."""
    field = trial[f"amount-{line.dossier_id}"]
    if trial.is_bound and field.errors:
        return str(field.value() or "")
    return str(trial.fields[field.name].prepare_value(amount or line.dossier.requested_amount))


def rows_of(lines: list[RankingLine], reckoning: Reckoning, trial: TrialForm) -> list[dict[str, Any]]:
    """The lines as the table shows them, with the running total and the line where the envelope ends."""
    found = {reckoned.line.key: reckoned for reckoned in reckoning.lines}
    rows: list[dict[str, Any]] = []
    over = False
    for line in lines:
        reckoned = found[line.dossier_id]
        rows.append(
            {
                "line": line,
                "list": list_word(reckoned.line.list),
                "amount": reckoned.line.amount,
                "running": reckoned.running if reckoned.line.list == RankingList.MAIN else None,
                "beyond": reckoned.beyond,
                "crossing": reckoned.beyond and not over,
                "last_paid": False,
                "synthesis": synthesis_word(line.basis.get("synthesis", "")),
                "departs": line.list != line.basis.get("list")
                or (line.list != RankingList.NOT_RETAINED and str(line.amount) != line.basis.get("amount")),
                "list_value": reckoned.line.list,
                "amount_text": _typed(trial, line, reckoned.line.amount),
                "changed": (reckoned.line.list, reckoned.line.amount) != (line.list, line.amount),
                "list_field": trial[f"list-{line.dossier_id}"],
                "amount_field": trial[f"amount-{line.dossier_id}"],
            }
        )
        over = over or reckoned.beyond
    paid = [row for row in rows if row["running"] is not None]
    if paid and not reckoning.exceeded:
        paid[-1]["last_paid"] = True
    return rows


def changes(lines: list[RankingLine], amounts: dict[Any, Any], lists: dict[Any, str]) -> list[RankingLine]:
    """The lines that the what-if changes."""
    return [
        line
        for line in lines
        if lists.get(line.dossier_id, line.list) != line.list
        or (
            lists.get(line.dossier_id, line.list) != RankingList.NOT_RETAINED
            and amounts.get(line.dossier_id, line.amount) != line.amount
        )
    ]


@require_http_methods(["GET", "POST"])
def adjust(request: CaseRequest, pk: UUID, dossier_pk: UUID) -> HttpResponse:
    """Depart from the rule for one dossier, with a reason; what was tried in the what-if is already filled in."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    line = lines_visible_to(request.actor, row).filter(dossier=dossier_pk).first()
    if line is None or not allowed("reviews.adjust_line", request.actor, row):
        raise Http404
    initial = {
        "list": request.GET.get("list", line.list),
        "amount": request.GET.get("amount", line.amount),
        "reason": line.reason,
    }
    form = LineForm(
        request.POST or None,
        dossier=line.dossier,
        case=row.case,
        initial=initial,
        cancel_url=reverse("reviews:ranking", args=[pk]),
    )
    if request.method == "POST" and form.perform(actions.adjust_line, row, by=request.actor, now=request.now):
        messages.success(request, _("The line is changed."))
        return redirect("reviews:ranking", pk)
    context = {
        "ranking": row,
        "line": line,
        "header": head(_("Change a line of the ranking"), line.dossier, request.actor),
        "list": list_word(line.list),
        "ruled": list_word(line.basis["list"]),
        "most": most(line.dossier, row.call),
        "form": form,
    }
    return render(request, "reviews/adjust.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
def vote(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Record the vote of the commission permanente: date, number, amounts; what it will do is said before."""
    row: Ranking = get_visible(request.actor, Ranking, pk, "reviews.see_selection")
    if request.method == "GET" and (
        row.state == RankingState.VOTED or not allowed("reviews.record_vote", request.actor, row)
    ):
        return redirect("reviews:ranking", pk)
    lines = list(lines_visible_to(request.actor, row))
    form = VoteForm(request.POST or None, lines=lines, case=row.case)
    if request.method == "POST" and (
        done := form.perform(actions.record_vote, row, by=request.actor, now=request.now)
    ):
        messages.success(
            request,
            _("Deliberation %(number)s is recorded. Each dossier gets its decision; the letters are drafted.")
            % {"number": done.number},
        )
        return redirect(f"{reverse('reviews:letters')}?call={row.call_id}")
    reckoning = reckon(row)
    context = {
        "ranking": row,
        "call": row.call,
        "header": Header(
            _("Vote of the commission permanente"), lead=row.call.title, reference=row.case.reference
        ),
        "form": form,
        "reckoning": reckoning,
        "others": [line for line in lines if line.list != RankingList.MAIN],
        "recap": Recap(
            [
                (_("Main list"), f"{reckoning.count(RankingList.MAIN)} · {money(reckoning.main)}"),
                (_("Reserve list"), f"{reckoning.count(RankingList.RESERVE)} · {money(reckoning.reserve)}"),
                (_("Not retained"), reckoning.count(RankingList.NOT_RETAINED)),
                (_("Envelope"), money(reckoning.envelope)),
            ],
            [
                _("The money is committed; each dossier gets its decision by itself."),
                _("A letter is drafted for each dossier. Nothing is sent to the applicants yet."),
            ],
            [_("A head of service looks at the letters and releases them.")],
            irreversible=True,
        ),
    }
    return render(request, "reviews/vote.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
def promote(request: CaseRequest, pk: UUID) -> HttpResponse:
    """Call the next dossier of the reserve list, for the amount voted."""
    dossier: Dossier = get_visible(request.actor, Dossier, pk, "reviews.see_review")
    if request.method == "GET" and not allowed("reviews.promote", request.actor, dossier):
        return redirect("reviews:review", pk)
    form = PromoteForm(
        request.POST or None, case=dossier.case, cancel_url=reverse("reviews:review", args=[pk])
    )
    if request.method == "POST" and form.perform(actions.promote, dossier, by=request.actor, now=request.now):
        return onward(request, dossier.case, _("The dossier is promoted; its letter is drafted."))
    envelope = Envelope.objects.get(call=dossier.call_id)
    decision = next_on_reserve(dossier.call)
    context = {
        "dossier": dossier,
        "header": head(_("Promote from the reserve list"), dossier, request.actor),
        "form": form,
        "recap": Recap(
            [
                (_("Amount voted"), money(decision.amount if decision else None)),
                (_("Left in the envelope"), money(envelope.amount - envelope.committed)),
            ],
            [_("The dossier is awarded this amount. Its letter is drafted; nothing is sent yet.")],
            [_("A head of service looks at the letter and releases it.")],
            irreversible=True,
        ),
    }
    return render(request, "reviews/promote.html", context, status=status_of(request))
