"""The end of the chain: of the very last seal, nothing after it tells. What is kept elsewhere does."""

from dataclasses import replace

import pytest

from archive import tail
from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from archive.verify import verify
from cli.main import _seal_named
from domain.errors import Failed, Refused
from domain.flow import State
from store import documents
from store.vault import BUCKET
from tests.archive.making import Tampered
from tests.archive.test_rebuild_unreadable import over
from tests.promises.test_r8_rebuild import lose_the_database, received, sealed


@pytest.fixture
def house(own_buckets):
    """Two seals, each of a document, and nothing since but the second document's receipt."""
    for number in range(2):
        sealed(own_buckets, received(own_buckets, number), State.ARCHIVE, State.CLASSE)
        seal_pending(own_buckets)
    return own_buckets


def last_seal(store):
    return max(store.objects.list("archive", "seals/"), key=lambda each: each.key)


def cut(store):
    """The same house, without its last seal; and the name of that."""
    last = last_seal(store)
    objects = Tampered(store.objects)
    objects.hidden |= {(last.key, version) for version in (None, last.version_id)}
    for each in store.objects.list("archive", last.key, versions=True):
        objects.hidden.add((each.key, each.version_id))
    return over(store, objects), last.key


def kept_file(store):
    return store.settings.home / f"{store.objects.prefix}{tail.OBJECT}.json"


def wrong(store, **options):
    return [(v["object"], v["verdict"]) for v in verify(store.objects, **options) if not v["ok"]]


def test_without_what_is_kept_elsewhere_nobody_could_tell(house):
    assert wrong(cut(house)[0]) == []


@pytest.mark.parametrize("left", [tail.FOLDER, tail.KEYS, tail.RECEIPT, "votre note"])
def test_each_place_alone_betrays_the_last_seal(house, superuser, left):
    store, name = cut(house)
    noted = [tail.Known(*_seal_named(name), left)] if left == "votre note" else []
    if left == tail.RECEIPT:
        received(house, 9)
    if left != tail.FOLDER:
        kept_file(house).unlink()
    if left != tail.KEYS:
        house.objects.delete(BUCKET, tail.OBJECT)
    known = [*noted, *tail.known(store.settings, store.objects)]
    assert wrong(store, known=known) == [(name, "absent")]
    if not noted:
        lose_the_database(superuser)
        with pytest.raises(Refused, match="archive_illisible") as refused:
            rebuild(store)
        assert refused.value.extra["objects"] == [name]


def test_who_knows_that_it_is_gone_may_do_without_and_the_chain_goes_on(house, superuser):
    store, name = cut(house)
    lose_the_database(superuser)
    report = rebuild(store, without_last_seals=True)
    assert report.missing_seals == [name]
    # what the last seal ended, a person looks at
    assert (len(report.sealed), len(report.for_a_person)) == (2, 1)
    tail.check_base(store)
    seal_pending(store)
    tail.check_base(store)
    with store.begin() as conn:
        states = {row.status for row in documents.find(conn)}
    assert states == {State.CLASSE, State.QUARANTAINE}


def test_without_any_seal_left_the_house_starts_again(own_buckets, superuser):
    store = own_buckets
    received(store, 0)
    seal_pending(store)
    store, name = cut(store)
    lose_the_database(superuser)
    with pytest.raises(Refused, match="archive_illisible"):
        rebuild(store)
    assert rebuild(store, without_last_seals=True).missing_seals == [name]
    tail.check_base(store)
    assert tail.known(store.settings, store.objects) == []


def test_another_seal_in_its_place_is_told(house):
    known = [tail.Known(2, "0" * 64, tail.KEYS)]
    assert [verdict for _, verdict in wrong(house, known=known)] == ["chaine_rompue"]


def test_a_note_that_the_master_key_did_not_make_counts_for_nothing(house):
    file = kept_file(house)
    told = file.read_bytes()
    file.write_bytes(told.replace(b'"n":2', b'"n":9'))
    house.objects.put(BUCKET, tail.OBJECT, b"{}")
    assert tail.known(house.settings, house.objects) == []
    without_key = house.settings.model_copy(update={"master_key_file": file.with_name("nulle part")})
    assert [each.n for each in tail.known(without_key, house.objects)] == [9]  # an auditor sees it as it stands


def test_a_base_put_back_from_an_old_copy_is_refused(house, superuser):
    tail.check_base(house)
    superuser.execute("DELETE FROM seals WHERE n = 2")
    tail.check_base(house)  # its lines are reserved: a sealer that was stopped there goes on
    superuser.execute("DELETE FROM journal WHERE seal_no = 2")
    with pytest.raises(Failed, match="base_anterieure"):
        tail.check_base(house)
    superuser.execute("UPDATE seals SET sha256 = sha256('x')")
    with pytest.raises(Failed, match="base_anterieure"):
        tail.check_base(house)


def test_killed_between_the_object_and_the_row_the_same_seal_is_finished(house, monkeypatch):
    received(house, 5)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tail, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        seal_pending(house)
    monkeypatch.undo()
    tail.check_base(house)
    assert [each.n for each in seal_pending(house)] == [3]
    assert {each.n for each in tail.known(house.settings, house.objects)} == {3}
    assert wrong(replace(house)) == []
