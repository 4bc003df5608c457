"""«Que toucherai-je ?»: the indemnités journalières of a stop or of a leave."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, get_args

from domain.errors import Refused
from law import Law
from liquidation.especes.maternite import Birth, leave
from liquidation.especes.types import Waiver
from liquidation.simulation import fields, limits, pay
from liquidation.simulation.fields import AFFECTION, AMOUNT, COUNT, DAY, FLAG, Field, one_of
from liquidation.simulation.pay import PAY

ONE = timedelta(days=1)
END = (
    Field("fin", DAY, "dernier jour de l'arrêt ; ou bien duree"),
    Field("duree", COUNT, "nombre de jours de l'arrêt, s'il n'y a pas de fin"),
)
STOP = (
    Field("debut", DAY, "premier jour de l'arrêt", required=True),
    *END,
    Field("prolonge_depuis", DAY, "premier jour de l'arrêt que celui-ci prolonge ; il n'en prolonge aucun"),
    Field("jusqu_au", DAY, "dernier jour à payer d'un arrêt en cours ; tout l'arrêt"),
)
ILL = (
    *STOP,
    *PAY,
    Field("ald", AFFECTION, "affection de longue durée (D160-4) dont l'arrêt est la suite ; aucune"),
    Field("sans_carence", one_of({each: each for each in get_args(Waiver)}), "pourquoi rien n'attend"),
    Field("deces_enfant_le", DAY, "date du décès, avec sans_carence: deces_enfant"),
    Field("jours_deja_indemnises", COUNT, "jours indemnisés dans les trois ans d'avant ; 0"),
    Field("perte_de_salaire", AMOUNT, "temps partiel thérapeutique : salaire perdu pendant l'arrêt"),
    Field("teleconsultation", FLAG, "prescrit à distance par un autre que le médecin traitant ; non"),
    Field("retraite_depuis", DAY, "âge légal atteint et pension de vieillesse, depuis ce jour ; non"),
    Field("envoye_le", DAY, "jour d'envoi de l'avis ; dans les délais"),
    Field("retard_precedent", DAY, "prescription d'un avis précédent envoyé en retard"),
)
HURT = (
    Field("accident_le", DAY, "jour de l'accident, ou de la maladie professionnelle", required=True),
    Field("debut", DAY, "premier jour de l'arrêt ; celui de l'accident"),
    *END,
    *STOP[3:],
    *PAY,
)
BIRTH = (
    Field("date_prevue", DAY, "date présumée de l'accouchement", required=True),
    Field("ne_le", DAY, "date de l'accouchement ; celle qui est prévue"),
    Field("bebes", COUNT, "enfants de cette grossesse ; 1"),
    Field("enfants_avant", COUNT, "enfants déjà nés ou à charge ; 0"),
    Field(
        "jours_pathologiques", COUNT, "repos d'une grossesse pathologique, avant le congé, quatorze au plus ; 0"
    ),
    Field("debut", DAY, "premier jour du repos ; celui du congé légal"),
    Field("fin", DAY, "dernier jour du repos ; celui du congé légal"),
    *PAY,
)
FATHER = (
    Field("ne_le", DAY, "date de la naissance", required=True),
    Field("bebes", COUNT, "enfants de cette naissance ; 1"),
    Field("debut", DAY, "premier jour du congé ; celui de la naissance"),
    Field("fin", DAY, "dernier jour du congé ; ou bien duree"),
    Field("duree", COUNT, "nombre de jours ; tous ceux du congé"),
    Field("deja_pris", COUNT, "jours du congé déjà indemnisés ; 0"),
    *PAY,
)
Case = tuple[dict[str, Any], list[str]]


def ill(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """An arrêt maladie."""
    given = fields.read(question, ILL)
    start, end = given["debut"], end_of(given, given["debut"])
    since = given.get("prolonge_depuis", start)
    attestation, supposed = pay.attestation(given, since, law)
    history: dict[str, Any] = {}
    if count := given.get("jours_deja_indemnises"):
        # the days before the stop, in a row: they all lie in the three years
        last = since - ONE
        first = last - timedelta(days=min(count, limits.INDEMNIFIED_DAYS) - 1)
        history["paid"] = [{"start": first.isoformat(), "end": last.isoformat()}]
    if pensioner := given.get("retraite_depuis"):
        history["pensioner_since"] = pensioner.isoformat()
    if late := given.get("retard_precedent"):
        history["late"] = [late.isoformat()]
    return {
        "benefit": "ij_maladie",
        "decided_on": max(today, end).isoformat(),
        "stop": _stop(given, start, end)
        | {
            "ald": given.get("ald"),
            "waiver": given.get("sans_carence"),
            "child_died_on": _iso(given.get("deces_enfant_le")),
            "part_time_loss": _written(given.get("perte_de_salaire")),
            "teleconsulted": given.get("teleconsultation", False),
            "sent_on": _iso(given.get("envoye_le")),
        },
        "attestation": attestation,
        "history": history,
        "paid_until": _iso(given.get("jusqu_au")),
    }, supposed


def hurt(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A stop after an accident du travail."""
    given = fields.read(question, HURT)
    start = given.get("debut", given["accident_le"])
    end = end_of(given, start)
    since = given.get("prolonge_depuis", start)
    attestation, _ = pay.attestation(given, since, law)
    return {
        "benefit": "ij_atmp",
        "decided_on": max(today, end).isoformat(),
        "accident": {"number": "simulation", "occurred_on": given["accident_le"].isoformat()},
        "stop": _stop(given, start, end),
        "attestation": attestation,
        "paid_until": _iso(given.get("jusqu_au")),
    }, ["L'accident est reconnu comme un accident du travail."]


def mother(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A congé de maternité."""
    given = fields.read(question, BIRTH)
    expected = given["date_prevue"]
    # the pays before the longest rest that may be hers; those of the months that count are among them
    attestation, supposed = pay.attestation(given, _rest(given, law), law)
    return {
        "benefit": "ij_maternite",
        "decided_on": max(today, expected).isoformat(),
        "birth": {
            "expected_on": expected.isoformat(),
            "born_on": _iso(given.get("ne_le")),
            "babies": given.get("bebes", 1),
            "children_before": given.get("enfants_avant", 0),
            "pathological_days": given.get("jours_pathologiques", 0),
        },
        "attestation": attestation,
        "start": _iso(given.get("debut")),
        "end": _iso(given.get("fin")),
    }, supposed


def father(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A congé de paternité et d'accueil de l'enfant."""
    given = fields.read(question, FATHER)
    born = given["ne_le"]
    babies = given.get("bebes", 1)
    start = given.get("debut", born)
    if "fin" not in given and "duree" not in given:
        whole = law.value("ij_paternite.jours" if babies == 1 else "ij_paternite.jours_multiples", born)
        given["duree"] = int(whole.number) - given.get("deja_pris", 0)
    end = end_of(given, start)
    attestation, supposed = pay.attestation(given, start, law)
    return {
        "benefit": "ij_paternite",
        "decided_on": max(today, end).isoformat(),
        "born_on": born.isoformat(),
        "babies": babies,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "taken_before": given.get("deja_pris", 0),
        "attestation": attestation,
    }, supposed


def _rest(given: Mapping[str, Any], law: Law) -> date:
    birth = Birth(
        given["date_prevue"],
        given.get("bebes", 1),
        given.get("enfants_avant", 0),
        given.get("ne_le"),
        given.get("jours_pathologiques", 0),
    )
    return leave(birth, law)[0]


def end_of(given: Mapping[str, Any], start: date) -> date:
    """The last day, told or counted. Raises Refused."""
    end: date | None = given.get("fin")
    if end is None and given.get("duree"):
        end = start + timedelta(days=min(given["duree"], limits.STOP_DAYS) - 1)
    if end is None:
        raise Refused(fields.CODE, "fin manque : une date ; ou duree, un nombre de jours.")
    if not start <= end < start + timedelta(days=limits.STOP_DAYS):
        raise Refused(fields.CODE, "fin : un jour qui suit le début, dix ans au plus.")
    return end


def _stop(given: Mapping[str, Any], start: date, end: date) -> dict[str, Any]:
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "prescribed_on": start.isoformat(),
        "interrupted_on": _iso(given.get("prolonge_depuis")),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _written(amount: Any) -> str | None:
    return None if amount is None else str(amount)
