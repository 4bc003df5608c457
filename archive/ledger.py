"""The rows of the money against what the journal tells of them: which one was changed, added or removed.

The journal's lines hold each decision, order and indu whole, and `rows` ties those lines to the seals. What
they tell is written, by the very functions that rebuild a lost database, into temporary tables of the same
names, which stand before the true ones for the length of one transaction; the two are then compared, row by
row. So what is found right here is what a rebuild would make.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, select, text

from archive import accounts, chain, lines, restore
from archive.accounts import Said
from archive.inventory import Inventory, Verdict
from domain.claim import Claim
from store import bodies, cash, money, past, tables
from store.clock import now
from store.crypt import Tampered
from store.engine import spoken
from store.house import Store
from store.journal import Line, hash_of

COMPARED: Mapping[str, tuple[str, str]] = {
    "decisions": (
        "id",
        "document_id, insured_id, rpps, corrects, nature, decided_on, total, trace, law_version, code_version",
    ),
    "decision_lines": (
        "decision_id, line",
        "code, day, fee, base, rate, gross, retained, complementary, paid, trace",
    ),
    "withheld": (
        "decision_id, n",
        "insured_id, kind, amount, outstanding, reimbursed_on, care_day, professional",
    ),
    "shares": ("decision_id, line, payee_kind, payee_id", "amount, order_id"),
    "orders": ("id", "decision_id, payee_kind, payee_id, amount"),
    "retenues": ("order_id, n", "kind, indu_id, insured_id, care_day, professional, amount, on_day"),
    "indus": (
        "id",
        "decision_id, document_id, insured_id, debtor_kind, debtor_id, amount, costs, asked, fraud, reason, "
        "paid_on, found_on, outcome, trace",
    ),
    "indu_events": ("indu_id, n", "what, on_day, amount, body, actor"),
    "acts": ("document_id, line", "insured_id, rpps, day, code, fee"),
    "document_data": ("document_id, kind", "body"),
    "outbox": ("order_id, kind", "document_id"),
}
"""Table -> its key, and what the journal tells of it. Not here: ids and times that the database gives."""
OF = {
    "decisions": "decisions", "decision_lines": "decisions", "withheld": "decisions", "shares": "decisions",
    "orders": "orders", "retenues": "orders", "outbox": "orders", "indus": "indus", "indu_events": "indus",
}  # fmt: skip
"""Table -> what the first column of its key names; a document where it is not here."""
WHERE = {
    # in flight, they are compared with nothing: no decision tells them yet
    "acts": "{}.document_id IN (SELECT document_id FROM public.decisions UNION "
    "SELECT document_id FROM pg_temp.decisions)",
    "document_data": f"{{}}.kind = '{cash.RECORD}'",
    "outbox": "{}.order_id IS NOT NULL",
}
_READ = """
    INSERT INTO pg_temp.document_data SELECT * FROM public.document_data
    WHERE document_id = :id AND kind IN ('reading', 'values')"""
_TOLD = """
    SELECT DISTINCT document_id FROM public.journal
    WHERE jsonb_exists_any(hashes::jsonb, ARRAY['decision', 'orders', 'indu']) ORDER BY document_id"""
_DOCUMENT = {
    "decisions": "SELECT document_id FROM {}.decisions WHERE id::text = :id",
    "orders": "SELECT document_id FROM {0}.decisions d JOIN {0}.orders o ON o.decision_id = d.id "
    "WHERE o.id::text = :id",
    "indus": "SELECT document_id FROM {}.indus WHERE id::text = :id",
}
People = Callable[[], Mapping[str, str]]
UNSAID = "rien au journal ne le dit"
DIFFERS = "ce n'est pas ce que dit le journal"
LACKS = "le journal le dit, et la base ne l'a plus"


def compare(store: Store) -> Iterator[Verdict]:
    """One verdict a row that is wrong. Nothing is written that lasts."""
    with _shadowed(store) as conn:
        people = cache(lambda: _people(store, conn))
        for document_id, told in _journals(conn):
            yield from _write(store, conn, document_id, told, people)
        for table in COMPARED:
            yield from _differences(conn, table)


@contextmanager
def _shadowed(store: Store) -> Iterator[Connection]:
    """A transaction of one moment, in which only the temporary tables can be written; a connection of its
    own, since a statement that was prepared before would still reach the true ones."""
    with spoken(), store.engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn:
        conn.connection.driver_connection.prepare_threshold = None  # type: ignore[union-attr]
        conn.detach()
        for table in COMPARED:
            conn.execute(
                text(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING INDEXES)")
            )
        conn.execute(text("SET LOCAL transaction_read_only = on"))
        yield conn
        conn.rollback()


def _journals(conn: Connection) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The lines of each document that has any to do with money, but those that are not what was written:
    `rows` accuses them."""
    j = tables.journal.c
    for document_id in map(str, conn.execute(text(_TOLD)).scalars().all()):
        found = conn.execute(select(tables.journal).where(j.document_id == document_id).order_by(j.n))
        told = [Line(**row._mapping) for row in found]
        yield document_id, [lines.of_journal(line) for line in told if hash_of(line) == line.hash]


def _people(store: Store, conn: Connection) -> Mapping[str, str]:
    """Of a house that was rebuilt, the present ids of persons by those that the journal tells."""
    inventory, seen = Inventory(store.objects, now()), chain.Chain()
    list(chain.read(inventory, seen))
    return accounts.people_of(conn, restore.read_packages(store, inventory, seen)[0].values())


def _opened(store: Store, told: Sequence[Mapping[str, Any]]) -> Said | None:
    """None where the key is destroyed, or a line does not open."""
    try:
        said = accounts.opened(store, told)
    except (Tampered, ValueError):
        return None
    return said or None


def _write(
    store: Store, conn: Connection, document_id: str, told: Sequence[Mapping[str, Any]], people: People
) -> Iterator[Verdict]:
    said = _opened(store, told)
    try:
        with conn.begin_nested():
            if said is None:
                raise ValueError("nothing to read")
            _as_told(conn, document_id, said, people)
    except (ValueError, KeyError):
        yield from _as_it_is(conn, document_id, told)


def _as_told(conn: Connection, document_id: str, said: Said, people: People) -> None:
    found = accounts.decision_in(said)
    if found is None:
        raise ValueError("no decision")
    first = found[1]
    known = select(tables.insured.c.id).where(tables.insured.c.id == first["insured_id"])
    now_called = {} if conn.execute(known).one_or_none() else people()
    # what a correction typed is written over what was read
    conn.execute(text(_READ), {"id": document_id})
    if claim := (first.get(past.CASE) or {}).get("claim"):
        money.save_claim(conn, bodies.read_as(Claim, accounts.renamed(claim, now_called)))
    insured_id = now_called.get(first["insured_id"], first["insured_id"])
    accounts.write(conn, document_id, insured_id, first["rpps"], said, now_called)
    accounts.write_retained(conn, said, now_called)


def _as_it_is(conn: Connection, document_id: str, told: Sequence[Mapping[str, Any]]) -> Iterator[Verdict]:
    """Of a document whose key is destroyed, ids alone are told: they must be there, and count as right."""
    hashes = [json.loads(line["hashes"]) for line in told]
    ids = {
        "decisions": {each["decision"] for each in hashes if "decision" in each},
        "orders": {id for each in hashes for id in each.get("orders", ())},
        "indus": {each["indu"] for each in hashes if "indu" in each},
    }
    for table, (key, _) in COMPARED.items():
        which, name = OF.get(table, ""), key.partition(", ")[0]
        conn.execute(
            text(
                f"INSERT INTO pg_temp.{table} SELECT * FROM public.{table} "  # noqa: S608
                f"WHERE {name}::text = ANY(:ids)"
            ),
            {"ids": sorted(ids.get(which, {document_id}))},
        )
    for table, wanted in ids.items():
        here = conn.execute(text(f"SELECT id::text FROM pg_temp.{table}")).scalars()  # noqa: S608
        for id in sorted(wanted.difference(here)):
            yield Verdict(f"base:{table}/{id}", None, "row", "absent", LACKS, document_id)


def _differences(conn: Connection, table: str) -> Iterator[Verdict]:
    key = COMPARED[table][0]
    names = key.split(", ")
    rows = {side: _side(side, table) for side in ("public", "pg_temp")}
    query = f"""
        SELECT {key}, base.there IS NULL AS lacks, said.there IS NULL AS unsaid
        FROM {rows["public"]} AS base FULL JOIN {rows["pg_temp"]} AS said USING ({key})
        WHERE base.told IS DISTINCT FROM said.told ORDER BY {key}"""  # noqa: S608
    for row in conn.execute(text(query)).all():
        at = row._mapping
        verdict, detail = ("absent", LACKS) if at["lacks"] else ("en_trop", UNSAID)
        if not at["lacks"] and not at["unsaid"]:
            verdict, detail = "altere", DIFFERS
        where = "/".join(str(at[name]) for name in names if name != "payee_id")
        document = _document_of(conn, table, str(at[names[0]]))
        yield Verdict(f"base:{table}/{where}", None, "row", verdict, detail, document)


def _side(side: str, table: str) -> str:
    key, told = COMPARED[table]
    where = WHERE.get(table, "true").format(f"{side}.{table}")
    return f"(SELECT {key}, true AS there, ROW({told}) AS told FROM {side}.{table} WHERE {where})"  # noqa: S608


def _document_of(conn: Connection, table: str, id: str) -> str | None:
    """Of the decision, the order or the indu that a row hangs on, in the base or else as it is told."""
    if table not in OF:
        return id
    for side in ("public", "pg_temp"):
        found = conn.execute(text(_DOCUMENT[OF[table]].format(side)), {"id": id}).scalar_one_or_none()
        if found is not None:
            return str(found)
    return None
