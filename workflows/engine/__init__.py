"""The engine: cases, verbs, journal, outbox and flows. What the other apps import is named here."""

from workflows.engine.act import Act, StoredFile
from workflows.engine.action import Verb, action, allowed, require_right, verb, verbs, verbs_for
from workflows.engine.clock import database_now
from workflows.engine.errors import Conflict, NotAllowed, Reason, Refused
from workflows.engine.flow import CaseFlow, Step
from workflows.engine.outbox import handler

__all__ = [
    "Act",
    "CaseFlow",
    "Conflict",
    "NotAllowed",
    "Reason",
    "Refused",
    "Step",
    "StoredFile",
    "Verb",
    "action",
    "allowed",
    "database_now",
    "handler",
    "require_right",
    "verb",
    "verbs",
    "verbs_for",
]
