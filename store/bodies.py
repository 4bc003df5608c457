"""What was read, found and decided of a document: one JSON body a kind.

Kinds: reading, findings, values, identification, claim, and what a stage adds.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from store.tables import document_data as t


def save(conn: Connection, document_id: str, kind: str, body: Any) -> None:
    """Replace the document's `kind`. Dataclasses, dates and amounts become plain JSON (text)."""
    query = upsert(t).values(document_id=document_id, kind=kind, body=to_jsonable_python(body))
    conn.execute(
        query.on_conflict_do_update(
            index_elements=["document_id", "kind"],
            set_={"body": query.excluded.body, "saved_at": func.clock_timestamp()},
        )
    )


def remove(conn: Connection, document_id: str, kind: str) -> None:
    conn.execute(delete(t).where(t.c.document_id == document_id, t.c.kind == kind))


def data(conn: Connection, document_id: str, kind: str, as_: Any = None) -> Any:
    """The body last saved, or None; as a value of the type `as_` (a dataclass, a tuple of them)."""
    body = conn.execute(
        select(t.c.body).where(t.c.document_id == document_id, t.c.kind == kind)
    ).scalar_one_or_none()
    return body if body is None or as_ is None else read_as(as_, body)


def all_data(conn: Connection, document_id: str) -> dict[str, Any]:
    rows = conn.execute(select(t.c.kind, t.c.body).where(t.c.document_id == document_id))
    return {row.kind: row.body for row in rows}


def of_many(conn: Connection, ids: Sequence[str], *kinds: str) -> dict[str, dict[str, Any]]:
    """The bodies of these kinds, by document: {id: {kind: body}}; every id is there."""
    found: dict[str, dict[str, Any]] = {id: {} for id in ids}
    query = select(t.c.document_id, t.c.kind, t.c.body).where(t.c.document_id.in_(ids), t.c.kind.in_(kinds))
    for row in conn.execute(query):
        found[row.document_id][row.kind] = row.body
    return found


def read_as(type_: Any, body: Any) -> Any:
    """Plain JSON as a value of the annotated type."""
    return TypeAdapter(type_).validate_python(body)
