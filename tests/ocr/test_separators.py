"""Batches cut at the bar codes of their sheets: each sample file is handled as its name says."""

from pathlib import Path

import pytest

from domain.errors import Refused
from ocr import calls
from ocr.separators import OPERATORS, Role, role

SAMPLES: dict[str, tuple[list[list[int]], list[int], list[int]]] = {
    # name: documents, separators, blanks
    "patch-code-t.pdf": ([], [0], []),
    "patch-code-t-qr.pdf": ([], [0], []),
    "patch-code-t-middle.pdf": ([[0], [2]], [1], []),
    "several-patcht-codes.pdf": ([[0, 1], [3, 4], [6]], [2, 5], []),
    "split-by-asn-1.pdf": ([[0], [2], [3], [6], [8]], [], [1, 4, 5, 7, 9]),
    "barcode-39-asn-123.pdf": ([[0]], [], []),
    "barcode-128-custom.pdf": ([[0]], [], []),
    "double-sided-odd.pdf": ([[0, 1, 2]], [], []),
    "double-sided-even.pdf": ([[0, 1]], [], []),
    "simple.tiff": ([[0]], [], []),
    # four stray bytes before its header: its two pages are whole
    "invalid_pdf.pdf": ([[0, 1]], [], []),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_cut_as_its_name_says(name: str, shared: Path) -> None:
    answer, _ = calls.split((shared / "data/separators" / name).read_bytes())
    documents = [each["pages"] for each in answer["documents"]]
    assert (documents, answer["separators"], answer["blanks"]) == SAMPLES[name]


def test_a_code_that_the_operator_names_separates(shared: Path, tmp_path: Path) -> None:
    data = (shared / "data/separators/barcode-128-custom.pdf").read_bytes()
    (tmp_path / OPERATORS).write_text("# ours\nCustom *\n", "utf-8")
    answer, _ = calls.split(data, forms_dir=str(tmp_path))
    assert (answer["documents"], answer["separators"]) == ([], [0])
    read, otherwise = (
        calls.read(data, pages=[0], forms_dir=where, known=answer["pages"])[0]["documents"][0]["words"]
        for where in (str(tmp_path), None)
    )
    assert not read  # nothing is read of a sheet that separates
    assert otherwise


@pytest.mark.parametrize(
    ("name", "kept", "code"),
    [("password-is-test.pdf", None, "fichier_chiffre"), ("invalid_pdf.pdf", 900, "fichier_illisible")],
)
def test_what_cannot_be_opened_is_refused(name: str, kept: int | None, code: str, shared: Path) -> None:
    with pytest.raises(Refused) as refusal:
        calls.split((shared / "data/separators" / name).read_bytes()[:kept])
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["PATCHT"], "separates"),
        (["patch t"], "separates"),
        (["LIASSE-SEPARATEUR"], "separates"),
        (["ASN00123"], "begins"),
        (["ASN00123", "PATCHT"], "separates"),
        (["ASN"], ""),
        (["CASN00123"], ""),
        (["ASN00123-B"], ""),
        (["LOT 7"], "separates"),
        (["LOT 77"], ""),
        (["MON LOT 7"], ""),
        (["REMARQUE"], ""),
        ([], ""),
    ],
)
def test_the_role_of_a_sheet(texts: list[str], expected: Role, tmp_path: Path) -> None:
    (tmp_path / OPERATORS).write_text("\n# remarque\n lot ? \n", "utf-8")
    assert role(texts, str(tmp_path)) == expected


def test_without_the_operators_file_only_the_usual_codes_separate(tmp_path: Path) -> None:
    assert [role(["LOT 7"], where) for where in (None, str(tmp_path))] == ["", ""]
