"""Who one is: sessions (P42), guessing (P43), and whether somebody is here at all (P44), over the pages of signing in."""

from __future__ import annotations

import re
import secrets
import statistics
from collections.abc import Callable, Iterator
from time import perf_counter, time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from config.sign_in import SignInAdapter
from tests.guarantees.drill import LONG
from tests.world import PASSWORD, person

LOGIN, LOGOUT, PROFILE = reverse("account_login"), reverse("account_logout"), reverse("accounts:profile")
WRONG = "pas-le-bon-mot-de-passe"
ATTACKER, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def nobody_has_tried(db: None) -> Iterator[None]:
    """Attempts are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def user() -> User:
    return person("Ada", "Lemoine")


def sign_in(client: Client, email: str, password: str = PASSWORD, *, address: str = "127.0.0.1") -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def signed_in(user: User) -> Client:
    client = Client()
    assert sign_in(client, user.email).status_code == 302
    assert knows(client)
    return client


def session_of(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie is not None else ""


def knows(client: Client) -> bool:
    """Whether the browser is somebody's."""
    return client.get(PROFILE).status_code == 200


def holding(session: str | None) -> Client:
    """Another browser that holds that session id, as whoever has stolen it would."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session or ""
    return client


# P42: sessions


def test_p42_signing_in_gives_another_session_and_the_old_id_is_dead(user: User) -> None:
    planted = SessionStore()
    planted["planted"] = True
    planted.create()
    victim = holding(planted.session_key)
    sign_in(victim, user.email)
    assert knows(victim)
    assert session_of(victim) != planted.session_key
    assert not knows(holding(planted.session_key))
    assert not Session.objects.filter(pk=planted.session_key).exists()
    assert knows(holding(session_of(victim)))  # the witness: an id that lives is enough to be somebody


def test_p42_signing_out_ends_the_session_on_the_server(user: User) -> None:
    client, other = signed_in(user), signed_in(user)
    stolen = session_of(client)
    assert client.get(LOGOUT).status_code == 200  # a link or an image signs nobody out
    assert knows(client)
    client.post(LOGOUT)
    assert not knows(holding(stolen))
    assert not Session.objects.filter(pk=stolen).exists()
    assert knows(other)


@pytest.mark.parametrize("factor", ["password", "code"])
def test_p42_proving_again_who_one_is_gives_another_session(user: User, factor: str) -> None:
    if factor == "code":
        secret = second_factor(user)
        client = Client()
        sign_in(client, user.email)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        cache.clear()  # a code is taken once: the next one would take half a minute
        proof = ("mfa_reauthenticate", {"code": code_of(secret)})
    else:
        client, proof = signed_in(user), ("account_reauthenticate", {"password": PASSWORD})
    before = session_of(client)
    wrong = dict.fromkeys(proof[1], "000000")
    assert client.post(reverse(proof[0]), wrong).status_code == 200
    assert session_of(client) == before
    assert client.post(reverse(proof[0]), proof[1]).status_code == 302
    assert session_of(client) != before
    assert knows(client)
    assert not knows(holding(before))


def test_p42_the_second_factor_gives_the_session_its_rights(user: User) -> None:
    secret = second_factor(user)
    client = Client()
    assert sign_in(client, user.email)["Location"] == reverse("mfa_authenticate")
    halfway = session_of(client)
    assert not knows(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert knows(client)
    assert session_of(client) != halfway
    assert not knows(holding(halfway))


@pytest.mark.parametrize("how", ["disabled", "changed", "reset"])
def test_p42_all_the_sessions_of_a_person_end_at_once(user: User, how: str) -> None:
    browsers = [signed_in(user), signed_in(user)]
    if how == "disabled":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif how == "changed":
        values = {"oldpassword": PASSWORD, "password1": "une autre phrase", "password2": "une autre phrase"}
        assert browsers[0].post(reverse("account_change_password"), values).status_code == 302
    else:
        reset(user.email)
    assert [knows(client) for client in browsers] == [False, False]
    sign_in(browsers[0], user.email)
    assert not knows(browsers[0])


def reset(email: str, password: str = "une autre phrase") -> None:
    """Reset a password over the link of the mail."""
    client = Client()
    client.post(reverse("account_reset_password"), {"email": email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page = client.get(link[1])
    done = client.post(page["Location"], {"password1": password, "password2": password})
    assert done.status_code == 302


def second_factor(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time()) // 30))


# P43: guessing


def tries(client: Client, email: str, count: int, *, address: str) -> list[Any]:
    return [sign_in(client, email, f"{WRONG}{n}", address=address) for n in range(count)]


def is_held(answer: Any) -> bool:
    """Whether the password, or the code, was not even looked at."""
    return "too_many_login_attempts" in codes(answer)


def codes(answer: Any) -> set[str]:
    """Why a form was sent back, by the codes of its messages."""
    form = answer.context["form"] if answer.context else None
    return {error.code for found in form.errors.as_data().values() for error in found} if form else set()


def test_p43_from_one_address_an_account_is_tried_ten_times(user: User) -> None:
    answers = tries(Client(), user.email, 12, address=ATTACKER)
    assert [is_held(answer) for answer in answers] == [False] * 10 + [True] * 2
    assert is_held(sign_in(Client(), user.email, address=ATTACKER))  # the right one is no longer taken either


def test_p43_from_one_address_twenty_accounts_are_tried(user: User) -> None:
    answers = [sign_in(Client(), f"n{n}@example.org", WRONG, address=ATTACKER) for n in range(22)]
    assert [is_held(answer) for answer in answers] == [False] * 20 + [True] * 2


def test_p43_an_account_is_tried_a_hundred_times_from_everywhere(user: User) -> None:
    answers = [sign_in(Client(), user.email, WRONG, address=f"203.0.113.{n}") for n in range(102)]
    assert [is_held(answer) for answer in answers] == [False] * 100 + [True] * 2


@pytest.fixture
def few_for_an_account(settings: Any) -> None:
    """The same limits, but for the one that takes a hundred attempts to reach."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_to_account": "15/h/key"}


def test_p43_nobody_keeps_somebody_else_out(user: User, few_for_an_account: None) -> None:
    at_home, before = signed_in(user), Client()
    sign_in(before, user.email, address=ELSEWHERE)
    before.post(LOGOUT)
    tries(Client(), user.email, 11, address=ATTACKER)  # more than the account takes, from elsewhere…
    tries(Client(), user.email, 11, address=ELSEWHERE)  # …and from where the victim is
    for n in range(21):
        sign_in(Client(), f"n{n}@example.org", WRONG, address=ELSEWHERE)
    assert knows(at_home)  # who is signed in stays so
    stranger = Client()
    assert is_held(sign_in(stranger, user.email, address="192.0.2.1"))  # the witness: a new browser is held
    sign_in(before, user.email, address=ELSEWHERE)
    assert knows(before)
    assert before.cookies[settings.DEVICE_COOKIE_NAME]["httponly"]


def test_p43_one_address_that_guesses_does_not_close_the_account_elsewhere(user: User) -> None:
    tries(Client(), user.email, 30, address=ATTACKER)
    newcomer = Client()
    sign_in(newcomer, user.email, address=ELSEWHERE)
    assert knows(newcomer)


def test_p43_a_known_browser_guesses_no_longer_than_another_and_knows_its_own_account_only(
    user: User,
) -> None:
    thief, other = signed_in(user), person("Une", "Autre")
    thief.post(LOGOUT)
    assert [is_held(a) for a in tries(thief, user.email, 12, address=ATTACKER)] == [False] * 10 + [True] * 2
    cache.clear()
    assert [is_held(a) for a in tries(thief, other.email, 12, address=ATTACKER)] == [False] * 10 + [True] * 2
    forged = Client()
    forged.cookies[settings.DEVICE_COOKIE_NAME] = "e30:1v:forged"
    assert is_held(sign_in(forged, other.email, address=ATTACKER))


def test_p43_a_new_password_opens_the_account_again(user: User, few_for_an_account: None) -> None:
    for n in range(2):
        tries(Client(), user.email, 10, address=f"203.0.113.{n}")
    assert is_held(sign_in(Client(), user.email, address=ELSEWHERE))
    reset(user.email, "une phrase toute neuve")
    newcomer = Client()
    sign_in(newcomer, user.email, "une phrase toute neuve", address=ELSEWHERE)
    assert knows(newcomer)


def test_p43_signing_in_weighs_on_no_count(user: User) -> None:
    for _n in range(25):
        client = Client()
        sign_in(client, user.email, address=ELSEWHERE)
        assert knows(client)


def test_p43_the_second_factor_is_tried_ten_times(user: User) -> None:
    secret = second_factor(user)
    client, page = Client(), reverse("mfa_authenticate")
    sign_in(client, user.email)
    good = code_of(secret)
    wrong = f"{(int(good) + 500_000) % 1_000_000:06}"
    for _n in range(10):
        assert codes(client.post(page, {"code": wrong})) == {"incorrect_code"}
    assert is_held(client.post(page, {"code": code_of(secret)}))
    again = Client()  # nor with another session, from another address
    sign_in(again, user.email, address=ELSEWHERE)
    again.post(page, {"code": code_of(secret)}, REMOTE_ADDR=ELSEWHERE)
    assert not knows(again)
    assert Authenticator.objects.filter(user=user).exists()


def test_p43_a_proxy_is_not_everybody_and_the_count_is_one(settings: Any) -> None:
    def faults() -> set[str | None]:
        return {found.id for found in run_checks(tags=["security"], include_deployment_checks=True)}

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert {"quadrige.E010", "quadrige.E011"} <= faults()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert not {"quadrige.E010", "quadrige.E011"} & faults()
    headers = {
        "X-Forwarded-For": f"{ELSEWHERE}, {ATTACKER}"
    }  # the last one is the proxy's word, the others are claimed
    request = RequestFactory(headers=headers).post(LOGIN, REMOTE_ADDR="127.0.0.1")
    assert SignInAdapter(request).get_client_ip(request) == ATTACKER


# P44: whether somebody is here


class Counted(MD5PasswordHasher):
    """Counts how often a password is hashed: what takes the time."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


def names() -> dict[str, str]:
    return {
        "first_name": "Zoé",
        "last_name": "Martin",
        "password1": "une longue phrase",
        "password2": "une longue phrase",
    }


def ask_login(client: Client, email: str) -> Any:
    return sign_in(client, email, WRONG)


def ask_reset(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email})


def ask_signup(client: Client, email: str) -> Any:
    return client.post(reverse("account_signup"), {**names(), "email": email})


def ask_address(client: Client, email: str) -> Any:
    """Somebody with an account adds that address to it."""
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


ASKED: dict[str, Callable[[Client, str], Any]] = {
    "login": ask_login,
    "reset": ask_reset,
    "signup": ask_signup,
    "address": ask_address,
}


def seen(client: Client, ask: Callable[[Client, str], Any], email: str) -> dict[str, Any]:
    """All that whoever asks can see: the answer, the page it leads to, the mails that leave, and the work that takes time."""
    mail.outbox.clear()
    Counted.hashed = 0
    answer = ask(client, email)
    hashed = Counted.hashed
    shown = answer
    while shown.status_code == 302:
        shown = client.get(shown["Location"])
    body = shown.content.decode().replace(email, "…")
    return {
        "status": answer.status_code,
        "leads to": answer.get("Location", ""),
        "headers": sorted(answer.headers),
        "cookies": sorted(answer.cookies),
        "body": re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body),
        "mails": [message.to for message in mail.outbox] == [[email]] or len(mail.outbox),
        "hashed": hashed,
    }


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("kind", ["verified", "unverified", "disabled"])
def test_p44_a_known_and_an_unknown_address_are_answered_alike(
    user: User, what: str, kind: str, settings: Any
) -> None:
    known = person("Connue", "Personne")
    if kind == "unverified":
        EmailAddress.objects.filter(user=known).update(verified=False)
    elif kind == "disabled":
        User.objects.filter(pk=known.pk).update(is_active=False)
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    for somebody in (user, known):
        somebody.set_password(PASSWORD)
        somebody.save()
    answers = []
    for email in (known.email, "inconnue.personne@region-alpha.example"):
        client = signed_in(user) if what == "address" else Client()
        if what == "address":
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            EmailAddress.objects.filter(user=user, primary=False).delete()
        answers.append(seen(client, ASKED[what], email))
    assert answers[0] == answers[1]
    assert (answers[0]["hashed"] > 0) == (what in ("login", "signup"))
    assert answers[0]["mails"] == (0 if what == "login" else True)


@pytest.mark.skipif(not LONG, reason="a statistic of 500 samples each: DRILL=long")
@pytest.mark.parametrize("what", ["login", "signup", "reset"])
def test_p44_the_time_tells_nothing(user: User, what: str, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user.set_password(PASSWORD)
    user.save()
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for _n in range(500):
        for kind in taken:  # in turn, so that whatever else the machine does weighs on both
            cache.clear()
            email = user.email if kind == "known" else f"{secrets.token_hex(6)}@region-alpha.example"
            client = Client()
            started = perf_counter()
            ASKED[what](client, email)
            taken[kind].append(1000 * (perf_counter() - started))
    known, unknown = (statistics.median(taken[kind]) for kind in taken)
    told = f"P44 {what}: known {known:.2f} ms, unknown {unknown:.2f} ms, difference {abs(known - unknown):.2f} ms"
    print(f"\n{told}")  # noqa: T201 (what a drill is for)
    assert abs(known - unknown) < 5
