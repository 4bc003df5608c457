"""Lines of a seal: what happened to documents, and who looked at what.

A journal line is written in clear but for its payload, which is cipher text already: its chain can be
checked by anyone. An access event says who looked at whom: it is encrypted whole, under a key of its
civil year, whose destruction ends what the law allows to keep (year in course and four more).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from archive import canonical
from store import crypt
from store.journal import Line

GENESIS = "0" * 64


def of_journal(line: Line) -> dict[str, Any]:
    return {
        "kind": "journal",
        "document": line.document_id,
        "n": line.n,
        "at": canonical.instant(line.at),
        "actor": line.actor,
        "event": line.event,
        "from": line.from_state,
        "to": line.to_state,
        "hashes": line.hashes,
        "payload": None if line.payload is None else base64.b64encode(line.payload).decode(),
        "previous": line.previous.hex(),
        "hash": line.hash.hex(),
    }


def hash_of(line: Mapping[str, Any]) -> str:
    """The hash of a journal line, from the line alone: the rule of store/journal.py, which the
    database applies too. Raises KeyError, ValueError, TypeError where something lacks."""
    payload = line["payload"]
    fields = (
        line["previous"],
        line["document"],
        str(line["n"]),
        line["at"],
        line["actor"],
        line["event"],
        line["from"] or "",
        line["to"] or "",
        line["hashes"],
        "" if payload is None else hashlib.sha256(base64.b64decode(payload, validate=True)).hexdigest(),
    )
    return hashlib.sha256("".join(f"{field}\n" for field in fields).encode()).hexdigest()


def payload_of(line: Mapping[str, Any]) -> bytes | None:
    """Cipher text."""
    return None if line["payload"] is None else base64.b64decode(line["payload"], validate=True)


def access_owner(event: Mapping[str, Any]) -> str:
    """Whose key hides an access event: its civil year (UTC)."""
    return f"access-{event['at']:%Y}"


def of_access(event: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """`event`: a row of access_events. `id`: its number, which says nothing of anyone."""
    return {
        "kind": "access",
        "id": event["id"],
        "year": event["at"].year,
        "tag": access_tag(event, key),
        "payload": base64.b64encode(crypt.encrypt(_clear(event), key)).decode(),
    }


def access_tag(event: Mapping[str, Any], key: bytes) -> str:
    """What the line of `event` must carry: compares a row with its line without decrypting it."""
    return hmac.new(key, b"access\n" + _clear(event), hashlib.sha256).hexdigest()


def _clear(event: Mapping[str, Any]) -> bytes:
    told = {name: event[name] for name in ("actor", "what", "target", "why", "span", "shown")}
    return canonical.dumps(told | {"at": canonical.instant(event["at"])})


def opened_access(line: Mapping[str, Any], key: bytes) -> dict[str, Any]:
    """Raises crypt.Tampered."""
    return canonical.loads(crypt.decrypt(base64.b64decode(line["payload"]), key))
