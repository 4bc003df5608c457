"""Lots as they stood: open or closed, and each image with the document that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from archive.receipts import Deposits
from archive.restore import Package, Sealed
from domain.flow import State
from store.sidecars import Sidecar
from store.tables import documents, lot_images, lots


@dataclass(slots=True)
class Lot:
    """`images`: by sheet and side. `closed`: its documents were made."""

    id: str
    images: dict[tuple[int, str], Sidecar] = field(default_factory=dict)
    closed: bool = False

    @property
    def declared(self) -> tuple[int, bool]:
        """Images and duplex: as its sidecars tell, else as many as there must have been."""
        told = next((each.declared for each in self.images.values() if each.declared), None)
        if told is not None:
            return told
        duplex = any(side == "v" for _, side in self.images)
        return max(n for n, _ in self.images) * (2 if duplex else 1), duplex

    @property
    def whole(self) -> bool:
        return any(each.declared == (len(self.images), each.declared[1]) for each in self.images.values()
                   if each.declared)  # fmt: skip

    @property
    def last_at(self) -> datetime:
        return max(each.received_at for each in self.images.values())

    def document_of(self, n: int) -> str:
        """A sheet's document bears the id of its recto's deposit, or of its verso's where it has no other."""
        return (self.images.get((n, "r")) or self.images[n, "v"]).deposit

    def documents(self) -> set[str]:
        """Those that there must be: one a sheet once it is closed, and each image that was refused."""
        sheets = {self.document_of(n) for n, _ in self.images} if self.closed else set()
        return sheets | {each.deposit for each in self.images.values() if each.rejected}


def read(chosen: Deposits, known: Sealed, packages: Mapping[str, Package]) -> dict[str, Lot]:
    """A lot is closed once its documents are made, all at once: where one is known; or where it is whole,
    for its station may have been told that it is closed, and never ask again."""
    found: dict[str, Lot] = {}
    for id, each in chosen.kept.items():
        if each.lot is None or not chosen.in_lot(id):
            continue
        lot = found.setdefault(each.lot[0], Lot(each.lot[0]))
        lot.images[each.lot[1], each.lot[2]] = each
        moves = {line["to"] for line in known.lines.get(id, ())}
        lot.closed |= id in packages or bool(moves - {None, State.REJETE.value})
    for lot in found.values():
        lot.closed |= lot.whole
    return found


def write(conn: Connection, found: Mapping[str, Lot]) -> None:
    for lot in found.values():
        images, duplex = lot.declared
        first = min(lot.images.values(), key=lambda each: each.received_at)
        conn.execute(
            insert(lots).values(
                id=lot.id, sender_id=first.sender, declared_images=images, duplex=duplex,
                status="clos" if lot.closed else "ouvert", created_at=first.received_at,
                closed_at=lot.last_at if lot.closed else None,
            )
        )  # fmt: skip


def write_images(conn: Connection, found: Mapping[str, Lot], known: Sealed) -> None:
    """Once the documents are there."""
    here = {
        row.id: row
        for row in conn.execute(
            select(documents.c.id, documents.c.status, documents.c.reason).where(
                documents.c.lot_id.is_not(None)
            )
        )
    }
    for lot in found.values():
        for (n, side), each in lot.images.items():
            document, outcome = (lot.document_of(n) if lot.closed else None), None
            if _refused(each, known):
                document, outcome = each.deposit, "rejete"
            elif document in here and (here[document].status, here[document].reason) == ("ecarte", "doublon"):
                outcome = "doublon"
            conn.execute(
                insert(lot_images).values(
                    lot_id=lot.id, n=n, side=side, deposit_id=each.deposit, sha256=each.sha256,
                    received_at=each.received_at, outcome=outcome,
                    document_id=document if document in here else None,
                )
            )  # fmt: skip


def _refused(each: Sidecar, known: Sealed) -> bool:
    """At the door, before its lot was closed."""
    told = known.lines.get(each.deposit)
    return told[0]["to"] == State.REJETE.value if told else each.rejected is not None
