"""The house from its ashes: database lost, store, key bucket and master key kept.

Into an empty, migrated database: senders, deposits and contents from the receipts; every sealed
document from its package; journals and accesses from the seals; whoever was receipted but not sealed
back in its queue. What money was ordered in the minutes since the last seal nobody can know: a
document that stood between its seal and its end goes to a person, never to be paid again by itself.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from archive import canonical, chain, names, restore
from archive.inventory import Inventory
from archive.manifest import Manifest
from domain.errors import Refused
from domain.flow import ENDED, FLOW, State
from store import documents as rows
from store import journal, tasks
from store.clock import now
from store.house import Store
from store.tables import documents, insured
from store.tables import journal as journal_table

ACTOR = "reconstruction"
BETWEEN = (State.ARCHIVE, State.LIQUIDE)
"""States from which an order may have left after the last seal."""


@dataclass(slots=True)
class Report:
    """Ids: sealed ones rebuilt, those back in a queue, those for a person, those whose key is gone,
    and what could not be rebuilt, with the reason."""

    sealed: list[str] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    for_a_person: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)


def rebuild(store: Store) -> Report:
    """One transaction: all or nothing. Raises Refused("etat_change") unless the database is empty."""
    inventory = Inventory(store.objects, now())
    told = chain.Chain()
    for _ in chain.read(inventory, told):
        pass
    known = restore.read_seals(store, inventory, told)
    receipts = restore.read_receipts(store)
    packages = restore.read_packages(store, inventory, told)
    report = Report()
    with store.begin() as conn:
        if conn.execute(select(func.count()).select_from(documents)).scalar_one():
            raise Refused("etat_change", "La base n'est pas vide.")
        with _quiet(conn):
            restore.write_receipts(conn, store, receipts)
            for document_id in _in_order(packages, known, receipts):
                _document(conn, document_id, packages, known, receipts, report)
            restore.write_seals(conn, known)
        for document_id in (*report.sealed, *report.queued):
            _set_going(conn, document_id, packages.get(document_id), report)
    return report


@contextmanager
def _quiet(conn: Connection) -> Iterator[None]:
    """Without the triggers that write the journal and forbid moves: what is written is what was."""
    tables = ("documents", "journal", "access_events", "seals")
    for table in tables:
        conn.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in tables:
        conn.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def _in_order(
    packages: Mapping[str, restore.Package], known: restore.Sealed, receipts: Mapping[str, dict[str, Any]]
) -> list[str]:
    """Parents before their children."""
    everyone = {*packages, *known.lines, *(r["document"] for r in receipts.values() if r["document"])}
    return sorted(everyone, key=lambda id: (known.parent(id) is not None, id))


def _document(
    conn: Connection,
    document_id: str,
    packages: Mapping[str, restore.Package],
    known: restore.Sealed,
    receipts: Mapping[str, dict[str, Any]],
    report: Report,
) -> None:
    package = packages.get(document_id)
    told = known.with_those_of(document_id, package)
    parent = known.parent(document_id) or (package.manifest.parent if package else None)
    receipt = receipts.get(package.manifest.deposit if package else parent or document_id)
    if receipt is None:
        report.lost[document_id] = "son récépissé manque"
        return
    values = _of_receipt(receipt) | {"id": document_id, "parent_id": parent}
    if package is not None:
        values |= _of_package(conn, package)
        report.sealed.append(document_id)
        if package.facts is None:
            report.erased.append(document_id)
    else:
        values |= known.child_facts(document_id, packages.get(parent or ""))
        report.queued.append(document_id)
    state = next((line["to"] for line in reversed(told) if line["to"]), None)
    values["status"] = state or (State.EN_LECTURE if parent else State.RECU).value
    conn.execute(insert(documents).values(values))
    restore.write_lines(conn, told)
    if package is not None and package.data:
        restore.write_data(conn, document_id, package.data)


def _of_receipt(receipt: Mapping[str, Any]) -> dict[str, Any]:
    lot = receipt["lot"] or (None, None, None)
    return {
        "deposit_id": receipt["deposit"],
        "sender_id": receipt["sender"],
        "content_sha256": receipt["sha256"],
        "received_at": canonical.moment(receipt["received_at"]),
        "received_on": date.fromisoformat(receipt["received_on"]),
        "lot_id": lot[0],
        "lot_n": lot[1],
        "lot_side": lot[2],
    }


def _of_package(conn: Connection, package: restore.Package) -> dict[str, Any]:
    manifest: Manifest = package.manifest
    values = {
        "type": manifest.type,
        "form": manifest.form,
        "manifest_sha256": names.parse(package.key).sha256,
        "retain_until": canonical.moment(manifest.lock_until),
        "sealed_at": canonical.moment(manifest.sealed_at),
    }
    if package.facts is not None:
        row = package.facts["row"]
        values |= {name: row[name] for name in ("pages", "type_hint")}
        person = select(insured.c.id).where(insured.c.natural_key == package.facts["insured_key"])
        values["insured_id"] = conn.execute(person).scalar_one_or_none()
    return values


def _set_going(conn: Connection, document_id: str, package: restore.Package | None, report: Report) -> None:
    """From where it stood to where it may go on, by the moves that the flow declares."""
    row = rows.load(conn, document_id, lock=True)
    if not journal.lines(conn, document_id):
        _first_line(conn, document_id, row.status)
    if package is not None and row.status not in ENDED and row.status not in (*BETWEEN, State.A_LIQUIDER):
        if row.status == State.QUARANTAINE:
            _move(conn, document_id, State.VALIDE)
        hashes = {"manifest_sha256": names.parse(package.key).sha256}
        if rows.load(conn, document_id).status == State.VALIDE:
            _move(conn, document_id, State.REFUSE if _refused(package) else State.ARCHIVE, **hashes)
    status = rows.load(conn, document_id).status
    if package is None and status not in ENDED:
        start = State.EN_LECTURE if row.parent_id else State.RECU
        if status not in (start, State.QUARANTAINE, State.A_LIQUIDER):
            _move(conn, document_id, State.QUARANTAINE)
            _move(conn, document_id, start)
    elif status in BETWEEN:
        _move(conn, document_id, State.QUARANTAINE, code="reconstruit_a_verifier")
    status = rows.load(conn, document_id).status
    if status in (State.QUARANTAINE, State.A_LIQUIDER):
        tasks.open_task(conn, document_id, status.value)
        report.for_a_person.append(document_id)
    elif FLOW[status].stage:
        # asks the doorbell, as any move does
        conn.execute(update(documents).where(documents.c.id == document_id).values(rung_at=text("'epoch'")))


def _refused(package: restore.Package) -> bool:
    """What a person refused is never on its way to be paid, though no seal knew yet that it had ended."""
    return ((package.data or {}).get("decision") or {}).get("action") == "refuse"


def _move(conn: Connection, document_id: str, to: State, **hashes: Any) -> None:
    status = rows.load(conn, document_id).status
    rows.advance(conn, document_id, status, to, actor=ACTOR, hashes=hashes)


def _first_line(conn: Connection, document_id: str, status: State) -> None:
    """No seal knew it: its journal begins with what its receipt says."""
    conn.execute(
        insert(journal_table).values(
            document_id=document_id, actor=ACTOR, event="etat", from_state=None, to_state=status.value
        )
    )


def report_json(report: Report) -> str:
    told = {name: getattr(report, name) for name in Report.__slots__}
    return json.dumps(told, ensure_ascii=False, indent=1)
