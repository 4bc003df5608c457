"""Names of the objects of the archive. They carry random ids and hashes: no NIR, no name of a person.

The hash in the name of a manifest, a seal or a receipt is that of its bytes: none can be changed
without its name telling so.
"""

import re
from dataclasses import dataclass
from typing import Literal

BUCKET = "archive"
Kind = Literal["part", "manifest", "seal", "receipt", "unknown"]

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SHA = r"[0-9a-f]{64}"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("manifest", re.compile(rf"documents/(?P<document>{_UUID})/manifest-(?P<sha256>{_SHA})\.json")),
    ("part", re.compile(rf"documents/(?P<document>{_UUID})/(?P<part>[a-z_]{{1,20}})-[0-9a-f]{{32}}")),
    ("seal", re.compile(rf"seals/(?P<number>\d{{10}})-(?P<sha256>{_SHA})\.json")),
    ("receipt", re.compile(rf"receipts/(?P<deposit>{_UUID})-(?P<sha256>{_SHA})\.json")),
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a key says of its object."""

    kind: Kind
    document: str | None = None
    part: str | None = None
    number: int | None = None
    deposit: str | None = None
    sha256: str | None = None


def parse(key: str) -> Name:
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(key):
            groups = found.groupdict()
            number = groups.pop("number", None)
            return Name(kind, number=int(number) if number else None, **groups)
    return Name("unknown")


def folder(document_id: str) -> str:
    return f"documents/{document_id}/"


def part(document_id: str, name: str, tag: str) -> str:
    """`tag`: 32 hexadecimal digits that only the key's holder can compute from the content."""
    return f"{folder(document_id)}{name}-{tag}"


def receipts(deposit_id: str) -> str:
    """How the keys of a deposit's receipt begin."""
    return f"receipts/{deposit_id}-"


def manifest(document_id: str, sha256: str) -> str:
    return f"{folder(document_id)}manifest-{sha256}.json"


def seal(number: int, sha256: str = "") -> str:
    """Its key, or without `sha256` how it begins."""
    return f"seals/{number:010d}-" + (f"{sha256}.json" if sha256 else "")
