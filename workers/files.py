"""The plain bytes of a document, for as long as a stage needs them, on no disk that outlives it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from store import contents, crypt
from store.house import Store


@contextmanager
def plain(store: Store, sha256: str) -> Iterator[BinaryIO]:
    """The content of that hash, decrypted, as a nameless file at its start.

    Raises Unavailable where the store is away, KeyErased and crypt.Tampered.
    """
    with store.begin() as conn:
        content = contents.load(conn, sha256)
    with tempfile.TemporaryFile(dir=store.scratch) as file:
        with store.objects.open(contents.BUCKET, content.object_key) as cipher:
            crypt.decrypt_stream(cipher, file, store.vault.key(content.key_id))
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        yield file


def forms_dir(store: Store) -> str | None:
    """The folder of the operator's own blanks, where he has one."""
    folder = store.settings.home.absolute() / "forms"
    return str(folder) if folder.is_dir() else None
