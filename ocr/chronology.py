"""The dates of one sheet, weighed together: care goes on from day to day, and the form is mostly signed on
the last day of care.

A date that its neighbours confirm becomes surer, within bounds: what makes one 9 an 8 makes the other
too. One that they contradict loses what they doubt, and none is accepted on the word of the others."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ocr.decode import Days, Decoded

Table = NDArray[np.float64]

CANDIDATES = 10
"""Readings of each date that are looked at."""

MOST = 3.0
"""By what the odds of a date grow at most: the same pen and the same print slip alike."""

ANY_DAY = 1 / 3000
"""Of a neighbour of which nothing is known."""


def _fading(far: Table) -> Table:
    """exp(-far); 1 on the other side, whose exponential half a century would overflow."""
    return np.exp(-np.maximum(far, 0.0))


def _between(days: Table) -> Table:
    """Probability of one more line so many days later."""
    after = np.where(days > 0, 0.80 * _fading(days / 25) / 25 + 0.05 / 800, 0.0)
    before = np.where(days < 0, 0.03 * _fading(-days / 15) / 15 + 0.01 / 800, 0.0)
    return np.where(days == 0, 0.11, after + before)


def _signed(days: Table) -> Table:
    """Probability that the form is of so many days after the last line."""
    after = np.where(days > 0, 0.16 * _fading(days / 25) / 25 + 0.02 / 800, 0.0)
    return np.where(days == 0, 0.8, after + np.where(days < 0, 0.02 / 800, 0.0))


def weighed(alone: Mapping[str, Days], signed: bool) -> dict[str, Decoded]:
    """Dates in the order of the sheet, each by its own cells -> each in the light of all.

    `signed`: the last is the form's own."""
    texts = sorted({text for days in alone.values() for text, _ in days.likeliest(CANDIDATES)})
    numbers = np.array([date.fromisoformat(text).toordinal() for text in texts], float)
    own = np.array([[days.weight(text) for text in texts] for days in alone.values()])
    own = np.hstack([own, [[days.total()] for days in alone.values()] - own.sum(axis=1, keepdims=True)])
    own = np.maximum(own, 0.0) / own.sum(axis=1, keepdims=True)
    apart = numbers[None, :] - numbers[:, None]
    steps = [_between] * (len(alone) - 1)
    if signed:
        steps[-1] = _signed
    tables = [np.pad(step(apart), (0, 1), constant_values=ANY_DAY) for step in steps]
    return {name: _ranked(texts, row) for name, row in zip(alone, _marginals(own, tables), strict=True)}


def _marginals(own: Table, steps: Sequence[Table]) -> Table:
    """Of a chain: (n, k) weights of each link, n - 1 tables (k, k) from one to the next."""
    forth, back = own.copy(), np.ones_like(own)
    for place, step in enumerate(steps, start=1):
        forth[place] = (forth[place - 1] @ step) * own[place]
        forth[place] /= forth[place].sum()
    for place in range(len(own) - 2, -1, -1):
        back[place] = steps[place] @ (own[place + 1] * back[place + 1])
        back[place] /= back[place].sum()
    both = forth * back
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _ranked(texts: Sequence[str], row: Table) -> Decoded:
    order = [int(place) for place in np.argsort(-row[:-1])[:4]]
    others = tuple((texts[place], float(row[place])) for place in order[1:] if row[place] > 1e-4)
    return Decoded(texts[order[0]], float(row[order[0]]), others)


def tempered(after: Decoded, alone: Days, before: Decoded) -> Decoded:
    """`after`, its odds at most MOST times what its own cells gave. `before`: as decoded by itself."""
    own = before.probability * alone.weight(str(after.value)) / max(alone.weight(str(before.value)), 1e-300)
    own = min(own, 1 - 1e-9)
    odds = MOST * own / (1 - own)
    return Decoded(after.value, min(after.probability, odds / (1 + odds)), after.others)
