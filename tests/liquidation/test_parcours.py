"""Who is outside the parcours de soins, and what that costs."""

from datetime import date

import pytest

from domain.people import Ald, ComplementaireSante, Grossesse, MedecinTraitant, Situation
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
    with_choice,
)

MTM = "majoration_hors_parcours"
ALWAYS = Period(date(2020, 1, 1))
NOBODY = {"medecins_traitants": ()}


def elsewhere(**changes):
    """Seen by a doctor who is not the médecin traitant."""
    return a_claim(practitioner_rpps=OTHER_DOCTOR, **changes)


def majoration(decision):
    assert decision.not_computed == ()
    return decision.lines[0].retained.get(MTM, euro("0.00"))


@pytest.mark.parametrize("ticked", ["N", "U", "H"])
@pytest.mark.parametrize("declared", [True, False])
def test_believed_with_or_without_a_medecin_traitant(ticked, declared):
    insured = an_insured() if declared else an_insured(**NOBODY)
    assert majoration(decide(elsewhere(parcours=ticked), insured)) == 0


@pytest.mark.parametrize("ticked", ["O", "R"])
def test_orientation_and_replacement_need_a_medecin_traitant(ticked):
    assert majoration(decide(elsewhere(parcours=ticked))) == 0
    assert majoration(decide(elsewhere(parcours=ticked), an_insured(**NOBODY))) == euro("10.60")


@pytest.mark.parametrize("ticked", [None, "S", "T", "D"])
def test_outside(ticked):
    # T without being the declared one; D is open to no généraliste (D162-1-7)
    assert majoration(decide(elsewhere(parcours=ticked))) == euro("10.60")


def test_the_declared_medecin_traitant_needs_no_tick():
    assert majoration(decide(a_claim(parcours="S"))) == 0


@pytest.mark.parametrize(("born", "expected"), [
    (date(2010, 11, 3), "0.00"),  # 16 on the morrow
    (date(2010, 11, 2), "10.60"),  # 16 that day
    (date(2010, 11, 1), "10.60"),
])  # fmt: skip
def test_sixteen(born, expected):
    insured = an_insured(birth_date=born, quality="30")
    assert majoration(decide(elsewhere(), insured)) == euro(expected)


@pytest.mark.parametrize(("fee", "expected"), [
    ("26.49", "10.60"),  # 10,596 -> 10,60
    ("26.50", "10.60"),  # 40 % of 26,50, the cap itself
    ("26.51", "10.60"),
    ("26.48", "10.59"),  # 10,592
    ("10.00", "4.00"),
])  # fmt: skip
def test_below_the_cap(fee, expected):
    assert majoration(decide(elsewhere(acts=(an_act(fee=euro(fee)),)))) == euro(expected)


def test_the_other_reading_of_the_cap():
    # 30,00 x 30 % - 2,00 = 7,00, as ameli prints; 8,40 with the cap
    line = decide(elsewhere(), law=with_choice("parcours.majoration_lecture", "sans_plafond")).lines[0]
    assert (line.retained[MTM], line.paid) == (euro("12.00"), euro("7.00"))
    assert decide(elsewhere()).lines[0].paid == euro("8.40")


def test_ald_outside_the_protocole_is_not_free():
    # the act is not of the protocole: 70 %, - 10,60, - 2,00
    line = decide(elsewhere(), an_insured(alds=(Ald(ALWAYS, 8),))).lines[0]
    assert line.paid == euro("8.40")
    # of the protocole: D162-1-6 3°
    line = decide(elsewhere(ald=True), an_insured(alds=(Ald(ALWAYS, 8),))).lines[0]
    assert line.paid == euro("28.00")


def test_invalidity_is_not_free():
    # R160-6 al. 2: 30,00 - 10,60 - 2,00 = 17,40
    line = decide(elsewhere(), an_insured(situations=(Situation(ALWAYS, "invalidite"),))).lines[0]
    assert (line.rate, line.paid) == (100, euro("17.40"))


def test_regime_local_does_not_pay_the_majoration():
    # 27,00 - 10,60 - 2,00 = 14,40
    line = decide(elsewhere(), an_insured(situations=(Situation(ALWAYS, "regime_local"),))).lines[0]
    assert line.paid == euro("14.40")


@pytest.mark.parametrize(("reading", "paid"), [("exclue", "30.00"), ("due", "19.40")])
def test_both_readings_for_maternity(reading, paid):
    insured = an_insured(grossesses=(Grossesse(ALWAYS, date(2026, 12, 24)),))
    law = with_choice("parcours.majoration_maternite", reading)
    line = decide(elsewhere(), insured, law=law).lines[0]
    assert line.paid == euro(paid)


@pytest.mark.parametrize(("reading", "paid"), [
    # AMO 21,00 - 10,60 = 10,40 ; C2S 9,00 ; no participation forfaitaire
    ("majoration_seule", "19.40"),
    ("participation_entiere", "10.40"),
])  # fmt: skip
def test_both_readings_for_c2s(reading, paid):
    insured = an_insured(complementaires=(ComplementaireSante(ALWAYS),))
    line = decide(elsewhere(), insured, law=with_choice("parcours.majoration_c2s", reading)).lines[0]
    assert line.paid == euro(paid)
    assert any(step.contested for step in line.trace if step.parameter == "parcours.majoration_c2s")


@pytest.mark.parametrize(("ended", "asked"), [
    (date(2025, 11, 2), False),  # a year before, to the day
    (date(2025, 11, 3), True),
    (CARE, True),
])  # fmt: skip
def test_a_medecin_traitant_who_left_less_than_a_year_ago_is_a_persons(ended, asked):
    gone = MedecinTraitant(Period(date(2015, 1, 1), ended), DOCTOR)
    decision = decide(elsewhere(), an_insured(medecins_traitants=(gone,)))
    codes = [reason.code for reason in decision.not_computed]
    assert codes == (["parcours_a_verifier"] if asked else [])
    # not asked where nothing hangs on it
    assert decide(elsewhere(parcours="U"), an_insured(medecins_traitants=(gone,))).lines
