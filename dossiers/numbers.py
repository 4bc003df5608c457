"""The lines of a form that carry a NIR: how likely they are for one number, and for numbers at random."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain.nir import key_of
from domain.reading import FieldReading
from dossiers.strings import FLOOR, NEVER, Evidence, evidence

LOG_NUMBERS = math.log(2 * 90 * 12 * 95 * 200 * 200)
"""How many numbers people have, as far as chance goes: sexes, years, months, départements, and the
two hundred communes and orders that are common in each (not all thousands are in use)."""

_CORSICA = {"2A": "19", "2B": "18"}


@lru_cache(maxsize=65536)
def key_or_none(body: str) -> str | None:
    """The key of thirteen characters, or None where they are no NIR."""
    try:
        return key_of(body)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class NirLine:
    """The comb of thirteen cells and its key of two. `at_random`: log P(read | a number drawn from
    the whole country)."""

    body: Evidence
    key: Evidence | None
    at_random: float

    def ratio(self, nir: str | None) -> float:
        """log P(read | this number) - log P(read | any number), bounded below."""
        if nir is None:
            return NEVER
        key = key_or_none(nir)
        if key is None:
            return NEVER
        total = self.body.likelihood(nir)
        if self.key is not None:
            total += self.key.likelihood(key)
        return max(NEVER, total - self.at_random)


def nir_line(fields: Mapping[str, FieldReading], name: str) -> NirLine | None:
    """The line `name` (`beneficiaire_nir`, `assure_nir`) with its key, or None where it is blank."""
    body = evidence(fields.get(name), 13)
    if body is None:
        return None
    key = evidence(fields.get(f"{name}_cle"), 2)
    return NirLine(body, key, _any_number(body, key) - LOG_NUMBERS)


def _any_number(body: Evidence, key: Evidence | None) -> float:
    """log of the sum of P(read | number) over numbers, near the best reading.

    Without a key every string is a number. With one, only those whose key agrees count: the best
    reading, and those one character away."""
    if key is None:
        return 0.0
    likely = _keys_likely(key)
    starts = [body.best] if body.cells else [text for text, _ in body.strings[:3]]
    total = math.exp(NEVER)
    for text in starts:
        digits = text[:5] + _CORSICA.get(text[5:7], text[5:7]) + text[7:]
        if len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
            continue
        base = int(digits) % 97
        own = body.likelihood(text)
        total += math.exp(own + likely[96 - base])
        total += sum(
            math.exp(own + step + likely[96 - (base + change) % 97])
            for step, change in _changes(body, text, digits)
        )
    return min(0.0, math.log(total))


def _keys_likely(key: Evidence) -> list[float]:
    """log P(read | key) of the keys 01 to 97."""
    if len(key.cells) != 2:
        return [key.likelihood(each) for each in _KEYS]
    tens, ones = ([cell.get(digit, FLOOR) for digit in "0123456789"] for cell in key.cells)
    return [tens[rest // 10] + ones[rest % 10] for rest in range(1, 98)]


_KEYS = tuple(f"{rest:02d}" for rest in range(1, 98))
_POWERS = tuple(pow(10, 12 - place, 97) for place in range(13))


def _changes(body: Evidence, text: str, digits: str) -> list[tuple[float, int]]:
    """For each number one digit away: by how much less likely it is, and its change modulo 97."""
    found: list[tuple[float, int]] = []
    flat, least = math.log(body.doubt / 9.0), math.log(1e-4)
    for place in range(13):
        if text[place] != digits[place]:
            continue
        here = int(digits[place])
        cell = body.cells[place] if body.cells else None
        best = cell.get(text[place], NEVER) if cell is not None else 0.0
        for other in range(10):
            if other == here:
                continue
            step = flat if cell is None else cell.get(str(other), NEVER) - best
            found.append((max(step, least), (other - here) * _POWERS[place] % 97))
    return found
