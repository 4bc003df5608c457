"""The recognisers, kept warm in the process: the networks of cells and of lines, and Tesseract."""

import os
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import tesserocr
from numpy.typing import NDArray

from ocr.files import Image

# Debian's Tesseract spends three times the CPU on threads that wait for each other
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata/",
    "/usr/share/tesseract-ocr/4.00/tessdata/",
    "/usr/share/tessdata/",
)


@lru_cache(2)
def _session(model: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    weights = (resources("ocr") / "models" / model).read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def logits(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(n, 2, 32, 32) pictures of cells -> (n, 37) logits of decode.LABELS."""
    if len(pictures) == 0:
        return np.zeros((0, 37))
    run = _session("cells.onnx").run
    out = [run(None, {"pictures": pictures[i : i + 64]})[0] for i in range(0, len(pictures), 64)]
    return np.concatenate(out).astype(np.float64)


def line_table(picture: Image) -> NDArray[np.float64]:
    """(32, w) picture of a line -> (w / 4, 1 + len(lines.CHARACTERS)) probabilities."""
    told = _session("lines.onnx").run(None, {"pictures": picture[None, None]})[0][0].astype(np.float64)
    told -= told.max(axis=1, keepdims=True)
    table = np.exp(told)
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def tessdata() -> str:
    """The folder of Tesseract's French model. Raises FileNotFoundError."""
    for folder in (os.environ.get("TESSDATA_PREFIX", ""), *TESSDATA):
        if folder and (Path(folder) / "fra.traineddata").is_file():
            return folder
    raise FileNotFoundError("tesseract-ocr-fra")


ONE_LINE = 7
"""Tesseract's name for it."""


@lru_cache(1)
def _api() -> Any:
    api = tesserocr.PyTessBaseAPI(path=tessdata(), lang="fra", psm=ONE_LINE, oem=1)
    api.SetVariable("debug_file", "/dev/null")
    api.SetVariable("tessedit_do_invert", "0")  # ink is dark: a line that it doubts is not light on dark
    return api


def warm() -> None:
    """Loads all of them."""
    logits(np.zeros((1, 2, 32, 32), np.uint8))
    line_table(np.zeros((32, 64), np.uint8))
    picture = np.zeros((40, 200), np.uint8)
    cv2.putText(picture, "30,00", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 2)
    recognise(picture)


def recognise(dark: Image, dpi: int = 200) -> list[tuple[str, float, tuple[int, int, int, int]]]:
    """Ink of one line (0-255, dark = much) -> Tesseract's words: text, confidence 0-100, x0, y0, x1, y1 px."""
    api = _api()
    rows, columns = np.flatnonzero((dark > 60).any(axis=1)), np.flatnonzero((dark > 60).any(axis=0))
    if rows.size == 0 or columns.size == 0:
        return []
    left, above = max(0, int(columns[0]) - 4), max(0, int(rows[0]) - 4)
    dark = dark[above : int(rows[-1]) + 5, left : int(columns[-1]) + 5]
    top = float(np.percentile(dark[dark > 40], 80)) if (dark > 40).any() else 255.0
    light = 255 - cv2.convertScaleAbs(dark, alpha=255.0 / max(top, 60.0))
    light = cv2.copyMakeBorder(light, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255)
    height, width = light.shape
    api.SetImageBytes(light.tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)
    api.Recognize()
    words = []
    iterator = api.GetIterator()
    if iterator is None:
        return []
    level = tesserocr.RIL.WORD
    while True:
        try:
            text = iterator.GetUTF8Text(level)
        except RuntimeError:
            text = ""
        if text.strip():
            box = iterator.BoundingBox(level)
            if box is not None:
                x0, y0 = box[0] - 12 + left, box[1] - 12 + above
                x1, y1 = box[2] - 12 + left, box[3] - 12 + above
                words.append((text.strip(), float(iterator.Confidence(level)), (x0, y0, x1, y1)))
        if not iterator.Next(level):
            break
    api.Clear()
    return words
