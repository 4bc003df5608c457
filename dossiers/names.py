"""Words of names: without accents or case, how far apart, how they sound, how likely one is misread.

Costs are natural logarithms.
"""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"Œ": "OE", "œ": "OE", "Æ": "AE", "æ": "AE", "ß": "SS", "Ø": "O", "ø": "O"})
_TITLES = frozenset(
    "M MR MME MLLE MONSIEUR MADAME MADEMOISELLE NEE NE EP EPOUSE EPX VEUVE VVE DIT DR DOCTEUR".split()  # noqa: SIM905
)
PARTICLES = frozenset(
    "DE DU DES LE LA LES D L VAN VON EL AL BEN DA DOS DI SAINT ST".split()  # noqa: SIM905
)

LONGEST = 60
"""Letters beyond these in one word are noise of the reading."""

_LOOK_ALIKE = (
    "OQ OD O0 OC OU QG DQ IL IJ I1 L1 IT TF TY EF EB EC PR PB RB RK BS S5 SG MN NH MH HK UV VY UN "
    "AH AR CG GO ZS Z2 B8 G6 AO AE WV XK"
)
_CONFUSED = frozenset(frozenset(pair) for pair in _LOOK_ALIKE.split())
"""Letters that readers, and people who copy, take for one another."""

SUBSTITUTED, CONFUSED, MISSING = 6.0, 4.5, 5.0
"""Costs of a letter read as another, as a look-alike, and of a letter lost or added."""


def normalise(text: str) -> str:
    """`Léa-Marie D'Œuvre` -> `LEA MARIE D OEUVRE`: capitals A-Z and single spaces."""
    bare = unicodedata.normalize("NFD", text.translate(_LIGATURES)).upper()
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", letters).split())


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words of a line, without titles (Mme, née, époux...)."""
    found = tuple(word[:LONGEST] for word in normalise(text).split())
    kept = tuple(word for word in found if word not in _TITLES)
    return kept or found


@lru_cache(maxsize=65536)
def distance(left: str, right: str) -> int:
    """Levenshtein's distance, bit-parallel (Myers 1999, Hyyrö 2003)."""
    if not left or not right:
        return len(left) + len(right)
    places: dict[str, int] = {}
    for place, char in enumerate(left):
        places[char] = places.get(char, 0) | 1 << place
    last = 1 << len(left) - 1
    mask = (1 << len(left)) - 1
    up, down, score = mask, 0, len(left)
    for char in right:
        match = places.get(char, 0)
        zero = ((match & up) + up ^ up) | match | down
        plus = down | ~(zero | up)
        minus = up & zero
        if plus & last:
            score += 1
        elif minus & last:
            score -= 1
        plus = plus << 1 | 1
        up = (minus << 1 | ~(zero | plus)) & mask
        down = plus & zero & mask
    return score


@lru_cache(maxsize=65536)
def misread(written: str, read: str) -> float:
    """-log P(read | written) of one word, within three edits of each other; infinity beyond a third."""
    if written == read:
        return 0.0
    allowed = allowed_edits(written)
    if abs(len(written) - len(read)) > allowed:
        return float("inf")
    if (letters(written) ^ letters(read)).bit_count() > 2 * allowed or distance(written, read) > allowed:
        return float("inf")
    previous = [MISSING * column for column in range(len(read) + 1)]
    for row, char in enumerate(written, start=1):
        current = [MISSING * row]
        for column, other in enumerate(read, start=1):
            if char == other:
                change = 0.0
            else:
                change = CONFUSED if frozenset((char, other)) in _CONFUSED else SUBSTITUTED
            current.append(
                min(previous[column - 1] + change, previous[column] + MISSING, current[-1] + MISSING)
            )
        previous = current
    return previous[-1]


def allowed_edits(word: str) -> int:
    """How many of its letters may be misread before it is another word."""
    return 1 if len(word) <= 4 else 2 if len(word) <= 7 else 3


@lru_cache(maxsize=65536)
def letters(word: str) -> int:
    """The set of a word's characters, as bits: one edit changes two of them at most."""
    found = 0
    for char in word:
        found |= 1 << ord(char) - 48
    return found


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A key that words which sound alike in French mostly share (`RENAUD`, `RENO`, `RENAULT`)."""
    text = normalise(word).replace(" ", "")
    for pattern, sounds in _SOUNDS:
        text = pattern.sub(sounds, text)
    return text or normalise(word)[:1]


_SOUNDS = tuple(
    (re.compile(pattern), sounds)
    for pattern, sounds in (
        (r"(.)\1+", r"\1"),
        (r"PH", "F"),
        (r"(?:E?AU|O)(?:LT|D|T|X|S)?$", "O"),
        (r"E?AU", "O"),
        (r"(?:AI|EI|AY|EY|ET$|ER$|EZ$)", "E"),
        (r"Y", "I"),
        (r"S?CH|SH", "8"),
        (r"C(?=[EI])|Z|Ç", "S"),
        (r"QU?|C|K", "K"),
        (r"G(?=[EI])", "J"),
        (r"GU(?=[EI])", "G"),
        (r"W", "V"),
        (r"H", ""),
        (r"(?:AN|AM|EN|EM)(?![AEIOU])", "1"),
        (r"(?:IN|IM|UN|UM)(?![AEIOU])", "2"),
        (r"(?:ON|OM)(?![AEIOU])", "3"),
        (r"(?<=.)[DTSXPE]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)
