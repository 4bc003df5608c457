"""Turns: what only one process of the house does at a time, by a lock that ends with its transaction."""

from sqlalchemy import Connection, text


def mine(conn: Connection, name: str) -> bool:
    """Whether this transaction now holds the turn `name`; False where another holds it."""
    query = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 2))")
    return bool(conn.execute(query, {"name": name}).scalar_one())


def wait(conn: Connection, name: str) -> None:
    """Hold the turn `name` until the transaction ends, after whoever holds it."""
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 2))"), {"name": name})
