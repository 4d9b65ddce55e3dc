"""The call: its text, its window, its money, and the rules by which dossiers will be judged."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models.base import UUIDModel
from calls.models.pact import Axis, Pact
from workflows.models import CaseModel


class CallKind(models.TextChoices):
    """AAP, AMI or experimentation (S28, S29)."""

    AAP = "aap", _("Call for projects")
    AMI = "ami", _("Call for expressions of interest")
    EXPERIMENTATION = "exp", _("Experimentation")


class CallState(models.TextChoices):
    """Life of a call."""

    DRAFT = "draft", _("In preparation")
    IN_VALIDATION = "in_validation", _("Waiting for validation")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed, under examination")
    DECIDED = "decided", _("Decided")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class CoparefScope(models.TextChoices):
    """Whether the COPAREF is consulted, and on what (S25: the seed attaches it to the whole, not to each dossier)."""

    NONE = "none", _("Not consulted")
    SHORTLIST = "shortlist", _("On the shortlist as a whole")
    DOSSIER = "dossier", _("On the shortlist and on each dossier")


class AidBasis(models.TextChoices):
    """Legal basis in State-aid law (domain §4.4)."""

    NO_AID = "no_aid", _("No State aid")
    DE_MINIMIS = "de_minimis", _("De minimis, regulation (EU) 2023/2831")
    SGEI = "sgei", _("Services of general economic interest")
    EXEMPTED = "exempted", _("Exempted training-aid scheme")


class Call(CaseModel):
    """A call under a pact. Its text and form are frozen, with their SHA-256, when it is published."""

    related: ClassVar[tuple[str, ...]] = ("case__region", "pact", "envelope")

    pact = models.ForeignKey(Pact, models.PROTECT, related_name="calls")
    kind = models.CharField(_("kind"), max_length=4, choices=CallKind.choices)
    sequence = models.PositiveSmallIntegerField(_("number in the year"))
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=2000)
    text = models.TextField(_("text of the call"), max_length=60000)
    axes = models.ManyToManyField(Axis, related_name="calls", verbose_name=_("axes"))
    publics = models.JSONField(_("target publics"), default=list)
    territories = models.JSONField(_("territories"), default=list)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    first_closes_at = models.DateTimeField(_("closing before its extension"), null=True, blank=True)
    max_rate = models.DecimalField(
        _("maximum rate of the subsidy"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("In % of the eligible cost."),
    )
    min_amount = models.DecimalField(_("smallest subsidy"), max_digits=12, decimal_places=2, default=0)
    max_amount = models.DecimalField(_("largest subsidy"), max_digits=12, decimal_places=2)
    aid_basis = models.CharField(_("State-aid basis"), max_length=12, choices=AidBasis.choices)
    colleges = models.JSONField(_("colleges consulted"), default=list)
    assessors_per_dossier = models.PositiveSmallIntegerField(
        _("reviewers per dossier"), default=2, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    assessment_days = models.PositiveSmallIntegerField(_("days to assess"), default=15)
    opinion_days = models.PositiveSmallIntegerField(_("days for the colleges' opinions"), default=25)
    coparef = models.CharField(
        _("COPAREF opinion"), max_length=10, choices=CoparefScope.choices, default=CoparefScope.SHORTLIST
    )
    coparef_days = models.PositiveSmallIntegerField(_("days for the COPAREF opinion"), default=21)
    threshold = models.PositiveSmallIntegerField(
        _("score below which a dossier is not retained"), default=60, validators=[MaxValueValidator(100)]
    )
    advance_rate = models.PositiveSmallIntegerField(
        _("advance at notification (%)"), default=40, validators=[MaxValueValidator(50)]
    )
    interim_rate = models.PositiveSmallIntegerField(
        _("interim payment (%)"), default=40, validators=[MaxValueValidator(80)]
    )
    reporting = models.JSONField(
        _("reporting calendar"),
        default=list,
        help_text=_("Months after the start of the project, one per report."),
    )
    contact = models.EmailField(_("contact"))
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    text_sha256 = models.CharField(_("SHA-256 of the published text"), max_length=64, blank=True)
    state = FSMField(_("state"), choices=CallState.choices, default=CallState.DRAFT, protected=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-closes_at", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="calls_call_window_in_order",
                violation_error_message=_("The call closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(min_amount__gte=0) & Q(max_amount__gte=F("min_amount")),
                name="calls_call_amounts_in_order",
                violation_error_message=_("The largest subsidy is smaller than the smallest."),
            ),
            models.CheckConstraint(
                condition=Q(max_rate__gt=0) & Q(max_rate__lte=100),
                name="calls_call_rate",
                violation_error_message=_("The rate is between 1 and 100 %."),
            ),
            models.CheckConstraint(
                condition=Q(advance_rate__lte=50) & Q(interim_rate__lte=100 - F("advance_rate")),
                name="calls_call_payment_rates",
                violation_error_message=_("Advance and interim payment leave something for the balance."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_validation", "cancelled"])
                | Q(published_at__isnull=False, validated_by__isnull=False) & ~Q(text_sha256=""),
                name="calls_call_published_is_frozen",
                violation_error_message=_("A published call has its validator, date and frozen text."),
            ),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True) | ~Q(validated_by=F("prepared_by")),
                name="calls_call_two_people",
                violation_error_message=_("A call is validated by somebody other than who prepared it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(state, source=CallState.DRAFT, target=CallState.IN_VALIDATION)
    def submit_for_validation(self) -> None:
        """Its preparation is finished."""

    @transition(state, source=CallState.IN_VALIDATION, target=CallState.DRAFT)
    def send_back(self) -> None:
        """The validator wants changes."""

    @transition(state, source=CallState.IN_VALIDATION, target=CallState.PUBLISHED)
    def publish(self) -> None:
        """Text and form are frozen."""

    @transition(state, source=CallState.PUBLISHED, target=CallState.CLOSED)
    def close(self) -> None:
        """The window is over."""

    @transition(state, source=CallState.CLOSED, target=CallState.DECIDED)
    def decide(self) -> None:
        """The commission permanente has voted."""

    @transition(state, source=CallState.DECIDED, target=CallState.COMPLETED)
    def complete(self) -> None:
        """Every dossier is closed."""

    @transition(
        state,
        source=[CallState.DRAFT, CallState.IN_VALIDATION, CallState.PUBLISHED],
        target=CallState.CANCELLED,
    )
    def cancel(self) -> None:
        """The Region gives the call up."""


class Envelope(UUIDModel):
    """The call's money, in euros. ``committed`` never exceeds ``amount``, whoever acts at once (P11)."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="envelope")
    amount = models.DecimalField(_("envelope"), max_digits=14, decimal_places=2)
    committed = models.DecimalField(_("committed"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        ordering = ["call"]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed__gte=0) & Q(committed__lte=F("amount")),
                name="calls_envelope_not_exceeded",
                violation_error_message=_("This goes beyond the envelope."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.committed}/{self.amount}"

    @property
    def available(self) -> object:
        """What can still be committed, in euros."""
        return self.amount - self.committed


class Criterion(UUIDModel):
    """A weighted criterion, scored 0 to 5; the weights of a call add up to 100."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=200)
    guidance = models.TextField(_("guidance"), max_length=2000, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    eliminatory = models.BooleanField(_("eliminatory below 2"), default=False)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_criterion_number")]

    def __str__(self) -> str:
        return self.label


class PieceCondition(models.TextChoices):
    """When a piece is asked for, beside the legal form."""

    ALWAYS = "always", _("Always")
    PARTNERS = "partners", _("When the project has partners")
    TRAINING = "training", _("When the applicant is a training organisation")
    IF_CONCERNED = "if_concerned", _("If the applicant is concerned")


class RequiredPiece(UUIDModel):
    """A piece that applicants of some legal forms must give. Only an indispensable one stops the examination."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="required_pieces")
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.CharField(_("code"), max_length=30)
    label = models.CharField(_("label"), max_length=200)
    guidance = models.CharField(_("guidance"), max_length=500, blank=True)
    legal_forms = models.JSONField(_("legal forms concerned"), default=list)
    condition = models.CharField(
        _("when it is asked for"),
        max_length=12,
        choices=PieceCondition.choices,
        default=PieceCondition.ALWAYS,
    )
    indispensable = models.BooleanField(_("indispensable"), default=True)
    multiple = models.BooleanField(_("several files"), default=False)

    class Meta:
        verbose_name = _("required piece")
        verbose_name_plural = _("required pieces")
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="calls_required_piece_code")]

    def __str__(self) -> str:
        return self.label

    def concerns(self, legal_form: str) -> bool:
        """Whether an applicant of that legal form must give it (no form named: everybody)."""
        return not self.legal_forms or legal_form in self.legal_forms


class FormRevision(UUIDModel):
    """The questions of a call; immutable once published. A dossier keeps the revision it began with (P21).

    ``schema`` is a list of sections ``{"code", "title", "questions": [{"code", "label", "help", "kind", "required",
    "max_length", "choices"}]}``; the kinds are those of :class:`calls.reference.form.Kind`.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("revision"))
    schema = models.JSONField(_("sections and questions"), default=list)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("form revision")
        verbose_name_plural = _("form revisions")
        ordering = ["call", "-number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_revision_number")]

    def __str__(self) -> str:
        return f"v{self.number}"
