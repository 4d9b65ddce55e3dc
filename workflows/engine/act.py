"""What a verb holds in its hands while it acts: who, when, on which case, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_fsm import TransitionNotAllowed

from accounts.actors import Actor
from accounts.queries import audience_members
from workflows import formats
from workflows.dates import local_date
from workflows.engine.errors import Conflict, Reason, Refused
from workflows.models import (
    Case,
    Document,
    DocumentVersion,
    Entry,
    Notification,
    OutboxJob,
    Recusal,
    ScanState,
    Timer,
    TimerState,
    WorkItem,
)

M = TypeVar("M", bound=models.Model)


def label(row: models.Model | type[models.Model]) -> str:
    """The name of a model in the journal, e.g. ``calls.dossier``."""
    return row._meta.label_lower


@dataclass(frozen=True)
class StoredFile:
    """A file already written to the document store, on its way into a case."""

    path: str
    name: str
    size: int
    sha256: str
    content_type: str


@dataclass
class Act:
    """One verb under way, inside its transaction, with the case locked.

    ``by`` is ``None`` when the system itself acts (a timer). ``now`` is the instant that the act bears;
    ``recorded_at`` is the database's clock.
    """

    verb: str
    by: Actor | None
    now: datetime
    recorded_at: datetime
    case: Case
    key: str = ""
    known_state: str | None = None
    subject: models.Model | None = None
    recorded: models.Model | None = None
    rows: dict[Any, models.Model] = field(default_factory=dict)
    touched: set[Any] = field(default_factory=set)
    _entry: Entry | None = None
    _jobs: list[OutboxJob] = field(default_factory=list)
    _notices: list[Notification] = field(default_factory=list)
    _files: list[dict[str, Any]] = field(default_factory=list)
    _moved: dict[Any, tuple[str, str]] = field(default_factory=dict)
    _was_closed: bool = field(init=False)

    def __post_init__(self) -> None:
        # A verb that opens a case has none yet.
        self._was_closed = self.case is not None and self.case.closed_at is not None

    # -- who and when ---------------------------------------------------------------------------------------

    @property
    def today(self) -> Any:
        """The calendar day of the act in the Region's time zone."""
        return local_date(self.now, self.case.region.zone)

    @property
    def closes(self) -> bool:
        """Whether this very verb closes the case."""
        return self.case.closed_at is not None and not self._was_closed

    @property
    def person(self) -> Actor:
        """Who acts, for verbs that only a person performs."""
        if self.by is None:
            raise AssertionError(f"{self.verb} needs a person.")
        return self.by

    # -- changing rows --------------------------------------------------------------------------------------

    def move(self, row: Any, transition: str) -> None:
        """Make the django-fsm ``transition`` on ``row`` (the caller saves it), or refuse.

        Raises Conflict when somebody moved the row since the caller read it, else Refused.
        """
        before = row.state
        try:
            getattr(row, transition)()
        except TransitionNotAllowed as error:
            raise self.stale_or_refused(row) from error
        self._moved[row.pk] = (before, row.state)

    def stale_or_refused(self, row: Any) -> Conflict | Refused:
        """Why a verb is not possible in the row's state: somebody came first, or it never was."""
        if self.known_state is not None and self.known_state != row.state:
            return Conflict(self.case.entries.order_by("-seq").first())
        return Refused(
            _("This is not possible in the state “%(state)s”.") % {"state": row.get_state_display()}
        )

    def touch(self, row: models.Model) -> None:
        """Say that the verb also settles ``row``: the steps that wait for this verb on it are completed."""
        self.touched.add(row.pk)

    def lock(self, model: type[M], pk: Any) -> M:
        """Lock a scarce thing (an envelope, an account) after the case, and return it fresh (P11, P13)."""
        return model._base_manager.select_for_update(no_key=True).get(pk=pk)

    def refuse_if(self, *reasons: Reason | Iterable[Reason] | None) -> None:
        """Refuse with all the reasons that there are; go on when there is none."""
        found: list[Reason] = []
        for reason in reasons:
            if isinstance(reason, Reason):
                found.append(reason)
            elif reason:
                found.extend(reason)
        if found:
            raise Refused(*found)

    # -- what it leaves behind ------------------------------------------------------------------------------

    def record(
        self,
        row: models.Model,
        *,
        reasons: str = "",
        snapshot: Mapping[str, Any] | None = None,
        files: Iterable[DocumentVersion] = (),
    ) -> None:
        """Say what this act is about: the one journal entry is made of it. Exactly once in each verb."""
        from workflows.engine.journal import plain

        if self._entry is not None:
            raise AssertionError(f"{self.verb} records twice.")
        self.recorded = row
        before, after = self._moved.get(row.pk, ("", getattr(row, "state", "")))
        for version in files:
            self._note_file(version)
        self._entry = Entry(
            at=self.now,
            recorded_at=self.recorded_at,
            actor=self.by.user if self.by else None,
            actor_name=self.by.user.get_full_name() if self.by else "Quadrige",
            capacity=plain(
                self.by.capacity_for(self.case.region_id, self.case.organisation_id)
                if self.by
                else {"system": True}
            ),
            verb=self.verb,
            object_type=label(row),
            object_id=str(row.pk),
            from_state=before,
            to_state=after,
            reasons=plain(reasons or ""),
            snapshot=plain(snapshot or {}),
            idempotency_key=self.key,
        )

    def enqueue(self, kind: str, *, due_at: datetime | None = None, **payload: Any) -> None:
        """Owe an effect to the outside; it is done after commit, by a worker, at least once."""
        from workflows.engine.journal import plain

        self._jobs.append(
            OutboxJob(case=self.case, kind=kind, payload=plain(payload), due_at=due_at or self.recorded_at)
        )

    def notify(
        self,
        audiences: Iterable[str],
        kind: str,
        subject: str,
        body: str,
        link: str = "",
        *,
        include_actor: bool = False,
    ) -> None:
        """Tell each person of these audiences, in the application and by mail (once each), those recused excepted.

        Who acts is told only with ``include_actor``: a receipt is due to whoever submits (CRPA R112-11-3).
        """
        recused = Recusal.objects.filter(case=self.case).values("user")
        people = {
            user.pk: user
            for audience in audiences
            for user in audience_members(audience, self.today).exclude(pk__in=recused)
        }
        if self.by and not include_actor:
            people.pop(self.by.user.pk, None)
        for user in people.values():
            self._notices.append(
                Notification(
                    user=user,
                    case=self.case,
                    kind=kind,
                    subject=f"[{self.case.reference}] {subject}"[:250],
                    body=body,
                    link=link,
                    created_at=self.now,
                )
            )

    def notify_step(self, item: WorkItem, step: Any) -> None:
        """Tell the audience of a step that it waits for them."""
        with override("fr"):
            due = item.due_at and formats.format_instant(item.due_at, self.case.region.zone)
            body = _("For “%(title)s”: %(task)s.") % {"title": self.case.title, "task": step.task_title}
            if due:
                body += " " + _("To be done before %(due)s.") % {"due": due}
            self.notify([item.audience], "task", str(step.task_title), body, f"/tasks/{item.pk}/")

    def set_timer(self, verb: str, row: models.Model, due_at: datetime) -> None:
        """At ``due_at`` the system will perform ``verb`` on ``row``; replaces a timer already set for it."""
        which = {"case": self.case, "verb": verb, "object_id": row.pk, "state": TimerState.PENDING}
        values = {"object_type": label(row), "due_at": due_at, "failures": 0, "last_error": ""}
        # under the case's lock: nobody else sets it in between
        if not Timer.objects.filter(**which).update(**values):
            Timer.objects.create(**which, **values)

    def cancel_timers(self, *verbs: str, object_id: Any = None) -> None:
        """Cancel the case's running timers for these verbs (all of them when none is named), or for one row only."""
        timers = Timer.objects.filter(case=self.case, state=TimerState.PENDING)
        if verbs:
            timers = timers.filter(verb__in=verbs)
        if object_id is not None:
            timers = timers.filter(object_id=object_id)
        timers.update(state=TimerState.CANCELLED)

    def add_file(self, code: str, label: str, file: StoredFile, *, audience: str = "case") -> DocumentVersion:
        """Attach a stored file as the next version of the case's document ``code``; it will be scanned."""
        document, _created = Document.objects.get_or_create(
            case=self.case,
            code=code,
            defaults={"label": label, "audience": audience, "created_at": self.now},
        )
        last = document.versions.order_by("-number").values_list("number", flat=True).first()
        version = DocumentVersion.objects.create(
            document=document,
            number=(last or 0) + 1,
            name=file.name,
            path=file.path,
            size=file.size,
            sha256=file.sha256,
            content_type=file.content_type,
            uploaded_by=self.by.user if self.by else None,
            uploaded_at=self.now,
            scan=ScanState.PENDING if self.by else ScanState.CLEAN,
        )
        if version.scan == ScanState.PENDING:
            self.enqueue("scan", version=version.pk)
        self._note_file(version)
        return version

    def _note_file(self, version: DocumentVersion) -> None:
        self._files.append({"name": version.name, "sha256": version.sha256, "size": version.size})

    @property
    def entry(self) -> Entry:
        """The journal entry to be written; a verb that records nothing is a fault of the programme."""
        if self._entry is None:
            raise AssertionError(f"{self.verb} recorded nothing in the journal.")
        self._entry.files = self._files
        return self._entry
