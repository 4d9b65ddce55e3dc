"""The outbox: the truth about what must still happen outside the verb's transaction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel
from workflows.models.case import Case
from workflows.models.journal import Entry


class OutboxState(models.TextChoices):
    """Life of a job. An incident waits for a person, who sees its cause and may retry it (guarantee P15)."""

    PENDING = "pending", _("To do")
    DONE = "done", _("Done")
    INCIDENT = "incident", _("Incident")


class OutboxJob(UUIDModel):
    """One effect owed to the outside (mail, letter, scan…), written in the verb's own transaction."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="jobs")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="jobs")
    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("payload"), default=dict)
    due_at = models.DateTimeField(_("not before"))
    state = models.CharField(
        _("state"), max_length=20, choices=OutboxState.choices, default=OutboxState.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("cause"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="pending"), name="workflows_outbox_pending"
            ),
            models.Index(
                fields=["due_at"], condition=models.Q(state="incident"), name="workflows_outbox_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"
