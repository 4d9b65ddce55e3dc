"""What a report tells in words, beside its figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import ReportKind
from workflows.engine import Reason

LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a report; ``only`` names the kind of report that asks it, ``required`` whether it must be answered."""

    code: str
    label: Any
    help: Any = ""
    only: str = ""
    required: bool = True


QUESTIONS: tuple[Question, ...] = (
    Question(
        "done",
        gettext_lazy("What was done over the period"),
        gettext_lazy("Actions, people reached, partners, what changed for them."),
    ),
    Question(
        "gaps",
        gettext_lazy("Differences with what was planned, and why"),
        gettext_lazy("Calendar, people reached, budget. Write “none” if there are none."),
    ),
    Question("next", gettext_lazy("What comes next for the project"), only=ReportKind.INTERIM),
    Question(
        "lessons",
        gettext_lazy("What can be reused elsewhere, and on what conditions"),
        gettext_lazy("The Pact makes the results known and spreads what worked."),
        only=ReportKind.FINAL,
    ),
    Question(
        "overruns",
        gettext_lazy("Accounts more than 20% above the budget: why"),
        gettext_lazy("Asked when the expenditure of an account goes beyond its budget by more than 20%."),
        only=ReportKind.FINAL,
        required=False,
    ),
)


def questions_for(kind: str) -> list[Question]:
    """The questions that a report of that kind asks."""
    return [q for q in QUESTIONS if q.only in ("", kind)]


def narrative_faults(kind: str, narrative: Mapping[str, str], *, wide_gap: bool) -> list[Reason]:
    """What the words of a report lack; ``wide_gap``: an account is far above its budget."""
    found = []
    for question in questions_for(kind):
        text = narrative.get(question.code, "").strip()
        asked = question.required or (question.code == "overruns" and wide_gap)
        if asked and not text:
            found.append(Reason(_("Answer “%(question)s”.") % {"question": question.label}, question.code))
        if len(text) > LIMIT:
            found.append(
                Reason(
                    _("“%(question)s”: at most %(limit)s characters.")
                    % {"question": question.label, "limit": LIMIT},
                    question.code,
                )
            )
    return found
