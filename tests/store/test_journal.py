"""The journal is chained by the database, append only, and any change in it is found."""

import io
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.flow import State
from store import documents, journal
from store.house import Store
from tests.store.making import document, walk


@pytest.fixture
def written(store: Store) -> str:
    """A document whose journal has four lines, one of them with a payload."""
    with store.begin() as conn:
        document_id = document(conn)
        walk(conn, document_id, State.EN_LECTURE, State.VALIDE)
        journal.write(
            conn, document_id, "decision", actor="liasse:liquider",
            payload=b"chiffre", hashes={"decision": "ab", "a": 1},
        )  # fmt: skip
    return document_id


def lines(store: Store, document_id: str) -> list[journal.Line]:
    with store.begin() as conn:
        return journal.lines(conn, document_id)


def test_each_move_is_a_line_and_the_chain_holds(store: Store, written: str) -> None:
    found = lines(store, written)
    assert [(x.from_state, x.to_state) for x in found] == [
        (None, "recu"), ("recu", "en_lecture"), ("en_lecture", "valide"), (None, None)
    ]  # fmt: skip
    assert [x.n for x in found] == [1, 2, 3, 4]
    assert found[0].previous == journal.GENESIS
    assert found[3].hashes == '{"a":1,"decision":"ab"}'
    journal.verify(found)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "autre"}, {"event": "x"}, {"to_state": "rejete"}, {"hashes": '{"a":2}'},
        {"payload": b"Chiffre"}, {"payload": None}, {"document_id": "0" * 8}, {"hash": bytes(32)},
    ],
)  # fmt: skip
def test_a_line_changed_is_found(store: Store, written: str, change: dict[str, object]) -> None:
    found = lines(store, written)
    found[3] = replace(found[3], **change)
    with pytest.raises(journal.Broken, match="ligne 4"):
        journal.verify(found)


def test_a_line_taken_out_or_moved_is_found(store: Store, written: str) -> None:
    found = lines(store, written)
    with pytest.raises(journal.Broken, match="ligne 2"):
        journal.verify([found[0], *found[2:]])
    with pytest.raises(journal.Broken, match="ligne 2"):
        journal.verify([found[0], found[2], found[1], found[3]])


def test_a_row_changed_behind_the_trigger_is_found(
    store: Store, written: str, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE journal SET actor = 'autre' WHERE document_id = %s AND n = 2", [written])
    with pytest.raises(journal.Broken, match="ligne 2"):
        journal.verify(lines(store, written))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE journal SET actor = 'autre'", "UPDATE journal SET seal_no = 1, event = 'x'",
        "DELETE FROM journal", "TRUNCATE journal", "TRUNCATE documents CASCADE",
    ],
)  # fmt: skip
def test_the_journal_is_append_only(store: Store, written: str, attack: str) -> None:
    with store.engine.connect() as conn, pytest.raises(DBAPIError, match="append only"):
        conn.execute(text(attack))


def test_a_line_takes_its_seal_number_once(store: Store, written: str) -> None:
    with store.begin() as conn:
        conn.execute(text("UPDATE journal SET seal_no = 1"))
    with store.engine.connect() as conn, pytest.raises(DBAPIError, match="append only"):
        conn.execute(text("UPDATE journal SET seal_no = 2"))
    journal.verify(lines(store, written))  # the number is not part of the chain


def test_what_a_writer_says_of_number_hash_and_time_is_ignored(store: Store, written: str) -> None:
    with store.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO journal (document_id, n, at, actor, event, previous, hash, seal_no) VALUES"
                " (:id, 99, '2000-01-01', 'a', 'e', '\\x00', '\\x00', 7)"
            ),
            {"id": written},
        )
    found = lines(store, written)
    assert (found[-1].n, found[-1].seal_no, found[-1].at.year > 2000) == (5, None, True)
    journal.verify(found)


def test_a_payload_is_read_back_under_its_key_alone(store: Store) -> None:
    key = store.vault.new_key("essai")
    sealed = journal.seal_payload(key, {"motif": "illisible", "montant": "30.00"})
    assert b"illisible" not in sealed
    with store.begin() as conn:
        document_id = document(conn, State.EN_LECTURE)
        documents.advance(conn, document_id, State.EN_LECTURE, State.A_VALIDER, actor="t", payload=sealed)
    line = lines(store, document_id)[-1]
    assert journal.open_payload(key, line) == {"motif": "illisible", "montant": "30.00"}
    assert io.BytesIO(line.payload or b"").read(4) == b"LIA1"
