"""Reads of the reviews, by subject; what other floors use is named here."""

from reviews.queries.completeness import LegalClock, PieceLine, legal_clock, piece_lines, rejection_date
from reviews.queries.interests import conflicts, has_declared, reviewer_choices, sirens_of
from reviews.queries.judgments import (
    assessments_visible_to,
    body_opinions_visible_to,
    is_released,
    mean_scores,
    opinions_visible_to,
)
from reviews.queries.selection import by_the_rule, current_ranking, lines_visible_to, next_on_reserve, reckon

__all__ = [
    "LegalClock",
    "PieceLine",
    "assessments_visible_to",
    "body_opinions_visible_to",
    "by_the_rule",
    "conflicts",
    "current_ranking",
    "has_declared",
    "is_released",
    "legal_clock",
    "lines_visible_to",
    "mean_scores",
    "next_on_reserve",
    "opinions_visible_to",
    "piece_lines",
    "reckon",
    "rejection_date",
    "reviewer_choices",
    "sirens_of",
]
