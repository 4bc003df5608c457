"""The letters that leave by themselves: the notification of an indu, what a justificatif changed."""

from sqlalchemy import Connection

from domain.errors import Failed
from liquidation.recouvrement import Event
from outbound import changement, decompte, indu
from store import cash, debts, documents, people, propositions
from workers.house import House

ACTOR = "liasse:courrier"


def of_indu(house: House, conn: Connection, indu_id: str) -> tuple[str, bytes]:
    """The notification, noted as sent today."""
    found = debts.load(conn, indu_id, lock=True)
    if found.debt.last("notification") is None:
        key = house.store.vault.key(found.document_id)
        debts.note(conn, key, found, Event("notification", house.today), ACTOR)
    return f"{found.id}.pdf", indu.render(found, *_debtor(conn, found), notified_on=house.today, law=house.law)


def of_change(house: House, conn: Connection, document_id: str) -> tuple[str, bytes] | None:
    """What an applied justificatif changed; None where it is not known any more."""
    row, kept = documents.load(conn, document_id), propositions.kept(conn, document_id)
    if kept is None or row.insured_id is None:
        return None
    holder = people.holder(conn, people.insured(conn, row.insured_id))
    pdf = changement.render(
        kept.changes, decompte.name_of(holder), holder.address, reference=document_id[:8].upper(),
        day=house.today, law=house.law,
    )  # fmt: skip
    return f"{document_id}.pdf", pdf


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
