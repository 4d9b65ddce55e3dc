"""P36 to P39 and P41: what is typed is only ever a text, on every page, in every file, mail and PDF, whatever its size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from django import forms
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.plugin import DjangoDbBlocker

from calls.models import Call
from calls.reference.regulations import read_sections
from contracts.models import Contract
from tests.guarantees.asking import client_of
from tests.guarantees.conftest import undone
from tests.guarantees.hostile import MARK, NOT_TYPED, harmless_columns, tell_hostile
from tests.guarantees.matrix import Story, routes
from tests.guarantees.office import AS_CSV, Cell, opened_by_office
from tests.guarantees.routes import LINES, Line
from tests.workflows.test_spreadsheets import FORMULAS
from tests.world import NOW
from workflows import references
from workflows.engine.outbox import deliver
from workflows.forms import read_decimal
from workflows.models import DocumentVersion, Notification, OutboxJob, OutboxState
from workflows.pdf import printable
from workflows.spreadsheets import Column, export_response
from workflows.store import clean_name, open_version

pytestmark = pytest.mark.xdist_group("hostile")  # its story is told once

#: Who looks: somebody of the applicant's side, somebody of the Region's; else whoever may.
OWN_SIDE, OTHER_SIDE = ("owner", "other"), ("manager", "officer", "auditor")
ANYBODY = ("assigned", "seat", "coparef", "payer", "signatory", "pilot", "foreign", "anonymous")


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Story]:
    """The hostile story, for the tests of this module."""
    with django_db_blocker.unblock(), undone():
        yield tell_hostile()


class Run(HTMLParser):
    """Collects what of the payload a browser would take for its own: an element, an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if MARK in tag or any(MARK in name for name, _value in attrs):
            self.found.append(f"<{tag}> at line {self.getpos()[0]}")


def fault_of(answer: HttpResponseBase) -> str:
    """What is wrong with a page, if anything."""
    text = answer.getvalue().decode()
    if f"<{MARK}" in text:  # its attribute, tests.harness.StrictPages looks for
        return "runs what was typed"
    if MARK in text and not re.search(rf"\{{%{MARK}%\}}|&lt;{MARK}|u003C{MARK}", unescape(text) + text):
        return "shows half of what was typed"
    return ""


def reader(number: int, line: Line) -> str:
    """Who looks at a page; where both sides may, one and the other in turn."""
    sides = [next((role for role in side if role in line.who), "") for side in (OWN_SIDE, OTHER_SIDE)]
    may = [role for role in sides if role] or [role for role in ANYBODY if role in line.who]
    return may[number % len(may)] if may else ""


def addresses(story: Story) -> Iterator[tuple[str, str]]:
    """Every page of the product, with somebody who reads it; then each tab of what has tabs."""
    for number, line in enumerate(LINES):
        if not line.post and (role := reader(number, line)):
            yield reverse(line.route, args=story.objects[line.about]), role
    (contract,), cases = story.objects["contract"], [*story.objects["case under review"]]
    cases.append(Contract.objects.get(pk=contract).case_id)
    cases += [Call.objects.get(pk=pk).case_id for pk in story.objects["decided call"]]
    for case in cases:
        tabs = client_of(story, "manager").get(reverse("workflows:case", args=[case])).context["tabs"]
        for tab in tabs:
            yield tab.url, "manager"
    yield reverse("workflows:notifications") + "?tab=all", "manager"
    yield reverse("workflows:search") + "?q=" + MARK, "manager"


def test_p37_every_text_that_can_be_typed_is_hostile(story: Story) -> None:
    assert harmless_columns() == NOT_TYPED, "say in tests/guarantees/hostile.py whether it is typed"


def test_p37_no_page_runs_what_was_typed(story: Story, settings: Any) -> None:
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.startswith("zeal.")
    ]  # others count queries
    clients = {role: client_of(story, role) for role in story.people}
    wrong, shown, papers = [], set(), []
    for address, role in addresses(story):
        answer = clients[role].get(address)
        kind = answer.headers.get("Content-Type", "")
        if kind == "application/pdf" and not address.startswith("/files/"):
            papers.append(answer.getvalue())
        elif kind.startswith("text/html"):
            if fault := fault_of(answer):
                wrong.append(f"{address} as {role} {fault}")
            if MARK in answer.getvalue().decode():
                shown.add(address)
        else:
            answer.getvalue()
    assert not wrong, "\n".join(wrong)
    assert len(shown) > 80  # nearly every page shows something that somebody typed
    assert len(papers) > 3
    for paper in papers:
        assert faults_of_paper(paper) == []


def faults_of_paper(paper: bytes) -> list[str]:
    """What a PDF holds that nobody may have put there (P39), or lacks of what was typed."""
    document = PdfReader(BytesIO(paper))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in document.pages))
    root: Any = document.trailer["/Root"]
    found = []
    if MARK in text and '#read("/etc/passwd")' not in text and f"{{%{MARK}%}}" not in text:
        found.append("the text is not as typed")
    if "root:x:0" in text:
        found.append("a file of the machine")
    if "/AF" in root or "/OpenAction" in root or "/EmbeddedFiles" in root.get("/Names", {}):
        found.append("something embedded, or run when it opens")
    if any("/Annots" in page for page in document.pages):
        found.append("a link")
    return found


def test_p38_p39_papers_show_what_was_typed_as_it_was_typed(story: Story, mailoutbox: list[Any]) -> None:
    """One letter, contract and annex of each template, as the worker makes them."""
    wanted: dict[tuple[str, str], OutboxJob] = {}
    wrong = []
    for job in OutboxJob.objects.exclude(kind__in=("mail", "scan", "seal")).filter(case__isnull=False):
        wanted.setdefault((job.kind, job.payload.get("template", "")), job)
    for (kind, template), job in wanted.items():
        if job.state == OutboxState.PENDING and not deliver(job.pk, now=job.due_at):
            wrong.append(f"{kind} {template}: {OutboxJob.objects.get(pk=job.pk).last_error}")
    assert not wrong, "\n".join(wrong)
    versions = DocumentVersion.objects.filter(content_type="application/pdf", uploaded_by=None)
    papers = {version.path: version for version in versions}
    assert len(papers) > 5
    for version in papers.values():
        with open_version(version) as stream:
            assert faults_of_paper(stream.read()) == [], version.document.label


def test_p37_mails_show_what_was_typed_and_bear_no_header_of_it(story: Story) -> None:
    """One mail of each kind of notice."""
    mail.outbox.clear()
    notices = {
        notice.kind: notice for notice in Notification.objects.select_related("user").filter(mailed_at=None)
    }
    for notice in notices.values():
        job = OutboxJob.objects.filter(kind="mail", payload__notification=str(notice.pk)).first()
        assert job is None or deliver(job.pk, now=job.due_at), job.last_error
    assert len(mail.outbox) > 5
    assert sum(f"{{%{MARK}%}}" in str(message.body) for message in mail.outbox) > 5
    for message in mail.outbox:
        sent = message.message()
        assert sent["Bcc"] is None
        assert len(message.recipients()) == 1
        assert "\n" not in message.subject
        html = str(message.alternatives[0][0])
        parser = Run()
        parser.feed(html)
        assert parser.found == []
        assert f"<{MARK}" not in html
        assert f"&lt;{MARK}" in html  # the Region's name, at least


# P36: what a spreadsheet makes of it


def exports(story: Story, kind: str) -> Iterator[tuple[str, bytes]]:
    """Each list of the product as a file, with the name of its page."""
    for number, line in enumerate(LINES):
        if line.exports:
            role = next(r for r in (*OTHER_SIDE, *OWN_SIDE) if r in line.exports)
            address = reverse(line.route, args=story.objects[line.about])
            answer = client_of(story, role).get(address, {"export": kind, "tab": "all"})
            yield f"{number}-{line.route.replace(':', '-')}", answer.getvalue()


def test_p36_no_cell_of_an_export_is_a_formula_once_it_is_opened(story: Story, tmp_path: Path) -> None:
    books, lists = [], []
    for kind, files in (("xlsx", books), ("csv", lists)):
        for name, content in exports(story, kind):
            files.append(tmp_path / f"{name}.{kind}")
            files[-1].write_bytes(content)
    corpus = [
        Column("text", "=1+1"),
        Column("amount", "Montant", "money"),
        Column("on", "Le", "date"),
        Column("n", "n"),
    ]
    rows = [
        {"text": text, "amount": Decimal("-1234.50"), "on": date(2026, 3, 2), "n": -7} for text in FORMULAS
    ]
    for kind, files in (("xlsx", books), ("csv", lists)):
        files.append(tmp_path / f"corpus.{kind}")
        answer = export_response(kind, "corpus", corpus, rows, produced_at=NOW)
        files[-1].write_bytes(answer.getvalue())
        for close in (
            answer._resource_closers
        ):  # close() itself would end the request, and the story's connection with it
            close()
    witness = tmp_path / "witness.csv"
    witness.write_text("=1+1;-7\n")

    seen = opened_by_office(books, tmp_path / "books")
    for name, sheet in seen.items():
        kinds = [kind for row in sheet for kind, _value in row]
        assert kinds, name
        assert "formula" not in kinds, name
    assert sum(MARK in value for sheet in seen.values() for row in sheet for _kind, value in row) > 20
    compare(seen["corpus"])

    seen = opened_by_office([*lists, witness], tmp_path / "lists", reads=AS_CSV)
    assert seen.pop("witness") == [
        [("formula", "of:=1+1"), ("float", "-7")]
    ]  # what it evaluates when it is not kept from it
    for name, sheet in seen.items():
        assert "formula" not in [kind for row in sheet for kind, _value in row], name
    compare(seen["corpus"])


def compare(sheet: list[list[Cell]]) -> None:
    """The texts of the corpus came back as texts, whole; the numbers and dates beside them as numbers and dates."""
    (_headings, *rows) = sheet
    assert len(rows) == len(FORMULAS)
    for row, text in zip(rows, FORMULAS, strict=True):
        assert row[0][0] == "string"
        assert squeezed(row[0][1]).endswith(
            squeezed(text)
        )  # what keeps it from being a formula may stand before it
        assert row[-3:] == [("float", "-1234.5"), ("date", "2026-03-02"), ("float", "-7")]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\ufeff\\]+", "", text)


# P41: a megabyte


MEGABYTE = 1_000_000
#: What readers of numbers, dates, addresses and markup go back and forth over.
LONG = ("9", ".0", " ", "a@", "e\u0301", "<a ", "1,")
#: Seconds of this process's own time, by the size: an answer in proportion takes a hundredth of it.
BOUNDS = {16_000: 0.5, MEGABYTE // 10: 0.5, MEGABYTE: 1.0}


def long_texts(size: int) -> Iterator[str]:
    for unit in LONG:
        yield unit * (size // len(unit)) + "x"


def kinds_of_fields() -> dict[Any, tuple[str, forms.Field]]:
    """One field of each kind in all the forms of the house: its class and its validators."""
    found: dict[Any, tuple[str, forms.Field]] = {}
    list(routes())  # all the forms there are, loaded with their pages

    def walk(parent: type) -> Iterator[type]:
        for child in parent.__subclasses__():
            yield child
            yield from walk(child)

    for form in walk(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if not isinstance(field, (forms.ModelChoiceField, forms.FileField)):
                kind = (type(field), *sorted(repr(getattr(v, "limit_value", v)) for v in field.validators))
                found.setdefault(kind, (f"{form.__name__}.{name}", field))
    return found


def timed(size: int, read: Callable[[str], Any], name: str) -> None:
    """Read each long text; fail when it takes out of proportion."""
    for text in long_texts(size):
        started = process_time()
        with suppress(ValidationError, ValueError):
            read(text)
        taken = process_time() - started
        assert taken < BOUNDS[size], f"{name}: {taken:.2f} s for {size} characters of {text[:3]!r}"


def test_p41_a_megabyte_in_any_field_is_answered_in_proportion() -> None:
    found = kinds_of_fields()
    assert len(found) > 20
    for size in BOUNDS:
        for name, field in found.values():
            listed = isinstance(field, forms.MultipleChoiceField)
            timed(size, lambda text, f=field, many=listed: f.clean([text] if many else text), name)


@pytest.mark.parametrize("read", [read_decimal, clean_name, printable, read_sections, references.normalise])
def test_p41_a_megabyte_is_read_in_proportion(read: Callable[[str], Any]) -> None:
    for size in BOUNDS:
        timed(size, read, read.__name__)


def test_p41_witness_a_reader_that_goes_back_is_found() -> None:
    with pytest.raises(AssertionError, match="back"):
        timed(16_000, re.compile(r"\s+$").search, "back")


#: What a list or a search reads in its address.
ASKED = ["q", "tab", "page", "size", "sort", "export", "next", "siret", "year", "call", "officer", "state"]


def test_p41_an_address_that_asks_for_nonsense_is_answered(story: Story) -> None:
    clients = {role: client_of(story, role) for role in story.people}
    searched = ("workflows:search", "accounts:join", "calls:open_calls")
    for number, line in enumerate(LINES):
        if line.exports or line.route in searched:
            address, client = (
                reverse(line.route, args=story.objects[line.about]),
                clients[reader(number, line)],
            )
            for value in ("\0", "-1", "9" * 300, "x\r\ny"):  # the server takes no address of more than 4 kB
                answer = client.get(address, dict.fromkeys(ASKED, value))
                answer.getvalue()
                assert answer.status_code < 500, (address, value)
                assert "\n" not in answer.headers.get("Location", "")


def test_p41_json_out_of_all_depth_reaches_nobody(story: Story) -> None:
    client = client_of(story, "owner")
    for line in LINES:
        if "owner" in line.who and (line.post or line.forms):
            address = reverse(line.route, args=story.objects[line.about])
            answer = client.post(address, "[" * MEGABYTE, content_type="application/json")
            assert answer.status_code < 500, address
