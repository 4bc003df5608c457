"""Makes the code tables of this folder from the published files.

    python -m law.tables.convert --ngap F --ccam F --nomenclatures FOLDER --out FOLDER

`ngap`: code,description. `ccam`: the table of the Cnam as CSV. `nomenclatures`: the SNDS tables
IR_CAI_V, IR_SPE_V and IR_ALD_V, separated by semicolons. Sources and licences: law/SOURCES.md.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_CODE = re.compile(r"[A-Z]{4}\d{3}")
_PRICE = re.compile(r"\d+\.\d\d")
_ORGANISME = re.compile(r"(\d\d)[A-Z](\d{3})")

CCAM_HEAD = "Cnam, CCAM version 81, applicable 2026-01-01 ; donnée publique convertie par Liasse"
NGAP_HEAD = "Cnam, codes prestation de la NGAP et libellés ; donnée publique convertie par Liasse"
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
    """One row an activity and phase; the label stands on the first row of each code."""
    code = label = ""
    with source.open(encoding="utf-8", newline="") as file:
        for raw in csv.reader(file):
            row = [cell.strip() for cell in raw] + [""] * (11 - len(raw))
            if _CODE.fullmatch(row[0]):
                code, label = row[0], " ".join(row[2].split())
            if code and row[3].isdigit():
                yield [
                    code, row[3], row[4] or "0", price(row[5]), price(row[6]), row[7], row[8],
                    row[9].replace(" ", ""), row[10], label,
                ]  # fmt: skip
                label = ""


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
    for name in ("ngap", "ccam", "nomenclatures", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()
    write(given.out / "ngap.csv", NGAP_HEAD, ["code", "label"], sorted(ngap(given.ngap)))
    columns = ["code", "activity", "phase", "price", "price_other", "conditions", "accord", "exo"]
    write(given.out / "ccam.csv", CCAM_HEAD, [*columns, "group", "label"], ccam(given.ccam))
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
