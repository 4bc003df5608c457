"""One process at a time, whatever dies: the turns that the database keeps."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from domain.errors import Unavailable
from store import turns
from store.engine import connect
from store.house import Store
from store.vault import Vault


def test_the_second_waits_until_the_first_is_done(store: Store) -> None:
    order, first_is_in = [], threading.Event()

    def second() -> None:
        first_is_in.wait()
        with turns.alone(store.engine, "essai"):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with turns.alone(store.engine, "essai"):
        first_is_in.set()
        with turns.tried(store.engine, "essai") as turn:
            assert turn is None
        with turns.tried(store.engine, "autre") as turn:
            assert turn is not None
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    with turns.tried(store.engine, "essai") as turn:
        assert turn is not None


def test_a_turn_ends_with_its_connection(store: Store) -> None:
    def lose_it() -> None:
        with turns.tried(store.engine, "essai") as turn:
            assert turn is not None
            with store.begin() as conn:
                pid = turn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                conn.exec_driver_sql("SELECT pg_terminate_backend(%s)", (pid,))
            turns.still_ours(turn)

    with pytest.raises(Unavailable):
        lose_it()
    with turns.tried(store.engine, "essai") as turn:
        assert turn is not None


def test_a_full_pool_is_told_as_the_database_away(store: Store) -> None:
    engine = connect(store.settings)
    engine.pool._timeout, engine.pool._max_overflow = 0.1, 0  # type: ignore[attr-defined]
    held = [engine.connect() for _ in range(engine.pool.size())]  # type: ignore[attr-defined]
    with pytest.raises(Unavailable), turns.alone(engine, "essai"):
        pass
    for conn in held:
        conn.close()
    engine.dispose()


def test_twenty_who_make_a_key_at_once_hold_the_same(store: Store) -> None:
    """Two processes, ten threads each: none seals under a key that the other writes over."""
    engines = [connect(store.settings) for _ in range(2)]
    vaults = [Vault(store.objects, store.settings.master_key, partial(turns.alone, each)) for each in engines]
    for n in range(3):
        with ThreadPoolExecutor(20) as threads:
            keys = list(threads.map(lambda k, n=n: vaults[k % 2].new_key(f"document-{n}"), range(20)))  # type: ignore[misc]
        assert len(set(keys)) == 1
        assert store.vault.key(f"document-{n}") == keys[0]
    for engine in engines:
        engine.dispose()
