"""The décompte of a decision, opened again: by an agent, or by the assuré to whom it is written."""

from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from api import access, disclosure
from api.guard import Door, Who
from api.permissions import Actor, Permission
from api.refusals import refusals
from domain.errors import Refused
from outbound import letters
from store import access as accesses
from store import money
from store.money import StoredDecision

router = Door(tags=["documents"])


@router.on(
    "GET",
    "/documents/{id}/decompte",
    Permission.DECOMPTES_LIRE,
    response_class=Response,
    responses=refusals("introuvable", "decompte_absent")
    | {200: {"content": {"application/pdf": {}}, "description": "Le décompte, en PDF accessible."}},
)
def read_decompte(
    request: Request, actor: Who, id: UUID, decision: UUID | None = None, ordre: UUID | None = None
) -> Response:
    """Le décompte de la dernière décision, ou de `decision`. D'une prestation en espèces, la lettre de l'assuré
    ou, pour un agent, celle du bénéficiaire de `ordre`."""
    with request.app.state.store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        chain = [each for each in money.decisions_of(conn, row.id) if decision in (None, UUID(each.id))]
        if not chain or not _may_read(conn, actor, chain[-1], ordre):
            raise Refused("decompte_absent")
        found = letters.again(conn, chain[-1], str(ordre) if ordre else None)
        if found is None:
            raise Refused("decompte_absent")
        access.record(conn, actor, row.id)
        accesses.record(conn, actor.name, "dossier", chain[-1].insured_id, "decompte")
    name, pdf = found
    return Response(
        pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="decompte-{name}"', "Cache-Control": "no-store"},
    )


def _may_read(conn: Connection, actor: Actor, decided: StoredDecision, order: UUID | None) -> bool:
    """Whoever sends a sheet may write anyone's number on it: what is written to a person is given to her
    alone, by a token that names her dossier."""
    if actor.sees_everything:
        return True
    own = disclosure.dossier_of(conn, actor)
    return own is not None and order is None and own == letters.addressee(conn, decided)
