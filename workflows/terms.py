"""What the journal records, in words: one label for each key that a verb writes in a snapshot.

It knows words, not models. Where the keys of a map are codes of the field (pieces, points, accounts), the floors above say
what each code is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.templatetags.ui import instant, money, short_day

SUM = re.compile(r"-?\d+(\.\d{1,2})?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")

TERMS: dict[str, Any] = {
    "accent": _("Colour of the Region"),
    "accepted": _("Accepted"),
    "account": _("Bank account"),
    "address": _("Address"),
    "advance_rate": _("Rate of the advance"),
    "after": _("After"),
    "aid_basis": _("Legal basis of the aid"),
    "amount": _("Amount"),
    "amounts": _("Amounts"),
    "answers": _("Answers"),
    "application": _("Application as submitted"),
    "assessments": _("Assessments received"),
    "assessors_per_dossier": _("Reviewers per dossier"),
    "at_most": _("At most"),
    "attempts": _("Attempts"),
    "attention": _("For the attention of"),
    "attestation": _("Attestation on honour"),
    "attested_by": _("Attested by"),
    "authority": _("Authority"),
    "axes": _("Axes"),
    "axis": _("Axis"),
    "balance": _("Balance"),
    "baseline": _("Starting value"),
    "basis": _("Basis"),
    "before": _("Before the change"),
    "beneficiary": _("Beneficiary"),
    "body": _("Text"),
    "breakdown": _("Breakdown"),
    "budget": _("Budget"),
    "budget_by_year": _("Budget by year"),
    "call": _("Call"),
    "capacity": _("Capacity"),
    "cause": _("Cause"),
    "changed": _("Changed"),
    "checked": _("Checked"),
    "checklist": _("Points verified"),
    "choices": _("Choices offered"),
    "city": _("Town"),
    "clauses": _("Clauses"),
    "clean": _("Free of viruses"),
    "closed_at": _("Closed at"),
    "closes_at": _("Closes at"),
    "code": _("Code"),
    "college": _("College"),
    "colleges": _("Colleges consulted"),
    "comment": _("Comment"),
    "condition": _("Condition"),
    "conflicts_found": _("Conflicts found by the programme"),
    "content_sha256": _("Fingerprint of the content"),
    "coparef": _("Referral to the COPAREF"),
    "criteria": _("Criteria"),
    "criterion": _("Criterion"),
    "data": _("Content of the letter"),
    "date": _("Date"),
    "declared": _("Declared"),
    "deliberation": _("Deliberation"),
    "denominator": _("Denominator"),
    "detail": _("Detail"),
    "document": _("Document"),
    "dossier": _("Dossier"),
    "dossier_state": _("State of the dossier"),
    "due": _("Amount due"),
    "due_at": _("Due at"),
    "due_on": _("Due on"),
    "eligible_cost": _("Eligible cost"),
    "eliminatory": _("Eliminatory"),
    "email": _("E-mail"),
    "employers": _("Position of the employers"),
    "ends_on": _("Ends on"),
    "envelope": _("Envelope"),
    "expenses": _("Expenses"),
    "failures": _("Times refused"),
    "fields": _("Fields written"),
    "first": _("First reading"),
    "form": _("Form"),
    "form_revision": _("Version of the form"),
    "form_sha256": _("Fingerprint of the form"),
    "freed": _("Amount freed"),
    "from": _("From"),
    "frozen": _("Rules of the call as published"),
    "grounds": _("Grounds"),
    "guidance": _("Guidance"),
    "has_interest": _("Declares an interest"),
    "heard_before": _("Observations awaited before"),
    "help": _("Help"),
    "holder": _("Account holder"),
    "implicit_rejection_on": _("Silence means rejection on"),
    "indicators": _("Indicators"),
    "indispensable": _("Indispensable"),
    "instalments": _("Instalments"),
    "instead_of": _("Instead of"),
    "interim_rate": _("Rate of the interim payment"),
    "items": _("Pieces asked for"),
    "kind": _("Kind"),
    "label": _("Name"),
    "late": _("Late"),
    "legal_form": _("Legal form"),
    "legal_forms": _("Legal forms concerned"),
    "letters_cancelled": _("Letters cancelled"),
    "lines": _("Lines"),
    "links": _("Links with other plans"),
    "list": _("List"),
    "load": _("Dossiers already entrusted"),
    "main": _("Main list"),
    "max_amount": _("Highest subsidy"),
    "max_length": _("Characters at most"),
    "max_rate": _("Highest rate"),
    "method": _("Method"),
    "min_amount": _("Smallest subsidy"),
    "minority": _("Minority position"),
    "multiple": _("Several files"),
    "name": _("Name"),
    "narrative": _("Account of the period"),
    "nature": _("Nature"),
    "note": _("Paragraph added by the service"),
    "number": _("Number"),
    "numerator": _("Numerator"),
    "objectives": _("Objectives"),
    "observations": _("Observations"),
    "of": _("Out of"),
    "officer": _("Case officer"),
    "open_data_due_on": _("To be published as open data by"),
    "opens_at": _("Opens at"),
    "opinions": _("Opinions"),
    "organisation": _("Organisation"),
    "pact": _("Pact"),
    "paid": _("Paid"),
    "paid_in_all": _("Paid in all"),
    "paid_on": _("Paid on"),
    "partners": _("Partners"),
    "pay_before": _("To be paid before"),
    "payment_reference": _("Number of the payment order"),
    "phone": _("Telephone"),
    "pieces": _("Pieces"),
    "position": _("Position"),
    "postcode": _("Postcode"),
    "preparation": _("Preparation number"),
    "produced_on": _("Produced on"),
    "project": _("Project"),
    "promoted": _("Called from the reserve list"),
    "proposed": _("Proposed"),
    "proposed_by": _("Proposed by"),
    "publics": _("Target publics"),
    "questions": _("Questions"),
    "rank": _("Rank"),
    "rate": _("Rate"),
    "reason": _("Reason"),
    "reasons": _("Reasons"),
    "received": _("Dossiers received"),
    "recovered": _("Given back"),
    "recovered_on": _("Given back on"),
    "recused": _("Recused"),
    "reference": _("Reference"),
    "region": _("Region"),
    "relation": _("Relation"),
    "released_at": _("Released at"),
    "reminders": _("Reminders sent"),
    "report": _("Report"),
    "reporting": _("Reporting calendar"),
    "reports": _("Reports"),
    "requested": _("Requested"),
    "required": _("Must be answered"),
    "reservation": _("Reservation"),
    "reservations": _("Reservations"),
    "reserve": _("Reserve list"),
    "reviewer": _("Reviewer"),
    "rna": _("RNA number"),
    "role": _("Role"),
    "rule": _("Rule applied"),
    "schema": _("Form"),
    "score": _("Score"),
    "scores": _("Scores"),
    "section": _("Section"),
    "service": _("Service"),
    "sha256": _("Fingerprint SHA-256"),
    "shortlist": _("Shortlist"),
    "side": _("Side"),
    "signed_by": _("Signed by"),
    "siret": _("SIRET"),
    "size": _("Size in bytes"),
    "source": _("Source"),
    "stakes": _("Stakes"),
    "starts_on": _("Starts on"),
    "state": _("State"),
    "statement": _("Statement signed"),
    "step": _("Step"),
    "steps": _("Steps"),
    "sub_themes": _("Sub-themes"),
    "subsidy_due": _("Subsidy due"),
    "summary": _("Summary"),
    "support": _("Support"),
    "synthesis": _("Synthesis of the opinions"),
    "target": _("Target"),
    "territories": _("Territories"),
    "text": _("Text"),
    "text_sha256": _("Fingerprint of the text"),
    "themes": _("Themes"),
    "threshold": _("Threshold"),
    "title": _("Title"),
    "to": _("To"),
    "total": _("Total"),
    "total_cost": _("Total cost"),
    "unions": _("Position of the unions"),
    "unit": _("Unit"),
    "upheld": _("Upheld"),
    "value": _("Value"),
    "values": _("Values"),
    "verb": _("Act"),
    "verdict": _("Verdict"),
    "version": _("Version"),
    "voted": _("Voted"),
    "voted_on": _("Voted on"),
    "wanted": _("Assessments wanted"),
    "weight": _("Weight"),
    "without_object": _("Without object"),
    "year": _("Year"),
    "years": _("Years"),
}
#: Too long to be read in a list, and kept as a document of its own: only told as it was recorded.
VERBATIM = frozenset({"data"})

#: Maps of codes whose values are maps of codes again (men and women, by sex).
NESTED = frozenset({"breakdown"})

#: Sums in euros; they are recorded as plain numbers.
SUMS = frozenset(
    {
        "accepted",
        "amount",
        "at_most",
        "balance",
        "budget_by_year",
        "declared",
        "due",
        "eligible_cost",
        "envelope",
        "expenses",
        "freed",
        "main",
        "max_amount",
        "min_amount",
        "paid",
        "paid_in_all",
        "proposed",
        "recovered",
        "requested",
        "reserve",
        "subsidy_due",
        "total_cost",
        "voted",
    }
)

#: Where the lines of a list stand: nowhere that has codes of its own.
LISTED = "[]"
#: The maps whose keys are codes, and how each code is called.
CODED: dict[str, Callable[[str], Any]] = {}
_values: dict[str, Mapping[str, Any]] = {}


def name_codes(key: str, name: Callable[[str], Any]) -> None:
    """Register that the map at ``key`` has codes for keys, and how each is called."""
    CODED[key] = name


def name_values(key: str, labels: Mapping[str, Any]) -> None:
    """Register what the coded values recorded at ``key`` are called."""
    _values[key] = {**_values.get(key, {}), **labels}


def value_word(key: str, value: str) -> str:
    """A recorded text in words: the name of a coded value, a sum with its unit, a day or an instant as people write it."""
    if value in _values.get(key, {}):
        return str(_values[key][value])
    if key in SUMS and SUM.fullmatch(value):
        return str(money(Decimal(value)))
    try:
        if DAY.fullmatch(value):
            return str(short_day(date.fromisoformat(value)))
        if INSTANT.fullmatch(value):
            return str(instant(datetime.fromisoformat(value)))
    except ValueError:  # somebody's own words, that only look like a day
        pass
    return value


def term(key: str, inside: str = "") -> Any:
    """What ``key`` is called in the map recorded at ``inside``; the bare key when nobody gave it a name."""
    if inside in CODED:
        return CODED[inside](key)
    return TERMS.get(key, key.replace("_", " "))


def unnamed(snapshot: Any, inside: str = "") -> Iterator[str]:
    """The keys of a snapshot that no word stands for."""
    if isinstance(snapshot, Mapping):
        for key, value in snapshot.items():
            if inside not in CODED and key not in TERMS:
                yield key
            if key not in VERBATIM:
                yield from unnamed(value, place(key, inside))
    elif isinstance(snapshot, list):
        for value in snapshot:
            yield from unnamed(value)


def place(key: str, inside: str) -> str:
    """Where the map under ``key`` stands."""
    if inside in CODED:
        return inside if inside in NESTED else ""
    return "" if inside == LISTED else key
