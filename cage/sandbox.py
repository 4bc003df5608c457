"""How a child is started: in bubblewrap where it works, else held by Landlock, else under rlimits alone.

Bubblewrap gives no network, a file system of read-only system and code, a small /tmp, its own
processes. It needs user namespaces, which some systems forbid (Ubuntu 24.04's AppArmor policy,
containers): it is tried once, never assumed.
"""

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SCRATCH = "/tmp"  # noqa: S108 a small one of the child's own
_MACHINE = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
"""What numeric libraries ask of the processor."""
_ETC = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/ssl/openssl.cnf")


def environment(roots: Sequence[str], scratch: str) -> dict[str, str]:
    """All that a child knows of its surroundings. One thread each: the pool is the parallelism."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": scratch,
        "TMPDIR": scratch,
        "PYTHONPATH": os.pathsep.join(roots),
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # each arena reserves 128 MiB of address space, which RLIMIT_AS counts
        "MALLOC_ARENA_MAX": "2",
    }


def places(rooms: Sequence[str]) -> tuple[list[str], list[str]]:
    """The folders of these packages, and the roots to import them from. Imports none of them."""
    folders: list[str] = []
    roots: list[str] = []
    for room in rooms:
        spec = importlib.util.find_spec(room)
        for folder in spec.submodule_search_locations or () if spec else ():
            folders.append(os.path.abspath(folder))
            root = os.path.dirname(os.path.abspath(folder))
            if root not in roots:
                roots.append(root)
    return folders, roots


def bubblewrap(folders: Sequence[str], readable: Sequence[Path], scratch_bytes: int) -> list[str] | None:
    """The command before the child's own, or None where bubblewrap is absent or does not work."""
    program = shutil.which("bwrap", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        return None
    command = [
        program,
        *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "cage"),
        *("--ro-bind", "/usr", "/usr"),
    ]
    for name in _SYSTEM:
        if os.path.islink(name):
            command += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            command += ["--ro-bind", name, name]
    for name in _ETC:
        command += ["--ro-bind-try", name, name]
    command += ["--dev", "/dev", "--proc", "/proc", "--size", str(scratch_bytes), "--tmpfs", SCRATCH]
    seen = [path for path in (sys.prefix, sys.base_prefix) if not _under_usr(path)]
    for path in dict.fromkeys([*seen, *folders]):
        command += ["--ro-bind", path, path]
    for each in readable:
        command += ["--ro-bind-try", str(each), str(each)]
    command += ["--remount-ro", "/", "--chdir", "/"]
    return command if _works(tuple(command)) else None


def within(folders: Sequence[str], readable: Sequence[Path], scratch: str) -> str:
    """What a child that Landlock holds may open, as JSON: what bubblewrap would show it."""
    read = ["/usr", *_SYSTEM, *_ETC, *_MACHINE, sys.prefix, sys.base_prefix, *folders, *map(str, readable)]
    return json.dumps({"readable": list(dict.fromkeys(read)), "writable": [scratch, os.devnull]})


def _under_usr(path: str) -> bool:
    return Path(path) == Path("/usr") or Path("/usr") in Path(path).parents


@functools.cache
def _works(command: tuple[str, ...]) -> bool:
    try:
        tried = subprocess.run(
            [*command, sys.executable, "-S", "-c", ""],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0
