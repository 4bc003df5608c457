"""Cash benefits the whole way: keyed, sealed, liquidated, ordered, delivered."""

import json
import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from domain.flow import State
from store import bodies, documents, journal, money, payments, tasks
from store.house import Store
from store.tables import orders, outbox, shares
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House
from workers.waiting import wake_due

HIGH = {f"salaire{n}_brut": "3 000,00" for n in (1, 2, 3)}


@pytest.fixture
def house(store: Store) -> House:
    return keyed.a_house(store)


def reasons(house: House, id: str) -> list[str]:
    with house.store.begin() as conn:
        return [each["code"] for each in bodies.data(conn, id, "not_computed") or ()]


def paid(house: House, id: str) -> list[tuple[str, str, Decimal]]:
    with house.store.begin() as conn:
        return [(each.payee_kind, each.payee_id, each.amount) for each in payments.of_document(conn, id)]


def status(house: House, id: str) -> State:
    with house.store.begin() as conn:
        return documents.load(conn, id).status


def file_of(house: House, folder: str, name: str) -> Any:
    return house.store.settings.home / "sortie" / folder / name


def test_an_avis_waits_for_its_attestation_and_is_paid(house: House) -> None:
    """The highest indemnity of a stop from July 2026 on, 42,97 a day (rules.md 4.1): SMIC 1 867,02 x 1,4
    = 2 613,83 a month; x 3 / 91,25 / 2 = 42,97. Ten days, three of carence: 7 x 42,97 = 300,79;
    CSG 6,2 % = 18,65; CRDS 0,5 % = 1,50; net 280,64."""
    avis = keyed.key(house, keyed.AVIS, keyed.STOP)
    assert drive(house, avis) is State.A_LIQUIDER
    assert reasons(house, avis) == ["attestation_absente"]
    attestation = keyed.key(house, keyed.ATTESTATION, keyed.PAYS | HIGH, copy=1)
    assert drive(house, attestation) is State.CLASSE
    assert status(house, avis) is State.ARCHIVE  # it went on by itself
    with house.store.begin() as conn:
        assert tasks.of_document(conn, avis) is None
    assert drive(house, avis) is State.ORDONNANCE
    person = feuilles.person(1)
    assert paid(house, avis) == [("assure", person.id, Decimal("280.64"))]
    with house.store.begin() as conn:
        stored = money.decision_of(conn, avis)
        assert stored is not None
        (order,) = payments.of_document(conn, avis)
        assert list(journal.lines(conn, avis))
    first, second = stored.decision.lines
    assert (first.code, first.paid, second.code) == ("carence", Decimal("0.00"), "indemnise")
    assert (second.base, second.gross) == (Decimal("42.97"), Decimal("300.79"))
    assert second.retained == {"csg": Decimal("18.65"), "crds": Decimal("1.50")}
    assert all(step.article for line in stored.decision.lines for step in line.trace)
    assert reasons(house, avis) == []

    assert delivery.deliver(house) == 1
    told = json.loads(file_of(house, "ordres", f"{order.id}.json").read_bytes())
    assert (told["amount"], told["iban"], told["label"]) == ("280.64", person.iban, "Prestation en espèces")
    assert told["shares"] == [{"line": 2, "payee_kind": "assure", "payee_id": person.id, "amount": "280.64"}]
    assert file_of(house, "decomptes", f"{stored.id}.pdf").read_bytes().startswith(b"%PDF-")


def test_the_attestation_may_come_first(house: House) -> None:
    assert drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS)) is State.CLASSE
    avis = keyed.key(house, keyed.AVIS, keyed.STOP, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    # 3 x 2 000 / 91,25 / 2 = 32,88; 7 x 32,88 = 230,16; less 14,27 and 1,15 = 214,74
    assert paid(house, avis) == [("assure", feuilles.person(1).id, Decimal("214.74"))]


def test_the_employer_who_kept_up_the_pay_is_paid(house: House) -> None:
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"subrogation": True}))
    avis = keyed.key(house, keyed.AVIS, keyed.STOP, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    assert paid(house, avis) == [("employeur", keyed.SIRET, Decimal("214.74"))]
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        (order,) = payments.of_document(conn, avis)
    told = json.loads(file_of(house, "ordres", f"{order.id}.json").read_bytes())
    assert (told["payee_name"], told["iban"]) == ("Boulangerie Martin", keyed.OTHER_IBAN)


def test_an_employer_without_an_account_is_waited_for(house: House) -> None:
    without = keyed.PAYS | {"subrogation": True, "employeur_iban": None}
    drive(house, keyed.key(house, keyed.ATTESTATION, without))
    drive(house, keyed.key(house, keyed.AVIS, keyed.STOP, copy=1))
    assert delivery.deliver(house) == 0
    with house.store.begin() as conn:
        assert {row.last_error for row in conn.execute(select(outbox))} == {"compte_absent"}
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"subrogation": True}, copy=2))
    with house.store.begin() as conn:
        conn.execute(outbox.update().values(next_try=outbox.c.created_at))
    assert delivery.deliver(house) == 1


def test_days_are_never_paid_twice(house: House) -> None:
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    assert drive(house, keyed.key(house, keyed.AVIS, keyed.STOP, copy=1)) is State.ORDONNANCE
    again = keyed.key(house, keyed.AVIS, keyed.STOP | {"arret_debut": "05/09/2026"}, copy=2)
    assert drive(house, again) is State.A_LIQUIDER
    assert reasons(house, again) == ["arret_deja_liquide"]
    more = {"arret_prolongation": True, "arret_premier_jour": "01/09/2026", "arret_debut": "10/09/2026",
            "arret_fin": "14/09/2026", "arret_prescrit_le": "10/09/2026", "arret_envoye_le": "10/09/2026",
            "arret_recu_le": "12/09/2026"}  # fmt: skip
    prolonged = keyed.key(house, keyed.AVIS, keyed.STOP | more, copy=3)
    assert drive(house, prolonged) is State.ORDONNANCE
    # the tenth was decided before: four days without a carence, 4 x 32,88 = 131,52 less 8,15 and 0,66
    assert [amount for _, _, amount in paid(house, prolonged)] == [Decimal("122.71")]


def test_days_that_a_person_computed_elsewhere_are_decided(house: House) -> None:
    avis = keyed.key(house, keyed.AVIS, keyed.STOP)
    assert drive(house, avis) is State.A_LIQUIDER
    with house.store.begin() as conn:
        tasks.close_without(conn, avis)
        documents.advance(conn, avis, State.A_LIQUIDER, State.CLASSE, actor="local")
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, copy=1))
    again = keyed.key(house, keyed.AVIS, keyed.STOP, copy=2)
    assert drive(house, again) is State.A_LIQUIDER
    assert reasons(house, again) == ["arret_deja_liquide"]


def test_a_stop_that_is_not_over_waits_for_its_end(store: Store) -> None:
    early = keyed.a_house(store, date(2026, 9, 10))
    drive(early, keyed.key(early, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(early, keyed.AVIS, keyed.STOP, copy=1)
    assert drive(early, avis) is State.A_LIQUIDER
    assert reasons(early, avis) == ["arret_en_cours"]
    assert wake_due(early) == 0
    morrow = keyed.a_house(store, date(2026, 9, 11))
    assert wake_due(morrow) == 1
    assert drive(morrow, avis) is State.ORDONNANCE
    assert wake_due(morrow) == 0


def test_what_is_missing_is_told_by_its_rubrique(house: House) -> None:
    avis = keyed.key(house, keyed.AVIS, {"arret_prolongation": True})
    assert drive(house, avis) is State.A_LIQUIDER
    with house.store.begin() as conn:
        said = " ".join(each["message"] for each in bodies.data(conn, avis, "not_computed"))
    for rubrique in ("premier jour de l'arrêt", "dernier jour de l'arrêt", "date de la prescription"):
        assert rubrique in said
    attestation = keyed.key(house, keyed.ATTESTATION, {"employeur_siret": "73282932000075"}, copy=1)
    assert drive(house, attestation) is State.A_LIQUIDER
    assert set(reasons(house, attestation)) == {"rubrique_attestation"}


def test_a_second_late_notice_reads_the_first(house: House) -> None:
    """D323-2: warned in September, halved in October for the days before the sending."""
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    late = keyed.STOP | {"arret_envoye_le": "04/09/2026"}
    assert drive(house, keyed.key(house, keyed.AVIS, late, copy=1)) is State.ORDONNANCE
    next_pays = keyed.PAYS | {"dernier_jour_travaille": "30/09/2026", "salaire1_mois": "07/2026",
                              "salaire2_mois": "08/2026", "salaire3_mois": "09/2026"}  # fmt: skip
    drive(house, keyed.key(house, keyed.ATTESTATION, next_pays, copy=2))
    second = {"arret_prescrit_le": "01/10/2026", "arret_debut": "01/10/2026", "arret_fin": "10/10/2026",
              "arret_envoye_le": "06/10/2026", "arret_recu_le": "07/10/2026"}  # fmt: skip
    avis = keyed.key(house, keyed.AVIS, second, copy=3)
    assert drive(house, avis) is State.ORDONNANCE
    with house.store.begin() as conn:
        stored = money.decision_of(conn, avis)
    assert stored is not None
    assert [line.code for line in stored.decision.lines] == ["carence", "retard", "indemnise"]


DEATH = {"deces_date": "01/04/2026", "situation_activite": True,
         "demandeur1_nom": "MARTIN Paul", "demandeur1_lien": "d", "demandeur1_demande_le": "20/04/2026",
         "demandeur1_iban": keyed.IBAN, "demandeur2_nom": "MARTIN Jeanne", "demandeur2_lien": "descendant",
         "demandeur2_demande_le": "20/04/2026", "demandeur2_iban": keyed.OTHER_IBAN,
         "demandeur3_nom": "MARTIN Luc", "demandeur3_lien": "descendant",
         "demandeur3_demande_le": "20/04/2026"}  # fmt: skip


def test_a_capital_is_shared_by_the_children_to_the_cent(house: House) -> None:
    """4 009 euros for a death from April 2026 on: 1 336,34 + 1 336,33 + 1 336,33."""
    request = keyed.key(house, keyed.CAPITAL, DEATH)
    assert drive(house, request) is State.ORDONNANCE
    assert paid(house, request) == [
        ("ayant_droit", "1", Decimal("1336.34")),
        ("ayant_droit", "2", Decimal("1336.33")),
        ("ayant_droit", "3", Decimal("1336.33")),
    ]
    assert delivery.deliver(house) == 2  # the third has told no account
    with house.store.begin() as conn:
        told = {order.payee_id: order for order in payments.of_document(conn, request)}
    assert [told[id].sent_at is not None for id in "123"] == [True, True, False]
    for id, name in (("1", "MARTIN Paul"), ("2", "MARTIN Jeanne")):
        order = json.loads(file_of(house, "ordres", f"{told[id].id}.json").read_bytes())
        assert order["payee_name"] == name
        assert file_of(house, "decomptes", f"{told[id].id}.pdf").exists()
    again = keyed.key(house, keyed.CAPITAL, DEATH, copy=1)
    assert drive(house, again) is State.A_LIQUIDER
    assert reasons(house, again) == ["capital_deja_liquide"]


def test_the_month_of_priority_is_waited_for(store: Store) -> None:
    early = keyed.a_house(store, date(2026, 5, 1))
    request = keyed.key(early, keyed.CAPITAL, DEATH)
    assert drive(early, request) is State.A_LIQUIDER
    assert reasons(early, request) == ["capital_priorite"]
    assert wake_due(early) == 0
    morrow = keyed.a_house(store, date(2026, 5, 2))
    assert wake_due(morrow) == 1
    assert drive(morrow, request) is State.ORDONNANCE


def test_two_avis_of_one_insured_at_once_are_paid_once(house: House) -> None:
    """Twenty times the same days on two papers, liquidated at the same moment: one is paid, one is told."""
    persons = 20
    feuilles.load_people(house.store, persons)
    for who in range(persons):
        drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=who))
        pair = [keyed.key(house, keyed.AVIS, keyed.STOP, who=who, copy=n) for n in (1, 2)]
        gate = threading.Barrier(2)
        ends: dict[str, State] = {}

        def go(id: str, gate: threading.Barrier = gate, ends: dict[str, State] = ends) -> None:
            gate.wait()
            ends[id] = drive(house, id)

        threads = [threading.Thread(target=go, args=(id,)) for id in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends.values()) == [State.A_LIQUIDER, State.ORDONNANCE]
    with house.store.begin() as conn:
        assert len(conn.execute(select(orders)).all()) == persons
        assert all(row.order_id for row in conn.execute(select(shares)) if row.amount)


def test_an_avis_and_its_attestation_at_once_never_miss_each_other(house: House) -> None:
    persons = 10
    feuilles.load_people(house.store, persons)
    for who in range(persons):
        avis = keyed.key(house, keyed.AVIS, keyed.STOP, who=who)
        attestation = keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=who, copy=1)
        threads = [threading.Thread(target=drive, args=(house, id)) for id in (avis, attestation)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert drive(house, avis) is State.ORDONNANCE
