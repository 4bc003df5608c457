"""The embedded servers of a home: started together, found again, stopped together.

One owner a home, by a lock on `owner.lock`; others attach through `run.json`. What a killed owner
left running is stopped first, then started afresh: data are on disk, and the servers are made for it.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import psutil

from cli.servers import postgres, valkey, weed
from cli.servers.place import Launch, Place, ServerFailed, as_user, free_ports, secret
from store.objects import Objects
from store.settings import Settings, load_settings
from store.vault import make_master_key

START_SECONDS = 45.0
STOP_SECONDS = {"postgres": 15.0, "weed": 1.5, "valkey": 1.5}
"""PostgreSQL killed leaves shared memory behind; SeaweedFS takes 15 s to say goodbye to itself, for nothing."""
NAMES = {"postgres": "PostgreSQL", "weed": "SeaweedFS", "valkey": "Valkey"}


@contextlib.contextmanager
def running(home: Path | None = None, **overrides: Any) -> Iterator[Settings]:
    """Settings whose servers answer: those of the environment, else of the home, started if need be."""
    settings = load_settings(home, **overrides)
    if os.environ.get("LIASSE_DATABASE_URL"):
        yield settings
        return
    house = Servers(settings.home)
    house.start()
    try:
        yield load_settings(home, **overrides)
    finally:
        house.stop()


class Servers:
    """The three servers of one home. `owner`: whether we started them and must stop them."""

    def __init__(self, home: Path, *, start_seconds: float = START_SECONDS) -> None:
        self.home = home.absolute()
        self.owner = False
        self._lock: IO[str] | None = None
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._launches: dict[str, Launch] = {}
        self._ready: dict[str, Callable[[], None]] = {}
        self._start_seconds = start_seconds
        self._note: dict[str, Any] = {}

    @property
    def run_file(self) -> Path:
        return self.home / "run.json"

    @property
    def pids(self) -> dict[str, int]:
        """Of our own children, or of those we attached to."""
        return {name: at["pid"] for name, at in _read(self.run_file).get("servers", {}).items()}

    @property
    def sockets(self) -> str:
        """The short directory of the servers' sockets."""
        return str(_read(self.run_file).get("sockets", ""))

    def start(self) -> Settings:
        """Start or attach. Raises ServerFailed, in French, naming the server and its log."""
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / "owner.lock").open("a")
        deadline = time.monotonic() + self._start_seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if _read(self.run_file).get("ready"):
                    lock.close()
                    return load_settings(self.home)
                if time.monotonic() > deadline:
                    raise ServerFailed(
                        f"{self.home} est tenu par un autre Liasse, qui ne finit pas de démarrer."
                    ) from None
                time.sleep(0.1)
                continue
            break
        self._lock, self.owner = lock, True
        try:
            self._clear_leftovers()
            self._start_all()
        except BaseException:
            self.stop()
            raise
        return load_settings(self.home)

    def stop(self) -> None:
        """Stop what we started; nothing where we only attached."""
        if not self.owner:
            return
        self.run_file.unlink(missing_ok=True)
        for name, process in self._processes.items():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self._launches[name].stop_signal)
        asked = time.monotonic()
        for name, process in sorted(self._processes.items(), key=lambda known: STOP_SECONDS[known[0]]):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.05, asked + STOP_SECONDS[name] - time.monotonic()))
            if process.poll() is None:
                process.kill()
                process.wait(5)
        self._processes.clear()
        if sockets := self._note.get("sockets"):
            shutil.rmtree(sockets, ignore_errors=True)
            with contextlib.suppress(OSError):
                weed.forget_sockets(Place(self.home, Path(sockets)))
        if self._lock:
            self._lock.close()
        self._lock, self.owner = None, False

    def note(self, **facts: Any) -> None:
        """Add to run.json what others look for there, such as the port of the service."""
        self._note.update(facts)
        fresh = self.run_file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._note, indent=1))
        fresh.rename(self.run_file)

    def revive(self) -> list[str]:
        """Start again, over its data, each of our servers that has ended; their names. Raises ServerFailed."""
        ended = [name for name, process in self._processes.items() if process.poll() is not None]
        for name in ended:
            if name == "weed":
                weed.forget_sockets(Place(self.home, Path(self._note["sockets"])))
            self._launch(self._launches[name])
            self._wait(name)
        return ended

    def _start_all(self) -> None:
        sockets = Path(tempfile.mkdtemp(prefix="liasse-"))
        sockets.chmod(0o711)
        place = Place(self.home, sockets)
        for directory in (place.secrets, place.logs, self.home / "tmp"):
            directory.mkdir(exist_ok=True, mode=0o700)
        make_master_key(place.secrets / "master.key")
        self.note(pid=os.getpid(), created=psutil.Process().create_time(), sockets=str(sockets), servers={})
        port = free_ports(1)[0]
        self._launch(weed.launch(place))  # the slowest first; initdb runs meanwhile
        self._launch(valkey.launch(place, port))
        self._launch(postgres.launch(place))
        endpoint = weed.endpoint(place)
        keys = secret(place, "s3_access_key"), secret(place, "s3_secret_key")
        self._ready = {
            "postgres": lambda: postgres.ready(place),
            "valkey": lambda: _valkey_ready(valkey.url(place, port)),
            "weed": lambda: _weed_ready(endpoint, *keys),
        }
        for name in self._ready:
            self._wait(name)
        self.note(
            ready=True,
            settings={
                "database_url": postgres.url(place),
                "s3_endpoint": endpoint,
                "broker_url": valkey.url(place, port),
            },
        )

    def _launch(self, launch: Launch) -> None:
        self._launches[launch.name] = launch
        with (self.home / "logs" / f"{launch.name}.log").open("ab") as log:
            process = subprocess.Popen(
                launch.command,
                cwd=launch.cwd,
                env=launch.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we stop them in order
                **as_user(launch.user),
            )
        self._processes[launch.name] = process
        known = {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}
        self.note(servers=self._note["servers"] | {launch.name: known})

    def _wait(self, name: str) -> None:
        deadline = time.monotonic() + self._start_seconds
        again = 10
        while True:
            if self._processes[name].poll() is not None:
                # PostgreSQL refuses while the orphans of a killed one are still leaving.
                if not again or name != "postgres":
                    raise ServerFailed(self._why(name))
                again -= 1
                time.sleep(0.5)
                self._launch(self._launches[name])
            try:
                self._ready[name]()
                return
            except Exception as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(self._why(name)) from error
                time.sleep(0.05)

    def _why(self, name: str) -> str:
        log = self.home / "logs" / f"{name}.log"
        with contextlib.suppress(OSError):
            tail = log.read_text(errors="replace").strip().splitlines()[-3:]
            return f"{NAMES[name]} ne répond pas. Son journal ({log}) finit par :\n" + "\n".join(tail)
        return f"{NAMES[name]} ne répond pas."

    def _clear_leftovers(self) -> None:
        left = _read(self.run_file)
        orphans = []
        for name, known in left.get("servers", {}).items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(known["pid"])
                if abs(process.create_time() - known["created"]) < 1:
                    # weed keeps nothing in memory that it must write; PostgreSQL recovers by itself
                    process.send_signal(2 if name == "postgres" else 9 if name == "weed" else 15)
                    orphans.append(process)
        _, alive = psutil.wait_procs(orphans, timeout=3)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, timeout=3)
        if sockets := left.get("sockets"):
            shutil.rmtree(sockets, ignore_errors=True)
        self.run_file.unlink(missing_ok=True)


def _valkey_ready(url: str) -> None:
    import redis

    with redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()


def _weed_ready(endpoint: str, access_key: str, secret_key: str) -> None:
    with contextlib.closing(Objects(endpoint, access_key, secret_key)) as objects:
        objects.make_buckets()
        objects.put("work", "sonde", b"prete")
        objects.delete("work", "sonde")


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
