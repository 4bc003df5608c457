"""A justificatif accepted by an agent changes the dossier once, and says what it was."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from domain.flow import State
from domain.identifiers import luhn_key
from domain.people import FormerAccount, MedecinTraitant
from domain.period import Period
from store import bodies, journal, people
from store.house import Store
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House

RPPS = "1010099999" + luhn_key("1010099999")
TREATING, RIB, MOVED = "declaration_medecin_traitant", "rib", "changement_situation"
CHOICE = {"medecin_rpps": RPPS, "declaration_date": "02/11/2026", "signature_medecin": True,
          "signature_assure": True}  # fmt: skip


@pytest.fixture
def house(store: Store) -> House:
    house = keyed.a_house(store)
    doctor = replace(feuilles.DOCTOR, rpps=RPPS, am_number="751099999", last_name="FABRE", first_name="Jean")
    with store.begin() as conn:
        people.load_practitioners(conn, [feuilles.DOCTOR, doctor])
    return house


def dossier(house: House, who: int = 1):  # type: ignore[no-untyped-def]
    with house.store.begin() as conn:
        return people.insured(conn, feuilles.person(who).id)


def codes(house: House, id: str) -> list[str]:
    with house.store.begin() as conn:
        return [each["code"] for each in bodies.data(conn, id, "not_computed") or ()]


def test_a_declared_doctor_is_the_doctor_from_that_day(house: House) -> None:
    id = keyed.key(house, TREATING, CHOICE)
    assert drive(house, id) is State.APPLIQUE
    signed = date(2026, 11, 2)
    assert dossier(house).medecins_traitants == (
        MedecinTraitant(Period(date(2000, 1, 1), signed), feuilles.RPPS),
        MedecinTraitant(Period(signed), RPPS),
    )
    with house.store.begin() as conn:
        line = journal.lines(conn, id)[-1]
        told = journal.open_payload(house.store.vault.key(id), line)
    assert told is not None
    (change,) = told["changes"]
    assert (change["old"], change["effect"]) == (f"RPPS {feuilles.RPPS}", "2026-11-02")
    assert RPPS not in line.hashes  # who treats whom is in the payload alone
    again = keyed.key(house, TREATING, CHOICE, copy=1)
    assert drive(house, again) is State.CLASSE


def test_a_rib_lets_an_order_leave_that_waited(house: House) -> None:
    with house.store.begin() as conn:
        people.load_insured(conn, [replace(feuilles.person(1), iban=None)])
    paid = feuilles.put(house.store, feuilles.sheet(1, 3)).id
    assert drive(house, paid) is State.ORDONNANCE
    assert delivery.deliver(house) == 0
    person = feuilles.person(1)
    named = {"rib_titulaire": f"Mme {person.first_names} {person.birth_name}", "rib_iban": keyed.OTHER_IBAN}
    assert drive(house, keyed.key(house, RIB, named, copy=1)) is State.APPLIQUE
    assert dossier(house).iban == keyed.OTHER_IBAN
    with house.store.begin() as conn:
        conn.execute(text("UPDATE outbox SET next_try = created_at"))
    assert delivery.deliver(house) == 1


def test_an_account_of_somebody_else_is_a_person_s(house: House) -> None:
    for copy, (holder, code) in enumerate((("Jeanne DUPONT", "titulaire_different"),
                                           (None, "rubrique_justificatif"))):  # fmt: skip
        id = keyed.key(house, RIB, {"rib_titulaire": holder, "rib_iban": keyed.OTHER_IBAN}, copy=copy)
        assert drive(house, id) is State.A_LIQUIDER
        assert codes(house, id) == [code]
    assert dossier(house).iban == feuilles.person(1).iban


def test_an_address(house: House) -> None:
    new = {"adresse_nouvelle": "3 place du Marché\n75012 PARIS", "adresse_depuis": "01/10/2026"}
    assert drive(house, keyed.key(house, MOVED, new)) is State.APPLIQUE
    assert dossier(house).address == ("3 place du Marché", "75012 PARIS")


def test_a_declaration_that_is_not_signed_is_a_person_s(house: House) -> None:
    id = keyed.key(house, TREATING, CHOICE | {"signature_medecin": False, "declaration_date": None})
    assert drive(house, id) is State.A_LIQUIDER
    assert codes(house, id) == ["rubrique_justificatif", "rubrique_justificatif"]


def test_two_changes_of_one_dossier_at_once_are_both_kept(house: House) -> None:
    """An account and a doctor, ten times at the same moment: neither is written over by the other."""
    feuilles.load_people(house.store, 10)
    with house.store.begin() as conn:
        people.load_practitioners(conn, [replace(feuilles.DOCTOR, rpps=RPPS, am_number="751099999")])
    for who in range(10):
        person = feuilles.person(who)
        named = {"rib_titulaire": f"{person.birth_name} {person.first_names}", "rib_iban": keyed.OTHER_IBAN}
        pair = (keyed.key(house, RIB, named, who=who), keyed.key(house, TREATING, CHOICE, who=who, copy=1))
        threads = [threading.Thread(target=drive, args=(house, id)) for id in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        after = dossier(house, who)
        assert after.iban == keyed.OTHER_IBAN
        assert after.medecins_traitants[-1].rpps == RPPS
        (former,) = after.former_accounts
        assert former == FormerAccount(Period(date(2000, 1, 1), former.period.end), person.iban)
