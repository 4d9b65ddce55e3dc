"""What is played: the calls of the two Regions, their dossiers and their fates, and the shorter play of ``make play``."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from calls.reference import REGION_BY_CODE
from scenario import texts
from scenario.cast import Cast, install, shuffled
from scenario.stories import DAY, Applicant, Fate, Milestones, Plot, make_pact, tell_call, tell_dossier
from scenario.theatre import Theatre

SEED = 2026

#: The call that is decided: mostly contracts under way, at every stage.
DECIDED = (
    *[Fate.RUNNING] * 4,
    *[Fate.CLOSED] * 2,
    Fate.RECOVERED,
    *[Fate.LATE] * 2,
    Fate.RETURNED,
    *[Fate.TO_SIGN] * 2,
    Fate.HALF_SIGNED,
    *[Fate.AWARDED] * 2,
    Fate.GIVEN_UP,
    Fate.INELIGIBLE,
    Fate.INADMISSIBLE,
    Fate.WITHDRAWN,
    Fate.LAPSED,
)
#: The call under review: something for every officer, reviewer and college to do.
REVIEW = (
    *[Fate.SUBMITTED] * 2,
    *[Fate.PIECES_ASKED] * 2,
    Fate.INADMISSIBLE,
    *[Fate.COMPLETE] * 2,
    *[Fate.ADMISSIBLE] * 3,
    Fate.INELIGIBLE,
    *[Fate.FIRST_REVIEWS] * 5,
    Fate.RECUSED,
    *[Fate.REVIEWED] * 4,
    Fate.WITHDRAWN,
)
#: The call that is open: drafts of every kind, some already submitted.
OPEN = (*[Fate.BEGUN] * 3, *[Fate.HALF] * 4, *[Fate.READY] * 3, *[Fate.SUBMITTED] * 7)
BETA = (Fate.SUBMITTED, Fate.ADMISSIBLE, Fate.FIRST_REVIEWS, Fate.HALF)
#: ``make play``: each end that a dossier can have, once.
PLAY = (
    Fate.CLOSED,
    Fate.RECOVERED,
    Fate.GIVEN_UP,
    *[Fate.AWARDED] * 4,
    Fate.INELIGIBLE,
    Fate.INADMISSIBLE,
    Fate.WITHDRAWN,
    Fate.LAPSED,
)

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Timing:
    """A call's dates, in days before (negative) or after today."""

    opens: int
    closes: int
    eligible: int = 0
    ranked: int = 0
    voted: int = 0
    released: int = 0
    signed: int = 0

    def on(self, today: datetime) -> Milestones:
        """The instants: calls close at 17:00 UTC, people act in the morning."""
        morning = today.replace(hour=8, minute=0, second=0, microsecond=0)
        return Milestones(
            opens=morning + self.opens * DAY,
            closes=(morning + self.closes * DAY).replace(hour=16),
            eligible=morning + self.eligible * DAY,
            ranked=morning + self.ranked * DAY,
            voted=morning + self.voted * DAY,
            released=morning + self.released * DAY,
            signed=morning + self.signed * DAY,
        )


DECIDED_TIMING = Timing(
    opens=-420, closes=-385, eligible=-372, ranked=-335, voted=-318, released=-312, signed=-295
)
REVIEW_TIMING = Timing(opens=-72, closes=-34, eligible=-21)
OPEN_TIMING = Timing(opens=-21, closes=24)


def load(today: datetime, *, tell: Tell = lambda label, share: None) -> dict[str, Any]:
    """Make Région Alpha and Région Bêta as they stand ``today`` (the database's clock, or any instant)."""
    rng = random.Random(SEED)  # noqa: S311 - reproducible
    start = today - 470 * DAY
    theatre = Theatre(until=today, tell=lambda now: tell("", (now - start) / (today - start)))
    tell("people", 0)
    alpha = install("alpha", now=start, applicants=62, since=date(start.year - 2, 1, 1))
    beta = install("beta", now=start, applicants=6, since=date(start.year - 2, 1, 1))
    first = start.year
    pact = make_pact(alpha, now=start, years=(first, first + 3))
    overseas = make_pact(beta, now=start, years=(first, first + 3))
    written = texts.calls(alpha.region.name)
    applicants = iter(shuffled(rng, alpha) * 2)
    # Money for about two thirds of the awards, so that there is a reserve list and somebody to promote.
    _stage(
        theatre, alpha, pact, written["decided"], DECIDED_TIMING.on(today), DECIDED, applicants, rng,
        envelope=Decimal("900000.00"), reporting=(3,),
    )  # fmt: skip
    _stage(
        theatre,
        alpha,
        pact,
        written["review"],
        REVIEW_TIMING.on(today),
        REVIEW,
        applicants,
        rng,
        coparef="dossier",
    )
    _stage(theatre, alpha, pact, written["open"], OPEN_TIMING.on(today), OPEN, applicants, rng)
    abroad = texts.calls(beta.region.name)["review"]
    _stage(theatre, beta, overseas, abroad, REVIEW_TIMING.on(today), BETA, iter(shuffled(rng, beta)), rng)
    theatre.run()
    tell("", 1)
    return {"regions": [alpha, beta]}


def play(today: datetime, *, tell: Tell = lambda label, share: None) -> Cast:
    """The whole path in one small Region: a call whose dossiers end in every way there is."""
    rng = random.Random(SEED)  # noqa: S311 - reproducible
    start = today - 470 * DAY
    theatre = Theatre(until=today, tell=lambda now: tell("", (now - start) / (today - start)))
    cast = install("alpha", now=start, applicants=len(PLAY) + 2, since=date(start.year - 2, 1, 1))
    pact = make_pact(cast, now=start, years=(start.year, start.year + 3))
    text = texts.calls(cast.region.name)["decided"]
    _stage(
        theatre, cast, pact, text, DECIDED_TIMING.on(today), PLAY, iter(shuffled(rng, cast)), rng,
        envelope=Decimal("460000.00"), reporting=(3,),
    )  # fmt: skip
    theatre.run()
    tell("", 1)
    return cast


def _stage(
    theatre: Theatre,
    cast: Cast,
    pact: Any,
    text: texts.CallText,
    dates: Milestones,
    fates: Sequence[Fate],
    applicants: Any,
    rng: random.Random,
    **settings: Any,
) -> Plot:
    """Set a call and its dossiers on the stage."""
    plot = Plot(cast, dates, text, rng, dossiers=dict(enumerate(fates)))
    theatre.add(tell_call(plot, pact, territories=_territories(cast), **settings))
    short = timedelta(days=200)
    for number, fate in enumerate(fates):
        organisation, row = next(applicants)
        applicant = Applicant(organisation, row, cast.editor(organisation), cast.signer(organisation))
        starts_on = (
            (dates.signed + 20 * DAY).date()
            if dates.signed > dates.opens
            else (dates.closes + 150 * DAY).date()
        )
        long = fate in (Fate.RUNNING, Fate.LATE, Fate.RETURNED) or dates.signed <= dates.opens
        theatre.add(
            tell_dossier(
                plot,
                applicant,
                fate,
                number=number,
                begins=dates.opens + timedelta(days=1 + number % 9, hours=number % 5),
                quality=_quality(rng, fate),
                starts_on=starts_on,
                ends_on=starts_on + (timedelta(days=400) if long else short),
            )
        )
    return plot


def _quality(rng: random.Random, fate: Fate) -> float:
    """How good the dossier is judged to be, 0 to 1: those that are to go far must be awarded first."""
    best = {Fate.CLOSED, Fate.RECOVERED, Fate.RUNNING, Fate.LATE, Fate.RETURNED, Fate.GIVEN_UP}
    good = {Fate.TO_SIGN, Fate.HALF_SIGNED}
    if fate in best:
        return rng.uniform(0.85, 0.98)
    if fate in good:
        return rng.uniform(0.75, 0.85)
    return rng.uniform(0.45, 0.75)


def _territories(cast: Cast) -> list[str]:
    return [departement.code for departement in REGION_BY_CODE[cast.key].departements]
