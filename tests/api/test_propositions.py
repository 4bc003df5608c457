"""What a justificatif would change is told before it is accepted, and changes nothing by being told."""

from dataclasses import replace
from datetime import date
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
    assert same == {"changes": [], "reasons": [], "notes": [], "affected": []}
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


def test_what_was_decided_since_is_foreseen_and_the_dossiers_shown_are_traced(
    here: httpx.Client, house: House
) -> None:
    """A protocole from before the sheet of the second of September: 19,00 was paid, its act bore no ALD box."""
    paid = feuilles.put(house.store, feuilles.sheet(1, 1)).id
    assert drive(house, paid) is State.ORDONNANCE
    task = a_task(here, house)
    stay = {"titre_debut": "01/03/2025", "titre_fin": "28/02/2026"}
    told = ask(here, task, type="titre_sejour", fields=stay).json()["proposal"]
    (seen,) = told["affected"]
    assert (seen["document"], seen["paid"], seen["difference"]) == (paid, "19.00", "-19.00")
    assert seen["care_day_shown"] == "2 septembre 2026"
    child = replace(feuilles.person(2), quality="30", assure_nir=PERSON.nir, birth_date=date(2015, 3, 1))
    with house.store.begin() as conn:
        people.load_insured(conn, [child])
    asked = {"c2s_nature": "gratuite", "c2s_decision_date": "20/11/2026", "signature_assure": True}
    told = ask(here, task, type="demande_c2s", fields=asked).json()["proposal"]
    assert [each["person"] for each in told["changes"]] == [None, f"{child.first_names} {child.birth_name}"]
    with house.store.begin() as conn:
        assert access.of_target(conn, child.id)


def test_the_decisions_that_an_applied_paper_makes_other_are_listed(here: httpx.Client, house: House) -> None:
    paid = feuilles.put(house.store, feuilles.sheet(1, 1)).id
    assert drive(house, paid) is State.ORDONNANCE
    id = keyed.key(house, "titre_sejour", {"titre_debut": "01/03/2025", "titre_fin": "28/02/2026"})
    assert drive(house, id) is State.APPLIQUE
    (seen,) = here.get(f"/api/v1/documents/{id}/affected").json()["affected"]
    assert (seen["document"], seen["difference"]) == (paid, "-19.00")
    assert here.get(f"/api/v1/documents/{paid}/affected").json() == {"affected": []}
    page = here.get(f"/documents/{id}").text
    assert f"/documents/{paid}/correction" in page
    assert "versés de trop" in page
