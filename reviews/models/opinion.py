"""Opinions: of the four colleges on a dossier, their synthesis, and the COPAREF's reasoned opinion."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts.models import Body, College
from calls.models import Call, Dossier
from workflows.models import CaseModel


class OpinionValue(models.TextChoices):
    """What a college says (domain §2.7, 3)."""

    FAVOURABLE = "favourable", _("Favourable")
    WITH_RESERVATIONS = "with_reservations", _("Favourable with reservations")
    UNFAVOURABLE = "unfavourable", _("Unfavourable")
    ABSTENTION = "abstention", _("Abstention")


class OpinionState(models.TextChoices):
    """Life of an opinion."""

    AWAITED = "awaited", _("Awaited")
    GIVEN = "given", _("Given")
    NOT_GIVEN = "not_given", _("Not given in time")


class CollegeOpinion(CaseModel):
    """The opinion of one college on one dossier, given by one of its seat holders."""

    related: ClassVar[tuple[str, ...]] = ("case__region", "dossier__call", "dossier__organisation", "body")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    college = models.CharField(_("college"), max_length=20, choices=College.choices)
    value = models.CharField(_("opinion"), max_length=20, choices=OpinionValue.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=5000, blank=True)
    minority = models.TextField(_("minority position"), max_length=5000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    given_at = models.DateTimeField(_("given"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"))
    state = FSMField(_("state"), choices=OpinionState.choices, default=OpinionState.AWAITED, protected=True)

    class Meta:
        verbose_name = _("opinion of a college")
        verbose_name_plural = _("opinions of the colleges")
        ordering = ["dossier", "college"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "college"], name="reviews_opinion_once"),
            models.CheckConstraint(
                condition=~Q(state="given")
                | (Q(given_by__isnull=False, given_at__isnull=False) & ~Q(value="")),
                name="reviews_opinion_given_complete",
                violation_error_message=_("An opinion has its value, its author and its date."),
            ),
            models.CheckConstraint(
                condition=~Q(value="unfavourable") | ~Q(reasons=""),
                name="reviews_opinion_unfavourable_reasons",
                violation_error_message=_("An unfavourable opinion gives its grounds."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_college_display()} · {self.dossier}"

    @transition(state, source=OpinionState.AWAITED, target=OpinionState.GIVEN)
    def give(self) -> None:
        """The college has spoken."""

    @transition(state, source=OpinionState.AWAITED, target=OpinionState.NOT_GIVEN)
    def pass_over(self) -> None:
        """The due date passed: never counted as favourable."""


class ReservationKind(models.TextChoices):
    """What a reservation asks for (domain §2.7, 3)."""

    SUSPENSIVE = "suspensive", _("Suspensive")
    IN_CONTRACT = "in_contract", _("To be settled in the contract")
    RECOMMENDATION = "recommendation", _("Recommendation")


class Reservation(CaseModel):
    """One typed reservation of a favourable opinion. A suspensive one is lifted before the contract goes out."""

    related: ClassVar[tuple[str, ...]] = ("case__region", "opinion__dossier")

    opinion = models.ForeignKey(CollegeOpinion, models.PROTECT, related_name="reservations")
    kind = models.CharField(_("kind"), max_length=16, choices=ReservationKind.choices)
    text = models.TextField(_("reservation"), max_length=2000)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_reasons = models.TextField(_("why it is lifted"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["opinion", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lift_reasons="")),
                name="reviews_reservation_lifted_reasons",
                violation_error_message=_("A reservation is lifted by somebody, for reasons."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class SynthesisValue(models.TextChoices):
    """Outcome of the stored rule over the four opinions (domain §2.7, 5)."""

    CONSENSUS_FAVOURABLE = "consensus_favourable", _("Favourable by consensus")
    MAJORITY_FAVOURABLE = "majority_favourable", _("Favourable by majority")
    DIVIDED = "divided", _("Divided")
    MAJORITY_UNFAVOURABLE = "majority_unfavourable", _("Unfavourable by majority")
    CONSENSUS_UNFAVOURABLE = "consensus_unfavourable", _("Unfavourable by consensus")


class Synthesis(CaseModel):
    """The synthesis of the colleges' opinions, with the version of the rule that made it (CRPA L312-1-3)."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="synthesis")
    value = models.CharField(_("synthesis"), max_length=24, choices=SynthesisValue.choices)
    rule_version = models.CharField(_("version of the rule"), max_length=20)
    counts = models.JSONField(_("counts"), default=dict)
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("synthesis of the opinions")
        verbose_name_plural = _("syntheses of the opinions")
        ordering = ["dossier"]

    def __str__(self) -> str:
        return self.get_value_display()


class Position(models.TextChoices):
    """Whether the two colleges of the COPAREF speak with one voice (domain §2.4)."""

    COMMON = "common", _("Common position")
    DIVERGENT = "divergent", _("Divergent positions")


class BodyOpinionState(models.TextChoices):
    """Life of a reasoned opinion."""

    REQUESTED = "requested", _("Requested")
    GIVEN = "given", _("Given")
    NOT_GIVEN = "not_given", _("No opinion")


class BodyOpinion(CaseModel):
    """The COPAREF's reasoned opinion: on a call's shortlist (the call's case) or on one dossier (its case).

    Silence at the due date means « no opinion », never a favourable one (domain §2.7, 6).
    """

    related: ClassVar[tuple[str, ...]] = ("case__region", "call", "dossier", "body")

    call = models.ForeignKey(Call, models.PROTECT, related_name="body_opinions")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="body_opinions")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    question = models.TextField(_("question asked"), max_length=5000, blank=True)
    shortlist = models.JSONField(_("shortlist submitted"), default=list)
    requested_at = models.DateTimeField(_("requested"))
    due_at = models.DateTimeField(_("due"))
    position = models.CharField(_("position"), max_length=10, choices=Position.choices, blank=True)
    value = models.CharField(_("opinion"), max_length=20, choices=OpinionValue.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=10000, blank=True)
    employers_position = models.TextField(_("position of the employers"), max_length=5000, blank=True)
    unions_position = models.TextField(_("position of the unions"), max_length=5000, blank=True)
    objectives = models.TextField(_("objectives wished for"), max_length=5000, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(_("given"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=BodyOpinionState.choices, default=BodyOpinionState.REQUESTED, protected=True
    )

    class Meta:
        verbose_name = _("reasoned opinion of the COPAREF")
        verbose_name_plural = _("reasoned opinions of the COPAREF")
        ordering = ["call", "requested_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(dossier__isnull=True) & ~Q(state="not_given"),
                name="reviews_body_opinion_once_per_call",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(dossier__isnull=False),
                name="reviews_body_opinion_once_per_dossier",
            ),
            models.CheckConstraint(
                condition=~Q(state="given")
                | (Q(given_at__isnull=False, given_by__isnull=False) & ~Q(position="") & ~Q(reasons="")),
                name="reviews_body_opinion_reasoned",
                violation_error_message=_("A reasoned opinion has its position and its reasons."),
            ),
            models.CheckConstraint(
                condition=~Q(position="divergent") | (~Q(employers_position="") & ~Q(unions_position="")),
                name="reviews_body_opinion_divergent_both",
                violation_error_message=_("Divergent positions are both written down."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} · {self.dossier or self.call}"

    @transition(state, source=BodyOpinionState.REQUESTED, target=BodyOpinionState.GIVEN)
    def give(self) -> None:
        """The body has spoken."""

    @transition(state, source=BodyOpinionState.REQUESTED, target=BodyOpinionState.NOT_GIVEN)
    def pass_over(self) -> None:
        """Silence: no opinion."""
