"""The franchise: boxes of medicine, acts of auxiliaires, journeys; its caps by day of care and by year.

Fifty euros a civil year, counted on the day of reimbursement (D160-10); four or eight euros a day of
care for acts and journeys (D160-11). What cannot be retained now is recovered later (D160-7)."""

from dataclasses import dataclass, field
from datetime import date

from domain.claim import History, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law
from liquidation.exonerations import Spared
from liquidation.traces import cite, note

PREFIX = "franchise_"
ARTICLES = {
    "medicament": ("CSS L160-13 III 1° ; D160-9 a", "boîte"),
    "auxiliaire": ("CSS L160-13 III 2° ; D160-9 b", "acte"),
    "transport": ("CSS L160-13 III 3° ; D160-9 c", "trajet"),
}
DAILY = {"auxiliaire": "CSS D160-11 a", "transport": "CSS D160-11 b"}


@dataclass
class Franchises:
    """What one insured already bore: in the civil year of `decided_on`, and per day and kind."""

    decided_on: date
    in_the_year: Money = ZERO
    on_the_day: dict[tuple[date, str], Money] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History, decided_on: date) -> "Franchises":
        """What was decided after `decided_on` is not looked at; a correction counts with its sign."""
        found = cls(decided_on)
        for each in history.withheld:
            if each.kind.startswith(PREFIX) and each.reimbursed_on <= decided_on:
                found._count(each.care_day, each.kind.removeprefix(PREFIX), each.amount)
                if each.reimbursed_on.year == decided_on.year:
                    found.in_the_year += each.amount
        return found

    def _count(self, day: date, kind: str, amount: Money) -> None:
        self.on_the_day[day, kind] = self.on_the_day.get((day, kind), ZERO) + amount

    def take(self, day: date, kind: str, amount: Money) -> None:
        self._count(day, kind, amount)
        self.in_the_year += amount


SPARED: dict[Spared, TraceLine] = {
    "mineur": note("CSS L160-15 ; D160-12", "Mineur : pas de franchise."),
    "c2s": note("CSS L160-15", "Complémentaire santé solidaire : pas de franchise."),
    "maternite": note("CSS L160-9 dernier al.", "Assurance maternité : pas de franchise."),
    "ame": note("CASF L251-2", "Aide médicale de l'État : pas de franchise."),
    "rien": note("CSS L160-13 III", "Rien n'est pris en charge : pas de franchise."),
}
"""Why a line bears no franchise, as its trace says it."""


def due(kind: str, units: int, day: date, gross: Money, taken: Franchises, law: Law) -> tuple[Money, TraceLine]:
    """The franchise of a line after every cap, and why. The caller counts it."""
    value = law.value(f"franchise.{kind}", day)
    amount = to_the_cent(value.number) * units
    article, each = ARTICLES[kind]
    line = cite(article, f"Franchise par {each} : {counted(units, each)}.", value, amount)
    if amount > gross:
        amount = gross
        line = cite("CSS D160-9 dernier al.", "Franchise réduite à la part remboursée.", value, amount)
    if kind in DAILY:
        cap = law.value(f"franchise.max_jour_{kind}", day)
        left = max(ZERO, to_the_cent(cap.number) - taken.on_the_day.get((day, kind), ZERO))
        if amount > left:
            amount = left
            line = cite(DAILY[kind], f"Franchise du jour limitée : reste {in_french(left)}.", cap, amount)
    year = law.value("franchise.max_annee", taken.decided_on)
    left = max(ZERO, to_the_cent(year.number) - taken.in_the_year)
    if amount > left:
        amount = left
        said = f"Franchise de l'année {taken.decided_on.year} limitée : reste {in_french(left)}."
        line = cite("CSS D160-10", said, year, amount)
    return amount, line
