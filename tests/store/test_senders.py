"""Tokens name a sender; only their hash is kept."""

import pytest
from sqlalchemy import text

from domain.errors import Refused
from store import senders
from store.house import Store


def test_a_token_names_its_sender_until_it_is_revoked(store: Store) -> None:
    with store.begin() as conn:
        made = senders.create_sender(conn, "station", name="accueil")
        assert senders.sender_of(conn, made.token) == made.sender
        assert made.sender.actor == f"station:{made.sender.id}"
        kept = conn.execute(text("SELECT to_jsonb(senders)::text FROM senders")).scalar_one()
        assert made.token not in kept
        senders.revoke(conn, made.sender.id)
        with pytest.raises(Refused, match="jeton_refuse"):
            senders.sender_of(conn, made.token)


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 10_000])
def test_an_unknown_token_is_refused(store: Store, token: str) -> None:
    with store.begin() as conn, pytest.raises(Refused, match="jeton_refuse"):
        senders.sender_of(conn, token)


def test_a_token_expires(store: Store) -> None:
    with store.begin() as conn:
        made = senders.create_sender(conn, "assure", days=-1)
        with pytest.raises(Refused, match="jeton_refuse"):
            senders.sender_of(conn, made.token)


def test_an_unknown_role_is_refused(store: Store) -> None:
    with store.begin() as conn:
        for role in ("local", "dieu"):
            with pytest.raises(Refused, match="requete_invalide"):
                senders.create_sender(conn, role)


def test_the_house_s_own_senders_are_made_once(store: Store) -> None:
    with store.begin() as conn:
        local = senders.house_sender(conn)
        assert senders.house_sender(conn) == local
        assert senders.house_sender(conn, "dossier_surveille", "entree").id != local.id
        assert local.actor == "local"
