"""The command and the oracle side by side on sheets of care: what each makes of the same case, to the cent."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.claim import Decision, History
from law import load
from liquidation import liquidate
from rights import open_rights
from tests.oracle import acts_cases, care_cases, letters_cases, reading_of_acts, reading_of_letters
from tests.oracle.care_cases import CareCase, euros
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
from tests.oracle.verdicts import Found, Otherwise, declined, line_differences, taken_differences

# The contested points that a dated parameter decides: its name, the other choice, and that choice
# in the oracle's words.
READINGS: dict[str, tuple[str, str, Readings]] = {
    "trente_pour_cent": ("parcours.majoration_lecture", "sans_plafond", Readings(capped=False)),
    "c2s_a_la_lettre": ("parcours.majoration_c2s", "participation_entiere", Readings(c2s_keeps_all=True)),
    "maternite_majoree": ("parcours.majoration_maternite", "due", Readings(maternity=True)),
    "accident_majore": ("parcours.majoration_atmp", "due", Readings(accident=True)),
}


def care(n: int, seed: int, reading: str | None = None) -> Iterator[Found]:
    law: Any = load()
    readings = AS_THE_HOUSE_CHOSE
    if reading is not None:
        name, choice, readings = READINGS[reading]
        law = Otherwise(law, name, choice)
    kind = f"care {reading or ''}".strip()
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
            yield declined(kind, own, {each.code for each in decision.not_computed}, reasons)
            continue
        why = differences(decision, read(case.feuille, case.before, readings))
        yield Found(kind, own, "differ" if why else "agree", why)


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
    return taken_differences(decision, result.taken)


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
