"""The code tables: whole, and as the published files say."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from law import NotCovered, codes, load

DAY = date(2026, 11, 2)


def test_letters_and_ccam_codes_are_known():
    law = load()
    assert all(law.act_known(code, DAY) for code in ("G", "GS", "VG", "VGS", "APC", "CS", "HBLD038"))
    assert not law.act_known("ZZZ", DAY)
    assert len(codes.ccam().acts) == 8257
    assert law.known_codes(DAY) == frozenset(codes.ngap()) | frozenset(codes.ccam().acts)
    assert law.act_label("G") == "Consultation Médecine Générale"


def test_a_ccam_price_by_activity_and_sector():
    law = load()
    assert law.ccam_price("AHQB024", "1", "0", DAY, "1") == Decimal("67.05")
    assert law.ccam_price("AHQB024", "1", "0", DAY, "3") == Decimal("60.66")
    assert law.ccam_price("AHQP001", "1", "0", DAY, "1") is None  # non pris en charge
    with pytest.raises(NotCovered):
        law.ccam_price("AHQB024", "1", "0", date(2025, 12, 31), "1")


def test_organismes_specialties_and_ald():
    law = load()
    assert law.organisme("017510000") == "CPAM Paris"
    assert law.organisme("017519999") == "CPAM Paris"
    assert law.organisme("01751") is None
    assert law.organisme("019990000") is None
    assert law.specialty("01") == "MEDECINE GENERALE"
    assert law.ald_label(8) == "Diabète de type 1 et diabète de type 2"
    assert sorted(codes.alds()) == list(range(1, 33))


def test_a_tariff_that_this_house_does_not_have():
    law = load()
    assert law.tariff("CS", DAY, "01", "1") is None
    assert law.tariff("G", DAY, "12", "1") is None
    assert law.tariff("G", DAY, "01", "3") is None
    assert law.tariff("G", DAY, "22", "1") == law.tariff("G", DAY, "01", "1")


def test_every_price_of_the_published_ccam(shared):
    """Each code, activity and phase of the source has its row and its price here."""
    with (shared / "data/codes/ccam.csv").open(encoding="utf-8", newline="") as file:
        code, wanted = "", {}
        for row in csv.reader(file):
            code = row[0].strip() if len(row[0].strip()) == 7 and row[0].strip()[4:].isdigit() else code
            if code and row[3].strip().isdigit():
                wanted[code, row[3].strip(), row[4].strip() or "0"] = row[5].strip()
    for (code, activity, phase), printed in wanted.items():
        price = load().ccam_price(code, activity, phase, DAY, "1")
        if printed.replace(".", "").isdigit():
            assert price == Decimal(printed)
        else:
            assert price is None
    assert len(wanted) == 13439  # BELA129 has its activity 1 twice in the source
