"""The house from its ashes: database lost, store, key bucket and master key kept.

Into a migrated database that holds the persons and nothing else: senders, deposits, contents and lots
from the receipts; every sealed document from its package; journals, accesses, decisions and orders from
the seals; whoever was receipted but not sealed back in its queue. What money was ordered in the minutes
since the last seal nobody can know: a document that stood between its seal and its end goes to a
person, never to be paid again by itself.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from archive import accounts, applied, canonical, chain, names, receipts, relot, restore, tail
from archive.inventory import Inventory
from archive.manifest import Manifest
from domain.errors import Refused
from domain.flow import ENDED, FLOW, State
from store import documents as rows
from store import journal, rejections, sidecars, tasks
from store.clock import now
from store.house import Store
from store.sidecars import Sidecar
from store.tables import documents
from store.tables import journal as journal_table

ACTOR = "reconstruction"
BETWEEN = (State.ARCHIVE, State.LIQUIDE)
"""States from which an order may have left after the last seal."""


TORN = ("absent", "altere", "illisible", "racine_fausse", "chaine_rompue")
"""Verdicts on a seal that may hide lines of journals."""

STRANGERS = (
    "{} documents décidés sont d'assurés qui ne sont pas dans les dossiers : chargez-les d'abord "
    "(./liasse dossiers load)."
)


@dataclass(slots=True)
class Report:
    """Ids: sealed ones rebuilt, those back in a queue, those for a person, those whose key is gone, and
    what could not be rebuilt, with the reason. `set_aside`: deposits whose sidecar tells of what never was,
    another holding their place. `decided`: those whose decision is back; `ordered`: their orders, of which
    `unconfirmed_orders` left no file in this home. `unknown_orders`: left, and no seal knows them.
    `not_in_dossiers`: whose change of a dossier was applied, and is not in what was loaded. `missing_seals`:
    the last ones, which there were and are no more."""

    sealed: list[str] = field(default_factory=list)
    queued: list[str] = field(default_factory=list)
    for_a_person: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    unconfirmed_orders: list[str] = field(default_factory=list)
    unknown_orders: list[str] = field(default_factory=list)
    not_in_dossiers: list[str] = field(default_factory=list)
    missing_seals: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Read:
    """What the store tells. `people`: the present ids of persons, by their former ones."""

    known: restore.Sealed
    packages: Mapping[str, restore.Package]
    chosen: receipts.Deposits
    lots: Mapping[str, relot.Lot]
    people: Mapping[str, str] = field(default_factory=dict)


def rebuild(store: Store, *, without_last_seals: bool = False) -> Report:
    """One transaction: all or nothing. Raises Refused("etat_change") unless the database is empty, but
    for the persons, who are loaded before; Refused("archive_illisible") naming each seal, manifest, part or
    key that cannot be read: what was decided and paid would be forgotten with it. So would what the last seals
    told, where they are gone: unless a person knows it, `without_last_seals`, and the chain goes on from what
    is left."""
    inventory = Inventory(store.objects, now())
    told = chain.Chain()
    torn = [verdict.object for verdict in chain.read(inventory, told) if verdict.verdict in TORN]
    known = restore.read_seals(store, inventory, told)
    packages, unreadable = restore.read_packages(store, inventory, told)
    if told.broken:
        unreadable = [*torn, *unreadable]
    found = sorted(sidecars.read(store.objects), key=lambda each: (each.received_at, each.deposit))
    ends = tail.known(store.settings, store.objects) + tail.of_receipts(each.after_seal for each in found)
    gone = [verdict.object for verdict in chain.cut_off(told, ends)]
    if not without_last_seals:
        # by its whole name where the end of the chain knows it, not by its number too
        others = [each for each in unreadable if not any(seal.startswith(each) for seal in gone)]
        unreadable = [*others, *gone]
    if unreadable:
        raise Refused("archive_illisible", " ".join(unreadable) + ".", objects=unreadable)
    chosen = receipts.choose(found, known, packages)
    read = _Read(known, packages, chosen, relot.read(chosen, known, packages))
    report = Report(set_aside=chosen.aside, missing_seals=gone)
    with store.begin() as conn:
        if conn.execute(select(func.count()).select_from(documents)).scalar_one():
            raise Refused("etat_change", "La base n'est pas vide.")
        read.people = accounts.people_of(conn, packages.values())
        said = _said(store, read)
        with _quiet(conn):
            receipts.write_senders(conn, found)
            receipts.write_contents(conn, store, found)
            relot.write(conn, read.lots)
            receipts.write_deposits(conn, chosen)
            for document_id in _in_order(read):
                _document(conn, document_id, read, report)
            relot.write_images(conn, read.lots, known)
            for document_id, lines_said in said.items():
                if document_id not in report.lost:
                    _accounts(conn, document_id, packages[document_id], lines_said, read, report)
            for document_id in known.with_event(rejections.EVENT):
                lines_said = accounts.opened(store, known.lines[document_id])
                accounts.write_settlement(conn, document_id, lines_said)
            for document_id in report.decided:
                accounts.write_retained(conn, said[document_id], read.people)
            restore.write_seals(conn, known)
        for document_id in (*report.sealed, *report.queued):
            _set_going(conn, document_id, packages.get(document_id), report)
        report.not_in_dossiers = applied.missing(conn, store, report.sealed)
    if gone and told.hashes:
        tail.keep(store.settings, store.objects, *max(told.hashes.items()))
    elif gone:
        tail.forget(store.settings, store.objects)
    left = accounts.left(store)
    report.unconfirmed_orders = [id for id in report.ordered if id not in left]
    report.unknown_orders = sorted(left - accounts.sealed_orders(known))
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


def _in_order(read: _Read) -> list[str]:
    """Parents before their children."""
    everyone = {*read.packages, *read.known.lines}
    everyone |= {id for id, each in read.chosen.kept.items() if not read.chosen.in_lot(id)}
    everyone = everyone.union(*(lot.documents() for lot in read.lots.values()))
    return sorted(everyone, key=lambda id: (read.known.parent(id) is not None, id))


def _document(conn: Connection, document_id: str, read: _Read, report: Report) -> None:
    package = read.packages.get(document_id)
    told = read.known.with_those_of(document_id, package)
    parent = read.known.parent(document_id) or (package.manifest.parent if package else None)
    deposit = package.manifest.deposit if package else parent or document_id
    receipt = read.chosen.kept.get(deposit)
    if receipt is None:
        report.lost[document_id] = "son récépissé manque"
        return
    values = _of_receipt(receipt, read.chosen) | {"id": document_id, "parent_id": parent}
    if package is not None:
        values |= _of_package(package, read.people)
        report.sealed.append(document_id)
        if package.facts is None:
            report.erased.append(document_id)
    else:
        values |= read.known.child_facts(document_id, read.packages.get(parent or ""))
        report.queued.append(document_id)
    last = next((line for line in reversed(told) if line["to"]), None)
    if last is not None:
        values |= {"status": last["to"], "reason": _reason(last)}
    elif receipt.rejected:
        values |= {"status": State.REJETE.value, "reason": receipt.rejected}
    else:
        values["status"] = (State.EN_LECTURE if parent else State.RECU).value
    conn.execute(insert(documents).values(values))
    restore.write_lines(conn, told)
    if package is not None and package.data:
        restore.write_data(conn, document_id, accounts.renamed(package.data, read.people))


def _of_receipt(receipt: Sidecar, chosen: receipts.Deposits) -> dict[str, Any]:
    lot = receipt.lot if receipt.lot and chosen.in_lot(receipt.deposit) else (None, None, None)
    return {
        "deposit_id": receipt.deposit,
        "sender_id": receipt.sender,
        "content_sha256": receipt.sha256,
        "received_at": receipt.received_at,
        "received_on": receipt.received_on,
        "lot_id": lot[0],
        "lot_n": lot[1],
        "lot_side": lot[2],
    }


def _of_package(package: restore.Package, people: Mapping[str, str]) -> dict[str, Any]:
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
        values["insured_id"] = people.get(row["insured_id"])
    return values


def _reason(line: Mapping[str, Any]) -> str | None:
    """Why it was set aside, or could not be taken, as the journal says it in clear."""
    if line["to"] not in (State.ECARTE, State.REJETE):
        return None
    told = restore.hashes_of(line)
    return told.get("reason") or told.get("code") or ("doublon" if "double_of" in told else None)


def _said(store: Store, read: _Read) -> dict[str, accounts.Said]:
    """What the lines of each sealed document tell that is encrypted.

    Raises Refused("etat_change") where a person of whom something was decided is not loaded: his caps,
    and what he was paid for, would be forgotten."""
    found, strangers = {}, []
    for document_id, package in read.packages.items():
        if package.facts is None:
            continue
        found[document_id] = accounts.opened(store, read.known.with_those_of(document_id, package))
        person = package.facts["row"]["insured_id"]
        if accounts.decision_in(found[document_id]) and person not in read.people:
            strangers.append(document_id)
    if strangers:
        raise Refused("etat_change", STRANGERS.format(len(strangers)), documents=strangers)
    return found


def _accounts(
    conn: Connection,
    document_id: str,
    package: restore.Package,
    said: accounts.Said,
    read: _Read,
    report: Report,
) -> None:
    claim = None
    assert package.facts is not None
    if body := package.data.get("claim"):
        claim = accounts.write_claim(conn, accounts.renamed(body, read.people), read.people)
    accounts.write_reasons(conn, document_id, said)
    accounts.write_changes(conn, document_id, said, read.people)
    if accounts.decision_in(said) is None:
        return
    person = read.people[package.facts["row"]["insured_id"]]
    rpps = claim.practitioner_rpps if claim else ""
    try:
        with conn.begin_nested():
            ordered = accounts.write(conn, document_id, person, rpps, said, read.people)
    except (ValueError, KeyError):
        report.lost[document_id] = "sa décision ne se relit pas"
        return
    report.decided.append(document_id)
    report.ordered += ordered


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
