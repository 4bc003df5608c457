"""Who an order pays, and on which account: the dossier of the insured, the table of practitioners, or
what was keyed of an employer or an ayant droit, kept with the decision."""

from sqlalchemy import Connection

from checks.especes import Payee
from checks.prestations import Record
from store import cash, payees, payments, people
from store.money import StoredDecision


def account(
    conn: Connection, order: payments.Order, stored: StoredDecision, record: Record | None
) -> tuple[str, str | None]:
    """(name, IBAN). The IBAN is None where no account is known yet."""
    if order.payee_kind == "assure":
        holder = payees.holder(conn, stored.document_id, stored.insured_id)
        return f"{holder.birth_name} {holder.first_names}", holder.iban
    if order.payee_kind == "praticien":
        practitioner = people.practitioner(conn, rpps=stored.rpps)
        assert practitioner is not None
        return f"{practitioner.last_name} {practitioner.first_name}", practitioner.iban
    payee = payee_of(order, record)
    assert payee is not None
    return payee.name, payee.iban or _known_since(conn, payee, stored.insured_id)


def payee_of(order: payments.Order, record: Record | None) -> Payee | None:
    """The employer or the ayant droit of an order; None where it pays somebody else."""
    kept = record.payees if record is not None else ()
    return next((each for each in kept if (each.kind, each.id) == (order.payee_kind, order.payee_id)), None)


def _known_since(conn: Connection, payee: Payee, insured_id: str) -> str | None:
    """The account that a later attestation of the employer tells, or the ayant droit's own dossier."""
    if payee.kind == "employeur":
        told = [
            each.iban
            for each in cash.attestations(conn, insured_id)
            if each.attestation.employer == payee.id and each.iban
        ]
        return told[-1] if told else None
    found = people.search(conn, payee.nir) if payee.nir else []
    return next((person.iban for person in found if person.nir == payee.nir), None)
