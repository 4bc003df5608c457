"""Where the milliseconds of a sheet go: `python -m bench.milliseconds [--n 24] [--seed 900]`.

Sheets of the `test` split, printed and by hand, on our drawing of the form and on the picture of a true blank;
each is read once warm, and the CPU that passes is put down to the stage that is at work: what is called within
a stage and is one itself counts as its own. The floor is what no reader can leave out: to decode the page and
to find the form on it.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import ocr.engine
import ocr.extract
import ocr.frame
import ocr.marks
import ocr.pdf
import ocr.pictures
import ocr.read
import ocr.redundancy
import ocr.register
from bench.sheets import add_sources, made
from ocr.read import read_file, warm
from ocr.specimen.scoring import truths

STAGES: dict[str, Sequence[tuple[Any, str]]] = {
    "decode the page": (
        (ocr.read, "open_file"), (ocr.pictures.PhotoSource, "page"), (ocr.pictures.TiffSource, "page"),
        (ocr.pdf.PdfSource, "page"),
    ),
    "look: grey, small, blank, fit": ((ocr.read, "examine"),),
    "place: skew, turn, scale": ((ocr.read, "register"),),
    "register: anchors": ((ocr.register, "_closest"), (ocr.read, "refined"), (ocr.read, "_on_a_desk")),
    "lay flat": ((ocr.read, "straighten"), (ocr.read, "turned")),
    "subtract the print": ((ocr.frame, "parted"), (ocr.frame, "_with_tinted")),
    "cut out cells": ((ocr.extract, "recognise"),),
    "network of cells": ((ocr.engine, "logits"),),
    "lines: flatten, part, weigh": ((ocr.extract, "_lines"), (ocr.extract, "_block")),
    "network of lines": ((ocr.engine, "line_table"),),
    "values: dates, NIR, amounts, codes": (
        (ocr.extract, "decode_combs"), (ocr.extract, "decode_words"), (ocr.extract, "in_cells_or_run"),
        (ocr.extract, "_numbered"), (ocr.extract, "_amounts_agree"), (ocr.redundancy, "apply"),
    ),
    "ticks, and what is hidden or torn": (
        (ocr.marks, "presence"), (ocr.marks, "area"), (ocr.marks, "foreign"),
        (ocr.frame.Frame, "gone"), (ocr.frame.Frame, "drowned"),
    ),
    "the rest": ((ocr.read, "read_fields"),),
}  # fmt: skip
"""Stage -> the functions, as their callers name them, whose time is its own."""

FLOOR = ("decode the page", "look: grey, small, blank, fit", "place: skew, turn, scale", "register: anchors")
REST = "the rest"


class Clock:
    """CPU seconds by stage, of this thread."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._stage = REST
        self._since = time.thread_time()

    def turn_to(self, stage: str) -> str:
        """From now on `stage` is at work -> the one that was."""
        now, before = time.thread_time(), self._stage
        self.spent[before] += now - self._since
        self._stage, self._since = stage, now
        return before

    def within(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **named: Any) -> Any:
            before = self.turn_to(stage)
            try:
                return function(*args, **named)
            finally:
                self.turn_to(before)

        return timed


@contextmanager
def watched() -> Iterator[Clock]:
    """The reader with a clock in each of its stages."""
    clock = Clock()
    with ExitStack() as stack:
        for stage, functions in STAGES.items():
            for place, name in functions:
                timed = clock.within(stage, getattr(place, name))
                stack.enter_context(mock.patch.object(place, name, timed))
        yield clock


def spent(files: Sequence[Path]) -> np.ndarray:
    """(stages,) milliseconds a sheet."""
    with watched() as clock:
        for path in files:
            before = clock.turn_to(REST)
            read_file(path)
            clock.turn_to(before)
    return 1000 * np.array(list(clock.spent.values())) / max(1, len(files))


def table(of: dict[str, np.ndarray]) -> list[str]:
    rows = [f"| ms of CPU a sheet | {' | '.join(of)} |", "|---" * (1 + len(of)) + "|"]
    for place, stage in enumerate(STAGES):
        rows.append(f"| {stage} | {' | '.join(f'{each[place]:.1f}' for each in of.values())} |")
    floor = [list(STAGES).index(stage) for stage in FLOOR]
    lowest, whole = {k: each[floor].sum() for k, each in of.items()}, {k: each.sum() for k, each in of.items()}
    rows.append(f"| **whole** | {' | '.join(f'{each:.1f}' for each in whole.values())} |")
    rows.append(f"| floor: the first four | {' | '.join(f'{each:.1f}' for each in lowest.values())} |")
    times = " | ".join(f"{whole[k] / max(lowest[k], 1e-9):.2f}x" for k in of)
    return [*rows, f"| whole to floor | {times} |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=24, help="sheets printed, and as many by hand")
    parser.add_argument("--seed", type=int, default=900)
    add_sources(parser)
    given = parser.parse_args()
    warm()
    with tempfile.TemporaryDirectory(prefix="milliseconds-") as scratch:
        folders = made(given, Path(scratch))
        columns = {}
        for folder in folders:
            columns[folder.name] = spent([folder / truth["file"] for truth in truths(folder)])
    print("\n".join(table(columns)))


if __name__ == "__main__":
    main()
