"""A lot: what a station sends, image by image, declared beforehand and counted at the end.

Its unit is the image: a side of a sheet. An image is its place (lot, sheet, side), whatever its bytes.
Sheets are numbered 1..N; in duplex each has sides r and v. At close, at once: received = declared,
or the missing ones are told. Each sheet is then one document, under the id of its recto's deposit.
"""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from sqlalchemy import Connection, insert, select, update

from domain.errors import Refused
from domain.flow import State
from ingest import gate
from ingest.balance import LotView, count_image, load, read, settle, view, watch
from ingest.deposits import Receipt, create_document, receipt_of
from ingest.gate import Counted
from ingest.keeping import Facts, folder, take
from ingest.sidecars import write_sidecar
from ingest.spool import spooled
from store import clock, deposits, documents
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.senders import Sender
from store.tables import deposits as deposits_table
from store.tables import lot_images as i
from store.tables import lots as t

__all__ = ["LotView", "close_lot", "count_image", "open_lot", "put_sheet", "settle", "verso", "view", "watch"]
MOST_IMAGES = 10_000


def open_lot(store: Store, sender: Sender, declared_images: int, duplex: bool) -> str:
    """A new lot's id. Raises Refused("requete_invalide") where no lot can have so many images."""
    if not 0 < declared_images <= MOST_IMAGES:
        raise Refused("requete_invalide", f"Un lot compte de 1 à {MOST_IMAGES} images.")
    if duplex and declared_images % 2:
        raise Refused("requete_invalide", "Un lot recto verso compte un nombre pair d'images.")
    with store.begin() as conn:
        return str(
            conn.execute(
                insert(t)
                .values(sender_id=sender.id, declared_images=declared_images, duplex=duplex)
                .returning(t.c.id)
            ).scalar_one()
        )


def put_sheet(
    store: Store,
    sender: Sender,
    lot_id: str,
    n: int,
    side: str,
    stream: BinaryIO,
    *,
    length: int | None = None,
) -> Receipt:
    """Takes one image in. The same bytes again are the same image, even once the lot is closed.

    Bytes that are no document are kept all the same, as `rejete` (Receipt.rejected says why).
    Raises Refused (introuvable, hors_du_lot, image_differente, lot_clos, fichier_vide,
    fichier_trop_gros, envoi_incomplet) and what deposit() finds unavailable.
    """
    with store.begin() as conn:
        lot = load(conn, lot_id, sender)
    if (n, side) not in _places(lot.declared_images, lot.duplex):
        raise Refused("hors_du_lot")
    place = (str(lot.id), n, side)
    with spooled(folder(store), Counted(stream, store.settings.max_file_bytes, length)) as plain:
        code = None
        try:
            gate.sniff(plain.head)
            gate.scan(store.settings.clamd_url, plain.chunks())
        except Refused as refusal:
            if refusal.code == "fichier_vide":
                raise  # no bytes to keep
            code = refusal.code

        def known(conn: Connection) -> Deposit | None:
            held = _at(conn, place)
            if held is not None and held.sha256 != plain.sha256:
                raise Refused("image_differente")
            if held is None and load(conn, lot_id, sender).status != "ouvert":
                raise Refused("lot_clos")
            return held

        def record(conn: Connection, facts: Facts, content: Content) -> tuple[Deposit, bool]:
            # held until COMMIT: the lot cannot be closed between this look and our image
            if load(conn, lot_id, sender, lock="share").status != "ouvert":
                raise Refused("lot_clos")
            made, is_new = deposits.save(conn, **facts.values(), source="lot", lot=place)
            if is_new:
                write_sidecar(store, sender, made, content)
                document = code and create_document(conn, sender, made, State.REJETE, reason=code)
                conn.execute(
                    insert(i).values(
                        lot_id=place[0],
                        n=n,
                        side=side,
                        deposit_id=made.id,
                        sha256=made.sha256,
                        received_at=made.received_at,
                        outcome="rejete" if code else None,
                        document_id=document or None,
                    )
                )
            return made, is_new

        made, is_new = take(store, sender, plain, gate.kind(plain.head), known, record)
        return receipt_of(made, is_new, code)


def close_lot(store: Store, sender: Sender, lot_id: str) -> LotView:
    """Closes the lot and makes its documents; once closed, says so again.

    Raises Refused: introuvable, lot_incomplet with `missing` = [{"n", "side"}].
    """
    with store.begin() as conn:
        lot = load(conn, lot_id, sender, lock="update")
        if lot.status == "ouvert":
            images = {(row.n, row.side): row for row in conn.execute(select(i).where(i.c.lot_id == lot.id))}
            missing = [place for place in _places(lot.declared_images, lot.duplex) if place not in images]
            if missing:
                raise Refused("lot_incomplet", missing=[{"n": n, "side": side} for n, side in missing])
            _make_documents(conn, sender, str(lot.id), images)
            conn.execute(update(t).where(t.c.id == lot.id).values(status="clos", closed_at=clock.now()))
        return read(conn, lot_id)


def verso(conn: Connection, document_id: str) -> str | None:
    """The hash of the other side of a document's sheet: another content, its page 1. None: no other."""
    return conn.execute(
        select(i.c.sha256).where(i.c.document_id == document_id, i.c.side == "v", i.c.deposit_id != document_id)
    ).scalar_one_or_none()


def _make_documents(
    conn: Connection, sender: Sender, lot_id: str, images: Mapping[tuple[int, str], Any]
) -> None:
    """One document a sheet. A sheet whose every side is, byte for byte, an earlier one's, is set aside
    as its double; a side alone is not: two blank versos may well be the same."""
    first: dict[tuple[str, ...], str] = {}
    for n in sorted({n for n, _ in images}):
        sides = [images[n, side] for side in ("r", "v") if (n, side) in images]
        recto = sides[0]
        if recto.outcome != "rejete":
            made = deposits.load(conn, recto.deposit_id)
            create_document(conn, sender, made, State.RECU)
        free = [side for side in sides if side.outcome != "rejete"]
        outcome = None
        hashes = tuple(side.sha256 for side in sides)
        if len(free) == len(sides) and first.setdefault(hashes, recto.deposit_id) != recto.deposit_id:
            outcome = "doublon"
            documents.advance(
                conn,
                recto.deposit_id,
                State.RECU,
                State.ECARTE,
                actor=sender.actor,
                reason=outcome,
                hashes={"double_of": first[hashes]},
            )
        for side in free:
            conn.execute(
                update(i)
                .where(i.c.lot_id == lot_id, i.c.n == n, i.c.side == side.side)
                .values(document_id=recto.deposit_id, outcome=outcome)
            )


def _places(declared_images: int, duplex: bool) -> Sequence[tuple[int, str]]:
    """Every (sheet, side) of a lot, in order."""
    if duplex:
        return [(n, side) for n in range(1, declared_images // 2 + 1) for side in ("r", "v")]
    return [(n, "r") for n in range(1, declared_images + 1)]


def _at(conn: Connection, place: tuple[str, int, str]) -> Deposit | None:
    where = deposits_table.c
    row = conn.execute(
        select(deposits_table).where(
            where.lot_id == place[0], where.lot_n == place[1], where.lot_side == place[2]
        )
    ).one_or_none()
    return Deposit(**row._mapping) if row else None
