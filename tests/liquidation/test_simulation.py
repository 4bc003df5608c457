"""A question without a dossier: as it is written, what is supposed, what is wrong with it."""

from datetime import date

import pytest
import yaml

from domain.errors import Refused
from liquidation import case as room
from liquidation.simulation import SUBJECTS, case_of, simulate

TODAY = date(2026, 11, 25)


def asked(subject, **fields):
    return simulate({"sujet": subject, **fields}, TODAY)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_example_has_an_answer(subject):
    question = yaml.load(SUBJECTS[subject].example, Loader=yaml.BaseLoader)
    answer = asked(subject, **question)
    assert answer["calcule"], answer
    assert answer["explication"]
    # the case that it stands for is one that `liasse liquidate` takes
    assert room.run(case_of({"sujet": subject, **question}, TODAY)[1])["not_computed"] == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_necessary_is_asked_for_at_once(subject):
    needed = [each.name for each in SUBJECTS[subject].fields if each.required]
    if not needed:
        return
    with pytest.raises(Refused) as refusal:
        asked(subject)
    assert refusal.value.code == "simulation_mal_posee"
    assert all(f"{name} manque" in refusal.value.detail for name in needed)


@pytest.mark.parametrize("written", ["30", 30, 30.0, "30,00", "30.00 €", " 30 "])
def test_an_amount_as_a_person_writes_it(written):
    assert asked("soins", acte="G", montant=written)["rembourse"] == "19.00"


@pytest.mark.parametrize("written", ["02/11/2026", "2026-11-02", date(2026, 11, 2), "2/11/2026"])
def test_a_day_as_a_person_writes_it(written):
    assert asked("soins", date=written)["lignes"][0]["date"] == "2026-11-02"


@pytest.mark.parametrize(("given", "said"), [
    ({"montant": "trente"}, "montant : un montant"),
    ({"montant": "30,005"}, "montant : un montant"),
    ({"montant": "1e12"}, "montant : un montant"),
    ({"montant": [30]}, "montant : un montant"),
    ({"date": "31/02/2026"}, "date : une date"),
    ({"date": "0001-01-01"}, "date : une date"),
    ({"age": -1}, "age : un nombre entier"),
    ({"ald": "peut-être"}, "ald : oui ou non"),
    ({"parcours": "seul"}, "parcours : l'un de medecin_traitant"),
    ({"praticien": "rebouteux"}, "praticien : l'un de generaliste"),
    ({"montnat": 30}, "vouliez-vous dire « montant »"),
    ({"actes": []}, "actes : une liste"),
    ({"actes": [{"acte": "G", "montant": "x"}]}, "actes[1].montant"),
    ({"acte": "ZZZ"}, "montant manque"),
    ({"secteur": 2}, "montant manque"),
])  # fmt: skip
def test_what_is_wrong_is_named_and_no_value_is_repeated(given, said):
    with pytest.raises(Refused, match="simulation_mal_posee") as refusal:
        asked("soins", **given)
    assert said in refusal.value.detail
    assert "trente" not in refusal.value.detail
    assert "montnat" not in refusal.value.detail


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(Refused) as refusal:
        asked("arret_maladie", debut="x", salaires="y", fni="z")
    assert refusal.value.detail.count(" ; ") >= 2


def test_an_unknown_subject_names_the_known_ones():
    for question in ({}, {"sujet": "impots"}, {"sujet": ["soins"]}):
        with pytest.raises(Refused, match="arret_maladie"):
            simulate(question, TODAY)


def test_what_is_not_told_is_supposed_and_said():
    answer = asked("soins")
    assert answer["suppose"] == [
        "Soins d'un médecin généraliste.", "Consulté comme médecin traitant.", "Un adulte.",
    ]  # fmt: skip
    # told, it is not supposed
    assert asked("soins", praticien="generaliste", parcours="medecin_traitant", age=40)["suppose"] == []


def test_the_age_is_that_of_1_january():
    # R160-20: under eighteen on 1 January, no participation in the whole year
    assert asked("soins", age=17)["rembourse"] == "21.00"
    assert asked("soins", age=18)["rembourse"] == "19.00"


def test_hours_are_supposed_but_where_they_are_told():
    stop = {"debut": "05/10/2026", "duree": 14, "salaires": 2000}
    assert asked("arret_maladie", **stop)["calcule"]
    refused = asked("arret_maladie", **stop, heures_3_mois=100)
    assert (refused["calcule"], refused["motifs"][0]["code"]) == (False, "ij_droits_fermes")


def test_the_participations_of_the_year_count():
    # D160-6: twenty-five in a year
    assert asked("soins", participations_deja_retenues=24)["rembourse"] == "19.00"
    assert asked("soins", participations_deja_retenues=25)["rembourse"] == "21.00"


def test_another_reading_may_be_asked_for():
    stop = {"debut": "05/10/2026", "duree": 4, "salaires": 2000}
    # 6 000 / 91,25 / 2 = 32,8767
    assert asked("arret_maladie", **stop)["brut"] == "32.88"
    assert asked("arret_maladie", **stop, lectures={"ij_maladie.arrondi": "tronque"})["brut"] == "32.87"


@pytest.mark.parametrize("days", [4, 40, 100])
@pytest.mark.parametrize(
    ("subject", "first"), [("arret_maladie", "debut"), ("accident_travail", "accident_le")]
)
def test_a_stop_that_runs_is_paid_in_several_times_as_at_once(subject, first, days):
    whole = asked(subject, **{first: "01/03/2026"}, duree=120, salaires=2000)
    running = asked(subject, **{first: "01/03/2026"}, duree=120, salaires=2000, jusqu_au=_on(days))
    by_day = {day: line["par_jour"] for line in whole["lignes"] for day in _days(line)}
    paid = {day: line["par_jour"] for line in running["lignes"] for day in _days(line)}
    assert len(paid) == days
    assert paid.items() <= by_day.items()


def _on(days):
    return date.fromordinal(date(2026, 3, 1).toordinal() + days - 1)


def _days(line):
    return range(date.fromisoformat(line["du"]).toordinal(), date.fromisoformat(line["au"]).toordinal() + 1)


@pytest.mark.parametrize("question", [
    {"sujet": "soins", "acte": "AMI", "coefficient": 10**7, "quantite": 10**7, "montant": 10**7},
    {"sujet": "soins", "acte": "VSL", "tarif": 10**7, "quantite": 10**7},
    {"sujet": "arret_maladie", "debut": "2026-01-01", "fin": "2100-01-01", "salaires": 1},
    {"sujet": "arret_maladie", "debut": "2026-01-01", "duree": 10**7, "salaires": 10**7},
    {"sujet": "hospitalisation", "entree": "1950-01-01", "sortie": "2100-01-01", "tarif": 1},
    {"sujet": "maternite", "date_prevue": "2100-12-31", "salaires": [1]},
    {"sujet": "invalidite", "categorie": 1, "date_effet": "1900-01-01", "salaires_annuels": [1] * 60},
    {"sujet": "incapacite_permanente", "taux": 10**7},
    {"sujet": "capital_deces", "deces_le": "1900-01-01", "nombre": 10**7},
    {"sujet": "soins", "lectures": {"parcours.majoration_plafond": "9e99999"}, "parcours": "hors_parcours"},
    {"sujet": "soins", "lectures": "non"},
])  # fmt: skip
def test_extremes_have_an_answer_or_a_coded_refusal(question):
    try:
        answer = simulate(question, TODAY)
    except Refused as refusal:
        answer = {"calcule": False, "motifs": refusal.code in ("simulation_mal_posee", "cas_mal_forme")}
    assert answer["calcule"] or answer["motifs"]
