"""The service in a process of its own: what it writes, and what it holds in memory, can be looked at."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SERVE = """
import sys, uvicorn
from pathlib import Path
from api.app import create_app
from store.house import open_store
from store.settings import load_settings
from tests.api.serving import NoCage
store = open_store(load_settings(Path(sys.argv[1])), migrate=False)
config = uvicorn.Config(create_app(store, NoCage()), port=0, access_log=False, log_config=None)
listening = config.bind_socket()
print(listening.getsockname()[1], flush=True)
uvicorn.Server(config).run(sockets=[listening])
"""


@contextlib.contextmanager
def process(home: Path, folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Its address, the file of everything it writes on stderr, and its process id."""
    told, said = folder / "out", folder / "err"
    with told.open("wb") as out, said.open("wb") as err:
        running = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(home)],
            cwd=ROOT,
            stdout=out,
            stderr=err,
            env=os.environ | {"PYTHONPATH": "."},
        )
    try:
        until = time.monotonic() + 180  # a loaded machine
        while not _answers(told.read_text()) and time.monotonic() < until:
            assert running.poll() is None, said.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{told.read_text().strip()}", said, running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def _answers(port: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(port)), 1).close()
    except (OSError, ValueError):
        return False
    return True
