"""The drawn S 3110j: complete, the same each time, and where a real blank has it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.forms import FontMissing, draw, drawn_mm, fonts, forms, load_form
from ocr.forms.tools.compare import compare


def test_every_measured_zone_is_a_field_with_its_boxes(shared: Path) -> None:
    zones = json.loads((shared / "data/forms/s3110j/s3110j_zones.json").read_text("utf-8"))["fields"]
    form = load_form("s3110j")
    assert len(form.fields) == 87
    assert {name: field.kind for name, field in form.fields.items()} == {
        name: zone["kind"] for name, zone in zones.items()
    }
    for name, zone in zones.items():
        assert np.allclose(form.fields[name].boxes, zone["boxes_mm"], atol=0.01), name


def test_all_boxes_and_drawings_lie_on_the_page() -> None:
    form = load_form("s3110j")
    width, height = form.page_mm
    boxes = [box for field in form.fields.values() for box in field.boxes] + drawn_mm(form)
    for x, y, w, h in boxes:
        assert x >= 0
        assert y >= 0
        assert w > 0
        assert h > 0
        assert x + w <= width
        assert y + h <= height


def test_it_is_drawn_at_any_dpi_in_colour_and_grey() -> None:
    form = load_form("s3110j")
    for dpi in (50, 100, 150.5, 200):
        page = draw(form, dpi)
        assert page.shape == (round(302.791 * dpi / 25.4), round(217.840 * dpi / 25.4), 3)
        assert page.dtype == np.uint8
    assert draw(form, 100, colour=False).ndim == 2
    assert not draw(form, 100).flags.writeable


def test_drawings_at_two_dpi_show_the_same() -> None:
    form = load_form("s3110j")
    small = draw(form, 75, colour=False)
    large = cv2.resize(draw(form, 225, colour=False), small.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small.ravel(), large.ravel())[0, 1] > 0.985


def test_a_real_blank_fits_within_three_tenths_of_a_millimetre(shared: Path) -> None:
    image = cv2.imread(str(shared / "data/forms/s3110j/blank.png"))
    assert image is not None
    found = compare(load_form("s3110j"), np.asarray(image, np.uint8))
    assert len(found) == 87
    worst = max(found, key=lambda near: near.distance)
    assert worst.distance <= 0.3, worst
    assert min(near.correlation for near in found) > 0.9


def test_the_operators_own_blank_is_offered_beside_the_drawing(tmp_path: Path) -> None:
    assert load_form("s3110j", tmp_path).scan is None
    (tmp_path / "s3110j.png").write_bytes(b"")
    assert load_form("s3110j", tmp_path).scan == tmp_path / "s3110j.png"


def test_an_unknown_form_is_refused_by_name() -> None:
    assert forms()[0] == "s3110j"
    with pytest.raises(KeyError, match="s3110j"):
        load_form("s9999")


def test_a_missing_font_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    with pytest.raises(FontMissing, match="apt-get install fonts-liberation fonts-dejavu-core"):
        fonts.font_path("LiberationSerif-Regular.ttf")
