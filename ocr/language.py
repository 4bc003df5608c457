"""How likely French names, addresses and stamps go on with a character, after those before it.

Where a line's pixels leave two letters open, what people are called and where they live tells them apart:
there is a rue *Nationale* and no *Vationale*. It knows runs of up to six characters, counted by
ocr.train.language, small and capital letters as one; digits are all alike, for no number is likelier than
another; and apart from that, whether a letter is a capital."""

import io
import math
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path

import numpy as np

from ocr.lines import CHARACTERS

ORDER = 6
"""Characters of the longest run."""

EDGE = "\n"
"""Before the first character of a line, and after its last."""

UNHEARD = -12.0
"""Natural logarithm of how likely a character that was never counted comes next."""

DIGIT = math.log(0.1)

TRUST = 0.35
"""What the language counts beside the pixels, as a power: lines are not drawn from what was counted."""

PLAIN = -3.0
"""Natural logarithm of a chance that speaks neither for a character nor against it."""


class Table:
    """Numbers by runs of characters, in ten bytes each."""

    def __init__(self, runs: Mapping[str, int]) -> None:
        keys = {key: value for run, value in runs.items() if (key := key_of(run)) is not None}
        self.keys = array("Q", sorted(keys))
        self.values = array("H", (keys[key] for key in self.keys))

    def of(self, run: str) -> int | None:
        key = key_of(run)
        if key is None:
            return None
        place = bisect_left(self.keys, key)
        return self.values[place] if place < len(self.keys) and self.keys[place] == key else None


@dataclass(frozen=True, slots=True)
class Language:
    """Natural logarithms, in hundredths and their sign turned. `chances`: by run, of its last character after
    the others; `left`: by run, of what is left to characters that were never counted after it."""

    chances: Table
    left: Table

    def after(self, before: str, char: str) -> float:
        """Natural logarithm of how likely `char` comes after `before`, the end of a line's beginning."""
        run, last = folded(before[1 - ORDER :]), folded(char)
        chance = cased(before, char) + (DIGIT if last == "0" else 0.0)
        while (known := self.chances.of(run + last)) is None:
            if not run:
                return chance + UNHEARD
            chance -= (self.left.of(run) or 0) / 100
            run = run[1:]
        return chance - known / 100


_DIGITS = str.maketrans("123456789", "000000000")


def folded(text: str) -> str:
    """Without capitals, and each digit a 0."""
    return text.lower().translate(_DIGITS)


_CODES = {sign: code for code, sign in enumerate(sorted({EDGE, *folded(CHARACTERS)}), start=1)}
_BITS = len(_CODES).bit_length()


def key_of(run: str) -> int | None:
    """A run of characters as a number; None where one of them is none of those that are read."""
    key = 0
    for sign in run:
        code = _CODES.get(sign)
        if code is None:
            return None
        key = key << _BITS | code
    return key


_FIRST = (math.log(0.25), math.log(0.75))
"""How likely the first letter of a word is a small one, a capital."""

_SECOND, _ALIKE, _UNLIKE = math.log(0.5), math.log(0.997), math.log(0.0025)
"""How likely a second letter after a capital is either; a letter is like those before it; unlike them."""


def cased(before: str, char: str) -> float:
    """Natural logarithm of how likely `char` is a capital, or a small letter, as it is."""
    if not char.isalpha():
        return 0.0
    capital = char.isupper()
    if not before[-1:].isalpha():
        return _FIRST[capital]
    capitals = before[-1].isupper()
    if capitals and not before[-2:-1].isalpha():
        return _SECOND
    return _ALIKE if capitals == capital else _UNLIKE


@lru_cache(1)
def french() -> Language:
    """What ocr/models/language.npz tells."""
    tables = []
    with np.load(io.BytesIO((resources("ocr") / "models" / "language.npz").read_bytes())) as held:
        for name in ("chances", "left"):
            table = Table({})
            table.keys.frombytes(held[f"{name}_keys"].astype(np.uint64).tobytes())
            table.values.frombytes(held[f"{name}_values"].astype(np.uint16).tobytes())
            tables.append(table)
    return Language(*tables)


def write(language: Language, path: Path) -> None:
    np.savez_compressed(
        path,
        chances_keys=np.array(language.chances.keys),
        chances_values=np.array(language.chances.values),
        left_keys=np.array(language.left.keys),
        left_values=np.array(language.left.values),
    )


@lru_cache(1 << 14)
def _weight(before: str, char: str) -> float:
    return math.exp(TRUST * (french().after(before, char) - PLAIN))


def weight(text: str, char: str) -> float:
    """What `char` after `text`, the beginning of a line, weighs by the language; EDGE: that the line ends."""
    return _weight(text[-ORDER:] if len(text) >= ORDER else EDGE + text, char)
