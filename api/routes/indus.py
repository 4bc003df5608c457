"""Sums paid in excess: what becomes of them, noted by a person."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

import law
from api.guard import Door, Who
from api.permissions import Actor, Permission
from api.refusals import refusals
from api.schema_base import Asked, Euros, Said
from api.schemas import TraceOut
from api.views import trace_out
from domain.errors import Refused
from domain.money import euros
from liquidation.recouvrement import Event, check, increase, may_follow
from store import access, clock, debts, outbox
from store.house import Store

router = Door(tags=["indus"])
What = Literal["reception", "contestation", "rejet", "accord", "echeancier", "versement", "revenu",
               "mise_en_demeure", "contrainte", "opposition", "annulation"]  # fmt: skip
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


Line = Annotated[str, Field(min_length=1, max_length=100)]


class Due(Asked):
    on: date
    amount: Amount


class EventIn(Asked):
    what: What
    on: date = Field(description="Le jour où cela s'est passé.")
    amount: Amount | None = Field(
        None,
        description="D'un versement ; le revenu pondéré du ménage ; la majoration d'une contrainte.",
    )
    court: Annotated[list[Line], Field(max_length=6)] = Field(
        [], description="D'une contrainte : le tribunal et son adresse, une ligne chacune."
    )
    director: Line | None = Field(None, description="D'une contrainte : le directeur qui la signe.")
    dues: Annotated[list[Due], Field(max_length=60)] = Field([], description="D'un échéancier.")


class InduEventOut(Said):
    what: str
    on: date
    amount: Euros | None


class InduOut(Said):
    id: str
    document: str
    debtor: str
    amount: Euros
    costs: Euros
    asked: Euros
    held: Euros = Field(description="Retenu sur des paiements.")
    left: Euros
    state: str
    sentence: str
    article: str
    held_from: date | None
    paid_on: date
    found_on: date
    fraud: bool
    reason: str
    may_follow: list[str]
    events: list[InduEventOut]
    trace: list[TraceOut]


class IndusOut(Said):
    indus: list[InduOut]


@router.on("GET", "/indus", Permission.INDUS_TRAITER, response_model=IndusOut, responses=refusals())
def list_indus(request: Request, actor: Who, limit: Annotated[int, Query(ge=1, le=200)] = 100) -> Any:
    """Les sommes versées de trop, les dernières trouvées d'abord."""
    return {"indus": listed(request.app.state.store, actor, limit)}


def listed(store: Store, actor: Actor, limit: int) -> list[dict[str, Any]]:
    """A search is one event, with the ids that it shows."""
    with store.begin() as conn:
        found = debts.newest(conn, limit)
        if found:
            shown = [each.document_id for each in found]
            access.record(conn, actor.name, "recherche", "indus", "recouvrement", shown=shown)
    today = clock.today(store.settings)
    return [out(each, today) for each in found]


@router.on(
    "GET", "/indus/{id}", Permission.INDUS_TRAITER, response_model=InduOut, responses=refusals("introuvable")
)
def read_indu(request: Request, actor: Who, id: UUID) -> Any:
    """Un indu, où il en est et ce qui peut suivre."""
    return read(request.app.state.store, actor, str(id))


def read(store: Store, actor: Actor, id: str) -> dict[str, Any]:
    with store.begin() as conn:
        found = debts.load(conn, id)
        access.record(conn, actor.name, "document", found.document_id, "recouvrement")
    return out(found, clock.today(store.settings))


@router.on(
    "POST",
    "/indus/{id}/events",
    Permission.INDUS_TRAITER,
    response_model=InduOut,
    responses=refusals("introuvable", "indu_etat", "magasin_indisponible"),
)
def note(request: Request, actor: Who, id: UUID, asked: EventIn) -> Any:
    """Note ce qui arrive à l'indu : rien n'est effacé, tout est au journal du document."""
    store = request.app.state.store
    today = clock.today(store.settings)
    with store.begin() as conn:
        found = debts.load(conn, str(id))
    key = store.vault.new_key(found.document_id)
    event = Event(asked.what, asked.on, asked.amount, _body(asked))
    with store.begin() as conn:
        found = debts.load(conn, str(id), lock=True)
        if event.what == "contrainte" and event.amount is None and found.debtor_kind == "praticien":
            event = replace(event, amount=_increase(found, today))
        try:
            check(found.debt, event, today, law.load())
        except (law.NotCovered, OverflowError, ValueError):
            raise Refused("indu_etat", "Ce jour est hors des textes connus.") from None
        debts.note(conn, key, found, event, actor.name)
        if letter := LETTERS.get(event.what):
            outbox.add(conn, "courrier", document_id=found.document_id, body={"indu": found.id, letter: True})
        access.record(conn, actor.name, "document", found.document_id, "recouvrement")
        return out(debts.load(conn, str(id)), today)


LETTERS = {"mise_en_demeure": "demand", "contrainte": "constraint"}
"""What leaves as a letter when it is noted -> its name in the outbox."""


def _body(asked: EventIn) -> dict[str, Any]:
    if asked.what == "echeancier":
        return {"dues": [[each.on.isoformat(), str(euros(each.amount))] for each in asked.dues]}
    if asked.what == "contrainte":
        return {"court": asked.court, "director": asked.director}
    return {}


def _increase(found: debts.Indu, today: date) -> Decimal:
    """The whole majoration of a professional, where nobody remitted a part of it (R133-9-1 II)."""
    sent = found.debt.last("mise_en_demeure")
    known = law.load()
    return increase(found.standing(today, known).left, sent.on, known) if sent else euros(0)


def out(found: debts.Indu, today: date) -> dict[str, Any]:
    now = found.standing(today, law.load())
    kind = found.debtor_kind
    return {
        "id": found.id,
        "document": found.document_id,
        "debtor": kind if kind == "assure" else f"{kind} {found.debtor_id}",
        "amount": str(found.amount), "costs": str(found.costs), "asked": str(found.asked),
        "held": str(euros(found.held)), "left": str(euros(now.left)),
        "state": now.state, "sentence": now.sentence, "article": now.article, "held_from": now.held_from,
        "paid_on": found.paid_on, "found_on": found.found_on, "fraud": found.fraud, "reason": found.reason,
        "may_follow": list(may_follow(found.debt, now.state)),
        "events": [
            {"what": each.what, "on": each.on,
             "amount": None if each.amount is None else str(euros(each.amount))}
            for each in found.events
        ],
        "trace": [trace_out(step) for step in found.trace],
    }  # fmt: skip
