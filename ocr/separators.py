"""What the bar codes of a sheet mean to a batch: cut it and be dropped, or begin a document and stay in it."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from domain.reading import SEPARATOR

Role = Literal["", "separates", "begins"]

SEPARATES = (SEPARATOR, "SEPARATEUR", "PATCHT", "PATCH-T", "PATCH T")
"""What the code of a sheet that cuts a batch begins with: ours, and the usual patch codes."""

BEGINS = re.compile(r"ASN *\d+")
"""An archive serial number is stuck on the first sheet of a document, which it belongs to."""

OPERATORS = "separateurs.txt"
"""In the operator's folder of forms: one pattern a line (`*`, `?`), for the whole text of a code."""


def role(texts: Iterable[str], forms_dir: str | None = None) -> Role:
    """The role of the sheet that bears codes of these texts; case and outer spaces do not count."""
    patterns = _patterns(forms_dir)
    begins = False
    for text in (each.strip().upper() for each in texts):
        if text.startswith(SEPARATES) or any(fnmatchcase(text, pattern) for pattern in patterns):
            return "separates"
        begins |= BEGINS.fullmatch(text) is not None
    return "begins" if begins else ""


def _patterns(forms_dir: str | None) -> list[str]:
    """The operator's own; none where there is no such file, or the cage was shut before its folder was made.
    Lines that begin with # are remarks."""
    if forms_dir is None:
        return []
    try:
        lines = (Path(forms_dir) / OPERATORS).read_text("utf-8", errors="replace").splitlines()
    except (FileNotFoundError, PermissionError):
        return []
    told = (line.strip().upper() for line in lines)
    return [line for line in told if line and not line.startswith("#")]
