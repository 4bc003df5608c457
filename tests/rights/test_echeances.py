"""Dates that the code gives: to the day."""

from datetime import date

import pytest

from law import load
from rights.echeances import kept_cash_rights_until, last_day_after_titre, next_quarter, prescribed_on

LAW = load()


@pytest.mark.parametrize(("expired", "last", "removed"), [
    (date(2026, 3, 15), date(2026, 9, 30), date(2026, 5, 31)),
    (date(2026, 3, 31), date(2026, 9, 30), date(2026, 5, 31)),
    (date(2025, 8, 31), date(2026, 2, 28), date(2025, 10, 31)),
    (date(2025, 12, 1), date(2026, 6, 30), date(2026, 2, 28)),
])  # fmt: skip
def test_six_months_after_a_titre(expired, last, removed):
    assert last_day_after_titre(expired, LAW)[0] == last
    told = last_day_after_titre(expired, LAW, removal=True)
    assert (told[0], told[1].article) == (removed, "CSS R111-4 4°")


@pytest.mark.parametrize(("day", "start", "end"), [
    (date(2024, 1, 1), date(2024, 4, 1), date(2026, 4, 1)),
    (date(2024, 9, 30), date(2024, 10, 1), date(2026, 10, 1)),
    (date(2024, 10, 1), date(2025, 1, 1), date(2027, 1, 1)),
    (date(2024, 12, 31), date(2025, 1, 1), date(2027, 1, 1)),
])  # fmt: skip
def test_two_years_from_the_next_quarter(day, start, end):
    assert next_quarter(day) == start
    assert prescribed_on(day, LAW)[0] == end
    cash, told = prescribed_on(day, LAW, cash=True)
    assert (cash, told.article, told.parameter) == (end, "CSS L332-1", "delais.prescription_especes")


def test_cash_rights_kept_for_a_year():
    last, told = kept_cash_rights_until(date(2026, 1, 31), LAW)
    assert (last, told.value, told.certainty) == (date(2027, 1, 31), "12\u00a0mois", "lu")
