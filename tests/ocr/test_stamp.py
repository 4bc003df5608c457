"""A practitioner's stamp and amounts set as a run, from drawn ink."""

import pytest

from ocr import stamp
from ocr.text import ReadWord
from tests.ocr.drawing import drawn


def test_a_stamp_tells_its_lines_and_its_numbers() -> None:
    said = ("Dr Zoé LÉGER", "Médecine générale", "59110 LA MADELEINE", "RPPS : 10519166820", "AM 59 1 40473 1")
    told, numbers = stamp.block(drawn(*said))
    assert told.value == "\n".join(said)
    assert (numbers.rpps.value, numbers.am.value) == ("10519166820", "591404731")
    assert numbers.rpps.probability > 0.99


@pytest.mark.parametrize("misread", ["SgI4O473l", "S9T404731"])
def test_what_stands_after_a_label_is_read_as_digits_where_it_was_not_seen_to_be_a_number(
    monkeypatch: pytest.MonkeyPatch, misread: str
) -> None:
    crop, found, chance = stamp.words_of(drawn("RPPS : 10519166820", "AM 591404731"))
    number = found[-1]
    spoilt = [*found[:-1], ReadWord(misread, number.confidence, number.box, number.line)]
    monkeypatch.setattr(stamp, "words_of", lambda _: (crop, spoilt, chance))
    told, numbers = stamp.block(crop)
    assert numbers.am.value == "591404731"
    assert told.value == "RPPS : 10519166820\nAM 591404731"


def test_words_without_the_label_of_a_number_are_never_one() -> None:
    _, numbers = stamp.block(drawn("Sébastien SOLISBOI", "Tél. 0320414243", "FINESS 590781415"))
    assert (numbers.rpps.value, numbers.am.value) == (None, None)


@pytest.mark.parametrize("shown", ["30,00", "1234,56"])
def test_an_amount_set_as_a_run_is_read_with_its_comma(shown: str) -> None:
    told = stamp.amount(drawn(shown))
    assert told is not None
    assert told.value == shown.replace(",", ".")
    assert stamp.amount(drawn("NEANT")) is None
