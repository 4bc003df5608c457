"""The orders that left, as the next system takes them, against the orders of the base: the last step before the
payment. A file changed, or slipped in, would be paid."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from archive.inventory import Verdict
from domain.errors import Refused
from store import payments
from store.house import Store


def folder(store: Store) -> Path:
    return store.settings.home / "sortie" / "ordres"


def compare(store: Store) -> Iterator[Verdict]:
    """One verdict a file that is not what was ordered. One that the next system took away is not missed."""
    for file in sorted(folder(store).glob("*.json")):
        where = Verdict(f"sortie/ordres/{file.name}", None, "order")
        try:
            told = json.loads(file.read_bytes())
            with store.begin() as conn:
                fault = _fault(conn, file.stem, told)
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError, InvalidOperation):
            fault = "illisible", "ce n'est pas un ordre de la maison"
        if fault:
            yield where.but(*fault)


def _fault(conn: Connection, name: str, told: Mapping[str, Any]) -> tuple[str, str] | None:
    """Not ids of persons, which a rebuild may change, nor accounts, which may have changed since."""
    try:
        order, shares = payments.load(conn, name)
    except Refused:
        return "en_trop", "la base ne connaît pas cet ordre"
    said = (
        told["id"],
        told["decision_id"],
        told["payee_kind"],
        Decimal(told["amount"]),
        Decimal(told["retained"]),
    )
    parts = [(each["line"], Decimal(each["amount"])) for each in told["shares"]]
    if said != (order.id, order.decision_id, order.payee_kind, order.net, order.amount - order.net):
        return "altere", "ce n'est pas l'ordre qui fut donné"
    if order.payee_kind != "assure" and told["payee_id"] != order.payee_id:
        return "altere", "il paie quelqu'un d'autre"
    return ("altere", "ses parts ne sont pas celles de l'ordre") if parts != shares else None
