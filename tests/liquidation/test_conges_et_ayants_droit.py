"""Adoption, deuil, and the rentes after a deadly accident: each sum in its comment."""

from datetime import date

import pytest

from law import load
from liquidation.especes import ayants_droit, conges
from liquidation.especes.ayants_droit import Death, Survivor
from tests.liquidation.cases import euro, with_choice
from tests.liquidation.test_ij_maladie import attestation

LAW = load()
TODAY = date(2026, 11, 22)
START = date(2026, 10, 5)


def attested():
    return attestation(START, affiliated_since=date(2020, 1, 1))


def end(days):
    return date.fromordinal(START.toordinal() + days - 1)


def codes(decision):
    return [reason.code for reason in decision.not_computed]


def adopted(days, children=1, in_the_home=1, shared=False, taken=0, own=0):
    return conges.adoption(
        children, in_the_home, shared, START, end(days), taken, attested(), "assure-1", TODAY, LAW, own
    )


@pytest.mark.parametrize(("most", "given"), [
    (112, {}),  # 16 weeks
    (126, {"in_the_home": 3}),  # 18
    (154, {"children": 2, "in_the_home": 3}),  # 22: several at once comes first
    (112, {"shared": True}),  # neither parent has more than alone: the 25 days more are the other's
    (112, {"shared": True, "taken": 25}),  # 112 + 25 = 137 for both
    (107, {"shared": True, "taken": 30}),
    (100, {"shared": True, "taken": 12 + 25, "own": 12}),
    (154, {"children": 2, "shared": True, "taken": 32}),  # 154 + 32
    (100, {"taken": 12}),
])  # fmt: skip
def test_the_days_of_an_adoption(most, given):
    assert codes(adopted(most, **given)) == []
    assert codes(adopted(most + 1, **given)) == ["hors_du_conge"]


def test_an_adoption_is_paid_as_a_maternite():
    # 6 000 / 91,25 x 79 % = 51,9452 -> 51,95 a day
    (line,) = adopted(10).lines
    assert (line.daily, line.gross) == (euro("51.95"), euro("519.50"))


@pytest.mark.parametrize(("working", "most"), [(True, 8), (False, 15)])
def test_the_days_of_a_deuil(working, most):
    def mourned(days):
        given = attested()
        return conges.deuil(START, working, START, end(days), 0, given, "assure-1", TODAY, LAW)

    assert mourned(most).lines[0].daily == euro("51.95")
    assert codes(mourned(most + 1)) == ["hors_du_conge"]


@pytest.mark.parametrize(("born_on", "refused"), [
    (None, []),
    (date(2001, 10, 6), []),  # twenty-five on the morrow of the death
    (date(2001, 10, 5), ["deuil_age"]),  # that day
])  # fmt: skip
def test_a_deuil_is_of_who_was_under_twenty_five(born_on, refused):
    given = attested()
    found = conges.deuil(START, True, START, end(8), 0, given, "assure-1", TODAY, LAW, born_on)
    assert codes(found) == refused


def left(*survivors, earned="30000.00", accident_on=date(2026, 4, 15), died_on=date(2026, 4, 15), law=LAW):
    return ayants_droit.liquidate(Death(accident_on, died_on, accident_on, euro(earned), survivors), TODAY, law)


SPOUSE = Survivor("conjoint", "conjoint")
CHILD = Survivor("enfant", "enfant", date(2015, 1, 1))


def sums(decision):
    assert decision.not_computed == ()
    return [str(each.yearly) for each in decision.rentes]


@pytest.mark.parametrize(("survivors", "yearly"), [
    ((SPOUSE,), ["12000.00"]),  # 40 %
    ((Survivor("c", "conjoint", date(1971, 4, 15)),), ["18000.00"]),  # fifty-five that day: 60 %
    ((Survivor("c", "conjoint", date(1971, 4, 16)),), ["12000.00"]),  # the day before
    ((Survivor("c", "conjoint", unfit=True),), ["18000.00"]),
    ((CHILD,), ["7500.00"]),  # 25 %
    ((CHILD, CHILD), ["7500.00", "7500.00"]),
    ((CHILD,) * 3, ["7000.00"] * 3),  # 25 + 25 + 20 = 70 %, shared
    ((Survivor("e", "enfant", orphan_of_both=True),) * 2, ["9000.00"] * 2),  # 30 % each
    ((Survivor("e", "enfant", date(2006, 4, 16)),), ["7500.00"]),  # nineteen
    ((SPOUSE, CHILD), ["12000.00", "7500.00"]),
    # 40 + 25 + 25 = 90 %: reduced by 85 / 90
    ((SPOUSE, CHILD, CHILD), ["11333.33", "7083.33", "7083.33"]),
    ((Survivor("p", "ascendant"),) * 2, ["3000.00"] * 2),
    ((Survivor("p", "ascendant"),) * 4, ["2250.00"] * 4),  # 40 %, reduced to 30
    # two beds: each counts its own two first children, 25 % each
    ((CHILD, CHILD, Survivor("f", "enfant", from_bed=2)), ["7500.00"] * 3),
])  # fmt: skip
def test_each_has_his_share(survivors, yearly):
    decision = left(*survivors)
    assert sums(decision) == yearly
    assert decision.yearly == sum(each.yearly for each in decision.rentes)
    assert decision.since == date(2026, 4, 16)


def test_an_union_after_the_accident_counts_after_two_years_or_with_a_child():
    accident, died = date(2024, 4, 14), date(2026, 4, 15)
    for united, child, served in (
        (date(2024, 4, 15), False, True),
        (date(2024, 4, 16), False, False),
        (date(2024, 4, 16), True, True),
        (date(2020, 1, 1), False, True),
    ):
        spouse = Survivor("c", "conjoint", united_on=united, common_child=child)
        decision = left(spouse, accident_on=accident, died_on=died)
        assert bool(decision.rentes) == served
        assert codes(decision) == ([] if served else ["rente_sans_ayant_droit"])


def test_who_has_no_right():
    assert codes(left(Survivor("e", "enfant", date(2006, 4, 15)))) == ["rente_sans_ayant_droit"]  # twenty
    assert codes(left(Survivor("p", "ascendant", dependent=False))) == ["rente_sans_ayant_droit"]
    assert codes(left(Survivor("x", "ex_conjoint"))) == ["rente_ex_conjoint"]
    assert codes(left(SPOUSE, died_on=date(2026, 11, 15))) == ["droit_non_couvert"]


def test_the_salary_is_at_least_the_minimum_and_reduced_above_twice_it():
    least = LAW.value("rentes.minimum_salaire", date(2026, 4, 15)).number
    assert left(SPOUSE, earned="10000.00").salary == least
    high = least * 2 + 3000  # a third of what is above counts
    assert left(SPOUSE, earned=str(high)).salary == least * 2 + 1000
    whole = with_choice("ayants_droit.salaire", "entier")
    assert left(SPOUSE, earned=str(high), law=whole).salary == high
