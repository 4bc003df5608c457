"""Encryption: round trip, no change goes unseen, memory stays flat."""

import hashlib
import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import crypt

KEY = bytes(range(32))
SIZES = [0, 1, 15, crypt.CHUNK - 1, crypt.CHUNK, crypt.CHUNK + 1, 2 * crypt.CHUNK, 2 * crypt.CHUNK + 7]


@pytest.mark.parametrize("size", SIZES)
def test_round_trip_around_the_edges_of_chunks(size: int) -> None:
    plain = os.urandom(size)
    out = io.BytesIO()
    told = crypt.encrypt_stream(io.BytesIO(plain), out, KEY)
    sealed = out.getvalue()
    digest = lambda data: hashlib.sha256(data).hexdigest()  # noqa: E731
    assert told == (digest(plain), digest(sealed), size)
    assert crypt.decrypt(sealed, KEY) == plain


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32))
def test_round_trip(plain: bytes, key: bytes) -> None:
    assert crypt.decrypt(crypt.encrypt(plain, key), key) == plain


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.data())
def test_one_bit_changed_anywhere_is_found(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(crypt.encrypt(plain, KEY))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(crypt.Tampered):
        crypt.decrypt(bytes(sealed), KEY)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 230))
def test_cut_or_lengthened_is_found(plain: bytes, cut: int) -> None:
    sealed = crypt.encrypt(plain, KEY)
    for changed in (sealed[:-cut], sealed + bytes(cut)):
        with pytest.raises(crypt.Tampered):
            crypt.decrypt(changed, KEY)


def test_chunks_dropped_moved_or_ended_early_are_found() -> None:
    size = crypt.CHUNK + crypt.TAG
    sealed = crypt.encrypt(os.urandom(3 * crypt.CHUNK), KEY)
    head, chunks = sealed[: crypt.HEAD], [sealed[crypt.HEAD + i * size :][:size] for i in range(3)]
    for order in ([0, 1], [1, 2], [0, 2, 1], [0, 1, 2, 2], []):
        with pytest.raises(crypt.Tampered):
            crypt.decrypt(head + b"".join(chunks[i] for i in order), KEY)
    other = crypt.encrypt(os.urandom(3 * crypt.CHUNK), KEY)
    with pytest.raises(crypt.Tampered, match="bloc 1"):
        crypt.decrypt(head + chunks[0] + other[crypt.HEAD + size :][:size] + chunks[2], KEY)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(crypt.Tampered):
        crypt.decrypt(crypt.encrypt(b"x", KEY), bytes(32))


def test_the_same_text_is_never_the_same_cipher() -> None:
    assert crypt.encrypt(b"x" * 100, KEY)[crypt.HEAD :] != crypt.encrypt(b"x" * 100, KEY)[crypt.HEAD :]


class Dribble(io.RawIOBase):
    """A socket that gives three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(3, size) if size >= 0 else 3)


def test_a_slow_source_is_read_whole() -> None:
    sealed = crypt.encrypt(b"abcdefghij", KEY)
    assert b"".join(crypt.decrypt_chunks(Dribble(sealed), KEY)) == b"abcdefghij"  # type: ignore[arg-type]
