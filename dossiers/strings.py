"""How likely it is that a comb or a date on paper is a given string, from what was read of it.

Everything is a natural logarithm of P(what was read | the string was meant), up to a factor that is
the same for all strings of one field; `Evidence.best` is the log-likelihood of the best string, so
that fields read with cells and fields read without compare with the law of numbers at random.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.reading import FieldReading

HUMAN = 1e-3
"""A character written wrong by the person who filled the form (copied, misheard)."""
SWAPPED = 4e-4
"""Two neighbours of a number written in the wrong order."""
LOST = 1e-3
"""A character missing or one too many, in a comb."""
NEVER = -80.0
"""The floor of a log-likelihood: no evidence is ever infinite."""


FLOOR = math.log(HUMAN / 10.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a string of `size` characters: either `cells`, for each cell the log of
    P(read | character meant), the hand's own errors included; or weighted `strings`. `best`: the
    most likely string, cell by cell."""

    size: int
    cells: tuple[Mapping[str, float], ...] = ()
    strings: tuple[tuple[str, float], ...] = ()
    doubt: float = HUMAN
    best: str = ""

    def likelihood(self, meant: str) -> float:
        """log P(read | meant), at least NEVER."""
        if self.cells:
            return self._by_cells(meant)
        total = 0.0
        for text, probability in self.strings:
            total += probability * math.exp(_channel(meant, text, self.doubt))
        return max(NEVER, math.log(total)) if total > 0.0 else NEVER

    def _by_cells(self, meant: str) -> float:
        if len(meant) != len(self.cells):
            return NEVER
        steps = [cell.get(char, FLOOR) for cell, char in zip(self.cells, meant, strict=True)]
        total = sum(steps)
        # two neighbours swapped by the hand that wrote: looked at only where both cells disagree
        if 3.0 * FLOOR < total < -8.0:
            total = max(total, self._swapped(meant, steps, total))
        return max(NEVER, total)

    def _swapped(self, meant: str, steps: list[float], total: float) -> float:
        best = NEVER
        for place in range(len(steps) - 1):
            here, there = steps[place], steps[place + 1]
            if here < -4.0 and there < -4.0 and meant[place] != meant[place + 1]:
                swapped = self.cells[place].get(meant[place + 1], FLOOR)
                swapped += self.cells[place + 1].get(meant[place], FLOOR)
                best = max(best, total - here - there + swapped + math.log(SWAPPED))
        return best


def _channel(meant: str, text: str, doubt: float) -> float:
    """log P(the reader says `text` | `meant`), each character wrong with probability `doubt`."""
    if len(meant) != len(text):
        gap = abs(len(meant) - len(text))
        if gap > 2 or not meant:
            return NEVER
        return _with_gaps(meant, text, doubt)
    wrong = [place for place in range(len(meant)) if meant[place] != text[place]]
    logp = len(wrong) * math.log(doubt / 9.0) + (len(meant) - len(wrong)) * math.log1p(-doubt)
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        if meant[first] == text[second] and meant[second] == text[first]:
            logp = max(logp, math.log(SWAPPED))
    return logp


def _with_gaps(meant: str, text: str, doubt: float) -> float:
    lost, change, right = math.log(LOST), math.log(doubt / 9.0), math.log1p(-doubt)
    previous = [lost * column for column in range(len(text) + 1)]
    for row, char in enumerate(meant, start=1):
        current = [lost * row]
        for column, other in enumerate(text, start=1):
            step = right if char == other else change
            current.append(max(previous[column - 1] + step, previous[column] + lost, current[-1] + lost))
        previous = current
    return previous[-1]


def evidence(field: FieldReading | None, size: int, also: FieldReading | None = None) -> Evidence | None:
    """The evidence of a comb field of `size` cells, with that of a second comb `also` behind it.

    None where nothing was written or nothing was read."""
    if field is None:
        return None
    cells = _cells(field, size)
    if cells is not None:
        best = "".join(max(cell, key=cell.__getitem__) for cell in cells)
        return Evidence(size, cells=cells, best=best)
    if not isinstance(field.value, str) or not field.value:
        return None
    strings = [(field.value, field.probability)]
    strings += [(each.value, each.probability) for each in field.alternatives if each.value != field.value]
    known = min(1.0, sum(probability for _, probability in strings))
    # what the reader leaves open is spread over the characters of its best string
    doubt = min(0.5, max(HUMAN, (1.0 - known) / max(1, len(field.value)) + HUMAN))
    total = sum(probability for _, probability in strings) or 1.0
    weighted = tuple((text, probability / total) for text, probability in strings if probability > 0.0)
    return Evidence(size, strings=weighted or ((field.value, 1.0),), doubt=doubt, best=field.value)


def _cells(field: FieldReading, size: int) -> tuple[Mapping[str, float], ...] | None:
    if len(field.cells) != size or field.probability >= 1.0:
        return None
    written = sum(1 for cell in field.cells if cell and max(cell, key=cell.__getitem__) != "")
    return tuple(map(_with_the_hand, field.cells)) if written * 2 > size else None


def _with_the_hand(cell: Mapping[str, float]) -> Mapping[str, float]:
    """The reader's posterior of a cell, mixed with a character written wrong."""
    return {
        char: math.log((1.0 - HUMAN) * math.exp(max(NEVER, logp)) + HUMAN / 10.0) for char, logp in cell.items()
    }


def best_strings(field: FieldReading | None, most: int = 8) -> tuple[str, ...]:
    """The strings worth looking up: the value, its alternatives, the best few by cells."""
    if field is None:
        return ()
    found: dict[str, None] = {}
    if isinstance(field.value, str) and field.value:
        found[field.value] = None
    for each in field.alternatives:
        found[each.value] = None
    if field.cells and field.probability < 1.0:
        for text in _by_cells(field.cells, most):
            found[text] = None
    return tuple(found)[:most]


UNLIKELY = 7.0
"""A character this far (in logs) behind the best of its cell is not worth a look-up."""


def _by_cells(cells: Sequence[Mapping[str, float]], most: int) -> list[str]:
    beam: list[tuple[float, str]] = [(0.0, "")]
    for cell in cells:
        top = max(cell.values(), default=0.0)
        likely = [(char, logp) for char, logp in cell.items() if logp > top - UNLIKELY]
        beam = [(score + logp, text + char) for score, text in beam for char, logp in likely]
        if len(beam) > most:
            beam = sorted(beam, reverse=True)[:most]
    return [text for _, text in sorted(beam, reverse=True)]
