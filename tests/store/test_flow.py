"""The database refuses any move that domain/flow.py does not name, and writes the journal itself."""

import itertools

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.errors import Refused
from domain.flow import ALLOWED, INITIAL, State
from store import documents, journal, migrations
from store.house import Store
from tests.store.making import document

PATH = {  # how to bring a document to each state
    State.RECU: (State.RECU,),
    State.EN_LECTURE: (State.EN_LECTURE,),
    State.REJETE: (State.REJETE,),
    State.SCINDE: (State.RECU, State.SCINDE),
    State.ECARTE: (State.RECU, State.ECARTE),
    State.A_VALIDER: (State.EN_LECTURE, State.A_VALIDER),
    State.VALIDE: (State.EN_LECTURE, State.VALIDE),
    State.QUARANTAINE: (State.RECU, State.QUARANTAINE),
    State.ARCHIVE: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE),
    State.REFUSE: (State.EN_LECTURE, State.VALIDE, State.REFUSE),
    State.LIQUIDE: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.LIQUIDE),
    State.A_LIQUIDER: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.A_LIQUIDER),
    State.APPLIQUE: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.APPLIQUE),
    State.CLASSE: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.CLASSE),
    State.ORDONNANCE: (State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.LIQUIDE, State.ORDONNANCE),
}


def put_at(conn, state: State) -> str:
    first, *others = PATH[state]
    document_id = document(conn, first)
    for start, to in itertools.pairwise((first, *others)):
        documents.advance(conn, document_id, start, to, actor="test")
    return document_id


def test_the_trigger_allows_exactly_the_moves_of_the_flow(store: Store) -> None:
    assert set(PATH) == set(State)
    with store.begin() as conn:
        at = {state: put_at(conn, state) for state in State}
    for start, to in itertools.product(State, State):
        if start == to:
            continue
        with store.engine.connect() as conn:
            journal.speak(conn, "test")
            move = text("UPDATE documents SET status = :to WHERE id = :id")
            if (start, to) in ALLOWED:
                assert conn.execute(move, {"to": to, "id": at[start]}).rowcount == 1
            else:
                with pytest.raises(DBAPIError, match="no move from"):
                    conn.execute(move, {"to": to, "id": at[start]})
            conn.rollback()


@pytest.mark.parametrize("state", State)
def test_a_document_starts_only_where_the_flow_says(store: Store, state: State) -> None:
    with store.engine.connect() as conn:
        if state in INITIAL:
            document(conn, state)
        else:
            with pytest.raises(Refused, match="etat_change"):
                document(conn, state)
            first = document(conn)
            journal.speak(conn, "test")
            copy = "INSERT INTO documents SELECT (jsonb_populate_record(d, jsonb_build_object("
            copy += "'id', gen_random_uuid(), 'parent_id', d.id, 'status', cast(:to AS text)))).* "
            with pytest.raises(DBAPIError, match="no move from nothing"):
                conn.execute(text(copy + "FROM documents d WHERE id = :id"), {"to": state, "id": first})
        conn.rollback()


def test_the_pairs_in_the_database_are_those_of_the_flow(store: Store) -> None:
    with store.engine.connect() as conn:
        migrations.check_flow(conn)
        conn.execute(text("DELETE FROM flow_pairs WHERE from_state = 'valide' AND to_state = 'refuse'"))
        with pytest.raises(migrations.FlowChanged, match="refuse"):
            migrations.check_flow(conn)
        conn.rollback()


def test_a_move_without_an_actor_is_refused(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    with store.engine.connect() as conn:
        with pytest.raises(DBAPIError, match="journal_actor_check"):
            conn.execute(text("UPDATE documents SET status = 'en_lecture' WHERE id = :id"), {"id": document_id})
        conn.rollback()


def test_an_actor_speaks_for_one_move_only(store: Store) -> None:
    with store.engine.connect() as conn:
        document_id = document(conn)
        move = "UPDATE documents SET status = :to WHERE id = :id"
        documents.advance(conn, document_id, State.RECU, State.EN_LECTURE, actor="a")
        with pytest.raises(DBAPIError, match="journal_actor_check"):
            conn.execute(text(move), {"to": "valide", "id": document_id})
        conn.rollback()


def test_documents_are_never_deleted(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    with store.engine.connect() as conn, pytest.raises(DBAPIError, match="never deleted"):
        conn.execute(text("DELETE FROM documents WHERE id = :id"), {"id": document_id})
