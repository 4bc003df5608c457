"""The schema, by Alembic: `migrate(engine)` brings a database up to date and checks its flow."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from domain import flow
from domain.errors import Failed

_LOCK = 7_203_114_201  # any number, always the same: one migration at a time


class FlowChanged(Exception):
    """domain/flow.py has changed without a migration that tells the database."""


def migrate(engine: Engine) -> None:
    """Idempotent; several processes may call it at once. Raises Failed("version_anterieure") where a later
    Liasse has been here: an older one would write what it does not know."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.connect() as conn:
        conn.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK})
        conn.commit()
        try:
            check_version(conn, config)
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            conn.commit()
            check_flow(conn)
        finally:
            conn.rollback()
            conn.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK})
            conn.commit()


def check_version(conn: Connection, config: Config) -> None:
    found = MigrationContext.configure(conn).get_current_revision()
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise Failed("version_anterieure", f"Base : {found}. Ce Liasse : {max(known)}.")


def check_flow(conn: Connection) -> None:
    """Raises FlowChanged unless the pairs that the trigger allows are those of domain.flow."""
    pairs = {(start, to) for start, to in conn.execute(text("SELECT from_state, to_state FROM flow_pairs"))}
    if pairs != flow_pairs():
        raise FlowChanged(f"en trop {pairs - flow_pairs()}, en moins {flow_pairs() - pairs}")


def flow_pairs() -> set[tuple[str | None, str]]:
    """Every move that domain.flow allows; None as the start of an initial state."""
    moves: set[tuple[str | None, str]] = {(start.value, to.value) for start, to in flow.ALLOWED}
    return moves | {(None, start.value) for start in flow.INITIAL}
