"""Charts drawn by the server as inline SVG, each with its data table (``{% chart %}`` shows both).

Widths are percentages and text is never scaled, so a chart reads the same on a phone, a screen and paper. No
style attribute is written: colours are the classes of ``static/css/charts.css``, for light and dark alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workflows.formats import Language, format_number, format_percent

Number = int | Decimal
Unit = Callable[[Decimal], str]

BAR = 14
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
    drawn = [_row(row.label, unit(Decimal(row.value)), [(1, 0.0, _share(row.value, top))]) for row in rows]
    table = [[_linked(row), unit(Decimal(row.value))] for row in rows]
    return _rows_chart(title, description, drawn, [head, value_head], table)


def funnel(title: Any, stages: Sequence[Bar], *, head: Any, value_head: Any, description: Any = "") -> Chart:
    """How many reach each stage, centred, with the share of the first stage."""
    first = stages[0].value if stages else 0
    drawn, table = [], []
    for stage in stages:
        width = _share(stage.value, first)
        share = (
            format_percent(Decimal(stage.value) / Decimal(first), _language(), decimals=0) if first else "—"
        )
        drawn.append(
            _row(stage.label, f"{plain(Decimal(stage.value))} · {share}", [(1, (100 - width) / 2, width)])
        )
        table.append([_linked(stage), plain(Decimal(stage.value)), share])
    heads = [head, value_head, _("Share of the first stage")]
    return _rows_chart(title, description, drawn, heads, table)


def stacked(
    title: Any,
    series: Sequence[Any],
    rows: Sequence[tuple[Any, Sequence[Number]]],
    *,
    head: Any,
    unit: Unit = plain,
    description: Any = "",
    urls: Sequence[str] = (),
) -> Chart:
    """Bars made of parts, in the order of ``series`` (six at most), with their totals; ``urls``: the list behind each row."""
    if len(series) > 6:
        raise ValueError("A stacked chart tells six series apart, not more.")
    top = max((sum(map(Decimal, values)) for _label, values in rows), default=0)
    drawn = []
    for label, values in rows:
        parts, start = [], 0.0
        for rank, value in enumerate(values, 1):
            parts.append((rank, start, _share(value, top)))
            start += _share(value, top)
        drawn.append(_row(label, unit(sum(map(Decimal, values), Decimal(0))), parts))
    links = [_linked(Bar(row[0], 0, url)) for row, url in zip_longest(rows, urls, fillvalue="")]
    table = [
        [link, *(unit(Decimal(v)) for v in values), unit(sum(map(Decimal, values), Decimal(0)))]
        for link, (_label, values) in zip(links, rows, strict=True)
    ]
    legend = list(enumerate((str(s) for s in series), 1))
    return _rows_chart(title, description, drawn, [head, *series, _("Total")], table, legend)


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
        [point, *("—" if values[n] is None else unit(Decimal(values[n])) for _label, values in series)]  # type: ignore[arg-type]
        for n, point in enumerate(points)
    ]
    legend = list(enumerate((str(label) for label, _values in series), 1))
    heads = [head, *(label for label, _values in series)]
    drawing = format_html(
        '<svg class="chart-drawing" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        TOP + LINE_HEIGHT + 24,
        _spoken(title),
        body,
    )
    return Chart(str(title), str(description), drawing, heads, table, legend)


def _rows_chart(
    title: Any,
    description: Any,
    drawn: Sequence[SafeString],
    heads: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    legend: Sequence[tuple[int, str]] = (),
) -> Chart:
    """A chart of one bar a row. Labels are text of the page, so that they wrap; only the bars are drawn."""
    body = format_html_join("", "{}", ((row,) for row in drawn))
    drawing = format_html('<div class="chart-rows" role="img" aria-label="{}">{}</div>', _spoken(title), body)
    return Chart(str(title), str(description), drawing, heads, rows, legend)


def _row(label: Any, value: str, parts: Sequence[tuple[int, float, float]]) -> SafeString:
    """A label, a value, and a bar of parts (rank of the series, start and width in percent)."""
    bar = format_html_join(
        "",
        '<rect class="chart-part series-{}" x="{}%" width="{}%" height="100%"/>',
        ((rank, round(start, 2), round(width, 2)) for rank, start, width in parts if width),
    )
    return format_html(
        '<span class="chart-row"><span>{}</span> <span class="chart-value">{}</span>'
        '<svg class="chart-bar" width="100%" height="{}" aria-hidden="true" focusable="false">'
        '<rect class="chart-track" width="100%" height="100%"/>{}</svg></span>',
        label,
        value,
        BAR,
        bar,
    )


def _spoken(title: Any) -> str:
    return _("%(title)s: the table below holds the same figures.") % {"title": title}


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
        ((_y(mark, top), _y(mark, top), _y(mark, top) - 4, unit(Decimal(mark))) for mark in marks),
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


def _share(value: Number, top: Number) -> float:
    return float(value) / float(top) * 100 if top else 0.0


def _linked(row: Bar) -> Any:
    return format_html('<a href="{}">{}</a>', row.url, row.label) if row.url else row.label


def _language() -> Language:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
