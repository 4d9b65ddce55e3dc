"""Who signs in by e-mail address and password, and who a session belongs to."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts.compiled import by_key
from accounts.models import User


class Backend(AuthenticationBackend):
    """allauth's, alone: beside Django's own, each wrong password would be hashed twice."""

    def get_user(self, user_id: UUID) -> User | None:
        """The person of a session, asked at each request; nobody when the account is not active."""
        user = by_key(User, UUID).first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
