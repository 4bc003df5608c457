"""Lines and blocks of text, and the numbers that a practitioner's stamp bears."""

import re
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from domain.identifiers import am_number_is_well_formed, rpps_is_valid
from ocr import amounts, decode, engine
from ocr.cells import PX_PER_MM
from ocr.decode import Decoded, Probabilities
from ocr.files import Image
from ocr.segment import Glyph, glyphs


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with its confidence (0-1) and its box in px of the crop."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]
    line: int


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


def words(crop: Image, block: bool = False) -> list[ReadWord]:
    """The words of a crop of ink (0-255, dark = much, 200 dpi); dust is taken away first."""
    mode = engine.ONE_BLOCK if block else engine.ONE_LINE
    found = [ReadWord(t, c / 100, b, n) for t, c, b, n in engine.recognise(dusted(crop), mode)]
    return [word for word in found if _meant(word, found)]


def _meant(word: ReadWord, found: list[ReadWord]) -> bool:
    """Signs alone are dust, but for those that stand between words."""
    if any(char.isalnum() for char in word.text):
        return True
    place = found.index(word)
    return word.text in (":", "-", "/", "&") and 0 < place < len(found) - 1 and word.confidence > 0.15


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
    lonely = small & ~beside
    if not lonely.any():
        return crop
    return np.where(lonely[labels], 0, crop).astype(np.uint8)


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
    return Decoded(value, _certainty(found))


def block(crop: Image) -> tuple[Decoded, Numbers]:
    """A block of lines, and the practitioner's numbers on it.

    A number that the network spells with certainty takes the place of Tesseract's."""
    found = words(crop, block=True)
    if not found:
        return Decoded("", 0.0), Numbers(Decoded(None, 0.5), Decoded(None, 0.5))
    rpps, am = Decoded(None, 0.9), Decoded(None, 0.9)
    for run in _runs(found):
        if _OTHER_NUMBER.search(run.label):
            continue
        second = _spelt(crop, run.box, _expected(run))
        best: tuple[str, float] | None = None
        trust = min(word.confidence for word in run.words)
        for spelt, chance in _candidates(run.digits, trust, second):
            valid = rpps_is_valid(spelt) if len(spelt) == 11 else am_number_is_well_formed(spelt)
            if "rpps" in run.label.lower() and len(spelt) != 11:
                continue
            if len(spelt) == 11:
                rpps = _better(rpps, Decoded(spelt, chance if valid else min(chance, 0.2)))
            elif valid:
                am = _better(am, Decoded(spelt, chance))
            if valid and chance > 0.9 and (best is None or chance > best[1]):
                best = (spelt, chance)
        if best is not None:
            found = _respelt(found, run, best, second)
    return Decoded(joined(found), _certainty(found)), Numbers(rpps, am)


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
    """How many digits a number should have: Tesseract likes to double one in a long run."""
    if re.search(r"rpps", run.label, re.IGNORECASE) or 11 <= len(run.digits) <= 12:
        return 11
    return 9 if len(run.digits) <= 10 else len(run.digits)


def _respelt(
    found: list[ReadWord], run: _Run, best: tuple[str, float], second: list[tuple[Glyph, Probabilities]]
) -> list[ReadWord]:
    """The number put in the place of its words, spaced as it is on the paper."""
    text = best[0]
    if len(second) == len(text):
        boxes = [glyph.box for glyph, _ in second]
        middles = [(box[0] + box[2]) / 2 for box in boxes]
        usual = float(np.median(np.diff(middles)))
        spaced = [text[0]]
        for (before, after), char in zip(pairwise(middles), text[1:], strict=True):
            spaced.append(f" {char}" if after - before > 1.3 * usual else char)
        text = "".join(spaced)
    else:
        text = " ".join(re.sub(r"[^0-9]", "", word.text) for word in run.words)
        if text.replace(" ", "") != best[0]:
            text = best[0]
    parts = [part for word in found for part in (_unstuck(word) if word.line == run.words[0].line else [word])]
    first = parts.index(run.words[0])
    put = ReadWord(text, best[1], run.box, run.words[0].line)
    rest = [word for word in parts if word not in run.words]
    return [*rest[:first], put, *rest[first:]]


def amount(crop: Image) -> Decoded | None:
    """An amount printed as a run, '30,00', by both recognisers; None where it is none."""
    found = engine.recognise(dusted(crop), engine.ONE_LINE)
    shown = "".join(word for word, *_ in found)
    digits = re.sub(r"\D", "", shown)
    if len(digits) < 3:
        return None
    boxes = np.array([box for _, _, box, _ in found])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    second = _spelt(crop, (int(low[0]), int(low[1]), int(high[0]), int(high[1])), len(digits))
    trust = min(confidence for _, confidence, *_ in found) / 100
    best, chance = max(_candidates(digits, trust, second), key=lambda each: each[1])
    return amounts.run_amount(shown, best, chance)


_ODD = re.compile(r"[^0-9A-Za-zÀ-ÿŒœ'’.,:;/()°\- ]")


def _certainty(found: list[ReadWord]) -> float:
    """From Tesseract's confidences: the weakest word decides, and odd signs betray a hand."""
    weakest = min(word.confidence for word in found)
    mean = float(np.mean([word.confidence for word in found]))
    odd = sum(bool(_ODD.search(word.text)) for word in found)
    score = 14.0 * (weakest - 0.80) + 10.0 * (mean - 0.88) - 1.5 * odd
    return float(1 / (1 + np.exp(-np.clip(score, -12, 12))))


_OTHER_NUMBER = re.compile(r"\b(finess|siret|siren|t[ée]l|fax|ape|naf)\b", re.IGNORECASE)


def _candidates(
    number: str, trust: float, second: list[tuple[Glyph, Probabilities]]
) -> list[tuple[str, float]]:
    """What a run of digits may be, by Tesseract (with its confidence) and by the network, each with
    its probability; the key of an RPPS leaves one misreading in ten."""

    def keyed(text: str, chance: float, slip: float = 0.1) -> tuple[str, float]:
        return (text, 1 - (1 - chance) * slip) if rpps_is_valid(text) else (text, chance)

    alone = 0.55 + 0.3 * max(0.0, trust - 0.5) / 0.5
    if not second:
        return [keyed(number, alone)]
    table = decode.digits_of(np.stack([row for _, row in second]))
    own = "".join(str(digit) for digit in table.argmax(axis=1))
    sure = float(np.prod(table.max(axis=1)))
    if own == number:
        return [keyed(number, 1 - (1 - sure) * (1 - alone))]
    if len(own) == len(number):
        share = float(np.prod([table[i, int(digit)] for i, digit in enumerate(number)]))
        return [keyed(own, sure * 0.9), keyed(number, max(0.5 * (1 - sure), share))]
    doubled = len(number) not in (9, 11) and len(own) in (9, 11) and len(number) == len(own) + 1
    if doubled and any(number[:i] + number[i + 1 :] == own for i in range(len(number))):
        return [keyed(own, 1 - (1 - 0.97 * sure) * 0.3)]
    return [keyed(own, sure * 0.9), keyed(number, alone * 0.8, 0.15)]


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
                boxes = np.array([each.box for each in numeric])
                low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
                box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
                runs.append(_Run(text, tuple(numeric), box, " ".join(label)))
            if word is not None:
                label += [each.text for each in numeric] + [word.text]
            numeric = []
    return runs


def _spelt(crop: Image, box: tuple[int, int, int, int], count: int) -> list[tuple[Glyph, Probabilities]]:
    """The characters of a box as the network reads them; the widest are cut while there are too few."""
    x0, y0, x1, y1 = box
    piece = crop[max(0, y0 - 3) : y1 + 3, max(0, x0 - 3) : x1 + 4]
    found = [g for g in glyphs(piece, split=True) if g.box[3] - g.box[1] > 0.45 * (y1 - y0)]
    while found and len(found) < count:
        widest = max(found, key=lambda glyph: glyph.aspect)
        if not widest.parts or widest.aspect < 0.85:
            break
        place = found.index(widest)
        found[place : place + 1] = widest.parts[0]
    if not found:
        return []
    pictures = np.stack([glyph.cell.picture for glyph in found if glyph.cell.picture is not None])
    table = decode.softened(engine.logits(pictures))
    return list(zip(found, table, strict=True))


def _nearly_digits(text: str) -> bool:
    return len(text) > 2 and sum(char.isdigit() for char in text) >= 0.7 * len(text)
