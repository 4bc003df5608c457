"""A sheet photographed with a phone: curled on a desk, seen through a pinhole from a hand above it, in
uneven light, under shadows.

The sheet is a surface in millimetres (a bend along one direction, a lifted corner); each of its points is
projected into the picture, and the picture is drawn by looking up, for each of its points, the point of
the sheet that is seen there.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

DESKS = (
    (60, 85, 120),
    (95, 95, 100),
    (40, 40, 45),
    (110, 120, 125),
    (70, 60, 50),
    (120, 100, 80),
    (150, 165, 180),
    (182, 188, 192),
)
"""BGR: wood, cloth, plastic, and two desks nearly as light as paper."""

SHEET_MM = (210.0, 297.0)
LONG_SIDES = {2016: 0.15, 2560: 0.25, 3264: 0.3, 4032: 0.3}
"""Of the picture, px: as taken, or made smaller to be sent."""

_STEP = 16  # px between the points for which the sheet's point is computed; in between it is interpolated


@dataclass(frozen=True, slots=True)
class Camera:
    """`matrix`: 3 x 4, from mm (x right, y down the sheet, z up from it) to px of the picture."""

    matrix: Floats
    size: tuple[int, int]

    def seen(self, points: Floats) -> Floats:
        """(n, 3) mm -> (n, 2) px."""
        shown = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return np.asarray(shown[:, :2] / shown[:, 2:])


@dataclass(frozen=True, slots=True)
class Bend:
    """How a sheet rises from the desk: `height` mm at the top of a wave of `length` mm that runs along
    `angle`, from `phase`; and a corner lifted by `corner` mm over `reach` mm."""

    height: float
    length: float
    angle: float
    phase: float
    corner: float
    reach: float
    at: tuple[float, float]

    def above(self, xy: Floats) -> Floats:
        """(n, 2) mm on the sheet -> (n,) mm above the desk."""
        along = xy @ np.array([math.cos(self.angle), math.sin(self.angle)])
        wave = self.height * (1 - np.cos(2 * np.pi * along / self.length + self.phase)) / 2
        near = np.clip(1 - np.hypot(*(xy - np.array(self.at)).T) / self.reach, 0, 1)
        return np.asarray(wave + self.corner * near**2)


def photographed(sheet: Pixels, rng: random.Random) -> tuple[Pixels, Any]:
    """(h, w, 3) BGR of a flat sheet -> the photograph, and the 3x3 matrix from the sheet's px to its px:
    the nearest to where the bent sheet is seen."""
    camera, bend = _camera(rng), _bend(rng)
    noise = np.random.default_rng(rng.getrandbits(32))
    height, width = sheet.shape[:2]
    to_mm = np.array([SHEET_MM[0] / width, SHEET_MM[1] / height])
    where = _looked_up(camera, bend) / to_mm
    maps = [
        cv2.resize(
            np.ascontiguousarray(where[..., axis], np.float32), camera.size, interpolation=cv2.INTER_CUBIC
        )
        for axis in range(2)
    ]
    fine = float(np.hypot(np.gradient(maps[0], axis=1), np.gradient(maps[1], axis=1)).mean())
    source = sheet
    if fine > 1.3:  # the picture is coarser than the sheet: average before sampling
        source = np.asarray(cv2.GaussianBlur(sheet, (0, 0), 0.4 * fine), np.uint8)
    laid = cv2.remap(source, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (maps[0] > -0.5) & (maps[0] < width - 0.5) & (maps[1] > -0.5) & (maps[1] < height - 0.5)
    cover = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.8)
    desk = _desk(camera.size, rng, noise)
    thrown = 1 - 0.35 * cv2.GaussianBlur(np.roll(inside, (9, 7), (0, 1)).astype(np.float32), (0, 0), 6.0)
    mixed = laid * cover[..., None] + desk * thrown[..., None] * (1 - cover[..., None])
    mixed *= _light(camera.size, rng, noise)[..., None]
    mixed *= np.array([rng.uniform(0.86, 1.0), rng.uniform(0.93, 1.0), rng.uniform(0.93, 1.0)], np.float32)
    mixed += noise.normal(0, rng.uniform(1.5, 5.0), mixed.shape[:2]).astype(np.float32)[..., None]
    shown = np.clip(mixed, 0, 255).astype(np.uint8)
    shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.4, 1.1)), np.uint8)
    if rng.random() < 0.3:
        shown = _shaken(shown, rng)
    return shown, _nearest_homography(camera, bend, to_mm)


def _camera(rng: random.Random) -> Camera:
    """A hand above the sheet, held more or less level; the whole sheet is in the picture."""
    long = rng.choices(list(LONG_SIDES), list(LONG_SIDES.values()))[0]
    size = (round(long * 0.75), long)
    focal = long * rng.uniform(0.72, 0.9)
    pitch, yaw = (math.radians(rng.uniform(-14, 14)) for _ in range(2))
    roll = math.radians(rng.uniform(-7, 7))
    about_x = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    )
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    down = np.diag([1.0, 1.0, -1.0])  # z of the sheet points to the camera
    turn = about_x @ about_y @ about_z @ down
    middle = np.array([SHEET_MM[0] / 2, SHEET_MM[1] / 2, 0.0])
    ends = np.array([(x, y, 0.0) for x in (0, SHEET_MM[0]) for y in (0, SHEET_MM[1])])
    away = 250.0
    while True:  # step back until the sheet and a margin around it are in the picture
        shift = np.array([0, 0, away]) - turn @ middle
        camera = Camera(_pinhole(focal, size) @ np.column_stack([turn, shift]), size)
        corners = camera.seen(ends)
        spread = np.ptp(corners, axis=0) / np.array(size)
        if spread.max() < 0.95:
            break
        away *= 1.02
    away *= rng.uniform(1.0, 1.22)
    shift = np.array([0, 0, away]) - turn @ middle
    camera = Camera(_pinhole(focal, size) @ np.column_stack([turn, shift]), size)
    corners = camera.seen(ends)
    free = np.array(size) - np.ptp(corners, axis=0)
    aim = np.array([rng.uniform(0.25, 0.75) for _ in range(2)]) * free - corners.min(axis=0)
    moved = np.array([[1, 0, aim[0]], [0, 1, aim[1]], [0, 0, 1]])
    return Camera(moved @ camera.matrix, size)


def _pinhole(focal: float, size: tuple[int, int]) -> Floats:
    return np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]], float)


def _bend(rng: random.Random) -> Bend:
    return Bend(
        height=rng.choice((0.0, rng.uniform(0, 3), rng.uniform(2, 9))),
        length=rng.uniform(260, 700),
        angle=rng.choice((0.0, math.pi / 2, rng.uniform(0, math.pi))),
        phase=rng.uniform(0, 2 * math.pi),
        corner=rng.uniform(3, 16) if rng.random() < 0.35 else 0.0,
        reach=rng.uniform(50, 120),
        at=(rng.choice((0.0, SHEET_MM[0])), rng.choice((0.0, SHEET_MM[1]))),
    )


def _looked_up(camera: Camera, bend: Bend) -> Floats:
    """(h, w, 2): the point of the sheet, mm, seen at each `_STEP`-th px of the picture."""
    # cv2.resize puts the middle of small pixel i at (i + 0.5) * ratio of the large picture
    xs, ys = ((np.arange(-(-side // _STEP)) + 0.5) * side / -(-side // _STEP) for side in camera.size)
    px = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    flat = np.linalg.inv(camera.matrix[:, [0, 1, 3]])
    sheet = _through(flat, px)
    for _ in range(6):  # a higher point is seen elsewhere: ask for the one that is seen here
        on_it = np.clip(sheet, (-40, -40), (SHEET_MM[0] + 40, SHEET_MM[1] + 40))
        lifted = np.column_stack([sheet, bend.above(on_it)])
        off = camera.seen(lifted) - camera.seen(np.column_stack([sheet, np.zeros(len(sheet))]))
        sheet = _through(flat, px - off)
    return sheet.reshape(len(ys), len(xs), 2)


def _through(matrix: Floats, points: Floats) -> Floats:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def _nearest_homography(camera: Camera, bend: Bend, to_mm: Floats) -> Any:
    xs, ys = np.linspace(5, SHEET_MM[0] - 5, 9), np.linspace(5, SHEET_MM[1] - 5, 12)
    sheet = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    shown = camera.seen(np.column_stack([sheet, bend.above(sheet)]))
    matrix, _ = cv2.findHomography(sheet / to_mm, shown, 0)
    return matrix


def _desk(size: tuple[int, int], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """Wood, cloth or plastic: a colour with grain along one direction; at times a pen lies on it."""
    grain = noise.normal(0, 1, (max(2, size[1] // 6), max(2, size[0] // 90))).astype(np.float32)
    if rng.random() < 0.5:
        grain = np.ascontiguousarray(grain.T)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC) * rng.uniform(2, 9)
    desk = np.array(rng.choice(DESKS), np.float32) + grain[..., None]
    if rng.random() < 0.3:
        x, y = rng.choice((0.03, 0.97)) * size[0], rng.uniform(0.1, 0.8) * size[1]
        ends = (round(x), round(y)), (round(x + rng.uniform(-60, 60)), round(y + 0.2 * size[1]))
        desk = np.asarray(cv2.line(desk, *ends, (rng.randrange(40, 200),) * 3, max(9, size[0] // 70)))
    return desk


def _light(size: tuple[int, int], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """A lamp at one side, a darker rim, the soft shadow of a hand or a head, at times one with an edge."""
    xs, ys = np.linspace(-1, 1, 96, dtype=np.float32)[None], np.linspace(-1, 1, 96, dtype=np.float32)[:, None]
    angle, fall = rng.uniform(0, 6.3), rng.uniform(0.03, 0.2)
    light = rng.uniform(0.74, 1.0) + fall * (np.cos(angle) * xs + np.sin(angle) * ys)
    light = light * (1 - rng.uniform(0.0, 0.12) * (xs**2 + ys**2) / 2)
    if rng.random() < 0.7:
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        reach = rng.uniform(0.3, 0.8)
        edge = (np.hypot(xs - x, ys - y) - reach) / rng.uniform(0.05, 0.3)
        light = light * (1 - rng.uniform(0.1, 0.45) / (1 + np.exp(np.clip(edge, -20, 20))))
    shade = cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.25:  # the phone's own, straight
        turn, off = rng.uniform(0, 6.3), rng.uniform(-0.4, 0.4)
        wide = np.linspace(-1, 1, size[0], dtype=np.float32)[None]
        high = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
        beyond = (np.cos(turn) * wide + np.sin(turn) * high - off) / rng.uniform(0.004, 0.03)
        shade = shade * (1 - rng.uniform(0.1, 0.4) / (1 + np.exp(np.clip(-beyond, -20, 20))))
    return np.asarray(shade, np.float32)


def _shaken(picture: Pixels, rng: random.Random) -> Pixels:
    """A hand that moved a little: 2 to 4 px along one direction."""
    length, angle = rng.uniform(2, 4), rng.uniform(0, math.pi)
    kernel = np.zeros((9, 9), np.float32)
    for t in np.linspace(-length / 2, length / 2, 25):
        x, y = 4 + t * math.cos(angle), 4 + t * math.sin(angle)
        kernel[round(y), round(x)] += 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)
