r"""Makes pictures of lines of text with what they say.

    python -m ocr.train.line_data --fonts DIR --hands DIR --words FILE --lines 100000 --out l.npz

`--words`: a text file, a name, a place or a phrase a line, that the lines are made of beside invented ones."""

import argparse
from multiprocessing import Pool
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cells import PX_PER_MM
from ocr.lines import CHARACTERS, EDGE, strip_of
from ocr.specimen.hands import Cover, Hand, Strokes
from ocr.specimen.registry import STROKE_HANDS, Split
from ocr.subtract import Print, ink
from ocr.text import dusted
from ocr.train import glyphs, strips
from ocr.train.phrases import phrase
from ocr.train.words import face, printed

SHARES = {"print": 0.62, "font": 0.26, "pen": 0.12}
"""Of printed faces, handwriting faces, drawn strokes."""


def _cover(text: str, kind: str, path: Path | None, writer: Strokes, rng: np.random.Generator) -> Cover:
    if kind == "print" and path is not None:
        cover = printed(text, path, float(rng.uniform(1.35, 3.1)) * PX_PER_MM)
        if rng.random() < 0.2:
            wide = max(4, round(cover.shape[1] * rng.uniform(0.72, 1.1)))
            cover = cv2.resize(cover, (wide, cover.shape[0]), interpolation=cv2.INTER_AREA)
        return cover
    hand: Hand = face(path) if path is not None else writer
    height, pen = float(rng.uniform(1.9, 4.2)), float(rng.uniform(0.2, 0.65))
    return hand.line(text, height * PX_PER_MM, pen * PX_PER_MM, Random(int(rng.integers(1 << 31))))


def _rubber(cover: Cover, rng: np.random.Generator) -> Cover:
    """A stamp: turned a little, unevenly inked."""
    high, wide = cover.shape
    cover = np.pad(cover, 3)
    angle = float(np.clip(rng.normal(0, 0.35), -0.8, 0.8))  # what is left once the block was laid flat
    matrix = cv2.getRotationMatrix2D((cover.shape[1] / 2, cover.shape[0] / 2), angle, 1)
    cover = cv2.warpAffine(cover, matrix, (cover.shape[1], cover.shape[0]), flags=cv2.INTER_LINEAR)
    patch = rng.random((max(2, high // 12), max(2, wide // 24))).astype(np.float32)
    uneven = cv2.resize(patch, (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_CUBIC)
    inked = np.clip(rng.uniform(0.75, 0.97) + 0.35 * (uneven - 0.5), 0.4, 1.0)
    grain = np.where(rng.random(cover.shape) < 0.06, 0.5, 1.0)
    return (cover * inked * grain).astype(np.float32)


def line(
    text: str, kind: str, path: Path | None, writer: Strokes, rng: np.random.Generator
) -> NDArray[np.uint8] | None:
    """The picture of a line as the reader cuts it, or None where nothing of it is left."""
    cover = _cover(text, kind, path, writer, rng)
    if kind == "print" and rng.random() < 0.45:
        cover = _rubber(cover, rng)
    high, wide = cover.shape
    if high < 6 or wide < 3 or wide > 1500:
        return None
    box = (float(strips.MARGIN), float(strips.MARGIN), float(wide + 24), float(high + 10))
    tint = int(rng.integers(190, 256))
    template = strips.blank([box], "none", rng, tint)
    paper = template.astype(np.float32)
    x, y = int(box[0]) + int(rng.integers(4, 20)), int(box[1]) + int(rng.integers(0, 10))
    dark = float(rng.uniform(0, 150))
    region = paper[y : y + high, x : x + wide]
    if region.shape != cover.shape:
        return None
    region += cover * (np.minimum(region, dark) - region)
    marks = ink(strips.spoil(paper, rng), Print(template))
    reach = int(rng.integers(1, 5))
    crop = marks[max(0, y - reach) : y + high + reach, max(0, x - 12) : x + wide + 12]
    strip = strip_of(dusted(np.ascontiguousarray(crop)))
    if strip is None or (strip.picture.shape[1] - 2 * EDGE) / strip.scale < 0.96 * wide - 3:
        return None  # too pale: a part of it was lost
    return strip.picture


def _work(job: tuple[Path, Path | None, Path, Split, int, int]) -> tuple[list[NDArray[np.uint8]], list[str]]:
    fonts, hands, words, split, count, seed = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    listed = words.read_text("utf-8").splitlines()
    faces = glyphs.fonts([fonts], split, written=False)
    written = glyphs.fonts([hands], split, written=True) if hands else []
    writers = [Strokes(number) for number in STROKE_HANDS[split]]
    shares = SHARES if written else SHARES | {"font": 0.0}
    odds = np.array(list(shares.values())) / sum(shares.values())
    known = set(CHARACTERS)
    pictures: list[NDArray[np.uint8]] = []
    texts: list[str] = []
    while len(texts) < count:
        text = phrase(listed, rng)
        kind = str(rng.choice(list(shares), p=odds))
        some = faces if kind == "print" else written if kind == "font" else []
        path = some[rng.integers(len(some))] if some else None
        if not text or not set(text) <= known or (kind == "font" and not _writes(path, text)):
            continue
        try:
            picture = line(text, kind, path, writers[rng.integers(len(writers))], rng)
        except KeyError:  # a sign that no pen of ours draws
            continue
        if picture is not None and picture.shape[1] >= 4 * len(text) + 8:
            pictures.append(picture)
            texts.append(text)
    return pictures, texts


def _writes(path: Path | None, text: str) -> bool:
    """Whether a handwriting face has every character of a text."""
    return path is not None and set(text) <= face(path).known | {" "}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--hands", type=Path)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--split", choices=["train", "fit", "test"], default="train")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    parts = max(args.jobs, args.lines // 10_000, 1)
    work = [
        (args.fonts, args.hands, args.words, args.split, args.lines // parts, args.seed * 1000 + i)
        for i in range(parts)
    ]
    with Pool(args.jobs) as pool:
        done = pool.map(_work, work, chunksize=1)
    pictures = [picture for part, _ in done for picture in part]
    texts = [text for _, part in done for text in part]
    np.savez(
        args.out,
        columns=np.concatenate([picture.T for picture in pictures]),
        widths=np.array([picture.shape[1] for picture in pictures]),
        texts=np.array(texts),
    )
    print(f"{args.out}: {len(texts)} lines")


if __name__ == "__main__":
    main()
