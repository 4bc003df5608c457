"""«Que serai-je remboursé ?», asked by an application: nothing is read, nothing is kept."""

from typing import Any

from fastapi import Request

from api.guard import Door
from api.permissions import Permission
from api.refusals import refusals
from api.schemas_simulation import Question, Simulated
from liquidation.simulation import simulate
from store import clock

router = Door(tags=["simulations"])


@router.on(
    "POST",
    "/simulations",
    Permission.SIMULER,
    response_model=Simulated,
    response_model_exclude_none=True,
    responses=refusals("simulation_mal_posee", "cas_mal_forme"),
)
def ask(request: Request, asked: Question) -> Any:
    """Le montant d'une prestation, et pourquoi, sans dossier : voyez docs/simulation.md."""
    question = asked.model_dump(exclude_none=True)
    return simulate(question, clock.today(request.app.state.store.settings))
