"""Indemnités journalières of the congé d'adoption and of the congé de deuil: those of maternité (R331-7,
L331-9), within their own days."""

from collections.abc import Callable
from datetime import date, timedelta

from domain.claim import NotComputed, TraceLine
from domain.french import counted
from law import Law
from law.dates import age_on
from liquidation.especes import maternite
from liquidation.especes.types import Attestation, CashDecision
from liquidation.reasons import because
from liquidation.traces import cite

ADOPTION, DEUIL = "ij_adoption", "ij_deuil"
Limit = tuple[int, TraceLine, list[NotComputed]]
"""The most days, why, and what else stands in the way."""
KINDS = {
    ADOPTION: ("CSS L331-7", "Jours de repos des parents adoptifs, ouvrables ou non."),
    DEUIL: ("CSS L331-9", "Jours du congé de deuil."),
}


def adoption(
    children: int,
    in_the_home: int,
    shared: bool,
    start: date,
    end: date,
    taken_before: int,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
    own_before: int = 0,
) -> CashDecision:
    """`children`: adopted at once. `in_the_home`: à charge, these included. `shared`: between two parents,
    which adds days, though neither has more than a parent alone would (L161-6). `taken_before`: by either,
    `own_before` of which by this one. Taken in any time, and in parts, by the code du travail."""

    def limit() -> Limit:
        name = "_multiples" if children > 1 else "_3" if in_the_home >= 3 else ""
        weeks = law.value(f"ij_adoption.semaines{name}", start)
        days = timedelta(weeks=int(weeks.number)).days
        said = f"Congé d'adoption : {counted(days, 'jour')} au plus."
        if shared:
            more = law.value("ij_adoption.jours_partages" + ("_multiples" if children > 1 else ""), start)
            own = days - own_before + taken_before
            days = min(own, days + int(more.number))
            said = f"Congé d'adoption partagé entre les deux parents : {counted(days, 'jour')} au plus."
        return days, cite("CSS L331-7 ; L161-6", said, weeks), []

    return _taken(ADOPTION, limit, start, end, taken_before, attestation, insured_id, decided_on, law)


def deuil(
    died_on: date,
    working: bool,
    start: date,
    end: date,
    taken_before: int,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
    born_on: date | None = None,
) -> CashDecision:
    """After the death of a child, or of a person à charge, too young (`born_on`; None: known to be). `working`:
    False for who has no activity any more and keeps his rights (L161-8, L311-5)."""

    def limit() -> Limit:
        days = law.value("ij_deuil.jours" if working else "ij_deuil.jours_maintien", died_on)
        age = law.value("ij_deuil.age", died_on)
        old = born_on is not None and age_on(born_on, died_on) >= age.number
        reasons = [because("deuil_age", detail=age.shown)] if old else []
        said = f"Congé de deuil : {days.shown} au plus."
        return int(days.number), cite("CSS L331-9", said, days), reasons

    return _taken(DEUIL, limit, start, end, taken_before, attestation, insured_id, decided_on, law)


def _taken(
    benefit: str,
    limit: Callable[[], Limit],
    start: date,
    end: date,
    taken_before: int,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
) -> CashDecision:
    """Days of a leave that are counted down from `limit`."""

    def terms() -> maternite.Rest:
        most, told, reasons = limit()
        rest = maternite.Rest(start, end, start, start, told=[told], reasons=reasons)
        if end < start or (end - start).days + 1 + taken_before > most:
            rest.reasons.append(because("hors_du_conge", detail=f"de {counted(most, 'jour')}"))
        return rest

    return maternite.rested(benefit, KINDS, terms, attestation, insured_id, decided_on, law)
