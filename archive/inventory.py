"""Every version of every object of the archive, as the store lists them, and what is checked of one."""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from archive import names
from archive.journal_seal import Seal
from domain.errors import Unavailable
from store.objects import PIECE, Missing, Stat

OK = ("intact", "en_attente")
NOT_GIVEN = "le magasin ne le donne pas, ou n'arrive plus à le lire"
T = TypeVar("T")


class Reads(Protocol):
    """What verifying needs of an object store: nothing that writes."""

    def list(self, bucket: str, prefix: str = "", *, versions: bool = False) -> Iterator[Stat]: ...
    def open(self, bucket: str, key: str, version: str | None = None) -> Any: ...
    def get(self, bucket: str, key: str, version: str | None = None) -> bytes: ...
    def retention(self, bucket: str, key: str, version: str | None = None) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one object. `verdict`: intact, en_attente (not sealed yet), altere, absent, en_trop, masque,
    verrou_absent, illisible, chaine_rompue, racine_fausse, non_rattache, indetermine (what would prove
    it is lost or changed, and said elsewhere). `detail`: in French."""

    object: str
    version: str | None
    kind: str
    verdict: str = "intact"
    detail: str = ""
    document: str | None = None

    @property
    def ok(self) -> bool:
        return self.verdict in OK

    def but(self, verdict: str, detail: str, document: str | None = None) -> "Verdict":
        return replace(self, verdict=verdict, detail=detail, document=document or self.document)

    def to_json(self) -> dict[str, Any]:
        return {
            "object": self.object,
            "version": self.version,
            "kind": self.kind,
            "document": self.document,
            "ok": self.ok,
            "verdict": self.verdict,
            "detail": self.detail,
        }


class Inventory:
    def __init__(self, objects: Reads, at: datetime, prefixes: Sequence[str] = ("",)) -> None:
        self._objects, self._at = objects, at
        self._stats: dict[str, list[Stat]] = defaultdict(list)
        self._documents: dict[str, list[str]] = defaultdict(list)
        self._seals: dict[int, list[str]] = defaultdict(list)
        self.others: list[str] = []
        for prefix in prefixes:
            self.look(prefix)

    def look(self, prefix: str) -> None:
        """Take in what lies under `prefix` too."""
        for stat in self._objects.list(names.BUCKET, prefix, versions=True):
            if stat.key not in self._stats:
                self._file(stat.key)
            self._stats[stat.key].append(stat)

    def _file(self, key: str) -> None:
        name = names.parse(key)
        if name.document is not None:
            self._documents[name.document].append(key)
        elif name.number is not None:
            self._seals[name.number].append(key)
        else:
            self.others.append(key)

    def documents(self) -> list[str]:
        return sorted(self._documents)

    def seal_numbers(self) -> list[int]:
        return sorted(self._seals)

    def seal_versions(self, number: int) -> list[tuple[str, str | None]]:
        return [each for key in self._seals.get(number, ()) for each in self.versions(key)]

    def versions(self, key: str) -> list[tuple[str, str | None]]:
        return [(key, stat.version_id) for stat in self._stats.get(key, ()) if not stat.delete_marker]

    def keys_of(self, document: str) -> list[str]:
        return self._documents.get(document, [])

    def has(self, key: str, version: str | None) -> bool:
        return (key, version) in self.versions(key)

    def age(self, key: str, version: str | None) -> datetime:
        """When it was written; versions of one second are told apart by nothing better."""
        found = (stat.modified for stat in self._stats.get(key, ()) if stat.version_id == version)
        return next(found, None) or datetime.fromtimestamp(0, UTC)

    def markers(self, prefix: str) -> Iterator[Verdict]:
        """Delete markers: they hide an object without removing it."""
        for key in sorted(key for key in self._stats if key.startswith(prefix)):
            name = names.parse(key)
            for stat in self._stats[key]:
                if stat.delete_marker:
                    detail = "une marque de suppression le cache"
                    yield Verdict(key, stat.version_id, name.kind, "masque", detail, name.document)

    def previous_of(self, number: int) -> set[str]:
        """The hashes that the seals of that number name as their previous."""
        found = set()
        for key, version in self.seal_versions(number):
            with contextlib.suppress(ValueError):
                found.add(Seal.loads(self.get(key, version) or b"").previous)
        return found

    def get(self, key: str, version: str | None) -> bytes | None:
        return self.given(lambda: self._objects.get(names.BUCKET, key, version))

    def given(self, read: Callable[[], T]) -> T | None:
        """What the store gives, or None where it does not: the object is gone, or its disk lost or changed
        what the store's own sums protect. Raises Unavailable where the store gives nothing at all."""
        try:
            return read()
        except Missing:
            return None
        except Unavailable:
            next(self._objects.list(names.BUCKET, "seals/"), None)  # raises, if it is the store that is away
            return None

    def sha256(self, key: str, version: str | None) -> str | None:
        """Of what the store gives, or None where it gives nothing."""

        def read() -> str:
            digest = hashlib.sha256()
            with self._objects.open(names.BUCKET, key, version) as stream:
                while piece := stream.read(PIECE):
                    digest.update(piece)
            return digest.hexdigest()

        return self.given(read)

    def stream(self, key: str, version: str | None) -> Any:
        return self._objects.open(names.BUCKET, key, version)

    def named(self, key: str, version: str | None, kind: str) -> tuple[Verdict, bytes | None]:
        """An object whose name tells its hash: its bytes, or None with what is wrong."""
        name = names.parse(key)
        verdict = Verdict(key, version, kind, document=name.document)
        data = self.get(key, version)
        if data is None:
            return verdict.but("absent", NOT_GIVEN), None
        if hashlib.sha256(data).hexdigest() != name.sha256:
            return verdict.but("altere", "ses octets n'ont pas l'empreinte de son nom"), None
        return verdict, data

    def locked(self, verdict: Verdict, until: datetime | None) -> Verdict:
        """`verdict`, or that the lock does not hold as long as was said. None: any lock will do."""
        if not verdict.ok or (until is not None and until <= self._at):
            return verdict
        try:
            held = self._objects.retention(names.BUCKET, verdict.object, verdict.version)
        except Missing:
            held = None
        if held is None:
            return verdict.but("verrou_absent", "il n'est pas verrouillé")
        if until is not None and held < until:
            return verdict.but("verrou_absent", f"verrouillé jusqu'au {held:%Y-%m-%d %H:%M:%S} seulement")
        return verdict
