"""The same stage in plain viewflow: its own process, task and lock, and every row written the ordinary way, by a model's save."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.apps import AppConfig, apps
from django.db import models, transaction
from viewflow import this
from viewflow.workflow import Flow, flow, lock
from viewflow.workflow.models import Process, Task

from calls.models import Dossier
from calls.queries import application, digest, missing
from tests.load.copies import Row, Rows
from workflows.models import CaseProcess, WorkItem

#: What viewflow writes by itself, or has no use for.
ITS_OWN = (Process, CaseProcess, Task, Task.previous.through, WorkItem)


class PlainFlow(Flow):
    """A draft is submitted, then somebody checks it."""

    process_class = Process
    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle().Next(this.submit)
    submit = flow.Handle(this.write).Next(this.check)
    check = flow.Handle().Next(this.end)
    end = flow.End()

    def write(self, activation: Any, *, dossier: UUID, added: Rows, changed: Rows) -> None:
        """What the stage does: check that nothing is missing, keep the whole application, and save row after row."""
        draft = Dossier.objects.select_related(*Dossier.related).get(pk=dossier)
        assert not missing(draft)
        assert digest(application(draft))
        for model, rows in changed.items():
            for row in rows:
                if model not in ITS_OWN:
                    _change(model, row)
        for model, rows in added.items():
            for row in rows:
                if model not in ITS_OWN:
                    model(**_values(model, row)).save(force_insert=True)


def known_to_viewflow() -> None:
    """Flows belong to an application: for the bench, this folder is one."""
    apps.app_configs.setdefault("load", AppConfig.create("tests.load"))
    apps.get_containing_app_config(__name__)


def begun() -> Task:
    """A process whose draft is about to be submitted: its open task."""
    process = PlainFlow.start.run()
    return Task.objects.get(process=process, flow_task=PlainFlow.submit)


def submit(task: Task, dossier: UUID, added: Rows, changed: Rows) -> None:
    """The stage, in one transaction."""
    with transaction.atomic():
        PlainFlow.submit.run(task, dossier=dossier, added=added, changed=changed)


def _change(model: type[models.Model], row: Row) -> None:
    key = model._meta.pk
    assert key is not None
    instance = model._base_manager.get(pk=row[key.column])
    for name, value in _values(model, row).items():
        if name != key.attname and name != "state":
            setattr(instance, name, value)
    if "state" in row:
        instance.__dict__["state"] = row["state"]  # the field refuses to be assigned
    instance.save()


def _values(model: type[models.Model], row: Row) -> Row:
    """A row by the names of the model's attributes, JSON as values."""
    return {
        f.attname: json.loads(row[f.column])
        if isinstance(f, models.JSONField) and isinstance(row[f.column], str)
        else row[f.column]
        for f in model._meta.local_concrete_fields
    }
