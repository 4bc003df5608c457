"""Tasks of persons: two leases an agent, and never a silent overwrite."""

import threading
import time

import pytest

from domain.errors import Refused
from domain.flow import State
from store import documents, tasks
from store.house import Store
from tests.store.making import document, walk


def queue(store: Store, number: int) -> list[str]:
    """That many documents to validate; the ids of their tasks, oldest first."""
    opened = []
    for _ in range(number):
        with store.begin() as conn:
            document_id = document(conn, State.EN_LECTURE)
            walk(conn, document_id, State.A_VALIDER)
            opened.append(tasks.open_task(conn, document_id, "validation"))
            assert tasks.open_task(conn, document_id, "validation") == opened[-1]
    return opened


def test_the_oldest_first_and_two_at_most(store: Store) -> None:
    first, second, third = queue(store, 3)
    taken = []
    for _ in range(2):
        with store.begin() as conn:
            taken.append(tasks.next_task(conn, "a"))
    assert [task.id for task in taken if task] == [first, second]
    with store.begin() as conn, pytest.raises(Refused, match="trop_de_taches"):
        tasks.next_task(conn, "a")
    with store.begin() as conn:
        assert tasks.next_task(conn, "b", ["quarantaine"]) is None
        other = tasks.next_task(conn, "b")
        assert other is not None
        assert other.id == third
        assert tasks.next_task(conn, "c") is None
    with store.begin() as conn:
        tasks.release(conn, first, "a")
        again = tasks.next_task(conn, "c")
        assert again is not None
        assert again.id == first


def test_an_agent_asking_ten_times_at_once_holds_two(store: Store) -> None:
    queue(store, 5)
    told: list[str] = []

    def ask() -> None:
        try:
            with store.begin() as conn:
                task = tasks.next_task(conn, "a")
            told.append(task.id if task else "rien")
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("trop_de_taches") == 8
    assert len(set(told)) == 3


def test_a_lease_lost_to_another_makes_the_decision_stale(store: Store) -> None:
    (task_id,) = queue(store, 1)
    with store.begin() as conn:
        mine = tasks.next_task(conn, "a", seconds=0.01)
    time.sleep(0.05)
    with store.begin() as conn:
        theirs = tasks.next_task(conn, "b")
    assert mine is not None
    assert theirs is not None
    with store.begin() as conn, pytest.raises(Refused, match="tache_perimee"):
        tasks.decide(conn, task_id, "a", mine.version, "accept")
    with store.begin() as conn, pytest.raises(Refused, match="tache_non_tenue"):
        tasks.decide(conn, task_id, "a", theirs.version, "accept")
    with store.begin() as conn, pytest.raises(Refused, match="tache_non_tenue"):
        tasks.take(conn, task_id, "a")
    with store.begin() as conn:
        assert tasks.renew(conn, task_id, "b").version == theirs.version
        done = tasks.decide(conn, task_id, "b", theirs.version, "accept")
    assert (done.status, done.decided_by, done.action) == ("faite", "b", "accept")
    with store.begin() as conn, pytest.raises(Refused, match="tache_perimee"):
        tasks.decide(conn, task_id, "b", theirs.version, "accept")


def test_a_lease_that_expired_untaken_loses_no_work(store: Store) -> None:
    (task_id,) = queue(store, 1)
    with store.begin() as conn:
        mine = tasks.next_task(conn, "a", seconds=0.01)
    time.sleep(0.05)
    assert mine is not None
    with store.begin() as conn:
        assert tasks.decide(conn, task_id, "a", mine.version, "refuse").status == "faite"


def test_a_task_without_object_refuses_the_decision(store: Store) -> None:
    (task_id,) = queue(store, 1)
    with store.begin() as conn:
        mine = tasks.next_task(conn, "a")
        assert mine is not None
        tasks.close_without(conn, str(mine.document_id))
    with store.begin() as conn, pytest.raises(Refused, match="tache_perimee"):
        tasks.decide(conn, task_id, "a", mine.version, "accept")


@pytest.mark.parametrize("race", range(20))
def test_u2_two_agents_on_one_document_never_overwrite_in_silence(store: Store, race: int) -> None:
    """Both decide at once, the first with a lease that has just run out: one wins, the other is told."""
    (task_id,) = queue(store, 1)
    with store.begin() as conn:
        first = tasks.next_task(conn, "a", seconds=0.001)
    time.sleep(0.005)
    assert first is not None
    barrier, told = threading.Barrier(2), {}

    def decide(agent: str, version: int | None) -> None:
        try:
            with store.begin() as conn:
                if version is None:
                    barrier.wait(5)
                    task = tasks.take(conn, task_id, agent)
                    version = task.version
                else:
                    barrier.wait(5)
                done = tasks.decide(conn, task_id, agent, version, "accept")
                documents.save(conn, str(done.document_id), "values", {"par": agent})
                documents.advance(conn, str(done.document_id), State.A_VALIDER, State.VALIDE, actor=agent)
            told[agent] = "accept"
        except Refused as refused:
            told[agent] = refused.code

    threads = [
        threading.Thread(target=decide, args=("a", first.version)),
        threading.Thread(target=decide, args=("b", None)),
    ]
    for thread in threads[:: 1 if race % 2 else -1]:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(agent for agent, answer in told.items() if answer == "accept")
    assert sorted(told.values()) == ["accept", "tache_perimee"]
    with store.begin() as conn:
        row = documents.load(conn, str(first.document_id))
        assert documents.data(conn, row.id, "values") == {"par": winner}
        assert tasks.load(conn, task_id).decided_by == winner
    assert row.status == State.VALIDE
