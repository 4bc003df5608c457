"""The bytes of a document: its original, and its pages as images."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from starlette.responses import Response, StreamingResponse

from api import access
from api.content import kind_of, original, verso
from api.guard import Door, Who
from api.permissions import Permission
from api.refusals import refusals
from archive.package import key_owner, part_name
from domain.errors import Refused
from store import crypt, documents
from store.documents import DocumentRow
from store.house import Store
from store.objects import Missing

router = Door(tags=["documents"])
SCREEN_DPI, CROP_DPI = 150, 300
PNG, JPEG = "image/png", "image/jpeg"
_BOX = r"^(0|1|0?\.\d{1,8}|1\.0+)(,(0|1|0?\.\d{1,8}|1\.0+)){3}$"


@router.on(
    "GET",
    "/documents/{id}/original",
    Permission.DOCUMENTS_LIRE,
    response_class=Response,
    responses=refusals("introuvable", "magasin_indisponible")
    | {
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "Les octets reçus, tels quels.",
        }
    },
)
def read_original(request: Request, actor: Who, id: UUID) -> Response:
    """L'original, octet pour octet."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
    chunks = _chunks(store, request.app.state.cage, row)
    first = next(chunks, b"")  # what fails, fails before the answer starts
    media_type, extension = kind_of(first)

    def all_of_it() -> Iterator[bytes]:
        yield first
        yield from chunks

    return StreamingResponse(
        all_of_it(),
        # never shown by the browser as what it claims to be
        headers={"Content-Disposition": f'attachment; filename="{row.id}.{extension}"'},
        media_type=media_type,
    )


def _chunks(store: Store, cage: object, row: DocumentRow) -> Iterator[bytes]:
    with original(store, cage, row) as plain:
        while chunk := plain.read(1 << 18):
            yield chunk


@router.on(
    "GET",
    "/documents/{id}/pages/{n}",
    Permission.DOCUMENTS_LIRE,
    response_class=Response,
    responses=refusals(
        "introuvable", "magasin_indisponible", "lecture_trop_longue", "fichier_illisible", "type_inconnu"
    )
    | {
        200: {
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (PNG, JPEG)},
            "description": "L'image redressée de la page.",
        }
    },
)
def read_page(
    request: Request,
    actor: Who,
    id: UUID,
    n: Annotated[int, Path(ge=0, lt=10_000)],
    box: Annotated[
        str | None, Query(pattern=_BOX, description="x,y,largeur,hauteur en fractions de la page.")
    ] = None,
) -> Response:
    """L'image d'une page, redressée ; ou un morceau, plus finement."""
    store, cage = request.app.state.store, request.app.state.cage
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
        read = (documents.data(conn, row.id, "reading") or {}).get("pages", [])
    if box is None and (drawn := _drawn(store, row, n)):
        return Response(drawn, media_type=kind_of(drawn)[0])
    own = len(read or row.pages or (0,))
    if n > own:
        raise Refused("introuvable")
    corners = tuple(float(part) for part in box.split(",")) if box else None
    if corners and not (corners[2] > 0 and corners[3] > 0):
        raise Refused("requete_invalide", "Le cadre est vide.")
    dpi = CROP_DPI if box else SCREEN_DPI
    if n == own:
        with verso(store, row) as plain:  # a sheet of a lot has a back
            _, blobs = cage.call("ocr.render", plain.fileno(), page=0, rotation=0, box=corners, dpi=dpi)
        return Response(blobs[0], media_type=PNG)
    with original(store, cage, row) as plain:
        _, blobs = cage.call(
            "ocr.render",
            plain.fileno(),
            page=row.pages[n] if row.pages and row.parent_id is None else n,
            rotation=read[n]["rotation"] if read else 0,
            box=corners,
            dpi=dpi,
        )
    return Response(blobs[0], media_type=PNG)


def _drawn(store: Store, row: DocumentRow, n: int) -> bytes | None:
    """The image that a worker drew once, or None where there is none (any more)."""
    try:
        cipher = store.objects.get("work", f"{row.id}/{n}")
        return crypt.decrypt(cipher, store.vault.key(key_owner(row.id, part_name(row.type, "image"))))
    except (Missing, Refused, crypt.Tampered):  # Tampered: drawn before a person told its true type
        return None
