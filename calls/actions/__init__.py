"""The verbs of ``calls``, by subject."""

from calls.actions.calls import (
    cancel_call,
    close_call,
    create_call,
    extend_call,
    publish_call,
    send_back_call,
    submit_for_validation,
    update_call,
)
from calls.actions.dossiers import (
    create_dossier,
    lapse,
    note_implicit_rejection,
    reschedule,
    submit,
    take_charge,
    withdraw,
)
from calls.actions.drafts import attach_piece, remove_piece, save_section
from calls.actions.pacts import adopt_pact, create_pact

__all__ = [
    "adopt_pact",
    "attach_piece",
    "cancel_call",
    "close_call",
    "create_call",
    "create_dossier",
    "create_pact",
    "extend_call",
    "lapse",
    "note_implicit_rejection",
    "publish_call",
    "remove_piece",
    "reschedule",
    "save_section",
    "send_back_call",
    "submit",
    "submit_for_validation",
    "take_charge",
    "update_call",
    "withdraw",
]
