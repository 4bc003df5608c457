"""Where a blank form is to be filled: combs, boxes to tick, lines and blocks of text, signatures.

A proposal: a person corrects names and kinds. All lengths in mm."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import cv2
import numpy as np

Box = tuple[float, float, float, float]

PITCH_MM = (2.8, 9.0)
"""Between the teeth of a comb."""

LINE_MM = 6.0
"""Of the height of a line to write on."""

BLOCK_MM = 13.0
"""From this height a frame takes several lines."""

LOWEST_MM = 2.5
"""Of the height of a cell to write in: lower ones are the letters of an emblem."""

LEAST_MM = 18.0
"""Of the width of a zone for text."""


@dataclass(frozen=True, slots=True)
class Label:
    """A caption: its text and the box of its ink."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Zone:
    kind: str
    boxes: tuple[Box, ...]
    said: str = ""
    """The caption that it seems to belong to."""
    name: str = field(default="", compare=False)

    @property
    def box(self) -> Box:
        low = [min(box[side] for box in self.boxes) for side in (0, 1)]
        high = [max(box[side] + box[side + 2] for box in self.boxes) for side in (0, 1)]
        return (low[0], low[1], high[0] - low[0], high[1] - low[1])


def propose(page: Box, printed: Sequence[Box], cells: Sequence[Box], labels: Sequence[Label]) -> list[Zone]:
    """`printed`: bars, tints and rules; `cells`: paper alone within a frame. From top to bottom."""
    framed, ticks = _in_rows(cells)
    open_combs = _on_baselines(printed)
    combs = [_comb(boxes) for boxes in [*framed, *open_combs]]
    checks = [Zone("check", (box,)) for box in ticks]
    taken = [zone.box for zone in [*combs, *checks]] + [label.box for label in labels]
    texts = _frames(page, printed, labels, taken) + _lines(printed, taken) + _dashed(printed, labels, taken)
    zones = [replace(zone, said=_said(zone, labels)) for zone in [*combs, *checks, *_apart(texts)]]
    zones = [replace(zone, kind=_kind(zone)) for zone in zones]
    return _named(sorted(zones, key=lambda zone: (round(zone.box[1] / 4), zone.box[0])))


def _comb(boxes: Sequence[Box]) -> Zone:
    return Zone("comb_date" if len(boxes) == 8 else "comb", tuple(boxes))


def _in_rows(cells: Sequence[Box]) -> tuple[list[list[Box]], list[Box]]:
    """Cells that stand side by side, and those that stand alone."""
    rows: list[list[Box]] = []
    for box in sorted(cells):
        x, y, w, h = box
        for row in rows:
            x0, y0, w0, h0 = row[-1]
            level = abs(y - y0) < 0.8 and abs(h - h0) < 0.8
            if level and -0.2 < x - x0 - w0 < 1.2 and 0.5 < w / w0 < 2.0:
                row.append(box)
                break
        else:
            rows.append([box])
    squares = [row[0] for row in rows if len(row) == 1 and max(row[0][2:]) <= 6.5]
    return [row for row in rows if len(row) > 1 and row[0][3] >= LOWEST_MM], squares


def _on_baselines(printed: Sequence[Box]) -> list[list[Box]]:
    """Combs open above: teeth that stand on a rule at even steps."""
    level = [box for box in printed if box[2] > 5 and box[3] < 1.2]
    teeth = sorted(box for box in printed if box[2] < 1.2 and 0.9 < box[3] < 8.0)
    feet = [tooth for tooth in teeth if any(_stands_on(tooth, rule) for rule in level)]
    found: list[list[Box]] = []
    while feet:
        run = [feet.pop(0)]
        for tooth in list(feet):
            step = tooth[0] - run[-1][0]
            even = len(run) < 2 or abs(step - (run[-1][0] - run[-2][0])) < 0.3 * step
            if abs(_bottom(tooth) - _bottom(run[-1])) < 0.5 and PITCH_MM[0] < step < PITCH_MM[1] and even:
                run.append(tooth)
                feet.remove(tooth)
        if len(run) > 2:
            found.append(_cells_between(run, printed))
    return found


def _stands_on(tooth: Box, rule: Box) -> bool:
    return abs(_bottom(tooth) - rule[1]) < 0.7 and rule[0] - 0.5 <= tooth[0] <= rule[0] + rule[2] + 0.5


def _bottom(box: Box) -> float:
    return box[1] + box[3]


def _cells_between(run: Sequence[Box], printed: Sequence[Box]) -> list[Box]:
    foot = float(np.median([_bottom(tooth) for tooth in run]))
    top = _ceiling((run[0][0], foot, run[-1][0] - run[0][0], 0.0), printed, 5.2)
    return [(a[0] + a[2] / 2, top, b[0] + b[2] / 2 - a[0] - a[2] / 2, foot - top) for a, b in pairwise(run)]


def _ceiling(foot: Box, printed: Sequence[Box], most: float) -> float:
    """The highest place above `foot` that no rule crosses, at most so many mm up."""
    x, y, w, _ = foot
    over = [
        _bottom(box) + 0.2
        for box in printed
        if box[2] > 4 and _bottom(box) < y - 2.0 and box[0] < x + w and box[0] + box[2] > x
    ]
    return max([y - most, *over])


def _frames(page: Box, printed: Sequence[Box], labels: Sequence[Label], taken: Sequence[Box]) -> list[Zone]:
    """What rules enclose, without the captions and combs inside."""
    px = 8
    size = (int(page[3] * px) + 1, int(page[2] * px) + 1)
    lines = np.zeros(size, np.uint8)
    for x, y, w, h in printed:
        x0, y0 = int(x * px) - 1, int(y * px) - 1
        lines[max(0, y0) : int((y + h) * px) + 2, max(0, x0) : int((x + w) * px) + 2] = 1
    count, _, stats, _ = cv2.connectedComponentsWithStats(1 - lines, connectivity=4)
    found = []
    for number in range(1, count):
        x, y, w, h, area = (float(v) / px for v in stats[number])
        if w < LEAST_MM or h < 3.4 or h > 60 or area * px < 0.8 * w * h * px * px / px:
            continue
        box = (x + 0.2, y + 0.2, w - 0.4, h - 0.4)
        inside = [each for each in labels if _share(each.box, box) > 0.5]
        if h >= BLOCK_MM:
            # captions stand above what is written
            head = max((_bottom(each.box) for each in inside if each.box[1] < y + h / 3), default=box[1])
            found.append(Zone("text_block", ((box[0], head + 0.4, box[2], _bottom(box) - head - 0.4),)))
        else:
            found += [Zone("text", (part,)) for part in _free(box, taken)]
    return found


def _lines(printed: Sequence[Box], taken: Sequence[Box]) -> list[Zone]:
    """Rules to write on: an upright mark begins them."""
    uprights = [box for box in printed if box[2] < 1.2 and 1.0 < box[3] < 8.0]
    found = []
    for rule in printed:
        if rule[2] < LEAST_MM or rule[3] > 1.0:
            continue
        starts = [u for u in uprights if abs(u[0] - rule[0]) < 1.2 and abs(_bottom(u) - rule[1]) < 1.5]
        if starts:
            top = max(_ceiling(rule, printed, LINE_MM), _under(rule, taken))
            box = (rule[0] + 0.8, top, rule[2] - 1.0, rule[1] - top)
            found += [Zone("text", (part,)) for part in _free(box, taken)]
    return found


def _under(rule: Box, taken: Sequence[Box]) -> float:
    """The foot of the lowest caption that stands between a line to write on and the one above it."""
    x, y, w, _ = rule
    over = (_bottom(box) for box in taken if box[0] < x + w and box[0] + box[2] > x)
    return max((foot + 0.2 for foot in over if foot < y - 3.0), default=0.0)


DASHES = 4
"""So many at one height make a line to write on."""


def _dashed(printed: Sequence[Box], labels: Sequence[Label], taken: Sequence[Box]) -> list[Zone]:
    """Lines of dashes to write on, from the caption before them; thin ones may not have been seen."""
    rows: list[list[Box]] = []
    for dash in sorted((box for box in printed if 0.8 < box[2] < 4.0 and box[3] < 0.6), key=_bottom):
        if rows and _bottom(dash) - _bottom(rows[-1][0]) < 0.6:
            rows[-1].append(dash)
        else:
            rows.append([dash])
    found = []
    for mixed in rows:
        usual = float(np.median([dash[2] for dash in mixed]))
        row = [dash for dash in mixed if abs(dash[2] - usual) < 0.25 * usual]
        if len(row) < max(DASHES, 0.7 * len(mixed)):
            continue
        foot, left = min(dash[1] for dash in row), min(dash[0] for dash in row)
        right = max(dash[0] + dash[2] for dash in row)
        level = [each.box for each in labels if each.box[1] - 1.5 < foot < _bottom(each.box) + 2.0]
        before = max((x + w for x, _, w, _ in level if left - 20.0 < x + w < left), default=left)
        rule = (left, foot, right - left, 0.0)
        top = max(_ceiling(rule, printed, LINE_MM), _under(rule, taken))
        found += [Zone("text", (part,)) for part in _free((before, top, right - before, foot - top), taken)]
    return found


def _free(box: Box, taken: Sequence[Box]) -> list[Box]:
    """What is left of a line beside the boxes that stand in it."""
    x, y, w, h = box
    edges = [(x, x)]
    for each in sorted(taken):
        over = min(_bottom(each), y + h) - max(each[1], y)
        if over > 0.3 * min(each[3], h) and each[0] < x + w and each[0] + each[2] > x:
            edges.append((each[0], each[0] + each[2]))
    edges.append((x + w, x + w))
    parts, reached = [], x
    for left, right in edges:
        if left - reached - 1.0 >= LEAST_MM:
            start = reached + (0.8 if reached > x else 0.0)
            parts.append((start, y, left - start - 0.2, h))
        reached = max(reached, right)
    return parts


def _share(inner: Box, outer: Box) -> float:
    wide = min(inner[0] + inner[2], outer[0] + outer[2]) - max(inner[0], outer[0])
    high = min(_bottom(inner), _bottom(outer)) - max(inner[1], outer[1])
    return max(0.0, wide) * max(0.0, high) / max(inner[2] * inner[3], 1e-9)


def _apart(zones: Iterable[Zone]) -> list[Zone]:
    """Without those that lie in another."""
    kept: list[Zone] = []
    for zone in sorted(zones, key=lambda each: each.box[2] * each.box[3]):
        if all(_share(other.box, zone.box) < 0.5 for other in kept):
            kept.append(zone)
    return kept


def _said(zone: Zone, labels: Sequence[Label]) -> str:
    """The caption on the same line, left of it (or, of a box to tick, on the nearest side); or above."""
    x, y, w, h = zone.box
    middle = y + h / 2
    best, least = "", 45.0
    for label in labels:
        lx, ly, lw, lh = label.box
        level = ly - 1.5 < middle < ly + lh + 1.5 or (ly > y - 1 and ly + lh < y + h + 1)
        before, after = x - lx - lw, lx - x - w
        above = y - ly - lh
        if level and before >= -1:
            far = before
        elif level and zone.kind == "check" and after >= 0:
            far = 1.5 * after
        elif -1.5 <= above < 9 and lx < x + w and lx + lw > x:
            far = 3 + 2 * max(above, 0.0)
        else:
            continue
        if far < least:
            best, least = label.text, far
    return best


def _kind(zone: Zone) -> str:
    signed = "signature" in plain(zone.said) and zone.kind in ("text", "text_block")
    return "signature" if signed and zone.box[3] > 8 else zone.kind


_SMALL = frozenset(
    (
        *("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "n", "ou"),
        *("par", "qu", "s", "si", "un", "une"),
    )
)


def plain(text: str) -> str:
    """Small letters without accents; words parted by spaces."""
    bare = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def _named(zones: Iterable[Zone]) -> list[Zone]:
    out: list[Zone] = []
    seen: dict[str, int] = {}
    for zone in zones:
        words = [word for word in plain(re.sub(r"\([^)]*\)", "", zone.said)).split() if word not in _SMALL]
        name = "_".join(words[:4]) or zone.kind
        name = f"zone_{name}" if name[0].isdigit() else name
        seen[name] = seen.get(name, 0) + 1
        out.append(replace(zone, name=name if seen[name] == 1 else f"{name}_{seen[name]}"))
    return out
