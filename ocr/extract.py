"""The fields of a registered form: marks cut out, recognised together, decoded each by its kind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import cv2
import numpy as np

from domain.identifiers import rpps_is_valid, siret_is_valid
from domain.reading import Alternative, FieldReading, Status, Word
from ocr import amounts, marks, redundancy, stamp, text
from ocr.cells import evenness
from ocr.combs import decode_combs, decode_words, in_cells_or_run, log_probabilities, recognise
from ocr.decode import Decoded
from ocr.forms import FormField
from ocr.frame import PX, Frame
from ocr.thresholds import Thresholds, thresholds

STAMP = "medecin_tampon"
HARDLY_READ = 0.1
"""A stamp of which so little is sure gives no number without a person: one key in ten holds by chance. (Of 155
numbers that were right, none stood on a stamp under 0.2; the four that were wrong, each.)"""
PRINTED_MM = 0.11
"""Characters of combs that differ less than this in height and foot were printed."""


def read_fields(frame: Frame, page: int, poor: bool = False) -> dict[str, FieldReading]:
    """Every field of the form, and `medecin_rpps` and `medecin_am` from the stamp. `poor`: the page is seen
    poorly (ocr.fitness)."""
    form = frame.template.form
    combs, words = recognise(frame)
    answers: dict[str, Decoded] = {}
    decode_combs(combs, answers)
    decode_words(words, answers)
    for name, comb in combs.items():
        if comb.field.kind == "comb_amount" and answers[name].value is not None:
            answers[name] = in_cells_or_run(frame, comb, answers[name])
    flags: dict[str, tuple[bool, float]] = {}
    for name, field in form.fields.items():
        if field.kind == "check":
            flags[name] = marks.presence(marks.area(frame, field.box, marks.INSET_MM), marks.TICK_MM2)
        elif field.kind == "signature":
            flags[name] = marks.presence(marks.area(frame, field.box, 0.6), marks.SIGNATURE_MM2)
        elif field.kind == "text":
            answers[name] = _lines(frame, field, " ")
        elif field.kind == "text_block" and len(field.boxes) > 1:
            answers[name] = _lines(frame, field, "\n")
        elif field.kind == "text_block":
            _block(frame, field, answers)
    _numbered(answers, combs)
    _amounts_agree(answers)
    redundancy.apply(answers, {name: comb.table for name, comb in combs.items()})
    for name, field in form.fields.items():
        seen = frame.registration.inside(name) and not frame.drowned(field.box)
        if (
            seen
            and not frame.gone(field.box)
            and not (field.kind == "check" and marks.foreign(frame, field.box))
        ):
            continue
        # cut off by the scanner, drowned in black, torn away, stamped over: what is not seen is not blank
        if name in flags:
            flags[name] = (flags[name][0], 0.5)
        else:
            answers[name] = Decoded(answers[name].value, 0.0)
    rules = thresholds()
    spread = evenness([comb.cells for comb in combs.values()])
    by_hand = spread is None or spread > PRINTED_MM
    out = {}
    for name, field in form.fields.items():
        box = frame.registration.box(name)
        if name in flags:
            value, chance = flags[name]
            status: Status = "accepted" if chance >= rules.of(name, field.kind, by_hand) else "review"
            out[name] = FieldReading(value, status, _rounded(chance), (), page, box, field.box)
            continue
        cells = log_probabilities(combs[name].table) if name in combs and answers[name].value else ()
        out[name] = _field(name, field.kind, answers[name], rules, (by_hand, poor), page, box, field.box, cells)
    if STAMP in form.fields:
        zone = form.fields[STAMP].box
        box = frame.registration.box(STAMP)
        for name in ("medecin_rpps", "medecin_am"):
            out[name] = _field(name, "stamp", answers[name], rules, (by_hand, poor), page, box, zone, ())
            if out[name].status == "accepted" and out[STAMP].probability < HARDLY_READ:
                out[name] = replace(out[name], status="review")
    return out


def _field(
    name: str,
    kind: str,
    answer: Decoded,
    rules: Thresholds,
    seen: tuple[bool, bool],
    page: int,
    box: tuple[float, float, float, float],
    form_box: tuple[float, float, float, float],
    cells: tuple[Mapping[str, float], ...],
) -> FieldReading:
    """`seen`: whether the sheet is filled by hand, whether its page is seen poorly."""
    kind = "blank" if answer.value is None else kind
    chance = rules.worth(kind, answer.probability, seen[0])
    left = (1 - chance) / max(1 - answer.probability, 1e-9)
    others = tuple(Alternative(text, _rounded(min(p * left, 1 - chance))) for text, p in answer.others if text)
    sure: Status = "empty" if answer.value is None else "accepted"
    status = sure if chance >= rules.of(name, kind, *seen) else "review"
    return FieldReading(answer.value or None, status, _rounded(chance), others, page, box, form_box, cells)


def _rounded(chance: float) -> float:
    return round(float(min(max(chance, 0.0), 0.99999)), 5)


def _lines(frame: Frame, field: FormField, join: str) -> Decoded:
    """A text on one line or several, each with its box."""
    told = [_line(frame, replace(field, boxes=(box,))) for box in field.boxes]
    written = [each for each in told if each.value is not None]
    if len(told) == 1 or not written:
        return min(told, key=lambda each: each.probability)
    value = join.join(str(each.value) for each in written if each.value)
    return Decoded(value, float(np.prod([each.probability for each in told])))


def _line(frame: Frame, field: FormField) -> Decoded:
    amount = marks.area(frame, field.box, 0.15)
    present, chance = marks.presence(amount, (marks.BLANK_MM2, marks.BLANK_MM2 * 4))
    if not present:
        return Decoded(None, chance)
    return text.line(_clean(frame, field, 0.55)).scaled(chance)


ACCENT_MM = 0.8
"""How far above a line's crop an accent on a capital may still stand."""


def _clean(frame: Frame, field: FormField, margin_mm: float) -> np.ndarray:
    """The crop of a line without what comes in from above and below."""
    x, y, w, h = field.box
    crop = frame.crop((x, y - ACCENT_MM, w, h + ACCENT_MM), margin_mm)
    binary = (crop >= 0.6 * frame.level).astype(np.uint8)
    _, labels, stats, centres = cv2.connectedComponentsWithStats(binary, connectivity=8)
    middle = centres[:, 1] - round(ACCENT_MM * PX)
    top, height = round(ACCENT_MM * PX), crop.shape[0]
    margin, bottom = margin_mm * PX, stats[:, 1] + stats[:, 3]
    within = (middle >= margin) & (middle <= height - top - margin)
    foreign = ~within & ((stats[:, 1] <= top) | (bottom >= height))
    letters = np.flatnonzero(~foreign & (stats[:, 3] > ACCENT_MM * PX))
    foreign[0] = False
    for mark in np.flatnonzero(foreign & (bottom < height) & (stats[:, 3] < 1.5 * ACCENT_MM * PX)):
        if stats[mark, 1] > 0 and _is_accent(stats[mark], stats[letters]):
            foreign[mark] = False
    cleaned = np.where(foreign[labels], 0, crop).astype(np.uint8)
    own = ~foreign
    own[0] = False
    # above the field nothing but accents: what is left of a caption there is pale, but no blank
    near = cv2.dilate(own[labels[: top + 2]].astype(np.uint8), np.ones((3, 3), np.uint8))[:top]
    cleaned[:top][near == 0] = 0
    return cleaned


def _is_accent(mark: np.ndarray, letters: np.ndarray) -> bool:
    """Whether a mark (of `cv2`'s statistics) stands right above a letter."""
    left, right, foot = mark[0], mark[0] + mark[2], mark[1] + mark[3]
    beside = np.minimum(letters[:, 0] + letters[:, 2], right) - np.maximum(letters[:, 0], left)
    gap = letters[:, 1] - foot
    return bool(((beside >= 0.5 * mark[2]) & (gap > -0.3 * PX) & (gap < 0.6 * PX)).any())


def _block(frame: Frame, field: FormField, answers: dict[str, Decoded]) -> None:
    """A stamp: its text, and for the practitioner's the numbers on it."""
    amount = marks.area(frame, field.box, 0.3)
    present, chance = marks.presence(amount, (marks.BLANK_MM2 * 2, marks.BLANK_MM2 * 12))
    spelt = stamp.Numbers(Decoded(None, 0.5), Decoded(None, 0.5))
    if present:
        crop = frame.crop(field.box, 0.0)
        answer, spelt = stamp.block(crop)
        answers[field.name] = answer.scaled(chance)
    else:
        answers[field.name] = Decoded(None, chance)
    if field.name != STAMP:
        return
    absent = Decoded(None, chance)
    answers["medecin_rpps"] = spelt.rpps if present else absent
    answers["medecin_am"] = spelt.am if present else absent


def _numbered(answers: dict[str, Decoded], names: Iterable[str]) -> None:
    """Numbers in cells that bear a key: one whose key does not hold is in doubt. (A stamp's number was
    weighed with its key: ocr.stamp.)"""
    for name in names:
        answer = answers[name]
        wrong = name == "medecin_rpps" and answer.value and not rpps_is_valid(answer.value)
        wrong = wrong or (name.endswith("_siret") and answer.value and not siret_is_valid(answer.value))
        if wrong:
            answers[name] = answer.scaled(0.3)


def _amounts_agree(answers: dict[str, Decoded]) -> None:
    """The total is the sum of the lines' fees and kilometric allowances."""
    names = [name for name in answers if name.endswith(("_honoraires", "_ik_montant"))]
    total = answers.get("montant_total")
    if total is None or not names:
        return
    parts, whole = amounts.reconcile([answers[name] for name in names], total)
    answers.update(zip(names, parts, strict=True))
    answers["montant_total"] = whole


def words_of(fields: Mapping[str, FieldReading], page: int) -> tuple[Word, ...]:
    """What was read, as words with their places: the invisible text of the archive."""
    return tuple(
        Word(field.value, page, field.box)
        for field in fields.values()
        if isinstance(field.value, str) and field.value
    )
