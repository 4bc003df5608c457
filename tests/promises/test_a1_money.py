"""A1, the money's part: any row of what was decided, ordered or is owed, changed, removed or slipped in by one
with all rights on the database, is found and named by what the journal tells; no other document is accused.

Short: each column, a removal and an addition in each table, once; long: 2,000 acts."""

import random
import time
from datetime import date

import pytest
from psycopg import IntegrityError

from archive.erase import erase
from archive.journal_seal import seal_pending
from archive.ledger import COMPARED
from archive.rows import compare
from domain.flow import State
from liquidation.recouvrement import Event
from store import corrections
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers import test_recovery as recovery
from tests.workers.driving import drive
from workers import delivery

SEED = 20261125
OTHER = "00000000-0000-4000-8000-0000000000ff"
BY_TYPE = {
    "uuid": f"'{OTHER}'", "text": "coalesce({}, '') || 'x'", "numeric": "coalesce({}, 0) + 1",
    "date": "coalesce({}, '2026-01-01') + 1", "jsonb": """'{{"x": 1}}'""", "boolean": "NOT {}",
    "integer": "{} + 1000",
}  # fmt: skip
"""A column's type -> what a hand writes there."""
OTHERWISE = {"nature": "'suite'", "outcome": "'prescrit'"}
"""Columns that the base lets hold some words only."""


@pytest.fixture
def house(own_buckets, superuser):
    """A sheet, one whose insured owes: corrected for a fraud and held back of the next, and a stop with the
    subrogation of the employer; one document erased; all sealed but the last."""
    house = keyed.a_house(own_buckets, people=4)
    store = house.store
    gone = feuilles.put(store, feuilles.sheet(3, 20)).id
    assert drive(house, gone) is State.ORDONNANCE
    first = feuilles.put(store, feuilles.sheet(1, 20)).id
    assert drive(house, first) is State.ORDONNANCE
    delivery.deliver(house)
    recovery.correct(house, first, corrections.Asked("annulation", "feuille inventée", fraud=True))
    delivery.deliver(house)
    (indu,) = recovery.indus_of(house, first)
    recovery.note(house, indu, Event("reception", date(2026, 11, 20)))
    after = recovery.on(house, date(2026, 12, 11))
    second = feuilles.put(store, feuilles.sheet(1, 23)).id
    assert drive(after, second) is State.ORDONNANCE
    avis = keyed.key(house, keyed.AVIS, keyed.STOP, who=2)
    drive(house, avis)
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=2, copy=1))
    assert drive(house, avis) is State.ORDONNANCE
    erase(store, gone, "local")
    seal_pending(store)
    assert drive(house, feuilles.put(store, feuilles.sheet(2, 40)).id) is State.ORDONNANCE
    return after, gone


def wrong(store):
    return {v["object"]: v for v in compare(store) if not v["ok"]}


def acts_on(superuser):
    """Table -> SQL with one place for a row's: each column changed, the row removed, another added."""
    found = {}
    for table, (key, told) in COMPARED.items():
        types = dict(
            superuser.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
                "ORDER BY ordinal_position", (table,)
            ).fetchall()
        )  # fmt: skip
        compared = f"{key}, {told}".split(", ")
        changes = {name: OTHERWISE.get(name) or BY_TYPE[types[name]].format(name) for name in compared}
        changes["id"] = "gen_random_uuid()"
        found[table] = [f"UPDATE {table} SET {name} = {changes[name]} WHERE ctid = %s" for name in compared]
        found[table].append(f"DELETE FROM {table} WHERE ctid = %s")
        new = "line" if table == "acts" else key.partition(", ")[0]  # acts of no decision are in flight
        made = ", ".join(changes[name] if name in (new, "id") else name for name in types)
        found[table].append(f"INSERT INTO {table} SELECT {made} FROM {table} WHERE ctid = %s")
    return found


def rows_of(superuser, table, erased):
    """Where the rows are whose amounts a key still tells."""
    where = {
        "document_data": "document_id <> %(id)s AND kind = 'especes'", "acts": "document_id <> %(id)s",
        "orders": "decision_id NOT IN (SELECT id FROM decisions WHERE document_id = %(id)s)",
        "decisions": "document_id <> %(id)s", "outbox": "document_id <> %(id)s AND kind = 'ordre'",
        "indus": "true", "indu_events": "true", "retenues": "true",
    }  # fmt: skip
    asked = where.get(table, where["orders"])
    return superuser.execute(f"SELECT ctid FROM {table} WHERE {asked}", {"id": erased}).fetchall()


def test_every_row_of_the_money_is_compared_with_what_was_decided(house, superuser, form):
    """One act in each table at a time: each is named, and no row beside it."""
    (house, erased), chance, began = house, random.Random(SEED), time.monotonic()
    store = house.store
    assert wrong(store) == {}
    acts = acts_on(superuser)
    most = max(map(len, acts.values()))
    done, refused, missed, false = 0, 0, [], []
    for turn in range(form.count(most, 20 * most)):
        made = {}
        for table in COMPARED:
            superuser.execute(f"CREATE TEMP TABLE before_{table} AS SELECT * FROM {table}")
        places = {table: chance.choice(rows_of(superuser, table, erased)) for table in COMPARED}
        for table in COMPARED:
            act = acts[table][turn % len(acts[table])]
            try:
                superuser.execute(act, places[table])
                made[table] = act
            except IntegrityError:
                refused += 1
        found = wrong(store)
        for table in COMPARED:
            named = [name for name in found if name.startswith(f"base:{table}/")]
            missed += [made[table]] if table in made and not named else []
            false += named if len(named) > (2 if table in made else 0) else []
            superuser.execute(f"DELETE FROM {table}")
            superuser.execute(f"INSERT INTO {table} SELECT * FROM before_{table}")
            superuser.execute(f"DROP TABLE before_{table}")
        done += len(made)
    assert missed == []
    assert false == []
    assert wrong(store) == {}
    assert done > 10 * refused
    form.tell("A1", f"{done} of {done} acts on the rows of what was decided, ordered and owed named; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


def test_of_an_erased_document_the_ids_of_its_decision_and_its_order_are_told(house, superuser):
    """Its amounts are told by nothing any more: their key is destroyed."""
    house, erased = house
    (decision,) = superuser.execute("SELECT id FROM decisions WHERE document_id = %s", (erased,)).fetchone()
    (order,) = superuser.execute("SELECT id FROM orders WHERE decision_id = %s", (decision,)).fetchone()
    superuser.execute("DELETE FROM orders WHERE id = %s", (order,))
    superuser.execute("DELETE FROM decisions WHERE id = %s", (decision,))
    found = {(v["object"], v["verdict"]) for v in wrong(house.store).values()}
    assert {(f"base:decisions/{decision}", "absent"), (f"base:orders/{order}", "absent")} <= found
