"""What is not computed goes to a person whole, with every reason; and who is paid."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.claim import History, PaidAct, Share
from domain.people import AccidentDuTravail, Affiliation, Ald, ComplementaireSante, Situation
from domain.period import Period
from liquidation.reasons import REASONS
from liquidation.scope import already_paid
from tests.liquidation.cases import CARE, DOCTOR, OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro

ALWAYS = Period(date(2020, 1, 1))
ROOT = Path(__file__).parent.parent.parent
SPECIALIST = {"practitioner_specialty": "03", "practitioner_rpps": OTHER_DOCTOR, "parcours": "O"}
LOCAL = an_insured(situations=(Situation(ALWAYS, "regime_local"),))


def technical(code="DEQP003", **changes):
    return an_act(**{"code": code, "fee": euro("14.77"), **changes})


CASES = {
    "acte_inconnu": (a_claim(an_act(code="ZZZ")), an_insured()),
    "acte_non_calcule": (a_claim(an_act(code="CS")), an_insured()),
    "quantite_non_calculee": (a_claim(an_act(quantity=2)), an_insured()),
    "deplacement_non_calcule": (a_claim(an_act(travel_fee=euro("3.50"))), an_insured()),
    "depassement_non_calcule": (a_claim(an_act(depassement="TM")), an_insured()),
    "montant_negatif": (a_claim(an_act(fee=euro("-1.00"))), an_insured()),
    "specialite_non_calculee": (a_claim(practitioner_specialty="83"), an_insured()),
    "secteur_non_calcule": (a_claim(practitioner_sector="9"), an_insured()),
    "condition_d_age": (a_claim(an_act(others=("MEG",), fee=euro("35.00"))), an_insured()),
    "condition_medecin_traitant": (
        a_claim(an_act(others=("MUT",)), practitioner_rpps=OTHER_DOCTOR), an_insured(),
    ),
    "condition_correspondant": (a_claim(an_act(others=("MCG",))), an_insured()),
    "condition_autre_medecin": (a_claim(an_act(others=("SNP",))), an_insured()),
    "teleconsultation_hors_parcours": (
        a_claim(an_act(code="TCG"), practitioner_rpps=OTHER_DOCTOR, parcours="S"), an_insured(),
    ),
    "optam_inconnu": (
        a_claim(an_act(code="CS", fee=euro("60.00")), practitioner_sector="3", **SPECIALIST), an_insured(),
    ),
    "lettre_sans_depassement": (
        a_claim(an_act(fee=euro("60.00")), practitioner_sector="3", practitioner_optam=False), an_insured(),
    ),
    "tarif_autorite_absent": (a_claim(an_act(code="VG"), practitioner_sector="0"), an_insured()),
    "activite_inconnue": (a_claim(technical(activity="4")), an_insured()),
    "acte_non_pris_en_charge": (a_claim(technical("AHQP001")), an_insured()),
    "acte_d_une_autre_profession": (a_claim(technical(), practitioner_specialty="24"), an_insured()),
    "remboursement_sous_conditions": (a_claim(technical("BANP003")), an_insured()),
    "accord_prealable": (a_claim(technical("GAMA008")), an_insured()),
    "modificateur_inconnu": (a_claim(technical(modifiers="K")), an_insured()),
    "modificateur_a_verifier": (a_claim(technical(modifiers="FF")), an_insured()),
    "association_inconnue": (a_claim(technical(association="7")), an_insured()),
    "association_absente": (a_claim(technical(), technical("DEQP002", line=2)), an_insured()),
    "cumul_a_verifier": (a_claim(technical("DEQP002"), an_act(2)), an_insured()),
    "anesthesie_lourde": (
        a_claim(technical("HHFA009", activity="4"), **{**SPECIALIST, "practitioner_specialty": "02"}),
        an_insured(),
    ),
    "medicament_non_calcule": (
        a_claim(an_act(code="3400935002525", day=CARE), practitioner_specialty="50"), an_insured(),
    ),
    "transport_non_calcule": (a_claim(an_act(code="FUE"), practitioner_specialty="56"), an_insured()),
    "tarif_absent": (a_claim(an_act(code="VSL"), practitioner_specialty="55"), an_insured()),
    "nature_non_calculee": (a_claim(nature="l115"), an_insured()),
    "exoneration_non_calculee": (a_claim(other_exemption=True), an_insured()),
    "motif_a_verifier": (a_claim(an_act(ground="contraception")), an_insured()),  # 46 years
    "hospitalise_non_calcule": (
        a_claim(an_act(code="VSL", tariff=euro("20.00")), practitioner_specialty="55", hospitalised=True),
        an_insured(),
    ),
    "medicament_exclu": (
        a_claim(an_act(code="3400921610550"), practitioner_specialty="50"),
        an_insured(situations=(Situation(ALWAYS, "ame"),)),
    ),
    "droits_fermes": (a_claim(), an_insured(died_on=date(2026, 11, 1))),
    "regime_non_gere": (a_claim(), an_insured(affiliations=(Affiliation(ALWAYS, "027510000"),))),
    "territoire_non_calcule": (a_claim(), an_insured(affiliations=(Affiliation(ALWAYS, "019760000"),))),
    "at_non_reconnu": (a_claim(nature="atmp", at_number="9"), an_insured()),
    "maternite_hors_periode": (a_claim(nature="maternite"), an_insured()),
    "droit_non_couvert": (a_claim(an_act(day=date(2021, 12, 31))), an_insured()),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_each_reason(code):
    claim, insured = CASES[code]
    decision = decide(claim, insured)
    assert code in [reason.code for reason in decision.not_computed]
    assert (decision.lines, decision.shares, decision.withheld, decision.total) == ((), (), (), 0)
    assert all(reason.message.endswith(".") for reason in decision.not_computed)


def test_every_published_reason_is_one_that_happens():
    elsewhere = {"sans_acte", "droits_absents", "doublon", "parcours_a_verifier"}
    cash = {
        "paie_absente", "ouverture_inconnue", "ij_droits_fermes", "avis_apres_la_fin", "date_deces_absente",
        "hors_du_conge", "capital_non_ouvert", "capital_sans_demande", "capital_priorite", "revenu_absent",
        "temps_partiel_at", "sejour_long", "pension_non_ouverte",
        "invalidite_insuffisante", "carriere_absente", "rente_option", "conge_trop_court",
        "arret_avant_accident", "rente_ex_conjoint", "rente_sans_ayant_droit", "prix_limite_depasse",
        "deuil_age",
    }  # fmt: skip
    here = set(CASES) | elsewhere | cash
    assert here <= set(REASONS)
    # the others are said by the rooms that read the forms of cash benefits
    rooms = [ROOT / name for name in ("checks", "workers", "store") if (ROOT / name).exists()]
    said = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    assert not rooms or all(f'"{code}"' in said for code in set(REASONS) - here)


def test_one_line_that_is_not_computed_stops_the_claim():
    decision = decide(a_claim(an_act(1), an_act(2, code="VNP"), an_act(3, travel_code="IK")))
    assert [(each.code, each.line) for each in decision.not_computed] == [
        ("acte_non_calcule", 2),
        ("deplacement_non_calcule", 3),
    ]
    assert decision.shares == ()


def test_past_the_horizon_is_a_declared_refusal():
    decision = decide(a_claim(an_act(day=date(2026, 12, 31))), decided_on=date(2027, 1, 1))
    assert [each.code for each in decision.not_computed] == ["droit_non_couvert"]
    assert "31/12/2026" in decision.not_computed[0].message


@pytest.mark.parametrize("state", ["liquide", "ordonnance"])
def test_an_act_already_paid(state):
    paid = PaidAct("document-0", DOCTOR, "assure-1", CARE, "G", euro("30.00"), state)
    assert [each.code for each in already_paid(a_claim(), History((), (paid,)))] == ["doublon"]
    assert decide(history=History((), (paid,))).lines  # a person may have accepted it


@pytest.mark.parametrize("other", [
    {"document_id": "document-1"}, {"practitioner_rpps": "1"}, {"day": date(2026, 11, 3)},
    {"code": "VG"}, {"state": "refuse"}, {"insured_id": "assure-2"},
])  # fmt: skip
def test_an_act_that_is_another(other):
    act = {
        "document_id": "document-0", "practitioner_rpps": DOCTOR, "insured_id": "assure-1", "day": CARE,
        "code": "G", "fee": euro("30.00"), "state": "ordonnance", **other,
    }  # fmt: skip
    assert not list(already_paid(a_claim(), History((), (PaidAct(**act),))))


def test_the_accident_may_be_named_by_its_date_or_alone():
    accident = AccidentDuTravail(ALWAYS, "251234567", date(2026, 10, 5))
    insured = an_insured(accidents=(accident,))
    assert decide(a_claim(nature="atmp", at_date=date(2026, 10, 5)), insured).total == euro("28.00")
    assert decide(a_claim(nature="atmp"), insured).total == euro("28.00")
    assert decide(a_claim(nature="atmp", at_date=date(2026, 10, 6)), insured).not_computed


def test_fees_above_and_below_the_tariff():
    # above: base = tariff, 30,00 x 70 % - 2,00 = 19,00 ; below: 20,01 x 70 % = 14,007 -> 14,01 - 2,00
    assert decide(a_claim(an_act(fee=euro("30.01")))).total == euro("19.00")
    assert decide(a_claim(an_act(fee=euro("45.00")))).total == euro("19.00")
    assert decide(a_claim(an_act(fee=euro("20.01")))).total == euro("12.01")


def test_halves_are_rounded_up():
    # 0,05 x 70 % = 0,035 -> 0,04
    assert decide(a_claim(an_act(fee=euro("0.05")))).lines[0].gross == euro("0.04")


@pytest.mark.parametrize(
    ("code", "base"), [("GS", "30.00"), ("VG", "30.00"), ("VGS", "30.00"), ("APC", "60.00")]
)
def test_the_other_letters(code, base):
    line = decide(a_claim(an_act(code=code, fee=euro("60.00")))).lines[0]
    assert (line.base, line.paid) == (euro(base), euro(base) * Decimal("0.7") - 2)


def test_two_payees_on_one_line():
    insured = an_insured(complementaires=(ComplementaireSante(ALWAYS),))
    decision = decide(a_claim(complementary_paid_by_insured=False), insured)
    assert decision.shares == (
        Share(1, "assure", "assure-1", euro("21.00")),
        Share(1, "praticien", DOCTOR, euro("9.00")),
    )
    whole = decide(a_claim(paid_by_insured=False, complementary_paid_by_insured=False), insured)
    assert whole.shares == (Share(1, "praticien", DOCTOR, euro("30.00")),)


def test_the_tiers_payant_of_the_part_obligatoire():
    decision = decide(a_claim(paid_by_insured=False))
    assert decision.shares == (Share(1, "praticien", DOCTOR, euro("21.00")),)


def test_an_accident_caused_by_someone_is_paid_all_the_same():
    decision = decide(a_claim(accident_by_third_party=True))
    assert decision.total == euro("19.00")
    assert "CSS L376-1" in [step.article for step in decision.trace]


def test_the_assurance_that_is_not_computed_is_named():
    (reason,) = decide(a_claim(nature="l115")).not_computed
    assert "guerre" in reason.message


def test_steps_that_rest_on_a_text_alone_are_not_contested():
    decision = decide()
    assert [step.contested for step in decision.trace] == [False]
    notes = [step for step in decision.lines[0].trace if step.parameter is None]
    assert notes
    assert not any(step.contested for step in notes)


@pytest.mark.parametrize(("ticked", "held", "said"), [
    (True, False, "aucun protocole"), (False, True, "pas signalé"), (False, False, "Part de l'assurance"),
])  # fmt: skip
def test_why_the_rate_is_the_ordinary_one(ticked, held, said):
    insured = an_insured(alds=(Ald(ALWAYS, 8),)) if held else an_insured()
    line = decide(a_claim(ald=ticked), insured).lines[0]
    step = next(step for step in line.trace if step.parameter == "taux.medecin")
    assert said in step.sentence


def test_the_ald_box_without_a_protocole_is_said():
    line = decide(a_claim(ald=True)).lines[0]
    assert line.rate == 70
    assert any("protocole" in step.sentence for step in line.trace)
