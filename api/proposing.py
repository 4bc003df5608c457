"""What a justificatif would change, told before it is accepted."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection

import law
import validation
from api import labels
from api.schema_base import Said
from checks.justificatifs import TYPES
from domain.errors import Refused
from domain.reading import FieldReading, Value
from rights.propositions import Proposal
from store import cases, people, propositions
from store.documents import DocumentRow


class ChangeOut(Said):
    """Un changement du dossier ; l'ancienne valeur est gardée, avec sa période."""

    part: str
    label: str
    old: str | None
    new: str
    effect: date
    effect_shown: str
    article: str
    sentence: str


class ReasonOut(Said):
    code: str
    message: str
    article: str | None = None


class ProposalOut(Said):
    """`reasons` : ce qui empêche de l'appliquer. Ni changement ni raison : rien ne change."""

    changes: list[ChangeOut]
    reasons: list[ReasonOut]
    notes: list[str]


def of_task(
    conn: Connection,
    row: DocumentRow,
    today: date,
    *,
    kind: str | None = None,
    typed: Mapping[str, Value] | None = None,
    insured_id: str | None = None,
) -> dict[str, Any] | None:
    """The proposal of a document, with what was typed since; None for a type that changes nothing, or
    while nobody is designated. Raises Refused("champ_inconnu", "valeur_invalide")."""
    asked, person = kind or row.type or "", insured_id or row.insured_id
    if asked not in TYPES or person is None:
        return None
    fields: Mapping[str, FieldReading] = validation.apply(cases.fields_of(conn, row.id), typed or {})
    try:
        insured = people.insured(conn, person)
    except Refused:
        raise Refused("assure_a_designer", "Ce dossier n'existe pas.") from None
    return _told(propositions.proposal(conn, row, asked, fields, insured, today, law.load()))


def _told(found: Proposal) -> dict[str, Any]:
    return {
        "changes": [asdict(each) | {"effect_shown": labels.day(each.effect)} for each in found.changes],
        "reasons": [{"code": r.code, "message": r.message, "article": r.article} for r in found.reasons],
        "notes": list(found.notes),
    }
