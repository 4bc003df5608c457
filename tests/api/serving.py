"""The service in a test, over a real socket, as a caller or a browser meets it."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from store import senders
from store.house import Store


class NoCage:
    """For routes that decode nothing: a call is a fault of the test."""

    sandbox = "aucune"

    def call(self, name: str, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"the cage was asked for {name}")

    def health(self) -> dict[str, Any]:
        return {"sandbox": self.sandbox, "size": 0, "children": 0, "faults": {}, "missing": []}


class Elsewhere:
    """The same service, met by a caller of another machine."""

    def __init__(self, app: ASGIApp, host: str = "192.0.2.7") -> None:
        self.app, self.host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["client"] = (self.host, 50000)
        await self.app(scope, receive, send)


@contextlib.contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """An application on a free port of this machine; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.02)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@contextlib.contextmanager
def served(store: Store, cage: Any = None) -> Iterator[str]:
    with running(create_app(store, cage or NoCage())) as address:
        yield address


def caller(address: str, token: str | None = None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=address, headers=headers, timeout=60)


def token(store: Store, role: Any) -> str:
    with store.begin() as conn:
        return senders.create_sender(conn, role).token
