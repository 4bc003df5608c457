"""The command and the oracle side by side on daily indemnities, capitals, pensions and rentes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from domain.plain import from_plain, to_plain
from law import load
from liquidation.especes.case import KINDS
from tests.oracle import cash_cases, death_cases, pension_cases
from tests.oracle.cash_cases import CashCase
from tests.oracle.reading_of_daily_benefits import Rounding, contributions
from tests.oracle.tables import cut, nearest
from tests.oracle.verdicts import Found, Otherwise, declined, in_cents

MAKERS: dict[str, Callable[[Random, Rounding], CashCase]] = {
    "ij_maladie": cash_cases.sickness_case,
    "ij_atmp": cash_cases.accident_case,
    "ij_maternite": cash_cases.rest_case,
    "ij_paternite": cash_cases.father_case,
    "capital_deces": death_cases.death_case,
}


def cash(n: int, seed: int, truncated: bool = False) -> Iterator[Found]:
    """`n` cases, as many of each benefit. `truncated`: the other reading of the last cent."""
    law: Any = load()
    if truncated:
        law = Otherwise(law, "ij_maladie.arrondi", "tronque")
    for kind, make in MAKERS.items():
        for number in range(n // len(MAKERS)):
            own = seed * 1_000_003 + number
            case = make(Random(own), cut if truncated else nearest)
            asked: Any = from_plain(case.case, KINDS[kind])
            decision = to_plain(asked.decide(law))
            if decision["not_computed"]:
                # refused: right where no day was to be paid
                yield Found(
                    kind,
                    own,
                    "differ" if case.expected else "declined",
                    str(decision["not_computed"]) if case.expected else "",
                )
                continue
            why = cash_differences(decision, case)
            yield Found(kind, own, "differ" if why else "agree", why)


def pensions(n: int, seed: int) -> Iterator[Found]:
    """Pensions d'invalidité, rentes and capitals of an accident du travail."""
    law: Any = load()
    for number in range(n):
        own = seed * 1_000_003 + number
        case = pension_cases.case(Random(own))
        kind = case.case["benefit"]
        asked: Any = from_plain(case.case, KINDS[kind])
        decision = to_plain(asked.decide(law))
        reasons = {each["code"] for each in decision["not_computed"]}
        if reasons or case.reasons:
            yield declined(kind, own, reasons, case.reasons)
            continue
        got = tuple(in_cents(decision[each]) for each in ("yearly", "monthly", "added", "capital"))
        why = "" if got == case.expected else f"{got} is not {case.expected}"
        yield Found(kind, own, "differ" if why else "agree", why)


def cash_differences(decision: dict[str, Any], case: CashCase) -> str:
    got: dict[date, int] = {}
    gross = net = 0
    for line in decision["lines"]:
        day, last = date.fromisoformat(line["start"]), date.fromisoformat(line["end"])
        cents = in_cents(line["daily"])
        stretch = 0
        while day <= last:
            if cents:
                got[day] = cents
            stretch += cents
            day += timedelta(days=1)
        withheld = (0, 0) if line["kind"] == "capital_deces" else contributions(stretch)
        if (in_cents(line["gross"]), in_cents(line["csg"]), in_cents(line["crds"])) != (stretch, *withheld):
            return f"line {line}: {stretch} {withheld}"
        gross, net = gross + stretch, net + stretch - sum(withheld)
    if got != case.expected:
        apart = [d for d in sorted({*got, *case.expected}) if got.get(d) != case.expected.get(d)]
        return f"{len(apart)} days, {apart[0]}: {got.get(apart[0])} is not {case.expected.get(apart[0])}"
    if (in_cents(decision["gross"]), in_cents(decision["net"])) != (gross, net):
        return f"gross and net {decision['gross']} {decision['net']} are not {gross} {net}"
    paid = {each["payee_id"]: in_cents(each["amount"]) for each in decision["payments"]}
    payees = case.payees if case.payees is not None else {"assure": net}
    return "" if paid == {who: cents for who, cents in payees.items() if cents} else f"{paid} not {payees}"
