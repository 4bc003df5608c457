"""Measures a blank's image and writes the form's geometry: `python -m ocr.forms.tools.measure IMAGE ZONES OUT`.

Edges are found to a fraction of a pixel from how far a border pixel is covered; words by their ink,
then by the stretch and place of our own lettering that fit it best. Only numbers are written.
"""

import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.forms.drawing import word_cover
from ocr.forms.fonts import named
from ocr.forms.tools import s3110j_sketch as sketch

MM = sketch.PX_TO_MM
WHITE = np.array((255.0, 255.0, 255.0))


def cover(image: Any, box: tuple[int, int, int, int], ground: Any, ink: Any) -> Any:
    """How far each pixel of `box` is `ink` rather than `ground` (0..1)."""
    x0, y0, x1, y1 = box
    way = np.asarray(ink, float) - ground
    return np.clip(((image[y0:y1, x0:x1] - ground) @ way) / (way @ way), 0, 1)


def bgr(name: str) -> Any:
    return np.array(sketch.COLOURS[name][::-1], float)


def edge(profile: Any, near: int, rising: bool) -> float:
    """Where a profile (1 inside, 0 outside) crosses near an index, in px: walked from the inside."""
    place, way = (near + 3, -1) if rising else (near - 4, 1)
    covered = 0.0
    while 0 <= place < len(profile) and profile[place] > 0.03:
        covered += profile[place]
        place += way
    return near + 4 - covered if rising else near - 4 + covered


def fill(image: Any, name: str, x0: int, y0: int, x1: int, y1: int) -> list[float]:
    box = (x0 - 6, y0 - 6, x1 + 6, y1 + 6)
    part = cover(image, box, WHITE, bgr(name))
    rows = np.median(part[:, 10:-10], axis=1)
    cols = np.median(part[10:-10], axis=0)
    top = edge(rows, 6, True) + box[1]
    bottom = edge(rows, y1 - y0 + 6, False) + box[1]
    left = edge(cols, 6, True) + box[0]
    right = edge(cols, x1 - x0 + 6, False) + box[0]
    return [left, top, right - left, bottom - top]


def whites(image: Any, name: str, x0: int, y0: int, x1: int, y1: int) -> tuple[list, list]:
    """White boxes, rules and teeth inside a fill; and the boxes of white letters."""
    ground = bgr(name)
    part = cover(image, (x0, y0, x1, y1), ground, WHITE)
    mask = (part > (0.18 if y1 - y0 < 60 else 0.3)).astype(np.uint8)
    large = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    boxes, letters = [], []
    count, _, stats, _ = cv2.connectedComponentsWithStats(large)
    for left, top, wide, high, _area in stats[1:count]:
        rows = np.median(part[max(0, top - 2) : top + high + 2, left + 4 : left + wide - 4], axis=1)
        cols = np.median(part[top + 4 : top + high - 4, max(0, left - 2) : left + wide + 2], axis=0)
        over, before = max(0, top - 2), max(0, left - 2)
        first, start = rows[: len(rows) // 2].sum(), cols[: len(cols) // 2].sum()
        boxes.append(
            [
                x0 + before + len(cols) // 2 - start,
                y0 + over + len(rows) // 2 - first,
                float(cols.sum()),
                float(rows.sum()),
            ]
        )
    grown = cv2.dilate(large, np.ones((5, 5), np.uint8))
    mask[grown > 0] = 0
    flat = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, 22), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(flat)
    for left, top, wide, high, _area in stats[1:count]:
        if high > 6 or wide < 40:
            continue
        over = max(0, top - 2)
        rows = np.median(part[over : top + high + 2, left : left + wide], axis=1)
        middle = (rows * (np.arange(len(rows)) + 0.5)).sum() / rows.sum()
        boxes.append([x0 + left, y0 + over + middle - rows.sum() / 2, float(wide), float(rows.sum())])
    mask[cv2.dilate(flat, np.ones((3, 1), np.uint8)) > 0] = 0
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    teeth = []
    for left, top, wide, high, area in stats[1:count]:
        if wide > 6:
            if 7 <= wide <= 20 and 9 <= high <= 20 and area > 30:
                letters.append((x0 + left, y0 + top, wide, high))
            continue
        if high < 5:
            continue
        before = max(0, left - 2)
        cols = np.median(part[top + 1 : top + high - 1, before : left + wide + 2], axis=0)
        cols[cols < 0.04] = 0
        peak = max(cols.max(), 0.05)
        middle = (cols * (np.arange(len(cols)) + 0.5)).sum() / cols.sum()
        thick = cols.sum()
        line = part[:, int(before + middle)]
        over, under = max(0, top - 2), min(len(line), top + high + 2)
        long = np.clip(line[over:under] / peak, 0, 1)
        half = len(long) // 2
        start = over + half - long[:half].sum()
        end = over + half + long[half:].sum()
        teeth.append([x0 + before + middle - thick / 2, y0 + start, thick, end - start])
    teeth.sort(key=lambda tooth: (round(tooth[0]), tooth[1]))
    merged: list[list[float]] = []
    for tooth in teeth:
        last = merged[-1] if merged else None
        if (
            last
            and abs(last[0] - tooth[0]) < 1.2
            and tooth[3] > 25
            and last[3] > 25
            and tooth[1] - last[1] - last[3] < 6
        ):
            last[3] = tooth[1] + tooth[3] - last[1]
        else:
            merged.append(tooth)
    return boxes + merged, letters


def score_of(
    ink: Any, origin: tuple[int, int], style: str, text: str, em: float, base: float, x: float, w: float
) -> float:
    """The correlation of `ink`, whose first px is at `origin`, with our lettering."""
    left, top = origin
    drawn, column, row = word_cover(style, text, em, x - left, w, base - top)
    canvas = np.zeros_like(ink, dtype=np.float32)
    y0, x0 = max(0, row), max(0, column)
    y1, x1 = min(ink.shape[0], row + drawn.shape[0]), min(ink.shape[1], column + drawn.shape[1])
    if y1 <= y0 or x1 <= x0:
        return -1.0
    canvas[y0:y1, x0:x1] = drawn[y0 - row : y1 - row, x0 - column : x1 - column]
    a, b = canvas - canvas.mean(), ink - ink.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))


def fit_word(
    ink: Any, origin: tuple[int, int], style: str, text: str, start: list[float]
) -> tuple[float, list[float]]:
    """The em, x, width and baseline (px) at which our lettering covers `ink` best, and how well."""

    def score(values: list[float]) -> float:
        em, x, width, base = values
        return score_of(ink, origin, style, text, em, base, x, width)

    best, values = score(start), list(start)
    for step in (0.8, 0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for place in range(4):
                for sign in (-1, 1):
                    trial = list(values)
                    trial[place] += sign * step
                    if trial[0] > 4 and trial[2] > 1 and (found := score(trial)) > best + 1e-5:
                        best, values, moved = found, trial, True
    return best, values


def words_of(ink: Any, left: int, texts: list[str]) -> list[tuple[str, float, float]]:
    """The extents of the words: the widest gaps between columns of ink part them."""
    inked = np.flatnonzero(ink.max(axis=0) > 0.42)
    gaps = sorted(np.flatnonzero(np.diff(inked) > 1), key=lambda g: inked[g] - inked[g + 1])
    cuts = sorted(gaps[: len(texts) - 1])
    starts = [inked[0], *(inked[cut + 1] for cut in cuts)]
    ends = [*(inked[cut] for cut in cuts), inked[-1]]
    return [(t, left + float(a), float(b - a + 1)) for t, a, b in zip(texts, starts, ends, strict=True)]


def caption(image: Any, style: str, colour: str, box: tuple[int, int, int, int], text: str) -> dict:
    x0, y0, x1, y1 = box
    pixels = image[y0:y1, x0:x1].reshape(-1, 3)
    values, counts = np.unique(pixels, axis=0, return_counts=True)
    ground = values[counts.argmax()]
    target = bgr(colour)
    ink = cover(image, box, ground, target).astype(np.float32)
    if np.abs(ground - 255).max() < 1 and colour == "dark":
        ink[ink < 0.34] = 0  # a neighbouring fill is no ink
    rows = np.flatnonzero(ink.max(axis=1) > 0.42)
    texts = text.split(" ")
    found = words_of(ink, x0, texts)
    big = named(style, 400)
    _, top, _, bottom = big.getbbox(text.replace("\u00a0", " "), anchor="ls")
    em = (rows[-1] + 1 - rows[0]) * 400 / (bottom - top)
    base = y0 + rows[0] - top * em / 400
    strips = []
    for word, x, width in found:
        a, b = max(0, int(x) - x0 - 2), int(x + width) - x0 + 3
        strips.append((ink[:, a:b], (x0 + a, y0), word, x, width))

    def line(em: float, base: float) -> float:
        return sum(
            len(word) * score_of(strip, origin, style, word, em, base, x, width)
            for strip, origin, word, x, width in strips
        )

    trials = [(em * f, base + d) for f in np.arange(0.86, 1.2, 0.03) for d in (-1.5, -0.8, 0, 0.8, 1.5)]
    em, base = max(trials, key=lambda trial: line(*trial))
    best = line(em, base)
    for step in (0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for de, db in ((step, 0), (-step, 0), (0, step), (0, -step)):
                if (value := line(em + de, base + db)) > best + 1e-5:
                    best, em, base, moved = value, em + de, base + db, True
    result, scores = [], []
    for strip, origin, word, x, width in strips:
        best, (x2, w2) = _fit_along(strip, origin, style, word, em, base, x, width)
        result.append([word, x2 * MM, w2 * MM])
        scores.append(best)
    sys.stderr.write(f"{min(scores):.2f} {np.mean(scores):.2f} em {em:.1f} {text[:50]}\n")
    return {
        "font": style,
        "colour": colour,
        "em": em * MM,
        "baseline": base * MM,
        "words": result,
    }


def _fit_along(
    ink: Any, origin: tuple[int, int], style: str, text: str, em: float, base: float, x: float, w: float
) -> tuple[float, tuple[float, float]]:

    def score(x: float, w: float) -> float:
        return score_of(ink, origin, style, text, em, base, x, w)

    best = score(x, w)
    for step in (0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for dx, dw in ((step, 0), (-step, 0), (0, step), (0, -step), (step, -step), (-step, step)):
                if w + dw > 1 and (found := score(x + dx, w + dw)) > best + 1e-5:
                    best, x, w, moved = found, x + dx, w + dw, True
    return best, (x, w)


def measure(image_path: str, zones_path: str) -> dict:
    image = cv2.imread(image_path).astype(float)
    zones = json.loads(Path(zones_path).read_text("utf-8"))
    height, width = image.shape[:2]
    fills, letters = [], []
    for name, *box in sketch.FILLS:
        fills.append([name, *(v * MM for v in fill(image, name, *box))])
    head, table = (fills[sketch.FILLS.index(each)] for each in (sketch.TABLE_HEAD, sketch.TABLE))
    table[1], table[3] = head[1], head[3]  # its own sides are crowded with teeth
    for name, *box in sketch.FILLS:
        if name == "dark":
            continue
        found, marks = whites(image, name, *box)
        fills += [["white", *(v * MM for v in each)] for each in found]
        letters += marks
    column = next(
        f for f in fills if abs(f[1] / MM - sketch.CROSSED_COLUMN) < 2 and f[3] < 0.5 and f[2] > table[2] - 1
    )
    fills.append(["white", column[1], head[2], column[3], head[4]])  # the slash hides it from whites()
    for name, *box in sketch.RULES:
        part = cover(image, tuple(box), WHITE, bgr(name))
        part /= np.percentile(part[part > 0.5], 90)
        part = np.clip(part, 0, 1)
        rows, cols = part.max(axis=1), part.max(axis=0)
        rows = np.median(part, axis=1) if box[2] - box[0] > box[3] - box[1] else rows
        cols = np.median(part, axis=0) if box[2] - box[0] < box[3] - box[1] else cols
        y = box[1] + (rows * (np.arange(len(rows)) + 0.5)).sum() / rows.sum() - rows.sum() / 2
        x = box[0] + (cols * (np.arange(len(cols)) + 0.5)).sum() / cols.sum() - cols.sum() / 2
        fills.append([name, x * MM, y * MM, cols.sum() * MM, rows.sum() * MM])
    captions = [caption(image, *each) for each in sketch.CAPTIONS]
    turned = np.ascontiguousarray(np.rot90(image, k=-1))  # clockwise: reads left to right
    for style, colour, (x0, y0, x1, y1), text in sketch.TURNED:
        found = caption(turned, style, colour, (height - y1, x0, height - y0, x1), text)
        words = [[w, height * MM - x, wide] for w, x, wide in found["words"]]
        captions.append({**found, "words": words, "turned": True})
    polygons = []
    for digit, x, y in sketch.DISCS:
        box = (x - 13, y - 13, x + 13, y + 13)
        part = cover(image, box, bgr("mid"), bgr("dark"))
        shape = cv2.morphologyEx((part > 0.5).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9)))
        ys, xs = np.nonzero(shape)
        cx, cy, radius = x - 13 + xs.mean() + 0.5, y - 13 + ys.mean() + 0.5, np.sqrt(len(xs) / np.pi)
        turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ring = np.stack([cx + radius * np.cos(turn), cy + radius * np.sin(turn)], axis=1)
        polygons.append(["dark", (ring * MM).tolist()])
        # U+2776.. in the print: a white digit that nearly fills its disc
        captions.append(
            {
                "font": "sans-bold",
                "colour": "white",
                "em": 17.5 * MM,
                "baseline": (cy + 6.2) * MM,
                "words": [
                    [digit, (cx - (2.6 if digit == "1" else 4.3)) * MM, (5.2 if digit == "1" else 8.6) * MM]
                ],
            }
        )
    slash = np.array([[950.2, 1213.0], [1003.6, 1169.2], [1004.8, 1170.6], [951.4, 1214.4]])
    polygons.insert(0, ["white", (slash * MM).tolist()])
    polygons.append(["dark", _oval(image)])
    captions.append(_logo(image))
    captions += _letters(image, zones, letters)
    fields: dict[str, Any] = {}
    for name, each in zones["fields"].items():
        fields[name] = {"kind": each["kind"], "boxes": each["boxes_mm"]}
        if "groups" in each:
            fields[name]["groups"] = each["groups"]
        if each["kind"] == "comb_date":
            fields[name]["letters"] = "JJMMAAAA"
    return {
        "name": "s3110j",
        "type": "feuille_soins_medecin",
        "title": "feuille de soins - médecin",
        "cerfa": "12541*02",
        "edition": "FSM 01-2011",
        "page_mm": [width * MM, height * MM],
        "fields": fields,
        "drawing": {
            "colours": {k: list(v) for k, v in sketch.COLOURS.items()},
            "fills": fills,
            "polygons": polygons,
            "captions": captions,
        },
    }


def _oval(image: Any) -> list[list[float]]:
    """The emblem's outline, as the oval (a superellipse, a little turned) that covers it best."""
    box = (60, 25, 160, 85)
    part = cover(image, box, WHITE, bgr("dark")) > 0.5
    shape = cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15)))
    contour = max(cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len)[:, 0]
    best = (-1.0, np.zeros((0, 2)))
    (x0, y0), (x1, y1) = contour.min(axis=0), contour.max(axis=0) + 1
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    for power in np.arange(2.0, 3.4, 0.1):
        for skew in np.arange(-0.3, 0.31, 0.05):
            cos, sin = np.cos(turn), np.sin(turn)
            x = np.sign(cos) * np.abs(cos) ** (2 / power) * (x1 - x0) / 2
            y = np.sign(sin) * np.abs(sin) ** (2 / power) * (y1 - y0) / 2 * (1 + skew * 0.4 * x / (x1 - x0))
            ring = np.stack([x + (x0 + x1) / 2, y + (y0 + y1) / 2], axis=1)
            canvas = np.zeros(shape.shape, np.uint8)
            cv2.fillPoly(canvas, [np.rint((ring - 0.5) * 256).astype(np.int32)], 1, shift=8)
            score = (canvas & shape).sum() / (canvas | shape).sum()
            if score > best[0]:
                best = (float(score), ring)
    sys.stderr.write(f"oval {best[0]:.3f}\n")
    return ((best[1] + (box[0], box[1])) * MM).tolist()


def _logo(image: Any) -> dict:
    box = (60, 25, 160, 85)
    dark = (cover(image, box, WHITE, bgr("dark")) > 0.5).astype(np.uint8)
    inside = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((15, 15)))
    inside = cv2.erode(inside, np.ones((5, 5)))
    ink = cover(image, box, bgr("dark"), WHITE).astype(np.float32) * inside
    xs = np.flatnonzero((ink > 0.45).any(axis=0))
    x, w = box[0] + float(xs[0]), float(xs[-1] - xs[0] + 1)
    fits = [
        (*fit_word(ink, (box[0], box[1]), style, "cerfa", [em, x, w, base]), style)
        for style in ("humanist-italic", "serif-italic", "sans-italic")
        for em in (22.0, 26.0, 30.0)
        for base in (60.0, 64.0)
    ]
    score, (em, x, w, base), style = max(fits)
    sys.stderr.write(f"{score:.2f} emblem {style}\n")
    return {
        "font": style,
        "colour": "white",
        "em": em * MM,
        "baseline": base * MM,
        "words": [["cerfa", x * MM, w * MM]],
    }


def _letters(image: Any, zones: dict, marks: list[tuple[int, int, int, int]]) -> list[dict]:
    """The white J J M M A A A A under the dates, one caption a date."""
    result = []
    for name, each in zones["fields"].items():
        if each["kind"] != "comb_date":
            continue
        words, ems, bases = [], [], []
        for (x, y, w, h), letter in zip(each["boxes"], "JJMMAAAA", strict=True):
            inside = [m for m in marks if x - 3 <= m[0] and m[0] + m[2] <= x + w + 4 and y <= m[1] <= y + h]
            box = (x + 1, y + 2, x + w + 2, y + h + 2)
            ink = cover(image, box, bgr("light"), WHITE).astype(np.float32)
            if not inside:
                sys.stderr.write(f"no letter {letter} in {name} at {x}\n")
                continue
            left, top, wide, high = inside[0]
            keep = np.zeros_like(ink)
            a, b = max(0, top - box[1] - 1), max(0, left - box[0] - 1)
            keep[a : a + high + 2, b : b + wide + 2] = 1
            start = [high / 0.72, float(left), float(wide), float(top + high)]
            score, (em, x2, w2, base) = fit_word(ink * keep, (box[0], box[1]), "sans-bold", letter, start)
            words.append([letter, x2 * MM, w2 * MM])
            ems.append(em)
            bases.append(base)
            if score < 0.85:
                sys.stderr.write(f"{score:.2f} letter {letter} of {name}\n")
        if words:
            result.append(
                {
                    "font": "sans-bold",
                    "colour": "white",
                    "em": float(np.median(ems)) * MM,
                    "baseline": float(np.median(bases)) * MM,
                    "words": words,
                }
            )
    return result


def _flow(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value).lower()


def write(form: dict, out: str) -> None:
    lines = [
        "# Measured by ocr/forms/tools on the image of a blank; all lengths in mm from the page's top left.",
        "# No image is kept: the drawing is made of these numbers.",
    ]
    heads = ("name", "type", "title", "cerfa", "edition", "page_mm")
    lines += [f"{key}: {_flow(form[key])}" for key in heads]
    lines.append("fields:")
    lines += [f"  {name}: {_flow(each)}" for name, each in form["fields"].items()]
    lines.append("drawing:")
    lines.append(f"  colours: {_flow(form['drawing']['colours'])}")
    for part in ("fills", "polygons", "captions"):
        lines.append(f"  {part}:")
        lines += [f"    - {_flow(each)}" for each in form["drawing"][part]]
    Path(out).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    image, zones, out = sys.argv[1:]
    write(measure(image, zones), out)
