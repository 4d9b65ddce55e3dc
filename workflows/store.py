"""The document store: files are written before the verb that attaches them, and their SHA-256 is taken on the way."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from workflows.engine import StoredFile
from workflows.models import Case


def store_bytes(case: Case, code: str, name: str, data: bytes, content_type: str) -> StoredFile:
    """Write ``data`` under ``region/parent/case/code/`` and return what a verb needs to attach it."""
    parent = case.parent.reference if case.parent_id else "-"
    path = f"{case.region.code}/{parent}/{case.reference}/{code}/{uuid.uuid4()}{PurePath(name).suffix.lower()}"
    saved = storages["documents"].save(path, ContentFile(data))
    return StoredFile(saved, name, len(data), hashlib.sha256(data).hexdigest(), content_type)
