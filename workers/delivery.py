"""What leaves the house: payment orders and décomptes, written whole where the next system takes them.

`<home>/sortie/ordres/<id>.json` and `<home>/sortie/decomptes/<decision>.pdf`. At least once, under
names that do not change: an order taken twice is the same order.
"""

import json
import os
import uuid
from pathlib import Path

import structlog
from sqlalchemy import Connection

from domain.claim import Share
from domain.errors import Failed, LiasseError
from domain.money import ZERO
from outbound.decompte import render
from outbound.orders import PaymentOrder
from store import money, outbox, people
from store.outbox import Message
from workers.house import House

log = structlog.get_logger("delivery")
LABEL = "Remboursement de soins"


def deliver(house: House) -> int:
    """Deliver what is due, each in a transaction of its own; how many. One that fails waits, and stops
    no other."""
    sent = 0
    while True:
        with house.store.begin() as conn:
            due = outbox.pending(conn, kinds=("ordre",), limit=1)
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
    order, parts = money.order(conn, message.order_id)
    stored = money.decision_of(conn, message.document_id or "")
    assert stored is not None
    insured = people.insured(conn, stored.insured_id)
    holder = people.holder(conn, insured)
    practitioner = people.practitioner(conn, rpps=stored.rpps)
    if order.payee_kind == "assure":
        name, iban = f"{holder.birth_name} {holder.first_names}", holder.iban
    else:
        assert practitioner is not None
        name, iban = f"{practitioner.last_name} {practitioner.first_name}", practitioner.iban
    if iban is None:
        raise Failed("compte_absent")  # the order waits for an account, and leaves once there is one
    told = PaymentOrder(
        order.id, stored.id, order.payee_kind, order.payee_id, name, iban, order.amount,
        stored.decision.decided_on, LABEL,
        tuple(
            Share(line, "assure" if order.payee_kind == "assure" else "praticien", order.payee_id, amount)
            for line, amount in parts
            if amount != ZERO
        ),
    )  # fmt: skip
    out = house.store.settings.home / "sortie"
    _write(
        out / "ordres" / f"{order.id}.json", json.dumps(told.to_json(), ensure_ascii=False, indent=1).encode()
    )
    claim = money.claim(conn, stored.document_id)
    if claim is not None and practitioner is not None:
        pdf = render(
            stored.decision, insured, practitioner, claim, reference=stored.document_id[:8].upper(),
            addressee=holder if holder.id != insured.id else None, payee_iban=holder.iban,
        )  # fmt: skip
        _write(out / "decomptes" / f"{stored.id}.pdf", pdf)
    money.mark_order_sent(conn, order.id)


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
