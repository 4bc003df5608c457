"""Landlock: what a child may open and reach where bubblewrap does not work, as in most containers.

The kernel's own (Linux 5.13 on), asked by the process about itself and never taken back: files are
read under the folders named alone, written in the scratch folder alone; from ABI 4 on no TCP, from
ABI 6 on no signal and no abstract socket to other processes. docs: landlock(7).
"""

import ctypes
import os
from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture since Linux 5
_VERSION_ASKED = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SINCE = ((1, 13), (2, 14), (3, 15), (5, 16))
"""(ABI, how many file rights it knows)."""
_TCP = 0b11  # bind, connect
_SCOPED = 0b11  # abstract unix sockets, signals
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_READING = _EXECUTE | _READ_FILE | _READ_DIR

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The kernel's version of Landlock; 0 where there is none, or where it is forbidden."""
    return max(0, int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_ASKED))))


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Hold this process and all that it starts, for good. What does not exist is left out.

    Raises OSError where the kernel refuses: nothing must run then that was to be held."""
    version = abi()
    if version == 0:
        raise OSError("no Landlock")
    rights = (1 << max(known for since, known in _SINCE if since <= version)) - 1
    rules = _Ruleset(rights, _TCP if version >= 4 else 0, _SCOPED if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _called(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for paths, allowed in ((readable, _READING), (writable, rights)):
            for path in paths:
                _allow(ruleset, path, allowed & rights)
        if _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        _called(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        beneath = _Beneath(allowed if os.path.isdir(path) else allowed & _OF_A_FILE, parent)
        _called(
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_PATH_BENEATH),
            ctypes.byref(beneath),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(parent)


def _called(number: int, *arguments: object) -> int:
    answer = int(_libc.syscall(number, *arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return answer
