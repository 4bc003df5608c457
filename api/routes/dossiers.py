"""Dossiers: found by number, names or birth date; read whole, with the rights of a day."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

import law
from api import dossier
from api.guard import Door, Who
from api.permissions import Permission
from api.refusals import refusals
from api.schemas import Found, SearchIn
from api.views import person
from domain.errors import Refused
from dossiers.queries import Queries
from outbound import attestation
from store import access, clock, people

router = Door(tags=["dossiers"])
MOST = 20


@router.on(
    "GET",
    "/dossiers/{id}",
    Permission.DOSSIERS_LIRE,
    response_model=dossier.WholeDossierOut,
    responses=refusals("introuvable"),
)
def read(
    request: Request,
    actor: Who,
    id: UUID,
    day: Annotated[date | None, Query(alias="jour", description="Jour des droits ; aujourd'hui sinon.")] = None,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> Any:
    """Un dossier : identité, droits d'un jour et leurs raisons, périodes, compteurs, famille, documents. La
    consultation, et celle de chaque proche montré, est retenue."""
    store = request.app.state.store
    with store.begin() as conn:
        return dossier.read(conn, actor.name, str(id), day or clock.today(store.settings), law.load(), after)


@router.on(
    "GET",
    "/dossiers/{id}/attestation",
    Permission.DOSSIERS_ATTESTER,
    response_class=Response,
    responses=refusals("introuvable", "droits_fermes")
    | {200: {"content": {"application/pdf": {}}, "description": "L'attestation, en PDF accessible."}},
)
def attest(request: Request, actor: Who, id: UUID) -> Response:
    """L'attestation de droits du jour : l'assuré et les personnes dont il ouvre les droits."""
    store = request.app.state.store
    with store.begin() as conn:
        pdf = attestation.of_dossier(conn, str(id), clock.today(store.settings), actor.name)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.on(
    "POST",
    "/dossiers/search",
    Permission.DOSSIERS_CHERCHER,
    response_model=Found,
    responses=refusals(),
)
def search(request: Request, actor: Who, asked: SearchIn) -> Any:
    """Les dossiers qui répondent ; la recherche et ce qu'elle a montré sont retenus."""
    if not (asked.nir or asked.names or asked.birth_date):
        raise Refused("requete_invalide", "Il faut un numéro, un nom ou une date de naissance.")
    with request.app.state.store.begin() as conn:
        found = people.search(conn, asked.nir or asked.names or "") if asked.nir or asked.names else []
        if asked.birth_date is not None:
            found = (
                [each for each in found if each.birth_date == asked.birth_date]
                if asked.nir or asked.names
                else people.candidates(conn, Queries(birth_dates=(asked.birth_date,)))[:MOST]
            )
        access.record(
            conn, actor.name, "recherche", "dossiers", "validation", shown=[each.id for each in found]
        )
    return {"dossiers": [person(each, {}) for each in found]}
