"""Sealing a document: each part encrypted under its own key, locked, read back; the manifest last.

It may be stopped anywhere and done again: names come from the content, what is there is taken up
again, and what an interrupted attempt left is named in the manifest, since a lock cannot be undone.
One sealing of a document at a time, by an advisory lock of the database.
"""

import hashlib
import hmac
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO, cast

from sqlalchemy import Connection, select

from archive import canonical, lines, names
from archive.manifest import Facts, Head, Leftover, Manifest, Part, SealedPart
from domain.errors import Unavailable
from store import crypt, journal, turns
from store import seals as seal_rows
from store.clock import now
from store.house import Store
from store.objects import Stat
from store.retention import document_lock
from store.tables import document_data, documents, insured

MEDICAL = "medical_"
"""Begins the name of every part that shows what only the service médical may see."""
MEDICAL_TYPES = ("avis_arret_travail", "protocole_soins")
"""Their paper carries a diagnosis."""
LASTING = (
    "parent_id", "deposit_id", "sender_id", "lot_id", "lot_n", "lot_side", "content_sha256", "pages",
    "type_hint", "insured_id",
)  # fmt: skip
_IN_MEMORY = 8 * 2**20
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class ArchiveResult:
    """`objects`: what the manifest says of each part, as JSON."""

    objects: tuple[dict[str, Any], ...]
    manifest_key: str
    manifest_sha256: str
    retain_until: datetime


def is_medical(document_type: str | None) -> bool:
    return document_type in MEDICAL_TYPES


def part_name(document_type: str | None, what: str) -> str:
    """`original`, or `medical_original` where the document's type says so."""
    return f"{MEDICAL}{what}" if is_medical(document_type) else what


def content_of(part: str) -> str:
    """What a part holds, whichever key it lies under: `original` of `medical_original`."""
    return part.removeprefix(MEDICAL)


def key_owner(document_id: str, part: str) -> str:
    """Medical parts have a key of their own: their access is given apart (décret 2015-390, art. 3)."""
    return f"{document_id}.medical" if part.startswith(MEDICAL) else document_id


def seal_document(store: Store, facts: Facts, parts: Mapping[str, Part]) -> ArchiveResult:
    """Seal `parts` with the document's journal and its private facts.

    Call it outside any transaction, then advance with hashes={"manifest_sha256": ...}: the journal
    then says which manifest is the true one. Raises Unavailable, KeyErased."""
    document_id = facts.document_id
    key_of = cache(store.vault.new_key)
    with turns.alone(store.engine, f"archive {document_id}") as conn:
        head, journal_part = _journal(conn, document_id, key_of(document_id))
        until = document_lock(store.settings, facts.received_at, now())
        private = {"facts": dict(facts.private), **_row(conn, document_id)}
        everything = {**parts, "facts": Part(private), "journal": journal_part}
        found = _Found(store, document_id)
        sealed = tuple(
            _seal_part(store, document_id, name, part, until, found, key_of(key_owner(document_id, name)))
            for name, part in sorted(everything.items())
        )
        wanted = _manifest(facts, head, _last_seal(conn), until, sealed)
        existing = found.manifest()
        if existing is not None and _same(existing[1], wanted):
            return _result(*existing)
        wanted = replace(wanted, leftovers=found.leftovers(sealed), previous=existing[0] if existing else None)
        data = wanted.dumps()
        key = names.manifest(document_id, canonical.sha256(data))
        turns.still_ours(conn)
        store.objects.put(names.BUCKET, key, data, retain_until=until)
    return _result(key, wanted)


def software() -> str:
    try:
        return f"liasse {version('liasse')}"
    except PackageNotFoundError:
        return "liasse"


def without_cells(value: Any) -> Any:
    """A reading without the probabilities of each cell: they serve to identify, then go."""
    if isinstance(value, Mapping):
        return {name: without_cells(each) for name, each in value.items() if name != "cells"}
    if isinstance(value, list | tuple):
        return [without_cells(each) for each in value]
    return value


def _journal(conn: Connection, document_id: str, key: bytes) -> tuple[Head, Part]:
    found = journal.lines(conn, document_id)
    told = []
    for line in found:
        opened = journal.open_payload(key, line) if line.payload is not None else None
        told.append({**lines.of_journal(line), "opened": opened})
    head = Head(found[-1].n, found[-1].hash.hex()) if found else Head(0, lines.GENESIS)
    return head, Part({"lines": told})


def _row(conn: Connection, document_id: str) -> dict[str, Any]:
    """What rebuilding the document without the database needs: its row's lasting columns, whom it
    concerns, and all that was found (the reading is a part of its own)."""
    row = conn.execute(select(*(documents.c[name] for name in LASTING)).where(documents.c.id == document_id))
    found = row.mappings().one()
    kinds = select(document_data.c.kind, document_data.c.body).where(
        document_data.c.document_id == document_id, document_data.c.kind != "reading"
    )
    key = select(insured.c.natural_key).where(insured.c.id == found["insured_id"])
    return {
        "row": dict(found),
        "insured_key": conn.execute(key).scalar_one_or_none(),
        "data": {each.kind: each.body for each in conn.execute(kinds)},
    }


def _last_seal(conn: Connection) -> Head | None:
    last = seal_rows.last(conn)
    return Head(last.n, last.sha256.hex()) if last else None


def _manifest(
    facts: Facts, head: Head, after: Head | None, until: datetime, sealed: tuple[SealedPart, ...]
) -> Manifest:
    return Manifest(
        document=facts.document_id,
        type=facts.type,
        form=facts.form,
        deposit=facts.deposit_id,
        parent=facts.parent_id,
        received_at=canonical.instant(facts.received_at),
        received_on=facts.received_on.isoformat(),
        sealed_at=canonical.instant(now()),
        lock_until=canonical.instant(until),
        journal=head,
        after_seal=after,
        software=facts.software or software(),
        law=facts.law,
        parts=sealed,
    )


def _same(old: Manifest, new: Manifest) -> bool:
    """Whether sealing again would say the same thing."""
    told = {"sealed_at", "lock_until", "after_seal", "leftovers", "previous"}
    one, other = asdict(old), asdict(new)
    return all(one[name] == other[name] for name in one.keys() - told)


def _result(key: str, manifest: Manifest) -> ArchiveResult:
    name = names.parse(key)
    assert name.sha256 is not None
    return ArchiveResult(
        tuple(asdict(part) for part in manifest.parts),
        key,
        name.sha256,
        canonical.moment(manifest.lock_until),
    )


class _Found:
    """What already lies under the document's name, with every version."""

    def __init__(self, store: Store, document_id: str) -> None:
        self._store = store
        listed = store.objects.list(names.BUCKET, names.folder(document_id), versions=True)
        self.stats = [stat for stat in listed if not stat.delete_marker]

    def at(self, key: str) -> Stat | None:
        """The oldest version: the one that was there first stays the true one."""
        versions = [stat for stat in reversed(self.stats) if stat.key == key]
        return min(versions, key=lambda stat: stat.modified or _EPOCH, default=None)

    def manifest(self) -> tuple[str, Manifest] | None:
        """The one that no other replaces."""
        read = {}
        for stat in self.stats:
            if names.parse(stat.key).kind == "manifest":
                data = self._store.objects.get(names.BUCKET, stat.key, stat.version_id)
                read[stat.key] = Manifest.loads(data)
        replaced = {manifest.previous for manifest in read.values()}
        last = [(key, manifest) for key, manifest in read.items() if key not in replaced]
        return last[0] if last else None

    def leftovers(self, sealed: tuple[SealedPart, ...]) -> tuple[Leftover, ...]:
        used = {(part.key, part.version) for part in sealed}
        return tuple(
            Leftover(s.key, s.version_id, self._store.objects.sha256(names.BUCKET, s.key, s.version_id))
            for s in self.stats
            if names.parse(s.key).kind != "manifest" and (s.key, s.version_id) not in used
        )


def _seal_part(
    store: Store, document_id: str, name: str, part: Part, until: datetime, found: _Found, key: bytes
) -> SealedPart:
    with _spool(store) as cipher:
        plain, sealed, size = crypt.encrypt_stream(_stream(part, name, key), cipher, key)
        object_key = names.part(document_id, name, _tag(key, name, plain))
        there = found.at(object_key)
        if there is not None:
            kept = _kept(store, there, key, plain)
            store.objects.extend(names.BUCKET, object_key, there.version_id, until)
            return SealedPart(name, part.media_type, object_key, there.version_id, size, plain, kept)
        length = cipher.tell()
        cipher.seek(0)
        version_id = store.objects.put(
            names.BUCKET, object_key, cipher, length, retain_until=until, sha256=sealed
        )
    return SealedPart(name, part.media_type, object_key, version_id, size, plain, sealed)


def _kept(store: Store, there: Stat, key: bytes, plain: str) -> str:
    """The cipher hash of what an earlier attempt wrote, opened again: it holds the same bytes."""
    cipher_hash, plain_hash = hashlib.sha256(), hashlib.sha256()
    with store.objects.open(names.BUCKET, there.key, there.version_id) as stream:
        for chunk in crypt.decrypt_chunks(cast(BinaryIO, _Hashing(stream, cipher_hash)), key):
            plain_hash.update(chunk)
    if plain_hash.hexdigest() != plain:
        raise Unavailable("relecture_differente")
    return cipher_hash.hexdigest()


def _stream(part: Part, name: str, key: bytes) -> BinaryIO:
    if isinstance(part.data, bytes):
        return io.BytesIO(part.data)
    if isinstance(part.data, dict):
        # a salt that dies with the key: the manifest's hash then tells nothing of values one may guess
        salt = hmac.new(key, b"salt " + name.encode(), hashlib.sha256).hexdigest()
        told = {"salt": salt, "format": canonical.FORMAT, **without_cells(part.data)}
        return io.BytesIO(canonical.dumps(told))
    part.data.seek(0)
    return part.data


def _tag(key: bytes, name: str, plain_sha256: str) -> str:
    return hmac.new(key, f"part {name} {plain_sha256}".encode(), hashlib.sha256).hexdigest()[:32]


@contextmanager
def _spool(store: Store) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(store.scratch)) as file:
        yield cast(BinaryIO, file)


class _Hashing:
    def __init__(self, source: BinaryIO, digest: Any) -> None:
        self._source, self._digest = source, digest

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data
