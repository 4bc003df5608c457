"""What is not computed goes to a person, with its reasons, and goes on by itself once what it waits for
is there."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import Connection

from domain.claim import NotComputed
from domain.flow import State
from domain.people import Insured
from domain.plain import to_plain
from store import bodies, cash, documents, money, people, tasks
from store.documents import DocumentRow
from workers.house import House
from workers.runner import Conclusion, Outcome

UNNAMED = NotComputed("demande_incomplete", "Aucun assuré n'est désigné : rien ne se calcule.")
TASK = "a_liquider"
ACTOR = "liasse:liquider"


def of_the_insured(document: DocumentRow, decide: Callable[[Connection, Insured], Outcome]) -> Conclusion:
    """`decide`, under the lock of the insured whom the document names: what one decides, the next reads."""

    def conclude(conn: Connection) -> Outcome:
        if document.insured_id is None:
            return for_a_person(conn, document, (UNNAMED,))
        money.lock_insured(conn, document.insured_id)
        return decide(conn, people.insured(conn, document.insured_id))

    return conclude


def for_a_person(
    conn: Connection, document: DocumentRow, reasons: Iterable[NotComputed], until: date | None = None
) -> Outcome:
    """`until`: the last day on which nothing can be done; the morrow it is tried again."""
    told = tuple(reasons)
    bodies.save(conn, document.id, "not_computed", told)
    cash.wait(conn, document.id, until)
    tasks.open_task(conn, document.id, TASK)
    return Outcome(
        State.A_LIQUIDER,
        said={"reasons": to_plain(told), "until": until.isoformat() if until else None},
    )


def settled(conn: Connection, document_id: str) -> None:
    """It waits for nothing any more."""
    bodies.remove(conn, document_id, "not_computed")
    bodies.remove(conn, document_id, cash.UNTIL)


def wake(conn: Connection, document_ids: Iterable[str], because: str) -> None:
    """Back to be liquidated, by itself: documents that the caller has locked."""
    for document_id in document_ids:
        tasks.close_without(conn, document_id)
        documents.advance(
            conn, document_id, State.A_LIQUIDER, State.ARCHIVE, actor=ACTOR, hashes={"because": because}
        )


def wake_due(house: House) -> int:
    """Those whose days are over by now; how many."""
    with house.store.begin() as conn:
        found = cash.due(conn, house.today)
        wake(conn, found, "jours_echus")
    return len(found)
