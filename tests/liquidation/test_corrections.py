"""Corrections are new shares; what was paid too much is an indu, with its dates and its threshold."""

from dataclasses import replace
from datetime import date

import pytest

from domain.claim import History, Share
from domain.people import Ald, ComplementaireSante
from domain.period import Period
from law import load
from liquidation.corrections import Overpaid, correction, difference, overpaid, standing
from liquidation.indus import examine
from tests.liquidation.cases import DOCTOR, TODAY, a_claim, an_insured, decide, euro, withheld

ALWAYS = Period(date(2020, 1, 1))


def test_a_right_that_closes_afterwards_takes_all_back():
    before = decide()
    after = decide(insured=an_insured(died_on=date(2026, 11, 1)))
    change = correction(before, after)
    assert change.total == euro("-19.00")
    assert change.shares == (Share(1, "assure", "assure-1", euro("-19.00")),)
    assert overpaid(change) == (Overpaid("assure", "assure-1", euro("19.00")),)
    # the participation is given back too: the caps count as if it had never been taken
    assert [each.amount for each in change.withheld] == [euro("-2.00")]


def test_a_right_that_opens_afterwards_pays_the_difference():
    claim = a_claim(ald=True)
    before = decide(claim)
    after = decide(claim, an_insured(alds=(Ald(ALWAYS, 8),)))
    change = correction(before, after)
    # 28,00 - 19,00
    assert (change.total, overpaid(change), change.withheld) == (euro("9.00"), (), ())
    assert change.shares[0].amount == euro("9.00")


def test_the_payee_changes():
    before = decide()
    after = decide(a_claim(paid_by_insured=False))
    change = correction(before, after)
    assert change.shares == (
        Share(1, "assure", "assure-1", euro("-19.00")),
        Share(1, "praticien", DOCTOR, euro("21.00")),
    )
    assert overpaid(change) == (Overpaid("assure", "assure-1", euro("19.00")),)


def test_nothing_changes_nothing():
    change = correction(decide(), decide())
    assert (change.shares, change.total, change.withheld) == ((), euro("0.00"), ())


def test_before_and_its_correction_pay_what_is_right():
    before = decide()
    after = decide(insured=an_insured(complementaires=(ComplementaireSante(ALWAYS),)))
    change = correction(before, after)
    assert before.total + change.total == after.total
    history = History(withheld(24) + before.withheld + change.withheld)
    # 24 + 1 - 1 taken: one more is due, then none
    assert decide(history=history).lines[0].retained
    assert not decide(history=replace(history, withheld=withheld(25))).lines[0].retained


def indu(amount="100.00", paid_on=date(2026, 6, 1), notified_on=TODAY, **how):
    return examine(euro(amount), paid_on, notified_on, "droits fermés le 1er mai 2026.", load(), **how)


def test_an_indu_is_asked_with_its_dates():
    found = indu()
    assert (found.asked, found.costs) == (euro("100.00"), euro("0.00"))
    # notified on 22/11/2026: 20 days, 12 months, 2 months
    assert found.rectification_until == date(2026, 12, 12)
    assert found.retained_from == date(2026, 12, 13)
    assert found.schedule_until == date(2027, 11, 22)
    assert found.appeal_until == date(2027, 1, 22)
    said = " ".join(step.sentence for step in found.trace)
    for words in ("01/06/2026", "droits fermés", "12/12/2026", "22/01/2027", "échéancier", "retenue"):
        assert words in said


@pytest.mark.parametrize(("amount", "dropped"), [("27.99", True), ("28.00", False), ("28.01", False)])
def test_the_threshold_of_2026(amount, dropped):
    # 0,68 % x 4 005 = 27,234, rounded up: 28
    assert indu(amount).dropped is dropped
    assert indu(amount).asked == (0 if dropped else euro(amount))


def test_participations_and_frauds_are_never_dropped():
    assert indu("2.00", participation=True).asked == euro("2.00")
    found = indu("10.05", fraud=True)
    # 10 % of 10,05 = 1,005 -> 1,01
    assert (found.costs, found.asked) == (euro("1.01"), euro("11.06"))


@pytest.mark.parametrize(("paid_on", "prescribed"), [
    (date(2024, 11, 21), True), (date(2024, 11, 22), True), (date(2024, 11, 23), False),
])  # fmt: skip
def test_two_years_but_for_a_fraud(paid_on, prescribed):
    found = indu(paid_on=paid_on)
    assert found.prescribed is prescribed
    assert any("Prescrit depuis" in step.sentence for step in found.trace) is prescribed
    assert not indu(paid_on=paid_on, fraud=True).prescribed


def test_a_payee_whose_lines_make_up_for_each_other_owes_nothing():
    shares = (Share(1, "assure", "assure-1", euro("-5.00")), Share(2, "assure", "assure-1", euro("5.00")))
    assert overpaid(replace(decide(), shares=shares)) == ()
    one_cent = (Share(1, "assure", "assure-1", euro("-5.01")), shares[1])
    assert overpaid(replace(decide(), shares=one_cent)) == (Overpaid("assure", "assure-1", euro("0.01")),)


def test_what_is_withheld_only_now_is_added():
    before = decide(insured=an_insured(complementaires=(ComplementaireSante(ALWAYS),)))
    after = decide()
    assert (before.withheld, correction(before, after).withheld) == ((), after.withheld)
    assert correction(after, before).withheld == (replace(after.withheld[0], amount=euro("-2.00")),)


def test_a_correction_says_so_with_its_sum():
    before, after = decide(), decide(a_claim(paid_by_insured=False))
    change = correction(before, after)
    assert change.trace[:-1] == after.trace
    step = change.trace[-1]
    # 21,00 to the doctor instead of 19,00 to the insured
    assert (step.sentence, step.amount) == ("Correction de la décision du 22/11/2026.", euro("2.00"))
    assert difference(before, after).trace == after.trace


def test_what_stands_after_corrections_is_what_was_decided_last():
    first, second = decide(), decide(a_claim(paid_by_insured=False))
    third = decide(insured=an_insured(complementaires=(ComplementaireSante(ALWAYS),)))
    for after in (second, third, first):
        found = standing([first, correction(first, after)])
        assert (found.shares, found.total, found.lines) == (after.shares, after.total, after.lines)
        assert sorted(found.withheld, key=str) == sorted(after.withheld, key=str)
    found = standing([first, correction(first, second), correction(second, third)])
    assert (found.shares, found.total) == (third.shares, third.total)
    assert standing([first]).shares == first.shares


def test_a_line_that_is_no_more_stands_with_nothing_paid_and_why():
    before = decide()
    closed = correction(before, decide(insured=an_insured(died_on=date(2026, 11, 1))))
    (line,) = closed.lines
    assert (line.line, line.base, line.rate, line.gross, line.paid, line.retained) == (1, 0, 0, 0, 0, {})
    reasons = decide(insured=an_insured(died_on=date(2026, 11, 1))).not_computed
    assert [step.sentence for step in line.trace] == [each.message for each in reasons]
    # a reason for another line says nothing of this one
    other = tuple(replace(each, line=7) for each in reasons)
    gone = replace(before, lines=(), shares=(), total=euro("0.00"), withheld=(), not_computed=other)
    (line,) = correction(before, gone).lines
    assert [step.sentence for step in line.trace] == ["Cette ligne n'est plus prise en charge."]
    mine = tuple(replace(each, line=1, article=None) for each in reasons)
    (line,) = correction(before, replace(gone, not_computed=mine)).lines
    assert {(step.article, step.sentence) for step in line.trace} == {
        ("CSS L133-4-1", each.message) for each in reasons
    }
