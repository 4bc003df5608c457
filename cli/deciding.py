"""What an agent or an auditor asks of dossiers and of past decisions, without the service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import law
from cli.loading import a_store
from outbound import attestation
from store import access, clock, past

ACTOR = "local"


def attest(person_id: str, out: Path) -> Path:
    """Write the attestation de droits of today; the path. Raises Refused (introuvable, droits_fermes)."""
    with a_store() as store, store.begin() as conn:
        out.write_bytes(attestation.of_dossier(conn, person_id, clock.today(store.settings), ACTOR))
    return out


def recompute(document_id: str | None) -> Iterator[dict[str, Any]]:
    """One line a decision, then what they come to. Amounts and the names of parts: nothing of a person.
    Raises Refused("introuvable")."""
    equal = number = 0
    with a_store() as store:
        for each in past.verdicts(store, law.load(), document_id):
            with store.begin() as conn:
                access.record(conn, ACTOR, "document", each.stored.document_id, "recalcul")
            number += 1
            equal += each.equal
            yield _line(each)
    yield {"decisions": number, "equal": equal, "ok": equal == number}


def _line(found: past.Verdict) -> dict[str, Any]:
    stored, again = found.stored, found.again
    return {
        "decision": stored.id,
        "document": stored.document_id,
        "nature": stored.nature,
        "decided_on": stored.decision.decided_on.isoformat(),
        "total": str(stored.decision.total),
        "again": None if again is None else str(again.total),
        "verdict": found.error or ("egale" if found.equal else "differente"),
        "differs": list(found.parts),
        "rules_changed": found.rules_changed,
        "ok": found.equal,
    }
