"""Authenticated encryption of streams in constant memory.

Format: `LIA1`, a salt of 16 bytes, then chunks of 1 MiB of plain text (the last may be shorter, or
empty), each followed by its 16-byte tag. Each message has a key of its own, HKDF-SHA256(key, salt,
"LIA1"), so no nonce is ever used twice. Nonce of a chunk: its number on 11 bytes, big endian, then
1 for the last chunk, else 0: chunks cannot be moved, dropped or added (STREAM, Hoang, Reyhanitabar,
Rogaway and Vizár, CRYPTO 2015, eprint 2015/189).
"""

import hashlib
import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"LIA1"
CHUNK = 2**20
TAG = 16
HEAD = len(MAGIC) + 16


class Tampered(Exception):
    """Ces octets ne sont pas ceux qui ont été chiffrés sous cette clé."""


def encrypt_stream(src: BinaryIO, dst: BinaryIO, key: bytes) -> tuple[str, str, int]:
    """Encrypt `src` into `dst`; gives the hex SHA-256 of plain and of cipher text, and the plain size."""
    salt = os.urandom(16)
    cipher = _cipher(key, salt)
    plain_hash, cipher_hash, size = hashlib.sha256(), hashlib.sha256(MAGIC + salt), 0
    dst.write(MAGIC + salt)
    for number, (chunk, last) in enumerate(_chunks(src, CHUNK)):
        sealed = cipher.encrypt(_nonce(number, last), chunk, None)
        plain_hash.update(chunk)
        cipher_hash.update(sealed)
        size += len(chunk)
        dst.write(sealed)
    return plain_hash.hexdigest(), cipher_hash.hexdigest(), size


def decrypt_chunks(src: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain text, chunk by chunk, each already authenticated. Raises Tampered."""
    head = _exactly(src, HEAD)
    if len(head) != HEAD or not head.startswith(MAGIC):
        raise Tampered("en-tête inconnu")
    cipher = _cipher(key, head[len(MAGIC) :])
    for number, (chunk, last) in enumerate(_chunks(src, CHUNK + TAG)):
        try:
            yield cipher.decrypt(_nonce(number, last), chunk, None)
        except InvalidTag:
            raise Tampered(f"bloc {number}") from None


def decrypt_stream(src: BinaryIO, dst: BinaryIO, key: bytes) -> int:
    """Decrypt `src` into `dst`; gives the plain size. Raises Tampered, where `dst` holds the start."""
    return sum(dst.write(chunk) for chunk in decrypt_chunks(src, key))


def encrypt(plain: bytes, key: bytes) -> bytes:
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(plain), out, key)
    return out.getvalue()


def decrypt(sealed: bytes, key: bytes) -> bytes:
    """Raises Tampered."""
    return b"".join(decrypt_chunks(io.BytesIO(sealed), key))


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return AESGCM(HKDF(SHA256(), 32, salt, MAGIC).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(src: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Chunks of `size`, each with whether it is the last; at least one."""
    chunk = _exactly(src, size)
    while True:
        following = _exactly(src, size) if len(chunk) == size else b""
        yield chunk, not following
        if not following:
            return
        chunk = following


def _exactly(src: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end: sockets give less than was asked."""
    parts = []
    while size and (part := src.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
