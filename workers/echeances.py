"""The days of a stop that runs, paid as they elapse: the timer's turn.

What a document pays more is a decision that goes on from its last one, with its shares, its order and its
line of the journal: one transaction, under the locks of the document and of the insured. Killed before its
commit it left nothing; a second worker finds the day moved on; a decision is gone on from once, which the
database keeps.
"""

import uuid
from dataclasses import replace

import structlog
from sqlalchemy import Connection

from archive.payment import extend_at_payment
from checks import echeances, prestations
from domain.claim import NotComputed
from domain.errors import LiasseError
from domain.money import ZERO
from domain.plain import to_plain
from law import NotCovered
from liquidation.corrections import difference, standing
from liquidation.especes import case as especes
from liquidation.reasons import because
from store import bodies, cash, documents, journal, money, past, payments, people
from store.documents import DocumentRow
from workers.house import House
from workers.paying import ordered

log = structlog.get_logger("echeances")
EVENT = "suite"
ACTOR = "liasse:echeance"


def pay_elapsed(house: House) -> int:
    """Pay the instalments that have come to term, each document in a transaction of its own; how many were.
    One that cannot be paid is told, and stops no other."""
    with house.store.begin() as conn:
        due = cash.running(conn, house.today)
    return sum(_paid(house, id) for id in due)


def _paid(house: House, document_id: str) -> bool:
    try:
        with house.store.begin() as conn:
            document = documents.load(conn, document_id)
        until = extend_at_payment(house.store, document, house.now)
        with house.store.begin() as conn:
            document = documents.load(conn, document_id, lock=True)
            if not cash.at_term(conn, document_id, house.today):
                return False  # another worker was faster, or a person cancelled it
            if until:
                documents.keep_until(conn, document_id, until)
            return _go_on(house, conn, document)
    except LiasseError as error:
        log.warning("instalment_failed", document=document_id, code=error.code)
    except Exception as error:
        log.error("instalment_crashed", document=document_id, error=type(error).__name__,
                  incident=uuid.uuid4().hex[:12])  # fmt: skip
    return False


def _go_on(house: House, conn: Connection, document: DocumentRow) -> bool:
    chain, record = money.decisions_of(conn, document.id), cash.record(conn, document.id)
    if document.insured_id is None or record is None or record.stop is None:
        return _told(conn, document.id, because("droit_non_couvert", detail="l'arrêt n'est plus connu"))
    money.lock_insured(conn, document.insured_id)
    insured, last = people.insured(conn, document.insured_id), chain[-1]
    key = house.store.vault.key(document.id)
    try:
        term = echeances.term(record.stop, house.today, house.law)
        assert term is not None  # the first one was paid
        if insured.died_on is not None and insured.died_on <= term:
            return _told(conn, document.id, because("arret_apres_deces"))
        first = especes.read(past.case_of(conn, key, last) or {})
        # what it was decided from, so that the instalments make the whole; a rebuilt house names persons anew
        case = echeances.until(replace(first, insured_id=insured.id), term, house.today)
        decision = case.decide(house.law)
        if decision.not_computed:
            return _told(conn, document.id, *decision.not_computed)
        wakes = echeances.next_term(record.stop, term, house.law) if term < record.stop.end else None
        whole = echeances.whole(case, house.law)
        now = prestations.to_decision(decision, house.law)
    except NotCovered as refusal:
        return _told(conn, document.id, because("droit_non_couvert", detail=f"{refusal}."))
    change = difference(standing([each.decision for each in chain]), now)
    if any(share.amount < ZERO for share in change.shares):  # a share that takes back is no order, and no indu
        return _told(conn, document.id, because("suite_moindre"))
    kept = replace(record, decision=decision, paid_until=(*record.paid_until, term), whole=whole)
    cash.save_record(conn, document.id, kept)
    cash.wait(conn, document.id, wakes)
    decided = money.save_decision(
        conn, document.id, insured.id, last.rpps, change, corrects=last.id, nature="suite"
    )
    orders = ordered(house, conn, money.decision(conn, decided))
    said = money.told(change, insured.id, last.rpps) | {
        cash.RECORD: to_plain(kept), past.CASE: to_plain(case), "until": wakes.isoformat() if wakes else None,
        "orders": [payments.told(order) for order in orders],
    }  # fmt: skip
    journal.write(
        conn, document.id, EVENT, actor=ACTOR, payload=journal.seal_payload(key, said),
        hashes={"decision": decided, "corrects": last.id, "nature": "suite", "law": house.law.version,
                "orders": [order.id for order in orders]},
    )  # fmt: skip
    return True


def _told(conn: Connection, document_id: str, *reasons: NotComputed) -> bool:
    """No more is paid by itself: a person reads why on the document."""
    bodies.save(conn, document_id, "not_computed", reasons)
    cash.wait(conn, document_id, None)
    log.warning("instalments_stopped", document=document_id, reasons=[each.code for each in reasons])
    return False
