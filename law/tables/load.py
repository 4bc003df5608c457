"""The operator's own tariffs: products of the list L165-1 (LPP) and transports, which no public table here
gives. A file that breaks a rule is refused whole; a good one replaces the former."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from law.tables.convert import write

HERE = Path(__file__).parent / "tarifs.csv"
HEAD = "tarifs de l'exploitant : produits de la liste L165-1 et transports, chargés par `./liasse tarifs`"
COLUMNS = ["code", "since", "until", "tariff", "limit", "per_km", "included_km", "accord", "source", "label"]
NEEDED = ("code", "since", "tariff", "source")
CODE = re.compile(r"\d{7}|ABA|ABG|VSL|TXI")
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?")


class BadTarifs(ValueError):
    """A file of tariffs breaks a rule; the message names the line and the fault, in French."""


def load(source: Path, to: Path = HERE) -> int:
    """How many tariffs were kept. Raises BadTarifs, OSError.

    `source`: CSV with the columns of COLUMNS; `until` empty: still in force; `limit`: the highest price at
    which the product is sold; `per_km` beyond `included_km`: of a transport; `accord`: oui where the accord
    préalable is asked for; `source`: the text that fixes the tariff."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_checked(csv.DictReader(file)))
    except (csv.Error, UnicodeDecodeError):
        raise BadTarifs("ce n'est pas du CSV en UTF-8") from None
    rows.sort(key=lambda row: (row["code"], row["since"]))
    for before, after in pairwise(rows):
        if before["code"] == after["code"] and not before["until"] < after["since"]:
            raise BadTarifs(f"deux tarifs de {after['code']} le {after['since']} : datez la fin du premier")
    write(to, HEAD, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    return len(rows)


def _checked(reader: "csv.DictReader[str]") -> Iterator[Mapping[str, str]]:
    if missing := set(NEEDED) - set(reader.fieldnames or ()):
        raise BadTarifs(f"colonnes absentes : {', '.join(sorted(missing))}")
    for row in reader:
        kept = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if fault := _fault(kept):
            raise BadTarifs(f"ligne {reader.line_num} : {fault}")
        # a tariff without end, before another of the same code, would hold twice
        yield kept | {"until": kept["until"] or "9999-12-31"}


def _fault(row: Mapping[str, str]) -> str | None:
    if not CODE.fullmatch(row["code"]):
        return "code : sept chiffres (LPP), ABA, ABG, VSL ou TXI"
    for name in ("since", "until"):
        if row[name] or name == "since":
            try:
                date.fromisoformat(row[name])
            except ValueError:
                return f"{name} : une date AAAA-MM-JJ"
    for name in ("tariff", "limit", "per_km", "included_km"):
        if (row[name] or name == "tariff") and not AMOUNT.fullmatch(row[name]):
            return f"{name} : un nombre, comme 30.00"
    if row["limit"] and Decimal(row["limit"]) < Decimal(row["tariff"]):
        return "limit : un prix qui n'est pas inférieur au tarif"
    if row["accord"] not in ("", "oui", "non"):
        return "accord : oui ou non"
    return None if row["source"] else "source : le texte qui fixe le tarif"
