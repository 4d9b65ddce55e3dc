"""The ranking of a call: main list, reserve list, not retained, within the envelope."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from calls.models import Call, Dossier
from workflows.models import CaseModel


class RankingState(models.TextChoices):
    """Life of a ranking."""

    DRAFT = "draft", _("In preparation")
    PROPOSED = "proposed", _("Proposed")
    VALIDATED = "validated", _("Validated")
    VOTED = "voted", _("Voted")


class Ranking(CaseModel):
    """A version of the ranking, on the call's case; proposed by one person, validated by another (P33)."""

    related: ClassVar[tuple[str, ...]] = ("case__region", "call__envelope")

    call = models.ForeignKey(Call, models.PROTECT, related_name="rankings")
    number = models.PositiveSmallIntegerField(_("version"))
    threshold = models.PositiveSmallIntegerField(_("threshold"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validated_at = models.DateTimeField(_("validated"), null=True, blank=True)
    state = FSMField(_("state"), choices=RankingState.choices, default=RankingState.DRAFT, protected=True)

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ["call", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="reviews_ranking_number"),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True) | ~Q(validated_by=F("proposed_by")),
                name="reviews_ranking_two_people",
                violation_error_message=_("A ranking is validated by somebody other than who proposed it."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["validated", "voted"])
                | Q(validated_by__isnull=False, validated_at__isnull=False, proposed_by__isnull=False),
                name="reviews_ranking_validated_complete",
                violation_error_message=_("A validated ranking has both its authors."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} v{self.number}"

    @transition(state, source=RankingState.DRAFT, target=RankingState.PROPOSED)
    def propose(self) -> None:
        """Ready for validation."""

    @transition(state, source=RankingState.PROPOSED, target=RankingState.DRAFT)
    def send_back(self) -> None:
        """The validator wants changes."""

    @transition(state, source=RankingState.PROPOSED, target=RankingState.VALIDATED)
    def validate(self) -> None:
        """Goes to the vote."""

    @transition(state, source=RankingState.VALIDATED, target=RankingState.VOTED)
    def vote(self) -> None:
        """The commission permanente has voted on it."""


class RankingList(models.TextChoices):
    """Where a dossier stands."""

    MAIN = "main", _("Main list")
    RESERVE = "reserve", _("Reserve list")
    NOT_RETAINED = "not_retained", _("Not retained")


class RankingLine(CaseModel):
    """One dossier's place and proposed amount, in euros.

    ``basis`` keeps what the published rule said when the line was drafted: ``{"list", "amount", "ground", "criteria": [mean by
    criterion number], "synthesis"}``; a line that departs from it has its ``reason``.
    """

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="lines")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="ranking_lines")
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    list = models.CharField(_("list"), max_length=14, choices=RankingList.choices)
    amount = models.DecimalField(_("proposed amount"), max_digits=12, decimal_places=2, default=0)
    voted_amount = models.DecimalField(
        _("amount voted"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    basis = models.JSONField(_("what the rule said"), default=dict)

    class Meta:
        verbose_name = _("line of the ranking")
        verbose_name_plural = _("lines of the ranking")
        ordering = ["ranking", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["ranking", "dossier"], name="reviews_line_once"),
            models.UniqueConstraint(fields=["ranking", "rank"], name="reviews_line_rank"),
            models.CheckConstraint(
                condition=Q(list="not_retained", amount=0) | (~Q(list="not_retained") & Q(amount__gt=0)),
                name="reviews_line_amount",
                violation_error_message=_(
                    "A listed dossier has an amount, one that is not retained has none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.dossier}"
