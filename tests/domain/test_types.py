"""The plain types: keys, money, periods, states, errors."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from domain.errors import CATALOGUE, LiasseError, Refused
from domain.flow import ALLOWED, ENDED, FLOW, INITIAL, OF_A_PERSON, WITH_STAGE, State
from domain.identifiers import am_number_is_well_formed, luhn_is_valid, luhn_key, rpps_is_valid
from domain.money import euros, in_french, to_the_cent
from domain.nir import Nir, key_of
from domain.period import Period

BODIES = st.from_regex(r"[12][0-9]{2}(0[1-9]|1[0-2])([0-9]{2}|2[AB])[0-9]{6}", fullmatch=True)


@given(BODIES)
def test_a_key_is_the_one_that_another_library_computes(body: str) -> None:
    assert stdnum_nir.calc_check_digits(body) == key_of(body)


@given(BODIES, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_never_keeps_the_key(body: str, place: int, shift: int) -> None:
    if not body[place].isdigit() or place in (0, 5, 6):
        return
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert key_of(wrong) != key_of(body)


@pytest.mark.parametrize(
    "text",
    ["", "123", "9750175123456", "27501751234567", "2750X75123456", "275012C123456", "17006751234\u0665\u0666"],
)
def test_what_is_no_nir_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Nir(text)


def test_months_of_an_incomplete_civil_status_are_told_and_not_refused() -> None:
    assert Nir("1703175123456").month_is_fictive
    assert Nir("1703175123456").agrees_with(1970, 6)
    assert not Nir("1700675123456").agrees_with(1970, 7)
    assert Nir("7700675123456").is_provisional


def test_a_masked_number_shows_three_characters() -> None:
    assert Nir("1700675123456").masked() == "1••••••••••56"


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_a_luhn_key_makes_a_number_valid_and_no_other_does(digits: str) -> None:
    assert [key for key in "0123456789" if rpps_is_valid(digits + key)] == [luhn_key(digits)]


@pytest.mark.parametrize("text", ["", "1234567890", "123456789012", "1000173301\u0665", "1000173301a"])
def test_what_is_no_rpps_is_refused(text: str) -> None:
    assert not rpps_is_valid(text)


def test_the_shape_of_an_am_number() -> None:
    assert am_number_is_well_formed("591311412")
    assert not am_number_is_well_formed("59131141")
    assert not luhn_is_valid("12 34")


@pytest.mark.parametrize("text", ["30.001", "abc", "", "1e-9", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        euros(text)


def test_a_float_is_never_an_amount() -> None:
    with pytest.raises(ValueError):
        euros(30.0)  # type: ignore[arg-type]


def test_halves_of_a_cent_go_away_from_zero() -> None:
    assert to_the_cent(Decimal("41.465")) == Decimal("41.47")
    assert to_the_cent(Decimal("-41.465")) == Decimal("-41.47")


def test_amounts_are_written_as_in_french() -> None:
    assert in_french(euros("1234.5")) == "1\u202f234,50\u00a0€"


def test_a_period_is_open_on_the_right() -> None:
    month = Period(date(2026, 1, 1), date(2026, 2, 1))
    assert date(2026, 1, 1) in month
    assert date(2026, 2, 1) not in month
    with pytest.raises(ValueError):
        Period(date(2026, 1, 1), date(2026, 1, 1))


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(FLOW) == set(State)
    reached = set(INITIAL)
    while more := {to for start, to in ALLOWED if start in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_each_state_is_a_stages_or_a_persons_or_the_end() -> None:
    assert {*WITH_STAGE, *OF_A_PERSON, *ENDED} == set(State)
    assert not set(WITH_STAGE) & OF_A_PERSON
    assert not set(WITH_STAGE) & ENDED


def test_every_stage_can_give_up() -> None:
    assert all((start, State.QUARANTAINE) in ALLOWED for start in WITH_STAGE)


def test_every_error_has_a_sentence_and_a_next_step() -> None:
    for code, problem in CATALOGUE.items():
        assert code.isidentifier()
        assert 400 <= problem.status < 600
        assert problem.sentence.endswith(".")
        assert problem.next_step.endswith(".")


def test_an_unknown_code_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        Refused("jamais_vu")
    assert isinstance(Refused("fichier_vide"), LiasseError)
