"""Everything that the checks look at for one document, gathered from the database.

The worker gathers after a reading, the api after a person's answer: the same rules over the same case.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

import law as law_room
from checks import Case, days_of_care, interpret
from domain.claim import Rights
from domain.people import Insured, Practitioner
from domain.reading import FieldReading, field_from_json
from dossiers import (
    Identification,
    identify,
    match_practitioner,
    practitioner_queries,
    queries,
)
from rights import open_rights
from store import bodies, contents, money, people
from store.documents import DocumentRow


@dataclass(frozen=True, slots=True)
class Gathered:
    """`case` for checks.run, and who was found on the way."""

    case: Case
    identification: Identification
    insured: Insured | None
    practitioner: Practitioner | None


def gather(
    conn: Connection,
    document: DocumentRow,
    fields: Mapping[str, FieldReading],
    law: law_room.Law,
    today: date,
    *,
    insured_id: str | None = None,
) -> Gathered:
    """The case of a sheet. `insured_id`: whom a person has designated; nobody is then guessed.

    Raises Refused("introuvable") where that person is in no dossier.
    """
    found = people.candidates(conn, queries(fields))
    size, _ = people.count(conn)
    identification = identify(fields, found, population=max(1, size))
    insured = people.insured(conn, insured_id) if insured_id else identification.certain
    professionals = people.practitioners_for(conn, practitioner_queries(fields))
    practitioner = match_practitioner(fields, professionals).certain
    claim = interpret(fields, insured, practitioner, document.id, document.received_on)
    case = Case(
        fields=fields,
        law=law,
        received_on=document.received_on,
        today=today,
        reading_type=document.type or "inconnu",
        identification=None if insured_id else identification,
        insured=insured,
        practitioner=practitioner,
        rights_by_day=rights_on(insured, days_of_care(fields), law) if insured else {},
        claim=claim,
        same_acts=money.history(conn, insured.id, without=document.id).acts if insured else (),
        same_bytes_elsewhere=len(contents.senders_of(conn, document.content_sha256)) > 1,
    )
    return Gathered(case, identification, insured, practitioner)


def rights_on(insured: Insured, days: Iterable[date], law: law_room.Law) -> dict[date, Rights]:
    """The rights of the insured on each of these days of care."""
    found: dict[date, Rights] = {}
    for day in days:
        # a day that the law's files do not cover has no rights here: liquidation says so by name
        with suppress(law_room.NotCovered):
            found.setdefault(day, open_rights(insured, day, law))
    return found


def fields_of(conn: Connection, document_id: str) -> dict[str, FieldReading]:
    """The fields as they stand: a person's values where there are some, else the reading's."""
    values = bodies.data(conn, document_id, "values")
    if values is None:
        reading = bodies.data(conn, document_id, "reading")
        values = reading["documents"][0]["fields"] if reading else {}
    return {name: field_from_json(each) for name, each in values.items()}
