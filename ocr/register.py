"""Where a known form lies on a page.

Four orientations and the skew from projections, the scale and place from one-dimensional profiles,
then block matching: some eighty distinctive patches of the template are each looked for near where
they should be, and a homography is fitted to those that agree. A comb resembles itself at every pitch,
so features matched over the whole page (ORB, SIFT) go astray; a short search does not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.coarse import Guess, Levelled, Matrix, coarse_places, correlation, likeliest
from ocr.pages import Image
from ocr.prepare import reduced, turned
from ocr.template import COARSE_DPI, FINE_DPI, PATCH, Template

MIN_RATIO = 0.60
"""Of a form in its place nearly all anchors agree; laid a tooth of a comb beside it, as many as half."""

MIN_INLIERS = 18
MAX_RESIDUAL_MM = 0.35
DOUBTFUL_RATIO, DOUBTFUL_RESIDUAL_MM = 0.85, 0.1
"""Where fewer anchors agree than that, they must lie this close: in its place a form leaves 0.03 mm."""

TOLERANCE_MM = 0.5

_MM = 25.4 / FINE_DPI


Points = NDArray[np.float64]
"""(n, 2)."""


def bend_terms(mm: Points, page_mm: tuple[float, float]) -> NDArray[np.float64]:
    """(n, 2) places on a form -> (n, 21): the terms of a polynomial of the place, those of low degree first."""
    x, y = np.clip(2 * mm / np.array(page_mm) - 1, -1.1, 1.1).T
    return np.stack([x ** (total - up) * y**up for total in range(6) for up in range(total + 1)], axis=1)


@dataclass(frozen=True, eq=False)
class Registration:
    """`matrix`: 3x3, mm on the form -> fractions of the upright page. `ratio`: of the anchors, how many
    agree; `residual`: their median distance in mm; `score`: correlation of the whole page. `bend`: (21, 2),
    of a sheet that does not lie flat, mm by which a place on the form moves before `matrix`, as factors of
    `bend_terms`."""

    template: Template
    rotation: int
    matrix: Matrix
    ratio: float
    residual: float
    inliers: int
    score: float
    dark: bool
    bend: NDArray[np.float64] | None = None

    @property
    def form(self) -> str:
        return self.template.form.name

    @property
    def certain(self) -> bool:
        most = MAX_RESIDUAL_MM if self.ratio >= DOUBTFUL_RATIO else DOUBTFUL_RESIDUAL_MM
        return self.ratio >= MIN_RATIO and self.inliers >= MIN_INLIERS and self.residual <= most

    @property
    def settled(self) -> bool:
        """Whether so many anchors agree that no other form need be looked for."""
        return self.certain and self.ratio >= DOUBTFUL_RATIO

    def to_json(self) -> dict[str, Any]:
        """What `from_json` needs, and the form's name; `blank`: which of its templates it was found by."""
        return {
            "form": self.form,
            "blank": self.template.number,
            "rotation": self.rotation,
            "matrix": [[float(value) for value in row] for row in self.matrix],
            "ratio": self.ratio,
            "residual": self.residual,
            "inliers": self.inliers,
            "score": self.score,
            "dark": self.dark,
            "bend": None if self.bend is None else [[float(value) for value in row] for row in self.bend],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], template: Template) -> "Registration":
        facts = {name: data[name] for name in ("rotation", "ratio", "residual", "inliers", "score", "dark")}
        told = data.get("bend")  # a page looked at by an earlier version has none
        bend = None if told is None else np.array(told, np.float64)
        return cls(template=template, matrix=np.array(data["matrix"], np.float64), bend=bend, **facts)

    def points(self, mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) mm on the form -> (n, 2) fractions of the upright page."""
        if self.bend is not None:
            mm = mm + bend_terms(mm, self.template.form.page_mm) @ self.bend
        return cv2.perspectiveTransform(mm.reshape(-1, 1, 2).astype(np.float64), self.matrix).reshape(-1, 2)

    def dpi(self, width: int, height: int) -> float:
        """Of a picture of that size, as it is stored, on the form's own page."""
        if self.rotation % 180:
            width, height = height, width
        page = self.template.form.page_mm
        corners = self.points(np.array([(0, 0), (0, page[1])], np.float64)) * (width, height)
        return float(np.linalg.norm(corners[1] - corners[0])) / page[1] * 25.4

    @cached_property
    def _corners(self) -> dict[str, NDArray[np.float64]]:
        """Field -> (4, 2) corners of its box, in fractions of the upright page."""
        fields = self.template.form.fields
        x, y, w, h = np.array([field.box for field in fields.values()], np.float64).reshape(-1, 4).T
        mm = np.stack([x, y, x + w, y, x + w, y + h, x, y + h], axis=1)
        return dict(zip(fields, self.points(mm.reshape(-1, 2)).reshape(-1, 4, 2), strict=True))

    def inside(self, name: str) -> bool:
        """Whether a field lies on the page, and was not cut off by the scanner."""
        corners = self._corners[name]
        return bool((corners > -0.003).all() and (corners < 1.003).all())

    def box(self, name: str) -> tuple[float, float, float, float]:
        """The upright rectangle around a field, x, y, w, h in fractions of the upright page."""
        corners = self._corners[name]
        (x0, y0), (x1, y1) = corners.min(axis=0).clip(0, 1).tolist(), corners.max(axis=0).clip(0, 1).tolist()
        return (x0, y0, x1 - x0, y1 - y0)


TRIES = 2
"""Placements of each blank that are looked at closely, in each turn of the page."""

LEAST_SCORE = 0.15
"""Of a placement worth that look. The right one has 0.5 and more, cut off or curled at least 0.23; most on a
page that is no form have less."""


def turns(look: Image) -> tuple[int, ...]:
    """Clockwise turns that may make a page upright, those of its format first."""
    return (0, 180, 90, 270) if look.shape[0] > look.shape[1] else (90, 270, 0, 180)


def register(look: Image, templates: Sequence[Template]) -> Registration | None:
    """The form that lies on a page, or None. `look`: the page in grey at FINE_DPI.

    The turn that a page mostly has is looked at first, and in it the form that resembles it most: the
    number of known forms costs a page that is one of them next to nothing.
    """
    if min(look.shape) < 200:
        return None
    page = Levelled.of(reduced(look, FINE_DPI, COARSE_DPI))
    for rotation in turns(look):
        best: Registration | None = None
        for blanks in likeliest(page, templates, rotation):
            found = _closest(look, coarse_places(page, blanks, rotation))
            if found is not None and (best is None or found.inliers > best.inliers):
                best = found
            if best is not None and best.settled:
                break
        if best is not None:
            return best
    return None


def _closest(look: Image, guesses: Sequence[Guess]) -> Registration | None:
    """Of guesses at one form, the likeliest first, the certain one with which most anchors agree. One that
    leaves no doubt ends the search, but for one look at each other blank of the form: printings differ."""
    best: Registration | None = None
    tried: Counter[int] = Counter()
    for guess in guesses:
        if guess.score < LEAST_SCORE:
            break
        if tried[id(guess.template)] == (1 if best is not None and best.settled else TRIES):
            continue
        tried[id(guess.template)] += 1
        found = _fine(look, guess)
        if found is not None and found.certain and (best is None or found.inliers > best.inliers):
            best = found
    return best


def match(
    page: Image,
    form: Image,
    anchors: NDArray[np.int32],
    patch: tuple[int, int],
    reach: int,
    floor: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Anchors of `form` found on `page` (both in the form's frame): from and to, at their middles."""
    width, height = patch
    source, target = [], []
    for x, y in anchors:
        x0, y0 = max(0, x - reach), max(0, y - reach)
        window = page[y0 : y + height + reach, x0 : x + width + reach]
        if window.shape[0] < height or window.shape[1] < width:
            continue
        scores = cv2.matchTemplate(window, form[y : y + height, x : x + width], cv2.TM_CCOEFF_NORMED)
        _, top, _, (px, py) = cv2.minMaxLoc(scores)
        if top < floor:
            continue
        dx, dy = _peak(scores, px, py)
        source.append((x + (width - 1) / 2, y + (height - 1) / 2))
        target.append((x0 + px + dx + (width - 1) / 2, y0 + py + dy + (height - 1) / 2))
    return np.array(source).reshape(-1, 2), np.array(target).reshape(-1, 2)


def _peak(scores: NDArray[np.float32], x: int, y: int) -> tuple[float, float]:
    """Sub-pixel place of a maximum, by a parabola in each direction."""
    offsets = []
    for along, place, limit in ((scores[y], x, scores.shape[1]), (scores[:, x], y, scores.shape[0])):
        if 0 < place < limit - 1:
            left, middle, right = (float(v) for v in along[place - 1 : place + 2])
            bend = left - 2 * middle + right
            offsets.append(min(max(0.5 * (left - right) / bend, -0.5), 0.5) if bend < -1e-6 else 0.0)
        else:
            offsets.append(0.0)
    return offsets[0], offsets[1]


def _fine(look: Image, guess: Guess) -> Registration | None:
    candidate = guess.template
    page = turned(look, guess.rotation)
    anchors = candidate.anchors_dark if guess.dark else candidate.anchors
    if len(anchors) < MIN_INLIERS:
        return None
    first = agree_coarsely(reduced(page, FINE_DPI, COARSE_DPI), guess, 8, 2.0)
    if first is None:
        return None
    ratio = FINE_DPI / COARSE_DPI
    zoom = np.diag([ratio, ratio, 1.0])
    matrix = EDGE @ zoom @ MIDDLE @ first[0] @ EDGE @ np.linalg.inv(zoom) @ MIDDLE
    form = candidate.fine_dark if guess.dark else candidate.fine
    second = agree(page, form, anchors, PATCH, matrix, 4, 0.40, TOLERANCE_MM / _MM)
    return None if second is None else placed(guess, page, FINE_DPI, second)


def placed(guess: Guess, page: Image, dpi: float, agreed: tuple[Matrix, int, float, float]) -> Registration:
    """What `agree` found on a page, turned as the guess says, at that resolution."""
    matrix, inliers, residual, score = agreed
    blank, (height, width) = guess.template, page.shape
    to_mm = np.diag([dpi / 25.4, dpi / 25.4, 1.0])
    final = np.diag([1 / width, 1 / height, 1.0]) @ MIDDLE @ matrix @ EDGE @ to_mm
    share = inliers / len(blank.anchors_dark if guess.dark else blank.anchors)
    off = residual * 25.4 / dpi
    return Registration(blank, guess.rotation, final / final[2, 2], share, off, inliers, score, guess.dark)


def agree_coarsely(
    small: Image, guess: Guess, reach: int, tolerance: float
) -> tuple[Matrix, int, float, float] | None:
    """`agree` at COARSE_DPI, `small` being the page turned as the guess says."""
    blank = guess.template
    anchors = blank.anchors_dark if guess.dark else blank.anchors
    form = blank.coarse_dark if guess.dark else blank.coarse
    half = (PATCH[0] // 2, PATCH[1] // 2)
    return agree(small, form, anchors // 2, half, guess.matrix, reach, 0.35, tolerance)


# a pixel's index names its middle; lengths count from its edge
MIDDLE = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
EDGE = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])


def agree(
    page: Image,
    form: Image,
    anchors: NDArray[np.int32],
    patch: tuple[int, int],
    matrix: Matrix,
    reach: int,
    floor: float,
    tolerance: float,
) -> tuple[Matrix, int, float, float] | None:
    """`matrix` (form -> page, px) made better by the anchors found within `reach` px of where it puts
    them -> matrix, how many agree, their median distance in px, correlation of the page before."""
    size = (form.shape[1], form.shape[0])
    straight = cv2.warpPerspective(
        page, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=255
    )
    source, target = match(straight, form, anchors, patch, reach, floor)
    if len(source) < MIN_INLIERS * 0.6:
        return None
    fitted, mask = cv2.findHomography(source, target, cv2.RANSAC, tolerance, maxIters=600, confidence=0.999)
    if fitted is None or mask is None or not _plausible(fitted, size):
        return None
    chosen = mask.ravel() > 0
    moved = cv2.perspectiveTransform(source[chosen].reshape(-1, 1, 2), fitted).reshape(-1, 2)
    residual = float(np.median(np.linalg.norm(moved - target[chosen], axis=1)))
    score = correlation(straight, form)
    return matrix @ fitted, int(chosen.sum()), residual, score


def _plausible(matrix: Matrix, size: tuple[int, int]) -> bool:
    """A sheet is scaled and bent a little, never folded over."""
    width, height = size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64).reshape(-1, 1, 2)
    moved = cv2.perspectiveTransform(corners, matrix).reshape(-1, 2)
    return bool(np.abs(moved - corners.reshape(-1, 2)).max() < 0.12 * height) and cv2.isContourConvex(
        moved.astype(np.float32)
    )
