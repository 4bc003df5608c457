"""How stamps are worded: what most of them say, and how their numbers are spaced."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

USUAL = (
    "Médecine générale",
    "Médecin généraliste",
    "Médecin spécialiste",
    "Médecine du travail",
    "Cabinet médical",
    "Centre de santé",
    "Maison de santé pluridisciplinaire",
    "Maison médicale",
)
"""What most stamps say, word for word."""

WAYS = (
    "rue",
    "avenue",
    "boulevard",
    "place",
    "impasse",
    "allée",
    "chemin",
    "quai",
    "square",
    "route",
    "cours",
)

_GROUPS = {11: (2, 5, 8), 9: (2, 3, 8)}
"""Where an RPPS and a number of assurance maladie are parted, if they are."""

LABELS = {11: ("RPPS", "N° RPPS"), 9: ("AM", "N° AM", "Adeli", "N° Adeli")}

_STUCK_COLON = re.compile(r"(?<=[A-Za-z]) ?: ?(?=\d)")
_LAST_DOT = re.compile(r"(?<=[A-Za-zÀ-ÿ]{4})\.$")
_STRAY = re.compile(r"^[^\w(«]+|[^\w)».°]+$")
_TORN_HYPHEN = re.compile(r"(?<=\w)(?: -|- )(?=\w)")
_DOCTOR = re.compile(r"^[OD][tr] (?=[A-ZÀ-Ý])")
_NUMBERED = re.compile(r"(?P<label>\D{0,10}?)(?P<colon> ?: ?| )(?P<number>\d[\d ]{7,}\d)")
_NUMBER_SIGN = re.compile(r"^N ?['’°*o\"] ?(?=[A-Z])")
_HOUSE = re.compile(r"^(\d{1,4}(?: (?:bis|ter))? )([^\W\d]+)(?= )")


def tidied(text: str) -> str:
    """Lines as French sets them: a letter or two from what stamps say is that."""
    return "\n".join(filter(None, (_line(line) for line in text.split("\n"))))


_CAPITAL_L = re.compile(r"(?<=[a-zà-ÿ])L(?=[a-zà-ÿ])|(?<= de )L(?=a |')")
_ZERO_IN_WORD = re.compile(r"(?<=[A-ZÀ-Ý])0(?=[A-ZÀ-Ý])")
_SMALL_I_IN_WORD = re.compile(r"(?<=[A-ZÀ-Ý]{2})[il](?![a-zà-ÿ])|(?<=[A-ZÀ-Ý])l(?=[A-ZÀ-Ý])")
_LETTER_IN_NUMBER = re.compile(r"\b(?:(?=(?:\w*\d){3})[\doO]{5}|\d{2}[\doOUQDlIiSB]{3}(?= [A-ZÀ-Ý]))\b")
_DIGIT = str.maketrans("oOUQDlIiSB", "0000011158")


def plausible(line: str) -> str:
    """Twins of another kind than what they stand among: an L within small letters, a 0 or an i within
    capitals, an o within a postal code."""
    line = _SMALL_I_IN_WORD.sub("I", _ZERO_IN_WORD.sub("O", _CAPITAL_L.sub("l", line)))
    return _LETTER_IN_NUMBER.sub(lambda found: found[0].translate(_DIGIT), line)


def _line(line: str) -> str:
    line = _LAST_DOT.sub("", _STUCK_COLON.sub(" : ", _STRAY.sub("", plausible(line))))
    line = _DOCTOR.sub("Dr ", _TORN_HYPHEN.sub("-", line)).replace(" de 1a ", " de la ")
    line = _HOUSE.sub(lambda found: found[1] + _nearest(found[2], WAYS, 2), line)
    return _labelled(_nearest(line, USUAL, 2, length=1))


def _labelled(line: str) -> str:
    """The name of a number that stands alone in its line is one of few."""
    found = _NUMBERED.fullmatch(line)
    if found is None:
        return line
    known = LABELS.get(len(found["number"].replace(" ", "")), ())
    most = 1 if len(found["label"]) < 5 else 2
    label = _nearest(_NUMBER_SIGN.sub("N° ", found["label"].strip()), known, most)
    return f"{label}{' : ' if ':' in found['colon'] else ' '}{found['number']}"


def _nearest(text: str, known: Sequence[str], most: int, length: int = 9) -> str:
    """The one of `known` that is at most so many letters away; small or capital as it is written, if its
    words are so as words are."""
    ranked = sorted(
        (edits(each.lower(), text.lower()), each)
        for each in known
        if abs(len(each) - len(text)) <= min(length, most)
    )
    if not ranked or ranked[0][0] > min(most, len(text) - 1):
        return text
    away, found = ranked[0]
    return text if away == 0 and (text.isupper() or text.islower() or text.istitle()) else found


def _alike(one: str, other: str) -> int:
    """With how many letters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def edits(one: str, other: str) -> int:
    """Letters to change, put in or leave out (Levenshtein)."""
    start = _alike(one, other)  # what is mostly all of it
    one, other = one[start:][::-1], other[start:][::-1]
    end = _alike(one, other)
    one, other = one[end:], other[end:]
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


SPACE = 0.2
"""Of a digit's height: how much farther apart digits stand where a number is parted."""


def spaced_as_seen(number: str, boxes: Sequence[tuple[int, int, int, int]]) -> str:
    """A number, its digits parted where their boxes are."""
    height = float(np.median([box[3] - box[1] for box in boxes]))
    edges = np.array([after[0] - before[2] for before, after in pairwise(boxes)], float)
    middles = np.array([(after[0] + after[2] - before[0] - before[2]) / 2 for before, after in pairwise(boxes)])
    # a narrow 1 stands far from its neighbours by its edges, near by its middle: the mean is even
    gaps = (edges - np.median(edges) + middles - np.median(middles)) / 2 / max(height, 1.0)
    usual = _GROUPS.get(len(number), ())
    if usual:
        there = np.isin(np.arange(1, len(number)), usual)
        if gaps[there].mean() - gaps[~there].mean() > SPACE:
            return _parted(number, usual)
        if gaps.max() < 2.5 * SPACE:
            return number
    return _parted(number, [int(place) + 1 for place in np.flatnonzero(gaps > 1.25 * SPACE)])


def spaced_as_read(number: str, words: Sequence[str]) -> str:
    """A number parted as the words are that it was read in; by few of the usual places, by all."""
    usual = _GROUPS.get(len(number), ())
    breaks = list(accumulate(len(word) for word in words if word))[:-1]
    if breaks and set(breaks) <= set(usual):
        return _parted(number, usual)
    return _parted(number, breaks) if len(breaks) > 1 and "".join(words) == number else number


def _parted(number: str, breaks: Sequence[int]) -> str:
    return " ".join(number[a:b] for a, b in pairwise([0, *breaks, len(number)]))
