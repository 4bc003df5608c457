"""Who sends or works: a Bearer token names one. Only the token's SHA-256 is kept.

A token is 256 random bits, so a plain hash is enough: there is nothing to guess from it.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from store import clock, people
from store.tables import senders as t

Role = Literal["station", "assure", "valideur", "exploitant"]
ROLES = get_args(Role)


@dataclass(frozen=True, slots=True)
class Sender:
    id: str
    role: str
    name: str
    expires_at: datetime | None = None

    @property
    def actor(self) -> str:
        """How the journal names him: no name of a person there."""
        return "local" if self.role == "local" else f"{self.role}:{self.id}"


@dataclass(frozen=True, slots=True)
class Created:
    """`token` is shown this once."""

    sender: Sender
    token: str


def create_sender(
    conn: Connection, role: str, name: str = "", days: float = 365, insured_id: str | None = None
) -> Created:
    """A new sender with a token of his own. `insured_id`: the dossier of the assuré who is given it, who may
    then fetch what is written to him. Raises Refused: "requete_invalide" on an unknown role or a dossier for
    anyone but an assuré, "introuvable" where there is no such dossier."""
    if role not in ROLES:
        raise Refused("requete_invalide", f"Rôles : {', '.join(ROLES)}.")
    if insured_id is not None and role != "assure":
        raise Refused("requete_invalide", "Seul le jeton d'un assuré nomme un dossier.")
    if insured_id is not None:
        insured_id = people.insured(conn, insured_id).id
    token = secrets.token_urlsafe(32)
    expires_at = clock.now() + timedelta(days=days)
    id = conn.execute(
        insert(t)
        .values(role=role, name=name, token_sha256=_hash(token), expires_at=expires_at, insured_id=insured_id)
        .returning(t.c.id)
    ).scalar_one()
    return Created(Sender(id, role, name, expires_at), token)


def sender_of(conn: Connection, token: str) -> Sender:
    """Raises Refused("jeton_refuse") where it is unknown, expired or revoked."""
    row = conn.execute(
        select(t.c.id, t.c.role, t.c.name, t.c.expires_at).where(
            t.c.token_sha256 == _hash(token),
            t.c.revoked_at.is_(None),
            t.c.expires_at > func.clock_timestamp(),
        )
    ).one_or_none()
    if row is None:
        raise Refused("jeton_refuse")
    return Sender(*row)


def insured_of(conn: Connection, sender_id: str) -> str | None:
    """The dossier that an assuré's token names, if it names one."""
    found: str | None = conn.execute(select(t.c.insured_id).where(t.c.id == sender_id)).scalar_one_or_none()
    return found


def house_sender(conn: Connection, role: str = "local", name: str = "") -> Sender:
    """The sender without a token of that role and name: `local` (a loopback request) or
    `dossier_surveille` (a hot folder)."""
    found = select(t.c.id).where(t.c.role == role, t.c.name == name, t.c.token_sha256.is_(None))
    id = conn.execute(found).scalar_one_or_none()
    if id is None:
        conn.execute(upsert(t).values(role=role, name=name).on_conflict_do_nothing())
        id = conn.execute(found).scalar_one()
    return Sender(id, role, name)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sender who was given a token."""

    sender: Sender
    created_at: datetime
    revoked_at: datetime | None


def with_tokens(conn: Connection) -> list[Listed]:
    """All who were ever given a token, the newest first."""
    rows = conn.execute(select(t).where(t.c.token_sha256.is_not(None)).order_by(t.c.created_at.desc(), t.c.id))
    return [
        Listed(Sender(row.id, row.role, row.name, row.expires_at), row.created_at, row.revoked_at)
        for row in rows
    ]


def revoke(conn: Connection, sender_id: str) -> None:
    """From now on his token opens nothing; his deposits stay. Raises Refused("introuvable")."""
    try:
        known = str(uuid.UUID(sender_id))
    except ValueError:
        raise Refused("introuvable") from None
    has_one = (t.c.id == known, t.c.token_sha256.is_not(None))
    if conn.execute(select(t.c.id).where(*has_one)).one_or_none() is None:
        raise Refused("introuvable")
    conn.execute(update(t).where(*has_one, t.c.revoked_at.is_(None)).values(revoked_at=clock.now()))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
