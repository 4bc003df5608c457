"""The décompte of a decision, or of its correction, put together from the rows: what leaves with an order, and
what an agent or the assuré opens again."""

from sqlalchemy import Connection

from checks import echeances
from checks.prestations import Record
from domain.claim import Decision
from liquidation.corrections import standing
from outbound import decompte, decompte_especes
from outbound.payees import account, payee_of
from store import cash, money, payees, payments, people
from store.money import StoredDecision


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
    holder = payees.holder(conn, stored.document_id, insured.id)
    other = holder if holder.id != insured.id else None
    reference, name = stored.document_id[:8].upper(), f"{stored.id}.pdf"
    # whichever order leaves first, the letter is the whole decision's
    # what is held back of a practitioner is his own affair
    ordered = [one for one in payments.of_decision(conn, stored.id) if one.payee_kind != "praticien"]
    retained = [each for one in ordered for each in one.retained]
    if record is not None and order is not None:
        record = echeances.instalment(
            record, [each.decision for each in money.before(conn, stored)], stored.decision
        )
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
    return standing([each.decision for each in money.before(conn, stored)])


def again(conn: Connection, stored: StoredDecision, order_id: str | None = None) -> tuple[str, bytes] | None:
    """The same décompte, asked for later: names, address and account as the dossier has them now. `order_id`:
    of a cash benefit, the order whose payee's letter is meant; by default the insured's, else the first.
    None where there is nothing to tell, or no such order."""
    record = cash.record(conn, stored.document_id)
    if record is None:
        return of_decision(conn, stored, None, None, None)
    orders = payments.of_decision(conn, stored.id)
    meant = [each for each in orders if order_id in (None, each.id)]
    order = min(meant, key=lambda each: each.payee_kind != "assure", default=None)
    if order is None:
        return None
    return of_decision(conn, stored, record, order, account(conn, order, stored, record)[1])


def addressee(conn: Connection, stored: StoredDecision) -> str:
    """Id of the insured whom the décompte of care is written to."""
    return payees.holder(conn, stored.document_id, stored.insured_id).id
