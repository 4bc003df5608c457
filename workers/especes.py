"""Stage `liquider` of cash benefits: an avis d'arrêt with its attestation de salaire, a capital décès.

All under the insured's lock: what one decides, the next one reads; no day is paid twice.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from checks import echeances, prestations
from checks.especes import Avis, attested_of, avis_of, capital_of
from checks.prestations import Record
from domain.claim import NotComputed
from domain.flow import State
from domain.people import Insured
from domain.plain import to_plain
from law import NotCovered
from liquidation.especes.case import CashCase
from liquidation.especes.types import CashDecision
from liquidation.reasons import because
from store import cases, cash, money, past
from store.documents import DocumentRow
from workers.house import House
from workers.runner import Conclusion, Outcome
from workers.waiting import for_a_person, of_the_insured, settled, wake

NEEDS_AN_ATTESTATION = ("attestation_absente", "paie_absente", "revenu_absent", "ouverture_inconnue")
"""Reasons that an employer's next attestation may lift."""
NO_PRACTITIONER = ""


def liquider_avis(house: House, document: DocumentRow) -> Conclusion:
    """The indemnities of an avis, once its attestation is there: of the days that are over (workers.echeances
    goes on), or of all."""

    def decide(conn: Connection, insured: Insured) -> Outcome:
        avis = avis_of(cases.fields_of(conn, document.id), insured, document.received_on)
        if not isinstance(avis, Avis):
            return for_a_person(conn, document, avis)
        try:
            return _indemnify(house, conn, document, insured, avis)
        except NotCovered as refusal:
            return for_a_person(conn, document, (because("droit_non_couvert", detail=f"{refusal}."),))

    return of_the_insured(document, decide)


def _indemnify(house: House, conn: Connection, document: DocumentRow, insured: Insured, asked: Avis) -> Outcome:
    before = cash.records(conn, insured.id)
    spans = [(each.start, each.end) for each in before]
    spans += [prestations.span(each, house.law) for each in cash.settled_elsewhere(conn, insured)]
    avis = prestations.undecided(asked, spans, house.law)
    if isinstance(avis, NotComputed):
        return for_a_person(conn, document, (avis,))
    _, end = prestations.span(avis, house.law)
    running = end >= house.today
    until, wakes = None, end if running else None
    if running and avis.stop is not None and echeances.by_instalments(avis):
        until = echeances.term(avis.stop, house.today, house.law)
        wakes = echeances.next_term(avis.stop, until, house.law)
    waits = running and until is None
    reasons = [because("arret_en_cours", detail=f"{end:%d/%m/%Y}")] if waits else []
    since = prestations.since_of(avis, house.law)
    attested = prestations.fitting(cash.attestations(conn, insured.id), since)
    if isinstance(attested, NotComputed):
        reasons.append(attested)
    else:
        reasons += prestations.obstacles(avis, attested, insured, document.received_on, house.law)
    if reasons or isinstance(attested, NotComputed):
        return for_a_person(conn, document, reasons, until=wakes)
    case = prestations.case_of(avis, attested, before, insured, house.today, house.law)
    if until is not None:
        case = echeances.until(case, until, house.today)
    decision = case.decide(house.law)
    if decision.not_computed:
        return for_a_person(conn, document, decision.not_computed)
    kept = prestations.record_of(avis, attested, decision, house.law)
    if until is not None:
        kept = replace(kept, paid_until=(until,), whole=echeances.whole(case, house.law))
    return _decided(house, conn, document, insured.id, kept, case, wakes)


def liquider_attestation(house: House, document: DocumentRow) -> Conclusion:
    """Kept, for the avis that it goes with; those that waited for it go on."""

    def decide(conn: Connection, insured: Insured) -> Outcome:
        attested = attested_of(cases.fields_of(conn, document.id))
        if isinstance(attested, tuple):
            return for_a_person(conn, document, attested)
        settled(conn, document.id)
        wake(
            conn,
            cash.waiting_for(conn, insured.id, NEEDS_AN_ATTESTATION),
            "attestation_recue",
        )
        return Outcome(State.CLASSE, hashes={"because": "attestation_gardee"})

    return of_the_insured(document, decide)


def liquider_capital(house: House, document: DocumentRow) -> Conclusion:
    """The capital of the insured who died, to those who ask for it and come first."""

    def decide(conn: Connection, deceased: Insured) -> Outcome:
        capital = capital_of(cases.fields_of(conn, document.id), document.received_on)
        if isinstance(capital, tuple):
            return for_a_person(conn, document, capital)
        case = prestations.capital_case(capital, house.today)
        decision = case.decide(house.law)
        reasons = list(_contradictions(conn, deceased, capital.died_on)) or list(decision.not_computed)
        if reasons:
            waits = any(each.code == "capital_priorite" for each in reasons)
            until = prestations.priority_ends(capital.died_on, house.law) if waits else None
            return for_a_person(conn, document, reasons, until)
        kept = prestations.capital_record(capital, decision)
        return _decided(house, conn, document, deceased.id, kept, case)

    return of_the_insured(document, decide)


def _contradictions(conn: Connection, deceased: Insured, died_on: date) -> tuple[NotComputed, ...]:
    if deceased.died_on is not None and deceased.died_on != died_on:
        return (because("date_deces_differente", detail=f"{deceased.died_on:%d/%m/%Y}"),)
    if any(each.decision.benefit == "capital_deces" for each in cash.records(conn, deceased.id)):
        return (because("capital_deja_liquide"),)
    return ()


def _decided(
    house: House,
    conn: Connection,
    document: DocumentRow,
    insured_id: str,
    kept: Record,
    case: CashCase,
    until: date | None = None,
) -> Outcome:
    """`until`: the last day of the next instalment, where the stop runs on."""
    decision: CashDecision = kept.decision
    settled(conn, document.id)
    cash.save_record(conn, document.id, kept)
    cash.wait(conn, document.id, until)
    whole = prestations.to_decision(decision, house.law)
    decided = money.save_decision(conn, document.id, insured_id, NO_PRACTITIONER, whole)
    return Outcome(
        State.LIQUIDE,
        # all that a rebuilt house needs to know of it, and what it was computed from
        said=money.told(whole, insured_id, NO_PRACTITIONER)
        | {cash.RECORD: to_plain(kept), past.CASE: to_plain(case)}
        | {"until": until.isoformat() if until else None},
        hashes={"law": decision.law_version, "decision": decided},
    )
