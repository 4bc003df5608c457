"""A rebuild reads everything that tells of money before it writes anything: what it cannot read stops it,
by name, for a document without its package would be decided and paid again."""

import itertools
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from archive.verify import verify
from domain.errors import Refused, Unavailable
from domain.flow import State
from store.objects import Missing
from store.tables import documents, senders
from store.vault import Vault
from tests.archive.making import Tampered, corrupt
from tests.promises.test_r8_rebuild import lose_the_database, received, sealed


class Unread(Tampered):
    """A store whose disk lost what lies under some names: it answers, but for those."""

    def __init__(self, objects):
        super().__init__(objects)
        self.lost = {}

    @contextmanager
    def open(self, bucket, key, version=None):
        if key in self.lost:
            raise self.lost[key]
        with super().open(bucket, key, version) as stream:
            yield stream


@pytest.fixture
def ashes(own_buckets, superuser):
    """Two documents, each under a seal of its own, and no database any more; their ids."""
    ids = []
    for number in range(2):
        ids.append(received(own_buckets, number))
        sealed(own_buckets, ids[-1], State.ARCHIVE, State.CLASSE)
        seal_pending(own_buckets)
    lose_the_database(superuser)
    return own_buckets, ids


def named(store, prefix):
    return min(each.key for each in store.objects.list("archive", prefix))


def over(store, objects):
    vault = Vault(objects, store.settings.master_key, store.vault._turn)
    return replace(store, objects=objects, vault=vault)


def nothing_done(store):
    with store.begin() as conn:
        counts = [conn.execute(select(func.count()).select_from(t)).scalar_one() for t in (documents, senders)]
    return counts == [0, 0]


CASES = list(
    itertools.product(
        ("documents/{}/facts-", "documents/{}/journal-", "documents/{}/manifest-", "seals/"),
        ("lost", "changed", "gone"),
    )
)


def spoiled(store, key, how):
    """The store of which one object is no more what it was."""
    objects = Unread(store.objects)
    if how == "changed":
        for version in (None, *(each.version_id for each in store.objects.list("archive", key, versions=True))):
            objects.changed[key, version] = corrupt(store.objects.get("archive", key))
    else:
        objects.lost[key] = Missing(key) if how == "gone" else Unavailable("magasin_indisponible")
    if how == "gone":
        objects.hidden |= {(key, each.version_id) for each in store.objects.list("archive", key, versions=True)}
    return objects


def test_an_object_that_cannot_be_read_is_named_and_nothing_is_done(ashes):
    store, (id, _) = ashes
    for what, how in CASES:
        key = named(store, what.format(id))
        objects = spoiled(store, key, how)
        with pytest.raises(Refused, match="archive_illisible") as refused:
            rebuild(over(store, objects))
        (name,) = refused.value.extra["objects"]
        assert name == key or (what == "seals/" and key.startswith(name)), (what, how)
        assert nothing_done(store)
        # and `archive verify` tells it too
        assert not all(each["ok"] for each in verify(objects)), (what, how)
    assert rebuild(store).lost == {}  # as soon as it is put back


def test_a_key_that_does_not_open_is_named_and_all_of_them_at_once(ashes):
    store, (id, other) = ashes
    part = named(store, f"documents/{other}/facts-")
    objects = Unread(store.objects)
    objects.lost = dict.fromkeys((id, part), Unavailable("magasin_indisponible"))
    with pytest.raises(Refused, match="archive_illisible") as refused:
        rebuild(over(store, objects))
    assert sorted(refused.value.extra["objects"]) == sorted([f"keys/{id}", part])
    assert nothing_done(store)


def test_a_store_that_is_away_blames_no_object(ashes):
    store, _ = ashes

    class Away(Unread):
        def list(self, bucket, prefix="", *, versions=False):
            raise Unavailable("magasin_indisponible")

    with pytest.raises(Unavailable, match="magasin_indisponible"):
        rebuild(over(store, Away(store.objects)))
    assert nothing_done(store)
