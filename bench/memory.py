"""The memory of a reading child: `python -m bench.memory [--dpi 300 600] [--containers NAME ...]`.

An A4 page in colour (in black and white where the container knows nothing else) is written in each container
and read by a process of its own, warm, with its picture for the screen: the most that it ever had resident.
Exit 1 where one is over its aim.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ocr import calls
from ocr.specimen.files import encode
from ocr.specimen.paper import blank_paper
from ocr.template import template

MOST_MIB = {300: 400, 600: 700}
CONTAINERS = ("jpeg", "png", "tiff-lzw", "tiff-jpeg", "tiff-g4", "pdf")
SCREEN_DPI = 110


def write_page(dpi: int, container: str, path: Path) -> None:
    pixels = blank_paper(template("s3110j").form, dpi).pixels
    if container == "tiff-g4":
        dark = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) < 170
        pixels = np.where(dark, np.uint8(0), np.uint8(255))
    path.write_bytes(encode([pixels], container, dpi))


def peak(path: Path) -> int:
    """MiB, of a process of its own that reads this file."""
    command = [sys.executable, "-m", "bench.memory", "--read", str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read_alone(path: Path) -> None:
    """Prints the peak of this process after it has read that file."""
    calls.warm()
    calls.read(path.read_bytes(), screen_dpi=SCREEN_DPI)
    # not ru_maxrss: through an exec that keeps the peak of the process it was started from
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpi", type=int, nargs="+", choices=MOST_MIB, default=list(MOST_MIB))
    parser.add_argument("--containers", nargs="+", choices=CONTAINERS, default=CONTAINERS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.read:
        read_alone(given.read)
        return 0
    over = False
    print("| a child that read | peak, MiB | aim |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="memory-") as scratch:
        for dpi in given.dpi:
            for container in given.containers:
                path = Path(scratch) / "page"
                write_page(dpi, container, path)
                most = peak(path)
                over |= most > MOST_MIB[dpi]
                print(f"| A4, {dpi} dpi, {container} | {most} | {MOST_MIB[dpi]} |", flush=True)
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
