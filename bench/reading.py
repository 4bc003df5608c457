"""The reader, counted: `python -m bench.reading [--n 200] [--sets printed handwritten] [--speed 8]`.

Writes specimens of the `test` split (fonts, writers and digits kept out of training) on our drawing of the
form and on the picture of a true blank, reads them, and counts fields right, accepted and escaped, and
sheets that go straight through; then CPU seconds a sheet, side by side in one run, against pytesseract on
the whole page and OCRmyPDF. The page goes to bench/results/reading.md.
"""

import argparse
import os
import re
import resource
import shlex
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2
import numpy as np
import pytesseract
from PIL import Image

from bench import milliseconds
from bench.reading_tables import Set, accuracy, fonts_of, kinds, reliability, straight
from bench.readings import reading
from bench.sheets import PROFILES_OF, TRUE_FORM, add_sources, sources
from ocr.files import open_file
from ocr.prepare import grey
from ocr.read import read_file, warm
from ocr.specimen import PROFILES, make
from ocr.specimen.scoring import Outcome, outcomes, truths

RESULTS = Path(__file__).parent / "results" / "reading.md"
MARK = "<!-- figures: what follows is written by bench/reading.py -->\n"
"""A page that has this line keeps what stands before it."""


def read_set(title: str, folder: Path, forms_dir: Path | None = None) -> Set:
    found: list[Outcome] = []
    for truth in truths(folder):
        found += outcomes(truth, reading(folder / truth["file"], str(forms_dir) if forms_dir else None))
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


def speed(folders: Sequence[Path], count: int, program: str | None) -> list[str]:
    """Lines of a table: CPU seconds a sheet of each way, taken in turn on the same sheets."""
    # one of each few of all sets, so that profiles, forms and containers are mixed
    listed = [(folder, truth) for folder in folders for truth in truths(folder)]
    chosen = [listed[i] for i in np.linspace(0, len(listed) - 1, min(count, len(listed))).astype(int)]
    warm()  # templates and models are loaded once a process
    ours, theirs, paperless = [], [], []
    hits = total = 0
    for folder, truth in chosen:
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


def stages(folder: Path, count: int) -> Any:
    """Milliseconds by stage, of sheets one of each few."""
    listed = truths(folder)
    chosen = np.linspace(0, len(listed) - 1, min(count, len(listed))).astype(int)
    return milliseconds.spent([folder / listed[place]["file"] for place in chosen])


def arguments_of(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="sheets a set: half on each form")
    parser.add_argument("--sets", nargs="+", choices=PROFILES_OF, default=["printed", "handwritten"])
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--speed", type=int, default=8, help="sheets to time, 0 for none")
    add_sources(parser)
    parser.add_argument("--blank", type=Path, help="the picture of a true blank (default: of --shared)")
    parser.add_argument(
        "--own-blank", action="store_true", help="the true form once more, its blank given to the reader"
    )
    parser.add_argument("--form", choices=("both", "drawn", "true"), default="both")
    parser.add_argument("--ocrmypdf", default=shutil.which("ocrmypdf"))
    parser.add_argument(
        "--keep", type=Path, help="keep the sheets in this folder, and take those that are there"
    )
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args(given)


def main(arguments: Sequence[str] | None = None) -> None:
    args = arguments_of(arguments)
    path = args.blank or args.shared / TRUE_FORM
    true = cv2.imread(str(path)) if path.is_file() and args.form != "drawn" else None
    with tempfile.TemporaryDirectory() as scratch:
        sets = make_sets(args, args.keep or Path(scratch), true)
        timed = speed([one.folder for one in sets], args.speed, args.ocrmypdf) if args.speed else []
        if timed:
            timed += ["", *milliseconds.table({one.title: stages(one.folder, args.speed) for one in sets})]
        section = report(sets, timed, args, true is not None)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    kept = args.out.read_text("utf-8").partition(MARK) if args.out.is_file() else ("", "", "")
    before = kept[0] + kept[1] + "\n" if kept[1] else ""
    args.out.write_text(
        before + re.sub("^#", "##", section, flags=re.MULTILINE) if before else section, "utf-8"
    )
    print(section)


def make_sets(args: argparse.Namespace, home: Path, true: Any) -> list[Set]:
    """Each set on our drawing of the form, and on the picture of a true blank where there is one."""
    made = sources(args.shared, args.fonts, args.hands)
    forms = [("", None)] if args.form != "true" else []
    forms += [(", true form", true)] if true is not None else []
    sets = []
    for number, name in enumerate(args.sets):
        for place, (on, blank) in enumerate(forms):
            title = f"{name}{on}"
            folder = home / title.replace(",", "").replace(" ", "-")
            seed = args.seed + 10 * number + place
            if not (folder / "truth.jsonl").is_file():
                count = max(1, args.n // len(forms))
                of = made[1] if "hand" in name else made[0]
                make(folder, count, seed, profiles=list(PROFILES_OF[name]), sources=of, blank=blank)
            sets.append(read_set(title, folder))
            if blank is not None and args.own_blank:
                sets.append(read_set(f"{title}, own blank", folder, own_blank(args, home)))
    return sets


def own_blank(args: argparse.Namespace, home: Path) -> Path:
    """The folder of forms of an operator who added the scan of his own blank."""
    folder = home / "forms"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(args.blank or args.shared / TRUE_FORM, folder / "s3110j.png")
    return folder


def report(sets: list[Set], timed: list[str], args: argparse.Namespace, true: bool) -> str:
    names = [profile for name in args.sets for profile in PROFILES_OF[name]]
    chosen = "" if args.sets == ["printed", "handwritten"] else " --sets " + shlex.join(args.sets)
    chosen += f" --fonts {args.fonts.name}" if args.fonts else ""
    chosen += f" --hands {args.hands.name}" if args.hands else ""
    chosen += f" --form {args.form}" if args.form != "both" else ""
    chosen += " --own-blank" if args.own_blank else ""
    on = "on our drawing of the form"
    on += ", and (*true form*) on the picture of a blank that the reader was not made from" if true else ""
    lines = [
        "# Reading the feuille de soins S 3110",
        "",
        f"`python -m bench.reading --n {args.n} --seed {args.seed}{chosen}`",
        "",
        "Every sheet is composed by `ocr/specimen`, with fonts, writers and MNIST digits kept out of training",
        f"and of fitting, {on}. No real filled sheet was at hand.",
        "Only fields filled on the paper count as right, compared to the letter (white space apart); a value",
        "accepted where the paper is blank is an escaped error.",
        "",
        *(f"- {name}: {PROFILES[name].described}." for name in names),
        *(f"- {one.title}: {len(truths(one.folder))} sheets, {fonts_of(one)}." for one in sets),
        "",
        "## Fields right, and escaped errors",
        "",
        *accuracy(sets),
        "",
        "## Straight through",
        "",
        "A sheet goes straight through when NIR and key, birth date or name, each act's date, code and amount,",
        "the total, the form's date, the practitioner, all ticks and both signatures are accepted and right.",
        "",
        *straight(sets),
        "",
        "## By kind of field",
        "",
        *(line for one in sets for line in (*kinds(one), "")),
        "## Announced and observed probability",
        "",
        "Of the values read, ticks and signatures apart, in bins of equal count; then those above.",
        "",
        *reliability(sets),
    ]
    if timed:
        lines += ["", "## Speed", "", *timed]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
