"""The command and the second reading of the law agree to the cent, on random cases drawn by a seed.

`python -m tests.oracle --n 100000` is the same, longer. What the two read differently is left out of the
cases by name (`cash_cases.left_out`)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from law import load
from liquidation import liquidate
from rights import open_rights
from rights.echeances import prescribed_on
from tests.oracle import acts_cases, care_cases, cash_cases, letters_cases, reading_of_acts, reading_of_letters
from tests.oracle.agreement import READINGS, acts, care, chains, differences, letters
from tests.oracle.agreement_of_cash import cash, pensions
from tests.oracle.agreement_of_goods import goods, hospital
from tests.oracle.reading_of_the_law import prescribed, read
from tests.oracle.verdicts import line_differences


def verdicts(found):
    counts = Counter()
    for each in found:
        assert each.verdict != "differ", (each.kind, each.seed, each.why)
        counts[each.verdict] += 1
    return counts


@pytest.mark.parametrize("seed", [1, 2])
def test_care(seed, request):
    n = 25_000 if request.config.getoption("--long", default=False) else 900
    counts = verdicts(care(n, seed))
    assert counts["agree"] > 0.8 * n


@pytest.mark.parametrize("reading", READINGS)
def test_the_other_reading_of_what_is_contested(reading):
    assert verdicts(care(250, seed=3, reading=reading))["agree"] > 190


@pytest.mark.parametrize("truncated", [False, True], ids=["proche", "tronque"])
def test_cash_benefits(truncated):
    counts = verdicts(cash(500, seed=4, truncated=truncated))
    assert counts["agree"] > 450


@pytest.mark.parametrize(
    ("cases", "n"),
    [(goods, 500), (hospital, 500), (pensions, 300), (acts, 700), (letters, 500), (chains, 300)],
)
def test_other_goods_stays_and_pensions(cases, n):
    counts = verdicts(cases(n, seed=6))
    assert counts["agree"] > 0.7 * n


def test_the_readings_that_differ_are_drawn():
    """A choice that changed no case would prove nothing."""
    apart = Counter()
    for number in range(400):
        case = care_cases.case(Random(number))
        usual = read(case.feuille, case.before)
        for name, (_, _, readings) in READINGS.items():
            apart[name] += read(case.feuille, case.before, readings) != usual
    assert set(apart) == set(READINGS)
    assert min(apart.values()) > 0


def test_the_cases_are_of_every_kind():
    seen = Counter()
    for number in range(600):
        case = care_cases.case(Random(number))
        result = read(case.feuille, case.before)
        for row in result.rows:
            seen["hors parcours"] += row.majoration > 0
            seen["rate", row.rate] += 1
            seen["c2s"] += row.complement > 0
            seen["two payees"] += row.to_insured > 0 and row.to_doctor > 0
            seen["participation"] += row.participation > 0
        seen["a cap was reached"] += len(result.taken) < sum(row.gross > 0 for row in result.rows)
        seen["owed"] += any(one.owed for one in result.taken)
        seen["ame"] += any(each.patient.ame for each in case.feuille.seen)
        seen["a ground"] += any(each.ground for each in case.feuille.seen)
        seen["a stay"] += case.feuille.in_hospital
    wanted = [
        "ame",
        "a ground",
        "a stay",
        "hors parcours",
        "c2s",
        "two payees",
        "participation",
        "a cap was reached",
        "owed",
    ]
    assert all(seen[each] > 3 for each in [*wanted, *(("rate", rate) for rate in (70, 80, 90, 100))]), seen


def test_the_acts_are_of_every_kind():
    seen = Counter()
    for number in range(900):
        case = acts_cases.case(Random(number))
        sheet = case.sheet
        if reading_of_acts.for_a_person(sheet):
            continue
        lines, _ = reading_of_acts.pay(sheet, case.before)
        for act, line in zip(sheet.acts, lines, strict=True):
            seen.update(act.modifiers)
            seen["association", act.association] += 1
            seen["heavy"] += line.heavy > 0
            seen["imaging"] += reading_of_acts.is_imaging(act) and act.tariff >= 12000
            seen["majoration"] += line.majoration > 0
            seen["dental heavy"] += line.heavy > 0 and sheet.specialty in reading_of_acts.DENTISTS
            seen["rate", line.rate] += 1
        seen["optam"] += sheet.optam is True
        seen["not optam"] += sheet.optam is False
    wanted = [
        *"UPSFOJKT79N", *(("association", code) for code in "12345"), "heavy", "imaging", "majoration",
        "dental heavy", "optam", "not optam", *(("rate", rate) for rate in (60, 70, 90, 100)),
    ]  # fmt: skip
    assert {each for each in wanted if not seen[each]} == set(), seen


def test_the_letters_are_of_every_kind():
    seen = Counter()
    for number in range(500):
        case = letters_cases.case(Random(number))
        if reading_of_letters.for_a_person(case.note):
            continue
        lines, taken = reading_of_letters.pay(case.note, case.before)
        for asked, line in zip(case.note.lines, lines, strict=True):
            seen[case.note.trade, line.rate] += 1
            seen["several participations"] += line.participation > 200
            seen["the last cent"] += asked.fee == line.base - 1
        seen["a day with its four"] += len({one.care_day for one in taken}) * 4 == len(taken) > 0
    wanted = [("biologie", 60), ("biologie", 80), ("biologie", 100), ("sage-femme", 70), ("dentaire", 70),
              ("dentaire", 60), "several participations", "a day with its four"]  # fmt: skip
    assert {each for each in wanted if not seen[each]} == set(), seen


def test_cash_cases_are_of_every_kind():
    kinds = Counter()
    for number in range(150):
        case = cash_cases.sickness_case(Random(number)).case
        kinds["ald"] += case["stop"]["ald"] is not None
        kinds["waiver"] += case["stop"]["waiver"] is not None
        kinds["prolongation"] += "interrupted_on" in case["stop"]
        kinds["late"] += bool(case["history"]["late"])
    assert min(kinds[each] for each in ("ald", "waiver", "prolongation", "late")) > 3, kinds


def test_a_cent_more_would_be_seen():
    """The comparison itself: one cent on one line, one share, or one participation is a difference."""
    found = Counter()
    for number in range(80):
        case = care_cases.case(Random(number))
        rights = {act.day: open_rights(case.insured, act.day, load()) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, load())
        if decision.not_computed:
            continue
        result = read(case.feuille, case.before)
        assert differences(decision, result) == ""
        first = result.rows[0]
        for name in ("base", "gross", "majoration", "participation", "complement", "paid"):
            wrong = replace(first, **{name: getattr(first, name) + 1})
            assert differences(decision, replace(result, rows=(wrong, *result.rows[1:])))
        found["lines"] += 1
        if result.taken:
            wrong = replace(result.taken[0], owed=result.taken[0].owed + 1)
            assert differences(decision, replace(result, taken=(wrong, *result.taken[1:])))
            found["participations"] += 1
    assert found["lines"] > 40
    assert found["participations"] > 10


def test_a_cent_more_on_an_act_would_be_seen():
    for number in range(200):
        case = acts_cases.case(Random(number))
        rights = {act.day: open_rights(case.insured, act.day, load()) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, load())
        if decision.not_computed:
            continue
        row = decision.lines[0]
        amounts = [
            int(each.scaleb(2)) for each in (row.base, row.rate.scaleb(-2), row.gross, row.complementary)
        ]
        shares = [
            int(sum(s.amount for s in decision.shares if (s.line, s.payee_kind) == (row.line, kind)).scaleb(2))
            if any((s.line, s.payee_kind) == (row.line, kind) for s in decision.shares)
            else 0
            for kind in ("assure", "praticien")
        ]
        kept = {name: int(amount.scaleb(2)) for name, amount in row.retained.items()}
        only = replace(decision, lines=(row,))
        assert line_differences(only, [((*amounts, *shares), kept)]) == ""
        for place in range(6):
            wrong = [each + (place == at) for at, each in enumerate((*amounts, *shares))]
            assert line_differences(only, [(tuple(wrong), kept)])
        assert line_differences(only, [((*amounts, *shares), {**kept, "participation_acte_lourd": 1})])


def test_prescription_of_care():
    # L160-11: the command tells the first day that is too late
    r = Random(5)
    for _ in range(60):
        day = date(2024, 1, 1) + timedelta(days=r.randint(0, 700))
        first, _ = prescribed_on(day, load())
        assert prescribed(day, first), day
        assert not prescribed(day, first - timedelta(days=1)), day
