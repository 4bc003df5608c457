"""A child of two parents who live apart: the one who asks is paid and written to (R161-8)."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive import ledger
from domain.errors import Refused
from domain.flow import State
from domain.nir import key_of
from domain.people import Insured, Rattachement
from domain.period import Period
from outbound import letters
from store import bodies, corrections, documents, money, past, payees, payments, people
from store.corrections import Asked
from store.house import Store
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from tests.workers.test_twice import accept
from workers import delivery
from workers.house import House

BORN = date(2015, 3, 1)
ONE = feuilles.person(1)
TWO = replace(feuilles.person(0), iban="DE89370400440532013000", address=("9 rue du Port", "13002 MARSEILLE"))
CHILD = replace(
    feuilles.person(2), birth_date=BORN, quality="30", assure_nir=ONE.nir, iban=None, medecins_traitants=(),
    rattachements=tuple(Rattachement(Period(BORN), str(each.nir)) for each in (ONE, TWO)),
)  # fmt: skip


@pytest.fixture
def house(store: Store) -> House:
    house = keyed.a_house(store)
    load(house, TWO, CHILD)
    return house


def load(house: House, *persons: Insured) -> None:
    with house.store.begin() as conn:
        people.load_insured(conn, persons)


def asked(house: House, parent: Insured | None, copy: int = 0) -> str:
    """A sheet of the child's, 30 euros paid, that an agent accepted as it names its assuré."""
    id = feuilles.put(house.store, feuilles.sheet(2, copy, "30.00", copy)).id
    assert drive(house, id) is State.A_VALIDER
    named: dict[str, Any] = {"beneficiaire_date_naissance": "01/03/2015"}
    if parent is not None:
        nir = str(parent.nir)
        named |= {"assure_nir": nir, "assure_nir_cle": key_of(nir)}
    accept(house, id, insured_id=CHILD.id, fields=named)
    return id


def told(house: House, id: str) -> list[str]:
    with house.store.begin() as conn:
        return [each["code"] for each in bodies.data(conn, id, "not_computed") or ()]


@pytest.mark.parametrize("parent", [ONE, TWO])
def test_whoever_asks_is_paid_and_written_to(
    house: House, parent: Insured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """70 % of 30,00: 21,00; nothing is held back of a minor's care."""
    id = asked(house, parent)
    assert drive(house, id) is State.ORDONNANCE
    read: list[Any] = []
    real = letters.decompte.render
    monkeypatch.setattr(letters.decompte, "render", lambda *a, **k: (read.append(k), real(*a, **k))[1])
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        (order,) = payments.of_document(conn, id)
        stored = money.decision_of(conn, id)
        assert stored is not None
        assert letters.addressee(conn, stored) == parent.id
    file = house.store.settings.home / "sortie" / "ordres" / f"{order.id}.json"
    sent = json.loads(file.read_bytes())
    assert (sent["amount"], sent["iban"]) == ("21.00", parent.iban)
    assert sent["payee_name"] == f"{parent.birth_name} {parent.first_names}"
    (letter,) = read
    assert (letter["addressee"].id, letter["payee_iban"]) == (parent.id, parent.iban)
    (said,) = [each for each in stored.decision.trace if each.article.startswith("CSS R161-8")]
    assert "celui de ses parents qui le demande" in said.sentence
    assert all(each.equal for each in past.verdicts(house.store, house.law))


def test_a_sheet_that_names_neither_is_a_person_s(house: House) -> None:
    id = asked(house, None)
    assert drive(house, id) is State.A_LIQUIDER
    with house.store.begin() as conn:
        assert "parent_a_designer" in {each["code"] for each in bodies.data(conn, id, "findings")}
        assert money.claim(conn, id) is None
        assert payments.of_document(conn, id) == []


def test_a_parent_of_another_house_is_not_paid_on_the_other_s_account(house: House) -> None:
    stranger = replace(TWO, nir="1700175056123")
    load(
        house, replace(CHILD, rattachements=(*CHILD.rattachements, Rattachement(Period(BORN), "1700175056123")))
    )
    id = asked(house, stranger)
    assert drive(house, id) is State.A_LIQUIDER
    assert told(house, id) == ["parent_sans_dossier"]


def test_a_parent_whose_rights_are_closed_is_not_paid(house: House) -> None:
    """R161-8 al. 4: the other's; who that is to be paid to, a person sees."""
    load(house, replace(TWO, affiliations=()))
    id = asked(house, TWO)
    assert drive(house, id) is State.A_LIQUIDER
    assert told(house, id) == ["parent_sans_droits"]


def test_what_was_paid_too_much_is_owed_by_the_one_who_was_paid(house: House) -> None:
    id = asked(house, TWO)
    assert drive(house, id) is State.ORDONNANCE
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        last = money.decision_of(conn, id)
        assert last is not None
        corrections.apply(
            conn, id, Asked("annulation", "soins d'un autre enfant"), last.id, actor="local",
            key=house.store.vault.key(id), today=house.today, law=house.law,
        )  # fmt: skip
        (debtor, owed) = conn.exec_driver_sql("SELECT debtor_id, amount FROM indus").one()
        assert payees.holder(conn, id, CHILD.id).id == TWO.id
    assert (str(debtor), owed) == (TWO.id, Decimal("21.00"))
    assert list(ledger.compare(house.store)) == []


def test_a_correction_does_not_take_one_parent_for_the_other(house: House) -> None:
    id = asked(house, TWO)
    assert drive(house, id) is State.ORDONNANCE
    assert delivery.deliver(house) == 1
    named = {"assure_nir": str(ONE.nir), "assure_nir_cle": key_of(str(ONE.nir))}
    with house.store.begin() as conn:
        row, other = documents.load(conn, id), Asked("saisie", "c'est l'autre parent", named)
        with pytest.raises(Refused, match="correction_non_calculee"):
            corrections.foresee(conn, row, other, house.today, house.law)
