"""Verifying a case on the page: its chain, the seals that cover it, and the bytes of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workflows.engine.journal import verify
from workflows.models import Case, DocumentVersion, Entry, ScanState, Seal
from workflows.store import digest

#: How many of the latest seals are looked into for one that covers the case.
SEALS_TRIED = 5


@dataclass(frozen=True)
class Check:
    """One thing checked: what it was, what was found, and whether it holds (``None``: nothing to check yet)."""

    label: str
    found: str
    holds: bool | None


def check_case(case: Case) -> list[Check]:
    """Check the journal, the last seal and the files of ``case``. Reads only; takes a second or so a gigabyte."""
    return [*_journal(case), *_seal(case), *_files(case)]


def _journal(case: Case) -> Iterator[Check]:
    label = _(
        "Journal: numbers without a gap, each fingerprint follows from the one before, the last one is the case's"
    )
    fault = next(verify(Case.objects.filter(pk=case.pk)), None)
    if fault:
        found = _("Entry %(seq)s: %(problem)s") % {
            "seq": fault.seq,
            "problem": _PROBLEMS.get(fault.problem, fault.problem),
        }
        yield Check(label, str(found), False)
    else:
        found = ngettext("%(n)s entry checked", "%(n)s entries checked", case.head_seq) % {"n": case.head_seq}
        yield Check(label, found, True)


def _seal(case: Case) -> Iterator[Check]:
    label = _("Seal kept outside the database: the journal still contains what was sealed")
    for seal in Seal.objects.exclude(stored_as="").order_by("-at")[:SEALS_TRIED]:
        try:
            with storages["seals"].open(seal.stored_as) as stream:
                kept: dict[str, Any] = json.loads(stream.read())
        except FileNotFoundError:
            yield Check(
                label,
                _("The copy of the seal of %(at)s is missing.") % {"at": f"{seal.at:%d/%m/%Y %H:%M} UTC"},
                False,
            )
            return
        for head_case, seq, head in kept["heads"]:
            if head_case == str(case.pk):
                holds = Entry.objects.filter(case=case, seq=seq, hash=head).exists()
                at = {"at": f"{seal.at:%d/%m/%Y %H:%M} UTC", "seq": seq}
                found = (
                    _("Sealed on %(at)s up to entry %(seq)s")
                    if holds
                    else _("Entry %(seq)s is not the one sealed on %(at)s")
                )
                yield Check(label, found % at, holds)
                return
    yield Check(label, _("No seal covers this case yet."), None)


def _files(case: Case) -> Iterator[Check]:
    label = _("Files: the bytes kept have the fingerprint written down when they were received")
    wrong, count = [], 0
    for version in DocumentVersion.objects.filter(document__case=case).exclude(scan=ScanState.INFECTED):
        count += 1
        try:
            same = digest(version) == version.sha256
        except FileNotFoundError:
            same = False
        if not same:
            wrong.append(version.name)
    cited = {
        line["sha256"]
        for files in Entry.objects.filter(case=case).exclude(files=[]).values_list("files", flat=True)
        for line in files
    }
    known = set(DocumentVersion.objects.filter(document__case=case).values_list("sha256", flat=True))
    wrong += sorted(cited - known)
    if wrong:
        yield Check(label, _("Changed or missing: %(names)s") % {"names": ", ".join(wrong)}, False)
    elif count:
        yield Check(label, ngettext("%(n)s file checked", "%(n)s files checked", count) % {"n": count}, True)
    else:
        yield Check(label, _("This case holds no file."), None)


_PROBLEMS = {
    "missing or out of order": gettext_lazy("missing or out of order"),
    "does not follow the entry before it": gettext_lazy("does not follow the entry before it"),
    "content changed": gettext_lazy("content changed"),
    "the end of the journal is missing": gettext_lazy("the end of the journal is missing"),
}
