"""Signing in, where django-allauth alone would not do: what is counted against guessing, and what changes the session (P42-P44).

Who guesses is stopped by address and account, by address, and by account from all addresses together. The last two would
let anybody keep somebody else out, at a deadline for instance: so a browser in which that account has signed in before
is known by a signed cookie, and is only ever held to its own count. See docs/decisions/0018.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.views import ReauthenticateView
from allauth.core.internal import ratelimit
from allauth.mfa.base.views import ReauthenticateView as SecondFactorView
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import get_random_string, salted_hmac

from accounts.models import User

APP = "allauth.account"  # whose settings name the limits
SALT = "config.sign_in.device"
#: How long a browser is known, and how many accounts it is known for.
KNOWN_FOR = 180 * 24 * 3600
ACCOUNTS_MOST = 8


class SignInAdapter(DefaultAccountAdapter):
    """What allauth asks us about accounts."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this attempt before the password is looked at; a sign-in that succeeds gives it back.

        Raises ValidationError once there were too many.
        """
        self._spent: list[ratelimit.RateLimitUsage] = []
        for action, key in self._counts(request, _account(credentials.get("email"))):
            spent = ratelimit.consume(request, app=APP, action=action, key=key)
            if spent is None:
                self._rollback_login_failed_rl_usage()  # what is refused weighs on no other count
                raise self.validation_error("too_many_login_attempts")
            self._spent.append(spent)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **about: Any) -> HttpResponse:
        """Know this browser again for that account."""
        response = super().post_login(request, user, **about)
        held = _held(request)
        accounts = {_account(address) for address in (user.get_username(), about.get("email")) if address}
        known = [*accounts, *(a for a in held["accounts"] if a not in accounts)][:ACCOUNTS_MOST]
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps({"device": held["device"] or get_random_string(22), "accounts": known}, salt=SALT),
            max_age=KNOWN_FOR,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
        return response

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an account that somebody signs up with its address.

        Who asks must not learn it from the time that the answer takes: an account is made all the same, and undone (P44).
        """
        with transaction.atomic():
            nobody = User.objects.create_user(
                f"{get_random_string(20)}@example.invalid", get_random_string(20)
            )
            EmailAddress.objects.create(user=nobody, email=nobody.email)
            transaction.set_rollback(True)
        super().send_account_already_exists_mail(email)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # a password reset proves who one is: the account's counts begin again
        for action, key in self._counts(request, _account(credentials.get("email"))):
            if key:
                ratelimit.clear(request, app=APP, action=action, key=key)

    def _rollback_login_failed_rl_usage(self) -> None:
        for spent in self._spent:
            spent.rollback()

    def _counts(self, request: HttpRequest, account: str) -> list[tuple[str, str]]:
        """The limits that hold for this browser and this account, each with its key."""
        held = _held(request)
        if account in held["accounts"]:
            return [("login_from_known_device", f"{held['device']}:{account}")]
        return [
            ("login_from_address", ""),
            ("login_from_address_to_account", f"{self.get_client_ip(request)}:{account}"),
            ("login_to_account", account),
        ]


class Reauthenticate(ReauthenticateView):
    """The password asked again: what follows runs under another session id (P42)."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Change the id, then go on."""
        self.request.session.cycle_key()
        return super().form_valid(form)


class ReauthenticateByCode(SecondFactorView):
    """The second factor asked again, likewise."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Change the id, then go on."""
        self.request.session.cycle_key()
        return super().form_valid(form)


def _account(email: Any) -> str:
    """What an account is known by here: its address is in no cookie and in no cache."""
    return salted_hmac(SALT, str(email or "").strip().lower(), algorithm="sha256").hexdigest()[:32]


def _held(request: HttpRequest) -> dict[str, Any]:
    """What the browser's cookie says, or that it says nothing."""
    try:
        found: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KNOWN_FOR
        )
    except signing.BadSignature:
        return {"device": "", "accounts": []}
    return found
