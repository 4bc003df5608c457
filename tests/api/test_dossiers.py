"""A dossier read whole: rights of a day, what is dated, counters, family, documents; each reading a trace."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx
import pytest

from domain.claim import Decision, Withheld
from domain.people import (
    AccidentDuTravail,
    Affiliation,
    Ald,
    ComplementaireSante,
    FormerAccount,
    FormerAddress,
    Grossesse,
    MedecinTraitant,
    Rattachement,
    Situation,
    TitreSejour,
)
from domain.period import Period
from law import load
from store import access, money, people
from store.house import Store
from tests.api.serving import caller, token
from tests.liquidation.cases import a_claim
from tests.pages.scene import CLAIRE, CLAIRE_NIR, DOCTOR, PAUL, Scene

SINCE = Period(date(2024, 1, 1))
CHILD = replace(
    PAUL, id="6f1c9a52-7d1e-4f0a-9b1e-000000000003", nir=None, birth_name="MARTIN", first_names="Zoé",
    birth_date=date(2020, 6, 1), quality="30", assure_nir=CLAIRE_NIR,
)  # fmt: skip
IBAN = "FR7630006000011234567890189"


def read(client: httpx.Client, id: str, jour: str | None = None) -> httpx.Response:
    return client.get(f"/api/v1/dossiers/{id}", params={"jour": jour} if jour else {})


def test_the_rights_of_a_day_with_their_reasons(here: httpx.Client, morning: Scene) -> None:
    told = read(here, CLAIRE.id, "2026-11-03").json()
    assert (told["name"], told["nir"], told["quality"]) == ("MARTIN Claire Anne", CLAIRE_NIR, "assuré")
    assert (told["rights"]["is_open"], told["rights"]["organisme"]) == (True, "017510000")
    assert all(each["article"] and each["sentence"] for each in told["rights"]["trace"])
    before = read(here, CLAIRE.id, "2019-12-31").json()
    assert before["rights"]["is_open"] is False
    assert read(here, CLAIRE.id).json()["rights"]["day"] == "2026-11-20"  # today of the scene


def test_everything_dated_is_told_and_no_account_is_whole(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    full = replace(
        CLAIRE,
        affiliations=(
            Affiliation(Period(date(2020, 1, 1), date(2025, 1, 1)), "015950102"),
            Affiliation(Period(date(2025, 1, 1)), "017510000"),
        ),
        medecins_traitants=(MedecinTraitant(SINCE, DOCTOR.rpps),),
        alds=(Ald(SINCE, 8),),
        grossesses=(Grossesse(Period(date(2026, 8, 1), date(2027, 1, 1)), date(2026, 12, 20)),),
        accidents=(AccidentDuTravail(SINCE, "240101001", date(2024, 1, 1)),),
        complementaires=(ComplementaireSante(SINCE, True),),
        situations=(Situation(SINCE, "invalidite"),),
        titres=(TitreSejour(SINCE),),
        rattachements=(Rattachement(SINCE, PAUL.nir or ""),),
        former_addresses=(
            FormerAddress(Period(date(2020, 1, 1), date(2022, 1, 1)), ("1 RUE X", "75001 PARIS")),
        ),
        former_accounts=(FormerAccount(Period(date(2020, 1, 1), date(2022, 1, 1)), IBAN),),
        iban=IBAN,
    )
    with store.begin() as conn:
        people.load_practitioners(conn, [DOCTOR])
        people.load_insured(conn, [full])
    answer = read(here, CLAIRE.id)
    facts = {(each["label"], each["start"]): each for each in answer.json()["periods"]}
    assert len(facts) == 12
    assert facts["Affiliation", "2020-01-01"]["end"] == "2024-12-31"  # the last day, not the morrow
    assert facts["Médecin traitant", "2024-01-01"]["said"] == f"Dr Jeanne LEROY, RPPS {DOCTOR.rpps}"
    assert facts["Maternité", "2026-08-01"]["said"] == "accouchement prévu le 20 décembre 2026"
    assert facts["Ancienne adresse", "2020-01-01"]["said"] == "1 RUE X, 75001 PARIS"
    assert answer.json()["account"] == "compte finissant par 0189"
    assert IBAN not in answer.text
    exempt = {each["label"] for each in answer.json()["rights"]["exempt"]}
    assert any("longue durée" in each for each in exempt)


def test_the_family_is_named_and_each_reading_leaves_a_trace(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    with store.begin() as conn:
        people.load_insured(conn, [CHILD])
    told = read(here, CHILD.id).json()
    assert [(each["id"], each["opens"]) for each in told["family"]] == [(CLAIRE.id, True)]
    assert [(each["id"], each["opens"]) for each in read(here, CLAIRE.id).json()["family"]] == [
        (CHILD.id, False)
    ]
    with store.begin() as conn:
        for person in (CHILD, CLAIRE):
            seen = access.of_target(conn, person.id)
            assert [(each.what, each.why) for each in seen] == [("dossier", "consultation")]
        assert access.of_target(conn, PAUL.id) == []


def test_the_year_is_counted_and_what_is_still_owed(here: httpx.Client, store: Store, morning: Scene) -> None:
    day = date(2026, 11, 10)
    taken = (
        Withheld("participation_forfaitaire", Decimal("2.00"), day, day, DOCTOR.rpps, Decimal("2.00")),
        Withheld("participation_forfaitaire", Decimal("2.00"), date(2025, 12, 31), day, DOCTOR.rpps),
        Withheld("franchise_medicament", Decimal("3.00"), day, day, "pharmacie"),
    )
    decision = Decision(day, (), (), Decimal(0), (), (), "loi", "code", withheld=taken)
    with store.begin() as conn:
        people.load_practitioners(conn, [DOCTOR])
        id = morning.ids["doubtful"]
        money.save_claim(conn, a_claim(id=id, insured_id=PAUL.id, practitioner_rpps=DOCTOR.rpps))
        money.save_decision(conn, id, PAUL.id, DOCTOR.rpps, decision)
    counted = {each["kind"]: each for each in read(here, PAUL.id).json()["counters"]}
    # 2026: one of 2.00, not retained; that of 2025 is of the other year
    assert (counted["participation"]["amount"], counted["participation"]["times"]) == ("2.00", 1)
    assert counted["participation"]["outstanding"] == "2.00"
    assert (counted["franchise"]["amount"], counted["franchise"]["outstanding"]) == ("3.00", "0.00")
    assert counted["franchise"]["cap"] == load().value("franchise.max_annee", day).shown
    assert {each["kind"]: each for each in read(here, CLAIRE.id).json()["counters"]}["franchise"][
        "amount"
    ] == "0.00"


def test_the_documents_of_the_person_alone_with_what_was_decided(here: httpx.Client, morning: Scene) -> None:
    told = read(here, CLAIRE.id).json()["documents"]
    paid = next(each for each in told if each["id"] == morning.ids["paid"])
    whole = here.get(f"/api/v1/documents/{morning.ids['paid']}").json()
    assert paid["decided"] == whole["decision"]["total"]
    assert {each["id"] for each in told}.isdisjoint(
        {each["id"] for each in read(here, PAUL.id).json()["documents"]}
    )


@pytest.mark.parametrize("role", ["assure", "station", "exploitant"])
def test_who_is_no_agent_reads_no_dossier(here: httpx.Client, store: Store, morning: Scene, role: str) -> None:
    with caller(str(here.base_url), token(store, role)) as other:
        answer = read(other, CLAIRE.id)
    assert (answer.status_code, answer.json()["code"]) == (403, "interdit")
    with store.begin() as conn:
        assert access.of_target(conn, CLAIRE.id) == []


def test_the_page_says_it_too(here: httpx.Client, morning: Scene) -> None:
    page = here.get(f"/dossiers/{CLAIRE.id}?jour=2026-11-03").text
    for words in ("MARTIN Claire Anne", "Droits au 3 novembre 2026", "ouverts", "2 85 01 75 116 001"):
        assert words in page
    assert here.get("/dossiers/pas-un-dossier").status_code == 404
    assert here.get(f"/dossiers/{CLAIRE.id}?jour=hier").status_code == 422


def page_of(client: httpx.Client, id: str, jour: str) -> str:
    answer = client.get(f"/dossiers/{id}", params={"jour": jour}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_rights_of_a_day_that_the_law_does_not_cover_are_said_neither_open_nor_closed(
    here: httpx.Client, morning: Scene
) -> None:
    told = page_of(here, CLAIRE.id, "2090-01-01")
    assert "non établis" in told
    assert "ni ouverts, ni fermés" in told
    assert not any(words in told for words in (">fermés<", "aucune affiliation ce jour-là", "<dt>Âge</dt>"))
    known = page_of(here, CLAIRE.id, "2019-12-31")
    assert ">fermés<" in known
    assert "non établis" not in known


def test_a_cap_has_its_unit_and_who_has_no_number_is_said_so(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    with store.begin() as conn:
        people.load_insured(conn, [CHILD])
    caps = {each["kind"]: each["cap"] for each in read(here, CHILD.id).json()["counters"]}
    assert caps["participation"].endswith(" fois")
    assert caps["franchise"].endswith("€")
    told = page_of(here, CHILD.id, "2026-11-03")
    assert "sans numéro" in told
    assert "pas encore né(e) ce jour-là" in page_of(here, CHILD.id, "2019-12-31")
