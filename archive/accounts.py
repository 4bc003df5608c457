"""What was decided and ordered, from the seals: the journal's line of a decision holds it whole.

An order is rebuilt as one that has left, whatever became of it: it is never paid a second time by
itself. Those of which no file is left are told, for a person to compare with what was paid.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, any_, cast, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from archive import canonical, lines
from archive.restore import Package, Sealed, hashes_of
from domain.claim import Claim, Decision
from domain.flow import State
from store import bodies, cash, crypt, money
from store.house import Store
from store.tables import insured, orders, outbox, shares
from store.vault import KeyErased

Line = Mapping[str, Any]
Said = Sequence[tuple[Line, Mapping[str, Any]]]
"""Lines of one document, in order, each with what its payload tells."""


def people_of(conn: Connection, packages: Iterable[Package]) -> dict[str, str]:
    """The ids that the persons of the packages bear now, by those that they bore; who is not loaded lacks."""
    wanted = {
        package.facts["row"]["insured_id"]: package.facts["insured_key"]
        for package in packages
        if package.facts is not None and package.facts["row"]["insured_id"]
    }
    by_key = _ids(conn, insured.c.natural_key, {key for key in wanted.values() if key})
    by_id = _ids(conn, insured.c.id, set(wanted))  # known by another key since: he kept his row
    found = {old: by_key.get(key) or by_id.get(old) for old, key in wanted.items()}
    return {old: new for old, new in found.items() if new is not None}


def _ids(conn: Connection, column: Any, values: set[str]) -> dict[str, str]:
    rows = conn.execute(
        select(insured.c.id, column).where(cast(column, Text) == any_(cast(sorted(values), ARRAY(Text))))
    )
    return {row[1]: row[0] for row in rows}


def renamed(value: Any, people: Mapping[str, str]) -> Any:
    """JSON where each person bears his present id: ids are random, nothing else looks like one."""
    if isinstance(value, str):
        return people.get(value, value)
    if isinstance(value, Mapping):
        return {name: renamed(each, people) for name, each in value.items()}
    return [renamed(each, people) for each in value] if isinstance(value, list) else value


def opened(store: Store, told: Iterable[Line]) -> Said:
    """The lines that tell something, with what they tell; none where the key is destroyed."""
    held = [(line, payload) for line in told if (payload := lines.payload_of(line)) is not None]
    if not held:
        return []
    try:
        key = store.vault.key(held[0][0]["document"])
    except KeyErased:
        return []
    return [(line, dict(json.loads(crypt.decrypt(payload, key)))) for line, payload in held]


def decision_in(said: Said) -> tuple[Line, Mapping[str, Any]] | None:
    """The line that decided, if any: a person's mere move to LIQUIDE tells no amount."""
    found = [each for each in said if each[0]["to"] == State.LIQUIDE and "decided_on" in each[1]]
    return found[-1] if found else None


def write_reasons(conn: Connection, document_id: str, said: Said) -> None:
    """Why it waits to be liquidated, and until when."""
    moves = [each for each in said if each[0]["to"]]
    if not moves or moves[-1][0]["to"] != State.A_LIQUIDER:
        return
    told = moves[-1][1]
    reasons = [{"article": None, "line": None} | each for each in told.get("reasons", ())]
    bodies.save(conn, document_id, "not_computed", reasons)
    if told.get("until"):
        bodies.save(conn, document_id, cash.UNTIL, {"until": told["until"]})


def write_claim(conn: Connection, body: Any, people: Mapping[str, str]) -> Claim | None:
    """The acts that others must not ask again; None where the person is not loaded."""
    claim: Claim = bodies.read_as(Claim, body)
    if claim.insured_id not in people.values():
        return None
    money.save_claim(conn, claim)
    return claim


def write(
    conn: Connection,
    document_id: str,
    insured_id: str,
    rpps: str,
    decided: tuple[Line, Mapping[str, Any]],
    said: Said,
    people: Mapping[str, str],
) -> list[str]:
    """The decision with all that hangs on it; the ids of its orders. Raises ValueError where what was
    said cannot be read."""
    line, body = decided[0], dict(decided[1])
    record = body.pop(cash.RECORD, None)
    decision: Decision = bodies.read_as(Decision, renamed(body, people))
    decision_id = money.save_decision(
        conn, document_id, insured_id, rpps, decision,
        id=hashes_of(line).get("decision"), saved_at=canonical.moment(line["at"]),
    )  # fmt: skip
    if record is not None:
        bodies.save(conn, document_id, cash.RECORD, renamed(record, people))
    ordered = [each for each in said if "orders" in each[1]]
    if not ordered:
        return []
    at = canonical.moment(ordered[-1][0]["at"])
    return _write_orders(conn, document_id, decision_id, decision, ordered[-1][1]["orders"], at)


def _write_orders(
    conn: Connection,
    document_id: str,
    decision_id: str,
    decision: Decision,
    told: Sequence[Mapping[str, str]],
    at: datetime,
) -> list[str]:
    """Each order is what its payee's shares make; they were told in the order of their payees."""
    payees: dict[tuple[str, str], Decimal] = {}
    for share in decision.shares:
        payee = share.payee_kind, share.payee_id
        payees[payee] = payees.get(payee, Decimal(0)) + share.amount
    due = sorted(payee for payee, amount in payees.items() if amount > 0)
    for each in told:
        amount = Decimal(each["amount"])
        payee = next((one for one in due if payees[one] == amount), None)
        if payee is None:
            raise ValueError("an order that is no payee's")
        due.remove(payee)
        conn.execute(
            insert(orders).values(
                id=each["id"], decision_id=decision_id, payee_kind=payee[0], payee_id=payee[1],
                amount=amount, ordered_at=at, sent_at=at,
            )
        )  # fmt: skip
        s = shares.c
        conn.execute(
            update(shares)
            .where(
                s.decision_id == decision_id, s.payee_kind == payee[0], s.payee_id == payee[1], s.amount != 0
            )
            .values(order_id=each["id"])
        )
        conn.execute(
            insert(outbox).values(
                kind="ordre", document_id=document_id, order_id=each["id"], created_at=at, sent_at=at
            )
        )
    return [each["id"] for each in told]


def sealed_orders(known: Sealed) -> set[str]:
    """The ids of the orders that the seals tell of, in clear: those of erased documents too."""
    ended = (line for told in known.lines.values() for line in told if line["to"] == State.ORDONNANCE)
    return {id for line in ended for id in hashes_of(line).get("orders", ())}


def left(store: Store) -> set[str]:
    """The ids of the orders of which this home holds the file: they left."""
    return {file.stem for file in (store.settings.home / "sortie" / "ordres").glob("*.json")}
