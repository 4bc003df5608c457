"""Stage `liquider` of a justificatif: what it changes, as an agent accepted it, is written into the
dossier in the transaction that ends it; the journal's line keeps the old value and the new."""

from sqlalchemy import Connection

from domain.flow import State
from domain.people import Insured
from domain.plain import to_plain
from store import cases, propositions
from store.documents import DocumentRow
from workers.house import House
from workers.runner import Conclusion, Outcome
from workers.waiting import for_a_person, of_the_insured, settled


def appliquer(house: House, document: DocumentRow) -> Conclusion:
    """Applied, or closed where nothing changes, or a person's with the reasons."""

    def decide(conn: Connection, insured: Insured) -> Outcome:
        found = propositions.proposal(
            conn, document, document.type or "", cases.fields_of(conn, document.id), insured, house.today,
            house.law,
        )  # fmt: skip
        if found.reasons:
            return for_a_person(conn, document, found.reasons)
        settled(conn, document.id)
        if not found.changes:
            return Outcome(State.CLASSE, hashes={"because": "rien_ne_change"})
        propositions.apply(conn, found.after)
        return Outcome(
            State.APPLIQUE,
            said={"changes": [to_plain(change) for change in found.changes]},
            hashes={"changes": [change.part for change in found.changes], "law": house.law.version},
        )

    return of_the_insured(document, decide)
