"""Indemnités journalières of the maladie: each sum in its comment."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from law import load
from law.dates import add_months
from liquidation.especes.maladie import liquidate
from liquidation.especes.salaire import months_before
from liquidation.especes.types import Attestation, CashHistory, PaidDays, Pay, Payment, Stop
from tests.liquidation.cases import euro, with_choice

TODAY = date(2026, 11, 22)


def attestation(since, gross="2000.00", months=3, **changes):
    return Attestation(
        **{
            "pays": tuple(Pay(month, euro(gross)) for month in months_before(since, months)),
            "employer": "73282932000074",
            "hours_3_months": Decimal(455),
            **changes,
        }
    )


def stop(start, days=10, **changes):
    return Stop(**{"start": start, "end": start + timedelta(days=days - 1), "prescribed_on": start, **changes})


def decide(given, paid=None, history=None, law=None):
    paid = paid or attestation(given.since)
    return liquidate(given, paid, history or CashHistory(), "assure-1", TODAY, law or load())


def kinds(decision):
    assert decision.not_computed == ()
    return [(line.kind, line.days) for line in decision.lines]


def reasons(decision):
    assert (decision.lines, decision.payments, decision.net) == ((), (), 0)
    return [reason.code for reason in decision.not_computed]


def test_ten_days_of_a_salary_of_2000():
    # 3 x 2 000 / 91,25 = 65,7534 ; / 2 = 32,8767 -> 32,88 ; 3 days of carence, 7 x 32,88 = 230,16
    # CSG 6,2 % = 14,26992 -> 14,27 ; CRDS 0,5 % = 1,1508 -> 1,15 ; net 214,74
    decision = decide(stop(date(2026, 10, 5)))
    assert kinds(decision) == [("carence", 3), ("indemnise", 7)]
    line = decision.lines[1]
    assert (line.daily, line.gross) == (euro("32.88"), euro("230.16"))
    assert (line.csg, line.crds, line.net) == (euro("14.27"), euro("1.15"), euro("214.74"))
    assert decision.payments == (Payment("assure", "assure-1", euro("214.74")),)


def test_both_readings_of_the_last_cent():
    law = with_choice("ij_maladie.arrondi", "tronque")
    assert decide(stop(date(2026, 10, 5)), law=law).lines[1].daily == euro("32.87")
    contested = [step for step in decide(stop(date(2026, 10, 5))).trace if step.contested]
    assert [step.parameter for step in contested] == ["ij_maladie.arrondi"]


@pytest.mark.parametrize(("start", "daily"), [
    (date(2025, 3, 31), "53.31"),  # 1,8 x 1 801,80 x 3 / 91,25 / 2
    (date(2025, 4, 1), "41.47"),  # 1,4 x 1 801,80
    (date(2026, 1, 31), "41.47"),  # the SMIC of December
    (date(2026, 2, 1), "41.95"),  # 1,4 x 1 823,03
    (date(2026, 6, 30), "41.95"),
    (date(2026, 7, 1), "42.97"),  # 1,4 x 1 867,02
])  # fmt: skip
def test_the_cap_has_the_smic_of_the_month_before(start, daily):
    given = stop(start)
    assert decide(given, attestation(start, "9000.00")).lines[1].daily == euro(daily)


def test_each_month_is_capped_alone():
    # 4 000 capped to 2 613,828, 1 000, 1 000: 4 613,828 / 91,25 / 2 = 25,2813
    start = date(2026, 10, 5)
    amounts = ("4000.00", "1000.00", "1000.00")
    pays = tuple(
        replace(pay, gross=euro(gross)) for pay, gross in zip(attestation(start).pays, amounts, strict=True)
    )
    assert decide(stop(start), attestation(start, pays=pays)).lines[1].daily == euro("25.28")


def test_two_employers_in_a_month_add_up():
    start = date(2026, 10, 5)
    twice = attestation(start, "1000.00").pays * 2
    assert decide(stop(start), attestation(start, pays=twice)).lines[1].daily == euro("32.88")


def test_seasonal_work_counts_twelve_months():
    # 12 x 2 000 / 365 / 2 = 32,8767
    start = date(2026, 10, 5)
    paid = attestation(start, months=12, discontinuous=True)
    assert decide(stop(start), paid).lines[1].daily == euro("32.88")


def test_a_prolongation_has_no_carence_of_its_own():
    given = stop(date(2026, 10, 15), interrupted_on=date(2026, 10, 5))
    assert kinds(decide(given)) == [("indemnise", 10)]
    early = stop(date(2026, 10, 7), interrupted_on=date(2026, 10, 5))
    assert kinds(decide(early)) == [("carence", 1), ("indemnise", 9)]


def test_a_stop_within_the_carence_pays_nothing():
    decision = decide(stop(date(2026, 10, 5), days=3))
    assert (kinds(decision), decision.payments) == ([("carence", 3)], ())


@pytest.mark.parametrize("waiver", ["interruption_grossesse", "suites_maternite"])
def test_waivers(waiver):
    assert kinds(decide(stop(date(2026, 10, 5), waiver=waiver))) == [("indemnise", 10)]


@pytest.mark.parametrize(("died", "carence"), [
    (date(2026, 10, 5), 0), (date(2026, 7, 6), 0), (date(2026, 7, 5), 3), (date(2026, 10, 6), 3),
])  # fmt: skip
def test_a_child_who_died_within_thirteen_weeks(died, carence):
    given = stop(date(2026, 10, 5), waiver="deces_enfant", child_died_on=died)
    assert sum(line.days for line in decide(given).lines if line.kind == "carence") == carence
    assert reasons(decide(stop(date(2026, 10, 5), waiver="deces_enfant"))) == ["date_deces_absente"]


@pytest.mark.parametrize(("before", "ald", "carence"), [
    (date(2023, 10, 6), 8, 0),  # within three years
    (date(2023, 10, 5), 8, 3),
    (date(2025, 1, 1), 30, 3),  # another affection
])  # fmt: skip
def test_one_carence_an_affection_in_three_years(before, ald, carence):
    history = CashHistory(stops=(PaidDays(before, before + timedelta(days=5), ald),))
    decision = decide(stop(date(2026, 10, 5), ald=8), history=history)
    assert sum(line.days for line in decision.lines if line.kind == "carence") == carence


def test_three_hundred_and_sixty_in_any_three_years():
    # 355 paid: carence 3, 5 paid, then none
    paid = PaidDays(date(2025, 1, 1), date(2025, 1, 1) + timedelta(days=354))
    decision = decide(stop(date(2026, 10, 5), days=12), history=CashHistory(paid=(paid,)))
    assert kinds(decision) == [("carence", 3), ("indemnise", 5), ("epuise", 4)]
    # those of ALD do not count, nor those of more than three years ago
    ald = PaidDays(paid.start, paid.end, 8)
    assert kinds(decide(stop(date(2026, 10, 5), days=12), history=CashHistory(paid=(ald,))))[-1] == (
        "indemnise",
        9,
    )
    old = PaidDays(date(2022, 1, 1), date(2022, 12, 31))
    assert kinds(decide(stop(date(2026, 10, 5), days=12), history=CashHistory(paid=(old,))))[-1] == (
        "indemnise",
        9,
    )


def test_the_window_slides():
    # 360 days from 09/10/2023 on: the first leaves the window on 09/10/2026, one a day then
    paid = PaidDays(date(2023, 10, 9), date(2023, 10, 9) + timedelta(days=359))
    decision = decide(stop(date(2026, 10, 5), days=8), history=CashHistory(paid=(paid,)))
    assert kinds(decision) == [("carence", 3), ("epuise", 1), ("indemnise", 4)]


def test_three_years_of_an_affection_and_a_new_count_after_a_year_of_work():
    first = PaidDays(date(2023, 10, 10), date(2026, 10, 4), 8)
    history = CashHistory(stops=(first,))
    decision = decide(stop(date(2026, 10, 5), ald=8), history=history)
    assert kinds(decision) == [("indemnise", 5), ("fin_ald", 5)]
    ended = PaidDays(date(2022, 10, 10), date(2025, 10, 4), 8)
    assert kinds(decide(stop(date(2026, 10, 5), ald=8), history=CashHistory(stops=(ended,)))) == [
        ("carence", 3),
        ("indemnise", 7),
    ]


def test_a_late_notice_warns_once_then_halves():
    # sent on 12/10, 7 days after: prescription to sending at half, 32,88 / 2 = 16,44
    given = stop(date(2026, 10, 5), sent_on=date(2026, 10, 12))
    assert kinds(decide(given)) == [("carence", 3), ("indemnise", 7)]
    late = CashHistory(late=(date(2025, 1, 1),))
    decision = decide(given, history=late)
    assert kinds(decision) == [("carence", 3), ("retard", 4), ("indemnise", 3)]
    assert decision.lines[1].daily == euro("16.44")
    # 2 days are in time; a page seen halves between 48 and 72 h at the first lateness: wrong
    in_time = stop(date(2026, 10, 5), sent_on=date(2026, 10, 7))
    assert kinds(decide(in_time, history=late)) == [("carence", 3), ("indemnise", 7)]
    assert kinds(decide(stop(date(2026, 10, 5), sent_on=date(2026, 10, 8)))) == [
        ("carence", 3),
        ("indemnise", 7),
    ]


@pytest.mark.parametrize(("warned", "halved"), [
    (date(2024, 10, 11), False), (date(2024, 10, 12), True), (date(2026, 10, 5), False),
])  # fmt: skip
def test_twenty_four_months_from_a_late_prescription_to_the_new_sending(warned, halved):
    given = stop(date(2026, 10, 5), sent_on=date(2026, 10, 12))
    decision = decide(given, history=CashHistory(late=(warned,)))
    assert (("retard", 4) in kinds(decision)) is halved


@pytest.mark.parametrize(("hours", "earned", "is_open"), [
    (150, None, True),
    (149, None, False),
    (None, "12200.30", True),  # 1 015 x 12,02, the SMIC of 01/04/2026, first day of the six months
    (None, "12200.29", False),
    (10, "12200.30", True),
])  # fmt: skip
def test_the_opening_of_rights(hours, earned, is_open):
    start = date(2026, 10, 5)
    paid = attestation(
        start,
        hours_3_months=None if hours is None else Decimal(hours),
        earned_6_months=None if earned is None else euro(earned),
    )
    decision = decide(stop(start), paid)
    assert bool(decision.lines) is is_open
    assert is_open or reasons(decision) == ["ij_droits_fermes"]


def test_past_the_sixth_month():
    start = date(2026, 1, 5)
    given = Stop(date(2026, 6, 1), date(2026, 7, 31), date(2026, 6, 1), interrupted_on=start)
    paid = attestation(start)
    assert reasons(decide(given, paid)) == ["ouverture_inconnue"]
    long = {"affiliated_since": date(2020, 1, 1), "hours_12_months": Decimal(600)}
    assert kinds(decide(given, attestation(start, **long))) == [("indemnise", 61)]
    less = {**long, "hours_12_months": Decimal(599)}
    short = [("indemnise", 34), ("droits", 27)]  # six months are over on 05/07/2026
    assert kinds(decide(given, attestation(start, **less))) == short
    # 2 030 x 11,88, the SMIC of 01/01/2025
    rich = {**less, "earned_12_months": euro("24116.40")}
    assert kinds(decide(given, attestation(start, **rich))) == [("indemnise", 61)]
    recent = {**long, "affiliated_since": date(2025, 1, 6)}
    assert kinds(decide(given, attestation(start, **recent))) == short
    silent = {"affiliated_since": date(2025, 1, 6)}  # whatever the hours: it is not open
    assert kinds(decide(given, attestation(start, **silent))) == short
    wholly = replace(given, start=date(2026, 7, 5))
    assert reasons(decide(wholly, attestation(start, **less))) == ["ij_droits_fermes"]


def test_subrogation_pays_the_employer():
    start = date(2026, 10, 5)
    decision = decide(stop(start), attestation(start, subrogated=True))
    assert decision.payments == (Payment("employeur", "73282932000074", euro("214.74")),)


def test_refusals():
    start = date(2026, 10, 5)
    missing = attestation(start, pays=attestation(start).pays[1:])
    assert reasons(decide(stop(start), missing)) == ["paie_absente"]
    silent = attestation(start, hours_3_months=None)
    assert reasons(decide(stop(start), silent)) == ["ouverture_inconnue"]
    after = stop(start, received_on=start + timedelta(days=10))
    assert reasons(decide(after)) == ["avis_apres_la_fin"]
    # the decree that caps a prescription from September 2026 was not found: longer ones are refused
    long = Stop(start, add_months(start, 1), start)
    assert reasons(decide(long)) == ["droit_non_couvert"]
    assert decide(Stop(start, add_months(start, 1) - timedelta(days=1), start)).lines
    earlier = date(2026, 7, 6)
    assert decide(Stop(earlier, add_months(earlier, 2), earlier)).lines


def test_days_add_up_and_net_never_exceeds_gross():
    for days in range(1, 30):
        decision = decide(stop(date(2026, 10, 5), days=days))
        assert sum(line.days for line in decision.lines) == days
        assert decision.net <= decision.gross
        assert decision.net == sum(line.net for line in decision.lines)


@pytest.mark.parametrize(("end", "asked"), [
    (date(2026, 7, 3), False), (date(2026, 7, 4), False), (date(2026, 7, 5), True), (date(2026, 7, 6), True),
])  # fmt: skip
def test_from_the_sixth_month_on_more_is_asked_for(end, asked):
    # begun on 05/01/2026: six months are over on 05/07/2026 ; the attestation tells of three months alone
    start = date(2026, 1, 5)
    given = Stop(start, end, start)
    decision = decide(given, attestation(start))
    assert ([each.code for each in decision.not_computed] == ["ouverture_inconnue"]) is asked


@pytest.mark.parametrize(("since", "is_open"), [
    (date(2025, 1, 4), True), (date(2025, 1, 5), True), (date(2025, 1, 6), False),
])  # fmt: skip
def test_twelve_months_of_affiliation_to_the_day(since, is_open):
    start = date(2026, 1, 5)
    paid = attestation(start, affiliated_since=since, hours_12_months=Decimal(600))
    given = Stop(date(2026, 6, 1), date(2026, 7, 31), date(2026, 6, 1), interrupted_on=start)
    assert ("droits" not in dict(kinds(decide(given, paid)))) is is_open


@pytest.mark.parametrize(("sent", "expected"), [
    (date(2026, 10, 6), [("indemnise", 10)]),
    (date(2026, 10, 7), [("indemnise", 10)]),  # two days
    (date(2026, 10, 8), [("retard", 3), ("indemnise", 7)]),
])  # fmt: skip
def test_two_days_to_send_a_prolongation(sent, expected):
    given = stop(date(2026, 10, 5), sent_on=sent, interrupted_on=date(2026, 9, 1))
    assert kinds(decide(given, history=CashHistory(late=(date(2026, 1, 1),)))) == expected


@pytest.mark.parametrize(("ended", "expected"), [
    (date(2025, 10, 4), [("carence", 3), ("indemnise", 7)]),  # a whole year of work: a new count
    (date(2025, 10, 5), [("carence", 3), ("fin_ald", 7)]),  # a day less
])  # fmt: skip
def test_a_year_of_work_to_the_day(ended, expected):
    before = CashHistory(stops=(PaidDays(date(2022, 10, 10), ended, 8),))
    assert kinds(decide(stop(date(2026, 10, 5), ald=8), history=before)) == expected


def test_stops_of_one_affection_are_a_chain_whatever_their_order():
    # from 10/10/2023 with less than a year of work between: three years end on 10/10/2026
    chain = (
        PaidDays(date(2025, 6, 1), date(2026, 8, 1), 8),
        PaidDays(date(2023, 10, 10), date(2024, 12, 1), 8),
    )
    for stops in (chain, chain[::-1]):
        decision = decide(stop(date(2026, 10, 5), ald=8), history=CashHistory(stops=stops))
        assert kinds(decision) == [("indemnise", 5), ("fin_ald", 5)]


@pytest.mark.parametrize(("start", "needed"), [
    (date(2026, 11, 30), "12200.30"),  # the six months begin on 01/05/2026: 1 015 x 12,02
    (date(2026, 12, 1), "12494.65"),  # on 01/06/2026: 1 015 x 12,31
])  # fmt: skip
def test_the_smic_of_the_first_of_the_six_months(start, needed):
    for earned, is_open in ((euro(needed), True), (euro(needed) - euro("0.01"), False)):
        paid = attestation(start, hours_3_months=None, earned_6_months=earned)
        assert bool(decide(stop(start), paid).lines) is is_open
