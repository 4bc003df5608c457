"""Which font and which hand belongs to which split: what a reader was trained on is never what
measures it. `train`: to learn; `fit`: to set thresholds; `test`: for the figures.

Each has one place only: known names are listed, an unknown font falls by the hash of its name.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ocr.forms.fonts import FOLDERS

Split = Literal["train", "fit", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

PRINTED: dict[str, Split] = {
    "LiberationSans-Regular.ttf": "train",
    "LiberationSans-Bold.ttf": "train",
    "LiberationSans-Italic.ttf": "train",
    "LiberationMono-Regular.ttf": "train",
    "LiberationMono-Bold.ttf": "train",
    "DejaVuSans.ttf": "train",
    "DejaVuSans-Bold.ttf": "train",
    "DejaVuSansCondensed.ttf": "train",
    "DejaVuSansCondensed-Bold.ttf": "train",
    "DejaVuSerif.ttf": "fit",
    "DejaVuSerif-Bold.ttf": "fit",
    "DejaVuSerifCondensed.ttf": "fit",
    "LiberationSerif-Regular.ttf": "test",
    "LiberationSerif-Bold.ttf": "test",
    "DejaVuSansMono.ttf": "test",
    "DejaVuSansMono-Bold.ttf": "test",
    "LiberationSansNarrow-Regular.ttf": "test",
}

WRITTEN: dict[str, Split] = {
    "annie-use-your-telescope": "train",
    "architects-daughter": "train",
    "caveat": "train",
    "coming-soon": "train",
    "covered-by-your-grace": "train",
    "dawning-of-a-new-day": "train",
    "give-you-glory": "train",
    "gloria-hallelujah": "train",
    "handlee": "train",
    "just-another-hand": "train",
    "loved-by-the-king": "train",
    "mansalva": "train",
    "nothing-you-could-do": "train",
    "over-the-rainbow": "train",
    "schoolbell": "train",
    "shadows-into-light": "train",
    "indie-flower": "fit",
    "short-stack": "fit",
    "sue-ellen-francisco": "fit",
    "deb_Ecolier-court": "test",
    "kalam": "test",
    "patrick-hand": "test",
    "playwrite-fr-moderne": "test",
    "sedgwick-ave": "test",
    "waiting-for-the-sunrise": "test",
}
STROKE_HANDS: dict[Split, range] = {"train": range(0, 400), "fit": range(400, 500), "test": range(500, 700)}
MNIST: dict[Split, tuple[str, int, int]] = {  # file, first digit, end
    "train": ("train", 0, 50_000),
    "fit": ("train", 50_000, 60_000),
    "test": ("t10k", 0, 10_000),
}


class WrongSplit(ValueError):
    """A font or hand was asked for in a split that it does not belong to."""


def _by_hash(name: str) -> Split:
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % 10
    return "train" if place < 6 else "fit" if place < 7 else "test"


def split_of_font(file: str) -> Split:
    """Of a printed font, by its file's name, wherever it lies."""
    name = Path(file).name
    return PRINTED.get(name) or _by_hash(name)


def split_of_hand(name: str) -> Split:
    """Of a hand: `strokes-<n>`, `mnist-<split>-<n>`, or the stem of a handwriting font's file."""
    kind, _, number = name.partition("-")
    if kind == "strokes" and number.isdigit():
        for split, numbers in STROKE_HANDS.items():
            if int(number) in numbers:
                return split
        raise WrongSplit(f"no hand {name}")
    if kind == "mnist" and number.partition("-")[0] in SPLITS:
        return number.partition("-")[0]  # type: ignore[return-value]
    return WRITTEN.get(name) or _by_hash(name)


def check(name: str, split: Split, *, printed: bool) -> None:
    """Raises WrongSplit unless the font or hand belongs to `split`."""
    own = split_of_font(name) if printed else split_of_hand(name)
    if own != split:
        raise WrongSplit(f"{name} belongs to {own}, not to {split}")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a set of sheets may be written with. Paths are optional: without them, the installed
    fonts and the stroke hands alone.

    `fonts`: a folder of more printed fonts. `written`: a folder of handwriting fonts.
    `mnist`: the folder of the four MNIST files.
    """

    split: Split = "test"
    fonts: Path | None = None
    written: Path | None = None
    mnist: Path | None = None

    def printed_fonts(self) -> tuple[str, ...]:
        """File names or paths, of this split only."""
        found = [
            name
            for name, split in PRINTED.items()
            if split == self.split and any((Path(folder) / name).is_file() for folder in FOLDERS)
        ]
        if self.fonts is not None:
            found += [
                str(path)
                for path in sorted(Path(self.fonts).glob("*.[ot]tf"))
                if split_of_font(path.name) == self.split
            ]
        return tuple(found)

    def written_fonts(self) -> tuple[Path, ...]:
        if self.written is None:
            return ()
        paths = sorted(Path(self.written).glob("*.[ot]tf"))
        return tuple(path for path in paths if split_of_hand(path.stem) == self.split)
