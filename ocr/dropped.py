"""A form of which the scan kept only the ink: a lamp of the print's own colour, and nothing printed is left.

What was written still tells where the form lay. Characters in combs stand at the combs' own rhythm, and a comb
that has a fixed length (a date, a NIR) is full or empty: laid a tooth aside, its last cell is empty and a
character stands beyond its other end. A placement is taken where several whole combs say the same, where most
of the page's ink lies in fields, and where no other placement comes near; never from one or two of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.coarse import MAX_SKEW, Matrix
from ocr.forms import FormField
from ocr.pages import Image
from ocr.prepare import turned
from ocr.register import Points, Registration
from ocr.template import FINE_DPI, Template

_PX = FINE_DPI / 25.4
_MAP = 2.0
"""Cells of the map of characters per mm."""

_AROUND = 12.0
"""Millimetres by which the middle of a sheet may lie off the middle of its scan."""

_TALL, _WIDE = (1.3, 6.5), (0.2, 5.5)
"""Height and width, mm, of what may be a character in a comb."""

_LARGE = 80.0
"""Millimetres across: what is larger is no writing but a dark ground around the sheet."""

LEAST_COMBS, LEAST_CELLS = 3, 24
"""Whole combs that must agree, and cells in them."""

MOST_SPOTS = 500
"""Of what may be characters: a page of text has more than a form that is filled."""

FULL = 0.86
"""Of a comb's cells, how many must be filled: pens run two characters together."""

WITHIN = 0.7
"""Of a page's ink, how much must lie in the fields or close to them."""

RIVAL = 0.6
"""Of a placement's cells, as many make another placement one that could be meant as well."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ink:
    """What is written on an upright page: `spots`, (n, 2) px at FINE_DPI, the middles of what may be
    characters; `marks`, (h, w) at FINE_DPI, all of it."""

    spots: Points
    marks: Image


@dataclass(frozen=True, slots=True, eq=False)
class _Placement:
    """`matrix`: 2x3, mm on the form -> px at FINE_DPI."""

    matrix: Matrix
    combs: int
    cells: int
    residual: float

    @property
    def certain(self) -> bool:
        return self.combs >= LEAST_COMBS and self.cells >= LEAST_CELLS


def register_dropped(look: Image, templates: Sequence[Template]) -> Registration | None:
    """The form whose ink alone lies on a page (grey, FINE_DPI), or None: also where two placements could be
    meant."""
    for rotation in (0, 180) if look.shape[0] > look.shape[1] else (90, 270):
        page = turned(look, rotation)
        ink = _written(page)
        if not LEAST_CELLS <= len(ink.spots) <= MOST_SPOTS:
            return None
        for angle in _skews(ink.spots):
            found = [
                (each, blank)
                for blank in templates
                if blank.number == 0 and len(_fixed(blank)) >= LEAST_COMBS
                for each in _placements(ink, blank, angle)
            ]
            best, blank = max(found, key=lambda one: one[0].cells, default=(None, None))
            if best is None or blank is None or not best.certain or _within(ink, best, blank) < WITHIN:
                continue
            if any(each.cells > RIVAL * best.cells for each, of in found if _elsewhere(each, best, of, blank)):
                return None
            return _registered(best, blank, rotation, page)
    return None


def _registered(best: _Placement, blank: Template, rotation: int, page: Image) -> Registration:
    height, width = page.shape
    matrix = np.diag([1 / width, 1 / height, 1.0]) @ np.vstack([best.matrix, [0, 0, 1]])
    return Registration(blank, rotation, matrix, 1.0, best.residual, best.cells, 0.0, dark=True)


def _elsewhere(one: _Placement, other: _Placement, blank: Template, its: Template) -> bool:
    if blank is not its:
        return True
    ends = np.array([(0, 0), blank.form.page_mm], np.float64)
    return bool(np.abs(_onto(one.matrix, ends) - _onto(other.matrix, ends)).max() > 2.0 * _PX)


def _onto(matrix: Matrix, mm: Points) -> Points:
    return mm @ matrix[:, :2].T + matrix[:, 2]


def _written(page: Image) -> _Ink:
    paper = float(np.percentile(page[::4, ::4], 80))
    # what is left of the print, if anything, is paler than half of the ink's darkness
    dark = float(np.percentile(page[::2, ::2], 0.3))
    marks = (page < paper - 0.4 * max(paper - dark, 60.0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / _PX, stats[:, cv2.CC_STAT_HEIGHT] / _PX
    written = (wide < _LARGE) & (high < _LARGE)
    written[0] = False
    alike = (high > _TALL[0]) & (high < _TALL[1]) & (wide > _WIDE[0]) & (wide < _WIDE[1]) & written
    middles = stats[alike, :2] + stats[alike, 2:4] / 2  # not the centre of mass: a 7 leans to its top
    return _Ink(middles.astype(np.float64), written[labels].astype(np.uint8))


def _skews(spots: Points) -> list[float]:
    """Degrees by which the rows of characters may go down to the right, those first that put most of them on
    lines: a stamp put down askew has lines of its own. Ink alone is too little for a page's projections."""
    tried = np.arange(-MAX_SKEW, MAX_SKEW + 0.1, 0.25)
    turns = np.deg2rad(tried)
    down = (np.outer(np.cos(turns), spots[:, 1]) - np.outer(np.sin(turns), spots[:, 0])) * 2 / _PX
    counts = [np.bincount(row) for row in np.rint(down - down.min()).astype(np.int64)]
    sharp = np.array([float(np.square(count[1:] + count[:-1]).sum()) for count in counts])
    likely: list[float] = []
    for angle in tried[np.argsort(-sharp)]:
        if all(abs(angle - other) > 0.6 for other in likely):
            likely.append(float(angle))
    return likely[:2]


def _fixed(blank: Template) -> list[FormField]:
    """Combs that are full or empty."""
    return [
        field
        for field in blank.form.fields.values()
        if field.kind == "comb_date" or (len(field.boxes) >= 8 and re.search("_(nir|rpps|siret)$", field.name))
    ]


def _middles(field: FormField) -> Points:
    return np.array([(x + w / 2, y + h / 2) for x, y, w, h in field.boxes], np.float64)


@lru_cache(maxsize=16)
def _rhythm(blank: Template) -> NDArray[np.complex128]:
    """The spectrum of where characters stand on a form, and, against them, of where they do not."""
    plan = np.zeros(_SIZE, np.float32)
    for field in blank.form.fields.values():
        if not field.kind.startswith("comb"):
            continue
        middles = _middles(field)
        between = (middles[1:] + middles[:-1]) / 2
        for places, weight in ((middles, 1.0), (between, -0.7)):
            for x, y in np.rint((places - np.array(blank.form.page_mm) / 2) * _MAP).astype(int):
                plan[y + _SIZE[0] // 2, x + _SIZE[1] // 2] += weight
    return np.asarray(np.conj(np.fft.rfft2(cv2.GaussianBlur(plan, (0, 0), 1.2))))


_SIZE = (720, 576)  # of the map: 360 x 288 mm


def _placements(ink: _Ink, blank: Template, angle: float) -> Iterator[_Placement]:
    """The placements of a blank that most characters bear out, each laid close to them."""
    height, width = ink.marks.shape
    turn = np.deg2rad(angle)
    # what lies on the page is turned back by its skew, and the form laid on it turned
    level = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    upright = (ink.spots - np.array([width, height]) / 2) @ level.T / _PX
    seen = np.zeros(_SIZE, np.float32)
    for x, y in np.rint(upright * _MAP).astype(int):
        if abs(y) < _SIZE[0] // 2 and abs(x) < _SIZE[1] // 2:
            seen[y + _SIZE[0] // 2, x + _SIZE[1] // 2] = 1.0
    scores = np.fft.irfft2(np.fft.rfft2(cv2.GaussianBlur(seen, (0, 0), 1.2)) * _rhythm(blank), _SIZE)
    reach = round(_AROUND * _MAP)
    near = np.roll(scores, (reach, reach), (0, 1))[: 2 * reach + 1, : 2 * reach + 1]
    for _ in range(3):
        y, x = np.unravel_index(int(np.argmax(near)), near.shape)
        shift = (np.array([x, y], np.float64) - reach) / _MAP
        near[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4] = -np.inf
        middle = np.array(blank.form.page_mm) / 2
        linear = level.T * _PX
        off = linear @ (shift - middle) + np.array([width, height]) / 2
        yield _settled(ink, blank, np.column_stack([linear, off]))


_FITS = (cv2.estimateAffinePartial2D,) * 2 + (cv2.estimateAffine2D,) * 2
"""A sheet is turned and scaled alike both ways, but for a little: that last, when its place is known."""


def _settled(ink: _Ink, blank: Template, matrix: Matrix) -> _Placement:
    """A placement laid by least squares on the characters in its cells, round by round."""
    cells = np.concatenate(
        [_middles(each) for each in blank.form.fields.values() if each.kind.startswith("comb")]
    )
    residual = 9.0
    for reach, fit in zip((2.0, 1.6, 1.3, 1.0), _FITS, strict=True):
        places = _onto(matrix, cells)
        apart = np.linalg.norm(places[:, None] - ink.spots[None], axis=2) / _PX
        nearest = apart.argmin(axis=1)
        kept = apart[np.arange(len(cells)), nearest] < reach
        if kept.sum() < LEAST_CELLS:
            return _Placement(matrix, 0, 0, 9.0)
        source, target = cells[kept], ink.spots[nearest[kept]]
        fitted, _ = fit(source, target, method=cv2.LMEDS)
        if fitted is None:
            return _Placement(matrix, 0, 0, 9.0)
        matrix = np.asarray(fitted, np.float64)
        off = np.linalg.norm(_onto(matrix, source) - target, axis=1) / _PX
        residual = float(np.median(off))
    return _Placement(matrix, *_borne_out(ink, blank, matrix), residual)


def _borne_out(ink: _Ink, blank: Template, matrix: Matrix) -> tuple[int, int]:
    """How many combs of a fixed length are filled from end to end with nothing beyond, and their cells, less
    the cells of those that are filled in part."""
    back = cv2.invertAffineTransform(matrix)
    spots = _onto(back, ink.spots)
    combs = cells = 0
    for field in _fixed(blank):
        boxes = np.array(field.boxes)
        pitch = float(np.median(np.diff(boxes[:, 0])))
        row = spots[np.abs(spots[:, 1] - (boxes[0, 1] + boxes[0, 3] / 2)) < 0.45 * boxes[0, 3]]
        inside = [bool((np.abs(row[:, 0] - (x + w / 2)) < 0.4 * pitch).any()) for x, _, w, _ in boxes]
        ends = boxes[0, 0] - 0.75 * pitch, boxes[-1, 0] + boxes[-1, 2] + 0.75 * pitch
        beyond = ((row[:, 0] > ends[0]) & (row[:, 0] < boxes[0, 0] - 0.1 * pitch)).any()
        beyond |= ((row[:, 0] < ends[1]) & (row[:, 0] > boxes[-1, 0] + boxes[-1, 2] + 0.1 * pitch)).any()
        if sum(inside) >= FULL * len(boxes) and not beyond:
            combs += 1
            cells += sum(inside)
        elif sum(inside) > 1:
            cells -= sum(inside)
    return combs, cells


def _within(ink: _Ink, best: _Placement, blank: Template) -> float:
    """Of the ink of a page, the share that lies in fields or within 2 mm of them."""
    covered = np.zeros(ink.marks.shape, np.uint8)
    for field in blank.form.fields.values():
        x, y, w, h = field.box
        mm = np.array([(x - 2, y - 2), (x + w + 2, y - 2), (x + w + 2, y + h + 2), (x - 2, y + h + 2)], float)
        cv2.fillConvexPoly(covered, np.rint(_onto(best.matrix, mm)).astype(np.int32), 1)
    return float((ink.marks & covered).sum() / max(1, int(ink.marks.sum())))
