"""Stops of work where the text asks for more than a length and a salary: each sum in its comment."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from liquidation.especes import atmp
from liquidation.especes.types import CashHistory, PaidDays, Stop
from tests.liquidation.cases import euro, with_choice
from tests.liquidation.test_especes import LAW, TODAY, father, maternity
from tests.liquidation.test_ij_maladie import attestation, decide, kinds, reasons, stop


def waited(decision):
    return sum(line.days for line in decision.lines if line.kind == "carence")


def steps(decision, name):
    return [(step.value, step.contested) for step in decision.trace if step.parameter == name]


# R313-3 1° and 2°: six months are due where what is asked for past them is lacking


def test_the_first_six_months_are_due_without_what_the_next_ask_for():
    # affiliated for a day less than twelve months. Carence 02/08 to 04/08; 05/08/2025 to 01/02/2026:
    # 27 + 30 + 31 + 30 + 31 + 31 + 1 = 181 days x 32,88 = 5 951,28; nothing on 02/02 and 03/02
    given = Stop(date(2025, 8, 2), date(2026, 2, 3), date(2025, 8, 2))
    paid = attestation(
        given.start,
        affiliated_since=date(2024, 8, 3),
        hours_3_months=Decimal(300),
        hours_12_months=Decimal(600),
    )
    decision = decide(given, paid)
    assert kinds(decision) == [("carence", 3), ("indemnise", 181), ("droits", 2)]
    assert (decision.gross, decision.lines[2].start) == (euro("5951.28"), date(2026, 2, 2))
    assert any("12\u00a0mois d'affiliation" in step.sentence for step in decision.trace)
    # a day more of affiliation: 183 x 32,88 = 6 017,04
    day_more = replace(paid, affiliated_since=date(2024, 8, 2))
    assert decide(given, day_more).gross == euro("6017.04")


# D323-2: twenty-four months from the earlier late prescription to the new late sending


@pytest.mark.parametrize(("sent", "gross"), [
    (date(2025, 8, 12), "394.56"),  # one day after the 24 months: 12 x 32,88
    (date(2025, 8, 11), "361.68"),  # 09/08 and 10/08 at 16,44: 10 x 32,88 + 2 x 16,44
])  # fmt: skip
def test_the_sending_is_what_must_fall_in_the_months(sent, gross):
    given = Stop(date(2025, 8, 6), date(2025, 8, 20), date(2025, 8, 6), sent_on=sent)
    decision = decide(given, history=CashHistory(late=(date(2023, 8, 11),)))
    assert decision.gross == euro(gross)


# L323-1-1: the first incapacity since the death, and no other


@pytest.mark.parametrize(("earlier", "gross"), [
    ((date(2026, 3, 5), date(2026, 3, 12)), "295.92"),  # after the death: 9 x 32,88
    ((date(2026, 3, 1), date(2026, 3, 12)), "295.92"),  # on the day itself
    ((date(2026, 3, 20), date(2026, 3, 31)), "394.56"),  # is this one, already known
    ((date(2026, 2, 20), date(2026, 3, 12)), "394.56"),  # had begun before it: 12 x 32,88
])  # fmt: skip
def test_the_first_incapacity_after_the_death_of_a_child(earlier, gross):
    given = stop(date(2026, 3, 20), 12, waiver="deces_enfant", child_died_on=date(2026, 3, 1))
    decision = decide(given, history=CashHistory(stops=(PaidDays(*earlier),)))
    assert decision.gross == euro(gross)


# L323-1-2: each kind of interruption from its own day


@pytest.mark.parametrize(("waiver", "start", "days"), [
    ("interruption_grossesse", date(2024, 1, 1), 0),
    ("interruption_medicale", date(2024, 6, 30), 3),
    ("interruption_medicale", date(2024, 7, 1), 0),
    ("interruption_grossesse", date(2026, 3, 2), 0),
])  # fmt: skip
def test_an_interruption_of_pregnancy_waits_until_the_law_is_in_force(waiver, start, days):
    assert waited(decide(stop(start, waiver=waiver))) == days
    # what counts is the day of the prescription
    assert waited(decide(stop(start, waiver=waiver, prescribed_on=date(2023, 12, 31)))) == 3


# R313-7: the year opens the right of seasonal work


SEASONAL = {"months": 12, "discontinuous": True, "hours_3_months": Decimal(10)}


def seasonal(start=date(2026, 3, 2), days=9, law=None, **changes):
    return decide(stop(start, days), attestation(start, **{**SEASONAL, **changes}), law=law)


def test_seasonal_work_opens_by_the_year():
    # 12 x 2 000 / 365 / 2 = 32,8767; 9 days, 3 of carence: 6 x 32,88
    assert seasonal(hours_12_months=Decimal(600)).gross == euro("197.28")
    # 2 030 x 11,88, the SMIC of 01/01/2025: the period begins on 01/03/2025
    assert seasonal(hours_12_months=Decimal(599), earned_12_months=euro("24116.40")).gross == euro("197.28")
    less = seasonal(hours_12_months=Decimal(599), earned_12_months=euro("24116.39"))
    assert reasons(less) == ["ij_droits_fermes"]
    assert reasons(seasonal()) == ["ouverture_inconnue"]  # the year is not told
    other = seasonal(hours_12_months=Decimal(600), discontinuous=False)
    assert reasons(other) == ["ij_droits_fermes"]


def test_what_a_seasonal_year_leaves_unknown():
    # the year is not enough, and the three months are not told
    silent = seasonal(hours_3_months=None, hours_12_months=Decimal(599))
    assert reasons(silent) == ["ouverture_inconnue"]
    assert seasonal(hours_3_months=None, hours_12_months=Decimal(600)).lines


def test_maternity_opens_by_the_year_too():
    # R313-7 speaks of all the benefits of R313-3
    given = {**SEASONAL, "hours_12_months": Decimal(600), "affiliated_since": date(2020, 1, 1)}
    assert maternity(**given).lines
    assert reasons(maternity(**{**given, "hours_12_months": Decimal(599)})) == ["ij_droits_fermes"]


# R313-3 2° a: the SMIC of a January stop


@pytest.mark.parametrize(("reading", "needed"), [
    ("precedent", "22878.10"),  # 2 030 x 11,27, the SMIC of 01/01/2023
    ("meme_jour", "23649.50"),  # 2 030 x 11,65, that of 01/01/2024
])  # fmt: skip
def test_the_smic_of_a_year_that_begins_on_a_first_of_january(reading, needed):
    law = with_choice("ij_maladie.smic_du_1er_janvier", reading)
    start = date(2025, 1, 14)
    enough = seasonal(start, law=law, earned_12_months=euro(needed))
    assert steps(enough, "ij_maladie.smic_du_1er_janvier") == [(reading, True)]
    less = seasonal(start, law=law, earned_12_months=euro(needed) - euro("0.01"))
    assert reasons(less) == ["ij_droits_fermes"]


def test_other_months_have_one_reading():
    # 01/02/2024 to 31/01/2025: 2 030 x 11,65
    for reading in ("precedent", "meme_jour"):
        law = with_choice("ij_maladie.smic_du_1er_janvier", reading)
        paid = seasonal(date(2025, 2, 14), law=law, earned_12_months=euro("23649.50"))
        assert paid.lines
        assert steps(paid, "ij_maladie.smic_du_1er_janvier") == []
    assert LAW.value("ij_maladie.smic_du_1er_janvier", date(2025, 1, 14)).text == "precedent"


# R323-1 1°: one carence for a period of three years of one affection


@pytest.mark.parametrize(("reading", "gross"), [
    # the period of 01/06/2022 is over on 01/06/2025: a new one begins, 8 x 32,88
    ("periode_ouverte", "263.04"),
    # 01/05/2024 is within the three years before: 11 x 32,88
    ("trois_ans_avant", "361.68"),
])  # fmt: skip
def test_three_years_of_one_carence(reading, gross):
    history = CashHistory(
        stops=(
            PaidDays(date(2024, 5, 1), date(2024, 5, 31), 8),
            PaidDays(date(2022, 6, 1), date(2022, 6, 20), 8),
            PaidDays(date(2023, 3, 1), date(2023, 3, 20), 8),
        )
    )
    law = with_choice("ij_maladie.carence_ald", reading)
    decision = decide(stop(date(2025, 6, 10), 11, ald=8), history=history, law=law)
    assert decision.gross == euro(gross)
    assert steps(decision, "ij_maladie.carence_ald") == [(reading, True)]
    assert LAW.value("ij_maladie.carence_ald", date(2025, 6, 10)).text == "periode_ouverte"


def test_each_period_is_opened_by_a_stop():
    # 01/06/2021 to 01/06/2024; 02/06/2024 opens the next one, that holds 10/06/2025
    stops = tuple(PaidDays(day, day + timedelta(days=5), 8) for day in (date(2021, 6, 1), date(2024, 6, 2)))
    assert waited(decide(stop(date(2025, 6, 10), ald=8), history=CashHistory(stops=stops))) == 0


@pytest.mark.parametrize(("second", "days"), [
    # three years after 01/06/2021 to the day: it opens a period, that holds 10/06/2025
    (date(2024, 6, 1), 0),
    (date(2024, 5, 31), 3),  # the day before: of the first period, over on 01/06/2024
])  # fmt: skip
def test_a_period_ends_on_the_day_that_opens_the_next(second, days):
    stops = tuple(PaidDays(day, day, 8) for day in (date(2021, 6, 1), second))
    decision = decide(stop(date(2025, 6, 10), ald=8), history=CashHistory(stops=stops))
    assert waited(decision) == days
    words = "à appliquer de nouveau" if days else "appliquée : trois ans comptés du 01/06/2024"
    assert any(words in step.sentence for step in decision.trace)


def test_a_stop_that_is_its_own_history_waits():
    history = CashHistory(stops=(PaidDays(date(2025, 6, 10), date(2025, 6, 12), 8),))
    assert waited(decide(stop(date(2025, 6, 10), ald=8), history=history)) == 3


# L331-8: four days at least


def test_a_paternity_leave_has_four_days_at_least():
    # 4 x 51,95
    assert father(4).gross == euro("207.80")
    assert reasons(father(3)) == reasons(father(1)) == ["conge_trop_court"]
    assert reasons(father(0)) == ["hors_du_conge"]
    assert father(3, taken=4).lines


# L433-1, R433-7: accidents


def accident(start, days, occurred_on=date(2026, 6, 1), relapse=None):
    given = Stop(start, start + timedelta(days=days - 1), start)
    return atmp.liquidate(
        atmp.Accident("1", occurred_on), given, attestation(start), "assure-1", TODAY, LAW, relapse
    )


def test_a_stop_before_the_accident():
    assert reasons(accident(date(2026, 5, 31), 5)) == ["arret_avant_accident"]
    assert accident(date(2026, 6, 1), 5).lines


def told(decision):
    return [(line.kind, line.days, line.daily) for line in decision.lines]


def test_a_relapse_counts_the_days_of_the_first_interruption():
    # 20 days before: 8 at 39,45, the others at 51,94 (80 % within the net)
    low = atmp.Relapse(20, euro("30.00"), euro("40.00"))
    begin, then = ("debut", 8, euro("39.45")), ("suite", 7, euro("51.94"))
    assert told(accident(date(2026, 10, 5), 15, relapse=low)) == [begin, then]
    # after consolidation they count no more
    closed = replace(low, closed=True)
    assert told(accident(date(2026, 10, 5), 15, relapse=closed)) == [("debut", 15, euro("39.45"))]
    # 28 days or more: the second rate at once
    long = replace(low, earlier_days=28)
    assert told(accident(date(2026, 10, 5), 2, relapse=long)) == [("suite", 2, euro("51.94"))]


def test_a_relapse_never_gives_less_than_the_first_interruption():
    high = atmp.Relapse(20, euro("45.00"), euro("60.00"))
    decision = accident(date(2026, 10, 5), 15, relapse=high)
    assert told(decision) == [("debut", 8, euro("45.00")), ("suite", 7, euro("60.00"))]
    assert any(step.article == "CSS R433-7 al. 2" for step in decision.trace)
    same = accident(date(2026, 10, 5), 15, relapse=atmp.Relapse(0, euro("39.45"), euro("51.94")))
    assert told(same) == [("debut", 15, euro("39.45"))]
    assert all(step.article != "CSS R433-7 al. 2" for step in same.trace)
    with pytest.raises(ValueError, match="negative"):
        atmp.Relapse(-1, euro("0.00"), euro("0.00"))
