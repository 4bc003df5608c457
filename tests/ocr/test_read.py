"""Whole sheets, from bytes to fields: right, or in doubt, never wrong in silence."""

import io
import json
from pathlib import Path

import cv2
import img2pdf
import numpy as np
import pytest
from PIL import Image

from domain.reading import Reading
from ocr import calls
from ocr.files import open_file
from ocr.forms import draw, load_form
from ocr.prepare import grey
from ocr.read import read, read_file
from ocr.specimen import make
from ocr.specimen.scoring import outcomes, tally
from tests.ocr.conftest import Sheets


def lines(sheets: Sheets) -> list[dict]:
    return [read_file(sheets.folder / truth["file"]) for truth in sheets.truths]


def test_printed_sheets_are_read(printed: Sheets) -> None:
    found = [o for t, r in zip(printed.truths, lines(printed), strict=True) for o in outcomes(t, r)]
    fields, flags = tally(found, False), tally(found, True)
    assert fields.right / fields.filled > 0.9, [o for o in found if o.filled and not o.right]
    assert fields.wrong == []
    assert flags.wrong == []
    combs = [o for o in found if o.kind.startswith("comb") and o.filled]
    assert sum(o.right for o in combs) >= 0.97 * len(combs)
    assert sum(o.accepted for o in combs) >= 0.6 * len(combs)


def test_handwritten_sheets_are_read_or_doubted(handwritten: Sheets) -> None:
    found = [o for t, r in zip(handwritten.truths, lines(handwritten), strict=True) for o in outcomes(t, r)]
    assert tally(found, False).wrong == []
    assert tally(found, True).wrong == []
    combs = [o for o in found if o.kind.startswith("comb") and o.filled]
    assert sum(o.right for o in combs) >= 0.85 * len(combs)


def test_the_line_has_the_form_of_the_contract(printed: Sheets) -> None:
    line = json.loads(json.dumps(read_file(printed.folder / printed.truths[0]["file"])))
    assert set(line) == {"file", "pages", "seconds", "documents"}
    assert set(line["pages"][0]) >= {"rotation", "width", "height", "dpi", "quality"}
    document = line["documents"][0]
    assert document["type"] == "feuille_soins_medecin"
    assert document["form"] == "s3110j"
    assert set(document["fields"]) == {*load_form("s3110j").fields, "medecin_rpps", "medecin_am"}
    for name, field in document["fields"].items():
        assert field["status"] in ("accepted", "review", "empty"), name
        assert 0 <= field["probability"] <= 1
        assert all(0 <= value <= 1 for value in field["box"])
        assert (field["status"] == "empty") <= (field["value"] is None)
        assert field["form_box_mm"]


def test_a_reading_survives_json(printed: Sheets) -> None:
    answer, blobs = calls.read(printed.data(printed.truths[0]))
    assert blobs == []
    again = Reading.from_json(json.loads(json.dumps(answer)))
    cells = again.documents[0].fields["montant_total"].cells
    assert cells
    assert all(value <= 0 for cell in cells for value in cell.values())


def test_a_blank_form_holds_nothing() -> None:
    """Every value on an empty sheet would be a phantom."""
    picture = draw(load_form("s3110j"), 200)
    for shown in (picture, cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)):
        _, code = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 80])
        document = read(code.tobytes()).documents[0]
        assert document.form == "s3110j"
        assert [n for n, f in document.fields.items() if f.value not in (None, False)] == []


def test_the_real_blank_holds_nothing(shared: Path) -> None:
    document = read((shared / "data/forms/s3110j/blank.png").read_bytes()).documents[0]
    assert document.form == "s3110j"
    assert [n for n, f in document.fields.items() if f.value not in (None, False)] == []


def test_the_same_sheet_reads_the_same_turned_and_packed_otherwise(printed: Sheets) -> None:
    """Rotation, container and page size in the metadata change nothing that matters."""
    truth = next(t for t in printed.truths if t["profile"]["mode"] != "bilevel")
    with open_file(printed.data(truth)) as source:
        page = source.page(0)
    straight = read(printed.data(truth)).documents[0].fields
    turned = np.ascontiguousarray(np.rot90(page.image, 2))
    _, code = cv2.imencode(".png", turned)
    reading = read(code.tobytes())
    assert reading.pages[0].rotation == (180 + truth["pages"][0]["rotation"]) % 360
    packed = read(img2pdf.convert([code.tobytes()], nodate=True))
    for fields in (reading.documents[0].fields, packed.documents[0].fields):
        for name, field in straight.items():
            if field.status == "accepted" and fields[name].status == "accepted":
                assert fields[name].value == field.value
        assert sum(f.status == "accepted" for f in fields.values()) >= 0.9 * sum(
            f.status == "accepted" for f in straight.values()
        )


def test_a_batch_is_split_at_separators_and_forms(printed: Sheets) -> None:
    with open_file(printed.data(printed.truths[0])) as source:
        form = (
            Image.fromarray(
                cv2.cvtColor(source.page(0).image, cv2.COLOR_BGR2RGB)
                if source.page(0).image.ndim == 3
                else source.page(0).image
            )
            .convert("L")
            .resize((1654, 2339))
        )
    letter = Image.fromarray(np.full((2339, 1654), 255, np.uint8))
    drawn = np.full((2339, 1654), 255, np.uint8)
    for row in range(8):
        cv2.putText(drawn, "Madame, Monsieur, veuillez trouver", (150, 300 + 90 * row), 0, 1.4, 0, 3)
    text = Image.fromarray(drawn)
    out = io.BytesIO()
    form.save(
        out,
        "TIFF",
        save_all=True,
        append_images=[letter, text, text, form],
        dpi=(200, 200),
        compression="tiff_lzw",
    )
    answer, _ = calls.split(out.getvalue())
    assert answer["media_type"] == "image/tiff"
    assert answer["blanks"] == [1]
    assert [d["pages"] for d in answer["documents"]] == [[0], [2, 3], [4]]
    assert [d["type"] for d in answer["documents"]] == [
        "feuille_soins_medecin",
        "inconnu",
        "feuille_soins_medecin",
    ]


def test_an_invoice_keeps_its_text_and_type(shared: Path) -> None:
    document = read((shared / "data/justificatifs/free_fiber.pdf").read_bytes()).documents[0]
    assert document.type == "facture"
    assert document.fields == {}
    assert "VILLEURBANNE" in {word.text for word in document.words}


def test_a_scanned_letter_is_read_whole() -> None:
    drawn = np.full((1169, 827), 255, np.uint8)
    for row, line in enumerate(["ATTESTATION", "Je certifie avoir examine", "la personne nommee ci dessus"]):
        cv2.putText(drawn, line, (80, 200 + 80 * row), cv2.FONT_HERSHEY_DUPLEX, 1.2, 0, 2)
    _, code = cv2.imencode(".png", cv2.resize(drawn, None, fx=2, fy=2))
    document = read(code.tobytes()).documents[0]
    assert document.type == "inconnu"
    assert "ATTESTATION" in " ".join(word.text for word in document.words)


@pytest.mark.parametrize("data", [b"", b"not a scan", b"%PDF-1.4 broken"])
def test_a_file_that_cannot_be_read_is_a_line_with_its_code(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    line = read_file(path)
    assert set(line) == {"file", "error"}
    assert set(line["error"]) == {"code", "message"}


def test_a_zone_drawn_around_a_field_is_read_as_that_field(printed: Sheets) -> None:
    truth = next(t for t in printed.truths if t["fields"]["montant_total"])
    data = printed.data(truth)
    reading = read(data)
    field = reading.documents[0].fields["montant_total"]
    answer, _ = calls.zone(data, page=0, box=field.box, kind="comb_amount", rotation=reading.pages[0].rotation)
    assert answer["value"] == field.value


def test_an_operators_own_blank_is_a_second_template(shared: Path, tmp_path: Path, people: Path) -> None:
    """Sheets printed elsewhere resemble the scan of their own blank more than our drawing."""
    scan = (shared / "data/forms/s3110j/blank.png").read_bytes()
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "s3110j.png").write_bytes(scan)
    blank = cv2.imdecode(np.frombuffer(scan, np.uint8), cv2.IMREAD_COLOR)
    make(tmp_path / "sheets", 2, 4003, profiles=["printed_clean"], population=people, blank=blank)
    sheets = Sheets(tmp_path / "sheets")
    for truth in sheets.truths:
        for forms_dir in (None, str(tmp_path / "forms")):
            line = read_file(sheets.folder / truth["file"], forms_dir)
            found = list(outcomes(truth, line))
            assert line["documents"][0]["form"] == "s3110j"
            assert tally(found, False).wrong == []
            assert tally(found, False).right >= 0.85 * tally(found, False).filled


def test_what_the_scanner_cut_off_is_not_taken_for_blank(printed: Sheets) -> None:
    truth = next(t for t in printed.truths if t["profile"]["turn"] == 0 and t["profile"]["mode"] != "bilevel")
    with open_file(printed.data(truth)) as source:
        page = source.page(0)
    kept = page.image[: int(0.9 * page.image.shape[0])]
    out = io.BytesIO()
    Image.fromarray(kept[:, :, ::-1] if kept.ndim == 3 else kept).save(out, "PNG", dpi=(page.dpi, page.dpi))
    reading = read(out.getvalue())
    assert reading.pages[0].quality["verdict"] == "coupee"
    fields = reading.documents[0].fields
    for name in ("signature_medecin", "signature_assure", "impossibilite_signer"):
        assert fields[name].status == "review"
    assert fields["date_facture"].value == truth["fields"]["date_facture"]


def test_what_drowns_in_black_is_not_taken_for_blank(printed: Sheets) -> None:
    """A threshold above the tint turns every field black."""
    truth = next(t for t in printed.truths if t["profile"]["turn"] == 0 and t["profile"]["mode"] != "bilevel")
    with open_file(printed.data(truth)) as source:
        page = source.page(0)
    dark = Image.fromarray(np.where(grey(page.image) > 236, 255, 0).astype(np.uint8)).convert("1")
    out = io.BytesIO()
    dark.save(out, "TIFF", compression="group4", dpi=(page.dpi, page.dpi))
    for document in read(out.getvalue()).documents:
        for name, value in truth["fields"].items():
            if isinstance(value, str) and name in document.fields:
                assert document.fields[name].status != "empty", name
                assert document.fields[name].status != "accepted" or document.fields[name].value == value


def test_what_split_found_is_not_looked_for_again(printed: Sheets, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reading, without a registration; and the picture for the screen with it."""
    data = printed.data(printed.truths[0])
    found = json.loads(json.dumps(calls.split(data)[0]))
    alone, _ = calls.read(data)

    def never(*_: object) -> None:
        raise AssertionError("the page was registered again")

    monkeypatch.setattr("ocr.read.register", never)
    again, (picture,) = calls.read(data, known=found["pages"], screen_dpi=100)
    (screen,) = again.pop("screens")
    assert {**alone, "seconds": 0} == {**again, "seconds": 0}
    shown = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)
    assert shown.shape[:2] == (screen["height"], screen["width"])
    assert abs(shown.shape[0] - 1169) < 60
    assert picture.startswith(b"\xff\xd8" if screen["media_type"] == "image/jpeg" else b"\x89PNG")


def test_what_was_told_of_another_page_is_not_believed(printed: Sheets) -> None:
    first, second = (printed.data(truth) for truth in printed.truths[:2])
    told = calls.split(first)[0]["pages"]
    told[0]["width"] += 1
    assert calls.read(first, known=told)[0]["documents"] == calls.read(first)[0]["documents"]
    assert calls.read(second, known=[])[0]["documents"] == calls.read(second)[0]["documents"]


def test_progress_is_told_page_by_page(printed: Sheets) -> None:
    with open_file(printed.data(printed.truths[0])) as source:
        page = half_size(source.page(0).image)
    out = io.BytesIO()
    page.save(out, "TIFF", save_all=True, append_images=[page], compression="tiff_lzw")
    told: list[int] = []
    calls.split(out.getvalue(), progress=told.append)
    calls.read(out.getvalue(), progress=told.append)
    assert told == [0, 1, 0, 1]


def half_size(image: np.ndarray) -> Image.Image:
    return Image.fromarray(grey(image)).resize((image.shape[1] // 2, image.shape[0] // 2))


def test_a_reading_is_the_work_of_one_thread() -> None:
    assert cv2.getNumThreads() == 1  # a child a core: the networks have one each too
