"""The form is found wherever and however it lies, to half a millimetre; no other page is taken for it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.coarse import Guess
from ocr.files import open_file
from ocr.pages import Image
from ocr.photo import laid_flat
from ocr.prepare import grey, reduced, turned
from ocr.read import read
from ocr.register import _fine, register
from ocr.specimen import make
from ocr.specimen.paper import blank_paper
from ocr.specimen.scanning import Scan, scan_paper
from ocr.template import template
from tests.ocr.conftest import Sheets

MM_PER_PX = 0.17624617943185905
"""Of the image of a blank in the shared folder."""


def degraded(
    blank: Image, rng: np.random.Generator, dpi: int, mode: str, skew: float, cut: bool
) -> tuple[Image, np.ndarray]:
    """The blank as a station might scan it, and the 3x3 from its px (edges) to fractions of the scan."""
    scale = dpi / 25.4 * MM_PER_PX
    full = (round(blank.shape[1] * scale), round(blank.shape[0] * scale))
    size = (round(8.27 * dpi), round(11.69 * dpi)) if cut else full
    place = np.array([[scale, 0, (size[0] - full[0]) / 2], [0, scale, (size[1] - full[1]) / 2], [0, 0, 1]])
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), skew, float(1 + rng.normal(0, 0.004)))
    turn[:, 2] += rng.normal(0, 1.5, 2) * dpi / 25.4
    bend = np.eye(3)
    bend[2, :2] = rng.normal(0, 0.003, 2) / size
    matrix = bend @ np.vstack([turn, [0, 0, 1]]) @ place
    middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    shown = cv2.warpPerspective(
        blank, np.linalg.inv(middle) @ matrix @ middle, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    shown = cv2.GaussianBlur(shown, (0, 0), float(rng.uniform(0.4, 1.0)) * dpi / 200)
    shown = np.clip(shown + rng.normal(0, 6, shown.shape), 0, 255).astype(np.uint8)
    if mode != "colour":
        shown = grey(shown)
    if mode == "bilevel":
        shown = ((shown > rng.uniform(125, 200)) * 255).astype(np.uint8)
    return shown, np.diag([1 / size[0], 1 / size[1], 1.0]) @ matrix


@pytest.mark.parametrize("mode", ["colour", "grey", "bilevel"])
@pytest.mark.parametrize("dpi", [200, 300])
def test_the_real_blank_is_found_to_half_a_millimetre(shared: Path, mode: str, dpi: int) -> None:
    folder = shared / "data/forms/s3110j"
    fields = json.loads((folder / "s3110j_zones.json").read_text())["fields"]
    px = np.array([(x + w / 2, y + h / 2) for field in fields.values() for x, y, w, h in field["boxes"]], float)
    mm = np.array(
        [(x + w / 2, y + h / 2) for field in fields.values() for x, y, w, h in field["boxes_mm"]], float
    )
    blank = cv2.imread(str(folder / "blank.png"))
    rng = np.random.default_rng(dpi + len(mode))
    worst = []
    for skew, cut, rotation in [
        (-3, False, 0),
        (-1.2, True, 90),
        (0.0, False, 180),
        (1.7, True, 270),
        (3, True, 0),
    ]:
        scan, matrix = degraded(blank, rng, dpi, mode, skew, cut)
        true = cv2.perspectiveTransform(px.reshape(-1, 1, 2), matrix).reshape(-1, 2)
        size = np.array([scan.shape[1], scan.shape[0]])
        found = register(reduced(grey(turned(scan, -rotation)), dpi), [template("s3110j")])
        assert found is not None, (mode, dpi, skew)
        assert found.rotation == rotation
        off = np.linalg.norm((found.points(mm) - true) * size, axis=1) / dpi * 25.4
        worst.append(float(off.max()))
    print(f"real blank, {mode} {dpi} dpi: worst field {max(worst):.3f} mm")
    assert max(worst) <= 0.5


def test_specimens_are_found_where_they_are(printed: Sheets, handwritten: Sheets) -> None:
    form = template("s3110j").form
    mm = np.array([(x + w / 2, y + h / 2) for field in form.fields.values() for x, y, w, h in field.boxes])
    for sheets in (printed, handwritten):
        for truth in sheets.truths:
            page = truth["pages"][0]
            with open_file(sheets.data(truth)) as source:
                shown = source.page(0)
            found = register(reduced(grey(shown.image), shown.dpi), [template("s3110j")])
            assert found is not None
            assert found.rotation == page["rotation"]
            seen = found.points(mm) * turned(shown.image, found.rotation).shape[1::-1]
            stored = cv2.perspectiveTransform(mm.reshape(-1, 1, 2), np.array(page["mm_to_px"])).reshape(-1, 2)
            width, height = page["width"], page["height"]
            upright = {
                0: stored,
                90: np.stack([height - stored[:, 1], stored[:, 0]], axis=1),
                180: np.array([width, height]) - stored,
                270: np.stack([stored[:, 1], width - stored[:, 0]], axis=1),
            }[found.rotation]
            assert np.linalg.norm(seen - upright, axis=1).max() / page["dpi"] * 25.4 <= 0.5


@pytest.mark.parametrize(
    "name",
    [
        "forms/other/CERFA-14463-03_declaration_AT.pdf",
        "forms/other/cerfa_14011_03.png",
        "forms/s3704b/blank.png",
        "justificatifs/free_fiber.pdf",
        "scans/linn.png",
        "scans/typewriter.png",
    ],
)
def test_no_other_page_is_taken_for_it(shared: Path, name: str) -> None:
    with open_file((shared / "data" / name).read_bytes()) as source:
        page = source.page(0)
    assert register(reduced(grey(page.image), page.dpi), [template("s3110j")]) is None


def test_noise_and_blank_paper_are_no_form() -> None:
    rng = np.random.default_rng(3)
    for picture in (rng.integers(0, 255, (1170, 827), np.uint8), np.full((1170, 827), 250, np.uint8)):
        assert register(picture, [template("s3110j")]) is None


def test_a_dark_lid_around_a_skewed_sheet_hides_nothing() -> None:
    form = template("s3110j").form
    paper = blank_paper(form, 150)
    for skew, ground in ((-7.0, 20), (9.5, 45)):
        picture, _ = scan_paper(paper, Scan(dpi=150, mode="grey", skew=skew, ground=ground))
        found = register(reduced(picture, 150), [template("s3110j")])
        assert found is not None
        assert found.ratio > 0.9


def test_a_form_laid_a_tooth_beside_its_place_is_not_certain() -> None:
    form = template("s3110j")
    picture, _ = scan_paper(blank_paper(form.form, 100), Scan(dpi=100, mode="grey"))
    found = register(picture, [form])
    assert found is not None
    tooth = np.array([[1, 0, 5.11 * 50 / 25.4], [0, 1, 0], [0, 0, 1]])
    half = np.diag([picture.shape[1] / 2, picture.shape[0] / 2, 1.0])
    guess = Guess(form, 0, tooth @ half @ found.matrix @ np.diag([0.508, 0.508, 1.0]), 0.5, False)
    wrong = _fine(picture, guess)
    assert wrong is None or not wrong.certain or abs(wrong.matrix - found.matrix).max() < 0.002


def test_a_photograph_of_a_sheet_is_laid_flat(people: Path, tmp_path: Path) -> None:
    make(tmp_path, 2, 77, profiles=["printed_photo"], population=people)
    for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        reading = read((tmp_path / truth["file"]).read_bytes())
        assert reading.documents[0].form == "s3110j"
        field = reading.documents[0].fields["montant_total"]
        assert field.value == truth["fields"]["montant_total"]
        x, y, w, h = truth["pages"][0]["inked_mm"]["montant_total"]
        ends = np.array([(x, y), (x + w, y + h)]).reshape(-1, 1, 2)
        inked = cv2.perspectiveTransform(ends, np.array(truth["pages"][0]["mm_to_px"])).reshape(-1, 2)
        shown = np.array([reading.pages[0].width, reading.pages[0].height])
        low, high = np.array(field.box[:2]) * shown, (np.array(field.box[:2]) + field.box[2:]) * shown
        assert (inked[0] > low - 12).all()
        assert (inked[1] < high + 12).all()


def test_no_sheet_is_seen_where_none_lies() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (900, 700), np.uint8)
    assert not list(laid_flat(noise))
    assert not list(laid_flat(np.full((900, 700), 240, np.uint8)))
