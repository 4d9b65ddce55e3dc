"""Where files live, from one address per store: `file:///folder` or `s3://key:secret@host:port/bucket/prefix`."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def storage_from_url(url: str) -> dict[str, Any]:
    """Return the `STORAGES` entry for `url`.

    An S3 address may carry `?region=…` and `?tls=0` (a server on this machine); without a host it is AWS's
    own, without a key the credentials come from the environment. Neither kind ever overwrites a file.
    """
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": Path(unquote(parts.path)),
                "base_url": None,  # never served by address: only through the rights check
                "file_permissions_mode": 0o640,
                "directory_permissions_mode": 0o750,
            },
        }
    if parts.scheme == "s3":
        bucket, _, prefix = unquote(parts.path).lstrip("/").partition("/")
        options: dict[str, Any] = {
            "bucket_name": bucket,
            "location": prefix,
            "region_name": query.get("region", "eu-west-3"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "signature_version": "s3v4",
        }
        if parts.hostname:
            scheme = "http" if query.get("tls") == "0" else "https"
            port = f":{parts.port}" if parts.port else ""
            options |= {"endpoint_url": f"{scheme}://{parts.hostname}{port}", "addressing_style": "path"}
        if parts.username:
            options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    raise ImproperlyConfigured(f"a storage address starts with file:// or s3://, not {parts.scheme!r}")
