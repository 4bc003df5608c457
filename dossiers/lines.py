"""A line read on a sheet, compared with the names of a dossier: in any order, cut or joined, misread.

By a noisy channel: each word of the line is a word of the dossier with a few letters changed, or
something else. Costs are natural logarithms.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dossiers.common_names import COMMON, FIRST_NAMES
from dossiers.names import PARTICLES, allowed_edits, letters, misread, words


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of a dossier (or several joined) that a line may show, and the names that it shows:
    naissance, usage, prenom. `weight`: how rare it is at least (-log)."""

    text: str
    kinds: tuple[str, ...]
    weight: float

    @property
    def shape(self) -> tuple[int, int, int]:
        """Its length, its letters, and how many edits are looked through."""
        return _shape(self.text)


FAMILIAR_SURNAME, FAMILIAR_FIRST_NAME = 5.8, 4.2
"""-log of how common the most common French surnames (3 in 1,000) and first names (15 in 1,000) are.

A name that agrees counts for no more than that: a rare one may count less than it could, so
that namesakes are never taken for one another."""

PARTICLE = 1.0
LETTER = 2.2
"""-log of the share, by letter, of a given string among names: how likely a misread word is to be
another person's true name instead (LEA, LEO)."""


PART = 1.5
"""Half of a compound first name: JEAN alone tells little of a Jean-Claude, less still of a Jean-Luc."""


@lru_cache(maxsize=65536)
def units(birth_name: str, use_name: str | None, first_names: str) -> tuple[Unit, ...]:
    """What lines may show of a person: each word, compounds in one word, and all without a space."""
    found: list[Unit] = []
    firsts = ["".join(words(each)) for each in first_names.split()]
    for each in first_names.split():
        found += _of_a_name(words(each), "prenom", FAMILIAR_FIRST_NAME, PART if "-" in each else None)
    for text, kind in ((birth_name, "naissance"), (use_name or "", "usage")):
        last = words(text)
        if not last or (kind == "usage" and last == words(birth_name)):
            continue
        found += _of_a_name(last, kind, FAMILIAR_SURNAME)
        if firsts:
            joined, both = "".join(last), FAMILIAR_SURNAME + FAMILIAR_FIRST_NAME
            found += [
                Unit(joined + firsts[0], (kind, "prenom"), both),
                Unit(firsts[0] + joined, (kind, "prenom"), both),
            ]
    return tuple(found)


def _of_a_name(tokens: tuple[str, ...], kind: str, weight: float, alone: float | None = None) -> list[Unit]:
    """The words of one name and their joined runs. `alone`: the weight of a word by itself."""
    each = weight if alone is None or len(tokens) == 1 else alone
    found = [Unit(token, (kind,), PARTICLE if token in PARTICLES else each) for token in tokens]
    found += [
        Unit("".join(tokens[start:end]), (kind,), weight)
        for start in range(len(tokens))
        for end in range(start + 2, min(start + 4, len(tokens) + 1))
    ]
    return found


ANOTHER_NAME = -5.3
"""log of how common another common name is, that a read word is, or is misread from."""


def _gain(unit: Unit, read: str, cost: float) -> float:
    """log P(read | this word) - log P(read | anybody's names), for a word read at `cost`.

    Anybody's: this same word, as common as it may be, misread in the same way; a rare true name
    that is written so; or another common name, as it is or misread."""
    others = math.exp(cost - LETTER * len(unit.text))
    if cost > 0.0:
        others += sum(
            math.exp(ANOTHER_NAME + cost - loss) for name, loss in _neighbours(read) if name != unit.text
        )
    return -math.log(math.exp(-unit.weight) + others)


@lru_cache(maxsize=65536)
def _neighbours(read: str) -> tuple[tuple[str, float], ...]:
    """Common names that may have been misread so, with their costs; a name itself at no cost."""
    if len(read) > LONGEST_COMMON + 2:
        return ()
    index = _without_letters()
    near = {name for left in _shortened(read) for name in index.get(left, ())}
    found = ((name, misread(name, read)) for name in near)
    return tuple((name, cost) for name, cost in found if cost < LETTER * len(read))


LONGEST_COMMON = max(map(len, COMMON))


@lru_cache(1)
def _without_letters() -> dict[str, tuple[str, ...]]:
    """Each common name by what is left of it with up to two letters taken out: two words within two
    edits of each other share such a rest."""
    index: dict[str, tuple[str, ...]] = {}
    for name in sorted(COMMON):
        for left in _shortened(name):
            index[left] = (*index.get(left, ()), name)
    return index


def _shortened(word: str) -> set[str]:
    once = {word[:place] + word[place + 1 :] for place in range(len(word))}
    if len(word) <= 4:
        return {word, *once}
    return {word, *once, *(w[:place] + w[place + 1 :] for w in once for place in range(len(w)))}


@lru_cache(maxsize=65536)
def _shape(word: str) -> tuple[int, int, int]:
    return len(word), letters(word), allowed_edits(word)


@dataclass(frozen=True, slots=True)
class LineMatch:
    """How a line compares with a person: log-ratios against a stranger's, and what was found.

    `surname`, `first_name`: log P(line | this person) - log P(line | anybody). `another`: a word taken for a
    misread first name is itself a common first name. `noise`: the words that are not the person's."""

    surname: float = 0.0
    first_name: float = 0.0
    kinds: frozenset[str] = frozenset()
    exact: bool = True
    another: bool = False
    noise: int = 0
    read: bool = False

    @property
    def total(self) -> float:
        return self.surname + self.first_name


NOISE = -2.0
"""A word of the line that is none of the person's (a stray mark, a middle name, a town)."""
NO_SURNAME = -5.0
"""The line shows no surname of the dossier: changed since, or another person's."""
NO_FIRST_NAME, OTHER_FIRST_NAME = -1.2, -5.8
"""No first name on the line; another one in its place (a brother, a mother: the usual mistake)."""
MOST_SURNAME, MOST_FIRST_NAME = 12.0, 8.0
"""However many words agree, the names of a person count for no more."""
INITIAL = 1.8
"""A first name reduced to its initial tells little, but something."""


@lru_cache(maxsize=4096)
def compare(line: str, birth_name: str, use_name: str | None, first_names: str) -> LineMatch:
    """How well `line` (several names in any order) speaks of this person."""
    read = words(line)
    if not read:
        return LineMatch()
    pairs = sorted(_pairs(read, units(birth_name, use_name, first_names)))
    gains = {"nom": 0.0, "prenom": 0.0}
    taken: set[int] = set()
    used: set[Unit] = set()
    kinds: set[str] = set()
    exact, another = True, False
    for loss, start, end, cost, _, unit in pairs:
        if unit in used or any(place in taken for place in range(start, end)):
            continue
        taken.update(range(start, end))
        used.add(unit)
        kinds.update(unit.kinds)
        first = FAMILIAR_FIRST_NAME if len(unit.kinds) > 1 else -loss if "prenom" in unit.kinds else 0.0
        gains["prenom"] += min(first, -loss)
        gains["nom"] += -loss - min(first, -loss)
        exact = exact and cost == 0.0
        shown = "".join(read[start:end])
        another = another or (cost > 0.0 and unit.kinds == ("prenom",) and shown in FIRST_NAMES)
    left = [word for place, word in enumerate(read) if place not in taken and word not in PARTICLES]
    if "prenom" not in kinds and (found := _initial(left, first_names)):
        left.remove(found)
        kinds.add("prenom")
        gains["prenom"] += INITIAL
    surname = min(gains["nom"], MOST_SURNAME) if kinds & {"naissance", "usage"} else NO_SURNAME
    missing = OTHER_FIRST_NAME if left else NO_FIRST_NAME
    first = min(gains["prenom"], MOST_FIRST_NAME) if "prenom" in kinds else missing
    # what stands in the place of a missing name is already counted against it
    explained = ("prenom" not in kinds) + (not kinds & {"naissance", "usage"})
    surname += NOISE * max(0, len(left) - explained)
    if "prenom" in kinds and first <= PART and any(word in FIRST_NAMES for word in left):
        first = OTHER_FIRST_NAME + PART  # Jean-Luc for Jean-Claude
    return LineMatch(surname, first, frozenset(kinds), exact, another, len(left), True)


def _pairs(
    read: tuple[str, ...], of_person: tuple[Unit, ...]
) -> Iterator[tuple[float, int, int, float, int, Unit]]:
    """(-gain, start, end, cost, order, unit) of each run of words that looks like a unit."""
    shapes = [unit.shape for unit in of_person]
    for start in range(len(read)):
        for end in range(start + 1, min(start + 4, len(read) + 1)):
            text = "".join(read[start:end])
            length, bits = len(text), letters(text)
            for order, unit in enumerate(of_person):
                size, shown, most = shapes[order]
                if abs(size - length) > most or (shown ^ bits).bit_count() > 2 * most:
                    continue
                if len(unit.kinds) > 1 and end - start > 1:
                    continue  # all names in one word: only where the line has lost its spaces
                if (letters(unit.text) ^ bits).bit_count() > 6:
                    continue
                cost = misread(unit.text, text)
                if cost < LETTER * length and (gain := _gain(unit, text, cost)) > 0.0:
                    yield -gain, start, end, cost, order, unit


def _initial(left: list[str], first_names: str) -> str | None:
    """J for Jean, JP for Jean-Pierre."""
    initials = {word[0] for word in words(first_names)}
    initials |= {"".join(word[0] for word in words(each)) for each in first_names.split() if words(each)}
    return next((word for word in left if word in initials), None)
