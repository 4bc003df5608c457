"""The gate: what a file is, by its content alone, and whether it may come in. Decodes nothing."""

import errno
import io
import socket
import struct
from collections.abc import Iterable
from typing import BinaryIO
from urllib.parse import urlsplit

from domain.errors import Refused, Unavailable

HEAD_BYTES = 2048
PDF_HEADER_WITHIN = 1024
UNKNOWN = "application/octet-stream"
"""The media type under which bytes are kept that could not be taken."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),  # BigTIFF
    (b"MM\0+", "image/tiff"),
)


def sniff(head: bytes) -> str:
    """The media type told by the first HEAD_BYTES bytes; a name or a header has no say.

    A PDF's header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H.3.4.1); what
    begins as an image is an image, whatever follows. Raises Refused: fichier_vide, type_inconnu.
    """
    if not head:
        raise Refused("fichier_vide")
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if b"%PDF-" in head[: PDF_HEADER_WITHIN + len(b"%PDF-")]:
        return "application/pdf"
    raise Refused("type_inconnu")


def kind(head: bytes) -> str:
    """What sniff says, UNKNOWN where it refuses: for bytes that are kept whatever they are."""
    try:
        return sniff(head)
    except Refused:
        return UNKNOWN


class Counted(io.RawIOBase):
    """A stream read once: counted, its head kept, ended where it says more or less than announced.

    Raises Refused: fichier_trop_gros past `most` bytes, envoi_incomplet where `length` was announced
    and is not reached, or passed."""

    def __init__(self, source: BinaryIO | io.RawIOBase, most: int, length: int | None = None) -> None:
        if length is not None and length > most:
            raise Refused("fichier_trop_gros")
        self._source, self._most, self._length = source, most, length
        self.size = 0
        self.head = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(1 << 20 if size < 0 else size) or b""
        self.size += len(data)
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        if self.size > self._most:
            raise Refused("fichier_trop_gros")
        if self._length is not None and (
            self.size > self._length or (not data and size and self.size < self._length)
        ):
            raise Refused("envoi_incomplet")
        return data


def scan(clamd_url: str | None, chunks: Iterable[bytes], timeout: float = 60.0) -> None:
    """Asks clamd, where one is set: `tcp://host:port` or `unix:///path`.

    Raises Refused("virus"), or Unavailable("antivirus_muet") for anything but a clear answer: what
    was not examined is never clean.
    """
    if clamd_url is None:
        return
    try:
        with _connect(clamd_url, timeout) as clamd:
            answer = _ask(clamd, chunks)
    except (OSError, ValueError) as error:
        raise Unavailable("antivirus_muet") from error
    if answer.endswith(b" FOUND"):
        raise Refused("virus")
    if answer != b"stream: OK":
        raise Unavailable("antivirus_muet")


def _connect(url: str, timeout: float) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(timeout)
        try:
            client.connect(parts.path)
        except OSError:
            client.close()
            raise
        return client
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError(f"neither tcp:// nor unix://: {parts.scheme}")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout)


def _ask(clamd: socket.socket, chunks: Iterable[bytes]) -> bytes:
    """INSTREAM: each chunk behind its length, then a length of zero; one line comes back."""
    try:
        clamd.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">I", 0))
    except OSError as error:
        # it answers and hangs up where it has found enough, or where the stream is too long for it
        if error.errno not in (errno.EPIPE, errno.ECONNRESET):
            raise
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = clamd.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n")
