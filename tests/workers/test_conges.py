"""The leaves for an adoption and the death of a child, keyed on an avis: each to its order, within its days."""

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.flow import State
from store import bodies, money, past, payments
from store.house import Store
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House

ATTESTED = keyed.PAYS | {"affilie_depuis": "01/01/2020"}
DAYS = {"arret_debut": "01/09/2026", "arret_fin": "10/09/2026"}
ADOPTION = DAYS | {"adoption": True, "adoption_date": "01/09/2026"}
DEUIL = {"arret_debut": "01/09/2026", "arret_fin": "08/09/2026", "deuil": True,
         "deces_enfant_date": "30/08/2026", "deces_enfant_naissance": "12/05/2015"}  # fmt: skip


@pytest.fixture
def house(store: Store) -> House:
    house = keyed.a_house(store)
    assert drive(house, keyed.key(house, keyed.ATTESTATION, ATTESTED)) is State.CLASSE
    return house


def asked(house: House, fields: dict[str, Any], copy: int = 1) -> tuple[State, list[Decimal], list[str]]:
    """Where it ends, what is ordered, why it is not computed."""
    id = keyed.key(house, keyed.AVIS, fields, copy=copy)
    end = drive(house, id)
    with house.store.begin() as conn:
        paid = [each.amount for each in payments.of_document(conn, id)]
        return end, paid, [each["code"] for each in bodies.data(conn, id, "not_computed") or ()]


def said(house: House, fields: dict[str, Any], copy: int = 1) -> str:
    id = keyed.key(house, keyed.AVIS, fields, copy=copy)
    assert drive(house, id) is State.A_LIQUIDER
    with house.store.begin() as conn:
        return " ".join(each["message"] for each in bodies.data(conn, id, "not_computed"))


@pytest.mark.parametrize(("fields", "benefit", "title", "amount"), [
    # 6 000 / 91,25 x 79 % = 51,95 a day; ten days 519,50, less 32,21 and 2,60
    (ADOPTION, "ij_adoption", "adoption", "484.69"),
    # eight days 415,60, less 25,77 and 2,08
    (DEUIL, "ij_deuil", "deuil", "387.75"),
])  # fmt: skip
def test_a_leave_goes_to_its_order_and_its_decompte(
    house: House, fields: dict[str, Any], benefit: str, title: str, amount: str
) -> None:
    id = keyed.key(house, keyed.AVIS, fields, copy=1)
    assert drive(house, id) is State.ORDONNANCE
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        stored = money.decision_of(conn, id)
        (order,) = payments.of_document(conn, id)
    assert stored is not None
    assert [line.code for line in stored.decision.lines] == [benefit]
    out = house.store.settings.home / "sortie"
    told = json.loads((out / "ordres" / f"{order.id}.json").read_bytes())
    assert (told["amount"], told["iban"]) == (amount, feuilles.person(1).iban)
    assert (out / "decomptes" / f"{stored.id}.pdf").read_bytes().startswith(b"%PDF-")
    assert all(each.equal for each in past.verdicts(house.store, house.law))


def test_an_employer_who_kept_up_the_pay_of_a_mourner_is_paid(house: House) -> None:
    """L331-9 al. 7: subrogated."""
    drive(house, keyed.key(house, keyed.ATTESTATION, ATTESTED | {"subrogation": True}, copy=7))
    id = keyed.key(house, keyed.AVIS, DEUIL, copy=1)
    assert drive(house, id) is State.ORDONNANCE
    with house.store.begin() as conn:
        (order,) = payments.of_document(conn, id)
    assert (order.payee_kind, order.amount) == ("employeur", Decimal("387.75"))


def test_the_parts_of_a_leave_count_together(house: House) -> None:
    """Of eight days, five were taken: three are left. Another child's death has its own eight."""
    first = DEUIL | {"arret_fin": "05/09/2026"}
    assert asked(house, first)[0] is State.ORDONNANCE
    four = DEUIL | {"arret_debut": "07/09/2026", "arret_fin": "10/09/2026"}
    assert asked(house, four, 2) == (State.A_LIQUIDER, [], ["hors_du_conge"])
    other = four | {"deces_enfant_date": "31/08/2026"}
    # 4 x 51,95 = 207,80, less 12,88 and 1,04
    assert asked(house, other, 3) == (State.ORDONNANCE, [Decimal("193.88")], [])


def test_an_adoption_that_is_shared_counts_the_other_parent_s_days(house: House) -> None:
    """137 days for both, 112 for one: once the other took 128, nine are left."""
    shared = ADOPTION | {"adoption_partage": True, "adoption_jours_autre": "128"}
    assert asked(house, shared) == (State.A_LIQUIDER, [], ["hors_du_conge"])
    nine = shared | {"arret_fin": "09/09/2026"}
    # 9 x 51,95 = 467,55, less 28,99 and 2,34
    assert asked(house, nine, 2) == (State.ORDONNANCE, [Decimal("436.22")], [])


def test_days_of_illness_are_not_paid_as_a_leave_too(house: House) -> None:
    """L331-9 1°."""
    assert asked(house, keyed.STOP)[0] is State.ORDONNANCE
    assert asked(house, DEUIL, 2) == (State.A_LIQUIDER, [], ["arret_deja_liquide"])


def test_what_a_leave_lacks_is_told_by_its_rubrique(house: House) -> None:
    assert "date d'arrivée de l'enfant" in said(house, DAYS | {"adoption": True})
    assert "l'autre parent" in said(house, ADOPTION | {"adoption_partage": True}, 2)
    missing = said(house, DAYS | {"deuil": True}, 3)
    assert "date du décès de l'enfant" in missing
    assert "date de naissance de l'enfant" in missing
    assert "au plus tôt celui du décès" in said(house, DEUIL | {"deces_enfant_date": "02/09/2026"}, 4)
    assert "n'ouvre pas de congé de deuil" in said(house, DEUIL | {"deces_enfant_naissance": "12/05/2001"}, 5)
    assert "une seule nature" in said(house, ADOPTION | {"deuil": True}, 6)
