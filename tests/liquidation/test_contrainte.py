"""A contrainte: a month after a mise en demeure was received without effect (R133-3, L133-4 III, L161-1-5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import Refused
from law import load
from liquidation.recouvrement import Debt, Event, check, may_follow, standing
from tests.liquidation.cases import euro

LAW = load()
BODY = {"court": ["Tribunal judiciaire de Paris, pôle social", "Parvis du tribunal, 75017 Paris"],
        "director": "Anne MOREAU"}  # fmt: skip
SENT, RECEIVED = date(2026, 7, 1), date(2026, 7, 6)
LAST = date(2026, 8, 6)
"""The last day of the month that runs from the reception."""
AFTER = LAST + timedelta(days=1)
STEPS = (
    Event("notification", date(2026, 1, 5)), Event("reception", date(2026, 1, 8)),
    Event("contestation", date(2026, 2, 1)), Event("rejet", date(2026, 6, 1)),
)  # fmt: skip
DEMANDED = Debt(euro("200.00"), None, (*STEPS, Event("mise_en_demeure", SENT)), debtor="praticien")
DUE = replace(DEMANDED, events=(*DEMANDED.events, Event("reception", RECEIVED)))


def contrainte(on=AFTER, amount="20.00", **body):
    return Event("contrainte", on, amount and euro(amount), BODY | body)


def refused(debt, event, today):
    with pytest.raises(Refused) as fault:
        check(debt, event, today, LAW)
    return fault.value.detail


def test_the_month_runs_from_the_reception():
    assert standing(DEMANDED, date(2026, 8, 2), LAW).until == date(2026, 8, 1)
    assert standing(DUE, date(2026, 8, 2), LAW).until == LAST
    assert "reception" in may_follow(DEMANDED, "mise_en_demeure")
    assert "reception" not in may_follow(DUE, "mise_en_demeure")
    assert "La réception" in refused(DEMANDED, contrainte(), AFTER)
    assert "jusqu'au 06/08/2026" in refused(DUE, contrainte(LAST), LAST)
    check(DUE, contrainte(), AFTER, LAW)


def test_the_majoration_is_ten_percent_at_most():
    # 200,00 x 10 % = 20,00; the director may remit of it (R133-9-1 II)
    assert "20,00" in refused(DUE, contrainte(amount="20.01"), AFTER)
    check(DUE, contrainte(amount="5.00"), AFTER, LAW)
    check(DUE, contrainte(amount=None), AFTER, LAW)
    employer = replace(DUE, debtor="employeur")
    assert "0,00" in refused(employer, contrainte(amount="0.01"), AFTER)
    check(employer, contrainte(amount=None), AFTER, LAW)


@pytest.mark.parametrize("body", [{"court": []}, {"director": ""}])
def test_without_the_court_or_who_signs_it_is_void(body):
    assert "nulle" in refused(DUE, contrainte(**body), AFTER)


def test_it_leaves_the_day_on_which_it_is_noted():
    assert "le jour où elle est notée" in refused(DUE, contrainte(AFTER), AFTER + timedelta(days=1))


def test_what_is_owed_then_and_what_may_follow():
    forced = replace(DUE, events=(*DUE.events, contrainte()))
    now = standing(forced, AFTER, LAW)
    # 200,00 + 20,00
    assert (now.state, now.left, now.article) == ("contrainte", euro("220.00"), "CSS L133-4 III al. 6 ; R133-3")
    assert "15\u00a0jours" in now.sentence
    assert may_follow(forced, "contrainte") == ("opposition", "versement", "annulation")
    opposed = replace(forced, events=(*forced.events, Event("opposition", date(2026, 8, 20))))
    assert "Opposition formée le 20/08/2026" in standing(opposed, date(2026, 8, 20), LAW).sentence
    paid = replace(forced, events=(*forced.events, Event("versement", AFTER, euro("220.00"))))
    assert standing(paid, AFTER, LAW).state == "solde"
    some = replace(forced, events=(*forced.events, Event("versement", AFTER, euro("200.00"))))
    assert standing(some, AFTER, LAW).left == euro("20.00")


def test_of_an_insured_of_whom_nothing_could_be_held_back():
    # L161-1-5: no majoration; the text of the insured
    steps = (Event("notification", date(2026, 1, 5)), Event("reception", date(2026, 1, 8)))
    debt = Debt(euro("200.00"), None, steps)
    assert "contrainte" not in may_follow(debt, "a_retenir")
    demanded = replace(debt, events=(*steps, Event("mise_en_demeure", SENT)))
    assert {"contrainte", "reception"} <= set(may_follow(demanded, "a_retenir"))
    due = replace(demanded, events=(*demanded.events, Event("reception", RECEIVED)))
    assert standing(due, AFTER, LAW).held_from == date(2026, 1, 29)  # of the notification's reception still
    check(due, contrainte(amount=None), AFTER, LAW)
    forced = replace(due, events=(*due.events, contrainte(amount=None)))
    now = standing(forced, AFTER, LAW)
    assert (now.state, now.left, now.article) == ("contrainte", euro("200.00"), "CSS L161-1-5 ; R133-3")
