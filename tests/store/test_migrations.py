"""The schema, and who may touch it."""

import psycopg
import pytest

from domain.errors import Failed
from store import migrations
from store.house import Store


def test_an_older_liasse_leaves_the_base_of_a_newer_one_alone(
    store: Store, superuser: psycopg.Connection
) -> None:
    migrations.migrate(store.engine)
    (here,) = superuser.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    superuser.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(Failed, match="version_anterieure"):
            migrations.migrate(store.engine)
    finally:
        superuser.execute("UPDATE alembic_version SET version_num = %s", (here,))
    migrations.migrate(store.engine)
