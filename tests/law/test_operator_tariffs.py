"""The operator's own tariffs: loaded whole or refused, then priced as any tariff is."""

from datetime import date

import pytest

import law
from law.tarifs import BadTarifs, read
from liquidation.simulation import simulate

TODAY = date(2026, 11, 25)
GOOD = """code,since,until,tariff,limit,per_km,included_km,accord,source,label
2223342,2026-01-01,,9.00,30.00,,,,arrêté du 3 décembre 2018,Monture de classe A
2340456,2025-01-01,2025-12-31,300.00,,,,,un arrêté,Aide auditive
2340456,2026-01-01,,400.00,950.00,,,,un autre,Aide auditive
6200000,2026-01-01,,2000.00,,,,oui,un arrêté,Fauteuil
VSL,2026-01-01,,14.00,,0.97,3,,un avenant,VSL
"""


@pytest.fixture
def loaded():
    law.add_tariffs(GOOD.encode())
    yield
    law.add_tariffs(None)


def asked(**fields):
    return simulate({"sujet": "soins", **fields}, TODAY)


def test_the_house_ships_none():
    assert law.load().listed("2223342", TODAY) is None


def test_the_version_of_the_law_tells_the_tariffs_apart():
    shipped = law.load().version
    try:
        law.add_tariffs(GOOD.encode())
        first = law.load().version
        law.add_tariffs(GOOD.replace("9.00", "9.50").encode())
        second = law.load().version
        law.add_tariffs(GOOD.encode())
        assert law.load().version == first
    finally:
        law.add_tariffs(None)
    assert len({shipped, first, second}) == 3
    assert law.load().version == shipped


@pytest.mark.parametrize(("fields", "paid"), [
    ({"acte": "2223342", "praticien": "opticien", "montant": 30}, "5.40"),  # 9,00 x 60 %
    ({"acte": "2340456", "praticien": "audioprothesiste", "montant": 900}, "240.00"),  # 400,00 x 60 %
    ({"acte": "2340456", "praticien": "audioprothesiste", "montant": 900, "date": "2025-12-31"}, "180.00"),
    # 14,00 + (23 - 3) x 0,97 = 33,40; 55 % = 18,37, less the franchise of 4,00
    ({"acte": "VSL", "kilometres": 23, "montant": "33,40"}, "14.37"),
    ({"acte": "VSL", "kilometres": 2, "montant": 14}, "3.70"),  # 7,70 - 4,00
])  # fmt: skip
def test_a_loaded_tariff_prices(loaded, fields, paid):
    answer = asked(**fields)
    assert answer.get("rembourse") == paid, answer


@pytest.mark.parametrize(("fields", "code"), [
    ({"acte": "2223342", "praticien": "opticien", "montant": "30,01"}, "prix_limite_depasse"),
    ({"acte": "6200000", "praticien": "fournisseur", "montant": 2000}, "accord_prealable"),
    ({"acte": "VSL", "montant": 14}, "deplacement_non_calcule"),
    ({"acte": "2223342", "praticien": "opticien", "montant": 30, "date": "2025-12-31"}, "tarif_absent"),
])  # fmt: skip
def test_what_a_person_must_see(loaded, fields, code):
    assert [each["code"] for each in asked(**fields)["motifs"]] == [code]


@pytest.mark.parametrize(("change", "said"), [
    (("2223342,", "223342,"), "ligne 2 : code"),
    (("2026-01-01,,9.00", "01/01/2026,,9.00"), "since : une date"),
    ((",9.00,30.00", ",9,8"), "limit : un prix"),
    (("9.00,30.00", "neuf,30.00"), "tariff : un nombre"),
    (("oui,un arrêté", "peut-être,un arrêté"), "accord : oui ou non"),
    (("un avenant", ""), "source : le texte"),
    (("2025-12-31", ""), "deux tarifs de 2340456"),
    (("2026-01-01,,9.00", "2026-01-01,2025-12-31,9.00"), "until : un jour"),
    (("2026-01-01,,9.00", ",,9.00"), "since et tariff"),
    (("source,", "origine,"), "colonnes absentes : source"),
])  # fmt: skip
def test_a_bad_file_is_refused_whole(change, said):
    with pytest.raises(BadTarifs, match=said):
        read(GOOD.replace(*change).encode())


def test_a_file_of_a_spreadsheet_is_read_alike():
    assert read(GOOD.replace("\n", "\r\n").encode("utf-8-sig")) == read(GOOD.encode())
    with pytest.raises(BadTarifs, match="UTF-8"):
        read(GOOD.encode("latin-1"))
