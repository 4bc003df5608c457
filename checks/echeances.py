"""A stop that still runs is paid at term: its elapsed days at the end of each period of days, the rest after
its end. What each instalment adds to those before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from checks.especes import Avis
from checks.prestations import Record
from domain.claim import Decision, DecisionLine
from domain.money import ZERO, Money
from law import Law
from liquidation.especes.case import AtmpCase, CashCase, MaladieCase
from liquidation.especes.types import CashDecision, CashLine, Stop

ONE = timedelta(days=1)
DAYS = "delais.echeance_ij"


def by_instalments(avis: Avis) -> bool:
    """A leave is computed whole; what a part time loses is told at its end, over all its days."""
    return avis.stop is not None and avis.stop.part_time_loss is None


def term(stop: Stop, today: date, law: Law) -> date | None:
    """The last day of the stop that may be paid on `today`: of the last whole period, all of it once it is
    over. None before the first term. Raises law.NotCovered."""
    if stop.end < today:
        return stop.end
    days = int(law.value(DAYS, stop.start).number)
    periods = (today - stop.start).days // days
    return stop.start + timedelta(days=periods * days) - ONE if periods > 0 else None


def next_term(stop: Stop, paid_until: date | None, law: Law) -> date:
    """The last day of the period after `paid_until`. Raises law.NotCovered."""
    days = int(law.value(DAYS, stop.start).number)
    since = stop.start if paid_until is None else paid_until + ONE
    return min(stop.end, since + timedelta(days=days) - ONE)


def until(case: CashCase, paid_until: date, decided_on: date) -> CashCase:
    """The same case, whose days are paid up to `paid_until`."""
    assert isinstance(case, MaladieCase | AtmpCase)
    return replace(case, paid_until=paid_until, decided_on=decided_on)


def whole(case: CashCase, law: Law) -> tuple[CashLine, ...]:
    """Every day of the stop, paid or to be: what other decisions count with."""
    assert isinstance(case, MaladieCase | AtmpCase)
    return replace(case, paid_until=None).decide(law).lines


def instalment(record: Record, before: Sequence[Decision], now: Decision) -> Record:
    """Of a stop paid in several times, what the decision `now` paid after those `before`, as a décompte
    tells it: its days, and of each amount what is added."""
    if not record.paid_until:
        return record
    n = len(before)
    end = record.paid_until[n]
    start = record.paid_until[n - 1] + ONE if n else record.start
    was = {line.line: line for line in before[-1].lines} if before else {}
    lines = tuple(
        _part(days, line, was.get(line.line), start, end)
        for days, line in zip(record.whole, now.lines, strict=False)
        if min(days.end, end) >= start
    )
    gross, net = (sum((getattr(line, name) for line in lines), ZERO) for name in ("gross", "net"))
    decision: CashDecision = replace(
        record.decision, decided_on=now.decided_on, lines=lines, gross=gross, net=net, trace=now.trace,
        law_version=now.law_version, code_version=now.code_version,
    )  # fmt: skip
    return replace(record, decision=decision, start=start, end=end)


def _part(days: CashLine, line: DecisionLine, was: DecisionLine | None, start: date, end: date) -> CashLine:
    def taken(name: str) -> Money:
        return line.retained.get(name, ZERO) - (was.retained.get(name, ZERO) if was else ZERO)

    return replace(
        days,
        start=max(days.start, start),
        end=min(days.end, end),
        gross=line.gross - (was.gross if was else ZERO),
        csg=taken("csg"),
        crds=taken("crds"),
        net=line.paid - (was.paid if was else ZERO),
    )
