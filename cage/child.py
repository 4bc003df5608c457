"""`python -m cage.child`: waits for calls on its standard input, a socket, and runs them.

It trusts nothing but its parent, and its parent trusts it in nothing. It ends at the end of its
input. Nothing that it prints is kept: a library may print what it reads.
"""

import argparse
import ctypes
import faulthandler
import importlib
import inspect
import json
import mmap
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from cage import landlock
from cage.calls import Call
from cage.frames import Channel, Closed
from cage.limits import Limits
from domain.errors import CATALOGUE, Failed, LiasseError

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
ARGUMENT_BYTES = 64 * 1024 * 1024


def confine(limits: Limits, alone: bool) -> None:
    """Rlimits of this process. `alone`: it has its own user namespace, where processes are its own;
    elsewhere RLIMIT_NPROC counts all those of the user, so it is left to the parent's eye."""
    for name, value in (
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        *(((resource.RLIMIT_NPROC, limits.processes),) if alone else ()),
    ):
        hard = resource.getrlimit(name)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _grant_cpu(seconds: float) -> None:
    """A net behind the parent's clock, for this call: soft, since the hard limit cannot rise again."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds * 2 + 10)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def resolve(target: str) -> Callable[..., tuple[dict[str, Any], list[bytes]]]:
    module, _, name = target.partition(":")
    function: Callable[..., tuple[dict[str, Any], list[bytes]]] = getattr(importlib.import_module(module), name)
    return function


def warm(calls: dict[str, Call]) -> list[str]:
    """Loads what the calls need, and runs the `warm()` of their modules. The names that failed."""
    missing = []
    for name, call in calls.items():
        try:
            resolve(call.target)
            prepare = getattr(sys.modules[call.target.partition(":")[0]], "warm", None)
            if prepare is not None:
                prepare()
        except (ImportError, AttributeError):
            missing.append(name)
    return missing


def _where(error: BaseException) -> list[str]:
    """Places in the code alone: a message may hold what was read."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{os.path.basename(each.filename)}:{each.lineno} {each.name}" for each in frames]


def _data(file: int | None) -> Any:
    if file is None or os.fstat(file).st_size == 0:
        return b""
    return mmap.mmap(file, 0, access=mmap.ACCESS_READ)


def answer(channel: Channel, calls: dict[str, Call], message: dict[str, Any], file: int | None) -> bool:
    """Runs one call and sends what came of it. False: this process is not to be used again."""
    call = calls.get(message["call"])
    if call is None:
        channel.send({"kind": "failed", "code": "appel_inconnu", "detail": ""})
        return True
    try:
        arguments = message["arguments"]
        function = resolve(call.target)
        if "progress" in inspect.signature(function).parameters:
            arguments["progress"] = lambda *_: channel.send({"kind": "tick"})
        _grant_cpu(message["seconds"])
        result, blobs = function(_data(file), **arguments)
        channel.send({"kind": "done", "result": result}, blobs)
    except LiasseError as error:
        kind = "failed" if isinstance(error, Failed) else "refused"
        code = error.code if error.code in CATALOGUE else "lecteur_tombe"
        channel.send({"kind": kind, "code": code, "detail": error.detail})
        return kind == "refused"
    except Closed:
        raise
    except MemoryError:
        channel.send({"kind": "failed", "code": "lecture_trop_lourde", "detail": ""})
        return False
    except BaseException as error:
        channel.send({"kind": "error", "type": type(error).__name__, "where": _where(error)})
        return False
    return True


def serve(channel: Channel, calls: dict[str, Call]) -> None:
    while True:
        try:
            message, _ = channel.receive(ARGUMENT_BYTES, 0)
        except Closed:
            return
        if message["kind"] == "warm":
            channel.send({"kind": "warm", "missing": warm(calls)})
            continue
        file = channel.take_file()
        try:
            if not answer(channel, calls, message, file):
                return
        finally:
            if file is not None:
                os.close(file)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", required=True)
    parser.add_argument("--limits", required=True, type=Limits.from_json)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--within", type=json.loads)
    parser.add_argument("--faults", type=int, required=True)
    given = parser.parse_args()
    # the socket leaves 0 and 1, so that no library and no program started from here can reach it
    channel = Channel(socket.socket(fileno=os.dup(0)), takes_files=True)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    faulthandler.enable(given.faults, all_threads=False)
    os.set_inheritable(given.faults, False)
    confine(given.limits, given.alone)
    if given.within:
        landlock.restrict(**given.within)
    module, _, name = given.calls.partition(":")
    calls = getattr(importlib.import_module(module), name)
    channel.send({"kind": "ready"})
    serve(channel, calls)


if __name__ == "__main__":
    main()
