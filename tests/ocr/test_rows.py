"""A block laid flat and parted into its lines: each mark goes to its own."""

import numpy as np
import pytest

from ocr import rows, text
from tests.ocr.drawing import drawn


@pytest.mark.parametrize("degrees", [-4.0, 0.0, 2.5])
def test_a_stamp_put_down_askew_is_laid_flat_and_parted_into_its_lines(degrees: float) -> None:
    said = ("Dr Hugo DESCHAMPS", "Médecine générale", "93 rue de la République", "59100 ROUBAIX")
    flat = rows.laid_flat(drawn(*said, degrees=degrees))
    assert rows.tilt(flat) == pytest.approx(0.0, abs=0.5)
    assert len(rows.rows_of(flat)) == len(said)


def test_no_ink_is_no_row() -> None:
    assert rows.rows_of(np.zeros((40, 300), np.uint8)) == []


def alone(*said: str, at: int, pitch: int) -> int:
    """How much ink a line has by itself, where it stands among others."""
    return int(
        (drawn(*("" if place != at else line for place, line in enumerate(said)), pitch=pitch) > 90).sum()
    )


@pytest.mark.parametrize("pitch", [30, 36])
def test_accents_dots_and_tails_stay_with_their_line(pitch: int) -> None:
    said = ("Géry QUÉGUINER", "12 place de l'Église : FÂÇY", "59280 ARMENTIÈRES : 9", "N° AM : 59 1 22624 8")
    found = rows.rows_of(drawn(*said, pitch=pitch))
    assert len(found) == len(said)
    for at, row in enumerate(found):
        assert (row.ink > 90).sum() == pytest.approx(alone(*said, at=at, pitch=pitch), abs=6)


def test_a_capital_keeps_its_accent_under_the_tails_of_the_line_above() -> None:
    said = ("Dr Gaëlle LÉGER-PÂQUY", "1 rue des Écoles", "59280 ARMENTIÈRES")
    _, found, _ = text.block(drawn(*said, pitch=30))
    assert text.joined(found) == "\n".join(said)


def test_a_speck_between_two_lines_is_neither_s() -> None:
    ink = drawn("59110 LA MADELEINE", "59100 ROUBAIX", pitch=44).copy()
    before = [row.ink.shape for row in rows.rows_of(ink)]
    ink[55:57, 500:502] = 200
    assert [row.ink.shape for row in rows.rows_of(ink)] == before
