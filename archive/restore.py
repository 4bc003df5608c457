"""What rebuilding reads from the store, and the rows it makes of it."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, text

from archive import canonical, chain, lines, names
from archive.inventory import Inventory
from archive.journal_seal import Seal
from archive.manifest import Manifest
from archive.package import content_of, key_owner
from archive.verify import true_manifest
from store import crypt, vault
from store.house import Store
from store.tables import access_events, document_data, seals
from store.tables import journal as journal_table
from store.vault import KeyErased


@dataclass(frozen=True, slots=True)
class Package:
    """`facts`, `journal`, `data`: None or empty where the key is destroyed."""

    key: str
    manifest: Manifest
    facts: dict[str, Any] | None = None
    journal: tuple[dict[str, Any], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sealed:
    """What the seals hold: journal lines by document, in order, with their seal; accesses; the seals."""

    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    accesses: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    seals: list[tuple[str, str | None, Seal]] = field(default_factory=list)

    def with_those_of(self, document_id: str, package: Package | None) -> list[dict[str, Any]]:
        """The lines that are sealed, then those that only the package knows."""
        sealed = sorted(self.lines.get(document_id, []), key=lambda line: int(line["n"]))
        return sealed + list(package.journal[len(sealed) :] if package else ())

    def with_event(self, event: str) -> list[str]:
        return [id for id, told in self.lines.items() if any(line["event"] == event for line in told)]

    def parent(self, document_id: str) -> str | None:
        told = self.lines.get(document_id)
        return hashes_of(told[0]).get("parent") if told else None

    def child_facts(self, document_id: str, parent: Package | None) -> dict[str, Any]:
        """Pages and type of a child that is not sealed: its parent says them, in the order of birth."""
        if parent is None or parent.facts is None:
            return {}
        told = parent.facts["facts"].get("parts", [])
        brothers = [id for id in self.lines if self.parent(id) == parent.manifest.document]
        place = brothers.index(document_id) if document_id in brothers else len(told)
        return {name: told[place][name] for name in ("type", "pages")} if place < len(told) else {}


def hashes_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a journal line tells in clear."""
    return canonical.loads(line["hashes"].encode())


def read_seals(store: Store, inventory: Inventory, told: chain.Chain) -> Sealed:
    """Only seals that the chain holds together."""
    found = Sealed()
    for number, sha256 in sorted(told.hashes.items()):
        key = names.seal(number, sha256)
        version = min(inventory.versions(key), key=lambda each: inventory.age(*each))[1]
        seal = Seal.loads(store.objects.get(names.BUCKET, key, version))
        found.seals.append((key, version, seal))
        for line in seal.lines:
            if line["kind"] == "journal":
                found.lines[line["document"]].append(line | {"seal_no": number})
            else:
                found.accesses += _access(store, line, number)
    return found


def _access(store: Store, line: dict[str, Any], number: int) -> list[tuple[int, int, dict[str, Any]]]:
    try:
        return [(line["id"], number, lines.opened_access(line, store.vault.key(f"access-{line['year']}")))]
    except KeyErased:
        return []


class Unreadable(Exception):
    """Ce que le magasin ne rend pas, ou pas tel qu'il fut scellé : le nom de l'objet."""


def read_packages(
    store: Store, inventory: Inventory, told: chain.Chain
) -> tuple[dict[str, Package], list[str]]:
    """Packages by document, and the names of the objects that cannot be read, each of which hides one:
    taken for a document that is not sealed, it would be decided and paid again."""
    found, unreadable = {}, []
    for document_id in inventory.documents():
        journal = told.of(document_id)
        true = true_manifest(inventory, document_id, journal)
        if true is None:
            unreadable += _manifests(inventory, document_id, journal)
            continue
        try:
            found[document_id] = _package(store, inventory, *true)
        except Unreadable as fault:
            unreadable.append(str(fault))
    return found, unreadable


def _manifests(inventory: Inventory, document_id: str, journal: chain.Journal) -> list[str]:
    """Those that a document without a readable one has, or must have by its journal."""
    if journal.manifests:
        return [names.manifest(document_id, journal.manifests[-1])]
    return [key for key in inventory.keys_of(document_id) if names.parse(key).kind == "manifest"]


def _package(store: Store, inventory: Inventory, key: str, manifest: Manifest) -> Package:
    parts = {content_of(part.name): part for part in manifest.parts}

    def opened(what: str) -> dict[str, Any]:
        part = parts[what]
        key = _key(store, inventory, key_owner(manifest.document, part.name))
        sealed = inventory.get(part.key, part.version)
        try:
            if sealed is not None:
                return canonical.loads(crypt.decrypt(sealed, key))
        except crypt.Tampered:
            pass
        raise Unreadable(part.key)

    try:
        facts = opened("facts")
    except KeyErased:
        return Package(key, manifest)
    data = dict(facts["data"])
    if "reading" in parts:
        reading = opened("reading")
        data["reading"] = {name: value for name, value in reading.items() if name not in ("salt", "format")}
    told = [{n: v for n, v in line.items() if n != "opened"} for line in opened("journal")["lines"]]
    return Package(key, manifest, facts, tuple(told), data)


def _key(store: Store, inventory: Inventory, owner: str) -> bytes:
    """Raises KeyErased where there is none, Unreadable where it cannot be read or opened."""
    with suppress(crypt.Tampered):
        key = inventory.given(lambda: store.vault.key(owner))
        if key is not None:
            return key
    raise Unreadable(f"{vault.BUCKET}/{owner}")


def write_lines(conn: Connection, told: list[dict[str, Any]]) -> None:
    values = [
        {
            "document_id": line["document"], "n": line["n"], "at": canonical.moment(line["at"]),
            "actor": line["actor"], "event": line["event"], "from_state": line["from"],
            "to_state": line["to"], "hashes": line["hashes"], "payload": lines.payload_of(line),
            "previous": bytes.fromhex(line["previous"]), "hash": bytes.fromhex(line["hash"]),
            "seal_no": line.get("seal_no"),
        }
        for line in told
    ]  # fmt: skip
    if values:
        conn.execute(insert(journal_table), values)


def write_data(conn: Connection, document_id: str, data: Mapping[str, Any]) -> None:
    conn.execute(
        insert(document_data),
        [{"document_id": document_id, "kind": kind, "body": body} for kind, body in data.items()],
    )


def write_seals(conn: Connection, known: Sealed) -> None:
    for key, version, seal in known.seals:
        conn.execute(
            insert(seals).values(
                n=seal.n, root=bytes.fromhex(seal.root), previous=bytes.fromhex(seal.previous),
                sha256=bytes.fromhex(names.parse(key).sha256 or ""), lines=len(seal.lines),
                object_key=key, version_id=version, sealed_at=canonical.moment(seal.sealed_at),
            )
        )  # fmt: skip
    for number, seal_no, event in known.accesses:
        at: datetime = canonical.moment(event["at"]).astimezone(UTC)
        values = event | {"id": number, "at": at, "seal_no": seal_no}
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        conn.execute(
            text(f"INSERT INTO access_events ({columns}) OVERRIDING SYSTEM VALUE VALUES ({marks})"),  # noqa: S608
            values,
        )
    last = max((number for number, *_ in known.accesses), default=0) + 1
    conn.execute(
        text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last, false)"),
        {"table": access_events.name, "last": last},
    )
