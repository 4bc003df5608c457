"""A past decision computed anew from what is kept of it: the case in the journal's line that told it, beside
the decision, encrypted under the document's key, as long as the journal itself.

The dossier, the sheet and what was paid since may have changed; the case has not.
"""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from checks import prestations
from domain.claim import Decision
from domain.errors import Refused
from law import Law
from liquidation import case
from liquidation.corrections import correction, standing
from liquidation.especes import case as especes
from store import journal, money
from store.money import StoredDecision

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
        return prestations.to_decision(especes.read(kept).decide(law), law)
    decided = case.again(kept, law)
    if stored.nature != "correction":
        return decided
    chain = money.decisions_of(conn, stored.document_id)
    before = chain[: [each.id for each in chain].index(stored.id)]
    corrected = correction(standing([each.decision for each in before]), decided)
    return replace(corrected, decided_on=stored.decision.decided_on)
