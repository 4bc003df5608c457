"""L3: the eve, the day and the morrow of each change; thresholds to the cent. Tolerance: 0.00 €."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import History
from domain.people import Affiliation, MedecinTraitant
from domain.period import Period
from law import Value, load
from tests.liquidation.cases import DOCTOR, a_claim, an_act, an_insured, decide, euro, withheld

ONE = timedelta(days=1)


def changes():
    horizon = load().horizon
    for name, parameter in load().parameters.items():
        for before, after in zip(parameter.steps, parameter.steps[1:], strict=False):
            if horizon.first < after.since <= horizon.last and isinstance(after, Value):
                yield pytest.param(name, before, after, id=f"{name}-{after.since}")


@pytest.mark.parametrize(("name", "before", "after"), list(changes()))
def test_eve_day_and_morrow(name, before, after):
    law = load()
    for day in (after.since, after.since + ONE):
        assert law.value(name, day) == after
    if isinstance(before, Value):
        assert law.value(name, after.since - ONE) == before


def total(day, fee="70.00", code="G", decided_on=None, **given):
    insured = an_insured(
        affiliations=(Affiliation(Period(date(2010, 1, 1)), "017510000"),),
        medecins_traitants=(MedecinTraitant(Period(date(2010, 1, 1)), DOCTOR),),
    )
    claim = a_claim(an_act(day=day, code=code, fee=euro(fee)), **given)
    return decide(claim, insured, decided_on=decided_on or day).total


@pytest.mark.parametrize(("day", "paid"), [
    # 26,50 x 70 % = 18,55
    (date(2024, 5, 14), "17.55"),  # - 1,00
    (date(2024, 5, 15), "16.55"),  # - 2,00
    (date(2024, 5, 16), "16.55"),
    (date(2024, 12, 21), "16.55"),
    (date(2024, 12, 22), "19.00"),  # 30,00 x 70 % - 2,00
    (date(2024, 12, 23), "19.00"),
])  # fmt: skip
def test_a_consultation_across_the_changes(day, paid):
    assert total(day) == euro(paid)


@pytest.mark.parametrize(("day", "paid"), [
    (date(2024, 12, 21), "37.55"),  # 56,50 x 70 % = 39,55 - 2,00
    (date(2024, 12, 22), "40.00"),  # 60,00 x 70 % = 42,00 - 2,00
])  # fmt: skip
def test_an_avis_ponctuel_across_the_change(day, paid):
    assert total(day, code="APC") == euro(paid)


@pytest.mark.parametrize(("day", "taken"), [
    (date(2024, 12, 31), "2.00"),  # 25 x 1,00 taken: 50 participations and 50,00 allowed
    (date(2025, 1, 1), "0.00"),  # 25 taken: none more
    (date(2025, 1, 2), "0.00"),
])  # fmt: skip
def test_the_yearly_cap_across_the_change(day, taken):
    claim = a_claim(an_act(day=date(2024, 12, 30)))
    history = History(withheld(25, reimbursed_on=day, amount=euro("1.00")))
    line = decide(claim, history=history, decided_on=day).lines[0]
    assert line.retained.get("participation_forfaitaire", Decimal("0.00")) == euro(taken)


@pytest.mark.parametrize(("fee", "paid"), [
    ("29.99", "18.99"),  # 20,993 -> 20,99
    ("30.00", "19.00"),
    ("30.01", "19.00"),
])  # fmt: skip
def test_the_tariff_to_the_cent(fee, paid):
    assert total(date(2026, 11, 2), fee) == euro(paid)
