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

from ocr.forms.tools import s3110j_sketch as sketch
from ocr.forms.tools.emblem import letters as white_letters
from ocr.forms.tools.emblem import logo, oval
from ocr.forms.tools.lettering import MM, WHITE, bgr, caption, cover


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
    polygons.append(["dark", oval(image)])
    captions.append(logo(image))
    captions += white_letters(image, zones, letters)
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
