"""The database's own journal against what was sealed of it, and its money against that journal: for the
house, which has both.

`verify` needs no database; this finds a row that was changed, removed or slipped in afterwards.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from archive import canonical, ledger, lines, names
from archive.inventory import Verdict
from archive.journal_seal import Seal
from store.house import Store
from store.journal import GENESIS, Line, hash_of
from store.objects import Missing
from store.tables import access_events, documents, journal, seals
from store.vault import KeyErased

MANIFEST = "manifest_sha256"


def compare(store: Store) -> Iterator[dict[str, Any]]:
    """One verdict a row that is wrong, one a seal that agrees: the shape of verify()."""
    with store.engine.connect() as conn:
        numbers = conn.execute(select(seals).order_by(seals.c.n)).all()
        previous = lines.GENESIS
        for number, row in enumerate(numbers, 1):
            for verdict in _seal(store, conn, row, number, previous):
                yield verdict.to_json()
            previous = row.sha256.hex()
        for verdict in _chains(conn, len(numbers)):
            yield verdict.to_json()
    for verdict in ledger.compare(store):
        yield verdict.to_json()


def _seal(store: Store, conn: Connection, row: Any, number: int, previous: str) -> Iterator[Verdict]:
    """The row of a seal and the rows it holds, against its object."""
    where = Verdict(f"base:seals/{row.n}", None, "row")
    try:
        data = store.objects.get(names.BUCKET, row.object_key, row.version_id)
        seal = Seal.loads(data)
    except (Missing, ValueError):
        yield where.but("indetermine", "son objet ne se lit pas")
        return
    told = (row.n, row.sha256.hex(), row.root.hex(), row.previous.hex(), row.lines)
    told_at = canonical.instant(row.sealed_at)
    if (*told, told_at) != (
        number,
        canonical.sha256(data),
        seal.root,
        previous,
        len(seal.lines),
        seal.sealed_at,
    ):
        yield where.but("altere", "la ligne du sceau ne dit pas ce que dit son objet")
    sealed = {_identity(line): line for line in seal.lines}
    held: dict[tuple[Any, ...], dict[str, Any] | None] = {}
    for each in conn.execute(select(journal).where(journal.c.seal_no == row.n)):
        line = lines.of_journal(Line(**each._mapping))
        held[_identity(line)] = line
    for each in conn.execute(select(access_events).where(access_events.c.seal_no == row.n)):
        held["access", each.id, 0] = _access(store, each._asdict())
    wrong = False
    for identity in sorted(sealed.keys() | held.keys(), key=repr):
        verdict = _row(identity, sealed.get(identity), held.get(identity, {}))
        if verdict is not None:
            wrong = True
            yield verdict
    if not wrong:
        yield where


def _row(identity: tuple[Any, ...], sealed: Any, held: Any) -> Verdict | None:
    kind, which, n = identity
    document = which if kind == "journal" else None
    where = Verdict(f"base:{kind}/{which}" + (f"/{n}" if document else ""), None, "row", document=document)
    if held == {}:
        return where.but("absent", "une ligne scellée manque à la base")
    if sealed is None:
        return where.but("en_trop", "le sceau ne connaît pas cette ligne")
    if held is None:
        return None  # its key was destroyed: nothing left to compare
    same = sealed["tag"] == held["tag"] if kind == "access" else sealed == held
    return None if same else where.but("altere", "la ligne n'est pas celle du sceau")


def _identity(line: dict[str, Any]) -> tuple[Any, ...]:
    if line["kind"] == "journal":
        return "journal", line["document"], line["n"]
    return "access", line["id"], 0


def _access(store: Store, event: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return {"tag": lines.access_tag(event, store.vault.key(lines.access_owner(event)))}
    except KeyErased:
        return None


def _chains(conn: Connection, last: int) -> Iterator[Verdict]:
    """Each document's lines, sealed or not, and what its row says: its state, and which manifest holds."""
    query = select(journal).order_by(journal.c.document_id, journal.c.n)
    expected: dict[str, tuple[int, bytes]] = {}
    state: dict[str, str] = {}
    manifest: dict[str, str] = {}
    for each in conn.execute(query.execution_options(stream_results=True)):
        line = Line(**each._mapping)
        n, previous = expected.get(line.document_id, (0, GENESIS))
        where = Verdict(f"base:journal/{line.document_id}/{line.n}", None, "row", document=line.document_id)
        if hash_of(line) != line.hash:
            yield where.but("altere", "la ligne n'a pas son empreinte")
        elif (line.n, line.previous) != (n + 1, previous):
            yield where.but("chaine_rompue", "elle ne suit pas celle d'avant")
        if line.seal_no is not None and line.seal_no > last + 1:
            yield where.but("chaine_rompue", "son sceau n'existe pas")
        expected[line.document_id] = line.n, line.hash
        state[line.document_id] = line.to_state or state.get(line.document_id, "")
        if MANIFEST in line.hashes and hash_of(line) == line.hash:
            manifest[line.document_id] = json.loads(line.hashes).get(MANIFEST)
    for row in conn.execute(select(documents.c.id, documents.c.status, documents.c.manifest_sha256)):
        where = Verdict(f"base:documents/{row.id}", None, "row", document=row.id)
        if state.get(row.id) != row.status:
            yield where.but("altere", "son état n'est pas celui de son journal")
        elif manifest.get(row.id) != row.manifest_sha256:
            yield where.but("altere", "son manifeste n'est pas celui de son journal")
