"""What a new call or pact is made of before anybody changes it: the field's grid, pieces, axes and indicators."""

from __future__ import annotations

from datetime import date
from typing import Any

from calls.models import PieceCondition
from calls.reference import AXES, EVALUATION_QUESTIONS, GRID, INDICATORS, OBJECTIVES, PIECES, When
from calls.reference.pieces import EVERYBODY

_CONDITIONS = {
    When.ALWAYS: PieceCondition.ALWAYS,
    When.PARTNERS: PieceCondition.PARTNERS,
    When.TRAINING: PieceCondition.TRAINING,
}


def default_criteria() -> list[dict[str, Any]]:
    """The default grid (domain §3.4)."""
    return [
        {
            "label": criterion.label,
            "guidance": "\n".join(
                [
                    criterion.description,
                    *(f"{score} : {words}" for score, words in enumerate(criterion.guidance)),
                ]
            ),
            "weight": criterion.weight,
            "eliminatory": criterion.eliminatory,
        }
        for criterion in GRID
    ]


def default_pieces(closing: date) -> list[dict[str, Any]]:
    """The pieces that the law and custom ask for in a call that closes on ``closing`` (domain §3.5)."""
    return [
        {
            "code": piece.code,
            "label": piece.label,
            "guidance": piece.help,
            "legal_forms": [] if piece.families == EVERYBODY else sorted(piece.families),
            "condition": _CONDITIONS.get(piece.when, PieceCondition.IF_CONCERNED),
            "indispensable": piece.indispensable,
            "multiple": piece.multiple,
        }
        for piece in PIECES
        if piece.required_from is None or piece.required_from <= closing
    ]


def default_axes() -> list[dict[str, Any]]:
    """The four axes of the recommendations, with their sub-themes and the objective each serves (S09, S31)."""
    qualification, transformation = OBJECTIVES
    serves = {
        "A1": (qualification, "strengthened"),
        "A2": (transformation, "new"),
        "A3": (transformation, "new"),
        "A4": (qualification, "new"),
    }
    return [
        {
            "code": axis.code,
            "label": axis.label,
            "themes": [term.label for term in axis.sub_themes],
            "objectives": [{"label": serves[axis.code][0].label, "nature": serves[axis.code][1]}],
        }
        for axis in AXES
    ]


def default_indicators() -> list[dict[str, Any]]:
    """The catalogue of indicators, each impact indicator under its first axis (S51)."""
    return [
        {
            "axis": indicator.axes[0] if indicator.purpose == "impact" or len(indicator.axes) == 1 else "",
            "code": indicator.code,
            "label": indicator.label,
            "kind": indicator.purpose.value,
            "nature": indicator.measure.value,
            "unit": indicator.unit,
            "method": indicator.method[:500],
        }
        for indicator in INDICATORS
    ]


def default_questions() -> list[str]:
    """The three evaluation questions of the recommendations (S57)."""
    return [term.label for term in EVALUATION_QUESTIONS]
