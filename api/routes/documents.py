"""Documents: deposited, told, listed, sent on their way again."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request
from sqlalchemy import and_, or_
from starlette.responses import JSONResponse, Response

from api import access, disclosure, views
from api.board import lines
from api.guard import Door, Who
from api.judging import TO_VALIDATE, came_from, resumable
from api.multipart import FilePart
from api.permissions import Permission
from api.refusals import FILES, refusals
from api.schemas import Decided, DocumentOut, DocumentsOut, EventsOut, MoveIn, Receipt, Status, Verification
from api.schemas_lots import SettlementIn
from archive.verify import verify
from domain.errors import Refused
from domain.flow import State
from ingest.deposits import deposit
from store import documents, journal, rejections, seals, tasks
from store.clock import now
from store.tables import documents as t

router = Door(tags=["documents"])
MULTIPART_BYTES = 1 << 20
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {"type": "string", "format": "binary", "contentMediaType": "application/pdf"},
                        "type_hint": {"type": "string", "maxLength": 60},
                    },
                }
            }
        },
    }
}


@router.on(
    "POST",
    "/documents",
    Permission.DOCUMENTS_DEPOSER,
    status_code=201,
    response_model=Receipt,
    responses=refusals("cle_reutilisee", *FILES)
    | {200: {"model": Receipt, "description": "Les mêmes octets du même expéditeur : le même document."}},
    openapi_extra=UPLOAD,
    max_body_size=1 << 62,  # counted as it streams, by the house's own setting
)
def deposit_document(
    request: Request,
    actor: Who,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Response:
    """Dépose un fichier : gardé et relu avant le reçu. Les champs suivent ou précèdent le fichier."""
    store = request.app.state.store
    most = store.settings.max_file_bytes
    if int(request.headers.get("content-length") or 0) > most + MULTIPART_BYTES:
        raise Refused("fichier_trop_gros")
    part = FilePart(request, known=frozenset(("type_hint",)))
    with store.begin() as conn:
        sender = access.sender(conn, actor)
    taken = deposit(
        store,
        sender,
        part,
        type_hint=lambda: part.fields.get("type_hint") or None,
        idempotency_key=idempotency_key,
        source="http",
    )
    with store.begin() as conn:
        status = documents.load(conn, taken.id).status
    told = Receipt(
        id=taken.id,
        sha256=taken.sha256,
        status=status.value,
        received_at=taken.received_at,
        receipt=taken.receipt,
    )
    return JSONResponse(
        told.model_dump(mode="json"),
        201 if taken.created else 200,
        {"Location": f"/api/v1/documents/{taken.id}"},
    )


@router.on("GET", "/documents", Permission.DOCUMENTS_LIRE, response_model=DocumentsOut, responses=refusals())
def list_documents(
    request: Request,
    actor: Who,
    status: Annotated[list[Status] | None, Query(max_length=15)] = None,
    type: Annotated[str | None, Query(max_length=40)] = None,
    lot: UUID | None = None,
    after: Annotated[str | None, Query(max_length=80, description="`next` de la page d'avant.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """Les documents, les plus récents d'abord : rien de ce que disent les feuilles."""
    where = [] if actor.sees_everything else [t.c.sender_id == actor.id]
    if status:
        where.append(t.c.status.in_(status))
    if type is not None:
        where.append(t.c.type == type)
    if lot is not None:
        where.append(t.c.lot_id == str(lot))
    with request.app.state.store.begin() as conn:
        return lines(conn, *where, *older_than(after), limit=limit)


def older_than(cursor: str | None) -> list[Any]:
    """The condition for what comes after a line: by time of receipt, then by id."""
    if cursor is None:
        return []
    at, _, id_ = cursor.partition("_")
    try:
        moment, last = datetime.fromisoformat(at), str(UUID(id_))
        moment.astimezone()
    except (ValueError, OverflowError):
        raise Refused("requete_invalide", "Le repère de page est inconnu.") from None
    if moment.tzinfo is None:
        raise Refused("requete_invalide", "Le repère de page est inconnu.")
    return [or_(t.c.received_at < moment, and_(t.c.received_at == moment, t.c.id > last))]


@router.on(
    "GET",
    "/documents/{id}",
    Permission.DOCUMENTS_LIRE,
    response_model=DocumentOut,
    responses=refusals("introuvable", "magasin_indisponible"),
)
def read_document(request: Request, actor: Who, id: UUID) -> Any:
    """Où en est le document, et sa preuve ; lecture, constats et décision pour qui ils sont dits."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
        told = views.document(conn, actor, row)
    return told | {"archive": views.archive(store, row)}


@router.on(
    "GET",
    "/documents/{id}/events",
    Permission.DOCUMENTS_LIRE,
    response_model=EventsOut,
    responses=refusals("introuvable"),
)
def read_events(request: Request, actor: Who, id: UUID) -> Any:
    """Le journal du document, chaîné, sans aucune valeur de la feuille ; pour un expéditeur, son chemin."""
    with request.app.state.store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
        told = disclosure.journal(actor, journal.lines(conn, row.id))
    return {
        "events": [
            {
                "n": line.n,
                "at": line.at,
                "actor": line.actor,
                "event": line.event,
                "from_state": line.from_state,
                "to_state": line.to_state,
            }
            | disclosure.facts(actor, line)
            for line in told
        ]
    }


@router.on(
    "POST",
    "/documents/{id}/verification",
    Permission.TACHES_TRAITER,
    response_model=Verification,
    responses=refusals("introuvable", "magasin_indisponible"),
)
def verify_document(request: Request, actor: Who, id: UUID) -> Any:
    """Relit chaque objet scellé du document, les sceaux qui tiennent son journal et leurs voisins ; toute la
    chaîne se relit par `liasse archive verify --all`."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        sealed_in = seals.holding(conn, row.id)
    verdicts = list(verify(store.objects, row.id, sealed_in=sealed_in))
    wrong = [verdict for verdict in verdicts if not verdict["ok"]]
    return {
        "ok": bool(verdicts) and not wrong,
        "objects": len(verdicts),
        "seals": sum(verdict["kind"] == "seal" for verdict in verdicts),
        "waiting": any(verdict["verdict"] == "en_attente" for verdict in verdicts),
        "faults": [f"{v['object']} : {v['detail'] or v['verdict']}" for v in wrong],
    }


@router.on(
    "POST",
    "/documents/{id}/settlement",
    Permission.DOCUMENTS_REPRENDRE,
    response_model=Decided,
    responses=refusals("introuvable", "etat_change", "motif_absent", "magasin_indisponible"),
)
def settle_rejection(request: Request, actor: Who, id: UUID, asked: SettlementIn) -> Any:
    """Prend acte d'un document rejeté : ce qui a été fait est gardé, il n'attend plus personne."""
    if not (reason := asked.reason.strip()):
        raise Refused("motif_absent")
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
    key = store.vault.new_key(row.id)  # before any row is locked: the object store may be slow
    with store.begin() as conn:
        rejections.settle(conn, row.id, key, actor.name, reason)
    return {"document": row.id, "status": row.status.value}


@router.on(
    "POST",
    "/documents/{id}/reprise",
    Permission.DOCUMENTS_REPRENDRE,
    response_model=Decided,
    responses=refusals("introuvable", "etat_change"),
)
def resume_document(request: Request, actor: Who, id: UUID, asked: MoveIn) -> Any:
    """Renvoie un document arrêté (quarantaine, a_liquider) vers un état que le chemin permet."""
    store = request.app.state.store
    start, to = State(asked.from_), State(asked.to)
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
    key = store.vault.new_key(row.id)  # before any row is locked: the object store may be slow
    with store.begin() as conn:
        row = documents.load(conn, row.id, lock=True)
        if row.status is not start or to not in resumable(row, came_from(conn, row.id)):
            raise Refused("etat_change")
        payload = journal.seal_payload(key, {"reason": asked.reason})
        tasks.close_without(conn, row.id)
        facts = {"reason": rejections.BY_A_PERSON} if to is State.REJETE else {}
        told = {"action": "reprise", "reason": asked.reason, "by": actor.name, "at": now().isoformat()}
        documents.save(conn, row.id, "reprise", told)  # beside the decision: one that was refused stays so
        documents.advance(conn, row.id, start, to, actor=actor.name, payload=payload, **facts)
        if to is State.A_VALIDER:
            tasks.open_task(conn, row.id, TO_VALIDATE)
    return {"document": row.id, "status": to.value}
