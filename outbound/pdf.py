"""A tagged PDF (PDF/UA-1) from a template of this room and plain data. The same data, the same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any

import typst


def make(template: str, data: Mapping[str, Any], dated: date) -> bytes:
    """`template`: a file of outbound/templates, which reads `data` as JSON. `dated`: the civil day that
    the file bears. Only the fonts within the compiler are used, so that any machine makes the same."""
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
