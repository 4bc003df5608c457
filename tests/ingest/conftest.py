"""Senders, and bytes that pass the gate."""

import itertools

import pytest

from store.house import Store
from store.senders import Sender, create_sender, house_sender

_numbers = itertools.count()


def pdf(size: int = 100) -> bytes:
    """Bytes that the gate takes for a PDF, different each time."""
    return b"%%PDF-1.4\n%d\n" % next(_numbers) + b"x" * size


@pytest.fixture
def sender(store: Store) -> Sender:
    with store.begin() as conn:
        return house_sender(conn)


@pytest.fixture
def other(store: Store) -> Sender:
    with store.begin() as conn:
        return create_sender(conn, "assure").sender
