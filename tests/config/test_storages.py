"""The document stores, on a folder and on a real S3 server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.storage.handler import StorageHandler

from config.storages import storage_from_url
from tests import servers


def open_store(url: str) -> Storage:
    return StorageHandler({"store": storage_from_url(url)})["store"]


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An S3 server on this machine, with one bucket (which rclone makes of a folder)."""
    with servers.s3(tmp_path_factory.mktemp("s3"), "documents") as address:
        yield f"{address}/documents/alpha?tls=0"


@pytest.mark.parametrize("kind", ["file", "s3"])
def test_a_store_keeps_what_it_is_given_and_never_overwrites(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = open_store(f"file://{tmp_path}" if kind == "file" else request.getfixturevalue("s3"))
    first = store.save("dossier/pièce 1.pdf", ContentFile(b"one"))
    second = store.save("dossier/pièce 1.pdf", ContentFile(b"two"))
    assert first != second
    with store.open(first) as file:
        assert file.read() == b"one"
    with store.open(second) as file:
        assert file.read() == b"two"
    store.delete(first)
    assert not store.exists(first)
    assert store.exists(second)


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="ftp"):
        storage_from_url("ftp://host/folder")
