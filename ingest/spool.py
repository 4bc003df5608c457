"""Bytes on their way in: on disk without a name, encrypted, never whole in memory.

A stream is first written under a key that lives in memory alone, so that a disk taken away tells
nothing; its hash is then known, and it is written again under the content's own key if it is new.
"""

import errno
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from domain.errors import Unavailable
from ingest.gate import Counted
from store.crypt import decrypt_chunks, encrypt_stream


class Spooled:
    """What was received: `sha256` of the plain bytes, `size`, `head`."""

    def __init__(self, file: BinaryIO, key: bytes, sha256: str, size: int, head: bytes) -> None:
        self._file, self._key = file, key
        self.sha256, self.size, self.head = sha256, size, head

    def chunks(self) -> Iterator[bytes]:
        """The plain bytes, from the start, 1 MiB at a time."""
        self._file.seek(0)
        return decrypt_chunks(self._file, self._key)


@contextmanager
def spooled(folder: Path, source: Counted) -> Iterator[Spooled]:
    """Takes the whole stream in. Raises what the stream raises, or Unavailable("disque_plein")."""
    with _told(), _nameless(folder) as file:
        key = os.urandom(32)
        sha256, _, size = encrypt_stream(source, file, key)  # type: ignore[arg-type]
        file.flush()
        yield Spooled(file, key, sha256, size, source.head)


@contextmanager
def sealed(folder: Path, plain: Spooled, key: bytes) -> Iterator[tuple[BinaryIO, int, str]]:
    """The bytes under `key`: a file to read, its size, and the SHA-256 of its cipher text."""
    with _told(), _nameless(folder) as file:
        _, cipher_sha256, _ = encrypt_stream(_Chunks(plain.chunks()), file, key)  # type: ignore[arg-type]
        size = file.tell()
        file.seek(0)
        yield file, size, cipher_sha256


@contextmanager
def _nameless(folder: Path) -> Iterator[BinaryIO]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        yield file


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Unavailable("disque_plein") from error
        raise


class _Chunks(io.RawIOBase):
    """An iterator of bytes as something to read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            self._left = next(self._chunks, b"")
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken
