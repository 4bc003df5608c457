"""A practitioner's stamp: its lines, and the numbers that it bears.

A number is read by the network of lines and by that of cells; what they read is weighed together, with the
key of an RPPS."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.identifiers import rpps_is_valid
from ocr import amounts, engine, lines
from ocr.decode import Decoded
from ocr.pages import Image
from ocr.spelling import Spelt, spelt, weighed
from ocr.text import ReadWord, dusted, joined
from ocr.text import block as words_of
from ocr.wording import spaced_as_read, spaced_as_seen, tidied


@dataclass(frozen=True, slots=True)
class Numbers:
    rpps: Decoded
    am: Decoded


@dataclass(frozen=True, slots=True)
class _Run:
    """A number of eight digits and more, its words and their box, and the words before it in its line."""

    digits: str
    words: tuple[ReadWord, ...]
    box: tuple[int, int, int, int]
    label: str


def block(crop: Image) -> tuple[Decoded, Numbers]:
    """A block of lines, and the practitioner's numbers on it.

    A number that is sure takes the place of what the line says."""
    crop, found, chance = words_of(crop)
    if not found:
        return Decoded("", 0.0), Numbers(Decoded(None, 0.5), Decoded(None, 0.5))
    rpps, am = Decoded(None, 0.9), Decoded(None, 0.9)
    runs = _runs(found)
    for run in [*runs, *_blurred(found, runs)]:
        if _OTHER_NUMBER.search(run.label):
            continue
        length = _expected(run)
        if length not in (9, 11):
            continue
        seen = spelt(crop, run.box, length)
        readings = [(run.digits, min(word.confidence for word in run.words))]
        if not run.digits:
            readings = _as_digits(crop, run.box)
        key = _is_rpps if length == 11 else None
        told = _ranked(weighed(readings, seen, length, key))
        if told is None:
            continue
        if key is not None and not key(str(told.value)):
            told = told.scaled(0.15)  # no doctor has that number, however well it was read
        if length == 11:
            rpps = _better(rpps, told)
        else:
            am = _better(am, told)
        if told.probability > (0.9 if len(run.digits) == length else 0.4):
            found = _respelt(found, run, str(told.value), told.probability, seen)
    return Decoded(tidied(joined(found)), chance), Numbers(rpps, am)


def _is_rpps(number: str) -> bool:
    """Its key holds, and it begins as those of doctors do."""
    return rpps_is_valid(number) and number.startswith("10")


def _as_digits(crop: Image, box: tuple[int, int, int, int]) -> list[tuple[str, float]]:
    """The digits of a box if it holds nothing else; never sure, for it was not seen to be a number."""
    x0, y0, x1, y1 = box
    strip = lines.strip_of(crop[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 4])
    if strip is None:
        return []
    table = engine.line_table(strip.picture)
    table[:, _NO_DIGITS] = 0.0
    table /= np.maximum(table.sum(axis=1, keepdims=True), 1e-9)
    text, chance = lines.likeliest(table)[0]
    return [(text.replace(" ", ""), min(chance, 0.5))]


_NO_DIGITS = [place + 1 for place, char in enumerate(lines.CHARACTERS) if char not in " 0123456789"]


def _ranked(weights: Mapping[str, float]) -> Decoded | None:
    ranked = sorted(weights.items(), key=lambda each: -each[1])
    if not ranked:
        return None
    (value, chance), *others = ranked
    return Decoded(value, chance, tuple((text, p) for text, p in others[:3] if p > 1e-4))


_STUCK = re.compile(r"(.*[A-Za-zÀ-ÿ:;'’.,°])(\d{2,})")


def _unstuck(word: ReadWord) -> list[ReadWord]:
    """A label that stands too close to its number, parted from it."""
    stuck = _STUCK.fullmatch(word.text)
    if stuck is None or not any(char.isalpha() for char in stuck[1]):
        return [word]
    x0, y0, x1, y1 = word.box
    cut = round(x0 + (x1 - x0) * len(stuck[1]) / len(word.text))
    label = ReadWord(stuck[1], word.confidence, (x0, y0, cut, y1), word.line)
    return [label, ReadWord(stuck[2], word.confidence, (cut, y0, x1, y1), word.line)]


def _expected(run: _Run) -> int:
    """How many digits a number should have: one of a long run is easily read twice."""
    named = re.findall(r"rpps|\bam\b|adeli", run.label, re.IGNORECASE)
    if (named and named[-1].lower() == "rpps") or 11 <= len(run.digits) <= 12:
        return 11
    return 9 if len(run.digits) <= 10 else len(run.digits)


def _respelt(found: list[ReadWord], run: _Run, number: str, chance: float, seen: Spelt) -> list[ReadWord]:
    """The number put in the place of its words, spaced as it is on the paper."""
    boxes = [glyph.box for glyph, _ in seen]
    as_read = spaced_as_read(number, [re.sub(r"[^0-9]", "", word.text) for word in run.words])
    parted = as_read.count(" ") > 1
    text = as_read if parted or len(boxes) != len(number) else spaced_as_seen(number, boxes)
    parts = [part for word in found for part in (_unstuck(word) if word.line == run.words[0].line else [word])]
    first = parts.index(run.words[0])
    put = ReadWord(text, chance, run.box, run.words[0].line)
    rest = [word for word in parts if word not in run.words]
    return [*rest[:first], put, *rest[first:]]


def amount(crop: Image) -> Decoded | None:
    """An amount printed as a run, '30,00', by both networks; None where it is none."""
    strip = lines.strip_of(lines.solid(dusted(crop)))
    if strip is None:
        return None
    read = lines.likeliest(engine.line_table(strip.picture))
    shown, trust = next((each for each in read if amounts.is_run(each[0])), ("", 0.0))
    digits = re.sub(r"\D", "", shown)
    if not digits:
        return None
    x0 = strip.left + lines.EDGE / strip.scale
    x1 = strip.left + (strip.picture.shape[1] - lines.EDGE) / strip.scale
    seen = spelt(crop, (round(x0), strip.rows[0], round(x1), strip.rows[1]), len(digits))
    told = _ranked(weighed([(digits, trust)], seen, len(digits), None))
    return None if told is None else amounts.run_amount(shown, told)


_OTHER_NUMBER = re.compile(r"\b(finess|siret|siren|t[ée]l|fax|ape|naf)\b", re.IGNORECASE)


def _better(old: Decoded, new: Decoded) -> Decoded:
    return new if old.value is None or new.probability > old.probability else old


def _runs(found: list[ReadWord]) -> list[_Run]:
    lines: dict[int, list[ReadWord]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word)
    runs = []
    for line_words in lines.values():
        members = [part for word in line_words for part in _unstuck(word)]
        numeric: list[ReadWord] = []
        label: list[str] = []
        for word in [*members, None]:
            digits = "" if word is None else re.sub(r"[.\-: °]", "", word.text)
            if word is not None and (digits.isdigit() or (numeric and _nearly_digits(digits))):
                numeric.append(word)
                continue
            text = "".join(re.sub(r"\D", "", each.text) for each in numeric)
            if len(text) >= 8:
                runs.append(_Run(text, tuple(numeric), _around(numeric), " ".join(label)))
            if word is not None:
                label += [each.text for each in numeric] + [word.text]
            numeric = []
    return runs


_LABEL = re.compile(r"(rpps|adeli|n?[°'o]?am)[:.]*", re.IGNORECASE)


def _blurred(found: list[ReadWord], seen: list[_Run]) -> list[_Run]:
    """What stands after the label of a number in its line and was not read as one."""
    told = {word.line for run in seen for word in run.words}
    runs = []
    for line in sorted({word.line for word in found} - told):
        words = [part for word in found if word.line == line for part in _unstuck(word)]
        label = next((at for at, word in enumerate(words[:3]) if _LABEL.fullmatch(word.text)), None)
        if label is None:
            continue
        rest = [word for word in words[label + 1 :] if word.text not in ":."]
        if rest and sum(len(word.text) for word in rest) >= 6:
            runs.append(
                _Run("", tuple(rest), _around(rest), " ".join(word.text for word in words[: label + 1]))
            )
    return runs


def _around(words: list[ReadWord]) -> tuple[int, int, int, int]:
    """The box of some words together."""
    boxes = np.array([word.box for word in words])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _nearly_digits(text: str) -> bool:
    return len(text) > 2 and sum(char.isdigit() for char in text) >= 0.7 * len(text)
