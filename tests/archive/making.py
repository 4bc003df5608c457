"""Documents to seal, and faults to plant, in as few words as possible."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from archive.manifest import Facts, Part
from archive.package import ArchiveResult, seal_document
from domain.flow import State
from store import clock, documents, journal
from store.house import Store
from store.objects import Missing
from tests.store.making import document, walk

NIR = "2690549588157"
NAME = "MARTINEAU"
AMOUNT = "26.50"
READING = {
    "documents": [
        {
            "type": "feuille_soins_medecin",
            "fields": {
                "beneficiaire_nir": {"value": NIR, "cells": [{"2": -0.01}], "probability": 0.99},
                "beneficiaire_nom": {"value": NAME, "cells": [], "probability": 0.98},
                "montant_total": {"value": AMOUNT, "probability": 0.97},
            },
        }
    ]
}


def valid(store: Store, data: bytes = b"octets") -> str:
    """A document accepted and to be sealed."""
    with store.begin() as conn:
        id = document(conn, data=data)
        key = store.vault.new_key(id)
        walk(conn, id, State.EN_LECTURE)
        documents.advance(
            conn, id, State.EN_LECTURE, State.VALIDE, actor="lire",
            payload=journal.seal_payload(key, {"nom": NAME, "nir": NIR}),
        )  # fmt: skip
    return id


def facts_of(store: Store, id: str, **private: Any) -> Facts:
    with store.begin() as conn:
        row = documents.load(conn, id)
    told = {
        "sender_id": row.sender_id, "content_sha256": row.content_sha256, "pages": row.pages,
        "data": {"values": {"beneficiaire_nir": NIR, "montant_total": AMOUNT}},
    }  # fmt: skip
    return Facts(
        id, "feuille_soins_medecin", "s3110j", row.deposit_id, row.received_at, row.received_on,
        private=told | private, law="loi-1",
    )  # fmt: skip


def parts_of(data: bytes = b"octets") -> dict[str, Part]:
    return {
        "original": Part(data, "image/png"),
        "pdfa": Part(b"%PDF-1.7 " + data, "application/pdf"),
        "reading": Part(READING),
    }


def seal(store: Store, id: str, data: bytes = b"octets", **private: Any) -> ArchiveResult:
    return seal_document(store, facts_of(store, id, **private), parts_of(data))


def archived(store: Store, data: bytes = b"octets", to: State = State.ARCHIVE) -> str:
    """A document sealed, and said so in the journal."""
    id = valid(store, data)
    result = seal(store, id, data)
    with store.begin() as conn:
        hashes = {"manifest_sha256": result.manifest_sha256}
        documents.advance(
            conn, id, State.VALIDE, to, actor="archiver", hashes=hashes,
            manifest_sha256=result.manifest_sha256, retain_until=result.retain_until,
        )  # fmt: skip
    return id


class Killed(BaseException):
    """As a SIGKILL: nothing of ours catches it."""


@dataclass
class Faulty:
    """The object store, killed before or after its n-th border call."""

    objects: Any
    at: int
    after: bool
    calls: int = 0
    seen: list[str] = field(default_factory=list)
    border: tuple[str, ...] = ("put", "extend", "delete")

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.objects, name)
        if name not in self.border:
            return method

        def called(*args: Any, **options: Any) -> Any:
            self.calls += 1
            self.seen.append(f"{name} {args[:2]}")
            if self.calls == self.at and not self.after:
                raise Killed
            result = method(*args, **options)
            if self.calls == self.at:
                raise Killed
            return result

        return called


def corrupt(data: bytes, at: int = -1, mask: int = 0x01) -> bytes:
    """One byte changed by XOR; the middle one by default."""
    place = at if at >= 0 else len(data) // 2
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


class Snapshot:
    """What a real store answered once, to be asked many times."""

    def __init__(self, objects: Any, bucket: str = "archive") -> None:
        self.at = clock.now()
        self.stats = list(objects.list(bucket, versions=True))
        here = [(s.key, s.version_id) for s in self.stats if not s.delete_marker]
        self.bytes = {each: objects.get(bucket, *each) for each in here}
        self.locks = {each: objects.retention(bucket, *each) for each in here}

    def list(self, bucket: str, prefix: str = "", *, versions: bool = False) -> Iterator[Any]:
        yield from (stat for stat in self.stats if stat.key.startswith(prefix))

    @contextmanager
    def open(self, bucket: str, key: str, version: str | None = None) -> Iterator[Any]:
        yield io.BytesIO(self.get(bucket, key, version))

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:
        if (key, version) not in self.bytes:
            raise Missing(key)
        return self.bytes[key, version]

    def retention(self, bucket: str, key: str, version: str | None = None) -> Any:
        return self.locks.get((key, version))


class Tampered:
    """The object store seen by someone who reads it after a hand has changed it.

    `changed`: {(key, version): bytes given instead}. `hidden`: versions gone. `added`: Stats more.
    `locks`: {(key, version): another date, or None}."""

    def __init__(self, objects: Any) -> None:
        self._objects = objects
        self.changed: dict[tuple[str, str | None], bytes] = {}
        self.hidden: set[tuple[str, str | None]] = set()
        self.added: list[Any] = []
        self.locks: dict[tuple[str, str | None], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def list(self, bucket: str, prefix: str = "", *, versions: bool = False) -> Iterator[Any]:
        for stat in self._objects.list(bucket, prefix, versions=versions):
            if (stat.key, stat.version_id) not in self.hidden:
                yield stat
        yield from (stat for stat in self.added if stat.key.startswith(prefix))

    @contextmanager
    def open(self, bucket: str, key: str, version: str | None = None) -> Iterator[Any]:
        if (key, version) in self.changed:
            yield io.BytesIO(self.changed[key, version])
        else:
            with self._objects.open(bucket, key, version) as stream:
                yield stream

    def get(self, bucket: str, key: str, version: str | None = None) -> bytes:
        with self.open(bucket, key, version) as stream:
            return bytes(stream.read())

    def sha256(self, bucket: str, key: str, version: str | None = None) -> str:
        return hashlib.sha256(self.get(bucket, key, version)).hexdigest()

    def retention(self, bucket: str, key: str, version: str | None = None) -> Any:
        if (key, version) in self.locks:
            return self.locks[key, version]
        return self._objects.retention(bucket, key, version)
