"""The pages of what follows a payment: a decision to correct, the sums paid in excess."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

import validation
from api import access, labels, views
from api.fields import label_of
from api.guard import Door, Who
from api.permissions import Permission
from api.routes import indus
from api.templating import page
from domain.errors import Refused
from store import money
from store.corrections import CANCELS, CAUSES, PAID_ENDS

router = Door()
SHOWN = 200
TYPED = ("date", "c_v", "code", "honoraires")
TICKS = ("ald", "maternite", "at_mp", "urgence", "hors_residence", "mt_remplace", "hors_coordination",
         "non_paye_part_obligatoire", "non_paye_part_complementaire")  # fmt: skip
"""What a correction changes of a sheet, most often; the API takes any field."""


@router.on("GET", "/documents/{id}/correction", Permission.DECISIONS_CORRIGER)
def correction_page(request: Request, actor: Who, id: str) -> Response:
    """What was decided, why it changes, what the correction would do."""
    with request.app.state.store.begin() as conn:
        row = access.visible(conn, actor, id)
        if row.status not in PAID_ENDS or money.decision_of(conn, row.id) is None:
            raise Refused("etat_change", "Seule une décision menée à son terme se corrige.")
        access.record(conn, actor, row.id)
        told = views.document(conn, actor, row)
    causes = [(code, words[0], code in CANCELS) for code, words in CAUSES.items()]
    told["type_label"] = labels.type_of(row.type)
    return page("correction.html", "", doc=told, causes=causes, fields=_fields(told))


def _fields(told: dict[str, Any]) -> list[dict[str, Any]]:
    held = (told["reading"] or {}).get("fields", {})
    names = [
        f"acte{line['line']}_{part}"
        for line in told["decision"]["lines"]
        for part in TYPED
        if f"acte{line['line']}_{part}" in held
    ] + [name for name in (*TICKS, "montant_total") if validation.entry_of(name) and (held or name == "")]
    found = []
    for name in names:
        words, value = label_of(name, told["type"]), held.get(name, {}).get("value")
        entry = validation.entry_of(name)
        found.append(
            {"name": name, "label": f"{words.section} · {words.label}", "value": value,
             "tick": entry is not None and entry.kind == "tick"}
        )  # fmt: skip
    return found


@router.on("GET", "/indus", Permission.INDUS_TRAITER)
def indus_page(request: Request, actor: Who) -> Response:
    """Every sum paid in excess, the last found first."""
    found = indus.listed(request.app.state.store, actor, SHOWN)
    return page("indus.html", "/indus", indus=[_shown(each) for each in found])


@router.on("GET", "/indus/{id}", Permission.INDUS_TRAITER)
def indu_page(request: Request, actor: Who, id: str) -> Response:
    """One, with what happened to it and what may follow."""
    told = _shown(indus.read(request.app.state.store, actor, id))
    events = [(labels.INDU_EVENTS[each["what"]], each["on"], each["amount"]) for each in told["events"]]
    follow = [(what, labels.INDU_EVENTS[what]) for what in told["may_follow"]]
    return page("indu.html", "/indus", indu=told, events=events, follow=follow)


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    short, tone = labels.INDU_STATES[told["state"]]
    who = labels.PAYEES[told["debtor"].partition(" ")[0]][0]
    return told | {"short": short, "tone": tone, "who": who}
