"""One stage of one document: lease, work, then result and move in one transaction."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection

from domain.errors import LiasseError, Refused, Unavailable
from domain.flow import State
from store import documents, journal
from store.documents import DocumentRow
from workers.house import House

log = structlog.get_logger("workers")

LONGEST = 3600.0
"""Seconds for which a lease is renewed at most: more than any work takes, so that one who hangs is
left behind in the end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage found. `write` runs in the transaction that moves the document to `to`.

    `said`: personal (values, reasons, names), encrypted into the journal's line. `hashes`: ids, codes
    and digests, in clear. `facts`: columns set with the move (store.documents.FACTS).
    """

    to: State
    write: Callable[[Connection], None] | None = None
    said: Mapping[str, Any] | None = None
    hashes: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


Conclusion = Callable[[Connection], Outcome]
"""An outcome that is decided inside the last transaction, under locks that it takes."""

Stage = Callable[[House, DocumentRow], Outcome | Conclusion]


def run(house: House, stages: Mapping[str, Stage], document_id: str, stage: str) -> bool:
    """Run the stage that the document waits for; whether it moved.

    A message is a doorbell: `stage` is what its sender saw, the row tells what is to be done. One that
    comes twice, or once all is done, does nothing.
    """
    store = house.store
    owner = f"{stage}:{uuid.uuid4()}"
    with store.begin() as conn:
        document = documents.lease(conn, document_id, owner, store.settings.lease_seconds)
    if document is None or document.stage is None:
        return False
    try:
        with _held(house, document.id, owner):
            result = stages[document.stage](house, document)
        to = _conclude(house, document, result, owner)
    except Refused as refused:
        if refused.code == "etat_change":  # another worker, whose lease outlived ours, was faster
            return False
        return _give_back(house, document, owner, refused)
    except LiasseError as error:
        return _give_back(house, document, owner, error)
    except Exception as error:
        incident = uuid.uuid4().hex[:12]
        log.error("stage_crashed", document=document.id, stage=document.stage, incident=incident,
                  error=type(error).__name__, where=_where(error))  # fmt: skip
        _give_back(house, document, owner, None)
        return False
    log.info("stage_done", document=document.id, stage=document.stage, to=to)
    return True


@contextmanager
def _held(house: House, document_id: str, owner: str) -> Iterator[None]:
    """Renew the lease while the work lasts: a long file is not taken for one whose worker died."""
    seconds, ended = house.store.settings.lease_seconds, threading.Event()
    deadline = time.monotonic() + LONGEST

    def renew() -> None:
        while not ended.wait(seconds / 3) and time.monotonic() < deadline:
            try:
                with house.store.begin() as conn:
                    if not documents.renew(conn, document_id, owner, seconds):
                        return  # another has it: the last transaction will find that out
            except LiasseError:
                continue  # the database is away: as long as the lease lasts, there is time

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _conclude(house: House, document: DocumentRow, result: Outcome | Conclusion, owner: str) -> State:
    key = house.store.vault.new_key(document.id)
    with house.store.begin() as conn:
        held = documents.load(conn, document.id, lock=True)
        if held.lease_owner != owner or held.status != document.status:
            raise Refused("etat_change")
        outcome = result if isinstance(result, Outcome) else result(conn)
        if outcome.write:
            outcome.write(conn)
        payload = journal.seal_payload(key, outcome.said) if outcome.said else None
        documents.advance(
            conn, document.id, document.status, outcome.to, actor=f"liasse:{document.stage}",
            payload=payload, hashes=outcome.hashes, **outcome.facts,
        )  # fmt: skip
    return outcome.to


def _give_back(house: House, document: DocumentRow, owner: str, error: LiasseError | None) -> bool:
    code = error.code if error else "interne"
    ours = isinstance(error, Unavailable)  # the house is ill, not the document: no attempt is spent
    if error:
        log.warning("stage_failed", document=document.id, stage=document.stage, code=code)
    with house.store.begin() as conn:
        documents.fail(conn, document.id, owner, code, counted=not ours)
    return False


def _where(error: Exception) -> str:
    """File and line of the innermost frame: enough to find the fault, and no value of it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}" if trace else ""
