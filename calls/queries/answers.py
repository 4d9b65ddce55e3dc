"""Answers to a form's questions: how they are kept, and what is wrong with one. Pure functions.

A draft keeps what was typed even when it is not acceptable yet (a number with a letter in it, a text that is too
long): ``fault`` says so in the list of what is missing. Only what cannot be kept at all is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from calls.reference import Kind
from workflows.engine import Reason
from workflows.forms import read_decimal

#: Characters of one answer that are kept at most, whatever its own limit.
MOST_KEPT = 20_000
_SHORT = 100
_LARGEST = Decimal(10) ** 10


def questions(schema: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every (section, question) of a form revision, in order."""
    for section in schema:
        for question in section["questions"]:
            yield section, question


def keep(question: Mapping[str, Any], value: Any) -> Any:
    """The answer as it is kept in the draft.

    Texts lose what surrounds them; numbers and amounts become decimal text, dates ISO text, when they can be read,
    and stay as typed otherwise. Raises ValueError with the reason when it cannot be kept at all.
    """
    kind = Kind(question["kind"])
    if value is None:
        return None
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        text = str(value).replace("\r\n", "\n").strip()
        if len(text) > MOST_KEPT:
            raise ValueError(
                _("This text is much too long: %(most)s characters at most.") % {"most": MOST_KEPT}
            )
        return text
    allowed = {code for code, _label in question.get("choices", [])}
    if kind == Kind.CHOICE:
        if value != "" and value not in allowed:
            raise ValueError(_("This choice is not offered."))
        return value
    if kind == Kind.MULTIPLE:
        chosen = list(dict.fromkeys(value))
        if not allowed.issuperset(chosen):
            raise ValueError(_("This choice is not offered."))
        return chosen
    if kind == Kind.BOOLEAN:
        return value in (True, "true", "True", "on", "1")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    text = str(value).strip()[:_SHORT]
    if kind in (Kind.NUMBER, Kind.MONEY) and text:
        try:
            return format(read_decimal(text), "f")
        except ValueError:
            return text
    return text


def is_empty(question: Mapping[str, Any], value: Any) -> bool:
    """Whether the question has no answer; a box that must be ticked is unanswered until it is."""
    return value in (None, "", []) or (question["kind"] == Kind.BOOLEAN and value is False)


def fault(question: Mapping[str, Any], value: Any) -> str:
    """Why the kept answer cannot be submitted, in words, or nothing when it can."""
    if is_empty(question, value):
        return (
            _("“%(question)s” waits for an answer.") % {"question": question["label"]}
            if question["required"]
            else ""
        )
    kind = Kind(question["kind"])
    named = {"question": question["label"]}
    if kind in (Kind.TEXT, Kind.LONG_TEXT):
        over = len(value) - int(question["max_length"])
        if over > 0:
            return _("“%(question)s” is %(n)s characters too long.") % {**named, "n": over}
    elif kind in (Kind.NUMBER, Kind.MONEY):
        return _number_fault(kind, named, value)
    elif kind == Kind.DATE:
        try:
            date.fromisoformat(value)
        except ValueError:
            return _("“%(question)s” is not a date.") % named
    return ""


def _number_fault(kind: Kind, named: dict[str, Any], value: str) -> str:
    try:
        number = read_decimal(value)
    except ValueError:
        return _("“%(question)s” is not a number.") % named
    if number < 0 or number >= _LARGEST:
        return _("“%(question)s” is out of bounds.") % named
    if kind == Kind.MONEY and number != round(number, 2):
        return _("“%(question)s” is an amount to the cent.") % named
    return ""


def answer_faults(schema: list[dict[str, Any]], answers: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with the answers to a whole form, each with ``section.question`` to go to."""
    found = []
    for section, question in questions(schema):
        words = fault(question, answers.get(question["code"]))
        if words:
            found.append(Reason(words, f"{section['code']}.{question['code']}"))
    return found


def answer_text(question: Mapping[str, Any], value: Any) -> str:
    """The answer as people read it: labels of choices, yes or no."""
    labels = dict(question.get("choices", []))
    if question["kind"] == Kind.BOOLEAN:
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(f"– {labels.get(code, code)}" for code in value)
    return str(labels.get(value, value) if value not in (None, "") else "")


def schema_faults(schema: list[dict[str, Any]], reserved: frozenset[str]) -> list[Reason]:
    """What is wrong with the form that a call asks to be filled: codes, kinds and choices."""
    found: list[Reason] = []
    sections = [section.get("code", "") for section in schema]
    codes = [question.get("code", "") for section in schema for question in section.get("questions", [])]
    for code in sorted({c for c in sections if sections.count(c) > 1} | (set(sections) & reserved)):
        found.append(Reason(_("The section code “%(code)s” is already taken.") % {"code": code}, "schema"))
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        found.append(Reason(_("Two questions have the code “%(code)s”.") % {"code": code}, "schema"))
    for section, question in questions(schema):
        named = {"question": question.get("label") or question.get("code") or "?"}
        if not section.get("title") or not question.get("code") or not question.get("label"):
            found.append(Reason(_("A section or a question of the form has no code or no label."), "schema"))
        if question.get("kind") not in set(Kind):
            found.append(Reason(_("“%(question)s” is of an unknown kind.") % named, "schema"))
        elif question["kind"] in (Kind.CHOICE, Kind.MULTIPLE) and not question.get("choices"):
            found.append(Reason(_("“%(question)s” offers no choice.") % named, "schema"))
    return found
