"""One service for all the tests of this folder; its tables are emptied between two."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from store.house import Store
from tests.api.serving import caller, served
from tests.pages import scene


@pytest.fixture(scope="session")
def service(_open: Store, cage_pool: Any) -> Iterator[str]:
    with served(_open, cage_pool) as address:
        yield address


@pytest.fixture
def here(store: Store, service: str) -> Iterator[httpx.Client]:
    """A caller on this machine, without a token: he holds every permission."""
    with caller(service) as client:
        yield client


@pytest.fixture
def morning(store: Store) -> scene.Scene:
    return scene.build(store)
