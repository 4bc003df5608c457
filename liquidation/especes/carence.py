"""The days of a stop that are not paid because they are its first ones, and when none is."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.claim import TraceLine
from law import Law
from law.dates import add_months
from liquidation.especes.salaire import YEAR
from liquidation.especes.types import CashHistory, Missing, Stop
from liquidation.traces import cite, note


def carence(stop: Stop, history: CashHistory, law: Law, said: list[TraceLine]) -> int:
    """How many days from the first of the interruption are not paid. Raises Missing."""
    value = law.value("ij_maladie.carence", stop.since)
    if stop.part_time_loss is not None:
        said.append(note("CSS L323-3 dernier al.", "Temps partiel thérapeutique : pas de carence."))
        return 0
    if _waived(stop, history, law, said):
        return 0
    if stop.ald is not None and _already_waited(stop, history, law, said):
        return 0
    said.append(cite("CSS R323-1 1°", "Indemnité à partir du quatrième jour.", value))
    return int(value.number)


def _waived(stop: Stop, history: CashHistory, law: Law, said: list[TraceLine]) -> bool:
    if stop.waiver == "deces_enfant":
        return _child(stop, history, law, said)
    if stop.waiver == "suites_maternite":
        said.append(note("CSS R331-6 al. 2", "Suites d'un congé de maternité : pas de carence."))
        return True
    if stop.waiver in ("interruption_grossesse", "interruption_medicale"):
        which = law.value("ij_maladie.carence_grossesse", stop.prescribed_on)
        if which.text == "toutes" or (which.text == "spontanee" and stop.waiver == "interruption_grossesse"):
            said.append(cite("CSS L323-1-2", "Interruption de grossesse : pas de carence.", which))
            return True
        said.append(
            cite("CSS L323-1-2", "Interruption de grossesse : la dispense n'était pas en vigueur.", which)
        )
    return False


def _child(stop: Stop, history: CashHistory, law: Law, said: list[TraceLine]) -> bool:
    """L323-1-1: the first incapacity, in the thirteen weeks after the death."""
    died = stop.child_died_on
    weeks = law.value("ij_maladie.deces_enfant_semaines", stop.since)
    if died is None:
        raise Missing("date_deces_absente", "")
    if not died <= stop.since <= died + timedelta(weeks=int(weeks.number)):
        return False
    if any(died <= each.start < stop.since for each in history.stops):
        said.append(note("CSS L323-1-1", "Décès d'un enfant : ce n'est pas la première incapacité qui suit."))
        return False
    said.append(cite("CSS L323-1-1", "Décès d'un enfant : pas de carence.", weeks))
    return True


def _already_waited(stop: Stop, history: CashHistory, law: Law, said: list[TraceLine]) -> bool:
    """R323-1 1°: «pour une période de trois ans», the first stop alone of one affection waits. The text
    does not say where such a period begins: a dated choice does."""
    starts = sorted(each.start for each in history.stops if each.ald == stop.ald and each.start < stop.since)
    if not starts:
        return False
    months = YEAR * int(law.value("ij_maladie.periode", stop.since).number)
    choice = law.value("ij_maladie.carence_ald", stop.since)
    since = _opened_by(starts, months) if choice.text == "periode_ouverte" else starts[-1]
    waited = stop.since < add_months(since, months)
    what = "appliquée" if waited else "à appliquer de nouveau"
    said.append(cite("CSS R323-1 1°", f"Carence {what} : trois ans comptés du {since:%d/%m/%Y}.", choice))
    return waited


def _opened_by(starts: Iterable[date], months: int) -> date:
    """The stop that opened the last period: the first one, then each that falls past the one before."""
    opened = date.min
    for start in starts:
        if opened == date.min or start >= add_months(opened, months):
            opened = start
    return opened
