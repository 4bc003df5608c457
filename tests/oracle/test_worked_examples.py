"""The reference's worked results, first of this oracle alone: each sum is in its comment."""

from datetime import date, timedelta

import pytest

from tests.oracle.reading_of_acts import Done, Sheet, easter, pay
from tests.oracle.reading_of_the_law import Feuille, Patient, Readings, Seen, Taken, prescribed, read

NOVEMBER = date(2026, 11, 16)
DECIDED = date(2026, 11, 20)
DOCTOR = "10000000001"


def g(
    patient: Patient | None = None, fee: int = 3000, day: date = NOVEMBER, code: str = "G", times: int = 1
) -> Seen:
    return Seen(day, code, fee, times, patient or Patient())


# rules 3.6, secteur 1, metropole, 2026-11. (gross, majoration, participation, complement, paid)
WORKED = [
    # G by the médecin traitant: 30 x 70 % = 21; - 2 = 19
    ("traitant", Patient(), {}, (2100, 0, 200, 0, 1900)),
    # the same, protocole of an ALD: 30 x 100 % = 30; - 2 = 28
    ("ald", Patient(has_protocole=True), {"protocole_ticked": True}, (3000, 0, 200, 0, 2800)),
    # ALD, but an act that is no part of the protocole (R160-11): 21 - 2 = 19
    ("ald sans rapport", Patient(has_protocole=True), {}, (2100, 0, 200, 0, 1900)),
    # ten years old: 21, no participation (L160-15)
    ("mineur", Patient(age=10, under_18_on_1_january=True), {}, (2100, 0, 0, 0, 2100)),
    # C2S: 21 + 9 = 30, no participation (L160-15, L861-3)
    ("c2s", Patient(c2s=True), {}, (2100, 0, 0, 900, 3000)),
    # régime local: 21 + 30 x 20 % = 27; - 2 = 25
    ("regime local", Patient(regime_local=True), {}, (2700, 0, 200, 0, 2500)),
    # out of the parcours: 21 - min(12,00; 10,60) - 2 = 8,40
    ("hors parcours", Patient(), {"box": "S", "doctor": "20000000002"}, (2100, 1060, 200, 0, 840)),
    # AT: 30; - 2 = 28 (L432-1 al. 2)
    ("at", Patient(has_at=True), {"nature": "atmp"}, (3000, 0, 200, 0, 2800)),
    # maternité: 30, nothing retained (L160-9)
    ("maternite", Patient(in_maternity=True), {"nature": "maternite"}, (3000, 0, 0, 0, 3000)),
]


@pytest.mark.parametrize(("name", "patient", "facts", "expected"), WORKED, ids=[w[0] for w in WORKED])
def test_rules_3_6(name, patient, facts, expected):
    row = read(Feuille((g(patient),), DECIDED, **facts)).rows[0]
    assert row.base == 3000
    assert (row.gross, row.majoration, row.participation, row.complement, row.paid) == expected


def test_the_other_reading_of_hors_parcours():
    # «30 %»: 30 x 30 % = 9; - 2 = 7, that is 21 - 12 - 2
    assert (
        read(Feuille((g(),), DECIDED, box="S", doctor="20000000002"), readings=Readings(capped=False))
        .rows[0]
        .paid
        == 700
    )
    # C2S, to the letter of L861-3 1°: 21 - 10,60; or the majoration alone stays: 21 - 10,60 + 9
    letter = Readings(c2s_keeps_all=True)
    outside = Feuille((g(Patient(c2s=True)),), DECIDED, box="S", doctor="20000000002")
    assert (read(outside, readings=letter).total, read(outside).total) == (1040, 1940)
    # at 26,50 and below both agree: 18,55 - 10,60 - 2 = 5,95 = 26,50 x 30 % - 2
    old = Feuille((g(fee=2650, day=date(2024, 12, 21)),), date(2025, 1, 6), box="S", doctor="20000000002")
    assert read(old).rows[0].paid == read(old, readings=Readings(capped=False)).rows[0].paid == 595


def test_example_of_2018():
    # SNDS: paid 27, base 25: 25 x 70 % = 17,50, overrun 2 (before the participation of 1)
    row = read(Feuille((g(fee=2700, day=date(2018, 5, 2)),), date(2024, 1, 5))).rows[0]
    assert (row.base, row.gross, row.participation) == (2500, 1750, 100)
    # C2S rows: 17,50 + 7,50
    row = read(Feuille((g(Patient(c2s=True), 2500, date(2018, 5, 2)),), date(2024, 1, 5))).rows[0]
    assert (row.gross, row.complement) == (1750, 750)


def test_four_a_day_not_four_euros():
    # D160-8: five acts of one day, four participations: 5 x 21 - 4 x 2 = 97
    result = read(Feuille(tuple(g() for _ in range(5)), DECIDED))
    assert [row.participation for row in result.rows] == [200, 200, 200, 200, 0]
    assert result.total == 9700


def test_twenty_five_a_year_by_day_of_reimbursement():
    # D160-6: 24 taken this year for care of last year, 1 of last year's reimbursements does not count
    before = tuple(Taken(200, date(2026, 1, 5), date(2025, 12, n), f"2000000000{n % 5}") for n in range(1, 25))
    before += (Taken(200, date(2025, 12, 30), date(2025, 12, 28), "30000000000"),)
    first = read(Feuille((g(), g()), DECIDED), before)
    assert [row.participation for row in first.rows] == [200, 0]
    # decided in 2025 instead, the same history is of another year: both are due
    assert [r.participation for r in read(Feuille((g(), g()), date(2027, 1, 4)), before).rows] == [200, 200]


def test_fifty_euros_in_2024():
    # 49 one-euro participations reimbursed in 2024: of the fiftieth, of 2 euros, 1 is left (50 - 49)
    before = tuple(
        Taken(100, date(2024, 3, 1), date(2024, 1, 1) + timedelta(n), f"{n:011d}") for n in range(49)
    )
    rows = read(Feuille((g(fee=2650, day=date(2024, 6, 3)),), date(2024, 6, 10)), before).rows
    assert rows[0].participation == 100


def test_tiers_payant_keeps_the_participation_for_later():
    # 21 to the practitioner, 2 owed (L160-13 II last al.)
    result = read(Feuille((g(),), DECIDED, insured_paid=False))
    assert (result.rows[0].to_doctor, result.rows[0].to_insured) == (2100, 0)
    assert (result.taken[0].cents, result.taken[0].owed) == (200, 200)


def test_a_fee_under_the_tariff_is_the_base():
    # R160-5 3°, L160-10: fee of 20: 20 x 70 % = 14; - 2 = 12
    row = read(Feuille((g(fee=2000),), DECIDED)).rows[0]
    assert (row.base, row.gross, row.paid) == (2000, 1400, 1200)


def test_two_years_from_the_next_quarter():
    # L160-11: care of 2024-02-10, quarter of 2024-04-01, out on 2026-04-01
    assert not prescribed(date(2024, 2, 10), date(2026, 3, 31))
    assert prescribed(date(2024, 2, 10), date(2026, 4, 1))
    assert not prescribed(date(2024, 10, 1), date(2026, 12, 31))
    assert prescribed(date(2024, 12, 31), date(2027, 1, 1))


OCTOBER = date(2026, 10, 5)
# rows of the CCAM: code, activity, cents, «Exo. TM», regrouping, modifiers admitted
SURGERY = ("HHFA009", "1", 41800, "1", "ADC", "AFJKTPSUO743")
EMG = ("AHQB025", "1", 8640, "2", "ATM", "")
MORE_EMG = ("AHQB024", "1", 6705, "2", "ATM", "FPSU")
TEETH = ("HBGD397", "1", 33440, "1-7", "ASC", "FU")
CROWN = ("HBLD038", "1", 12000, "5", "PFC", "")


def done(row: tuple[str, str, int, str, str, str], modifiers: str = "", association: str | None = None) -> Done:
    code, activity, tariff, exo, group, admits = row
    return Done(
        OCTOBER, code, activity, tariff, exo, group, 99999, Patient(), admits, "", modifiers, association
    )


@pytest.mark.parametrize(("acts", "facts", "kept"), [
    # R160-16 I: 418,00 - 32,00 - 2,00
    ((done(SURGERY),), {}, [(41800, 3200, 0, 200, 38400)]),
    # RG_VF640: 418,00 x 1,365 = 570,57, percents added up; the sums of urgency (O 80,00) after
    ((done(SURGERY, "JKO"),), {}, [(65057, 3200, 0, 200, 61657)]),
    # hors parcours too: 418,00 - 32,00 - 10,60 - 2,00
    ((done(SURGERY),), {"box": "S"}, [(41800, 3200, 1060, 200, 37340)]),
    # «2»: 60,48 - 2,00; 67,05 x 50 % = 33,525 -> 33,53 x 70 % = 23,47 - 2,00
    ((done(EMG, "", "1"), done(MORE_EMG, "", "2")), {"specialty": "32"},
     [(8640, 0, 0, 200, 5848), (3353, 0, 0, 200, 2147)]),
    # a dentist: surgery 334,40 - 32,00; a crown, R160-16 IV: 120,00 x 60 % = 72,00
    ((done(TEETH),), {"specialty": "19"}, [(33440, 3200, 0, 0, 30240)]),
    ((done(CROWN),), {"specialty": "19"}, [(12000, 0, 0, 0, 7200)]),
])  # fmt: skip
def test_acts_of_the_ccam(acts, facts, kept):
    lines, _ = pay(Sheet(acts, DECIDED, **{"box": "O", "specialty": "49", **facts}))
    assert [(x.base, x.heavy, x.majoration, x.participation, x.to_insured) for x in lines] == kept


def test_easter():
    # three Sundays of the calendar; 2076 is Gauss's exception
    assert [easter(year) for year in (2024, 2026, 2076)] == [
        date(2024, 3, 31), date(2026, 4, 5), date(2076, 4, 19),
    ]  # fmt: skip
