"""The verbs of the reviews, by subject."""

from reviews.actions.assessments import (
    assign_reviewer,
    complete_assessments,
    declare_interests,
    expire_assignment,
    save_assessment,
    submit_assessment,
)
from reviews.actions.completeness import (
    declare_admissible,
    declare_complete,
    declare_eligible,
    declare_inadmissible,
    declare_ineligible,
    expire_piece_request,
    produce_pieces,
    request_pieces,
    review_piece,
)
from reviews.actions.coparef import give_body_opinion, note_no_body_opinion, request_body_opinion
from reviews.actions.decisions import (
    apply_decision,
    lapse_reserve,
    promote,
    record_vote,
    settle_withdrawal,
)
from reviews.actions.letters import close_file, edit_letter, read_letter, release_letter
from reviews.actions.opinions import (
    conclude_review,
    declare_body_interests,
    declare_seat_interests,
    give_opinion,
    note_opinion_not_given,
)
from reviews.actions.selection import (
    adjust_line,
    draft_ranking,
    propose_ranking,
    send_back_ranking,
    validate_ranking,
)

__all__ = [
    "adjust_line",
    "apply_decision",
    "assign_reviewer",
    "close_file",
    "complete_assessments",
    "conclude_review",
    "declare_admissible",
    "declare_body_interests",
    "declare_complete",
    "declare_eligible",
    "declare_inadmissible",
    "declare_ineligible",
    "declare_interests",
    "declare_seat_interests",
    "draft_ranking",
    "edit_letter",
    "expire_assignment",
    "expire_piece_request",
    "give_body_opinion",
    "give_opinion",
    "lapse_reserve",
    "note_no_body_opinion",
    "note_opinion_not_given",
    "produce_pieces",
    "promote",
    "propose_ranking",
    "read_letter",
    "record_vote",
    "release_letter",
    "request_body_opinion",
    "request_pieces",
    "review_piece",
    "save_assessment",
    "send_back_ranking",
    "settle_withdrawal",
    "submit_assessment",
    "validate_ranking",
]
