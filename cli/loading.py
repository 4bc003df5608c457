"""What is put into a home without the service: people, and the tokens of senders."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.logs import configure
from cli.embedded import running
from cli.tarifs import add_to_law
from domain.errors import Refused
from store import senders
from store.house import Store, open_store
from store.people import load_file
from store.senders import ROLES, create_sender


@contextmanager
def a_store(home: Path | None = None) -> Iterator[Store]:
    """The open store of a home, its servers started for the while if need be. Logs go to stderr."""
    configure(logging.WARNING)
    with running(home) as settings:
        add_to_law(settings)
        store = open_store(settings)
        try:
            yield store
        finally:
            store.close()


def load_people(home: Path | None, people: Path | None, practitioners: Path | None) -> dict[str, int]:
    """Counts of what was loaded. Raises Refused("dossier_mal_forme") naming the line."""
    with a_store(home) as store:
        return dict(load_file(store, people, practitioners=practitioners))


def make_token(role: str, name: str, days: int, insured: str | None = None) -> str:
    """A new token, in clear. Raises Refused: "requete_invalide" on an unknown role, "introuvable" where no
    dossier has the id `insured`."""
    if role not in ROLES:
        raise Refused("requete_invalide", f"Rôles : {', '.join(ROLES)}.")
    with a_store() as store, store.begin() as conn:
        return create_sender(conn, role, name=name, days=days, insured_id=insured).token


def tokens() -> list[dict[str, str | None]]:
    """Whom tokens were given to, the newest first; never a token."""
    with a_store() as store, store.begin() as conn:
        return [
            {
                "id": each.sender.id,
                "role": each.sender.role,
                "name": each.sender.name,
                "created_at": each.created_at.isoformat(),
                "expires_at": each.sender.expires_at.isoformat() if each.sender.expires_at else None,
                "revoked_at": each.revoked_at.isoformat() if each.revoked_at else None,
            }
            for each in senders.with_tokens(conn)
        ]


def revoke_token(sender_id: str) -> None:
    """Raises Refused("introuvable") where no token was ever given under that id."""
    with a_store() as store, store.begin() as conn:
        senders.revoke(conn, sender_id)
