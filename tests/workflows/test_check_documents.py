"""The store and the database say the same (P48)."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from tests import servers
from tests.calls.story import PDF, draft, give_pieces, open_call
from tests.world import World
from workflows.models import DocumentVersion


@pytest.fixture(params=["file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Any]:
    """An empty document store, on a folder and on a real S3 server."""
    from config.storages import storage_from_url

    def use(url: str) -> Any:
        settings.STORAGES = {**settings.STORAGES, "documents": storage_from_url(url)}
        return storages["documents"]

    if request.param == "file":
        (tmp_path / "alpha").mkdir()
        yield use(f"file://{tmp_path}/alpha")
    else:
        with servers.s3(tmp_path, "documents") as address:
            yield use(f"{address}/documents/alpha?tls=0")


def check(**options: Any) -> str:
    out = StringIO()
    call_command("check_documents", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_p48_what_is_missing_changed_or_left_over_is_named(world: World, store: Any) -> None:
    dossier = draft(world, open_call(world))
    give_pieces(dossier, by=world.applicant_editor)
    assert check(bytes=True) == "3 files checked, no fault; 0 that no document points to.\n"
    left = store.save("84/left/over.pdf", ContentFile(PDF))
    assert f"No document points to {left}" in check()
    missing, changed, longer = DocumentVersion.objects.order_by("path")
    store.delete(changed.path)
    store.save(changed.path, ContentFile(PDF[::-1]))
    assert "no fault" in check()  # as long as it was: only its bytes tell
    with pytest.raises(CommandError, match="1 fault"):
        check(bytes=True)
    store.delete(missing.path)
    store.delete(longer.path)
    store.save(longer.path, ContentFile(PDF + b"more"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"3 fault\(s\) in 3 files"):
        call_command("check_documents", bytes=True, stdout=out, stderr=out)
    for version, problem in (
        (missing, "is missing"),
        (changed, "is not what was received"),
        (longer, "is not as long as what was received"),
    ):
        assert f"{dossier.case.reference}: {version.path}: {problem}" in out.getvalue()
