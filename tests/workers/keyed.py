"""Papers that an agent keys whole: put in, told what they are, accepted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.flow import State
from domain.reading import Value
from store.house import Store
from tests.promises import feuilles
from tests.workers.driving import drive
from tests.workers.test_twice import accept
from workers.house import House

SIRET = "73282932000074"
IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "DE89370400440532013000"
TODAY = date(2026, 11, 20)
AVIS, ATTESTATION, CAPITAL = "avis_arret_travail", "attestation_salaire", "demande_capital_deces"

STOP = {"arret_prescrit_le": "01/09/2026", "arret_debut": "01/09/2026", "arret_fin": "10/09/2026",
        "arret_envoye_le": "01/09/2026", "arret_recu_le": "03/09/2026"}  # fmt: skip
PAYS = {"employeur_nom": "Boulangerie Martin", "employeur_siret": SIRET, "employeur_iban": OTHER_IBAN,
        "dernier_jour_travaille": "31/08/2026", "heures_3_mois": "455", "salaire1_mois": "06/2026",
        "salaire1_brut": "2000", "salaire2_mois": "07/2026", "salaire2_brut": "2000",
        "salaire3_mois": "08/2026", "salaire3_brut": "2000"}  # fmt: skip


def a_house(store: Store, today: date = TODAY, people: int = 3) -> House:
    feuilles.load_people(store, people)
    settings = store.settings.model_copy(update={"today": today})
    return House(with_settings(store, settings), feuilles.Recorded())  # type: ignore[arg-type]


def with_settings(store: Store, settings: Any) -> Store:
    return Store(settings, store.engine, store.objects, store.vault, store.bell)


def key(house: House, kind: str, fields: Mapping[str, Value], *, who: int = 1, copy: int = 0) -> str:
    """The id of a document that an agent said to be of `kind` and keyed; sealed next."""
    id = feuilles.put(house.store, feuilles.sheet(who, copy, "31.00", copy)).id
    assert drive(house, id) is State.A_VALIDER
    accept(house, id, type=kind, insured_id=feuilles.person(who).id, fields=blank() | dict(fields))
    return id


def blank() -> dict[str, Value]:
    """The recorded cage reads a feuille de soins on any paper: all of it is struck out."""
    return {
        name: False if isinstance(field.value, bool) else None
        for name, field in feuilles.fields_of(1, 0, "31.00").items()
        if not name.startswith("beneficiaire")
    }
