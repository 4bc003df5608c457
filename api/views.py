"""A document as the API and its page tell it, put together from its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from api import disclosure, labels
from api.cash import cash_out
from api.permissions import Actor
from domain.errors import CATALOGUE
from domain.flow import State
from domain.money import euros
from domain.people import Insured
from liquidation.corrections import standing
from store import cash, debts, documents, lots, money, payments, people, tasks
from store.documents import DocumentRow
from store.house import Store


def fields_of(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields as they stand: a person's values where there are any, else what was read."""
    if data.get("values"):
        return dict(data["values"])
    return dict((first_of(data) or {}).get("fields", {}))


def first_of(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What was read of this document: the one that its pages make."""
    found: Sequence[Mapping[str, Any]] = (data.get("reading") or {}).get("documents", ())
    return found[0] if found else None


def document(conn: Connection, actor: Actor, row: DocumentRow) -> dict[str, Any]:
    """All that the contract says of a document, as far as `actor` may know it (`disclosure`); what the archive
    holds of it is asked apart, outside any transaction (`archive`)."""
    data = documents.all_data(conn, row.id)
    told = disclosure.tells_content(conn, actor, row)
    shown = _followed(conn, row, data) | {
        "reason": row.reason or (_words(row, data) if told else None),
        "withheld": None if told else disclosure.WITHHELD,
        "reading": _reading(row, data) if told else None,
        "findings": disclosure.findings(actor, told, data.get("findings")),
    }
    if told:
        shown |= _decided(conn, row)
    return shown | (_for_an_agent(conn, row, data) if actor.sees_everything else {"retained": [], "indus": []})


def _followed(conn: Connection, row: DocumentRow, data: Mapping[str, Any]) -> dict[str, Any]:
    """What anyone who sent it sees; and nothing of all the rest."""
    return {
        "id": row.id,
        "parent": row.parent_id,
        "children": [child.id for child in documents.children(conn, row.id)],
        "lot": row.lot_id,
        "type": row.type,
        "status": row.status.value,
        "terminal": documents.is_terminal(conn, row),
        "where": where(row.status, row.reason, row.last_error),
        "error": row.last_error,
        "sha256": row.content_sha256,
        "received_at": row.received_at,
        "pages": page_count(conn, row, data),
        "dossier": None,
        "task": None,
        "archive": None,
        "not_computed": [],
        "payments": [],
        "retained": [],
        "corrections": [],
        "indus": [],
        "decision": None,
    }


def _for_an_agent(conn: Connection, row: DocumentRow, data: Mapping[str, Any]) -> dict[str, Any]:
    task = tasks.of_document(conn, row.id)
    return {
        "dossier": dossier(conn, row, data),
        "task": {"id": task.id, "kind": task.kind} if task else None,
        "not_computed": data.get("not_computed") or [],
    }


def _words(row: DocumentRow, data: Mapping[str, Any]) -> str | None:
    """Of who refused it."""
    return (data.get("decision") or {}).get("reason") if row.status is State.REFUSE else None


def page_count(conn: Connection, row: DocumentRow, data: Mapping[str, Any]) -> int | None:
    """Its own, as they were read or found, and the verso of a lot's sheet."""
    back = int(row.lot_id is not None and lots.verso(conn, row.id) is not None)
    if data.get("reading"):
        return len(data["reading"]["pages"]) + back
    return len(row.pages) + back if row.pages else None


def image_faults(data: Mapping[str, Any]) -> list[str]:
    """What is wrong with the pictures that were read, a sentence a page."""
    pages = (data.get("reading") or {}).get("pages", ())
    found = [labels.IMAGE_FAULTS.get((page.get("quality") or {}).get("verdict")) for page in pages]
    return [
        f"Page {number}. {sentence}" if len(pages) > 1 else sentence
        for number, sentence in enumerate(found, 1)
        if sentence is not None
    ]


def _reading(row: DocumentRow, data: Mapping[str, Any]) -> dict[str, Any] | None:
    if not data.get("reading") and not data.get("values"):
        return None
    return {
        "type": row.type,
        "form": row.form,
        "fields": {name: field_out(row, each) for name, each in fields_of(data).items()},
    }


def field_out(row: DocumentRow, field: Mapping[str, Any]) -> dict[str, Any]:
    """Without what serves the machine alone (the cells of a comb); its page counted from the first of
    the document's own."""
    page = field.get("page", 0)
    return {
        "value": field.get("value"),
        "status": field.get("status", "empty"),
        "probability": field.get("probability"),
        "alternatives": [
            {"value": str(a["value"]), "probability": a["probability"]} for a in field.get("alternatives", ())
        ],
        "page": row.pages.index(page) if row.pages and page in row.pages else page,
        "box": list(field.get("box") or ()),
        "form_box_mm": list(field["form_box_mm"]) if field.get("form_box_mm") else None,
    }


def dossier(conn: Connection, row: DocumentRow, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The person that the document is taken to be about."""
    if row.insured_id is None:
        return None
    match = next((m for m in ranked(data) if m["insured_id"] == row.insured_id), {})
    return person(people.insured(conn, row.insured_id), match)


def answered(data: Mapping[str, Any]) -> frozenset[str]:
    """Fields whose doubt asks nobody: the dossiers answered it when the sheet was read."""
    return frozenset((data.get("identification") or {}).get("answered", ()))


def ranked(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (data.get("identification") or {}).get("ranked", ())


def person(insured: Insured, match: Mapping[str, Any]) -> dict[str, Any]:
    use = f", nom d'usage {insured.use_name}" if insured.use_name else ""
    return {
        "id": insured.id,
        "name": f"{insured.birth_name} {insured.first_names}{use}",
        "birth_date": insured.birth_date,
        "nir": insured.nir,
        "probability": match.get("probability"),
        "reasons": list(match.get("reasons", ())),
    }


def archive(store: Store, row: DocumentRow) -> dict[str, Any] | None:
    if row.manifest_sha256 is None:
        return None
    found = store.objects.list("archive", f"documents/{row.id}/")
    return {
        "objects": [each.key for each in found],
        "manifest_sha256": row.manifest_sha256,
        "retain_until": row.retain_until,
    }


def _decided(conn: Connection, row: DocumentRow) -> dict[str, Any]:
    """What is decided in the end: the lines of the last decision, what all of them pay together."""
    chain = money.decisions_of(conn, row.id)
    if not chain:
        return {}
    decision = standing([each.decision for each in chain])
    orders = payments.of_document(conn, row.id)
    return {
        "decision": {
            "id": chain[-1].id,
            "decided_on": decision.decided_on,
            "lines": [line_out(line) for line in decision.lines],
            "total": str(euros(decision.total)),
            "trace": [trace_out(each) for each in decision.trace],
            "cash": cash_out(cash.record(conn, row.id)),
        },
        "payments": [
            {
                "id": order.id,
                "amount": str(euros(order.net)),
                "payee": order.payee_kind
                if order.payee_kind == "assure"
                else f"{order.payee_kind} {order.payee_id}",
            }
            for order in orders
        ],
        "retained": [
            {
                "order": order.id,
                "kind": each.kind,
                "indu": each.indu_id,
                "amount": str(euros(each.amount)),
                "care_day": each.care_day,
            }
            for order in orders
            for each in order.retained
        ],
        "corrections": [
            {
                "id": each.id,
                "nature": each.nature,
                "decided_on": each.decision.decided_on,
                "difference": str(euros(each.decision.total)),
            }
            for each in chain[1:]
        ],
        "indus": [
            {"id": each.id, "amount": str(euros(each.amount)), "asked": str(euros(each.asked))}
            for each in debts.of_document(conn, row.id)
        ],
    }


def line_out(line: Any) -> dict[str, Any]:
    return {
        "line": line.line,
        "code": line.code,
        "day": line.day,
        "fee": str(line.fee),
        "base": str(line.base),
        "rate": f"{line.rate.normalize():f}",
        "gross": str(line.gross),
        "retained": {name: str(amount) for name, amount in line.retained.items()},
        "paid": str(line.paid),
        "trace": [trace_out(each) for each in line.trace],
    }


def trace_out(line: Any) -> dict[str, Any]:
    return {
        "article": line.article,
        "sentence": line.sentence,
        "parameter": line.parameter,
        "value": line.value,
        "since": line.since,
        "amount": None if line.amount is None else str(line.amount),
        "certainty": line.certainty,
        "contested": line.contested,
    }


def where(status: str, reason: str | None, error: str | None) -> str:
    """Where a document stands, in a sentence."""
    if status == State.ECARTE:
        return f"Écarté : {labels.REASONS.get(reason or '', reason or 'sans motif')}. Gardé avec le lot."
    code = error or reason
    if status in (State.REJETE, State.QUARANTAINE) and code in CATALOGUE:
        return CATALOGUE[code].sentence
    return labels.state(status).long
