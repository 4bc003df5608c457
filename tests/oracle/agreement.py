"""The command and the oracle side by side: what each makes of the same case, to the cent."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.claim import Decision, History
from domain.plain import from_plain, to_plain
from law import load
from liquidation import hopital, liquidate
from liquidation.especes.case import KINDS
from rights import open_rights
from tests.oracle import (
    acts_cases,
    care_cases,
    cash_cases,
    death_cases,
    goods_cases,
    letters_cases,
    pension_cases,
    reading_of_acts,
    reading_of_goods,
    reading_of_letters,
    stay_cases,
)
from tests.oracle.care_cases import CareCase, euros
from tests.oracle.cash_cases import CashCase
from tests.oracle.reading_of_daily_benefits import Rounding, contributions
from tests.oracle.reading_of_stays import StayRead, of_a_stay, of_a_visit
from tests.oracle.reading_of_the_law import (
    AS_THE_HOUSE_CHOSE,
    Readings,
    Result,
    Taken,
    fits,
    is_majored,
    out_of_parcours,
    read,
)
from tests.oracle.tables import cut, nearest

# The contested points that a dated parameter decides: its name, the other choice, and that choice
# in the oracle's words.
READINGS: dict[str, tuple[str, str, Readings]] = {
    "trente_pour_cent": ("parcours.majoration_lecture", "sans_plafond", Readings(capped=False)),
    "c2s_a_la_lettre": ("parcours.majoration_c2s", "participation_entiere", Readings(c2s_keeps_all=True)),
    "maternite_majoree": ("parcours.majoration_maternite", "due", Readings(maternity=True)),
    "accident_majore": ("parcours.majoration_atmp", "due", Readings(accident=True)),
}


MAKERS: dict[str, Callable[[Random, Rounding], CashCase]] = {
    "ij_maladie": cash_cases.sickness_case,
    "ij_atmp": cash_cases.accident_case,
    "ij_maternite": cash_cases.rest_case,
    "ij_paternite": cash_cases.father_case,
    "capital_deces": death_cases.death_case,
}


class Otherwise:
    """The law with one of its choices turned."""

    def __init__(self, law: Any, name: str, choice: str) -> None:
        self._law, self._name, self._choice = law, name, choice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._law, name)

    def value(self, name: str, day: date) -> Any:
        value = self._law.value(name, day)
        return replace(value, text=self._choice) if name == self._name else value


@dataclass(frozen=True)
class Found:
    """`verdict`: agree; declined (both see why it is for a person); differ."""

    kind: str
    seed: int
    verdict: str
    why: str = ""


def care(n: int, seed: int, reading: str | None = None) -> Iterator[Found]:
    law: Any = load()
    readings = AS_THE_HOUSE_CHOSE
    if reading is not None:
        name, choice, readings = READINGS[reading]
        law = Otherwise(law, name, choice)
    for number in range(n):
        own = seed * 1_000_003 + number
        case = care_cases.case(Random(own))
        days = {act.day for act in case.claim.acts}
        decision = liquidate(
            case.claim,
            {day: open_rights(case.insured, day, law) for day in days},
            case.history,
            case.decided_on,
            law,
        )
        reasons = for_a_person(case, readings)
        if decision.not_computed or reasons:
            codes = {each.code for each in decision.not_computed}
            same = bool(codes) and codes <= reasons  # the command may stop at its first reason
            yield Found(
                f"care {reading or ''}".strip(),
                own,
                "declined" if same else "differ",
                "" if same else f"{codes} {reasons}",
            )
            continue
        why = differences(decision, read(case.feuille, case.before, readings))
        yield Found(f"care {reading or ''}".strip(), own, "differ" if why else "agree", why)


def chains(n: int, seed: int) -> Iterator[Found]:
    """Sheets of one person, of doctors and of a laboratory, decided one after the other over a year's end:
    each side goes on from what it took itself."""
    law: Any = load()
    done = 0
    for number in range(n):
        r = Random(seed * 1_000_003 + number)
        decided_on = date(r.choice((2024, 2025)), 12, 31) - timedelta(days=r.choice((0, 1, 2, 20)))
        insured = None
        taken: tuple[Taken, ...] = ()
        history = History()
        for _ in range(r.choice((3, 5, 12))):
            of_a_laboratory = insured is not None and r.random() < 0.4
            make = letters_cases.case if of_a_laboratory else care_cases.case
            case: Any = make(r, insured, decided_on, taken)
            rights = {act.day: open_rights(case.insured, act.day, law) for act in case.claim.acts}
            decision = liquidate(case.claim, rights, history, decided_on, law)
            found, more = one_of_a_chain(case, decision, taken, seed * 1_000_003 + number)
            yield found
            done += 1
            if done == n:
                return
            if found.verdict == "differ":
                break
            insured = insured or case.insured
            taken += more
            history = History(withheld=(*history.withheld, *decision.withheld))
            decided_on += timedelta(days=r.choice((0, 0, 1, 1, 2)))


def one_of_a_chain(
    case: Any, decision: Decision, taken: tuple[Taken, ...], seed: int
) -> tuple[Found, tuple[Taken, ...]]:
    """The verdict, and what the oracle takes."""
    note = isinstance(case, letters_cases.LettersCase)
    reasons = reading_of_letters.for_a_person(case.note) if note else for_a_person(case, AS_THE_HOUSE_CHOSE)
    if decision.not_computed or reasons:
        return declined("chains", seed, {each.code for each in decision.not_computed}, reasons), ()
    if note:
        lines, more = reading_of_letters.pay(case.note, taken)
        why = letters_differences(decision, lines, more)
    else:
        result = read(case.feuille, taken)
        more = list(result.taken)
        why = differences(decision, result)
    return Found("chains", seed, "differ" if why else "agree", why), tuple(more)


def for_a_person(case: CareCase, readings: Readings) -> set[str]:
    """What the oracle itself would not decide from the sheet."""
    codes = set()
    for seen in case.feuille.seen:
        if seen.times > 1:
            codes.add("quantite_non_calculee")  # the letters of a generalist are no series of acts
        if not fits(seen):
            codes.add("motif_a_verifier")
        examined = seen.ground == "examen_maternite"
        if case.feuille.nature == "maternite" and not (seen.patient.in_maternity or examined):
            codes.add("maternite_hors_periode")  # L160-9 1° and 2°: the listed examinations alone
        if case.feuille.nature == "atmp" and not seen.patient.has_at:
            codes.add("at_non_reconnu")  # L431-1: an accident that the caisse took in charge
        outside = is_majored(case.feuille, seen, readings) and out_of_parcours(case.feuille, seen.patient)
        # L162-5-3 5°: his doctor has left less than a year ago, perhaps to retire
        left = seen.patient.doctor_left_on
        if left is not None and outside and seen.day < date(2023, 12, 29):
            codes.add("droit_non_couvert")  # the text that is in the reference is of that day
        if (
            left is not None
            and left > seen.day.replace(year=seen.day.year - 1, day=min(seen.day.day, 28))
            and outside
        ):
            codes.add("parcours_a_verifier")
    return codes


def differences(decision: Decision, result: Result) -> str:
    """Nothing where lines, shares, total and what is withheld are the same."""
    for line, row in zip(decision.lines, result.rows, strict=True):
        retained = {name: amount for name, amount in line.retained.items() if amount}
        expected = {
            "majoration_hors_parcours": euros(row.majoration),
            "participation_forfaitaire": euros(row.participation),
        }
        got = (line.base, line.rate, line.gross, retained, line.complementary, line.paid)
        wanted = (
            euros(row.base),
            row.rate,
            euros(row.gross),
            {name: amount for name, amount in expected.items() if amount},
            euros(row.complement),
            euros(row.paid),
        )
        if got != wanted:
            return f"line {line.line}: {got} is not {wanted}"
        shares: dict[str, Decimal] = defaultdict(Decimal)
        for share in decision.shares:
            if share.line == line.line:
                shares[share.payee_kind] += share.amount
        if (shares["assure"], shares["praticien"]) != (euros(row.to_insured), euros(row.to_doctor)):
            return f"line {line.line}: shares {dict(shares)} are not {row}"
    if decision.total != euros(result.total):
        return f"total {decision.total} is not {result.total}"
    withheld = sorted(
        (w.care_day, w.amount, w.outstanding, w.reimbursed_on, w.professional) for w in decision.withheld
    )
    taken = sorted((t.care_day, euros(t.cents), euros(t.owed), t.reimbursed_on, t.doctor) for t in result.taken)
    return "" if withheld == taken else f"withheld {withheld} is not {taken}"


def acts(n: int, seed: int) -> Iterator[Found]:
    """Sheets of technical acts of the CCAM: doctors of eighteen specialties, dentists."""
    law: Any = load()
    for number in range(n):
        own = seed * 1_000_003 + number
        case = acts_cases.case(Random(own))
        dental = case.sheet.specialty in reading_of_acts.DENTISTS
        kind = "acts dentaire" if dental else "acts ccam"
        rights = {act.day: open_rights(case.insured, act.day, law) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, law)
        reasons = reading_of_acts.for_a_person(case.sheet)
        if decision.not_computed or reasons:
            yield declined(kind, own, {each.code for each in decision.not_computed}, reasons)
            continue
        lines, taken = reading_of_acts.pay(case.sheet, case.before)
        rows = [
            (
                (row.base, row.rate, row.gross, row.complement, row.to_insured, row.to_doctor),
                {
                    "participation_acte_lourd": row.heavy,
                    "majoration_hors_parcours": row.majoration,
                    "participation_forfaitaire": row.participation,
                },
            )
            for row in lines
        ]
        why = line_differences(decision, rows) or taken_differences(decision, taken)
        yield Found(kind, own, "differ" if why else "agree", why)


def letters(n: int, seed: int) -> Iterator[Found]:
    """Notes of a laboratory, a midwife, a dentist."""
    law: Any = load()
    for number in range(n):
        own = seed * 1_000_003 + number
        case = letters_cases.case(Random(own))
        kind = f"letters {case.note.trade}"
        rights = {act.day: open_rights(case.insured, act.day, law) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, law)
        reasons = reading_of_letters.for_a_person(case.note)
        if decision.not_computed or reasons:
            yield declined(kind, own, {each.code for each in decision.not_computed}, reasons)
            continue
        why = letters_differences(decision, *reading_of_letters.pay(case.note, case.before))
        yield Found(kind, own, "differ" if why else "agree", why)


def letters_differences(decision: Decision, lines: list[reading_of_letters.Given], taken: list[Taken]) -> str:
    rows = [
        (
            (row.base, row.rate, row.gross, row.complement, row.to_insured, row.to_provider),
            {"participation_forfaitaire": row.participation},
        )
        for row in lines
    ]
    return line_differences(decision, rows) or taken_differences(decision, taken)


def declined(kind: str, seed: int, codes: set[str], reasons: set[str]) -> Found:
    """Both decline, for a reason that the oracle sees too (the command may stop at its first), or differ."""
    same = bool(codes) and codes <= reasons
    return Found(kind, seed, "declined" if same else "differ", "" if same else f"{codes} {reasons}")


def line_differences(decision: Decision, rows: list[tuple[tuple[int, ...], dict[str, int]]]) -> str:
    """`rows`: base, rate, gross, complement, the two shares; and what is withheld, by name; in cents."""
    for line, ((base, rate, *others), retained) in zip(decision.lines, rows, strict=True):
        shares: dict[str, Decimal] = defaultdict(Decimal)
        for share in decision.shares:
            if share.line == line.line:
                shares[share.payee_kind] += share.amount
        kept = {name: amount for name, amount in line.retained.items() if amount}
        got = (
            line.base,
            line.rate,
            line.gross,
            line.complementary,
            shares["assure"],
            shares["praticien"],
            kept,
        )
        wanted = (
            euros(base), rate, *(euros(each) for each in others),
            {name: euros(amount) for name, amount in retained.items() if amount},
        )  # fmt: skip
        if got != wanted:
            return f"line {line.line}: {got} is not {wanted}"
    return ""


def taken_differences(decision: Decision, taken: list[Taken]) -> str:
    withheld = sorted(
        (w.care_day, w.amount, w.outstanding, w.reimbursed_on, w.professional) for w in decision.withheld
    )
    expected = sorted((t.care_day, euros(t.cents), euros(t.owed), t.reimbursed_on, t.doctor) for t in taken)
    return "" if withheld == expected else f"withheld {withheld} is not {expected}"


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
            codes = {each.code for each in decision.not_computed}
            same = bool(codes) and codes <= reasons
            yield Found(kind, own, "declined" if same else "differ", "" if same else f"{codes} {reasons}")
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
            codes = {each.code for each in decision.not_computed}
            same = bool(codes) and codes <= reasons
            yield Found(kind, own, "declined" if same else "differ", "" if same else f"{codes} {reasons}")
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
            same = bool(reasons) and reasons <= case.reasons
            yield Found(
                kind, own, "declined" if same else "differ", "" if same else f"{reasons} {case.reasons}"
            )
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


def in_cents(amount: str) -> int:
    return int(Decimal(amount).scaleb(2))
