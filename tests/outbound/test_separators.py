"""Printed and scanned again, a separator sheet is known for what it is."""

import io
from datetime import date

import pypdfium2
import pytest

from ocr.calls import split
from outbound.separators import MOST, render


@pytest.mark.parametrize("kind", ["qr", "code128"])
@pytest.mark.parametrize("dpi", [150, 300])
def test_a_scan_of_it_cuts_a_lot(kind, dpi):
    pdf = render(2, kind, date(2026, 11, 20))
    page = pypdfium2.PdfDocument(pdf)[1].render(scale=dpi / 72).to_pil().convert("L").rotate(1.2, fillcolor=255)
    scan = io.BytesIO()
    page.save(scan, "PNG", dpi=(dpi, dpi))
    found, _ = split(scan.getvalue())
    assert (found["separators"], found["documents"]) == ([0], [])


def test_as_many_as_asked_for_and_no_more_than_a_ream():
    assert len(pypdfium2.PdfDocument(render(3, "qr", date(2026, 11, 20)))) == 3
    with pytest.raises(ValueError, match="from 1"):
        render(MOST + 1, "qr", date(2026, 11, 20))
