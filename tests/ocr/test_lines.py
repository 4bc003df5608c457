"""A line of text: how it is cut out, and what its probabilities mean."""

from itertools import product

import numpy as np
import pytest

from ocr import engine, extract, lines, text, wording
from ocr.forms import FormField
from ocr.frame import PX
from tests.ocr.drawing import drawn


def table_of(*steps: dict[str, float]) -> lines.Table:
    """Probabilities by character ('' for nothing new), the rest spread evenly."""
    table = np.zeros((len(steps), 1 + len(lines.CHARACTERS)))
    for row, step in zip(table, steps, strict=True):
        for char, chance in step.items():
            row[0 if not char else lines.CHARACTERS.index(char) + 1] = chance
    return table


def test_the_posteriors_of_all_strings_make_one() -> None:
    table = table_of({"a": 0.6, "": 0.4}, {"a": 0.3, "b": 0.5, "": 0.2}, {"b": 0.7, "": 0.3})
    every = {"".join(each) for count in range(4) for each in product("ab", repeat=count)}
    told = {each: lines.posterior(table, each) for each in every if each}
    nothing = 0.4 * 0.2 * 0.3
    assert sum(told.values()) + nothing == pytest.approx(1.0)
    # 'ab': a then b with repetitions and gaps, summed by hand over the ten ways
    assert max(told, key=lambda each: told[each]) == "ab"


def test_a_doubled_letter_needs_a_gap() -> None:
    close = table_of({"l": 1.0}, {"l": 1.0})
    assert lines.posterior(close, "ll") == 0.0
    assert lines.posterior(close, "l") == pytest.approx(1.0)
    parted = table_of({"l": 1.0}, {"": 1.0}, {"l": 1.0})
    assert lines.posterior(parted, "ll") == pytest.approx(1.0)


def test_the_likeliest_strings_come_with_their_own_posteriors() -> None:
    table = table_of({"A": 0.9, "R": 0.1}, {"": 1.0}, {"É": 0.55, "E": 0.45})
    told = lines.likeliest(table)
    assert [each for each, _ in told[:2]] == ["AÉ", "AE"]
    assert told[0][1] == pytest.approx(0.9 * 0.55)


def test_a_character_that_the_network_does_not_know_has_no_chance() -> None:
    assert lines.posterior(table_of({"a": 1.0}), "й") == 0.0


def test_no_ink_is_no_line() -> None:
    nothing = np.zeros((40, 300), np.uint8)
    assert lines.strip_of(nothing) is None
    assert text.line(nothing).value == ""
    assert text.block(nothing)[1:] == ([], 0.0)


def test_a_printed_line_is_read_with_its_accents() -> None:
    told = text.line(drawn("LEFÈVRE Aurélien"))
    assert told.value == "LEFÈVRE Aurélien"
    assert told.probability > 0.5


def test_the_words_of_a_block_know_where_they_stand() -> None:
    flat, found, chance = text.block(drawn("RPPS 10337109879", "N° AM : 591873627"))
    assert [word.text for word in found if word.line == 0] == ["RPPS", "10337109879"]
    number = next(word for word in found if word.text == "10337109879")
    x0, y0, x1, y1 = number.box
    inside = flat[y0:y1, x0:x1].sum() / flat[y0:y1, x0 - 12 :].sum()
    assert inside > 0.9, "its box holds its ink, and hardly any other"
    assert 0 < chance <= 1


def test_the_network_answers_once_for_every_step() -> None:
    assert engine.line_table(np.zeros((lines.HEIGHT, 120), np.uint8)).shape == (30, 1 + len(lines.CHARACTERS))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("TESSIER RaphaëlLe", "TESSIER Raphaëlle"),
        ("83 rue de La République", "83 rue de la République"),
        ("54 bis rue de L'Abbé-Lemire", "54 bis rue de l'Abbé-Lemire"),
        ("59500 D0UAI", "59500 DOUAI"),
        ("598o0 LILLE", "59800 LILLE"),
        ("59500 DOUAi", "59500 DOUAI"),
        ("59lIO LA MADELEINE", "59110 LA MADELEINE"),
        ("598U0 LILLE", "59800 LILLE"),
        ("AMI 12 MIDIS", "AMI 12 MIDIS"),
        ("DUBOlS Éric", "DUBOIS Éric"),
        ("Dr LECLERC Ali", "Dr LECLERC Ali"),
        ("59110 LA MADELEINE", "59110 LA MADELEINE"),
        ("Résidence Les Lilas, Bât. B0", "Résidence Les Lilas, Bât. B0"),
        ("OOOOO", "OOOOO"),
    ],
)
def test_a_twin_is_what_it_stands_among(read: str, meant: str) -> None:
    assert wording.plausible(read) == meant


class Sheet:
    """A frame with ink of its own and no more than a crop asks for."""

    level = 120.0

    def __init__(self, ink: np.ndarray) -> None:
        self.ink = ink

    def crop(self, box: tuple[float, float, float, float], margin: float) -> np.ndarray:
        x, y, w, h = box
        rows = slice(round((y - margin) * PX), round((y + h + margin) * PX))
        return self.ink[rows, round((x - margin) * PX) : round((x + w + margin) * PX)]


def test_an_accent_above_its_field_is_of_the_line_and_the_line_above_is_not() -> None:
    ink = drawn("59110 LA MADELEINE", "1 place de l'Église", pitch=44)
    capitals = 20 + 44 + 6  # the top of the second line's capitals: its field begins there
    field = FormField("adresse", "text", ((2.0, capitals / PX + 0.3, 60.0, 4.0),))
    crop = extract._clean(Sheet(ink), field, 0.55)  # type: ignore[arg-type]
    assert text.line(crop).value == "1 place de l'Église"


def test_a_speck_far_from_every_letter_is_dust_and_a_dot_beside_one_is_not() -> None:
    ink = drawn("DUPONT Julien.").copy()
    whole = text.dusted(ink).sum()
    assert whole == pytest.approx(ink.sum(), rel=0.002)
    ink[34:36, 260:262] = 230
    assert text.dusted(ink).sum() == pytest.approx(whole, rel=0.001)


def test_what_is_pale_all_over_is_no_mark_of_a_line() -> None:
    ink = drawn("ROUSSEL Maxime").copy()
    shadowed = ink.copy()
    shadowed[12:18, 40:600] = np.maximum(shadowed[12:18, 40:600], 85)
    assert text.line(shadowed).value == "ROUSSEL Maxime"
    kept = lines.solid(shadowed)
    assert kept[12:15, 300:600].max() == 0
    assert np.array_equal(kept[24:44], ink[24:44])
