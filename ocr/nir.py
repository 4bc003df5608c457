"""Decoding of a NIR and its key from the cells' probabilities: exact, over every well-formed number.

The key is 97 - (number mod 97), so a walk over the digits that keeps only the remainder sums the
probability of all numbers at once (forward) and finds the likeliest few (Viterbi, a short list per
remainder). What comes out is a posterior, not a score.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.nir import key_of

Probabilities = NDArray[np.float64]

KEPT = 4
"""Numbers kept per remainder: enough for the alternatives shown."""

ILL_FORMED = 0.004
"""Prior that what is written is no valid number with its key (a slip of the writer's pen)."""


@dataclass(frozen=True, slots=True)
class Found:
    """`body`: 13 characters; `key`: 2; `probability`: that both are what is written."""

    body: str
    key: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class _Token:
    """A group of cells taken together: what each value spells and how likely it is beforehand."""

    cells: tuple[int, ...]
    texts: tuple[str, ...]
    values: NDArray[np.int64]
    prior: Probabilities
    columns: NDArray[np.int64]
    """(values, cells) columns of the cells' probabilities: 0-9, then A and B."""
    before: NDArray[np.int64]
    """(values, 97) the remainder that leads to each remainder."""


def _token(cells: tuple[int, ...], priors: dict[str, float]) -> _Token:
    texts = tuple(priors)
    values = np.array([int(text.replace("2A", "19").replace("2B", "18")) for text in texts])
    weights = np.array([priors[text] for text in texts])
    columns = np.array([[10 + "AB".index(c) if c in "AB" else int(c) for c in text] for text in texts])
    shift = 10 ** len(cells) % 97
    after = (np.arange(97)[None, :] * shift + values[:, None]) % 97
    before = np.argsort(after, axis=1, kind="stable")
    return _Token(cells, texts, values, weights / weights.sum(), columns, before)


@lru_cache(1)
def _tokens() -> tuple[_Token, ...]:
    sex = {str(digit): weight for digit, weight in zip(range(1, 9), (400, 400, 2, 2, 1, 1, 4, 4), strict=True)}
    months = {f"{month:02d}": 80.0 for month in range(1, 13)}
    # 20 to 42 and 50 to 99: the état civil was incomplete (decree 82-103)
    months |= {f"{month:02d}": 0.15 for month in (*range(20, 43), *range(50, 100))}
    places = {f"{place:02d}": 1.0 for place in range(1, 96) if place != 20}
    places |= {"2A": 0.4, "2B": 0.4, "20": 0.3, "96": 0.1, "97": 2.0, "98": 0.2, "99": 8.0}
    digit = {str(value): 1.0 for value in range(10)}
    return (
        _token((0,), sex),
        _token((1,), digit),
        _token((2,), digit),
        _token((3, 4), months),
        _token((5, 6), places),
        *(_token((cell,), digit) for cell in range(7, 13)),
    )


def decode(cells: Probabilities, key: Probabilities | None) -> list[Found]:
    """The likeliest numbers, best first, each with its posterior.

    `cells`: (13, 12) probabilities of 0-9, A, B in each cell; `key`: (2, 10), or None where the key is
    blank (only the structure then helps). Rows need not sum to one.
    """
    forward = np.zeros(97)
    forward[0] = 1.0
    best = np.full((97, 1), -np.inf)
    best[0] = 0.0
    trail: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    with np.errstate(divide="ignore"):
        for token in _tokens():
            weight = token.prior.copy()
            for place, cell in enumerate(token.cells):
                weight *= cells[cell, token.columns[:, place]]
            forward = np.einsum("v,vr->r", weight, forward[token.before])
            best, step = _advance(best, np.log(weight), token.before)
            trail.append(step)
        tail = np.ones(97)
        if key is not None:
            written = 97 - np.arange(97)
            tail = key[0, written // 10] * key[1, written % 10]
        total = float((forward * tail).sum())
        final = best + np.log(tail)[:, None]
    return _answers(final, trail, total, float(forward.sum()), cells, key)


def _advance(
    best: NDArray[np.float64], weight: NDArray[np.float64], before: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """One token further: the KEPT best ways into each remainder, and where they came from."""
    kept = best.shape[1]
    ways = best[before] + weight[:, None, None]  # (values, 97, kept)
    flat = ways.transpose(1, 0, 2).reshape(97, -1)
    count = min(KEPT, flat.shape[1])
    chosen = np.argpartition(-flat, count - 1, axis=1)[:, :count]
    value, rank = chosen // kept, chosen % kept
    came = before[value, np.arange(97)[:, None]]
    return np.take_along_axis(flat, chosen, axis=1), (value, came, rank)


def _answers(
    final: NDArray[np.float64],
    trail: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]],
    total: float,
    unkeyed: float,
    cells: Probabilities,
    key: Probabilities | None,
) -> list[Found]:
    order = np.argsort(-final, axis=None)[:KEPT]
    everything = total
    if key is not None:
        # a number whose key is wrong on the paper: its shape right, or nothing right
        shaped = 0.9 * unkeyed + 0.1 * 1e-13 * float(np.prod(cells[:, :10].sum(axis=1)))
        stray = shaped * float(np.prod(key.sum(axis=1))) / 100
        everything = (1 - ILL_FORMED) * total + ILL_FORMED * stray
    valid = 1.0 if key is None else 1 - ILL_FORMED
    found = []
    for place in order:
        remainder, rank = divmod(int(place), final.shape[1])
        score = float(final[remainder, rank])
        if not np.isfinite(score):
            continue
        texts = []
        here, at = remainder, rank
        for token, (value, came, before_rank) in zip(reversed(_tokens()), reversed(trail), strict=True):
            texts.append(token.texts[int(value[here, at])])
            here, at = int(came[here, at]), int(before_rank[here, at])
        body = "".join(reversed(texts))
        share = valid * np.exp(score) / max(everything, 1e-300)
        found.append(Found(body, key_of(body), float(min(share, 1.0))))
    return found
