"""The lease of a stage: held while the work lasts, of use to nobody else, given back as it should be."""

import threading
import time
from dataclasses import replace

from domain.errors import Failed, Unavailable
from domain.flow import State
from store import documents
from store.documents import DocumentRow
from store.house import Store
from tests.api.serving import NoCage
from tests.promises.feuilles import put
from workers.house import House
from workers.runner import Outcome, run

LEASE = 0.6


def hurried(store: Store) -> House:
    return House(replace(store, settings=store.settings.model_copy(update={"lease_seconds": LEASE})), NoCage())


def row(store: Store, document_id: str) -> DocumentRow:
    with store.begin() as conn:
        return documents.load(conn, document_id)


def test_work_longer_than_its_lease_is_done_once(store: Store) -> None:
    """Four leases long, while another worker is rung for it again and again."""
    house, begun = hurried(store), []
    document_id = put(store, b"%PDF-1.4 long").id

    def long(house: House, document: DocumentRow) -> Outcome:
        begun.append(document.attempts)
        time.sleep(4 * LEASE)
        return Outcome(State.EN_LECTURE)

    def next_one(house: House, document: DocumentRow) -> Outcome:
        raise Failed("interne")  # the last ring may come once the work is done

    first = threading.Thread(target=run, args=(house, {"trier": long}, document_id, "trier"))
    first.start()
    while first.is_alive():
        time.sleep(LEASE / 4)
        if first.is_alive():
            run(house, {"trier": long, "lire": next_one}, document_id, "trier")
        if row(store, document_id).status is not State.RECU:
            break
    first.join()
    assert begun[0] == 1
    assert row(store, document_id).status in (State.EN_LECTURE, State.QUARANTAINE)
    assert row(store, document_id).status is State.EN_LECTURE
    assert len(begun) == 1


def test_whoever_lost_his_lease_writes_nothing(store: Store) -> None:
    """A worker stopped for so long that another did the work: his result is thrown away."""
    house = hurried(store)
    document_id = put(store, b"%PDF-1.4 stopped").id

    def slow(house: House, document: DocumentRow) -> Outcome:
        with house.store.begin() as conn:  # as the sweep and another worker would, after a long stop
            documents.fail(conn, document.id, document.lease_owner or "", "lecteur_tombe", counted=False)
        assert run(house, {"trier": quick}, document.id, "trier")
        return Outcome(State.REJETE, facts={"reason": "fichier_illisible"})

    def quick(house: House, document: DocumentRow) -> Outcome:
        return Outcome(State.EN_LECTURE)

    assert not run(house, {"trier": slow}, document_id, "trier")
    assert row(store, document_id).status is State.EN_LECTURE


def test_a_lease_taken_over_in_the_same_state_is_lost_too(store: Store) -> None:
    """The state is still the same, but another is at work: only the owner of the lease may conclude."""
    house = hurried(store)
    document_id = put(store, b"%PDF-1.4 taken over").id

    def slow(house: House, document: DocumentRow) -> Outcome:
        with house.store.begin() as conn:
            documents.fail(conn, document.id, document.lease_owner or "", "lecteur_tombe", counted=False)
        with house.store.begin() as conn:
            assert documents.lease(conn, document.id, "another", 60)
        return Outcome(State.REJETE, facts={"reason": "fichier_illisible"})

    assert not run(house, {"trier": slow}, document_id, "trier")
    found = row(store, document_id)
    assert (found.status, found.lease_owner) == (State.RECU, "another")


def test_the_house_being_ill_spends_no_attempt(store: Store) -> None:
    house = hurried(store)
    document_id = put(store, b"%PDF-1.4 ill").id
    for _ in range(5):

        def ill(house: House, document: DocumentRow) -> Outcome:
            raise Unavailable("magasin_indisponible")

        assert not run(house, {"trier": ill}, document_id, "trier")
    assert (row(store, document_id).attempts, row(store, document_id).status) == (0, State.RECU)

    def broken(house: House, document: DocumentRow) -> Outcome:
        raise Failed("lecteur_tombe")

    for _ in range(3):
        run(house, {"trier": broken}, document_id, "trier")
    assert row(store, document_id).status is State.QUARANTAINE
