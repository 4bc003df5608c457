"""What others publish for a situation, asked as anybody would ask it. The source stands beside each sum.

Facts alone. Where the house reads a text otherwise than the page, the page's sum is that of the other
reading, and the question asks for it by name."""

from datetime import date

import pytest

from liquidation.simulation import simulate

TODAY = date(2026, 11, 25)

CARE = [
    # service-public.fr F17042, verified 22/12/2024: 30,00 x 70 % - 2,00
    ({"acte": "G", "montant": 30, "date": "2024-12-22"}, "19.00"),
    # the same page: 30 % where he is not the médecin traitant, less 2,00
    ({"acte": "G", "parcours": "hors_parcours", "lectures": {"parcours.majoration_lecture": "sans_plafond"}},
     "7.00"),
    # bfmtv.com, 17/04/2024: 18,55 of 26,50, less 1,00 then 2,00 from 15 May
    ({"acte": "G", "date": "2024-05-14"}, "17.55"),
    ({"acte": "G", "date": "2024-05-15"}, "16.55"),
    # mutuelle-conseil.com, 03/07/2023: secteur 1 at 25,00, secteur 2 on a base of 23,00
    ({"acte": "G", "date": "2023-07-03", "montant": 25}, "16.50"),
    ({"acte": "C", "date": "2023-07-03", "montant": 45, "secteur": 2, "optam": "non"}, "15.10"),
    # ameli.fr as quoted in 2013 for a base of 23,00, outside the parcours: 30 % less 1,00
    ({"acte": "C", "date": "2023-07-03", "montant": 45, "secteur": 2, "optam": "non",
      "parcours": "hors_parcours"}, "5.90"),
    # ameli.fr, tables of reimbursements: a child of ten, 70 % and no participation
    ({"acte": "G", "age": 10}, "21.00"),
    # the same: under sixteen, no médecin traitant is needed
    ({"acte": "G", "age": 15, "parcours": "sans_medecin_traitant"}, "21.00"),
    # ALD, accident du travail: 100 % less 2,00; maternité: 100 %
    ({"acte": "G", "ald": "oui"}, "28.00"),
    ({"acte": "G", "accident_travail": "oui"}, "28.00"),
    ({"acte": "G", "maternite": "oui"}, "30.00"),
    # C2S: nothing is left
    ({"acte": "G", "c2s": "oui"}, "30.00"),
    # régime local d'Alsace-Moselle: 90 %
    ({"acte": "G", "regime_local": "oui"}, "25.00"),
    # ameli.fr, 22/12/2024: a specialist sent to by the médecin traitant, 26,50 + MCS 5,00 = 31,50
    ({"acte": "CS+MCS", "praticien": "cardiologue", "montant": "31,50", "date": "2025-02-03"}, "20.05"),
    # the same before: CS 23,00 + MPC 2,00 + MCS 5,00 = 30,00; 21,00 - 1,00
    ({"acte": "CS+MPC+MCS", "praticien": "cardiologue", "montant": 30, "date": "2023-02-06"}, "20.00"),
    # a dépassement is never reimbursed: OPTAM at 50,00
    ({"acte": "G", "secteur": 2, "optam": "oui", "montant": 50}, "19.00"),
    # non conventionné: tarif d'autorité 0,61 x 70 % = 0,43, all of it kept for the participation
    ({"acte": "G", "secteur": "non_conventionne", "montant": 60}, "0.00"),
    # mutualib.fr: a frame of class A, base 9,00 at 60 %
    ({"acte": "2223342", "praticien": "opticien", "montant": 30, "tarif": 9}, "5.40"),
    # a hearing aid of an adult, base 400,00 at 60 %
    ({"acte": "2340456", "praticien": "audioprothesiste", "montant": 950, "tarif": 400}, "240.00"),
    # dental care, 60 % since 15/10/2023
    ({"acte": "C", "praticien": "dentiste", "montant": 23, "date": "2024-02-05"}, "13.80"),
    # transports: 55 % since 01/08/2023, 65 % before; franchise 2,00 then 4,00 a journey
    ({"acte": "VSL", "tarif": 40, "date": "2023-07-31"}, "24.00"),
    ({"acte": "VSL", "tarif": 40, "date": "2023-08-01"}, "20.00"),
    ({"acte": "VSL", "tarif": 40, "date": "2024-03-31"}, "18.00"),
    # the franchise of a day stops at 8,00: three journeys of 40,00, 66,00 - 8,00
    ({"acte": "VSL", "tarif": 40, "quantite": 3, "date": "2024-04-02"}, "58.00"),
    # an ambulance after a call to the SAMU: no franchise
    ({"acte": "ABA", "tarif": 100, "urgence": "oui", "date": "2025-03-03"}, "55.00"),
    # a nurse's AMI 4: 4 x 3,15 = 12,60 at 60 %, franchise 1,00
    ({"acte": "AMI", "coefficient": 4, "date": "2024-06-03"}, "6.56"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "paid"), CARE)
def test_care(question, paid):
    answer = simulate({"sujet": "soins", **question}, TODAY)
    assert answer.get("rembourse") == paid, answer.get("motifs")


STOPS = [
    # ledroit.fr: 2 000,00 a month: 32,88 ; actuniort.fr: 1 800,00: 29,59
    ("2024-03-04", 2000, "32.88"),
    ("2025-05-05", 1800, "29.59"),
    # most a day: Lefebvre Dalloz, 01/01/2022: 47,43; service-public.fr: 49,68 with the SMIC of 08/2022, 51,70
    # of 05/2023, 52,28 of 01/2024, 53,31 of 11/2024, 41,47 from 01/04/2025, 41,95 from 02/2026
    ("2022-03-07", 5000, "47.43"),
    ("2022-10-03", 5000, "49.68"),
    ("2023-03-06", 5000, "50.58"),
    ("2023-06-05", 5000, "51.70"),
    ("2024-03-04", 5000, "52.28"),
    ("2025-03-31", 5000, "53.31"),
    ("2025-04-01", 5000, "41.47"),
    ("2026-02-02", 5000, "41.95"),
]


@pytest.mark.parametrize(("start", "monthly", "daily"), STOPS)
def test_a_stop(start, monthly, daily):
    answer = simulate({"sujet": "arret_maladie", "debut": start, "duree": 10, "salaires": monthly}, TODAY)
    waiting, paid = answer["lignes"]
    assert (waiting["nature"], waiting["par_jour"]) == ("carence", "0.00")
    assert paid["par_jour"] == daily


@pytest.mark.parametrize(("day", "monthly", "first", "then"), [
    # managerrhconseil.fr, 2025: 1 800 / 30,42 = 59,17; 35,50, then 46,75, the net
    ("2025-03-03", 1800, "35.50", "46.75"),
    # service-public.fr F175, 01/01/2023: at most 366,89 a day: 220,14, then 293,51
    ("2023-03-06", 20000, "220.14", "293.51"),
    ("2024-03-04", 20000, "232.03", "309.37"),
    ("2025-03-03", 20000, "235.69", "314.25"),
    ("2026-03-02", 20000, "240.49", "320.66"),
])  # fmt: skip
def test_an_accident(day, monthly, first, then):
    asked = {"sujet": "accident_travail", "accident_le": day, "duree": 40, "salaires": monthly}
    lines = simulate(asked, TODAY)["lignes"]
    assert [line["par_jour"] for line in lines] == ["0.00", first, then]


@pytest.mark.parametrize(("expected", "days", "daily"), [
    # bebepassion.com: 95,22 in 2023; generali.fr: 100,36 in 2024; lessentieldeleco.fr: 104,02 in 2026
    ("2023-06-01", 112, "95.22"),
    ("2024-06-03", 112, "100.36"),
    ("2026-06-01", 112, "104.02"),
])  # fmt: skip
def test_a_maternite_at_the_plafond(expected, days, daily):
    answer = simulate({"sujet": "maternite", "date_prevue": expected, "salaires": 9000}, TODAY)
    (line,) = answer["lignes"]
    assert line["par_jour"] == daily
    assert (date.fromisoformat(line["au"]) - date.fromisoformat(line["du"])).days + 1 == days


@pytest.mark.parametrize(("given", "days"), [
    # lessentieldeleco.fr: 16 weeks, 26 from the third child, 34 for twins, 46 for triplets
    ({}, 112), ({"enfants_avant": 2}, 182), ({"bebes": 2}, 238), ({"bebes": 3}, 322),
])  # fmt: skip
def test_the_days_of_a_maternite(given, days):
    asked = {"sujet": "maternite", "date_prevue": "2026-03-02", "salaires": 2000, **given}
    (line,) = simulate(asked, TODAY)["lignes"]
    assert (date.fromisoformat(line["au"]) - date.fromisoformat(line["du"])).days + 1 == days


HIGH = {"date_effet": "2025-05-01", "salaires_annuels": 60000}
LOW = {"date_effet": "2024-05-01", "salaires_annuels": 5000}
FIVE_DAYS = {"entree": "2025-05-05", "sortie": "2025-05-09"}


@pytest.mark.parametrize(("subject", "question", "key", "amount"), [
    # capital décès, ameli.fr and the texts: 3 910 in 2024, 3 977 from 04/2025, 4 009 from 04/2026
    ("capital_deces", {"deces_le": "2024-05-02"}, "net", "3910.00"),
    ("capital_deces", {"deces_le": "2026-03-31"}, "net", "3977.00"),
    ("capital_deces", {"deces_le": "2026-04-01"}, "net", "4009.00"),
    # invalidité, at most: 1 177,50 and 1 962,50 a month in 2025
    ("invalidite", {"categorie": 1, **HIGH}, "par_mois", "1177.50"),
    ("invalidite", {"categorie": 2, **HIGH}, "par_mois", "1962.50"),
    # at least: 328,07 in 2024
    ("invalidite", {"categorie": 1, **LOW}, "par_mois", "328.07"),
    # groupe-vyv.fr, 2022: 20 % gives 10 % of the salary, 75 % gives 62,5 %
    ("incapacite_permanente", {"taux": 20, "salaire_annuel": 24000, "consolidation": "2026-05-04"}, "par_an",
     "2400.00"),
    ("incapacite_permanente", {"taux": 75, "salaire_annuel": 24000, "consolidation": "2026-05-04"}, "par_an",
     "15000.00"),
    # ameli.fr, 2024: capitals of 1 and 9 %
    ("incapacite_permanente", {"taux": 1, "consolidation": "2024-05-06"}, "capital", "471.54"),
    ("incapacite_permanente", {"taux": 9, "consolidation": "2024-05-06"}, "capital", "4714.69"),
    # urgences: 19,61, or 8,49 in ALD; 23,00 from 03/2026
    ("urgences", {"date": "2025-05-05", "tarif": 120}, "reste_a_charge", "19.61"),
    ("urgences", {"date": "2025-05-05", "tarif": 120, "ald": "oui"}, "reste_a_charge", "8.49"),
    ("urgences", {"date": "2026-03-02", "tarif": 120}, "reste_a_charge", "23.00"),
    # a stay: 20 % of it, or the forfait of 20,00 a day where that is more;
    # with an act of 120,00 or more: 24,00 and the forfait
    ("hospitalisation", {**FIVE_DAYS, "tarif": 1000}, "reste_a_charge", "200.00"),
    ("hospitalisation", {**FIVE_DAYS, "tarif": 300}, "reste_a_charge", "100.00"),
    ("hospitalisation", {**FIVE_DAYS, "tarif": 4000, "tarif_acte": 200},
     "reste_a_charge", "124.00"),
    # paternité: 25 days
    ("paternite", {"ne_le": "2026-05-04", "salaires": 2000}, "brut", "1298.75"),
])  # fmt: skip
def test_the_rest(subject, question, key, amount):
    answer = simulate({"sujet": subject, **question}, TODAY)
    assert answer.get(key) == amount, answer
