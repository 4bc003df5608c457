"""The bytes of a document, wherever they lie now: in the inbox until it is sealed, then in the archive."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from archive import names
from archive.package import content_of, key_owner
from domain.errors import Refused
from store import contents, crypt, lots
from store.documents import DocumentRow
from store.house import Store

_SNIFFED = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG", "image/png", "png"),
    (b"II*\0", "image/tiff", "tif"),
    (b"MM\0*", "image/tiff", "tif"),
)


@contextmanager
def original(store: Store, cage: Any, row: DocumentRow) -> Iterator[BinaryIO]:
    """The document's own bytes in a file without a name. Raises Refused("introuvable") once erased."""
    with ExitStack() as open_files:
        plain = open_files.enter_context(_nameless(store))
        if not _from_archive(store, row, "original", plain):
            _from_inbox(store, row.content_sha256, plain)
            if row.parent_id is not None:  # of a whole file, its own pages; a file of one document is its own
                plain.flush()
                _, blobs = cage.call("ocr.take", plain.fileno(), pages=row.pages)
                plain = open_files.enter_context(_nameless(store))
                plain.write(blobs[0])
        plain.flush()
        plain.seek(0)
        yield plain


@contextmanager
def verso(store: Store, row: DocumentRow) -> Iterator[BinaryIO]:
    """The back of a sheet of a lot. Raises Refused("introuvable") where there is none (any more)."""
    with store.begin() as conn:
        sha256 = lots.verso(conn, row.id) if row.lot_id else None
    if sha256 is None:
        raise Refused("introuvable")
    with _nameless(store) as plain:
        if not _from_archive(store, row, "verso", plain):
            _from_inbox(store, sha256, plain)
        plain.flush()
        plain.seek(0)
        yield plain


def _nameless(store: Store) -> Any:
    return tempfile.TemporaryFile(dir=store.scratch)


def _from_archive(store: Store, row: DocumentRow, what: str, out: BinaryIO) -> bool:
    if row.manifest_sha256 is None:
        return False
    for found in store.objects.list(names.BUCKET, names.folder(row.id)):
        part = names.parse(found.key).part
        if part is not None and content_of(part) == what:
            key = store.vault.key(key_owner(row.id, part))
            with store.objects.open(names.BUCKET, found.key) as cipher:
                crypt.decrypt_stream(cipher, out, key)
            return True
    return False


def _from_inbox(store: Store, sha256: str, out: BinaryIO) -> None:
    with store.begin() as conn:
        content = contents.load(conn, sha256)
    if content.removed_at is not None:
        raise Refused("introuvable")
    key = store.vault.key(content.key_id)
    with store.objects.open(contents.BUCKET, content.object_key) as cipher:
        crypt.decrypt_stream(cipher, out, key)


def kind_of(head: bytes) -> tuple[str, str]:
    """Media type and extension by content alone."""
    for start, media_type, extension in _SNIFFED:
        if start in head[:1024] if start == b"%PDF-" else head.startswith(start):
            return media_type, extension
    return "application/octet-stream", "bin"
