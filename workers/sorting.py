"""Stage `trier`: what a file holds. One document goes on; several become children; nothing is lost."""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from sqlalchemy import Connection

from archive.manifest import Facts
from archive.manifest import Part as Piece
from archive.package import MEDICAL, seal_document
from domain.errors import Refused
from domain.flow import State
from ingest.balance import count_image
from ingest.split_plan import UNKNOWN_TYPE, Part, Plan, decide, outcome
from ingest.split_plan import Outcome as ImageOutcome
from store import bodies, documents, lots
from store.documents import DocumentRow
from workers.files import forms_dir, plain
from workers.house import House
from workers.runner import Outcome

LOOK = "look"
"""What `trier` found of the pages, for `lire`, which forgets it."""


def trier(house: House, document: DocumentRow) -> Outcome:
    """Look at each page in the cage, then cut. Bytes that cannot be opened are kept, as `rejete`."""
    settings = house.store.settings
    with plain(house.store, document.content_sha256) as file:
        try:
            found, _ = house.cage.call(
                "ocr.split", file.fileno(), max_pages=settings.max_pages, forms_dir=forms_dir(house.store)
            )
        except Refused as refused:
            return _rejected(refused.code)
        plan = decide(found, in_lot=document.lot_id is not None)
        if plan.kind == "scinde":
            return _cut(house, document, plan, found, file)
    if plan.kind == "rejete":
        return _rejected(plan.reason or "fichier_illisible")
    back = _back(house, document)
    if plan.kind == "ecarte" and back != "document":
        return Outcome(
            State.ECARTE,
            write=_count(document, None, back),
            hashes={"reason": plan.reason},
            facts={"reason": plan.reason},
        )
    # a sheet that was fed the wrong way round: nothing on its recto, and a person looks at its verso
    part = plan.parts[0] if plan.parts else Part(UNKNOWN_TYPE, None, (0,))

    def write(conn: Connection) -> None:
        bodies.save(conn, document.id, LOOK, _looked_at(found, part))
        _count(document, plan.reason, back)(conn)

    return Outcome(
        State.EN_LECTURE,
        write=write,
        hashes={"type": part.type, "pages": len(part.pages)},
        facts={"type": part.type, "form": part.form, "pages": list(part.pages)},
    )


def _looked_at(found: Mapping[str, Any], part: Part) -> list[Any]:
    """What was found of the pages of one document, so that the reading need not look again."""
    return [page for page in found["pages"] if page["page"] in part.pages]


def _rejected(code: str) -> Outcome:
    return Outcome(State.REJETE, hashes={"code": code}, facts={"reason": code})


def _cut(
    house: House, document: DocumentRow, plan: Plan, found: Mapping[str, Any], original: BinaryIO
) -> Outcome:
    """Seal the whole file under the parent's own key, apart since any of its pages may be medical; then make
    a child of each document in it."""
    facts = Facts(
        document_id=document.id,
        type="fichier",
        form=None,
        deposit_id=document.deposit_id,
        received_at=document.received_at,
        received_on=document.received_on,
        private={"parts": [{"type": part.type, "pages": list(part.pages)} for part in plan.parts]},
        law=house.law.version,
    )
    sealed = seal_document(house.store, facts, {f"{MEDICAL}original": Piece(original, plan.media_type)})

    def write(conn: Connection) -> None:
        for part in plan.parts:
            child = documents.create(
                conn,
                deposit_id=document.deposit_id,
                sender_id=document.sender_id,
                content_sha256=document.content_sha256,
                received_at=document.received_at,
                received_on=document.received_on,
                actor="liasse:trier",
                status=State.EN_LECTURE,
                parent_id=document.id,
                pages=part.pages,
                type=part.type,
                form=part.form,
                hashes={"parent": document.id, "pages": len(part.pages)},
            )
            bodies.save(conn, child, LOOK, _looked_at(found, part))

    return Outcome(
        State.SCINDE,
        write=write,
        hashes={"manifest_sha256": sealed.manifest_sha256, "children": len(plan.parts)},
        facts={
            "manifest_sha256": sealed.manifest_sha256,
            "retain_until": sealed.retain_until,
            "sealed_at": house.now,
        },
    )


def _back(house: House, document: DocumentRow) -> ImageOutcome | None:
    """What the other side of a lot's sheet is; None where there is no other side."""
    if document.lot_id is None:
        return None
    with house.store.begin() as conn:
        sha256 = lots.verso(conn, document.id)
    if sha256 is None:
        return None
    with plain(house.store, sha256) as file:
        try:
            found, _ = house.cage.call(
                "ocr.split", file.fileno(), max_pages=1, forms_dir=forms_dir(house.store)
            )
            return outcome(found)
        except Refused:
            return "document"  # an unreadable back is for a person to see, and archived with its recto


def _count(document: DocumentRow, front: str | None, back: ImageOutcome | None) -> Callable[[Connection], None]:
    """Tell the lot what the two images of its sheet were, where the document's state does not."""

    def write(conn: Connection) -> None:
        if front is not None:
            count_image(conn, document, "separateur" if front == "separateur" else "blanc")
        if back is not None and document.lot_id is not None and document.lot_n is not None:
            lots.set_outcome(conn, document.lot_id, document.lot_n, "v", back)

    return write
