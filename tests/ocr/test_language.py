"""What French names and addresses say where pixels leave two characters open, and where they do not."""

import math
from collections import Counter

import numpy as np
import pytest

from ocr import language, lines, text
from ocr.train import language as counting


def _read(shown: str, doubt: dict[int, dict[str, float]]) -> lines.Table:
    """A line whose characters are seen surely but for `doubt`: by place, characters with their probabilities,
    '' for none."""
    table = np.full((2 * len(shown), 1 + len(lines.CHARACTERS)), 1e-7)
    for place, char in enumerate(shown):
        for other, chance in doubt.get(place, {char: 1 - 1e-4}).items():
            table[2 * place, lines.CHARACTERS.index(other) + 1 if other else 0] = chance
        table[2 * place + 1, 0] = 1 - 1e-4
    return table / table.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("shown", "doubt", "told"),
    [
        ("69 rue Vationale", {7: {"V": 0.6, "N": 0.4}}, "69 rue Nationale"),
        ("59800 LlLLE", {7: {"l": 0.6, "I": 0.4}}, "59800 LILLE"),
        ("BERTRAND Françoisé", {17: {"é": 0.6, "e": 0.4}}, "BERTRAND Françoise"),
        ("DANIEL LUcie", {8: {"U": 0.6, "u": 0.4}}, "DANIEL Lucie"),
        ("Dr Anaïs FOUSSEL", {9: {"F": 0.6, "R": 0.4}}, "Dr Anaïs ROUSSEL"),
    ],
)
def test_what_is_open_is_told_by_what_there_is(
    shown: str, doubt: dict[int, dict[str, float]], told: str
) -> None:
    assert text.ranked(_read(shown, doubt))[0][0] == told


def test_what_is_seen_stays() -> None:
    """A name is what stands there: letters that are seen stay, however odd the name."""
    for odd in ("69 rue Vationale", "Xqyzwk BRZTGHJ", "McDONALD Ian", "59800 LlLLE"):
        doubt = {place: {char: 0.996, "e": 0.004} for place, char in enumerate(odd) if char not in "e "}
        assert text.ranked(_read(odd, doubt))[0][0] == odd


def test_no_number_is_likelier_than_another() -> None:
    for before in ("RPPS 10", "59", "", "12 rue"):
        assert len({language.weight(before, digit) for digit in "0123456789"}) == 1


def test_nothing_is_put_where_nothing_is() -> None:
    """A smudge after a name may be an e; but no name goes on so."""
    smudge = {18: {" ": 0.6, "": 0.4}, 19: {"e": 0.6, "": 0.4}}
    assert text.ranked(_read("Dr Gaelle ROUSSEAU e", smudge))[0][0] == "Dr Gaelle ROUSSEAU"


def test_shares_of_readings_are_probabilities() -> None:
    told = text.ranked(_read("RUE NATI0NALE", {8: {"0": 0.5, "O": 0.5}, 4: {"N": 0.5, "M": 0.5}}))
    assert sum(chance for _, chance in told) == pytest.approx(1.0)
    assert told == sorted(told, key=lambda each: -each[1])


def test_counted_chances_of_all_next_characters_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a run of characters, those that were counted and those that were not share one."""
    monkeypatch.setattr(counting, "LEAST", 1)
    runs: Counter[str] = Counter()
    for line in ("\nabc\n", "\nabd\n", "\nbcd\n"):
        for end in range(2, len(line) + 1):
            runs.update(line[start:end] for start in range(end))
    known = counting.weighed(runs)
    signs = "\nabcd"

    def after(before: str) -> float:
        return sum(math.exp(known.after(before, sign) - language.cased(before, sign)) for sign in signs)

    first = after("")  # what is left to characters never counted at all
    assert first < 1
    for before in ("\nab", "\nbc", "b", "\n"):
        assert after(before) <= 1 + 0.01
        assert after(before) > first


def test_a_shadow_goes_and_strokes_stay() -> None:
    crop = np.zeros((120, 400), np.uint8)
    crop[:40] = np.linspace(90, 0, 40)[:, None]
    crop[60:90, 100:104] = 200
    plain = text.unshaded(crop)
    assert plain[:40].max() < 25
    assert (plain[62:88, 100:104] == 200).all()
