"""The pages of what only a person can move: documents set aside, lots that do not balance, orders that
cannot leave."""

from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api import board, labels
from api.guard import Door, Who
from api.judging import came_from, resumable
from api.permissions import Permission
from api.routes.documents import older_than
from api.routes.lots import view as lot_view
from api.templating import page
from domain.errors import CATALOGUE
from domain.flow import State
from store import access, documents, lots, outbox, payments, tasks
from store.tables import documents as t

router = Door()
S = State
SHOWN = 50
BALANCE_LABELS = tuple(
    (kind, f"En {many}" if kind == "documents" else many.capitalize()) for kind, _, many in board.BALANCE
)


MOVES = {
    S.A_VALIDER: ("Saisir à la main", False),
    S.RECU: ("Reprendre depuis le début", False),
    S.EN_LECTURE: ("Relire", False),
    S.VALIDE: ("Archiver de nouveau", False),
    S.ARCHIVE: ("Liquider de nouveau", False),
    S.LIQUIDE: ("Ordonnancer de nouveau", False),
    S.CLASSE: ("Classer : calculé ailleurs", False),
    S.REJETE: ("Rejeter", True),
}
GROUPS = (
    (
        S.QUARANTAINE,
        "En quarantaine",
        "Trois essais ont échoué, ou une personne a mis de côté.",
        "Rien en quarantaine.",
    ),
    (
        S.A_LIQUIDER,
        "À liquider à la main",
        "Une pièce ou une échéance est attendue, ou Liasse ne calcule pas encore : la raison est dite.",
        "Rien à liquider à la main.",
    ),
    (
        S.REJETE,
        "Rejetés",
        "Le fichier n'a pas pu être pris, ou doit être numérisé de nouveau.",
        "Rien de rejeté.",
    ),
)


@router.on("GET", "/lots/{id}", Permission.LOTS_LIRE)
def lot_page(request: Request, actor: Who, id: str) -> Response:
    """One lot, its documents and its balance."""
    store = request.app.state.store
    found = lot_view(request, actor, id)
    with store.begin() as conn:
        told = board.lot(conn, found.id)
        lines = board.lines(conn, t.c.lot_id == found.id, limit=1000)["documents"]
        missing = lots.missing(conn, lots.load(conn, found.id)) if found.status == "ouvert" else []
        waits = tasks.of_lot(conn, found.id) is not None and Permission.DOCUMENTS_REPRENDRE in actor.permissions
    told["missing"] = [f"{n}{'' if side == 'r' else ' verso'}" for n, side in missing][:40]
    return page(
        "lot.html",
        "",
        lot=told,
        documents=sorted(lines, key=lambda d: (len(d["sheet"] or ""), d["sheet"] or "")),
        balance_labels=BALANCE_LABELS,
        waits=waits,
    )


@router.on("GET", "/quarantaine", Permission.DOCUMENTS_REPRENDRE)
def quarantine(
    request: Request,
    actor: Who,
    etat: Annotated[str, Query(max_length=20)] = "",
    apres: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """What only a person can move; `etat` and `apres`: the older ones of one state alone."""
    groups, shown = [], []
    with request.app.state.store.begin() as conn:
        counts = documents.counts(conn)
        for state, title, why, none in GROUPS:
            if etat and etat != state.value:
                continue
            found = board.lines(conn, t.c.status == state.value, *older_than(apres), limit=SHOWN)
            cards = [stuck(conn, line) for line in found["documents"]]
            shown += [card["id"] for card in cards]
            groups.append(
                {"state": state.value, "title": title, "why": why, "none": none, "cards": cards,
                 "count": counts.get(state, 0), "next": found["next"]}
            )  # fmt: skip
        late = [] if etat else [board.lot(conn, lot_id) for lot_id in tasks.lots_waiting(conn, SHOWN)]
        orders = [] if etat else [held(conn, message) for message in outbox.held_back(conn, SHOWN)]
        shown += [order["document"] for order in orders]
        if shown:
            access.record(conn, actor.name, "recherche", "quarantaine", "reprise", shown=shown)
    return page("quarantine.html", "/quarantaine", groups=groups, lots=late, orders=orders, part=etat)


def held(conn: Connection, message: outbox.Message) -> dict[str, Any]:
    """An order that could not leave: which, since when, and what to do."""
    order, _ = payments.load(conn, str(message.order_id))
    error = CATALOGUE[message.last_error or "interne"]
    return {
        "id": order.id,
        "document": message.document_id,
        "amount": labels.amount(str(order.amount)),
        "payee": labels.PAYEES[order.payee_kind][0],
        "since": labels.short_moment(message.created_at),
        "error": error,
    }


def stuck(conn: Connection, line: dict[str, Any]) -> dict[str, Any]:
    """A card of the quarantine: what happened, why, and where the document may go from here."""
    row, data = documents.load(conn, line["id"]), documents.all_data(conn, line["id"])
    ways = resumable(row, came_from(conn, row.id))
    return line | {
        "error": CATALOGUE.get(row.last_error or row.reason or ""),
        "reason": (data.get("decision") or {}).get("reason"),
        "not_computed": data.get("not_computed") or [],
        "moves": [{"to": to.value, "label": MOVES[to][0], "danger": MOVES[to][1]} for to in ways],
    }
