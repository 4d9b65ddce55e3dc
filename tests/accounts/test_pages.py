"""Sign-up, organisations by SIRET, colleagues, profile: the pages that an applicant needs before any dossier."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import actions, notices
from accounts.actors import actor_for
from accounts.models import AccountEvent, Membership, MembershipRole, Organisation, User
from tests.world import NOW, PASSWORD, World
from workflows.engine import database_now
from workflows.engine.outbox import sweep
from workflows.models import Notification, OutboxJob

SIRET = "80295478400004"


def as_(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def new_person() -> User:
    return User.objects.create_user(
        "nouvelle@example.org", PASSWORD, first_name="Nouvelle", last_name="Venue"
    )


def text(response: Any) -> str:
    return response.content.decode()


def test_sign_up_verifies_the_address_before_anything_else(db: None) -> None:
    client = Client()
    values = {
        "first_name": "Ada",
        "last_name": "Lemoine",
        "email": "Ada.Lemoine@example.org",
        "password1": "une phrase assez longue",
        "password2": "une phrase assez longue",
    }
    nameless = client.post(reverse("account_signup"), {**values, "first_name": ""})
    assert nameless.context["form"].errors["first_name"]
    assert client.post(reverse("account_signup"), values)["Location"] == reverse(
        "account_email_verification_sent"
    )
    user = User.objects.get()
    assert (user.get_full_name(), user.email) == ("Ada Lemoine", "ada.lemoine@example.org")
    assert client.get(reverse("accounts:profile")).status_code == 302
    sent = mail.outbox[0]
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+/)", str(sent.body))
    assert link is not None
    client.post(link[1])
    signed_in = client.post(reverse("account_login"), {"login": user.email, "password": values["password1"]})
    assert signed_in.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_an_organisation_is_created_by_its_siret(world: World) -> None:
    person = new_person()
    client = as_(person)
    assert client.get(reverse("accounts:join")).status_code == 200
    wrong = client.get(reverse("accounts:join"), {"siret": "802 954 784 00005"})
    assert wrong.status_code == 422
    assert "802 954 784 00005" in text(wrong)
    url = f"{reverse('accounts:join')}?siret=802+954+784+00004&next=/my/dossiers/"
    assert SIRET in text(client.get(url))
    values = {
        "name": "Les Ateliers",
        "legal_form": "association",
        "rna": "",
        "address": "1 rue du Puits",
        "postcode": "69000",
        "city": "Alphaville",
        "capacity": "Présidente",
        "next": "/my/dossiers/",
    }
    refused = client.post(url, values)
    assert refused.context["form"].errors["rna"]
    assert "1 rue du Puits" in text(refused)
    assert client.post(url, {**values, "rna": "w751515517"})["Location"] == "/my/dossiers/"
    made = Organisation.objects.get(siret=SIRET)
    assert made.rna == "W751515517"
    assert actor_for(person, NOW.date().replace(year=2100)).may_sign(made.pk)
    assert AccountEvent.objects.filter(verb="accounts.create_organisation", actor=person).count() == 2
    elsewhere = client.post(
        f"{reverse('accounts:join')}?siret={SIRET}&next=https://evil.example/", {"role": "editor"}
    )
    assert elsewhere.status_code == 422  # already a member, and never a redirect outside


def test_joining_waits_for_a_signatory(world: World) -> None:
    person, organisation = new_person(), world.organisations["applicant"]
    client = as_(person)
    url = f"{reverse('accounts:join')}?siret={organisation.siret}"
    assert organisation.name in text(client.get(url))
    client.post(url, {"role": "signatory", "capacity": "Directrice"})
    sweep(now=database_now())
    assert [m.to for m in mail.outbox] == [[world.applicant.email]]
    assert "/profile/" in str(mail.outbox[0].body)
    membership = Membership.objects.get(user=person)
    assert membership.approved_at is None
    assert client.post(url, {"role": "editor"}).status_code == 422
    assert client.get(reverse("calls:my_dossiers")).status_code == 200
    approve = reverse("accounts:approve", args=[membership.pk])
    for other in (person, world.applicant_editor, world.other, world.officer):
        assert as_(other).post(approve, {"role": "editor"}).status_code == 404
    signatory = as_(world.applicant)
    assert person.email in text(signatory.get(reverse("accounts:profile")))
    assert str(1) in text(signatory.get(reverse("calls:my_dossiers")))
    assert signatory.post(approve, {"role": "editor"}).status_code == 302
    sweep(now=database_now())
    membership.refresh_from_db()
    assert (membership.role, membership.approved_by) == (MembershipRole.EDITOR, world.applicant)
    assert mail.outbox[-1].to == [person.email]


def told(user: Any) -> list[str]:
    return list(Notification.objects.filter(user=user, kind="membership").values_list("subject", flat=True))


def test_what_concerns_a_membership_is_told_in_the_application_and_by_mail(world: World) -> None:
    person, organisation = new_person(), world.organisations["applicant"]
    membership = actions.ask_to_join(organisation, by=person, now=NOW)
    assert told(world.applicant) == [f"{person} asks to join {organisation}"]
    assert told(world.applicant_editor) == []
    page = text(as_(world.applicant).get(reverse("workflows:notifications")))
    assert "asks to act for your organisation" in page
    actions.approve_membership(membership, by=world.applicant, now=NOW)
    actions.decline_membership(membership, by=world.applicant, now=NOW)
    assert sorted(told(person)) == [
        f"You can now act for {organisation}",
        f"You do not act for {organisation}",
    ]
    assert OutboxJob.objects.filter(case=None, kind="mail", state="pending").count() == 3
    for _ in range(2):  # nothing is sent twice
        sweep(now=database_now())
    assert sorted(m.to[0] for m in mail.outbox) == sorted([world.applicant.email, person.email, person.email])


def test_a_request_that_is_rolled_back_tells_nobody(world: World) -> None:
    person, organisation = new_person(), world.organisations["applicant"]
    with pytest.raises(ValidationError):
        actions.ask_to_join(organisation, by=world.applicant_editor, now=NOW)

    def broken() -> None:
        with actions.recorded("accounts.ask_to_join", by=person, now=NOW):
            notices.tell([notices.Notice(world.applicant, "membership", "Objet", "Texte", "/")], now=NOW)
            assert told(world.applicant) == ["Objet"]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert told(world.applicant) == []
    assert not OutboxJob.objects.filter(case=None).exists()


def test_a_notice_that_nobody_can_leave_undoes_the_act(world: World) -> None:
    person, organisation = new_person(), world.organisations["applicant"]
    known = list(notices._tellers)
    notices._tellers.clear()
    try:
        with pytest.raises(IndexError):
            actions.ask_to_join(organisation, by=person, now=NOW)
    finally:
        notices.tell_through(known[0])
    assert not Membership.objects.filter(user=person).exists()


def test_a_membership_ends_at_once_and_the_last_signatory_stays(world: World) -> None:
    organisation = world.organisations["applicant"]
    editor = Membership.objects.get(user=world.applicant_editor)
    for other in (world.other, world.officer):
        assert as_(other).post(reverse("accounts:decline", args=[editor.pk])).status_code == 404
    as_(world.applicant).post(reverse("accounts:decline", args=[editor.pk]))
    assert not actor_for(world.applicant_editor, NOW.date()).may_edit(organisation.pk)
    last = Membership.objects.get(user=world.applicant, organisation=organisation)
    as_(world.applicant).post(reverse("accounts:decline", args=[last.pk]))
    assert actor_for(world.applicant, NOW.date()).may_sign(organisation.pk)
    with pytest.raises(ValidationError):
        actions.decline_membership(last, by=world.applicant, now=NOW)
    with pytest.raises(PermissionError):
        actions.decline_membership(last, by=world.other, now=NOW)


def test_a_profile_is_ones_own(world: World) -> None:
    client = as_(world.officer)
    shown = text(client.get(reverse("accounts:profile")))
    assert world.region.name in shown
    assert (
        client.post(
            reverse("accounts:profile"), {"first_name": "", "last_name": "X", "language": "en"}
        ).status_code
        == 422
    )
    client.post(reverse("accounts:profile"), {"first_name": "Claire", "last_name": "Dumas", "language": "en"})
    user = User.objects.get(pk=world.officer.pk)
    assert (user.get_full_name(), user.language) == ("Claire Dumas", "en")
    with pytest.raises(PermissionError):
        actions.update_profile(user, by=world.manager, now=NOW, first_name="A", last_name="B", language="fr")


def test_an_organisation_is_corrected_by_its_signatories(world: World) -> None:
    organisation = world.organisations["applicant"]
    url = reverse("accounts:organisation", args=[organisation.pk])
    for other in (world.applicant_editor, world.other, world.officer):
        assert as_(other).get(url).status_code == 404
    client = as_(world.applicant)
    assert client.get(url).status_code == 200
    values = {
        "name": "Nouveau nom",
        "legal_form": "association",
        "rna": "W751515517",
        "address": "3 rue Neuve",
        "postcode": "69000",
        "city": "Alphaville",
    }
    assert client.post(url, {**values, "postcode": "690"}).status_code == 422
    assert client.post(url, {**values, "siret": SIRET}).status_code == 302
    fresh = Organisation.objects.get(pk=organisation.pk)
    assert (fresh.name, fresh.siret) == ("Nouveau nom", organisation.siret)
