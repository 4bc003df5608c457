"""A1, the database's part: any column of any row of the journal, of the accesses or of the seals, changed,
removed or slipped in by a hand that has all rights there, is found and named; no other row is accused.

Short: each column once; long: 1,000 acts over the rows of 300 documents."""

import itertools
import random
import time

from archive.journal_seal import seal_pending
from archive.rows import compare
from tests.archive.making import archived
from tests.archive.test_seals import looked

SEED = 20261123
OTHER_ID = "00000000-0000-4000-8000-0000000000ff"
CHANGED = {
    "journal": {
        "document_id": f"'{OTHER_ID}'", "n": "n + 1000", "at": "at + interval '1 us'", "actor": "actor || 'x'",
        "event": "event || 'x'", "from_state": "coalesce(from_state, '') || 'x'",
        "to_state": "coalesce(to_state, '') || 'x'", "hashes": """'{"manifest_sha256":"x"}'""",
        "payload": "coalesce(payload, '') || '\\x00'::bytea", "previous": "sha256(previous)",
        "hash": "sha256(hash)", "seal_no": "coalesce(seal_no, 0) + 1",
    },
    "access_events": {
        "at": "at + interval '1 us'", "actor": "actor || 'x'", "what": "what || 'x'", "target": "target || 'x'",
        "why": "why || 'x'", "span": "span || 'x'", "shown": "'[\"x\"]'",
        "seal_no": "seal_no + 1",
    },
    "seals": {
        "root": "sha256(root)", "previous": "sha256(previous)", "sha256": "sha256(sha256)",
        "lines": "lines + 1", "object_key": "object_key || 'x'", "version_id": "version_id || 'x'",
        "sealed_at": "sealed_at + interval '1 s'",
    },
}  # fmt: skip
"""Table -> column -> what a hand writes there."""
KEYS = {"journal": "id", "access_events": "id", "seals": "n"}
ACTS = [
    *((table, f"UPDATE {table} SET {column} = {value} WHERE {KEYS[table]} = %s")
      for table, columns in CHANGED.items() for column, value in columns.items()),
    *((table, f"DELETE FROM {table} WHERE {KEYS[table]} = %s") for table in ("journal", "access_events")),
    ("journal", "INSERT INTO journal (document_id, n, at, actor, event, hashes, previous, hash, seal_no) "
     "SELECT document_id, n + 1000, at, 'intrus', event, hashes, hash, sha256(hash), seal_no "
     "FROM journal WHERE id = %s"),
]  # fmt: skip


def wrong(store):
    return {v["object"]: v for v in compare(store) if not v["ok"]}


def names_of(table, row):
    """How `compare` may name a row, where it was or where it was moved to."""
    if table == "journal":
        places = (row.document_id, row.n), (row.document_id, row.n + 1000), (OTHER_ID, row.n)
        return {f"base:journal/{document}/{n}" for document, n in places}
    return {f"base:access/{row.id}" if table == "access_events" else f"base:seals/{row.n}"}


def test_every_row_changed_is_named_and_no_other_document_is_accused(own_buckets, superuser, form):
    store, chance, began = own_buckets, random.Random(SEED), time.monotonic()
    for number in range(form.count(4, 300)):
        looked(store, archived(store, number.to_bytes(2, "big")))
        if number % 2:
            seal_pending(store)
    archived(store, b"under no seal yet")
    assert wrong(store) == {}
    rows = {table: superuser.execute(f"SELECT * FROM {table}").fetchall() for table in CHANGED}
    columns = {table: superuser.execute(f"SELECT * FROM {table} LIMIT 0").description for table in CHANGED}
    asked, missed, false = form.count(len(ACTS), 1_000), [], []
    for table, act in itertools.islice(itertools.cycle(ACTS), asked):
        names = [column.name for column in columns[table]]
        row = chance.choice(rows[table])
        told = type("Row", (), dict(zip(names, row, strict=True)))
        superuser.execute(act, (getattr(told, KEYS[table]),))
        found = wrong(store)
        superuser.execute(f"DELETE FROM {table} WHERE {KEYS[table]} = %s", (getattr(told, KEYS[table]),))
        superuser.execute("DELETE FROM journal WHERE actor = 'intrus'")
        superuser.execute(
            f"INSERT INTO {table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE "
            f"VALUES ({', '.join(['%s'] * len(names))})", row,
        )  # fmt: skip
        if not names_of(table, told) & found.keys():
            missed.append((act, told.__dict__, found))
        false += [(act, v) for v in found.values() if not concerns(v, table, told)]
    assert missed == []
    assert false == []
    assert wrong(store) == {}
    form.tell("A1", f"{asked} of {asked} acts on {sum(map(len, rows.values()))} rows of the database named; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


def concerns(verdict, table, row):
    """Whether a verdict is of that row, or of what rests on it."""
    if table == "journal":
        return verdict["document"] in (str(row.document_id), OTHER_ID)
    if table == "access_events":
        return verdict["object"] in names_of(table, row)
    return verdict["object"].startswith("base:seals/")
