"""Paper as it comes: `python -m bench.paper [--n 8] [--seed 1] [--profiles NAME ...]`.

Each profile of specimens that were damaged, photographed, faxed, dropped out or badly scanned, on our drawing
of the form and on the picture of a true blank where there is one: sheets found, fields right, accepted and
escaped; then how often the verdict on a page is the right one, and what it costs. A field of which damage hid
more than a trace counts for escapes alone.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from bench.reading_tables import percent
from bench.sheets import TRUE_FORM, add_sources, sources
from ocr.files import open_file
from ocr.prepare import grey, quality, reduced
from ocr.read import read_file
from ocr.specimen import Sources, make
from ocr.specimen.scoring import FLAGS, Outcome, outcomes, truths, upper_bound

PROFILES = (
    "printed_photo", "handwritten_photo", "printed_worn", "handwritten_worn", "printed_fax", "printed_dropout",
    "handwritten_dropout", "printed_drowned", "printed_pair", "printed_unfit",
)  # fmt: skip
FIT = ("printed_clean", "printed_hard", "printed_varied", "handwritten_varied")
"""Profiles whose sheets are fit to be read: a verdict that says otherwise is a false alarm."""


@dataclass(slots=True)
class Count:
    """Of the sheets of one profile. `silent`: surely blank, it says, where something is written."""

    sheets: int = 0
    found: int = 0
    filled: int = 0
    right: int = 0
    taken: int = 0
    accepted: int = 0
    hidden: int = 0
    escaped: list[Outcome] = field(default_factory=list)
    silent: list[Outcome] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, each: Outcome, hidden: Mapping[str, float]) -> None:
        self.accepted += each.accepted
        if each.escaped:
            self.escaped.append(each)
        if each.filled and each.status == "empty":
            self.silent.append(each)
        if each.name in hidden:
            self.hidden += 1
        elif each.filled and each.kind not in FLAGS:
            self.filled += 1
            self.right += each.right
            self.taken += each.accepted


def sheets_of(truth: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[list[Outcome]]:
    """The outcomes of each sheet in a file; a second one is whichever document has more of it right."""
    documents = [each for each in line.get("documents", ()) if each["form"] == truth["form"]]
    alone = [{**line, "documents": [each]} for each in documents] or [{**line, "documents": []}]
    told = [truth, {**truth, "fields": truth["second"]["fields"]}] if "second" in truth else [truth]
    for one in told:
        best = max((list(outcomes(one, each)) for each in alone), key=_right)
        yield (
            best
            if len(told) == 1 or _right(best) > 0.5 * sum(each.filled for each in best)
            else list(outcomes(one, {"documents": []}))
        )


def _right(found: list[Outcome]) -> int:
    return sum(each.right and each.filled for each in found)


def count(folder: Path) -> Count:
    total = Count()
    for truth in truths(folder):
        began = time.process_time()
        line = read_file(folder / truth["file"])
        total.seconds += time.process_time() - began
        hidden = {name for page in truth["pages"] for name in page.get("hidden", {})}
        for page in line.get("pages", ()):
            total.verdicts[page["quality"]["verdict"]] += 1
        for found in sheets_of(truth, line):
            total.sheets += 1
            total.found += any(each.status != "missing" for each in found)
            for each in found:
                total.add(each, dict.fromkeys(hidden, 1.0))
    return total


HEADER = (
    "| | sheets | form found | fields right | accepted | hidden by damage | accepted in all | escaped |"
    " blank in silence | 95 % bound per 10,000 | CPU s | verdicts |"
)


def row(title: str, c: Count) -> str:
    bound = 1e4 * upper_bound(len(c.escaped), c.accepted)
    verdicts = ", ".join(f"{name} {many}" for name, many in c.verdicts.most_common())
    return (
        f"| {title} | {c.sheets} | {c.found} | {percent(c.right, c.filled, 2)} of {c.filled}"
        f" | {percent(c.taken, c.filled)} | {c.hidden} | {c.accepted} | {len(c.escaped)} | {len(c.silent)}"
        f" | {bound:.0f} | {c.seconds / max(c.sheets, 1):.2f} | {verdicts} |"
    )


def verdicts(home: Path, n: int, seed: int, of: tuple[Sources, Sources]) -> list[str]:
    """How often `quality` says of a page what its truth is, and its milliseconds from the decoded page."""
    said: Counter[tuple[str, str]] = Counter()
    slowest = 0.0
    for number, name in enumerate(("printed_unfit", *FIT)):
        folder = home / f"verdict-{name}"
        make(folder, n, seed + 70 + number, profiles=[name], sources=of[name.startswith("hand")])
        for truth in truths(folder):
            line = read_file(folder / truth["file"])
            said[truth["profile"]["fault"] or "bonne", line["pages"][0]["quality"]["verdict"]] += 1
            with open_file((folder / truth["file"]).read_bytes()) as source:
                page = source.page(0)
            began = time.perf_counter()
            quality(reduced(grey(page.image), page.dpi))
            slowest = max(slowest, time.perf_counter() - began)
    lines = ["| truth | pages | verdict right | said instead |", "|---|---|---|---|"]
    for truth_is in sorted({told for told, _ in said}):
        of = {verdict: many for (told, verdict), many in said.items() if told == truth_is}
        wrong = ", ".join(f"{verdict} {many}" for verdict, many in of.items() if verdict != truth_is)
        right = percent(of.get(truth_is, 0), sum(of.values()))
        lines.append(f"| {truth_is} | {sum(of.values())} | {right} | {wrong} |")
    return [*lines, "", f"The slowest verdict took {1000 * slowest:.0f} ms from the decoded page."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=8, help="sheets of each profile on each form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profiles", nargs="+", default=PROFILES, metavar="NAME")
    add_sources(parser)
    parser.add_argument(
        "--keep", type=Path, help="keep the sheets in this folder, and take those that are there"
    )
    parser.add_argument("--show", action="store_true", help="each escape, on standard error")
    parser.add_argument("--only", choices=("table", "verdicts"), help="one of the two alone")
    report(parser.parse_args())


def report(given: argparse.Namespace) -> None:
    true = given.shared / TRUE_FORM
    forms = [("", None)]
    if true.is_file():
        forms.append((", true form", cv2.imread(str(true))))
    of = sources(given.shared, given.fonts, given.hands)
    with tempfile.TemporaryDirectory(prefix="paper-") as scratch:
        home = given.keep or Path(scratch)
        if given.only in (None, "table"):
            print(f"{HEADER}\n{'|---' * 12}|")
            for number, name in enumerate(given.profiles):
                for place, (on, blank) in enumerate(forms):
                    folder = home / f"{name}{'-true' if place else ''}-{given.n}-{given.seed}"
                    if not (folder / "truth.jsonl").is_file():
                        seed = given.seed + 1000 * number + place
                        by = of[name.startswith("hand")]
                        make(folder, given.n, seed, profiles=[name], sources=by, blank=blank)
                    counted = count(folder)
                    print(row(f"{name}{on}", counted), flush=True)
                    if given.show:
                        for each in (*counted.escaped, *counted.silent):
                            print(f"  {folder.name}: {each}", file=sys.stderr)
        if given.only in (None, "verdicts"):
            print("\n" + "\n".join(verdicts(home, given.n, given.seed, of)), flush=True)


if __name__ == "__main__":
    main()
