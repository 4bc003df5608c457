"""What a deposit that died left in the inbox: taken up where its sidecar was written, else removed.

A sidecar is locked for years and a rebuild makes its rows: bytes that have one are never removed, so
they must be on somebody's screen. Its sender had no answer; where he never came again, this is all
that is known of what he sent.
"""

from collections import defaultdict
from datetime import timedelta

import structlog
from sqlalchemy import Connection, select

from domain.errors import Unavailable
from domain.flow import State
from ingest import receipts
from ingest.deposits import create_document
from store import clock, contents, deposits, lots, sidecars
from store.house import Store
from store.objects import Stat
from store.sidecars import Sidecar
from store.tables import lots as lots_table
from store.tables import senders

log = structlog.get_logger("ingest")
ACTOR = "liasse:balayage"


def sweep_orphans(store: Store, older_than: timedelta = timedelta(hours=1)) -> int:
    """Removes from the inbox what no row names, or no more, and no sidecar tells of; how many.

    Its key goes with it. Only objects of our own naming, and only once they are old enough for no
    deposit in progress to be about to name them. What a sidecar tells of gets its rows."""
    limit = clock.now() - older_than
    old = [
        found
        for found in store.objects.list(contents.BUCKET)
        if "/" in found.key and found.modified is not None and found.modified <= limit
    ]
    if not old:
        return 0
    with store.begin() as conn:
        rows = contents.find_all(conn, {_sha256(found) for found in old})
    removed, unknown = 0, []
    for found in old:
        content = rows.get(_sha256(found))
        if content is None:
            unknown.append(found)
        elif content.object_key != found.key or content.removed_at is not None:
            _remove(store, found)
            removed += 1
    receipted = _receipted(store, unknown)
    for found in unknown:
        if told := receipted.get(found.key):
            for each in told:
                _try(store, each)
        else:
            _remove(store, found)
            removed += 1
    return removed


def _sha256(found: Stat) -> str:
    return found.key.partition("/")[0]


def _receipted(store: Store, unknown: list[Stat]) -> dict[str, list[Sidecar]]:
    """By inbox object: a sidecar is written after its bytes, never before."""
    told: dict[str, list[Sidecar]] = defaultdict(list)
    if unknown:
        for each in sidecars.read(store.objects, min(found.modified for found in unknown if found.modified)):
            told[each.object_key].append(each)
    return told


def _try(store: Store, told: Sidecar) -> None:
    """One that cannot be taken up stops no other; its bytes stay."""
    try:
        _take_up(store, told)
    except Unavailable:
        raise
    except Exception as error:
        log.error("deposit_not_taken_up", document=told.deposit, error=type(error).__name__)


def _take_up(store: Store, told: Sidecar) -> None:
    """Makes the rows that were never committed. Nothing where they may have been lost with the database:
    its sender unknown, or the document sealed, they are a rebuild's to make."""
    if next(iter(store.objects.list(sidecars.BUCKET, f"documents/{told.deposit}/")), None) is not None:
        return
    with store.begin() as conn:
        if not _is_known(conn, told):
            return
        if contents.save(conn, **told.content()).object_key != told.object_key:
            return  # stored again meanwhile: the next sweep removes these
        reason = told.rejected
        place = told.lot
        if told.lot and (why := _out_of_place(conn, told)):
            place, reason = None, why
        made, is_new = deposits.save(
            conn,
            id=told.deposit,
            sender_id=told.sender,
            sha256=told.sha256,
            source=told.source,
            receipt=receipts.sign(store.settings, told.deposit, told.sha256, told.received_at),
            received_at=told.received_at,
            received_on=told.received_on,
            lot=place,
        )
        if not is_new:
            return
        document = None
        if reason or place is None:
            document = create_document(conn, ACTOR, made, State.REJETE if reason else State.RECU, reason=reason)
        if place:  # an open lot's: its document is made when the lot is closed
            lots.add_image(conn, made, outcome="rejete" if reason else None, document_id=document)
    log.info("deposit_taken_up", document=told.deposit, code=reason)


def _is_known(conn: Connection, told: Sidecar) -> bool:
    wanted = [select(senders.c.id).where(senders.c.id == told.sender)]
    if told.lot:
        wanted.append(select(lots_table.c.id).where(lots_table.c.id == told.lot[0]))
    return all(conn.execute(each).one_or_none() is not None for each in wanted)


def _out_of_place(conn: Connection, told: Sidecar) -> str | None:
    assert told.lot is not None
    status = lots.load(conn, told.lot[0], lock="share").status
    if deposits.at(conn, told.lot) is not None:
        return "image_differente"
    return None if status == "ouvert" else "lot_clos"


def _remove(store: Store, found: Stat) -> None:
    store.objects.delete(contents.BUCKET, found.key)
    store.vault.erase(found.key.partition("/")[2])
