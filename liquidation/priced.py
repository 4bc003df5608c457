"""The worth of one act, before any rate; and the refusal to say it."""

from dataclasses import dataclass

from domain.claim import Act, NotComputed, TraceLine
from domain.money import ZERO, Money, in_french
from law import Law, Value
from liquidation.reasons import because
from liquidation.traces import cite, note

FREE = frozenset(("G", "GR"))
UNPAID = frozenset(("N", "NR"))
EXCESS = frozenset(("D", "ED", "E", "DE", "DP", "DA", "DM", "DN"))
"""Table IR_DEP_V: an excess is never reimbursed, whatever its reason."""


@dataclass(slots=True)
class Priced:
    """`fee`: all that was asked for the line, déplacement included. `trace`: the line's first steps,
    which its rate and the rest go on from. `rate`, `article`: where they are not the profession's.
    `parts`: amounts whose rate is applied and rounded one by one (empty: the base alone). `counted`:
    what the threshold of the actes lourds is compared with; None: it does not apply; `alone`: without the
    other acts of the day; `anesthesia`: of one above it no text says who bears what. `supplement`: a
    majoration written on a line of its own. `units`: acts or boxes of the franchise. `untouched`: it bears
    no franchise, and its trace says why."""

    base: Money
    fee: Money
    trace: list[TraceLine]
    rate: str | None = None
    article: str | None = None
    parts: tuple[Money, ...] = ()
    counted: Money | None = None
    imaging: bool = False
    alone: bool = False
    anesthesia: bool = False
    supplement: bool = False
    units: int = 1
    untouched: bool = False


class Unpriced(Exception):
    """A line that is not priced, with its reasons."""

    def __init__(self, *reasons: NotComputed) -> None:
        self.reasons = reasons
        super().__init__(reasons)

    @classmethod
    def by(cls, code: str, act: Act, detail: str = "") -> "Unpriced":
        return cls(because(code, act.line, act=act.code, detail=detail))


def within(act: Act, price: Money, trace: list[TraceLine], law: Law) -> Money:
    """The base of a price: never above what was really paid, nothing where the act is not reimbursable."""
    mark = act.depassement
    if mark in UNPAID:
        trace.append(note("CSS L162-1-7", "Acte noté non remboursable : rien n'est pris en charge.", ZERO))
        return ZERO
    if mark is not None and mark not in EXCESS and not (mark in FREE and not act.fee):
        raise Unpriced.by("depassement_non_calcule", act, mark)
    if act.fee > price:
        excess = act.fee - price
        trace.append(
            note("CSS L162-14-1 I 1°", f"Dépassement de {in_french(excess)} : il n'est pas remboursé.")
        )
        if mark == "DA":
            trace.append(_authorised(act, price, law))
    elif act.fee < price:
        trace.append(note("CSS L160-8 1°", "Honoraires inférieurs au tarif : ils sont la base.", act.fee))
    return min(price, act.fee)


def _authorised(act: Act, price: Money, law: Law) -> TraceLine:
    """The dépassement autorisé of sector 1 outside the parcours: rounded up to the euro (RG_VF637)."""
    part: Value = law.value("ngap.depassement_autorise", act.day)
    most = (price * part.number).to_integral_value("ROUND_CEILING") + ZERO
    said = "il l'atteint" if act.fee - price <= most else "il est dépassé"
    return cite("CSS L162-5 18°", f"Dépassement autorisé, au plus {in_french(most)} : {said}.", part)
