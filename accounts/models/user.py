"""The person. One e-mail address, one person, any number of capacities."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and return a person who signs in with ``email`` (stored in lower case)."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(UUIDModel, AbstractBaseUser):
    """A person who signs in. Rights come from posts, seats and memberships, never from the person."""

    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    is_active = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message=_("Somebody already signs in with this address."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """First and last name, as on a letter."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """First name."""
        return self.first_name
