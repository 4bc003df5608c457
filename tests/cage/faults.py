"""What goes wrong in a reader, on purpose. The parent imports the table, the child the functions."""

import ctypes
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from cage.calls import Call
from domain.errors import Failed, Refused

Answer = tuple[dict[str, Any], list[bytes]]
HERE = "tests.cage.faults"
NAMES = """
    echo crash abort leave loop sleep eat reserve fork_bomb spawn network signal_parent look write_files disk
    huge_blob
    huge_result bomb_result garbage refuse fail broken recurse unpicklable ticks pages_named numbers
    secrets_in_error change_file pid hold
"""
CALLS = {name: Call(f"{HERE}:{name}") for name in NAMES.split()} | {"absent": Call("no.such.module:f")}


def warm() -> None:
    """Called by the child when it warms itself."""


def echo(data: Any, **arguments: Any) -> Answer:
    return {"size": len(data), "arguments": arguments}, [bytes(data[:100]), b""]


def crash(data: Any) -> Answer:
    ctypes.string_at(0)
    return {}, []


def abort(data: Any) -> Answer:
    os.abort()


def leave(data: Any) -> Answer:
    os._exit(0)


def loop(data: Any) -> Answer:
    while True:
        pass


def sleep(data: Any, *, seconds: float) -> Answer:
    time.sleep(seconds)
    return {}, []


def eat(data: Any, *, mib: int) -> Answer:
    kept = [b"x" * 1024 * 1024 for _ in range(mib)]
    return {"kept": len(kept)}, []


def hold(data: Any, *, mib: int) -> Answer:
    sys.modules[__name__].__dict__["_held"] = b"x" * (mib * 1024 * 1024)
    return {}, []


def reserve(data: Any) -> Answer:
    return {"size": len(bytearray(8 << 30))}, []


def fork_bomb(data: Any) -> Answer:
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


def spawn(data: Any) -> Answer:
    """Leaves a grandchild that outlives its parent, and crashes."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    os.abort()


def network(data: Any, *, port: int) -> Answer:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return {"reached": False, "why": type(error).__name__}, []
    return {"reached": True}, []


def signal_parent(data: Any) -> Answer:
    try:
        os.kill(os.getppid(), 0)
    except OSError as error:
        return {"reached": False, "why": type(error).__name__}, []
    return {"reached": True}, []


def look(data: Any, *, paths: list[str]) -> Answer:
    def readable(path: str) -> bool:
        try:
            Path(path).read_bytes()
        except OSError:
            return False
        return True

    try:
        processes = sum(1 for name in os.listdir("/proc") if name.isdigit())
    except OSError:
        processes = 0
    seen = {path: readable(path) for path in paths}
    return {"environment": dict(os.environ), "seen": seen, "processes": processes}, []


def write_files(data: Any, *, folders: list[str]) -> Answer:
    written = []
    for folder in folders:
        try:
            Path(folder, "trace").write_text("x")
        except OSError:
            continue
        written.append(folder)
    return {"written": written}, []


def disk(data: Any) -> Answer:
    size = 0
    try:
        with open(Path(os.environ["TMPDIR"], "big"), "wb", buffering=0) as file:
            while size < 2 << 30:
                size += file.write(b"\0" * (1 << 20))
    except OSError:
        return {"mib": size >> 20}, []
    return {"mib": size >> 20}, []


def huge_blob(data: Any) -> Answer:
    return {}, [bytes(400 << 20)]


def huge_result(data: Any) -> Answer:
    return {"text": "x" * (40 << 20)}, []


def bomb_result(data: Any) -> Answer:
    return {"maps": [{} for _ in range(8_000_000)]}, []


def garbage(data: Any) -> Answer:
    """Writes to its parent's socket what is no frame, as a taken-over child would."""
    for name in os.listdir("/proc/self/fd"):
        try:
            socket.socket(fileno=os.dup(int(name))).send(b"GET / HTTP/1.1\r\n" * 10)
        except OSError:
            continue
    return {}, []


def refuse(data: Any) -> Answer:
    raise Refused("fichier_chiffre", "page 3 <script>alert(1)</script>\x1b[31m\n" + "x" * 500)


def fail(data: Any) -> Answer:
    raise Failed("lecture_trop_lourde", "trop")


def broken(data: Any) -> Answer:
    return {"gone": 1 / 0}, []


def secrets_in_error(data: Any) -> Answer:
    print("nom lu : DUPONT 1 85 05 78 006 084", flush=True)
    print("nom lu : DUPONT", file=sys.stderr, flush=True)
    raise ValueError("nom lu : DUPONT 1 85 05 78 006 084")


def recurse(data: Any) -> Answer:
    return recurse(data)


def unpicklable(data: Any) -> Answer:
    return {"object": object()}, []


def numbers(data: Any) -> Answer:
    import numpy as np

    return {"f": np.float32(0.5), "i": np.int64(7), "b": np.True_}, [np.zeros(3, np.uint8).tobytes()]


def ticks(data: Any, *, pages: int, seconds: float, progress: Any) -> Answer:
    for page in range(pages):
        time.sleep(seconds)
        progress(page)
    return {"pages": pages}, []


def pages_named(data: Any, *, pages: list[int], seconds: float) -> Answer:
    time.sleep(seconds)
    return {"pages": pages}, []


def change_file(data: Any) -> Answer:
    """Tries to write the file that it was given to read, by its descriptor and by reopening it."""
    ways = []
    for name in map(str, range(256)):
        try:
            if os.pread(int(name), 8, 0) != bytes(data):
                continue
        except OSError:
            continue
        try:
            os.pwrite(int(name), b"HACKED", 0)
            ways.append("descriptor")
        except OSError:
            pass
        try:
            with open(f"/proc/self/fd/{name}", "r+b", buffering=0) as file:
                file.write(b"HACKED")
                ways.append("reopened")
        except OSError:
            pass
    return {"ways": ways}, []


def pid(data: Any) -> Answer:
    return {"pid": os.getpid(), "born": time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)}, []
