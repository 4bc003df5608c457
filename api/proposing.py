"""What a justificatif would change, told before it is accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy import Connection

import law
import validation
from api import labels
from api.schema_base import Euros, Said
from checks.justificatifs import TYPES
from domain.errors import Refused
from domain.reading import FieldReading, Value
from rights.propositions import Proposal
from store import affected, cases, people, propositions
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
    person: str | None = Field(description="De qui est le dossier, si ce n'est pas celui du document.")


class ReasonOut(Said):
    code: str
    message: str
    article: str | None = None


class AffectedOut(Said):
    """Une décision prise que le changement rendrait autre ; `difference` est nul si rien ne se calcule."""

    document: str
    care_day: date
    care_day_shown: str
    paid: Euros
    difference: Euros | None
    message: str


class ProposalOut(Said):
    """`reasons` : ce qui empêche de l'appliquer. Ni changement ni raison : rien ne change."""

    changes: list[ChangeOut]
    reasons: list[ReasonOut]
    notes: list[str]
    affected: list[AffectedOut] = Field(description="Décisions déjà prises, qui seraient autres.")


def out(found: affected.Affected) -> dict[str, Any]:
    return {
        "document": found.document_id,
        "care_day": found.day,
        "care_day_shown": labels.day(found.day),
        "paid": str(found.paid),
        "difference": None if found.difference is None else str(found.difference),
        "message": found.message,
    }


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
    if asked not in TYPES:
        return None
    fields: Mapping[str, FieldReading] = validation.apply(cases.fields_of(conn, row.id), typed or {})
    try:
        insured = people.insured(conn, person) if person is not None else None
    except Refused:
        raise Refused("assure_a_designer", "Ce dossier n'existe pas.") from None
    texts = law.load()
    found = propositions.proposal(conn, row, asked, fields, insured, today, texts)
    if found is None:
        return None
    return _told(found, () if found.reasons else affected.by(conn, found, today, texts)) | {
        "dossiers": [each.id for each in found.others if propositions.exists(conn, each.id)]
    }


def _told(found: Proposal, decided: Sequence[affected.Affected]) -> dict[str, Any]:
    return {
        "affected": [out(each) for each in decided],
        "changes": [asdict(each) | {"effect_shown": labels.day(each.effect)} for each in found.changes],
        "reasons": [{"code": r.code, "message": r.message, "article": r.article} for r in found.reasons],
        "notes": list(found.notes),
    }
