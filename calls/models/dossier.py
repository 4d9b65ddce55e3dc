"""The dossier: an application from its draft to its closure. Its one case tells its whole story."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from accounts.models import Organisation
from calls.models.call import Call, FormRevision, RequiredPiece
from calls.models.pact import Axis, IndicatorKind, IndicatorNature
from workflows.models import CaseModel, Document


class DossierState(models.TextChoices):
    """Life of a dossier, in the words of the Region's staff."""

    DRAFT = "draft", _("Draft")
    LAPSED = "lapsed", _("Never submitted")
    SUBMITTED = "submitted", _("Submitted")
    PIECES_REQUESTED = "pieces_requested", _("Pieces requested")
    COMPLETE = "complete", _("Complete")
    ADMISSIBLE = "admissible", _("Admissible")
    INADMISSIBLE = "inadmissible", _("Inadmissible")
    IN_REVIEW = "in_review", _("Under review")
    INELIGIBLE = "ineligible", _("Ineligible")
    REVIEWED = "reviewed", _("Reviewed")
    RESERVE = "reserve", _("On the reserve list")
    AWARDED = "awarded", _("Awarded")
    REFUSED = "refused", _("Not retained")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDER_CONTRACT = "under_contract", _("Under contract")
    CLOSED = "closed", _("Closed")


#: The same states as an applicant reads them: never an internal word (interface.md).
APPLICANT_LABELS: dict[str, Any] = {
    DossierState.DRAFT: _("To be completed"),
    DossierState.LAPSED: _("Not submitted in time"),
    DossierState.SUBMITTED: _("Received, being checked"),
    DossierState.PIECES_REQUESTED: _("Pieces are missing"),
    DossierState.COMPLETE: _("Received, complete"),
    DossierState.ADMISSIBLE: _("Received, complete"),
    DossierState.INADMISSIBLE: _("Not admissible"),
    DossierState.IN_REVIEW: _("Being examined"),
    DossierState.INELIGIBLE: _("Not eligible"),
    DossierState.REVIEWED: _("Being examined"),
    DossierState.RESERVE: _("On the reserve list"),
    DossierState.AWARDED: _("Subsidy awarded"),
    DossierState.REFUSED: _("Not retained"),
    DossierState.WITHDRAWN: _("Withdrawn"),
    DossierState.UNDER_CONTRACT: _("Under way"),
    DossierState.CLOSED: _("Finished"),
}

#: States after which nothing happens any more.
FINAL_STATES = frozenset(
    {
        DossierState.LAPSED,
        DossierState.INADMISSIBLE,
        DossierState.INELIGIBLE,
        DossierState.REFUSED,
        DossierState.WITHDRAWN,
        DossierState.CLOSED,
    }
)

#: States in which the Region has the file before it and has not decided.
UNDER_EXAMINATION = frozenset(
    {
        DossierState.SUBMITTED,
        DossierState.PIECES_REQUESTED,
        DossierState.COMPLETE,
        DossierState.ADMISSIBLE,
        DossierState.IN_REVIEW,
        DossierState.REVIEWED,
    }
)

#: States from which the applicant may still withdraw: nothing is signed yet.
WITHDRAWABLE = frozenset({DossierState.DRAFT, *UNDER_EXAMINATION, DossierState.RESERVE, DossierState.AWARDED})


class BudgetBasis(models.TextChoices):
    """Whether the amounts bear the value added tax: an applicant who recovers it counts without."""

    WITH_TAX = "ttc", _("VAT included")
    WITHOUT_TAX = "ht", _("VAT excluded")


class Dossier(CaseModel):
    """One application by one organisation to one call. Amounts in euros, to the cent."""

    related: ClassVar[tuple[str, ...]] = (
        "case__region",
        "call__case",
        "call__envelope",
        "organisation",
        "axis",
        "revision",
    )

    call = models.ForeignKey(Call, models.PROTECT, related_name="dossiers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="dossiers")
    revision = models.ForeignKey(FormRevision, models.PROTECT, related_name="dossiers")
    rank = models.PositiveIntegerField(_("number in the call"))
    title = models.CharField(_("title of the project"), max_length=200)
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    axis = models.ForeignKey(Axis, models.PROTECT, null=True, blank=True, related_name="dossiers")
    publics = models.JSONField(_("target publics"), default=list, blank=True)
    territories = models.JSONField(_("territories"), default=list, blank=True)
    starts_on = models.DateField(_("project starts"), null=True, blank=True)
    ends_on = models.DateField(_("project ends"), null=True, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    versions = models.JSONField(_("version of each section"), default=dict, blank=True)
    requested_amount = models.DecimalField(
        _("subsidy requested"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    total_cost = models.DecimalField(_("total cost"), max_digits=12, decimal_places=2, default=0)
    eligible_cost = models.DecimalField(_("eligible cost"), max_digits=12, decimal_places=2, default=0)
    budget_basis = models.CharField(
        _("amounts of the budget"), max_length=3, choices=BudgetBasis.choices, blank=True
    )
    awarded_amount = models.DecimalField(
        _("subsidy awarded"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    score = models.DecimalField(_("score out of 100"), max_digits=5, decimal_places=2, null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="dossiers_in_charge"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("received"), null=True, blank=True)
    implicit_rejection_on = models.DateField(_("silence means rejection on"), null=True, blank=True)
    decision_released_at = models.DateTimeField(_("decision notified"), null=True, blank=True)
    state = FSMField(_("state"), choices=DossierState.choices, default=DossierState.DRAFT, protected=True)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-submitted_at", "id"]
        indexes = [
            models.Index(fields=["call", "state"]),
            models.Index(fields=["organisation", "state"]),
            # The staff's worklist: its tabs are counted, and its first pages read, from these alone.
            models.Index(
                fields=["submitted_at"],
                include=["state", "case"],
                condition=Q(submitted_at__isnull=False),
                name="calls_dossier_worklist",
            ),
            models.Index(
                F("requested_amount").desc(nulls_last=True),
                "id",
                condition=Q(submitted_at__isnull=False),
                name="calls_dossier_by_amount",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "rank"], name="calls_dossier_rank"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "lapsed", "withdrawn"])
                | Q(
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                    implicit_rejection_on__isnull=False,
                ),
                name="calls_dossier_submitted_is_dated",
                violation_error_message=_("A submitted dossier has its date, its author and its legal date."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["awarded", "under_contract", "closed"])
                | Q(awarded_amount__isnull=False, awarded_amount__gt=0),
                name="calls_dossier_award_has_amount",
                violation_error_message=_("An award has an amount."),
            ),
            models.CheckConstraint(
                condition=Q(awarded_amount__isnull=True) | Q(awarded_amount__lte=F("requested_amount")),
                name="calls_dossier_award_within_request",
                violation_error_message=_("The award goes beyond what was requested."),
            ),
            models.CheckConstraint(
                condition=Q(requested_amount__gte=0) & Q(total_cost__gte=0) & Q(eligible_cost__gte=0),
                name="calls_dossier_amounts_positive",
                violation_error_message=_("Amounts cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="calls_dossier_dates_in_order",
                violation_error_message=_("The project ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def told_state(self) -> DossierState:
        """The state as far as the applicant is told: a decision not yet notified stays unknown to them."""
        unknown = {
            DossierState.INADMISSIBLE: DossierState.SUBMITTED,
            DossierState.INELIGIBLE: DossierState.ADMISSIBLE,
            DossierState.RESERVE: DossierState.IN_REVIEW,
            DossierState.AWARDED: DossierState.IN_REVIEW,
            DossierState.REFUSED: DossierState.IN_REVIEW,
        }
        state = DossierState(self.state)
        return unknown.get(state, state) if self.decision_released_at is None else state

    def applicant_label(self) -> Any:
        """The state in the applicant's words."""
        return APPLICANT_LABELS[self.told_state()]

    @property
    def is_final(self) -> bool:
        """Whether nothing happens any more."""
        return self.state in FINAL_STATES

    @transition(state, source=DossierState.DRAFT, target=DossierState.SUBMITTED)
    def submit(self) -> None:
        """Received by the Region."""

    @transition(state, source=DossierState.DRAFT, target=DossierState.LAPSED)
    def lapse(self) -> None:
        """The call closed before it was submitted."""

    @transition(state, source=DossierState.SUBMITTED, target=DossierState.PIECES_REQUESTED)
    def request_pieces(self) -> None:
        """The legal clock is suspended."""

    @transition(state, source=DossierState.PIECES_REQUESTED, target=DossierState.SUBMITTED)
    def resume_check(self) -> None:
        """Pieces were produced, or the time allowed is over."""

    @transition(state, source=DossierState.SUBMITTED, target=DossierState.COMPLETE)
    def declare_complete(self) -> None:
        """Every indispensable piece is there."""

    @transition(state, source=DossierState.COMPLETE, target=DossierState.ADMISSIBLE)
    def declare_admissible(self) -> None:
        """Formally in order."""

    @transition(
        state, source=[DossierState.SUBMITTED, DossierState.COMPLETE], target=DossierState.INADMISSIBLE
    )
    def declare_inadmissible(self) -> None:
        """Rejected on form."""

    @transition(state, source=DossierState.ADMISSIBLE, target=DossierState.IN_REVIEW)
    def declare_eligible(self) -> None:
        """Goes to the reviewers and the colleges."""

    @transition(state, source=DossierState.ADMISSIBLE, target=DossierState.INELIGIBLE)
    def declare_ineligible(self) -> None:
        """Outside what the call may fund."""

    @transition(state, source=DossierState.IN_REVIEW, target=DossierState.REVIEWED)
    def conclude_review(self) -> None:
        """Scores and opinions are all in."""

    @transition(state, source=[DossierState.REVIEWED, DossierState.RESERVE], target=DossierState.AWARDED)
    def award(self) -> None:
        """Voted, or promoted from the reserve list."""

    @transition(state, source=DossierState.REVIEWED, target=DossierState.RESERVE)
    def put_on_reserve(self) -> None:
        """May be promoted if another withdraws."""

    @transition(state, source=[DossierState.REVIEWED, DossierState.RESERVE], target=DossierState.REFUSED)
    def refuse(self) -> None:
        """Not retained."""

    @transition(state, source=list(WITHDRAWABLE), target=DossierState.WITHDRAWN)
    def withdraw(self) -> None:
        """Given up by the applicant."""

    @transition(state, source=DossierState.AWARDED, target=DossierState.UNDER_CONTRACT)
    def start_contract(self) -> None:
        """The contract is signed by both."""

    @transition(state, source=DossierState.UNDER_CONTRACT, target=DossierState.CLOSED)
    def close(self) -> None:
        """Settled; read-only from now on."""


class Partner(CaseModel):
    """An organisation that takes part in the project."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    siret = models.CharField(_("SIRET"), max_length=14)
    role = models.CharField(_("role in the project"), max_length=300)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["dossier", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "siret"],
                name="calls_partner_once",
                violation_error_message=_("This partner is already in the dossier."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class BudgetSide(models.TextChoices):
    """Which side of the plan a line stands on."""

    EXPENSE = "expense", _("Expense")
    INCOME = "income", _("Income")


class BudgetLine(CaseModel):
    """One line of one year, in euros. Expenses and income balance to the cent, per year."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="budget")
    year = models.PositiveSmallIntegerField(_("year"))
    side = models.CharField(_("side"), max_length=8, choices=BudgetSide.choices)
    code = models.CharField(_("account"), max_length=20)
    label = models.CharField(_("label"), max_length=200)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["dossier", "year", "side", "code", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="calls_budget_positive",
                violation_error_message=_("Amounts cannot be negative."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.code} {self.amount}"


class DossierIndicator(CaseModel):
    """What the project commits itself to be measured by (S51)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="indicators")
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("label"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=IndicatorKind.choices)
    nature = models.CharField(_("nature"), max_length=14, choices=IndicatorNature.choices)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    baseline = models.CharField(_("starting point"), max_length=120, blank=True)
    target = models.CharField(_("target"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("indicator of the dossier")
        verbose_name_plural = _("indicators of the dossier")
        ordering = ["dossier", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "code"],
                name="calls_dossier_indicator_once",
                violation_error_message=_("This indicator is already in the dossier."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class Piece(CaseModel):
    """A required piece as given in a dossier: its document, others beside it where the call allows, and what was found."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="pieces")
    required = models.ForeignKey(RequiredPiece, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    more = models.ManyToManyField(Document, related_name="+", blank=True, verbose_name=_("other files"))
    verdict = models.CharField(
        _("verdict"),
        max_length=10,
        choices=[
            ("", _("Not checked")),
            ("accepted", pgettext_lazy("a piece", "Accepted")),
            ("rejected", _("To be replaced")),
        ],
        blank=True,
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("piece")
        verbose_name_plural = _("pieces")
        ordering = ["dossier", "required__number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "required"], name="calls_piece_once")]

    def __str__(self) -> str:
        return str(self.required)


class Receipt(CaseModel):
    """The acknowledgement of an electronic submission, with the mentions of CRPA R112-11-1."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="receipt")
    received_at = models.DateTimeField(_("received"))
    implicit_rejection_on = models.DateField(_("silence means rejection on"))
    attested_by = models.CharField(_("attested by"), max_length=200)
    attestation = models.TextField(_("attestation"))
    content_sha256 = models.CharField(_("SHA-256 of the application"), max_length=64)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return str(self.dossier)
