"""What a blank form is made of but words: bars, tints, rules, combs and small squares, as rectangles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.forms.tools.blank import PX
from ocr.pages import Image

Colour = tuple[int, int, int]
Mask = NDArray[np.uint8]
Cover = NDArray[np.float32]

FAT_MM = 0.9
"""From this thickness on both sides a shape is a fill; under it, a rule."""

LONG_MM, SHORT_MM = 5.0, 1.5
"""No stroke of a letter runs level for so long, none of a small one upright for so long."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In px of the blank, to a fraction; `colour` BGR."""

    x: float
    y: float
    w: float
    h: float
    colour: Colour

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h


def palette(picture: Image, mask: Mask, most: int = 8) -> list[Colour]:
    """The colours of the pixels of a mask, the commonest first."""
    left = picture[mask > 0].astype(np.float32)
    enough = max(200, int(0.004 * len(left)))
    found: list[Colour] = []
    while len(left) >= enough and len(found) < most:
        bins = (left // 12).astype(np.int64) @ np.array([1, 32, 1024])
        commonest = np.bincount(bins).argmax()
        centre = left[bins == commonest].mean(axis=0)
        near = np.linalg.norm(left - centre, axis=1) < 30
        centre = np.median(left[near], axis=0)
        found.append(tuple(int(v) for v in np.rint(centre)))  # type: ignore[arg-type]
        left = left[np.linalg.norm(left - centre, axis=1) >= 44]
    return found


def printed(picture: Image) -> Mask:
    """Where the page is not paper."""
    return (picture.min(axis=2) < 240).astype(np.uint8)


def opened(mask: Mask, width_mm: float, height_mm: float) -> Mask:
    size = (max(1, round(width_mm * PX)), max(1, round(height_mm * PX)))
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))  # type: ignore[return-value]


def parts(mask: Mask) -> Iterator[tuple[int, int, int, int, Mask]]:
    """x, y, w, h of each connected part, with its own mask."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for number in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[number])
        yield x, y, w, h, (labels[y : y + h, x : x + w] == number).astype(np.uint8)


def cover(picture: Image, colour: Colour) -> Cover:
    """How far each pixel is `colour` rather than paper, 0 to 1."""
    way = np.array(colour, np.float32) - 255.0
    return np.clip(((picture.astype(np.float32) - 255.0) @ way) / max(float(way @ way), 1.0), 0, 1)  # type: ignore[no-any-return]


def squares(picture: Image) -> list[Rectangle]:
    """Small boxes to tick: paper of 2 to 6.5 mm a side, alone within a printed frame."""
    paper = 1 - printed(picture)
    found = []
    for x, y, w, h, own in parts(paper):
        wide, high = w / PX, h / PX
        if 1.8 <= wide <= 6.5 and 1.8 <= high <= 6.5 and 0.55 < wide / high < 2.0 and own.mean() > 0.9:
            found.append(Rectangle(x, y, w, h, (255, 255, 255)))
    return found


def fills(picture: Image, mask: Mask) -> list[Rectangle]:
    """Bars and tints, and the rules between them, as rectangles that paint the same."""
    fat = opened(mask, FAT_MM, FAT_MM)
    found: list[Rectangle] = []
    for colour in palette(picture, opened(fat, 1.2, 1.2)):
        near = np.linalg.norm(picture.astype(np.float32) - np.array(colour, np.float32), axis=2) < 40
        own = opened((near & (fat > 0)).astype(np.uint8), FAT_MM * 0.8, FAT_MM * 0.8)
        painted = cover(picture, colour)
        for x, y, _, _, part in parts(own):
            found += [
                _edged(painted, (x + left, y + top, w, h), colour) for left, top, w, h in _rectangles(part)
            ]
    return found + _rules(picture, mask, found)


def _rules(picture: Image, mask: Mask, known: Sequence[Rectangle]) -> list[Rectangle]:
    rest = mask.copy()
    for each in known:
        rest[round(each.y) : round(each.bottom), round(each.x) : round(each.right)] = 0
    level, upright = opened(rest, LONG_MM, 0.08), opened(rest, 0.08, SHORT_MM)
    # small frames: sides too short to be told from letters where words have not been taken out
    level |= opened(rest, 2.2, 0.08)
    found = []
    for lines, along in ((level, 1), (upright, 0)):
        for x, y, w, h, part in parts(lines):
            thick, long = (h, w) if along else (w, h)
            if thick > 1.6 * PX or long < 1.2 * thick:
                continue
            colour = _darkest(picture[y : y + h, x : x + w], part)
            painted = cover(picture, colour)[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2]
            profile = np.median(painted, axis=along)
            profile = np.where(profile > 0.06, profile, 0.0)
            total = float(profile.sum())
            if total <= 0.3:
                continue
            middle = float((profile * (np.arange(len(profile)) + 0.5)).sum() / total)
            if along:
                found.append(Rectangle(x, max(0, y - 2) + middle - total / 2, w, total, colour))
            else:
                found.append(Rectangle(max(0, x - 2) + middle - total / 2, y, total, h, colour))
    return found


def _darkest(crop: Image, part: Mask) -> Colour:
    """The colour of a thin line: of its quarter of pixels that differ most from paper."""
    pixels = crop[part > 0].astype(np.float32)
    far = np.linalg.norm(255.0 - pixels, axis=1)
    chosen = pixels[far >= np.percentile(far, 75)]
    return tuple(int(v) for v in np.rint(np.median(chosen, axis=0)))  # type: ignore[return-value]


def _rectangles(part: Mask, slack: int = 2) -> list[tuple[int, int, int, int]]:
    """A part cut into rectangles: rows with the same runs belong together, slivers are roughness."""
    if part.mean() > 0.94:
        return [(0, 0, part.shape[1], part.shape[0])]
    open_runs: list[list[int]] = []  # left, right, top, bottom
    done: list[list[int]] = []
    for row, line in enumerate(part):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], line, [0]]).astype(np.int8)))
        still = []
        for left, right in zip(ends[::2], ends[1::2], strict=True):
            same = next(
                (r for r in open_runs if abs(r[0] - left) <= slack and abs(r[1] - right) <= slack), None
            )
            if same is None:
                same = [int(left), int(right), row, row]
            else:
                open_runs.remove(same)
            same[3] = row + 1
            still.append(same)
        done += open_runs
        open_runs = still
    done += open_runs
    return [(x0, y0, x1 - x0, y1 - y0) for x0, x1, y0, y1 in done if y1 - y0 > 3 and x1 - x0 > 3]


def _edged(painted: Cover, box: tuple[int, int, int, int], colour: Colour) -> Rectangle:
    """A rectangle whose sides lie where the paint covers half: a fraction of a pixel."""
    x, y, w, h = box
    core = painted[y + h // 4 : y + max(h // 4 + 1, h - h // 4), :]
    columns = np.median(core[:, max(0, x - 4) : x + w + 4], axis=0)
    core = painted[:, x + w // 4 : x + max(w // 4 + 1, w - w // 4)]
    rows = np.median(core[max(0, y - 4) : y + h + 4], axis=1)
    left, right = _ends(columns, min(x, 4), w)
    top, bottom = _ends(rows, min(y, 4), h)
    return Rectangle(x - left, y - top, w + left + right, h + top + bottom, colour)


def _ends(profile: Cover, before: int, length: int) -> tuple[float, float]:
    """By how much a run of paint reaches farther out than px `before` .. `before + length`."""
    middle = before + length // 2
    lead, tail = profile[:middle], profile[middle:]
    first, last = float(lead.sum()) - (middle - before), float(tail.sum()) - (before + length - middle)
    # paint of a neighbour on the other side says nothing of this edge
    return (first if abs(first) < 2 else 0.0), (last if abs(last) < 2 else 0.0)


def outlines(picture: Image, mask: Mask) -> list[tuple[Colour, NDArray[np.float64]]]:
    """Emblems: fat parts that are no rectangles, as polygons (n, 2) in px."""
    fat = opened(mask, FAT_MM, FAT_MM)
    fat = cv2.morphologyEx(fat, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    found = []
    for x, y, w, h, part in parts(fat):
        if min(w, h) < 4 * PX or part.mean() > 0.9:
            continue
        contours, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        contour = max(contours, key=cv2.contourArea)
        if cv2.contourArea(contour) < 0.9 * cv2.contourArea(cv2.convexHull(contour)):
            continue
        ring = cv2.approxPolyDP(contour, 0.08 * PX, True)[:, 0].astype(np.float64) + 0.5
        core = cv2.erode(part, np.ones((5, 5), np.uint8))
        colours = palette(picture[y : y + h, x : x + w], core, 1)
        if colours:
            found.append((colours[0], ring + np.array((x, y))))
    return found
