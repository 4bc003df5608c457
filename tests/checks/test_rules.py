"""A test for each rule, on both sides: the sheet that it must speak of, and the nearest it must not."""

from dataclasses import replace
from datetime import date

import pytest

from checks import RULES, Case, answered_by_dossiers, run, verdict
from checks.table_declarations import DECLARATIONS
from domain.claim import PaidAct
from domain.findings import Finding, Severity
from domain.people import Rattachement
from domain.period import Period
from dossiers import Identification, Match
from tests.checks.sheet import (
    CARE,
    INSURED,
    PRACTITIONER,
    RPPS,
    case_with,
    fields_with,
    reading,
)

CHILD = replace(
    INSURED,
    id="enfant",
    nir=None,
    first_names="Léo",
    birth_name="DURAND",
    use_name=None,
    birth_date=date(2018, 5, 6),
    quality="30",
    assure_nir=INSURED.nir,
)
OF_BOTH = replace(
    CHILD,
    rattachements=(Rattachement(Period(CHILD.birth_date), str(INSURED.nir)),
                   Rattachement(Period(CHILD.birth_date), "1700175056123")),
)  # fmt: skip
OTHER = {"beneficiaire_nir": "1700175056123", "beneficiaire_nir_cle": "02"}
"""Another well-formed number; its key does not matter here."""


def paid(**changes: object) -> PaidAct:
    act = PaidAct(
        document_id="other",
        practitioner_rpps=RPPS,
        insured_id=INSURED.id,
        day=CARE,
        code="G",
        fee=30,  # type: ignore[arg-type]
        state="ordonnance",
    )
    return replace(act, **changes)  # type: ignore[arg-type]


def identified(probability: float, absent: float) -> Identification:
    return Identification((Match(INSURED, probability),), absent)


GOOD = case_with()

# code -> (a sheet that it must speak of, the nearest sheet that it must not)
BOTH_SIDES: dict[str, tuple[Case, Case]] = {
    "type_inattendu": (case_with(case={"reading_type": "inconnu"}), GOOD),
    "rien_lu": (replace(GOOD, fields={"maladie": reading(True)}), GOOD),
    "nir_mal_forme": (
        case_with(beneficiaire_nir="9850175116001"),
        case_with(beneficiaire_nir="285012A116001", beneficiaire_nir_cle="00"),
    ),
    "nir_cle_fausse": (case_with(beneficiaire_nir_cle="99"), GOOD),
    "nir_cle_absente": (case_with(beneficiaire_nir_cle=None), GOOD),
    "nir_provisoire": (case_with(beneficiaire_nir="7850175116001"), GOOD),
    "nir_mois_fictif": (
        case_with(beneficiaire_nir="2853275116001"),
        case_with(beneficiaire_nir="2851275116001"),
    ),
    "assure_inconnu": (
        case_with(case={"identification": identified(0.4, 0.6)}),
        case_with(case={"identification": identified(0.6, 0.4)}),
    ),
    "identification_incertaine": (
        case_with(case={"identification": identified(0.9989, 0.0011)}),
        case_with(case={"identification": identified(0.9991, 0.0009)}),
    ),
    "nir_different": (case_with(**OTHER), GOOD),
    "nir_de_l_assure": (
        case_with(case={"insured": CHILD}),
        case_with(case={"insured": replace(CHILD, nir=INSURED.nir)}),
    ),
    "assure_different": (
        case_with(case={"insured": CHILD}, assure_nir="1700175056123"),
        case_with(case={"insured": CHILD}, assure_nir=INSURED.nir),
    ),
    "parent_a_designer": (
        case_with(case={"insured": OF_BOTH}, assure_nir=None, beneficiaire_nir=None),
        case_with(case={"insured": OF_BOTH}, assure_nir="1700175056123", beneficiaire_nir=None),
    ),
    "nom_different": (
        case_with(beneficiaire_nom_prenom="LEFEBVRE Claire"),
        case_with(beneficiaire_nom_prenom="DURAND Claire"),
    ),
    "prenom_different": (
        case_with(beneficiaire_nom_prenom="MARTIN Sophie"),
        case_with(beneficiaire_nom_prenom="Anne Martin"),
    ),
    "nom_proche": (
        case_with(beneficiaire_nom_prenom="MARTIM Claire"),
        case_with(beneficiaire_nom_prenom="martin CLAIRE"),
    ),
    "naissance_differente": (
        case_with(beneficiaire_date_naissance="1985-02-12"),
        case_with(beneficiaire_date_naissance="1985-00-00"),
    ),
    "naissance_incomplete": (
        case_with(beneficiaire_date_naissance="1985-00-00"),
        case_with(beneficiaire_date_naissance="1984-00-00"),
    ),
    "naissance_nir_discordante": (
        case_with(case={"insured": None}, beneficiaire_date_naissance="1985-02-12"),
        case_with(case={"insured": None}),
    ),
    "soins_apres_deces": (
        case_with(case={"insured": replace(INSURED, died_on=date(2026, 3, 1))}),
        case_with(case={"insured": replace(INSURED, died_on=CARE)}),
    ),
    "soins_avant_naissance": (
        case_with(case={"insured": replace(INSURED, birth_date=date(2026, 3, 3))}),
        case_with(case={"insured": replace(INSURED, birth_date=CARE)}),
    ),
    "droits_fermes": (case_with(rights={"is_open": False}), GOOD),
    "droits_non_etablis": (case_with(case={"rights_by_day": {}}), GOOD),
    "organisme_inconnu": (
        case_with(organisme_rattachement="010010000"),
        case_with(organisme_rattachement="011310000"),
    ),
    "organisme_different": (
        case_with(organisme_rattachement="011310000"),
        case_with(organisme_rattachement="017519999"),
    ),
    "dispense_sans_organisme": (
        case_with(non_paye_part_obligatoire=True, organisme_rattachement=None),
        case_with(non_paye_part_obligatoire=True),
    ),
    "complementaire_seule_impayee": (
        case_with(non_paye_part_complementaire=True),
        case_with(non_paye_part_complementaire=True, non_paye_part_obligatoire=True),
    ),
    "ald_non_reconnue": (case_with(ald=True), case_with(ald=True, rights={"ald": (8,)})),
    "maternite_non_reconnue": (
        case_with(maladie=False, maternite=True, maternite_date="2026-06-01"),
        case_with(maladie=False, maternite=True, maternite_date="2026-06-01", rights={"maternity": True}),
    ),
    "accident_travail_inconnu": (
        case_with(maladie=False, at_mp=True, at_mp_numero="260101234", rights={"at_numbers": ("1",)}),
        case_with(
            maladie=False,
            at_mp=True,
            at_mp_date="2026-02-01",
            rights={"details": {"accidents": {"260101234": date(2026, 2, 1)}}},
        ),
    ),
    "praticien_inconnu": (case_with(case={"practitioner": None}), GOOD),
    "rpps_cle_fausse": (case_with(medecin_rpps="10100123450"), GOOD),
    "rpps_different": (
        case_with(medecin_rpps="10003900015"),
        case_with(medecin_rpps=None),
    ),
    "am_mal_forme": (case_with(medecin_am="75101234"), case_with(medecin_am="751012340")),
    "am_different": (case_with(medecin_am="751012340"), case_with(medecin_am=None)),
    "praticien_inactif": (
        case_with(case={"practitioner": replace(PRACTITIONER, active=Period(date(2026, 3, 3)))}),
        case_with(case={"practitioner": replace(PRACTITIONER, active=Period(CARE))}),
    ),
    "remplacant": (case_with(remplacant_nom_prenom="PETIT Jean"), GOOD),
    "acte_inconnu": (case_with(acte1_c_v="ZZZ"), case_with(acte1_c_v="GS")),
    "tarif_non_compare": (case_with(acte1_autres_actes_1="F"), GOOD),
    "montant_superieur_tarif": (
        case_with(acte1_honoraires="30.01", montant_total="30.01"),
        case_with(acte1_honoraires="45.00", montant_total="45.00", acte1_depassement="DE"),
    ),
    "montant_inferieur_tarif": (
        case_with(acte1_honoraires="29.99", montant_total="29.99"),
        GOOD,
    ),
    "depassement_inconnu": (case_with(acte1_depassement="Q"), case_with(acte1_depassement="DA")),
    "montant_illisible": (case_with(acte1_honoraires="3O.00"), GOOD),
    "total_illisible": (case_with(montant_total="3O.00"), case_with(montant_total=None)),
    "montant_nul": (
        case_with(acte1_honoraires="0.00", montant_total="0.00"),
        case_with(acte1_honoraires="0.00", montant_total="0.00", acte1_depassement="G"),
    ),
    "total_different": (
        case_with(montant_total="30.01"),
        case_with(
            acte2_date="2026-03-02",
            acte2_c_v="VG",
            acte2_honoraires="30.00",
            acte2_ik_nombre="5",
            acte2_ik_montant="3.05",
            montant_total="63.05",
        ),
    ),
    "deplacement_sans_montant": (
        case_with(acte1_deplacement_id_md="MD"),
        case_with(acte1_deplacement_id_md="MD 10.00", acte1_ik_montant="0.00"),
    ),
    "date_invalide": (case_with(acte1_date="2026-02-30"), GOOD),
    "acte_apres_feuille": (case_with(date_facture="2026-03-01"), GOOD),
    "feuille_apres_reception": (
        case_with(date_facture="2026-03-11"),
        case_with(date_facture="2026-03-10"),
    ),
    "acte_futur": (
        case_with(acte1_date="2026-03-13"),
        case_with(acte1_date="2026-03-12"),
    ),
    "prescription": (
        case_with(case={"received_on": date(2028, 4, 2)}),
        case_with(case={"received_on": date(2028, 3, 31)}),
    ),
    "prescription_dernier_jour": (
        case_with(case={"received_on": date(2028, 4, 1)}),
        case_with(case={"received_on": date(2028, 4, 2)}),
    ),
    "prescription_maternite": (
        case_with(maternite=True, case={"received_on": date(2028, 4, 2)}),
        case_with(maternite=True, case={"received_on": date(2028, 3, 31)}),
    ),
    "prescription_accident": (
        case_with(at_mp=True, case={"received_on": date(2028, 4, 2)}),
        case_with(at_mp=True, case={"received_on": date(2028, 3, 31)}),
    ),
    "accord_posterieur": (
        case_with(accord_prealable_date="2026-03-03"),
        case_with(accord_prealable_date="2026-03-02"),
    ),
    "rubrique_1_nom": (case_with(beneficiaire_nom_prenom=None), GOOD),
    "rubrique_1_nir": (
        case_with(beneficiaire_nir=None),
        case_with(beneficiaire_nir=None, assure_nir=INSURED.nir),
    ),
    "rubrique_2": (
        case_with(medecin_tampon=None, medecin_rpps=None, medecin_am=None),
        case_with(medecin_tampon=None, medecin_am=None),
    ),
    "rubrique_3": (case_with(acte1_date=None), GOOD),
    "rubrique_4": (
        case_with(accident_tiers_oui=True, accident_tiers_non=False),
        case_with(accident_tiers_oui=True, accident_tiers_non=False, accident_tiers_date="2026-02-01"),
    ),
    "rubrique_5": (case_with(acte1_c_v=None), case_with(acte1_c_v=None, acte1_code="DEQP003")),
    "rubrique_5_aucun_acte": (
        case_with(acte1_date=None, acte1_c_v=None, acte1_honoraires=None),
        case_with(acte1_date=None, acte1_c_v=None),
    ),
    "rubrique_6": (
        case_with(acte1_c_v=None, acte1_code="GAMA008"),
        case_with(acte1_c_v=None, acte1_code="GAMA008", accord_prealable_date="2026-03-01"),
    ),
    "rubrique_7": (
        case_with(acte1_c_v=None, acte1_code="ACQN001"),
        case_with(acte1_c_v=None, acte1_code="DEQP003"),
    ),
    "rubrique_8": (case_with(acte1_honoraires=None), GOOD),
    "rubrique_8_total": (case_with(montant_total=None), GOOD),
    "rubrique_9": (case_with(exo_autre=True), GOOD),
    "rubrique_10": (case_with(date_facture=None), GOOD),
    "signature_medecin": (case_with(signature_medecin=False), GOOD),
    "signature_assure": (
        case_with(signature_assure=False),
        case_with(signature_assure=False, impossibilite_signer=True),
    ),
    "signature_impossible": (case_with(impossibilite_signer=True), GOOD),
    "signature_dispensee": (
        case_with(signature_assure=False, acte1_c_v="TCG"),
        case_with(signature_assure=False, acte1_c_v="TCG", acte2_date="2026-03-02", acte2_c_v="G"),
    ),
    "nature_absente": (case_with(maladie=False), case_with(maladie=False, prevention=True)),
    "nature_multiple": (case_with(maternite=True), GOOD),
    "exoneration_sans_maladie": (
        case_with(maladie=False, at_mp=True, ald=True),
        case_with(ald=True),
    ),
    "accident_contradictoire": (
        case_with(accident_tiers_oui=True),
        case_with(accident_tiers_oui=True, accident_tiers_non=False),
    ),
    "accident_tiers": (case_with(accident_tiers_oui=True), GOOD),
    "maternite_sans_date": (
        case_with(maternite=True),
        case_with(maternite=True, maternite_date="2026-06-01"),
    ),
    "parcours_multiple": (
        case_with(urgence=True, hors_residence=True),
        case_with(urgence=True),
    ),
    "doublon_paye": (
        case_with(case={"same_acts": (paid(),)}),
        case_with(case={"same_acts": (paid(state="refuse"), paid(code="VG"), paid(day=date(2026, 3, 1)))}),
    ),
    "doublon_en_cours": (
        case_with(case={"same_acts": (paid(state="a_valider"),)}),
        case_with(
            case={
                "same_acts": (
                    paid(state="rejete"),
                    paid(state="archive", document_id="document"),
                    paid(state="archive", insured_id="jumelle"),
                    paid(state="archive", practitioner_rpps="10003900015"),
                )
            }
        ),
    ),
    "doublon_interne": (
        case_with(acte2_date="2026-03-02", acte2_c_v="G", acte2_honoraires="30.00", montant_total="60.00"),
        case_with(acte2_date="2026-03-01", acte2_c_v="G", acte2_honoraires="30.00", montant_total="60.00"),
    ),
    "meme_fichier": (case_with(case={"same_bytes_elsewhere": True}), GOOD),
}


def codes(case: Case) -> set[str]:
    return {finding.code for finding in run(case)}


@pytest.mark.parametrize("code", BOTH_SIDES)
def test_a_rule_speaks_of_what_breaks_it(code: str) -> None:
    assert code in codes(BOTH_SIDES[code][0])


@pytest.mark.parametrize("code", BOTH_SIDES)
def test_a_rule_is_silent_on_the_nearest_good_sheet(code: str) -> None:
    assert code not in codes(BOTH_SIDES[code][1])


def test_each_rule_of_the_table_has_its_test() -> None:
    declared = {code for rows in DECLARATIONS.values() for code, *_ in rows}  # each has a file of its own
    assert set(BOTH_SIDES) == set(RULES) - {"controle_en_panne", "demande_incomplete"} - declared


@pytest.mark.parametrize("code", BOTH_SIDES)
def test_no_rule_fails_on_a_spoiled_sheet(code: str) -> None:
    assert "controle_en_panne" not in codes(BOTH_SIDES[code][0]) | codes(BOTH_SIDES[code][1])


@pytest.mark.parametrize("code", [code for code in BOTH_SIDES if RULES[code].severity != "information"])
def test_what_a_rule_asks_keeps_the_sheet_from_passing(code: str) -> None:
    case = BOTH_SIDES[code][0]
    assert verdict(case.fields, run(case)) == "a_valider"


def test_the_good_sheet_passes_and_nothing_is_said() -> None:
    assert run(GOOD) == ()
    assert verdict(GOOD.fields, ()) == "valide"


def test_all_findings_are_told_not_the_first_only() -> None:
    case = case_with(
        montant_total="45.00",
        signature_assure=False,
        beneficiaire_nir_cle="99",
        rights={"is_open": False},
        case={"same_acts": (paid(),)},
    )
    assert codes(case) == {
        "total_different",
        "signature_assure",
        "nir_cle_fausse",
        "droits_fermes",
        "doublon_paye",
    }
    severities = [finding.severity for finding in run(case)]
    assert severities == sorted(severities, key=["refus_propose", "a_verifier", "information"].index)


def test_a_rule_that_fails_stops_no_other() -> None:
    from checks.runner import CHECKS

    def broken(case: Case) -> list[Finding]:
        raise ZeroDivisionError

    case = case_with(signature_medecin=False)
    found = [finding.code for finding in run(case, (broken, *CHECKS))]
    assert sorted(found) == ["controle_en_panne", "signature_medecin"]


def test_nothing_passes_without_a_claim() -> None:
    """Should the rules one day forget a case, the missing claim still asks for a person."""
    case = case_with(date_facture=None)
    assert [finding.code for finding in run(case, checks=())] == ["demande_incomplete"]


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("signature_assure", "signature_assure"),
        ("signature_medecin", "signature_medecin"),
        ("rubrique_10", "date_facture"),
        ("rubrique_3", "acte1_date"),
    ],
)
def test_no_refusal_is_proposed_on_a_doubtful_reading(code: str, field: str) -> None:
    value = False if field.startswith("signature") else None
    sure = next(each for each in run(case_with(**{field: value})) if each.code == code)
    doubt = next(each for each in run(case_with(review=(field,), **{field: value})) if each.code == code)
    assert sure.severity is Severity.REFUS_PROPOSE
    assert doubt.severity is Severity.A_VERIFIER


def test_a_person_who_designates_the_insured_has_the_last_word() -> None:
    case = case_with(case={"identification": None})
    assert run(case) == ()


def test_the_dossier_chosen_must_be_the_one_recognised() -> None:
    twin = replace(INSURED, id="jumelle")
    case = replace(GOOD, insured=twin)
    assert "identification_incertaine" in codes(case)


@pytest.mark.parametrize("name", ["acte1_honoraires", "beneficiaire_nom_prenom", "maladie", "urgence"])
def test_one_doubtful_field_keeps_the_sheet_from_passing(name: str) -> None:
    fields = fields_with(review=(name,))
    assert verdict(fields, ()) == "a_valider"


def test_an_information_lets_the_sheet_pass() -> None:
    case = case_with(beneficiaire_nir_cle=None)
    assert codes(case) == {"nir_cle_absente"}
    assert verdict(case.fields, run(case)) == "valide"


@pytest.mark.parametrize(
    "name", ["date_facture", "beneficiaire_nom_prenom", "montant_total", "signature_medecin", "acte1"]
)
def test_a_required_field_that_is_missing_keeps_the_sheet_from_passing(name: str) -> None:
    fields = {key: value for key, value in fields_with().items() if not key.startswith(name)}
    assert verdict(fields, ()) == "a_valider"


def test_messages_never_name_a_person_nor_a_number_of_one() -> None:
    secrets = ("MARTIN", "Claire", INSURED.nir or "", "2850175", RPPS, "1985")
    for spoiled, near in BOTH_SIDES.values():
        for finding in (*run(spoiled), *run(near)):
            assert not any(secret in finding.message for secret in secrets), finding.code


def test_a_doubtful_name_asks_nobody_once_the_dossiers_answer() -> None:
    case = case_with(review=("beneficiaire_nom_prenom", "medecin_tampon", "beneficiaire_nir"))
    assert verdict(case.fields, run(case)) == "a_valider"
    assert verdict(case.fields, run(case), answered_by_dossiers(case)) == "valide"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("beneficiaire_nir", "2850175116007"),
        ("beneficiaire_date_naissance", "1985-02-12"),
        ("assure_nir", "1700175056123"),
    ],
)
def test_a_doubtful_number_that_is_not_the_dossier_s_is_not_answered(name: str, value: str) -> None:
    case = case_with(review=(name,), **{name: value})
    assert name not in answered_by_dossiers(case)


def test_the_dossiers_answer_nothing_about_acts_and_nothing_without_a_person() -> None:
    case = case_with(review=("acte1_honoraires",))
    assert verdict(case.fields, run(case), answered_by_dossiers(case)) == "a_valider"
    nobody = replace(GOOD, insured=None, practitioner=None)
    assert answered_by_dossiers(nobody) == frozenset()


def test_another_first_name_near_the_dossier_s_is_asked_about() -> None:
    leo = replace(INSURED, first_names="Léo")
    near = case_with(case={"insured": leo}, beneficiaire_nom_prenom="MARTIN Léa")
    assert "prenom_different" in codes(near)


@pytest.mark.parametrize(("sector", "asked"), [("1", True), ("2", False)])
def test_a_tariff_binds_sector_1_alone(sector: str, asked: bool) -> None:
    """CCAM DEQP003: 14.77 in sector 1, 13.81 otherwise; honoraires are free in sector 2."""
    known = replace(PRACTITIONER, sector=sector)
    case = case_with(
        case={"practitioner": known},
        acte1_c_v=None,
        acte1_code="DEQP003",
        acte1_honoraires="14.78",
        montant_total="14.78",
    )
    assert ("montant_superieur_tarif" in codes(case)) is asked
