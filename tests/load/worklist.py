"""B4: the staff's worklist over all dossiers, beside the best SQL by hand for the same page and the same counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client, RequestFactory

from accounts.actors import actor_for
from calls.models import Call, Dossier
from calls.views.staff import DossierList
from tests.load.ground import Ground
from tests.load.measure import Result, compare, result, timed
from workflows.dates import PARIS, local_date
from workflows.engine import database_now

ROWS = 50

_FROM = """
  FROM calls_dossier d JOIN workflows_case c ON c.id = d.case_id
 WHERE d.submitted_at IS NOT NULL AND c.region_id = %(region)s {more}
   AND NOT EXISTS (SELECT FROM workflows_recusal r WHERE r.case_id = c.id AND r.user_id = %(user)s)
"""
COUNTS = f"SELECT d.state, count(*) {_FROM} GROUP BY d.state"
PAGE = f"""
SELECT d.*, c.reference, c.title, o.name, o.siret, cc.reference, a.code, u.first_name, u.last_name
  FROM (SELECT d.id {_FROM} {{tab}} ORDER BY {{order}} LIMIT {ROWS}) top
  JOIN calls_dossier d USING (id) JOIN workflows_case c ON c.id = d.case_id
  JOIN accounts_organisation o ON o.id = d.organisation_id JOIN calls_call l ON l.id = d.call_id
  JOIN workflows_case cc ON cc.id = l.case_id LEFT JOIN calls_axis a ON a.id = d.axis_id
  LEFT JOIN accounts_user u ON u.id = d.officer_id ORDER BY {{order}}
"""

#: What is looked at: a name, the address, what the SQL by hand keeps, which tab, in which order.
PAGES: list[tuple[str, dict[str, str], str, str, str]] = [
    ("as it opens", {}, "", "", "d.submitted_at DESC, c.reference, d.id"),
    (
        "one call, tab “Under review”, by amount down",
        {"call": "CALL", "tab": "review", "sort": "-requested_amount"},
        "AND d.call_id = %(call)s",
        "AND d.state = 'in_review'",
        "d.requested_amount DESC, d.id",
    ),
]


def b4(ground: Ground) -> Iterator[Result]:
    """For each page: the list's statements and the whole page, and the number of statements at 50 rows and at all."""
    user = ground.world.officer
    client = Client()
    client.force_login(user)
    call = Call.objects.order_by("sequence")[0]
    seen = Dossier.objects.exclude(submitted_at=None).count()
    owner = Dossier.objects.filter(call=call, state="in_review")[0].organisation.siret
    for n, (name, address, keeps, tab, order) in enumerate(PAGES):
        wanted = {**address, "size": str(ROWS)}
        if "call" in wanted:
            wanted["call"] = str(call.pk)
        values = {"region": ground.world.region.pk, "user": user.pk, "call": call.pk}
        path = f"/dossiers/?{urlencode(wanted)}"
        counts, page = COUNTS.format(more=keeps), PAGE.format(more=keeps, tab=tab, order=order)

        def by_hand(counts: str = counts, page: str = page, values: Any = values) -> list[float]:
            with connection.cursor() as cursor:
                return [timed(lambda: (cursor.execute(counts, values), cursor.fetchall(),
                                       cursor.execute(page, values), cursor.fetchall()))]  # fmt: skip

        def listed(path: str = path) -> list[float]:
            return [_statements(ground, path)]

        def whole(path: str = path) -> list[float]:
            return [timed(lambda: _ok(client.get(path)))]

        for side in (by_hand, listed, whole):
            side()
        letter = "abcdef"[2 * n]
        rounds = 5 * ground.sizes.rounds
        yield result(
            f"B4{letter}",
            f"worklist over {seen} dossiers, {name}: statements of the list",
            compare(by_hand, listed, rounds=rounds),
            1.5,
        )
        few, many = _count(client, f"{path}&q={owner}"), _count(client, path)
        yield result(
            f"B4{'abcdef'[2 * n + 1]}",
            f"the same, whole page of {ROWS} rows",
            compare(by_hand, whole, rounds=rounds),
            3,
            more=f"{many} queries ({few} on the dossiers of one organisation)",
            also=many == few,
        )


def _statements(ground: Ground, path: str) -> float:
    """Seconds that the list's own statements take, counts and rows."""
    request: Any = RequestFactory().get(path)
    request.user, request.now = ground.world.officer, database_now()
    request.actor = actor_for(request.user, local_date(request.now, PARIS))
    listing = DossierList(request)
    listing.form.is_valid()
    took = 0.0

    def timing(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal took
        answer: list[Any] = []
        took += timed(lambda: answer.append(execute(*args)))
        return answer[0]

    with connection.execute_wrapper(timing):
        assert listing.counts
        assert listing.shown is not None
    return took


def _count(client: Client, path: str) -> int:
    count = 0

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        _ok(client.get(path))
    return count


def _ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code
