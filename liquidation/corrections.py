"""A decision that changes is never edited: its correction holds the differences, as new shares.

A negative sum for a payee is an indu (liquidation.indus); a positive one is paid like any share.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.claim import Decision, Share, Withheld
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
    `after` is not computed (rights closed since, a double), everything is taken back."""
    was = {_key(share): share for share in before.shares}
    now = {_key(share): share for share in after.shares}
    shares = []
    for key in sorted(was.keys() | now.keys()):
        old = was[key].amount if key in was else ZERO
        new = now[key].amount if key in now else ZERO
        if new != old:
            shares.append(replace(now.get(key) or was[key], amount=new - old))
    total = after.total - before.total
    step = note("CSS L133-4-1", f"Correction de la décision du {before.decided_on:%d/%m/%Y}.", total)
    return replace(
        after,
        shares=tuple(shares),
        total=total,
        trace=(*after.trace, step),
        withheld=tuple(_withheld(before.withheld, after.withheld)),
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


def _withheld(before: Iterable[Withheld], after: Iterable[Withheld]) -> Iterable[Withheld]:
    """What `after` adds, and what it no longer withholds with its sign turned."""
    left = list(before)
    for each in after:
        if each in left:
            left.remove(each)
        else:
            yield each
    for each in left:
        yield replace(each, amount=-each.amount, outstanding=-each.outstanding)
