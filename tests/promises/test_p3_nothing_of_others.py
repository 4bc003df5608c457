"""P3: two senders with planted canaries: whatever one asks, of any id, list, filter, count, image, lot or
file sent twice, he sees nothing of the other's."""

import re
import uuid
from typing import Any

import httpx
import pytest

from api.app import create_app, guarded_routes
from domain.flow import State
from store import documents, lots, people, senders
from store.house import Store
from tests.api.serving import Elsewhere, NoCage, caller, running
from tests.pages import scene
from tests.promises.conftest import Form

CANARY = "CANARIDESAUTRES"
METHODS_THAT_ASK = ("GET", "HEAD")


class Others:
    """What the other sender has here: a document in every kind of state, and a lot."""

    def __init__(self, store: Store) -> None:
        with store.begin() as conn:
            people.load_insured(conn, (scene.CLAIRE, scene.PAUL))
            people.load_practitioners(conn, (scene.DOCTOR,))
            self.made = senders.create_sender(conn, "station", name=CANARY)
            self.lot = lots.create(conn, self.made.sender.id, 1, False).id
        ended = (State.ORDONNANCE, State.A_VALIDER, State.REFUSE, State.REJETE, State.ECARTE)
        self.documents = [
            scene.document(
                store, f"{CANARY}-{n}", state, sender=self.made.sender,
                lot=(self.lot, 1, "r") if state is State.ECARTE else None,
                **({} if state in (State.REJETE, State.ECARTE) else {"beneficiaire_nom_prenom": CANARY}),
            )
            for n, state in enumerate(ended)
        ]  # fmt: skip
        with store.begin() as conn:
            rows = [documents.load(conn, id) for id in self.documents]
        self.secrets = {CANARY, self.lot, self.made.sender.id, self.made.token, *self.documents}
        self.secrets |= {row.content_sha256 for row in rows} | {row.manifest_sha256 or CANARY for row in rows}


def asked(client: httpx.Client, others: Others) -> dict[str, bytes]:
    """All that the client can ask for, of the other's ids and without one: request -> headers and body."""
    told = {}
    paths = {
        (prefix, route.path)
        for route in guarded_routes(create_app(None, NoCage()))  # type: ignore[arg-type]
        if set(route.methods) & set(METHODS_THAT_ASK)
        for prefix in ("", "/api/v1")
    }
    for prefix, path in sorted(paths):
        ids = [others.lot] if path.startswith("/lots") else others.documents
        for id in ids if "{id}" in path else [""]:
            url = prefix + re.sub(r"\{n\}", "0", path.replace("{id}", id))
            if path == "/documents" and not prefix:
                url += f"?id={others.documents[0]}"
            told[url] = answer(client.get(url))
    filters: list[dict[str, Any]] = [
        {}, {"lot": others.lot}, {"type": "feuille_soins_medecin"}, {"limit": 200},
        *({"status": state.value} for state in State),
    ]  # fmt: skip
    for each in filters:
        told[f"list {each}"] = answer(client.get("/api/v1/documents", params=each))
    return told


def answer(reply: httpx.Response) -> bytes:
    return str(dict(reply.headers)).encode() + reply.content


@pytest.mark.parametrize("role", ["assure", "station"])
def test_p3_nothing_of_another_is_seen(store: Store, cage_pool: Any, role: str, form: Form) -> None:
    others = Others(store)
    with store.begin() as conn:
        me, agent = senders.create_sender(conn, role), senders.create_sender(conn, "valideur")
    mine = scene.document(store, "mine", State.A_VALIDER, sender=me.sender)
    data = scene.sheet(f"{CANARY}-1")  # the very bytes that the other one sent
    with running(Elsewhere(create_app(store, cage_pool))) as address:
        with caller(address, agent.token) as hears:  # the canaries sing where they may be heard
            heard = b"".join(asked(hears, others).values())
        with caller(address, me.token) as client:
            told = asked(client, others)
            sent = client.post("/api/v1/documents", files={"file": ("f", data)})
            again = client.post("/api/v1/documents", files={"file": ("f", data)})
            told["the same bytes"] = answer(client.get(f"/api/v1/documents/{sent.json()['id']}"))
            told["mine"] = answer(client.get(f"/api/v1/documents/{mine}"))
            told["missing"] = answer(client.get(f"/api/v1/documents/{uuid.uuid4()}"))
    assert (sent.status_code, again.status_code) == (201, 200)
    assert sent.json()["id"] not in others.documents
    assert {secret for secret in others.secrets if secret.encode() in heard} >= {CANARY, *others.documents}
    own_digest = sent.json()["sha256"]  # of bytes that he holds himself
    seen = {
        (request, secret)
        for request, body in told.items()
        for secret in others.secrets - {own_digest}
        if secret.encode() in body
    }
    assert seen == set()
    assert len(told) > 40
    form.tell("P3", f"{role}: {len(told)} requests, {len(others.secrets)} canaries, 0 seen")
