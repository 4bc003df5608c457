"""The board as JSON, for the page that keeps itself fresh."""

from typing import Annotated, Any

from fastapi import Query, Request

from api.board import board
from api.guard import Door
from api.permissions import Permission
from api.refusals import refusals
from api.schemas import BoardOut, Status
from store.tables import documents as t

router = Door(tags=["tableau"])


@router.on(
    "GET", "/tableau", Permission.TABLEAU_LIRE, response_model=BoardOut, responses=refusals("introuvable")
)
def read_board(
    request: Request,
    status: Annotated[list[Status] | None, Query(max_length=15)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Any:
    """Combien de documents en sont où, ce qui attend une personne, les derniers reçus."""
    store = request.app.state.store
    where = [t.c.status.in_(status)] if status else []
    with store.begin() as conn:
        return board(store, conn, *where, limit=limit)
