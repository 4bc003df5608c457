"""A lot: what a station sends, image by image, declared beforehand and counted at the end.

Its unit is the image: a side of a sheet. An image is its place (lot, sheet, side), whatever its bytes.
Sheets are numbered 1..N; in duplex each has sides r and v. At close, at once: received = declared,
or the missing ones are told. Each sheet is then one document, under the id of its recto's deposit.
"""

from itertools import groupby
from typing import BinaryIO

from sqlalchemy import Connection

from domain.errors import Refused
from domain.flow import State
from ingest import gate
from ingest.balance import LotView, count_image, read, view, watch
from ingest.deposits import Receipt, create_document, receipt_of
from ingest.gate import Counted
from ingest.keeping import Facts, take
from ingest.sidecars import write_sidecar
from ingest.spool import spooled
from store import deposits, documents, lots, tasks
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.senders import Sender

__all__ = ["LotView", "close_lot", "count_image", "open_lot", "put_sheet", "settle_lot", "view", "watch"]
MOST_IMAGES = 10_000


def open_lot(store: Store, sender: Sender, declared_images: int, duplex: bool) -> str:
    """A new lot's id. Raises Refused("requete_invalide") where no lot can have so many images."""
    if not 0 < declared_images <= MOST_IMAGES:
        raise Refused("requete_invalide", f"Un lot compte de 1 à {MOST_IMAGES} images.")
    if duplex and declared_images % 2:
        raise Refused("requete_invalide", "Un lot recto verso compte un nombre pair d'images.")
    with store.begin() as conn:
        return lots.create(conn, sender.id, declared_images, duplex).id


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
        lot = lots.load(conn, lot_id, sender.id)
    if not lot.has(n, side):
        raise Refused("hors_du_lot")
    place = (lot.id, n, side)
    with spooled(store.scratch, Counted(stream, store.settings.max_file_bytes, length)) as plain:
        code = None
        try:
            gate.sniff(plain.head)
            gate.scan(store.settings.clamd_url, plain.chunks())
        except Refused as refusal:
            if refusal.code == "fichier_vide":
                raise  # no bytes to keep
            code = refusal.code

        def known(conn: Connection) -> Deposit | None:
            held = deposits.at(conn, place)
            if held is not None and held.sha256 != plain.sha256:
                raise Refused("image_differente")
            if held is None and lots.load(conn, lot_id, sender.id).status != "ouvert":
                raise Refused("lot_clos")
            return held

        def record(conn: Connection, facts: Facts, content: Content) -> tuple[Deposit, bool]:
            # held until COMMIT: the lot cannot be closed between this look and our image
            if lots.load(conn, lot_id, sender.id, lock="share").status != "ouvert":
                raise Refused("lot_clos")
            made, is_new = deposits.save(conn, **facts.values(), source="lot", lot=place)
            if is_new:
                write_sidecar(store, conn, sender, made, content, lot=lot, rejected=code)
                document = code and create_document(conn, sender.actor, made, State.REJETE, reason=code)
                outcome = "rejete" if code else None
                lots.add_image(conn, made, outcome=outcome, document_id=document or None)
            return made, is_new

        made, is_new = take(store, sender, plain, gate.kind(plain.head), known, record)
        return receipt_of(made, is_new, code)


def close_lot(store: Store, sender: Sender, lot_id: str) -> LotView:
    """Closes the lot and makes its documents; once closed, says so again.

    Raises Refused: introuvable, lot_incomplet with `missing` = [{"n", "side"}].
    """
    with store.begin() as conn:
        lot = lots.load(conn, lot_id, sender.id, lock="update")
        if lot.status == "ouvert":
            if missing := lots.missing(conn, lot):
                raise Refused("lot_incomplet", missing=[{"n": n, "side": side} for n, side in missing])
            _make_documents(conn, sender.actor, lot.id)
            lots.close(conn, lot.id)
        return read(conn, lot_id)


def settle_lot(store: Store, agent: str, lot_id: str, reason: str) -> LotView:
    """A person takes note that a lot will not balance: it is closed with what was received.

    Raises Refused: introuvable, etat_change where nobody was asked (it balances, or may still)."""
    with store.begin() as conn:
        lot = lots.load(conn, lot_id, lock="update")
        if not tasks.close_of_lot(conn, lot.id, agent=agent, action="clore"):
            raise Refused("etat_change", "Ce lot n'attend personne.")
        if lot.status == "ouvert":
            _make_documents(conn, agent, lot.id)
            lots.close(conn, lot.id)
        lots.settle(conn, lot.id, agent, reason)
        return read(conn, lot.id)


def _make_documents(conn: Connection, actor: str, lot_id: str) -> None:
    """One document a sheet. A sheet whose every side is, byte for byte, an earlier one's, is set aside
    as its double; a side alone is not: two blank versos may well be the same."""
    first: dict[tuple[str, ...], str] = {}
    for n, sheet in groupby(lots.images(conn, lot_id), key=lambda image: image.n):
        sides = list(sheet)
        recto = sides[0]
        if recto.outcome != "rejete":
            create_document(conn, actor, deposits.load(conn, recto.deposit_id), State.RECU)
        free = [side for side in sides if side.outcome != "rejete"]
        outcome = None
        hashes = tuple(side.sha256 for side in sides)
        if len(free) == len(sides) and first.setdefault(hashes, recto.deposit_id) != recto.deposit_id:
            outcome = "doublon"
            double = {"double_of": first[hashes]}
            documents.advance(
                conn, recto.deposit_id, State.RECU, State.ECARTE, actor=actor, reason=outcome, hashes=double
            )
        for side in free:
            lots.set_document(conn, lot_id, n, side.side, recto.deposit_id, outcome)
