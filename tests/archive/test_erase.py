"""Erasure: what was sealed stays, locked and whole, and nobody opens it again."""

import pytest

from archive import names
from archive.erase import erase
from archive.journal_seal import seal_pending
from archive.manifest import Part
from archive.package import seal_document
from archive.verify import verify
from domain.errors import Refused
from domain.flow import State
from store import bodies, crypt, documents, journal
from store.vault import KeyErased
from tests.archive.making import archived, facts_of, parts_of, valid


def family(store):
    """A sealed file of two children, both sealed; ids."""
    parent = archived_parent(store)
    with store.begin() as conn:
        row = documents.load(conn, parent)
        children = [
            documents.create(
                conn, deposit_id=row.deposit_id, sender_id=row.sender_id, status=State.EN_LECTURE,
                content_sha256=row.content_sha256, received_at=row.received_at, actor="test",
                received_on=row.received_on, parent_id=parent, pages=[page],
            )
            for page in (0, 1)
        ]  # fmt: skip
    for child in children:
        end(store, child, State.VALIDE)
        seal_document(store, facts_of(store, child), parts_of())
        end(store, child, State.REFUSE)
    end(store, parent, State.SCINDE)
    return parent, children


def archived_parent(store):
    from tests.store.making import document

    with store.begin() as conn:
        parent = document(conn)
    seal_document(store, facts_of(store, parent), {"original": Part(b"tout", "application/pdf")})
    return parent


def end(store, id, to):
    with store.begin() as conn:
        documents.advance(conn, id, documents.load(conn, id).status, to, actor="test")


def erased_for_good(store, id):
    with pytest.raises(KeyErased):
        store.vault.key(id)
    return True


def test_only_an_ended_document_erased_for_good(store):
    id = valid(store)
    with pytest.raises(Refused, match="etat_change"):
        erase(store, id, "local")
    with pytest.raises(Refused, match="introuvable"):
        erase(store, "00000000-0000-0000-0000-000000000000", "local")


def test_after_erasure_the_archive_is_whole_and_closed(own_buckets):
    store = own_buckets
    id = archived(store, to=State.REFUSE)
    with store.begin() as conn:
        bodies.save(conn, id, "values", {"nom": "MARTINEAU"})
    before = {
        (s.key, s.version_id): store.objects.get(names.BUCKET, s.key, s.version_id)
        for s in store.objects.list(names.BUCKET, names.folder(id), versions=True)
    }
    assert erase(store, id, "local").documents == (id,)
    assert erased_for_good(store, id)
    seal_pending(store)
    for (key, version), data in before.items():
        assert store.objects.get(names.BUCKET, key, version) == data
    with pytest.raises(KeyErased):
        store.vault.key(id)
    told = list(verify(store.objects, id, vault=store.vault))
    assert all(v["ok"] for v in told)
    assert sum("clé est détruite" in v["detail"] for v in told) == 5
    with store.begin() as conn:
        assert bodies.all_data(conn, id) == {}
        chain = journal.lines(conn, id)
    journal.verify(chain)
    assert [line.event for line in chain][-1] == "effacement"
    erase(store, id, "local")
    with store.begin() as conn:
        assert len(journal.lines(conn, id)) == len(chain)


def test_erasing_a_child_closes_the_whole_file_and_spares_its_brother(store):
    parent, (one, two) = family(store)
    erased = erase(store, one, "local")
    assert set(erased.documents) == {one, parent}
    assert erased_for_good(store, parent)
    (original,) = [
        s for s in store.objects.list(names.BUCKET, names.folder(two)) if names.parse(s.key).part == "original"
    ]
    assert crypt.decrypt(store.objects.get(names.BUCKET, original.key), store.vault.key(two)) == b"octets"


def test_erasing_a_file_erases_all_that_came_out_of_it(store):
    parent, children = family(store)
    assert set(erase(store, parent, "local").documents) == {parent, *children}
    assert all(erased_for_good(store, id) for id in (parent, *children))
