"""Payment orders: one a payee, each non-zero share in exactly one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.claim import Share
from domain.people import ComplementaireSante
from domain.period import Period
from outbound.orders import Payee, orders_of
from tests.liquidation.cases import DOCTOR, a_claim, an_act, an_insured, decide, euro

DAY = date(2026, 11, 22)
PAYEES = {
    ("assure", "assure-1"): Payee("Jean Dupont", "FR7630006000011234567890189"),
    ("praticien", DOCTOR): Payee("Dr Claire Martin", None),
}


def ids() -> Iterator[str]:
    return map(str, iter(range(1, 100)))


def ordered(decision):
    return orders_of(decision, "decision-1", PAYEES, DAY, ids().__next__)


def test_one_order_a_payee():
    insured = an_insured(complementaires=(ComplementaireSante(Period(date(2020, 1, 1))),))
    claim = a_claim(an_act(1), an_act(2, day=date(2026, 11, 3)), complementary_paid_by_insured=False)
    decision = decide(claim, insured)
    first, second = ordered(decision)
    assert (first.id, first.payee_kind, first.amount) == ("1", "assure", euro("42.00"))
    assert (second.id, second.payee_kind, second.amount) == ("2", "praticien", euro("18.00"))
    assert sorted((*first.shares, *second.shares), key=str) == sorted(decision.shares, key=str)
    assert first.amount + second.amount == decision.total


def test_nothing_to_pay_no_order():
    assert ordered(decide(a_claim(an_act(fee=euro("0.00"))))) == ()


def test_shares_that_cancel_make_no_order_and_negative_ones_refuse():
    decision = decide()
    (share,) = decision.shares
    back = replace(share, amount=-share.amount)
    assert ordered(replace(decision, shares=(share, back))) == ()
    with pytest.raises(ValueError, match="negative"):
        ordered(replace(decision, shares=(back,)))


def test_an_unknown_payee_is_no_order():
    stranger = Share(1, "praticien", "nobody", euro("1.00"))
    with pytest.raises(KeyError):
        ordered(replace(decide(), shares=(stranger,)))


def test_as_a_document():
    (order,) = ordered(decide())
    plain = json.loads(json.dumps(order.to_json()))
    assert (plain["format"], plain["currency"], plain["amount"]) == ("liasse-ordre-1", "EUR", "19.00")
    assert plain["label"] == "Remboursement de soins"
