"""What each part of the reader is worth: `python -m bench.ablations [--n 40] [--seed 900] [--cells DIR]`.

The same sheets, printed and by hand, half on our drawing of the form and half on the picture of a true blank,
read whole and then with one part left out at a time. The dossiers are of all persons that the sheets may speak
of, and confirm what was read as `liasse read --dossiers` does. Readings are kept (bench/readings.py).

French shapes of 1, 4, 7 and 9 are in the weights of the network of cells, no part that could be left out:
`python -m ocr.train.french` teaches one with them and one without, and `--cells` reads by either.
"""

import argparse
import copy
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import numpy as np
import onnxruntime
import pytesseract
from PIL import Image as PillowImage

from bench.reading_tables import percent
from bench.readings import hash_of, reading
from bench.sheets import add_sources, made
from cli.reading import identified, load_directory
from ocr import (
    amounts,
    codes,
    combs,
    decode,
    engine,
    extract,
    frame,
    language,
    redundancy,
    stamp,
    tesseract,
    text,
)
from ocr.decode import Decoded
from ocr.specimen.scoring import Outcome, by_sheet, outcomes, stoppers, tally, truths, upper_bound
from ocr.subtract import Print


def _on_paper(page: Any, blank: Any, **given: Any) -> Any:
    return frame_parted(page, Print(np.full_like(blank.picture, 255)), **given)


frame_parted = frame.parted


def _as_spelt(cells: Any, years: Any, months: Any = None) -> Decoded:
    """A date, its digits one by one."""
    told = decode.comb(cells)
    digits = told.value or ""
    return told if len(digits) != 8 else Decoded(f"{digits[4:]}-{digits[2:4]}-{digits[:2]}", told.probability)


def _nir_as_spelt(name: str, of: Any, answers: dict[str, Decoded]) -> None:
    for each in (name, f"{name}_cle"):
        if each in of:
            answers[each] = decode.comb(of[each].table)


def _word_as_spelt(ways: Sequence[tuple[Any, float]], lexicon: Any, line: Any = None) -> Decoded:
    if not ways or len(ways[0][0]) == 0:
        return Decoded(None, 1.0)
    return max((decode.comb(table, capitals=True).scaled(p) for table, p in ways), key=lambda d: d.probability)


_seen: list[Any] = []
line_table = engine.line_table


def _remembered(picture: Any) -> Any:
    _seen[:] = [picture]
    return line_table(picture)


def _by_tesseract(table: Any) -> list[tuple[str, float]]:
    paper = cv2.copyMakeBorder(255 - _seen[0], 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255)
    said = pytesseract.image_to_string(
        PillowImage.fromarray(paper), lang="fra", config=f"--psm 7 --tessdata-dir {tesseract.tessdata()}"
    )
    return [(said.strip(), 0.9)]


word_of = codes.word

Change = tuple[Any, str, Callable[..., Any]]

PARTS: dict[str, tuple[Change, ...]] = {
    "without subtraction of the print": (
        (frame, "parted", _on_paper),
        (frame, "_with_tinted", lambda marks, *_: marks),
    ),
    "without constraints: calendar, keys, code lists, sums, tariffs": (
        (decode, "date", _as_spelt),
        (combs, "_decode_nir", _nir_as_spelt),
        (codes, "ccam_code", lambda cells: decode.comb(cells, capitals=True)),
        (codes, "word", _word_as_spelt),
        (redundancy, "apply", lambda answers, tables: None),
        (amounts, "reconcile", lambda parts, total: (parts, total)),
        (stamp, "_is_rpps", lambda number: True),
        (extract, "_numbered", lambda answers, names: None),
    ),
    "without the language: lines as they are seen": ((language, "weight", lambda text, char: 1.0),),
    "without the network of lines: Tesseract reads them": (
        (engine, "line_table", _remembered),
        (text, "ranked", _by_tesseract),
        (codes, "word", lambda ways, lexicon, line=None: word_of(ways, lexicon)),
    ),
}
"""Part -> what takes its place."""


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    printed: list[Outcome]
    written: list[Outcome]

    def line(self) -> str:
        cells = [self.title]
        for found in (self.printed, self.written):
            t, sheets = tally(found, flags=False), by_sheet(found)
            through = sum(not stoppers(each) for each in sheets.values())
            cells += [percent(t.right, t.filled, 2), percent(t.accepted_filled, t.filled)]
            cells += [percent(through, len(sheets)), str(t.escaped)]
        both = tally([*self.printed, *self.written], flags=False)
        cells.append(f"{1e4 * upper_bound(both.escaped, both.accepted):.0f}")
        return f"| {' | '.join(cells)} |"


HEADER = (
    "| | printed: fields right | accepted | straight through | escaped"
    " | by hand: fields right | accepted | straight through | escaped | 95 % bound of both per 10,000 |"
)


def taught(folder: Path) -> dict[str, tuple[Change, ...]]:
    """As PARTS: the weights of the cells that ocr.train.french left in a folder."""
    session = engine._session

    def by(weights: bytes) -> Callable[[str], Any]:
        own = onnxruntime.InferenceSession(weights, providers=["CPUExecutionProvider"])
        return lambda model: own if model == "cells.onnx" else session(model)

    parts = {}
    for name in ("with", "without"):
        weights = (folder / f"{name}.onnx").read_bytes()
        title = f"cells taught for minutes, {name} French shapes ({hashlib.sha256(weights).hexdigest()[:6]})"
        parts[title] = ((engine, "_session", by(weights)),)
    return parts


def read_all(folders: Sequence[Path], part: str, changes: Sequence[Change], dossiers: bool) -> list[Outcome]:
    """The outcomes of the sheets in some folders, one part left out."""
    found: list[Outcome] = []
    own = hash_of(("bench/ablations.py",), ()) if part else ""
    with ExitStack() as stack:
        for place, name, instead in changes:
            stack.enter_context(mock.patch.object(place, name, instead))
        for folder in folders:
            directory = load_directory(folder / "people.jsonl") if dossiers else None
            for truth in truths(folder):
                line = copy.deepcopy(reading(folder / truth["file"], variant=f"{part} {own}".strip()))
                for document in line.get("documents", ()) if directory is not None else ():
                    identified(document, directory)
                # two folders have sheets of one name
                found += outcomes({**truth, "file": f"{folder.name}/{truth['file']}"}, line)
    return found


def rows(
    printed: Sequence[Path], written: Sequence[Path], parts: Mapping[str, Sequence[Change]]
) -> Iterator[Row]:
    told = [("whole", "", True), ("without dossiers", "", False), *((part, part, True) for part in parts)]
    for title, part, dossiers in told:
        yield Row(title, *(read_all(of, part, parts.get(part, ()), dossiers) for of in (printed, written)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=40, help="sheets printed, and as many by hand")
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--cells", type=Path, help="a folder of weights that ocr.train.french made")
    add_sources(parser)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ablations-") as scratch:
        folders = made(given, Path(scratch))
        kinds = [[each for each in folders if each.name.startswith(kind)] for kind in ("printed", "hand")]
        print(f"{HEADER}\n{'|---' * 10}|")
        for row in rows(*kinds, PARTS | (taught(given.cells) if given.cells else {})):
            print(row.line(), flush=True)


if __name__ == "__main__":
    main()
