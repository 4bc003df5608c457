"""The forms that are keyed: each field once, the same everywhere, with its words."""

import pytest

from api.fields import label_of
from domain.errors import Refused
from validation import ORDERS, order_of
from validation.normalise import normalise


@pytest.mark.parametrize("kind", ORDERS)
def test_a_form_has_each_field_once_and_words_for_it(kind: str) -> None:
    names = [entry.name for entry in order_of(kind)]
    assert len(names) == len(set(names))
    for name in names:
        words = label_of(name, kind)
        assert words.section != "Autres champs", name
        assert len(words.label) <= 50


def test_a_name_means_the_same_on_every_form() -> None:
    seen: dict[str, object] = {}
    for order in ORDERS.values():
        for entry in order:
            assert seen.setdefault(entry.name, entry) == entry


def test_the_person_is_called_what_she_is_on_the_paper() -> None:
    assert label_of("beneficiaire_nir", "feuille_soins_medecin").section == "Personne recevant les soins"
    assert label_of("beneficiaire_nir", "avis_arret_travail").section == "Assuré"
    assert label_of("beneficiaire_nir", "demande_capital_deces").section == "Assuré décédé"


@pytest.mark.parametrize(("typed", "value"), [
    ("08/2026", "2026-08"), ("8/2026", "2026-08"), ("082026", "2026-08"), ("31/08/2026", "2026-08"),
    ("2026-08", "2026-08"), ("2026-08-01", "2026-08"), ("", None),
])  # fmt: skip
def test_a_month(typed: str, value: str | None) -> None:
    assert normalise("salaire1_mois", "month", typed) == value
    if value:
        assert normalise("salaire1_mois", "month", value) == value


@pytest.mark.parametrize(("typed", "value"), [
    ("455", "455"), ("455,50", "455.5"), ("455.00", "455"), ("1 607", "1607"), ("0,25", "0.25"), ("100", "100"),
])  # fmt: skip
def test_a_number(typed: str, value: str) -> None:
    assert normalise("heures_3_mois", "number", typed) == value
    assert normalise("heures_3_mois", "number", value) == value


def test_an_account_has_a_true_key() -> None:
    assert normalise("employeur_iban", "iban", "fr76 3000 6000 0112 3456 7890 189") == (
        "FR7630006000011234567890189"
    )
    assert normalise("employeur_iban", "iban", "DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"


def test_a_choice_by_its_first_letters() -> None:
    assert normalise("demandeur1_lien", "choice", "D") == "descendant"
    assert normalise("demandeur1_lien", "choice", "autre") == "autre"


@pytest.mark.parametrize(("name", "kind", "typed"), [
    ("salaire1_mois", "month", "13/2026"), ("salaire1_mois", "month", "août"),
    ("heures_3_mois", "number", "beaucoup"), ("heures_3_mois", "number", "-3"),
    ("employeur_iban", "iban", "FR7630006000011234567890188"),  # one digit off
    ("employeur_iban", "iban", "FR763000600001123456789018"),
    ("demandeur1_lien", "choice", "a"), ("demandeur1_lien", "choice", "voisin"),
])  # fmt: skip
def test_what_does_not_hold_is_refused(name: str, kind: str, typed: str) -> None:
    with pytest.raises(Refused, match="valeur_invalide") as refused:
        normalise(name, kind, typed)  # type: ignore[arg-type]
    assert typed not in str(refused.value) or len(typed) == 1
