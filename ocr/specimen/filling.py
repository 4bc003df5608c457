"""Writes a case's values on a sheet: as a practice's software prints them, or by hand.

A value's cells are those of the form; what goes into each is `cells_of`, the inverse of what a reader
must find: dates JJMMAAAA, amounts in euros then cents from the right, the rest from the left.
"""

import math
import random
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.forms import FormField
from ocr.forms.fonts import font
from ocr.specimen import hands, marks, registry
from ocr.specimen.cases import Case
from ocr.specimen.paper import BLACK, BLUE, Colour, Paper
from ocr.specimen.registry import Sources

Cover = npt.NDArray[np.float32]
OVER = 3
PENS: tuple[Colour, ...] = (BLUE, BLUE, BLUE, BLACK, BLACK, (110, 45, 40), (60, 40, 35))
MORE_PENS: tuple[Colour, ...] = (
    *PENS,
    (180, 90, 30),
    (40, 40, 190),
    (70, 110, 40),
    (140, 40, 110),
    (105, 105, 105),
    (90, 80, 70),
)
STAMPS: tuple[Colour, ...] = (BLACK, (140, 50, 40), (150, 60, 110), (40, 40, 170), (110, 80, 40))


def cells_of(field: FormField, value: str) -> list[str]:
    """The character of each cell, '' for an empty one. Raises ValueError where it does not fit."""
    count = len(field.boxes)
    if field.kind == "comb_date":
        year, month, day = value.split("-")
        chars = list(day + month + year)
    elif field.kind == "comb_amount":
        chars = list(value.replace(".", ""))
        chars = [""] * (count - len(chars)) + chars
    else:
        chars = list(value)
    if len(chars) > count:
        raise ValueError(f"{field.name}: {value!r} does not fit {count} cells")
    return chars + [""] * (count - len(chars))


def on_lines(field: FormField, value: str) -> list[str]:
    """A text as its lines take it: a block's own lines, a name's last word (the first name) alone."""
    return value.split("\n") if field.kind == "text_block" else value.rsplit(" ", len(field.boxes) - 1)


class Writer(Protocol):
    """One way of filling a sheet. Sizes in mm."""

    source: str

    def cell(self, paper: Paper, name: str, box: tuple[float, float, float, float], char: str) -> None: ...

    def text(self, paper: Paper, name: str, box: tuple[float, float, float, float], text: str) -> None: ...

    def tick(self, paper: Paper, name: str, box: tuple[float, float, float, float]) -> None: ...


@dataclass(slots=True)
class Printed:
    """A practice's software on its printer. `shift`: how far the sheet lay off, in mm."""

    source: str
    size: float
    colour: Colour
    shift: tuple[float, float]
    rise: float
    jitter: float
    strings: bool
    pen_ticks: bool
    rng: random.Random

    @classmethod
    def choose(cls, sources: Sources, rng: random.Random, *, hard: bool) -> "Printed":
        file = rng.choice(sources.printed_fonts())
        registry.check(file, sources.split, printed=True)
        loose = 0.38 if hard else 0.2
        grey = rng.randrange(10, 95 if hard else 50)
        return cls(
            source=file,
            size=rng.uniform(2.3, 3.0),
            colour=rng.choice([(grey, grey, grey)] * 4 + [(120, 50, 30)]),
            shift=(_within(rng, loose, 0.55), _within(rng, loose, 0.45)),
            rise=rng.uniform(0.35, 0.75),
            jitter=rng.uniform(0, 0.12),
            strings=rng.random() < 0.25,
            pen_ticks=rng.random() < 0.35,
            rng=rng,
        )

    def _cover(self, text: str, cap: float, scale: float) -> Cover:
        """`text` with capitals `cap` mm high."""
        _, top, _, _ = font(self.source, 200).getbbox("H", anchor="ls")
        face = font(self.source, round(cap * scale * OVER * 200 / -top, 1))
        left, top, right, bottom = (int(v) for v in face.getbbox(text, anchor="ls"))
        if right <= left or bottom <= top:
            return np.zeros((1, 1), np.float32)
        image = Image.new("L", (right - left + OVER, bottom - top + OVER))
        ImageDraw.Draw(image).text((-left, -top), text, 255, font=face, anchor="ls")
        cover = np.asarray(image, np.float32) / 255
        rows, cols = -(-cover.shape[0] // OVER), -(-cover.shape[1] // OVER)
        return cv2.resize(cover, (cols, rows), interpolation=cv2.INTER_AREA)

    def cell(self, paper: Paper, name: str, box: tuple[float, float, float, float], char: str) -> None:
        x, y, w, h = box
        cover = self._cover(char, min(self.size, h * 0.8), paper.scale)
        wide, high = cover.shape[1] / paper.scale, cover.shape[0] / paper.scale
        left = x + (w - wide) / 2 + self.shift[0] + self.rng.gauss(0, self.jitter)
        top = y + (h - high) * self.rise + self.shift[1]
        top = min(max(top, y - 0.1), y + h - high + 0.25)
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)

    def text(self, paper: Paper, name: str, box: tuple[float, float, float, float], text: str) -> None:
        x, y, w, h = box
        size = min(self.size, h * 0.68)
        cover = self._cover(text, size, paper.scale)
        room = (w - 2.2) * paper.scale
        if cover.shape[1] > room:
            cover = self._cover(text, size * room / cover.shape[1], paper.scale)
        centred = w < 20
        slack = w - cover.shape[1] / paper.scale
        left = x + (slack / 2 if centred else min(1.1, slack)) + self.shift[0]
        top = y + (h - cover.shape[0] / paper.scale) * self.rise + self.shift[1] * 0.6
        top = min(max(top, y - 0.1), y + h - cover.shape[0] / paper.scale + 0.25)
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)

    def amount(self, paper: Paper, name: str, field: FormField, value: str) -> None:
        """As some software does: a run of digits with its comma, to the right of the cells."""
        x, y, w, h = field.box
        cover = self._cover(value.replace(".", ","), min(self.size, h * 0.6), paper.scale)
        left = x + w - 0.8 - cover.shape[1] / paper.scale + self.shift[0]
        top = y + (h - cover.shape[0] / paper.scale) * self.rise + self.shift[1]
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)

    def tick(self, paper: Paper, name: str, box: tuple[float, float, float, float]) -> None:
        x, y, w, h = box
        cover = self._cover("X", min(self.size, h * 0.85), paper.scale)
        left = x + (w - cover.shape[1] / paper.scale) / 2 + self.shift[0]
        top = y + (h - cover.shape[0] / paper.scale) / 2 + self.shift[1] * 0.6
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)


@dataclass(slots=True)
class Handwritten:
    """A person with a pen. `height`: of a digit in a cell of 5.3 mm, in mm."""

    source: str
    hand: hands.Hand
    colour: Colour
    pen: float
    height: float
    style: str
    loose: float
    rng: random.Random

    @classmethod
    def choose(
        cls, sources: Sources, rng: random.Random, *, hard: bool = False, any_pen: bool = False
    ) -> "Handwritten":
        hand = hands.choose(sources, rng)
        if any_pen:
            pens, widths, heights, loose = MORE_PENS, (0.2, 0.7), (2.4, 4.5), (0.1, 0.45)
        else:
            pens, widths, heights, loose = PENS, (0.28, 0.55), (2.8, 4.1), (0.1, 0.35)
        return cls(
            source=hand.name,
            hand=hand,
            colour=rng.choice(pens),
            pen=rng.uniform(*widths),
            height=rng.uniform(*heights),
            style=rng.choices(marks.TICKS, (6, 3, 1, 1, 1.5, 0.5))[0],
            loose=rng.uniform(*loose),
            rng=rng,
        )

    def cell(self, paper: Paper, name: str, box: tuple[float, float, float, float], char: str) -> None:
        x, y, w, h = box
        rng = self.rng
        high = min(self.height * rng.gauss(1, 0.05), h * 0.92)
        cover = self.hand.digit(char, high * paper.scale, self.pen * paper.scale, rng)
        most = (w * 1.02) * paper.scale
        if cover.shape[1] > most:
            size = (math.floor(most), max(1, round(cover.shape[0] * most / cover.shape[1])))
            cover = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
        wide, tall = cover.shape[1] / paper.scale, cover.shape[0] / paper.scale
        left = x + (w - wide) / 2 + _within(rng, self.loose, 0.7)
        top = y + (h - tall) / 2 + _within(rng, self.loose, 0.6)
        top = min(max(top, y - 0.5), y + h - tall + 0.6)
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)

    def text(self, paper: Paper, name: str, box: tuple[float, float, float, float], text: str) -> None:
        x, y, w, h = box
        high = min(self.height * 0.9, h * 0.74)
        pen = self.pen * paper.scale
        cover = self.hand.line(text, high * paper.scale, pen, self.rng)
        room = (w - 1.6) * paper.scale
        if cover.shape[1] > room:
            cover = self.hand.line(text, high * paper.scale * room / cover.shape[1] * 0.96, pen, self.rng)
        tall = cover.shape[0] / paper.scale
        if cover.shape[1] > room or tall > h * 1.25:
            factor = min(room / cover.shape[1], h * 1.25 / tall)
            size = (max(1, int(cover.shape[1] * factor)), max(1, int(cover.shape[0] * factor)))
            cover = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
            tall = cover.shape[0] / paper.scale
        slack = w - cover.shape[1] / paper.scale
        left = x + (slack / 2 if w < 20 else min(slack / 2, self.rng.uniform(0.8, 4)))
        top = y + (h - tall) / 2 + _within(self.rng, self.loose, 0.4)
        paper.ink(cover, left * paper.scale, top * paper.scale, self.colour, name)

    def tick(self, paper: Paper, name: str, box: tuple[float, float, float, float]) -> None:
        x, y, w, h = (v * paper.scale for v in box)
        style = self.style if self.rng.random() < 0.85 else self.rng.choice(marks.TICKS)
        cover, dx, dy = marks.tick(style, w, h, self.pen * paper.scale, self.rng)
        paper.ink(cover, x - dx, y - dy, self.colour, name)


def _within(rng: random.Random, spread: float, most: float) -> float:
    return max(-most, min(most, rng.gauss(0, spread)))


def _pen_of(sources: Sources, rng: random.Random) -> Handwritten:
    return Handwritten.choose(Sources(split=sources.split), rng)


def fill(paper: Paper, case: Case, writer: Printed | Handwritten, sources: Sources, rng: random.Random) -> None:
    """Every value of the case, then the stamp and the signatures. `paper.inked` tells where."""
    ticker: Writer = writer
    if isinstance(writer, Printed) and writer.pen_ticks:
        ticker = _pen_of(sources, rng)
    for name, field in paper.form.fields.items():
        value = case.fields.get(name)
        if field.kind == "signature":
            if value:
                _sign(paper, name, field, rng)
        elif field.kind == "check":
            if value:
                ticker.tick(paper, name, field.boxes[0])
        elif isinstance(value, str):
            _write(paper, name, field, value, writer, rng)


def _write(
    paper: Paper, name: str, field: FormField, value: str, writer: Printed | Handwritten, rng: random.Random
) -> None:
    if field.kind in ("text", "text_block") and len(field.boxes) > 1:
        for box, part in zip(field.boxes, on_lines(field, value), strict=False):
            writer.text(paper, name, box, part)
    elif field.kind == "text_block":
        _stamp(paper, name, field, value, writer, rng)
    elif field.kind in ("text", "cell"):
        writer.text(paper, name, field.boxes[0], value)
    elif field.kind == "comb_amount" and isinstance(writer, Printed) and writer.strings:
        writer.amount(paper, name, field, value)
    else:
        for box, char in zip(field.boxes, cells_of(field, value), strict=True):
            if char:
                writer.cell(paper, name, box, char)


def _stamp(
    paper: Paper, name: str, field: FormField, value: str, writer: Printed | Handwritten, rng: random.Random
) -> None:
    lines = tuple(value.split("\n"))
    rubber = isinstance(writer, Handwritten) or rng.random() < 0.5
    x, y, w, h = field.box
    if isinstance(writer, Printed):
        file, colour = writer.source, writer.colour
    else:  # a stamp is cut in a printed face, of the hand's own split
        split = registry.split_of_hand(writer.source)
        file, colour = rng.choice(Sources(split=split).printed_fonts()), BLACK
    if rubber:
        colour = rng.choice(STAMPS)
    wide, high = min(w * 0.8, rng.uniform(52, 72)), min(h * 0.92, len(lines) * rng.uniform(3.3, 4.0))
    cover = marks.stamp(lines, file, wide * paper.scale, high * paper.scale, rng, rubber=rubber)
    slack_x = max(0.0, w - cover.shape[1] / paper.scale - 2)
    slack_y = max(0.0, h - cover.shape[0] / paper.scale)
    left = x + 1 + (rng.uniform(0, min(slack_x, 18)) if rubber else min(2.0, slack_x))
    top = y + rng.uniform(0.15, 0.85) * slack_y
    paper.ink(cover, left * paper.scale, top * paper.scale, colour, name)


def _sign(paper: Paper, name: str, field: FormField, rng: random.Random) -> None:
    x, y, w, h = field.box
    wide, high = w * rng.uniform(0.4, 0.85), h * rng.uniform(0.6, 1.0)
    pen = rng.uniform(0.25, 0.5) * paper.scale
    cover = marks.signature(wide * paper.scale, high * paper.scale, pen, rng)
    left = x + rng.uniform(0.05, 0.95) * max(0.0, w - cover.shape[1] / paper.scale)
    top = y + (h - cover.shape[0] / paper.scale) / 2 + _within(rng, 0.5, 1.0)
    paper.ink(cover, left * paper.scale, top * paper.scale, rng.choice(PENS), name)
