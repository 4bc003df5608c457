"""The participation forfaitaire: who owes it, how much, and where the caps stop it.

Per care day and professional it is counted by the day of care (D160-8), per civil year by the day of
reimbursement (D160-6). It is never waived: what cannot be retained now is recovered later (D160-7).
"""

from dataclasses import dataclass, field
from datetime import date

from domain.claim import Act, Claim, History, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import Law
from liquidation.exonerations import Spared
from liquidation.traces import cite, note

PARTICIPATION = "participation_forfaitaire"


@dataclass
class Counter:
    """What one insured already owes: in the civil year of `decided_on`, and per day and professional.

    Lines of the same claim count too, in their order."""

    decided_on: date
    in_the_year: int = 0
    amount_in_the_year: Money = ZERO
    on_the_day: dict[tuple[date, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History, decided_on: date) -> "Counter":
        """What was decided after `decided_on` is not looked at, so that a past décompte recomputes."""
        counter = cls(decided_on)
        on_the_day = counter.on_the_day
        for each in history.withheld:
            if each.kind != PARTICIPATION or each.reimbursed_on > decided_on:
                continue
            # a correction gives a participation back as a negative amount
            one = 1 if each.amount > ZERO else -1
            key = (each.care_day, each.professional)
            on_the_day[key] = on_the_day.get(key, 0) + one
            if each.reimbursed_on.year == decided_on.year:
                counter.in_the_year += one
                counter.amount_in_the_year += each.amount
        return counter

    def take(self, day: date, professional: str, amount: Money) -> None:
        key = (day, professional)
        self.on_the_day[key] = self.on_the_day.get(key, 0) + 1
        self.in_the_year += 1
        self.amount_in_the_year += amount


SPARED: dict[Spared, TraceLine] = {
    "mineur": note("CSS L160-15 ; R160-20", "Mineur : pas de participation forfaitaire."),
    "c2s": note("CSS L160-15", "Complémentaire santé solidaire : pas de participation forfaitaire."),
    "maternite": note("CSS L160-9 dernier al.", "Assurance maternité : pas de participation forfaitaire."),
    "ame": note("CASF L251-2", "Aide médicale de l'État : pas de participation forfaitaire."),
    "rien": note("CSS L160-13 II", "Rien n'est pris en charge : pas de participation forfaitaire."),
}
"""Why a line bears no participation, as its trace says it."""


def due(act: Act, claim: Claim, counter: Counter, law: Law) -> tuple[Money, TraceLine]:
    """The participation of an act after the caps, and why. The caller counts it if it is not zero."""
    a_day = law.value("participation_forfaitaire.max_jour", act.day)
    if counter.on_the_day.get((act.day, claim.practitioner_rpps), 0) >= a_day.number:
        return ZERO, cite(
            "CSS D160-8 al. 1",
            f"Déjà {a_day.text} participations ce jour-là chez ce professionnel : pas de nouvelle.",
            a_day,
            ZERO,
        )
    a_year = law.value("participation_forfaitaire.max_annee", counter.decided_on)
    if counter.in_the_year >= a_year.number:
        return ZERO, cite(
            "CSS D160-6",
            f"Déjà {a_year.text} participations dans l'année {counter.decided_on.year} : pas de nouvelle.",
            a_year,
            ZERO,
        )
    value = law.value("participation_forfaitaire.montant", act.day)
    amount = to_the_cent(value.number)
    cap = law.optional("participation_forfaitaire.max_annee_montant", counter.decided_on)
    if cap is not None and counter.amount_in_the_year + amount > cap.number:
        amount = max(ZERO, to_the_cent(cap.number) - counter.amount_in_the_year)
        return amount, cite(
            "Décret 2024-432, art. 2 II",
            f"Participation forfaitaire limitée à {cap.shown} dans l'année {counter.decided_on.year}.",
            cap,
            amount,
        )
    return amount, cite("CSS L160-13 II ; R160-19", "Participation forfaitaire à votre charge.", value, amount)
