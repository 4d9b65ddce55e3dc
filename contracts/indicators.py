"""What a value of an indicator must be like (domain §5.2): ratios, breakdowns, scales, and what stays unsaid. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from calls.models import DossierIndicator, IndicatorNature
from calls.reference import BREAKDOWNS, INDICATOR_BY_CODE
from workflows.engine import Reason

#: Breakdowns whose parts add up to the whole.
PARTITIONS: dict[str, tuple[str, ...]] = {
    "NIVEAU": ("Infra 3", "3", "4", "5 et plus"),
    "SEXE": ("Femmes", "Hommes"),
    "AGE": ("Moins de 26 ans", "26 à 54 ans", "55 ans et plus"),
}
#: Breakdowns that count a part of the whole.
SUBSETS = tuple(term.code for term in BREAKDOWNS if term.code not in PARTITIONS)
BREAKDOWN_LABELS = {term.code: term.label for term in BREAKDOWNS}
#: Traits that make a person easier to recognise: counted only from eleven people on.
SENSITIVE = frozenset({"RQTH", "PPSMJ"})
SMALL, SMALL_SENSITIVE = 5, 11
SCALE = (1, 4)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Shape:
    """How an indicator is filled: as one number, as a ratio of two, by people broken down, or on a scale."""

    qualitative: bool
    percent: bool
    numerator: str = ""
    denominator: str = ""
    broken_down: bool = False

    @property
    def ratio(self) -> bool:
        """Whether it is typed as a numerator and a denominator."""
        return bool(self.denominator)


def shape_of(indicator: DossierIndicator) -> Shape:
    """How an indicator of a dossier is filled: by its definition in the catalogue, or by what the dossier says of it."""
    known = INDICATOR_BY_CODE.get(indicator.code)
    qualitative = indicator.nature == IndicatorNature.QUALITATIVE
    if known is None or qualitative:
        return Shape(qualitative, indicator.unit == "%")
    return Shape(
        False, known.unit == "%", known.numerator, known.denominator, broken_down=known.code == "S-ENT"
    )


def ratio(shape: Shape, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """The value of a ratio, to two places: in % for a rate, per unit for a cost; none over nothing."""
    if numerator is None or not denominator:
        return None
    value = numerator / denominator * (HUNDRED if shape.percent else 1)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def faults(indicator: DossierIndicator, value: Any, *, final: bool) -> list[Reason]:
    """Why a value cannot be handed in; each reason bears the field ``<code>.<part>``.

    ``value`` has ``number``, ``numerator``, ``denominator``, ``text`` and ``breakdown``. Before the final report a
    number may be missing if words say why.
    """
    shape = shape_of(indicator)
    found: list[Reason] = []

    def say(part: str, message: str) -> None:
        found.append(Reason(f"{indicator.code} – {indicator.label} : {message}", f"{indicator.code}.{part}"))

    number = ratio(shape, value.numerator, value.denominator) if shape.ratio else value.number
    if shape.qualitative:
        if number is None and final:
            say("number", _("choose a level from 1 to 4."))
        elif number is not None and number not in range(SCALE[0], SCALE[1] + 1):
            say("number", _("the level is 1, 2, 3 or 4."))
        if not value.text.strip():
            say("text", _("tell what was observed, and on what evidence."))
        return found
    if number is None:
        if final:
            say("numerator" if shape.ratio else "number", _("give its value."))
        elif not value.text.strip():
            say("text", _("give its value, or say why there is none yet."))
    if shape.ratio and (value.numerator is None) != (value.denominator is None):
        say("denominator" if value.denominator is None else "numerator", _("give both numbers."))
    both = shape.ratio and None not in (value.numerator, value.denominator)
    if both and shape.percent and value.numerator > value.denominator:
        say(
            "numerator",
            _("“%(part)s” cannot be more than “%(whole)s”.")
            % {"part": shape.numerator, "whole": shape.denominator},
        )
    if shape.percent and not shape.ratio and number is not None and not 0 <= number <= HUNDRED:
        say("number", _("a rate is between 0 and 100."))
    if shape.broken_down and number is not None:
        found.extend(_breakdown_faults(indicator, number, value.breakdown or {}))
    return found


def _breakdown_faults(
    indicator: DossierIndicator, total: Decimal, breakdown: Mapping[str, Any]
) -> list[Reason]:
    found = []
    for code, parts in PARTITIONS.items():
        counted = [breakdown.get(code, {}).get(part) for part in parts]
        if all(count is None for count in counted):
            continue
        if sum(count or 0 for count in counted) != total:
            found.append(
                Reason(
                    _("%(code)s – “%(breakdown)s”: the parts add up to %(sum)s instead of %(total)s.")
                    % {
                        "code": indicator.code,
                        "breakdown": BREAKDOWN_LABELS[code],
                        "sum": sum(count or 0 for count in counted),
                        "total": f"{total.normalize():f}",
                    },
                    f"{indicator.code}.{code}",
                )
            )
    found.extend(
        Reason(
            _("%(code)s – “%(breakdown)s”: more than the total.")
            % {"code": indicator.code, "breakdown": BREAKDOWN_LABELS[code]},
            f"{indicator.code}.{code}",
        )
        for code in SUBSETS
        if (breakdown.get(code) or 0) > total
    )
    return found


def shown(code: str, count: int | None) -> str:
    """A count as others may see it: fewer than 5 people (11 for a sensitive trait) read « – » (domain §5.2)."""
    if count is None:
        return ""
    least = SMALL_SENSITIVE if code in SENSITIVE else SMALL
    return "–" if 0 < count < least else str(count)
