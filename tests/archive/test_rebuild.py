"""What a rebuilt house never does: send to payment what a person had refused."""

from archive.package import seal_document
from archive.rebuild import rebuild
from domain.flow import State
from store import bodies, documents
from tests.archive.making import facts_of, parts_of
from tests.promises.test_r8_rebuild import lose_the_database, move, received


def test_what_was_refused_and_sealed_is_refused_though_no_seal_says_so_yet(own_buckets, superuser):
    store = own_buckets
    id = received(store, 1)
    move(store, id, State.EN_LECTURE, State.A_VALIDER, State.VALIDE)
    with store.begin() as conn:
        bodies.save(conn, id, "decision", {"action": "refuse", "reason": "hors délai"})
    seal_document(store, facts_of(store, id), parts_of())
    lose_the_database(superuser)  # before it could say REFUSE
    report = rebuild(store)
    assert report.lost == {}
    with store.begin() as conn:
        assert documents.load(conn, id).status is State.REFUSE
