"""Days that a pension, a distance or a pathological pregnancy opens or closes: each count in its comment."""

from datetime import date, timedelta

import pytest

from law import load
from liquidation.especes.maternite import Birth, leave
from liquidation.especes.types import CashHistory, PaidDays
from liquidation.simulation import simulate
from tests.liquidation.test_ij_maladie import decide, stop

LAW = load()
START = date(2026, 3, 2)


def kinds(decision):
    assert decision.not_computed == ()
    return [(line.kind, line.days) for line in decision.lines]


def test_a_pensioner_has_sixty_days_in_all():
    history = CashHistory(pensioner_since=date(2025, 1, 1))
    # three of carence, sixty paid, seven that are not
    assert kinds(decide(stop(START, days=70), history=history)) == [
        ("carence", 3), ("indemnise", 60), ("retraite", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(("paid_from", "left"), [
    (date(2025, 6, 2), 20),  # forty since the pension
    (date(2024, 6, 3), 60),  # before it: they do not count
])  # fmt: skip
def test_what_was_paid_since_the_pension_counts(paid_from, left):
    before = PaidDays(paid_from, paid_from + timedelta(days=39))
    history = CashHistory(paid=(before,), pensioner_since=date(2025, 1, 1))
    assert dict(kinds(decide(stop(START, days=70), history=history)))["indemnise"] == left


def test_without_a_pension_nothing_of_it():
    assert kinds(decide(stop(START, days=70))) == [("carence", 3), ("indemnise", 67)]


def test_a_stop_prescribed_at_a_distance_has_three_days():
    # a prolongation: its carence is behind
    given = stop(date(2026, 3, 10), days=5, interrupted_on=START, teleconsulted=True)
    assert kinds(decide(given)) == [("indemnise", 3), ("teleconsultation", 2)]


@pytest.mark.parametrize(("days", "earlier"), [(0, 0), (5, 5), (14, 14), (20, 14)])
def test_a_pathological_pregnancy_adds_two_weeks_before(days, earlier):
    first, last = leave(Birth(date(2026, 6, 1)), LAW)
    assert leave(Birth(date(2026, 6, 1), pathological_days=days), LAW) == (
        first - timedelta(days=earlier),
        last,
    )


def test_they_may_be_asked_for():
    asked = {"sujet": "arret_maladie", "debut": "2026-03-02", "duree": 70, "salaires": 2000}
    lines = simulate({**asked, "retraite_depuis": "2025-01-01"}, date(2026, 11, 25))["lignes"]
    assert [line["nature"] for line in lines] == ["carence", "indemnise", "retraite"]
    born = {"sujet": "maternite", "date_prevue": "2026-06-01", "salaires": 2000, "jours_pathologiques": 14}
    (line,) = simulate(born, date(2026, 11, 25))["lignes"]
    assert line["du"] == "2026-04-06"
