"""An upload read as it arrives, in flat memory: from the event loop's chunks to a plain `read(n)`.

The endpoints are synchronous and run in a thread; each `read` asks the loop for the next chunk, so a
slow disk slows the sender and nothing piles up in between.
"""

import io
from collections.abc import AsyncIterator

import anyio.from_thread
from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from domain.errors import Refused

MAX_FIELD_BYTES = 200
MAX_HEADER_BYTES = 4096


class Body(io.RawIOBase):
    """The raw body of a request, as a stream for `readinto` and `read`."""

    def __init__(self, request: Request) -> None:
        self._chunks: AsyncIterator[bytes] = request.stream().__aiter__()
        self._left = b""

    def readable(self) -> bool:
        return True

    def chunk(self) -> bytes:
        """The next bytes as they came, b"" at the end. Raises Refused("envoi_incomplet")."""
        return anyio.from_thread.run(self._next)

    async def _next(self) -> bytes:
        try:
            return await self._chunks.__anext__()
        except StopAsyncIteration:
            return b""
        except ClientDisconnect:
            raise Refused("envoi_incomplet") from None

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = self.chunk()
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


class FilePart(io.RawIOBase):
    """The part named `file` of a multipart form; `fields` holds the text parts seen so far.

    Reading to the end also reads the parts that follow the file, so that `fields` is then whole.
    Raises Refused: `requete_invalide` (no form, an unknown or doubled part), `envoi_incomplet`.
    """

    def __init__(self, request: Request, known: frozenset[str]) -> None:
        self._body, self._known = Body(request), known
        self.fields: dict[str, str] = {}
        self._ready = bytearray()
        self._name = self._header = b""
        self._disposition = b""
        self._text = bytearray()
        self._file_seen = self._ended = False
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
            raise Refused("requete_invalide", "Il faut un formulaire multipart avec une partie file.")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )
        while not self._file_seen:
            if not self._advance():
                raise Refused("requete_invalide", "Il manque la partie file.")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and self._advance():
            pass
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        del self._ready[:size]
        return size

    def _advance(self) -> bool:
        """Feeds one chunk to the parser; false at the end of a whole form."""
        chunk = self._body.chunk()
        if not chunk:
            if not self._ended:
                raise Refused("envoi_incomplet")
            return False
        try:
            self._parser.write(chunk)
        except MultipartParseError:
            raise Refused("requete_invalide", "Le formulaire est mal formé.") from None
        return True

    def _part_begin(self) -> None:
        self._name, self._disposition, self._header = b"", b"", b""
        self._text.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = self._bounded(self._header, data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._bounded(self._disposition, data[start:end])

    @staticmethod
    def _bounded(so_far: bytes, more: bytes) -> bytes:
        if len(so_far) + len(more) > MAX_HEADER_BYTES:
            raise Refused("requete_invalide", "Un en-tête du formulaire est trop long.")
        return so_far + more

    def _header_end(self) -> None:
        self._header = b""

    def _headers_finished(self) -> None:
        self._name = parse_options_header(self._disposition)[1].get(b"name", b"")
        if self._name == b"file":
            if self._file_seen:
                raise Refused("requete_invalide", "Un seul fichier par envoi.")
            self._file_seen = True
        elif self._name.decode("latin-1") not in self._known:
            raise Refused("requete_invalide", "Une partie du formulaire est inconnue.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == b"file":
            self._ready += data[start:end]
        elif len(self._text) + end - start > MAX_FIELD_BYTES:
            raise Refused("requete_invalide", "Une partie du formulaire est trop longue.")
        else:
            self._text += data[start:end]

    def _part_end(self) -> None:
        if self._name == b"file":
            return
        try:
            self.fields[self._name.decode()] = self._text.decode()
        except UnicodeDecodeError:
            raise Refused("requete_invalide", "Une partie du formulaire n'est pas en UTF-8.") from None

    def _end(self) -> None:
        self._ended = True
