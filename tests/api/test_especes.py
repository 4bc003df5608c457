"""A cash benefit before an agent: keyed at the workbench, then told with its days."""

import httpx
import pytest
from sqlalchemy import text

from domain.flow import State
from store import money
from store.house import Store
from tests.api.test_tasks import code, decide, take
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers.house import House

ADOPTION = {"arret_debut": "01/09/2026", "arret_fin": "10/09/2026", "adoption": True,
            "adoption_date": "01/09/2026"}  # fmt: skip


@pytest.fixture
def house(store: Store) -> House:
    return keyed.a_house(store)


def test_an_avis_is_keyed_over_http_and_told_with_its_days(here: httpx.Client, house: House) -> None:
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"subrogation": True}))
    id = feuilles.put(house.store, feuilles.sheet(1, 5, "31.00")).id
    assert drive(house, id) is State.A_VALIDER
    answer = decide(here, take(here, id).json(), type=keyed.AVIS, insured_id=feuilles.person(1).id,
                    fields=keyed.blank() | keyed.STOP)  # fmt: skip
    assert answer.status_code == 200
    assert drive(house, id) is State.ORDONNANCE
    told = here.get(f"/api/v1/documents/{id}").json()
    assert told["findings"] == []  # a feuille's rubriques are not asked of an avis
    assert told["not_computed"] == []
    cash = told["decision"]["cash"]
    assert (cash["benefit"], cash["start"], cash["end"], cash["net"]) == (
        "ij_maladie", "2026-09-01", "2026-09-10", "214.74",
    )  # fmt: skip
    assert [(each["kind"], each["days"], each["net"]) for each in cash["lines"]] == [
        ("carence", 3, "0.00"), ("indemnise", 7, "214.74"),
    ]  # fmt: skip
    assert told["payments"] == [{"id": told["payments"][0]["id"], "amount": "214.74",
                                 "payee": f"employeur {keyed.SIRET}"}]  # fmt: skip
    page = here.get(f"/documents/{id}").text
    for words in ("Délai de carence", "à l&#39;employeur", "Prescrit le", "01/09/2026"):
        assert words in page, words


def test_a_leave_of_adoption_is_keyed_over_http_and_told_with_its_days(
    here: httpx.Client, house: House
) -> None:
    """Ten days at 6 000 / 91,25 x 79 % = 51,95: 519,50, less 32,21 and 2,60."""
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"affilie_depuis": "01/01/2020"}))
    id = feuilles.put(house.store, feuilles.sheet(1, 5, "31.00")).id
    drive(house, id)
    task = take(here, id).json()
    answer = decide(here, task, type=keyed.AVIS, insured_id=feuilles.person(1).id,
                    fields=keyed.blank() | ADOPTION)  # fmt: skip
    assert answer.status_code == 200
    assert drive(house, id) is State.ORDONNANCE
    told = here.get(f"/api/v1/documents/{id}").json()
    assert (told["findings"], told["not_computed"]) == ([], [])
    assert (told["decision"]["cash"]["benefit"], told["decision"]["cash"]["net"]) == ("ij_adoption", "484.69")
    assert [each["payee"] for each in told["payments"]] == ["assure"]
    page = here.get(f"/documents/{id}").text
    for words in ("Congé d&#39;adoption", "Arrivée de l&#39;enfant au foyer", "484,69"):
        assert words in page, words


def test_no_avis_without_whom_it_is_about(here: httpx.Client, house: House) -> None:
    id = feuilles.put(house.store, feuilles.sheet(2, 5, "31.00")).id
    drive(house, id)
    with house.store.begin() as conn:
        conn.execute(text("UPDATE documents SET insured_id = NULL WHERE id = :id"), {"id": id})
    assert code(decide(here, take(here, id).json(), type=keyed.AVIS)) == (422, "assure_a_designer")


def test_a_false_account_is_refused_as_it_is_typed(here: httpx.Client, house: House) -> None:
    id = feuilles.put(house.store, feuilles.sheet(1, 6, "31.00")).id
    drive(house, id)
    typed = {"employeur_iban": "FR7630006000011234567890188"}
    answer = decide(here, take(here, id).json(), type=keyed.ATTESTATION, fields=typed)
    assert code(answer) == (422, "valeur_invalide")
    with house.store.begin() as conn:
        assert money.decision_of(conn, id) is None
