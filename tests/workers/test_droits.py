"""Justificatifs of rights accepted by an agent: applied by period, told in a letter, liquidated from then."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.flow import State
from domain.people import Ald, Insured, Rattachement
from domain.period import Period
from domain.reading import FieldReading
from rights import open_rights
from store import affected, bodies, corrections, documents, journal, money, payments, people, propositions
from store.corrections import Asked
from store.house import Store
from tests.outbound.test_decompte import text_of
from tests.promises import feuilles, invariants
from tests.workers import keyed
from tests.workers.driving import drive
from tests.workers.test_twice import accept
from workers import delivery
from workers.house import House

PROTOCOLE, SOLIDAIRE, TITRE = "protocole_soins", "demande_c2s", "titre_sejour"
OPENING, CHILDREN, MOVED = "demande_ouverture_droits", "rattachement_enfant", "changement_situation"
ONE, TWO = feuilles.person(1), feuilles.person(2)
CARE = {"protocole_nature": "admission", "ald_numero": "8", "protocole_debut": "10/09/2026",
        "protocole_fin": "09/09/2036", "avis_favorable": True, "signature_medecin": True}  # fmt: skip
ZOE = {"rattachement_mode": "deux", "autre_parent_nir": TWO.nir, "enfant1_nom": "BERNARD",
       "enfant1_prenoms": "Zoé", "enfant1_naissance": "20/10/2026", "signature_assure": True,
       "signature_autre_parent": True}  # fmt: skip


@pytest.fixture
def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    plain = feuilles.fields_of

    def fields_of(who: int, day: int, fee: str) -> dict[str, FieldReading]:
        return plain(who, day, fee) | {"ald": FieldReading(True, "accepted", 0.9999)}

    monkeypatch.setattr(feuilles, "fields_of", fields_of)
    return keyed.a_house(store)


def dossier(house: House, person: Insured = ONE) -> Insured:
    with house.store.begin() as conn:
        return people.insured(conn, person.id)


def codes(house: House, id: str) -> list[str]:
    with house.store.begin() as conn:
        return [each["code"] for each in bodies.data(conn, id, "not_computed") or ()]


def letter(house: House, id: str) -> str:
    delivery.deliver(house)
    return text_of((house.store.settings.home / "sortie" / "courriers" / f"{id}.pdf").read_bytes())


def paid(house: House, day: int) -> str:
    id = feuilles.put(house.store, feuilles.sheet(1, day)).id
    if drive(house, id) is State.A_VALIDER:  # the box of the protocole is ticked, and the dossier has none
        accept(house, id)
    assert drive(house, id) is State.ORDONNANCE
    return id


def amount(house: House, id: str) -> Decimal:
    with house.store.begin() as conn:
        return sum((each.amount for each in payments.of_document(conn, id)), Decimal(0))


def to_correct(house: House, id: str) -> list[tuple[str, Decimal | None]]:
    with house.store.begin() as conn:
        told = affected.of_document(conn, id, house.today, house.law)
    return [(each.document_id, each.difference) for each in told]


def test_a_protocole_of_the_past_shows_the_decisions_to_correct_until_they_are(house: House) -> None:
    """30,00 at 70 % = 21,00 less 2,00; at 100 % = 30,00 less 2,00: nine more. From the 10 of September on."""
    before, after = paid(house, 8), paid(house, 9)  # care of the 9th and of the 10th of September
    assert amount(house, after) == Decimal("19.00")
    delivery.deliver(house)
    id = keyed.key(house, PROTOCOLE, CARE)
    assert drive(house, id) is State.APPLIQUE
    assert dossier(house).alds == (Ald(Period(date(2026, 9, 10), date(2036, 9, 10)), 8),)
    assert to_correct(house, id) == [(after, Decimal("9.00"))]
    with house.store.begin() as conn:
        line = journal.lines(conn, id)[-1]
        assert ONE.id in line.hashes
        assert "ALD" not in line.hashes  # of what she suffers is in the payload alone
        assert journal.open_payload(house.store.vault.key(id), line)["changes"][0]["effect"] == "2026-09-10"
        key, last = house.store.vault.new_key(after), money.decision_of(conn, after)
        assert last is not None
        corrections.apply(conn, after, Asked("droits", "protocole du 10/09"), last.id, actor="valideur:a",
                          key=key, today=house.today, law=house.law)  # fmt: skip
    assert to_correct(house, id) == []
    assert amount(house, after) == Decimal("28.00")
    assert amount(house, before) == Decimal("19.00")
    told = letter(house, id)
    for words in ("10 septembre 2026", "R160-11", "commission de recours amiable", "ALD 8"):
        assert words in told, words
    # what is paid next follows it at once
    assert amount(house, paid(house, 20)) == Decimal("28.00")
    assert drive(house, keyed.key(house, PROTOCOLE, CARE, copy=3)) is State.CLASSE
    invariants.no_share_twice(house.store)


def test_a_protocole_without_its_avis_is_a_person_s(house: House) -> None:
    id = keyed.key(house, PROTOCOLE, CARE | {"avis_favorable": False})
    assert drive(house, id) is State.A_LIQUIDER
    assert codes(house, id) == ["avis_absent"]
    assert dossier(house).alds == ()


def test_the_foyer_s_complementaire_begins_with_the_month_and_is_paid_from_then(house: House) -> None:
    child = replace(TWO, quality="30", assure_nir=ONE.nir, birth_date=date(2015, 3, 1))
    with house.store.begin() as conn:
        people.load_insured(conn, [child])
    asked = {"c2s_nature": "gratuite", "c2s_decision_date": "20/11/2026", "signature_assure": True}
    id = keyed.key(house, SOLIDAIRE, asked)
    early = keyed.key(house, SOLIDAIRE, asked | {"c2s_decision_date": "01/11/2026"}, copy=2)
    assert drive(house, early) is State.A_LIQUIDER
    assert codes(house, early) == ["dates_justificatif"]  # decided before it was received
    assert drive(house, id) is State.APPLIQUE
    for person in (dossier(house), dossier(house, TWO)):
        held = [open_rights(person, day, house.law).c2s for day in (date(2026, 11, 30), date(2026, 12, 1))]
        assert held == ["non", "gratuite"]
    with house.store.begin() as conn:
        kept = propositions.kept(conn, id)
    assert kept is not None
    assert kept.dossiers == tuple(sorted((ONE.id, TWO.id)))
    assert "1er décembre 2026" in letter(house, id)


def test_a_titre_keeps_rights_for_six_months_then_nothing_is_paid(house: House) -> None:
    asked = {"titre_debut": "01/03/2025", "titre_fin": "28/02/2026"}
    sheet = paid(house, 1)  # care of the second of September, two days after
    id = keyed.key(house, TITRE, asked)
    delivery.deliver(house)
    assert drive(house, id) is State.APPLIQUE
    assert open_rights(dossier(house), date(2026, 8, 31), house.law).is_open
    assert to_correct(house, id) == [(sheet, Decimal("-19.00"))]
    late = feuilles.put(house.store, feuilles.sheet(1, 2)).id
    assert drive(house, late) is State.A_VALIDER  # rights closed that day


def test_rights_are_opened_and_a_dossier_made(house: House) -> None:
    new = {"beneficiaire_nir": "1900199351001", "beneficiaire_date_naissance": "05/01/1990",
           "beneficiaire_nom_prenom": "NGUYEN Minh", "nouveau_nom": "NGUYEN", "nouveau_prenoms": "Minh",
           "nationalite": "autre", "ouverture_motif": "activite", "activite_debut": "02/11/2026",
           "titre_debut": "01/10/2026", "titre_fin": "30/09/2027", "rib_iban": keyed.OTHER_IBAN,
           "adresse_nouvelle": "3 place du Marché\n75012 PARIS", "organisme_rattachement": "017510000",
           "signature_assure": True}  # fmt: skip
    ids = [unnamed(house, new, copy) for copy in range(2)]
    assert drive(house, ids[0]) is State.APPLIQUE
    with house.store.begin() as conn:
        (made,) = people.of_numbers(conn, ["1900199351001"])
    assert (made.birth_name, made.iban, made.address[1]) == ("NGUYEN", keyed.OTHER_IBAN, "75012 PARIS")
    assert [open_rights(made, date(2026, 11, day), house.law).is_open for day in (1, 2)] == [False, True]
    assert "Minh NGUYEN" in letter(house, ids[0])
    # a second request makes no second dossier
    assert drive(house, ids[1]) is State.A_LIQUIDER
    assert codes(house, ids[1]) == ["dossier_existe"]


def unnamed(house: House, fields: dict[str, object], copy: int) -> str:
    id = feuilles.put(house.store, feuilles.sheet(1, copy, "31.00", copy)).id
    assert drive(house, id) is State.A_VALIDER
    with house.store.begin() as conn:
        documents.set_insured(conn, id, None)
    accept(house, id, type=OPENING, fields=keyed.blank() | fields)
    return id


def test_a_newborn_is_of_both_parents_and_each_attests_it(house: House) -> None:
    id = keyed.key(house, CHILDREN, ZOE)
    assert drive(house, id) is State.APPLIQUE
    for parent in (ONE, TWO):
        with house.store.begin() as conn:
            (zoe,) = people.opened_by(conn, parent)
        assert zoe.first_names == "Zoé"
        assert {each.nir for each in zoe.rattachements} == {ONE.nir, TWO.nir}
    assert "Zoé BERNARD" in letter(house, id)
    assert drive(house, keyed.key(house, CHILDREN, ZOE, copy=2)) is State.CLASSE


def test_both_parents_ask_at_once_for_one_child(house: House) -> None:
    asked = [ZOE, ZOE | {"autre_parent_nir": ONE.nir}]
    ids = [keyed.key(house, CHILDREN, asked[who - 1], who=who, copy=who) for who in (1, 2)]
    threads = [threading.Thread(target=drive, args=(house, id)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drive(house, id).value for id in ids) == ["applique", "classe"]
    with house.store.begin() as conn:
        assert len(people.opened_by(conn, ONE)) == len(people.opened_by(conn, TWO)) == 1


def test_a_mutation_takes_the_children_along(house: House) -> None:
    child = replace(
        TWO,
        quality="30",
        assure_nir=ONE.nir,
        birth_date=date(2015, 3, 1),
        rattachements=(Rattachement(Period(date(2015, 3, 1), date(2033, 3, 1)), str(ONE.nir)),),
    )
    with house.store.begin() as conn:
        people.load_insured(conn, [child])
    moved = {"adresse_nouvelle": "3 place Bellecour\n69002 LYON", "adresse_depuis": "01/11/2026",
             "organisme_nouveau": "016910000", "substitution_date": "01/12/2026"}  # fmt: skip
    id = keyed.key(house, MOVED, moved)
    assert drive(house, id) is State.APPLIQUE
    for person in (dossier(house), dossier(house, TWO)):
        held = [
            open_rights(person, day, house.law).organisme for day in (date(2026, 11, 30), date(2026, 12, 1))
        ]
        assert held == ["017510000", "016910000"]
    assert dossier(house).address[1] == "69002 LYON"
    assert "jusqu'au 30/11/2026" in letter(house, id).replace("’", "'")
