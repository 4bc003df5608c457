"""A decision that changes is never edited: its correction holds the differences, as new shares.

A negative sum for a payee is an indu (liquidation.indus); a positive one is paid like any share.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.claim import Decision, DecisionLine, Share, Withheld
from domain.money import ZERO, Money
from liquidation.traces import note

_Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Overpaid:
    """What a payee received too much, as a positive amount."""

    payee_kind: str
    payee_id: str
    amount: Money


def correction(before: Decision, after: Decision) -> Decision:
    """The decision to add to `before` so that together they pay what `after` says.

    Lines and trace are those of `after`; `shares`, `total` and `withheld` are the differences. Where
    `after` is not computed (rights closed since, a double), everything is taken back, and each line of
    `before` stands with nothing paid, as does a line that `after` has no more."""
    step = note(
        "CSS L133-4-1",
        f"Correction de la décision du {before.decided_on:%d/%m/%Y}.",
        after.total - before.total,
    )
    return replace(difference(before, after), trace=(*after.trace, step))


def difference(before: Decision, after: Decision) -> Decision:
    """As `correction`, without a word of one: what more days of a running stop add to those decided."""
    was = {_key(share): share for share in before.shares}
    now = {_key(share): share for share in after.shares}
    shares = []
    for key in sorted(was.keys() | now.keys()):
        old = was[key].amount if key in was else ZERO
        new = now[key].amount if key in now else ZERO
        if new != old:
            shares.append(replace(now.get(key) or was[key], amount=new - old))
    stand = {line.line for line in after.lines}
    gone = [_unpaid(line, after) for line in before.lines if line.line not in stand]
    return replace(
        after,
        lines=tuple(sorted((*after.lines, *gone), key=lambda line: line.line)),
        shares=tuple(shares),
        total=after.total - before.total,
        not_computed=(),
        withheld=tuple(_withheld(before.withheld, after.withheld)),
    )


def standing(decisions: Sequence[Decision]) -> Decision:
    """What a first decision and those that followed it pay together: the lines of the last, every payee's
    sums, what is withheld after all."""
    last = decisions[-1]
    sums: dict[_Key, Share] = {}
    for share in (share for each in decisions for share in each.shares):
        held = sums.get(_key(share))
        sums[_key(share)] = share if held is None else replace(held, amount=held.amount + share.amount)
    return replace(
        last,
        shares=tuple(sums[key] for key in sorted(sums) if sums[key].amount),
        total=sum((each.total for each in decisions), ZERO),
        withheld=tuple(_net(each for decision in decisions for each in decision.withheld)),
    )


def overpaid(correction: Decision) -> tuple[Overpaid, ...]:
    """The payees of a correction who received too much."""
    sums: dict[tuple[str, str], Money] = {}
    for share in correction.shares:
        key = (share.payee_kind, share.payee_id)
        sums[key] = sums.get(key, ZERO) + share.amount
    return tuple(
        Overpaid(kind, payee, -amount) for (kind, payee), amount in sorted(sums.items()) if amount < ZERO
    )


def _key(share: Share) -> _Key:
    return share.line, share.payee_kind, share.payee_id


def _unpaid(line: DecisionLine, after: Decision) -> DecisionLine:
    why = tuple(
        note(each.article or "CSS L133-4-1", each.message)
        for each in after.not_computed
        if each.line in (None, line.line)
    ) or (note("CSS L133-4-1", "Cette ligne n'est plus prise en charge."),)
    return replace(
        line, base=ZERO, rate=Decimal(0), gross=ZERO, retained={}, complementary=ZERO, paid=ZERO, trace=why
    )


def _withheld(before: Iterable[Withheld], after: Iterable[Withheld]) -> Iterable[Withheld]:
    """What `after` adds, and what it no longer withholds with its sign turned."""
    left = list(before)
    for each in after:
        if each in left:
            left.remove(each)
        else:
            yield each
    for each in left:
        yield _back(each)


def _net(told: Iterable[Withheld]) -> list[Withheld]:
    """Those that no later one gave back."""
    left: list[Withheld] = []
    for each in told:
        if each.amount < ZERO and _back(each) in left:
            left.remove(_back(each))
        else:
            left.append(each)
    return left


def _back(taken: Withheld) -> Withheld:
    return replace(taken, amount=-taken.amount, outstanding=-taken.outstanding)
