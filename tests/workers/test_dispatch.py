"""The next stage of a document is dispatched by the bell of the move itself: the sweep is for lost bells, and a
house in which documents wait for it still ends them all, later. So there is none here."""

from sqlalchemy import select

from domain.flow import State
from store import documents
from store.house import Store
from store.tables import documents as t
from tests.promises import feuilles, invariants
from tests.promises.flowing import deposit_all, worker
from tests.workers import keyed
from tests.workers.driving import drive

NEVER = 3600.0
"""Seconds after which the sweep would ring again."""


def test_documents_go_the_whole_way_without_the_sweep(own_buckets: Store) -> None:
    """Feuilles from their deposit to their order, and an avis that its attestation wakes."""
    house = keyed.a_house(own_buckets)
    avis = keyed.key(house, keyed.AVIS, keyed.STOP)
    assert drive(house, avis) is State.A_LIQUIDER
    attestation = keyed.key(house, keyed.ATTESTATION, keyed.PAYS, copy=1)
    with worker(own_buckets, sweep_seconds=NEVER, today=keyed.TODAY):
        ids = deposit_all(own_buckets, [feuilles.sheet(n, n + 4) for n in range(3)])
        assert drive(house, attestation) is State.CLASSE
        with own_buckets.begin() as conn:
            assert documents.sweep(conn, NEVER) == 0
        invariants.quiet(own_buckets, 60.0)
    with own_buckets.begin() as conn:
        ends = {row.id: row.status for row in conn.execute(select(t.c.id, t.c.status))}
    assert {ends[id] for id in ids} == {State.ORDONNANCE}
    assert ends[avis] == State.ORDONNANCE
