"""Combs filled at random, scanned at random, and cut by the very code that reads them.

A strip is drawn twice: as the template knows it and as the paper shows it (shifted, filled, spoiled).
The difference goes through ocr.subtract and ocr.cells, so the network learns what it will be shown.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cells import PX_PER_MM, Box, Cell, cut
from ocr.subtract import Print, ink
from ocr.train.glyphs import Mask

# width and height of a cell in mm, how many: as measured on forms, and wider
LAYOUTS = [
    ((5.08, 5.3), (2, 13), "teeth"),
    ((5.08, 4.2), (8, 9), "letters"),
    ((3.85, 7.3), (8, 8), "letters"),
    ((3.85, 8.1), (8, 8), "letters"),
    ((5.35, 7.3), (7, 7), "teeth"),
    ((5.35, 8.1), (7, 7), "teeth"),
    ((5.08, 7.7), (2, 6), "teeth"),
    ((4.15, 5.6), (6, 13), "teeth"),
    ((5.3, 7.7), (1, 1), "none"),
    ((4.6, 5.0), (5, 13), "lines"),
]
MARGIN = int(4 * PX_PER_MM)


@dataclass(frozen=True, slots=True)
class Placed:
    """A character with the height it has on paper (mm) and its offset from the cell's middle (mm)."""

    mask: Mask
    height: float
    dx: float
    dy: float
    slant: float
    turn: float
    stretch: float


def layout(rng: np.random.Generator, letters: bool) -> tuple[list[Box], str]:
    """Boxes in px of a canvas with MARGIN around them."""
    choice = LAYOUTS[
        int(rng.integers(4, 6)) if letters and rng.random() < 0.6 else int(rng.integers(len(LAYOUTS)))
    ]
    (width, height), (low, high), style = choice
    count = int(rng.integers(low, high + 1))
    pitch = width * rng.uniform(0.95, 1.05) * PX_PER_MM
    tall = height * PX_PER_MM
    return [(MARGIN + i * pitch, float(MARGIN), pitch, tall) for i in range(count)], style


def blank(boxes: list[Box], style: str, rng: np.random.Generator, tint: int) -> NDArray[np.uint8]:
    """The empty strip: tinted cells, white teeth or dark lines, white letters, captions around."""
    width = int(boxes[-1][0] + boxes[-1][2] + MARGIN)
    height = int(boxes[0][1] + boxes[0][3] + MARGIN)
    paper = np.full((height, width), 255, np.uint8)
    x0, y0 = int(boxes[0][0]), int(boxes[0][1])
    x1, y1 = int(boxes[-1][0] + boxes[-1][2]), int(boxes[0][1] + boxes[0][3])
    spill = int(rng.integers(0, MARGIN)) if rng.random() < 0.5 else 0
    cv2.rectangle(paper, (max(0, x0 - spill), y0), (x1 + spill // 2, y1), tint, -1)
    table = rng.random() < 0.4
    if table:  # rows above and below
        paper[: y0 - 2, x0:x1] = tint
        paper[y1 + 2 :, x0:x1] = tint
    thick = int(rng.integers(2, 4))
    share = 1.0 if rng.random() < 0.4 else rng.uniform(0.25, 0.5)
    for box in boxes[1:] if style != "none" else []:
        x = round(box[0])
        if style == "lines":
            cv2.line(paper, (x, y0), (x, y1), int(tint * 0.6), thick)
        else:
            cv2.rectangle(paper, (x - thick // 2, int(y1 - share * (y1 - y0))), (x + thick // 2, y1), 255, -1)
    if style == "lines":
        cv2.rectangle(paper, (x0, y0), (x1, y1), int(tint * 0.6), thick)
    if style == "letters":
        for box, letter in zip(boxes, "JJMMAAAA", strict=False):
            scale = rng.uniform(0.42, 0.5)
            at = (int(box[0] + box[2] / 2 - 20 * scale), int(y1 - 3))
            cv2.putText(paper, letter, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 2, cv2.LINE_AA)
    for y in (y0 - 8, y1 + 22):  # a caption above or below
        if not table and rng.random() < 0.4:
            words = "".join(rng.choice(list("abcdeimnorstu  "), 40))
            cv2.putText(paper, words, (5, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, int(tint * 0.55), 1, cv2.LINE_AA)
    return paper


def stamp(paper: NDArray[np.float32], each: Placed, cx: float, cy: float, dark: float) -> None:
    """Lay one character on the paper (multiplying, as ink does); cx, cy: its middle in px."""
    scale = each.height * PX_PER_MM / max(each.mask.shape[0] - 8, 1)
    cos, sin = np.cos(each.turn), np.sin(each.turn)
    linear = scale * np.array([[cos, -sin], [sin, cos]]) @ np.array([[each.stretch, each.slant], [0, 1]])
    h, w = each.mask.shape
    shift = np.array([cx, cy]) - linear @ np.array([w / 2, h / 2])
    reach = int(max(h, w) * scale * 1.5) + 4
    left, top = int(cx) - reach, int(cy) - reach
    moved = np.hstack([linear, (shift - (left, top))[:, None]])
    mask = each.mask if scale > 0.5 else cv2.blur(each.mask, (3, 3))
    piece = cv2.warpAffine(mask, moved, (2 * reach, 2 * reach), flags=cv2.INTER_LINEAR)
    y0, y1 = max(0, top), min(paper.shape[0], top + 2 * reach)
    x0, x1 = max(0, left), min(paper.shape[1], left + 2 * reach)
    if y1 <= y0 or x1 <= x0:
        return
    cover = piece[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32) / 255
    region = paper[y0:y1, x0:x1]
    region += cover * (np.minimum(region, dark) - region)


def spoil(paper: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A scanner: blur, resolution, light, noise, JPEG, threshold."""
    height, width = paper.shape
    scale = rng.choice([0.75, 1.0, 1.0, 1.5])  # 150, 200, 300 dpi
    image = paper
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        image = cv2.resize(image, (int(width * scale), int(height * scale)), interpolation=how)
    image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.1) * scale)
    if rng.random() < 0.4:
        image = 255 * (np.clip(image, 0, 255) / 255) ** rng.uniform(0.7, 1.5)
    if rng.random() < 0.5:
        image = image * rng.uniform(0.78, 1.0)
    image = image + rng.normal(0, rng.uniform(0, 9), image.shape)
    out = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        level = rng.uniform(95, 200)
        if rng.random() < 0.5 and level > 150:
            out = cv2.medianBlur(out, 3)
        out = np.where(out < level, 0, 255).astype(np.uint8)
        if rng.random() < 0.5:  # specks
            out[rng.random(out.shape) < 0.001] = 0
    elif rng.random() < 0.6:
        _, code = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 92))])
        out = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)
    if scale != 1.0:
        how = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
        out = cv2.resize(out, (width, height), interpolation=how)
    return out


def clutter(paper: NDArray[np.float32], boxes: list[Box], rng: np.random.Generator, dark: float) -> None:
    """Strokes that belong to no cell: of other rows, underlines, a stamp's edge, dust."""
    height, width = paper.shape
    for _ in range(int(rng.integers(0, 4))):
        kind = rng.random()
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        if kind < 0.35:  # the foot of a stroke from the row above, the head of one from below
            y = boxes[0][1] if rng.random() < 0.5 else boxes[0][1] + boxes[0][3]
            end = (int(x + rng.normal(0, 12)), int(y + rng.normal(0, 14)))
            cv2.line(paper, (int(x), int(y)), end, dark, int(rng.integers(1, 5)), cv2.LINE_AA)
        elif kind < 0.45:  # a ruled line along the edge
            y = boxes[0][1] + boxes[0][3] + rng.normal(0, 4)
            cv2.line(paper, (0, int(y)), (width, int(y + rng.normal(0, 4))), dark, int(rng.integers(1, 3)))
        elif kind < 0.55:
            axes = (int(rng.uniform(40, 200)), int(rng.uniform(30, 120)))
            cv2.ellipse(paper, (int(x), int(y)), axes, 0, 0, 360, max(dark, 90), 2, cv2.LINE_AA)
        else:
            cv2.circle(paper, (int(x), int(y)), int(rng.integers(0, 3)), dark, -1)


def scan(
    boxes: list[Box],
    style: str,
    placed: list[Placed | None],
    rng: np.random.Generator,
    strike: bool = False,
) -> list[Cell]:
    """Draw, fill, spoil, subtract, cut."""
    tint = int(rng.integers(190, 250))
    template = blank(boxes, style, rng, tint)
    off = rng.normal(0, 0.8, 2).clip(-2.2, 2.2)
    stretch = 1 + rng.normal(0, 0.0015)
    shift = np.array([[stretch, rng.normal(0, 0.001), off[0]], [rng.normal(0, 0.001), 1, off[1]]])
    height, width = template.shape
    shown = cv2.warpAffine(template, shift, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    if rng.random() < 0.15:
        shown = np.maximum(shown, 250)  # a drop-out scan: the form is gone
    paper = shown.astype(np.float32)
    dark = float(rng.uniform(0, 130)) if rng.random() < 0.85 else float(rng.uniform(110, 160))
    for box, each in zip(boxes, placed, strict=True):
        if each is not None:
            cx = box[0] + box[2] / 2 + each.dx * PX_PER_MM + off[0] * 0.5
            cy = box[1] + box[3] / 2 + each.dy * PX_PER_MM + off[1] * 0.5
            stamp(paper, each, cx, cy, float(np.clip(dark + rng.normal(0, 12), 0, 170)))
    if rng.random() < 0.5:
        clutter(paper, boxes, rng, dark)
    if strike:  # a line through unused cells
        y = boxes[0][1] + boxes[0][3] * rng.uniform(0.3, 0.7)
        x0, x1 = boxes[0][0] + rng.normal(0, 8), boxes[-1][0] + boxes[-1][2] + rng.normal(0, 8)
        tilt = rng.normal(0, 0.15) * boxes[0][3]
        cv2.line(
            paper,
            (int(x0), int(y - tilt)),
            (int(x1), int(y + tilt)),
            dark,
            int(rng.integers(1, 4)),
            cv2.LINE_AA,
        )
    return cut(ink(spoil(paper, rng), Print(template)), boxes)
