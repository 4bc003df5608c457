"""The operator's own tariffs: products of the list L165-1 (LPP) and transports, which no public table here
gives. They are his file, never one of this package: `read` takes its bytes, whole or not at all."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from domain.money import Money

NAME = "tarifs.csv"
COLUMNS = ("code", "since", "until", "tariff", "limit", "per_km", "included_km", "accord", "source", "label")
NEEDED = ("code", "since", "tariff", "source")
CODE = re.compile(r"\d{7}|ABA|ABG|VSL|TXI", re.ASCII)
AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?", re.ASCII)


class BadTarifs(ValueError):
    """A file of tariffs breaks a rule; the message names the line and the fault, in French."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A tariff of `since` to `until`: of a product (LPP) or of a transport.

    `limit`: the highest price at which the product is sold, or None. `per_km`, beyond `included_km`: of a
    transport. `accord`: the accord préalable is asked for. `source`: the text that fixes it."""

    code: str
    since: date
    until: date
    tariff: Money
    limit: Money | None
    per_km: Money | None
    included_km: Decimal
    accord: bool
    source: str
    label: str


def read(content: bytes) -> Mapping[str, tuple[Listed, ...]]:
    """Code -> its tariffs, in the order of time. Raises BadTarifs.

    `content`: CSV in UTF-8 with the columns of COLUMNS; `until` empty: still in force."""
    try:
        text = content.decode("utf-8-sig")
        rows = sorted(_rows(csv.DictReader(io.StringIO(text, newline=""))), key=lambda row: row.since)
    except (csv.Error, UnicodeDecodeError):
        raise BadTarifs("ce n'est pas du CSV en UTF-8") from None
    found: dict[str, tuple[Listed, ...]] = {}
    for row in rows:
        found[row.code] = (*found.get(row.code, ()), row)
    for code, tariffs in found.items():
        for before, after in pairwise(tariffs):
            if before.until >= after.since:
                raise BadTarifs(f"deux tarifs de {code} le {after.since:%d/%m/%Y} : datez la fin du premier")
    return found


def _rows(reader: "csv.DictReader[str]") -> Iterator[Listed]:
    if missing := set(NEEDED) - set(reader.fieldnames or ()):
        raise BadTarifs(f"colonnes absentes : {', '.join(sorted(missing))}")
    for row in reader:
        try:
            yield _listed({name: (row.get(name) or "").strip() for name in COLUMNS})
        except BadTarifs as fault:
            raise BadTarifs(f"ligne {reader.line_num} : {fault}") from None


def _listed(row: Mapping[str, str]) -> Listed:
    if not CODE.fullmatch(row["code"]):
        raise BadTarifs("code : sept chiffres (LPP), ABA, ABG, VSL ou TXI")
    since, until = _day(row, "since"), _day(row, "until")
    tariff, limit = _number(row, "tariff"), _number(row, "limit")
    if since is None or tariff is None:
        raise BadTarifs("since et tariff ne peuvent être vides")
    if until is not None and until < since:
        raise BadTarifs("until : un jour qui ne précède pas since")
    if limit is not None and limit < tariff:
        raise BadTarifs("limit : un prix qui n'est pas inférieur au tarif")
    if row["accord"] not in ("", "oui", "non"):
        raise BadTarifs("accord : oui ou non")
    if not row["source"]:
        raise BadTarifs("source : le texte qui fixe le tarif")
    return Listed(
        row["code"], since, until or date.max, tariff, limit, _number(row, "per_km"),
        _number(row, "included_km") or Decimal(0), row["accord"] == "oui", row["source"], row["label"],
    )  # fmt: skip


def _day(row: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(row[name]) if row[name] else None
    except ValueError:
        raise BadTarifs(f"{name} : une date AAAA-MM-JJ") from None


def _number(row: Mapping[str, str], name: str) -> Decimal | None:
    if row[name] and not AMOUNT.fullmatch(row[name]):
        raise BadTarifs(f"{name} : un nombre, comme 30.00")
    return Decimal(row[name]) if row[name] else None
