"""`liasse archive`: what a third party or an auditor runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive import export, verify
from cli.embedded import running
from store.house import open_store
from store.objects import Objects


def verify_archive(document: str | None) -> Iterator[dict[str, Any]]:
    """Verdicts, one an object; nothing but the object store is opened."""
    with running() as settings:
        objects = Objects(
            settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key, settings.bucket_prefix
        )
        try:
            yield from verify.verify_one(objects, document) if document else verify.verify_all(objects)
        finally:
            objects.close()


def export_document(document: str, out: Path) -> Path:
    """The ZIP of a sealed document; the path written."""
    with running() as settings:
        store = open_store(settings)
        try:
            out.write_bytes(export.export(store, document))
        finally:
            store.close()
    return out
