"""`liasse read`: the exact shape of a line, and what happens to files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.reading import read_files
from tests.cli.conftest import Liasse, files_of

FIELD = {"value", "status", "probability", "alternatives", "page", "box", "form_box_mm"}


@pytest.fixture(autouse=True)
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "no-home"
    monkeypatch.setenv("LIASSE_HOME", str(home))
    return home


@pytest.fixture(scope="module")
def line(sheets: Path) -> Any:
    """What `read` says of the first sheet."""
    (told,) = read_files(files_of(sheets)[:1], None)
    return told


@pytest.fixture
def fields(line: Any) -> Any:
    return line["documents"][0]["fields"]


def test_a_sheet_is_one_line_of_the_published_shape(line: Any, sheets: Path) -> None:
    assert list(line) == ["file", "pages", "seconds", "documents"]
    assert line["file"] == str(files_of(sheets)[0])
    assert all(set(page) == {"rotation", "width", "height", "dpi", "quality"} for page in line["pages"])
    assert line["pages"][0]["rotation"] in (0, 90, 180, 270)
    assert line["pages"][0]["quality"]
    (document,) = line["documents"]
    assert list(document) == ["type", "form", "pages", "fields"]
    assert (document["type"], document["form"], document["pages"]) == ("feuille_soins_medecin", "s3110j", [0])
    for name, field in document["fields"].items():
        assert set(field) == FIELD, name
        assert field["status"] in ("accepted", "review", "empty")
        assert (field["value"] is None) == (field["status"] == "empty"), name
        assert 0 <= field["probability"] <= 1
        assert all(set(each) == {"value", "probability"} for each in field["alternatives"])
        assert len(field["box"]) == 4
        assert field["page"] == 0


def test_every_name_of_the_form_is_there_and_the_stamps_numbers(fields: Any, shared: Path) -> None:
    zones = json.loads((shared / "data" / "forms" / "s3110j" / "s3110j_zones.json").read_text())
    named = set(zones.get("fields", zones))
    assert {"medecin_rpps", "medecin_am", "beneficiaire_nir", "acte1_honoraires"} <= set(fields)
    assert set(fields) - {"medecin_rpps", "medecin_am"} <= named


def test_ticks_and_signatures_are_true_or_false_and_never_empty(fields: Any, sheets: Path) -> None:
    truth = json.loads((sheets / "truth.jsonl").read_text().splitlines()[0])
    flags = {name for name, value in truth["fields"].items() if isinstance(value, bool)}
    assert flags
    for name in flags:
        assert fields[name]["value"] in (True, False), name
        assert fields[name]["status"] in ("accepted", "review"), name


def test_what_cannot_be_read_has_its_line_and_stops_nobody(
    liasse: Liasse, sheets: Path, tmp_path: Path, no_home: Path
) -> None:
    empty, text, cut, absent = (tmp_path / name for name in ("a.pdf", "b.jpg", "c.jpg", "nowhere.png"))
    empty.touch()
    text.write_text("Bonjour")
    good = files_of(sheets)[0]
    cut.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    said = liasse("read", "--jsonl", empty, text, cut, absent, good)
    assert said.code == 1
    told = said.lines
    assert [line["file"] for line in told] == [str(each) for each in (empty, text, cut, absent, good)]
    assert [line.get("error", {}).get("code") for line in told] == [
        "fichier_vide", "type_inconnu", "fichier_illisible", "fichier_illisible", None,
    ]  # fmt: skip
    assert all(set(line) == {"file", "error"} and line["error"]["message"] for line in told[:4])
    assert told[4]["documents"]
    assert not no_home.exists()
    assert "Traceback" not in said.err


def test_the_dossiers_say_who_it_is_accept_the_name_and_change_no_value(
    liasse: Liasse, fields: Any, sheets: Path
) -> None:
    said = liasse("read", "--jsonl", "--dossiers", sheets / "people.jsonl", files_of(sheets)[0])
    assert said.code == 0, said.err
    known = said.lines[0]["documents"][0]
    truth = json.loads((sheets / "truth.jsonl").read_text().splitlines()[0])["fields"]
    people = [json.loads(line) for line in (sheets / "people.jsonl").read_text().splitlines()]
    best = known["dossier"]["ranked"][0]
    person = next(each for each in people if each["id"] == best["id"])
    assert truth["beneficiaire_nir"] in (person["nir"], person["assure_nir"])
    assert best["reasons"]
    for name, field in known["fields"].items():
        assert field["value"] == fields[name]["value"]
        assert field["status"] in ("accepted", fields[name]["status"])
    # the sheet has the surname in capitals, the dossier has not
    assert known["dossier"]["certain"]
    assert person["birth_name"] != person["birth_name"].upper()
    assert fields["beneficiaire_nom_prenom"]["status"] == "review"
    assert known["fields"]["beneficiaire_nom_prenom"]["value"] == truth["beneficiaire_nom_prenom"]
    assert known["fields"]["beneficiaire_nom_prenom"]["status"] == "accepted"


def test_a_bad_line_of_dossiers_is_named_without_its_values(
    liasse: Liasse, sheets: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "people.jsonl"
    bad.write_text((sheets / "people.jsonl").read_text().splitlines()[0] + '\n{"id": "SECRET"}\n')
    said = liasse("read", "--jsonl", "--dossiers", bad, files_of(sheets)[0])
    assert said.code == 2
    assert "Ligne 2" in said.err
    assert "SECRET" not in said.err


@pytest.mark.parametrize(
    "arguments", [(), ("--dossiers", "/nowhere.jsonl", "x.png"), ("--xyz", "x.png"), ("--dossiers",)]
)
def test_a_wrong_use_is_told_in_french(liasse: Liasse, arguments: tuple[str, ...]) -> None:
    said = liasse("read", *arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err
    assert "Traceback" not in said.err
    assert "Error" not in said.err
