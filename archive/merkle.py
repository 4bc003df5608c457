"""Merkle trees as Certificate Transparency builds them (RFC 6962, 2.1): leaves and nodes are hashed
with different prefixes, so that a node is never taken for a leaf."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256().digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Of hashed leaves, in their order."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node(root(leaves[:split]), root(leaves[split:]))


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root."""
    if len(leaves) <= 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*proof(leaves[:split], index), root(leaves[split:])]
    return [*proof(leaves[split:], index - split), root(leaves[:split])]


def root_from(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that `path` leads to, or None where it has not the length of such a tree."""
    if not 0 <= index < size:
        return None
    if size == 1:
        return leaf_hash if not path else None
    if not path:
        return None
    split = _split(size)
    if index < split:
        below = root_from(leaf_hash, index, split, path[:-1])
        return None if below is None else node(below, path[-1])
    below = root_from(leaf_hash, index - split, size - split, path[:-1])
    return None if below is None else node(path[-1], below)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
