"""What a scanner makes of a sheet: skewed, scaled, shifted, noisy, grey or black and white."""

import math
import random
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from ocr.specimen.paper import Paper

Pixels = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]
FAULTS = ("sombre", "pale", "floue", "coupee")
"""As the reader's verdict on a page names them: too dark, without contrast, out of focus, cut off."""
A4 = (210.0, 297.0)
BLEED = (3.9, 3.0)  # the measured print is larger than the sheet by this much at its left and top


@dataclass(frozen=True, slots=True)
class Scan:
    """The settings and accidents of one scan.

    `skew`: degrees, clockwise. `stretch`: 1.0 = true size, across and down. `shift`: mm. `corners`:
    how far each corner lies off, in mm (a slight perspective). `noise`: standard deviation in levels.
    `blur`: sigma in px. `contrast`, `brightness`: of a line through mid-grey; `gamma` bends it, above 1
    is darker. `tint`: BGR factors of the
    paper. `salt`: share of pixels that are specks. `threshold`: of bilevel. `turn`: quarter turns
    clockwise by which the sheet lay in the scanner. `ground`: what lies around the sheet, 0..255.
    `squeeze`: lines a mm over columns a mm (a fax in standard mode sends 98 an inch beside 204). `lost`:
    scan lines that a telephone line spoilt. `fault`: a scan that is not fit, one of FAULTS.
    """

    dpi: int = 300
    mode: Literal["colour", "grey", "bilevel"] = "colour"
    skew: float = 0.0
    stretch: tuple[float, float] = (1.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)
    corners: tuple[float, ...] = (0.0,) * 8
    noise: float = 0.0
    blur: float = 0.0
    contrast: float = 1.0
    brightness: float = 0.0
    gamma: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    salt: float = 0.0
    threshold: int = 170
    turn: int = 0
    ground: int = 250
    quality: int = 85
    container: str = "jpeg"
    squeeze: float = 1.0
    lost: int = 0
    fault: str = ""
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@lru_cache(maxsize=1)
def _grain() -> npt.NDArray[np.float32]:
    return np.random.default_rng(7).standard_normal((1200, 1500), np.float32)


def _noise(shape: tuple[int, ...], strength: float, rng: random.Random) -> npt.NDArray[np.int16]:
    tile = np.rint(_grain() * strength).astype(np.int16)
    tile = np.roll(tile, (rng.randrange(1200), rng.randrange(1500)), (0, 1))
    return np.tile(tile, (-(-shape[0] // 1200), -(-shape[1] // 1500)))[: shape[0], : shape[1]]


def placement(scan: Scan) -> tuple[Matrix, tuple[int, int]]:
    """Where the sheet comes to lie: the 3 x 3 matrix from mm of the form's page to px of the upright
    scan, and the scan's (width, height) in px, before `turn`."""
    scale = scan.dpi / 25.4
    angle = math.radians(scan.skew)
    more = 0.0
    if abs(scan.skew) > 0.45:  # a bed larger than the sheet, so that no corner is lost
        more = math.sin(abs(angle)) * A4[1] / 2 + max(map(abs, scan.shift)) + 1.5
    size = (round((A4[0] + 2 * more) * scale), round((A4[1] + 2 * more) * scale))
    cos, sin = math.cos(angle), math.sin(angle)
    centre = np.array([[1, 0, -BLEED[0] - A4[0] / 2], [0, 1, -BLEED[1] - A4[1] / 2], [0, 0, 1]])
    turned = np.array(
        [
            [cos * scan.stretch[0] * scale, -sin * scan.stretch[1] * scale, 0],
            [sin * scan.stretch[0] * scale, cos * scan.stretch[1] * scale, 0],
            [0, 0, 1],
        ]
    )
    middle = (A4[0] / 2 + more + scan.shift[0], A4[1] / 2 + more + scan.shift[1])
    back = np.array([[1, 0, middle[0] * scale], [0, 1, middle[1] * scale], [0, 0, 1]])
    matrix = back @ turned @ centre
    if any(scan.corners):
        ends = np.array([(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])], np.float32)
        moved = ends + np.array(scan.corners, np.float32).reshape(4, 2) * scale
        matrix = cv2.getPerspectiveTransform(ends, moved) @ matrix
    return matrix / matrix[2, 2], size


def scan_paper(paper: Paper, scan: Scan) -> tuple[Pixels, Matrix]:
    """The picture: uint8, (h, w, 3) BGR, (h, w) grey, or (h, w) of 0 and 255; and the 3 x 3 matrix from
    mm of the form's page to its px."""
    rng = random.Random(f"scan-{scan.seed}")
    matrix, size = placement(scan)
    # the page is larger than the sheet: cut what is not on it, so that the ground shows around it
    x0, y0 = round(BLEED[0] * paper.scale), round(BLEED[1] * paper.scale)
    x1, y1 = x0 + round(A4[0] * paper.scale), y0 + round(A4[1] * paper.scale)
    sheet = paper.pixels[y0:y1, x0:x1]
    if scan.mode != "colour":
        sheet = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY), np.uint8)
    # cv2 counts from pixel centres
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    to_mm = np.array(
        [[1 / paper.scale, 0, x0 / paper.scale], [0, 1 / paper.scale, y0 / paper.scale], [0, 0, 1]]
    )
    whole = half @ matrix @ to_mm @ np.linalg.inv(half)
    ground = scan.ground
    picture = np.asarray(
        cv2.warpPerspective(sheet, whole, size, flags=cv2.INTER_LINEAR, borderValue=(ground, ground, ground)),
        np.uint8,
    )
    if scan.squeeze != 1:
        lines = round(picture.shape[0] * scan.squeeze)
        matrix = np.diag([1.0, lines / picture.shape[0], 1.0]) @ matrix
        picture = np.asarray(
            cv2.resize(picture, (picture.shape[1], lines), interpolation=cv2.INTER_AREA), np.uint8
        )
    if scan.fault:
        picture, matrix = _spoilt(picture, matrix, scan, rng)
    picture = _light(picture, scan, rng)
    return _turn(picture, matrix, scan.turn)


def _spoilt(picture: Pixels, matrix: Matrix, scan: Scan, rng: random.Random) -> tuple[Pixels, Matrix]:
    """A lamp that dies, a worn toner copy, a lens that does not focus, a sheet half fed."""
    if scan.fault == "sombre":
        return np.asarray(cv2.convertScaleAbs(picture, alpha=rng.uniform(0.12, 0.36)), np.uint8), matrix
    if scan.fault == "pale":
        share, paper = rng.uniform(0.05, 0.13), rng.uniform(215, 250)
        return np.asarray(cv2.convertScaleAbs(picture, alpha=share, beta=paper - 255 * share), np.uint8), matrix
    if scan.fault == "floue":
        return np.asarray(
            cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.45, 1.0) * scan.dpi / 25.4), np.uint8
        ), matrix
    if scan.fault != "coupee":
        raise ValueError(f"no fault {scan.fault!r}")
    height, width = picture.shape[:2]
    share = rng.uniform(0.08, 0.3)
    side = rng.choice(("left", "top", "right", "bottom"))
    x, y = (round(share * width) if side == "left" else 0), (round(share * height) if side == "top" else 0)
    right = round((1 - share) * width) if side == "right" else width
    bottom = round((1 - share) * height) if side == "bottom" else height
    moved = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    return np.ascontiguousarray(picture[y:bottom, x:right]), moved @ matrix


def _light(picture: Pixels, scan: Scan, rng: random.Random) -> Pixels:
    if scan.blur > 0.15:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), scan.blur), np.uint8)
    levels = 255 * (np.arange(256, dtype=np.float64) / 255) ** scan.gamma
    tints = scan.tint if picture.ndim == 3 else (sum(scan.tint) / 3,)
    curves = [np.clip((levels * tint - 128) * scan.contrast + 128 + scan.brightness, 0, 255) for tint in tints]
    table = np.rint(np.stack(curves, axis=1)).astype(np.uint8)
    picture = np.asarray(cv2.LUT(picture, table.reshape(256, 1, -1) if picture.ndim == 3 else table[:, 0]))
    if scan.noise > 0.3:
        grain = _noise(picture.shape, scan.noise, rng)
        if picture.ndim == 3:
            grain = np.asarray(cv2.merge([grain] * 3), np.int16)
        picture = np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), np.uint8)
    if scan.salt > 0:
        _specks(picture, scan.salt, rng)
    if scan.mode == "bilevel":
        _, picture = cv2.threshold(picture, scan.threshold, 255, cv2.THRESH_BINARY)  # type: ignore[assignment]
    for _ in range(scan.lost):  # the line before is shown again, or a line of bits gone wrong
        row, many = rng.randrange(1, picture.shape[0] - 4), rng.randrange(1, 4)
        picture[row : row + many] = picture[row - 1]
    return picture


def _specks(picture: Pixels, share: float, rng: random.Random) -> None:
    height, width = picture.shape[:2]
    places = np.random.default_rng(rng.getrandbits(32))
    count = int(share * height * width)
    ys, xs = places.integers(0, height - 1, count), places.integers(0, width - 1, count)
    tone = places.choice(np.array([20, 60, 245], np.uint8), count)
    for dy, dx in ((0, 0), (0, 1), (1, 0)):
        picture[ys + dy, xs + dx] = tone[:, None] if picture.ndim == 3 else tone


def _turn(picture: Pixels, matrix: Matrix, turn: int) -> tuple[Pixels, Matrix]:
    for _ in range(turn % 4):
        height = picture.shape[0]
        picture = np.ascontiguousarray(np.rot90(picture, k=-1))
        matrix = np.array([[0, -1, height], [1, 0, 0], [0, 0, 1]]) @ matrix
    return picture, matrix
