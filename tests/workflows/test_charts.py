"""Charts: the table says the same as the drawing, nothing is inline code, odd values do not break it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from tests.harness import InlineCode
from workflows import charts
from workflows.charts import Bar
from workflows.formats import format_money


def widths(chart: charts.Chart) -> list[float]:
    return [float(w) for w in re.findall(r'chart-part[^>]*?width="([\d.]+)%"', chart.drawing)]


def test_bars_are_to_scale_and_link_to_what_they_count() -> None:
    chart = charts.bars(
        "Montants",
        [Bar("Axe 1", Decimal(200), "/axe/1/"), Bar("Axe 2", Decimal(50)), Bar("Axe 3", Decimal(0))],
        head="Axe",
        value_head="Montant",
        unit=format_money,
    )
    assert widths(chart) == [100.0, 25.0]
    assert chart.rows[0] == ['<a href="/axe/1/">Axe 1</a>', format_money(Decimal(200))]


def test_a_stack_adds_up() -> None:
    chart = charts.stacked("Avis", ["Oui", "Non"], [("État", [3, 1]), ("Région", [1, 1])], head="Collège")
    assert widths(chart) == [75.0, 25.0, 25.0, 25.0]
    assert [row[-1] for row in chart.rows] == ["4", "2"]
    assert chart.legend == [(1, "Oui"), (2, "Non")]


def test_a_funnel_tells_shares_of_its_first_stage() -> None:
    chart = charts.funnel(
        "Parcours", [Bar("Déposés", 8), Bar("Retenus", 2)], head="Étape", value_head="Dossiers"
    )
    assert [row[2] for row in chart.rows] == ["100\xa0%", "25\xa0%"]


def test_a_missing_point_interrupts_its_line() -> None:
    chart = charts.lines("Délai", ["a", "b", "c", "d", "e"], [("x", [1, 2, None, 4, 5])], head="Mois")
    assert chart.drawing.count("<polyline") == 2
    assert chart.drawing.count("<circle") == 4
    assert chart.rows[2] == ["c", "—"]


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars("Vide", [], head="x", value_head="y"),
        charts.funnel("Vide", [], head="x", value_head="y"),
        charts.funnel("Zéro", [Bar("a", 0)], head="x", value_head="y"),
        charts.stacked("Vide", ["a"], [], head="x"),
        charts.lines("Vide", [], [("a", [])], head="x"),
        charts.lines("Un point", ["a"], [("a", [Decimal("0.5")])], head="x"),
        charts.bars(
            "<script>", [Bar("<img src=x onerror=alert(1)>", 1, 'javascript:"')], head="<b>", value_head="y"
        ),
    ],
    ids=lambda chart: chart.title,
)
def test_p37_every_chart_is_drawn_without_inline_code(chart: charts.Chart) -> None:
    html = render_to_string("components/chart.html", {"chart": chart})
    parser = InlineCode()
    parser.feed(html.replace('href="javascript:', 'href="'))  # addresses are ours, never typed
    assert parser.found == []
    assert "<script>" not in html
    assert "<img" not in html


def test_six_series_are_enough() -> None:
    with pytest.raises(ValueError, match="six"):
        charts.stacked("Trop", list("abcdefg"), [], head="x")
