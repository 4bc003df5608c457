"""The two processes of a house, api and worker: each opens it, then serves until told to stop."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import httpx
import uvicorn
from celery.bootsteps import RUN
from celery.worker import WorkController

from api.app import create_app
from api.logs import configure
from archive import canary, tail
from cage.pool import Pool
from cli.embedded import running
from cli.reading import cage_limits, operator_forms
from cli.tarifs import add_to_law
from store.house import Store, open_store
from store.settings import load_settings
from workers.house import House
from workers.tasks import celery_app
from workers.timers import Timers

ALIVE_SECONDS = 60.0


@contextlib.contextmanager
def opened(attached: bool, cage_children: int) -> Iterator[tuple[Store, Pool, str]]:
    """The store (no older than its archive; its lock attacked once, and held) and a warm cage."""
    with contextlib.ExitStack() as stack:
        settings = load_settings() if attached else stack.enter_context(running())
        add_to_law(settings)
        store = open_store(settings)
        stack.callback(store.close)
        tail.check_base(store)
        attacks = canary.attack(store.objects)
        cage = Pool(cage_children, limits=cage_limits(settings), readable=operator_forms(settings))
        stack.callback(cage.close)
        cage.warm()
        yield store, cage, f"tient ({len(attacks)} attaques repoussées)"


def serve(*, attached: bool, bind: str, port: int | None) -> int:
    """The api until SIGTERM; its address is written to `<home>/api.url`."""
    configure()
    with opened(attached, cage_children=1) as (store, cage, lock):
        settings = store.settings
        app = create_app(store, cage)
        app.state.canary = lock
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=bind,
                port=settings.port if port is None else port,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=5,
            )
        )
        sockets = [server.config.bind_socket()]
        address = settings.home / "api.url"
        address.write_text(f"http://127.0.0.1:{sockets[0].getsockname()[1]}\n")

        def stop(*_: object) -> None:
            server.should_exit = True

        # before uvicorn listens to signals; and after: it raises them again once it has stopped
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            server.run(sockets=sockets)
        finally:
            address.unlink(missing_ok=True)
    return 0


def worker(*, attached: bool) -> int:
    """Stages by Celery and timers by threads, until SIGTERM."""
    configure()
    children = load_settings().cage_children or os.cpu_count() or 1
    with opened(attached, cage_children=children) as (store, cage, _):
        house = House(store, cage)
        celery = celery_app(house)
        consumer = celery.Worker(pool="threads", concurrency=children, loglevel="WARNING", quiet=True)
        alive = _alive(store.settings.home)
        with Timers(house, beat=lambda: alive.write_text(str(os.getpid()))):
            stopper = _Stopper(consumer)
            signal.signal(signal.SIGTERM, stopper)
            signal.signal(signal.SIGINT, stopper)
            consumer.start()
        alive.unlink(missing_ok=True)
    return 0


class _Stopper:
    """Stops the consumer once, from a thread of its own: a signal handler must not wait."""

    def __init__(self, consumer: WorkController) -> None:
        self._consumer = consumer
        self._asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self._asked:
            self._asked = True
            threading.Thread(target=self._stop, daemon=True).start()

    def _stop(self) -> None:
        while self._consumer.blueprint.state != RUN:  # one that is not started yet would not hear
            time.sleep(0.05)
        self._consumer.stop()


def _alive(home: Path) -> Path:
    """A file of this machine's own: several workers, a container each, may share a home."""
    return home / f"worker-{socket.gethostname()}.alive"


def is_healthy(what: str) -> bool:
    """Whether the api answers, or the worker's timers beat within the last minute."""
    home = load_settings().home
    if what == "worker":
        alive = _alive(home)
        return alive.exists() and time.time() - alive.stat().st_mtime < ALIVE_SECONDS
    address = home / "api.url"
    if not address.exists():
        return False
    try:
        return httpx.get(address.read_text().strip() + "/healthz", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False
