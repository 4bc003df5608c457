"""The pages of what only a person can move: documents set aside, stops that are paid no further, lots that do
not balance, orders and letters that cannot leave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy import ColumnElement, Connection
from starlette.responses import Response

from api import board, labels
from api.guard import Door, Who
from api.judging import resumable
from api.permissions import Permission
from api.routes.documents import older_than
from api.routes.lots import view as lot_view
from api.templating import page
from domain.errors import CATALOGUE
from domain.flow import State
from domain.money import Money
from ingest.lots import MOST_IMAGES
from store import access, bodies, cash, documents, journal, lots, outbox, payments, rejections, tasks
from store.documents import DocumentRow
from store.tables import documents as t

router = Door()
S = State
SHOWN = 50
SHEETS = 200
"""Of a lot, on one page: enough to look through, few enough to be quick."""
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


LETTERS = {
    "demand": "Mise en demeure",
    "constraint": "Contrainte",
    "indu": "Notification d'un indu",
    "refus": "Lettre de refus",
    "change": "Lettre d'un changement de dossier",
    "decision": "Lettre d'une correction",
}
"""What a letter's message tells -> what it is; the first that it tells."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the page. `name`: as `etat` gives it. `where`: which documents. `aside`: not among what
    waits, shown when asked for."""

    name: str
    where: Callable[[], ColumnElement[bool]]
    title: str
    why: str
    none: str
    aside: bool = False


def _in(state: State) -> Callable[[], ColumnElement[bool]]:
    return lambda: t.c.status == state.value


GROUPS = (
    Group(
        "quarantaine",
        _in(S.QUARANTAINE),
        "En quarantaine",
        "Trois essais ont échoué, ou une personne a mis de côté.",
        "Rien en quarantaine.",
    ),
    Group(
        "a_liquider",
        _in(S.A_LIQUIDER),
        "À liquider à la main",
        "Une pièce ou une échéance est attendue, ou Liasse ne calcule pas encore : la raison est dite.",
        "Rien à liquider à la main.",
    ),
    Group(
        "arrets",
        cash.stopped,
        "Arrêts dont le paiement s'est interrompu",
        "Les premiers jours sont payés ; la raison dit pourquoi les suivants ne le sont pas d'eux-mêmes. "
        "Annulez la décision s'il y a lieu, puis faites redemander les jours dus.",
        "Aucun arrêt interrompu.",
    ),
    Group(
        "rejete",
        rejections.waiting,
        "Rejetés, à régler",
        "Le fichier n'a pas pu être pris, ou doit être numérisé de nouveau. Dites ce qui a été fait : "
        "le rejet est alors réglé.",
        "Aucun rejet n'attend.",
    ),
    Group(
        "regles",
        rejections.settled,
        "Rejets réglés",
        "Une personne s'en est occupée. Les octets sont gardés.",
        "Aucun rejet réglé.",
        aside=True,
    ),
)


@router.on("GET", "/lots/{id}", Permission.LOTS_LIRE)
def lot_page(
    request: Request, actor: Who, id: str, depuis: Annotated[int, Query(ge=1, le=MOST_IMAGES)] = 1
) -> Response:
    """One lot, its balance, and its documents in order: those of `SHEETS` sheets from `depuis`."""
    store = request.app.state.store
    found = lot_view(request, actor, id)
    with store.begin() as conn:
        lot = lots.load(conn, found.id)
        (told,) = board.lots_told(conn, [lot])
        rows = board.sheets(conn, lot.id, depuis, depuis + SHEETS)
        missing = lots.missing(conn, lot) if found.status == "ouvert" else []
        waits = tasks.of_lot(conn, lot.id) is not None and Permission.DOCUMENTS_REPRENDRE in actor.permissions
    told["missing"] = [f"{n}{'' if side == 'r' else ' verso'}" for n, side in missing][:40]
    return page(
        "lot.html",
        "",
        lot=told,
        documents=rows,
        since=depuis,
        until=min(depuis + SHEETS - 1, lot.sheets),
        sheets=lot.sheets,
        before=max(1, depuis - SHEETS) if depuis > 1 else None,
        after=depuis + SHEETS if depuis + SHEETS <= lot.sheets else None,
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
    groups = []
    with request.app.state.store.begin() as conn:
        for group in GROUPS:
            if group.name == etat or not (etat or group.aside):
                found = board.lines(conn, group.where(), *older_than(apres), limit=SHOWN)
                groups.append(
                    {"told": group, "cards": stuck(conn, found["documents"]), "next": found["next"],
                     "count": rejections.count(conn, group.where())}
                )  # fmt: skip
        waiting = [] if etat else lots.load_many(conn, tasks.lots_waiting(conn, SHOWN))
        late = board.lots_told(conn, waiting)
        orders = [] if etat else held(conn, outbox.held_back(conn, SHOWN))
        settled = 0 if etat else rejections.count(conn, rejections.settled())
        shown = [card["id"] for group in groups for card in group["cards"]]
        shown += [order["document"] for order in orders]
        if shown:
            access.record(conn, actor.name, "recherche", "quarantaine", "reprise", shown=shown)
    return page(
        "quarantine.html",
        "/quarantaine",
        groups=groups,
        lots=late,
        orders=orders,
        settled=settled,
        part=etat,
    )


def held(conn: Connection, messages: Sequence[outbox.Message]) -> list[dict[str, Any]]:
    """What could not leave, orders and letters: which, since when, and what to do."""
    payees = payments.payees(conn, [str(each.order_id) for each in messages if each.order_id])
    return [_held(each, payees.get(each.order_id or "")) for each in messages]


def _held(message: outbox.Message, pays: tuple[str, Money] | None) -> dict[str, Any]:
    kind = next((name for name in LETTERS if name in message.body), "")
    what = LETTERS.get(kind, "Courrier")
    if pays is not None:
        what = f"{labels.amount(str(pays[1]))} pour {labels.PAYEES[pays[0]][0]}"
    return {
        "id": message.id,
        "document": message.document_id,
        "what": what,
        "since": labels.short_moment(message.created_at),
        "error": CATALOGUE[message.last_error or "interne"],
    }


def stuck(conn: Connection, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cards: what happened, why, and where the documents may go from here."""
    ids = [line["id"] for line in lines]
    rows = documents.load_many(conn, ids)
    data = bodies.of_many(conn, ids, "decision", "not_computed", "reglement")
    before = journal.came_from(conn, ids)
    return [line | _card(rows[line["id"]], data[line["id"]], before.get(line["id"])) for line in lines]


def _card(row: DocumentRow, data: Mapping[str, Any], before: str | None) -> dict[str, Any]:
    settled = data.get("reglement")
    return {
        "error": CATALOGUE.get(row.last_error or row.reason or ""),
        "reason": (data.get("decision") or {}).get("reason"),
        "not_computed": data.get("not_computed") or [],
        "moves": [
            {"to": to.value, "label": MOVES[to][0], "danger": MOVES[to][1]}
            for to in resumable(row, State(before) if before else None)
        ],
        "settled": {"at": labels.moment(settled["at"]), "reason": settled["reason"]} if settled else None,
    }
