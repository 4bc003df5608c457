"""Where a sheet lies in a picture of it: found by its sides, whatever light falls on them."""

import cv2
import numpy as np
import pytest

from ocr.outline import Corners, outlines

CORNERS = np.array([(62, 40), (322, 63), (300, 455), (34, 430)], np.float64)


def pictured(desk: int, shadow: float) -> np.ndarray:
    """A printed sheet on a desk of that grey; beyond a straight edge `shadow` of the light is left."""
    rng = np.random.default_rng(3)
    picture = np.full((500, 375), desk, np.float64)
    picture += cv2.resize(rng.normal(0, 9, (500, 8)), (375, 500))  # the grain of its wood
    sheet = np.full((297, 210), 240.0, np.float64)
    for row in range(20, 280, 14):
        sheet[row : row + (5 if row % 3 else 2), 12:198] = 120
    ends = np.array([(0, 0), (210, 0), (210, 297), (0, 297)], np.float32)
    onto = cv2.getPerspectiveTransform(ends, CORNERS.astype(np.float32))
    laid = cv2.warpPerspective(sheet, onto, (375, 500))
    cover = cv2.warpPerspective(np.ones_like(sheet), onto, (375, 500))
    picture = laid * cover + picture * (1 - cover)
    xs, ys = np.meshgrid(np.arange(375), np.arange(500))
    picture[0.9 * xs + 0.4 * ys > 320] *= shadow
    return np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def off(found: Corners) -> float:
    return float(np.abs(found - CORNERS).max())


@pytest.mark.parametrize(("desk", "shadow"), [(70, 1.0), (225, 1.0), (150, 0.45), (200, 0.6)])
def test_a_sheet_is_found_by_its_sides(desk: int, shadow: float) -> None:
    assert off(next(outlines(pictured(desk, shadow)))) < 7


def test_what_has_no_brighter_inside_is_no_sheet() -> None:
    dark = 255 - pictured(20, 1.0)
    assert all(off(found) > 20 for found in outlines(dark))
