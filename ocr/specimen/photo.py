"""A sheet photographed with a phone: lying askew on a desk, seen in perspective, in uneven light."""

import random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

DESKS = ((60, 85, 120), (95, 95, 100), (40, 40, 45), (110, 120, 125), (70, 60, 50), (120, 100, 80))


def photographed(sheet: Pixels, rng: random.Random) -> tuple[Pixels, Any]:
    """(h, w, 3) BGR of a flat sheet -> the photograph, and the 3x3 matrix from the sheet's px to its px."""
    height, width = sheet.shape[:2]
    size = (round(width * rng.uniform(1.12, 1.4)), round(height * rng.uniform(1.1, 1.3)))
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    angle = np.radians(rng.uniform(-7, 7))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = ends.mean(axis=0)
    tilt = rng.uniform(0, 0.06), rng.uniform(0, 0.06)  # the far edge is seen shorter
    lean = np.array([(tilt[0], tilt[1]), (-tilt[0], tilt[1]), (0, 0), (0, 0)]) * (width, height)
    if rng.random() < 0.5:
        lean = -lean[::-1]
    shrink = rng.uniform(0.86, 0.97)
    placed = ((ends + lean - middle) * shrink) @ turn.T + np.array(size) / 2
    placed += np.array([rng.uniform(-0.02, 0.02) * width, rng.uniform(-0.02, 0.02) * height])
    matrix = cv2.getPerspectiveTransform(ends, placed.astype(np.float32))
    noise = np.random.default_rng(rng.getrandbits(32))
    picture = _desk(size, rng, noise)
    cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    laid = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_LINEAR)
    share = cv2.GaussianBlur(cover, (0, 0), 1.2)[..., None].astype(np.float32) / 255
    mixed = laid * share + picture * (1 - share)
    mixed *= _light(size, rng, noise)[..., None]
    mixed += noise.normal(0, rng.uniform(1.5, 5.0), mixed.shape[:2]).astype(np.float32)[..., None]
    shown = np.clip(mixed, 0, 255).astype(np.uint8)
    shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.4, 1.0)), np.uint8)
    return shown, matrix


def _desk(size: tuple[int, int], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """Wood, cloth or plastic: a colour with grain along one direction."""
    grain = noise.normal(0, 1, (max(2, size[1] // 6), max(2, size[0] // 90))).astype(np.float32)
    if rng.random() < 0.5:
        grain = np.ascontiguousarray(grain.T)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC) * rng.uniform(2, 9)
    return np.array(rng.choice(DESKS), np.float32) + grain[..., None]


def _light(size: tuple[int, int], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """A lamp at one side, and the soft shadow of a hand or a head."""
    xs, ys = np.linspace(-1, 1, 64, dtype=np.float32)[None], np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    angle, fall = rng.uniform(0, 6.3), rng.uniform(0.03, 0.16)
    light = rng.uniform(0.82, 1.0) + fall * (np.cos(angle) * xs + np.sin(angle) * ys)
    if rng.random() < 0.7:
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        reach = rng.uniform(0.3, 0.8)
        edge = (np.hypot(xs - x, ys - y) - reach) / rng.uniform(0.05, 0.3)
        light = light * (1 - rng.uniform(0.1, 0.35) / (1 + np.exp(np.clip(edge, -20, 20))))
    return np.asarray(cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_CUBIC))
