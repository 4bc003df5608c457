"""Lines that can be cut: a proxy before a real server, on TCP or on a Unix socket."""

import contextlib
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

FULL = (
    b"HTTP/1.1 507 Insufficient Storage\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: 117\r\n\r\n"
    b"<?xml version='1.0'?><Error><Code>InsufficientStorage</Code><Message>full</Message>"
    b"<Resource>/</Resource></Error>  "
)
assert FULL.count(b"\r\n\r\n") == 1
FULL = FULL.replace(b"117", b"%d" % len(FULL.partition(b"\r\n\r\n")[2]))


class Line:
    """`fault`: None, or what happens to the bytes:

    down       no one answers: each connection is closed at once
    slow       each piece comes `delay` seconds late, both ways
    cut        the connection is lost `after` bytes of a request
    full       every PUT is answered 507
    committed  the connection is lost once the server has committed, before it can say so: at the
               `nth` COMMIT, and at no other
    """

    def __init__(self, target: str | tuple[str, int]) -> None:
        self._target = target
        self.fault: str | None = None
        self.after, self.delay, self.nth = 1000, 0.05, 1
        self.hits = 0
        self._ended = False
        self._open: set[socket.socket] = set()
        if isinstance(target, tuple):
            self._folder = None
            self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        else:
            self._folder = tempfile.TemporaryDirectory(prefix="ln-")
            self._listening = socket.socket(socket.AF_UNIX)
            self._listening.bind(str(Path(self._folder.name) / os.path.basename(target)))
            self._listening.listen(64)
            self.address = self._folder.name
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended = True
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.hang_up()
        self._thread.join(5)
        if self._folder:
            self._folder.cleanup()

    def hang_up(self) -> None:
        """Lose every connection now."""
        for each in list(self._open):
            self._drop(each)

    def _drop(self, *sockets: socket.socket) -> None:
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while not self._ended:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        with near:
            if self.fault == "down":
                self.hits += 1
                return
            family = socket.AF_INET if isinstance(self._target, tuple) else socket.AF_UNIX
            with socket.socket(family) as far:
                with contextlib.suppress(OSError):
                    far.connect(self._target)
                    self._open |= {near, far}
                    back = threading.Thread(target=self._answers, args=(far, near), daemon=True)
                    back.start()
                    self._requests(near, far)
                    self._drop(near, far)
                    back.join()
                self._open -= {near, far}

    def _requests(self, near: socket.socket, far: socket.socket) -> None:
        sent = 0
        while piece := near.recv(65536):
            if self.fault == "down":
                self.hits += 1
                return
            if self.fault == "full" and piece.startswith((b"PUT ", b"POST ")):
                self.hits += 1
                near.sendall(FULL)
                return
            if self.fault == "slow":
                self.hits += 1
                time.sleep(self.delay)
            sent += len(piece)
            if self.fault == "cut" and sent > self.after:
                self.hits += 1
                far.sendall(piece[: max(0, len(piece) - (sent - self.after))])
                return
            if self.fault == "committed" and b"COMMIT" in piece:
                self.nth -= 1
                if self.nth == 0:
                    self.hits += 1
                    self._lost = near
                    far.sendall(piece)
                    time.sleep(0.3)  # the server has long answered; nobody was told
                    return
            far.sendall(piece)

    _lost: socket.socket | None = None

    def _answers(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(65536):
                if self._lost is near:
                    return
                if self.fault == "slow":
                    time.sleep(self.delay)
                near.sendall(piece)
        self._drop(near, far)


@contextlib.contextmanager
def line(target: str | tuple[str, int]) -> Iterator[Line]:
    made = Line(target)
    try:
        yield made
    finally:
        made.close()
