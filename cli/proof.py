"""`liasse archive`: what a third party, an auditor or an operator after a disaster runs."""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.logs import configure
from archive import departed, erase, export, rebuild, receipts, rows, tail, verify
from cli.embedded import running
from cli.loading import a_store
from store.objects import Objects
from store.settings import Settings, load_settings


def verify_archive(what: str, noted: tuple[int, str] | None = None) -> Iterator[dict[str, Any]]:
    """Verdicts, one an object; nothing but the object store is opened. `what`: all, or an id. `noted`: number
    and hash of a seal that whoever asks has written down."""
    ends = [tail.Known(*noted, "votre note")] if noted else []
    configure(logging.WARNING)
    with _store_alone() as s:
        objects = Objects(s.s3_endpoint, s.s3_access_key, s.s3_secret_key, s.bucket_prefix)
        try:
            yield from verify.verify(objects, what, known=[*ends, *tail.known(s, objects)])
        finally:
            objects.close()


@contextlib.contextmanager
def _store_alone() -> Iterator[Settings]:
    """Of an auditor who was given the object store's address and nothing else; else of the home."""
    if os.environ.get("LIASSE_S3_ENDPOINT"):
        yield load_settings()
        return
    with running() as settings:
        yield settings


def compare_rows() -> Iterator[dict[str, Any]]:
    """Verdicts: each seal whose rows agree, each row, receipt and order on its way that does not."""
    with a_store() as store:
        yield from rows.compare(store)
        yield from (verdict.to_json() for verdict in receipts.lacking(store))
        yield from (verdict.to_json() for verdict in departed.compare(store))


def export_document(document: str, out: Path) -> Path:
    """The ZIP of a sealed document, whole or not at all; the path written. Raises Refused("introuvable")."""
    beside = out.with_name(out.name + ".part")
    try:
        with a_store() as store, beside.open("wb") as file:
            export.export(store, document, file)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return out


def erase_document(document: str) -> tuple[str, ...]:
    """Ids of what cannot be opened any more: the document, and the file that it came out of. Raises
    Refused (introuvable, etat_change)."""
    with a_store() as store:
        return erase.erase(store, document, "local").documents


def rebuild_base(*, without_last_seals: bool) -> tuple[str, bool]:
    """What became of each document, as JSON, and whether some are lost. Raises Refused("etat_change")
    unless the database is empty."""
    with a_store() as store:
        report = rebuild.rebuild(store, without_last_seals=without_last_seals)
    return rebuild.report_json(report), bool(report.lost or report.missing_seals)
