"""Documents of a case: versioned, immutable, known by their SHA-256."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.base import UUIDModel
from workflows.models.case import Case


class Readers(models.TextChoices):
    """Who may read a document. Reviewers read the application and its pieces, not what the Region and the applicant write
    each other, nor the Region's own papers; a bank account is for those who pay to it."""

    CASE = "case", _("Everybody who sees the case")
    PARTIES = "parties", _("The organisation, Region staff and auditors")
    STAFF = "staff", _("Region staff and auditors")
    PAYMENTS = "payments", _("Payments officers and auditors")


class Document(UUIDModel):
    """A place for one document in a case, e.g. the statutes, or the receipt. Its content is its last version."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    code = models.CharField(_("code"), max_length=60)
    label = models.CharField(_("label"), max_length=200)
    audience = models.CharField(
        _("who may read it"),
        max_length=20,
        choices=Readers.choices,
        default=Readers.CASE,
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["case", "code", "created_at", "id"]

    def __str__(self) -> str:
        return self.label


class ScanState(models.TextChoices):
    """Verdict of the antivirus. Only a clean file can be downloaded (guarantee P34)."""

    PENDING = "pending", _("Being checked")
    CLEAN = "clean", _("Checked")
    INFECTED = "infected", _("Quarantined")


class DocumentVersion(UUIDModel):
    """One immutable content of a document. Only the antivirus verdict ever changes."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(_("path in the store"), max_length=400, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_type = models.CharField(_("type"), max_length=120)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("received"))
    scan = models.CharField(_("antivirus"), max_length=20, choices=ScanState.choices)
    scan_detail = models.CharField(_("antivirus detail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="workflows_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"
