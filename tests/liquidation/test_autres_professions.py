"""Auxiliaires, laboratory, pharmacy, transports, products: rates and franchises; each sum in its comment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import History, Withheld
from domain.people import Ald, ComplementaireSante, Grossesse, Situation
from domain.period import Period
from tests.liquidation.cases import CARE, OTHER_DOCTOR, TODAY, a_claim, an_act, an_insured, decide, euro
from tests.liquidation.test_medecins import PF, only, why

ALWAYS = Period(date(2020, 1, 1))
AUX, BOX, TRIP = "franchise_auxiliaire", "franchise_medicament", "franchise_transport"
CHEAP = "3400921604696"  # 65 %: 3,57 + 1,02


def billed(specialty, code, fee, day=CARE, paid=True, ald=False, insured=None, history=None,
           decided_on=TODAY, **act):  # fmt: skip
    claim = a_claim(
        an_act(code=code, fee=euro(fee), day=day, **act),
        practitioner_specialty=specialty,
        practitioner_rpps=OTHER_DOCTOR,
        paid_by_insured=paid,
        ald=ald,
    )
    return decide(claim, insured, history, decided_on)


def borne(kind, amount, reimbursed_on=date(2026, 2, 1), care_day=date(2026, 1, 15)):
    return Withheld(kind, euro(amount), reimbursed_on, care_day, OTHER_DOCTOR)


@pytest.mark.parametrize(("code", "coefficient", "fee", "base", "paid"), [
    ("AMI", "4", "12.60", "12.60", "6.56"),  # 4 x 3,15 = 12,60 x 60 % = 7,56 - 1,00
    ("AMI", "1.5", "4.73", "4.73", "1.84"),  # 4,725 -> 4,73 x 60 % = 2,838 -> 2,84 - 1,00
    ("AIS", "3", "7.95", "7.95", "3.77"),
    ("BSC", "1", "28.70", "28.70", "16.22"),
    ("AMI", "4", "15.00", "12.60", "6.56"),
    ("AMI", "4", "10.00", "10.00", "5.00"),
])  # fmt: skip
def test_a_nurse(code, coefficient, fee, base, paid):
    line = only(billed("24", code, fee, coefficient=Decimal(coefficient)))
    assert (line.base, line.rate, line.retained) == (euro(base), 60, {AUX: euro("1.00")})
    assert line.paid == euro(paid)


def test_a_nurse_who_travels():
    # 3,15 + 1,35 (MAU) + 2,75 (IFD) + 6 x 0,35 = 2,10 -> 9,35 x 60 % = 5,61 - 1,00
    line = only(
        billed("24", "AMI", "4.50", others=("MAU",), travel_code="IFD", travel_fee=euro("4.85"), kilometres=6)
    )
    assert (line.base, line.paid) == (euro("9.35"), euro("4.61"))


def test_no_majoration_hors_parcours_but_for_doctors():
    claim = a_claim(an_act(code="AMI", fee=euro("3.15")), practitioner_specialty="24", parcours="S",
                    practitioner_rpps=OTHER_DOCTOR)  # fmt: skip
    assert only(decide(claim)).retained == {AUX: euro("1.00")}


@pytest.mark.parametrize(("quantity", "taken"), [(1, "1.00"), (3, "3.00"), (4, "4.00"), (5, "4.00")])
def test_four_euros_a_day_of_care(quantity, taken):
    line = only(billed("24", "AMI", "63.00", coefficient=Decimal(4), quantity=quantity))
    assert line.retained == {AUX: euro(taken)}


@pytest.mark.parametrize(
    ("before", "taken"), [("2.99", "1.00"), ("3.00", "1.00"), ("3.01", "0.99"), ("4.00", None)]
)
def test_the_cap_of_the_day_whoever_the_professional_is(before, taken):
    history = History((borne(AUX, before, care_day=CARE),))
    line = only(billed("24", "AMI", "12.60", coefficient=Decimal(4), history=history))
    assert line.retained == ({AUX: euro(taken)} if taken else {})
    # another day of care, another kind: not counted
    for other in (borne(AUX, before, care_day=CARE - timedelta(1)), borne(TRIP, before, care_day=CARE)):
        found = billed("24", "AMI", "12.60", coefficient=Decimal(4), history=History((other,)))
        assert only(found).retained == {AUX: euro("1.00")}


@pytest.mark.parametrize(("before", "day", "taken"), [
    ("48.99", date(2026, 1, 1), "1.00"), ("49.00", date(2026, 1, 1), "1.00"), 
    ("49.50", date(2026, 1, 1), "0.50"),
    ("50.00", date(2026, 1, 1), None), ("50.00", date(2025, 12, 31), "1.00"),  # the year of reimbursement
    ("50.00", date(2026, 11, 22), None), ("50.00", date(2026, 11, 23), "1.00"),  # decided later
])  # fmt: skip
def test_fifty_euros_a_year_of_reimbursement(before, day, taken):
    history = History((borne(BOX, before, reimbursed_on=day),))
    line = only(billed("24", "AMI", "12.60", coefficient=Decimal(4), history=history))
    assert line.retained == ({AUX: euro(taken)} if taken else {})


def test_a_correction_gives_back():
    history = History((borne(BOX, "50.00"), borne(BOX, "-10.00")))
    assert only(billed("24", "AMI", "3.15", history=history)).retained == {AUX: euro("1.00")}


def test_participations_and_franchises_have_their_own_caps():
    history = History((borne(PF, "50.00"),))
    assert only(billed("24", "AMI", "3.15", history=history)).retained == {AUX: euro("1.00")}


@pytest.mark.parametrize(("day", "taken"), [
    (date(2024, 3, 30), "0.50"), (date(2024, 3, 31), "1.00"), (date(2024, 4, 1), "1.00"),
])  # fmt: skip
def test_the_franchise_doubles_on_the_day_of_care(day, taken):
    assert only(billed("24", "AMI", "3.15", day=day, decided_on=day)).retained == {AUX: euro(taken)}


def test_the_franchise_never_passes_what_is_reimbursed():
    # 1,00 x 60 % = 0,60: the franchise is cut to it (D160-9 dernier al.), nothing is recovered
    decision = billed("24", "AMI", "1.00")
    assert (only(decision).retained, decision.total) == ({AUX: euro("0.60")}, 0)
    assert decision.withheld[0].outstanding == 0


def test_paid_directly_the_franchise_is_recovered_later():
    decision = billed("24", "AMI", "12.60", coefficient=Decimal(4), paid=False)
    assert (only(decision).retained, decision.total) == ({}, euro("7.56"))
    assert (decision.withheld[0].kind, decision.withheld[0].outstanding) == (AUX, euro("1.00"))
    assert any("franchise" in step.sentence for step in only(decision).trace)


PREGNANT = Grossesse(Period(date(2026, 9, 10), date(2027, 1, 23)), date(2027, 1, 10))
EXEMPT = {
    "mineur": (an_insured(birth_date=date(2016, 3, 1), quality="30"), "7.56"),
    "c2s": (an_insured(complementaires=(ComplementaireSante(ALWAYS),)), "12.60"),
    "maternite": (an_insured(grossesses=(PREGNANT,)), "12.60"),
}  # fmt: skip


@pytest.mark.parametrize("who", EXEMPT)
def test_who_bears_no_franchise(who):
    insured, paid = EXEMPT[who]
    line = only(billed("24", "AMI", "12.60", coefficient=Decimal(4), insured=insured))
    assert (line.retained, line.paid) == ({}, euro(paid))


@pytest.mark.parametrize(("boxes", "franchise", "paid"), [
    # a box of 1,77 and its fee of 1,02: 30 % are 0,53 + 0,31 = 0,84; with the régime local, 80 %: 1,42 + 0,82
    # = 2,24. D160-9: the franchise of 1,00 is at most the 0,84 that are due without it
    (1, "0.84", "1.40"),
    # 3,54 and 2,04: 1,06 + 0,61 = 1,67 ; 2,83 + 1,63 = 4,46
    (2, "1.67", "2.79"),
])  # fmt: skip
def test_the_franchise_of_a_modest_medicine_does_not_grow_with_the_regime_local(boxes, franchise, paid):
    insured = an_insured(situations=(Situation(ALWAYS, "regime_local"),))
    fee = euro("2.79") * boxes
    decision = billed("50", "3400921748857", str(fee), day=date(2026, 6, 1), insured=insured, quantity=boxes)
    line = only(decision)
    assert line.retained == {"franchise_medicament": euro(franchise)}
    assert (line.rate, line.paid) == (80, euro(paid))


def test_ald_bears_the_franchise():
    insured = an_insured(alds=(Ald(ALWAYS, 8),))
    line = only(billed("24", "AMI", "12.60", coefficient=Decimal(4), insured=insured, ald=True))
    assert (line.rate, line.paid) == (100, euro("11.60"))


@pytest.mark.parametrize(("specialty", "code", "coefficient", "day", "base"), [
    ("26", "AMS", "7.5", date(2024, 2, 21), "16.13"),  # 7,5 x 2,15 = 16,125
    ("26", "AMS", "7.5", date(2024, 2, 22), "16.58"),  # 7,5 x 2,21 = 16,575
    ("26", "AMS", "8.4", date(2024, 2, 23), "18.56"),  # 8,4 x 2,21 = 18,564 (concourspluripro.fr: 18,56)
    ("28", "AMO", "9.7", date(2024, 1, 25), "24.25"),  # 9,7 x 2,50 (orisha.com: 24,25)
    ("28", "AMO", "9.7", date(2024, 1, 26), "25.22"),  # 9,7 x 2,60 (orisha.com: 25,22)
    ("28", "AMO", "40", date(2024, 1, 27), "104.00"),
    ("29", "AMY", "8.7", date(2026, 5, 4), "22.62"),  # 8,7 x 2,60 (orthoptie.net: 22,62)
    ("27", "AMP", "31.7", date(2026, 5, 4), "19.97"),  # 31,7 x 0,63 = 19,971
    ("27", "POD", "1", date(2024, 3, 6), "27.00"),
    ("27", "POD", "1", date(2024, 3, 7), "30.00"),
    ("27", "POD", "0.67", date(2026, 5, 4), "20.10"),  # 0,67 x 30,00
])  # fmt: skip
def test_auxiliaires_across_the_changes(specialty, code, coefficient, day, base):
    line = only(billed(specialty, code, "200.00", coefficient=Decimal(coefficient), day=day, decided_on=day))
    assert (line.base, line.rate) == (euro(base), 60)


@pytest.mark.parametrize(("code", "coefficient", "others", "day", "base"), [
    ("C", "1", ("MSF",), date(2024, 2, 21), "25.00"),  # 23,00 + 2,00
    ("C", "1", ("MSF",), date(2024, 2, 22), "26.50"),  # 23,00 + 3,50
    ("V", "1", ("MSF",), date(2024, 2, 23), "26.50"),
    ("SF", "15", (), date(2024, 12, 31), "46.50"),  # 15 x 3,10
    ("SF", "15", (), date(2025, 1, 1), "48.00"),  # 15 x 3,20
    ("SP", "12", (), date(2025, 1, 2), "38.40"),
])  # fmt: skip
def test_a_sage_femme(code, coefficient, others, day, base):
    line = only(
        billed("21", code, "90.00", coefficient=Decimal(coefficient), others=others, day=day, decided_on=day)
    )
    # neither participation nor franchise: she is no auxiliaire, nor a doctor
    assert (line.base, line.rate, line.retained) == (euro(base), 70, {})


def test_a_majoration_of_another_profession():
    assert why(billed("24", "AMI", "9.00", others=("MSF",))) == ["quantite_non_calculee"]
    assert why(billed("21", "C", "30.00", others=("MCS",))) == ["quantite_non_calculee"]


@pytest.mark.parametrize(("situation", "specialty", "code", "coefficient", "fee", "paid"), [
    ("regime_local", "24", "AMI", "4", "12.60", "10.34"),  # 90 %: 11,34 - 1,00
    ("regime_local", "30", "B", "40", "10.00", "7.00"),  # 90 %: 9,00 - 2,00
    ("aspa", "24", "AMI", "4", "12.60", "9.08"),  # participation of 20 %: 10,08 - 1,00
    ("aspa", "30", "B", "40", "10.00", "6.00"),  # 8,00 - 2,00
    ("invalidite", "24", "AMI", "4", "12.60", "11.60"),
])  # fmt: skip
def test_situations(situation, specialty, code, coefficient, fee, paid):
    insured = an_insured(situations=(Situation(ALWAYS, situation),))
    decision = billed(specialty, code, fee, coefficient=Decimal(coefficient), insured=insured)
    assert decision.total == euro(paid)


@pytest.mark.parametrize(("day", "base", "paid"), [
    (date(2024, 1, 14), "10.40", "5.24"),  # 40 x 0,26 = 10,40 x 60 % = 6,24 - 1,00
    (date(2024, 1, 15), "10.00", "5.00"),  # 40 x 0,25 = 10,00 x 60 % = 6,00 - 1,00
    (date(2024, 5, 15), "10.00", "4.00"),  # the participation is of 2,00
])  # fmt: skip
def test_biology(day, base, paid):
    line = only(billed("30", "B", "11.00", coefficient=Decimal(40), day=day, decided_on=day))
    assert (line.base, line.rate, line.paid) == (euro(base), 60, euro(paid))
    assert set(line.retained) == {PF}


def test_a_medicine_with_its_honoraire():
    # (3,57 x 65 % = 2,3205 -> 2,32) + (1,02 x 65 % = 0,663 -> 0,66) = 2,98 - 1,00
    line = only(billed("50", CHEAP, "4.59"))
    assert (line.base, line.rate, line.gross) == (euro("4.59"), 65, euro("2.98"))
    assert (line.retained, line.paid) == ({BOX: euro("1.00")}, euro("1.98"))


def test_boxes_have_a_franchise_each_and_no_daily_cap():
    # 6 boxes: 21,42 x 65 % = 13,923 -> 13,92 ; 6,12 x 65 % = 3,978 -> 3,98 ; - 6,00
    line = only(billed("50", CHEAP, "27.54", quantity=6))
    assert (line.gross, line.retained, line.paid) == (euro("17.90"), {BOX: euro("6.00")}, euro("11.90"))


def test_a_medicine_sold_for_less():
    # 4,00 x 65 % = 2,60 - 1,00
    assert only(billed("50", CHEAP, "4.00")).paid == euro("1.60")


@pytest.mark.parametrize(("rate", "situation", "percent"), [
    ("30", None, 30), ("15", None, 15), ("100", None, 100),
    ("30", "invalidite", 30), ("15", "rente_at_66", 15), ("65", "invalidite", 100),  # R160-18
    ("65", "aspa", 65),  # R160-9: not the medicines
])  # fmt: skip
def test_rates_of_medicines(rate, situation, percent):
    from law.codes import medicaments

    cip = next(each.cip13 for each in medicaments().values() if str(each.rate) == rate and each.price > 5)
    insured = an_insured(situations=(Situation(ALWAYS, situation),)) if situation else None
    assert only(billed("50", cip, "9999.00", insured=insured)).rate == percent


@pytest.mark.parametrize(("cip", "fee", "rate", "gross"), [
    # the price and its honoraire, each rounded: 90 % of 3,57 = 3,21 and of 1,02 = 0,92
    (CHEAP, "4.59", 90, "4.13"),
    ("3400921653663", "6.71", 80, "5.37"),  # 30 %: 80 % of 5,69 = 4,55 and of 1,02 = 0,82
    ("3400921610550", "3.65", 15, "0.54"),  # 15 %: no complement: 0,39 + 0,15
])  # fmt: skip
def test_alsace_moselle_and_medicines(cip, fee, rate, gross):
    insured = an_insured(situations=(Situation(ALWAYS, "regime_local"),))
    line = only(billed("50", cip, fee, insured=insured))
    assert (line.rate, line.gross) == (rate, euro(gross))


def test_a_medicine_that_is_not_reimbursed():
    assert why(billed("50", "3400999999999", "4.59")) == ["acte_inconnu"]
    assert why(billed("50", CHEAP, "4.59", day=date(2026, 5, 14))) == ["droit_non_couvert"]


@pytest.mark.parametrize(("quantity", "paid", "taken"), [
    (1, "18.00", "4.00"),  # 40,00 x 55 % = 22,00 - 4,00
    (2, "36.00", "8.00"),  # 44,00 - 8,00
    (3, "58.00", "8.00"),  # 66,00 - 8,00: eight euros a day
])  # fmt: skip
def test_a_transport(quantity, paid, taken):
    line = only(billed("55", "VSL", "200.00", tariff=euro("40.00"), quantity=quantity))
    assert (line.rate, line.retained, line.paid) == (55, {TRIP: euro(taken)}, euro(paid))


def test_aspa_has_no_participation_in_transports():
    insured = an_insured(situations=(Situation(ALWAYS, "aspa"),))
    assert only(billed("56", "TXI", "40.00", tariff=euro("40.00"), insured=insured)).paid == euro("36.00")


def test_a_product():
    # 50,00 x 60 %, without participation nor franchise
    line = only(billed("60", "1234567", "80.00", tariff=euro("50.00")))
    assert (line.base, line.retained, line.paid) == (euro("50.00"), {}, euro("30.00"))
    assert why(billed("60", "1234567", "80.00")) == ["tarif_absent"]
    assert why(billed("60", "1234567", "80.00", tariff=euro("1.00"), others=("X",))) == [
        "quantite_non_calculee"
    ]


def test_the_order_of_the_lines_of_a_day_is_that_of_their_codes():
    acts = [an_act(n, code="AMI", coefficient=Decimal(n), fee=euro("3.15") * n) for n in (1, 2, 3, 4, 5)]
    claim = a_claim(*acts, practitioner_specialty="24", practitioner_rpps=OTHER_DOCTOR)
    assert [bool(line.retained) for line in decide(claim).lines] == [True, True, True, True, False]


def test_what_a_claim_takes_counts_for_its_next_line():
    acts = [an_act(n, code="AMI", fee=euro("3.15"), day=CARE + timedelta(n)) for n in (1, 2)]
    claim = a_claim(*acts, practitioner_specialty="24", practitioner_rpps=OTHER_DOCTOR)
    decision = decide(claim, history=History((borne(BOX, "49.00"),)))
    assert [dict(line.retained) for line in decision.lines] == [{AUX: euro("1.00")}, {}]


@pytest.mark.parametrize("changes", [
    {"quantity": 0}, {"quantity": -1}, {"coefficient": Decimal(0)}, {"coefficient": Decimal(-1)},
    {"activity": "1"}, {"modifiers": "F"}, {"association": "1"},
])  # fmt: skip
def test_quantities_that_are_none(changes):
    assert why(billed("24", "AMI", "9.00", **changes)) == ["quantite_non_calculee"]


def test_the_trace_writes_the_letter_with_its_factor():
    line = only(billed("24", "AIS", "31.80", coefficient=Decimal(3), quantity=4))
    assert "(AIS 12)" in line.trace[0].sentence
    assert "(AMI 1,5)" in only(billed("24", "AMI", "9.00", coefficient=Decimal("1.5"))).trace[0].sentence
    assert "(AMI)" in only(billed("24", "AMI", "3.15")).trace[0].sentence


@pytest.mark.parametrize(("times", "base", "kept", "paid"), [
    (1, "10.00", "2.00", "4.00"),  # 40 x 0,25 = 10,00 x 60 % = 6,00 - 2,00
    (3, "30.00", "6.00", "12.00"),  # «tout acte de biologie» (L160-13 II): 18,00 - 3 x 2,00
    (5, "50.00", "8.00", "22.00"),  # four a day (D160-8): 30,00 - 4 x 2,00
])  # fmt: skip
def test_each_act_of_a_line_of_biology_bears_its_participation(times, base, kept, paid):
    decision = billed("30", "B", base, coefficient=Decimal(40), quantity=times)
    line = only(decision)
    assert (line.base, line.retained, line.paid) == (euro(base), {PF: euro(kept)}, euro(paid))
    assert [each.amount for each in decision.withheld] == [euro("2.00")] * min(times, 4)


def test_what_the_reimbursement_of_several_acts_cannot_hold_waits():
    # 7 x 0,25 x 2 = 3,50 x 60 % = 2,10: 2,00 now and 0,10 of the second, of which 1,90 waits
    decision = billed("30", "B", "3.50", coefficient=Decimal(7), quantity=2)
    assert (only(decision).retained, only(decision).paid) == ({PF: euro("2.10")}, euro("0.00"))
    assert [each.outstanding for each in decision.withheld] == [euro("0.00"), euro("1.90")]
