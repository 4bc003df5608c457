"""Technical acts: prices, modifiers, associations, actes lourds; each sum in its comment."""

from datetime import date

import pytest

from domain.people import Ald, ComplementaireSante, Situation
from domain.period import Period
from tests.liquidation.cases import OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro
from tests.liquidation.test_medecins import MTM, PF, only, why

ALWAYS = Period(date(2020, 1, 1))
HEAVY = "participation_acte_lourd"
COLECTOMY = "HHFA009"  # 418,00 ; modifiers A F J K T P S U O 7 4 3
NAIL = "QZFA020"  # 48,77 in sector 1 and OPTAM, 37,06 elsewhere ; F P S U
SUNDAY = date(2026, 11, 15)
ECG = "DEQP003"  # 14,77 / 13,81 ; F P S U


def act(code=ECG, fee="600.00", line=1, **changes):
    return an_act(line, code=code, fee=euro(fee), **changes)


def done(*acts, specialty="01", insured=None, **claim):
    given = {"practitioner_rpps": OTHER_DOCTOR, "parcours": "O", **claim}
    day = max(each.day for each in acts)
    return decide(a_claim(*acts, practitioner_specialty=specialty, **given), insured,
                  decided_on=max(day, date(2026, 11, 22)))  # fmt: skip


def test_the_price_of_the_day():
    # 14,77 x 70 % = 10,339 -> 10,34 - 2,00
    line = only(done(act(fee="14.77")))
    assert (line.base, line.gross, line.paid) == (euro("14.77"), euro("10.34"), euro("8.34"))
    assert line.trace[0].parameter == "ccam.DEQP003"


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2024, 6, 1)])
def test_before_the_table_its_prices_are_not_known(day):
    assert why(done(act(day=day))) == ["droit_non_couvert"]


@pytest.mark.parametrize(("sector", "optam", "base"), [
    ("1", None, "48.77"), ("3", True, "48.77"), ("3", False, "37.06"), ("2", False, "37.06"),
])  # fmt: skip
def test_the_sectors(sector, optam, base):
    claim = {"practitioner_sector": sector, "practitioner_optam": optam}
    assert only(done(act(NAIL), **claim)).base == euro(base)


def test_a_price_that_the_optam_does_not_change():
    assert only(done(act(COLECTOMY), specialty="49", practitioner_sector="3")).base == euro("418.00")
    assert why(done(act(NAIL), practitioner_sector="3")) == ["optam_inconnu"]


@pytest.mark.parametrize(("specialty", "letters", "base"), [
    ("01", "F", "67.83"),  # 48,77 + 19,06
    ("04", "F", "88.77"),  # surgeons: 48,77 + 40,00
    ("12", "F", "88.77"),  # pediatricians too
    ("01", "P", "83.77"),  # 48,77 + 35,00
    ("12", "P", "98.77"),  # 48,77 + 50,00
    ("01", "S", "88.77"),  # 48,77 + 40,00
    ("05", "U", "73.92"),  # 48,77 + 25,15
    ("04", "U", "98.77"),  # 48,77 + 50,00
    ("05", "FU", "92.98"),  # forfaits add up
])  # fmt: skip
def test_forfaits(specialty, letters, base):
    assert only(done(act(NAIL, modifiers=letters, day=SUNDAY), specialty=specialty)).base == euro(base)


@pytest.mark.parametrize(("letters", "base"), [
    ("J", "445.17"),  # 418,00 x 1,065 = 445,17
    ("K", "543.40"),  # x 1,30
    ("JK", "570.57"),  # percents add up: x 1,365, not 1,065 x 1,30
    ("JKF", "610.57"),  # + 40,00
])  # fmt: skip
def test_percents_add_up(letters, base):
    line = only(done(act(COLECTOMY, "900.00", modifiers=letters, day=SUNDAY), specialty="49"))
    assert line.base == euro(base)


@pytest.mark.parametrize(("sector", "optam", "letter", "base"), [
    ("3", True, "T", "507.87"),  # 418,00 x 1,215 = 507,87
    ("3", True, "K", "543.40"),
    ("3", False, "K", None), ("1", None, "T", None), ("3", None, "K", None),
    ("3", None, "J", "445.17"), ("3", False, "J", "445.17"), ("3", None, "F", "458.00"),  # the same for all
])  # fmt: skip
def test_modifiers_of_a_sector(sector, optam, letter, base):
    decision = done(act(COLECTOMY, "900.00", modifiers=letter, day=SUNDAY), specialty="49",
                    practitioner_sector=sector, practitioner_optam=optam)  # fmt: skip
    if base is None:
        assert why(decision) == ["modificateur_a_verifier"]
    else:
        assert only(decision).base == euro(base)


@pytest.mark.parametrize(
    ("specialty", "letter"), [("01", "M"), ("49", "M"), ("05", "O"), ("05", "P"), ("01", "!")]
)
def test_a_modifier_that_is_not_admitted(specialty, letter):
    assert why(done(act(NAIL, modifiers=letter), specialty=specialty)) == ["modificateur_inconnu"]


def two(first, second, **how):
    return done(act("QZFA020", line=1, association=first), act("QZFA029", line=2, association=second), **how)


@pytest.mark.parametrize(("first", "second", "bases"), [
    ("2", "1", ("24.39", "53.95")),  # 48,77 / 2 = 24,385 -> 24,39 (halves up)
    ("3", "1", ("36.58", "53.95")),  # 48,77 x 75 % = 36,5775
    ("4", "4", ("48.77", "53.95")),
    ("5", "5", ("48.77", "53.95")),
])  # fmt: skip
def test_associations(first, second, bases):
    assert tuple(str(line.base) for line in two(first, second).lines) == bases


def test_an_association_takes_percents_but_no_forfait():
    # (418,00 x 1,065) x 50 % = 222,585 -> 222,59 ; + 40,00
    line = only(done(act(COLECTOMY, modifiers="JF", association="2", day=SUNDAY), specialty="49"))
    assert line.base == euro("262.59")


@pytest.mark.parametrize(("others", "base"), [
    (("F", "2"), "43.45"),  # 24,39 + 19,06, as the two cells of the paper
    (("2",), "24.39"), (("F",), "67.83"), (("F ",), "67.83"),
])  # fmt: skip
def test_the_cells_of_the_paper(others, base):
    assert only(done(act(NAIL, others=others, day=SUNDAY))).base == euro(base)


def test_a_digit_that_is_both():
    assert why(done(act(COLECTOMY, others=("4",)), specialty="49")) == ["modificateur_a_verifier"]
    assert why(done(act(NAIL, others=("F", "2", "3")))) == ["quantite_non_calculee"]
    assert why(done(act(NAIL, others=("F",), modifiers="F"))) == ["quantite_non_calculee"]


def test_a_doubtful_digit_is_the_only_reason():
    # what the digit is would also tell the association: that it lacks is not said on top
    decision = done(act(COLECTOMY, others=("4",)), act(NAIL, line=2, association="2"), specialty="49")
    assert why(decision) == ["modificateur_a_verifier"]


def test_acts_of_different_days_need_no_association():
    decision = done(act(NAIL, "48.77"), act(ECG, "14.77", line=2, day=date(2026, 11, 3)))
    assert [line.base for line in decision.lines] == [euro("48.77"), euro("14.77")]


def test_an_ecg_beside_a_consultation():
    decision = done(an_act(1), act(ECG, "14.77", line=2))
    assert [line.base for line in decision.lines] == [euro("30.00"), euro("14.77")]
    assert why(done(an_act(1), act(NAIL, line=2))) == ["cumul_a_verifier"]


@pytest.mark.parametrize(("day", "kept"), [
    (date(2026, 3, 31), "24.00"), (date(2026, 4, 1), "32.00"), (date(2026, 4, 2), "32.00"),
])  # fmt: skip
def test_the_participation_of_an_acte_lourd(day, kept):
    # 418,00 - 24,00 or 32,00 - 2,00
    line = only(done(act(COLECTOMY, "418.00", day=day), specialty="49"))
    assert line.retained == {HEAVY: euro(kept), PF: euro("2.00")}
    assert line.paid == euro("418.00") - euro(kept) - 2
    step = next(step for step in line.trace if step.parameter == "actes_lourds.montant")
    assert step.contested is (day >= date(2026, 4, 1))


def test_the_threshold_counts_percents_and_associations_without_forfaits():
    # 53,95 + 24,39 = 78,34 below 120 ; forfaits of 40,00 do not count
    small = two("2", "1")
    assert all(HEAVY not in line.retained for line in small.lines)
    night = done(act(NAIL, modifiers="FS", day=SUNDAY), specialty="49")  # 48,77 + 40,00 + 80,00 = 168,77
    assert only(night).base == euro("168.77")
    assert HEAVY not in only(night).retained


@pytest.mark.parametrize(("first", "second", "heavy"), [
    (("GBQE002", "80.80"), ("BDGA002", "39.19"), False),  # 80,80 + 78,38 / 2 = 119,99
    (("GAME001", "80.00"), ("GAME001", "40.00"), True),  # 80,00 + 80,00 / 2 = 120,00
    (("EFCA002", "83.51"), ("DEMP001", "36.50"), True),  # 83,51 + 73,00 / 2 = 120,01
])  # fmt: skip
def test_the_threshold_to_the_cent(first, second, heavy):
    decision = done(act(*first, 1, association="1"), act(*second, 2, association="2"), specialty="11")
    assert [line.base for line in decision.lines] == [euro(first[1]), euro(second[1])]
    assert (HEAVY in decision.lines[0].retained) is heavy


def test_an_act_that_does_not_invade_counts_alone():
    # «Exo. TM» 2: 86,40 + 67,05 are not added up: 60,48 - 2,00 and 46,935 -> 46,94 - 2,00
    lines = done(act("AHQB025", "86.40", 1, association="4"), act("AHQB024", "67.05", 2, association="4"),
                 specialty="32").lines  # fmt: skip
    assert [line.paid for line in lines] == [euro("58.48"), euro("44.94")]
    # beside one above the threshold, 149,30 - 32,00 - 2,00, it is at 70 %: 33,53 x 70 % = 23,471 - 2,00
    lines = done(act("AHQB033", "149.30", 1, association="1"), act("AHQB024", "33.53", 2, association="2"),
                 specialty="32").lines  # fmt: skip
    assert [line.paid for line in lines] == [euro("115.30"), euro("21.47")]


def test_acts_of_two_moments_do_not_add_up():
    # association 5 is not «dans le même temps» (R160-16 I): 80,00 x 70 % - 2,00, twice
    lines = done(act("GAME001", "80.00", 1, association="5"), act("GAME001", "80.00", 2, association="5"),
                 specialty="11").lines  # fmt: skip
    assert [line.paid for line in lines] == [euro("54.00"), euro("54.00")]


def test_the_one_sum_goes_on_where_the_dearest_cannot_hold_it():
    # both are billed far below their tariff: 20,00 and 15,00 bear 20,00 + 12,00 of the 32,00
    lines = done(act(COLECTOMY, "20.00", 1, association="1"), act(COLECTOMY, "15.00", 2, association="2"),
                 specialty="49").lines  # fmt: skip
    assert [line.retained[HEAVY] for line in lines] == [euro("20.00"), euro("12.00")]


RADIO = "NAQK007"  # 33,25 ; B D E F P S U Y Z


@pytest.mark.parametrize(("specialty", "code", "letters", "age", "day", "base"), [
    # E: under five, to the eve of the birthday: 33,25 x 1,49 = 49,5425
    ("06", RADIO, "E", 4, None, "49.54"), ("06", RADIO, "E", 5, None, None),
    # N: a dentist's patient under thirteen: 100,00 x 1,157
    ("19", "HBMD351", "N", 12, None, "115.70"), ("19", "HBMD351", "N", 13, None, None),
    # F: a Sunday or a public holiday: 33,25 + 19,06
    ("06", RADIO, "F", 40, SUNDAY, "52.31"), ("06", RADIO, "F", 40, date(2026, 7, 14), "52.31"),
    # U: all but généralistes, paediatricians, sages-femmes, who have P and S: 33,25 + 25,15
    ("06", RADIO, "U", 40, None, "58.40"), ("01", RADIO, "U", 40, None, None),
    ("12", RADIO, "U", 40, None, None),
    # Y: radiologist, pneumologist, rhumatologist; Z: radiologist; never both: 33,25 x 1,13 = 37,5725
    ("13", RADIO, "Y", 40, None, "37.57"), ("01", RADIO, "Y", 40, None, None),
    ("06", RADIO, "Z", 40, None, "37.57"), ("13", RADIO, "Z", 40, None, None),
    ("06", RADIO, "YZ", 40, None, None),
    # 9: conservative care from 1 to 26: 48,88 x 1,30 = 63,544
    ("19", "HBFD015", "9", 26, None, "63.54"), ("19", "HBFD015", "9", 27, None, None),
    ("19", "HBFD015", "9", 1, None, "63.54"), ("19", "HBFD015", "9", 0, None, None),
    # G: nuclear medicine under three: 268,87 x 1,25 = 336,0875
    ("72", "HGQL001", "G", 2, None, "336.09"), ("72", "HGQL001", "G", 3, None, None),
    # S of «les médecins des autres spécialités», so not of a dentist: 104,50 + 80,00 of a stomatologist
    ("18", "HBED009", "S", 40, None, "184.50"), ("19", "HBED009", "S", 40, None, None),
    # K and T: of who operates
    ("02", COLECTOMY, "K", 40, None, None), ("49", COLECTOMY, "K", 40, None, "543.40"),
    # a modifier of the anaesthesia on the act itself
    ("49", COLECTOMY, "7", 40, None, None), ("49", COLECTOMY, "A", 85, None, None),
])  # fmt: skip
def test_a_modifier_that_the_sheet_belies(specialty, code, letters, age, day, base):
    day = day or date(2026, 11, 2)
    insured = an_insured(birth_date=day.replace(year=day.year - age))
    decision = done(act(code, modifiers=letters, day=day), specialty=specialty, insured=insured)
    if base is None:
        assert why(decision) == ["modificateur_a_verifier"]
    else:
        assert only(decision).base == euro(base)


@pytest.mark.parametrize(("age", "letters", "base"), [
    (3, "A", "83.09"), (4, "A", None), (79, "A", None), (81, "A", "83.09"),  # 60,09 + 23,00
    (40, "J", None), (40, "K", None), (40, "7", "63.70"),  # 60,09 x 1,06 = 63,6954
])  # fmt: skip
def test_modifiers_of_an_anaesthesia(age, letters, base):
    day = date(2026, 11, 2)
    insured = an_insured(birth_date=day.replace(year=day.year - age))
    decision = done(act("MJCA001", activity="4", modifiers=letters, day=day), specialty="02", insured=insured)
    if base is None:
        assert why(decision) == ["modificateur_a_verifier"]
    else:
        assert only(decision).base == euro(base)


def test_dental_care_by_a_stomatologist_and_surgery_by_a_dentist():
    # R160-5 3° bis: «les actes de soins dentaires»: 104,50 x 60 % = 62,70 - 2,00
    assert only(done(act("HBPD002", "104.50"), specialty="18")).paid == euro("60.70")
    # R160-16 I and IV: prothèses alone are left out: 334,40 - 32,00, and no participation forfaitaire
    line = only(done(act("HBGD397", "334.40"), specialty="19"))
    assert (line.rate, line.retained, line.paid) == (100, {HEAVY: euro("32.00")}, euro("302.40"))


def test_imaging_above_the_threshold_is_free_and_echography_is_not_imaging():
    # R160-16 II 1: 274,25 - 2,00 ; DZQJ001 is an echography: 146,35 - 32,00 - 2,00
    line = only(done(act("ACQL007", "274.25"), specialty="06"))
    assert (line.rate, line.retained, line.paid) == (100, {PF: euro("2.00")}, euro("272.25"))
    assert only(done(act("DZQJ001", "146.35"), specialty="03")).paid == euro("112.35")
    # 106,40 x 70 % = 74,48 - 2,00: below the threshold imaging is like the rest
    assert only(done(act("AEQH002", "106.40"), specialty="06")).paid == euro("72.48")


def test_imaging_does_not_add_up():
    # 106,40 + 48,77 / 2: the imaging act counts alone, the other one too
    lines = done(act("AEQH002", "106.40", 1, association="1"), act(NAIL, "24.39", 2, association="2"),
                 specialty="06").lines  # fmt: skip
    assert [line.rate for line in lines] == [70, 70]


def test_an_act_that_is_never_heavy():
    # exonération 5 (anatomo-cyto-pathologie, R160-16 IV): 120,56 x 70 % = 84,392 -> 84,39 - 2,00
    assert only(done(act("JJQX004", "120.56"), specialty="37")).paid == euro("82.39")


def test_a_dentist():
    # a couronne: 120,00 x 60 % = 72,00 ; medical acts (ADC) keep 70 % ; no participation, no parcours
    assert only(done(act("HBLD038", "120.00"), specialty="19", parcours="S")).paid == euro("72.00")
    line = only(done(act(NAIL, "48.77"), specialty="19", parcours="S"))
    assert (line.rate, line.paid) == (70, euro("34.14"))  # 34,139


def test_a_sage_femme():
    # 14,77 x 70 %, neither participation nor majoration
    line = only(done(act(ECG, "14.77"), specialty="21", parcours="S"))
    assert (line.retained, line.paid) == ({}, euro("10.34"))


def test_an_anesthesia_below_the_threshold():
    # 60,09 x 70 % = 42,063 - 2,00; two of them, 60,09 + 60,09 / 2 = 90,14, are below it too
    assert only(done(act("MJCA001", "60.09", activity="4"), specialty="02")).paid == euro("40.06")
    # above, alone or together (111,54 + 60,09 / 2 = 141,59), no text says which fee bears the sum
    two_of_them = (act("NDFA003", line=1, activity="4", association="1"),
                   act("MJCA001", line=2, activity="4", association="2"))  # fmt: skip
    assert set(why(done(*two_of_them, specialty="02"))) == {"anesthesie_lourde"}
    assert why(done(act(COLECTOMY, activity="4"), specialty="02")) == ["anesthesie_lourde"]


def test_acts_of_one_day_add_up_and_bear_one_participation():
    # 418,00 + 48,77 / 2 = 24,39: one participation of 32,00, on the dearest
    decision = done(act(COLECTOMY, "418.00", 1, association="1"), act(NAIL, "24.39", 2, association="2"),
                    specialty="49")  # fmt: skip
    assert [dict(line.retained) for line in decision.lines] == [
        {HEAVY: euro("32.00"), PF: euro("2.00")}, {PF: euro("2.00")},
    ]  # fmt: skip
    assert [line.paid for line in decision.lines] == [euro("384.00"), euro("22.39")]


def test_ald_and_invalidite_bear_no_participation():
    ald = an_insured(alds=(Ald(ALWAYS, 8),))
    assert only(done(act(COLECTOMY, "418.00"), specialty="49", insured=ald, ald=True)).paid == euro("416.00")
    invalide = an_insured(situations=(Situation(ALWAYS, "invalidite"),))
    assert only(done(act(COLECTOMY, "418.00"), specialty="49", insured=invalide)).paid == euro("416.00")


def test_c2s_pays_the_participation():
    # 418,00 - 32,00 + 32,00, no participation forfaitaire
    insured = an_insured(complementaires=(ComplementaireSante(ALWAYS),))
    line = only(done(act(COLECTOMY, "418.00"), specialty="49", insured=insured))
    assert (line.complementary, line.paid) == (euro("32.00"), euro("418.00"))


def test_an_acte_lourd_outside_the_parcours():
    # 418,00 - 32,00 - 10,60 - 2,00
    line = only(done(act(COLECTOMY, "418.00"), specialty="49", parcours="S"))
    assert line.retained == {HEAVY: euro("32.00"), MTM: euro("10.60"), PF: euro("2.00")}
    assert line.paid == euro("373.40")


@pytest.mark.parametrize(("fee", "heavy", "majoration"), [
    ("32.00", "32.00", None), ("32.01", "32.00", "0.01"), ("36.00", "32.00", "4.00"), ("20.00", "20.00", None),
    ("60.00", "32.00", "10.60"),
])  # fmt: skip
def test_nothing_is_retained_beyond_what_is_paid(fee, heavy, majoration):
    # an acte lourd billed far below its tariff, outside the parcours: 40 % of 36,00 would be 14,40
    line = only(done(act(COLECTOMY, fee), specialty="49", parcours="S"))
    assert line.retained[HEAVY] == euro(heavy)
    assert line.retained.get(MTM) == (euro(majoration) if majoration else None)
    assert line.paid >= 0
