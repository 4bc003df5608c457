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
    newer = {"GL", "CEH", "CEK", "CEG", "VSP", "IMT"}
    assert law.known_codes(DAY) == frozenset(codes.ngap()) | frozenset(codes.ccam().acts) | newer
    assert law.act_label("CEH") == "Consultation du pédiatre, enfant de 0 à 2 ans"
    assert law.act_label("G") == "Consultation Médecine Générale"


def test_a_ccam_price_by_activity_and_sector():
    law = load()
    assert law.ccam_price("AHQB024", "1", "0", DAY, "1") == Decimal("67.05")
    assert law.ccam_price("AHQB024", "1", "0", DAY, "3") == Decimal("60.66")
    assert law.ccam_price("AHQP001", "1", "0", DAY, "1") is None  # non pris en charge
    with pytest.raises(NotCovered):
        law.ccam_price("AHQB024", "1", "0", date(2025, 12, 31), "1")


def test_modifiers_and_medicines():
    law = load()
    assert codes.ccam().modifiers["HHFA009"] == "AFJKTPSUO743"
    assert codes.modifiers()["F", "chirurgie"].value == Decimal("40.00")
    assert codes.modifiers()["T", "chirurgie"].value is None
    price, fee, rate = law.medicament("3400921604696", DAY)
    assert (price.number, fee.number, rate) == (Decimal("3.57"), Decimal("1.02"), 65)
    assert law.medicament("3400000000000", DAY) is None
    with pytest.raises(NotCovered):
        law.medicament("3400921604696", date(2026, 5, 14))


def test_every_modifier_of_the_published_ccam(shared):
    """Each value of chapter 19.03 stands in the table of modifiers."""
    with (shared / "data/codes/ccam.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    start = next(n for n, row in enumerate(rows) if row[2:3] == ["MODIFICATEURS"])
    letter, printed = "", set()
    for row in rows[start:]:
        letter = row[0].strip() if len(row[0].strip()) == 1 else letter
        text = row[5].strip().strip("+%").replace(",", ".")
        if letter and text.replace(".", "").isdigit():
            printed.add((letter, Decimal(text) * (100 if text == "0.49" else 1)))
    held = {
        (each.code, value)
        for each in codes.modifiers().values()
        for value in (each.value, each.optam)
        if value is not None
    }
    assert printed == held


def test_every_price_of_the_published_medicines(shared):
    lines = (shared / "data/codes/CIS_CIP_bdpm.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[::50]:
        row = line.split("\t")
        found = codes.medicaments().get(row[6])
        if found is not None:
            assert str(found.rate) == row[8].strip(" %")
            assert str(found.price) == row[9][:-3].replace(",", "") + "." + row[9][-2:]
    assert len(codes.medicaments()) == 13543


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
