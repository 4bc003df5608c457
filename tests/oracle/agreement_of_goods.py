"""The command and the oracle side by side on goods, transports and stays in hospital."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from domain.claim import Decision
from law import load
from liquidation import hopital, liquidate
from rights import open_rights
from tests.oracle import goods_cases, reading_of_goods, stay_cases
from tests.oracle.care_cases import euros
from tests.oracle.reading_of_stays import StayRead, of_a_stay, of_a_visit
from tests.oracle.verdicts import Found, declined


def goods(n: int, seed: int) -> Iterator[Found]:
    """Bills of medicines, appliances, transports and a nurse's acts."""
    law: Any = load()
    for number in range(n):
        own = seed * 1_000_003 + number
        case = goods_cases.case(Random(own))
        kind = f"goods {case.bill.lines[0].kind}"
        rights = {act.day: open_rights(case.insured, act.day, law) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, law)
        reasons = set()
        for line in case.bill.lines:
            if not reading_of_goods.fits(line):
                reasons.add("motif_a_verifier")
            if line.patient.ame and line.rate == 15 and line.kind == reading_of_goods.MEDICINE:
                reasons.add("medicament_exclu")  # CASF L251-2: of little use
            if case.bill.nature == "maternite" and not line.patient.in_maternity:
                reasons.add("maternite_hors_periode")
            if case.bill.nature == "atmp" and not line.patient.has_at:
                reasons.add("at_non_reconnu")
        if decision.not_computed or reasons:
            yield declined(kind, own, {each.code for each in decision.not_computed}, reasons)
            continue
        why = goods_differences(decision, *reading_of_goods.pay(case.bill, case.before))
        yield Found(kind, own, "differ" if why else "agree", why)


def goods_differences(
    decision: Decision, rows: list[reading_of_goods.Paid], taken: list[reading_of_goods.Franchise]
) -> str:
    for line, row in zip(decision.lines, rows, strict=True):
        shares: dict[str, Decimal] = defaultdict(Decimal)
        for share in decision.shares:
            if share.line == line.line:
                shares[share.payee_kind] += share.amount
        retained = sum(line.retained.values(), Decimal(0))
        got = (line.base, line.rate, line.gross, retained, line.complementary)
        wanted = (euros(row.base), row.rate, euros(row.gross), euros(row.franchise), euros(row.complement))
        got += (shares["assure"], shares["praticien"])
        wanted += (euros(row.to_insured), euros(row.to_provider))
        if got != wanted:
            return f"line {line.line}: {got} is not {wanted}"
    withheld = sorted((w.kind, w.care_day, w.amount, w.outstanding) for w in decision.withheld)
    expected = sorted((goods_cases.KEPT_AS[t.kind], t.care_day, euros(t.cents), euros(t.owed)) for t in taken)
    return "" if withheld == expected else f"withheld {withheld} is not {expected}"


def hospital(n: int, seed: int) -> Iterator[Found]:
    """Stays and visits to the urgences."""
    law: Any = load()
    for number in range(n):
        own = seed * 1_000_003 + number
        case = stay_cases.case(Random(own))
        rights = open_rights(case.insured, case.day, law)
        decision: hopital.StayDecision
        if isinstance(case.given, hopital.Stay):
            decision = hopital.stay(case.given, rights, case.day, law)
        else:
            decision = hopital.urgences(case.given, rights, case.day, law)
        read = case.read
        kind = "sejour" if isinstance(read, StayRead) else "urgences"
        reasons = set()
        if read.nature == "maternite" and not read.patient.in_maternity:
            reasons.add("maternite_hors_periode")
        if decision.not_computed or reasons:
            yield declined(kind, own, {each.code for each in decision.not_computed}, reasons)
            continue
        borne = of_a_stay(read) if isinstance(read, StayRead) else of_a_visit(read)
        got = (decision.participation, decision.forfait, decision.borne, decision.complementary, decision.paid)
        paid = read.tariff - borne.by_patient + borne.complement
        wanted = tuple(
            euros(each)
            for each in (borne.participation, borne.forfait, borne.by_patient, borne.complement, paid)
        )
        why = "" if got == wanted else f"{got} is not {wanted}"
        yield Found(kind, own, "differ" if why else "agree", why)
