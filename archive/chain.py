"""The seals as a stranger reads them: each one whole, chained to the last, and the journals in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive import canonical, lines, merkle, names, tail
from archive.inventory import Inventory, Verdict
from archive.journal_seal import Seal
from domain.flow import State

MANIFEST = "manifest_sha256"
"""The key of a journal line's `hashes` under which the manifest is told."""

AFTER_SEALING = frozenset(
    state.value
    for state in (
        State.ARCHIVE, State.REFUSE, State.LIQUIDE, State.A_LIQUIDER, State.ORDONNANCE, State.APPLIQUE,
        State.CLASSE, State.SCINDE,
    )
)  # fmt: skip


@dataclass(slots=True)
class Journal:
    """One document's lines, as far as they are sealed. `manifests`: told by them, in order."""

    hashes: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    seals: set[int] = field(default_factory=set)
    state: str | None = None
    sealed: bool = False
    torn: bool = False


@dataclass(slots=True)
class Chain:
    """What reading all seals told. `broken`: at least one is lost or changed, so that journals may
    have holes whose cause is already said."""

    journals: dict[str, Journal] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    last_at: datetime | None = None
    broken: bool = False

    def of(self, document_id: str) -> Journal:
        return self.journals.get(document_id, Journal())


def read(
    inventory: Inventory, chain: Chain, only: Collection[int] | None = None, document: str | None = None
) -> Iterator[Verdict]:
    """A verdict on each seal, in order; fills `chain`. `only`: these numbers instead of all, and of the
    journals in them that of `document`, which they hold whole."""
    last = max(inventory.seal_numbers(), default=0)
    previous: str | None = lines.GENESIS
    at = 0
    for number in range(1, last + 1) if only is None else sorted(only):
        if number != at + 1:
            previous = None  # the one between was not asked for
        at = number
        found = [_read_one(inventory, key, version) for key, version in inventory.seal_versions(number)]
        good = [(v, seal) for v, seal in found if seal is not None and seal.n == number]
        chosen = _chosen(inventory, good, number, previous)
        for verdict, _ in found:
            if chosen is not None and verdict is chosen[0]:
                continue
            yield verdict if not verdict.ok else verdict.but("en_trop", "un autre sceau porte ce numéro")
        yield from inventory.markers(names.seal(number))
        if chosen is None:
            if not found:
                yield Verdict(names.seal(number), None, "seal", "absent", "ce numéro manque à la chaîne")
            chain.broken, previous = True, None
            continue
        verdict, seal = chosen
        if previous is not None and seal.previous != previous:
            verdict = verdict.but("chaine_rompue", "il ne nomme pas le sceau qui le précède")
            chain.broken = True
        faults = list(_journals(seal, chain, verdict, document))
        yield faults[0] if faults and verdict.ok else verdict
        yield from faults[1:]
        sha256 = names.parse(verdict.object).sha256
        assert sha256 is not None
        chain.hashes[number] = previous = sha256
        chain.last_at = canonical.moment(seal.sealed_at)


def cut_off(chain: Chain, told: Iterable[tail.Known]) -> Iterator[Verdict]:
    """Those that the chain does not hold: the end of it is cut off, or another stands in its place."""
    said = set()
    for each in told:
        key = names.seal(each.n, each.sha256)
        if chain.hashes.get(each.n) != each.sha256 and key not in said:
            said.add(key)
            verdict = "chaine_rompue" if each.n in chain.hashes else "absent"
            yield Verdict(key, None, "seal", verdict, f"{each.where} le nomme : la chaîne allait jusque-là")


def _read_one(inventory: Inventory, key: str, version: str | None) -> tuple[Verdict, Seal | None]:
    verdict, data = inventory.named(key, version, "seal")
    if data is None:
        return verdict, None
    try:
        seal = Seal.loads(data)
        root = merkle.root(seal.leaves()).hex()
        until = canonical.moment(seal.lock_until)
    except (ValueError, TypeError, KeyError):
        return verdict.but("illisible", "ce n'est pas un sceau"), None
    if root != seal.root:
        return verdict.but("racine_fausse", "la racine n'est pas celle de ses lignes"), None
    return inventory.locked(verdict, until), seal


def _chosen(
    inventory: Inventory, good: list[tuple[Verdict, Seal]], number: int, previous: str | None
) -> tuple[Verdict, Seal] | None:
    """Of several that bear the number: the one that the next seal names, else the first written."""
    if len(good) > 1:
        named = inventory.previous_of(number + 1)
        good = sorted(
            good,
            key=lambda each: (
                names.parse(each[0].object).sha256 not in named,
                previous is not None and each[1].previous != previous,
                inventory.age(each[0].object, each[0].version),
            ),
        )
    return good[0] if good else None


def _journals(seal: Seal, chain: Chain, verdict: Verdict, only: str | None) -> Iterator[Verdict]:
    """Checks each journal line of a seal against its document's chain."""
    told = [
        line for line in seal.lines if line.get("kind") == "journal" and only in (None, line.get("document"))
    ]
    for line in sorted(told, key=lambda line: (str(line.get("document")), line.get("n", 0))):
        document = str(line.get("document"))
        one = chain.journals.setdefault(document, Journal())
        try:
            good = lines.hash_of(line) == line["hash"]
            expected = one.hashes[-1] if one.hashes else lines.GENESIS
            follows = line["n"] == len(one.hashes) + 1 and line["previous"] == expected
            sealed_hashes: Mapping[str, Any] = canonical.loads(line["hashes"].encode())
        except (KeyError, ValueError, TypeError, AttributeError):
            good, follows, sealed_hashes = False, False, {}
        if not good or (not follows and not chain.broken and not one.torn):
            one.torn = True
            yield verdict.but("chaine_rompue", f"journal, ligne {line.get('n')}", document)
            continue
        if not follows:  # a lost seal held the lines between
            one.torn = True
            one.hashes += [""] * (int(line["n"]) - 1 - len(one.hashes))
        one.hashes.append(line["hash"])
        one.seals.add(seal.n)
        one.state = line["to"] or one.state
        one.sealed |= line["to"] in AFTER_SEALING
        if manifest := sealed_hashes.get(MANIFEST):
            one.manifests.append(str(manifest))
