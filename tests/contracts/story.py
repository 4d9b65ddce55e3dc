"""Take a world to a given state of a contract, by the verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

from calls.models import Axis, Call, Dossier, Envelope, FormRevision, Pact
from contracts import actions
from contracts.models import Contract, Instalment, Report
from contracts.narrative import questions_for
from reviews import actions as reviews
from reviews.models import Decision, Deliberation, Letter, Ranking, RankingLine
from tests.world import NOW, World, opened
from workflows.dates import PARIS, local_date
from workflows.engine.outbox import deliver
from workflows.models import Case, OutboxJob, OutboxState

#: The day on which contracts of the story are signed, and the project that they are about.
SIGNED = NOW + timedelta(days=180)
#: The applicant's account, and another one.
IBAN, OTHER_IBAN = "FR7630006000011234567890189", "FR1420041010050500013M02606"
STARTS, ENDS = date(2026, 9, 1), date(2027, 8, 31)


def at(day: date, hour: int = 9) -> datetime:
    """An instant of a day."""
    return NOW.replace(year=day.year, month=day.month, day=day.day, hour=hour)


def fresh(row: Any) -> Any:
    """The row as it is now."""
    model = type(row)
    return model._base_manager.select_related(*model.related).get(pk=row.pk)


def deliver_all(kind: str) -> None:
    """Do the jobs of a kind that are owed."""
    for job in OutboxJob.objects.filter(kind=kind, state=OutboxState.PENDING):
        assert deliver(job.pk, now=max(job.due_at, NOW)), OutboxJob.objects.get(pk=job.pk).last_error


def decided_call(world: World) -> tuple[Call, Deliberation]:
    """A call whose commission permanente has voted, made of rows: how it came there is proved elsewhere."""
    region, since = world.region, NOW - timedelta(days=90)
    pact = Pact.objects.create(
        case=_case(region, "pact", "PACTE-84"), title="Pacte régional", first_year=2026, last_year=2029, stakes="…",
        prepared_by=world.pilot, adopted_by=world.manager, adopted_at=since, state="adopted",
    )  # fmt: skip
    axis = Axis.objects.create(pact=pact, code="A1", label="Parcours vers la qualification")
    call = Call.objects.create(
        case=_case(region, "call", "AAP-84-2026-01", title="Parcours certifiants"),
        pact=pact, kind="aap", sequence=1, year=2026, title="Parcours certifiants", summary="…", text="…",
        publics=["JEUNES"], territories=["18"], opens_at=since, closes_at=NOW - timedelta(days=30), max_rate=D(80),
        min_amount=D(5000), max_amount=D(100000), aid_basis="no_aid", reporting=[6], contact="aap@region.example",
        prepared_by=world.officer, validated_by=world.manager, published_at=since, text_sha256="0" * 64,
        state="decided",
    )  # fmt: skip
    call.axes.add(axis)
    Envelope.objects.create(call=call, amount=D(300000), committed=D(120000))
    FormRevision.objects.create(call=call, number=1, published_at=since, sha256="0" * 64)
    ranking = Ranking.objects.create(
        case=call.case, call=call, number=1, threshold=60, proposed_by=world.officer, proposed_at=NOW,
        validated_by=world.manager, validated_at=NOW, state="voted",
    )  # fmt: skip
    deliberation = Deliberation.objects.create(
        case=call.case, call=call, ranking=ranking, voted_on=NOW.date(), number="26_0204_05",
        recorded_by=world.manager, recorded_at=NOW,
    )  # fmt: skip
    return call, deliberation


def _case(region: Any, kind: str, reference: str, **values: Any) -> Case:
    return Case.objects.create(
        region=region, kind=kind, reference=reference, opened_at=NOW, **{"title": reference, **values}
    )


def reviewed_dossier(world: World, rank: int = 1) -> tuple[Dossier, Deliberation]:
    """A dossier on the main list of a vote, for 40 000 € of 60 000 € that are eligible."""
    with opened():
        deliberation = Deliberation.objects.select_related("call__case").first()
        call = deliberation.call if deliberation else None
        if call is None:
            call, deliberation = decided_call(world)
        organisation = world.organisations["applicant"]
        case = _case(
            world.region, "dossier", f"PRIC-84-2026-01-{rank:05}", title="Passerelles", organisation=organisation,
            parent=call.case,
        )  # fmt: skip
        dossier = Dossier.objects.create(
            case=case, call=call, organisation=organisation, revision=call.revisions.get(), rank=rank,
            title="Passerelles vers la qualification", summary="Un parcours en trois étapes.", axis=call.axes.get(),
            publics=["JEUNES"], territories=["18"], starts_on=STARTS, ends_on=ENDS, requested_amount=D(40000),
            total_cost=D(61500), eligible_cost=D(60000), budget_basis="ttc", created_by=world.applicant_editor,
            submitted_by=world.applicant, submitted_at=NOW, implicit_rejection_on=date(2026, 5, 2),
            state="reviewed", score=D(80),
        )  # fmt: skip
        for side, code, label, amount in (
            ("expense", "64", "Charges de personnel", 60000), ("expense", "86", "Bénévolat", 1500),
            ("income", "74-REGION", "Région", 40000), ("income", "75", "Fonds propres", 20000),
            ("income", "87", "Bénévolat", 1500),
        ):  # fmt: skip
            dossier.budget.create(case=case, year=2026, side=side, code=code, label=label, amount=D(amount))
        for code, kind, label, unit in (
            ("S-ENT", "follow_up", "Entrées", "entrées"),
            ("I-POS", "impact", "Sorties positives", "%"),
        ):
            dossier.indicators.create(
                case=case, code=code, kind=kind, label=label, nature="quantitative", target="60", unit=unit
            )
        RankingLine.objects.create(
            case=call.case, ranking=deliberation.ranking, dossier=dossier, rank=rank, score=D(80), list="main",
            amount=D(40000), voted_amount=D(40000), basis={"ground": ""},
        )  # fmt: skip
    return fresh(dossier), deliberation


def awarded_dossier(world: World, *, released: bool = True, account: bool = True, rank: int = 1) -> Dossier:
    """A dossier awarded what it asked for, its letter released and its bank details given."""
    dossier, deliberation = reviewed_dossier(world, rank)
    dossier = reviews.apply_decision(dossier, by=None, now=NOW, deliberation=deliberation)
    assert Decision.objects.get(dossier=dossier).outcome == "awarded"
    if released:
        reviews.release_letter(Letter.objects.get(dossier=dossier), by=world.manager, now=NOW)
    return banked(world, fresh(dossier)) if account else fresh(dossier)


def banked(world: World, dossier: Dossier, *, now: datetime = NOW) -> Dossier:
    """The dossier, with its bank details given by the signatory."""
    owner = world.applicant if dossier.organisation == world.organisations["applicant"] else world.other
    actions.give_bank_account(dossier, by=owner, now=now, holder="Association Passerelles", iban=IBAN)
    return fresh(dossier)


def prepared_contract(
    world: World, dossier: Dossier | None = None, *, now: datetime = SIGNED, **values: Any
) -> Contract:
    """A contract prepared by the case officer, its text produced."""
    dossier = dossier or awarded_dossier(world)
    if not dossier.bank_accounts.exists():
        dossier = banked(world, dossier, now=now)
    dates = {"starts_on": STARTS, "ends_on": ENDS}
    contract = actions.prepare_contract(dossier, by=world.officer, now=now, **{**dates, **values})
    deliver_all("contract_text")
    return fresh(contract)


def sent_contract(
    world: World, dossier: Dossier | None = None, *, now: datetime = SIGNED, **values: Any
) -> Contract:
    """A contract that waits for the beneficiary's signature."""
    contract = prepared_contract(world, dossier, now=now, **values)
    return fresh(actions.send_for_signature(contract, by=world.officer, now=now))


def active_contract(
    world: World, dossier: Dossier | None = None, *, now: datetime = SIGNED, **values: Any
) -> Contract:
    """A contract signed by both, with its instalments and reports."""
    contract = sent_contract(world, dossier, now=now, **values)
    by = world.applicant
    contract = actions.sign_as_beneficiary(contract, by=by, now=now, capacity="Présidente")
    contract = actions.sign_as_region(contract, by=world.signatory, now=now, capacity="Directeur général")
    return fresh(contract)


def instalment(contract: Contract, kind: str) -> Instalment:
    """The contract's instalment of that kind, as it is now."""
    return fresh(contract.instalments.get(kind=kind))


def report(contract: Contract, number: int) -> Report:
    """The contract's report of that number, as it is now."""
    return fresh(contract.reports.get(number=number))


def filled_report(row: Report, *, by: Any, now: datetime, spent: D | str = "60000.00") -> Report:
    """A report that lacks nothing: ``spent`` euros on personnel, 60 entries, 30 of 50 positive exits."""
    values = {}
    for indicator in row.contract.dossier.indicators.all():
        if indicator.code == "S-ENT":
            values[indicator.pk] = {"number": D(60), "breakdown": {"SEXE": {"Femmes": 35, "Hommes": 25}}}
        else:
            values[indicator.pk] = {"numerator": D(30), "denominator": D(50), "text": "Enquête à six mois."}
    return actions.save_report(
        fresh(row),
        by=by,
        now=now,
        version=row.version,
        values=values,
        narrative={q.code: "Comme prévu." for q in questions_for(row.kind) if q.required},
        expenses={"64": D(spent)},
    )


def submitted_report(world: World, row: Report, *, now: datetime, **values: Any) -> Report:
    """A report filled by the editor, handed in by the signatory."""
    row = filled_report(row, by=world.applicant_editor, now=now, **values)
    return fresh(actions.submit_report(fresh(row), by=world.applicant, now=now))


def accepted_report(world: World, row: Report, *, now: datetime, **values: Any) -> Report:
    """A report accepted by the case officer."""
    row = submitted_report(world, row, now=now, **values)
    return fresh(actions.accept_report(row, by=world.officer, now=now))


def paid(world: World, row: Instalment, *, now: datetime, claim: bool = True, **values: Any) -> Instalment:
    """An instalment claimed (but for the advance), proposed, certified by another and paid by a third."""
    if row.kind != "advance" and claim:
        row = actions.claim_instalment(row, by=world.applicant, now=now)
    row = actions.propose_payment(row, by=world.officer, now=now, **values)
    row = actions.certify_service(row, by=world.manager, now=now)
    row = actions.record_payment(
        row, by=world.payer, now=now, paid_on=local_date(now, PARIS), payment_reference="M-1"
    )
    return fresh(row)


def settled_contract(world: World, *, spent: D | str = "60000.00") -> Contract:
    """Advance and interim paid, final report accepted with ``spent`` euros of expenditure."""
    contract = active_contract(world)
    paid(world, instalment(contract, "advance"), now=SIGNED)
    for row in contract.reports.order_by("number"):
        now = at(row.due_on)
        accepted_report(world, report(contract, row.number), now=now, spent=spent)
        if row.number == 1:
            paid(world, instalment(contract, "interim"), now=now)
    return fresh(contract)
