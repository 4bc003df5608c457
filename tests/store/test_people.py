"""Dossiers: loaded twice without doubles, found by what a sheet says, quickly enough for a million."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.errors import Refused
from domain.nir import key_of
from domain.people import Affiliation, Insured, MedecinTraitant, Practitioner
from domain.period import Period
from dossiers import Queries, to_json
from dossiers.names import sound
from dossiers.queries import PractitionerQueries
from dossiers.schema import read_lines
from store import people, person_json
from store.house import Store

SINCE = Period(date(2000, 1, 1))
ANNE = Insured(
    "8a1d7a5e-6a11-4c3e-9d38-111111111111", "2550175108001", "Lefèvre", "Anne-Marie", date(1955, 1, 2),
    use_name="D'Œuvre", affiliations=(Affiliation(SINCE, "017511234"),),
    medecins_traitants=(MedecinTraitant(SINCE, "10000000001"),),
)  # fmt: skip
LEO = Insured(
    "8a1d7a5e-6a11-4c3e-9d38-222222222222", None, "Lefèvre", "Léo", date(2020, 5, 6),
    quality="30", assure_nir=ANNE.nir,
)  # fmt: skip
PAUL = Insured("8a1d7a5e-6a11-4c3e-9d38-333333333333", "1600675108002", "DURAND", "PAUL", date(1960, 6, 7))
DOCTOR = Practitioner("10100012342", "751234567", "Lefèvre-Martin", "Jeanne")


def write(file: Path, *found: Insured | Practitioner) -> Path:
    file.write_text("".join(json.dumps(to_json(each), ensure_ascii=False) + "\n" for each in found))
    return file


def test_loading_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "p.jsonl", ANNE, LEO, PAUL)
    doctors = write(tmp_path / "d.jsonl", DOCTOR)
    first = people.load_file(store, file, practitioners=doctors)
    again = people.load_file(store, file, practitioners=doctors)
    assert first == {"practitioners": 1, "practitioners_changed": 1, "insured": 3, "insured_changed": 3}
    assert again == {"practitioners": 1, "practitioners_changed": 0, "insured": 3, "insured_changed": 0}
    with store.begin() as conn:
        assert people.count(conn) == (3, 1)
        assert people.insured(conn, ANNE.id) == ANNE
        assert people.insured(conn, LEO.id) == LEO
        assert people.practitioner(conn, rpps=DOCTOR.rpps) == DOCTOR
        assert people.practitioner(conn, am=DOCTOR.am_number) == DOCTOR
        assert people.practitioner(conn, rpps="x") is None


def test_a_later_file_replaces_what_is_dated_and_keeps_the_id(store: Store, tmp_path: Path) -> None:
    people.load_file(store, write(tmp_path / "a", ANNE))
    moved = replace(ANNE, id="8a1d7a5e-6a11-4c3e-9d38-999999999999", affiliations=())
    told = people.load_file(store, write(tmp_path / "b", moved, moved))
    assert told == {"insured": 2, "insured_changed": 1}
    with store.begin() as conn:
        assert people.insured(conn, ANNE.id) == replace(ANNE, affiliations=())
        assert people.count(conn)[0] == 1


def test_a_child_who_receives_a_nir_stays_one_person(store: Store, tmp_path: Path) -> None:
    people.load_file(store, write(tmp_path / "a", ANNE, LEO))
    people.load_file(store, write(tmp_path / "b", replace(LEO, nir="1200575108003")))
    with store.begin() as conn:
        assert people.count(conn)[0] == 2
        assert people.insured(conn, LEO.id).nir == "1200575108003"


def test_a_bad_line_is_named_and_nothing_is_loaded(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "p", PAUL)
    file.write_text(file.read_text() + '{"id": "x", "nir": "secret"}\n')
    with pytest.raises(Refused, match="Ligne 2") as told:
        people.load_file(store, file)
    assert "secret" not in str(told.value)
    with store.begin() as conn:
        assert people.count(conn)[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"x": 1}, {"nir": "25501751080"}, {"birth_date": "02/01/1955"}, {"birth_date": 0}, {"birth_rank": "1"},
        {"affiliations": [{"period": {"start": "2000-01-01", "fin": None}, "organisme": "017511234"}]},
        {"affiliations": [{"period": {"start": "2000-01-01"}, "organisme": "017511234", "x": 1}]},
        {"affiliations": [{"period": {"start": "2000-01-01", "end": "1999-01-01"}, "organisme": "017511234"}]},
        {"situations": [{"period": {"start": "2000-01-01"}, "kind": "autre"}]}, {"birth_name": " "},
    ],
)  # fmt: skip
def test_the_quick_reader_refuses_what_the_schema_refuses(change: dict[str, object]) -> None:
    line = json.dumps(to_json(ANNE) | change).encode()
    with pytest.raises(Refused, match="Ligne 3") as slow:
        list(read_lines([b"", b"\n", line], Insured))
    with pytest.raises(Refused, match="Ligne 3") as quick:
        list(person_json.read([b"", b"\n", line]))
    assert str(quick.value) == str(slow.value)


def test_the_quick_reader_reads_the_same_persons() -> None:
    lines = [json.dumps(to_json(each)).encode() for each in (ANNE, LEO, PAUL)]
    assert list(person_json.read(lines)) == list(read_lines(lines, Insured)) == [ANNE, LEO, PAUL]
    bodies = [json.loads(person_json.dump(each)) for each in (ANNE, LEO, PAUL)]
    assert [{"id": each.id} | body for each, body in zip((ANNE, LEO, PAUL), bodies, strict=True)] == [
        to_json(each) for each in (ANNE, LEO, PAUL)
    ]


def test_one_id_for_two_persons_is_a_bad_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="dossier_mal_forme"):
        people.load_file(store, write(tmp_path / "p", PAUL, replace(ANNE, id=PAUL.id)))


def ids(found: list[Insured]) -> set[str]:
    return {each.id for each in found}


def test_candidates_by_number_half_date_and_sound(store: Store, tmp_path: Path) -> None:
    people.load_file(store, write(tmp_path / "p", ANNE, LEO, PAUL))
    assert ANNE.nir
    cases = {
        Queries(nirs=(ANNE.nir,)): {ANNE.id, LEO.id},  # hers, and the child on her number
        Queries(nir_heads=(ANNE.nir[:7],)): {ANNE.id, LEO.id},
        Queries(nir_tails=(ANNE.nir[7:],)): {ANNE.id, LEO.id},
        Queries(birth_dates=(date(1960, 6, 7),)): {PAUL.id},
        Queries(sounds=(sound("LEFEVRE"), sound("ANNE"))): {ANNE.id},
        Queries(sounds=(sound("OEUVRE"), sound("MARIE"))): {ANNE.id},
        Queries(sounds=(sound("DURANT"), sound("POL"))): {PAUL.id},
        Queries(sounds=(sound("LEFEVRE"),)): set(),
        Queries(): set(),
    }
    with store.begin() as conn:
        for asked, expected in cases.items():
            assert ids(people.candidates(conn, asked)) == expected, asked


def test_search_by_hand(store: Store, tmp_path: Path) -> None:
    people.load_file(store, write(tmp_path / "p", ANNE, LEO, PAUL))
    assert ANNE.nir
    with store.begin() as conn:
        assert people.search(conn, "lefevre anne")[0] == ANNE
        assert people.search(conn, "Léfèvre")[0].birth_name == "Lefèvre"
        typed = f"{ANNE.nir[0]} {ANNE.nir[1:3]} {ANNE.nir[3:]} {key_of(ANNE.nir)}"
        assert ids(people.search(conn, typed)) == {ANNE.id, LEO.id}
        assert people.search(conn, typed)[0] == ANNE  # the holder, whatever the order of the rows
        assert people.search(conn, "zzz") == []


def test_practitioners_by_number_first_then_name(store: Store, tmp_path: Path) -> None:
    other = Practitioner("10100000008", "759999999", "MARTIN", "LUC")
    people.load_file(store, practitioners=write(tmp_path / "d", other, DOCTOR))
    with store.begin() as conn:
        asked = PractitionerQueries(am_numbers=(DOCTOR.am_number,), names=("MARTIN",))
        assert people.practitioners_for(conn, asked) == [DOCTOR, other]
        assert people.practitioners_for(conn, PractitionerQueries()) == []
