"""Names as people write them."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.lines import compare
from dossiers.names import distance, misread, normalise, sound, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Léa-Marie D'Œuvre", "LEA MARIE D OEUVRE"),
        ("  françois \n", "FRANCOIS"),
        ("Ægidius STRAßE", "AEGIDIUS STRASSE"),
        ("", ""),
    ],
)
def test_accents_case_and_marks_are_nothing(text: str, plain: str) -> None:
    assert normalise(text) == plain


def test_titles_are_no_names() -> None:
    assert words("Mme DURAND née MARTIN") == ("DURAND", "MARTIN")


def levenshtein(left: str, right: str) -> int:
    previous = list(range(len(right) + 1))
    for row, char in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            current.append(min(previous[column - 1] + (char != other), previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


@given(st.text(string.ascii_uppercase[:5], max_size=12), st.text(string.ascii_uppercase[:5], max_size=12))
def test_the_fast_distance_is_levenshtein_s(left: str, right: str) -> None:
    assert distance(left, right) == levenshtein(left, right)


@given(st.text(string.ascii_uppercase, min_size=8, max_size=12), st.randoms(use_true_random=False))
def test_three_misread_letters_are_seen_in_a_long_word(word: str, rng: random.Random) -> None:
    read = list(word)
    for place in rng.sample(range(len(word)), 3):
        read[place] = rng.choice(string.ascii_uppercase)
    assert misread(word, "".join(read)) <= 18.0
    assert misread(word, word) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RENAUD", "RENAULT"),
        ("DUPONT", "DUPOND"),
        ("MATHIEU", "MATIEU"),
        ("PHILIPPE", "FILIPE"),
        ("THOMAS", "TOMA"),
    ],
)
def test_words_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("MARTIN", "DURAND"), ("PETIT", "GRAND"), ("LEROY", "LEBRUN")])
def test_words_that_do_not_keep_their_own(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("line", "first_names"),
    [
        ("LEBLANC Martine", "Maxime"),
        ("LEBLANC Didier", "Olivier"),
        ("LEBLANC Jean-Luc", "Jean-Claude"),
        ("LEBLANC Antbony", "Antoine"),
    ],
)
def test_another_first_name_is_not_a_misread_one(line: str, first_names: str) -> None:
    assert compare(line, "Leblanc", None, first_names).first_name < 0


@pytest.mark.parametrize(
    ("line", "first_names"),
    [("LEBLANC Marline", "Martine"), ("LEBLANC 0livier", "Olivier"), ("LEBLANC Anthcny", "Anthony")],
)
def test_a_misread_first_name_is_still_that_name(line: str, first_names: str) -> None:
    assert compare(line, "Leblanc", None, first_names).first_name > 2


def test_a_neighbouring_true_name_is_told() -> None:
    assert compare("MARTIN Léa", "Martin", None, "Léo").another
    assert not compare("MARTIN Léo", "Martin", None, "Léo").another


def test_a_rare_name_and_a_common_one_count_alike_at_most() -> None:
    assert compare("ZYGMUNTOWICZ", "Zygmuntowicz", None, "Jan").surname <= 5.8


def test_nothing_read_says_nothing() -> None:
    match = compare("", "Martin", None, "Claire")
    assert (match.total, match.read) == (0.0, False)
