"""What a justificatif would change is told before it is accepted, and changes nothing by being told."""

from typing import Any

import httpx
import pytest

from domain.flow import State
from store import access, people
from store.house import Store
from tests.api.test_tasks import code, decide, take
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers.house import House

PERSON = feuilles.person(1)
NAMED = {"rib_titulaire": f"{PERSON.birth_name} {PERSON.first_names}", "rib_iban": keyed.OTHER_IBAN}


@pytest.fixture
def house(store: Store) -> House:
    return keyed.a_house(store)


def a_task(here: httpx.Client, house: House) -> Any:
    id = feuilles.put(house.store, feuilles.sheet(1, 5, "31.00")).id
    assert drive(house, id) is State.A_VALIDER
    return take(here, id).json()


def ask(here: httpx.Client, task: Any, **body: Any) -> httpx.Response:
    return here.post(f"/api/v1/tasks/{task['id']}/proposition", json=body)


def test_a_rib_is_foreseen_then_applied(here: httpx.Client, house: House) -> None:
    task = a_task(here, house)
    assert task["proposal"] is None  # a feuille de soins changes no dossier
    told = ask(here, task, type="rib", fields=NAMED).json()["proposal"]
    (change,) = told["changes"]
    assert (change["old"], change["new"]) == ("FR76 •••• 0189", "DE89 •••• 3000")
    assert change["article"] == "CSS R362-1"
    with house.store.begin() as conn:
        assert people.insured(conn, PERSON.id).iban == PERSON.iban
        assert access.of_target(conn, PERSON.id)
    answer = decide(here, task, type="rib", insured_id=PERSON.id, fields=keyed.blank() | NAMED)
    assert answer.status_code == 200
    assert drive(house, task["document"]) is State.APPLIQUE
    assert here.get(f"/api/v1/documents/{task['document']}").json()["findings"] == []


def test_nothing_changes_and_why_not(here: httpx.Client, house: House) -> None:
    task = a_task(here, house)
    same = ask(here, task, type="rib", fields=NAMED | {"rib_iban": PERSON.iban}).json()["proposal"]
    assert same == {"changes": [], "reasons": [], "notes": []}
    other = ask(here, task, type="rib", fields=NAMED | {"rib_titulaire": "Jeanne DUPONT"}).json()["proposal"]
    assert [each["code"] for each in other["reasons"]] == ["titulaire_different"]
    assert ask(here, task, type="facture").json() == {"proposal": None}


def test_who_does_not_hold_the_task_is_told_nothing(here: httpx.Client, house: House) -> None:
    task = a_task(here, house)
    assert here.delete(f"/api/v1/tasks/{task['id']}/lease").status_code == 204
    assert code(ask(here, task, type="rib", fields=NAMED)) == (409, "tache_non_tenue")


def test_what_does_not_hold_is_refused(here: httpx.Client, house: House) -> None:
    task = a_task(here, house)
    wrong = ask(here, task, type="rib", fields={"rib_iban": "FR7630006000011234567890188"})
    assert code(wrong) == (422, "valeur_invalide")
    nobody = ask(here, task, type="rib", fields=NAMED, insured_id="6f1c9a52-7d1e-4f0a-9b1e-00000000ffff")
    assert code(nobody) == (422, "assure_a_designer")
