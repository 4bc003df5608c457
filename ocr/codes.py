"""Codes of acts: the CCAM's of seven characters, the letters of the NGAP."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from law.codes import ccam, ngap
from ocr.cells import LABELS
from ocr.decode import Decoded, Probabilities, Ranking, capitals_of, digits_of, is_blank


@lru_cache(1)
def _ccam() -> tuple[tuple[str, ...], NDArray[np.int64]]:
    codes = tuple(sorted(ccam().acts))
    places = np.array([[LABELS.index(char) for char in code] for code in codes])
    return codes, places


def warm() -> None:
    """Loads the tables of codes."""
    _ccam()
    letter_codes()


def ccam_code(cells: Probabilities) -> Decoded:
    """Four capitals and three digits, of the CCAM; None where blank."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    codes, places = _ccam()
    table = np.hstack([digits_of(cells), capitals_of(cells)])
    weights = np.prod(table[np.arange(7)[None, :], places], axis=1)
    total = float(weights.sum())
    # a code of another version of the table, misread or misspelt
    shape = float(np.prod(table[:4, 10:].max(axis=1)) * np.prod(table[4:, :10].max(axis=1)))
    ranking = Ranking(0.01 * max(shape, 1e-9) + 1e-7 + total)
    for place in np.argsort(-weights)[:4]:
        ranking.weights[codes[place]] = float(weights[place])
        ranking.rest -= float(weights[place])
    return ranking.decoded()


_WRITTEN = """
G GS VG VGS C CS V VS APC COE COB COD COF CCP MPC MCG MCS CNPSY VNPSY CSC VL CA APV APY TC TCG TCS
K KC KE KFA KFB KFC Z ZN P PRO SF SFI AMI AMK AIS D DC ID IK MD ME MM MN MP MI F U UPN N GL1 GL2 GL3
EXP EXS MTX MIS MCX MPF MEG MAF MSH MIC MPE CCX CCE PAV ASE IMT MUT MRT MU CRN CRM CRD CRS VU F E
"""
"""Letters that a doctor writes, most common first; the NGAP table adds the rest."""


@lru_cache(1)
def letter_codes() -> dict[str, float]:
    """Code -> weight beforehand."""
    weights = dict.fromkeys((code for code in ngap() if 1 <= len(code) <= 5 and code.isalnum()), 0.02)
    weights |= dict.fromkeys(_WRITTEN.split(), 0.3)
    weights |= {
        "G": 20.0,
        "GS": 6.0,
        "VG": 6.0,
        "VGS": 2.0,
        "C": 6.0,
        "CS": 4.0,
        "V": 2.0,
        "VS": 1.0,
        "APC": 4.0,
    }
    return weights


@lru_cache(128)
def _of_length(words: tuple[str, ...], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of the words so long, which they are, and the places of their characters in LABELS."""
    which = [number for number, text in enumerate(words) if len(text) == length]
    places = [[LABELS.index(char) for char in words[number]] for number in which]
    return np.array(which, np.int64), np.array(places, np.int64).reshape(-1, length)


LINE_FLOOR = 0.02
"""The least that a reading of the word as a line tells against another."""

UNPARTED = 1e-4
"""How likely a word's marks are cut into none of the ways that its letters make."""


def word(
    readings: Sequence[tuple[Probabilities, float]],
    lexicon: Mapping[str, float],
    line: Mapping[str, float] | None = None,
) -> Decoded:
    """A word of a lexicon from the ways of cutting its marks into characters, and from it as a line.

    Each way: (n, 37) probabilities, left to right, and how plausible the cutting is by itself.
    `line`: strings with their posteriors, as the network of lines reads the whole."""
    words = tuple(lexicon)
    prior = np.array([lexicon[text] for text in words])
    prior /= prior.sum()
    weights, forced, parted = np.zeros(len(words)), np.ones(len(words)), np.zeros(len(words), bool)
    rest = 1e-6
    for table, plausible in readings:
        if len(table) == 0:
            return Decoded(None, 1.0)
        both = np.hstack([digits_of(table), capitals_of(table)])
        which, places = _of_length(words, len(table))
        chars = both[np.arange(len(table)), places]
        shown = plausible * prior[which] * chars.prod(axis=1)
        forced[which] = np.where(shown > weights[which], np.minimum(1.0, 2 * chars).prod(axis=1), forced[which])
        weights[which] += shown
        parted[which] = True
        # another word than the lexicon's, spelt at random
        other = 0.01 * 0.1 ** len(table)
        rest += other * plausible * float(np.prod(table[:, :36].max(axis=1)))
    if line is not None:
        told = np.array([line.get(text, 0.0) for text in words])
        weights = np.where(parted | (told <= 0), weights, UNPARTED * prior)
        weights *= np.sqrt(told) + LINE_FLOOR
        rest *= float(np.sqrt(max(0.0, 1.0 - told.sum()))) + LINE_FLOOR
    ranking = Ranking(rest, dict(zip(words, weights.tolist(), strict=True)))
    best = ranking.decoded()
    # the only word that fits is no proof where the network does not see its letters
    return best.scaled(float(forced[words.index(best.value)]) if best.value else 1.0)


def single(char_aspect: float) -> float:
    """How plausible it is that a mark of that width to height is one character, not two that touch."""
    return float(1 / (1 + np.exp((char_aspect - 1.02) / 0.07)))
