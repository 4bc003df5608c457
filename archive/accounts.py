"""What was decided and ordered, from the seals: the journal's line of a decision holds it whole.

An order is rebuilt as one that has left, whatever became of it: it is never paid a second time by
itself. Those of which no file is left are told, for a person to compare with what was paid.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, any_, cast, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

import validation
from archive import canonical, departed, lines
from archive.restore import Package, Sealed, hashes_of
from domain.claim import Claim, Decision
from domain.flow import State
from rights.propositions import Change
from store import bodies, cases, cash, crypt, debts, money, payments, propositions, rejections
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
    """The line that first decided, if any: a person's mere move to LIQUIDE tells no amount."""
    found = decisions_in(said)
    return found[0] if found else None


def decisions_in(said: Said) -> Said:
    """Every line that decided: the first, then corrections and the days that a running stop went on for."""
    return [each for each in said if "decided_on" in each[1]]


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


def write_settlement(conn: Connection, document_id: str, said: Said) -> None:
    """What a person did about a rejected document."""
    for line, told in said:
        if line["event"] == rejections.EVENT:
            rejections.save(conn, document_id, line["actor"], told["reason"], canonical.moment(line["at"]))


def write_claim(conn: Connection, body: Any, people: Mapping[str, str]) -> Claim | None:
    """The acts that others must not ask again; None where the person is not loaded."""
    claim: Claim = bodies.read_as(Claim, body)
    if claim.insured_id not in people.values():
        return None
    money.save_claim(conn, claim)
    return claim


def write(
    conn: Connection, document_id: str, insured_id: str, rpps: str, said: Said, people: Mapping[str, str]
) -> list[str]:
    """The decisions with all that hangs on them, in the order in which it was; the ids of the orders.
    Raises ValueError where what was said cannot be read."""
    ordered: list[str] = []
    for line, told in said:
        body = renamed(dict(told), people)
        if "decided_on" in body:
            _write_decision(conn, document_id, insured_id, rpps, line, body)
        if "orders" in body:
            ordered += _write_orders(conn, document_id, body["orders"], canonical.moment(line["at"]))
        if line["event"] == debts.JOURNAL:
            _write_indu(conn, line, body)
    return ordered


def _write_decision(
    conn: Connection, document_id: str, insured_id: str, rpps: str, line: Line, body: Mapping[str, Any]
) -> None:
    hashes = hashes_of(line)
    decision: Decision = bodies.read_as(
        Decision, {name: value for name, value in body.items() if name in Decision.__dataclass_fields__}
    )
    money.save_decision(
        conn, document_id, insured_id, rpps, decision, corrects=hashes.get("corrects"),
        nature=hashes.get("nature", "premiere"), id=hashes.get("decision"),
        saved_at=canonical.moment(line["at"]),
    )  # fmt: skip
    if record := body.get(cash.RECORD):
        bodies.save(conn, document_id, cash.RECORD, record)
        cash.wait(conn, document_id, date.fromisoformat(body["until"]) if body.get("until") else None)
    if body.get("cancelled"):
        money.forget_acts(conn, document_id)
        bodies.remove(conn, document_id, cash.RECORD)
        cash.wait(conn, document_id, None)
    elif claim := body.get("claim"):
        money.save_claim(conn, bodies.read_as(Claim, claim))
        if typed := body.get("fields"):
            fields = validation.apply(cases.fields_of(conn, document_id), typed)
            bodies.save(conn, document_id, "values", to_jsonable_python(fields))


def write_changes(conn: Connection, document_id: str, said: Said, people: Mapping[str, str]) -> None:
    """What an applied justificatif changed, and in which of the dossiers that are loaded: the decisions that
    it makes other are told from that."""
    for line, told in said:
        if line["to"] != State.APPLIQUE or "changes" not in told:
            continue
        keys: Mapping[str, str] = told.get("keys", {})
        by_key = _ids(conn, insured.c.natural_key, set(keys.values()))
        former = hashes_of(line).get("dossiers", ())
        here = {people.get(id) or by_key.get(keys.get(id, "")) for id in former} - {None}
        changes = bodies.read_as(tuple[Change, ...], told["changes"])
        propositions.save(conn, document_id, propositions.Kept(changes, tuple(sorted(filter(None, here)))))


def _write_orders(
    conn: Connection, document_id: str, told: Sequence[Mapping[str, Any]], at: datetime
) -> list[str]:
    """Each with what it held back; as one that left."""
    for each in told:
        payee = {name: each[name] for name in ("payee_kind", "payee_id")}
        conn.execute(
            insert(orders).values(
                id=each["id"], decision_id=each["decision"], amount=Decimal(each["amount"]), ordered_at=at,
                sent_at=at, **payee,
            )
        )  # fmt: skip
        s = shares.c
        done = conn.execute(
            update(shares)
            .where(s.decision_id == each["decision"], s.amount != 0)
            .where(s.payee_kind == payee["payee_kind"], s.payee_id == payee["payee_id"])
            .values(order_id=each["id"])
        )
        if not done.rowcount:
            raise ValueError("an order that is no payee's")
        conn.execute(
            insert(outbox).values(
                kind="ordre", document_id=document_id, order_id=each["id"], created_at=at, sent_at=at
            )
        )
    return [each["id"] for each in told]


def write_retained(conn: Connection, said: Said, people: Mapping[str, str]) -> None:
    """What the orders of one document held back, once every indu is there: it may be another's."""
    for _, told in said:
        for each in renamed(dict(told), people).get("orders", ()):
            payments.keep(conn, each["id"], bodies.read_as(tuple[payments.Retenue, ...], each["retained"]))


def _write_indu(conn: Connection, line: Line, body: Mapping[str, Any]) -> None:
    """As it was found, then what happened to it. One whose letter no seal knows to have left is notified
    again: a person who receives it twice owes it once."""
    id = hashes_of(line)["indu"]
    if "indu" in body:
        debts.write_row(conn, id, body["indu"], canonical.moment(line["at"]))
        if (
            Decimal(body["indu"]["asked"])
            and not conn.execute(
                select(outbox.c.id).where(outbox.c.kind == "courrier", outbox.c.body["indu"].astext == id)
            ).first()
        ):
            conn.execute(
                insert(outbox).values(kind="courrier", document_id=line["document"], body={"indu": id})
            )
        return
    debts.write_event(conn, id, len(debts.load(conn, id).events), body["event"], line["actor"])
    if body["event"]["what"] == "notification":
        conn.execute(
            update(outbox)
            .where(outbox.c.kind == "courrier", outbox.c.body["indu"].astext == id)
            .values(sent_at=canonical.moment(line["at"]))
        )


def sealed_orders(known: Sealed) -> set[str]:
    """The ids of the orders that the seals tell of, in clear: those of erased documents too."""
    every = (line for told in known.lines.values() for line in told)
    return {id for line in every for id in hashes_of(line).get("orders", ())}


def left(store: Store) -> set[str]:
    """The ids of the orders of which this home holds the file: they left."""
    return {file.stem for file in departed.folder(store).glob("*.json")}
