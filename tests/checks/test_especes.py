"""Keyed fields become what liquidation takes, or say all that they lack."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from checks.especes import Attested, Avis, Capital, attested_of, avis_of, capital_of
from checks.prestations import (
    case_of,
    fitting,
    obstacles,
    record_of,
    since_of,
    span,
    to_decision,
    undecided,
)
from domain.claim import NotComputed
from domain.people import AccidentDuTravail, Affiliation, Ald, Insured
from domain.period import Period
from domain.reading import FieldReading
from law import load
from validation import apply

LAW = load()
RECEIVED = date(2026, 9, 4)
INSURED = Insured("a-1", "2850175116001", "MARTIN", "Claire", date(1985, 1, 12))
STOP = {"arret_prescrit_le": "01/09/2026", "arret_debut": "01/09/2026", "arret_fin": "10/09/2026"}
SIRET = "73282932000074"
PAYS = {"employeur_nom": "Boulangerie", "employeur_siret": SIRET, "dernier_jour_travaille": "31/08/2026",
        "salaire1_mois": "08/2026", "salaire1_brut": "2 000,00", "heures_3_mois": "455,5"}  # fmt: skip


def fields(typed: dict[str, Any]) -> dict[str, FieldReading]:
    return apply({}, typed)


def avis(typed: dict[str, Any], insured: Insured = INSURED) -> Avis:
    found = avis_of(fields(STOP | typed), insured, RECEIVED)
    assert isinstance(found, Avis), found
    return found


def lacks(typed: dict[str, Any], insured: Insured = INSURED) -> list[str]:
    found = avis_of(fields(typed), insured, RECEIVED)
    assert isinstance(found, tuple)
    return [f"{each.code} {each.message}" for each in found]


def test_a_stop() -> None:
    found = avis({"arret_envoye_le": "03/09/2026"})
    assert found.nature == "maladie"
    assert found.stop is not None
    assert (found.stop.start, found.stop.end, found.stop.since) == (
        date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 1),
    )  # fmt: skip
    assert (found.stop.sent_on, found.stop.received_on) == (date(2026, 9, 3), RECEIVED)


def test_a_prolongation_names_the_first_day() -> None:
    assert "premier jour de l'arrêt prolongé" in lacks(STOP | {"arret_prolongation": True})[0]
    after = STOP | {"arret_prolongation": True, "arret_premier_jour": "02/09/2026"}
    assert "premier jour de l'arrêt prolongé" in lacks(after)[0]
    found = avis({"arret_prolongation": True, "arret_premier_jour": "20/08/2026"})
    assert since_of(found, LAW) == date(2026, 8, 20)


def test_all_that_is_missing_is_told_at_once() -> None:
    assert len(lacks({})) == 3
    assert "dernier jour" in lacks(STOP | {"arret_fin": "31/08/2026"})[0]
    assert "perte de gain" in lacks(STOP | {"temps_partiel": True})[0]
    assert "une seule nature" in lacks(STOP | {"at_mp": True, "maternite": True})[0]


def test_an_affection_is_one_of_the_dossier() -> None:
    held = replace(INSURED, alds=(Ald(Period(date(2025, 1, 1)), 8),))
    both = replace(held, alds=(*held.alds, Ald(Period(date(2025, 1, 1)), 13)))
    assert avis({"ald": True}, held).stop.ald == 8  # type: ignore[union-attr]
    assert avis({"ald": True, "ald_numero": "13"}, both).stop.ald == 13  # type: ignore[union-attr]
    assert "numéro de l'affection" in lacks(STOP | {"ald": True}, both)[0]
    assert lacks(STOP | {"ald": True, "ald_numero": "30"}, held)[0].startswith("ald_non_reconnue")
    assert lacks(STOP | {"ald": True})[0].startswith("ald_non_reconnue")
    ended = replace(INSURED, alds=(Ald(Period(date(2025, 1, 1), date(2026, 9, 1)), 8),))
    assert lacks(STOP | {"ald": True}, ended)[0].startswith("ald_non_reconnue")


def test_an_accident_is_recognised_by_the_dossier() -> None:
    known = AccidentDuTravail(Period(date(2026, 8, 31)), "260831001", date(2026, 8, 31))
    insured = replace(INSURED, accidents=(known,))
    for typed in ({"at_mp_date": "31/08/2026"}, {"at_mp_numero": "260831001"}):
        found = avis({"at_mp": True} | typed, insured)
        assert found.accident is not None
        assert (found.accident.recognised, found.accident.occurred_on) == (True, known.occurred_on)
    for insured_of, typed in (
        (INSURED, {"at_mp_date": "31/08/2026"}),
        (insured, {"at_mp_date": "30/08/2026"}),
        (insured, {"at_mp_date": "31/08/2026", "at_mp_numero": "260831002"}),
    ):
        found = avis({"at_mp": True} | typed, insured_of)
        assert found.accident is not None
        assert not found.accident.recognised
    assert "date de l'accident" in lacks(STOP | {"at_mp": True})[0]


def test_births() -> None:
    leave = avis_of(fields({"maternite": True, "naissance_prevue": "01/06/2026"}), INSURED, RECEIVED)
    assert isinstance(leave, Avis)
    # six weeks before, ten after
    assert span(leave, LAW) == (date(2026, 4, 20), date(2026, 8, 9))
    worked_on = {"maternite": True, "naissance_prevue": "01/06/2026", "arret_debut": "04/05/2026"}
    later = avis_of(fields(worked_on), INSURED, RECEIVED)
    assert isinstance(later, Avis)
    # her attestation tells the last day before the rest that she took, not before the leave
    assert since_of(later, LAW) == span(later, LAW)[0] == date(2026, 5, 4)
    father = avis({"paternite": True, "naissance_date": "28/08/2026", "naissance_enfants": "2"})
    assert (father.born_on, father.babies) == (date(2026, 8, 28), 2)
    assert "date présumée" in lacks({"maternite": True})[0]
    assert "date de la naissance" in lacks(STOP | {"paternite": True})[0]


def test_an_attestation() -> None:
    found = attested_of(fields(PAYS | {"subrogation": True, "salaire1_jours": "20"}))
    assert isinstance(found, Attested)
    (pay,) = found.attestation.pays
    assert (pay.month, pay.gross, pay.worked_days) == (date(2026, 8, 1), Decimal("2000.00"), 20)
    assert (found.attestation.employer, found.attestation.subrogated) == (SIRET, True)
    assert found.attestation.hours_3_months == Decimal("455.5")
    assert found.iban is None


@pytest.mark.parametrize(("typed", "rubrique"), [
    ({"employeur_siret": "73282932000075"}, "SIRET"), ({"employeur_nom": None}, "nom de l'employeur"),
    ({"dernier_jour_travaille": None}, "dernier jour"), ({"salaire1_mois": None}, "salaire 1"),
    ({"salaire1_brut": None}, "salaire 1"), ({"salaire1_brut": None, "salaire1_mois": None}, "salaires"),
])  # fmt: skip
def test_an_attestation_tells_what_it_lacks(typed: dict[str, Any], rubrique: str) -> None:
    found = attested_of(fields(PAYS | typed))
    assert isinstance(found, tuple)
    assert rubrique in found[0].message


def attested(**typed: str) -> Attested:
    found = attested_of(fields(PAYS | typed))
    assert isinstance(found, Attested)
    return found


def test_which_attestation_goes_with_a_stop() -> None:
    since = date(2026, 9, 1)
    old = attested(dernier_jour_travaille="28/02/2026", salaire1_mois="02/2026")
    first, corrected = attested(), attested(salaire1_brut="2100")
    later = attested(dernier_jour_travaille="10/10/2026", salaire1_mois="09/2026")
    assert code_of(fitting([], since)) == code_of(fitting([old], since)) == "attestation_absente"
    assert code_of(fitting([later], since)) == "attestation_absente"
    assert fitting([old, first, later], since) is first
    assert fitting([first, corrected], since) is corrected
    other = attested(employeur_siret="35600000000048")
    assert code_of(fitting([first, other], since)) == "plusieurs_employeurs"


def against(
    avis: Avis, attested: Attested, received_on: date = RECEIVED, insured: Insured = INSURED
) -> list[str]:
    return [each.code for each in obstacles(avis, attested, insured, received_on, LAW)]


def test_what_keeps_days_from_being_one_payment() -> None:
    assert against(avis({}), attested()) == []
    part = attested(subrogation="oui", subrogation_debut="01/09/2026", subrogation_fin="05/09/2026")
    assert against(avis({}), part) == ["subrogation_partielle"]
    whole = attested(subrogation="oui", subrogation_debut="01/08/2026", subrogation_fin="10/09/2026")
    assert against(avis({}), whole) == []
    dead = replace(INSURED, died_on=date(2026, 9, 10))
    assert against(avis({}), attested(), insured=dead) == ["arret_apres_deces"]
    # two years from the first of October 2026, the quarter that follows the stop
    assert against(avis({}), attested(), date(2028, 9, 30)) == []
    assert against(avis({}), attested(), date(2028, 10, 1)) == ["especes_prescrites"]
    assert against(avis({"at_mp": True, "at_mp_date": "31/08/2026"}), attested(), date(2028, 10, 1)) == []


def test_each_nature_is_indemnified_by_its_own_rules() -> None:
    known = AccidentDuTravail(Period(date(2026, 8, 31)), "260831001", date(2026, 8, 31))
    insured = replace(
        INSURED, accidents=(known,), affiliations=(Affiliation(Period(date(2020, 1, 1)), "017510000"),)
    )
    three = attested(
        salaire2_mois="07/2026", salaire2_brut="2000", salaire3_mois="06/2026", salaire3_brut="2000"
    )
    # an accident: 60 % of 2 000 / 30,42 = 39,45 from the first day; less 6,2 and 0,5 % of 394,50
    hurt = avis({"at_mp": True, "at_mp_date": "31/08/2026"}, insured)
    decision = case_of(hurt, three, [], insured, date(2026, 11, 20), LAW).decide(LAW)
    assert (decision.benefit, decision.lines[0].daily, decision.lines[0].days) == (
        "ij_atmp",
        Decimal("39.45"),
        10,
    )
    # a paternity: 6 000 / 91,25 less 21 % = 51,95 a day, no carence; the second part counts the first
    father = avis({"paternite": True, "naissance_date": "28/08/2026", "arret_fin": "25/09/2026"})
    decision = case_of(father, three, [], insured, date(2026, 11, 20), LAW).decide(LAW)
    assert [(line.days, line.daily) for line in decision.lines] == [(25, Decimal("51.95"))]
    kept = record_of(father, three, decision, LAW)
    again = case_of(father, three, [kept], insured, date(2026, 11, 20), LAW).decide(LAW)
    assert [each.code for each in again.not_computed] == ["hors_du_conge"]


def test_a_decision_in_cash_is_kept_as_any_other() -> None:
    three = attested(
        salaire2_mois="07/2026",
        salaire2_brut="2000",
        salaire3_mois="06/2026",
        salaire3_brut="2000",
        subrogation="oui",
    )
    cash = case_of(avis({}), three, [], INSURED, date(2026, 11, 20), LAW).decide(LAW)
    kept = to_decision(cash, LAW)
    assert kept.total == sum(line.paid for line in kept.lines) == sum(s.amount for s in kept.shares) == cash.net
    assert [(share.payee_kind, share.payee_id) for share in kept.shares] == [("employeur", SIRET)]
    for line in kept.lines:
        assert line.paid == line.gross - sum(line.retained.values())
        assert all(step.since for step in line.trace if step.value)


def code_of(found: Attested | NotComputed) -> str:
    assert isinstance(found, NotComputed)
    return found.code


def test_overlaps() -> None:
    new, day = avis({}), date
    free = undecided(new, [(day(2026, 8, 1), day(2026, 8, 31)), (day(2026, 9, 11), day(2026, 9, 30))], LAW)
    assert free is new
    for spans in ([(day(2026, 9, 10), day(2026, 9, 12))], [(day(2026, 8, 1), day(2026, 9, 1))]):
        assert isinstance(undecided(new, spans, LAW), NotComputed)
    prolonged = avis({"arret_prolongation": True, "arret_premier_jour": "20/08/2026"})
    kept = undecided(prolonged, [(day(2026, 8, 20), day(2026, 9, 3))], LAW)
    assert isinstance(kept, Avis)
    assert kept.stop is not None
    assert (kept.start, kept.stop.start, kept.stop.since) == (
        day(2026, 9, 4),
        day(2026, 9, 4),
        day(2026, 8, 20),
    )
    assert isinstance(undecided(prolonged, [(day(2026, 9, 5), day(2026, 9, 6))], LAW), NotComputed)
    assert isinstance(undecided(prolonged, [(day(2026, 8, 20), day(2026, 9, 10))], LAW), NotComputed)


def test_a_capital() -> None:
    typed = {"deces_date": "01/04/2026", "situation_chomage": True, "demandeur2_nom": "MARTIN Paul",
             "demandeur2_lien": "conjoint", "demandeur2_a_charge": True}  # fmt: skip
    found = capital_of(fields(typed), RECEIVED)
    assert isinstance(found, Capital)
    (claimant,) = found.claimants
    assert (claimant.id, claimant.link, claimant.claimed_on, claimant.dependent) == (
        "2", "conjoint", RECEIVED, True,
    )  # fmt: skip
    assert found.entitled
    assert found.payees[0].iban is None
    for gone, rubrique in (("deces_date", "date du décès"), ("demandeur2_lien", "demandeur 2")):
        short = capital_of(fields({k: v for k, v in typed.items() if k != gone}), RECEIVED)
        assert isinstance(short, tuple)
        assert rubrique in short[0].message
    nobody = capital_of(fields({"deces_date": "01/04/2026"}), RECEIVED)
    assert isinstance(nobody, tuple)
    assert "demandeurs" in nobody[0].message
