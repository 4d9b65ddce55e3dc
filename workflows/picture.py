"""The picture of a case's processes, drawn from the flows themselves: what is done, under way, to come, not taken.

The graph and its layout are viewflow's; the drawing is ours: classes instead of inline styles, a word and a drawing for
each state beside its colour, a title and a description. The same steps as an ordered list are its text alternative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from viewflow.workflow.base import Flow, Node
from viewflow.workflow.chart import calc_layout_data
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from workflows import components
from workflows.components import StepState
from workflows.engine import Step
from workflows.models import Case, CaseProcess, Entry, WorkItemState
from workflows.queries import names_of
from workflows.story import act_word
from workflows.templatetags.ui import short_day

MARKS = {"done": "check", "current": "arrow-right", "todo": "circle", "skipped": "minus"}
MARGIN = 12
#: A picture shrinks with its panel, down to this share of its size; narrower than that, the list alone tells the process.
LEAST = 0.8
#: The widths of a panel, in pixels, from which the style sheet lets a picture be seen (`.flow-from-…` in case.css).
STEPS = (320, 480, 640, 800, 960, 1120, 1280)


@dataclass(frozen=True)
class Picture:
    """One process of a case: its name, its steps in order, and its drawing (``None`` where many are alike)."""

    title: str
    steps: list[components.Step]
    drawing: SafeString | None
    finished: bool
    done: int
    total: int


def pictures(case: Case) -> list[Picture]:
    """The processes of a case, oldest first, in a constant number of queries. A flow run once is drawn; one run for
    several things (an assessment each) is told as lists."""
    processes = list(CaseProcess.objects.filter(case=case).order_by("created", "pk"))
    tasks: dict[Any, list[Task]] = {}
    found = (
        Task.objects.filter(process__in=processes)
        .select_related("work_item__claimed_by")
        .order_by("created", "pk")
    )
    for task in found:
        tasks.setdefault(task.process_id, []).append(task)
    notes = _notes(case, [task for group in tasks.values() for task in group])
    runs: dict[Any, int] = {}
    for process in processes:
        runs[process.flow_class] = runs.get(process.flow_class, 0) + 1
    return [
        _picture(process, tasks.get(process.pk, []), notes, drawn=runs[process.flow_class] == 1)
        for process in processes
        if process.flow_class is not None  # a flow that the code no longer has (P23)
    ]


def states_of(flow_class: type[Flow], tasks: Iterable[Task], *, finished: bool) -> dict[Node, StepState]:
    """The state of every node of a flow, from the tasks of one process."""
    states: dict[Node, StepState] = {}
    for task in tasks:  # in order: a node passed twice bears its last state
        if task.flow_task is not None:
            states[task.flow_task] = _state_of(task.status)
    ahead: set[Node] = set()
    if not finished:
        pending = [node for node, state in states.items() if state == "current"]
        while pending:
            for edge in pending.pop()._outgoing():
                if edge.dst not in ahead:
                    ahead.add(edge.dst)
                    pending.append(edge.dst)
    for node in flow_class.instance.nodes():
        if node not in states:
            states[node] = "todo" if node in ahead else "skipped"
    return states


def draw(flow_class: type[Flow], states: dict[Node, StepState], *, title: str, ident: str) -> SafeString:
    """The flow as an SVG image; ``ident`` makes its ids unique on the page."""
    grid = calc_layout_data(flow_class)
    width = grid.width + 2 * MARGIN
    edges = format_html_join(
        "",
        '<path class="flow-edge flow-{}" d="{}" marker-end="url(#{}-arrow)"/>',
        ((_edge_state(states, edge), _path(edge.segments), ident) for edge in grid.edges if edge.segments),
    )
    nodes = format_html_join("", "{}", ((_node(cell, states[cell.node]),) for cell in grid.cells))
    current = [
        str(node.task_title)
        for node, state in states.items()
        if state == "current" and isinstance(node, Step)
    ]
    described = (
        _("Under way: %(steps)s.") % {"steps": ", ".join(current)} if current else _("Nothing is under way.")
    )
    return format_html(
        '<svg class="flow flow-from-{least}" width="{w}" height="{h}" viewBox="{x} {x} {w} {h}" role="img" '
        'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}</desc>'
        '<defs><marker id="{id}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path class="flow-arrow" d="M0 0 8 4 0 8z"/></marker></defs>{edges}{nodes}</svg>',
        w=width,
        least=min((step for step in STEPS if width * LEAST <= step), default=STEPS[-1]),
        h=grid.height + 2 * MARGIN,
        x=-MARGIN,
        id=ident,
        title=title,
        desc=described + " " + _("The list below says the same."),
        edges=edges,
        nodes=nodes,
    )


def word(state: str) -> str:
    """A node's state in a word."""
    return {
        "done": pgettext("a step", "done"),
        "current": pgettext("a step", "in progress"),
        "todo": pgettext("a step", "to come"),
        "skipped": pgettext("a step", "not taken"),
    }[state]


def _picture(process: CaseProcess, tasks: list[Task], notes: dict[Any, str], *, drawn: bool) -> Picture:
    flow_class = process.flow_class
    states = states_of(flow_class, tasks, finished=process.finished is not None)
    title = str(flow_class.process_title)
    told: dict[Node, str] = {task.flow_task: notes[task.pk] for task in tasks if task.pk in notes}
    grid = calc_layout_data(flow_class)
    human = sorted(
        (cell for cell in grid.cells if isinstance(cell.node, Step)), key=lambda cell: (cell.col, cell.row)
    )
    steps = [
        components.Step(cell.node.task_title, states[cell.node], told.get(cell.node, ""), active=False)
        for cell in human
        if states[cell.node] != "skipped" or process.finished is None
    ]
    ident = f"flow-{process.pk}"
    return Picture(
        title=title,
        steps=steps,
        drawing=draw(flow_class, states, title=title, ident=ident) if drawn else None,
        finished=process.finished is not None,
        done=sum(step.state == "done" for step in steps),
        total=len(steps),
    )


def _notes(case: Case, tasks: list[Task]) -> dict[Any, str]:
    """What is told of each human step: who did what and when, or who must before when."""
    items = {task.pk: task.work_item for task in tasks if hasattr(task, "work_item")}
    outcomes = {item.outcome for item in items.values() if item.outcome}
    actors = {
        (verb, at): name
        for verb, at, name in Entry.objects.filter(case=case, verb__in=outcomes).values_list(
            "verb", "at", "actor_name"
        )
    }
    names = names_of({item.audience for item in items.values() if item.state == WorkItemState.OPEN})
    notes = {}
    for pk, item in items.items():
        if item.state == WorkItemState.OPEN:
            who = str(item.claimed_by) if item.claimed_by else names[item.audience]
            notes[pk] = who
            if item.due_at:
                notes[pk] = _("%(who)s, before %(day)s") % {"who": who, "day": short_day(item.due_at)}
        else:
            parts = [
                act_word(item.outcome),
                short_day(item.finished_at),
                actors.get((item.outcome, item.finished_at), ""),
            ]
            notes[pk] = " · ".join(part for part in parts if part)
    return notes


def _state_of(status: str) -> StepState:
    if status == STATUS.DONE:
        return "done"
    return "skipped" if status in (STATUS.CANCELED, STATUS.REVIVED) else "current"


def _edge_state(states: dict[Node, StepState], edge: Any) -> str:
    taken = states[edge.src] == "done" and states[edge.dst] in ("done", "current")
    return "done" if taken else "todo"


def _path(segments: list[Any]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in segments)


def _node(cell: Any, state: str) -> SafeString:
    shape = cell.shape
    if not isinstance(cell.node, Step):
        return _small_node(cell, state)
    lines = format_html_join(
        "",
        '<text class="flow-text" x="{}" y="{}">{}</text>',
        ((shape.x + x, shape.y + y - 10, text) for text, _align, _size, x, y in shape.text),
    )
    return format_html(
        '<g class="flow-node flow-{state}"><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>{lines}'
        '<use href="{icons}#{mark}" x="{mx}" y="{my}" width="14" height="14"/>'
        '<text class="flow-state" x="{tx}" y="{ty}">{word}</text></g>',
        state=state,
        x=shape.x,
        y=shape.y,
        w=shape.width,
        h=shape.height,
        lines=lines,
        icons=static("img/icons.svg"),
        mark=MARKS[state],
        mx=shape.x + 10,
        my=shape.y + shape.height - 22,
        tx=shape.x + 30,
        ty=shape.y + shape.height - 11,
        word=word(state),
    )


def _small_node(cell: Any, state: str) -> SafeString:
    """A start, an end or a gateway."""
    shape = cell.shape
    x, y, w, h = shape.x, shape.y, shape.width, shape.height
    if cell.node.task_type in ("START", "END"):
        ring = "flow-end" if cell.node.task_type == "END" else "flow-start"
        return format_html(
            '<g class="flow-node flow-{} {}"><circle cx="{}" cy="{}" r="{}"/></g>',
            state,
            ring,
            x + w / 2,
            y + h / 2,
            min(w, h) / 2 - 4,
        )
    return format_html(
        '<g class="flow-node flow-{} flow-gate"><path d="M{} {} L{} {} L{} {} L{} {}z"/></g>',
        state,
        *(x + w / 2, y + 2),
        *(x + w - 2, y + h / 2),
        *(x + w / 2, y + h - 2),
        *(x + 2, y + h / 2),
    )
