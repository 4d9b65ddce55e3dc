"""States of the reviews in words, with their tone and icon."""

from __future__ import annotations

from calls.models import Piece
from reviews.models import (
    Assignment,
    AssignmentState,
    BodyOpinion,
    BodyOpinionState,
    CollegeOpinion,
    Letter,
    LetterState,
    OpinionState,
    OpinionValue,
    Position,
    Ranking,
    RankingList,
    RankingState,
    ReservationKind,
    SynthesisValue,
)
from workflows.components import StateWord, Tone
from workflows.terms import name_values

_ASSIGNMENT: dict[str, tuple[Tone, str]] = {
    AssignmentState.ASSIGNED: ("warning", "hand"),
    AssignmentState.OPEN: ("info", "pen"),
    AssignmentState.DONE: ("success", "check"),
    AssignmentState.RECUSED: ("neutral", "eye-off"),
    AssignmentState.EXPIRED: ("danger", "clock"),
}
_OPINION: dict[str, tuple[Tone, str]] = {
    OpinionValue.FAVOURABLE: ("success", "check"),
    OpinionValue.WITH_RESERVATIONS: ("warning", "check"),
    OpinionValue.UNFAVOURABLE: ("danger", "x"),
    OpinionValue.ABSTENTION: ("neutral", "minus"),
}
_SYNTHESIS: dict[str, tuple[Tone, str]] = {
    SynthesisValue.CONSENSUS_FAVOURABLE: ("success", "check-circle"),
    SynthesisValue.MAJORITY_FAVOURABLE: ("success", "check"),
    SynthesisValue.DIVIDED: ("warning", "scale"),
    SynthesisValue.MAJORITY_UNFAVOURABLE: ("danger", "x"),
    SynthesisValue.CONSENSUS_UNFAVOURABLE: ("danger", "x-circle"),
}
_RANKING: dict[str, tuple[Tone, str]] = {
    RankingState.DRAFT: ("neutral", "pen"),
    RankingState.PROPOSED: ("warning", "clock"),
    RankingState.VALIDATED: ("info", "check"),
    RankingState.VOTED: ("success", "gavel"),
}
_LISTS: dict[str, tuple[Tone, str]] = {
    RankingList.MAIN: ("success", "check"),
    RankingList.RESERVE: ("warning", "clock"),
    RankingList.NOT_RETAINED: ("neutral", "x"),
}
_LETTER: dict[str, tuple[Tone, str]] = {
    LetterState.DRAFTED: ("warning", "pen"),
    LetterState.RELEASED: ("success", "send"),
    LetterState.CANCELLED: ("neutral", "minus"),
}

# What the journal records in codes.
for _key in ("value", "opinions"):
    name_values(_key, {**dict(OpinionValue.choices), **dict(OpinionState.choices)})
name_values("synthesis", dict(SynthesisValue.choices))
name_values("position", dict(Position.choices))
name_values("list", dict(RankingList.choices))
name_values("kind", dict(ReservationKind.choices))
for _key in ("verdict", "pieces"):
    name_values(_key, dict(Piece._meta.get_field("verdict").flatchoices))


def assignment_word(assignment: Assignment) -> StateWord:
    """Where an assignment stands."""
    return StateWord(assignment.get_state_display(), *_ASSIGNMENT[assignment.state])


def opinion_word(opinion: CollegeOpinion) -> StateWord:
    """What a college said, or that it said nothing."""
    if opinion.state == OpinionState.GIVEN:
        return StateWord(opinion.get_value_display(), *_OPINION[opinion.value])
    tone: Tone = "warning" if opinion.state == OpinionState.AWAITED else "neutral"
    return StateWord(opinion.get_state_display(), tone, "clock")


def body_opinion_word(opinion: BodyOpinion) -> StateWord:
    """What the COPAREF said."""
    if opinion.state == BodyOpinionState.GIVEN:
        if opinion.position == Position.DIVERGENT:
            return StateWord(opinion.get_position_display(), "warning", "scale")
        return StateWord(opinion.get_value_display(), *_OPINION[opinion.value])
    tone: Tone = "warning" if opinion.state == BodyOpinionState.REQUESTED else "neutral"
    return StateWord(opinion.get_state_display(), tone, "clock")


def synthesis_word(value: str) -> StateWord | None:
    """The synthesis of the opinions; ``None`` without one."""
    if not value:
        return None
    return StateWord(SynthesisValue(value).label, *_SYNTHESIS[value])


def ranking_word(ranking: Ranking) -> StateWord:
    """Where a ranking stands."""
    return StateWord(ranking.get_state_display(), *_RANKING[ranking.state])


def list_word(name: str) -> StateWord:
    """The list that a dossier is on."""
    return StateWord(RankingList(name).label, *_LISTS[name])


def letter_word(letter: Letter) -> StateWord:
    """Where a letter stands."""
    return StateWord(letter.get_state_display(), *_LETTER[letter.state])
