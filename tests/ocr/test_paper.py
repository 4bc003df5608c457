"""Paper as it comes: what is damaged, bent, doubled, faxed or drowned is read right, or in doubt, or told."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ocr import stamp
from ocr.bent import register_bent
from ocr.decode import Decoded
from ocr.files import open_file
from ocr.fitness import is_poor
from ocr.frame import straighten
from ocr.marks import foreign
from ocr.pages import squared
from ocr.prepare import grey
from ocr.read import examine, read, read_file
from ocr.register import Registration, register
from ocr.specimen import make
from ocr.specimen.files import encode
from ocr.specimen.paper import BLACK, blank_paper
from ocr.specimen.scanning import Scan, scan_paper
from ocr.specimen.scoring import outcomes
from ocr.subtract import evened
from ocr.template import template
from ocr.thresholds import POOR

FORM = template("s3110j").form


def made(folder: Path, people: Path, n: int, seed: int, profile: str) -> list[dict[str, Any]]:
    make(folder, n, seed, profiles=[profile], population=people)
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]


def test_two_sheets_in_one_scan_are_told_and_nothing_of_them_is_taken(people: Path, tmp_path: Path) -> None:
    for truth in made(tmp_path, people, 2, 31, "printed_pair"):
        reading = read((tmp_path / truth["file"]).read_bytes())
        assert reading.pages[0].quality["verdict"] == "plusieurs_feuilles"
        assert {each.status for each in reading.documents[0].fields.values()} == {"review"}


def test_a_sheet_drowned_in_black_is_told(people: Path, tmp_path: Path) -> None:
    (truth,) = made(tmp_path, people, 1, 32, "printed_drowned")
    reading = read((tmp_path / truth["file"]).read_bytes())
    assert reading.pages[0].quality["verdict"] == "noyee"
    assert reading.documents[0].fields["beneficiaire_nir"].status == "review"


def test_a_fax_in_standard_mode_is_read(people: Path, tmp_path: Path) -> None:
    truths = made(tmp_path, people, 4, 33, "printed_fax")
    assert any(truth["profile"]["squeeze"] < 0.6 for truth in truths)
    for truth in truths:
        found = list(outcomes(truth, read_file(tmp_path / truth["file"])))
        combs = [each for each in found if each.filled and each.kind.startswith("comb")]
        assert sum(each.right for each in combs) >= 0.7 * len(combs)
        assert not any(each.escaped for each in found)


VALUES = ("comb", "comb_date", "comb_amount", "cell", "stamp")


def test_of_a_page_that_is_seen_poorly_only_the_surest_is_taken(people: Path, tmp_path: Path) -> None:
    kinds = {name: field.kind for name, field in FORM.fields.items()}
    nearly = []
    for truth in made(tmp_path, people, 6, 33, "printed_fax"):
        reading = read((tmp_path / truth["file"]).read_bytes())
        values = [
            each
            for name, each in reading.documents[0].fields.items()
            if each.value is not None and kinds.get(name, "stamp") in VALUES
        ]
        assert all(each.probability >= POOR for each in values if each.status == "accepted")
        nearly += [each for each in values if 0.995 <= each.probability < POOR]
    assert nearly  # what a good scan would have given away


def test_a_stamp_that_is_hardly_read_gives_no_number(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (truth,) = made(tmp_path, people, 1, 36, "printed_clean")
    data = (tmp_path / truth["file"]).read_bytes()
    plain = read(data).documents[0].fields
    block = stamp.block
    monkeypatch.setattr(stamp, "block", lambda crop: (Decoded("Dr", 0.001), block(crop)[1]))
    hardly = read(data).documents[0].fields
    told = [(fields["medecin_rpps"].value, fields["medecin_rpps"].status) for fields in (plain, hardly)]
    assert told == [(truth["fields"]["medecin_rpps"], status) for status in ("accepted", "review")]


def test_a_page_is_seen_poorly_where_strokes_are_a_pixel_or_two() -> None:
    paper = np.tile(np.arange(256, dtype=np.uint8), (300, 2))
    assert not is_poor(paper, 200, 1.2)
    assert is_poor(paper, 140, 1.2)
    assert is_poor(paper, 200, 0.5)
    two_tones = np.where(paper > 128, 255, 0).astype(np.uint8)
    assert is_poor(two_tones, 204, 1.8)
    assert not is_poor(two_tones, 300, 1.8)


def test_lines_and_columns_are_made_equal() -> None:
    page = np.zeros((100, 200), np.uint8)
    assert squared(page, (204, 98), 10**6).shape == (208, 200)
    assert squared(page, (98, 204), 10**6).shape == (100, 416)
    for claimed in ((200, 200), (0, 0), None, ("x", 1), (5, 5000)):
        assert squared(page, claimed, 10**6).shape == page.shape


def test_a_bent_sheet_is_found_where_it_lies() -> None:
    """A wave of 4 mm across the sheet, as a lens sees it: no plane lays it within half a millimetre."""
    blank = template("s3110j")
    height, width = blank.fine.shape
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    wave = 8.0 * np.sin(2 * np.pi * ys / height).astype(np.float32)  # px at 100 dpi: 2 mm each way
    bent = cv2.remap(blank.fine, xs + wave, ys + 0.5 * wave, cv2.INTER_LINEAR, borderValue=255)
    plane = register(bent, [blank])
    found = register_bent(bent, [blank])
    assert found is not None
    places = np.array([(x + w / 2, y + h / 2) for f in FORM.fields.values() for x, y, w, h in f.boxes])
    off = {}
    for name, each in (("plane", plane), ("bent", found)):
        if each is not None:
            seen = each.points(places) * (width, height)
            low = 8.0 * np.sin(2 * np.pi * seen[:, 1] / height)
            true = seen + np.stack([low, 0.5 * low], axis=1)
            off[name] = float(np.abs(true / 100 * 25.4 - places).max())
    assert off["bent"] < 0.5
    assert off.get("plane", 9.0) > 0.5
    again = Registration.from_json(json.loads(json.dumps(found.to_json())), blank)
    assert np.allclose(again.points(places), found.points(places))


@pytest.mark.parametrize("what", ["tick", "line", "pale"])
def test_a_tick_is_doubted_where_something_else_passes(what: str) -> None:
    paper = blank_paper(FORM, 200)
    x, y, w, h = (round(value * paper.scale) for value in FORM.fields["ald"].box)
    for row in (100, 300, 500):  # the page's writing, which says how dark a pen is
        paper.ink(np.ones((4, 600), np.float32), 300, row, BLACK)
    if what == "tick":
        paper.ink(np.ones((5, w - 12), np.float32), x + 6, y + h // 2, BLACK)
    elif what == "line":
        paper.ink(np.ones((5, w + 200), np.float32), x - 100, y + h // 2, BLACK)
    else:
        paper.ink(np.full((9, w - 12), 0.16, np.float32), x + 6, y + h // 2, BLACK)
    picture, _ = scan_paper(paper, Scan(dpi=200, mode="grey"))
    found = register(
        cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), [template("s3110j")]
    )
    assert found is not None
    assert foreign(straighten(picture, found), FORM.fields["ald"].box) == (what != "tick")


def test_what_was_torn_off_is_not_taken_for_blank() -> None:
    paper = blank_paper(FORM, 200)
    edge = round(120 * paper.scale)
    paper.pixels[: round(25 * paper.scale), edge:] = 255
    picture, _ = scan_paper(paper, Scan(dpi=200, mode="grey"))
    fields = read(encode([picture], "png", 200)).documents[0].fields
    assert fields["numero_facture"].status == fields["date_facture"].status == "review"
    assert fields["beneficiaire_nir"].status == "empty"


def test_a_600_dpi_tiff_is_not_held_many_times_over() -> None:
    """Bands, not whole copies: the picture read equals the one written."""
    colour = np.random.default_rng(1).integers(0, 255, (1500, 40, 3), np.uint8)
    with open_file(encode([colour], "tiff-lzw", 200)) as source:
        page = source.page(0)
        assert np.array_equal(page.image, colour)
        assert grey(page.image).shape == (1500, 40)
    assert examine(0, page, None).registration is None


def test_a_shadow_with_an_edge_is_lifted_and_even_paper_is_left_alone() -> None:
    blank = template("s3110j").frame
    assert evened(blank, blank) is blank
    shaded = blank.copy()
    shaded[:, : blank.shape[1] // 2] = (0.55 * shaded[:, : blank.shape[1] // 2]).astype(np.uint8)
    before = np.abs(shaded.astype(int) - blank)[:, 40:-40].mean()
    after = np.abs(evened(shaded, blank).astype(int) - blank)[:, 40:-40].mean()
    assert after < 0.2 * before
