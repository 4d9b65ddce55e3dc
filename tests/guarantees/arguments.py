"""Plausible arguments for every verb there is: what somebody would type who means well, and now and then nonsense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import User
from calls.models import Criterion
from calls.queries import expected_pieces
from calls.queries.defaults import default_axes, default_indicators, default_questions
from calls.reference import GROUND_BY_CODE, Stage
from contracts.narrative import questions_for
from contracts.queries import planned_expenses
from reviews.models import Deliberation, PieceRequest
from reviews.queries.completeness import points_at
from tests.calls import story
from tests.world import World

Values = dict[str, Any]


class Arguments:
    """What is given to a verb on ``row`` at ``now``; ``random`` decides, so that a walk can be walked again."""

    def __init__(self, world: World, row: Any, now: datetime, random: Random) -> None:
        self.world, self.row, self.now, self.random = world, row, now, random

    def of(self, verb: str) -> Values:
        """The arguments of a verb; KeyError for one that nobody has thought of here."""
        return ARGUMENTS[verb](self)

    @property
    def today(self) -> date:
        return self.now.date()

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def person(self, *names: str) -> User:
        return self.world.people[self.random.choice(names or tuple(self.world.people))]

    def part(self, amount: Decimal | None) -> Decimal | None:
        """An amount: as it is, a part of it, or too much."""
        if amount is None:
            return None
        return (amount * self.random.choice([1, 1, Decimal("0.5"), Decimal("0.1"), 2])).quantize(
            Decimal("0.01")
        )


def reasons(a: Arguments) -> Values:
    return {"reasons": "" if a.chance(0.1) else "Parce que."}


def nothing(a: Arguments) -> Values:
    return {}


def pact(a: Arguments) -> Values:
    return {
        "title": "Un autre pacte",
        "first_year": 2030,
        "last_year": 2031,
        "stakes": "…",
        "budget_by_year": {2030: Decimal(1), 2031: Decimal(2)},
        "axes": default_axes(),
        "indicators": default_indicators(),
        "questions": default_questions(),
    }


def call(a: Arguments) -> Values:
    return {
        "kind": "aap",
        "year": 2026,
        "title": "Un autre appel",
        "summary": "…",
        "text": "Un texte.",
        "axes": list(a.row.axes.order_by("code")),
        "opens_at": a.now,
        "closes_at": a.now + timedelta(days=a.random.choice([-1, 20])),
        "envelope": Decimal(50000),
        "max_rate": Decimal(80),
        "max_amount": Decimal(40000),
        "aid_basis": "no_aid",
    }


def changed_call(a: Arguments) -> Values:
    return a.random.choice(
        [
            {"title": "Titre"},
            {"threshold": 50},
            {"envelope": Decimal(60000)},
            {"advance_rate": 90},
            {"state": "x"},
        ]
    )


def section(a: Arguments) -> Values:
    name = a.random.choice(["project", "partners", "budget", *story.ANSWERS])
    values: Any = story.ANSWERS.get(name)
    if name == "project":
        values = {"title": "Un titre", "axis": "A1", "starts_on": "2026-09-01", "ends_on": "2026-12-31"}
    elif name == "partners":
        values = {"partners": []}
    elif name == "budget":
        values = {"basis": "ttc", "lines": story.lines(a.random.choice(["40000.00", "12000.00", "1.00"]))}
    version = a.row.versions.get(name, 0) + (1 if a.chance(0.1) else 0)
    return {"section": name, "values": values, "version": version}


def asked_pieces(a: Arguments) -> list[str]:
    """The codes of pieces, those that were asked for again first."""
    request = PieceRequest.objects.filter(dossier=a.row, state="pending").first()
    if request is not None:
        return [item["code"] for item in request.items]
    return list(a.row.call.required_pieces.order_by("number").values_list("code", flat=True))


def attached(a: Arguments) -> Values:
    code = a.random.choice(asked_pieces(a))
    return {"code": code, "file": story.stored(a.row.case, code, name=f"{code.lower()}.pdf")}


def one_piece(a: Arguments) -> Values:
    return {"code": a.random.choice(asked_pieces(a))}


def reviewed_piece(a: Arguments) -> Values:
    lines = [p for p in expected_pieces(a.row) if p.piece is not None]
    left = [p for p in lines if not p.piece.verdict] or lines
    code = a.random.choice(left).required.code if left else "RIB"
    return {"code": code, "verdict": "rejected" if a.chance(0.1) else "accepted", "comment": "Illisible."}


def requested_pieces(a: Arguments) -> Values:
    lines = [p for p in expected_pieces(a.row) if p.piece is None or p.piece.verdict != "accepted"]
    codes = [p.required.code for p in a.random.sample(lines, min(2, len(lines)))]
    due_on = a.today + timedelta(days=a.random.choice([0, 5, 15]))
    return {"codes_and_reasons": dict.fromkeys(codes, "Illisible."), "due_on": due_on}


def checklist(stage: Stage) -> Callable[[Arguments], Values]:
    def values(a: Arguments) -> Values:
        return {"checklist": {} if a.chance(0.1) else {item.code: True for item in points_at(a.row, stage)}}

    return values


def grounds(stage: Stage) -> Callable[[Arguments], Values]:
    codes = [code for code, ground in GROUND_BY_CODE.items() if ground.stage is stage]

    def values(a: Arguments) -> Values:
        return {"grounds": [a.random.choice(codes)], "explanation": "Constaté."}

    return values


def grid(a: Arguments) -> Values:
    criteria = Criterion.objects.filter(call=a.row.dossier.call_id).order_by("number")
    best = a.random.choice([3, 4, 5, 6])
    return {"scores": {c.pk: {"value": best, "comment": "Bien."} for c in criteria}, "comment": "Bien."}


def interest(a: Arguments) -> Values:
    return {"has_interest": a.chance(0.1), "explanation": "Un proche."}


def opinion(a: Arguments) -> Values:
    value = a.random.choice(["favourable", "favourable", "with_reservations", "unfavourable", "abstention"])
    kept = [{"kind": a.random.choice(["suspensive", "in_contract"]), "text": "Préciser."}]
    return {
        "value": value,
        "reasons": "Motifs.",
        "reservations": kept if value == "with_reservations" else [],
    }


def body_opinion(a: Arguments) -> Values:
    position = a.random.choice(["common", "divergent"])
    both = {"employers_position": "Oui.", "unions_position": "Non."} if position == "divergent" else {}
    return {"position": position, "value": "favourable", "reasons": "Motifs.", **both}


def line(a: Arguments) -> Values:
    found = a.random.choice(list(a.row.lines.select_related("dossier").order_by("rank")))
    place = a.random.choice(["main", "main", "reserve", "not_retained"])
    amount = a.part(found.dossier.requested_amount)
    return {"dossier": found.dossier, "list": place, "amount": amount, "reason": "Équilibre."}


def vote(a: Arguments) -> Values:
    lines = list(a.row.lines.order_by("rank"))
    amounts = (
        {str(x.dossier_id): a.part(x.amount) for x in lines if x.list == "main"} if a.chance(0.3) else None
    )
    return {"voted_on": a.today, "number": f"26_{a.random.randrange(9999):04}", "amounts": amounts}


def decision(a: Arguments) -> Values:
    return {"deliberation": Deliberation.objects.select_related("ranking").order_by("number").first()}


def contract(a: Arguments) -> Values:
    starts_on = date(2026, 9, 1)
    return {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=a.random.choice([-1, 120, 364]))}


def bank(a: Arguments) -> Values:
    iban = a.random.choice(["FR7630006000011234567890189", "FR1420041010050500013M02606", "FR00"])
    return {"holder": "Association", "iban": iban}


def contract_text(a: Arguments) -> Values:
    return {"file": story.stored(a.row.case, "contract"), "revision": a.row.revision}


def proposed(a: Arguments) -> Values:
    return {"amount": a.part(a.row.planned_amount) if a.chance(0.3) else None}


def payment(a: Arguments) -> Values:
    return {"paid_on": a.today - timedelta(days=a.random.choice([0, 0, 0, 9])), "payment_reference": "M-1"}


def report(a: Arguments) -> Values:
    values: dict[Any, Values] = {}
    for item in a.row.contract.dossier.indicators.order_by("code"):
        values[item.pk] = {"number": Decimal(60), "breakdown": {"SEXE": {"Femmes": 35, "Hommes": 25}}}
        if item.code == "I-POS":
            values[item.pk] = {"numerator": Decimal(30), "denominator": Decimal(50), "text": "Enquête."}
    planned = planned_expenses(a.row.contract.dossier)
    return {
        "version": a.row.version + (1 if a.chance(0.1) else 0),
        "values": values,
        "narrative": {q.code: "Comme prévu." for q in questions_for(a.row.kind)},
        "expenses": {code: a.part(amount) for code, (_label, amount) in planned.items()},
    }


def accepted(a: Arguments) -> Values:
    if not a.chance(0.3):
        return {}
    spent = {e.code: a.part(e.amount) for e in a.row.expenses.all()}
    return {"accepted": spent, "reasons": dict.fromkeys(spent, "Non justifié.")}


def evidence(a: Arguments) -> Values:
    return {"file": story.stored(a.row.case, "evidence")}


def recovery(a: Arguments) -> Values:
    amount = a.part(a.row.amount) if a.chance(0.3) else None
    return {"upheld": a.chance(0.6), "grounds": "Constaté.", "amount": amount}


def message(a: Arguments) -> Values:
    return {"body": a.random.choice(["Bonjour", " "])}


def handed(a: Arguments) -> Values:
    return {"to": None if a.chance(0.3) else a.person()}


def letter(a: Arguments) -> Values:
    return {"code": "letter", "title": "Lettre", "file": story.stored(a.row, "letter")}


def scan(a: Arguments) -> Values:
    return {"version": a.row.versions.order_by("number").first(), "clean": True, "detail": ""}


def organisation(a: Arguments) -> Values:
    return {
        "organisation": a.world.organisations[a.random.choice(["applicant", "other"])],
        "title": "Un projet",
    }


def extension(a: Arguments) -> Values:
    return {"closes_at": a.row.closes_at + timedelta(days=a.random.choice([-1, 3, 10])), "reasons": "Congés."}


ARGUMENTS: dict[str, Callable[[Arguments], Values]] = {
    "calls.create_pact": pact,
    "calls.adopt_pact": nothing,
    "calls.create_call": call,
    "calls.update_call": changed_call,
    "calls.submit_for_validation": nothing,
    "calls.send_back_call": reasons,
    "calls.publish_call": nothing,
    "calls.extend_call": extension,
    "calls.close_call": nothing,
    "calls.cancel_call": reasons,
    "calls.create_dossier": organisation,
    "calls.save_section": section,
    "calls.attach_piece": attached,
    "calls.remove_piece": one_piece,
    "calls.submit": lambda a: {"attestation": not a.chance(0.1)},
    "calls.withdraw": reasons,
    "calls.lapse": nothing,
    "calls.reschedule": nothing,
    "calls.note_implicit_rejection": nothing,
    "calls.take_charge": lambda a: {"officer": a.person("officer", "officer2", "manager")},
    "reviews.review_piece": reviewed_piece,
    "reviews.request_pieces": requested_pieces,
    "reviews.produce_pieces": nothing,
    "reviews.expire_piece_request": nothing,
    "reviews.declare_complete": nothing,
    "reviews.declare_admissible": checklist(Stage.ADMISSIBILITY),
    "reviews.declare_inadmissible": grounds(Stage.ADMISSIBILITY),
    "reviews.declare_eligible": checklist(Stage.ELIGIBILITY),
    "reviews.declare_ineligible": grounds(Stage.ELIGIBILITY),
    "reviews.assign_reviewer": lambda a: {"reviewer": a.person("expert", "expert2", "state", "officer")},
    "reviews.declare_interests": interest,
    "reviews.save_assessment": grid,
    "reviews.submit_assessment": grid,
    "reviews.expire_assignment": nothing,
    "reviews.complete_assessments": nothing,
    "reviews.declare_seat_interests": interest,
    "reviews.declare_body_interests": interest,
    "reviews.give_opinion": opinion,
    "reviews.note_opinion_not_given": nothing,
    "reviews.conclude_review": nothing,
    "reviews.request_body_opinion": lambda a: {"question": "Que pensez-vous de la liste ?"},
    "reviews.give_body_opinion": body_opinion,
    "reviews.note_no_body_opinion": nothing,
    "reviews.draft_ranking": nothing,
    "reviews.adjust_line": line,
    "reviews.propose_ranking": nothing,
    "reviews.send_back_ranking": reasons,
    "reviews.validate_ranking": nothing,
    "reviews.record_vote": vote,
    "reviews.apply_decision": decision,
    "reviews.promote": reasons,
    "reviews.settle_withdrawal": nothing,
    "reviews.lapse_reserve": nothing,
    "reviews.edit_letter": lambda a: {"note": "Un mot de plus."},
    "reviews.release_letter": nothing,
    "reviews.read_letter": nothing,
    "reviews.close_file": nothing,
    "contracts.lift_reservation": reasons,
    "contracts.give_bank_account": bank,
    "contracts.confirm_bank_account": reasons,
    "contracts.refuse_bank_account": reasons,
    "contracts.prepare_contract": contract,
    "contracts.revise_contract": contract,
    "contracts.attach_contract_text": contract_text,
    "contracts.send_for_signature": nothing,
    "contracts.recall_contract": reasons,
    "contracts.sign_as_beneficiary": lambda a: {"capacity": "Présidente"},
    "contracts.sign_as_region": lambda a: {"capacity": "Directeur général"},
    "contracts.cancel_contract": nothing,
    "contracts.claim_instalment": nothing,
    "contracts.reject_claim": reasons,
    "contracts.propose_payment": proposed,
    "contracts.send_back_payment": reasons,
    "contracts.certify_service": nothing,
    "contracts.record_payment": payment,
    "contracts.save_report": report,
    "contracts.attach_evidence": evidence,
    "contracts.submit_report": nothing,
    "contracts.return_report": reasons,
    "contracts.accept_report": accepted,
    "contracts.remind_report": nothing,
    "contracts.open_recovery": lambda a: {"grounds": "Dépenses non justifiées."},
    "contracts.send_observations": lambda a: {"observations": "Voici pourquoi."},
    "contracts.end_hearing": nothing,
    "contracts.decide_recovery": recovery,
    "contracts.record_recovery": lambda a: {"recovered_on": a.today},
    "contracts.close_dossier": nothing,
    "workflows.retry_job": nothing,
    "workflows.retry_timer": nothing,
    "workflows.claim": nothing,
    "workflows.hand_over": handed,
    "workflows.send_message": message,
    "workflows.attach_letter": letter,
    "workflows.record_scan": scan,
}

#: Verbs that end something: a walk in which anybody does them at any moment would never go far.
RARE = frozenset(
    {
        "calls.withdraw",
        "calls.cancel_call",
        "calls.create_pact",
        "calls.create_call",
        "calls.create_dossier",
        "calls.remove_piece",
        "calls.extend_call",
        "calls.send_back_call",
        "reviews.declare_inadmissible",
        "reviews.declare_ineligible",
        "reviews.request_pieces",
        "reviews.send_back_ranking",
        "reviews.edit_letter",
        "contracts.recall_contract",
        "contracts.revise_contract",
        "contracts.return_report",
        "contracts.reject_claim",
        "contracts.send_back_payment",
        "contracts.attach_evidence",
        "workflows.claim",
        "workflows.hand_over",
        "workflows.send_message",
        "workflows.attach_letter",
        "workflows.record_scan",
        "calls.take_charge",
    }
)
