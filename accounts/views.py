"""Pages about oneself: profile, organisations, colleagues."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.actors import Actor
from accounts.forms import (
    JoinForm,
    NewOrganisationForm,
    OrganisationForm,
    ProfileForm,
    RoleForm,
    SiretForm,
)
from accounts.models import Membership, MembershipRole, Organisation, User
from accounts.queries import organisation_by_siret
from accounts.rules import may


class Request(HttpRequest):
    """A request as these pages see it."""

    now: datetime
    actor: Actor
    user: User


@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Who one is, for whom one acts, and who asks to act for the same organisations."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        actions.update_profile(request.user, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    mine = list(_current(Membership.objects.filter(user=request.user)).select_related("organisation"))
    signed = [m.organisation_id for m in mine if m.approved_at and m.role == MembershipRole.SIGNATORY]
    colleagues: dict[UUID, list[Membership]] = {}
    for row in _current(Membership.objects.filter(organisation__in=signed)).select_related(
        "user", "organisation"
    ):
        colleagues.setdefault(row.organisation_id, []).append(row)
    context = {
        "form": form,
        "organisations": [
            (
                m,
                m.organisation_id in signed,
                [
                    (c, RoleForm(initial={"role": c.role}, auto_id=f"{c.pk}-%s"))
                    for c in colleagues.get(m.organisation_id, [])
                    if c.pk != m.pk
                ],
            )
            for m in mine
        ],
        "posts": request.actor.posts,
        "seats": request.actor.seats,
    }
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def join(request: Request) -> HttpResponse:
    """Join an organisation that is here already, or create it: its SIRET says which."""
    following = _next(request)
    asked = SiretForm(request.GET) if "siret" in request.GET else SiretForm()
    if not asked.is_bound or not asked.is_valid():
        status = 422 if asked.is_bound else 200
        return render(request, "accounts/join.html", {"form": asked, "next": following}, status=status)
    siret = asked.cleaned_data["siret"]
    known = organisation_by_siret(siret)
    form: Any = JoinForm(request.POST or None) if known else NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if known:
                actions.ask_to_join(known, by=request.user, now=request.now, **form.cleaned_data)
                messages.success(
                    request, _("Your request is sent to the signatories of %(name)s.") % {"name": known}
                )
                return redirect("accounts:profile")
            made = actions.create_organisation(
                by=request.user, now=request.now, siret=siret, **form.cleaned_data
            )
            messages.success(request, _("%(name)s is created; you sign for it.") % {"name": made})
            return redirect(following or "accounts:profile")
        except ValidationError as error:
            _show(form, error)
    context = {"form": form, "siret": siret, "known": known, "next": following}
    return render(
        request,
        "accounts/join_known.html" if known else "accounts/create.html",
        context,
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def organisation(request: Request, pk: UUID) -> HttpResponse:
    """Correct what is known of one's organisation."""
    found = Organisation.objects.filter(pk=pk).first()
    if found is None or not request.actor.may_sign(found.pk):
        raise Http404
    form = OrganisationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        fresh = Organisation.objects.get(pk=pk)
        actions.update_organisation(fresh, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The organisation is saved."))
        return redirect("accounts:profile")
    context = {"form": form, "organisation": found}
    return render(request, "accounts/organisation.html", context, status=422 if form.is_bound else 200)


@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    """Let a colleague act for the organisation."""
    membership = _pending(request, pk)
    form = RoleForm(request.POST)
    role = form.cleaned_data["role"] if form.is_valid() else ""
    actions.approve_membership(membership, by=request.user, now=request.now, role=role)
    messages.success(request, _("%(who)s can now act for the organisation.") % {"who": membership.user})
    return redirect("accounts:profile")


@require_POST
def decline(request: Request, pk: UUID) -> HttpResponse:
    """Turn a request down, end a colleague's membership, or leave."""
    membership = (
        Membership.objects.select_related("user", "organisation").filter(pk=pk, valid_to__isnull=True).first()
    )
    if membership is None or not (
        membership.user_id == request.user.pk or may(request.actor, "accounts.approve_membership", membership)
    ):
        raise Http404
    try:
        actions.decline_membership(membership, by=request.user, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("%(who)s no longer acts for %(name)s.")
            % {"who": membership.user, "name": membership.organisation},
        )
    return redirect("accounts:profile")


def _current(rows: Any) -> Any:
    return rows.filter(valid_to__isnull=True).order_by("organisation__name", "user__last_name", "id")


def _pending(request: Request, pk: UUID) -> Membership:
    rows = Membership.objects.select_related("user", "organisation").filter(pk=pk, valid_to__isnull=True)
    membership = rows.first()
    if membership is None or not may(request.actor, "accounts.approve_membership", membership):
        raise Http404
    return membership


def _show(form: Form, error: ValidationError) -> None:
    """Put each message beside its field when the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)


def _next(request: Request) -> str:
    """The page that sent here, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""
