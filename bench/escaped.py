"""Escaped errors over many sheets: `python -m bench.escaped --sheets 3000 [--seed 1] [--profiles NAME ...]`.

Sheets of all profiles in turn, on our drawing of the form and on the picture of a true blank if it is there,
are made ten at a time, read, counted and thrown away. What was counted is kept by the code that made and read
it (bench/readings.py), so that a run that was cut goes on where it stopped, and one of more sheets adds to it.
An escaped error is a value accepted and wrong, one where the paper is blank too; ticks and signatures are
given apart.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import cv2

from bench.paper import PROFILES as PAPER
from bench.paper import sheets_of
from bench.readings import hash_of, kept
from bench.sheets import TRUE_FORM, add_sources, sources
from ocr.read import read_file
from ocr.specimen import Sources, make
from ocr.specimen.scoring import FLAGS, truths, upper_bound

PROFILES = (
    "printed_clean", "printed_hard", "handwritten", "printed_varied", "handwritten_varied", *PAPER,
)  # fmt: skip
AT_ONCE = 10
"""Sheets of one profile that are made, read and thrown away together."""


def count(folder: Path) -> dict[str, Any]:
    """Of the sheets in a folder: how many, fields accepted, and those that escaped, by kind."""
    sheets = 0
    accepted: Counter[str] = Counter()
    escaped: list[list[str]] = []
    for truth in truths(folder):
        for found in sheets_of(truth, read_file(folder / truth["file"])):
            sheets += 1
            for each in found:
                of = "flags" if each.kind in FLAGS else "fields"
                accepted[of] += each.accepted
                if each.escaped:
                    escaped.append([of, each.file, each.name, str(each.truth), str(each.read)])
    return {"sheets": sheets, "accepted": dict(accepted), "escaped": escaped}


def batches(profiles: tuple[str, ...], blanks: dict[str, Any], sheets: int) -> Iterator[tuple[str, str, int]]:
    """Profile, form and number of each batch, until there are so many sheets."""
    number = made = 0
    while True:
        for profile in profiles:
            for on in blanks:
                if made >= sheets:
                    return
                yield profile, on, number
                made += AT_ONCE
        number += 1


def counted(profile: str, on: str, blank: Any, seed: int, of: Sources) -> dict[str, Any]:
    def afresh() -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="escaped-") as scratch:
            make(scratch, AT_ONCE, seed, profiles=[profile], sources=of, blank=blank)
            return count(Path(scratch))

    whose = hash_of(("domain", "law", "ocr"), ("ocr/train", "ocr/forms/tools"))
    return kept(f"escaped {profile} {on} {seed} {AT_ONCE} {of} {whose}", afresh)


def row(title: str, told: list[dict[str, Any]]) -> str:
    cells = [title, str(sum(each["sheets"] for each in told))]
    for of in ("fields", "flags"):
        accepted = sum(each["accepted"].get(of, 0) for each in told)
        wrong = sum(one[0] == of for each in told for one in each["escaped"])
        cells += [str(accepted), str(wrong), f"{1e4 * upper_bound(wrong, accepted):.1f}"]
    return f"| {' | '.join(cells)} |"


HEADER = (
    "| | sheets | fields accepted | escaped | 95 % bound per 10,000"
    " | ticks and signatures accepted | escaped | 95 % bound per 10,000 |"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profiles", nargs="+", default=PROFILES, choices=PROFILES, metavar="NAME")
    add_sources(parser)
    parser.add_argument("--show", action="store_true", help="each escaped error, on standard error")
    given = parser.parse_args()
    true = given.shared / TRUE_FORM
    blanks = {"drawn": None} | ({"true": cv2.imread(str(true))} if true.is_file() else {})
    printed, written = sources(given.shared, given.fonts, given.hands)
    found: dict[str, list[dict[str, Any]]] = {}
    for profile, on, number in batches(tuple(given.profiles), blanks, given.sheets):
        # a seed of their own to each profile and form, whatever else is counted
        place = 2 * PROFILES.index(profile) + (on == "true")
        seed = given.seed * 1_000_000 + 10_000 * place + number
        of = written if profile.startswith("hand") else printed
        told = counted(profile, on, blanks[on], seed, of)
        found.setdefault(profile, []).append(told)
        if given.show:
            for each in told["escaped"]:
                print(f"  {profile} {on} {seed}: {each}", file=sys.stderr, flush=True)
    print(f"{HEADER}\n{'|---' * 8}|")
    for profile, told in found.items():
        print(row(profile, told))
    print(row("**all together**", [each for told in found.values() for each in told]))


if __name__ == "__main__":
    main()
