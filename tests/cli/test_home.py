"""The commands that put people and senders into a home."""

import json
from pathlib import Path

import jsonschema
import pytest

from domain.errors import Refused
from store import senders
from store.house import Store
from tests.cli.conftest import Liasse


def test_people_are_loaded_once_whatever_is_repeated(liasse: Liasse, store: Store, sheets: Path) -> None:
    asked = ("dossiers", "load", sheets / "people.jsonl", "--practitioners", sheets / "practitioners.jsonl")
    first, second = liasse(*asked), liasse(*asked)
    assert (first.code, second.code) == (0, 0), first.err
    assert first.json["insured"] == first.json["insured_changed"] == 2000
    assert first.json["practitioners"] == first.json["practitioners_changed"] == 100
    assert second.json == first.json | {"insured_changed": 0, "practitioners_changed": 0}


def test_the_schema_of_dossiers_takes_the_files_we_make(liasse: Liasse, sheets: Path) -> None:
    schema = liasse("dossiers", "load", "--schema").json
    person = json.loads((sheets / "people.jsonl").read_text().splitlines()[0])
    doctor = json.loads((sheets / "practitioners.jsonl").read_text().splitlines()[0])
    jsonschema.validate(person, schema)
    jsonschema.validate(doctor, schema["$defs"]["praticien"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(doctor, schema)


@pytest.mark.parametrize(
    ("bad", "line"),
    [('{"id": "SECRET"}', 3), ('{"SECRET": ', 3), ('["SECRET"]', 3), ('{"id": "x", "nir": "SECRET"}', 3)],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(
    liasse: Liasse, store: Store, sheets: Path, tmp_path: Path, bad: str, line: int
) -> None:
    file = tmp_path / "people.jsonl"
    good = (sheets / "people.jsonl").read_text().splitlines()[:2]
    file.write_text("\n".join([*good, bad, ""]))
    said = liasse("dossiers", "load", file)
    assert said.code == 2
    assert f"Ligne {line} " in said.err
    assert "SECRET" not in said.err + said.out
    assert liasse("dossiers", "load", sheets / "people.jsonl").json["insured_changed"] == 2000


def test_loading_what_is_not_there(liasse: Liasse, tmp_path: Path) -> None:
    assert liasse("dossiers", "load").code == 2
    assert liasse("dossiers", "load", tmp_path).code == 2
    said = liasse("dossiers", "load", tmp_path / "nowhere.jsonl")
    assert (said.code, said.err) == (2, f"{tmp_path / 'nowhere.jsonl'} : ce fichier n'existe pas\n")


def test_a_token_names_its_role_and_is_kept_by_its_digest_alone(liasse: Liasse, store: Store) -> None:
    said = liasse("token", "create", "--role", "station", "--name", "poste 1")
    assert said.code == 0, said.err
    with store.begin() as conn:
        found = senders.sender_of(conn, said.out.strip())
    assert (found.role, found.name) == ("station", "poste 1")
    listed = liasse("token", "list")
    assert (listed.lines[0]["id"], listed.lines[0]["revoked_at"]) == (found.id, None)
    assert said.out.strip() not in listed.out
    assert liasse("token", "revoke", found.id).code == 0
    assert liasse("token", "list").lines[0]["revoked_at"]
    with store.begin() as conn, pytest.raises(Refused, match="jeton_refuse"):
        senders.sender_of(conn, said.out.strip())
    unknown = liasse("token", "revoke", "00000000-0000-4000-8000-000000000000")
    assert unknown.code != 0
    assert "introuvable" in unknown.err


@pytest.mark.parametrize(
    "arguments",
    [(), ("--role", "roi"), ("--role", "assure", "--days", "0"), ("--role", "assure", "--name"),
     ("--role", "station", "--insured", "00000000-0000-4000-8000-000000000000"),
     ("--role", "assure", "--insured", "00000000-0000-4000-8000-000000000000")],
)  # fmt: skip
def test_no_token_for_a_wrong_asking(liasse: Liasse, arguments: tuple[str, ...]) -> None:
    said = liasse("token", "create", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err
