"""Why an act bears no participation, whom the State pays for, care during a stay, journeys by one's own means;
each sum in its comment."""

from datetime import date
from decimal import Decimal

import pytest

from domain.claim import Ground
from domain.people import Ald, Situation
from domain.period import Period
from liquidation.grounds import GROUNDS
from tests.liquidation.cases import OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro

ALWAYS = Period(date(2020, 1, 1))
PF, MTM = "participation_forfaitaire", "majoration_hors_parcours"
AME = an_insured(situations=(Situation(ALWAYS, "ame"),))
LOCAL = an_insured(situations=(Situation(ALWAYS, "regime_local"),))
YOUNG = an_insured(birth_date=date(2004, 3, 1))
BABY = an_insured(birth_date=date(2026, 10, 20), quality="30")
SAGE_FEMME = {"practitioner_specialty": "21", "practitioner_rpps": OTHER_DOCTOR}
SURGEON = {"practitioner_specialty": "04", "practitioner_rpps": OTHER_DOCTOR, "parcours": "O"}
MODEST = "3400921653663"  # 30 %: 5,69 + 1,02


def only(decision):
    assert decision.not_computed == ()
    (line,) = decision.lines
    return line


@pytest.mark.parametrize("ground", [
    "infertilite", "donneur", "ivg", "depistage_sein", "prevention", "depistage_vih", "amp", "sevices",
    "suivi_post_ald", "sang",
])  # fmt: skip
def test_a_consultation_without_participation(ground):
    # 30,00 x 100 % = 30,00 ; - 2,00: L160-14 frees of the participation of L160-13 I alone
    line = only(decide(a_claim(an_act(ground=ground))))
    assert (line.rate, line.retained, line.paid) == (100, {PF: euro("2.00")}, euro("28.00"))
    assert GROUNDS[ground].article in [step.article for step in line.trace]


def test_the_majoration_is_borne_all_the_same():
    # R160-6 al. 2: 30,00 - 10,60 - 2,00
    line = only(decide(a_claim(an_act(ground="ivg"), practitioner_rpps=OTHER_DOCTOR)))
    assert (line.retained, line.paid) == ({MTM: euro("10.60"), PF: euro("2.00")}, euro("17.40"))


def test_an_examination_of_the_maternity_out_of_its_period():
    # L160-9 1° and 2°: 30,00, nothing retained, the nature of the sheet agreeing
    for nature in ("maladie", "maternite"):
        claim = a_claim(an_act(ground="examen_maternite"), nature=nature, practitioner_rpps=OTHER_DOCTOR)
        assert (only(decide(claim)).retained, decide(claim).total) == ({}, euro("30.00"))
    other = decide(a_claim(an_act(1, ground="examen_maternite"), an_act(2, code="VG"), nature="maternite"))
    assert [each.code for each in other.not_computed] == ["maternite_hors_periode"]


@pytest.mark.parametrize(("insured", "ground", "given", "misfit"), [
    (YOUNG, "contraception", SAGE_FEMME, False),
    (an_insured(birth_date=date(2000, 11, 3)), "contraception", SAGE_FEMME, False),  # 25 years on 2 November
    (an_insured(birth_date=date(2000, 11, 2)), "contraception", SAGE_FEMME, True),  # 26 that very day
    (BABY, "nouveau_ne", {}, False),
    (an_insured(birth_date=date(2026, 10, 3), quality="30"), "nouveau_ne", {}, False),  # its thirtieth day
    (an_insured(birth_date=date(2026, 10, 2), quality="30"), "nouveau_ne", {}, True),
    (an_insured(birth_date=date(2025, 11, 2), quality="30"), "nouveau_ne", {}, True),
    (an_insured(), "samu", {}, True),
    (an_insured(), "depistage_hepatite_c", {}, True),
    (an_insured(), "appareillage", {}, True),
])  # fmt: skip
def test_what_the_text_asks_of_a_ground(insured, ground, given, misfit):
    code = "C" if given else "G"
    decision = decide(a_claim(an_act(code=code, ground=ground), **given), insured)
    assert [each.code for each in decision.not_computed] == (["motif_a_verifier"] if misfit else [])


@pytest.mark.parametrize(("given", "ground", "said"), [
    ({"practitioner_specialty": "55"}, "ivg", "les transports"),  # R160-17 I 4°: care, not the way to it
    ({"practitioner_specialty": "60"}, "ivg", "les appareils et produits d'un fournisseur"),
    ({"practitioner_specialty": "50"}, "suivi_post_ald", "les produits d'une pharmacie"),  # L160-14 10°
    ({"practitioner_specialty": "55"}, "examen_maternite", None),  # L160-9 3°
])  # fmt: skip
def test_what_a_ground_never_concerns(given, ground, said):
    code, tariff = {"55": ("VSL", "40.00"), "60": ("2160154", "40.00"), "50": (MODEST, None)}[
        given["practitioner_specialty"]
    ]
    act = an_act(code=code, ground=ground, tariff=tariff and euro(tariff))
    reasons = decide(a_claim(act, **given)).not_computed
    assert [each.code for each in reasons] == (["motif_a_verifier"] if said else [])
    assert said is None or reasons[0].message.endswith(f"il ne vise pas {said}.")


def test_an_examination_of_the_maternity_comes_before_the_pension():
    # L160-9 last al.: nothing of L160-13 I, II or III, whoever she is besides
    pensioner = an_insured(situations=(Situation(ALWAYS, "invalidite"),))
    assert only(decide(a_claim(an_act(ground="examen_maternite")), pensioner)).retained == {}


def test_an_act_of_the_protocole_bears_no_majoration_whatever_else_pays_it():
    # D162-1-6 3°: 30,00 - 2,00, with a ground of its own or a pension
    alds = (Ald(ALWAYS, 8),)
    elsewhere = {"practitioner_rpps": OTHER_DOCTOR, "ald": True}
    for act, insured in (
        (an_act(ground="ivg"), an_insured(alds=alds)),
        (an_act(), an_insured(alds=alds, situations=(Situation(ALWAYS, "invalidite"),))),
    ):
        assert only(decide(a_claim(act, **elsewhere), insured)).retained == {PF: euro("2.00")}


@pytest.mark.parametrize(("ground", "rate"), [
    ("contraception", 30), ("ivg", 30), ("prevention", 30), ("sevices", 100),
])  # fmt: skip
def test_a_medicine_of_modest_use(ground, rate):
    # R160-18: who is freed by R160-17 I bears the participation of 6° and 14° of R160-5
    act = an_act(code=MODEST, fee=euro("6.71"), ground=ground)
    assert only(decide(a_claim(act, practitioner_specialty="50"), YOUNG)).rate == rate


def test_every_ground_of_the_type_has_its_case():
    assert set(Ground.__args__) == set(GROUNDS)


def test_the_box_of_another_exemption_is_answered_by_a_ground():
    assert decide(a_claim(other_exemption=True)).not_computed[0].code == "exoneration_non_calculee"
    assert decide(a_claim(an_act(ground="infertilite"), other_exemption=True)).total == euro("28.00")


def test_prevention():
    # 30,00 x 100 % - 2,00
    line = only(decide(a_claim(nature="prevention")))
    assert (line.rate, line.paid) == (100, euro("28.00"))


def test_the_aide_medicale_de_l_etat():
    # 30,00 x 100 %, no participation forfaitaire, no parcours
    line = only(decide(a_claim(practitioner_rpps=OTHER_DOCTOR), AME))
    assert (line.rate, line.retained, line.paid) == (100, {}, euro("30.00"))
    assert "CASF L251-2" in [step.article for step in line.trace]
    # a box at 65 %: 4,59 whole, no franchise
    box = an_act(code="3400921604696", fee=euro("4.59"))
    assert only(decide(a_claim(box, practitioner_specialty="50"), AME)).paid == euro("4.59")


def test_fees_during_a_stay():
    # R160-5 1°: 30,00 x 80 % = 24,00 ; neither participation forfaitaire nor majoration on the line
    line = only(decide(a_claim(practitioner_rpps=OTHER_DOCTOR, hospitalised=True)))
    assert (line.rate, line.retained, line.paid) == (80, {}, euro("24.00"))
    # an auxiliaire: 12,60 x 80 % = 10,08 ; no franchise
    act = an_act(code="AMI", fee=euro("12.60"), coefficient=Decimal(4))
    line = only(decide(a_claim(act, practitioner_specialty="24", hospitalised=True)))
    assert (line.retained, line.paid) == ({}, euro("10.08"))
    # with the régime local: 30,00 whole
    assert only(decide(a_claim(hospitalised=True), LOCAL)).paid == euro("30.00")


@pytest.mark.parametrize(("given", "paid"), [
    ({}, "386.00"),  # 418,00 - 32,00 in town
    ({"hospitalised": True}, "418.00"),  # the 32,00 is due on the stay
])  # fmt: skip
def test_an_acte_lourd_during_a_stay(given, paid):
    act = an_act(code="HHFA009", fee=euro("418.00"))
    line = only(decide(a_claim(act, **SURGEON, **given)))
    assert line.paid == euro(paid) - (euro("0.00") if given else line.retained[PF])
    assert (line.base - line.gross) == 0


def test_the_other_fees_of_such_a_stay():
    line = only(decide(a_claim(hospitalised=True, heavy_stay=True)))
    assert (line.rate, line.paid) == (100, euro("30.00"))
    assert "CSS R160-16 I 2 et V 3" in [step.article for step in line.trace]


def test_the_regime_local_bears_the_participation_of_an_acte_lourd():
    # 418,00 ; the 32,00 is borne by the régime local ; - 2,00
    act = an_act(code="HHFA009", fee=euro("418.00"))
    line = only(decide(a_claim(act, **SURGEON), LOCAL))
    assert (line.retained, line.paid) == ({PF: euro("2.00")}, euro("416.00"))
    assert any("Régime local" in step.sentence for step in line.trace)


@pytest.mark.parametrize(("specialty", "act", "paid"), [
    ("21", an_act(code="C", fee=euro("23.00")), "20.70"),  # 23,00 x 90 %
    ("60", an_act(code="1234567", fee=euro("100.00"), tariff=euro("100.00")), "90.00"),
    ("55", an_act(code="VSL", fee=euro("40.00"), tariff=euro("40.00")), "32.00"),  # 36,00 - 4,00
])  # fmt: skip
def test_what_the_regime_local_adds(specialty, act, paid):
    claim = a_claim(act, practitioner_specialty=specialty, practitioner_rpps=OTHER_DOCTOR)
    assert only(decide(claim, LOCAL)).paid == euro(paid)


def test_the_aspa_frees_of_the_participation_to_transports_in_alsace_too():
    insured = an_insured(situations=(Situation(ALWAYS, "regime_local"), Situation(ALWAYS, "aspa")))
    act = an_act(code="VSL", fee=euro("40.00"), tariff=euro("40.00"))
    assert only(decide(a_claim(act, practitioner_specialty="55"), insured)).gross == euro("40.00")


def test_the_sample_of_a_biology_examination_bears_no_participation():
    # D160-8 al. 2: 21,00, and the examination bears its own
    line = only(decide(a_claim(an_act(sampling=True))))
    assert (line.retained, line.paid) == ({}, euro("21.00"))
    assert "CSS D160-8 al. 2" in [step.article for step in line.trace]


def journey(code, fee, insured=None, ald=False, **act):
    claim = a_claim(an_act(code=code, fee=euro(fee), **act), practitioner_specialty="55", ald=ald)
    return only(decide(claim, insured))


def test_journeys_by_ones_own_means():
    # 120 x 0,30 = 36,00 x 55 % = 19,80 ; no franchise (L160-13 III 3°); the value is from memory, and said so
    line = journey("VP", "36.00", kilometres=120)
    assert (line.base, line.retained, line.paid) == (euro("36.00"), {}, euro("19.80"))
    assert "memoire" in [step.certainty for step in line.trace]
    # there and back: 72,00 x 100 % for an ALD
    insured = an_insured(alds=(Ald(ALWAYS, 8),))
    assert journey("VP", "72.00", insured, ald=True, kilometres=120, quantity=2).paid == euro("72.00")
    # a ticket of 10,40: 5,72
    assert journey("ATP", "10.40").paid == euro("5.72")
    without = decide(a_claim(an_act(code="VP"), practitioner_specialty="55"))
    assert [each.code for each in without.not_computed] == ["deplacement_non_calcule"]


@pytest.mark.parametrize(("given", "taken", "paid"), [
    ({}, "4.00", "18.00"),  # 40,00 x 55 % = 22,00 - 4,00
    ({"urgent": True}, None, "22.00"),
    ({"ground": "samu"}, None, "40.00"),  # R160-17 I 10°
    ({"ground": "transfert"}, "4.00", "36.00"),
])  # fmt: skip
def test_emergency_transports(given, taken, paid):
    line = journey("ABA", "40.00", tariff=euro("40.00"), **given)
    assert line.retained == ({"franchise_transport": euro(taken)} if taken else {})
    assert line.paid == euro(paid)


def test_a_consultation_of_the_dentist():
    # 23,00 x 60 % = 13,80 ; no participation forfaitaire, no majoration (L160-13 II, R160-6)
    claim = a_claim(
        an_act(code="C", fee=euro("23.00")), practitioner_specialty="19", practitioner_rpps=OTHER_DOCTOR
    )
    line = only(decide(claim))
    assert (line.rate, line.retained, line.paid) == (60, {}, euro("13.80"))
    # in Alsace-Moselle 90 %: 20,70
    assert only(decide(claim, LOCAL)).paid == euro("20.70")
