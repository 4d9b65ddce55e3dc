"""A dossier as data: the whole application that a submission is a snapshot of, and as it is printed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from calls.models import Call, Dossier
from calls.queries.answers import answer_text
from calls.queries.budget import plan_of, printed_plan
from calls.queries.missing import ExpectedPiece, expected_pieces
from calls.reference import DEPARTEMENT_BY_CODE, PUBLIC_BY_CODE
from workflows.engine.journal import canonical, plain
from workflows.formats import format_date, format_instant, format_money, format_size
from workflows.templatetags.ui import short_day


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON of ``data``."""
    return hashlib.sha256(canonical(plain(data))).hexdigest()


def application(dossier: Dossier, *, expected: Sequence[ExpectedPiece] | None = None) -> dict[str, Any]:
    """Everything that the applicant submits, as plain data; each file by its name, size and SHA-256.

    ``expected`` spares the pieces' queries to whoever has read them already.
    """
    organisation, call = dossier.organisation, dossier.call
    budget = list(dossier.budget.all())
    return {
        "reference": dossier.case.reference,
        "call": {
            "reference": call.case.reference,
            "title": call.title,
            "text_sha256": call.text_sha256,
            "form_revision": dossier.revision.number,
            "form_sha256": dossier.revision.sha256,
        },
        "organisation": {
            "siret": organisation.siret,
            "name": organisation.name,
            "legal_form": organisation.legal_form,
            "rna": organisation.rna,
            "address": organisation.address,
            "postcode": organisation.postcode,
            "city": organisation.city,
        },
        "project": {
            "title": dossier.title,
            "summary": dossier.summary,
            "axis": {"code": dossier.axis.code, "label": dossier.axis.label} if dossier.axis else None,
            "publics": dossier.publics,
            "territories": dossier.territories,
            "starts_on": dossier.starts_on,
            "ends_on": dossier.ends_on,
        },
        "answers": dossier.answers,
        "partners": [
            {"siret": partner.siret, "name": partner.name, "role": partner.role}
            for partner in dossier.partners.all()
        ],
        "budget": {
            "basis": dossier.budget_basis,
            "requested": dossier.requested_amount,
            "total_cost": dossier.total_cost,
            "eligible_cost": dossier.eligible_cost,
            "lines": [
                {"year": b.year, "side": b.side, "code": b.code, "label": b.label, "amount": b.amount}
                for b in budget
            ],
        },
        "indicators": [
            {
                "code": i.code,
                "label": i.label,
                "kind": i.kind,
                "nature": i.nature,
                "unit": i.unit,
                "baseline": i.baseline,
                "target": i.target,
                "source": i.source,
            }
            for i in dossier.indicators.all()
        ],
        "pieces": [
            {
                "code": item.required.code,
                "label": item.required.label,
                "name": version.name,
                "version": version.number,
                "size": version.size,
                "sha256": version.sha256,
            }
            for item in (expected_pieces(dossier) if expected is None else expected)
            for version in item.files
        ],
    }


def frozen_text(call: Call, schema: list[dict[str, Any]]) -> dict[str, Any]:
    """What is frozen when a call is published: its text, its rules of money and time, its grid, pieces and form.

    The closing date is left out: it may be put off, which is a published act of its own.
    """
    return {
        "reference": call.case.reference,
        "kind": call.kind,
        "title": call.title,
        "summary": call.summary,
        "text": call.text,
        "axes": sorted(axis.code for axis in call.axes.all()),
        "publics": call.publics,
        "territories": call.territories,
        "opens_at": call.opens_at,
        "envelope": call.envelope.amount,
        "max_rate": call.max_rate,
        "min_amount": call.min_amount,
        "max_amount": call.max_amount,
        "aid_basis": call.aid_basis,
        "colleges": call.colleges,
        "coparef": call.coparef,
        "threshold": call.threshold,
        "advance_rate": call.advance_rate,
        "interim_rate": call.interim_rate,
        "reporting": call.reporting,
        "criteria": [
            {
                "number": c.number,
                "label": c.label,
                "guidance": c.guidance,
                "weight": c.weight,
                "eliminatory": c.eliminatory,
            }
            for c in call.criteria.all()
        ],
        "pieces": [
            {
                "code": p.code,
                "label": p.label,
                "guidance": p.guidance,
                "legal_forms": p.legal_forms,
                "condition": p.condition,
                "indispensable": p.indispensable,
                "multiple": p.multiple,
            }
            for p in call.required_pieces.all()
        ],
        "schema": schema,
    }


def public_label(code: str) -> str:
    """What a target public is called."""
    return PUBLIC_BY_CODE[code].label if code in PUBLIC_BY_CODE else code


def territory_label(code: str) -> str:
    """What a territory is called."""
    return DEPARTEMENT_BY_CODE[code].label if code in DEPARTEMENT_BY_CODE else code


def dossier_lines(dossier: Dossier) -> list[tuple[str, list[tuple[str, str]]]]:
    """The application's words, section by section: (title, [(question, answer)]), in the order of the form."""
    project = [
        (_("Title of the project"), dossier.title),
        (_("Summary"), dossier.summary),
        (_("Main axis"), str(dossier.axis) if dossier.axis else ""),
        (_("Target publics"), "\n".join(f"– {public_label(code)}" for code in dossier.publics)),
        (_("Territories"), "\n".join(f"– {territory_label(code)}" for code in dossier.territories)),
        (_("The project starts on"), short_day(dossier.starts_on) if dossier.starts_on else ""),
        (_("The project ends on"), short_day(dossier.ends_on) if dossier.ends_on else ""),
    ]
    asked = [
        (
            section["title"],
            [(q["label"], answer_text(q, dossier.answers.get(q["code"]))) for q in section["questions"]],
        )
        for section in dossier.revision.schema
    ]
    return [(_("The project in brief"), project), *asked]


def printed_dossier(dossier: Dossier, *, state: str, now: datetime, submitted_by: str = "") -> dict[str, Any]:
    """The data of the PDF template ``dossier_print``, without what :func:`calls.queries.letters.frame` gives."""
    zone = dossier.case.region.zone
    with override("fr"):
        lines = dossier_lines(dossier)
    return {
        "dossier": dossier_heading(dossier),
        "submitted_at": format_instant(dossier.submitted_at, zone) if dossier.submitted_at else "",
        "submitted_by": submitted_by,
        "state": state,
        "requested": format_money(dossier.requested_amount),
        "sections": [
            {"title": title, "answers": [{"question": q, "answer": a} for q, a in asked]}
            for title, asked in lines
        ],
        "partners": [{"name": p.name, "siret": p.siret, "role": p.role} for p in dossier.partners.all()],
        "budget": printed_plan(plan_of(dossier), dossier.budget_basis),
        "indicators": printed_indicators(dossier),
        "pieces": printed_pieces(expected_pieces(dossier)),
        "attestations": [dossier.receipt.attestation] if hasattr(dossier, "receipt") else [],
        "date": format_date(now.astimezone(zone).date(), weekday=False),
        "draft": dossier.submitted_at is None,
    }


def dossier_heading(dossier: Dossier) -> dict[str, str]:
    """What every letter says of the dossier that it is about."""
    return {
        "reference": dossier.case.reference,
        "title": dossier.title,
        "organisation": dossier.organisation.name,
        "call": dossier.call.title,
    }


def printed_indicators(dossier: Dossier) -> list[dict[str, str]]:
    """The indicators as the PDF templates take them."""
    kinds = {"follow_up": "suivi", "impact": "impact"}
    natures = {"quantitative": "quantitatif", "qualitative": "qualitatif"}
    return [
        {
            "label": f"{i.label} ({i.unit})" if i.unit else i.label,
            "kind": kinds[i.kind],
            "nature": natures[i.nature],
            "baseline": i.baseline,
            "target": i.target or "à préciser",
            "source": i.source,
        }
        for i in dossier.indicators.all()
    ]


def printed_pieces(expected: Sequence[ExpectedPiece]) -> list[dict[str, str]]:
    """The files given, as the PDF templates take them."""
    return [
        {
            "label": item.required.label,
            "filename": version.name,
            "size": format_size(version.size),
            "sha256": version.sha256,
        }
        for item in expected
        for version in item.files
    ]
