"""Tesseract, for whole pages: the words of a page that is no known form, and of a blank form."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytesseract
from PIL import Image as PillowImage

from ocr.pages import Image

# Debian's Tesseract spends three times the CPU on threads that wait for each other
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata/",
    "/usr/share/tesseract-ocr/4.00/tessdata/",
    "/usr/share/tessdata/",
)

TIMEOUT = 50
"""Seconds for one page, below the cage's own limit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word. `confidence`: 0 to 100; `line`: words of one line have the same; `box`: x, y, w, h in px."""

    text: str
    confidence: float
    line: tuple[int, int, int]
    box: tuple[int, int, int, int]


def tessdata() -> str:
    """The folder of Tesseract's French model. Raises FileNotFoundError."""
    for folder in (os.environ.get("TESSDATA_PREFIX", ""), *TESSDATA):
        if folder and (Path(folder) / "fra.traineddata").is_file():
            return folder
    raise FileNotFoundError("tesseract-ocr-fra")


def words(page: Image, dpi: float) -> list[Found]:
    """The words of an upright page (grey or BGR), in reading order; none where Tesseract fails."""
    table = _asked(pytesseract.image_to_data, page, f"--dpi {int(dpi)}", lang="fra")
    if table is None:
        return []
    columns = ("text", "conf", "block_num", "par_num", "line_num", "left", "top", "width", "height")
    rows = zip(*(table[name] for name in columns), strict=True)
    return [
        Found(str(text).strip(), float(confidence), (block, paragraph, line), (x, y, w, h))
        for text, confidence, block, paragraph, line, x, y, w, h in rows
        if str(text).strip()
    ]


def upright_turn(page: Image) -> int:
    """The clockwise turn that makes a page (grey, 200 dpi) upright: 0, 90, 180 or 270.

    0 where the text is too little to tell."""
    told = _asked(pytesseract.image_to_osd, page, "")
    sure = told is not None and float(told.get("orientation_conf", 0)) > 2.0
    return int(told.get("rotate", 0)) % 360 if told is not None and sure else 0


def _asked(question: Any, page: Image, config: str, **more: str) -> dict[str, Any] | None:
    found = shutil.which("tesseract", path=os.environ.get("PATH") or os.defpath)
    pytesseract.pytesseract.tesseract_cmd = found or "/usr/bin/tesseract"
    try:
        told: dict[str, Any] = question(
            PillowImage.fromarray(np.ascontiguousarray(page)),
            config=f"--tessdata-dir {tessdata()} {config}",
            output_type=pytesseract.Output.DICT,
            timeout=TIMEOUT,
            **more,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return None
    return told
