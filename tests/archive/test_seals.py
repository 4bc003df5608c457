"""Seals: every line once, in a chain, whatever is killed and whoever commits late."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from archive import canonical, journal_seal, lines, merkle, names
from archive.journal_seal import Seal, seal_pending
from domain.errors import Unavailable
from domain.flow import State
from store import journal
from store.tables import access_events, seals
from store.tables import journal as table
from tests.archive.making import NAME, NIR, Faulty, Killed, valid
from tests.store.making import document, walk


def rows(store, query):
    with store.begin() as conn:
        return conn.execute(query).all()


def read(store):
    """All seals of this store's database, from their objects."""
    found = rows(store, select(seals).order_by(seals.c.n))
    return [Seal.loads(store.objects.get(names.BUCKET, row.object_key, row.version_id)) for row in found]


def looked(store, target="x", at=None):
    with store.begin() as conn:
        values = {"actor": "valideur:1", "what": "document", "target": target, "why": "tache", "span": target}
        conn.execute(insert(access_events).values(values | ({"at": at} if at else {})))


@pytest.fixture
def house(own_buckets):
    return own_buckets


def test_all_lines_and_accesses_are_sealed_once_and_chained(house):
    first = valid(house)
    looked(house, first)
    (one,) = seal_pending(house)
    assert seal_pending(house) == []
    second = valid(house, b"autre")
    (two,) = seal_pending(house)
    a, b = read(house)
    assert (a.n, a.previous, b.n, b.previous) == (1, lines.GENESIS, 2, one.sha256)
    assert {line["document"] for line in a.lines if line["kind"] == "journal"} == {first}
    assert [line["n"] for line in b.lines] == [1, 2, 3]
    assert {line["document"] for line in b.lines} == {second}
    assert two.lines == 3
    assert a.timestamp == {"authority": "none", "token": None}
    assert not rows(house, select(table.c.id).where(table.c.seal_no.is_(None)))
    assert house.objects.retention(names.BUCKET, one.key) >= canonical.moment(a.lock_until)


def test_a_stranger_finds_the_journals_hashes_again(house):
    id = valid(house)
    seal_pending(house)
    (seal,) = read(house)
    with house.begin() as conn:
        for line, row in zip(seal.lines, journal.lines(conn, id), strict=True):
            assert lines.hash_of(line) == line["hash"] == row.hash.hex()
    assert merkle.root(seal.leaves()).hex() == seal.root


def test_seals_tell_nothing_personal(house):
    id = valid(house)
    looked(house, f"assure-{id}")
    (sealed,) = seal_pending(house)
    data = house.objects.get(names.BUCKET, sealed.key).decode()
    assert NIR not in data
    assert NAME not in data
    assert "valideur:1" not in data
    (access,) = [line for line in read(house)[0].lines if line["kind"] == "access"]
    key = house.vault.key(f"access-{access['year']}")
    assert lines.opened_access(access, key)["target"] == f"assure-{id}"


def test_accesses_of_each_year_have_a_key_that_can_be_destroyed(house):
    looked(house, "ancien", datetime(2020, 12, 31, 12, tzinfo=UTC))
    looked(house, "neuf")
    seal_pending(house)
    owners = {stat.key for stat in house.objects.list("keys")}
    assert {"access-2020", f"access-{datetime.now(UTC).year}"} <= owners


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_writing_it_is_finished_without_doubles(house, after):
    id = valid(house)
    looked(house)
    calls = Faulty(house.objects, 1, after)
    with pytest.raises(Killed):
        seal_pending(replace(house, objects=calls))
    valid(house, b"venu ensuite")  # does not slip into the number already reserved
    one, _two = seal_pending(house)
    assert {line.get("document") for line in read(house)[0].lines} == {id, None}
    assert len(list(house.objects.list(names.BUCKET, names.seal(1), versions=True))) == 1
    assert one.lines == 4


def test_killed_before_the_row_is_written_it_takes_up_its_object(house, monkeypatch):
    valid(house)
    looked(house)

    def killed(*_):
        raise Killed

    real = journal_seal.insert
    monkeypatch.setattr(journal_seal, "insert", killed)
    with pytest.raises(Killed):
        seal_pending(house)
    monkeypatch.setattr(journal_seal, "insert", real)
    (one,) = seal_pending(house)
    assert [stat.key for stat in house.objects.list(names.BUCKET, "seals/", versions=True)] == [one.key]


def test_a_foreign_seal_under_our_number_stops_the_sealer(house):
    valid(house)
    forged = Seal(1, lines.GENESIS, canonical.instant(datetime.now(UTC)), "", merkle.root([]).hex(), (), {})
    data = forged.dumps()
    house.objects.put(names.BUCKET, names.seal(1, canonical.sha256(data)), data)
    with pytest.raises(Unavailable, match="relecture_differente"):
        seal_pending(house)


def test_a_line_committed_late_with_a_lower_id_is_sealed_next(house):
    with house.begin() as conn:
        slow, quick = document(conn), document(conn)
    seal_pending(house)
    with house.engine.connect() as late:
        late.execute(text("SELECT 1"))
        journal.speak(late, "lent")
        late.execute(text("UPDATE documents SET status = 'en_lecture' WHERE id = :id"), {"id": slow})
        with house.begin() as conn:
            walk(conn, quick, State.EN_LECTURE)
        seal_pending(house)
        late.commit()
    seal_pending(house)
    assert [line["document"] for line in read(house)[2].lines] == [slow]
    ids = [row.id for row in rows(house, select(table.c.id).order_by(table.c.seal_no, table.c.id))]
    assert ids != sorted(ids)


def test_many_lines_are_several_seals_and_no_journal_is_torn(house, monkeypatch):
    monkeypatch.setattr(journal_seal, "AT_MOST", 4)
    for number in range(4):
        valid(house, bytes([number]))
    assert len(seal_pending(house)) == 3
    seen = {}
    for seal in read(house):
        for line in seal.lines:
            assert line["n"] == seen.get(line["document"], 0) + 1
            seen[line["document"]] = line["n"]
    assert set(seen.values()) == {3}


def test_two_sealers_at_once_seal_once(house):
    for number in range(5):
        valid(house, bytes([number]))
    found = []
    threads = [threading.Thread(target=lambda: found.append(seal_pending(house))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(each) for each in found) == 1


def test_a_seal_is_read_only_in_its_own_form(house):
    valid(house)
    (one,) = seal_pending(house)
    data = house.objects.get(names.BUCKET, one.key)
    assert json.loads(data)["kind"] == "seal"
    for wrong in (b"{}", data + b"\n", data.replace(b'"root"', b'"raat"')):
        with pytest.raises(ValueError):
            Seal.loads(wrong)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40))
def test_each_leaf_is_proved_and_no_other(data):
    leaves = [merkle.leaf(each) for each in data]
    top = merkle.root(leaves)
    for index, one in enumerate(leaves):
        path = merkle.proof(leaves, index)
        assert merkle.root_from(one, index, len(leaves), path) == top
        assert merkle.root_from(merkle.leaf(b"autre chose"), index, len(leaves), path) != top
        assert merkle.root_from(one, index, len(leaves), [*path, top]) != top


def test_the_tree_is_that_of_rfc_6962():
    """Vectors of Certificate Transparency's own tests (leaves '', 00, 10, 2021...)."""
    leaves = [merkle.leaf(bytes.fromhex(each)) for each in ("", "00", "10", "2021", "3031", "40414243")]
    assert merkle.root(leaves[:1]).hex().startswith("6e340b9c")
    assert merkle.root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
