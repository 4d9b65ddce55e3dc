"""Timers: what must happen by itself at an instant, if nothing happens before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.base import UUIDModel
from workflows.models.case import Case


class TimerState(models.TextChoices):
    """Life of a timer. It fires once, or is cancelled."""

    PENDING = "pending", _("Running")
    FIRED = "fired", _("Fired")
    CANCELLED = "cancelled", pgettext_lazy("a task", "Cancelled")


class Timer(UUIDModel):
    """At ``due_at`` the system performs ``verb`` on an object of the case (guarantee P19)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="timers")
    verb = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.UUIDField(_("object"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=20, choices=TimerState.choices, default=TimerState.PENDING
    )
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_error = models.TextField(_("cause"), blank=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="pending"), name="workflows_timer_pending"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "verb", "object_id"],
                condition=models.Q(state="pending"),
                name="workflows_timer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.due_at:%Y-%m-%d %H:%M}"
