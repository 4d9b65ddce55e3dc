"""What a flow knows of a case: its process, and one work item per human step that waits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.workflow.models import Process, Task

from accounts.models.base import UUIDModel
from workflows.models.case import Case


class CaseProcess(Process):
    """A viewflow process with a real foreign key to its case. No business data lives here (trap 4)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.UUIDField(_("subject"))

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")


class WorkItemState(models.TextChoices):
    """Life of a work item."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", pgettext_lazy("a task", "Cancelled")


class WorkItem(UUIDModel):
    """ "Somebody of this audience must perform one of these verbs before this date": a line of the inbox."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="work_items")
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="work_item")
    step = models.CharField(_("step"), max_length=120)
    audience = models.CharField(_("for whom"), max_length=120)
    verbs = models.JSONField(_("acts that complete it"), default=list)
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.UUIDField(_("object"))
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=WorkItemState.choices, default=WorkItemState.OPEN
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("completed by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        ordering = [models.F("due_at").asc(nulls_last=True), "opened_at", "id"]
        indexes = [
            models.Index(
                fields=["audience", "due_at"],
                condition=models.Q(state="open"),
                name="workflows_item_audience",
            ),
            models.Index(fields=["case"], condition=models.Q(state="open"), name="workflows_item_case"),
        ]

    def __str__(self) -> str:
        return self.step
