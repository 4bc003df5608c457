"""Moves documents through their stages one call at a time, without a broker."""

import io

from domain.flow import State
from ingest.deposits import deposit
from store import documents, senders
from store.senders import Sender
from workers.house import House
from workers.runner import run
from workers.stages import STAGES


def a_sender(house: House, name: str = "poste") -> Sender:
    with house.store.begin() as conn:
        made = senders.create_sender(conn, "station", name=name)
        found = senders.sender_of(conn, made.token)
    assert found is not None
    return found


def put(house: House, data: bytes, sender: Sender | None = None) -> str:
    """The id of the document made of these bytes."""
    return deposit(house.store, sender or a_sender(house), io.BytesIO(data)).id


def drive(house: House, document_id: str) -> State:
    """Run stage after stage until a person or nobody is next."""
    for _ in range(12):
        with house.store.begin() as conn:
            document = documents.load(conn, document_id)
        if document.stage is None or not run(house, STAGES, document_id, document.stage):
            break
    with house.store.begin() as conn:
        return documents.load(conn, document_id).status
