"""Every few minutes, all lines that have no seal yet become one locked object, chained to the last.

Rows are marked with the number of the seal first (committed): that reserves them. Then the object is
written, the end of the chain kept apart (`tail`), then its row. Stopped anywhere, the next run finishes the
same number with the same rows.
Never "all lines above the last id": a transaction may commit a lower id later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from archive import canonical, lines, merkle, names, tail
from domain.errors import Unavailable
from store import seals as seal_rows
from store import turns
from store.clock import now
from store.house import Store
from store.journal import Line
from store.retention import seal_lock
from store.tables import access_events, journal, seals

AT_MOST = 2_000
"""Lines of each kind in one seal: what a sealer holds in memory."""

_RESERVE_JOURNAL = """
    WITH oldest AS (SELECT document_id, n FROM journal WHERE seal_no IS NULL ORDER BY id LIMIT :most),
         upto AS (SELECT document_id, max(n) AS n FROM oldest GROUP BY document_id)
    UPDATE journal j SET seal_no = :number FROM upto
    WHERE j.document_id = upto.document_id AND j.n <= upto.n AND j.seal_no IS NULL"""
_RESERVE_ACCESS = """
    UPDATE access_events SET seal_no = :number WHERE id IN
    (SELECT id FROM access_events WHERE seal_no IS NULL ORDER BY id LIMIT :most)"""


@dataclass(frozen=True, slots=True)
class Seal:
    """`previous`: SHA-256 of the object before. `root`: of the lines' Merkle tree. `timestamp`: an
    RFC 3161 token and whose it is: `none`, `autorite_locale` (ours) or `qualifiee`."""

    n: int
    previous: str
    sealed_at: str
    lock_until: str
    root: str
    lines: tuple[dict[str, Any], ...]
    timestamp: dict[str, Any]

    def dumps(self) -> bytes:
        told = {name: getattr(self, name) for name in self.__slots__}
        return canonical.dumps({"kind": "seal", "format": canonical.FORMAT, **told})

    @classmethod
    def loads(cls, data: bytes) -> "Seal":
        """Raises ValueError unless `data` is a seal as dumps() writes it."""
        try:
            found = canonical.loads(data)
            if (found.pop("kind"), found.pop("format")) != ("seal", canonical.FORMAT):
                raise ValueError("not a seal")
            found["lines"] = tuple(found["lines"])
            return cls(**found)
        except (KeyError, TypeError) as error:
            raise ValueError("not a seal") from error

    def leaves(self) -> list[bytes]:
        return [merkle.leaf(canonical.dumps(line)) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that is written and in the database."""

    n: int
    sha256: str
    root: str
    lines: int
    key: str
    sealed_at: datetime


def seal_pending(store: Store) -> list[Sealed]:
    """Seal what waits; nothing where another process is at it. Call it outside any transaction."""
    done = []
    with turns.tried(store.engine, "sealer") as turn:
        while turn is not None:
            with store.begin() as conn:
                number, previous = _next(conn)
                if not _reserve(conn, number):
                    break
            done.append(_finish(store, number, previous, lambda: turns.still_ours(turn)))
    return done


def _next(conn: Connection) -> tuple[int, str]:
    last = seal_rows.last(conn)
    return (last.n + 1, last.sha256.hex()) if last else (1, lines.GENESIS)


def _reserve(conn: Connection, number: int) -> bool:
    """Whether there are rows for that number: those of an interrupted run, else what waits."""
    for table in (journal, access_events):
        if conn.execute(select(func.count()).where(table.c.seal_no == number)).scalar_one():
            return True
    values = {"number": number, "most": AT_MOST}
    marked = [conn.execute(text(sql), values).rowcount for sql in (_RESERVE_JOURNAL, _RESERVE_ACCESS)]
    return any(marked)


def _finish(store: Store, number: int, previous: str, before_writing: Callable[[], None]) -> Sealed:
    with store.begin() as conn:
        seal = _compose(store, conn, number, previous)
    if there := _existing(store, seal):
        key, version_id, seal = there
    else:
        before_writing()  # a seal is locked for years: two of one number could not be taken back
        key, version_id = _write(store, seal)
    data = seal.dumps()
    sealed = Sealed(
        number, canonical.sha256(data), seal.root, len(seal.lines), key, canonical.moment(seal.sealed_at)
    )
    tail.keep(store.settings, store.objects, number, sealed.sha256)
    with store.begin() as conn:
        conn.execute(
            insert(seals).values(
                n=number, root=bytes.fromhex(seal.root), previous=bytes.fromhex(previous),
                sha256=bytes.fromhex(sealed.sha256), lines=sealed.lines, object_key=key,
                version_id=version_id, sealed_at=sealed.sealed_at,
            )
        )  # fmt: skip
    return sealed


def _compose(store: Store, conn: Connection, number: int, previous: str) -> Seal:
    rows = conn.execute(select(journal).where(journal.c.seal_no == number).order_by(journal.c.id))
    told = [lines.of_journal(Line(**row._mapping)) for row in rows]
    events = conn.execute(
        select(access_events).where(access_events.c.seal_no == number).order_by(access_events.c.id)
    )
    keys: dict[str, bytes] = {}
    for event in (row._asdict() for row in events):
        owner = lines.access_owner(event)
        if owner not in keys:
            keys[owner] = store.vault.new_key(owner)
        told.append(lines.of_access(event, keys[owner]))
    at = now()
    return Seal(
        n=number,
        previous=previous,
        sealed_at=canonical.instant(at),
        lock_until=canonical.instant(seal_lock(store.settings, at)),
        root=merkle.root([merkle.leaf(canonical.dumps(line)) for line in told]).hex(),
        lines=tuple(told),
        timestamp={"authority": "none", "token": None},
    )


def _write(store: Store, seal: Seal) -> tuple[str, str | None]:
    data = seal.dumps()
    key = names.seal(seal.n, canonical.sha256(data))
    until = canonical.moment(seal.lock_until)
    version_id = store.objects.put(names.BUCKET, key, data, retain_until=until)
    return key, version_id


def _existing(store: Store, wanted: Seal) -> tuple[str, str | None, Seal] | None:
    """What an interrupted run wrote under this number, if it says the same of the same rows.

    Raises Unavailable("relecture_differente") where another seal bears the number: not ours."""
    found = [
        stat
        for stat in store.objects.list(names.BUCKET, names.seal(wanted.n), versions=True)
        if not stat.delete_marker
    ]
    if not found:
        return None
    first = found[-1]
    data = store.objects.get(names.BUCKET, first.key, first.version_id)
    if names.seal(wanted.n, canonical.sha256(data)) != first.key:
        raise Unavailable("relecture_differente")
    seal = Seal.loads(data)
    if seal.previous != wanted.previous or _identities(seal) != _identities(wanted):
        raise Unavailable("relecture_differente")
    return first.key, first.version_id, seal


def _identities(seal: Seal) -> list[Any]:
    """Lines but for what encryption draws at random."""
    return [
        {name: value for name, value in line.items() if name != "payload" or line["kind"] == "journal"}
        for line in seal.lines
    ]
