"""What this stage owes the outside: the text of a contract. May run twice."""

from __future__ import annotations

from contracts.actions import attach_contract_text
from contracts.models import Contract, ContractState
from workflows.engine import handler
from workflows.models import OutboxJob
from workflows.pdf import render_pdf
from workflows.store import store_bytes


@handler("contract_text")
def produce_contract_text(job: OutboxJob) -> None:
    """Make the PDF of a contract from its frozen data and attach it. Payload: contract, revision.

    One that was prepared anew since, or has its text already, is left alone.
    """
    assert job.entry is not None
    contract = Contract.objects.select_related("case__region", "case__parent").get(pk=job.payload["contract"])
    revision = job.payload["revision"]
    if (
        contract.revision != revision
        or contract.version_id is not None
        or contract.state != ContractState.DRAFT
    ):
        return
    data = render_pdf("contract", contract.data, produced_at=job.entry.at)
    stored = store_bytes(
        contract.case, "contract", f"convention-{contract.number}.pdf", data, "application/pdf"
    )
    attach_contract_text(contract, by=None, now=job.entry.at, file=stored, revision=revision)
