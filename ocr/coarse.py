"""A first guess where a form lies: its turn and skew from projections, its scale from profiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages import Image
from ocr.template import Template

Matrix = NDArray[np.float64]

MAX_SKEW = 11.0
SCALES = np.arange(0.90, 1.105, 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A first placement of a blank: template px at COARSE_DPI -> px of the turned page at COARSE_DPI."""

    template: Template
    rotation: int
    matrix: Matrix
    score: float
    dark: bool


def _edges(image: Image) -> NDArray[np.float32]:
    """What is darker than its surroundings: light and shade of the whole page do not count."""
    wide = cv2.blur(image, (61, 61)).astype(np.float32)
    return np.maximum(wide - image, 0.0)


def skew(image: Image, limit: float = MAX_SKEW) -> float:
    """Degrees by which a page (grey, 50 dpi) is turned clockwise, from the sharpness of projections."""
    whole = cv2.subtract(cv2.blur(image, (61, 61)), image)
    half = cv2.resize(whole, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    sharpness = lru_cache(None)(partial(_sharpness, whole))
    best = max(np.arange(-limit, limit + 0.5, 1.0), key=partial(_sharpness, half))
    for step in (0.5, 0.25, 0.12):
        best = max((best - step, best, best + step), key=sharpness)
    return float(best)


def _sharpness(dark: Image, angle: float) -> float:
    height, width = dark.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level = cv2.warpAffine(dark, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = np.diff(cv2.reduce(level, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel())
    columns = np.diff(cv2.reduce(level, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel())
    return float(np.dot(rows, rows) + np.dot(columns, columns))


@dataclass(frozen=True, slots=True, eq=False)
class _Profile:
    """A form's profile at each of SCALES: spectra, norms and lengths, ready to be correlated."""

    spectra: NDArray[np.complex128]
    norms: NDArray[np.float64]
    lengths: NDArray[np.int64]


_SIZE = 1024  # of the transforms: a page of 595 px at 50 dpi and what may overhang it


@lru_cache(maxsize=64)
def _profiles(candidate: Template) -> list[tuple[bool, Image, NDArray[np.float32], _Profile, _Profile]]:
    """For the full and the dark blank: its edges, and the profiles of its rows and columns."""
    out = []
    for dark, form in ((False, candidate.coarse), (True, candidate.coarse_dark)):
        ink = _edges(form)
        out.append((dark, form, ink, _profile(ink.mean(axis=1)), _profile(ink.mean(axis=0))))
    return out


def _profile(form: NDArray[np.float32]) -> _Profile:
    stretched = np.zeros((len(SCALES), _SIZE))
    lengths = np.array([max(2, round(len(form) * scale)) for scale in SCALES])
    for row, length in zip(stretched, lengths, strict=True):
        line = cv2.resize(form.reshape(1, -1), (int(length), 1), interpolation=cv2.INTER_AREA).ravel()[:_SIZE]
        row[: len(line)] = line - line.mean()
    return _Profile(np.conj(np.fft.rfft(stretched)), np.linalg.norm(stretched, axis=1), lengths)


def _fit(page: NDArray[np.float32], form: _Profile) -> tuple[float, float, float]:
    """Scale and shift that lay a profile on the page's: page[scale * i + shift] ~ form[i]; its score."""
    page = page[: _SIZE - 8]
    centred = np.zeros(_SIZE)
    centred[: len(page)] = page - page.mean()
    scores = np.fft.irfft(np.fft.rfft(centred) * form.spectra, _SIZE)
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    shifts = np.arange(_SIZE)
    shifts[shifts > _SIZE // 2] -= _SIZE
    lengths = form.lengths[:, None]
    # the form may overhang the page by a little, never lie beside it
    allowed = (shifts > -0.12 * lengths) & (shifts + 0.88 * lengths < len(page))
    ends = np.minimum(np.maximum(shifts + lengths, 0), _SIZE)
    seen = squares[ends] - squares[np.maximum(shifts, 0)]
    energy = form.norms[:, None] * np.sqrt(np.maximum(seen, 1e-3 * squares[-1] + 1e-9))
    ratio = np.where(allowed, scores / np.maximum(energy, 1e-9), -1.0)
    row, place = np.unravel_index(int(np.argmax(ratio)), ratio.shape)
    return float(SCALES[row]), float(shifts[place]), float(ratio[row, place])


def without_surround(page: Image) -> Image:
    """A page (grey, 50 dpi) whose dark surroundings, a scanner's open lid or a desk, are made paper: their
    edges would outweigh all that is printed."""
    paper = float(np.percentile(page[::2, ::2], 80))
    dark = cv2.morphologyEx((page < 0.6 * paper).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    if edge.mean() < 0.02:
        return page
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    around = np.zeros(count, bool)
    around[rim] = stats[rim, cv2.CC_STAT_AREA] > 0.001 * page.size
    around[0] = False
    mask = cv2.dilate(around[labels].astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(mask > 0, np.uint8(paper), page).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Levelled:
    """A page (grey, 50 dpi) turned upright by its skew, as edges. `level`: page px -> px of `edges`."""

    edges: NDArray[np.float32]
    level: Matrix

    @classmethod
    def of(cls, page: Image) -> "Levelled":
        page = without_surround(page)
        angle = skew(page)
        height, width = page.shape
        level = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        paper = float(np.percentile(page, 80))
        straight = cv2.warpAffine(page, level, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
        return cls(_edges(straight), level)  # type: ignore[arg-type]


def likeliest(page: Levelled, candidates: Sequence[Template], rotation: int) -> list[list[Template]]:
    """The blanks form by form, the form first whose rows lie on the page as they should: a look that costs
    an eighth of a placement, so that forms which a page is not cost it little."""
    rows = _turned(page, rotation).mean(axis=1)
    forms: dict[str, list[Template]] = {}
    for candidate in candidates:
        forms.setdefault(candidate.form.name, []).append(candidate)
    if len(forms) == 1:
        return list(forms.values())

    def fit(name: str) -> float:
        return max(_fit(rows, _profiles(each)[0][3])[2] for each in forms[name])

    return [forms[name] for name in sorted(forms, key=fit, reverse=True)]


def _turned(page: Levelled, rotation: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.rot90(page.edges, -rotation // 90)) if rotation else page.edges


def coarse_places(page: Levelled, candidates: Sequence[Template], rotation: int) -> list[Guess]:
    """Placements worth a closer look with the page turned clockwise by `rotation`, the likeliest first."""
    height, width = page.edges.shape
    shown = _turned(page, rotation)
    page_rows, page_columns = shown.mean(axis=1), shown.mean(axis=0)
    guesses = []
    for candidate in candidates:
        for dark, form, ink, rows, columns in _profiles(candidate):
            sy, ty, score_y = _fit(page_rows, rows)
            sx, tx, score_x = _fit(page_columns, columns)
            if score_y + score_x < 0.5:
                continue
            placed = np.array([[sx, 0, tx], [0, sy, ty]])
            back = cv2.warpAffine(
                shown, placed, (form.shape[1], form.shape[0]), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            )
            score = correlation(back, ink)
            matrix = _unlevel(placed, page.level, (height, width), rotation)
            guesses.append(Guess(candidate, rotation, matrix, score, dark))
    return sorted(guesses, key=lambda guess: -guess.score)


def correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Of two pictures of the same size; every other pixel is enough."""
    a, b = one[::2, ::2].astype(np.float32).ravel(), other[::2, ::2].astype(np.float32).ravel()
    a -= a.mean()
    b -= b.mean()
    return float(np.dot(a, b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-6))


def _unlevel(placed: Matrix, level: Matrix, size: tuple[int, int], rotation: int) -> Matrix:
    """Template -> straightened and turned page, made template -> turned page."""
    height, width = size
    turn = {
        0: np.eye(3),
        90: np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], float),
        180: np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1]], float),
        270: np.array([[0, 1, 0], [-1, 0, width - 1], [0, 0, 1]], float),
    }[rotation]
    lift = np.vstack([placed, [0, 0, 1]])
    skewed = np.vstack([level, [0, 0, 1]])
    return turn @ np.linalg.inv(skewed) @ np.linalg.inv(turn) @ lift
