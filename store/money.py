"""Decisions, their lines and shares, and what is remembered for the next ones.

A correction is a decision of shares of opposite sign; more days of a running stop are a decision of what
they add. What a document pays is what its decisions pay together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, Connection, case, exists, func, insert, select
from sqlalchemy import delete as sql_delete

from domain.claim import Claim, Decision, DecisionLine, History, PaidAct, Share, TraceLine, Withheld
from domain.errors import Refused
from domain.flow import DECIDED, State
from domain.money import Money
from domain.plain import to_plain
from store import bodies
from store.documents import known
from store.tables import acts, decision_lines, decisions, documents, insured, shares, withheld

Nature = Literal["premiere", "correction", "suite"]
NOT_COUNTED = (State.REJETE, State.ECARTE, State.REFUSE, State.SCINDE)
"""An act on such a document was never, or will never be, paid."""


@dataclass(frozen=True, slots=True)
class StoredDecision:
    id: str
    document_id: str
    insured_id: str
    rpps: str
    corrects: str | None
    nature: Nature
    decision: Decision


def is_decided() -> ColumnElement[bool]:
    """Of a row of documents: whether it has a decision, wherever it stands (one whose order failed three
    times is in quarantine). Beside it, domain.flow.DECIDED."""
    return exists().where(decisions.c.document_id == documents.c.id)


def lock_insured(conn: Connection, insured_id: str) -> None:
    """Hold the insured's row: two decisions about one person never read the same history.

    Raises Refused("introuvable")."""
    query = select(insured.c.id).where(insured.c.id == known(insured_id)).with_for_update()
    if conn.execute(query).one_or_none() is None:
        raise Refused("introuvable")


def history(conn: Connection, insured_id: str, *, without: str | None = None) -> History:
    """What was decided before for one insured, and the acts in flight, but those of `without`."""
    w = withheld.c
    query = select(w.kind, w.amount, w.reimbursed_on, w.care_day, w.professional, w.outstanding)
    if without is not None:
        own = select(decisions.c.id).where(decisions.c.document_id == without)
        query = query.where(w.decision_id.not_in(own))
    taken = conn.execute(query.where(w.insured_id == insured_id).order_by(w.reimbursed_on, w.decision_id, w.n))
    return History(tuple(Withheld(*row) for row in taken), acts_of(conn, insured_id, but=without))


def acts_of(conn: Connection, insured_id: str, *, but: str | None = None) -> tuple[PaidAct, ...]:
    """The insured's acts, in flight and decided, but those of the document `but`; oldest first. `state`:
    LIQUIDE at least where it is decided."""
    a, d = acts.c, documents.c
    elsewhere = d.status.not_in([state.value for state in DECIDED])
    found = conn.execute(
        select(
            a.document_id,
            a.rpps,
            a.insured_id,
            a.day,
            a.code,
            a.fee,
            case((is_decided() & elsewhere, State.LIQUIDE.value), else_=d.status),
        )
        .join(documents, d.id == a.document_id)
        .where(a.insured_id == insured_id, d.status.not_in([s.value for s in NOT_COUNTED]))
        .order_by(a.day, d.received_at, a.document_id, a.line)
    )
    return tuple(PaidAct(*row) for row in found if row.document_id != but)


def save_claim(conn: Connection, claim: Claim) -> None:
    """Keep the claim of a document, and its acts for others to see. Replaces what was there."""
    bodies.save(conn, claim.id, "claim", claim)
    conn.execute(sql_delete(acts).where(acts.c.document_id == claim.id))
    if claim.acts:
        conn.execute(
            insert(acts),
            [
                {
                    "document_id": claim.id, "line": act.line, "insured_id": claim.insured_id,
                    "rpps": claim.practitioner_rpps, "day": act.day, "code": act.code, "fee": act.fee,
                }
                for act in claim.acts
            ],
        )  # fmt: skip


def forget_claim(conn: Connection, document_id: str) -> None:
    """The sheet makes no claim, or no more: nothing of an earlier one is paid or stands in another's way."""
    bodies.remove(conn, document_id, "claim")
    forget_acts(conn, document_id)


def forget_acts(conn: Connection, document_id: str) -> None:
    """Nothing of it is paid any more: the same care, asked again, is no double."""
    conn.execute(sql_delete(acts).where(acts.c.document_id == document_id))


def claim(conn: Connection, document_id: str) -> Claim | None:
    found: Claim | None = bodies.data(conn, document_id, "claim", Claim)
    return found


def save_decision(
    conn: Connection,
    document_id: str,
    insured_id: str,
    rpps: str,
    decision: Decision,
    *,
    corrects: str | None = None,
    nature: Nature = "premiere",
    **known: Any,
) -> str:
    """Keep a decision with its lines, shares and what it withheld; its id. `known`: its `id` and when it
    was `saved_at`, where it is rebuilt.

    Under lock_insured, in the transaction that moves the document. A second first decision of a
    document is refused by the database."""
    decision_id: str = conn.execute(
        insert(decisions)
        .values(
            document_id=document_id, insured_id=insured_id, rpps=rpps, corrects=corrects, nature=nature,
            decided_on=decision.decided_on, total=decision.total, trace=to_jsonable_python(decision.trace),
            law_version=decision.law_version, code_version=decision.code_version,
            **{name: value for name, value in known.items() if value is not None},
        )
        .returning(decisions.c.id)
    ).scalar_one()  # fmt: skip
    rows = [
        {
            "decision_id": decision_id, "line": line.line, "code": line.code, "day": line.day,
            "fee": line.fee, "base": line.base, "rate": line.rate, "gross": line.gross,
            "retained": to_jsonable_python(line.retained), "complementary": line.complementary,
            "paid": line.paid, "trace": to_jsonable_python(line.trace),
        }
        for line in decision.lines
    ]  # fmt: skip
    if rows:
        conn.execute(insert(decision_lines), rows)
    if decision.shares:
        conn.execute(insert(shares), [{"decision_id": decision_id} | _share(s) for s in decision.shares])
    if decision.withheld:
        conn.execute(
            insert(withheld),
            [
                {"decision_id": decision_id, "insured_id": insured_id, "n": n} | to_columns(taken)
                for n, taken in enumerate(decision.withheld)
            ],
        )
    return decision_id


def told(decision: Decision, insured_id: str, rpps: str) -> dict[str, Any]:
    """The decision whole, and of whom, for the journal: with that it can be rebuilt, the yearly caps with it,
    and each of its rows compared."""
    plain: dict[str, Any] = to_plain(decision)
    return plain | {"insured_id": insured_id, "rpps": rpps}


def decision_of(conn: Connection, document_id: str) -> StoredDecision | None:
    """The document's last decision (its correction where there is one), whole."""
    found = decisions_of(conn, document_id)
    return found[-1] if found else None


def decisions_of(conn: Connection, document_id: str) -> list[StoredDecision]:
    """Its first decision and those that followed it, each after the one that it corrects or goes on."""
    rows = list(conn.execute(select(decisions).where(decisions.c.document_id == document_id)))
    after = {row.corrects: row for row in rows}
    found: list[StoredDecision] = []
    while (row := after.get(found[-1].id if found else None)) is not None:
        found.append(_stored(conn, row))
    return found


def totals(conn: Connection, document_ids: Sequence[str]) -> dict[str, Money]:
    """What all decisions of each document give together; nothing of one that was not decided."""
    query = (
        select(decisions.c.document_id, func.sum(decisions.c.total))
        .where(decisions.c.document_id.in_(list(document_ids)))
        .group_by(decisions.c.document_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def before(conn: Connection, stored: StoredDecision) -> list[StoredDecision]:
    """The decisions of its document that it follows, the first one first."""
    chain = decisions_of(conn, stored.document_id)
    return chain[: [each.id for each in chain].index(stored.id)]


def decision(conn: Connection, decision_id: str) -> StoredDecision:
    """Raises Refused("introuvable")."""
    row = conn.execute(select(decisions).where(decisions.c.id == known(decision_id))).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return _stored(conn, row)


def _stored(conn: Connection, row: Any) -> StoredDecision:
    lines, parts, w = decision_lines.c, shares.c, withheld.c
    found = conn.execute(select(decision_lines).where(lines.decision_id == row.id).order_by(lines.line))
    shared = conn.execute(
        select(parts.line, parts.payee_kind, parts.payee_id, parts.amount)
        .where(parts.decision_id == row.id)
        .order_by(parts.line, parts.payee_kind, parts.payee_id)
    )
    taken = conn.execute(
        select(w.kind, w.amount, w.reimbursed_on, w.care_day, w.professional, w.outstanding)
        .where(w.decision_id == row.id)
        .order_by(w.n)
    )
    decision = Decision(
        decided_on=row.decided_on,
        lines=tuple(_line(each) for each in found),
        shares=tuple(Share(*each) for each in shared),
        total=row.total,
        trace=bodies.read_as(tuple[TraceLine, ...], row.trace),
        law_version=row.law_version,
        code_version=row.code_version,
        withheld=tuple(Withheld(*each) for each in taken),
    )
    return StoredDecision(row.id, row.document_id, row.insured_id, row.rpps, row.corrects, row.nature, decision)


def to_columns(taken: Withheld) -> dict[str, Any]:
    return {
        "kind": taken.kind, "amount": taken.amount, "outstanding": taken.outstanding,
        "reimbursed_on": taken.reimbursed_on, "care_day": taken.care_day,
        "professional": taken.professional,
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    return {
        "line": share.line, "payee_kind": share.payee_kind, "payee_id": share.payee_id,
        "amount": share.amount,
    }  # fmt: skip


def _line(row: Any) -> DecisionLine:
    return DecisionLine(
        line=row.line, code=row.code, day=row.day, fee=row.fee, base=row.base, rate=row.rate,
        gross=row.gross, retained={name: Decimal(each) for name, each in row.retained.items()},
        paid=row.paid, trace=bodies.read_as(tuple[TraceLine, ...], row.trace),
        complementary=row.complementary,
    )  # fmt: skip
