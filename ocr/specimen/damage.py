"""What happens to a filled sheet before it is scanned: folds, stains, stamps over fields, punch holes, a
torn corner, the back that shows through. Each tells how much of every field it hides."""

import random
from collections.abc import Callable, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from ocr.forms.fonts import font
from ocr.specimen.paper import Box, Paper

Mask = npt.NDArray[np.float32]
"""(h, w) of the page's pixels, 0 (untouched) to 1 (what was there cannot be seen any more)."""

Harm = Callable[[Paper, random.Random, int], Mask | None]
"""Changes the paper; `ground`: how light what lies behind the sheet is. None: nothing is hidden."""

LEGIBLE = 0.02
"""Of its ink, what may be hidden of a field that a person still reads without doubt."""

SHEET = (3.9, 3.0, 210.0, 297.0)  # mm: the sheet within the printed page, which has a bleed


def wear(
    paper: Paper, harms: Mapping[str, float], ground: int, rng: random.Random
) -> tuple[tuple[str, ...], dict[str, float]]:
    """Does each of `harms` (names of HARMS) with its probability; which were done, and for each field
    with ink the share of it that is hidden, where that is above LEGIBLE."""
    done, hidden = [], np.zeros(paper.pixels.shape[:2], np.float32)
    for name, chance in harms.items():
        if rng.random() < chance:
            mask = HARMS[name](paper, rng, ground)
            done.append(name)
            if mask is not None:
                np.maximum(hidden, mask, out=hidden)
    shares = {name: _share(hidden, box, paper.scale) for name, box in paper.inked.items()}
    return tuple(done), {name: round(share, 3) for name, share in shares.items() if share > LEGIBLE}


def _share(hidden: Mask, box: Box, scale: float) -> float:
    x, y, w, h = (round(value * scale) for value in box)
    part = hidden[max(0, y) : y + max(h, 1), max(0, x) : x + max(w, 1)]
    return float(part.mean()) if part.size else 0.0


def fold(paper: Paper, rng: random.Random, ground: int) -> None:
    """One or two creases: a bright ridge beside a dark one, and a slight change of light across."""
    ways = rng.choice((("across",), ("down",), ("across", "across"), ("across", "down")))
    height, width = paper.pixels.shape[:2]
    light = np.ones((height, width), np.float32)
    for number, way in enumerate(ways):
        place = rng.choice((1 / 2, 1 / 3, 2 / 3)) if len(ways) == 1 or way == "down" else (number + 1) / 3
        place += rng.uniform(-0.02, 0.02)
        tilt = rng.uniform(-0.012, 0.012)
        ys = np.arange(height, dtype=np.float32)[:, None] / paper.scale
        xs = np.arange(width, dtype=np.float32)[None] / paper.scale
        off = (
            ys - place * height / paper.scale - tilt * xs
            if way == "across"
            else xs - place * width / paper.scale - tilt * ys
        )
        wide = rng.uniform(0.15, 0.45)  # mm
        light -= rng.uniform(0.12, 0.4) * np.exp(-((off / wide) ** 2))
        light += rng.uniform(0.0, 0.15) * np.exp(-(((off - 2 * wide) / wide) ** 2))
        light *= 1 - rng.uniform(0.0, 0.06) / (1 + np.exp(np.clip(-off / 2.0, -20, 20)))
    paper.pixels[:] = np.clip(paper.pixels * light[..., None], 0, 255).astype(np.uint8)


def stain(paper: Paper, rng: random.Random, ground: int) -> Mask:
    """A ring of a cup, or one or two drops: brown or grey, darker at the rim."""
    hidden = np.zeros(paper.pixels.shape[:2], np.float32)
    ys, xs = np.mgrid[: hidden.shape[0], : hidden.shape[1]].astype(np.float32) / paper.scale
    for _ in range(rng.choice((1, 1, 2))):
        cx, cy = rng.uniform(15, 200), rng.uniform(15, 285)
        ring = rng.random() < 0.4
        radius = rng.uniform(33, 42) if ring else rng.uniform(4, 18)
        turn = np.arctan2(ys - cy, xs - cx)
        edge = radius * (1 + 0.05 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.03 * np.sin(7 * turn))
        inside = edge - np.hypot(xs - cx, ys - cy)
        body = 1 / (1 + np.exp(np.clip(-inside / 0.3, -20, 20)))
        rim = np.exp(-(((inside - 0.7) / 0.8) ** 2))
        if ring:
            body *= np.exp(-(((inside - 1.5) / 1.3) ** 2))
        strength = rng.uniform(0.08, 0.45)
        cover = np.clip(strength * (0.7 * body + 0.6 * rim), 0, 0.8)
        paper.ink(cover.astype(np.float32), 0, 0, rng.choice(((60, 90, 120), (40, 60, 90), (90, 90, 90))))
    return hidden  # ink is darker than any of them


def stamp_over(paper: Paper, rng: random.Random, ground: int) -> Mask:
    """An office's stamp set where it fell: a frame or a ring, a date, in blue, red, violet or black."""
    scale = paper.scale
    width, height = rng.uniform(38, 62), rng.uniform(16, 26)
    size = (round(height * scale), round(width * scale))
    cover = np.zeros((size[0] * 2, size[1] * 2), np.float32)
    middle = (size[1], size[0])
    pen = max(1, round(rng.uniform(0.4, 0.8) * scale))
    lines = (rng.choice(("REÇU LE", "CPAM", "COURRIER ARRIVÉ", "COPIE", "DUPLICATA")), _date(rng))
    if rng.random() < 0.5:
        cv2.rectangle(
            cover,
            (middle[0] - size[1] // 2 + pen, middle[1] - size[0] // 2 + pen),
            (middle[0] + size[1] // 2 - pen, middle[1] + size[0] // 2 - pen),
            1.0,
            pen,
        )
    else:
        cv2.ellipse(cover, middle, (size[1] // 2 - pen, size[0] // 2 - pen), 0, 0, 360, 1.0, pen)
    for row, line in enumerate(lines):
        face = font("LiberationSans-Bold.ttf", rng.uniform(3.6, 5.2) * scale)
        mask = face.getmask(line, mode="L")
        drawn = np.array(mask, np.float32).reshape(mask.size[1], mask.size[0]) / 255
        y = middle[1] + (row - 1) * round(0.4 * size[0]) + round(0.08 * size[0])
        x = middle[0] - drawn.shape[1] // 2
        y, x = max(0, y), max(0, x)
        part = cover[y : y + drawn.shape[0], x : x + drawn.shape[1]]
        np.maximum(part, drawn[: part.shape[0], : part.shape[1]], out=part)
    turned = cv2.getRotationMatrix2D(middle, rng.uniform(-25, 25), 1.0)
    cover = cv2.warpAffine(cover, turned, (cover.shape[1], cover.shape[0]))
    worn = np.random.default_rng(rng.getrandbits(32)).random((max(2, size[0] // 6), max(2, size[1] // 6)))
    patchy = cv2.resize(
        worn.astype(np.float32), (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_CUBIC
    )
    cover *= np.clip(rng.uniform(0.5, 0.95) * (0.6 + 0.6 * patchy), 0, 1)
    x, y = rng.uniform(10, 150) * scale - size[1] // 2, rng.uniform(15, 270) * scale - size[0] // 2
    paper.ink(cover, x, y, rng.choice(((150, 60, 30), (40, 40, 190), (140, 40, 110), (30, 28, 26))))
    hidden = np.zeros(paper.pixels.shape[:2], np.float32)
    top, left = max(0, round(y)), max(0, round(x))
    part = hidden[top : round(y) + cover.shape[0], left : round(x) + cover.shape[1]]
    seen = cover[top - round(y) :, left - round(x) :][: part.shape[0], : part.shape[1]]
    part[:] = seen > 0.25
    return hidden


def _date(rng: random.Random) -> str:
    months = ("JAN", "FÉV", "MARS", "AVR", "MAI", "JUIN", "JUIL", "AOÛT", "SEPT", "OCT", "NOV", "DÉC")
    return f"{rng.randrange(1, 29):02d} {rng.choice(months)} {rng.randrange(2024, 2027)}"


def holes(paper: Paper, rng: random.Random, ground: int) -> Mask:
    """A punch's: two or four at the left or the top, 80 mm apart, 5 to 6 mm wide; what lies behind shows."""
    hidden = np.zeros(paper.pixels.shape[:2], np.float32)
    radius, inset = rng.uniform(2.5, 3.2), rng.uniform(8, 14)
    middle = (SHEET[1] + SHEET[3] / 2 if rng.random() < 0.75 else -1.0) + rng.uniform(-4, 4)
    offsets = rng.choice(((-40, 40), (-40, 40), (-120, -40, 40, 120)))
    if middle > 0:
        places = [(SHEET[0] + inset, middle + off) for off in offsets]
    else:
        centre = SHEET[0] + SHEET[2] / 2 + rng.uniform(-3, 3)
        places = [(centre + off, SHEET[1] + inset) for off in offsets[:2] if abs(off) < 90] or [
            (centre - 40, SHEET[1] + inset),
            (centre + 40, SHEET[1] + inset),
        ]
    for x, y in places:
        where = (round(x * paper.scale), round(y * paper.scale))
        cv2.circle(hidden, where, round(radius * paper.scale), 1.0, -1, cv2.LINE_AA)
    _behind(paper, hidden, ground)
    return hidden


def torn(paper: Paper, rng: random.Random, ground: int) -> Mask:
    """A corner gone along a ragged line, its edge a paler strip of fibres."""
    left, top = rng.random() < 0.5, rng.random() < 0.5
    wide, high = rng.uniform(15, 60), rng.uniform(15, 60)
    x0, y0 = SHEET[0] if left else SHEET[0] + SHEET[2], SHEET[1] if top else SHEET[1] + SHEET[3]
    outward = -1 if left else 1, -1 if top else 1
    one, other = (x0 - outward[0] * wide, y0), (x0, y0 - outward[1] * high)
    steps = np.linspace(0, 1, 24)
    ragged = [rng.gauss(0, 0.7) if 0 < t < 1 else 0.0 for t in steps]
    line = [
        (one[0] + (other[0] - one[0]) * t + jag, one[1] + (other[1] - one[1]) * t + jag)
        for t, jag in zip(steps, ragged, strict=True)
    ]
    beyond = [(x0 + 9 * outward[0], other[1]), (x0 + 9 * outward[0], y0 + 9 * outward[1])]
    outline = np.array([*line, *beyond, (one[0], y0 + 9 * outward[1])]) * paper.scale
    hidden = np.zeros(paper.pixels.shape[:2], np.float32)
    cv2.fillPoly(hidden, [np.rint(outline).astype(np.int32)], 1.0)
    fibres = cv2.dilate(hidden, np.ones((max(2, round(0.9 * paper.scale)),) * 2, np.uint8)) - hidden
    paper.pixels[fibres > 0] = (238, 240, 242)
    _behind(paper, hidden, ground)
    return np.maximum(hidden, fibres)


def _behind(paper: Paper, hidden: Mask, ground: int) -> None:
    share = hidden[..., None]
    paper.pixels[:] = (paper.pixels * (1 - share) + ground * share).astype(np.uint8)


def show_through(paper: Paper, rng: random.Random, ground: int) -> None:
    """The back's print seen through thin paper: mirrored, pale and blurred."""
    height, width = paper.pixels.shape[:2]
    back = np.zeros((height, width), np.float32)
    face = font("LiberationSerif-Regular.ttf", 3.1 * paper.scale)
    y = rng.uniform(15, 40) * paper.scale
    while y < height - 20 * paper.scale:
        words = " ".join(_word(rng) for _ in range(14))
        mask = face.getmask(words, mode="L")
        drawn = np.array(mask, np.float32).reshape(mask.size[1], mask.size[0]) / 255
        x, row = round(14 * paper.scale), round(y)
        part = back[row : row + drawn.shape[0], x : x + drawn.shape[1]]
        part[:] = drawn[: part.shape[0], : part.shape[1]]
        y += rng.choice((4.6, 4.6, 4.6, 9.0)) * paper.scale
    if rng.random() < 0.5:  # writing of a pen that pressed through
        for _ in range(rng.randrange(1, 4)):
            x, row = rng.uniform(20, 150) * paper.scale, rng.uniform(30, 260) * paper.scale
            scrawl = _scrawl(rng, paper.scale)
            part = back[round(row) : round(row) + scrawl.shape[0], round(x) : round(x) + scrawl.shape[1]]
            np.maximum(part, scrawl[: part.shape[0], : part.shape[1]], out=part)
    seen = cv2.GaussianBlur(np.ascontiguousarray(back[:, ::-1]), (0, 0), rng.uniform(0.12, 0.3) * paper.scale)
    paper.ink(np.clip(seen * rng.uniform(0.06, 0.22), 0, 1), 0, 0, (60, 60, 60))


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("aaeeiiouurrssttlnmdpcq") for _ in range(rng.randrange(2, 10)))


def _scrawl(rng: random.Random, scale: float) -> Mask:
    xs = np.linspace(0, rng.uniform(20, 45), 60)
    ys = 6 + 4 * np.sin(xs * rng.uniform(0.5, 1.4)) * np.cos(xs * rng.uniform(0.1, 0.4))
    line = [(float(x) * scale, float(y) * scale) for x, y in zip(xs, ys, strict=True)]
    cover = np.zeros((round(14 * scale), round(50 * scale)), np.float32)
    cv2.polylines(cover, [np.rint(np.array(line)).astype(np.int32)], False, 1.0, max(1, round(0.5 * scale)))
    return cover


HARMS: dict[str, Harm] = {
    "show_through": show_through,
    "fold": fold,
    "stain": stain,
    "stamp_over": stamp_over,
    "holes": holes,
    "torn": torn,
}
"""In the order in which they happen to a sheet."""
