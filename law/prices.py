"""Prices of the code tables as values with their source: CCAM acts, medicines."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from law import codes
from law.tarifs import Listed
from law.values import NotCovered, Value

CHECKED = date(2026, 11, 22)


def _value(name: str, amount: Decimal, reference: str, since: date, certainty: str = "lu") -> Value:
    return Value(name, str(amount), amount, "EUR", reference, since, certainty, CHECKED)


NO_PRICE = _value("ccam", Decimal(0), "Cnam, CCAM version 81", codes.CCAM_SINCE)
"""Stands for an act that the table does not price: cached like the others."""


def of_ccam(code: str, activity: str, phase: str, opposable: bool, day: date) -> Value | None:
    """The tariff of an activity and phase; None where there is none such. Raises NotCovered."""
    if day < codes.CCAM_SINCE:
        raise NotCovered(
            f"ccam.{code}", day, "Le tarif d'un acte technique n'est connu que du 01/01/2026 (CCAM, version 81)"
        )
    return _of_ccam(code, activity, phase, opposable)


@lru_cache(65536)
def _of_ccam(code: str, activity: str, phase: str, opposable: bool) -> Value | None:
    for act in codes.ccam().acts.get(code, ()):
        if (act.activity, act.phase) == (activity, phase):
            price = act.price if opposable else act.price_other
            if price is None:
                return NO_PRICE
            return _value(f"ccam.{code}", price, "Cnam, CCAM version 81", codes.CCAM_SINCE)
    return None


def of_listed(tariffs: Sequence[Listed], day: date) -> tuple[Value, Listed] | None:
    """Which of the operator's tariffs of one code holds that day; None where none does."""
    for each in tariffs:
        if each.since <= day <= each.until:
            return _value(f"listed.{each.code}", each.tariff, each.source, each.since, "secondaire"), each
    return None


def of_medicament(cip13: str, day: date) -> tuple[Value, Value, int] | None:
    """Price, fee of dispensing, percent. Raises NotCovered."""
    if cip13 not in codes.medicaments():
        return None
    if day < codes.MEDICAMENTS_SINCE:
        since = f"{codes.MEDICAMENTS_SINCE:%d/%m/%Y}"
        raise NotCovered(f"medicament.{cip13}", day, f"Le prix d'un médicament n'est connu que du {since}")
    return _of_medicament(cip13)


@lru_cache(16384)
def _of_medicament(cip13: str) -> tuple[Value, Value, int]:
    found = codes.medicaments()[cip13]
    source = "ANSM, base de données publique des médicaments, printemps 2026"
    since = codes.MEDICAMENTS_SINCE
    return (
        _value(f"medicament.{cip13}", found.price, source, since, "secondaire"),
        _value(f"medicament.{cip13}.honoraire", found.fee, source, since, "secondaire"),
        found.rate,
    )
