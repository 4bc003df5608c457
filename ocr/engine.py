"""The networks of cells and of lines, kept warm in the process."""

from functools import lru_cache
from importlib.resources import files as resources
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr import language
from ocr.pages import Image


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


def warm() -> None:
    """Loads both, and the language that weighs what the second reads."""
    logits(np.zeros((1, 2, 32, 32), np.uint8))
    line_table(np.zeros((32, 64), np.uint8))
    language.french()
