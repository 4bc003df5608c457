"""A house with everything real: servers, cage, law."""

from collections.abc import Iterator

import pytest

from cage.pool import Pool
from store.house import Store
from workers.house import House


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


@pytest.fixture
def house(store: Store, pool: Pool) -> House:
    return House(store, pool)
