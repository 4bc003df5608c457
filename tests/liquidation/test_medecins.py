"""Doctors beyond the consultation of a généraliste: specialists, sectors, majorations, déplacements."""

from datetime import date
from decimal import Decimal

import pytest

from domain.people import ComplementaireSante
from domain.period import Period
from tests.liquidation.cases import CARE, DOCTOR, OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro

PF = "participation_forfaitaire"
MTM = "majoration_hors_parcours"
ALWAYS = Period(date(2020, 1, 1))


def only(decision):
    assert decision.not_computed == ()
    (line,) = decision.lines
    return line


def why(decision):
    assert (decision.lines, decision.shares, decision.total) == ((), (), 0)
    return [reason.code for reason in decision.not_computed]


def seen_by(specialty, code, fee, day=CARE, insured=None, others=(), depassement=None, **claim):
    act = an_act(code=code, fee=euro(fee), day=day, others=others, depassement=depassement)
    given = {"practitioner_rpps": OTHER_DOCTOR, "parcours": "O", **claim}
    return decide(a_claim(act, practitioner_specialty=specialty, **given), insured, decided_on=max(day, CARE))


@pytest.mark.parametrize(("specialty", "code", "fee", "paid"), [
    ("03", "CS", "26.50", "16.55"),  # 26,50 x 70 % = 18,55 - 2,00
    ("04", "CS", "26.50", "16.55"),
    ("12", "CS", "26.50", "16.55"),
    ("03", "APC", "60.00", "40.00"),  # 42,00 - 2,00
    ("05", "CDE", "60.00", "40.00"),
    ("33", "CNP", "52.00", "34.40"),  # 36,40 - 2,00
    ("32", "CNP", "52.00", "34.40"),
    ("33", "CNPSY", "52.00", "34.40"),  # as it is written on paper
    ("01", "C", "23.00", "14.10"),  # 16,10 - 2,00
])  # fmt: skip
def test_a_specialist_who_was_asked_for(specialty, code, fee, paid):
    assert only(seen_by(specialty, code, fee)).paid == euro(paid)


def test_a_specialist_with_the_majoration_of_coordination():
    # 26,50 + 5,00 = 31,50 (« reste à 31,50 ») ; x 70 % = 22,05 - 2,00 = 20,05
    line = only(seen_by("03", "CS", "31.50", others=("MCS",)))
    assert (line.base, line.gross, line.paid) == (euro("31.50"), euro("22.05"), euro("20.05"))
    assert {step.parameter for step in line.trace} >= {"tarif.specialiste.CS", "majoration.MCS"}


@pytest.mark.parametrize(("day", "fee", "others", "base"), [
    (date(2024, 12, 21), "31.50", ("MPC", "MCS"), "31.50"),  # 23,00 + 3,50 + 5,00
    (date(2024, 12, 22), "31.50", ("MCS",), "31.50"),  # 26,50 + 5,00
    (date(2024, 12, 23), "31.50", ("MCS",), "31.50"),
])  # fmt: skip
def test_the_mpc_is_absorbed(day, fee, others, base):
    assert only(seen_by("03", "CS", fee, day=day, others=others)).base == euro(base)


def test_the_mpc_is_no_more():
    decision = seen_by("03", "CS", "35.00", others=("MPC",))
    assert why(decision) == ["droit_non_couvert"]
    assert "absorbée" in decision.not_computed[0].message


@pytest.mark.parametrize(("day", "fee", "paid"), [
    (date(2024, 12, 21), "42.50", "27.75"),  # 42,50 x 70 % = 29,75 - 2,00
    (date(2024, 12, 22), "50.00", "33.00"),
    (date(2025, 12, 31), "50.00", "33.00"),
    (date(2026, 1, 1), "52.00", "34.40"),
    (date(2026, 1, 2), "52.00", "34.40"),
])  # fmt: skip
def test_a_psychiatrist_across_the_changes(day, fee, paid):
    assert only(seen_by("33", "CNP", fee, day=day)).paid == euro(paid)


def test_direct_access_needs_no_letter_of_the_doctor():
    assert only(seen_by("15", "CS", "26.50", parcours=None)).retained == {PF: euro("2.00")}
    assert MTM not in only(seen_by("33", "CNP", "52.00", parcours="D")).retained
    # neurologie is not in D162-1-7 ; nor is anyone without a médecin traitant
    assert MTM in only(seen_by("32", "CNP", "52.00", parcours=None)).retained
    alone = an_insured(medecins_traitants=())
    assert MTM in only(seen_by("15", "CS", "26.50", parcours=None, insured=alone)).retained


def test_a_specialist_outside_the_parcours():
    # 18,55 - min(26,50 x 40 % ; 10,60) = 10,60 - 2,00 = 5,95
    line = only(seen_by("03", "CS", "26.50", parcours="S"))
    assert (line.retained, line.paid) == ({MTM: euro("10.60"), PF: euro("2.00")}, euro("5.95"))


@pytest.mark.parametrize(("sector", "optam", "code", "fee", "base"), [
    ("2", True, "G", "50.00", "30.00"),  # OPTAM: the tariff of sector 1
    ("3", True, "G", "50.00", "30.00"),
    ("2", None, "G", "30.00", "30.00"),  # no dépassement: tarif opposable (ameli, 28/11/2024)
    ("2", None, "C", "50.00", "23.00"),  # the letter of who exceeds
    ("2", False, "V", "50.00", "23.00"),
    ("0", None, "G", "80.00", "0.61"),  # non conventionné: tarif d'autorité
    ("0", None, "C", "80.00", "0.61"),
])  # fmt: skip
def test_the_sectors_of_a_generaliste(sector, optam, code, fee, base):
    decision = seen_by("01", code, fee, practitioner_sector=sector, practitioner_optam=optam)
    assert only(decision).base == euro(base)


@pytest.mark.parametrize(("sector", "optam", "code", "fee", "base"), [
    ("3", False, "CS", "70.00", "23.00"),
    ("3", True, "CS", "70.00", "26.50"),
    ("3", None, "CS", "26.50", "26.50"),
    ("3", None, "APC", "90.00", "60.00"),  # the same base with and without OPTAM
    ("0", None, "CS", "90.00", "1.22"),
])  # fmt: skip
def test_the_sectors_of_a_specialist(sector, optam, code, fee, base):
    decision = seen_by("03", code, fee, practitioner_sector=sector, practitioner_optam=optam)
    assert only(decision).base == euro(base)


def test_one_cent_above_the_tariff_asks_for_the_optam():
    assert only(seen_by("03", "CS", "31.50", others=("MCS",), practitioner_sector="2")).base == euro("31.50")
    assert why(seen_by("03", "CS", "31.51", others=("MCS",), practitioner_sector="2")) == ["optam_inconnu"]
    assert why(
        seen_by("03", "CS", "40.00", others=("MCS",), practitioner_sector="2", practitioner_optam=False)
    ) == ["lettre_sans_depassement"]


def test_the_base_of_a_psychiatrist_who_exceeds_was_not_found():
    decision = seen_by("33", "CNP", "90.00", practitioner_sector="3", practitioner_optam=False)
    assert why(decision) == ["droit_non_couvert"]


@pytest.mark.parametrize(("day", "base"), [
    (date(2023, 10, 31), "62.50"), (date(2023, 11, 1), "64.00"), (date(2024, 12, 21), "64.00"),
    (date(2024, 12, 22), "67.50"),
])  # fmt: skip
def test_the_avis_ponctuel_of_a_psychiatrist(day, base):
    assert only(seen_by("33", "APY", "80.00", day=day)).base == euro(base)


@pytest.mark.parametrize(("birth", "declared", "letters", "base"), [
    # under sixteen a specialist's majoration asks for no médecin traitant: 26,50 + 5,00
    (date(2010, 11, 3), False, "MCS", "31.50"),  # fifteen until the morrow
    (date(2010, 11, 2), False, "MCS", None),  # sixteen that day
    (date(2010, 11, 3), True, "MCS", None),  # he has one, who did not send him
])  # fmt: skip
def test_the_coordination_of_a_child(birth, declared, letters, base):
    child = an_insured(birth_date=birth) if declared else an_insured(birth_date=birth, medecins_traitants=())
    act = an_act(code="CS", fee=euro("40.00"), others=(letters,))
    told = decide(a_claim(act, practitioner_specialty="03", practitioner_rpps=OTHER_DOCTOR), child)
    assert why(told) == ["condition_correspondant"] if base is None else only(told).base == euro(base)


def test_a_generalist_coordinates_for_a_child_with_a_medecin_traitant_alone():
    child = an_insured(birth_date=date(2016, 1, 1), medecins_traitants=())
    act = an_act(fee=euro("35.00"), others=("MCG",))
    assert why(decide(a_claim(act, practitioner_rpps=OTHER_DOCTOR), child)) == ["condition_correspondant"]


def test_the_surcote_of_unplanned_care_is_for_the_patients_of_others():
    act = an_act(fee=euro("45.00"), others=("SNP",))
    # 30,00 + 15,00 = 45,00; 70 % = 31,50, less 2,00
    sent = a_claim(act, practitioner_rpps=OTHER_DOCTOR, parcours="U")
    assert (only(decide(sent)).base, only(decide(sent)).paid) == (euro("45.00"), euro("29.50"))
    assert why(decide(a_claim(act))) == ["condition_autre_medecin"]


def test_a_tarif_d_autorite_does_not_bear_its_participation():
    # 0,61 x 70 % = 0,427 -> 0,43 ; 2,00 are due, 0,43 can be retained, 1,57 are recovered later
    decision = seen_by("01", "G", "80.00", practitioner_sector="0")
    line = only(decision)
    assert (line.gross, line.paid, line.retained) == (euro("0.43"), euro("0.00"), {PF: euro("0.43")})
    assert decision.withheld[0].outstanding == euro("1.57")
    assert decision.shares == ()


@pytest.mark.parametrize(("depassement", "fee", "base"), [
    (None, "45.00", "30.00"), ("DE", "45.00", "30.00"), ("ED", "45.00", "30.00"), ("DP", "45.00", "30.00"),
    ("DM", "45.00", "30.00"), ("DN", "45.00", "30.00"), ("D", "45.00", "30.00"), ("E", "29.00", "29.00"),
    ("N", "30.00", "0.00"), ("NR", "30.00", "0.00"), ("G", "0.00", "0.00"), ("GR", "0.00", "0.00"),
])  # fmt: skip
def test_an_excess_is_never_reimbursed(depassement, fee, base):
    line = only(seen_by("01", "G", fee, depassement=depassement))
    assert line.base == euro(base)
    assert bool(line.retained) is bool(line.base)


def test_a_free_act_is_free():
    assert why(seen_by("01", "G", "10.00", depassement="G")) == ["depassement_non_calcule"]


@pytest.mark.parametrize(("fee", "said"), [("36.00", "atteint"), ("36.01", "dépassé")])
def test_the_depassement_autorise(fee, said):
    # 30,00 x 17,5 % = 5,25, rounded up to the euro: 6,00
    line = only(seen_by("01", "G", fee, depassement="DA", parcours="S"))
    step = next(step for step in line.trace if step.parameter == "ngap.depassement_autorise")
    assert "6,00" in step.sentence
    assert said in step.sentence
    assert line.base == euro("30.00")


def a_child(born):
    return an_insured(birth_date=born, quality="30", medecins_traitants=())


@pytest.mark.parametrize(("born", "computed"), [
    (date(2020, 11, 3), True),  # five years, the eve of six
    (date(2020, 11, 2), False),
])  # fmt: skip
def test_the_majoration_of_the_child_of_less_than_six(born, computed):
    decision = seen_by("01", "G", "35.00", others=("MEG",), insured=a_child(born))
    if computed:
        # 30,00 + 5,00 = 35,00 x 70 % = 24,50, nothing retained
        assert only(decision).paid == euro("24.50")
    else:
        assert why(decision) == ["condition_d_age"]


@pytest.mark.parametrize(("code", "born", "fee", "paid"), [
    ("CEH", date(2024, 11, 3), "40.00", "28.00"),
    ("CEH", date(2024, 11, 2), "40.00", None),
    ("CEK", date(2024, 11, 2), "35.00", "24.50"),
    ("CEK", date(2024, 11, 3), "35.00", None),
    ("CEK", date(2020, 11, 2), "35.00", None),
    ("CEG", date(2020, 11, 2), "31.50", "22.05"),
    ("CEG", date(2020, 11, 3), "31.50", None),
    ("COE", date(2025, 12, 1), "60.00", "60.00"),  # examen obligatoire: 100 %
    ("COE", date(2023, 11, 3), "60.00", "60.00"),  # two years old until the morrow
    ("COE", date(2023, 11, 2), "60.00", None),
    ("COH", date(2024, 11, 3), "50.00", "50.00"),
    ("COH", date(2024, 11, 2), "50.00", None),
    ("COK", date(2024, 11, 2), "35.00", "35.00"),
    ("COK", date(2020, 11, 2), "35.00", None),
    ("COG", date(2020, 11, 2), "40.00", "31.50"),
])  # fmt: skip
def test_a_pediatrician(code, born, fee, paid):
    decision = seen_by("12", code, fee, insured=a_child(born))
    if paid is None:
        assert why(decision) == ["condition_d_age"]
    else:
        assert only(decision).paid == euro(paid)


@pytest.mark.parametrize(("born", "doctor", "reason"), [
    (date(1946, 11, 2), DOCTOR, None),
    (date(1946, 11, 3), DOCTOR, "condition_d_age"),
    (date(1946, 11, 2), OTHER_DOCTOR, "condition_medecin_traitant"),
])  # fmt: skip
def test_the_long_consultation_of_the_old(born, doctor, reason):
    decision = seen_by("01", "GL", "60.00", insured=an_insured(birth_date=born), practitioner_rpps=doctor)
    if reason:
        assert why(decision) == [reason]
    else:
        assert only(decision).paid == euro("40.00")


@pytest.mark.parametrize(("code", "born", "paid"), [
    ("COD", date(2020, 11, 3), "35.00"), ("COD", date(2020, 11, 2), None),  # six that day
    ("COB", date(2020, 11, 3), None), ("COB", date(2020, 11, 2), "30.00"),
    ("COB", date(2008, 11, 3), "30.00"), ("COB", date(2008, 11, 2), None),  # eighteen that day
    ("COB", date(1980, 1, 15), None),
])  # fmt: skip
def test_the_compulsory_examinations_of_a_generalist_are_a_child_s(code, born, paid):
    decision = seen_by("01", code, "35.00", insured=an_insured(birth_date=born))
    assert why(decision) == ["condition_d_age"] if paid is None else only(decision).paid == euro(paid)


def test_an_examination_of_a_child_outside_the_parcours():
    teen = an_insured(birth_date=date(2010, 1, 1), quality="30")
    line = only(seen_by("01", "COB", "30.00", insured=teen, parcours="S"))
    # R160-17 I 7° and D162-1-6 10°
    assert (line.rate, line.retained, line.paid) == (100, {}, euro("30.00"))


def visit(travel_code="MD", travel_fee="10.00", kilometres=None, code="VG", fee="30.00", **claim):
    moved = euro(travel_fee) if travel_fee else None
    act = an_act(code=code, fee=euro(fee), travel_code=travel_code, travel_fee=moved, kilometres=kilometres)
    return decide(a_claim(act, **claim))


def test_a_visit_with_its_travel():
    # VG 30,00 + MD 10,00 = 40,00 x 70 % = 28,00 - 2,00 = 26,00
    line = only(visit())
    assert (line.fee, line.base, line.paid) == (euro("40.00"), euro("40.00"), euro("26.00"))


def test_a_visit_with_kilometres():
    # 30,00 + 10,00 + 12 x 0,61 = 7,32 -> 47,32 x 70 % = 33,124 -> 33,12 - 2,00
    line = only(visit(travel_fee="17.32", kilometres=12))
    assert (line.base, line.paid) == (euro("47.32"), euro("31.12"))
    # kilometres alone: 30,00 + 7,32 = 37,32 x 70 % = 26,124
    assert only(visit("IK", "7.32", 12)).paid == euro("24.12")


@pytest.mark.parametrize("given", [
    {"travel_fee": "10.01"}, {"travel_code": "IK", "travel_fee": "5.00"}, {"travel_fee": None},
    {"travel_code": "ID", "travel_fee": "3.50"}, {"code": "G"}, {"travel_code": "ZZ"},
    {"travel_fee": "17.33", "kilometres": 12}, {"travel_code": None},
])  # fmt: skip
def test_a_travel_that_does_not_add_up(given):
    assert why(visit(**given)) in (["deplacement_non_calcule"], ["droit_non_couvert"])


@pytest.mark.parametrize(("code", "fee", "kilometres", "base"), [
    ("ID", "10.00", None, "40.00"),  # the cell I.D./M.D. held an amount without its letters
    ("IK", "12.44", 4, "42.44"),  # 10,00 + 4 x 0,61
    ("ID", "10.01", None, None), ("IK", "12.45", 4, None),
])  # fmt: skip
def test_an_amount_that_is_the_majoration_s(code, fee, kilometres, base):
    decision = visit(code, fee, kilometres)
    if base is None:
        assert why(decision) in (["deplacement_non_calcule"], ["droit_non_couvert"])
    else:
        assert only(decision).base == euro(base)


def test_a_travel_asked_for_less():
    assert only(visit(travel_fee="9.00")).base == euro("39.00")


def test_a_majoration_on_a_line_of_its_own():
    lines = decide(
        a_claim(
            an_act(1, code="CS", fee=euro("26.50")),
            an_act(2, code="MCS", fee=euro("5.00")),
            practitioner_specialty="03", practitioner_rpps=OTHER_DOCTOR, parcours="O",
        )
    ).lines  # fmt: skip
    # 18,55 - 2,00 ; 3,50 without a participation of its own: 20,05 as on one line
    assert [(line.paid, dict(line.retained)) for line in lines] == [
        (euro("16.55"), {PF: euro("2.00")}),
        (euro("3.50"), {}),
    ]


@pytest.mark.parametrize(("code", "fee", "first", "second"), [
    ("CS", "20.00", "8.00", "1.40"),  # 40 % of 20,00, then of 3,50
    ("CS", "23.00", "9.20", "1.40"),  # 10,60 in all: the cap is reached to the cent
    ("APC", "56.50", "10.60", "0.00"),  # the cap is one act's: nothing is left of it
])  # fmt: skip
def test_the_cap_of_the_majoration_is_one_act_s(code, fee, first, second):
    day = date(2024, 6, 3)
    decision = decide(
        a_claim(
            an_act(2, code=code, fee=euro(fee), day=day),
            an_act(1, code="MPC", fee=euro("3.50"), day=day),
            practitioner_specialty="03", practitioner_rpps=OTHER_DOCTOR, parcours="S",
        ),
        decided_on=day,
    )  # fmt: skip
    taken = [line.retained.get(MTM, Decimal("0.00")) for line in decision.lines]
    assert taken == [euro(second), euro(first)]


def test_the_cmu_pays_the_rest_of_a_specialist():
    insured = an_insured(complementaires=(ComplementaireSante(ALWAYS),))
    line = only(seen_by("03", "CS", "26.50", insured=insured))
    assert (line.gross, line.complementary, line.paid) == (euro("18.55"), euro("7.95"), euro("26.50"))


def test_a_teleconsultation():
    # 25,00 x 70 % = 17,50 - 2,00
    assert only(seen_by("01", "TCG", "25.00", practitioner_rpps=DOCTOR)).paid == euro("15.50")
    assert why(seen_by("01", "TCG", "25.00", parcours="S")) == ["teleconsultation_hors_parcours"]


def test_long_visits():
    # 60,00 + 10,00 (MD) = 70,00 x 70 % = 49,00 - 2,00
    assert only(visit(code="VL", fee="60.00")).paid == euro("47.00")
    assert only(visit(code="VSP", fee="60.00")).paid == euro("47.00")
    assert only(seen_by("01", "IMT", "60.00", practitioner_rpps=DOCTOR)).paid == euro("40.00")
    for code in ("IMT", "VSP"):
        assert why(seen_by("01", code, "60.00")) == ["condition_medecin_traitant"]


def test_lines_of_trace_are_kept_within_bounds(monkeypatch):
    from liquidation import ngap

    monkeypatch.setattr(ngap, "_LINES", {})  # whatever was told before
    monkeypatch.setattr(ngap, "KEPT", 1)
    told = [only(seen_by("01", code, "30.00")).trace[0].sentence for code in ("G", "VG", "GS", "G")]
    assert told[0] == told[3] != told[1]
    assert len(ngap._LINES) == 1
