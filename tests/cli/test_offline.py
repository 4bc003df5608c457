"""`specimen`, `liquidate`, `rights`, `form`: what needs no home. And how a wrong use is answered."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import law
from tests.cli.conftest import Liasse

INSURED: dict[str, Any] = {
    "id": "a1",
    "nir": "2850175116001",
    "birth_name": "MARTIN",
    "first_names": "Claire",
    "birth_date": "1985-01-12",
    "affiliations": [{"period": {"start": "2020-01-01", "end": None}, "organisme": "017510000"}],
    "medecins_traitants": [{"period": {"start": "2020-01-01", "end": None}, "rpps": "10001234565"}],
}
ACT = {"day": "2026-11-02", "code": "G", "fee": "30.00"}
CLAIM: dict[str, Any] = {
    "claim": {
        "practitioner_rpps": "10001234565",
        "acts": [ACT],
    },
    "insured": INSURED,
    "decided_on": "2026-11-20",
}


def written(folder: Path, content: Any) -> Path:
    file = folder / "case.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_a_claim_of_thirty_euros_by_the_medecin_traitant(liasse: Liasse, tmp_path: Path) -> None:
    said = liasse("liquidate", written(tmp_path, CLAIM))
    assert said.code == 0, said.err
    # 30.00 x 70 % = 21.00, less the participation forfaitaire of 2.00
    assert said.json["total"] == "19.00"
    (line,) = said.json["lines"]
    assert line["paid"] == "19.00"
    assert any("L160-13" in json.dumps(step) or "D160-5" in json.dumps(step) for step in line["trace"])


def test_what_rights_prints_is_taken_by_liquidate(liasse: Liasse, tmp_path: Path) -> None:
    rights = liasse("rights", written(tmp_path, {"insured": INSURED, "day": "2026-11-02"}))
    assert rights.code == 0, rights.err
    case = {"claim": CLAIM["claim"], "decided_on": "2026-11-20", "rights": [rights.json]}
    assert liasse("liquidate", written(tmp_path, case)).json["total"] == "19.00"


def test_a_question_on_one_line_or_in_a_file(liasse: Liasse, tmp_path: Path) -> None:
    said = liasse("simulate", "soins", "acte=G", "montant=30", "age=40", "date=02/11/2026")
    assert said.code == 0, said.err
    assert "19,00" in said.out
    file = tmp_path / "question.yaml"
    file.write_text("sujet: arret_maladie\ndebut: 05/10/2026\nduree: 4\nsalaires: 2 000,00 €\n")
    assert liasse("simulate", file, "--json").json["brut"] == "32.88"


@pytest.mark.parametrize(("question", "told"), [
    # 65,75 x 50 % = 32,88 for each day after three of carence
    ("arret_maladie debut=05/10/2026 duree=14 salaires=2000;2100;1900",
     "du 08/10/2026 au 18/10/2026, 32,88 € par jour : Jours indemnisés, ouvrables ou non. (CSS L323-1"),
    ("maternite date_prevue=20/11/2026 salaires=2000",
     "du 09/10/2026 au 28/01/2027, 51,95 € par jour : Jours de repos"),
    ("capital_deces deces_le=15/04/2026", "4 009,00 € : Capital décès. (CSS L361-1)"),
    ("c2s personnes=1 date=05/10/2026", "10 422,00 €"),
    ("indu montant=150 verse_le=02/03/2026 notifie_le=05/10/2026", "rectification jusqu au       25/10/2026"),
])  # fmt: skip
def test_an_answer_is_written_as_a_person_writes(liasse: Liasse, question: str, told: str) -> None:
    said = liasse("simulate", *question.split())
    assert said.code == 0, said.err
    assert told in said.out.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("question", [
    "soins acte=G montant=30 date=02/02/2027",
    "hospitalisation entree=02/02/2027 sortie=06/02/2027 tarif=2000",
    "urgences tarif=120 date=02/02/2027",
])  # fmt: skip
def test_a_day_past_what_is_known_of_the_law_is_told_as_such(liasse: Liasse, question: str) -> None:
    said = liasse("simulate", *question.split())
    assert said.code == 2
    assert "simulation_mal_posee" in said.err
    assert "n'est pas vérifié après le 31/12/2026" in said.err


def test_a_question_badly_asked_names_its_fields(liasse: Liasse, tmp_path: Path) -> None:
    said = liasse("simulate", "soins", "montant=trente")
    assert said.code == 2
    assert "montant : un montant" in said.err
    assert "trente" not in said.err
    assert "arret_maladie" in liasse("simulate").out
    assert "salaires" in liasse("simulate", "--fields", "arret_maladie").out
    assert liasse("simulate", "impots").code == 2


@pytest.mark.parametrize("command", ["liquidate", "rights"])
def test_the_schema_takes_the_good_case(liasse: Liasse, command: str) -> None:
    said = liasse(command, "--schema")
    assert said.code == 0
    good = CLAIM if command == "liquidate" else {"insured": INSURED, "day": "2026-11-02"}
    jsonschema.validate(good, said.json)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, said.json)


@pytest.mark.parametrize("command", ["liquidate", "rights"])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "42",
        "null",
        '"benefit"',
        "[" * 100_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        json.dumps({"benefit": "SECRET"}),
        json.dumps({"benefit": []}),
        json.dumps({}),
        json.dumps(CLAIM | {"SECRET": 1}),
        json.dumps(CLAIM | {"decided_on": "SECRET"}),
        json.dumps(CLAIM | {"decided_on": "2026-02-30"}),
        json.dumps(CLAIM | {"claim": CLAIM["claim"] | {"acts": []}}),
        json.dumps(CLAIM | {"claim": CLAIM["claim"] | {"acts": [ACT | {"fee": 30.0}]}}),
        json.dumps(CLAIM | {"claim": CLAIM["claim"] | {"acts": [ACT | {"fee": "NaN"}]}}),
        json.dumps(CLAIM | {"rights": [{}]}),
        json.dumps({"insured": INSURED, "day": 20261102}),
        json.dumps({"insured": INSURED | {"nir": ["SECRET"]}, "day": "2026-11-02"}),
    ],
)  # fmt: skip
def test_a_bad_case_is_answered_in_french(liasse: Liasse, tmp_path: Path, command: str, content: str) -> None:
    said = liasse(command, written(tmp_path, content))
    assert said.code == 2
    assert said.out == ""
    assert "SECRET" not in said.err
    assert said.err.strip()


@pytest.mark.parametrize("command", ["liquidate", "rights"])
def test_a_file_that_is_none(liasse: Liasse, tmp_path: Path, command: str) -> None:
    absent = liasse(command, tmp_path / "nowhere.json")
    assert (absent.code, absent.err) == (2, f"{tmp_path / 'nowhere.json'} : ce fichier n'existe pas\n")
    assert liasse(command, tmp_path).code == 2
    assert liasse(command).code == 2


def test_specimens_with_their_truth_and_population(liasse: Liasse, tmp_path: Path) -> None:
    people = tmp_path / "people.jsonl"
    said = [
        liasse("specimen", "--out", tmp_path / out, "--n", 1, "--seed", 9, "--population", people)
        for out in ("one", "two")
    ]
    assert [each.code for each in said] == [0, 0], said[0].err
    one, two = (sorted((tmp_path / out).iterdir()) for out in ("one", "two"))
    assert [each.name for each in one] == [each.name for each in two]
    assert [each.read_bytes() for each in one] == [each.read_bytes() for each in two]
    (truth,) = [json.loads(line) for line in (tmp_path / "one" / "truth.jsonl").read_text().splitlines()]
    assert (tmp_path / "one" / truth["file"]).is_file()
    assert {"expected", "type", "form", "fields"} <= set(truth)
    assert len(people.read_text().splitlines()) == 2000
    assert (tmp_path / "practitioners.jsonl").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ("specimen",),
        ("specimen", "--out", "/proc/nowhere", "--n", "1"),
        ("specimen", "--out", "x", "--n", "many"),
        ("specimen", "--out", "x", "--n", "-1"),
        ("specimen", "--out", "x", "--profile", "watercolour"),
        ("form", "draw", "s9999", "x.png"),
        ("form", "draw", "s3110j", "x.doc"),
        ("zorro",),
        ("archive",),
        ("archive", "zorro"),
        ("archive", "verify", "a", "b"),
        ("status",),
        ("health", "--loudly"),
        (),
    ],
)
def test_a_wrong_use_ends_with_two_and_french_words(
    liasse: Liasse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = liasse(*arguments)
    assert said.code == 2
    assert said.err.strip()
    assert not any(word in said.err for word in ("Traceback", "Error", "Missing", "Invalid", "No such"))
    assert not list(tmp_path.iterdir())


def test_the_forms_are_named_and_drawn(liasse: Liasse, tmp_path: Path) -> None:
    assert liasse("form", "list").out.startswith("s3110j\t")
    assert liasse("form", "draw", "s3110j", tmp_path / "blank.png", "--dpi", 50).code == 0
    assert (tmp_path / "blank.png").read_bytes().startswith(b"\x89PNG")


def test_a_bad_setting_is_named(liasse: Liasse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIASSE_PORT", "high")
    said = liasse("health", "api")
    assert said.code == 2
    assert "LIASSE_PORT" in said.err


def test_help_loads_no_heavy_room() -> None:
    """What is imported: the clock of a shared machine says nothing."""
    heavy = ("numpy", "sqlalchemy", "cv2", "fastapi", "celery", "httpx", "pydantic", "rich")
    code = (
        "import sys\nfrom cli.__main__ import main\ncode = main(['--help'])\n"
        f"print('LOADED', [m for m in {heavy!r} if m in sys.modules])\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert "LOADED []" in done.stdout
    assert "dossiers" in done.stdout


def test_the_attestation_of_a_case_is_a_pdf_and_closed_rights_are_refused(
    liasse: Liasse, tmp_path: Path
) -> None:
    out = tmp_path / "droits.pdf"
    case = {"insured": INSURED, "day": "2026-11-02"}
    said = liasse("rights", written(tmp_path, case), "--attestation", out)
    assert (said.code, said.out) == (0, f"{out}\n")
    assert out.read_bytes().startswith(b"%PDF-")
    out.unlink()
    closed = liasse("rights", written(tmp_path, case | {"day": "2019-12-31"}), "--attestation", out)
    assert closed.code == 2
    assert "affiliation" in closed.err
    assert not out.exists()


TARIFS = "code,since,tariff,source\n2223342,2026-01-01,9.00,arrêté du 3 décembre 2018\n"


def test_the_operators_tariffs_stay_in_his_home(
    liasse: Liasse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIASSE_HOME", str(tmp_path / "home"))
    fields = ("acte=2223342", "praticien=opticien", "montant=30", "date=02/11/2026")
    asked = ("simulate", "soins", *fields, "--json")
    tables = Path(law.__file__).parent / "tables"
    before = sorted(tables.iterdir())
    assert liasse(*asked).json["motifs"][0]["code"] == "tarif_absent"
    try:
        said = liasse("tarifs", written(tmp_path, TARIFS))
        assert said.code == 0, said.err
        assert liasse(*asked).json["rembourse"] == "5.40"  # 9,00 x 60 %
        assert sorted(tables.iterdir()) == before
        refused = liasse("tarifs", written(tmp_path, TARIFS.replace("9.00", "neuf")))
        assert refused.code == 2
        assert "ligne 2 : tariff" in refused.err
        assert liasse(*asked).json["rembourse"] == "5.40"  # what was refused replaced nothing
    finally:
        law.add_tariffs(None)


@pytest.mark.parametrize("words", [(), ("simulate",), ("archive", "verify"), ("form", "check")])
def test_help_may_be_asked_for_shortly(liasse: Liasse, words: tuple[str, ...]) -> None:
    short, long = liasse(*words, "-h"), liasse(*words, "--help")
    assert (short.code, short.out) == (0, long.out)
    assert "--help" in short.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("read",), "FICHIER"),
        (("health",), "QUOI"),
        (("status",), "DOCUMENT"),
        (("form", "check"), "FORMULAIRE"),
        (("form", "draw", "s3110j"), "IMAGE"),
        (("secrets",), "DOSSIER"),
        (("token", "revoke"), "JETON"),
    ],
)
def test_what_is_missing_is_named_in_french(liasse: Liasse, words: tuple[str, ...], named: str) -> None:
    said = liasse(*words)
    assert said.code == 2
    assert said.err.startswith(f"Il manque {named}.")


def test_the_standard_input_is_a_file_too(
    liasse: Liasse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(content: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))

    case = json.dumps(CLAIM)
    given(case)
    assert liasse("liquidate", "-").json == liasse("liquidate", str(written(tmp_path, case))).json
    given("{")
    said = liasse("rights", "-")
    assert said.code == 2
    assert said.err.startswith("cas_mal_forme : ")
    given("sujet: soins\nacte: G\nmontant: 30\n")
    assert "19,00" in liasse("simulate", "-").out
    given("[]")
    said = liasse("simulate", "-")
    assert said.code == 2
    assert said.err.startswith("simulation_mal_posee : ")
