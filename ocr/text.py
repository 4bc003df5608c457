"""Lines of text, by Tesseract: words, and how sure their reading is."""

import re
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import engine
from ocr.cells import PX_PER_MM
from ocr.decode import Decoded
from ocr.files import Image


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with its confidence (0-1) and its box in px of the crop."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]
    line: int


def words(crop: Image, block: bool = False) -> list[ReadWord]:
    """The words of a crop of ink (0-255, dark = much, 200 dpi); dust is taken away first."""
    mode = engine.ONE_BLOCK if block else engine.ONE_LINE
    found = [ReadWord(t, c / 100, b, n) for t, c, b, n in engine.recognise(dusted(crop), mode)]
    return [word for word in found if _meant(word, found)]


def _meant(word: ReadWord, found: list[ReadWord]) -> bool:
    """Signs alone are dust, but for those that stand between words."""
    if any(char.isalnum() for char in word.text):
        return True
    beside = [each for each in found if each.line == word.line]
    inside = beside[0] is not word and beside[-1] is not word
    return word.text in (":", "-", "/", "&") and inside and word.confidence > 0.15


DUST_MM2 = 0.35
LONELY_MM = 1.8


def dusted(crop: Image) -> Image:
    """The crop without small marks that stand alone: accents and dots are close to their letter."""
    binary = (crop >= 40).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
    if count < 2:
        return crop
    small = stats[:, cv2.CC_STAT_AREA] < DUST_MM2 * PX_PER_MM**2
    small[0] = False
    if not small.any():
        return crop
    large = (~small).astype(np.uint8)
    large[0] = 0
    reach = 2 * round(LONELY_MM * PX_PER_MM) + 1
    near = cv2.dilate(large[labels], cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    beside = np.bincount(labels.ravel(), weights=near.ravel(), minlength=count) > 0
    lonely = small & ~beside & ~_colons(stats, small)
    if not lonely.any():
        return crop
    return np.where(lonely[labels], 0, crop).astype(np.uint8)


def _colons(stats: NDArray[np.int32], small: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which small marks are one of two alike, one above the other: a colon stands far from its word."""
    found = np.zeros(len(stats), bool)
    marks = np.flatnonzero(small)
    if len(marks) > 200:
        return found
    x = stats[marks, cv2.CC_STAT_LEFT] + stats[marks, cv2.CC_STAT_WIDTH] / 2
    y = stats[marks, cv2.CC_STAT_TOP] + stats[marks, cv2.CC_STAT_HEIGHT] / 2
    area = stats[marks, cv2.CC_STAT_AREA].astype(float)
    across = np.abs(x[:, None] - x[None, :]) / PX_PER_MM
    down = np.abs(y[:, None] - y[None, :]) / PX_PER_MM
    alike = np.minimum(area[:, None], area[None, :]) > 0.5 * np.maximum(area[:, None], area[None, :])
    solid = area > 0.03 * PX_PER_MM**2
    pairs = (across < 0.3) & (down > 0.5) & (down < 1.8) & alike & solid[:, None] & solid[None, :]
    found[marks] = pairs.any(axis=1)
    return found


def joined(found: list[ReadWord]) -> str:
    """Lines joined by newlines, words by spaces."""
    lines: dict[int, list[str]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(each) for each in lines.values())


def line(crop: Image) -> Decoded:
    """One line of text with the probability that every character of it is right."""
    found = words(crop)
    if not found:
        return Decoded("", 0.0)
    value = " ".join(word.text for word in found)
    return Decoded(value, certainty(found))


_ODD = re.compile(r"[^0-9A-Za-zÀ-ÿŒœ'’.,:;/()°\- ]")


def certainty(found: list[ReadWord]) -> float:
    """From Tesseract's confidences: the weakest word decides, and odd signs betray a hand."""
    weakest = min(word.confidence for word in found)
    mean = float(np.mean([word.confidence for word in found]))
    odd = sum(bool(_ODD.search(word.text)) for word in found)
    score = 14.0 * (weakest - 0.80) + 10.0 * (mean - 0.88) - 1.5 * odd
    return float(1 / (1 + np.exp(-np.clip(score, -12, 12))))
