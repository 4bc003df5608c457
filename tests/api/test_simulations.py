"""A simulation through the interface: an answer, or a coded refusal that names the fields."""

import httpx

from tests.api.conftest import here, service

__all__ = ["here", "service"]


def test_a_question_has_an_answer(here: httpx.Client) -> None:
    answer = here.post("/api/v1/simulations", json={"sujet": "soins", "acte": "G", "montant": 30, "age": 40})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["calcule"], told["rembourse"], told["reste_a_charge"]) == (True, "19.00", "11.00")
    assert "motifs" not in told
    assert told["explication"]


def test_a_question_without_a_sum_tells_why(here: httpx.Client) -> None:
    asked = {"sujet": "soins", "acte": "CNP", "praticien": "psychiatre", "montant": 60, "date": "2023-01-02"}
    told = here.post("/api/v1/simulations", json=asked).json()
    assert told["calcule"] is False
    assert told["motifs"][0]["code"] == "droit_non_couvert"


def test_a_question_badly_asked_names_its_fields(here: httpx.Client) -> None:
    answer = here.post("/api/v1/simulations", json={"sujet": "arret_maladie", "debut": "hier"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "simulation_mal_posee"
    assert "debut : une date" in problem["detail"]
    assert "salaires manque" in problem["detail"]
    assert "hier" not in answer.text
