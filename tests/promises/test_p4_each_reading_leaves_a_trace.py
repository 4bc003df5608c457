"""P4: each reading of a document = one access event, with who, what and why: one an actor, document and
lease, else an hour; its images add none; a search is one event with the ids that it showed.

Short: 500 readings, long: 10,000."""

import json
import random
from collections import Counter
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.app import create_app
from domain.flow import State
from store import senders
from store.house import Store
from store.tables import access_events
from tests.api.serving import Elsewhere, caller, running
from tests.pages import scene
from tests.promises.conftest import Form

WAYS = ("/api/v1/documents/{}", "/api/v1/documents/{}/events", "/api/v1/documents/{}/original",
        "/api/v1/documents/{}/pages/0", "/documents/{}")  # fmt: skip


def events(store: Store) -> list[Any]:
    with store.begin() as conn:
        return list(conn.execute(select(access_events).order_by(access_events.c.id)))


@pytest.mark.timeout(7200)
def test_p4_readings_and_traces_agree(store: Store, cage_pool: Any, form: Form) -> None:
    readings = form.count(500, 10_000)
    chance, morning = random.Random(4), scene.build(store)
    with store.begin() as conn:
        agents = [senders.create_sender(conn, "valideur") for _ in range(3)]
        owner = senders.create_sender(conn, "assure")
    own = scene.document(store, "own", State.A_VALIDER, sender=owner.sender)
    all_ids = [*morning.ids.values(), own]
    read: set[tuple[str, str]] = set()
    searches: list[tuple[str, list[str]]] = []
    with running(Elsewhere(create_app(store, cage_pool))) as address:
        who = {each.sender.actor: caller(address, each.token) for each in (*agents, owner)}
        for _ in range(readings):
            actor = chance.choice(list(who))
            if chance.random() < 0.05 and actor != owner.sender.actor:
                found = who[actor].post("/api/v1/dossiers/search", json={"names": "MARTIN"})
                searches.append((actor, [each["id"] for each in found.json()["dossiers"]]))
                continue
            id = chance.choice(all_ids)
            answer: httpx.Response = who[actor].get(chance.choice(WAYS).format(id))
            if answer.status_code == 200:
                read.add((actor, id))
            else:  # what was refused was not read
                assert answer.status_code in (404, 422, 500), answer.text
                assert actor == owner.sender.actor or answer.status_code != 404 or "pages" in str(answer.url)
        told = events(store)
        looks = [each for each in told if each.what == "document"]
        # a page that cannot be shown was asked for all the same: its trace stands
        assert {(each.actor, each.target) for each in looks} >= read
        assert {each.target for each in looks if each.actor == owner.sender.actor} == {own}
        assert max(Counter((each.actor, each.target, each.span) for each in looks).values()) == 1
        assert len(looks) <= 2 * len({(each.actor, each.target) for each in looks})  # the hour may turn once
        assert all(each.why == "consultation" and each.at for each in looks)
        found_by = [(each.actor, json.loads(each.shown)) for each in told if each.what == "recherche"]
        assert [(actor, sorted(ids)) for actor, ids in found_by] == [(a, sorted(ids)) for a, ids in searches]

        # a lease is one event, and so is the next document fetched ahead
        agent = agents[0].sender.actor
        before = len(events(store))
        held = [who[agent].post("/api/v1/tasks/next").json() for _ in range(2)]
        for task in held:
            for way in WAYS:
                who[agent].get(way.format(task["document"]))
        fresh = events(store)[before:]
        assert [(each.actor, each.target, each.why) for each in fresh] == [
            (agent, task["document"], "validation") for task in held
        ]
        for client in who.values():
            client.close()
    form.tell("P4", f"{readings} readings by {len(who)} persons: {len(looks)} events of documents, "
              f"{len(searches)} of searches, none lacks, none is doubled")  # fmt: skip
