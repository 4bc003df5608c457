"""The file of a call, as a child receives it: a sealed copy in memory, never the file itself."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Refused

Source = int | str | Path | bytes | bytearray | memoryview | None
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


@contextlib.contextmanager
def sealed(source: Source, most: int) -> Iterator[int | None]:
    """A descriptor of a sealed copy in memory of the bytes, whatever the source is.

    Never the file itself: a child that is taken over could open it anew for writing through
    /proc/self/fd, even from bubblewrap, and a file cut short meanwhile would kill it (SIGBUS).
    """
    if source is None:
        yield None
        return
    copy = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        if isinstance(source, int):
            _copy(source, copy, most)
        elif isinstance(source, str | Path):
            file = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                _copy(file, copy, most)
            finally:
                os.close(file)
        else:
            with open(copy, "wb", closefd=False) as whole:
                whole.write(source)
        fcntl.fcntl(copy, fcntl.F_ADD_SEALS, _SEALS)
        # kernels before 6.7 map a sealed file only from a descriptor that cannot write
        reading = os.open(f"/proc/self/fd/{copy}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(copy)
    try:
        yield reading
    finally:
        os.close(reading)


def _copy(source: int, target: int, most: int) -> None:
    status = os.fstat(source)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("type_inconnu", "Ce n'est pas un fichier ordinaire.")
    if status.st_size > most:
        raise Refused("fichier_trop_gros")
    done = 0
    while done < status.st_size:
        sent = os.sendfile(target, source, done, status.st_size - done)
        if sent == 0:
            return
        done += sent
