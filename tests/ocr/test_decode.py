"""What the cells say and what a field may hold give one posterior: certain when both agree, else doubt."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import rpps_is_valid
from domain.nir import key_of
from ocr import amounts, codes, decode, nir, spelling, wording
from ocr.cells import LABELS
from ocr.decode import Decoded


def cells(text: str, sure: float = 0.99) -> np.ndarray:
    """(n, 37) probabilities; a space is an empty cell."""
    table = np.full((len(text), len(LABELS)), (1 - sure) / (len(LABELS) - 1))
    for row, char in zip(table, text, strict=True):
        row[LABELS.index("" if char == " " else char)] = sure
    return table


bodies = st.builds(
    lambda sex, year, month, place, rest: f"{sex}{year:02d}{month:02d}{place}{rest:06d}",
    st.integers(1, 2),
    st.integers(0, 99),
    st.integers(1, 12),
    st.one_of(
        st.integers(1, 95).filter(lambda d: d != 20).map(lambda d: f"{d:02d}"),
        st.sampled_from(["2A", "2B", "97", "99"]),
    ),
    st.integers(0, 999_999),
)


def decoded(body: str, key: str | None, sure: float = 0.99) -> list[nir.Found]:
    table = cells(body, sure)
    shown = np.hstack([decode.digits_of(table), table[:, [LABELS.index("A"), LABELS.index("B")]]])
    return nir.decode(shown, decode.digits_of(cells(key, sure)) if key else None)


@given(bodies)
def test_a_number_with_its_key_is_certain(body: str) -> None:
    best = decoded(body, key_of(body))[0]
    assert (best.body, best.key) == (body, key_of(body))
    assert best.probability > 0.99


@given(bodies, st.integers(7, 12), st.integers(1, 9))
def test_one_digit_misread_is_mended_by_the_key_or_doubted(body: str, place: int, shift: int) -> None:
    """Each single digit that is wrong breaks the key: the mended number wins, or none is sure."""
    table = cells(body, 0.99)
    wrong = (int(body[place]) + shift) % 10
    row = np.full(len(LABELS), 0.002)
    row[wrong], row[int(body[place])] = 0.60, 0.33
    table[place] = row
    shown = np.hstack([decode.digits_of(table), table[:, [LABELS.index("A"), LABELS.index("B")]]])
    best = nir.decode(shown, decode.digits_of(cells(key_of(body))))[0]
    assert best.body == body or best.probability < 0.9


@given(bodies, st.integers(1, 96))
def test_a_number_whose_key_is_wrong_is_never_certain(body: str, off: int) -> None:
    key = f"{(int(key_of(body)) + off - 1) % 97 + 1:02d}"
    best = decoded(body, key)[0]
    assert (best.body, best.key) != (body, key)
    assert best.probability < 0.98


@given(bodies)
def test_posteriors_add_up_to_no_more_than_one(body: str) -> None:
    found = decoded(body, key_of(body), 0.6)
    assert sum(each.probability for each in found) <= 1 + 1e-9
    assert [each.probability for each in found] == sorted((each.probability for each in found), reverse=True)


def test_a_fictive_month_is_read_all_the_same() -> None:
    body = "2853159350123"
    assert decoded(body, key_of(body))[0].body == body


@given(st.dates(date(1930, 1, 1), date(2026, 12, 31)))
def test_dates_are_read(day: date) -> None:
    read = decode.date(cells(day.strftime("%d%m%Y")), decode.BIRTH_YEARS)
    assert read.value == day.isoformat()
    assert read.probability > 0.9


@pytest.mark.parametrize("text", ["31022026", "00012026", "12132026", "30022024"])
def test_a_day_that_is_not_is_doubted(text: str) -> None:
    assert decode.date(cells(text), decode.CARE_YEARS).probability < 0.9


@pytest.mark.parametrize("decoder", [amounts.amount, decode.comb, codes.ccam_code])
def test_blank_cells_hold_nothing(decoder) -> None:
    read = decoder(np.tile(decode.EMPTY_CELL, (7, 1)))
    assert read.value is None
    assert read.probability > 0.99


@given(st.integers(0, 9999), st.integers(0, 99))
def test_amounts_stand_to_the_right(euros: int, cents: int) -> None:
    text = f"{euros}{cents:02d}".rjust(6)
    read = amounts.amount(cells(text, 0.999))
    assert read.value == f"{euros}.{cents:02d}"
    assert read.probability > 0.95


def test_a_sum_that_agrees_mends_and_one_that_does_not_is_kept() -> None:
    doubtful = Decoded("36.50", 0.55, (("26.50", 0.44),))
    sure = Decoded("30.00", 0.99)
    (first, second), total = amounts.reconcile([sure, doubtful], Decoded("56.50", 0.99))
    assert (first.value, second.value, total.value) == ("30.00", "26.50", "56.50")
    assert second.probability > 0.9


def test_the_same_slip_twice_is_no_proof() -> None:
    (line,), total = amounts.reconcile([Decoded("3.00", 0.8)], Decoded("3.00", 0.8))
    assert line.probability < 0.97
    assert total.probability < 0.97


def test_an_uneven_sum_is_kept_as_written() -> None:
    sure = Decoded("30.00", 0.99)
    _, total = amounts.reconcile([sure, Decoded("26.50", 0.999)], Decoded("65.50", 0.999))
    assert total.value == "65.50"


def test_codes_are_those_of_the_table() -> None:
    assert codes.ccam_code(cells("DEQP003")).value == "DEQP003"
    assert codes.ccam_code(cells("DEQPOO3")).value == "DEQP003"
    assert codes.ccam_code(cells("ZZZZ999")).probability < 0.5


def test_letters_that_touch_are_not_taken_for_one() -> None:
    whole, pair = cells("G", 0.98), cells("GS", 0.95)
    lexicon = codes.letter_codes()
    touching = [(whole, codes.single(1.4)), (pair, 1 - codes.single(1.4))]
    assert codes.word(touching, lexicon).value == "GS"
    alone = [(whole, codes.single(0.8)), (pair, 1 - codes.single(0.8))]
    assert codes.word(alone, lexicon).value == "G"


def test_a_word_is_weighed_with_what_it_is_as_a_line() -> None:
    lexicon = codes.letter_codes()
    doubtful = [(0.5 * cells("GS") + 0.5 * cells("CS"), 1.0)]
    assert codes.word(doubtful, lexicon, {"GS": 0.9, "CS": 0.1}).value == "GS"
    assert codes.word(doubtful, lexicon, {"CS": 0.9, "GS": 0.1}).value == "CS"
    agreed = codes.word(doubtful, lexicon, {"GS": 0.99})
    assert agreed.probability > codes.word(doubtful, lexicon).probability
    elsewhere = codes.word(doubtful, lexicon, {"PIZZA": 0.99})
    assert elsewhere.probability < codes.word(doubtful, lexicon).probability


def test_a_word_that_was_cut_wrongly_may_be_told_by_its_line() -> None:
    lexicon = codes.letter_codes()
    cut = [(cells("CNPSY", 0.3), 1.0)]
    told = codes.word(cut, lexicon, {"APC": 0.95})
    assert told.value == "APC"
    against, alone = (codes.word([(cells("CNPSY"), 1.0)], lexicon, line) for line in ({"APC": 0.95}, None))
    assert against.probability < alone.probability


def test_a_run_is_told_from_characters_in_cells() -> None:
    run = [(0, 0, 10, 20), (14, 0, 24, 20), (27, 17, 30, 24), (33, 0, 43, 20), (47, 0, 57, 20)]
    assert not amounts.fits_cells(run, 3, 40.0)
    assert not amounts.fits_cells([(0, 0, 24, 20), (33, 0, 57, 20)], 2, 40.0)
    assert amounts.fits_cells([(40 * i, 0, 40 * i + 11, 20) for i in range(4)], 4, 40.0)


def test_a_run_with_a_comma_is_an_amount() -> None:
    told = Decoded("3000", 0.99, (("8000", 0.004),))
    assert amounts.run_amount("30,00", told) == Decoded("30.00", 0.99, (("80.00", 0.004),))
    assert amounts.run_amount("3000", told) is None


def seen(text: str, sure: float = 0.99) -> list:
    return [(None, row) for row in cells(text, sure)]


def test_a_number_read_twice_alike_is_certain_and_unlike_is_doubted() -> None:
    alike = spelling.weighed([("591404731", 0.9)], seen("591404731"), 9, None)
    assert alike["591404731"] > 0.999
    unlike = spelling.weighed([("591404131", 0.9)], seen("591404731", 0.7), 9, None)
    assert max(unlike.values()) < 0.95


def test_the_key_of_an_rpps_decides_between_the_readers() -> None:
    rpps = "10519166820"
    off = rpps.replace("9", "4")
    told = spelling.weighed([(off, 0.9)], seen(rpps), 11, rpps_is_valid)
    assert told[rpps] > 0.99
    doubled = spelling.weighed([(rpps[:4] + rpps[3:], 0.4)], seen(rpps), 11, rpps_is_valid)
    assert doubled[rpps] > 0.99


def test_a_number_that_one_reader_alone_saw_needs_its_key() -> None:
    rpps = "10519166820"
    assert spelling.weighed([(rpps, 0.9)], [], 11, rpps_is_valid)[rpps] > 0.99
    alone = spelling.weighed([("591404731", 0.9)], [], 9, None)
    assert 0.5 < alone["591404731"] < 0.95
    assert spelling.weighed([("5914", 0.9)], [], 9, None) == {}


def test_a_stamp_speaks_in_usual_words() -> None:
    read = "Dr Zoé DUMAS\nhédecine génerale\nMEDECINE GENERALE\n59510 HEM.\nN° AM: 591233456"
    told = "Dr Zoé DUMAS\nMédecine générale\nMEDECINE GENERALE\n59510 HEM.\nN° AM : 591233456"
    assert wording.tidied(read) == told
    assert wording.tidied("1 rue des Tilleuls.") == "1 rue des Tilleuls"


def test_the_name_of_a_number_and_the_way_of_an_address_are_those_that_there_are() -> None:
    read = (
        "Or Zoé DUMAS\n-12 bis rve du Général -de-Gaulle\n59000 LILLE:\nN° ÀM :59 1 23345 6\nRPPB 10519166820"
    )
    told = "Dr Zoé DUMAS\n12 bis rue du Général-de-Gaulle\n59000 LILLE\nN° AM : 59 1 23345 6\nRPPS 10519166820"
    assert wording.tidied(read) == told


def boxes(number: str, gaps: dict[int, int]) -> list[tuple[int, int, int, int]]:
    """Digits 12 px wide (a 1 of 5) and 18 high in places 14 px apart; `gaps`: more before that digit."""
    x, found = 0, []
    for place, digit in enumerate(number):
        x += gaps.get(place, 0)
        narrow = 3 if digit == "1" else 0
        found.append((x + narrow, 0, x + 12 - narrow, 18))
        x += 14
    return found


def test_a_number_is_spaced_as_on_the_paper() -> None:
    number, usual = "591112345", {2: 7, 3: 7, 8: 7}
    assert wording.spaced_as_seen(number, boxes(number, usual)) == "59 1 11234 5"
    assert wording.spaced_as_seen(number, boxes(number, {})) == number
    assert wording.spaced_as_read(number, ["591", "112345"]) == "59 1 11234 5"
    assert wording.spaced_as_read(number, ["5911", "12345"]) == number


def test_a_broad_cell_is_less_sure_and_a_crowded_one_is_in_doubt() -> None:
    row = cells("0", 0.999)[0]
    broad = decode.doubted(row, decode.WIDE)
    crowded = decode.doubted(row, decode.CROWDED)
    assert row.max() > broad.max() > 0.5 > crowded.max()
    assert broad.sum() == pytest.approx(1)
