"""Stages `liquider` and `ordonnancer`: amounts with their trace, then orders. Nothing is paid twice."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from archive.payment import extend_at_payment
from checks import Case, justificatifs
from checks.duplicates import already_asked
from domain.claim import Claim, NotComputed, PaidAct
from domain.flow import DECIDED, State
from liquidation import case, liquidate
from liquidation.reasons import because
from store import bodies, cases, cash, debts, money, past, payees, payments, people
from store.documents import DocumentRow
from workers.especes import liquider_attestation, liquider_avis, liquider_capital
from workers.house import House
from workers.justificatifs import appliquer
from workers.runner import Conclusion, Outcome, Stage
from workers.waiting import for_a_person, settled

FEUILLE = "feuille_soins_medecin"
INCOMPLETE = NotComputed("demande_incomplete", "Il manque une rubrique sans laquelle rien ne se calcule.")
DOUBLES = ("doublon_paye", "doublon_en_cours")
OTHERS: dict[str, Stage] = {
    cash.AVIS: liquider_avis,
    cash.ATTESTATION: liquider_attestation,
    cash.CAPITAL: liquider_capital,
    **dict.fromkeys(justificatifs.TYPES, appliquer),
}


def liquider(house: House, document: DocumentRow) -> Outcome | Conclusion:
    """A feuille de soins is decided under the insured's lock; so is each type of OTHERS; anything else
    has nothing to pay."""
    if document.type in OTHERS:
        return OTHERS[document.type](house, document)
    if document.type != FEUILLE:
        return Outcome(State.CLASSE, hashes={"because": "rien_a_payer"})

    def conclude(conn: Connection) -> Outcome:
        claim = money.claim(conn, document.id)
        if claim is None:
            return for_a_person(conn, document, (INCOMPLETE,))
        money.lock_insured(conn, claim.insured_id)
        insured = people.insured(conn, claim.insured_id)
        history = money.history(conn, claim.insured_id, without=document.id)
        if doubles := _appeared_since(house, conn, document, claim, history.acts):
            return for_a_person(conn, document, doubles)
        days = [act.day for act in claim.acts]
        if reasons := _of_the_parent(house, conn, claim, days):
            return for_a_person(conn, document, reasons)
        rights = cases.rights_on(insured, days, house.law)
        decision = liquidate(claim, rights, history, house.today, house.law)
        if decision.not_computed:
            return for_a_person(conn, document, decision.not_computed)
        settled(conn, document.id)
        rpps = claim.practitioner_rpps
        decided = money.save_decision(conn, document.id, claim.insured_id, rpps, decision)
        return Outcome(
            State.LIQUIDE,
            said=money.told(decision, claim.insured_id, rpps)
            | {past.CASE: case.of(claim, rights, history, house.today)},
            hashes={"law": decision.law_version, "decision": decided},
        )

    return conclude


def _of_the_parent(
    house: House, conn: Connection, claim: Claim, days: Sequence[date]
) -> tuple[NotComputed, ...]:
    """Why the one of two parents who asks is not paid. Another's account is never taken for his."""
    if claim.holder_nir is None:
        return ()
    found = people.of_numbers(conn, [claim.holder_nir])
    if len(found) != 1:
        return (because("parent_sans_dossier"),)
    rights = cases.rights_on(found[0], days, house.law)
    closed = [day for day in sorted(set(days)) if not rights[day].is_open]
    return (because("parent_sans_droits", detail=f"{closed[0]:%d/%m/%Y}"),) if closed else ()


def _appeared_since(
    house: House, conn: Connection, document: DocumentRow, claim: Claim, acts: tuple[PaidAct, ...]
) -> tuple[NotComputed, ...]:
    """The duplicate check again, against what was decided meanwhile: those that no person has seen."""
    decided = tuple(act for act in acts if act.state in DECIDED)
    fields = cases.fields_of(conn, document.id)
    asked = Case(fields=fields, law=house.law, received_on=document.received_on, today=house.today,
                claim=claim, same_acts=decided)  # fmt: skip
    answered = _answered(conn, document.id)
    return tuple(
        NotComputed(each.code, each.message, each.article, _line(each.field))
        for each in already_asked(asked)
        if each.field not in answered
    )


def _answered(conn: Connection, document_id: str) -> frozenset[str]:
    """Fields whose double a person has seen: she accepted the sheet with it before her eyes, or sent it
    back from `a_liquider`, where it was told."""
    decision = bodies.data(conn, document_id, "decision") or {}
    seen = decision.get("seen", ()) if decision.get("action") == "accept" else ()
    told = bodies.data(conn, document_id, "not_computed") or ()
    return frozenset(
        [field for code, field in seen if code in DOUBLES]
        + [f"acte{each['line']}_date" for each in told if each["code"] in DOUBLES]
    )


def _line(field: str | None) -> int | None:
    """`acte2_date` -> 2."""
    return int(field.removeprefix("acte").removesuffix("_date")) if field else None


def ordonnancer(house: House, document: DocumentRow) -> Outcome | Conclusion:
    """Order each share that is not zero, once; the archive is locked anew from the payment on."""
    until = extend_at_payment(house.store, document, house.now)

    def conclude(conn: Connection) -> Outcome:
        stored = money.decision_of(conn, document.id)
        orders = ordered(house, conn, stored) if stored else []
        return Outcome(
            State.ORDONNANCE if orders else State.CLASSE,
            said={"orders": [payments.told(order) for order in orders]},
            hashes={"orders": [order.id for order in orders]},
            facts={"retain_until": until} if until else {},
        )

    return conclude


def ordered(house: House, conn: Connection, stored: money.StoredDecision) -> list[payments.Order]:
    """Order what is decided. Under the lock of who is paid: what he owes is held back once."""
    holder = payees.holder(conn, stored.document_id, stored.insured_id)
    money.lock_insured(conn, holder.id)
    holding = debts.holding(conn, holder, house.today, house.law)
    return payments.order_shares(conn, stored.id, holding)
