"""The eight worked results of a 30,00 € consultation (sector 1, metropole, November 2026)."""

from datetime import date

import pytest

from domain.people import (
    AccidentDuTravail,
    Ald,
    ComplementaireSante,
    Grossesse,
    Situation,
)
from domain.period import Period
from tests.liquidation.cases import CARE, OTHER_DOCTOR, a_claim, an_insured, decide, euro

ALWAYS = Period(date(2020, 1, 1))
PF = "participation_forfaitaire"
MTM = "majoration_hors_parcours"


def only(decision):
    assert decision.not_computed == ()
    (line,) = decision.lines
    return line


def test_g_by_the_medecin_traitant():
    # 30,00 x 70 % = 21,00 ; - 2,00 = 19,00
    line = only(decide())
    assert (line.base, line.rate, line.gross) == (euro("30.00"), 70, euro("21.00"))
    assert line.retained == {PF: euro("2.00")}
    assert line.paid == euro("19.00")


def test_ald_of_the_protocole():
    # 30,00 x 100 % = 30,00 ; - 2,00 = 28,00 (ALD is not exempt of the participation forfaitaire)
    line = only(decide(a_claim(ald=True), an_insured(alds=(Ald(ALWAYS, 8),))))
    assert (line.rate, line.gross, line.retained) == (100, euro("30.00"), {PF: euro("2.00")})
    assert line.paid == euro("28.00")


def test_a_minor_of_ten():
    # 30,00 x 70 % = 21,00 ; nothing retained
    line = only(decide(insured=an_insured(birth_date=date(2016, 3, 1), quality="30")))
    assert (line.gross, line.retained, line.paid) == (euro("21.00"), {}, euro("21.00"))


@pytest.mark.parametrize("participation", [False, True])
def test_c2s(participation):
    # AMO 21,00 + C2S 9,00 = 30,00 ; no participation forfaitaire
    line = only(decide(insured=an_insured(complementaires=(ComplementaireSante(ALWAYS, participation),))))
    assert (line.gross, line.complementary, line.retained) == (euro("21.00"), euro("9.00"), {})
    assert line.paid == euro("30.00")


def test_alsace_moselle():
    # 21,00 + 6,00 = 27,00 (90 %) ; - 2,00 = 25,00
    line = only(decide(insured=an_insured(situations=(Situation(ALWAYS, "regime_local"),))))
    assert (line.rate, line.gross, line.paid) == (90, euro("27.00"), euro("25.00"))
    assert [step.amount for step in line.trace[1:3]] == [euro("21.00"), euro("6.00")]
    assert "6,00" in line.trace[2].sentence


def test_hors_parcours():
    # 21,00 - min(30,00 x 40 % = 12,00 ; 10,60) - 2,00 = 8,40
    line = only(decide(a_claim(practitioner_rpps=OTHER_DOCTOR)))
    assert line.retained == {MTM: euro("10.60"), PF: euro("2.00")}
    assert line.paid == euro("8.40")
    step = next(step for step in line.trace if step.parameter == "parcours.majoration_plafond")
    assert step.contested
    assert "7,00" in step.sentence


def test_accident_du_travail():
    # 30,00 x 100 % = 30,00 ; - 2,00 = 28,00 (L432-1 al. 2)
    accident = AccidentDuTravail(ALWAYS, "251234567", date(2026, 10, 5))
    line = only(decide(a_claim(nature="atmp", at_number="251234567"), an_insured(accidents=(accident,))))
    assert (line.rate, line.retained, line.paid) == (100, {PF: euro("2.00")}, euro("28.00"))


def test_maternite():
    # from 4 months before the birth expected on 10/01/2027: 30,00 x 100 %, nothing retained
    grossesse = Grossesse(Period(date(2026, 9, 10), date(2027, 1, 23)), date(2027, 1, 10))
    line = only(decide(insured=an_insured(grossesses=(grossesse,))))
    assert CARE in grossesse.period
    assert (line.rate, line.retained, line.paid) == (100, {}, euro("30.00"))
