"""The board: how many documents stand where, what waits for a person, the newest ones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from api import labels, views
from domain.flow import ENDED
from ingest import balance
from ingest.balance import LotView
from store import cash, clock, documents, lots, outbox, rejections, tasks
from store.house import Store
from store.lots import Lot
from store.tables import deposits
from store.tables import documents as t

LOTS_SHOWN = 6
QUEUES = (
    ("validation", "à valider", "/valider"),
    ("a_liquider", "à liquider à la main", "/quarantaine#t-a_liquider"),
    ("arrets", "arrêts interrompus", "/quarantaine#t-arrets"),
    ("quarantaine", "en quarantaine", "/quarantaine#t-quarantaine"),
    ("rejete", "rejetés, à revoir", "/quarantaine#t-rejete"),
    ("lot", "lots déséquilibrés", "/quarantaine#t-lots"),
    ("ordre", "ordres et courriers retenus", "/quarantaine#t-ordres"),
)
BALANCE = (
    ("documents", "document", "documents"),
    ("separators", "séparateur", "séparateurs"),
    ("blanks", "page blanche", "pages blanches"),
    ("rejected", "rejetée", "rejetées"),
    ("duplicates", "doublon", "doublons"),
)


def lines(conn: Connection, *where: ColumnElement[bool], limit: int) -> dict[str, Any]:
    """Documents as lines of a list, newest first, and where the next page starts."""
    rows = conn.execute(
        select(t, deposits.c.source)
        .join(deposits, deposits.c.id == t.c.deposit_id)
        .where(*where)
        .order_by(t.c.received_at.desc(), t.c.id)
        .limit(limit + 1)
    ).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "documents": [line(row) for row in rows[:limit]],
        "next": f"{last.received_at.isoformat()}_{last.id}" if last else None,
    }


def sheets(conn: Connection, lot_id: str, first: int, end: int) -> list[dict[str, Any]]:
    """The documents of a lot's sheets `first` to `end` - 1, in their order, as lines of a list."""
    rows = conn.execute(
        select(t, deposits.c.source)
        .join(deposits, deposits.c.id == t.c.deposit_id)
        .where(t.c.lot_id == lot_id, t.c.lot_n >= first, t.c.lot_n < end)
        .order_by(t.c.lot_n, t.c.lot_side, t.c.received_at, t.c.id)
    )
    return [line(row) for row in rows]


def line(row: Any) -> dict[str, Any]:
    state = labels.state(row.status)
    source = "enfant" if row.parent_id else row.source
    return {
        "id": row.id,
        "type": row.type,
        "type_label": labels.type_of(row.type, row.status, row.reason),
        "source_label": labels.SOURCES.get(source, source),
        "status": row.status,
        "status_label": state.short,
        "tone": state.tone,
        "ended": row.status in ENDED,
        "sha256": row.content_sha256,
        "received_at": row.received_at,
        "received": labels.short_moment(row.received_at),
        "where": views.where(row.status, row.reason, row.last_error),
        "sheet": f"{row.lot_n}{'' if row.lot_side in (None, 'r') else ' verso'}" if row.lot_n else None,
    }


def board(store: Store, conn: Connection, *where: ColumnElement[bool], limit: int) -> dict[str, Any]:
    counts = {state.value: number for state, number in documents.counts(conn).items()}
    waiting = tasks.counts(conn) | {
        "ordre": outbox.count_held_back(conn),
        "rejete": rejections.count(conn, rejections.waiting()),
        "arrets": rejections.count(conn, cash.stopped()),
    }
    queues = {kind: waiting.get(kind, counts.get(kind, 0)) for kind, _, _ in QUEUES}
    return {
        "total": sum(counts.values()),
        "counts": counts,
        "queues": [
            {"kind": kind, "label": label, "href": href, "count": queues[kind]} for kind, label, href in QUEUES
        ],
        "lots": lots_told(conn, lots.newest(conn, LOTS_SHOWN)),
        "today": clock.today(store.settings),
        **lines(conn, *where, limit=limit),
    }


def lots_told(conn: Connection, found: Sequence[Lot]) -> list[dict[str, Any]]:
    """Lots with their balance in words."""
    return [_lot(each) for each in balance.read_many(conn, found)]


def _lot(found: LotView) -> dict[str, Any]:
    told = [
        f"{found.balance[kind]} {one if found.balance[kind] < 2 else many}"
        for kind, one, many in BALANCE
        if found.balance[kind] or kind == "documents"
    ]
    counted = sum(found.balance.values())
    equation = " + ".join(told) + f" = {counted}"
    return {
        **found.to_json(),
        "opened": labels.short_moment(found.created_at),
        "balance_sentence": equation,
        "unsettled": found.received - counted,
    }
