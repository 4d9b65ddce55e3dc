"""Pages of the opinions: a college's, the COPAREF's."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import may
from calls.models import Criterion
from reviews import actions
from reviews.forms.judgments import BodyOpinionForm, OpinionForm
from reviews.models import BodyOpinion, CollegeOpinion
from reviews.queries import assessments_visible_to, has_declared, mean_scores, opinions_visible_to
from reviews.queries.interests import recused_ids
from reviews.queries.judgments import scale
from reviews.shown import application_of, head, onward, status_of
from reviews.words import body_opinion_word, opinion_word, synthesis_word
from workflows.access import note_access
from workflows.components import Header, Link, Recap
from workflows.engine import allowed
from workflows.middleware import CaseRequest
from workflows.models import Access, Case


@require_http_methods(["GET", "POST"])
def opinion(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The dossier as one readable document, and the college's opinion beside it."""
    row = CollegeOpinion._base_manager.select_related(*CollegeOpinion.related).filter(pk=pk).first()
    if row is None or not may(request.actor, "reviews.see_interests", row):
        raise Http404
    if not has_declared(row.dossier, request.actor.user):
        return redirect("reviews:seat_interests", pk)
    if not may(request.actor, "reviews.see_opinion", row):
        raise Http404
    dossier = row.dossier
    note_access(request.actor, dossier.case, Access.VIEW, now=request.now)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.perform(
        actions.give_opinion, row, by=request.actor, now=request.now
    ):
        return onward(request, dossier.case, _("The opinion of the college is given."))
    assessments = [a for a in assessments_visible_to(request.actor, dossier) if a.submitted_at]
    criteria = list(Criterion.objects.filter(call=dossier.call_id).order_by("number"))
    means = mean_scores([dossier.pk]).get(dossier.pk, {}) if assessments else {}
    context = {
        "opinion": row,
        "word": opinion_word(row),
        "dossier": dossier,
        "header": head(
            _("Opinion of the college: %(college)s") % {"college": row.get_college_display()},
            dossier,
            request.actor,
        ),
        "form": form if allowed("reviews.give_opinion", request.actor, row) else None,
        "others": [
            (o, opinion_word(o)) for o in opinions_visible_to(request.actor, dossier) if o.pk != row.pk
        ],
        "assessments": assessments,
        "grid": scale(criteria, means) if means else [],
        "application": application_of(dossier),
        "recap": Recap(
            [(_("On"), f"{dossier.case.reference} · {dossier.title}"), (_("For"), row.get_college_display())],
            [
                _("The opinion is final, and counts as much as each other college's."),
                _("The applicant may read it once the decision is notified, without your name."),
            ],
            irreversible=True,
        ),
    }
    return render(request, "reviews/opinion.html", context, status=status_of(request))


@require_http_methods(["GET", "POST"])
def body_opinion(request: CaseRequest, pk: UUID) -> HttpResponse:
    """The COPAREF's reasoned opinion, on a shortlist or on one dossier."""
    row = BodyOpinion._base_manager.select_related(*BodyOpinion.related).filter(pk=pk).first()
    if row is None:
        raise Http404
    reader = request.actor
    member = may(reader, "reviews.see_interests", row)
    if row.dossier is not None and member and not has_declared(row.dossier, reader.user):
        return redirect("reviews:body_interests", pk)
    if not (may(reader, "reviews.see_body_opinion", row) or may(reader, "reviews.see_selection", row)):
        raise Http404
    form = BodyOpinionForm(request.POST or None)
    if request.method == "POST" and form.perform(
        actions.give_body_opinion, row, by=request.actor, now=request.now
    ):
        return onward(request, row.case, _("The reasoned opinion is given."))
    if row.dossier is not None:
        note_access(reader, row.case, Access.VIEW, now=request.now)
    out_of_sight = recused_ids(reader.user)
    hidden = set(
        Case.objects.filter(pk__in=out_of_sight, parent=row.call.case_id).values_list("reference", flat=True)
    )
    shown = [line for line in row.shortlist if line["reference"] not in hidden]
    context = {
        "opinion": row,
        "word": body_opinion_word(row),
        "header": Header(
            _("Opinion of the COPAREF"),
            lead=str(row.dossier or row.call),
            reference=row.case.reference,
            badges=[body_opinion_word(row)],
            actions=[
                Link(_("Print"), reverse("reviews:body_opinion_pdf", args=[pk]), "print"),
            ]
            if row.given_at
            else [],
        ),
        "lines": [(line, synthesis_word(line["synthesis"])) for line in shown],
        "hidden": len(row.shortlist) - len(shown),
        "form": form if allowed("reviews.give_body_opinion", reader, row) else None,
        "application": application_of(row.dossier) if row.dossier else None,
        "dossier": row.dossier,
        "recap": Recap(
            [(_("On"), str(row.dossier or row.call)), (_("For"), str(row.body))],
            [
                _("The opinion is final. It advises; the commission permanente decides."),
                _(
                    "Without an opinion on the due date, the COPAREF is silent: that is not a favourable opinion."
                ),
            ],
            irreversible=True,
        ),
    }
    return render(request, "reviews/body_opinion.html", context, status=status_of(request))
