"""Makes the code tables of this folder from the published files.

    python -m law.tables.convert --ngap F --ccam F --bdpm F --nomenclatures FOLDER --out FOLDER

`ngap`: code,description. `ccam`: the table of the Cnam as CSV. `bdpm`: the presentations of the base
de données publique des médicaments. `nomenclatures`: the SNDS tables IR_CAI_V, IR_SPE_V, IR_ACT_V and
IR_ALD_V, separated by semicolons. Sources and licences: law/SOURCES.md.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_CODE = re.compile(r"[A-Z]{4}\d{3}")
_PRICE = re.compile(r"\d+\.\d\d")
_ORGANISME = re.compile(r"(\d\d)[A-Z](\d{3})")
_MODIFIERS = re.compile(r"\[([A-Z0-9, ]+)\]")

CCAM_HEAD = "Cnam, CCAM version 81, applicable 2026-01-01 ; donnée publique convertie par Liasse"
NGAP_HEAD = "Cnam, codes prestation de la NGAP et libellés ; donnée publique convertie par Liasse"
BDPM_HEAD = "ANSM, base de données publique des médicaments, printemps 2026 ; convertie par Liasse"
SNDS_HEAD = "Cnam, nomenclature SNDS {}, via indsante/schema-snds ; MPL-2.0 (mozilla.org/MPL/2.0)"


def write(path: Path, head: str, columns: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(f"# {head}\n")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def ngap(source: Path) -> Iterator[list[str]]:
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield [row["code"].strip(), " ".join(row["description"].split())]


def price(text: str) -> str:
    """`51.84` as it is; empty where the act is not paid for or its price cannot be read."""
    return text.strip() if _PRICE.fullmatch(text.strip()) else ""


def ccam(source: Path) -> Iterator[list[str]]:
    """One row an activity and phase; label and modifiers stand on the first row of each code."""
    with source.open(encoding="utf-8", newline="") as file:
        table = [[cell.strip() for cell in raw] + [""] * (11 - len(raw)) for raw in csv.reader(file)]
    code = label = letters = ""
    for place, row in enumerate(table):
        if _CODE.fullmatch(row[0]):
            code, label, letters = row[0], " ".join(row[2].split()), modifiers(table, place)
        if code and row[3].isdigit():
            yield [
                code, row[3], row[4] or "0", price(row[5]), price(row[6]), row[7], row[8],
                row[9].replace(" ", ""), row[10], letters, label,
            ]  # fmt: skip
            label = letters = ""


def modifiers(table: list[list[str]], place: int) -> str:
    """The letters in brackets below a code, before the next one: `FPSU`."""
    for row in table[place + 1 :]:
        if _CODE.fullmatch(row[0]):
            break
        if found := _MODIFIERS.fullmatch(row[0]):
            return found[1].replace(",", "").replace(" ", "")
    return ""


def medicaments(source: Path) -> Iterator[list[str]]:
    """CIP13, rate, price, fee of dispensing of what is reimbursed at one rate; euros with a point."""
    with source.open(encoding="utf-8") as file:
        for line in file:
            row = [cell.strip() for cell in line.split("\t")]
            rate = row[8].replace(" ", "").removesuffix("%")
            if rate.isdigit() and row[9] and row[11]:
                yield [row[6], rate, amount(row[9]), amount(row[11])]


def amount(text: str) -> str:
    """`1,603,37` -> `1603.37`."""
    whole, _, cents = text.rpartition(",")
    return f"{whole.replace(',', '')}.{cents}"


def snds(source: Path) -> Iterator[dict[str, str]]:
    with source.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def caisses(source: Path) -> Iterator[list[str]]:
    seen = set()
    for row in snds(source):
        found = _ORGANISME.fullmatch(row["ORG_BSE_NUM"])
        if found and found.groups() not in seen and row["ORG_CAI_LIB"] != "MOA A COMPLETER":
            seen.add(found.groups())
            yield [*found.groups(), " ".join(row["ORG_CAI_LIB"].split())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ngap", "ccam", "bdpm", "nomenclatures", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    write(given.out / "ngap.csv", NGAP_HEAD, ["code", "label"], sorted(ngap(given.ngap)))
    columns = ["code", "activity", "phase", "price", "price_other", "conditions", "accord", "exo"]
    write(given.out / "ccam.csv", CCAM_HEAD, [*columns, "group", "modifiers", "label"], ccam(given.ccam))
    write(
        given.out / "medicaments.csv",
        BDPM_HEAD,
        ["cip13", "rate", "price", "fee"],
        sorted({row[0]: row for row in medicaments(given.bdpm)}.values()),
    )
    write(
        given.out / "professions.csv",
        SNDS_HEAD.format("IR_ACT_V"),
        ["code", "label"],
        (
            [row["PFS_ACT_NAT"].zfill(2), row["ACT_NAT_LIB"].strip()]
            for row in snds(given.nomenclatures / "IR_ACT_V.csv")
            if row["TEC_COL"] == "0"
        ),
    )
    write(
        given.out / "caisses.csv",
        SNDS_HEAD.format("IR_CAI_V"),
        ["regime", "caisse", "label"],
        sorted(caisses(given.nomenclatures / "IR_CAI_V.csv")),
    )
    write(
        given.out / "specialites.csv",
        SNDS_HEAD.format("IR_SPE_V"),
        ["code", "label"],
        (
            [row["PFS_SPE_COD"].zfill(2), row["PFS_SPE_LIB"].strip()]
            for row in snds(given.nomenclatures / "IR_SPE_V.csv")
            if row["TEC_COL"] == "0"
        ),
    )
    write(
        given.out / "ald.csv",
        SNDS_HEAD.format("IR_ALD_V"),
        ["number", "label"],
        (
            [row["ALD_030_COD"], row["ALD_030_LIB"].strip()]
            for row in snds(given.nomenclatures / "IR_ALD_V.csv")
            if row["TEC_COL"] == "0" and int(row["ALD_030_COD"]) <= 32
        ),
    )


if __name__ == "__main__":
    main()
