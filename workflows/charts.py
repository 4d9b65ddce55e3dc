"""Charts drawn by the server as inline SVG, each with its data table (``{% chart %}`` shows both).

Widths are percentages and text is never scaled, so a chart reads the same on a phone, a screen and paper. No
style attribute is written: colours are the classes of ``static/css/charts.css``, for light and dark alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workflows.formats import Language, format_number, format_percent

Number = int | Decimal
Unit = Callable[[Number], str]

ROW = 46
BAR = 14
LABEL_LENGTH = 46
LINE_HEIGHT = 190
TOP = 14


@dataclass(frozen=True)
class Bar:
    """One bar: what it counts, how much, and the list behind it."""

    label: Any
    value: Number
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing and its figures. ``legend`` pairs the rank of a series with its name."""

    title: str
    description: str
    drawing: SafeString
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    legend: Sequence[tuple[int, str]] = ()


def plain(value: Number) -> str:
    """A number in the reader's language, without a unit."""
    return format_number(value, _language())


def bars(
    title: Any, rows: Sequence[Bar], *, head: Any, value_head: Any, unit: Unit = plain, description: Any = ""
) -> Chart:
    """Horizontal bars on a scale that starts at zero."""
    top = max((row.value for row in rows), default=0)
    body = format_html_join(
        "",
        '<g>{}<rect class="chart-track" x="0" y="{}" width="74%" height="{}"/>'
        '<rect class="series-1" x="0" y="{}" width="{}%" height="{}"/>{}</g>',
        (
            (
                _text(row.label, 0, n * ROW + TOP),
                n * ROW + 22, BAR, n * ROW + 22, _share(row.value, top, 74), BAR,
                _value(unit(row.value), n * ROW + 34),
            )
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip
    table = [[_linked(row), unit(row.value)] for row in rows]
    return _chart(title, description, body, len(rows) * ROW, [head, value_head], table)


def funnel(title: Any, stages: Sequence[Bar], *, head: Any, value_head: Any, description: Any = "") -> Chart:
    """How many reach each stage, centred, with the share of the first stage."""
    first = stages[0].value if stages else 0
    shares = [
        format_percent(Decimal(s.value) / Decimal(first), _language(), decimals=0) if first else "—"
        for s in stages
    ]
    body = format_html_join(
        "",
        '<g>{}{}<rect class="chart-track" x="0" y="{}" width="100%" height="{}"/>'
        '<rect class="series-1" x="{}%" y="{}" width="{}%" height="{}"/></g>',
        (
            (
                _text(stage.label, 0, n * ROW + TOP),
                _value(f"{plain(stage.value)} · {shares[n]}", n * ROW + TOP),
                n * ROW + 22, BAR,
                (100 - _share(stage.value, first, 100)) / 2, n * ROW + 22,
                _share(stage.value, first, 100), BAR,
            )
            for n, stage in enumerate(stages)
        ),
    )  # fmt: skip
    table = [[_linked(stage), plain(stage.value), shares[n]] for n, stage in enumerate(stages)]
    return _chart(
        title, description, body, len(stages) * ROW, [head, value_head, _("Share of the first stage")], table
    )


def stacked(
    title: Any,
    series: Sequence[Any],
    rows: Sequence[tuple[Any, Sequence[Number]]],
    *,
    head: Any,
    unit: Unit = plain,
    description: Any = "",
) -> Chart:
    """Bars made of parts, in the order of ``series`` (six at most), with their totals."""
    if len(series) > 6:
        raise ValueError("A stacked chart tells six series apart, not more.")
    top = max((sum(values) for _label, values in rows), default=0)
    parts: list[tuple[Any, ...]] = []
    for n, (_label, values) in enumerate(rows):
        start = 0.0
        for rank, value in enumerate(values, 1):
            width = _share(value, top, 74)
            parts.append((rank, round(start, 2), n * ROW + 22, width, BAR))
            start += width
    body = format_html_join(
        "", '<rect class="chart-part series-{}" x="{}%" y="{}" width="{}%" height="{}"/>', parts
    ) + format_html_join(
        "",
        "{}{}",
        (
            (_text(label, 0, n * ROW + TOP), _value(unit(sum(values)), n * ROW + 34))
            for n, (label, values) in enumerate(rows)
        ),
    )
    table = [[label, *(unit(v) for v in values), unit(sum(values))] for label, values in rows]
    legend = list(enumerate((str(s) for s in series), 1))
    return _chart(title, description, body, len(rows) * ROW, [head, *series, _("Total")], table, legend)


def lines(
    title: Any,
    points: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[Number | None]]],
    *,
    head: Any,
    unit: Unit = plain,
    description: Any = "",
) -> Chart:
    """One line a series over ``points`` (months…); ``None`` interrupts a line. The scale starts at zero."""
    top = _round_up(max((v for _label, values in series for v in values if v is not None), default=0))
    body = _grid(top, unit) + format_html_join(
        "", "{}", ((_line(rank, values, top),) for rank, (_l, values) in enumerate(series, 1))
    )
    ends = [(0, points[0], "start"), (len(points) - 1, points[-1], "end")] if len(points) > 1 else []
    body += format_html_join(
        "",
        '<text class="chart-muted" x="{}%" y="{}" text-anchor="{}">{}</text>',
        ((_x(n, len(points)), TOP + LINE_HEIGHT + 18, anchor, label) for n, label, anchor in ends),
    )
    table = [
        [point, *("—" if values[n] is None else unit(values[n]) for _label, values in series)]  # type: ignore[arg-type]
        for n, point in enumerate(points)
    ]
    legend = list(enumerate((str(label) for label, _values in series), 1))
    heads = [head, *(label for label, _values in series)]
    return _chart(title, description, body, TOP + LINE_HEIGHT + 24, heads, table, legend)


def _chart(
    title: Any,
    description: Any,
    body: SafeString,
    height: int,
    heads: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    legend: Sequence[tuple[int, str]] = (),
) -> Chart:
    ident = f"chart-{slugify(str(title))[:60]}"
    drawing = format_html(
        '<svg class="chart-drawing" width="100%" height="{}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        max(height, 1), ident, ident, ident, title, ident,
        description or _("The table below holds the same figures."), body,
    )  # fmt: skip
    return Chart(str(title), str(description), drawing, heads, rows, legend)


def _line(rank: int, values: Sequence[Number | None], top: Number) -> SafeString:
    dots = [(_x(n, len(values)), _y(v, top)) for n, v in enumerate(values) if v is not None]
    runs: list[list[tuple[float, float]]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((_x(n, len(values)), _y(value, top) - TOP))
    strokes = format_html_join(
        "",
        '<polyline class="chart-line line-{}" points="{}" vector-effect="non-scaling-stroke"/>',
        ((rank, " ".join(f"{x},{y}" for x, y in run)) for run in runs if len(run) > 1),
    )
    marks = format_html_join(
        "", '<circle class="series-{}" cx="{}%" cy="{}" r="3.5"/>', ((rank, x, y) for x, y in dots)
    )
    return format_html(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 {}" preserveAspectRatio="none">'
        "{}</svg>{}",
        TOP, LINE_HEIGHT, LINE_HEIGHT, strokes, marks,
    )  # fmt: skip


def _grid(top: Number, unit: Unit) -> SafeString:
    marks = [0, Decimal(top) / 2, top] if top else [0]
    return format_html_join(
        "",
        '<line class="chart-grid" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<text class="chart-muted" x="0" y="{}">{}</text>',
        ((_y(mark, top), _y(mark, top), _y(mark, top) - 4, unit(mark)) for mark in marks),
    )


def _x(n: int, count: int) -> float:
    # a margin on both sides keeps the first and last marks whole
    return round(1 + 98 * n / max(count - 1, 1), 2)


def _y(value: Number, top: Number) -> float:
    return round(TOP + LINE_HEIGHT * (1 - (float(value) / float(top) if top else 0)), 1)


def _round_up(value: Number) -> Decimal:
    """The next 1, 2 or 5 times a power of ten: a scale that people read without effort."""
    if value <= 0:
        return Decimal(0)
    power = Decimal(10) ** (Decimal(value).adjusted())
    return next(
        step * power for step in (Decimal(1), Decimal(2), Decimal(5), Decimal(10)) if step * power >= value
    )


def _share(value: Number, top: Number, width: int) -> float:
    return round(float(value) / float(top) * width, 2) if top else 0.0


def _text(label: Any, x: int, y: int) -> SafeString:
    whole = str(label)
    shown = whole if len(whole) <= LABEL_LENGTH else whole[: LABEL_LENGTH - 1].rstrip() + "…"
    return format_html('<text class="chart-label" x="{}" y="{}">{}</text>', x, y, shown)


def _value(text: str, y: int) -> SafeString:
    return format_html('<text class="chart-value" x="100%" y="{}" text-anchor="end">{}</text>', y, text)


def _linked(row: Bar) -> Any:
    return format_html('<a href="{}">{}</a>', row.url, row.label) if row.url else row.label


def _language() -> Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
