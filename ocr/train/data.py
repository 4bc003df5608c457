r"""Makes pictures of cells with their labels.

    python -m ocr.train.data --mnist DIR --fonts DIR... --hands DIR... --cells 280000 \
        --split train --seed 1 --out train.npz

`--fonts` are printed faces, `--hands` handwriting faces; folders are searched whole.
"""

import argparse
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cells import LABELS
from ocr.specimen.hands import Strokes
from ocr.specimen.registry import STROKE_HANDS, Split
from ocr.train import glyphs, strips, strokes, words

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACE = {label: index for index, label in enumerate(LABELS)}
RUNS = 0.3
"""Of what is made, how much is written as a run; the rest one to a cell."""

SHARES = {"mnist": 0.36, "print": 0.26, "font": 0.14, "strokes": 0.12, "pen": 0.12}
"""Of the combs of digits, how many are written by what."""

FRENCH = 0.7
"""Of the combs in digits of MNIST, how many have its 1 and 7 made French."""


@dataclass(slots=True)
class Sources:
    pictures: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    of_label: list[NDArray[np.int64]]
    printed: list[Path]
    hands: list[Path]
    writers: list[Strokes]


def open_sources(mnist: Path, printed: list[Path], hands: list[Path], split: Split) -> Sources:
    pictures, labels = glyphs.mnist(mnist, split)
    return Sources(
        pictures,
        labels,
        [np.flatnonzero(labels == digit) for digit in range(10)],
        glyphs.fonts(printed, split, written=False),
        glyphs.fonts(hands, split, written=True),
        [Strokes(number) for number in STROKE_HANDS[split]],
    )


def _text(count: int, letters: bool, rng: np.random.Generator) -> str:
    if letters and count == 7 and rng.random() < 0.6:  # as a CCAM code
        return "".join(rng.choice(list(CAPITALS), 4)) + "".join(rng.choice(list(DIGITS), 3))
    if letters:
        return "".join(rng.choice(list(CAPITALS), count))
    if count == 13 and rng.random() < 0.1:  # a NIR of Corsica
        digits = rng.choice(list(DIGITS), 13)
        digits[6] = rng.choice(["A", "B"])
        return "".join(digits)
    return "".join(rng.choice(list(DIGITS), count))


def strip(sources: Sources, rng: np.random.Generator) -> list[tuple[NDArray[np.uint8], int]]:
    """One comb -> (picture, label) of the cells that hold marks."""
    letters = rng.random() < 0.36
    boxes, style = strips.layout(rng, letters)
    text = _text(len(boxes), letters, rng)
    hole = rng.random() < 0.25
    holes = [hole and rng.random() < rng.choice([0.2, 0.9]) for _ in text]
    width, height = boxes[0][2] / strips.PX_PER_MM, boxes[0][3] / strips.PX_PER_MM
    shares = SHARES | ({"mnist": 0.0, "print": 0.3} if letters else {})
    if not sources.hands:
        shares["font"] = 0.0
    total = sum(shares.values())
    kind = str(rng.choice(list(shares), p=[share / total for share in shares.values()]))
    handwritten = kind != "print"
    font = None
    writer = sources.writers[rng.integers(len(sources.writers))]
    if kind == "print":
        font = sources.printed[rng.integers(len(sources.printed))]
    elif kind == "font":
        font = sources.hands[rng.integers(len(sources.hands))]
    size = (
        rng.uniform(2.0, 3.6)
        if not handwritten
        else min(rng.uniform(0.55, 1.12) * height, rng.uniform(2.6, 6.2))
    )
    slant = rng.normal(0.0, 0.16) if handwritten else 0.0
    drift = (
        rng.normal(0, [0.16 * width * 0.8, 0.10 * height])
        if not handwritten
        else rng.normal(0, [0.10 * width, 0.08 * height])
    )
    french = rng.random() < FRENCH
    wobble = rng.uniform(0.02, 0.075)
    spread = rng.choice([1.0, 1.0, 0.93])  # print set a little tighter than the comb
    placed: list[strips.Placed | None] = []
    for index, (char, empty) in enumerate(zip(text, holes, strict=True)):
        if empty:
            placed.append(None)
            continue
        mask = _mask(sources, kind, char, font, writer, rng, french, wobble)
        tall = size
        if font is not None:
            tall = (
                size
                * (mask.shape[0] - 8)
                / max(glyphs.of_font(font, "8" if char.isdigit() else "H").shape[0] - 8, 1)
            )
        if handwritten:
            tall *= float(np.exp(rng.normal(0, 0.11)))
        stretch = float(np.exp(rng.normal(0, 0.12 if handwritten else 0.06)))
        wide = (mask.shape[1] - 8) / max(mask.shape[0] - 8, 1) * tall * stretch
        if wide > 1.25 * width:
            stretch *= 1.25 * width / wide
        jitter = rng.normal(0, [0.09 * width, 0.06 * height]) if handwritten else rng.normal(0, 0.02, 2)
        away = (index - len(text) / 2) * width * (spread - 1)
        dx = float(np.clip(drift[0] + jitter[0] + away, -0.42 * width, 0.42 * width))
        turn = rng.normal(0, 0.07) if handwritten else rng.normal(0, 0.006)
        placed.append(
            strips.Placed(
                mask,
                tall,
                dx,
                float(drift[1] + jitter[1]),
                slant + (rng.normal(0, 0.06) if handwritten else 0),
                float(turn),
                stretch,
            )
        )
    strike = all(holes) and rng.random() < 0.6
    cells = strips.scan(boxes, style, placed, rng, strike)
    out = []
    for char, empty, cell in zip(text, holes, cells, strict=True):
        if cell.picture is None:
            continue
        if not empty and cell.amount < 0.12:
            continue
        out.append((cell.picture, _PLACE["" if empty else char]))
    return out


def run(sources: Sources, rng: np.random.Generator) -> list[tuple[NDArray[np.uint8], int]]:
    """One short word -> (picture, label) of its characters."""
    writer = sources.writers[rng.integers(len(sources.writers))]
    kind = str(rng.choice(["print", "font", "pen"], p=[0.45, 0.35, 0.2]))
    faces = sources.printed if kind == "print" else sources.hands if kind == "font" else []
    path = faces[rng.integers(len(faces))] if faces else None
    found = words.word(words.text(rng), kind, path, writer, rng)
    return [(picture, _PLACE[char]) for picture, char in found]


def _mask(
    sources: Sources,
    kind: str,
    char: str,
    font: Path | None,
    writer: Strokes,
    rng: np.random.Generator,
    french: bool,
    wobble: float,
) -> glyphs.Mask:
    if kind == "mnist" and char.isdigit():
        choice = sources.of_label[int(char)]
        return glyphs.of_mnist(sources.pictures[choice[rng.integers(len(choice))]], int(char), rng, french)
    if kind == "pen":
        return glyphs.of_pen(writer, char, rng)
    if font is None:
        return strokes.drawn(char, rng, wobble=wobble)
    mask = glyphs.of_font(font, char)
    swell = rng.random()
    if swell < 0.2:
        mask = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=int(rng.integers(1, 4)))
    elif swell < 0.3:
        mask = cv2.erode(mask, np.ones((3, 3), np.uint8))
    return mask


def _work(
    job: tuple[Path, list[Path], list[Path], Split, int, int],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    mnist, printed, hands, split, count, seed = job
    cv2.setNumThreads(1)
    sources = open_sources(mnist, printed, hands, split)
    rng = np.random.default_rng(seed)
    pictures: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    while len(labels) < count:
        one = run if rng.random() < RUNS else strip
        for picture, label in one(sources, rng):
            pictures.append(picture)
            labels.append(label)
    return np.stack(pictures[:count]), np.array(labels[:count], np.uint8)


def make(
    mnist: Path, printed: list[Path], hands: list[Path], split: Split, cells: int, seed: int, jobs: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(n, 2, 32, 32) pictures and (n,) labels (indices of LABELS)."""
    parts = max(jobs, 8)
    work = [(mnist, printed, hands, split, cells // parts, seed * 1000 + i) for i in range(parts)]
    with Pool(jobs) as pool:
        done = pool.map(_work, work, chunksize=1)
    return np.concatenate([each[0] for each in done]), np.concatenate([each[1] for each in done])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True)
    parser.add_argument("--hands", type=Path, nargs="*", default=[])
    parser.add_argument("--split", choices=["train", "fit", "test"], default="train")
    parser.add_argument("--cells", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    pictures, labels = make(args.mnist, args.fonts, args.hands, args.split, args.cells, args.seed, args.jobs)
    np.savez(args.out, pictures=pictures, labels=labels)
    print(f"{args.out}: {len(labels)} cells, {np.bincount(labels, minlength=len(LABELS)).tolist()}")


if __name__ == "__main__":
    main()
