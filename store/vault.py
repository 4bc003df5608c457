"""Keys: one an owner, wrapped by a master key that lies outside the object store.

Wrapped key: `LIAK1`, a nonce of 12 bytes, then AES-256-GCM of the 32 bytes under the master key with
the owner's id as associated data: a wrapped key moved to another owner's name does not open.
Destroying it is the erasure that locked objects do not allow.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Refused
from store.crypt import Tampered
from store.objects import Missing, Objects
from store.settings import BadSettings

MAGIC = b"LIAK1"
BUCKET = "keys"


class KeyErased(Refused):
    """La clé de ce document a été détruite : ses octets ne s'ouvriront plus."""

    def __init__(self) -> None:
        super().__init__("introuvable")


def make_master_key(file: Path) -> None:
    """32 random bytes in `file`, readable by its owner alone; an existing one is kept."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as out:
        out.write(os.urandom(32))
        out.flush()
        os.fsync(out.fileno())


class Vault:
    """The owner of a key: a document, a content (its `key_id`) or an insured.

    `turn`: what lets one process at a time make the key of an owner, since the store cannot say
    "only if there is none": of two made at once, what the first had sealed would never open."""

    def __init__(
        self,
        objects: Objects,
        master_key_file: Path,
        turn: Callable[[str], AbstractContextManager[object]],
    ) -> None:
        self._objects, self._file, self._turn = objects, master_key_file, turn

    def _master(self) -> AESGCM:
        try:
            master = self._file.read_bytes()
        except OSError:
            raise BadSettings(f"La clé maîtresse manque : {self._file}") from None
        if len(master) != 32:
            raise BadSettings(f"La clé maîtresse n'a pas 32 octets : {self._file}")
        return AESGCM(master)

    def new_key(self, owner: str) -> bytes:
        """The key of `owner`, made now unless there is one: a stage that runs twice keeps its key."""
        try:
            return self.key(owner)
        except KeyErased:
            pass
        with self._turn(f"key {owner}"):
            with suppress(KeyErased):
                return self.key(owner)
            key, nonce = os.urandom(32), os.urandom(12)
            wrapped = MAGIC + nonce + self._master().encrypt(nonce, key, owner.encode())
            self._objects.put(BUCKET, owner, wrapped)
            return self.key(owner)

    def key(self, owner: str) -> bytes:
        """Raises KeyErased where there is none (any more), Tampered where it does not open."""
        try:
            wrapped = self._objects.get(BUCKET, owner)
        except Missing:
            raise KeyErased from None
        nonce, sealed = wrapped[len(MAGIC) : len(MAGIC) + 12], wrapped[len(MAGIC) + 12 :]
        try:
            return self._master().decrypt(nonce, sealed, owner.encode())
        except (InvalidTag, ValueError):
            raise Tampered(f"clé de {owner}") from None

    def erase(self, owner: str) -> None:
        """Destroy the key: every version of it, where the bucket keeps versions."""
        for found in list(self._objects.list(BUCKET, owner, versions=True)):
            if found.key == owner:
                self._objects.delete(BUCKET, owner, found.version_id)
        self._objects.delete(BUCKET, owner)
