"""From the keyed fields of a paper of rights to its proposal: what is counted, missing, and who is meant."""

from datetime import date

import pytest

from checks.droits import Around
from checks.justificatifs import propose
from domain.people import Affiliation, Insured
from domain.period import Period
from domain.reading import FieldReading, Value
from law import load
from rights.propositions import Proposal

LAW = load()
TODAY, RECEIVED = date(2026, 11, 20), date(2026, 10, 5)
PERSON = Insured("a-1", "2850175116001", "MARTIN", "Claire", date(1985, 1, 12),
                 affiliations=(Affiliation(Period(date(2020, 1, 1)), "017510000"),))  # fmt: skip
LEO = Insured("c-1", None, "MARTIN", "Léo Paul", date(2015, 3, 1), quality="30", assure_nir="2850175116001",
              affiliations=PERSON.affiliations)  # fmt: skip


def ask(
    kind: str, fields: dict[str, Value], insured: Insured | None = PERSON, around: Around | None = None
) -> Proposal:
    read = {name: FieldReading(value, "accepted", 1.0) for name, value in fields.items()}
    found = propose(kind, read, insured, around or Around(), RECEIVED, TODAY, LAW)
    assert found is not None
    return found


def codes(found: Proposal) -> list[str]:
    return [each.code for each in found.reasons]


C2S: dict[str, Value] = {"c2s_nature": "gratuite", "c2s_decision_date": "2026-10-30", "signature_assure": True}


@pytest.mark.parametrize(("resources", "told"), [
    ("10421.99", []), ("10422.00", ["c2s_nature"]), ("14069.70", ["c2s_nature"]),
    ("14069.71", ["c2s_ressources"]),
])  # fmt: skip
def test_the_ceiling_of_one_person_and_the_same_raised(resources: str, told: list[str]) -> None:
    """10,422 x 1.35 = 14,069.70: « inférieures à », then « comprises entre »."""
    keyed = C2S | {"c2s_foyer": "1", "c2s_ressources": resources}
    assert codes(ask("demande_c2s", keyed)) == told
    # the RSA is deemed to be under it; halves of an alternate residence are not counted here
    assert codes(ask("demande_c2s", keyed | {"c2s_rsa": True})) == []
    assert codes(ask("demande_c2s", keyed | {"c2s_residence_alternee": True})) == []


def test_a_household_of_three_has_eight_tenths_more() -> None:
    """10,422 x 1.8 = 18,759.60."""
    keyed = C2S | {"c2s_foyer": "3", "c2s_ressources": "18759.59"}
    assert codes(ask("demande_c2s", keyed)) == []
    assert codes(ask("demande_c2s", keyed | {"c2s_ressources": "18759.60"})) == ["c2s_nature"]


def test_members_without_a_dossier_are_told() -> None:
    found = ask("demande_c2s", C2S | {"foyer1_nir": "1750175116001"})
    assert found.changes
    assert any("R861-17" in note for note in found.notes)


@pytest.mark.parametrize("kind", ["demande_c2s", "demande_ouverture_droits", "protocole_soins"])
def test_unsigned_nothing_is_applied(kind: str) -> None:
    assert codes(ask(kind, {})) == ["rubrique_justificatif"]


def test_a_child_is_known_by_birth_rang_and_first_name() -> None:
    keyed: dict[str, Value] = {
        "rattachement_mode": "un", "enfant1_nom": "MARTIN", "enfant1_prenoms": "LEO",
        "enfant1_naissance": "2015-03-01", "signature_assure": True,
    }  # fmt: skip
    around = Around(family=(LEO,))
    his = ask("rattachement_enfant", keyed, around=around)
    assert (his.changes, his.reasons) == ((), ())
    twin = ask("rattachement_enfant", keyed | {"enfant1_rang": "2"}, around=around)
    assert [(each.part, each.effect) for each in twin.changes] == [
        ("dossier", date(2020, 1, 1)), ("rattachement", date(2020, 1, 1))
    ]  # fmt: skip
    named = keyed | {"enfant1_prenoms": None}
    assert codes(ask("rattachement_enfant", named)) == ["rubrique_justificatif"]


def test_who_has_no_dossier_and_no_name_makes_none() -> None:
    read = {"signature_assure": FieldReading(True, "accepted", 1.0)}
    assert propose("demande_ouverture_droits", read, None, Around(), RECEIVED, TODAY, LAW) is None
    assert propose("titre_sejour", read, None, Around(), RECEIVED, TODAY, LAW) is None


def test_a_day_that_the_law_does_not_cover_is_told() -> None:
    read = {"signature_assure": True, "ouverture_motif": "residence", "residence_depuis": "1990-01-01",
            "nationalite": "francaise", "organisme_rattachement": "017510000"}  # fmt: skip
    fields = {name: FieldReading(value, "accepted", 1.0) for name, value in read.items()}
    found = propose("demande_ouverture_droits", fields, PERSON, Around(), date(1999, 1, 1), TODAY, LAW)
    assert found is not None
    assert codes(found) == ["droit_non_couvert"]
