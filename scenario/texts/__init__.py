"""Realistic words, in French, for every stage of a dossier; the same generator state gives the same words."""

from scenario.texts.budgets import YearBudget, budget, spent
from scenario.texts.calls import CallText, calls
from scenario.texts.followup import MessageText, ReportText, ValueText, reason, report, thread
from scenario.texts.projects import IndicatorPlan, PartnerPlan, Project, project
from scenario.texts.reviews import (
    AssessmentText,
    BodyOpinionText,
    OpinionText,
    ReservationText,
    ScoreText,
    assessment,
    body_opinion,
    opinion,
    position,
)

__all__ = [
    "AssessmentText",
    "BodyOpinionText",
    "CallText",
    "IndicatorPlan",
    "MessageText",
    "OpinionText",
    "PartnerPlan",
    "Project",
    "ReportText",
    "ReservationText",
    "ScoreText",
    "ValueText",
    "YearBudget",
    "assessment",
    "body_opinion",
    "budget",
    "calls",
    "opinion",
    "position",
    "project",
    "reason",
    "report",
    "spent",
    "thread",
]
