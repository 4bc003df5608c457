"""The gate: told by content, counted as it comes, and never clean because the antivirus was silent."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused, Unavailable
from ingest import gate
from ingest.gate import Counted

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        (b"\0" * 1024 + b"%PDF-1.4", "application/pdf"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"II+\0\x08\0\0\0", "image/tiff"),
        (b"MM\0+\0\x08\0\0", "image/tiff"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0%PDF-1.4", "image/jpeg"),  # what begins as an image is one
    ],
)
def test_the_type_is_told_by_content(head: bytes, media_type: str) -> None:
    assert gate.sniff(head) == media_type


@pytest.mark.parametrize(
    "head",
    [
        b"\0" * 1025 + b"%PDF-1.4",
        b"PK\x03\x04",
        b"GIF89a",
        b"BM",
        b"<html>",
        b"<?xml version='1.0'?><svg/>",
        b"RIFF\0\0\0\0WEBP",
        b"\x89PNG\n\x1a\n",
        b"II\0*",
        b"\x7fELF",
        b"%PDX-1.4",
        b"%!PS-Adobe-3.0",
        EICAR,
        b"\xff\xd8",
    ],
)
def test_anything_else_is_refused(head: bytes) -> None:
    with pytest.raises(Refused) as caught:
        gate.sniff(head)
    assert caught.value.code == "type_inconnu"
    assert gate.kind(head) == gate.UNKNOWN


def test_an_empty_file_says_so() -> None:
    with pytest.raises(Refused, match="fichier_vide"):
        gate.sniff(b"")


@given(st.binary(max_size=3000))
def test_any_bytes_are_told_or_refused(data: bytes) -> None:
    assert gate.kind(data) in {
        "application/pdf", "image/jpeg", "image/png", "image/tiff", gate.UNKNOWN,
    }  # fmt: skip


def drain(counted: Counted, size: int = 100) -> bytes:
    return b"".join(iter(lambda: counted.read(size), b""))


def test_a_stream_is_counted_and_its_head_kept() -> None:
    counted = Counted(io.BytesIO(bytes(range(256)) * 100), 1 << 20, 25_600)
    assert len(drain(counted)) == counted.size == 25_600
    assert counted.head == (bytes(range(256)) * 100)[: gate.HEAD_BYTES]


@pytest.mark.parametrize(
    ("size", "most", "length", "code"),
    [
        (1001, 1000, None, "fichier_trop_gros"),
        (10, 1000, 1001, "fichier_trop_gros"),  # announced: refused before a byte is read
        (900, 1000, 901, "envoi_incomplet"),
        (901, 1000, 900, "envoi_incomplet"),
        (0, 1000, 5, "envoi_incomplet"),
    ],
)
def test_a_stream_of_the_wrong_size_is_refused(size: int, most: int, length: int | None, code: str) -> None:
    source = io.BytesIO(bytes(size))
    with pytest.raises(Refused) as caught:
        drain(Counted(source, most, length))
    assert caught.value.code == code
    assert source.tell() <= most + 100  # no more is read than needed to know


@contextmanager
def clamd(answer: bytes | None, *, hang_up_after: int | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A clamd that speaks the real protocol and answers what it is told to; None: never answers."""
    received: list[bytes] = []
    stop = threading.Event()

    def serve(server: socket.socket) -> None:
        client, _ = server.accept()
        with client, client.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", stream.read(4))[0]:
                received.append(stream.read(size))
                if hang_up_after is not None and sum(map(len, received)) > hang_up_after:
                    break
            if answer is None:
                stop.wait(5)
            else:
                client.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", received
        stop.set()
        thread.join(5)


def test_a_clean_file_passes_whole() -> None:
    with clamd(b"stream: OK\0") as (url, received):
        gate.scan(url, iter([b"abc", b"d" * 100_000]))
    assert b"".join(received) == b"abc" + b"d" * 100_000


def test_a_virus_is_refused() -> None:
    with clamd(b"stream: Eicar-Signature FOUND\0") as (url, _), pytest.raises(Refused, match="virus"):
        gate.scan(url, [EICAR])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK FOR NOW\0",
        b"OK\0",
    ],
)
def test_anything_but_a_clear_answer_is_not_clean(answer: bytes) -> None:
    with clamd(answer) as (url, _), pytest.raises(Unavailable, match="antivirus_muet"):
        gate.scan(url, [b"x"])


def test_a_silent_antivirus_is_not_clean() -> None:
    with clamd(None) as (url, _), pytest.raises(Unavailable, match="antivirus_muet"):
        gate.scan(url, [b"x"], timeout=0.2)


@pytest.mark.parametrize(
    "url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "http://x", "tcp://", "clamd"]
)
def test_an_antivirus_that_is_not_there_is_not_clean(url: str) -> None:
    with pytest.raises(Unavailable, match="antivirus_muet"):
        gate.scan(url, [b"x"])


def test_no_antivirus_is_set() -> None:
    gate.scan(None, iter(()))
