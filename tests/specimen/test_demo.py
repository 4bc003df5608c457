"""The demonstration lot: complete, and its truth is what the house itself would decide from it."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from checks import Case, interpret, run
from domain.claim import History
from domain.findings import Severity
from domain.flow import State
from domain.people import Insured, Practitioner
from domain.reading import FieldReading
from law import load
from liquidation import liquidate
from ocr.specimen import make_demo, people_files
from ocr.specimen.codes import SEPARATOR
from ocr.specimen.population import Population
from rights import open_rights

TODAY = date(2026, 11, 20)
Line = dict[str, Any]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    make_demo(out, 1)
    return out


@pytest.fixture(scope="module")
def truth(demo: Path) -> list[Line]:
    return [json.loads(line) for line in (demo / "truth.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def people(demo: Path) -> Population:
    return people_files.read(demo / "people.jsonl")


def _sheets(truth: list[Line]) -> list[Line]:
    found = [line for line in truth if line["type"] == "feuille_soins_medecin" and line["expected"] != "ecarte"]
    return found + [child for line in truth for child in line.get("children", ())]


def test_it_has_each_kind_of_piece_that_a_morning_brings(demo: Path, truth: list[Line]) -> None:
    files = {path.name for path in demo.iterdir()}
    assert files == {line["file"] for line in truth} | {"truth.jsonl", "people.jsonl", "practitioners.jsonl"}
    assert len(_sheets(truth)) >= 30
    outcomes = Counter(line["expected"] for line in truth)
    assert set(outcomes) <= {state.value for state in State}
    assert outcomes["a_valider"] == 2
    assert outcomes["refuse"] == 4
    assert outcomes["rejete"] == outcomes["scinde"] == outcomes["classe"] == 1
    assert Counter(line["reason"] for line in truth if line["expected"] == "ecarte") == {
        "separateur": 2, "blanc": 2, "doublon": 1,
    }  # fmt: skip
    assert [line["expected"] for line in truth if line.get("visitor")] == ["a_valider", "a_valider"]
    assert {line["how"] for line in truth} == {"lot", "post", "hot"}
    lot = [line for line in truth if line["how"] == "lot"]
    assert [line["sheet"] for line in lot] == list(range(1, len(lot) + 1))
    assert not any(line["file"].endswith(".pdf") for line in lot)  # the unit of a lot is the image
    names = {line["profile"].get("name") for line in _sheets(truth)}
    assert names >= {"printed_clean", "printed_hard", "handwritten", "born_digital"}
    modes = {(p["mode"], p["dpi"]) for line in _sheets(truth) for p in line["pages"]}
    assert modes >= {("colour", 300), ("colour", 200), ("grey", 300), ("grey", 200), ("bilevel", 300)}
    assert {p["rotation"] for line in _sheets(truth) for p in line["pages"]} >= {0, 180, 270}


def test_whoever_must_answer_finds_the_answer(truth: list[Line]) -> None:
    for line in _sheets(truth):
        if line.get("visitor"):
            assert "agent" not in line
            continue
        agent = line["agent"]
        wanted = {"ordonnance": "accept", "refuse": "refuse"}[line["expected"]]
        assert agent["action"] == wanted
        assert bool(agent["reason"]) or wanted == "accept"


def test_separators_can_be_read_and_the_duplicate_is_one(demo: Path, truth: list[Line]) -> None:
    for line in truth:
        data = (demo / line["file"]).read_bytes()
        if line.get("reason") == "separateur":
            page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
            assert [code.text for code in zxingcpp.read_barcodes(page)] == [SEPARATOR]
        if line.get("reason") == "doublon":
            assert data == (demo / line["same_bytes_as"]).read_bytes()
        if line.get("rescan_of"):
            first = next(each for each in truth if each["file"] == line["rescan_of"])
            assert line["fields"] == first["fields"]
            assert data != (demo / first["file"]).read_bytes()
        if line["expected"] == "rejete":
            with pytest.raises(pypdfium2.PdfiumError):
                pypdfium2.PdfDocument(data)
        if line["expected"] == "scinde":
            with pypdfium2.PdfDocument(data) as pdf:
                numbers = [n for child in line["children"] for n in child["page_numbers"]]
                assert sorted(numbers + line["blanks"]) == list(range(len(pdf)))


def _read(values: Mapping[str, Any]) -> dict[str, FieldReading]:
    return {
        name: FieldReading(value, "empty" if value is None else "accepted", 1.0)
        for name, value in values.items()
    }


def _people_of(line: Line, people: Population) -> tuple[Insured | None, Practitioner]:
    values = line["fields"]
    birth = date.fromisoformat(values["beneficiaire_date_naissance"])
    numbers = {values["beneficiaire_nir"], values["assure_nir"]} - {None}
    found = [
        person
        for person in people.insured
        if person.birth_date == birth and (person.nir in numbers or person.assure_nir in numbers)
    ]
    assert len(found) <= 1
    doctor = next(d for d in people.practitioners if d.rpps == values["medecin_rpps"])
    return (found[0] if found else None), doctor


def test_the_house_would_decide_each_sheet_as_its_truth_says(truth: list[Line], people: Population) -> None:
    law = load()
    notes = {
        "Total faux": "total_different",
        "Non signée": "signature_assure",
        "Droits fermés": "droits_fermes",
    }
    for line in _sheets(truth):
        insured, doctor = _people_of(line, people)
        fields = _read(line["fields"])
        if line["note"] == "Personne inconnue":
            assert insured is None
            continue
        assert insured is not None, line["file"]
        claim = interpret(fields, insured, doctor, "d", TODAY)
        assert claim is not None, line["note"]
        rights = {act.day: open_rights(insured, act.day, law) for act in claim.acts}
        case = Case(
            fields, law, TODAY, TODAY, insured=insured, practitioner=doctor, rights_by_day=rights, claim=claim
        )
        grave = {f.code for f in run(case) if f.severity != Severity.INFORMATION}
        expected = {code for note, code in notes.items() if note.lower() in line["note"].lower()}
        assert grave == expected, line["note"]
        decision = liquidate(claim, rights, History(), TODAY, law)
        if line["expected"] == "ordonnance":
            assert not decision.not_computed, (line["note"], decision.not_computed)
            assert decision.total > 0


def test_every_sheet_is_about_someone_else(truth: list[Line]) -> None:
    named = [line["fields"]["beneficiaire_nom_prenom"] for line in _sheets(truth) if "rescan_of" not in line]
    assert len(named) == len(set(named))
