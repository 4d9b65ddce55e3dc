"""What the documents of the selection are made of (French only): ranking, record of opinions, COPAREF, annex to the vote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actors import Actor
from calls.models import Call, Criterion, Dossier
from calls.queries import document_frame
from reviews.models import (
    BodyOpinion,
    CollegeOpinion,
    Deliberation,
    OpinionState,
    Position,
    Ranking,
    RankingLine,
    RankingList,
    RankingState,
    Synthesis,
    SynthesisValue,
)
from reviews.queries.letters import aid_words, decision_facts
from reviews.queries.selection import lines_visible_to
from reviews.rules import selection, synthesis
from workflows.dates import local_date
from workflows.formats import format_date, format_instant, format_money, format_number, format_percent
from workflows.models import Recusal
from workflows.spreadsheets import Column, export_response

LISTS = {
    RankingList.MAIN: "Liste principale",
    RankingList.RESERVE: "Liste complémentaire",
    RankingList.NOT_RETAINED: "Non retenus",
}
RANKING_RULE = (
    "Classement par note sur 100 ; à égalité, note du critère 1, puis du critère 2, puis réception la plus ancienne. "
    "Un dossier n’est pas retenu en dessous du seuil de {threshold} sur 100, ou si la moyenne d’un critère éliminatoire est "
    "inférieure à 2. Les dossiers sont pris dans l’ordre tant que l’enveloppe le permet (règle {version})."
)
SYNTHESIS_RULE = (
    "Chaque collège consulté compte pour un. Consensus : tous favorables, ou tous défavorables. Majorité favorable : plus de la "
    "moitié favorables (avec ou sans réserves) et un défavorable au plus. Majorité défavorable : plus de la moitié défavorables. "
    "Partagé : tous les autres cas. L’abstention et l’absence d’avis ne comptent jamais comme favorables (règle {version})."
)


def ranking_data(ranking: Ranking, *, reader: Actor, now: datetime) -> dict[str, Any]:
    """The ranking as the template ``ranking`` takes it, without the dossiers that the reader was kept out of."""
    lines = list(lines_visible_to(reader, ranking))
    with override("fr"):
        status = ranking.get_state_display()
        return document_frame(ranking.case, now) | {
            "draft": ranking.state in (RankingState.DRAFT, RankingState.PROPOSED),
            "call": ranking.call.title,
            "envelope": format_money(ranking.call.envelope.amount),
            "status": f"Version {ranking.number} : {str(status).lower()}",
            "rule": RANKING_RULE.format(threshold=ranking.threshold, version=selection.VERSION),
            "criteria": [
                {"label": c.label + (" (éliminatoire)" if c.eliminatory else ""), "weight": c.weight}
                for c in Criterion.objects.filter(call=ranking.call_id).order_by("number")
            ],
            "lists": [_list(name, title, lines) for name, title in LISTS.items()],
        }


def _list(name: str, title: str, lines: Iterable[RankingLine]) -> dict[str, Any]:
    rows = [line for line in lines if line.list == name]
    return {
        "title": title,
        "requested": format_money(sum((line.dossier.requested_amount for line in rows), Decimal(0))),
        "proposed": format_money(sum((line.amount for line in rows), Decimal(0))),
        "rows": [
            {
                "rank": line.rank,
                "reference": line.dossier.case.reference,
                "organisation": line.dossier.organisation.name,
                "title": line.dossier.title,
                "score": format_number(line.score),
                "opinions": synthesis_words(line.basis.get("synthesis", "")),
                "requested": format_money(line.dossier.requested_amount),
                "proposed": format_money(line.amount),
            }
            for line in rows
        ],
    }


def synthesis_words(value: str) -> str:
    """A synthesis in words, a dash without one."""
    return str(SynthesisValue(value).label) if value else "—"


def ranking_table(ranking: Ranking, *, reader: Actor) -> StreamingHttpResponse:
    """The ranking as a spreadsheet."""
    columns = [
        Column(lambda line: line.rank, _("Rank"), "integer"),
        Column(lambda line: line.dossier.case.reference, _("Reference"), "text", 26),
        Column(lambda line: line.dossier.organisation.name, _("Organisation"), "text", 36),
        Column(lambda line: line.dossier.title, _("Project"), "text", 46),
        Column(lambda line: line.score, _("Score"), "number"),
        Column(lambda line: synthesis_words(line.basis.get("synthesis", "")), _("Opinions"), "text", 24),
        Column(lambda line: str(line.get_list_display()), _("List"), "text", 20),
        Column(lambda line: line.dossier.requested_amount, _("Requested"), "money"),
        Column(lambda line: line.amount, _("Proposed"), "money"),
        Column(lambda line: line.voted_amount, _("Voted"), "money"),
        Column(lambda line: line.reason, _("Reason"), "text", 40),
    ]
    name = f"{ranking.case.reference}-v{ranking.number}"
    return export_response("xlsx", name, columns, lines_visible_to(reader, ranking), title=_("Ranking"))


def annex_data(ranking: Ranking, *, now: datetime) -> dict[str, Any] | None:
    """The table of the aids voted; ``None`` before the vote, or when nothing was awarded."""
    vote = Deliberation.objects.filter(ranking=ranking).first()
    lines = list(
        RankingLine.objects.filter(ranking=ranking, list=RankingList.MAIN, voted_amount__gt=0)
        .select_related("dossier__case", "dossier__organisation")
        .order_by("rank")
    )
    if vote is None or not lines:
        return None
    call = ranking.call
    return document_frame(ranking.case, now) | {
        "deliberation": decision_facts(vote, ranking.case.region)["deliberation"],
        "call": call.title,
        "rows": [
            {
                "reference": line.dossier.case.reference,
                "beneficiary": line.dossier.organisation.name,
                "siret": line.dossier.organisation.siret,
                "place": line.dossier.organisation.city or "—",
                "title": line.dossier.title,
                "eligible_cost": format_money(line.dossier.eligible_cost),
                "rate": format_percent((line.voted_amount or Decimal(0)) / line.dossier.eligible_cost),
                "amount": format_money(line.voted_amount or Decimal(0)),
                "aid_basis": aid_words(call),
            }
            for line in lines
        ],
        "total_eligible": format_money(sum((line.dossier.eligible_cost for line in lines), Decimal(0))),
        "total_amount": format_money(sum((line.voted_amount or Decimal(0) for line in lines), Decimal(0))),
    }


def opinions_record_data(call: Call, *, reader: Actor, now: datetime) -> dict[str, Any] | None:
    """The record of the colleges' opinions, given in writing on the platform; ``None`` as long as there is no synthesis."""
    hidden = Recusal.objects.filter(user=reader.user).values("case")
    dossiers = list(
        Dossier.objects.filter(call=call, synthesis__isnull=False)
        .exclude(case__in=hidden)
        .select_related("case", "organisation", "synthesis")
        .prefetch_related("opinions__reservations", "opinions__given_by", "case__recusals__user")
        .order_by("rank")
    )
    given = [o for d in dossiers for o in d.opinions.all() if o.state == OpinionState.GIVEN]
    if not given:
        return None
    zone = call.case.region.zone
    first, last = min(o.given_at for o in given if o.given_at), max(o.given_at for o in given if o.given_at)
    with override("fr"):
        return document_frame(call.case, now) | {
            "call": call.title,
            "rule": SYNTHESIS_RULE.format(version=synthesis.VERSION),
            "session": {
                "body": given[0].body.name,
                "held_at": f"consultation écrite du {_day(first, zone)} au {_day(last, zone)}",
                "place": "plateforme de la Région",
                "chairs": "préfet de région et président du conseil régional",
                "quorum": "Sans objet : les avis sont rendus par écrit, un par collège et par dossier.",
            },
            "attendance": _givers(given),
            "items": [_item(dossier) for dossier in dossiers],
        }


def _day(instant: datetime, zone: ZoneInfo) -> str:
    return format_date(local_date(instant, zone), weekday=False)


def _givers(opinions: Iterable[CollegeOpinion]) -> list[dict[str, str]]:
    people: dict[tuple[Any, str], dict[str, Any]] = {}
    for opinion in opinions:
        assert opinion.given_by is not None
        row = people.setdefault(
            (opinion.given_by_id, opinion.college),
            {"name": opinion.given_by.get_full_name(), "college": str(opinion.get_college_display()), "n": 0},
        )
        row["n"] += 1
    return [
        {
            "name": row["name"],
            "capacity": "membre de l’instance",
            "college": row["college"],
            "presence": f"{row['n']} avis rendu{'s' if row['n'] > 1 else ''}",
        }
        for row in sorted(people.values(), key=lambda r: (r["college"], r["name"]))
    ]


def _item(dossier: Dossier) -> dict[str, Any]:
    opinions = sorted(dossier.opinions.all(), key=lambda o: o.college)
    found: Synthesis = dossier.synthesis
    return {
        "reference": dossier.case.reference,
        "organisation": dossier.organisation.name,
        "title": dossier.title,
        "synthesis": str(found.get_value_display()).lower(),
        "opinions": [
            {
                "college": str(o.get_college_display()),
                "opinion": str(o.get_value_display() if o.value else o.get_state_display()).lower(),
                "reasons": _reasons(o),
            }
            for o in opinions
        ],
        "recusals": [r.user.get_full_name() for r in dossier.case.recusals.all()],
        "dissents": [o.minority for o in opinions if o.minority],
    }


def _reasons(opinion: CollegeOpinion) -> str:
    reservations = [f"Réserve ({r.get_kind_display()}) : {r.text}" for r in opinion.reservations.all()]
    return "\n".join(filter(None, [opinion.reasons, *reservations]))


def body_opinion_data(opinion: BodyOpinion, *, reader: Actor, now: datetime) -> dict[str, Any]:
    """The COPAREF's reasoned opinion as a document."""
    zone = opinion.case.region.zone
    assert opinion.given_at is not None
    common = opinion.position == Position.COMMON
    hidden = set(Recusal.objects.filter(user=reader.user).values_list("case__reference", flat=True))
    with override("fr"):
        value = (
            str(opinion.get_value_display()).lower() if common else "positions divergentes des deux collèges"
        )
        return document_frame(opinion.case, now) | {
            "body": opinion.body.name,
            "call": str(opinion.dossier or opinion.call),
            "referred_on": _day(opinion.requested_at, zone),
            "due_on": format_instant(opinion.due_at, zone),
            "given_on": _day(opinion.given_at, zone),
            "result": "avis commun" if common else "positions divergentes",
            "opinion": value,
            "reasons": opinion.reasons,
            "colleges": [
                {
                    "name": "Employeurs",
                    "position": value if common else "position propre",
                    "reasons": opinion.employers_position,
                },
                {
                    "name": "Organisations syndicales",
                    "position": value if common else "position propre",
                    "reasons": opinion.unions_position,
                },
            ],
            "objectives": [line.strip() for line in opinion.objectives.splitlines() if line.strip()],
            "dossiers": [
                {
                    "reference": line["reference"],
                    "organisation": line["organisation"],
                    "title": line["title"],
                    "opinion": "présenté sur la liste",
                }
                for line in opinion.shortlist
                if line["reference"] not in hidden
            ],
        }
