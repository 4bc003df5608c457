"""The fields of a registered form: marks cut out, recognised together, decoded each by its kind."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from domain.reading import Alternative, FieldReading, Status, Word
from ocr import decode, engine, marks, nir, text
from ocr.cells import Cell, cut, evenness
from ocr.decode import Decoded, Probabilities
from ocr.forms import FormField
from ocr.frame import PX, Frame
from ocr.segment import Glyph, glyphs
from ocr.thresholds import Thresholds, thresholds

NIRS = ("beneficiaire_nir", "assure_nir")
STAMP = "medecin_tampon"
PRINTED_MM = 0.11
"""Characters of combs that differ less than this in height and foot were printed."""


@dataclass(slots=True)
class _Comb:
    field: FormField
    cells: list[Cell]
    table: Probabilities


def read_fields(frame: Frame, page: int) -> dict[str, FieldReading]:
    """Every field of the form, and `medecin_rpps` and `medecin_am` from the stamp."""
    form = frame.template.form
    combs, words = _recognise(frame)
    answers: dict[str, Decoded] = {}
    _decode_combs(combs, answers)
    _decode_words(words, answers)
    for name, comb in combs.items():
        if comb.field.kind == "comb_amount" and answers[name].value is not None:
            answers[name] = _amount(frame, comb, answers[name])
    flags: dict[str, tuple[bool, float]] = {}
    for name, field in form.fields.items():
        if field.kind == "check":
            flags[name] = marks.presence(marks.area(frame, field.box, marks.INSET_MM), marks.TICK_MM2)
        elif field.kind == "signature":
            flags[name] = marks.presence(marks.area(frame, field.box, 0.6), marks.SIGNATURE_MM2)
        elif field.kind == "text":
            answers[name] = _line(frame, field)
        elif field.kind == "text_block":
            _block(frame, field, answers)
    _amounts_agree(answers)
    rules = thresholds()
    spread = evenness([comb.cells for comb in combs.values()])
    by_hand = spread is None or spread > PRINTED_MM
    out = {}
    for name, field in form.fields.items():
        box = frame.registration.box(field.box)
        if name in flags:
            value, chance = flags[name]
            status: Status = "accepted" if chance >= rules.of(name, field.kind, by_hand) else "review"
            out[name] = FieldReading(value, status, _rounded(chance), (), page, box, field.box)
            continue
        cells = _log_probabilities(combs[name].table) if name in combs and answers[name].value else ()
        out[name] = _field(name, field.kind, answers[name], rules, by_hand, page, box, field.box, cells)
    if STAMP in form.fields:
        zone = form.fields[STAMP].box
        box = frame.registration.box(zone)
        for name in ("medecin_rpps", "medecin_am"):
            out[name] = _field(name, "stamp", answers[name], rules, by_hand, page, box, zone, ())
    return out


def _field(
    name: str,
    kind: str,
    answer: Decoded,
    rules: Thresholds,
    by_hand: bool,
    page: int,
    box: tuple[float, float, float, float],
    form_box: tuple[float, float, float, float],
    cells: tuple[Mapping[str, float], ...],
) -> FieldReading:
    others = tuple(Alternative(value, _rounded(chance)) for value, chance in answer.others if value)
    if answer.value is None:
        empty: Status = "empty" if answer.probability >= rules.of(name, "blank", by_hand) else "review"
        return FieldReading(None, empty, _rounded(answer.probability), others, page, box, form_box, cells)
    status: Status = "accepted" if answer.probability >= rules.of(name, kind, by_hand) else "review"
    value = answer.value or None
    return FieldReading(value, status, _rounded(answer.probability), others, page, box, form_box, cells)


def _rounded(chance: float) -> float:
    return round(float(min(max(chance, 0.0), 0.99999)), 5)


def _recognise(frame: Frame) -> tuple[dict[str, _Comb], dict[str, tuple[list[Glyph], Probabilities]]]:
    """All single characters of the page in one run of the network."""
    combs: dict[str, _Comb] = {}
    pieces: dict[str, list[Glyph]] = {}
    pictures = []
    for name, field in frame.template.form.fields.items():
        if field.kind in ("comb", "comb_date", "comb_amount"):
            cells = cut(frame.ink, [frame.px(box) for box in field.boxes], frame.level)
            combs[name] = _Comb(field, cells, np.zeros((len(cells), len(decode.LABELS))))
            pictures += [cell.picture for cell in cells if cell.picture is not None]
        if field.kind == "cell":
            pieces[name] = _without_dust(glyphs(frame.crop(field.box, 0.2), frame.level, split=True))
            pictures += [
                glyph.cell.picture for glyph in _with_parts(pieces[name]) if glyph.cell.picture is not None
            ]
    table = decode.softened(engine.logits(np.stack(pictures))) if pictures else np.zeros((0, 37))
    at = 0
    words: dict[str, tuple[list[Glyph], Probabilities]] = {}
    for name in frame.template.form.fields:
        if name in combs:
            comb = combs[name]
            for place, cell in enumerate(comb.cells):
                if cell.picture is None:
                    comb.table[place] = decode.EMPTY_CELL
                else:
                    comb.table[place] = decode.crowded(table[at]) if cell.crowded else table[at]
                    at += 1
        if name in pieces:
            count = len(_with_parts(pieces[name]))
            words[name] = (pieces[name], table[at : at + count])
            at += count
    return combs, words


def _decode_combs(combs: Mapping[str, _Comb], answers: dict[str, Decoded]) -> None:
    for name, comb in combs.items():
        if name in answers:
            continue
        if name in NIRS:
            _decode_nir(name, combs, answers)
        elif comb.field.kind == "comb_date":
            years = decode.BIRTH_YEARS if "naissance" in name else decode.CARE_YEARS
            answers[name] = decode.date(comb.table, years)
        elif comb.field.kind == "comb_amount":
            answers[name] = decode.amount(comb.table)
        elif name.endswith("_code"):
            answers[name] = decode.ccam_code(comb.table)
        else:
            answers[name] = decode.comb(comb.table)
    for name in combs:
        if name.endswith("_nir_cle") and name not in answers:
            answers[name] = decode.comb(combs[name].table)


def _decode_nir(name: str, combs: Mapping[str, _Comb], answers: dict[str, Decoded]) -> None:
    body = combs[name].table
    key = combs.get(f"{name}_cle")
    blank = decode.is_blank(body)
    key_blank = decode.is_blank(key.table) if key is not None else 1.0
    if blank > 0.5:
        answers[name] = Decoded(None, blank)
        return
    digits = decode.digits_of(body)
    corsican = body[:, [decode.LABELS.index("A"), decode.LABELS.index("B")]]
    use_key = key is not None and key_blank < 0.5
    keyed = decode.digits_of(key.table) if use_key and key is not None else None
    found = nir.decode(np.hstack([digits, corsican]), keyed)
    complete = float(np.prod(1 - body[:, decode.NOTHING]))
    if not found:
        answers[name] = Decoded("", 0.0)
        return
    best, *others = found
    chance = best.probability * min(1.0, complete)
    answers[name] = Decoded(
        best.body, chance, tuple((o.body, o.probability) for o in others[:3] if o.probability > 1e-4)
    )
    if use_key and key is not None:
        # without its number a key says nothing: both stand or fall together
        answers[f"{name}_cle"] = Decoded(best.key, chance * float(np.prod(1 - key.table[:, decode.NOTHING])))


_LEXICONS = {
    "depassement": dict.fromkeys(("D", "E", "F", "G", "N", "A", "B", "L", "M", "DE", "DA", "DM", "DN"), 1.0),
    "activite": dict.fromkeys("12345", 1.0),
    "deplacement_id_md": dict.fromkeys(
        ("ID", "MD", "IF", "MM", "MN", "MDN", "MDD", "MDI", "MDE", "IK", "IFD"), 1.0
    ),
}


def _amount(frame: Frame, comb: _Comb, answer: Decoded) -> Decoded:
    """What the cells say, or, where the characters do not keep to them, what the run of them says."""
    pitch = comb.field.boxes[0][2] * PX
    filled = sum(cell.picture is not None for cell in comb.cells)
    crop = frame.crop(comb.field.box, 0.3)
    if decode.fits_cells([glyph.box for glyph in glyphs(crop, frame.level)], filled, pitch):
        return answer
    run = text.amount(crop)
    if run is None:
        return answer.scaled(0.5)
    if run.value == answer.value:
        return run
    return Decoded(run.value, run.probability, ((str(answer.value), 0.1 * answer.probability),))


def _decode_words(
    words: Mapping[str, tuple[list[Glyph], Probabilities]],
    answers: dict[str, Decoded],
) -> None:
    for name, (pieces, table) in words.items():
        key = name.split("_", 1)[1] if name.startswith("acte") else name
        lexicon = _LEXICONS.get(key, decode.letter_codes())
        answers[name] = decode.word(_ways(pieces, table), lexicon)


def _without_dust(pieces: list[Glyph]) -> list[Glyph]:
    """Capitals and digits of one word are about as tall as each other."""
    tallest = max((glyph.box[3] - glyph.box[1] for glyph in pieces), default=0)
    return [glyph for glyph in pieces if glyph.box[3] - glyph.box[1] > max(0.4 * tallest, 0.8 * PX)]


def _with_parts(pieces: list[Glyph]) -> list[Glyph]:
    """Glyphs in order, each followed by the parts of each way of cutting it."""
    return [each for glyph in pieces for each in (glyph, *(part for way in glyph.parts for part in way))]


def _ways(pieces: list[Glyph], table: Probabilities) -> list[tuple[Probabilities, float]]:
    """All ways of taking the marks as characters, with the rows of the network's answers."""
    ways: list[tuple[list[int], float]] = [([], 1.0)]
    at = 0
    for glyph in pieces:
        one = decode.single(glyph.aspect) if glyph.parts else 1.0
        options: list[tuple[list[int], float]] = [([at], one)]
        at += 1
        for way in glyph.parts:
            options.append((list(range(at, at + len(way))), (1 - one) / len(glyph.parts)))
            at += len(way)
        ways = [(rows + more, p * q) for rows, p in ways for more, q in options][:64]
    return [(table[rows], p) for rows, p in ways]


def _line(frame: Frame, field: FormField) -> Decoded:
    amount = marks.area(frame, field.box, 0.15)
    present, chance = marks.presence(amount, (marks.BLANK_MM2, marks.BLANK_MM2 * 4))
    if not present:
        return Decoded(None, chance)
    return text.line(_clean(frame, field, 0.55)).scaled(chance)


def _clean(frame: Frame, field: FormField, margin_mm: float) -> np.ndarray:
    """The crop of a line without what comes in from above and below."""
    crop = frame.crop(field.box, margin_mm)
    binary = (crop >= 0.6 * frame.level).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(binary, connectivity=8)
    margin = margin_mm * PX
    height = crop.shape[0]
    foreign = [
        mark
        for mark in range(1, count)
        if (stats[mark, 1] == 0 or stats[mark, 1] + stats[mark, 3] >= height)
        and not margin < centres[mark][1] < height - margin
    ]
    if foreign:
        crop = np.where(np.isin(labels, foreign), 0, crop).astype(np.uint8)
    return crop


def _block(frame: Frame, field: FormField, answers: dict[str, Decoded]) -> None:
    """A stamp: its text, and for the practitioner's the numbers on it."""
    amount = marks.area(frame, field.box, 0.3)
    present, chance = marks.presence(amount, (marks.BLANK_MM2 * 2, marks.BLANK_MM2 * 12))
    spelt = text.Numbers(Decoded(None, 0.5), Decoded(None, 0.5))
    if present:
        crop = frame.crop(field.box, 0.0)
        answer, spelt = text.block(crop)
        answers[field.name] = answer.scaled(chance)
    else:
        answers[field.name] = Decoded(None, chance)
    if field.name != STAMP:
        return
    absent = Decoded(None, chance)
    answers["medecin_rpps"] = spelt.rpps if present else absent
    answers["medecin_am"] = spelt.am if present else absent


def _amounts_agree(answers: dict[str, Decoded]) -> None:
    """The total is the sum of the lines' fees and kilometric allowances."""
    names = [name for name in answers if name.endswith(("_honoraires", "_ik_montant"))]
    total = answers.get("montant_total")
    if total is None or not names:
        return
    parts, whole = decode.reconcile([answers[name] for name in names], total)
    answers.update(zip(names, parts, strict=True))
    answers["montant_total"] = whole


def _log_probabilities(table: Probabilities) -> tuple[Mapping[str, float], ...]:
    """Per cell, the likeliest characters with their log-probabilities."""
    return tuple(
        {
            decode.LABELS[place]: round(float(np.log(row[place])), 3)
            for place in np.argsort(-row)[:6]
            if row[place] > 1e-5
        }
        for row in table
    )


def words_of(fields: Mapping[str, FieldReading], page: int) -> tuple[Word, ...]:
    """What was read, as words with their places: the invisible text of the archive."""
    return tuple(
        Word(field.value, page, field.box)
        for field in fields.values()
        if isinstance(field.value, str) and field.value
    )
