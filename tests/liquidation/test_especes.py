"""Accidents du travail, maternité, paternité, capital décès: each sum in its comment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from law import load
from liquidation.especes import atmp, deces, maternite
from liquidation.especes.deces import Claimant
from liquidation.especes.maternite import Birth, leave
from liquidation.especes.types import Payment, Stop
from tests.liquidation.cases import euro, with_choice
from tests.liquidation.test_ij_maladie import attestation

LAW = load()
TODAY = date(2026, 11, 22)


def reasons(decision):
    assert (decision.lines, decision.payments, decision.net) == ((), (), 0)
    return [reason.code for reason in decision.not_computed]


# accidents du travail


def accident(occurred_on, days=40, gross="2000.00", start=None, law=LAW, **changes):
    start = start or occurred_on
    stop = Stop(start, start + timedelta(days=days - 1), start, **changes)
    paid = attestation(stop.since, gross)
    return atmp.liquidate(atmp.Accident("1", occurred_on), stop, paid, "assure-1", TODAY, law)


def test_sixty_then_eighty_percent():
    # 2 000 / 30,42 = 65,7462 ; x 60 % = 39,4477 -> 39,45
    # x 80 % = 52,597, above the net 65,7462 x 0,79 = 51,9395 -> 51,94
    decision = accident(date(2026, 9, 7))
    assert [(line.kind, line.days, line.daily) for line in decision.lines] == [
        ("employeur", 1, euro("0.00")),
        ("debut", 28, euro("39.45")),
        ("suite", 11, euro("51.94")),
    ]
    # 28 x 39,45 + 11 x 51,94 = 1 104,60 + 571,34
    assert decision.gross == euro("1675.94")
    # CSG 68,49 + 35,42 ; CRDS 5,52 + 2,86
    assert decision.net == euro("1675.94") - euro("112.29")


def test_a_stop_that_begins_later_is_paid_from_its_first_day():
    decision = accident(date(2026, 9, 1), start=date(2026, 9, 7), days=29)
    assert [(line.kind, line.days) for line in decision.lines] == [("debut", 28), ("suite", 1)]


def test_a_prolongation_goes_on_counting():
    decision = accident(date(2026, 9, 7), start=date(2026, 10, 1), days=10, interrupted_on=date(2026, 9, 7))
    # 01/10 is the 24th day after 07/09, 06/10 the 29th
    assert [(line.kind, line.days) for line in decision.lines] == [("debut", 5), ("suite", 5)]


@pytest.mark.parametrize(("day", "sixty", "eighty"), [
    (date(2025, 9, 8), "235.69", "314.25"),
    (date(2026, 9, 7), "240.49", "320.66"),
])  # fmt: skip
def test_the_cap(day, sixty, eighty):
    decision = accident(day, gross="20000.00")
    assert [line.daily for line in decision.lines[1:]] == [euro(sixty), euro(eighty)]


def test_the_last_cent_of_an_accident():
    law = with_choice("ij_maladie.arrondi", "tronque")
    assert accident(date(2026, 9, 7), law=law).lines[1].daily == euro("39.44")


def test_an_accident_that_is_not_recognised():
    stop = Stop(date(2026, 9, 7), date(2026, 9, 20), date(2026, 9, 7))
    given = atmp.Accident("1", stop.start, recognised=False)
    decision = atmp.liquidate(given, stop, attestation(stop.start), "assure-1", TODAY, LAW)
    assert reasons(decision) == ["at_non_reconnu"]


# maternité and paternité


@pytest.mark.parametrize(("birth", "first", "last", "days"), [
    # 6 + 10 weeks around 01/06/2026
    (Birth(date(2026, 6, 1)), date(2026, 4, 20), date(2026, 8, 9), 112),
    (Birth(date(2026, 6, 1), children_before=1), date(2026, 4, 20), date(2026, 8, 9), 112),
    (Birth(date(2026, 6, 1), children_before=2), date(2026, 4, 6), date(2026, 10, 4), 182),
    (Birth(date(2026, 6, 1), babies=2), date(2026, 3, 9), date(2026, 11, 1), 238),
    (Birth(date(2026, 6, 1), babies=3), date(2025, 12, 15), date(2026, 11, 1), 322),
    # ten days early: sixteen weeks all the same ; ten days late: ten weeks after the birth
    (Birth(date(2026, 6, 1), born_on=date(2026, 5, 22)), date(2026, 4, 20), date(2026, 8, 9), 112),
    (Birth(date(2026, 6, 1), born_on=date(2026, 6, 11)), date(2026, 4, 20), date(2026, 8, 19), 122),
    (Birth(date(2026, 6, 1), born_on=date(2026, 4, 10)), date(2026, 4, 10), date(2026, 7, 30), 112),
])  # fmt: skip
def test_the_leave(birth, first, last, days):
    assert leave(birth, LAW) == (first, last)
    assert (last - first).days + 1 == days


def maternity(expected=date(2026, 6, 1), gross="2000.00", law=LAW, born_on=None, **changes):
    birth = Birth(expected, born_on=born_on)
    first, last = leave(birth, law)
    paid = attestation(first, gross, **{"affiliated_since": date(2020, 1, 1), **changes})
    return maternite.maternite(birth, first, last, paid, "assure-1", TODAY, law)


def test_sixteen_weeks_of_a_salary_of_2000():
    # 6 000 / 91,25 = 65,7534 ; less 21 % = 51,9452 -> 51,95 ; 112 days = 5 818,40
    decision = maternity()
    (line,) = decision.lines
    assert (line.days, line.daily, line.gross) == (112, euro("51.95"), euro("5818.40"))
    # CSG 360,7408 -> 360,74 ; CRDS 29,092 -> 29,09
    assert decision.payments == (Payment("assure", "assure-1", euro("5428.57")),)


@pytest.mark.parametrize(("first_day", "daily"), [
    (date(2025, 12, 31), "101.94"),
    (date(2026, 1, 1), "101.94"),  # a leave of January has the plafond of December
    (date(2026, 1, 31), "101.94"),
    (date(2026, 2, 1), "104.02"),
])  # fmt: skip
def test_the_highest_ij_maternite(first_day, daily):
    assert maternity(first_day + timedelta(weeks=6), "9000.00").lines[0].daily == euro(daily)


def test_the_least_ij_maternite():
    # 3 x 300 / 91,25 x 0,79 = 7,79, below 11,12
    assert maternity(gross="300.00").lines[0].daily == euro("11.12")


def test_refusals_of_maternity():
    assert reasons(maternity(affiliated_since=date(2025, 12, 2))) == ["ij_droits_fermes"]
    assert maternity(affiliated_since=date(2025, 12, 1)).lines
    assert reasons(maternity(affiliated_since=None)) == ["ouverture_inconnue"]
    birth = Birth(date(2026, 6, 1))
    first, last = leave(birth, LAW)
    paid = attestation(first, affiliated_since=date(2020, 1, 1))
    assert maternite.maternite(birth, last, last, paid, "a", TODAY, LAW).lines[0].days == 1
    early = first - timedelta(days=1)
    assert reasons(maternite.maternite(birth, early, last, paid, "a", TODAY, LAW)) == ["hors_du_conge"]
    assert reasons(maternite.maternite(birth, last, first, paid, "a", TODAY, LAW)) == ["hors_du_conge"]
    late = last + timedelta(days=1)
    assert reasons(maternite.maternite(birth, first, late, paid, "a", TODAY, LAW)) == ["hors_du_conge"]


def father(days, taken=0, babies=1):
    born = date(2026, 6, 1)
    paid = attestation(born, affiliated_since=date(2020, 1, 1))
    end = born + timedelta(days=days - 1)
    return maternite.paternite(born, babies, born, end, taken, paid, "assure-1", TODAY, LAW)


def test_paternity():
    # 25 x 51,95
    assert father(25).gross == euro("1298.75")
    assert reasons(father(26)) == ["hors_du_conge"]
    assert reasons(father(22, taken=4)) == ["hors_du_conge"]
    assert father(21, taken=4).lines
    assert father(32, babies=2).gross == euro("1662.40")
    assert reasons(father(33, babies=2)) == ["hors_du_conge"]


# capital décès


def dead(*claimants, died_on=date(2026, 4, 1), decided_on=date(2026, 6, 1), entitled=True):
    return deces.liquidate(died_on, entitled, claimants, decided_on, LAW)


SPOUSE = Claimant("conjoint-1", "conjoint", date(2026, 5, 20))
CHILDREN = tuple(Claimant(f"enfant-{n}", "descendant", date(2026, 4, 20)) for n in (1, 2, 3))


@pytest.mark.parametrize(("died_on", "amount"), [
    (date(2020, 3, 31), "3461.00"), (date(2020, 4, 1), "3472.00"), (date(2021, 3, 31), "3472.00"),
    (date(2021, 4, 1), "3476.00"), (date(2026, 3, 31), "3977.00"), (date(2026, 4, 1), "4009.00"),
])  # fmt: skip
def test_the_amount_of_the_day_of_death(died_on, amount):
    claimant = Claimant("a", "conjoint", died_on)
    decision = dead(claimant, died_on=died_on, decided_on=died_on + timedelta(days=90))
    assert decision.payments == (Payment("assure", "a", euro(amount)),)


def test_the_spouse_before_the_children():
    assert dead(*CHILDREN, SPOUSE).payments == (Payment("assure", "conjoint-1", euro("4009.00")),)


def test_three_children_share_to_the_cent():
    # 4 009,00 / 3 = 1 336,333: 1 336,34 + 1 336,33 + 1 336,33
    paid = [payment.amount for payment in dead(*CHILDREN).payments]
    assert paid == [euro("1336.34"), euro("1336.33"), euro("1336.33")]
    assert sum(paid) == euro("4009.00")
    assert "descendants (sans priorité invoquée), 3 parts égales" in dead(*CHILDREN).trace[1].sentence
    assert "parts" not in dead(SPOUSE).trace[1].sentence


def test_a_person_in_charge_comes_first_if_claimed_within_a_month():
    mother = Claimant("mere", "ascendant", date(2026, 5, 1), dependent=True)
    assert [each.payee_id for each in dead(mother, SPOUSE).payments] == ["mere"]
    late = Claimant("mere", "ascendant", date(2026, 5, 2), dependent=True)
    assert [each.payee_id for each in dead(late, SPOUSE).payments] == ["conjoint-1"]
    # between priorities: conjoint, enfants, ascendants
    both = Claimant("conjoint-1", "conjoint", date(2026, 4, 10), dependent=True)
    assert [each.payee_id for each in dead(mother, both).payments] == ["conjoint-1"]
    cousin = Claimant("cousin", "autre", date(2026, 4, 10), dependent=True)
    assert [each.payee_id for each in dead(cousin, SPOUSE).payments] == ["cousin"]


def test_refusals_of_the_capital():
    assert reasons(dead(SPOUSE, entitled=False)) == ["capital_non_ouvert"]
    assert reasons(dead(*CHILDREN, decided_on=date(2026, 5, 1))) == ["capital_priorite"]
    assert dead(*CHILDREN, decided_on=date(2026, 5, 2)).payments
    assert reasons(dead()) == ["capital_sans_demande"]
    assert reasons(dead(Claimant("x", "autre", date(2026, 5, 20)))) == ["capital_sans_demande"]
    old = date(2024, 5, 1)
    prescribed = Claimant("a", "conjoint", date(2026, 5, 1))
    assert reasons(dead(prescribed, died_on=old)) == ["capital_sans_demande"]
    in_time = Claimant("a", "conjoint", date(2026, 4, 30))
    assert dead(in_time, died_on=old).net == euro("3910.00")
    assert reasons(dead(SPOUSE, died_on=date(2014, 12, 31))) == ["droit_non_couvert"]


def test_every_step_names_its_article():
    for decision in (accident(date(2026, 9, 7)), maternity(), father(25), dead(SPOUSE)):
        assert decision.trace
        assert all(step.article for step in decision.trace)
        assert all(step.certainty for step in decision.trace if step.parameter)
        assert decision.law_version == LAW.version
        assert isinstance(decision.net, Decimal)


def test_an_accident_after_pays_that_are_not_told():
    start = date(2026, 9, 7)
    given = Stop(start, start + timedelta(days=9), start)
    missing = attestation(start, pays=())
    decision = atmp.liquidate(atmp.Accident("1", start), given, missing, "assure-1", TODAY, LAW)
    assert reasons(decision) == ["paie_absente"]
    uncovered = accident(date(2010, 1, 4))
    assert reasons(uncovered) == ["droit_non_couvert"]


@pytest.mark.parametrize(("gross", "told"), [("12192.20", False), ("12192.95", False), ("12193.40", True)])
def test_the_trace_tells_of_the_ceiling_where_it_is_reached(gross, told):
    # 0,834 % of 48 060 = 400,8204 a day: 400,8204 x 30,42 = 12 192,956...
    decision = accident(date(2026, 9, 7), gross=gross)
    assert any(step.parameter == "ij_atmp.plafond" for step in decision.trace) is told
