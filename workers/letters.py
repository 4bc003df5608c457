"""The letters that leave by themselves: the notification of an indu, the mise en demeure and the contrainte
that follow, what a justificatif changed, the refusal of a document."""

from dataclasses import replace

from sqlalchemy import Connection

from domain.errors import Failed
from domain.findings import Finding, Severity
from liquidation.recouvrement import Event
from outbound import changement, contrainte, decompte, indu, refus
from store import bodies, cash, debts, documents, money, payees, people, propositions
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


def of_demand(house: House, conn: Connection, indu_id: str) -> tuple[str, bytes]:
    """The mise en demeure, as the debt stands today."""
    found = debts.load(conn, indu_id)
    left = found.standing(house.today, house.law).left
    pdf = indu.render_demand(found, *_debtor(conn, found), left, sent_on=house.today, law=house.law)
    return f"{found.id}-mise-en-demeure.pdf", pdf


def of_constraint(house: House, conn: Connection, indu_id: str) -> tuple[str, bytes]:
    """The contrainte, as it was noted: what was paid since is not of it."""
    found = debts.load(conn, indu_id)
    forced = found.debt.constrained
    assert forced is not None
    then = replace(found, events=found.events[: found.events.index(forced) + 1])
    left = then.standing(forced.on, house.law).left
    pdf = contrainte.render(found, *_debtor(conn, found), left, issued_on=forced.on, law=house.law)
    return f"{found.id}-contrainte.pdf", pdf


def of_refusal(house: House, conn: Connection, document_id: str) -> tuple[str, bytes] | None:
    """To whom holds the rights of the person that the document is of."""
    document = documents.load(conn, document_id)
    if document.insured_id is None or document.type is None:
        return None
    holder = payees.holder(conn, document.id, document.insured_id)
    kept = bodies.all_data(conn, document_id)
    claim = money.claim(conn, document_id)
    refusal = refus.Refusal(
        document_id,
        document.type,
        document.received_on,
        kept["decision"]["reason"],
        [Finding(**{**each, "severity": Severity(each["severity"])}) for each in kept.get("findings") or ()],
        claim.total if claim else None,
        tuple(act.day for act in claim.acts) if claim else (),
    )
    pdf = refus.render(refusal, decompte.name_of(holder), holder.address, refused_on=house.today, law=house.law)
    return f"{document_id}-refus.pdf", pdf


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
