"""Several files for one piece, where the call takes them: the letter of each partner, each CV."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from calls import actions
from calls.actions.drafts import MOST_FILES
from calls.models import Dossier, Piece
from calls.queries import expected_pieces, missing
from calls.queries.application import application
from reviews import actions as reviews
from reviews.queries.completeness import piece_lines
from tests.calls.story import PDF, draft, open_call, scanned, stored, submitted_dossier
from tests.world import NOW, World
from workflows.engine import Refused, database_now
from workflows.models import DocumentVersion, Entry

PIECES = [
    {"code": "RIB", "label": "RIB", "indispensable": True},
    {"code": "CV", "label": "CV de l’équipe", "indispensable": True, "multiple": True},
]


@pytest.fixture
def dossier(world: World) -> Dossier:
    return draft(world, open_call(world, pieces=PIECES))


def give(world: World, dossier: Dossier, name: str, *, code: str = "CV", beside: bool = True) -> Piece:
    # each file has its own bytes, or it would be the same one again
    file = stored(dossier.case, code, name=name, data=PDF + name.encode())
    return actions.attach_piece(dossier, by=world.applicant, now=NOW, code=code, file=file, beside=beside)


def names(dossier: Dossier, code: str = "CV") -> list[str]:
    item = next(item for item in expected_pieces(dossier) if item.required.code == code)
    return [version.name for version in item.files]


def test_files_stand_beside_the_first_and_are_removed_one_by_one(world: World, dossier: Dossier) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        piece = give(world, dossier, name)
    assert names(dossier) == ["a.pdf", "b.pdf", "c.pdf"]
    entry = Entry.objects.filter(case=dossier.case, verb="calls.attach_piece").latest("seq")
    assert (entry.snapshot["code"], entry.files[0]["name"]) == ("cv.3", "c.pdf")
    second = piece.more.get(code="piece-cv.2")
    actions.remove_piece(dossier, by=world.applicant, now=NOW, code="CV", document=second.pk)
    assert names(dossier) == ["a.pdf", "c.pdf"]
    give(world, dossier, "d.pdf")  # the number of the one removed is not given again
    assert sorted(piece.more.values_list("code", flat=True)) == ["piece-cv.3", "piece-cv.4"]
    give(world, dossier, "e.pdf", beside=False)
    assert names(dossier) == ["e.pdf", "c.pdf", "d.pdf"]
    actions.remove_piece(dossier, by=world.applicant, now=NOW, code="CV")
    assert names(dossier) == []
    with pytest.raises(Refused):
        actions.remove_piece(dossier, by=world.applicant, now=NOW, code="CV", document=second.pk)


def test_only_where_the_call_takes_several_and_up_to_a_number(world: World, dossier: Dossier) -> None:
    give(world, dossier, "rib.pdf", code="RIB")
    with pytest.raises(Refused, match="Only one file"):
        give(world, dossier, "rib2.pdf", code="RIB")
    for rank in range(MOST_FILES):
        give(world, dossier, f"{rank}.pdf")
    with pytest.raises(Refused, match="at most"):
        give(world, dossier, "trop.pdf")
    assert len(names(dossier)) == MOST_FILES


def test_one_infected_file_among_several_is_missing(world: World, dossier: Dossier) -> None:
    for name in ("a.pdf", "b.pdf"):
        give(world, dossier, name)
    assert not [r for r in missing(dossier) if r.field == "pieces.CV"]
    scanned(DocumentVersion.objects.get(name="b.pdf"), clean=False)
    assert "quarantined" in str(next(r for r in missing(dossier) if r.field == "pieces.CV").message)


def test_the_page_takes_another_file_and_takes_it_away(world: World) -> None:
    now = database_now()
    call = open_call(
        world, now=now, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=30), pieces=PIECES
    )
    dossier = draft(world, call, now=now)
    give(world, dossier, "a.pdf")
    client, url = Client(), reverse("calls:pieces", args=[dossier.pk])
    client.force_login(world.applicant)
    page = client.get(url)
    row = next(row for row in page.context["rows"] if row["required"].code == "CV")
    assert next(r for r in page.context["rows"] if r["required"].code == "RIB")["add"] is None
    sent = {name: row["add"][name].value() for name in ("code", "beside")}
    upload = SimpleUploadedFile("cv-b.pdf", PDF + b"b", "application/pdf")
    assert client.post(url, {**sent, "file": upload}).status_code == 302
    assert names(dossier) == ["a.pdf", "cv-b.pdf"]
    assert "cv-b.pdf" in client.get(url).content.decode()
    wrong = client.post(url, {**sent, "file": SimpleUploadedFile("x.exe", b"MZ", "application/pdf")})
    assert wrong.status_code == 422
    document = Piece.objects.get(required__code="CV").more.get()
    gone = reverse("calls:remove_piece", args=[dossier.pk, "CV"])
    assert client.post(gone, {"document": "nonsense"}).status_code == 404
    assert client.post(gone, {"document": str(document.pk)}).status_code == 302
    assert names(dossier) == ["a.pdf"]


def test_a_file_added_later_answers_the_request_and_is_checked_again(world: World) -> None:
    dossier = submitted_dossier(world, open_call(world, pieces=PIECES))
    assert [p["name"] for p in application(dossier)["pieces"]] == ["rib.pdf", "cv.pdf"]
    scanned(DocumentVersion.objects.get(document__case=dossier.case, document__code="piece-cv"))
    reviews.review_piece(
        dossier, by=world.officer, now=NOW, code="CV", verdict="rejected", comment="Il en manque un."
    )
    dossier = Dossier.objects.select_related(*Dossier.related).get(pk=dossier.pk)
    before = next(line.number for line in piece_lines(dossier) if line.required.code == "CV")
    reviews.request_pieces(
        dossier,
        by=world.officer,
        now=NOW,
        codes_and_reasons={"CV": "Il en manque un."},
        due_on=NOW.date() + timedelta(days=15),
    )
    dossier = Dossier.objects.select_related(*Dossier.related).get(pk=dossier.pk)
    piece = give(world, dossier, "second.pdf")
    assert (piece.verdict, piece.comment) == ("", "")
    line = next(line for line in piece_lines(dossier) if line.required.code == "CV")
    assert line.number == before + 1
    client = Client()
    client.force_login(world.officer)
    for name in ("second.pdf", "cv.pdf"):
        assert name in client.get(reverse("reviews:completeness", args=[dossier.pk])).content.decode()
        tab = reverse("workflows:case_tab", args=[dossier.case_id, "pieces"])
        assert name in client.get(tab).content.decode()
