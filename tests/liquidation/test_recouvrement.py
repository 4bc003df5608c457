"""What may be done about a sum paid in excess to a professional, or to an employer, day after day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import Refused
from law import load
from liquidation.indus import examine
from liquidation.recouvrement import (
    Claimed,
    Debt,
    Event,
    check,
    hold_back,
    hold_back_of_professional,
    increase,
    monthly_limit,
    prescribed_from,
    standing,
)
from tests.liquidation.cases import euro

LAW = load()
SENT, RECEIVED = Event("notification", date(2026, 9, 1)), Event("reception", date(2026, 9, 3))
DOCTOR = Debt(euro("100.00"), None, (SENT, RECEIVED), debtor="praticien")
EMPLOYER = replace(DOCTOR, debtor="employeur")
LAST, AFTER = date(2026, 11, 3), date(2026, 11, 4)  # two months from the reception


def then(debt, *events):
    return replace(debt, events=(*debt.events, *events))


@pytest.mark.parametrize(("debt", "day", "state", "held_from"), [
    (DOCTOR, LAST, "delai", AFTER),
    (DOCTOR, AFTER, "a_retenir", AFTER),
    (EMPLOYER, LAST, "delai", None),
    (EMPLOYER, AFTER, "a_mettre_en_demeure", None),
    (replace(DOCTOR, debtor="assure"), date(2026, 9, 24), "a_retenir", date(2026, 9, 24)),  # twenty days
    (replace(DOCTOR, debtor="ayant_droit"), date(2026, 9, 24), "a_retenir", date(2026, 9, 24)),
])  # fmt: skip
def test_the_delay_of_each_debtor(debt, day, state, held_from):
    now = standing(debt, day, LAW)
    assert (now.state, now.left, now.held_from) == (state, euro("100.00"), held_from)


def test_observations_bar_the_retenue_and_their_rejection_opens_the_mise_en_demeure():
    # L133-4 III al. 4 and 5
    said = then(DOCTOR, Event("contestation", LAST))
    assert standing(said, date(2027, 6, 1), LAW).state == "conteste"
    refused = then(said, Event("rejet", date(2026, 11, 20)))
    assert standing(refused, date(2026, 11, 20), LAW).state == "a_mettre_en_demeure"
    demand = Event("mise_en_demeure", date(2026, 11, 20))
    check(refused, demand, date(2026, 11, 20), LAW)
    with pytest.raises(Refused, match="indu_etat"):
        check(refused, demand, date(2026, 11, 21), LAW)  # the letter bears the day on which it leaves
    asked = then(refused, demand)
    assert standing(asked, date(2026, 12, 20), LAW).sentence.endswith("un mois pour payer, de sa réception.")
    assert "Majoration de 10\xa0% : 10,00\xa0€" in standing(asked, date(2026, 12, 21), LAW).sentence
    assert "Majoration" not in standing(replace(asked, debtor="employeur"), date(2026, 12, 21), LAW).sentence
    paid = then(asked, Event("versement", date(2026, 12, 1), euro("100.00")))
    assert standing(paid, date(2026, 12, 1), LAW).state == "solde"


def test_observations_rejected_on_their_very_day_and_the_article_of_each_debtor():
    said = then(DOCTOR, Event("contestation", LAST), Event("rejet", LAST))
    assert standing(said, LAST, LAW).state == "a_mettre_en_demeure"
    assert standing(DOCTOR, LAST, LAW).article == "CSS R133-9-1 I al. 2"
    assert standing(EMPLOYER, LAST, LAW).article == "CSS R142-1"


def test_observations_come_within_the_two_months():
    check(DOCTOR, Event("contestation", LAST), LAST, LAW)
    with pytest.raises(Refused, match="indu_etat"):
        check(DOCTOR, Event("contestation", AFTER), AFTER, LAW)
    with pytest.raises(Refused, match="indu_etat"):  # no month's limit, no schedule of R133-9-2
        check(DOCTOR, Event("accord", LAST), LAST, LAW)


def test_all_is_held_back_of_a_professional_the_oldest_first():
    first, second = Claimed("1", "a", euro("30.00")), Claimed("2", "b", euro("50.00"))
    held = hold_back_of_professional(euro("45.00"), [first, second], AFTER)
    assert [(each.claimed.indu_id, each.amount) for each in held] == [
        ("1", euro("30.00")),
        ("2", euro("15.00")),
    ]
    assert hold_back_of_professional(euro("0.00"), [first], AFTER) == ()
    assert increase(euro("33.33"), AFTER, LAW) == euro("3.33")


@pytest.mark.parametrize(("professional", "years"), [(False, 2), (True, 3)])
def test_the_prescription(professional, years):
    # L160-11 al. 2: two years; L133-4 III al. 3: three
    paid_on = date(2023, 5, 10)
    end = paid_on.replace(year=paid_on.year + years)
    for day, prescribed in ((end - timedelta(days=1), False), (end, True)):
        found = examine(euro("100.00"), paid_on, day, "x", LAW, professional=professional)
        assert found.prescribed is prescribed


@pytest.mark.parametrize(("income", "most"), [
    ("0.00", "45.00"), ("231.00", "45.00"),
    ("400.00", "92.75"),  # 45 + 25 % x (345 - 231) + 35 % x (400 - 345)
    ("1000.00", "397.65"),  # 45 + 28,50 + 59,85 + 45 % x (690 - 516) + 60 % x (1 000 - 690)
    (None, "455.25"),  # deemed 1 096
])  # fmt: skip
def test_what_may_be_held_back_of_a_household_in_a_month(income, most):
    limit, _ = monthly_limit(income and euro(income), AFTER, LAW)
    assert limit == euro(most)
    # of an indu of 500,00, ten being taken already: the rest of the month's limit, once
    told = Claimed("1", "a", euro("500.00"), income and euro(income))
    held, _ = hold_back(euro("900.00"), (), [told, told], euro("10.00"), AFTER, LAW)
    assert [each.amount for each in held] == [euro(most) - euro("10.00")]


def test_an_income_that_was_told_and_a_participation_prescribed():
    told = then(DOCTOR, Event("revenu", LAST, euro("800.00")), Event("revenu", LAST, euro("700.00")))
    assert told.income == euro("700.00")
    assert DOCTOR.income is None
    assert DOCTOR.dues == ()
    assert prescribed_from(date(2024, 2, 29), LAW) == date(2026, 2, 28)
