"""The days: in order, none to come, none prescribed."""

from collections.abc import Iterable, Iterator
from datetime import date

from checks.case import LINES, Case, day_of, doubtful, text_of, ticked
from checks.rules import find
from domain.findings import Finding

DATES = (
    "date_facture",
    "accident_tiers_date",
    "maternite_date",
    "at_mp_date",
    "accord_prealable_date",
    *(f"acte{line}_date" for line in LINES),
)


def real(case: Case) -> Iterator[Finding]:
    """Each date is a day of the calendar (a birth date may be lunar: see identity)."""
    yield from impossible(case, DATES)


def impossible(case: Case, names: Iterable[str]) -> Iterator[Finding]:
    """The fields that hold a date which is no day of the calendar."""
    for name in names:
        if text_of(case.fields, name) and day_of(case.fields, name) is None:
            yield find("date_invalide", name)


def in_order(case: Case) -> Iterator[Finding]:
    """Care, then the form, then its reception, and none of them to come."""
    form = day_of(case.fields, "date_facture")
    if form is not None and form > case.received_on:
        yield find("feuille_apres_reception", "date_facture", day=f"{case.received_on:%d/%m/%Y}")
    for line, day in case.days_of_care():
        name = f"acte{line}_date"
        if day > case.today:
            yield find("acte_futur", name, line=line)
        if form is not None and day > form:
            yield find("acte_apres_feuille", name, line=line)


def accord(case: Case) -> Iterator[Finding]:
    """An accord préalable comes before the act."""
    agreed = day_of(case.fields, "accord_prealable_date")
    for line, day in case.days_of_care():
        if agreed is not None and agreed > day:
            yield find("accord_posterieur", "accord_prealable_date", line=line)


def accomplished(day: date) -> date:
    """The day on which two years have passed since the first day of the quarter after `day`.

    CSS L160-11: care of 2024-01-15 -> quarter from 2024-04-01 -> 2026-04-01."""
    month = (day.month - 1) // 3 * 3 + 4
    first = date(day.year + 1, 1, 1) if month > 12 else date(day.year, month, 1)
    return first.replace(year=first.year + 2)


def prescription(case: Case) -> Iterator[Finding]:
    """Two years to claim. The very day is left to a person: whether it still counts is argued
    (code civil 2228, 2229). Maternité and accidents du travail count from other days."""
    for line, day in case.days_of_care():
        name = f"acte{line}_date"
        if day >= case.received_on or case.received_on < (limit := accomplished(day)):
            continue
        if ticked(case.fields, "at_mp"):
            yield find("prescription_accident", name, line=line)
        elif ticked(case.fields, "maternite"):
            yield find("prescription_maternite", name, line=line)
        elif case.received_on == limit:
            yield find("prescription_dernier_jour", name, line=line)
        else:
            doubt = doubtful(case.fields, name)
            yield find("prescription", name, doubt, line=line, day=f"{limit:%d/%m/%Y}")
