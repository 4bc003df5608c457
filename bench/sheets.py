"""What the sheets of a bench are made of: unseen fonts and hands, our drawing, the picture of a true blank."""

import argparse
from pathlib import Path

import cv2

from bench.unseen import Unseen
from ocr.specimen import Sources, make

PROFILES_OF = {
    "printed": ("printed_clean", "printed_hard"),
    "handwritten": ("handwritten",),
    "printed, varied": ("printed_varied",),
    "handwritten, varied": ("handwritten_varied",),
    "printed, photographed": ("printed_photo",),
}
TRUE_FORM = "data/forms/s3110j/blank.png"


def sources(shared: Path | None, fonts: Path | None, written: Path | None) -> tuple[Sources, Sources]:
    """What print and hands are made of: nothing that the weights or the thresholds have seen.

    Print: the `test` split of the installed fonts, and of a folder of more."""
    hands = shared / "data/handwriting" if shared else None
    there = hands is not None and hands.is_dir()
    written = Unseen(
        split="test",
        fonts=fonts,
        written=written or (hands / "fonts" if hands and there else None),
        mnist=hands / "mnist" if hands and there else None,
    )
    return Unseen(split="test", fonts=fonts), written


def add_sources(parser: argparse.ArgumentParser) -> None:
    """What every bench of sheets takes: `shared`, `fonts`, `hands`."""
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="true blanks, hands, MNIST")
    parser.add_argument("--fonts", type=Path, help="a folder of more printed fonts")
    parser.add_argument("--hands", type=Path, help="a folder of handwriting fonts (default: of --shared)")


def made(given: argparse.Namespace, home: Path) -> list[Path]:
    """Folders of `n` sheets printed and `n` by hand: half of each on a true blank, if there is one.

    `given`: with `n` and `seed`, and what `add_sources` adds."""
    true = given.shared / TRUE_FORM
    blanks = {"": None, ", true form": cv2.imread(str(true))} if true.is_file() else {"": None}
    printed, written = sources(given.shared, given.fonts, given.hands)
    folders = []
    for number, (kind, made_of) in enumerate((("printed", printed), ("handwritten", written))):
        for place, (on, blank) in enumerate(blanks.items()):
            folders.append(home / f"{kind}{on}")
            count, own = max(1, given.n // len(blanks)), given.seed + 10 * number + place
            make(folders[-1], count, own, profiles=list(PROFILES_OF[kind]), sources=made_of, blank=blank)
    return folders
