"""JSON that has one form only, so that its hash means something."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

FORMAT = 1


def dumps(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8; floats as Python writes them. Raises ValueError on NaN."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def loads(data: bytes) -> dict[str, Any]:
    """Raises ValueError unless `data` is exactly what dumps() writes of an object."""
    value = json.loads(data)
    if not isinstance(value, dict) or dumps(value) != data:
        raise ValueError("not in canonical form")
    return value


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def instant(moment: datetime) -> str:
    """UTC, to the microsecond, as the journal writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
