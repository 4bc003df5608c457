"""Rows of the database changed by a hand that has all rights there: found against the seals."""

import pytest

from archive.journal_seal import seal_pending
from archive.rows import compare
from tests.archive.making import archived, valid
from tests.archive.test_seals import looked


def wrong(store):
    return [(v["object"], v["verdict"]) for v in compare(store) if not v["ok"]]


@pytest.fixture
def house(own_buckets):
    archived(own_buckets, b"un")
    looked(own_buckets, "dossier")
    seal_pending(own_buckets)
    archived(own_buckets, b"deux")
    seal_pending(own_buckets)
    valid(own_buckets, b"pas encore")
    return own_buckets


def test_an_untouched_database_agrees(house):
    told = list(compare(house))
    assert [v["object"] for v in told] == ["base:seals/1", "base:seals/2"]
    assert all(v["ok"] for v in told)


CHANGES = [
    ("UPDATE journal SET actor = 'autre' WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE journal SET at = at + interval '1 us' WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE journal SET payload = payload || 'x' WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE journal SET hash = sha256('x') WHERE id = {id}", "base:journal/{document}/{n}"),
    ("DELETE FROM journal WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE journal SET seal_no = 2 WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE journal SET seal_no = 99 WHERE id = {id}", "base:journal/{document}/{n}"),
    ("UPDATE access_events SET target = 'autre'", "base:access/{access}"),
    ("DELETE FROM access_events", "base:access/{access}"),
    ("UPDATE seals SET root = sha256('x') WHERE n = 1", "base:seals/1"),
    ("UPDATE documents SET status = 'classe' WHERE id = '{document}'", "base:documents/{document}"),
    ("UPDATE documents SET manifest_sha256 = 'x' WHERE id = '{document}'", "base:documents/{document}"),
    ("UPDATE documents SET manifest_sha256 = NULL WHERE id = '{document}'", "base:documents/{document}"),
    ("UPDATE seals SET sealed_at = sealed_at - interval '1 day' WHERE n = 1", "base:seals/1"),
    ("UPDATE journal SET event = 'autre' WHERE seal_no IS NULL AND n = 2", "base:journal/{waiting}/2"),
]
"""Each act on the rows, and the row that must be named."""


def test_a_row_changed_is_found_and_named(house, superuser, subtests):
    row = superuser.execute("SELECT id, document_id, n FROM journal WHERE seal_no = 1 AND n = 3").fetchone()
    access = superuser.execute("SELECT id FROM access_events").fetchone()[0]
    waiting = superuser.execute("SELECT document_id FROM journal WHERE seal_no IS NULL").fetchone()[0]
    at = {"id": row[0], "document": row[1], "n": row[2], "access": access, "waiting": waiting}
    tables = ("journal", "access_events", "seals", "documents")
    for table in tables:
        superuser.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
    for change, found in CHANGES:
        with subtests.test(change):
            superuser.execute(change.format(**at))
            assert found.format(**at) in [name for name, _ in wrong(house)]
        for table in tables:
            superuser.execute(f"DELETE FROM {table}")
            superuser.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table}")
    assert wrong(house) == []
    for table in tables:
        superuser.execute(f"DROP TABLE kept_{table}")


def test_even_when_the_whole_chain_is_written_again(house, superuser):
    """A line changed and all hashes after it computed anew: the chain holds, the seal does not."""
    (document,) = superuser.execute("SELECT document_id FROM journal WHERE seal_no = 1 LIMIT 1").fetchone()
    superuser.execute("UPDATE journal SET actor = 'autre' WHERE document_id = %s AND n = 2", (document,))
    for n in (2, 3, 4):
        superuser.execute(
            "UPDATE journal j SET previous = p.hash FROM journal p "
            "WHERE j.document_id = %s AND p.document_id = j.document_id AND j.n = %s AND p.n = j.n - 1",
            (document, n),
        )
        superuser.execute(
            "UPDATE journal j SET hash = journal_hash(j) WHERE document_id = %s AND n = %s", (document, n)
        )
    assert sorted(wrong(house)) == [(f"base:journal/{document}/{n}", "altere") for n in (2, 3, 4)]
