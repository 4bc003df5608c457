"""`make bench`, or `python -m bench [--only NAME ...]`: each bench with small counts, into bench/results.md.

A bench is a module that runs alone too, with larger counts: `python -m bench.way --sheets 200`. `--only`
measures some anew and leaves the other sections as they were.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
ROOT = RESULTS.parent.parent
LIMIT_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Bench:
    """`arguments`: counts small enough for the whole to end within a quarter of an hour on two idle cores.
    `markdown`: what it prints is a page already. `writes`: a page of its own too, which is put aside."""

    title: str
    arguments: tuple[str, ...]
    markdown: bool = False
    writes: bool = False


BENCHES = {
    "way": Bench("The whole way of a sheet", ("--sheets", "20")),
    "reading": Bench(
        "Reading, and its cost beside others", ("--n", "30", "--speed", "3"), markdown=True, writes=True
    ),
    "milliseconds": Bench("Where the milliseconds go", ("--n", "12"), markdown=True),
    "ablations": Bench("What each part of the reader is worth", ("--n", "8"), markdown=True),
    "escaped": Bench("Escaped errors", ("--sheets", "60"), markdown=True),
    "types": Bench("What a page is taken for", ("--n", "240")),
    "paper": Bench("Paper as it comes", ("--n", "2"), markdown=True),
    "memory": Bench("The memory of a reading child", (), markdown=True),
    "liquidation": Bench("Liquidation", ("--claims", "30000")),
    "identify": Bench("Recognising persons", ("--people", "20000", "--sheets", "300")),
    "archive": Bench("PDF/A and sealing", ("--sheets", "5")),
}

HEAD = """\
# What was measured

Written by `make bench`; a figure is of the machine that its section names, with the load it had then. All
sheets are composed by `ocr/specimen` (printed fonts, hands and digits drawn by program on our drawing of the
form, then degraded as a scanner does): no real filled sheet was at hand. Counts are small so that the whole
takes minutes; each command takes larger ones.
"""


def machine() -> str:
    """Cores that this process may use, and their model."""
    cores = len(os.sched_getaffinity(0))
    try:
        info = Path("/proc/cpuinfo").read_text()
        memory = Path("/proc/meminfo").read_text()
    except OSError:
        return f"{cores} cores"
    model = re.search(r"^model name\s*: (.+)$", info, re.M)
    kib = re.search(r"^MemTotal:\s+(\d+)", memory, re.M)
    named = model.group(1).strip() if model else "unknown CPU"
    return (
        f"{cores} cores of {named}, {int(kib.group(1)) / 2**20:.0f} GiB" if kib else f"{cores} cores of {named}"
    )


def run(name: str, bench: Bench, scratch: Path) -> tuple[str, bool]:
    """The section of one bench, and whether it ended well."""
    command = [f"bench.{name}", *bench.arguments]
    aside = ["--out", str(scratch / f"{name}.md")] if bench.writes else []
    load = os.getloadavg()[0]
    started = time.monotonic()
    print(f"{name}: python -m {shlex.join(command)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", *command, *aside], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=LIMIT_SECONDS, env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    seconds = time.monotonic() - started
    said = done.stdout.strip()
    print(said, flush=True)
    lines = [
        f"## {bench.title}",
        "",
        f"`python -m {shlex.join(command)}`, {seconds:.0f} s on {machine()}; load at its start {load:.1f}.",
        "",
    ]
    if done.returncode:
        print(done.stderr.strip()[-2000:], file=sys.stderr)
        lines += [f"**It did not end well (code {done.returncode}): what follows is not whole.**", ""]
    lines += [re.sub(r"^#", "##", said, flags=re.M)] if bench.markdown else ["```", said, "```"]
    return "\n".join(lines) + "\n", done.returncode == 0


def sections(page: str) -> dict[str, str]:
    """name -> text, of a page that `page_of` wrote."""
    parts = re.split(r"^<!-- (\w+) -->\n", page, flags=re.M)
    return dict(zip(parts[1::2], (part.strip() + "\n" for part in parts[2::2]), strict=True))


def page_of(found: dict[str, str]) -> str:
    body = "\n".join(f"<!-- {name} -->\n{found[name]}" for name in BENCHES if name in found)
    return f"{HEAD}\n{body}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=BENCHES, help="may be repeated")
    chosen = parser.parse_args().only or list(BENCHES)
    found = sections(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    well = True
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for name in chosen:
            found[name], ended_well = run(name, BENCHES[name], Path(scratch))
            well &= ended_well
            RESULTS.write_text(page_of(found), "utf-8")
    print(f"{RESULTS.relative_to(ROOT)} is written.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
