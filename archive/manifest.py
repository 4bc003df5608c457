"""The manifest of a sealed document: what was sealed, under which hashes, until when.

It is read without a key, so it says nothing that a stranger may not know: random ids, the type of
the document, dates of the house, hashes and sizes. No name, no number, no amount, no insured
person's id: those are in the part `facts`, encrypted. docs/adr/0002 weighs what is left.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from archive import canonical


@dataclass(frozen=True, slots=True)
class Part:
    """`data`: bytes, a stream read once, or a dict, which is written as canonical JSON."""

    data: bytes | BinaryIO | dict[str, Any]
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the house knows of a document when it is sealed.

    `private`: JSON, encrypted: all that is personal, and all that rebuilding needs."""

    document_id: str
    type: str
    form: str | None
    deposit_id: str
    received_at: datetime
    received_on: date
    parent_id: str | None = None
    private: Mapping[str, Any] = field(default_factory=dict)
    software: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """`key`, `version`: of the object. `size`: of the plain text, in bytes."""

    name: str
    media_type: str
    key: str
    version: str | None
    size: int
    sha256: str
    sha256_cipher: str


@dataclass(frozen=True, slots=True)
class Leftover:
    """An object that an interrupted or earlier sealing left: locked, so named here for good."""

    key: str
    version: str | None
    sha256_cipher: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the document's journal when it was sealed, or the last seal before it."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`previous`: key of the manifest that this one replaces, where a sealing was done again after a
    person's correction. `after_seal`: the last seal of the journal at that time: its later absence
    shows. `lock_until`: the object store's locks hold at least until then."""

    document: str
    type: str
    form: str | None
    deposit: str
    parent: str | None
    received_at: str
    received_on: str
    sealed_at: str
    lock_until: str
    journal: Head
    after_seal: Head | None
    software: str
    law: str
    parts: tuple[SealedPart, ...]
    leftovers: tuple[Leftover, ...] = ()
    previous: str | None = None

    def dumps(self) -> bytes:
        return canonical.dumps({"kind": "manifest", "format": canonical.FORMAT, **asdict(self)})

    @classmethod
    def loads(cls, data: bytes) -> "Manifest":
        """Raises ValueError unless `data` is a manifest as dumps() writes it."""
        try:
            found = canonical.loads(data)
            if (found.pop("kind"), found.pop("format")) != ("manifest", canonical.FORMAT):
                raise ValueError("not a manifest")
            found["parts"] = tuple(SealedPart(**part) for part in found["parts"])
            found["leftovers"] = tuple(Leftover(**left) for left in found["leftovers"])
            found["journal"] = Head(**found["journal"])
            found["after_seal"] = Head(**found["after_seal"]) if found["after_seal"] else None
            return cls(**found)
        except (KeyError, TypeError) as error:
            raise ValueError("not a manifest") from error
