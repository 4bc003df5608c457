"""A whole house on this machine: the embedded servers, a worker and the api, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import httpx

from cli.embedded import Servers
from cli.servers.place import ServerFailed, is_free
from store.settings import load_settings

COMMANDS = ("worker", "serve")
STOP_SECONDS = 10.0
START_SECONDS = 180.0  # a loaded machine; one that has ended is seen at once
REVIVALS = 5
"""How often each process is started again: what is killed is not ill, what dies each time is."""


class NotStarted(Exception):
    """Un processus du service ne démarre pas ; son journal dit pourquoi."""


def refuse_a_taken_port(port: int) -> None:
    """Raises NotStarted where another program listens there. 0: any port, never taken."""
    if port and not is_free(port):
        raise NotStarted(
            f"Le port {port} est pris par un autre programme. Arrêtez-le, ou choisissez un autre port : "
            f"LIASSE_PORT={port + 1} make run"
        )


class Service:
    """Starts everything over `home`, stops what it started. `url` is where the pages are."""

    def __init__(self, home: Path, *, port: int) -> None:
        self.home = home
        self.port = port
        self.url = ""
        self._servers: Servers | None = None
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._revived: Counter[str] = Counter()

    def __enter__(self) -> "Service":
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            # told to end from outside, it stops what it started, as for Ctrl-C
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._servers = Servers(self.home)
            self._servers.start()
            if self._servers.owner:
                (self.home / "api.url").unlink(missing_ok=True)  # of one who was killed
            for name in COMMANDS:
                self._spawn(name)
            self.url = self._wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fallen(self) -> str | None:
        """Look after everyone: whoever was killed is started again, servers first. The name of one that ended
        by itself, or is killed again and again; else None."""
        try:
            killed = self._servers.revive() if self._servers is not None and self._servers.owner else []
        except ServerFailed:
            return "serveurs"
        for name, process in self._processes.items():
            code = process.poll()
            if code is not None and code >= 0:
                return name
            if code is not None:
                self._spawn(name)
                killed.append(name)
        self._revived.update(killed)
        return next((name for name in killed if self._revived[name] > REVIVALS), None)

    def _ended(self) -> str | None:
        return next((name for name, process in self._processes.items() if process.poll() is not None), None)

    def close(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        if self._servers is not None:
            self._servers.stop()
            self._servers = None

    def _spawn(self, name: str) -> None:
        """At the same address as before, for those who have it."""
        port = ("--port", str(httpx.URL(self.url).port or self.port)) if name == "serve" else ()
        logs = self.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "cli", name, "--attached", *port],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "LIASSE_HOME": str(self.home), "OMP_THREAD_LIMIT": "1"},
                start_new_session=True,
            )

    def _wait_until_ready(self) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if fallen := self._ended():
                log = self.home / "logs" / f"{fallen}.log"
                last = log.read_text(errors="replace").strip().splitlines()[-2:]
                raise NotStarted(
                    f"« {fallen} » s'est arrêté. Son journal ({log}) finit par :\n" + "\n".join(last)
                )
            url = _written(self.home)
            if url and _answers(url + "/readyz"):
                return url
            time.sleep(0.1)
        raise NotStarted(f"le service n'est pas prêt après {START_SECONDS:.0f} s : voyez {self.home / 'logs'}")


def url_of(home: Path) -> str | None:
    """Where the api of a running home listens, or None; one that was killed left its address behind."""
    url = _written(home)
    return url if url and _answers(url + "/healthz") else None


def _written(home: Path) -> str | None:
    file = home / "api.url"
    return file.read_text().strip() if file.exists() else None


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0).status_code == 200
    except httpx.HTTPError:
        return False


def remember(home: Path, **choices: object) -> None:
    """Write the choices of a home (its civil day, its locks) where load_settings finds them."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / "settings.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**known, **choices}, indent=1))


def settings_line(home: Path) -> Sequence[str]:
    """What a person should know of a home at its start."""
    settings = load_settings(home)
    lines = [f"Données : {home}"]
    if settings.today:
        lines.append(f"Jour civil : {settings.today:%d/%m/%Y} (celui de cette démonstration)")
    if settings.retention_minutes:
        lines.append(f"Verrou de l'archive : {settings.retention_minutes} minutes (démonstration)")
    return lines
