"""What leaves the house: payment orders and décomptes, written whole where the next system takes them.

`<home>/sortie/ordres/<id>.json`, `decomptes/<decision>.pdf` and `courriers/` beside it:
`<indu or document>.pdf`, `<indu>-mise-en-demeure.pdf`, `<indu>-contrainte.pdf`, `<document>-refus.pdf`.
At least once, under names that do not change: an order taken twice is the same order.
"""

import json
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import Connection

from domain.claim import PayeeKind, Share
from domain.errors import Failed, LiasseError
from domain.money import ZERO
from outbound.letters import of_decision
from outbound.orders import PaymentOrder
from outbound.payees import account
from store import cash, money, outbox, payments
from store.outbox import Message
from workers import letters
from workers.house import House

log = structlog.get_logger("delivery")
KINDS = ("ordre", "courrier")
LABEL = "Remboursement de soins"
CASH_LABEL = "Prestation en espèces"


def deliver(house: House) -> int:
    """Deliver what is due, each in a transaction of its own; how many. One that fails waits, and stops
    no other."""
    sent = 0
    while True:
        with house.store.begin() as conn:
            due = outbox.pending(conn, kinds=KINDS, limit=1)
            if not due:
                return sent
            if code := _failure(house, conn, due[0]):
                outbox.mark_failed(conn, due[0], code)
            else:
                outbox.mark_sent(conn, due[0].id)
                sent += 1


def _failure(house: House, conn: Connection, message: Message) -> str | None:
    try:
        with conn.begin_nested():
            if message.kind == "courrier":
                _deliver_letter(house, conn, message)
            else:
                _deliver_order(house, conn, message)
    except LiasseError as error:
        return error.code
    except OSError:
        return "disque_plein"
    except Exception as error:
        log.error("delivery_crashed", document=message.document_id, error=type(error).__name__,
                  incident=uuid.uuid4().hex[:12])  # fmt: skip
        return "interne"
    return None


def _deliver_order(house: House, conn: Connection, message: Message) -> None:
    assert message.order_id is not None
    order, parts = payments.load(conn, message.order_id)
    stored = money.decision(conn, order.decision_id)
    record = cash.record(conn, stored.document_id)
    name, iban = account(conn, order, stored, record)
    if iban is None:
        raise Failed("compte_absent")  # the order waits for an account, and leaves once there is one
    kind = cast(PayeeKind, order.payee_kind)
    told = PaymentOrder(
        order.id, stored.id, kind, order.payee_id, name, iban, order.net, stored.decision.decided_on,
        LABEL if record is None else CASH_LABEL,
        tuple(Share(line, kind, order.payee_id, amount) for line, amount in parts if amount != ZERO),
        order.amount - order.net,
    )  # fmt: skip
    out = house.store.settings.home / "sortie"
    _write(
        out / "ordres" / f"{order.id}.json", json.dumps(told.to_json(), ensure_ascii=False, indent=1).encode()
    )
    if letter := of_decision(conn, stored, record, order, iban):
        _write(out / "decomptes" / letter[0], letter[1])
    payments.mark_sent(conn, order.id)


def _letter_of(body: Mapping[str, Any]) -> Callable[[House, Connection, str], tuple[str, bytes]]:
    """Which letter about an indu a row of the outbox means."""
    if body.get("constraint"):
        return letters.of_constraint
    return letters.of_demand if body.get("demand") else letters.of_indu


def _deliver_letter(house: House, conn: Connection, message: Message) -> None:
    """A letter that goes with no order: of an indu, of a change of a dossier, of a refusal, or of a
    correction that pays nothing."""
    out = house.store.settings.home / "sortie"
    if indu_id := message.body.get("indu"):
        name, pdf = _letter_of(message.body)(house, conn, indu_id)
        _write(out / "courriers" / name, pdf)
        return
    if document_id := message.body.get("change"):
        if told := letters.of_change(house, conn, document_id):
            _write(out / "courriers" / told[0], told[1])
        return
    if document_id := message.body.get("refus"):
        if refusal := letters.of_refusal(house, conn, document_id):
            _write(out / "courriers" / refusal[0], refusal[1])
        return
    stored = money.decision(conn, message.body["decision"])
    if letter := of_decision(conn, stored, cash.record(conn, stored.document_id), None, None):
        _write(out / "decomptes" / letter[0], letter[1])


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk when this returns. What left under a name stays as it left."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
