"""What a justificatif would change, with whom the database knows around the person; and the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, update

from checks import droits
from checks.case import text_of
from checks.justificatifs import propose
from domain.errors import Refused
from domain.people import Insured
from domain.reading import FieldReading
from law import Law
from rights.propositions import Change, Proposal
from store import bodies, money, people
from store.documents import DocumentRow
from store.tables import insured as t

KIND = "changes"


def proposal(
    conn: Connection,
    document: DocumentRow,
    document_type: str,
    fields: Mapping[str, FieldReading],
    insured: Insured | None,
    today: date,
    law: Law,
) -> Proposal | None:
    """None: nobody is designated, and the paper makes no dossier."""
    around = _around(conn, fields, insured)
    return propose(document_type, fields, insured, around, document.received_on, today, law)


def _around(conn: Connection, fields: Mapping[str, FieldReading], insured: Insured | None) -> droits.Around:
    rpps, am = text_of(fields, "medecin_rpps"), text_of(fields, "medecin_am")
    doctor = people.practitioner(conn, rpps=rpps) if rpps else None
    if doctor is None and am:
        doctor = people.practitioner(conn, am=am)
    if insured is None:
        return droits.Around(
            doctor, named=tuple(people.of_numbers(conn, [text_of(fields, "beneficiaire_nir")]))
        )
    named = people.of_numbers(conn, droits.numbers(fields))
    opened = [*people.opened_by(conn, insured), *(c for each in named for c in people.opened_by(conn, each))]
    mine = tuple(each for each in opened if each.assure_nir == insured.nir)
    return droits.Around(doctor, mine, (*named, *(each for each in opened if each not in mine)))


def lock(
    conn: Connection, found: Proposal, fields: Mapping[str, FieldReading], insured: Insured | None
) -> None:
    """Hold every dossier that it changes, and those around it: of two parents who ask at once for one child
    without a dossier, the second finds it made. Ayants droit first, as a correction does, then by id.
    Nothing was locked before."""
    around = _around(conn, fields, insured)
    people = {each.id: each for each in (found.after, *found.others, *around.family, *around.named)}
    for each in sorted(people.values(), key=lambda one: (one.quality == "10", one.id)):
        if exists(conn, each.id):
            money.lock_insured(conn, each.id)


def exists(conn: Connection, insured_id: str) -> bool:
    return conn.execute(select(t.c.id).where(t.c.id == insured_id)).one_or_none() is not None


def apply(conn: Connection, found: Proposal) -> None:
    """Write the dossiers, under `lock`; those that are new are made. Raises Refused("etat_change") where
    another made one meanwhile."""
    for each in (found.after, *found.others):
        _write(conn, each)


def _write(conn: Connection, after: Insured) -> None:
    columns = people.columns(after)
    if conn.execute(update(t).where(t.c.id == after.id).values(columns)).rowcount == 1:
        return
    if not people.make(conn, after):
        raise Refused("etat_change")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an applied justificatif changed, and in which dossiers."""

    changes: tuple[Change, ...]
    dossiers: tuple[str, ...]


def keep(conn: Connection, document_id: str, found: Proposal) -> None:
    save(conn, document_id, Kept(found.changes, tuple(sorted(ids(found)))))


def save(conn: Connection, document_id: str, told: Kept) -> None:
    bodies.save(conn, document_id, KIND, told)


def keys(conn: Connection, found: Proposal) -> dict[str, str]:
    """Of its dossiers, by id: what they are known by where they are loaded again under other ids."""
    rows = conn.execute(select(t.c.id, t.c.natural_key).where(t.c.id.in_(ids(found))))
    return {row.id: row.natural_key for row in rows}


def kept(conn: Connection, document_id: str) -> Kept | None:
    """None where the document changed nothing, or was rebuilt and its key destroyed."""
    found: Kept | None = bodies.data(conn, document_id, KIND, Kept)
    return found


def ids(found: Proposal) -> set[str]:
    return {found.after.id, *(each.id for each in found.others)}
