"""The document store: files are written before the verb that attaches them, their SHA-256 taken on the way.

A verb that is refused afterwards leaves a file that nothing points to: ``manage.py check_documents`` names them.
"""

from __future__ import annotations

import hashlib
import re
import stat
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from workflows.engine import StoredFile
from workflows.models import Case, DocumentVersion

#: Largest file taken, in bytes (demarches-simplifiees takes 200 MB; a piece of a dossier rarely passes 25).
MAX_SIZE = 50 * 1024 * 1024
#: How much one case may hold, in bytes.
MAX_TOTAL = 1024 * 1024 * 1024

#: How much of a file's name is looked at, from its end.
_NAME_READ = 1000

#: What may be uploaded: extension → (content type, what the first bytes must be).
ACCEPTED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",)),
}

#: What the content of an office document must be, by extension: a ZIP of another kind is refused.
_OFFICE_PARTS = {
    ".docx": b"word/",
    ".xlsx": b"xl/",
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
}

#: The relations of an Office document to its parts and to elsewhere, and how much of them is read.
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_LINK = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")
_REMOTE = re.compile(
    rb"""Target\s*=\s*["']\s*(?:(?:https?|ftp|mhtml|smb|webdavs?):|file://(?!/|[a-z]:)|file:/{4}|(?:file:/*)?\\\\|//)""",
    re.IGNORECASE,
)
_RELATIONS_MOST = 1 << 20


def document_store() -> Storage:
    """The store of all documents: file system or S3, by configuration."""
    return storages["documents"]


def check_upload(upload: UploadedFile) -> str:
    """The content type of an acceptable upload, by extension *and* by content (guarantee P34, ASVS 5.2.2).

    Raises ValidationError in the reader's words: empty, too large, of a kind we do not take, or not what its name says.
    """
    name = upload.name or ""
    extension = PurePath(name).suffix.lower()
    if extension not in ACCEPTED:
        raise ValidationError(
            _("This kind of file is not accepted. Use PDF, PNG, JPEG, Word, Excel or OpenDocument."),
            code="kind",
        )
    if not upload.size:
        raise ValidationError(_("This file is empty."), code="empty")
    if upload.size > MAX_SIZE:
        raise ValidationError(
            _("This file is larger than %(limit)s MB.") % {"limit": MAX_SIZE // 1024**2}, code="size"
        )
    content_type, magics = ACCEPTED[extension]
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    wrong = not any(head.startswith(magic) for magic in magics)
    if not wrong and extension in _OFFICE_PARTS:
        wrong = not _is_office(upload, extension)
    if not wrong and extension == ".pdf":
        wrong = _looks_like_html(head)
    if wrong:
        raise ValidationError(
            _("This file is not what its name says: it does not contain a %(kind)s document.")
            % {"kind": extension.lstrip(".").upper()},
            code="content",
        )
    return content_type


def clean_name(name: str) -> str:
    """A file name that is safe to store and to show: no path, no control or direction mark, at most 150 characters."""
    name = name[-_NAME_READ:]
    stem, extension = PurePath(name.replace("\\", "/")).stem, PurePath(name).suffix.lower()
    stem = "".join(
        c for c in stem if c.isprintable() and not ("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")
    )
    try:
        stem = get_valid_filename(stem).strip(".") or "document"
    except Exception:  # Django refuses names made of dots only
        stem = "document"
    return f"{stem[: 150 - len(extension)]}{extension}"


def store_upload(case: Case, code: str, upload: UploadedFile) -> StoredFile:
    """Check an upload and write it to the store, hashing while it streams. Raises ValidationError."""
    content_type = check_upload(upload)
    held = sum(DocumentVersion.objects.filter(document__case=case).values_list("size", flat=True))
    if held + (upload.size or 0) > MAX_TOTAL:
        raise ValidationError(_("This dossier holds too many files already."), code="total")
    return _store(case, code, clean_name(upload.name or "document"), upload.chunks(), content_type)


def store_bytes(case: Case, code: str, name: str, data: bytes, content_type: str) -> StoredFile:
    """Write a document that the system produced."""
    return _store(case, code, name, [data], content_type)


def open_version(version: DocumentVersion) -> IO[bytes]:
    """The bytes of a version. Raises FileNotFoundError when the store has lost it."""
    return document_store().open(version.path, "rb")


def digest(version: DocumentVersion) -> str:
    """The SHA-256 of the bytes that the store holds now, to compare with the one written down."""
    found = hashlib.sha256()
    with open_version(version) as stream:
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            found.update(chunk)
    return found.hexdigest()


def _store(case: Case, code: str, name: str, chunks: Iterable[bytes], content_type: str) -> StoredFile:
    parent = case.parent.reference if case.parent_id and case.parent else "-"
    path = (
        f"{case.region.code}/{parent}/{case.reference}/{code}/{uuid.uuid4()}{PurePath(name).suffix.lower()}"
    )
    found = hashlib.sha256()
    size = 0
    with SpooledTemporaryFile(max_size=1 << 22) as buffer:
        for chunk in chunks:
            found.update(chunk)
            size += len(chunk)
            buffer.write(chunk)
        buffer.seek(0)
        saved = document_store().save(path, File(buffer, name=path))
    return StoredFile(saved, name, size, found.hexdigest(), content_type)


def _is_office(upload: UploadedFile, extension: str) -> bool:
    """Whether the ZIP is the office document that its extension announces, without macros, a bomb, or a way out of itself."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            total = sum(part.file_size for part in parts)
            mark = _OFFICE_PARTS[extension]
            if extension in (".odt", ".ods"):
                right = (
                    "mimetype" in names
                    and archive.getinfo("mimetype").file_size < 200
                    and archive.read("mimetype").strip() == mark
                )
            else:
                right = "[Content_Types].xml" in names and any(n.startswith(mark.decode()) for n in names)
            macros = any("vbaproject" in n.lower() or n.startswith("Basic/") for n in names)
            astray = any(_leads_outside(part) for part in parts) or any(
                _fetches(archive, part) for part in parts if part.filename.endswith(".rels")
            )
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return False
    finally:
        upload.seek(0)
    return right and not macros and not astray and len(parts) < 10_000 and total < 20 * MAX_SIZE


def _leads_outside(part: zipfile.ZipInfo) -> bool:
    """Whether a part of an archive would be unpacked elsewhere: a path that climbs, or a symbolic link."""
    steps = part.filename.replace("\\", "/").split("/")
    return ".." in steps or steps[0] == "" or ":" in steps[0] or stat.S_ISLNK(part.external_attr >> 16)


def _fetches(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether the document would fetch something from the network as it opens: a remote template, object or image.

    A link that somebody must click is no such thing.
    """
    with archive.open(part) as stream:
        content = stream.read(_RELATIONS_MOST + 1)
    if len(content) > _RELATIONS_MOST or b"\0" in content:  # not as any office writes them
        return True
    return any(_REMOTE.search(found) and not _LINK.search(found) for found in _RELATION.findall(content))


def _looks_like_html(head: bytes) -> bool:
    """Whether a "PDF" opens with markup that a browser would run (a polyglot)."""
    lowered = head[:1024].lower()
    return any(mark in lowered for mark in (b"<html", b"<script", b"<svg"))
