"""What leaves the house: payment orders and décomptes, written whole where the next system takes them.

`<home>/sortie/ordres/<id>.json` and `<home>/sortie/decomptes/<decision>.pdf`. At least once, under
names that do not change: an order taken twice is the same order.
"""

import json
import os
import uuid
from pathlib import Path
from typing import cast

import structlog
from sqlalchemy import Connection

from checks.prestations import Record
from domain.claim import PayeeKind, Share
from domain.errors import Failed, LiasseError
from domain.money import ZERO
from outbound.decompte import render
from outbound.decompte_especes import render as render_cash
from outbound.orders import PaymentOrder
from store import cash, money, outbox, people
from store.outbox import Message
from workers.house import House
from workers.payees import account, payee_of

log = structlog.get_logger("delivery")
LABEL = "Remboursement de soins"
CASH_LABEL = "Prestation en espèces"


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
    record = cash.record(conn, stored.document_id)
    name, iban = account(conn, order, stored, record)
    if iban is None:
        raise Failed("compte_absent")  # the order waits for an account, and leaves once there is one
    kind = cast(PayeeKind, order.payee_kind)
    told = PaymentOrder(
        order.id, stored.id, kind, order.payee_id, name, iban, order.amount, stored.decision.decided_on,
        LABEL if record is None else CASH_LABEL,
        tuple(Share(line, kind, order.payee_id, amount) for line, amount in parts if amount != ZERO),
    )  # fmt: skip
    out = house.store.settings.home / "sortie"
    _write(
        out / "ordres" / f"{order.id}.json", json.dumps(told.to_json(), ensure_ascii=False, indent=1).encode()
    )
    _letter(house, conn, order, stored, record, iban)
    money.mark_order_sent(conn, order.id)


def _letter(
    house: House,
    conn: Connection,
    order: money.Order,
    stored: money.StoredDecision,
    record: Record | None,
    iban: str,
) -> None:
    """The décompte: of the decision, but for a capital décès, where each ayant droit has his own."""
    insured = people.insured(conn, stored.insured_id)
    holder = people.holder(conn, insured)
    other = holder if holder.id != insured.id else None
    reference = stored.document_id[:8].upper()
    folder, name = house.store.settings.home / "sortie" / "decomptes", f"{stored.id}.pdf"
    claim = money.claim(conn, stored.document_id)
    practitioner = people.practitioner(conn, rpps=stored.rpps) if stored.rpps else None
    if record is not None:
        payee = payee_of(order, record)
        pdf = render_cash(
            record, insured, order_amount=order.amount, payee=payee, iban=iban, addressee=other,
            reference=reference,
        )  # fmt: skip
        name = f"{order.id}.pdf" if order.payee_kind == "ayant_droit" else name
    elif claim is not None and practitioner is not None:
        pdf = render(
            stored.decision, insured, practitioner, claim, reference=reference, addressee=other,
            payee_iban=holder.iban,
        )  # fmt: skip
    else:
        return
    _write(folder / name, pdf)


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
