"""Where the fonts of a drawing are on this machine: Debian's and Ubuntu's packages, or others' places.

A metric match of Times and Helvetica is needed: fonts-liberation; fonts-dejavu-core for the rest.
"""

import os
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FOLDERS = (
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/liberation",
    "/usr/share/fonts/liberation-fonts",
    "/usr/share/fonts/liberation-serif",
    "/usr/share/fonts/liberation-sans",
    "/usr/share/fonts/liberation-mono",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
)

FILES = {
    "serif": "LiberationSerif-Regular.ttf",
    "serif-bold": "LiberationSerif-Bold.ttf",
    "serif-italic": "LiberationSerif-Italic.ttf",
    "serif-bolditalic": "LiberationSerif-BoldItalic.ttf",
    "sans": "LiberationSans-Regular.ttf",
    "sans-bold": "LiberationSans-Bold.ttf",
    "sans-wide": "LiberationSans-Regular.ttf",
    "sans-italic": "LiberationSans-Italic.ttf",
    "humanist-italic": "DejaVuSans-Oblique.ttf",
}


class FontMissing(RuntimeError):
    """The fonts that a form is drawn with are not installed."""


def font_path(file: str) -> Path:
    """The path of a font file by its name, or as given where it is a path.

    Raises FontMissing, with the command that installs it.
    """
    if os.sep in file:
        if Path(file).is_file():
            return Path(file)
    else:
        for folder in FOLDERS:
            path = Path(folder) / file
            if path.is_file():
                return path
    raise FontMissing(
        f"police introuvable : {file} ; installez-la : apt-get install fonts-liberation fonts-dejavu-core"
    )


@lru_cache(maxsize=256)
def font(file: str, size: float) -> ImageFont.FreeTypeFont:
    """A font by file name or path, `size` px an em; basic layout, so that drawings do not depend on
    what shaping libraries a machine has."""
    return ImageFont.truetype(str(font_path(file)), size, layout_engine=ImageFont.Layout.BASIC)


def named(style: str, size: float) -> ImageFont.FreeTypeFont:
    """A font by the style name that a form's file uses."""
    return font(FILES[style], size)
