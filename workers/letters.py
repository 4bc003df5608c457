"""The letters that leave: the décompte of a decision or of its correction, the notification of an indu."""

from sqlalchemy import Connection

from checks.prestations import Record
from domain.claim import Decision
from domain.errors import Failed
from liquidation.corrections import standing
from liquidation.recouvrement import Event
from outbound import decompte, decompte_especes, indu
from store import cash, debts, money, payments, people
from store.money import StoredDecision
from workers.house import House
from workers.payees import payee_of

ACTOR = "liasse:courrier"


def of_decision(
    conn: Connection,
    stored: StoredDecision,
    record: Record | None,
    order: payments.Order | None,
    iban: str | None,
) -> tuple[str, bytes] | None:
    """(name of its file, PDF): of the decision, but for a capital décès, where each ayant droit has his own.
    None where there is nothing to tell of care or of days."""
    insured = people.insured(conn, stored.insured_id)
    holder = people.holder(conn, insured)
    other = holder if holder.id != insured.id else None
    reference, name = stored.document_id[:8].upper(), f"{stored.id}.pdf"
    # whichever order leaves first, the letter is the whole decision's
    retained = [each for one in payments.of_decision(conn, stored.id) for each in one.retained]
    if record is not None and order is not None:
        pdf = decompte_especes.render(
            record, insured, order_amount=order.amount, retained=retained, payee=payee_of(order, record),
            iban=iban, addressee=other, reference=reference,
        )  # fmt: skip
        return (f"{order.id}.pdf" if order.payee_kind == "ayant_droit" else name), pdf
    claim = money.claim(conn, stored.document_id)
    practitioner = people.practitioner(conn, rpps=stored.rpps) if stored.rpps else None
    if claim is None or practitioner is None:
        return None
    pdf = decompte.render(
        stored.decision, insured, practitioner, claim, reference=reference, addressee=other,
        payee_iban=holder.iban, retained=retained, corrects=_before(conn, stored),
    )  # fmt: skip
    return name, pdf


def _before(conn: Connection, stored: StoredDecision) -> Decision | None:
    """What the decisions before a correction paid together."""
    if stored.nature != "correction":
        return None
    ids = money.decisions_of(conn, stored.document_id)
    at = [each.id for each in ids].index(stored.id)
    return standing([each.decision for each in ids[:at]])


def of_indu(house: House, conn: Connection, indu_id: str) -> tuple[str, bytes]:
    """The notification, noted as sent today."""
    found = debts.load(conn, indu_id, lock=True)
    if found.debt.last("notification") is None:
        key = house.store.vault.key(found.document_id)
        debts.note(conn, key, found, Event("notification", house.today), ACTOR)
    return f"{found.id}.pdf", indu.render(found, *_debtor(conn, found), notified_on=house.today, law=house.law)


def _debtor(conn: Connection, found: debts.Indu) -> tuple[str, tuple[str, ...]]:
    """(name, address)."""
    if found.debtor_kind == "assure":
        person = people.insured(conn, found.debtor_id)
        return decompte.name_of(person), person.address
    if found.debtor_kind == "praticien":
        practitioner = people.practitioner(conn, rpps=found.debtor_id)
        if practitioner is None:
            raise Failed("interne")
        return f"{practitioner.first_name} {practitioner.last_name}", practitioner.address
    record = cash.record(conn, found.document_id)
    kept = record.payees if record is not None else ()
    names = [each.name for each in kept if (each.kind, each.id) == (found.debtor_kind, found.debtor_id)]
    return (names[0] if names else found.debtor_id), ()
