"""A past decision corrected or cancelled by a person: new shares of opposite sign, never an edit.

`foresee` says what it would do; `apply` does it, under the locks of the document and of the insured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

import validation
from checks import interpret
from domain.claim import Claim, Decision
from domain.errors import Refused
from domain.flow import State
from domain.people import Insured
from domain.plain import to_plain
from domain.reading import FieldReading, Value
from law import Law
from liquidation import case, indus, liquidate
from liquidation.corrections import Overpaid, correction, overpaid, standing
from liquidation.liquidate import refused
from liquidation.reasons import because
from store import bodies, cases, cash, debts, documents, journal, money, outbox, past, payees, payments, people
from store.documents import DocumentRow
from store.money import StoredDecision

EVENT = "correction"
CAUSES: dict[str, tuple[str, str]] = {
    "droits": ("Les droits du jour ont changé", "vos droits du jour des soins n'étaient pas ceux retenus"),
    "saisie": ("La feuille disait autre chose", "la feuille portait autre chose que ce qui en avait été lu"),
    "tarif": ("Le prix n'était pas le bon", "le prix ou le tarif retenu n'était pas le bon"),
    "doublon": ("Payée deux fois", "les mêmes soins avaient déjà été payés"),
    "annulation": ("Annulée pour une autre raison", "la décision est annulée"),
}  # fmt: skip
"""Cause -> (as an agent reads it, as the letter says it)."""
CANCELS = ("doublon", "annulation")
CLOSES = frozenset(("droits_fermes", "regime_non_gere", "acte_non_pris_en_charge"))
"""Reasons for which nothing was due; any other reason not to compute is a doubt, which takes nothing back."""
PAID_ENDS = (State.ORDONNANCE, State.CLASSE)


@dataclass(frozen=True, slots=True)
class Asked:
    """`reason`: of the person who corrects, for the journal and, after the cause, for the letter. `fields`:
    what the sheet says, where it is not what was taken. `fraud`: of the insured."""

    cause: str
    reason: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    fraud: bool = False

    @property
    def said(self) -> str:
        said = f"{CAUSES[self.cause][1]}. {self.reason}".strip()
        return said[0].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`before`: what is paid so far; `change`: the decision to add. `claim`: None where nothing stands.
    `owed`: each payee who received too much, with what becomes of it and who owes it. `case`: what should
    have been decided is computed from that; None where all is cancelled."""

    last: StoredDecision
    before: Decision
    change: Decision
    claim: Claim | None
    values: Mapping[str, FieldReading]
    owed: tuple[tuple[Overpaid, indus.Indu, tuple[str, str], date], ...]
    case: Mapping[str, Any] | None


def foresee(
    conn: Connection,
    document: DocumentRow,
    asked: Asked,
    today: date,
    law: Law,
    *,
    insured: Insured | None = None,
    look: bool = False,
) -> Foreseen:
    """`insured`: the dossier as it would be, where it is not yet so. `look`: nothing follows, so that an order
    may still be on its way.

    Raises Refused: etat_change, ordre_non_parti, correction_non_calculee (with the reasons),
    correction_sans_objet, champ_inconnu, valeur_invalide; and law.NotCovered."""
    if asked.cause not in CAUSES:
        raise Refused("requete_invalide", "Cette cause de correction est inconnue.")
    chain = money.decisions_of(conn, document.id)
    if not chain or document.status not in PAID_ENDS:
        raise Refused("etat_change", "Seule une décision menée à son terme se corrige.")
    if not look and any(order.sent_at is None for order in payments.of_document(conn, document.id)):
        raise Refused("ordre_non_parti")
    before = standing([each.decision for each in chain])
    claim, values, after, basis = _after(conn, document, asked, chain, law, insured)
    decided = correction(before, after)
    change = Decision(
        today, decided.lines, decided.shares, decided.total, decided.trace, (), law.version,
        decided.code_version, decided.withheld,
    )  # fmt: skip
    if not change.shares and not change.withheld:
        raise Refused("correction_sans_objet")
    owed = tuple(_owed(conn, chain, each, asked, today, law) for each in overpaid(change))
    return Foreseen(chain[-1], before, change, None if after.not_computed else claim, values, owed, basis)


def _after(
    conn: Connection,
    document: DocumentRow,
    asked: Asked,
    chain: list[StoredDecision],
    law: Law,
    foreseen: Insured | None,
) -> tuple[Claim | None, Mapping[str, FieldReading], Decision, Mapping[str, Any] | None]:
    """What should have been decided, and from what, on the day of the first decision: what caps count by."""
    first = chain[0]
    day, values = first.decision.decided_on, cases.fields_of(conn, document.id)
    claim = money.claim(conn, document.id)
    if asked.cause in CANCELS or claim is None:
        if asked.cause not in CANCELS:
            raise Refused("correction_non_calculee", "Une prestation en espèces s'annule, puis se redemande.")
        doubles = [
            because("doublon", each.line, act=each.code, detail=f"{each.day:%d/%m/%Y}")
            for each in chain[-1].decision.lines
            if asked.cause == "doublon"
        ]
        return None, values, refused(tuple(doubles), day, law), None
    if asked.fields:
        values = validation.apply(values, asked.fields)
        practitioner = people.practitioner(conn, rpps=claim.practitioner_rpps)
        insured = people.insured(conn, claim.insured_id)
        made = interpret(values, insured, practitioner, document.id, document.received_on)
        if made is None or made.practitioner_rpps != claim.practitioner_rpps:
            raise Refused("correction_non_calculee", "La feuille ainsi lue ne fait pas une demande de soins.")
        was, is_now = (people.holder(conn, insured, each.holder_nir).id for each in (claim, made))
        if was != is_now:  # a share names the child alone: what one parent was paid would count for the other
            raise Refused(
                "correction_non_calculee", "L'autre parent demande : annulez, puis saisissez de nouveau."
            )
        claim = made
    insured = foreseen or people.insured(conn, claim.insured_id)
    rights = cases.rights_on(insured, [act.day for act in claim.acts], law)
    history = money.history(conn, claim.insured_id, without=document.id)
    after = liquidate(claim, rights, history, day, law)
    if doubts := [each for each in after.not_computed if each.code not in CLOSES]:
        raise Refused("correction_non_calculee", " ".join(each.message for each in doubts))
    return claim, values, after, case.of(claim, rights, history, day)


def _owed(
    conn: Connection, chain: list[StoredDecision], too_much: Overpaid, asked: Asked, today: date, law: Law
) -> tuple[Overpaid, indus.Indu, tuple[str, str], date]:
    """Paid last on the day of the last decision that gave that payee something."""
    payee = too_much.payee_kind, too_much.payee_id
    paid_on = next(
        each.decision.decided_on
        for each in reversed(chain)
        if any((s.payee_kind, s.payee_id) == payee and s.amount > 0 for s in each.decision.shares)
    )
    debtor = payee
    if too_much.payee_kind == "assure":
        debtor = "assure", payees.holder(conn, chain[0].document_id, too_much.payee_id).id
    fraud = asked.fraud and too_much.payee_kind == "assure"
    found = indus.examine(too_much.amount, paid_on, today, asked.said, law, fraud=fraud,
                          professional=too_much.payee_kind == "praticien")  # fmt: skip
    return too_much, found, debtor, paid_on


def apply(
    conn: Connection,
    document_id: str,
    asked: Asked,
    corrects: str,
    *,
    actor: str,
    key: bytes,
    today: date,
    law: Law,
) -> StoredDecision:
    """`corrects`: the decision that the person saw last. `key`: of the document. Raises as `foresee`, and
    Refused("decision_changee"), Refused("motif_absent")."""
    if not asked.reason.strip():
        raise Refused("motif_absent")
    document = documents.load(conn, document_id, lock=True)
    last = money.decision_of(conn, document_id)
    if last is None or last.id != corrects:
        raise Refused("decision_changee" if last else "etat_change")
    money.lock_insured(conn, last.insured_id)
    holder = payees.holder(conn, document_id, last.insured_id)
    money.lock_insured(conn, holder.id)
    found = foresee(conn, document, asked, today, law)
    decision_id = money.save_decision(
        conn, document_id, last.insured_id, last.rpps, found.change, corrects=last.id, nature="correction"
    )
    _keep(conn, document, found)
    ordered = payments.order_shares(conn, decision_id, debts.holding(conn, holder, today, law))
    new = [order for order in ordered if order.decision_id == decision_id]
    said = money.told(found.change, last.insured_id, last.rpps) | {
        "cause": asked.cause, "reason": asked.reason, "fields": to_jsonable_python(dict(asked.fields)),
        "orders": [payments.told(order) for order in new], "cancelled": found.claim is None,
        "claim": to_plain(found.claim) if found.claim else None, past.CASE: found.case,
    }  # fmt: skip
    journal.write(
        conn, document_id, EVENT, actor=actor, payload=journal.seal_payload(key, said),
        hashes={"decision": decision_id, "corrects": last.id, "nature": "correction", "cause": asked.cause,
                "law": law.version, "orders": [order.id for order in new]},
    )  # fmt: skip
    for too_much, examined, debtor, paid_on in found.owed:
        id = debts.open_indu(
            conn, key, actor, decision_id=decision_id, document_id=document_id, insured_id=last.insured_id,
            debtor=debtor, found=examined, reason=asked.said, paid_on=paid_on, found_on=today,
            fraud=asked.fraud and too_much.payee_kind == "assure",
        )  # fmt: skip
        if examined.asked:
            outbox.add(conn, "courrier", document_id=document_id, body={"indu": id})
    if not new:
        outbox.add(conn, "courrier", document_id=document_id, body={"decision": decision_id})
    return money.decision(conn, decision_id)


def _keep(conn: Connection, document: DocumentRow, found: Foreseen) -> None:
    """The claim as it stands now; nothing of one that is cancelled stands in another's way."""
    if found.claim is None:
        money.forget_acts(conn, document.id)
        bodies.remove(conn, document.id, cash.RECORD)
        # nor are more days of its stop paid, or said not to be
        cash.wait(conn, document.id, None)
        bodies.remove(conn, document.id, "not_computed")
        return
    money.save_claim(conn, found.claim)
    bodies.save(conn, document.id, "values", to_jsonable_python(dict(found.values)))


def told(found: Foreseen) -> dict[str, Any]:
    """What a person reads before she confirms."""
    return {
        "corrects": found.last.id,
        "before": found.before.total,
        "difference": found.change.total,
        "after": found.before.total + found.change.total,
        "lines": found.change.lines,
        "trace": found.change.trace,
        "owed": [
            {"payee": f"{too.payee_kind} {too.payee_id}" if too.payee_kind != "assure" else "assure",
             "amount": examined.amount, "asked": examined.asked, "costs": examined.costs,
             "prescribed": examined.prescribed, "dropped": examined.dropped, "paid_on": paid_on}
            for too, examined, _, paid_on in found.owed
        ],
    }  # fmt: skip
