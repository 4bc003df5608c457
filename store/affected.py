"""Past decisions that a change of a dossier makes other: computed, told to a person, who corrects them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, exists, func, select

from domain.errors import Refused
from domain.money import Money, euros, in_french
from domain.people import Insured
from law import Law, NotCovered
from liquidation.corrections import standing
from rights.propositions import Proposal
from store import corrections, documents, money, propositions
from store.corrections import Asked
from store.tables import acts, decision_lines, decisions

MOST = 50
"""Of one change, the latest days of care first."""
RIGHTS = "droits"


@dataclass(frozen=True, slots=True)
class Affected:
    """`day`: the first day of care. `paid`: by all its decisions. `difference`: what a correction would add;
    None where none is computed, and `message` says why."""

    document_id: str
    day: date
    paid: Money
    difference: Money | None
    message: str


def by(conn: Connection, found: Proposal, today: date, law: Law) -> tuple[Affected, ...]:
    """What `found` would make other, foreseen: nothing is written."""
    if found.since is None or found.since > today:
        return ()
    after = {each.id: each for each in (found.after, *found.others)}
    return since(conn, dict.fromkeys(after, found.since), today, law, after)


def of_document(conn: Connection, document_id: str, today: date, law: Law) -> tuple[Affected, ...]:
    """What an applied justificatif leaves to be corrected, by the dossiers as they stand: what was corrected
    is told no more."""
    kept = propositions.kept(conn, document_id)
    first = min((each.effect for each in kept.changes), default=None) if kept else None
    if kept is None or first is None or first > today:
        return ()
    return since(conn, dict.fromkeys(kept.dossiers, first), today, law)


def since(
    conn: Connection,
    days: Mapping[str, date],
    today: date,
    law: Law,
    after: Mapping[str, Insured] | None = None,
) -> tuple[Affected, ...]:
    """Decisions about care from a day on, by person, that the dossiers as they stand, or as `after` has them,
    would make other."""
    told = []
    for insured_id, day in days.items():
        for document_id, care_day in _decided(conn, insured_id, day):
            person = after.get(insured_id) if after is not None else None
            one = _compare(conn, document_id, care_day, person, today, law)
            if one is not None:
                told.append(one)
    return tuple(sorted(told, key=lambda each: (each.day, each.document_id), reverse=True))


def _decided(conn: Connection, insured_id: str, day: date) -> list[tuple[str, date]]:
    """(document, its first day) of decisions about care on that day or later, or days of a cash benefit."""
    a, d, x = acts.c, decisions.c, decision_lines.c
    held = exists().where(d.document_id == a.document_id)
    care = (
        select(a.document_id, func.min(a.day).label("day"))
        .where(a.insured_id == insured_id, held)
        .group_by(a.document_id)
        .having(func.max(a.day) >= day)
    )
    cash = (
        select(d.document_id, func.min(x.day).label("day"))
        .join(decision_lines, x.decision_id == d.id)
        .where(and_(d.insured_id == insured_id, d.rpps == "", x.day >= day))
        .group_by(d.document_id)
    )
    rows = [*conn.execute(care), *conn.execute(cash)]
    return sorted(((row.document_id, row.day) for row in rows), key=lambda row: row[1], reverse=True)[:MOST]


def _compare(
    conn: Connection, document_id: str, day: date, person: Insured | None, today: date, law: Law
) -> Affected | None:
    document = documents.load(conn, document_id)
    chain = money.decisions_of(conn, document_id)
    paid = euros(standing([each.decision for each in chain]).total)
    try:
        found = corrections.foresee(conn, document, Asked(RIGHTS), today, law, insured=person, look=True)
    except Refused as refusal:
        if refusal.code == "correction_sans_objet":
            return None
        return Affected(document_id, day, paid, None, f"À revoir : {refusal.detail or refusal.code}")
    except NotCovered as refusal:
        return Affected(document_id, day, paid, None, f"À revoir. {refusal}.")
    difference = euros(found.change.total)
    said = "même montant, parts ou participations autres"
    if difference:
        said = f"{in_french(abs(difference))} {'à verser' if difference > 0 else 'versés de trop'}"
    return Affected(document_id, day, paid, difference, said)
