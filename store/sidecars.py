"""What the locked sidecar of a deposit tells: enough to make its rows again, where they were never
committed or were lost with the database."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from domain.errors import Unavailable
from store.deposits import Place
from store.objects import Objects, Stat

BUCKET = "archive"
PREFIX = "receipts/"
_AT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """`deposit`: its id, and that of the document it makes; a verso makes none of its own, unless its
    sheet has no recto. `declared`: what its lot declared (images, duplex). `rejected`: why the bytes were
    kept as `rejete`. `after_seal`: number and hash of the last seal of that time, whose absence it betrays."""

    deposit: str
    sender: str
    sender_role: str
    sha256: str
    size: int
    media_type: str
    source: str
    lot: Place | None
    received_at: datetime
    received_on: date
    object_key: str
    key_id: str
    cipher_sha256: str
    declared: tuple[int, bool] | None = None
    rejected: str | None = None
    after_seal: tuple[int, str] | None = None

    @property
    def is_verso(self) -> bool:
        return self.lot is not None and self.lot[2] == "v"

    def content(self) -> dict[str, Any]:
        """Columns of its bytes."""
        names = ("sha256", "key_id", "object_key", "size", "media_type", "cipher_sha256")
        return {name: getattr(self, name) for name in names}

    def dumps(self) -> bytes:
        """Canonical JSON. Ids, hashes and times alone: no health data."""
        body: dict[str, Any] = {
            "format": 1,
            "kind": "receipt",
            "deposit": self.deposit,
            "document": None if self.is_verso else self.deposit,
            "sender": self.sender,
            "sender_role": self.sender_role,
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "source": self.source,
            "lot": list(self.lot) if self.lot else None,
            "received_at": self.received_at.strftime(_AT),
            "received_on": self.received_on.isoformat(),
            "content": {
                "key": self.object_key,
                "key_id": self.key_id,
                "sha256_cipher": self.cipher_sha256,
            },
        }
        if self.declared:
            body["lot_declared"] = list(self.declared)
        if self.rejected:
            body["rejected"] = self.rejected
        if self.after_seal:
            body["after_seal"] = dict(zip(("n", "hash"), self.after_seal, strict=True))
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def name_of(deposit_id: str, data: bytes) -> str:
    return f"{PREFIX}{deposit_id}-{hashlib.sha256(data).hexdigest()}.json"


def _place(lot_id: str, n: int, side: str) -> Place:
    return lot_id, n, side


def _declared(images: int, duplex: bool) -> tuple[int, bool]:
    return images, duplex


def loads(data: bytes) -> Sidecar:
    """Raises ValueError, KeyError, TypeError where it is none."""
    told = json.loads(data)
    content, lot, declared = told["content"], told["lot"], told.get("lot_declared")
    return Sidecar(
        deposit=told["deposit"],
        sender=told["sender"],
        sender_role=told["sender_role"],
        sha256=told["sha256"],
        size=told["size"],
        media_type=told["media_type"],
        source=told["source"],
        lot=_place(*lot) if lot else None,
        received_at=datetime.strptime(told["received_at"], _AT).replace(tzinfo=UTC),
        received_on=date.fromisoformat(told["received_on"]),
        object_key=content["key"],
        key_id=content["key_id"],
        cipher_sha256=content["sha256_cipher"],
        declared=_declared(*declared) if declared else None,
        rejected=told.get("rejected"),
        after_seal=_head(told),
    )


def head_in(data: bytes) -> tuple[int, str] | None:
    """The seal that a receipt names, if it is one and names any."""
    try:
        return _head(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _head(told: dict[str, Any]) -> tuple[int, str] | None:
    after = told.get("after_seal")
    return (int(after["n"]), str(after["hash"])) if after else None


def read(objects: Objects, since: datetime | None = None) -> Iterator[Sidecar]:
    """Those of the archive, or those written since; a damaged one is left to `archive verify` to tell."""
    for found in objects.list(BUCKET, PREFIX):
        if since is None or found.modified is None or found.modified >= since:
            yield from _one(objects, found)


def _one(objects: Objects, found: Stat) -> Iterator[Sidecar]:
    try:
        data = objects.get(BUCKET, found.key)
    except Unavailable as error:
        raise Unavailable(error.code, f"{found.key}.") from None
    try:
        told = loads(data)
    except (ValueError, KeyError, TypeError):
        return
    if found.key == name_of(told.deposit, data):
        yield told
