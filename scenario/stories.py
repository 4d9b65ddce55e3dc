"""The stories: how a pact, a call and each dossier live, verb by verb. Each is a generator of the instants it acts at."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accounts.actors import actor_for
from accounts.models import College, PostRole, User
from accounts.models import Organisation as OrganisationRow
from accounts.rules import may
from calls import actions as calls
from calls.models import Call, Criterion, Dossier, DossierState, Pact
from calls.queries import expected_pieces
from calls.queries.defaults import default_axes, default_indicators, default_questions
from calls.reference import Stage
from contracts import actions as contracts
from contracts.indicators import shape_of
from contracts.models import Contract, Instalment, InstalmentKind, Recovery, Report
from contracts.narrative import questions_for
from contracts.queries import planned_expenses
from reviews import actions as reviews
from reviews.models import Assignment, BodyOpinion, CollegeOpinion, Deliberation, Letter, LetterState, Ranking
from reviews.queries.completeness import piece_lines, points_at
from scenario import texts
from scenario.cast import Cast
from scenario.files import make_file
from scenario.organisations import Organisation
from workflows import actions as engine
from workflows.models import Case
from workflows.store import store_bytes

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CENT = Decimal("0.01")


class Fate(StrEnum):
    """How far a dossier goes, or how it ends."""

    BEGUN = "begun"
    HALF = "half written"
    READY = "ready to be submitted"
    LAPSED = "never submitted"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    PIECES_ASKED = "pieces asked for"
    INADMISSIBLE = "pieces never produced"
    COMPLETE = "complete"
    ADMISSIBLE = "admissible"
    INELIGIBLE = "ineligible"
    FIRST_REVIEWS = "some opinions in"
    RECUSED = "a reviewer recused"
    REVIEWED = "reviewed"
    AWARDED = "awarded, contract to prepare"
    GIVEN_UP = "awarded, then given up"
    TO_SIGN = "waiting for the beneficiary"
    HALF_SIGNED = "waiting for the Region"
    RUNNING = "under way"
    LATE = "a report is late"
    RETURNED = "a report to correct"
    CLOSED = "closed"
    RECOVERED = "closed with a recovery"


#: Fates that need a contract in force.
IN_FORCE = frozenset({Fate.RUNNING, Fate.LATE, Fate.RETURNED, Fate.CLOSED, Fate.RECOVERED})
#: Fates that stop while the draft is being written.
DRAFTS = frozenset({Fate.BEGUN, Fate.HALF, Fate.READY, Fate.LAPSED})


@dataclass
class Milestones:
    """The dates of one call."""

    opens: datetime
    closes: datetime
    eligible: datetime
    ranked: datetime
    voted: datetime
    released: datetime
    signed: datetime


@dataclass
class Plot:
    """What the stories of one call share."""

    cast: Cast
    dates: Milestones
    text: texts.CallText
    rng: random.Random
    call: Call | None = None
    released: bool = False
    dossiers: dict[Any, Fate] = field(default_factory=dict)


def make_pact(cast: Cast, *, now: datetime, years: tuple[int, int]) -> Pact:
    """The pact of the CNEFOP's recommendations: its axes, indicators, questions and links; adopted a week later."""
    first, last = years
    pact = calls.create_pact(
        cast.region,
        by=cast.one(PostRole.PILOT),
        now=now,
        title=f"Pacte régional d’investissement dans les compétences {first}-{last}",
        first_year=first,
        last_year=last,
        stakes=(
            "Améliorer la qualification des jeunes et des demandeurs d’emploi peu qualifiés ; accélérer la "
            "transformation des contenus et des pédagogies de la formation, au service des besoins des entreprises "
            "et des territoires."
        ),
        budget_by_year={year: Decimal("24000000.00") for year in range(first, last + 1)},
        axes=default_axes(),
        indicators=default_indicators(),
        questions=default_questions(),
        links=[
            {
                "document": "CPRDFOP",
                "relation": "consistent",
                "comment": "Objectifs de qualification repris.",
            },
            {"document": "SRDEII", "relation": "complementary", "comment": "Filières en transition."},
        ],
    )
    return calls.adopt_pact(pact, by=cast.one(PostRole.MANAGER), now=now + 7 * DAY)


def tell_call(plot: Plot, pact: Pact, **settings: Any) -> Iterator[datetime]:
    """A call: prepared, published, closed by the clock, ranked once its dossiers are reviewed, voted, notified."""
    cast, dates, text = plot.cast, plot.dates, plot.text
    officer, manager = cast.one(PostRole.CASE_OFFICER), cast.one(PostRole.MANAGER)
    yield (now := dates.opens - 12 * DAY)
    call = calls.create_call(
        pact,
        by=officer,
        now=now,
        kind=text.kind,
        year=dates.opens.year,
        title=text.title,
        summary=text.summary,
        text=text.text,
        opens_at=dates.opens,
        closes_at=dates.closes,
        envelope=settings.pop("envelope", text.envelope),
        max_rate=text.max_rate,
        min_amount=text.min_amount,
        max_amount=text.max_amount,
        aid_basis="no_aid",
        axes=list(pact.axes.filter(code__in=text.axes)),
        publics=text.publics,
        **settings,
    )
    yield (now := dates.opens - 8 * DAY)
    calls.submit_for_validation(call, by=officer, now=now)
    yield (now := dates.opens - 6 * DAY)
    plot.call = calls.publish_call(call, by=manager, now=now)
    if not any(fate in IN_FORCE or fate in _DECIDED for fate in plot.dossiers.values()):
        return
    yield from _select(plot)


_DECIDED = frozenset({Fate.AWARDED, Fate.GIVEN_UP, Fate.TO_SIGN, Fate.HALF_SIGNED})


def _select(plot: Plot) -> Iterator[datetime]:
    """From the closed call to the letters."""
    cast, dates = plot.cast, plot.dates
    officer, manager = cast.one(PostRole.CASE_OFFICER), cast.one(PostRole.MANAGER)
    assert plot.call is not None
    pk = plot.call.pk
    yield (now := dates.ranked - 20 * DAY)
    opinion = reviews.request_body_opinion(
        Call.objects.get(pk=pk),
        by=officer,
        now=now,
        question="Quel est votre avis motivé sur la présélection, au regard des objectifs du Pacte ?",
    )
    yield (now := dates.ranked - 6 * DAY)
    said = texts.body_opinion(plot.rng)
    divergent = said.result == "divergent"
    reviews.give_body_opinion(
        BodyOpinion.objects.get(pk=opinion.pk),
        by=cast.coparef[College.UNIONS],
        now=now,
        position="divergent" if divergent else "common",
        value="" if divergent else "favourable",
        reasons=said.reasons,
        employers_position=said.employers if divergent else "",
        unions_position=said.unions if divergent else "",
        objectives="\n".join(said.wished_objectives),
    )
    yield (now := dates.ranked)
    ranking = reviews.draft_ranking(Call.objects.get(pk=pk), by=officer, now=now)
    yield (now := dates.ranked + 2 * DAY)
    reviews.propose_ranking(Ranking.objects.get(pk=ranking.pk), by=officer, now=now)
    yield (now := dates.ranked + 4 * DAY)
    reviews.validate_ranking(Ranking.objects.get(pk=ranking.pk), by=manager, now=now)
    yield (now := dates.voted)
    deliberation = reviews.record_vote(
        Ranking.objects.get(pk=ranking.pk),
        by=manager,
        now=now,
        voted_on=now.date(),
        number=f"{now:%Y}-CP-{now.month:02d}-{plot.rng.randint(100, 899)}",
        amounts=None,
        minutes="Adopté. Une élue intéressée a quitté la salle et n’a pas pris part au vote.",
    )
    yield (now := dates.released)
    assert Deliberation.objects.filter(pk=deliberation.pk).exists()
    for letter in Letter.objects.filter(dossier__call=pk, state=LetterState.DRAFTED).order_by("pk"):
        reviews.release_letter(letter, by=manager, now=now)
    plot.released = True


# -- a dossier ----------------------------------------------------------------------------------------------------


@dataclass
class Applicant:
    """An organisation and its people."""

    organisation: Organisation
    row: OrganisationRow
    editor: User
    signer: User


def tell_dossier(
    plot: Plot,
    applicant: Applicant,
    fate: Fate,
    *,
    number: int,
    begins: datetime,
    quality: float,
    starts_on: date,
    ends_on: date,
) -> Iterator[datetime]:
    """One dossier, from its first line to its fate."""
    rng = random.Random(f"{plot.cast.key}:{plot.text.key}:{number}")  # noqa: S311 - reproducible
    plot.dossiers[number] = fate
    yield begins
    teller = _Teller(plot, applicant, fate, rng, number, quality, starts_on, ends_on)
    yield from teller.draft(begins)
    if fate in DRAFTS:
        return
    yield from teller.examine()
    if teller.ended():
        return
    yield from teller.review()
    if teller.ended():
        return
    yield from teller.contract()


class _Teller:
    """The story of one dossier, chapter by chapter."""

    def __init__(
        self,
        plot: Plot,
        applicant: Applicant,
        fate: Fate,
        rng: random.Random,
        number: int,
        quality: float,
        starts_on: date,
        ends_on: date,
    ) -> None:
        self.plot, self.cast, self.applicant, self.fate = plot, plot.cast, applicant, fate
        self.rng, self.number, self.quality = rng, number, quality
        self.starts_on, self.ends_on = starts_on, ends_on
        self.officer = self.cast.one(PostRole.CASE_OFFICER, number)
        self.manager = self.cast.one(PostRole.MANAGER)
        self.over = False
        self.pk: Any = None
        self.now = plot.dates.opens

    def ended(self) -> bool:
        """Whether the story stops here."""
        return self.over

    # -- small things ---------------------------------------------------------------------------------------

    def dossier(self) -> Dossier:
        """The dossier as it is now."""
        return Dossier.objects.select_related(*Dossier.related).get(pk=self.pk)

    def later(self, least: timedelta, most: timedelta) -> datetime:
        """A moment of office hours, between ``least`` and ``most`` after the last act."""
        span = (most - least).total_seconds()
        self.now = self.now + least + timedelta(seconds=int(self.rng.random() * span))
        return self.now

    def until(self, moment: datetime) -> datetime:
        """Not before ``moment``, some minutes after the others."""
        self.now = max(self.now + HOUR, moment + timedelta(minutes=7 * self.number))
        return self.now

    # -- the draft ------------------------------------------------------------------------------------------

    def draft(self, begins: datetime) -> Iterator[datetime]:
        """Written section by section over some days, with its pieces, then submitted."""
        call, editor = self.plot.call, self.applicant.editor
        assert call is not None
        self.now = begins
        axis = self.rng.choice(self.plot.text.axes)
        years = range(self.starts_on.year, self.ends_on.year + 1)
        limit = min(self.plot.text.max_amount, Decimal(160_000))
        self.project = replace(
            texts.project(
                self.rng,
                axis,
                self.applicant.organisation,
                list(years),
                self.plot.text.max_rate,
                max_amount=limit,
            ),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )
        made = calls.create_dossier(
            call, by=editor, now=begins, organisation=self.applicant.row, title=self.project.title
        )
        self.pk = made.pk
        if self.fate is Fate.BEGUN:
            return
        sections = list(self._sections(self.dossier()))
        if self.fate is Fate.HALF:
            sections = sections[: len(sections) // 2]
        for code, values in sections:
            yield self.later(HOUR / 4, 2 * HOUR)
            self._save(code, values)
        if self.fate is Fate.HALF:
            return
        yield self.later(HOUR / 2, HOUR)
        self._give_pieces(skip={"QUALIOPI"} if self.fate is Fate.LAPSED else set())
        if self.fate in DRAFTS:
            return
        yield self.later(HOUR, 20 * HOUR)
        calls.submit(
            self.dossier(),
            by=self.applicant.signer,
            now=self.now,
            attestation=True,
            attested_capacity=self.applicant.organisation.legal_label,
        )

    def _save(self, section: str, values: Mapping[str, Any]) -> None:
        dossier = self.dossier()
        calls.save_section(
            dossier,
            by=self.applicant.editor,
            now=self.now,
            section=section,
            values=values,
            version=dossier.versions.get(section, 0),
        )

    def _sections(self, dossier: Dossier) -> Iterator[tuple[str, dict[str, Any]]]:
        project, call = self.project, dossier.call
        territories = [t for t in project.territories if t in call.territories] or call.territories[:1]
        yield (
            "project",
            {
                "summary": project.summary,
                "axis": project.axis,
                "publics": [p for p in project.publics if p in call.publics] or call.publics[:1],
                "territories": territories,
                "starts_on": project.starts_on.isoformat(),
                "ends_on": project.ends_on.isoformat(),
            },
        )
        for section in dossier.revision.schema:
            asked = {question["code"] for question in section["questions"]}
            yield section["code"], {k: v for k, v in project.answers.items() if k in asked}
        partners = [{"siret": p.siret, "name": p.name, "role": p.role} for p in project.partners]
        yield "partners", {"partners": partners + self._entangled()}
        lines = [
            {"year": year.year, "code": code, "amount": amount}
            for year in project.budget
            for side in (year.expenses, year.incomes)
            for code, amount in side.items()
        ]
        yield "budget", {"basis": "ttc", "lines": lines}
        indicators = [
            {"code": i.code, "baseline": i.baseline, "target": i.target, "source": i.method[:200]}
            for i in project.indicators
        ]
        yield "indicators", {"indicators": indicators}

    def _entangled(self) -> list[dict[str, str]]:
        """A partner in which somebody of the commission has a mandate, for the dossier that shows a recusal."""
        if self.fate is not Fate.RECUSED:
            return []
        for users in self.cast.colleges.values():
            for membership in users[0].memberships.select_related("organisation"):
                other = membership.organisation
                if other.siret not in {p.siret for p in self.project.partners} | {self.applicant.row.siret}:
                    return [{"siret": other.siret, "name": other.name, "role": "Accueil de stagiaires"}]
        return []

    def _give_pieces(self, skip: set[str]) -> None:
        dossier = self.dossier()
        case = Case.objects.select_related("region", "parent").get(pk=dossier.case_id)
        for item in expected_pieces(dossier):
            code = item.required.code
            if item.due and code not in skip:
                self._give(dossier, case, code)

    def _give(self, dossier: Dossier, case: Case, code: str) -> None:
        file = make_file(
            self.rng, code, self.applicant.organisation, on=self.now.date(), project=self.project
        )
        stored = store_bytes(case, f"piece-{code.lower()}", file.name, file.content, file.content_type)
        calls.attach_piece(dossier, by=self.applicant.editor, now=self.now, code=code, file=stored)

    # -- the examination ------------------------------------------------------------------------------------

    def examine(self) -> Iterator[datetime]:
        """Completeness, admissibility, eligibility."""
        if self.fate is Fate.SUBMITTED:
            self.over = True
            return
        yield self.later(DAY, 3 * DAY)
        calls.take_charge(self.dossier(), by=self.manager, now=self.now, officer=self.officer)
        if self.fate is Fate.WITHDRAWN:
            yield self.later(DAY, 2 * DAY)
            self._withdraw()
            return
        yield self.later(HOUR, 8 * HOUR)
        lines = [line for line in piece_lines(self.dossier()) if line.piece is not None]
        lacking = lines[0].required.code if self._lacks() and lines else ""
        for line in lines:
            verdict = "rejected" if line.required.code == lacking else "accepted"
            reviews.review_piece(
                self.dossier(),
                by=self.officer,
                now=self.now,
                code=line.required.code,
                verdict=verdict,
                comment="Document illisible : merci de le numériser de nouveau."
                if lacking and verdict == "rejected"
                else "",
            )
        if lacking:
            yield from self._ask_for(lacking)
        if self.over:
            return
        yield self.later(HOUR, DAY)
        if self.fate is Fate.INADMISSIBLE:
            self._reject(reviews.declare_inadmissible, Stage.ADMISSIBILITY, "IRR-INCOMPLET", by=self.officer)
            return
        reviews.declare_complete(self.dossier(), by=self.officer, now=self.now)
        if self.fate is Fate.COMPLETE:
            self.over = True
            return
        yield self.later(HOUR, DAY)
        reviews.declare_admissible(
            self.dossier(), by=self.officer, now=self.now, checklist=self._points(Stage.ADMISSIBILITY)
        )
        if self.fate is Fate.ADMISSIBLE:
            self.over = True
            return
        yield self.until(self.plot.dates.eligible)
        if self.fate is Fate.INELIGIBLE:
            self._reject(reviews.declare_ineligible, Stage.ELIGIBILITY, "INE-CHAMP", by=self.manager)
            return
        reviews.declare_eligible(
            self.dossier(), by=self.manager, now=self.now, checklist=self._points(Stage.ELIGIBILITY)
        )

    def _lacks(self) -> bool:
        return self.fate in (Fate.PIECES_ASKED, Fate.INADMISSIBLE) or self.number % 4 == 1

    def _ask_for(self, code: str) -> Iterator[datetime]:
        """Ask for a piece again; the clock stops meanwhile."""
        yield self.later(HOUR, 3 * HOUR)
        request = reviews.request_pieces(
            self.dossier(),
            by=self.officer,
            now=self.now,
            codes_and_reasons={code: "Le document transmis n’est pas lisible."},
            due_on=self.now.date() + timedelta(days=10),
        )
        if self.fate is Fate.PIECES_ASKED:
            self.over = True
            return
        if self.fate is Fate.INADMISSIBLE:
            yield self.later(12 * DAY, 13 * DAY)  # the time allowed passes: the clock itself says so
            return
        yield self.later(2 * DAY, 5 * DAY)
        dossier = self.dossier()
        case = Case.objects.select_related("region", "parent").get(pk=dossier.case_id)
        self._give(dossier, case, code)
        reviews.produce_pieces(request, by=self.applicant.editor, now=self.now)
        yield self.later(HOUR, 8 * HOUR)
        reviews.review_piece(
            self.dossier(), by=self.officer, now=self.now, code=code, verdict="accepted", comment=""
        )

    def _points(self, stage: Stage) -> dict[str, bool]:
        return {item.code: True for item in points_at(self.dossier(), stage)}

    def _reject(self, verb: Any, stage: Stage, ground: str, *, by: User) -> None:
        occasion = "inadmissible" if stage is Stage.ADMISSIBILITY else "ineligible"
        explanation = texts.reason(self.rng, occasion)
        verb(self.dossier(), by=by, now=self.now, grounds=[ground], explanation=explanation)
        self.over = True

    def _withdraw(self) -> None:
        calls.withdraw(
            self.dossier(),
            by=self.applicant.signer,
            now=self.now,
            reasons="Le conseil d’administration a choisi de reporter le projet.",
        )
        self.over = True

    # -- the review -----------------------------------------------------------------------------------------

    def review(self) -> Iterator[datetime]:
        """Assessments and opinions, then the conclusion; a dossier with a first part only waits there."""
        partial = self.fate in (Fate.FIRST_REVIEWS, Fate.RECUSED)
        yield self.later(HOUR, 4 * HOUR)
        wanted = self.dossier().call.assessors_per_dossier
        assignments = [
            reviews.assign_reviewer(
                self.dossier(),
                by=self.officer,
                now=self.now,
                reviewer=self.cast.one(PostRole.EXPERT, self.number + n),
            )
            for n in range(wanted)
        ]
        for assignment in assignments[: 1 if partial else None]:
            yield self.later(4 * HOUR, 30 * HOUR)
            self._assess(assignment)
        for college in list(College.values)[: 2 if partial else None]:
            yield self.later(2 * HOUR, 20 * HOUR)
            self._advise(college)
        if partial:
            self.over = True
            return
        yield self.later(HOUR, 2 * HOUR)
        self._hear_coparef()
        yield self.later(HOUR, 2 * HOUR)
        if self.dossier().state == DossierState.IN_REVIEW:
            reviews.conclude_review(self.dossier(), by=self.officer, now=self.now)
        if self.fate is Fate.REVIEWED:
            self.over = True

    def _assess(self, assignment: Assignment) -> None:
        reviewer = assignment.reviewer
        opened = reviews.declare_interests(assignment, by=reviewer, now=self.now, has_interest=False)
        said = texts.assessment(self.rng, self.quality)
        criteria = Criterion.objects.filter(call=self.dossier().call_id).order_by("number")
        scores = {
            criterion.pk: {"value": score.score, "comment": score.comment}
            for criterion, score in zip(criteria, said.scores, strict=False)
        }
        self.now += HOUR / 2
        reviews.submit_assessment(opened, by=reviewer, now=self.now, scores=scores, comment=said.comment)

    def _advise(self, college: str) -> None:
        for number in range(len(self.cast.colleges[college])):
            seat = self.cast.seat(college, number)
            opinion = CollegeOpinion.objects.select_related(*CollegeOpinion.related).get(
                dossier=self.pk, college=college
            )
            actor = actor_for(seat, self.now.date())
            if not may(actor, "reviews.declare_seat_interests", opinion):
                continue  # recused: an organisation in common was found
            opinion = reviews.declare_seat_interests(opinion, by=seat, now=self.now, has_interest=False)
            said = texts.opinion(self.rng, college, quality=self.quality)
            if said.position == "not_given":
                said = texts.opinion(self.rng, college, "abstention")  # silence would hold the dossier back
            self.now += HOUR / 4
            reviews.give_opinion(
                CollegeOpinion.objects.get(pk=opinion.pk),
                by=seat,
                now=self.now,
                value=said.position,
                reasons=said.reasons,
                reservations=[{"kind": r.kind, "text": r.text} for r in said.reservations],
            )
            return

    def _hear_coparef(self) -> None:
        """The COPAREF's opinion on this very dossier, where the call asks for it."""
        asked = BodyOpinion.objects.filter(dossier=self.pk, state="requested").first()
        if asked is not None:
            member = self.cast.coparef[College.EMPLOYERS]
            reviews.declare_body_interests(asked, by=member, now=self.now, has_interest=False)
            reviews.give_body_opinion(
                BodyOpinion.objects.get(pk=asked.pk),
                by=member,
                now=self.now,
                position="common",
                value="favourable",
                reasons=texts.body_opinion(self.rng, divergent=False).reasons,
                employers_position="",
                unions_position="",
                objectives="",
            )

    # -- the contract ---------------------------------------------------------------------------------------

    def contract(self) -> Iterator[datetime]:
        """After the letters: an awarded dossier goes on as far as its fate says; the others stop where the vote put them."""
        yield self.until(self.plot.dates.released + DAY)
        if self.dossier().state != DossierState.AWARDED or self.fate is Fate.AWARDED:
            return
        if self.fate is Fate.GIVEN_UP:
            yield self.later(DAY, 2 * DAY)
            self._withdraw()
            return
        contracts.give_bank_account(
            self.dossier(),
            by=self.applicant.signer,
            now=self.now,
            holder=self.applicant.organisation.name,
            iban=self.applicant.organisation.iban,
        )
        yield self.until(self.plot.dates.signed - 12 * DAY)
        contract = contracts.prepare_contract(self.dossier(), by=self.officer, now=self.now)
        yield self.later(4 * HOUR, DAY)
        self._lift(contract)
        contracts.send_for_signature(self._contract(contract), by=self.officer, now=self.now)
        if self.fate is Fate.TO_SIGN:
            return
        yield self.later(2 * DAY, 4 * DAY)
        contracts.sign_as_beneficiary(
            self._contract(contract), by=self.applicant.signer, now=self.now, capacity="Représentant légal"
        )
        if self.fate is Fate.HALF_SIGNED:
            return
        yield self.until(self.plot.dates.signed)
        signatory = self.cast.one(PostRole.SIGNATORY)
        contracts.sign_as_region(
            self._contract(contract), by=signatory, now=self.now, capacity="Vice-présidence, par délégation"
        )
        yield from self._run(contract)

    def _contract(self, contract: Contract) -> Contract:
        return Contract.objects.select_related(*Contract.related).get(pk=contract.pk)

    def _lift(self, contract: Contract) -> None:
        from reviews.models import Reservation

        for reservation in Reservation.objects.filter(
            opinion__dossier=self.pk, kind="suspensive", lifted_at__isnull=True
        ):
            contracts.lift_reservation(
                reservation,
                by=self.manager,
                now=self.now,
                reasons="Le porteur a transmis les éléments attendus.",
            )

    def _run(self, contract: Contract) -> Iterator[datetime]:
        """Advance, reports, claims, and the closure."""
        yield self.later(2 * DAY, 6 * DAY)
        self._pay(contract, InstalmentKind.ADVANCE)
        reports = list(Report.objects.filter(contract=contract).order_by("number"))
        for report in reports:
            last = report is reports[-1]
            if self.fate is Fate.LATE or (self.fate is Fate.RUNNING and last):
                return
            due = self.now.replace(year=report.due_on.year, month=report.due_on.month, day=report.due_on.day)
            end = self.now.replace(
                year=report.period_end.year, month=report.period_end.month, day=report.period_end.day
            )
            yield self.until(min(due - 2 * DAY, end + 9 * DAY))
            self._report(report)
            yield self.later(2 * DAY, 5 * DAY)
            if self.fate is Fate.RETURNED:
                contracts.return_report(
                    self._row(report),
                    by=self.officer,
                    now=self.now,
                    reasons="La ventilation des entrées par âge est à compléter.",
                )
                return
            contracts.accept_report(self._row(report), by=self.officer, now=self.now)
            if not last:
                yield self.later(DAY, 3 * DAY)
                self._pay(contract, InstalmentKind.INTERIM)
        yield from self._settle(contract)

    def _row(self, row: Any) -> Any:
        return type(row)._base_manager.select_related(*type(row).related).get(pk=row.pk)

    def _report(self, report: Report) -> None:
        editor, signer = self.applicant.editor, self.applicant.signer
        row = self._row(report)
        values: dict[Any, dict[str, Any]] = {}
        people = self.project.beneficiaries
        for indicator in row.contract.dossier.indicators.all():
            shape = shape_of(indicator)
            if shape.qualitative:
                values[indicator.pk] = {
                    "number": Decimal(3),
                    "text": "Enquête auprès des participants et des équipes.",
                }
            elif shape.ratio:
                values[indicator.pk] = {"numerator": Decimal(31), "denominator": Decimal(48), "text": ""}
            elif shape.broken_down:
                women = people * 11 // 20
                values[indicator.pk] = {
                    "number": Decimal(people),
                    "breakdown": {"SEXE": {"Femmes": women, "Hommes": people - women}},
                }
            else:
                values[indicator.pk] = {"number": Decimal(12), "text": "Compté par l’équipe du projet."}
        share = Decimal("0.45") if self.fate is Fate.RECOVERED else Decimal("0.97")
        planned = planned_expenses(row.contract.dossier)
        spent = {code: (amount * share).quantize(CENT) for code, (_label, amount) in planned.items()}
        said = texts.report(self.rng, self.project, 0.9, final=row.kind == "final")
        words = {"done": said.narrative, "gaps": said.difficulties, "next": said.outlook}
        contracts.save_report(
            row,
            by=editor,
            now=self.now,
            version=row.version,
            values=values,
            narrative={
                q.code: words.get(q.code) or said.narrative for q in questions_for(row.kind) if q.required
            },
            expenses=spent,
        )
        self.now += HOUR
        contracts.submit_report(self._row(report), by=signer, now=self.now)

    def _pay(self, contract: Contract, kind: InstalmentKind) -> None:
        """Claimed by the beneficiary (but for an advance), proposed, certified by another, paid by a third."""
        row = (
            Instalment.objects.select_related(*Instalment.related)
            .filter(contract=contract, kind=kind, state="planned")
            .first()
        )
        if row is None:
            return
        if kind != InstalmentKind.ADVANCE:
            contracts.claim_instalment(row, by=self.applicant.signer, now=self.now, comment="")
        contracts.propose_payment(self._row(row), by=self.officer, now=self.now + HOUR)
        contracts.certify_service(self._row(row), by=self.manager, now=self.now + 5 * HOUR)
        self.now += 9 * HOUR
        contracts.record_payment(
            self._row(row),
            by=self.cast.one(PostRole.PAYMENTS),
            now=self.now,
            paid_on=self.now.date(),
            payment_reference=f"M{self.now:%Y}-{self.rng.randint(10000, 99999)}",
        )

    def _settle(self, contract: Contract) -> Iterator[datetime]:
        """The balance, or what is to be given back; then the end."""
        yield self.later(DAY, 3 * DAY)
        if self.fate is not Fate.RECOVERED:
            self._pay(contract, InstalmentKind.BALANCE)
        else:
            recovery = contracts.open_recovery(
                self._contract(contract),
                by=self.officer,
                now=self.now,
                grounds="Les dépenses justifiées sont inférieures aux montants versés (article 9 de la convention).",
            )
            yield self.later(6 * DAY, 8 * DAY)
            contracts.send_observations(
                self._row(recovery),
                by=self.applicant.signer,
                now=self.now,
                observations="Nous confirmons le montant : un groupe n’a pas pu ouvrir, faute d’inscriptions.",
            )
            yield self.later(DAY, 2 * DAY)
            contracts.decide_recovery(
                self._row(recovery),
                by=self.manager,
                now=self.now,
                upheld=True,
                grounds="Les observations confirment que la dépense n’a pas été engagée.",
            )
            yield self.later(3 * DAY, 4 * DAY)
            contracts.record_recovery(
                self._row(Recovery.objects.get(pk=recovery.pk)),
                by=self.cast.one(PostRole.PAYMENTS),
                now=self.now,
                recovered_on=self.now.date(),
            )
        yield self.later(DAY, 2 * DAY)
        contracts.close_dossier(self._contract(contract), by=self.manager, now=self.now)


def say_hello(plot: Plot, applicant: Applicant, dossier: Dossier, *, now: datetime) -> None:
    """A short exchange between the applicant and the service."""
    case = Case.objects.get(pk=dossier.case_id)
    engine.send_message(case, by=applicant.editor, now=now, body="Pouvez-vous confirmer la bonne réception ?")
    engine.send_message(
        case, by=plot.cast.one(PostRole.CASE_OFFICER), now=now + HOUR, body="Votre dossier est bien arrivé."
    )
