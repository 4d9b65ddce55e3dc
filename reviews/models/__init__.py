"""The nouns of ``reviews``: completeness → assessments → opinions → ranking → decision."""

from reviews.models.assessment import Assessment, Assignment, AssignmentState, InterestDeclaration, Score
from reviews.models.completeness import Admissibility, PieceRequest, PieceRequestState
from reviews.models.decision import Decision, Deliberation, Letter, LetterKind, LetterState, Outcome
from reviews.models.opinion import (
    BodyOpinion,
    BodyOpinionState,
    CollegeOpinion,
    OpinionState,
    OpinionValue,
    Position,
    Reservation,
    ReservationKind,
    Synthesis,
    SynthesisValue,
)
from reviews.models.ranking import Ranking, RankingLine, RankingList, RankingState

__all__ = [
    "Admissibility",
    "Assessment",
    "Assignment",
    "AssignmentState",
    "BodyOpinion",
    "BodyOpinionState",
    "CollegeOpinion",
    "Decision",
    "Deliberation",
    "InterestDeclaration",
    "Letter",
    "LetterKind",
    "LetterState",
    "OpinionState",
    "OpinionValue",
    "Outcome",
    "PieceRequest",
    "PieceRequestState",
    "Position",
    "Ranking",
    "RankingLine",
    "RankingList",
    "RankingState",
    "Reservation",
    "ReservationKind",
    "Score",
    "Synthesis",
    "SynthesisValue",
]
