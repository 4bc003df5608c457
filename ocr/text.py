"""Lines of text: words, and how sure their reading is."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import engine, language, lines, rows
from ocr.cells import PX_PER_MM
from ocr.decode import Decoded
from ocr.pages import Image
from ocr.wording import plausible


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with its confidence (0-1) and its box in px of the crop."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]
    line: int


SURE = 0.995
"""A reading likelier than this by what is seen asks no language."""

WIDE = 16
"""Strings kept at a time where the language is asked: what it prefers must still be among them."""


def ranked(table: lines.Table) -> list[tuple[str, float]]:
    """The likeliest readings of one line with their probabilities, best first."""
    seen = _plain(lines.likeliest(table))
    return seen if seen[0][1] > SURE else _plain(lines.likeliest(table, WIDE, language.weight))


def _plain(readings: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Readings that differ by their spaces alone are one."""
    weights: dict[str, float] = {}
    for text, chance in readings:
        plain = " ".join(text.split())
        weights[plain] = weights.get(plain, 0.0) + chance
    return sorted(weights.items(), key=lambda each: -each[1])


def block(crop: Image) -> tuple[Image, list[ReadWord], float]:
    """The words of a block of ink (0-255, dark = much, 200 dpi), in the block as it was laid flat, and
    the probability that every line is right."""
    flat = rows.laid_flat(dusted(lines.strengthened(unshaded(crop))))
    found: list[ReadWord] = []
    chance = 1.0
    for number, row in enumerate(rows.rows_of(flat)):
        strip = lines.strip_of(row.ink)
        if strip is None:
            continue
        table = engine.line_table(strip.picture)
        seen = _words(table, strip, row.top, number)
        if seen:
            value, sure = ranked(table)[0]
            found += _worded(value, seen)
            chance *= sure
    return flat, found, chance if found else 0.0


def _words(table: lines.Table, strip: lines.Strip, top: int, number: int) -> list[ReadWord]:
    """The letters of a line parted at its spaces, each word with the chance of its least sure letter."""
    words: list[list[lines.Letter]] = [[]]
    for letter in lines.spelt(table, strip):
        if letter.char == " ":
            words.append([])
        else:
            words[-1].append(letter)
    half = lines.HEIGHT / 4 / strip.scale
    y0, y1 = top + strip.rows[0], top + strip.rows[1]
    return [
        ReadWord(
            "".join(letter.char for letter in word),
            min(letter.probability for letter in word),
            (max(0, int(word[0].x - half)), y0, int(word[-1].x + half), y1),
            number,
        )
        for word in words
        if word
    ]


BROAD_MM = 2.0
"""Broader than any stroke of a stamp."""


def unshaded(crop: Image) -> Image:
    """The ink without what is dark over more than a stroke's breadth: a shadow, the edge of a tint."""
    size = round(BROAD_MM * PX_PER_MM)
    return np.asarray(cv2.morphologyEx(crop, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8)), np.uint8)


DUST_MM2, SPECK_MM2 = 0.35, 0.075
"""Marks smaller than the one are accents and dots, or dust; smaller than the other, hardly a dot."""

LONELY_MM = {DUST_MM2: 1.8, SPECK_MM2: 0.7}
"""How far from a letter such a mark is still one of its line."""


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
    letters, lonely = large[labels], np.zeros(count, bool)
    for area, reach_mm in LONELY_MM.items():
        reach = 2 * round(reach_mm * PX_PER_MM) + 1
        near = cv2.dilate(letters, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
        beside = np.bincount(labels[near > 0], minlength=count) > 0
        lonely |= small & ~beside & (stats[:, cv2.CC_STAT_AREA] < area * PX_PER_MM**2)
    lonely &= ~_colons(stats, small)
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


def _worded(value: str, seen: list[ReadWord]) -> list[ReadWord]:
    """The words of a reading, where those that the network saw stand; evenly along them, if it saw others."""
    texts = value.split()
    if len(texts) == len(seen):
        return [replace(word, text=text) for word, text in zip(seen, texts, strict=True)]
    (x0, y0, _, _), (_, _, x1, y1) = seen[0].box, seen[-1].box
    sure, number = min(word.confidence for word in seen), seen[0].line
    pitch, at, words = (x1 - x0) / max(1, len(value)), float(x0), []
    for text in texts:
        words.append(ReadWord(text, sure, (int(at), y0, int(at + pitch * len(text)), y1), number))
        at += pitch * (len(text) + 1)
    return words


def line(crop: Image) -> Decoded:
    """One line of text with the probability that every character of it is right."""
    strip = lines.strip_of(dusted(lines.solid(lines.strengthened(crop))))
    if strip is None:
        return Decoded("", 0.0)
    (value, chance), *others = ranked(engine.line_table(strip.picture))
    return Decoded(plausible(value), min(chance, 1.0), tuple((text, p) for text, p in others[:3] if p > 1e-4))
