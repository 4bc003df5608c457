"""The house: every table, the trigger of the flow, the chained journal.

The SQL beside is frozen; the pairs of the flow come from domain/flow.py as it stands. Whoever
changes the flow adds a migration that calls `write_pairs` again: `migrate` refuses to start without.
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from store.migrations import flow_pairs

revision = "0001"
down_revision = None


def upgrade() -> None:
    # the driver's own cursor: colons and percent signs in the SQL are meant
    cursor = op.get_bind().connection.cursor()
    cursor.execute(Path(__file__).with_suffix(".sql").read_text())
    write_pairs()


def write_pairs() -> None:
    conn = op.get_bind()
    conn.execute(text("DELETE FROM flow_pairs"))
    conn.execute(
        text("INSERT INTO flow_pairs VALUES (:start, :to)"),
        [{"start": start, "to": to} for start, to in flow_pairs()],
    )


def downgrade() -> None:
    raise NotImplementedError("what was sealed is not taken back")
