"""The revenu reconstitué of months that were not worked whole (R323-8)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from liquidation.especes.types import Attestation, Missing, Pay


def whole_months(attestation: Attestation, wanted: Sequence[date]) -> dict[date, Decimal]:
    """Month -> what it would have paid worked whole, for each of the wanted that has a pay.

    A month that began or ended an activity counts at its own daily revenue (II 1° and 2°), after a
    change of work that of the last one (3°); a month not worked for a cause of I 3° at that of the
    other months (4° a), or, where there is none, of the days since (4° b). Days are civil days."""
    rows: dict[date, list[Pay]] = {}
    for pay in attestation.pays:
        if pay.month in wanted:
            rows.setdefault(pay.month, []).append(pay)
    found = {}
    for month, pays in rows.items():
        if all(pay.worked_days is None for pay in pays):
            found[month] = sum((pay.gross for pay in pays), Decimal(0))
        elif any(pay.worked_days for pay in pays):
            found[month] = _own(month, pays)
        else:
            found[month] = _daily(attestation, wanted) * _length(month)
    return found


def _own(month: date, pays: Sequence[Pay]) -> Decimal:
    """At the daily revenue of what was worked of it; of its last activity where one followed another."""
    counted = [pay for pay in pays if pay.worked_days]
    last = counted[-1]
    missing = _length(month) - sum(pay.worked_days or 0 for pay in counted)
    earned = sum((pay.gross for pay in pays), Decimal(0))
    return earned + last.gross / (last.worked_days or 1) * max(missing, 0)


def _daily(attestation: Attestation, wanted: Sequence[date]) -> Decimal:
    """The daily revenue really perceived, within the period of reference or since its end."""
    worked = [pay for pay in attestation.pays if pay.month in wanted and pay.gross and pay.worked_days != 0]
    days = sum(_length(pay.month) if pay.worked_days is None else pay.worked_days for pay in worked)
    if days:
        return sum((pay.gross for pay in worked), Decimal(0)) / days
    if attestation.since_days and attestation.since_gross is not None:
        return attestation.since_gross / attestation.since_days
    raise Missing("revenu_absent", "")


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]
