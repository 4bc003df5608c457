"""Sheets that part two dossiers of a lot, to be printed on plain paper."""

from datetime import date
from typing import Literal

import zxingcpp

from domain.reading import SEPARATOR
from outbound.pdf import make

Kind = Literal["qr", "code128"]
_CODES = {"qr": (zxingcpp.BarcodeFormat.QRCode, 70), "code128": (zxingcpp.BarcodeFormat.Code128, 130)}
MOST = 500


def render(number: int, kind: Kind, dated: date) -> bytes:
    """`number` identical A4 pages as a PDF. Bars in vectors: they print as finely as the printer can."""
    if not 0 < number <= MOST:
        raise ValueError(f"from 1 to {MOST} sheets")
    bar_format, width = _CODES[kind]
    code = zxingcpp.create_barcode(SEPARATOR, bar_format).to_svg(add_quiet_zones=True)
    return make("separateur.typ", {"number": number, "code": code, "width": width, "text": SEPARATOR}, dated)
