"""A past decision corrected: what it would do, then done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import Field, StringConstraints

import law
from api import access, proposing, views
from api.guard import Door, Who
from api.permissions import Permission
from api.refusals import refusals
from api.schema_base import Asked, Euros, Said
from api.schemas import DecisionLineOut, TraceOut, Value
from archive.payment import extend_at_payment
from domain.errors import Refused
from domain.money import euros
from law import NotCovered
from store import affected, clock, corrections, documents

router = Door(tags=["décisions"])
Cause = Literal[tuple(corrections.CAUSES)]  # type: ignore[valid-type]
OWN = ("introuvable", "etat_change", "ordre_non_parti", "correction_sans_objet", "correction_non_calculee",
       "champ_inconnu", "valeur_invalide")  # fmt: skip


class CorrectionIn(Asked):
    cause: Cause
    fields: dict[Annotated[str, StringConstraints(max_length=80)], Value] = Field(
        {}, description="Ce que dit la feuille, là où ce n'est pas ce qui avait été pris."
    )
    fraud: bool = Field(False, description="Le versement résulte d'une fraude de l'assuré.")
    reason: Annotated[str, StringConstraints(max_length=1000)] = ""


class CorrectionDone(CorrectionIn):
    corrects: UUID = Field(description="La décision que l'on a vue : `decision.id` du document.")


class OwedOut(Said):
    payee: str
    amount: Euros
    asked: Euros = Field(description="Zéro s'il est prescrit ou au-dessous du seuil.")
    costs: Euros
    prescribed: bool
    dropped: bool
    paid_on: date


class CorrectionOut(Said):
    corrects: str
    before: Euros
    difference: Euros
    after: Euros
    lines: list[DecisionLineOut]
    trace: list[TraceOut]
    owed: list[OwedOut] = Field(description="Versé de trop, par destinataire.")


class AffectedList(Said):
    affected: list[proposing.AffectedOut]


class Corrected(Said):
    document: str
    decision: str
    difference: Euros


@contextmanager
def _covered() -> Iterator[None]:
    try:
        yield
    except NotCovered as refusal:
        raise Refused("correction_non_calculee", f"{refusal}.") from None


@router.on(
    "GET",
    "/documents/{id}/affected",
    Permission.DECISIONS_CORRIGER,
    response_model=AffectedList,
    responses=refusals("introuvable"),
)
def list_affected(request: Request, actor: Who, id: UUID) -> Any:
    """Les décisions déjà prises qu'un justificatif appliqué rend autres, et qui ne sont pas corrigées."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
        found = affected.of_document(conn, row.id, clock.today(store.settings), law.load())
    return {"affected": [proposing.out(each) for each in found]}


@router.on(
    "POST",
    "/documents/{id}/correction/proposition",
    Permission.DECISIONS_CORRIGER,
    response_model=CorrectionOut,
    responses=refusals(*OWN),
)
def foresee(request: Request, actor: Who, id: UUID, asked: CorrectionIn) -> Any:
    """Ce que ferait la correction ; rien n'est décidé."""
    store = request.app.state.store
    with store.begin() as conn, _covered():
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
        found = corrections.foresee(conn, row, _asked(asked), clock.today(store.settings), law.load())
    told = corrections.told(found)
    for name in ("before", "difference", "after"):
        told[name] = str(euros(told[name]))
    return told | {
        "lines": [views.line_out(line) for line in told["lines"]],
        "trace": [views.trace_out(each) for each in told["trace"]],
        "owed": [
            each | {name: str(euros(each[name])) for name in ("amount", "asked", "costs")}
            for each in told["owed"]
        ],
    }


@router.on(
    "POST",
    "/documents/{id}/correction",
    Permission.DECISIONS_CORRIGER,
    response_model=Corrected,
    responses=refusals(*OWN, "motif_absent", "decision_changee", "magasin_indisponible"),
)
def correct(request: Request, actor: Who, id: UUID, asked: CorrectionDone) -> Any:
    """Corrige ou annule une décision : de nouvelles parts, jamais une retouche."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, str(id))
        access.record(conn, actor, row.id)
    key = store.vault.new_key(row.id)  # before any row is locked: the object store may be slow
    until = extend_at_payment(store, row, clock.now())
    with store.begin() as conn, _covered():
        stored = corrections.apply(
            conn, row.id, _asked(asked), str(asked.corrects), actor=actor.name, key=key,
            today=clock.today(store.settings), law=law.load(),
        )  # fmt: skip
        if until is not None:
            documents.keep_until(conn, row.id, until)
    return {
        "document": row.id,
        "decision": stored.id,
        "difference": str(euros(stored.decision.total)),
    }


def _asked(asked: CorrectionIn) -> corrections.Asked:
    return corrections.Asked(asked.cause, asked.reason, dict(asked.fields), asked.fraud)
