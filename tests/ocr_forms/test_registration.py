"""The drawn form alone finds its place on a real blank's image, scanned as stations scan."""

import random
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.forms import load_form
from ocr.prepare import reduced
from ocr.register import register
from ocr.specimen import PROFILES, Sources
from ocr.specimen.cases import make_case
from ocr.specimen.making import compose
from ocr.specimen.population import make_population
from ocr.specimen.scanning import placement
from ocr.template import template

SCANS = (("colour", 200, 3.0), ("grey", 300, -3.0), ("bilevel", 200, 2.2), ("bilevel", 300, -1.5))


@pytest.mark.parametrize(("mode", "dpi", "skew"), SCANS)
def test_every_field_of_a_real_blank_is_found_within_half_a_millimetre(
    shared: Path, mode: str, dpi: int, skew: float
) -> None:
    form, rng = load_form("s3110j"), random.Random(f"{mode}-{dpi}")
    blank = cv2.imread(str(shared / "data/forms/s3110j/blank.png"))
    assert blank is not None
    profile = PROFILES["printed_hard"]
    scan = profile.scan(rng, mode=mode, dpi=dpi, skew=skew, turn=rng.randrange(4))
    case = make_case(form, make_population(1, insured=300), rng)
    made = compose(form, case, "printed", scan, Sources(), rng, hard=True, blank=np.asarray(blank, np.uint8))
    picture = made.picture if made.picture.ndim == 2 else cv2.cvtColor(made.picture, cv2.COLOR_BGR2GRAY)
    found = register(reduced(np.asarray(picture, np.uint8), scan.dpi, 100), [template("s3110j")])
    assert found is not None
    assert found.rotation == made.page()["rotation"]
    true, size = placement(scan)  # of the upright page
    for name, field in form.fields.items():
        x, y, w, h = field.box
        corners = np.array([(x, y), (x + w, y), (x, y + h), (x + w, y + h)])
        wanted = cv2.perspectiveTransform(corners[:, None], true)[:, 0]
        seen = found.points(corners) * size
        assert np.linalg.norm(seen - wanted, axis=1).max() / (scan.dpi / 25.4) <= 0.5, name
