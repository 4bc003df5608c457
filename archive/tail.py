"""The end of the chain of seals, kept where the seals are not: what nothing after it would betray.

A seal is named by the next one, by manifests and by receipts; the very last may be named by nothing yet. So
its number and hash are written, under a code that only the master key makes, on the disk of the house and in
the bucket of keys, which is backed up apart. An old copy put back tells less, never something false.
"""

import hmac
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, select

from archive import canonical
from domain.errors import Failed
from store import seals
from store.house import Store
from store.objects import Missing, Objects
from store.settings import Settings
from store.tables import access_events, journal
from store.vault import BUCKET

OBJECT = "dernier-sceau"
FOLDER, KEYS, RECEIPT = "le dossier de la maison", "le compartiment des clés", "un récépissé"


@dataclass(frozen=True, slots=True)
class Known:
    """A seal that there was: `n`, and the hash of its bytes. `where` it is told, in French."""

    n: int
    sha256: str
    where: str


def keep(settings: Settings, objects: Objects, n: int, hash: str) -> None:
    """Once the object is written, before anyone may rely on it. Raises Unavailable."""
    told = {"kind": "tail", "format": canonical.FORMAT, "n": n, "sha256": hash}
    data = canonical.dumps(told | {"code": _code(settings, told)})
    objects.put(BUCKET, OBJECT, data)
    file = _file(settings, objects)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def forget(settings: Settings, objects: Objects) -> None:
    """Of a house that goes on without any seal. Raises Unavailable."""
    _file(settings, objects).unlink(missing_ok=True)
    objects.delete(BUCKET, OBJECT)


def known(settings: Settings, objects: Objects) -> list[Known]:
    """What is kept. Where the master key is at hand, only what it signed; without it, as it stands."""
    found = []
    with suppress(OSError):
        found += _read(settings, _file(settings, objects).read_bytes(), FOLDER)
    with suppress(Missing):
        found += _read(settings, objects.get(BUCKET, OBJECT), KEYS)
    return found


def of_receipts(told: Iterable[tuple[int, str] | None]) -> list[Known]:
    """The last that receipts name, which their senders were given."""
    heads = {each for each in told if each is not None}
    return [Known(*max(heads), RECEIPT)] if heads else []


def check_base(store: Store) -> None:
    """Raises Failed("base_anterieure") where a seal was made that the database does not know: it is an older
    one, put back, and would decide and pay a second time what it has forgotten."""
    told = known(store.settings, store.objects)
    with store.begin() as conn:
        last = seals.last(conn)
        number = last.n if last else 0
        unfinished = any(
            conn.execute(select(func.count()).where(table.c.seal_no == number + 1)).scalar_one()
            for table in (journal, access_events)
        )
    for each in told:
        if each.n > number + unfinished or (last and each.n == number and each.sha256 != last.sha256.hex()):
            raise Failed("base_anterieure", f"L'archive va jusqu'au sceau {each.n}, la base jusqu'au {number}.")


def _file(settings: Settings, objects: Objects) -> Path:
    return settings.home / f"{objects.prefix}{OBJECT}.json"


def _read(settings: Settings, data: bytes, where: str) -> list[Known]:
    try:
        told = canonical.loads(data)
        code = told.pop("code")
        if settings.master_key.is_file() and not hmac.compare_digest(code, _code(settings, told)):
            return []
        return [Known(int(told["n"]), str(told["sha256"]), where)]
    except (ValueError, KeyError, TypeError):
        return []


def _code(settings: Settings, told: dict[str, Any]) -> str:
    key = HKDF(SHA256(), 32, None, b"liasse sceau 1").derive(settings.master_key.read_bytes())
    return hmac.digest(key, canonical.dumps(told), sha256).hex()
