"""I1 to I7: what holds of a house after any fault. Each is a function that raises AssertionError."""

import json
import time
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from archive import names, tail
from archive.manifest import Manifest
from archive.verify import verify
from domain.flow import ALLOWED, ENDED, INITIAL, OF_A_PERSON, WITH_STAGE, State
from ingest import sweeping
from store import clock, contents, documents, journal
from store import tables as t
from store.documents import DocumentRow
from store.house import Store

NEVER_SEALED = (State.REJETE, State.ECARTE)
TASKS_OF = (State.A_VALIDER, State.A_LIQUIDER)


def check(store: Store, receipts: Collection[str] = (), *, age: timedelta = timedelta(0)) -> None:
    """All of them, once it is quiet. `receipts`: ids that a sender was given."""
    every_receipt_ends(store, receipts)
    one_package_each(store)
    no_share_twice(store)
    journals_are_paths(store)
    archive_is_green(store)
    no_orphans(store, age)


def rows(store: Store) -> list[DocumentRow]:
    with store.begin() as conn:
        return documents.find(conn, limit=100_000)


def every_receipt_ends(store: Store, receipts: Collection[str] = ()) -> None:
    """I1: every receipted deposit exists and has ended, or is on a person's screen."""
    found = {row.id: row for row in rows(store)}
    assert set(receipts) <= set(found), f"lost: {set(receipts) - set(found)}"
    with store.begin() as conn:
        deposits = set(conn.execute(select(t.deposits.c.id)).scalars())
        waiting = set(
            conn.execute(select(t.tasks.c.document_id).where(t.tasks.c.status == "ouverte")).scalars()
        )
    assert set(receipts) <= deposits
    images = {row.deposit_id for row in found.values()}
    assert deposits <= images, f"deposits without a document: {deposits - images}"
    for row in found.values():
        assert row.status in ENDED | OF_A_PERSON, f"{row.id} is stuck in {row.status} ({row.last_error})"
        assert row.status not in TASKS_OF or row.id in waiting, f"{row.id}: {row.status}, on no screen"
        assert row.status in TASKS_OF or row.id not in waiting, f"{row.id}: {row.status}, still a task"


def one_package_each(store: Store) -> None:
    """I2: exactly one sealed package for each document that must have one, and no other's."""
    for row in rows(store):
        keys = [found.key for found in store.objects.list(names.BUCKET, names.folder(row.id), versions=True)]
        manifests = [key for key in keys if names.parse(key).kind == "manifest"]
        read = {key: Manifest.loads(store.objects.get(names.BUCKET, key)) for key in manifests}
        last = set(read) - {manifest.previous for manifest in read.values()}
        if row.status in NEVER_SEALED:
            assert not keys, f"{row.id}: {row.status}, sealed all the same"
        elif row.manifest_sha256 is not None:
            assert last == {names.manifest(row.id, row.manifest_sha256)}, f"{row.id}: {last}"
            assert len(manifests) == len(set(manifests)), f"{row.id}: a manifest written twice"
        else:
            assert row.status in (*TASKS_OF, State.QUARANTAINE), f"{row.id}: {row.status}, not sealed"


def no_share_twice(store: Store) -> None:
    """I3: each non-zero share in at most one order, which is its own; each order delivered as one file."""
    with store.begin() as conn:
        shares = conn.execute(select(t.shares)).all()
        orders = {row.id: row for row in conn.execute(select(t.orders))}
        firsts = conn.execute(
            select(t.decisions.c.document_id, func.count())
            .where(t.decisions.c.corrects.is_(None))
            .group_by(t.decisions.c.document_id)
        ).all()
        decided = {row.id: row for row in conn.execute(select(t.decisions))}
        retained = conn.execute(select(t.retenues)).all()
        messages = conn.execute(select(t.outbox.c.order_id).where(t.outbox.c.kind == "ordre")).scalars().all()
    assert all(number == 1 for _, number in firsts), f"decided twice: {firsts}"
    assert sorted(messages) == sorted(orders), "an order without its message, or with two"
    payees = [(row.decision_id, row.payee_kind, row.payee_id) for row in orders.values()]
    assert len(payees) == len(set(payees)), "two orders of one decision to one payee"
    for order in orders.values():
        parts = [s for s in shares if s.order_id == order.id]
        assert sum((s.amount for s in parts), Decimal(0)) == order.amount
        assert {(s.decision_id, s.payee_kind, s.payee_id) for s in parts} == {
            (order.decision_id, order.payee_kind, order.payee_id)
        }
    ended = {row.id: row.status for row in rows(store)}
    for share in shares:
        payee = (share.decision_id, share.payee_kind, share.payee_id)
        whole = sum(
            (s.amount for s in shares if (s.decision_id, s.payee_kind, s.payee_id) == payee), Decimal(0)
        )
        # a correction that takes back more than it gives is owed to the fund
        if ended[decided[share.decision_id].document_id] == State.ORDONNANCE and share.amount and whole > 0:
            assert share.order_id is not None, f"share {share.id} was never ordered"
    for order in orders.values():
        file = store.settings.home / "sortie" / "ordres" / f"{order.id}.json"
        if order.sent_at is not None:
            told = json.loads(file.read_text())
            held = sum((r.amount for r in retained if r.order_id == order.id), Decimal(0))
            assert Decimal(told["amount"]) == order.amount - held


def paid(store: Store) -> dict[tuple[str, int], Decimal]:
    """What was ordered for each insured and civil year: the same as in a run without fault (I3)."""
    with store.begin() as conn:
        found = conn.execute(
            select(t.decisions.c.insured_id, t.decisions.c.decided_on, t.orders.c.amount).join(
                t.decisions, t.decisions.c.id == t.orders.c.decision_id
            )
        ).all()
    sums: dict[tuple[str, int], Decimal] = {}
    for insured_id, decided_on, amount in found:
        assert isinstance(decided_on, date)
        place = (insured_id, decided_on.year)
        sums[place] = sums.get(place, Decimal("0.00")) + amount
    return sums


def journals_are_paths(store: Store) -> None:
    """I4: every journal is whole, and a path of the declared moves that ends where the row stands."""
    for row in rows(store):
        with store.begin() as conn:
            lines = journal.lines(conn, row.id)
        journal.verify(lines)
        moves = [(line.from_state, line.to_state) for line in lines if line.event == "etat"]
        assert moves, f"{row.id} has no journal"
        at: str | None = None
        for start, to in moves:
            assert start == at, f"{row.id}: {start} follows {at}"
            assert State(str(to)) in INITIAL if start is None else (State(start), State(str(to))) in ALLOWED
            at = to
        assert at == row.status, f"{row.id} stands in {row.status}, its journal in {at}"


def path_of(store: Store, document_id: str) -> list[str | None]:
    with store.begin() as conn:
        return [line.to_state for line in journal.lines(conn, document_id) if line.event == "etat"]


def archive_is_green(store: Store) -> None:
    """I5: `archive verify` finds nothing wrong, with the keys too."""
    wrong = [verdict for verdict in verify(store.objects, vault=store.vault) if not verdict["ok"]]
    assert not wrong, wrong


def no_orphans(store: Store, age: timedelta = timedelta(hours=1)) -> None:
    """I6: once what is older than `age` was swept, no object of the inbox, key or image is nobody's."""
    sweeping.sweep_orphans(store, age)
    with store.begin() as conn:
        kept = {row.object_key: row for row in conn.execute(select(t.contents))}
        known = set(conn.execute(select(t.documents.c.id)).scalars())
    owners = known | {row.key_id for row in kept.values()}
    limit = clock.now() - age
    nobodys = [
        (bucket, found.key)
        for bucket, belongs in (
            (contents.BUCKET, lambda key: key in kept),
            ("keys", lambda key: key == tail.OBJECT or key.removesuffix(".medical") in owners),
            ("work", lambda key: key.partition("/")[0] in known),
        )
        for found in store.objects.list(bucket)
        if not belongs(found.key) and (found.modified is None or found.modified < limit)
    ]
    assert not nobodys, nobodys
    for row in kept.values():
        assert (row.removed_at is not None) or store.objects.exists(contents.BUCKET, row.object_key), row.sha256


def quiet(store: Store, seconds: float) -> float:
    """I7: how long until nothing waits for a worker and nothing is to be sent; fails after `seconds`."""
    began = time.monotonic()
    while True:
        with store.begin() as conn:
            waiting = conn.execute(
                select(t.documents.c.status, func.count())
                .where(t.documents.c.status.in_([state.value for state in WITH_STAGE]))
                .group_by(t.documents.c.status)
            ).all()
            unsent = conn.execute(
                select(func.count()).select_from(t.outbox).where(t.outbox.c.sent_at.is_(None))
            ).scalar_one()
        if not waiting and not unsent:
            return time.monotonic() - began
        told = f"not quiet after {seconds} s: {[tuple(row) for row in waiting]}, {unsent} to be sent"
        assert time.monotonic() - began < seconds, told
        time.sleep(0.05)
