"""The journal: one chained line for each thing that happened to a document, append only.

The database numbers and chains the lines (store/migrations); here they are written, read and
verified. A line holds ids, names of states, hashes and times; values, reasons and names are in its
payload, encrypted under the document's key.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from store import crypt
from store.tables import journal as t

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Line:
    """`hashes`: canonical JSON, as text. `payload`: cipher text. `hash`: of the line, see `hash_of`."""

    id: int
    document_id: str
    n: int
    at: datetime
    actor: str
    event: str
    from_state: str | None
    to_state: str | None
    hashes: str
    payload: bytes | None
    previous: bytes
    hash: bytes
    seal_no: int | None


class Broken(Exception):
    """Une ligne du journal a été changée, ôtée ou déplacée ; le message dit laquelle."""


def seal_payload(key: bytes, payload: Mapping[str, Any]) -> bytes:
    """What a line tells that is personal, encrypted under the document's key."""
    return crypt.encrypt(json.dumps(payload, ensure_ascii=False, sort_keys=True).encode(), key)


def open_payload(key: bytes, line: Line) -> dict[str, Any]:
    """Raises crypt.Tampered."""
    return dict(json.loads(crypt.decrypt(line.payload, key))) if line.payload else {}


def canonical(hashes: Mapping[str, Any] | None) -> str:
    return json.dumps(hashes or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def write(
    conn: Connection,
    document_id: str,
    event: str,
    *,
    actor: str,
    payload: bytes | None = None,
    hashes: Mapping[str, Any] | None = None,
) -> None:
    """A line that is not a move of the state (a decision, an order, a correction)."""
    conn.execute(
        insert(t).values(
            document_id=document_id, actor=actor, event=event, payload=payload, hashes=canonical(hashes)
        )
    )


def speak(
    conn: Connection, actor: str, payload: bytes | None = None, hashes: Mapping[str, Any] | None = None
) -> None:
    """What the trigger will write on the next move of a state in this transaction."""
    conn.execute(
        text(
            "SELECT set_config('liasse.actor', :actor, true), set_config('liasse.payload', :payload, true),"
            " set_config('liasse.hashes', :hashes, true)"
        ),
        {"actor": actor, "payload": (payload or b"").hex(), "hashes": canonical(hashes)},
    )


def lines(conn: Connection, document_id: str) -> list[Line]:
    rows = conn.execute(select(t).where(t.c.document_id == document_id).order_by(t.c.n))
    return [Line(**row._mapping) for row in rows]


def came_from(conn: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The state before the present one, by document; none for what never moved."""
    last = select(t.c.document_id, t.c.from_state).where(t.c.document_id.in_(ids), t.c.to_state.is_not(None))
    rows = conn.execute(last.ext(distinct_on(t.c.document_id)).order_by(t.c.document_id, t.c.n.desc()))
    return {row.document_id: row.from_state for row in rows if row.from_state is not None}


def hash_of(line: Line) -> bytes:
    """SHA-256 over the line's fields, each followed by a line feed: previous (hex), document, n, at
    (UTC, microseconds), actor, event, from, to, hashes, SHA-256 of the payload (hex)."""
    fields = (
        line.previous.hex(),
        line.document_id,
        str(line.n),
        line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        line.actor,
        line.event,
        line.from_state or "",
        line.to_state or "",
        line.hashes,
        hashlib.sha256(line.payload).hexdigest() if line.payload is not None else "",
    )
    return hashlib.sha256("".join(f"{field}\n" for field in fields).encode()).digest()


def verify(chain: Iterable[Line]) -> None:
    """Raises Broken unless these are all the lines of one document, in order and untouched."""
    previous = GENESIS
    for number, line in enumerate(chain, 1):
        if line.n != number or line.previous != previous or hash_of(line) != line.hash:
            raise Broken(f"document {line.document_id}, ligne {number}")
        previous = line.hash
