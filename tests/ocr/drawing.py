"""Ink of lines of text, as the reader finds it after the form was taken away."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ocr.forms.fonts import font


def drawn(
    *said: str,
    degrees: float = 0.0,
    size: float = 26,
    pitch: int = 36,
    face: str = "LiberationSans-Regular.ttf",
) -> np.ndarray:
    """Ink of a block of lines `pitch` px apart, turned."""
    canvas = Image.new("L", (620, 40 + (pitch + 4) * len(said)))
    for place, line in enumerate(said):
        ImageDraw.Draw(canvas).text((30, 20 + pitch * place), line, 230, font=font(face, size))
    ink = np.asarray(canvas)
    matrix = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), degrees, 1.0)
    return cv2.warpAffine(ink, matrix, (ink.shape[1], ink.shape[0]))
