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


def test_tokens_are_listed_without_being_told_and_revoked_by_their_sender_s_id(store: Store) -> None:
    with store.begin() as conn:
        senders.house_sender(conn)
        made = [senders.create_sender(conn, "station", name=f"poste {n}") for n in (1, 2)]
        senders.revoke(conn, made[0].sender.id)
        senders.revoke(conn, made[0].sender.id)  # again: nothing happens
        told = {each.sender.name: each for each in senders.with_tokens(conn)}
        assert set(told) == {"poste 1", "poste 2"}  # the house's own sender has none
        assert told["poste 1"].revoked_at is not None
        assert told["poste 2"].revoked_at is None
        for id in ("x", "00000000-0000-4000-8000-000000000000", senders.house_sender(conn).id):
            with pytest.raises(Refused, match="introuvable"):
                senders.revoke(conn, id)


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
