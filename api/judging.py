"""A task put before a person, and what her answer makes of the document."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

import law
import validation
from api import labels, views
from api.fields import label_of
from api.permissions import Actor
from api.schemas import DecisionIn
from checks import run
from domain.errors import Refused
from domain.findings import Finding, Severity
from domain.flow import FLOW, State
from domain.reading import FieldReading, field_from_json
from store import cases, clock, documents, journal, money, people, tasks
from store.documents import DocumentRow
from store.house import Store
from store.tasks import Task
from validation.decisions import OF_A_DOSSIER
from validation.shown import BLANK

TO_VALIDATE = "validation"
"""The kind of task of a document that waits in A_VALIDER."""
PAID = "feuille_soins_medecin"
RESCAN = "a_renumeriser"
MOST_CANDIDATES = 6


def shown(conn: Connection, task: Task, row: DocumentRow) -> dict[str, Any]:
    """A task as the workbench shows it: every field of the form, in its order, with its mark."""
    data = documents.all_data(conn, row.id)
    readings = _readings(data)
    findings = [_finding(each) for each in data.get("findings") or ()]
    order = validation.order_of(row.type or "")
    marked = validation.fields_to_show(readings, findings, order, answered=views.answered(data))
    asked = {each.name: each for each in marked}
    names = [entry.name for entry in order] + [name for name in readings if name not in _known(order)]
    return {
        "id": task.id,
        "version": task.version,
        "document": row.id,
        "type": row.type or "inconnu",
        "received_at": row.received_at,
        "received_shown": f"reçu le {labels.day(row.received_on)}",
        "page_count": views.page_count(conn, row, data) or 1,
        "image_faults": views.image_faults(data),
        "keyed_whole": validation.keyed_whole(readings),
        "fields": {name: _field(row, name, readings.get(name), asked.get(name)) for name in names},
        "findings": [asdict(each) for each in findings],
        "identification": _identification(conn, row, data),
        "lease_until": task.lease_until,
    }


def _known(order: Any) -> set[str]:
    return {entry.name for entry in order}


def _readings(data: Mapping[str, Any]) -> dict[str, FieldReading]:
    return {name: field_from_json(each) for name, each in views.fields_of(data).items()}


def _finding(said: Mapping[str, Any]) -> Finding:
    return Finding(
        said["code"], Severity(said["severity"]), said["message"], said.get("field"), said.get("article")
    )


def _field(
    row: DocumentRow, name: str, reading: FieldReading | None, asked: validation.Shown | None
) -> dict[str, Any]:
    words, entry = label_of(name, row.type), validation.entry_of(name)
    told = views.field_out(row, asdict(reading or BLANK))
    kind = asked.kind if asked else entry.kind if entry else "block"
    return told | {
        "label": words.label,
        "section": words.section,
        "kind": kind,
        "length": entry.length if entry else None,
        "mark": asked.mark if asked else "vide",
    }


def _identification(conn: Connection, row: DocumentRow, data: Mapping[str, Any]) -> dict[str, Any]:
    candidates = []
    for match in views.ranked(data)[:MOST_CANDIDATES]:
        try:
            candidates.append(views.person(people.insured(conn, match["insured_id"]), match))
        except Refused:  # a dossier that is gone since
            continue
    return {
        "certain": row.insured_id is not None,
        "absent": (data.get("identification") or {}).get("absent"),
        "candidates": candidates,
    }


def resumable(row: DocumentRow, came_from: State | None) -> tuple[State, ...]:
    """Where a person may send a document that stopped: back where it came from; while nothing of it
    is sealed, to be keyed by hand or given up."""
    if row.status is State.A_LIQUIDER:
        return FLOW[State.A_LIQUIDER].to
    if row.status is not State.QUARANTAINE:
        return ()
    back = (came_from,) if came_from else ()
    unsealed = (State.A_VALIDER, State.REJETE) if row.manifest_sha256 is None else ()
    return tuple(dict.fromkeys(to for to in (*back, *unsealed) if to in FLOW[State.QUARANTAINE].to))


def came_from(conn: Connection, document_id: str) -> State | None:
    """The state before the present one, by the journal."""
    found = journal.came_from(conn, [document_id]).get(document_id)
    return State(found) if found else None


def decide(store: Store, conn: Connection, actor: Actor, task_id: str, asked: DecisionIn) -> DocumentRow:
    """The decision, the values, the checks done again and the move, in the caller's transaction.

    Raises Refused: introuvable, tache_perimee, tache_non_tenue, motif_absent, champ_inconnu,
    valeur_invalide, assure_a_designer, etat_change.
    """
    task = tasks.load(conn, task_id)
    if task.document_id is None or task.kind != TO_VALIDATE:
        raise Refused("introuvable")
    key = store.vault.new_key(task.document_id)  # before any row is locked: the object store may be slow
    # the version first: what was typed against an old one is not judged
    task = tasks.decide(conn, task_id, actor.name, asked.version, asked.action)
    row = documents.load(conn, task.document_id or "", lock=True)
    kind = asked.type or row.type or "inconnu"
    insured_id = asked.insured_id or row.insured_id
    action = validation.check_decision(
        asked.action, asked.reason, insured_known=insured_id is not None, needs_insured=kind in OF_A_DOSSIER
    )
    if asked.type is not None and asked.type != row.type:
        if asked.type not in labels.TYPES:
            raise Refused("requete_invalide", "Ce type de document est inconnu.")
        documents.set_type(conn, row.id, asked.type, row.form)
        row = documents.load(conn, row.id)
    seen = _seen(conn, row, asked)
    if action is validation.Action.ACCEPT:
        _accept(store, conn, row, asked, insured_id)
    elif asked.fields:
        # what was typed before a refusal stands too: the letter quotes it
        _keep_values(conn, row, asked)
    said = {"action": action.value, "reason": asked.reason, "fields": dict(asked.fields)}
    facts = {"reason": RESCAN} if action is validation.Action.RESCAN else {}
    told = {"action": action.value, "reason": asked.reason, "by": actor.name, "at": clock.now().isoformat()}
    # what was on her screen: a double that appeared since is none that she accepted
    documents.save(conn, row.id, "decision", told | {"seen": seen})
    documents.advance(
        conn,
        row.id,
        State.A_VALIDER,
        validation.next_state(action),
        actor=actor.name,
        payload=journal.seal_payload(key, said),
        hashes={"action": action.value, "task": task.id},
        **facts,
    )
    return documents.load(conn, row.id)


def _seen(conn: Connection, row: DocumentRow, asked: DecisionIn) -> list[list[str | None]]:
    """(code, field) of each finding on her screen that her corrections leave as it was."""
    data = documents.all_data(conn, row.id)
    readings = _readings(data)
    moved = {name for name, value in asked.fields.items() if value != readings.get(name, BLANK).value}
    if asked.insured_id not in (None, row.insured_id) or any(name.startswith("medecin_") for name in moved):
        return []
    lines = {name.partition("_")[0] for name in moved}
    found = [(each["code"], each.get("field")) for each in data.get("findings") or ()]
    return [[code, field] for code, field in found if (field or "").partition("_")[0] not in lines]


def _keep_values(conn: Connection, row: DocumentRow, asked: DecisionIn) -> dict[str, FieldReading]:
    values = validation.apply(_readings(documents.all_data(conn, row.id)), asked.fields)
    documents.save(conn, row.id, "values", {name: asdict(each) for name, each in values.items()})
    return values


def _accept(
    store: Store, conn: Connection, row: DocumentRow, asked: DecisionIn, insured_id: str | None
) -> None:
    """The same rules as after the reading, over what the person says is on the paper."""
    values = _keep_values(conn, row, asked)
    if insured_id is not None:
        try:
            people.insured(conn, insured_id)
        except Refused:
            raise Refused("assure_a_designer", "Ce dossier n'existe pas.") from None
        documents.set_insured(conn, row.id, insured_id)
    gathered = cases.gather(conn, row, values, law.load(), clock.today(store.settings), insured_id=insured_id)
    documents.save(conn, row.id, "findings", [asdict(each) for each in run(gathered.case)])
    if gathered.case.claim is not None and row.type == PAID:
        money.save_claim(conn, gathered.case.claim)
    else:
        money.forget_claim(conn, row.id)  # the reading's claim is not what she says
