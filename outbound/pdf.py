"""A tagged PDF (PDF/UA-1) from a template of this room and plain data. The same data, the same bytes."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

import typst

from domain.french import unbroken

UNKNOWN = "?"


def make(template: str, data: Mapping[str, Any], dated: date) -> bytes:
    """`template`: a file of outbound/templates, which reads `data` as JSON. `dated`: the civil day that
    the file bears. Only the fonts within the compiler are used, so that any machine makes the same; a
    character that none of them has is told as `?`: a name must not keep a letter from leaving."""
    shown = _each(data, lambda text: unbroken(_visible(text)))
    try:
        return _compiled(template, shown, dated)
    except typst.TypstError:  # PDF/UA refuses what its fonts cannot show, and names the first alone
        return _compiled(template, _each(shown, _latin), dated)


def _compiled(template: str, data: Any, dated: date) -> bytes:
    source = files("outbound").joinpath("templates", template).read_bytes()
    made = typst.compile(
        source,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(dated, time(12), UTC),
    )
    assert isinstance(made, bytes)
    return made


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The same data, each text of it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(each, change) for name, each in value.items()}
    return [_each(each, change) for each in value] if isinstance(value, list | tuple) else value


def _visible(text: str) -> str:
    """Without controls and marks that are not seen: those that turn the direction of writing would turn the
    sums beside a name."""
    kinds = ((c, unicodedata.category(c)) for c in text)
    return "".join(c if c == "\n" or kind[0] != "C" else "" for c, kind in kinds)


def _latin(text: str) -> str:
    return "".join(c if ord(c) < 0x250 or c in "–—‘’“”•…€→\u202f" else UNKNOWN for c in text)
