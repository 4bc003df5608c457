"""Tasks: taken one ahead, held for a while, decided against the version that was shown."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from api import access, judging, proposing
from api.guard import Door, Who
from api.permissions import Actor, Permission
from api.refusals import refusals
from api.schemas import Decided, DecisionIn, Lease, NextTask, ProposalIn, Proposed, TaskOut
from domain.errors import Refused
from store import access as accesses
from store import clock, documents, tasks
from store.house import Store
from store.tasks import Task

router = Door(tags=["tâches"])
MANY_LEASES = 10
"""A person's reservation lasts this many leases of a worker, and is renewed while she works."""


def seconds(store: Store) -> float:
    return MANY_LEASES * store.settings.lease_seconds


@router.on(
    "POST",
    "/tasks/next",
    Permission.TACHES_TRAITER,
    response_model=TaskOut,
    responses=refusals("trop_de_taches", "tache_non_tenue", "introuvable")
    | {204: {"description": "Rien n'attend."}},
)
def take_next(request: Request, actor: Who, asked: NextTask | None = None) -> Any:
    """Prend la plus ancienne tâche libre, ou celle du document nommé ; deux au plus par agent."""
    store = request.app.state.store
    with store.begin() as conn:
        if asked is not None and asked.document is not None:
            row = documents.load(conn, asked.document)
            found = tasks.of_document(conn, row.id)
            if found is None or found.kind != judging.TO_VALIDATE:
                return Response(status_code=204)
            task: Task | None = tasks.take(conn, found.id, actor.name, seconds(store))
        else:
            task = tasks.next_task(conn, actor.name, (judging.TO_VALIDATE,), seconds(store))
        if task is None or task.document_id is None:
            return Response(status_code=204)
        access.record(conn, actor, task.document_id)
        row = documents.load(conn, task.document_id)
        told = proposing.of_task(conn, row, clock.today(store.settings))
        if told is not None:
            _leave_traces(conn, actor, task, told.pop("dossiers"))
        return judging.shown(conn, task, row) | {"proposal": told}


@router.on(
    "PUT",
    "/tasks/{id}/lease",
    Permission.TACHES_TRAITER,
    response_model=Lease,
    responses=refusals("introuvable", "tache_non_tenue"),
)
def renew_lease(request: Request, actor: Who, id: UUID) -> Any:
    """Garde la tâche plus longtemps, sans en changer la version."""
    store = request.app.state.store
    with store.begin() as conn:
        return {"lease_until": tasks.renew(conn, str(id), actor.name, seconds(store)).lease_until}


@router.on(
    "DELETE",
    "/tasks/{id}/lease",
    Permission.TACHES_TRAITER,
    status_code=204,
    response_class=Response,
    responses=refusals("introuvable", "tache_non_tenue"),
)
def give_back(request: Request, actor: Who, id: UUID) -> Response:
    """Rend la tâche : un autre peut la prendre."""
    with request.app.state.store.begin() as conn:
        tasks.release(conn, str(id), actor.name)
    return Response(status_code=204)


@router.on(
    "POST",
    "/tasks/{id}/proposition",
    Permission.TACHES_TRAITER,
    response_model=Proposed,
    responses=refusals(
        "introuvable", "tache_non_tenue", "champ_inconnu", "valeur_invalide", "assure_a_designer"
    ),
)
def propose(request: Request, actor: Who, id: UUID, asked: ProposalIn) -> Any:
    """Ce que le justificatif changerait au dossier, avec ce qui est saisi ; rien n'est décidé."""
    store = request.app.state.store
    with store.begin() as conn:
        task = tasks.load(conn, str(id))
        if task.document_id is None or task.kind != judging.TO_VALIDATE:
            raise Refused("introuvable")
        if task.agent != actor.name or task.status != "ouverte":
            raise Refused("tache_non_tenue")
        row = documents.load(conn, task.document_id)
        told = proposing.of_task(
            conn, row, clock.today(store.settings), kind=asked.type, typed=asked.fields,
            insured_id=asked.insured_id,
        )  # fmt: skip
        if told is not None:
            shown = [asked.insured_id or row.insured_id, *told.pop("dossiers")]
            _leave_traces(conn, actor, task, shown)
    return {"proposal": told}


def _leave_traces(conn: Connection, actor: Actor, task: Task, dossiers: Iterable[str | None]) -> None:
    """Of each dossier that a proposal shows; none where it would make the dossier."""
    for id in dossiers:
        if id is not None:
            span = f"tache:{task.id}:{task.version}"
            accesses.record(conn, actor.name, "dossier", id, "validation", span=span)


@router.on(
    "POST",
    "/tasks/{id}/decision",
    Permission.TACHES_TRAITER,
    response_model=Decided,
    responses=refusals(
        "introuvable",
        "tache_perimee",
        "tache_non_tenue",
        "etat_change",
        "motif_absent",
        "champ_inconnu",
        "valeur_invalide",
        "assure_a_designer",
    ),
)
def decide(request: Request, actor: Who, id: UUID, asked: DecisionIn) -> Any:
    """Accepte, refuse, renvoie en numérisation ou met de côté. Un champ tu est confirmé tel que montré."""
    store = request.app.state.store
    with store.begin() as conn:
        row = judging.decide(store, conn, actor, str(id), asked)
    return {"document": row.id, "status": row.status.value}
