"""Stage `liquider` of a justificatif: what it changes, as an agent accepted it, is written into the
dossier in the transaction that ends it; the journal's line keeps the old value and the new."""

from collections.abc import Mapping

from sqlalchemy import Connection

from checks.justificatifs import NOTIFIED
from domain.errors import Refused
from domain.flow import State
from domain.people import Insured
from domain.plain import to_plain
from domain.reading import FieldReading
from rights.propositions import Proposal
from store import cases, documents, outbox, people, propositions
from store.documents import DocumentRow
from workers.house import House
from workers.runner import Conclusion, Outcome
from workers.waiting import UNNAMED, for_a_person, settled


def appliquer(house: House, document: DocumentRow) -> Conclusion:
    """Applied, or closed where nothing changes, or a person's with the reasons."""

    def conclude(conn: Connection) -> Outcome:
        fields, insured = cases.fields_of(conn, document.id), _insured(conn, document)
        foreseen = _proposal(house, conn, document, fields, insured)
        if foreseen is None:
            return for_a_person(conn, document, (UNNAMED,))
        propositions.lock(conn, foreseen, fields, insured)
        found = _proposal(house, conn, document, fields, _insured(conn, document))
        if found is None or _known(conn, found) - _known(conn, foreseen):
            raise Refused("etat_change")  # another changed the family meanwhile: tried again
        if found.reasons:
            return for_a_person(conn, document, found.reasons)
        settled(conn, document.id)
        if not found.changes:
            return Outcome(State.CLASSE, hashes={"because": "rien_ne_change"})
        propositions.apply(conn, found)
        propositions.keep(conn, document.id, found)
        if document.insured_id is None:
            documents.set_insured(conn, document.id, found.after.id)
        if document.type in NOTIFIED and {each.part for each in found.changes} != {"adresse"}:
            outbox.add(conn, "courrier", document_id=document.id, body={"change": document.id})
        return Outcome(
            State.APPLIQUE,
            said={"changes": [to_plain(change) for change in found.changes],
                  "keys": propositions.keys(conn, found)},
            hashes={"changes": [change.part for change in found.changes], "law": house.law.version,
                    "dossiers": sorted(propositions.ids(found))},
        )  # fmt: skip

    return conclude


def _insured(conn: Connection, document: DocumentRow) -> Insured | None:
    return people.insured(conn, document.insured_id) if document.insured_id is not None else None


def _proposal(
    house: House,
    conn: Connection,
    document: DocumentRow,
    fields: Mapping[str, FieldReading],
    insured: Insured | None,
) -> Proposal | None:
    kind = document.type or ""
    return propositions.proposal(conn, document, kind, fields, insured, house.today, house.law)


def _known(conn: Connection, found: Proposal) -> set[str]:
    return {id for id in propositions.ids(found) if propositions.exists(conn, id)}
