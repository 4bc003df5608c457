"""A past decision computed anew from what is kept of it: the case in the journal's line that told it, beside
the decision, encrypted under the document's key, as long as the journal itself.

The dossier, the sheet and what was paid since may have changed; the case has not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from checks import prestations
from domain.claim import Decision
from domain.errors import LiasseError, Refused
from law import Law
from liquidation import CODE_VERSION, case
from liquidation.corrections import correction, difference, standing
from liquidation.especes import case as especes
from store import journal, money
from store.crypt import Tampered
from store.documents import known
from store.house import Store
from store.money import StoredDecision
from store.tables import decisions
from store.vault import KeyErased

CASE = "case"
"""What a line of the journal that decides calls the case that it decided."""


def case_of(conn: Connection, key: bytes, stored: StoredDecision) -> dict[str, Any] | None:
    """As `liasse liquidate` takes it. None where a correction cancelled all, and nothing was computed.

    `key`: the document's. Raises Refused("introuvable") where no line tells of the decision."""
    for line in journal.lines(conn, stored.document_id):
        if json.loads(line.hashes).get("decision") == stored.id:
            said = journal.open_payload(key, line)
            if CASE in said:
                found: dict[str, Any] | None = said[CASE]
                return found
    raise Refused("introuvable")


def again(conn: Connection, key: bytes, stored: StoredDecision, law: Law) -> Decision | None:
    """The decision as the rules of today give it: equal to what was decided where `law_version` and
    `code_version` are. None, and Refused, as in `case_of`."""
    kept = case_of(conn, key, stored)
    if kept is None:
        return None
    if "benefit" in kept:
        decided = prestations.to_decision(especes.read(kept).decide(law), law)
    else:
        decided = case.again(kept, law)
    if stored.nature == "premiere":
        return decided
    before = standing([each.decision for each in money.before(conn, stored)])
    if stored.nature == "suite":
        return difference(before, decided)
    corrected = correction(before, decided)
    return replace(corrected, decided_on=stored.decision.decided_on)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`again`: None where nothing was computed (a correction that cancelled all) or nothing can be: `error`
    is the code of why. `rules_changed`: the law's files or the code are not those that decided."""

    stored: StoredDecision
    again: Decision | None
    rules_changed: bool
    error: str | None = None

    @property
    def equal(self) -> bool:
        """To the cent and to the word of each trace; but for the names of the versions."""
        if self.again is None:
            return self.error is None
        was = self.stored.decision
        return replace(self.again, law_version=was.law_version, code_version=was.code_version) == was

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the decision that differ."""
        if self.equal or self.again is None:
            return ()
        names = ("decided_on", "lines", "shares", "total", "trace", "not_computed", "withheld")
        return tuple(each for each in names if getattr(self.again, each) != getattr(self.stored.decision, each))


def verdicts(store: Store, law: Law, document_id: str | None = None) -> Iterator[Verdict]:
    """Each decision of a document, or of all, computed anew; oldest first, each in a transaction of its own.
    Raises Refused("introuvable") where the document has none."""
    query = select(decisions.c.id).order_by(decisions.c.saved_at, decisions.c.id)
    if document_id is not None:
        query = query.where(decisions.c.document_id == known(document_id))
    with store.begin() as conn:
        ids = list(conn.execute(query).scalars())
    if document_id is not None and not ids:
        raise Refused("introuvable", "Ce document n'a pas de décision.")
    for id in ids:
        with store.begin() as conn:
            yield _verdict(store, conn, money.decision(conn, id), law)


def _verdict(store: Store, conn: Connection, stored: StoredDecision, law: Law) -> Verdict:
    was = stored.decision
    moved = (was.law_version, was.code_version) != (law.version, CODE_VERSION)
    try:
        return Verdict(stored, again(conn, store.vault.key(stored.document_id), stored, law), moved)
    except KeyErased:
        return Verdict(stored, None, moved, "efface")
    except Tampered:
        return Verdict(stored, None, moved, "altere")
    except LiasseError as error:
        return Verdict(stored, None, moved, error.code)
