"""The participation forfaitaire: amounts, exemptions, caps by day of care and by day of reimbursement."""

from datetime import date
from decimal import Decimal

import pytest

from domain.claim import History, Withheld
from domain.people import Ald, ComplementaireSante
from domain.period import Period
from tests.liquidation.cases import (
    CARE,
    DOCTOR,
    OTHER_DOCTOR,
    a_claim,
    an_act,
    an_insured,
    decide,
    euro,
    withheld,
)

PF = "participation_forfaitaire"


def retained(decision):
    assert decision.not_computed == ()
    return [line.retained.get(PF, euro("0.00")) for line in decision.lines]


def five_acts(**changes):
    return a_claim(*(an_act(line, fee=euro(f"{30 + line}.00")) for line in range(1, 6)), **changes)


@pytest.mark.parametrize(("day", "amount"), [
    (date(2024, 5, 14), "1.00"),
    (date(2024, 5, 15), "2.00"),
    (date(2024, 5, 16), "2.00"),
])  # fmt: skip
def test_two_euros_since_15_may_2024(day, amount):
    assert retained(decide(a_claim(an_act(day=day)))) == [euro(amount)]


def test_four_a_day_and_professional_not_four_euros():
    # D160-8: 4 x 2,00 = 8,00 for five acts of one day with one doctor
    assert sum(retained(decide(five_acts()))) == euro("8.00")


def test_the_day_cap_looks_at_the_history_of_that_day_and_professional():
    done = withheld(3, care_day=CARE, professional=DOCTOR)
    assert sum(retained(decide(five_acts(), history=History(done)))) == euro("2.00")
    elsewhere = withheld(3, care_day=CARE, professional=OTHER_DOCTOR)
    assert sum(retained(decide(five_acts(), history=History(elsewhere)))) == euro("8.00")


@pytest.mark.parametrize(("before", "taken"), [(23, [2, 2]), (24, [2, 0]), (25, [0, 0])])
def test_twenty_five_a_year(before, taken):
    claim = a_claim(an_act(1), an_act(2, day=date(2026, 11, 3)))
    decision = decide(claim, history=History(withheld(before)))
    assert retained(decision) == [Decimal(f"{each}.00") for each in taken]


def test_the_year_is_that_of_the_reimbursement():
    # 25 taken in 2025: care of December 2025 reimbursed in January 2026 counts for 2026
    history = History(withheld(25, reimbursed_on=date(2025, 12, 31)))
    claim = a_claim(an_act(day=date(2025, 12, 30)))
    assert retained(decide(claim, history=history, decided_on=date(2025, 12, 31))) == [euro("0.00")]
    assert retained(decide(claim, history=history, decided_on=date(2026, 1, 1))) == [euro("2.00")]


def test_fifty_euros_in_2024():
    # decree 2024-432 art. 2 II: fifty participations and 50,00 at most
    day = date(2024, 12, 2)
    claim = a_claim(an_act(day=day))
    paid = withheld(24, reimbursed_on=day, care_day=date(2024, 6, 1), amount=euro("2.00"))
    odd = withheld(1, reimbursed_on=day, care_day=date(2024, 6, 1), amount=euro("1.00"))
    assert retained(decide(claim, history=History(paid), decided_on=day)) == [euro("2.00")]  # 50,00
    assert retained(decide(claim, history=History(paid + odd), decided_on=day)) == [euro("1.00")]
    over = decide(claim, history=History(paid + 3 * odd), decided_on=day)  # 51,00 already, by mistake
    assert (retained(over), over.withheld) == ([euro("0.00")], ())
    full = withheld(25, reimbursed_on=day, care_day=date(2024, 6, 1))
    assert retained(decide(claim, history=History(full), decided_on=day)) == [euro("0.00")]


def test_other_things_withheld_and_later_ones_do_not_count():
    franchises = withheld(25, kind="franchise")
    later = withheld(25, reimbursed_on=date(2026, 11, 23))
    assert retained(decide(history=History(franchises + later))) == [euro("2.00")]


@pytest.mark.parametrize(("born", "amount"), [
    (date(2007, 12, 31), "2.00"),
    (date(2008, 1, 1), "2.00"),  # 18 on 1 January 2026
    (date(2008, 1, 2), "0.00"),  # 18 on the morrow: free for the whole year, an adult since
])  # fmt: skip
def test_a_minor_on_the_first_of_january(born, amount):
    assert retained(decide(insured=an_insured(birth_date=born))) == [euro(amount)]


def test_ald_owes_it_and_c2s_does_not():
    always = Period(date(2020, 1, 1))
    ald = decide(a_claim(ald=True), an_insured(alds=(Ald(always, 30),)))
    assert retained(ald) == [euro("2.00")]
    c2s = decide(insured=an_insured(complementaires=(ComplementaireSante(always),)))
    assert retained(c2s) == [euro("0.00")]
    assert c2s.withheld == ()


def test_nothing_for_a_free_act():
    decision = decide(a_claim(an_act(fee=euro("0.00"))))
    assert (decision.total, retained(decision), decision.shares) == (euro("0.00"), [euro("0.00")], ())


def test_tiers_payant_leaves_it_for_later():
    decision = decide(a_claim(paid_by_insured=False))
    assert retained(decision) == [euro("0.00")]
    assert decision.withheld == (Withheld(PF, euro("2.00"), date(2026, 11, 22), CARE, DOCTOR, euro("2.00")),)
    assert decision.trace[-1].amount == euro("2.00")


def test_what_the_reimbursement_cannot_bear_is_left_for_later():
    # 2,00 x 70 % = 1,40 retained, 0,60 left
    decision = decide(a_claim(an_act(fee=euro("2.00"))))
    assert retained(decision) == [euro("1.40")]
    assert decision.withheld[0].outstanding == euro("0.60")
    assert decision.total == euro("0.00")
