"""All single characters of a form: cut out, recognised in one run of the network, decoded."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ocr import amounts, codes, decode, engine, lines, nir, stamp
from ocr.cells import LABELS, Cell, cut
from ocr.decode import Decoded, Probabilities
from ocr.forms import FormField
from ocr.frame import PX, Frame
from ocr.pages import Image
from ocr.segment import Glyph, glyphs
from ocr.text import dusted

BROAD = 0.97
"""From which width to height a mark read as one character may be two that lean on each other."""

BROAD_LETTERS = "MWVANHUODQX"

NIRS = ("beneficiaire_nir", "assure_nir")


@dataclass(slots=True)
class Comb:
    field: FormField
    cells: list[Cell]
    table: Probabilities


@dataclass(slots=True)
class Short:
    """A short word outside of cells: its marks and each way of cutting them, and what it is as a line."""

    pieces: list[Glyph]
    table: Probabilities
    line: Mapping[str, float]


def recognise(frame: Frame) -> tuple[dict[str, Comb], dict[str, Short]]:
    """All single characters of the page in one run of the network."""
    combs: dict[str, Comb] = {}
    pieces: dict[str, list[Glyph]] = {}
    pictures = []
    for name, field in frame.template.form.fields.items():
        if field.kind in ("comb", "comb_date", "comb_amount"):
            cells = cut(frame.ink, [frame.px(box) for box in field.boxes], frame.level)
            combs[name] = Comb(field, cells, np.zeros((len(cells), len(LABELS))))
            pictures += [cell.picture for cell in cells if cell.picture is not None]
        if field.kind == "cell":
            pieces[name] = _without_dust(glyphs(frame.crop(field.box, 0.2), frame.level, split=True))
            pictures += [
                glyph.cell.picture for glyph in _with_parts(pieces[name]) if glyph.cell.picture is not None
            ]
    table = decode.softened(engine.logits(np.stack(pictures))) if pictures else np.zeros((0, 37))
    at = 0
    words: dict[str, Short] = {}
    for name in frame.template.form.fields:
        if name in combs:
            comb = combs[name]
            for place, cell in enumerate(comb.cells):
                if cell.picture is None:
                    comb.table[place] = decode.EMPTY_CELL
                else:
                    share = decode.CROWDED if cell.crowded else decode.WIDE if cell.wide else 1.0
                    comb.table[place] = decode.doubted(table[at], share)
                    at += 1
        if name in pieces:
            count = len(_with_parts(pieces[name]))
            box = frame.template.form.fields[name].box
            line = _as_line(frame.crop(box, 0.2)) if count else {}
            words[name] = Short(pieces[name], table[at : at + count], line)
            at += count
    return combs, words


def _as_line(crop: Image) -> dict[str, float]:
    """What the network of lines reads, with the posterior of each."""
    strip = lines.strip_of(lines.solid(dusted(crop)))
    return {} if strip is None else dict(lines.likeliest(engine.line_table(strip.picture)))


def decode_combs(combs: Mapping[str, Comb], answers: dict[str, Decoded]) -> None:
    for name, comb in combs.items():
        if name in answers:
            continue
        if name in NIRS:
            _decode_nir(name, combs, answers)
        elif comb.field.kind == "comb_date":
            years = decode.BIRTH_YEARS if "naissance" in name else decode.CARE_YEARS
            answers[name] = decode.date(comb.table, years)
        elif comb.field.kind == "comb_amount":
            answers[name] = amounts.amount(comb.table)
        elif name.endswith("_code"):
            answers[name] = codes.ccam_code(comb.table)
        else:
            answers[name] = _whole(decode.comb(comb.table), len(comb.cells))
    for name in combs:
        if name.endswith("_nir_cle") and name not in answers:
            answers[name] = decode.comb(combs[name].table)


def _whole(answer: Decoded, cells: int) -> Decoded:
    """A number with cells left blank is in doubt: a slip of the pen, or a digit too pale to see."""
    short = answer.value is not None and len(answer.value) < cells and cells > 2
    return answer.scaled(0.5) if short else answer


def _decode_nir(name: str, combs: Mapping[str, Comb], answers: dict[str, Decoded]) -> None:
    body = combs[name].table
    key = combs.get(f"{name}_cle")
    blank = decode.is_blank(body)
    key_blank = decode.is_blank(key.table) if key is not None else 1.0
    if blank > 0.5:
        answers[name] = Decoded(None, blank)
        return
    digits = decode.digits_of(body)
    corsican = body[:, [LABELS.index("A"), LABELS.index("B")]]
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


def in_cells_or_run(frame: Frame, comb: Comb, answer: Decoded) -> Decoded:
    """What the cells say, or, where the characters do not keep to them, what the run of them says."""
    pitch = comb.field.boxes[0][2] * PX
    filled = sum(cell.picture is not None for cell in comb.cells)
    crop = frame.crop(comb.field.box, 0.3)
    if amounts.fits_cells([glyph.box for glyph in glyphs(crop, frame.level)], filled, pitch):
        return answer
    run = stamp.amount(crop)
    if run is None:
        return answer.scaled(0.5)
    if run.value == answer.value:
        return run
    return Decoded(run.value, run.probability, ((str(answer.value), 0.1 * answer.probability),))


def decode_words(words: Mapping[str, Short], answers: dict[str, Decoded]) -> None:
    for name, short in words.items():
        key = name.split("_", 1)[1] if name.startswith("acte") else name
        lexicon = _LEXICONS.get(key, codes.letter_codes())
        answer = codes.word(_ways(short.pieces, short.table), lexicon, short.line)
        answers[name] = answer.scaled(0.9) if _too_broad(answer.value or "", short.pieces) else answer


def _too_broad(word: str, pieces: list[Glyph]) -> bool:
    """Whether a letter was read that is too broad for what it is."""
    if len(word) != len(pieces):
        return False
    pairs = zip(word, pieces, strict=True)
    return any(glyph.aspect > BROAD and char not in BROAD_LETTERS for char, glyph in pairs)


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
        one = codes.single(glyph.aspect) if glyph.parts else 1.0
        options: list[tuple[list[int], float]] = [([at], one)]
        at += 1
        for way in glyph.parts:
            options.append((list(range(at, at + len(way))), (1 - one) / len(glyph.parts)))
            at += len(way)
        ways = [(rows + more, p * q) for rows, p in ways for more, q in options][:64]
    return [(table[rows], p) for rows, p in ways]


def log_probabilities(table: Probabilities) -> tuple[Mapping[str, float], ...]:
    """Per cell, the likeliest characters with their log-probabilities."""
    return tuple(
        {
            LABELS[place]: round(float(np.log(row[place])), 3)
            for place in np.argsort(-row)[:6]
            if row[place] > 1e-5
        }
        for row in table
    )
