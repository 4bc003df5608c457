"""Lots: opened with a count, filled sheet by sheet, closed when nothing is missing."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query, Request
from starlette.responses import JSONResponse, Response

from api import access
from api.guard import Door, Who
from api.multipart import Body
from api.permissions import Actor, Permission
from api.refusals import FILES, refusals
from api.schemas_lots import LotCreated, LotIn, LotOut, Missing, SettlementIn, SheetReceipt
from domain.errors import Refused
from ingest import lots

router = Door(tags=["lots"])
IMAGE = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/tiff", "image/jpeg", "image/png", "application/pdf")
        },
    }
}


@router.on(
    "POST",
    "/lots",
    Permission.LOTS_ECRIRE,
    status_code=201,
    response_model=LotCreated,
    responses=refusals(),
)
def open_lot(request: Request, actor: Who, asked: LotIn) -> Any:
    """Ouvre un lot de feuilles 1 à N : N images, ou la moitié en recto verso."""
    store = request.app.state.store
    with store.begin() as conn:
        sender = access.sender(conn, actor)
    return {"id": lots.open_lot(store, sender, asked.declared_images, asked.duplex)}


@router.on(
    "PUT",
    "/lots/{id}/sheets/{n}",
    Permission.LOTS_ECRIRE,
    status_code=201,
    response_model=SheetReceipt,
    responses=refusals(
        "introuvable", "lot_clos", "image_differente", "hors_du_lot", "une_image_par_feuille", *FILES
    )
    | {200: {"model": SheetReceipt, "description": "Les mêmes octets, une fois de plus."}},
    openapi_extra=IMAGE,
    max_body_size=1 << 62,
)
def put_sheet(
    request: Request,
    actor: Who,
    id: UUID,
    n: Annotated[int, Path(ge=1, le=lots.MOST_IMAGES)],
    side: Annotated[Literal["r", "v"], Query()] = "r",
) -> Response:
    """Un côté d'une feuille : le corps de la requête est l'image."""
    store = request.app.state.store
    with store.begin() as conn:
        sender = access.sender(conn, actor)
    length = request.headers.get("content-length")
    taken = lots.put_sheet(
        store, sender, str(id), n, side, Body(request), length=int(length) if length else None
    )
    told = SheetReceipt(sha256=taken.sha256, receipt=taken.receipt, received_at=taken.received_at)
    return JSONResponse(told.model_dump(mode="json"), 201 if taken.created else 200)


@router.on(
    "POST",
    "/lots/{id}/close",
    Permission.LOTS_ECRIRE,
    response_model=LotOut,
    responses=refusals("introuvable")
    | {409: {"model": Missing, "description": "Il manque des images, ou le lot est clos."}},
)
def close_lot(request: Request, actor: Who, id: UUID) -> Any:
    """Clôt le lot : déclarées = reçues, sinon 409 avec ce qui manque."""
    store = request.app.state.store
    with store.begin() as conn:
        sender = access.sender(conn, actor)
    return lots.close_lot(store, sender, str(id)).to_json()


@router.on(
    "POST",
    "/lots/{id}/settlement",
    Permission.DOCUMENTS_REPRENDRE,
    response_model=LotOut,
    responses=refusals("introuvable", "etat_change", "motif_absent"),
)
def settle_lot(request: Request, actor: Who, id: UUID, asked: SettlementIn) -> Any:
    """Prend acte qu'un lot ne sera pas équilibré : il est clos avec ce qui a été reçu, et n'attend plus."""
    if not asked.reason.strip():
        raise Refused("motif_absent")
    return lots.settle_lot(request.app.state.store, actor.name, str(id), asked.reason.strip()).to_json()


@router.on(
    "GET",
    "/lots/{id}",
    Permission.LOTS_LIRE,
    response_model=LotOut,
    responses=refusals("introuvable"),
)
def read_lot(request: Request, actor: Who, id: UUID) -> Any:
    """Le lot et sa balance : images = documents + séparateurs + blancs + rejetées + doublons."""
    return view(request, actor, str(id)).to_json()


def view(request: Request, actor: Actor, id: str) -> lots.LotView:
    """The lot, if it is the actor's own or he sees everything. Raises Refused("introuvable")."""
    store = request.app.state.store
    sender = None
    if not actor.sees_everything:
        with store.begin() as conn:
            sender = access.sender(conn, actor)
    return lots.view(store, sender, id)
