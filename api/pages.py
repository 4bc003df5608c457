"""The pages: what a person sees. They read the same views as the API and work without it being open."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlalchemy import Connection, Text, cast, select
from starlette.responses import RedirectResponse, Response

import law
import validation
from api import access, board, disclosure, dossier, labels, views
from api.fields import label_of
from api.guard import Door, Who
from api.permissions import Actor, Permission
from api.routes.documents import older_than
from api.templating import page
from checks.justificatifs import TYPES
from domain.errors import CATALOGUE, Refused
from domain.flow import State
from rights.propositions import Change
from store import access as accesses
from store import affected, cash, clock, documents, journal, propositions
from store.corrections import PAID_ENDS
from store.tables import documents as t
from validation.decisions import MAKES_A_DOSSIER

router = Door()
KEYS = (
    (("Entrée",), "Confirmer et aller au champ suivant à vérifier"),
    (("Maj", "Entrée"), "Revenir au champ précédent"),
    (("Tab",), "Champ suivant à vérifier, sans confirmer"),
    (("↑", "↓"), "Champ du dessus, du dessous, même sûr"),
    (("Alt", "1…9"), "Choisir une autre lecture"),
    (("1…9",), "Choisir un assuré ou un motif de la liste"),
    (("Espace",), "Cocher, décocher"),
    (("Ctrl", "Entrée"), "Accepter la feuille"),
    (("Alt", "R"), "Refuser, avec un motif"),
    (("Alt", "N"), "Remettre en numérisation"),
    (("Alt", "Q"), "Mettre de côté"),
    (("F4",), "Chercher un autre dossier"),
    (("F6",), "Montrer ou cacher les champs vides"),
    (("F2",), "Feuille entière, puis retour au champ"),
    (("F8", "F9"), "Réduire, agrandir la feuille"),
    (("Page ↑", "Page ↓"), "Déplacer la feuille ; avec Maj, de côté"),
    (("?",), "Cette aide (F1 dans un champ de texte)"),
)


class Step:
    """A stop on the way, as the board shows it. `apart`: off the way."""

    def __init__(self, label: str, tone: str, *states: State, apart: bool = False) -> None:
        self.label, self.tone, self.apart = label, tone, apart
        self.states = [state.value for state in states]
        self.step = not apart and State.ORDONNANCE not in states

    def count(self, counts: dict[str, int]) -> int:
        return sum(counts.get(state, 0) for state in self.states)


S = State
WAY = (
    Step("Reçus, en lecture", "attente", S.RECU, S.EN_LECTURE),
    Step("À valider", "personne", S.A_VALIDER),
    Step("Validés, archivés", "attente", S.VALIDE, S.ARCHIVE),
    Step("À liquider", "personne", S.A_LIQUIDER),
    Step("Liquidés", "attente", S.LIQUIDE),
    Step("Terminés", "fini", S.ORDONNANCE, S.APPLIQUE, S.CLASSE),
    Step("Refusés", "refus", S.REFUSE, apart=True),
    Step("Rejetés", "refus", S.REJETE, apart=True),
    Step("Quarantaine", "alerte", S.QUARANTAINE, apart=True),
    Step("Scindés, écartés", "attente", S.SCINDE, S.ECARTE, apart=True),
)


@router.on("GET", "/", Permission.TABLEAU_LIRE)
def dashboard(
    request: Request,
    etat: Annotated[str, Query(max_length=200)] = "",
    apres: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """The board."""
    wanted = [name for name in etat.split(",") if name in labels.STATES]
    where = ([t.c.status.in_(wanted)] if wanted else []) + older_than(apres)
    store = request.app.state.store
    with store.begin() as conn:
        told = board.board(store, conn, *where, limit=50)
    step = next((step for step in WAY if step.states == wanted), None)
    label = step.label if step else ", ".join(labels.state(name).short for name in wanted)
    return page("board.html", "/", board=told, way=WAY, wanted=wanted, wanted_label=label)


@router.on("GET", "/documents", Permission.TABLEAU_LIRE)
def find_document(request: Request, id: Annotated[str, Query(max_length=80)] = "") -> Response:
    """From the search box: a whole number, or its first eight characters."""
    typed = id.strip().lower()
    if len(typed) < 4 or not set(typed) <= set("0123456789abcdef-"):
        raise Refused("introuvable")
    with request.app.state.store.begin() as conn:
        found = conn.execute(
            select(t.c.id).where(cast(t.c.id, Text).startswith(typed, autoescape=True)).limit(2)
        ).scalars()
        ids = list(found)
    if len(ids) != 1:
        raise Refused("introuvable")
    return RedirectResponse(f"/documents/{ids[0]}", 303)


@router.on("GET", "/documents/{id}", Permission.DOCUMENTS_LIRE)
def document_page(request: Request, actor: Who, id: str) -> Response:
    """One document: sheet, fields, findings, decision, proof, journal."""
    store = request.app.state.store
    with store.begin() as conn:
        row = access.visible(conn, actor, id)
        access.record(conn, actor, row.id)
        told = views.document(conn, actor, row)
        data = documents.all_data(conn, row.id)
        events = disclosure.journal(actor, journal.lines(conn, row.id))
        children = [documents.load(conn, child) for child in told["children"]]
        changed, decided = _changed(conn, actor, row, clock.today(store.settings))
    told |= {
        "archive": views.archive(store, row),
        "type_label": labels.type_of(row.type, row.status, row.reason),
        "page_count": told["pages"] or 0,
        "reason": None if told["withheld"] else (data.get("decision") or {}).get("reason"),
        "error": CATALOGUE.get(row.last_error or row.reason or ""),
        "image_faults": views.image_faults(data),
        "person": told["dossier"],
        "children": [
            {"id": c.id, "type_label": labels.type_of(c.type, c.status), "status": c.status.value}
            for c in children
        ],
        "sections": sections(told["reading"], views.answered(data)),
        "path": list(dict.fromkeys(labels.state(e.to_state).short for e in events if e.to_state)),
        "events": [event(e) for e in events],
    }
    fields = (told["reading"] or {}).get("fields", {}).values()
    told["filled"] = sum(f["value"] not in (None, False, "") for f in fields)
    told["blank"] = len(fields) - told["filled"]
    for each in told["payments"]:
        each["payee_shown"] = labels.payee(each["payee"])
    if told["decision"]:
        for line in told["decision"]["lines"]:
            line["code_shown"] = labels.DAYS.get(line["code"], line["code"])
            line["rate_shown"] = f"{line['rate'].replace('.', ',')}\u00a0%"
            line["retained_shown"] = (
                labels.amount(str(sum(map(views.euros, line["retained"].values()))))
                if line["retained"]
                else "—"
            )
        for days in (told["decision"]["cash"] or {}).get("lines", ()):
            days["kind_shown"] = labels.DAYS.get(days["kind"], days["kind"])
    anchors = [("preuve", "Preuve"), ("journal", "Journal")]
    if not told["withheld"]:
        anchors = [("constats", "Constats"), ("champs", "Champs"), *anchors]
    if told["decision"]:
        anchors.insert(0, ("decision", "Décision"))
    if changed:
        anchors.insert(0, ("changements", "Changements"))
    return page(
        "document.html",
        "",
        doc=told,
        anchors=anchors,
        until=None if told["withheld"] else (data.get(cash.UNTIL) or {}).get("until"),
        changed=changed,
        affected=decided,
        can_review=Permission.DECISIONS_CORRIGER in actor.permissions,
        can_validate=Permission.TACHES_TRAITER in actor.permissions,
        can_correct=Permission.DECISIONS_CORRIGER in actor.permissions and row.status in PAID_ENDS,
        can_read_decompte=Permission.DECOMPTES_LIRE in actor.permissions and actor.sees_everything,
        can_attest=Permission.DOSSIERS_ATTESTER in actor.permissions,
        can_read_dossier=Permission.DOSSIERS_LIRE in actor.permissions,
    )


def _changed(
    conn: Connection, actor: Actor, row: documents.DocumentRow, today: date
) -> tuple[tuple[Change, ...], tuple[affected.Affected, ...]]:
    """What a justificatif changed, for who may read dossiers; and past decisions to correct, for who may."""
    kept = propositions.kept(conn, row.id) if Permission.DOSSIERS_CHERCHER in actor.permissions else None
    if kept is None:
        return (), ()
    for id in kept.dossiers:
        accesses.record(conn, actor.name, "dossier", id, "consultation")
    if Permission.DECISIONS_CORRIGER not in actor.permissions:
        return kept.changes, ()
    return kept.changes, affected.of_document(conn, row.id, today, law.load())


def sections(
    reading: dict[str, Any] | None, answered: frozenset[str] = frozenset()
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The fields by section of the form, the blank ones left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    fields = (reading or {}).get("fields", {})
    document_type = (reading or {}).get("type")
    order = [entry.name for entry in validation.order_of(document_type or "") or validation.S3110J]
    for name in sorted(fields, key=lambda each: order.index(each) if each in order else len(order)):
        field = fields[name]
        if field["value"] in (None, False, "") and field["status"] != "review":
            continue
        words, entry = label_of(name, document_type), validation.entry_of(name)
        kind = {"birth": "date"}.get(entry.kind, entry.kind) if entry else None
        told = field | {
            "name": name,
            "label": words.label,
            "shown": labels.shown(field["value"], kind),
            "how": how_sure(field, name in answered),
            "percent": percent(field["probability"]),
        }
        found.setdefault(words.section, []).append(told)
    return list(found.items())


def how_sure(field: Mapping[str, Any], answered: bool) -> str:
    if field["status"] == "review":
        return "confirmé par le dossier" if answered else "à vérifier"
    return labels.certainty(field["probability"])


def percent(probability: float | None) -> str:
    if probability is None:
        return ""
    # never rounded up to a certainty that was not claimed
    return f"{int(probability * 1000) / 10:.1f}\u00a0%".replace(".", ",") if probability < 1 else "100\u00a0%"


EVENTS = {
    "effacement": "Effacé : les clés sont détruites",
    "correction": "Décision corrigée",
    "indu": "Somme à récupérer : suivi",
    "paiement": "Jours échus décidés et ordonnés",
    "rejet_regle": "Rejet réglé par une personne",
}


def event(line: journal.Line) -> dict[str, Any]:
    """A line of the journal, in a sentence."""
    if line.from_state and line.to_state:
        sentence = f"{labels.state(line.from_state).short} → {labels.state(line.to_state).short}"
    elif line.to_state:
        sentence = labels.state(line.to_state).long
    else:
        sentence = EVENTS.get(line.event, line.event)
    return {"at": line.at, "sentence": sentence, "actor_label": actor_label(line.actor)}


def actor_label(actor: str) -> str:
    kind, _, rest = actor.partition(":")
    known = {
        "local": "cette machine",
        "liasse": f"étape {rest}",
        "valideur": "un agent",
        "station": "une station",
        "assure": "l'assuré",
        "dossier_surveille": "dossier surveillé",
    }
    return known.get(kind, kind)


@router.on("GET", "/valider", Permission.TACHES_TRAITER)
def workbench(request: Request, document: UUID | None = None) -> Response:
    """The workbench; its script takes the tasks."""
    forms = {
        kind: [
            {
                "name": e.name,
                "kind": e.kind,
                "length": e.length,
                "label": label_of(e.name, kind).label,
                "section": label_of(e.name, kind).section,
            }
            for e in order
        ]
        for kind, order in validation.ORDERS.items()
    }
    return page(
        "bench.html",
        "/valider",
        document=document,
        types=json.dumps(labels.TYPES),
        forms=json.dumps(forms),
        changing=json.dumps(TYPES),
        making=MAKES_A_DOSSIER,
        keys=KEYS,
    )


@router.on("GET", "/dossiers", Permission.DOSSIERS_CHERCHER)
def dossiers_page(request: Request) -> Response:
    """Where a dossier is looked for; its script asks the API, so that no name is in an address."""
    return page("dossiers.html", "/dossiers")


@router.on("GET", "/dossiers/{id}", Permission.DOSSIERS_LIRE)
def dossier_page(
    request: Request,
    actor: Who,
    id: str,
    jour: Annotated[date | None, Query()] = None,
    apres: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """One person: rights of the day and why, what is dated, what came and was decided."""
    store = request.app.state.store
    with store.begin() as conn:
        told = dossier.read(conn, actor.name, id, jour or clock.today(store.settings), law.load(), apres)
    can_attest = Permission.DOSSIERS_ATTESTER in actor.permissions and told["rights"]["is_open"]
    return page("dossier.html", "/dossiers", d=told, can_attest=can_attest)


@router.on("GET", "/errors", Permission.SERVICE_LIRE)
def errors(request: Request) -> Response:
    """Every code, its sentence and what to do."""
    return page("errors.html", "", codes=sorted(CATALOGUE.items()))
