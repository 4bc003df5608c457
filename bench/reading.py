"""The reader, counted: `python -m bench.reading [--n 200] [--speed 8] [--shared ../shared]`.

Writes specimens of the `test` split (fonts, writers and digits kept out of training), reads them, and
counts fields right, accepted and escaped; then CPU seconds a sheet, side by side in one run, against
pytesseract on the whole page and OCRmyPDF. The section goes to bench/results/reading.md.
"""

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import numpy as np
import pytesseract
from PIL import Image

from bench.scoring import FLAGS, Outcome, by_kind, outcomes, tally, truths, upper_bound
from bench.unseen import Unseen
from ocr.files import open_file
from ocr.prepare import grey
from ocr.read import read_file
from ocr.specimen import PROFILES, Sources, make

RESULTS = Path(__file__).parent / "results" / "reading.md"
PRINTED = ("printed_clean", "printed_hard")
HANDWRITTEN = ("handwritten",)


@dataclass(frozen=True, slots=True)
class Set:
    """A folder of sheets, and what was read of each field."""

    title: str
    folder: Path
    found: list[Outcome]


def read_set(title: str, folder: Path) -> Set:
    found: list[Outcome] = []
    for truth in truths(folder):
        found += outcomes(truth, read_file(folder / truth["file"]))
    return Set(title, folder, found)


def cpu() -> float:
    """User and system seconds of this process and of those it waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    start = cpu()
    result = work()
    return cpu() - start, result


def whole_page(path: Path) -> str:
    """What most programs do: pytesseract on the picture."""
    if path.suffix == ".pdf":
        with open_file(path.read_bytes()) as source:
            picture = Image.fromarray(grey(source.page(0).image))
    else:
        picture = Image.open(path)
    return str(pytesseract.image_to_string(picture, lang="fra"))


def ocrmypdf(program: str, path: Path) -> None:
    """As paperless-ngx has a scan read."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("-l", "fra", "--image-dpi", "300", "--deskew", "--rotate-pages", "--output-type", "pdf")
        command = [program, *options, "--jobs", "1", "-q", str(path), f"{folder}/out.pdf"]
        subprocess.run(command, check=True, capture_output=True)


def found_in(text: str, truth: dict[str, Any]) -> tuple[int, int]:
    """How many of the sheet's values occur anywhere in a text, spaces and case apart; and of how many."""
    flat = squashed(text)
    values = [value for value in truth["fields"].values() if isinstance(value, str)]
    return sum(any(squashed(way) in flat for way in spellings(value)) for value in values), len(values)


def spellings(value: str) -> list[str]:
    """A date as on paper, an amount with and without its comma."""
    if len(value) == 10 and value[4] == value[7] == "-":
        year, month, day = value.split("-")
        return [day + month + year]
    return [value, value.replace(".", ","), value.replace(".", "")]


def squashed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).lower().split())


def speed(folder: Path, count: int, program: str | None) -> list[str]:
    """Lines of a table: CPU seconds a sheet of each way, taken in turn on the same sheets."""
    # one of each few, so that profiles and containers are mixed
    listed = truths(folder)
    chosen = [listed[i] for i in np.linspace(0, len(listed) - 1, min(count, len(listed))).astype(int)]
    read_file(folder / chosen[0]["file"])  # the template and the models are loaded once a process
    ours, theirs, paperless = [], [], []
    hits = total = 0
    for truth in chosen:
        path = folder / truth["file"]
        ours.append(spent(lambda path=path: read_file(path))[0])
        seconds, text = spent(lambda path=path: whole_page(path))
        theirs.append(seconds)
        hit, of = found_in(text, truth)
        hits, total = hits + hit, total + of
        if program is not None:
            paperless.append(spent(lambda path=path: ocrmypdf(program, path))[0])
    base, slow = float(np.mean(ours)), float(np.mean(theirs))
    lines = [
        "| | CPU s a sheet | Liasse is faster by |",
        "|---|---|---|",
        f"| Liasse, fields | {base:.3f} | |",
        f"| pytesseract, whole page, OMP_THREAD_LIMIT=1 | {slow:.2f} | {slow / base:.1f}x |",
    ]
    if paperless:
        mean = float(np.mean(paperless))
        lines.append(f"| OCRmyPDF --deskew --rotate-pages --jobs 1 | {mean:.2f} | {mean / base:.1f}x |")
    else:
        lines.append("| OCRmyPDF | not installed here | |")
    lines += ["", f"{len(chosen)} sheets, in turn, in one run. In pytesseract's text {hits} of {total} values "]
    lines[-1] += f"({100 * hits / max(total, 1):.0f} %) occur somewhere, spaces and case apart."
    return lines


def accuracy(sets: Sequence[Set]) -> list[str]:
    lines = [
        "| | filled | right | accepted and filled | accepted | escaped | per 10,000 | 95 % upper bound |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in sets:
        for flags, what in ((False, "fields"), (True, "ticks and signatures")):
            t = tally(each.found, flags)
            bound = 1e4 * upper_bound(t.escaped, t.accepted)
            lines.append(
                f"| {each.title}: {what} | {t.filled} | {100 * t.right / max(t.filled, 1):.2f} % "
                f"| {100 * t.accepted_filled / max(t.filled, 1):.1f} % | {t.accepted} | {t.escaped} "
                f"| {1e4 * t.escaped / max(t.accepted, 1):.1f} | {bound:.0f} |"
            )
    return lines


def kinds(each: Set) -> list[str]:
    lines = [f"| {each.title} | filled | right | accepted and filled | escaped |", "|---|---|---|---|---|"]
    for kind, t in sorted(by_kind(each.found).items()):
        lines.append(
            f"| {kind} | {t.filled} | {100 * t.right / max(t.filled, 1):.1f} % "
            f"| {100 * t.accepted_filled / max(t.filled, 1):.1f} % | {t.escaped} |"
        )
    return lines


def reliability(sets: Sequence[Set]) -> list[str]:
    """Announced and observed, in five bins of equal count; ticks apart."""
    read = [o for each in sets for o in each.found if o.kind not in FLAGS and o.read is not None]
    read.sort(key=lambda o: o.probability)
    lines = ["| announced (mean) | observed | fields |", "|---|---|---|"]
    for part in np.array_split(np.arange(len(read)), 5):
        inside = [read[i] for i in part]
        if inside:
            mean = float(np.mean([o.probability for o in inside]))
            lines.append(f"| {mean:.4f} | {np.mean([o.right for o in inside]):.4f} | {len(inside)} |")
    return lines


def sources(shared: Path | None, fonts: Path | None) -> tuple[Sources, Sources]:
    """What print and hands are made of: nothing that the weights or the thresholds have seen.

    Print: the `test` split of the folder of fonts; without one, the installed fonts of the `fit` split
    (thresholds are fitted on others)."""
    hands = shared / "data/handwriting" if shared else None
    there = hands is not None and hands.is_dir()
    written = Unseen(
        split="test",
        fonts=fonts,
        written=hands / "fonts" if hands and there else None,
        mnist=hands / "mnist" if hands and there else None,
    )
    printed = Unseen(split="test", fonts=fonts) if fonts else Unseen(split="fit")
    return printed, written


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="sheets printed, and as many by hand")
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--speed", type=int, default=8, help="sheets to time, 0 for none")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--fonts", type=Path, help="a folder of more printed fonts")
    parser.add_argument("--blank", type=Path, help="a picture of a blank form to write on")
    parser.add_argument("--ocrmypdf", default=shutil.which("ocrmypdf"))
    parser.add_argument("--keep", type=Path, help="keep the sheets in this folder")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as scratch:
        home = args.keep or Path(scratch)
        made = sources(args.shared, args.fonts)
        blank = cv2.imread(str(args.blank)) if args.blank else None
        sets = []
        for title, names, seed in (
            ("printed", PRINTED, args.seed),
            ("handwritten", HANDWRITTEN, args.seed + 1),
        ):
            folder = home / title
            if not (folder / "truth.jsonl").is_file():
                make(folder, args.n, seed, profiles=list(names), sources=made, blank=blank)
            sets.append(read_set(title, folder))
        timed = speed(sets[0].folder, args.speed, args.ocrmypdf) if args.speed else []
        section = report(sets, timed, args)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(section, "utf-8")
    print(section)


def fonts_of(each: Set) -> str:
    """How many different fonts or hands a set is written with."""
    used = {truth["profile"]["written_with"] for truth in truths(each.folder)}
    return f"{len(used)} {'fonts' if each.title == 'printed' else 'hands'}"


def report(sets: Sequence[Set], timed: list[str], args: argparse.Namespace) -> str:
    said = [f"- {name}: {PROFILES[name].described}." for name in (*PRINTED, *HANDWRITTEN)]
    options = f"--n {args.n} --seed {args.seed}" + (f" --blank {args.blank.name}" if args.blank else "")
    lines = [
        "# Reading the feuille de soins S 3110",
        "",
        f"`python -m bench.reading {options}`: {args.n} printed and {args.n} handwritten specimens,",
        "composed by `ocr/specimen` with fonts, writers and MNIST digits kept out of training and of fitting",
        f"({fonts_of(sets[0])}; {fonts_of(sets[1])}).",
        "No real filled sheet was at hand. Only fields filled on the paper count as right; a value read where",
        "the paper is blank and accepted is an escaped error.",
        "",
        *said,
        "",
        *accuracy(sets),
        "",
        *kinds(sets[0]),
        "",
        *kinds(sets[1]),
        "",
        "Announced and observed probability of the values read (ticks apart):",
        "",
        *reliability(sets),
    ]
    if timed:
        lines += ["", "## Speed", "", *timed]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
