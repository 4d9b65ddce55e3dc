"""The nouns of the engine: a case and everything that any case has."""

from workflows.models.access import Access, AccessLog
from workflows.models.base import CaseModel
from workflows.models.case import Case, CaseKind
from workflows.models.document import Document, DocumentVersion, Readers, ScanState
from workflows.models.flow import CaseProcess, WorkItem, WorkItemState
from workflows.models.journal import Entry, Seal
from workflows.models.message import Message, Notification
from workflows.models.outbox import OutboxJob, OutboxState
from workflows.models.people import Grant, Recusal
from workflows.models.timer import Timer, TimerState

__all__ = [
    "Access",
    "AccessLog",
    "Case",
    "CaseKind",
    "CaseModel",
    "CaseProcess",
    "Document",
    "DocumentVersion",
    "Entry",
    "Grant",
    "Message",
    "Notification",
    "OutboxJob",
    "OutboxState",
    "Readers",
    "Recusal",
    "ScanState",
    "Seal",
    "Timer",
    "TimerState",
    "WorkItem",
    "WorkItemState",
]
