"""The balance of a lot: images = in documents + separators + blanks + rejected + duplicates.

An image is what its row says once its sheet was looked at, else what became of its document; one
whose document still waits is not counted yet. A lot that is not balanced an hour after it was closed
(or, still open, an hour after its last image) is a person's task.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, select

from domain.errors import LiasseError
from domain.flow import State
from store import clock, lots, tasks
from store.documents import DocumentRow
from store.house import Store
from store.lots import Lot
from store.senders import Sender
from store.tables import documents as d
from store.tables import lot_images as i

log = structlog.get_logger("lots")

Outcome = Literal["document", "separateur", "blanc", "rejete", "doublon"]
PATIENCE = timedelta(hours=1)
TASK_KIND = "lot"
_COUNTED = {
    "document": "documents",
    "separateur": "separators",
    "blanc": "blanks",
    "rejete": "rejected",
    "doublon": "duplicates",
}


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as shown. `status`: ouvert, clos, equilibre, desequilibre. `documents`: their ids.
    `settlement`: {by, at, reason} once a person took note that it will not balance."""

    id: str
    status: str
    declared_images: int
    duplex: bool
    received: int
    balance: dict[str, int]
    documents: list[str]
    created_at: datetime
    closed_at: datetime | None
    settlement: dict[str, Any] | None

    @property
    def balanced(self) -> bool:
        return sum(self.balance.values()) == self.received == self.declared_images

    def to_json(self) -> dict[str, Any]:
        """As the API gives it."""
        shown = ("id", "status", "declared_images", "received", "balance", "documents", "settlement")
        return {name: value for name, value in asdict(self).items() if name in shown}


def view(store: Store, sender: Sender | None, lot_id: str) -> LotView:
    """The lot, of this sender alone (None: anyone's, for agents). Raises Refused("introuvable")."""
    with store.begin() as conn:
        return read(conn, lot_id, sender)


def read(conn: Connection, lot_id: str, sender: Sender | None = None) -> LotView:
    """The same, in a transaction of the caller's."""
    (found,) = read_many(conn, [lots.load(conn, lot_id, sender.id if sender else None)])
    return found


def read_many(conn: Connection, found: Sequence[Lot]) -> list[LotView]:
    """Lots with their balance, in the order given, in one query."""
    images: dict[str, list[Any]] = {lot.id: [] for lot in found}
    for image in conn.execute(
        select(i.c.lot_id, i.c.outcome, i.c.document_id, d.c.status, d.c.reason)
        .outerjoin_from(i, d, d.c.id == i.c.document_id)
        .where(i.c.lot_id.in_(list(images)))
        .order_by(i.c.n, i.c.side)
    ):
        images[image.lot_id].append(image)
    return [_view(lot, images[lot.id]) for lot in found]


def _view(lot: Lot, images: Sequence[Any]) -> LotView:
    """`images`: rows of (outcome, document_id, status, reason) in the order of sheets."""
    balance = dict.fromkeys(_COUNTED.values(), 0)
    for image in images:
        if counted := image.outcome or _follows(image.status, image.reason):
            balance[_COUNTED[counted]] += 1
    found = LotView(
        id=lot.id,
        status=lot.status,
        declared_images=lot.declared_images,
        duplex=lot.duplex,
        received=len(images),
        balance=balance,
        documents=list(dict.fromkeys(image.document_id for image in images if image.document_id)),
        created_at=lot.created_at,
        closed_at=lot.closed_at,
        settlement={"by": lot.settled_by, "at": lot.settled_at, "reason": lot.settlement}
        if lot.settled_at
        else None,
    )
    if found.status == "ouvert":
        return found
    if found.balanced:
        return _with_status(found, "equilibre")
    recent = found.closed_at is not None and clock.now() - found.closed_at < PATIENCE
    return _with_status(found, "clos" if recent else "desequilibre")


def count_image(conn: Connection, document: DocumentRow, outcome: Outcome) -> None:
    """Says what the image that a document of a lot was made of was, once it was looked at."""
    if document.lot_id and document.lot_n and document.lot_side:
        lots.set_outcome(conn, document.lot_id, document.lot_n, document.lot_side, outcome)


def watch(store: Store) -> list[str]:
    """Writes the status of each lot that is not balanced yet, and opens or ends its task; the lots
    that a person must look at. May run in several places at once."""
    late: list[str] = []
    with store.begin() as conn:
        waiting = lots.unbalanced(conn)
    for lot_id in waiting:
        try:
            if _watch_one(store, lot_id):
                late.append(lot_id)
        except LiasseError:
            raise  # the database is away, for all of them
        except Exception as error:  # a fault in one lot hides no other
            log.error("lot_watch_crashed", lot=lot_id, error=type(error).__name__)
    return late


def _watch_one(store: Store, lot_id: str) -> bool:
    """Whether a person must look at it."""
    with store.begin() as conn:
        if lots.load(conn, lot_id, lock="update").settled_at is not None:
            return False
        found = read(conn, lot_id)
        lots.set_status(conn, lot_id, found.status)
        if found.status == "desequilibre" or (found.status == "ouvert" and _forgotten(conn, lot_id)):
            tasks.open_task(conn, None, TASK_KIND, lot_id=lot_id)
            return True
        if found.status == "equilibre":
            tasks.close_of_lot(conn, lot_id)
        return False


def _forgotten(conn: Connection, lot_id: str) -> bool:
    last = lots.last_received(conn, lot_id)
    return last is not None and clock.now() - last > PATIENCE


def _follows(status: str | None, reason: str | None) -> str | None:
    """What an image is by its document: nothing yet while that waits to be looked at."""
    if status is None or status == State.RECU:
        return None
    if status == State.REJETE:
        return "rejete"
    if status == State.ECARTE:
        return reason if reason in _COUNTED else "doublon"
    return "document"


def _with_status(found: LotView, status: str) -> LotView:
    return LotView(**{**asdict(found), "status": status})
