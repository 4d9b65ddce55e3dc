"""Verbs drive flows: a human step waits for verbs, and the journal entry of one of them completes it.

A flow is a viewflow process on a case. It starts, moves and stops inside the verb's own transaction, under the
case's lock, so the process and the state machine cannot drift apart; no screen knows about viewflow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.timezone import now as wall_clock
from viewflow import this
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Flow, Node
from viewflow.workflow.models import Process
from viewflow.workflow.nodes import End as EndNode
from viewflow.workflow.nodes import StartHandle
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.status import PROCESS, STATUS

from accounts.compiled import Compiled
from workflows.models import CaseProcess, Entry, WorkItem, WorkItemState

if TYPE_CHECKING:
    from workflows.engine.act import Act

_current: ContextVar[Act] = ContextVar("act")


@contextmanager
def case_lock(flow_class: type[Flow], process_pk: int) -> Iterator[None]:
    """The flow's lock is the case's lock, already held by the verb under way (trap 1); it never waits or sleeps."""
    if _current.get(None) is None:
        raise AssertionError("A flow moves only inside a verb.")
    yield


def subject(activation: Activation) -> Any:
    """The row that the process is about (the dossier, the contract…), as the verb under way sees it."""
    act = _current.get()
    process = activation.process
    for row in (act.subject, act.recorded):
        if row is not None and row.pk == process.subject_id:
            return row
    if process.subject_id not in act.rows:
        model = apps.get_model(process.subject_type)
        act.rows[process.subject_id] = model._base_manager.select_related(*getattr(model, "related", ())).get(
            pk=process.subject_id
        )
    return act.rows[process.subject_id]


class StepActivation(Activation):
    """Life of a human step: it waits, and is completed by the verb that it waited for."""

    outcome: str = ""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> StepActivation:
        """Open the step: a viewflow task, its line in the inbox, and its timer."""
        act = _current.get()
        task = flow_task.flow_class.task_class.objects.create(
            process=prev_activation.process, flow_task=flow_task, token=token
        )
        activation = cls(task)
        step: Step = flow_task
        about = subject(activation)
        target = step.target(about) if step.target else about
        due_at = step.due(about, act.now) if step.due else None
        item = WorkItem.objects.create(
            case=act.case,
            task=task,
            step=step.reference,
            audience=step.who(about),
            verbs=sorted(step.on),
            object_type=target._meta.label_lower,
            object_id=target.pk,
            opened_at=act.now,
            due_at=due_at,
        )
        if step.timeout and due_at is not None:
            act.set_timer(step.timeout, target, due_at)
        if step.notify:
            act.notify_step(item, step)
        return activation

    @Activation.status.super()
    def activate(self) -> None:
        """Wait."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    def start(self) -> None:
        """The verb came."""
        self.task.started = wall_clock()

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Close the step."""
        self.task.finished = wall_clock()
        self.task.save(update_fields=["status", "started", "finished"])

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Follow the path of the verb that completed the step."""
        target = self.flow_task.on[self.outcome]
        if target is not None:
            yield target._create(self, self.task.token)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.CANCELED)
    def cancel(self) -> None:
        """The process ended another way."""
        self.task.finished = wall_clock()
        self.task.save(update_fields=["status", "finished"])


class Step(Node):
    """Somebody of an audience must perform one of these verbs before a date.

    ``title`` is what the inbox says; ``who(subject)`` gives the audience key; ``on`` maps each verb that completes the
    step to the node that follows; ``due(subject, now)`` the instant before which; ``timeout`` the system verb performed on
    the step's object at that instant; ``target(subject)`` the row that the verb acts on when it is not the subject;
    ``page`` the URL name (argument: the target's pk) where it is done; ``notify`` tells the audience when it opens.
    """

    activation_class = StepActivation
    task_type = "HUMAN"
    bpmn_element = "userTask"
    shape: ClassVar[dict[str, Any]] = {
        "width": 150,
        "height": 84,
        "text-align": "middle",
        "svg": '<rect class="task" width="150" height="84" rx="5" ry="5"/>',
    }

    def __init__(
        self,
        title: Any,
        *,
        who: Callable[[Any], str],
        on: dict[str, Any],
        page: str,
        due: Callable[[Any, datetime], datetime | None] | None = None,
        timeout: str = "",
        target: Callable[[Any], models.Model] | None = None,
        notify: bool = False,
    ) -> None:
        super().__init__()
        if timeout and timeout not in on:
            raise AssertionError(f"The step waits for its own timeout: add {timeout} to `on`.")
        self.task_title = title
        self.who, self.on, self.page = who, on, page
        self.due, self.timeout, self.target, self.notify = due, timeout, target, notify

    @property
    def reference(self) -> str:
        """The step's name across flows, e.g. ``reviews.ReviewFlow.completeness``."""
        return f"{self.flow_class.instance.app_label}.{self.flow_class.__name__}.{self.name}"

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.on = {name: this.resolve(instance, node) for name, node in self.on.items()}

    def _outgoing(self) -> Iterator[Edge]:
        seen = set()
        for node in self.on.values():
            if node is not None and node.name not in seen:
                seen.add(node.name)
                yield Edge(src=self, dst=node, edge_class="next")


class EndActivation(Activation):
    """The end of a process, written once it is reached: one row, in a transaction that is already there."""

    __hash__ = object.__hash__  # before it is written, the row has no key to be known by
    __eq__ = object.__eq__

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> EndActivation:
        """The end is reached."""
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, started=wall_clock()
        )
        return cls(task)

    @Activation.status.super()
    def activate(self) -> None:
        """Finish the process when nothing else waits in it."""
        if not self.process.task_set.filter(finished__isnull=True).exists():
            _finish(self.process, PROCESS.DONE)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.DONE)
    def complete(self) -> None:
        """Keep that it was reached."""
        self.task.finished = wall_clock()
        self.task.save(force_insert=True)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> list[Activation]:
        """Nothing follows."""
        return []


class End(EndNode):
    """The end of a case flow."""

    activation_class = EndActivation


class CaseFlow(Flow):
    """Base of all flows: our process, our lock; started and stopped by verbs."""

    process_class = CaseProcess
    lock_impl = staticmethod(case_lock)

    #: Verbs that start it on the row they recorded (each at most once per row).
    starts_on: ClassVar[tuple[str, ...]] = ()
    #: Verbs that stop it, whatever it waits for (a withdrawal).
    stopped_by: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def applies_to(cls, row: Any) -> bool:
        """Whether the flow starts for this row; refine it where a verb serves several kinds of things."""
        return True

    @classmethod
    def subjects(cls, row: Any) -> Iterable[models.Model]:
        """The rows that it starts for, one process each: by default the one that the verb recorded, if it applies."""
        return [row] if cls.applies_to(row) else []


class StartActivation(StartHandleActivation):
    """The beginning of a process inside the verb's own transaction: no savepoint around it."""

    @Activation.status.transition(source=STATUS.NEW)
    def execute(self) -> None:
        """Write the process and its first task, and open what follows."""
        self.process.save(force_insert=True)
        self.complete()
        self.activate_next()


class Start(StartHandle):
    """The start of a case flow, made by a verb."""

    activation_class = StartActivation

    def begin(self, act: Act, row: models.Model) -> CaseProcess:
        """Start a process about ``row`` on the case of ``act``."""
        activation = self.activation_class.create(self, None, None)
        activation.process.case = act.case
        activation.process.subject_type = row._meta.label_lower
        activation.process.subject_id = row.pk
        activation.execute()
        return activation.process


def flows() -> list[type[CaseFlow]]:
    """All the flows there are, by name."""
    found: list[type[CaseFlow]] = []
    pending = list(CaseFlow.__subclasses__())
    while pending:
        cls = pending.pop()
        found.append(cls)
        pending.extend(cls.__subclasses__())
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


def step_of(item: WorkItem) -> Step | None:
    """The step that a work item waits in, or ``None`` when the code no longer has it (P23)."""
    app_label, flow_name, node_name = item.step.split(".")
    for cls in flows():
        if cls.__name__ == flow_name and cls.instance.app_label == app_label:
            node = cls.instance.node(node_name, no_obsolete=True)
            return node if isinstance(node, Step) else None
    return None


_open_items = Compiled(
    lambda case: (
        WorkItem.objects.filter(case=case, state=WorkItemState.OPEN)
        .select_related("task__process__caseprocess")
        .order_by("opened_at", "id")
    ),
    UUID,
)


def advance(act: Act, entry: Entry) -> None:
    """Let the case's flows move on after a verb: stop, complete what waited for it, start what begins with it."""
    mark = _current.set(act)
    try:
        for cls in flows():
            if act.verb in cls.stopped_by:
                _stop(act, flow_class=cls)
        touched = act.touched | {row.pk for row in (act.subject, act.recorded) if row is not None}
        waiting = [
            item for item in _open_items(act.case.pk) if act.verb in item.verbs and item.object_id in touched
        ]
        for item in waiting:
            _complete(act, item)
        if act.closes:  # nobody is awaited any more
            _stop(act)
        for cls in flows():
            if act.verb in cls.starts_on:
                for row in cls.subjects(act.recorded):
                    cls.start.begin(act, row)
    finally:
        _current.reset(mark)


def _complete(act: Act, item: WorkItem) -> None:
    assert item.task is not None
    activation = item.task.flow_task.activation_class(item.task)
    activation.outcome = act.verb
    activation.start()
    activation.complete()
    _close(act, item, WorkItemState.DONE)
    activation.activate_next()


def _stop(act: Act, **which: Any) -> None:
    for process in CaseProcess.objects.filter(case=act.case, finished__isnull=True, **which):
        for item in WorkItem.objects.filter(task__process=process, state=WorkItemState.OPEN):
            _close(act, item, WorkItemState.CANCELLED)
        process.task_set.filter(finished__isnull=True).update(status=STATUS.CANCELED, finished=wall_clock())
        _finish(process, PROCESS.CANCELED)


def _finish(process: CaseProcess, status: PROCESS) -> None:
    # on viewflow's own table: through ours, Django would first look for the rows
    Process.objects.filter(pk=process.pk).update(status=status, finished=wall_clock())


def _close(act: Act, item: WorkItem, state: WorkItemState) -> None:
    step = step_of(item)
    if step is not None and step.timeout and item.due_at is not None:
        act.cancel_timers(step.timeout, object_id=item.object_id)
    item.state, item.finished_at, item.outcome = state, act.now, act.verb
    item.save(update_fields=["state", "finished_at", "outcome"])


__all__ = ["CaseFlow", "End", "Start", "Step", "advance", "case_lock", "flows", "step_of", "subject"]
