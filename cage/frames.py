"""Frames between the parent and a child: a msgpack header, then blobs. Never pickle.

    magic (4) | length of the header (4, big endian) | header | blobs, one after the other

The header is a map whose `blobs` lists their sizes. An open file travels beside the first byte
(SCM_RIGHTS). What comes from a child is foreign: sizes are bounded before anything is kept.
"""

import array
import io
import select
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

import msgpack

MAGIC = b"LIA\x01"
_HEAD = struct.Struct(">4sI")
_CHUNK = 1 << 20
_POLL_MS = 20
MAX_CONTAINERS = 3_000_000
_CONTAINER_MARKS = bytes(range(0x80, 0xA0)) + b"\xdc\xdd\xde\xdf"


class Closed(Exception):
    """The other side is gone."""


class Oversized(Exception):
    """The other side sends more than it may."""


class Garbled(Exception):
    """The other side sends no frame."""


def _plain(value: object) -> object:
    """Numbers of numpy, by their own `item`, so that this module need not know numpy."""
    item = getattr(value, "item", None)
    if callable(item):
        return item()
    raise TypeError(f"cannot travel: {type(value).__name__}")


def pack(message: dict[str, Any], blobs: Sequence[Any] = ()) -> bytes:
    """The head and header of a frame; the blobs follow it."""
    sizes = [memoryview(blob).nbytes for blob in blobs]
    header: bytes = msgpack.packb({**message, "blobs": sizes}, default=_plain)
    return _HEAD.pack(MAGIC, len(header)) + header


class Channel:
    """One end of a socketpair. `watch` is called at least every 20 ms of waiting; it may raise.

    `takes_files`: the child alone does; files that a child would send its parent are dropped."""

    def __init__(
        self,
        sock: socket.socket,
        watch: Callable[[], None] | None = None,
        *,
        takes_files: bool = False,
    ) -> None:
        self._sock = sock
        self._watch = watch
        self._space = socket.CMSG_SPACE(4) if takes_files else 0
        self._files: list[int] = []
        sock.setblocking(False)
        self._poll = select.poll()

    def send(self, message: dict[str, Any], blobs: Sequence[Any] = (), file: int | None = None) -> None:
        data = memoryview(pack(message, blobs))
        if file is not None:
            self._wait(select.POLLOUT)
            sent = self._sock.sendmsg(
                [data[:1]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))]
            )
            data = data[sent:]
        for part in (data, *(memoryview(blob).cast("B") for blob in blobs if len(blob))):
            view = part
            while view:
                self._wait(select.POLLOUT)
                try:
                    view = view[self._sock.send(view[:_CHUNK]) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise Closed from error

    def receive(self, result_bytes: int, blob_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
        """The next frame. Raises Closed, Oversized, Garbled, or what `watch` raises."""
        magic, size = _HEAD.unpack(self._exactly(_HEAD.size))
        if magic != MAGIC:
            raise Garbled
        if size > result_bytes:
            raise Oversized
        header = self._exactly(size)
        # an empty map is one byte here and 64 in memory: count what could be one before unpacking
        if size - len(header.translate(None, _CONTAINER_MARKS)) > MAX_CONTAINERS:
            raise Oversized
        try:
            message = msgpack.unpackb(header, strict_map_key=False)
            sizes = message.pop("blobs")
            if not all(isinstance(each, int) and each >= 0 for each in sizes):
                raise Garbled
        except Garbled:
            raise
        except Exception as error:
            raise Garbled from error
        if sum(sizes) > blob_bytes:
            raise Oversized
        return message, [self._exactly(each) for each in sizes]

    def take_file(self) -> int | None:
        """The open file that came with the last frame, now the caller's to close."""
        return self._files.pop() if self._files else None

    def close(self) -> None:
        self._sock.close()

    def _wait(self, event: int) -> None:
        self._poll.register(self._sock, event)
        while not self._poll.poll(_POLL_MS if self._watch else None):
            if self._watch:
                self._watch()
        if self._watch:
            self._watch()

    def _exactly(self, size: int) -> bytes:
        kept = io.BytesIO()  # its getvalue() does not copy: a blob is held once
        left = size
        while left:
            self._wait(select.POLLIN)
            try:
                part, ancillary, _, _ = self._sock.recvmsg(min(left, _CHUNK), self._space)
            except BlockingIOError:
                continue
            except OSError as error:
                raise Closed from error
            if not part:
                raise Closed
            for level, kind, data in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    self._files.extend(array.array("i", data[: len(data) // 4 * 4]))
            left -= kept.write(part)
        return kept.getvalue()
