"""P2: every route x every role x (own, another's, missing), made from the routes themselves.

A route that is added without being placed here fails; so does a role that gains a door.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.app import create_app, guarded_routes
from api.guard import Guarded
from api.permissions import ROLES, Permission
from domain.claim import Decision
from domain.flow import State
from law import load
from liquidation.indus import examine
from store import debts, lots, money, people, senders, tasks
from store.house import Store
from tests.api.conftest import here, service
from tests.api.serving import Elsewhere, NoCage, caller, running
from tests.liquidation.cases import a_claim
from tests.pages import scene
from tests.promises import feuilles
from tests.promises.conftest import Form

__all__ = ["here", "service"]

P = Permission
TODAY = date(2026, 11, 20)
NOTHING = Decision(TODAY, (), (), Decimal(0), (), (), "loi", "code")
ROLE_NAMES = ("station", "assure", "valideur", "exploitant")
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/documents"): {"files": {"file": ("f", b"\x89PNG\r\n\x1a\nmatrix")}},
    ("POST", "/documents/{id}/reprise"): {"json": {"from": "a_valider", "to": "valide", "reason": "x"}},
    ("POST", "/documents/{id}/settlement"): {"json": {"reason": "x"}},
    ("POST", "/lots"): {"json": {"declared_images": 1}},
    ("POST", "/simulations"): {"json": {"sujet": "soins"}},
    ("PUT", "/lots/{id}/sheets/{n}"): {"content": b"\x89PNG\r\n\x1a\nmatrix"},
    ("POST", "/lots/{id}/settlement"): {"json": {"reason": "x"}},
    ("POST", "/tasks/next"): {"json": {}},
    ("POST", "/tasks/{id}/proposition"): {"json": {"fields": {}}},
    ("POST", "/tasks/{id}/decision"): {"json": {"version": 0, "action": "accept", "fields": {}}},
    ("POST", "/dossiers/search"): {"json": {"names": "MARTIN"}},
    ("POST", "/documents/{id}/correction/proposition"): {"json": {"cause": "annulation"}},
    ("POST", "/documents/{id}/correction"): {
        "json": {"cause": "annulation", "reason": "x", "corrects": str(uuid.uuid4())}
    },
    ("POST", "/indus/{id}/events"): {"json": {"what": "reception", "on": "2026-11-20"}},
}
EXPECTED = {
    P.SERVICE_LIRE: {*ROLE_NAMES, "nobody"},
    P.MESURES_LIRE: {"exploitant"},
    P.SIMULER: {"assure", "valideur"},
    P.DOCUMENTS_DEPOSER: {"station", "assure"},
    P.DOCUMENTS_LIRE: {"station", "assure", "valideur"},
    P.DECOMPTES_LIRE: {"assure", "valideur"},
    P.LOTS_ECRIRE: {"station"},
    P.LOTS_LIRE: {"station", "valideur"},
    P.TABLEAU_LIRE: {"valideur", "exploitant"},
    P.TACHES_TRAITER: {"valideur"},
    P.DOSSIERS_CHERCHER: {"valideur"},
    P.DOSSIERS_LIRE: {"valideur"},
    P.DOCUMENTS_REPRENDRE: {"valideur"},
    P.DECISIONS_CORRIGER: {"valideur"},
    P.INDUS_TRAITER: {"valideur"},
    P.DOSSIERS_ATTESTER: {"valideur"},
}
"""Written out, so that a change of api/permissions.py is seen twice."""


@dataclass
class Things:
    """What one sender owns: ids for the paths of routes."""

    document: str
    lot: str
    task: str
    indu: str
    person: str


@dataclass
class Caste:
    """The callers, and the ids that are theirs or another's."""

    clients: dict[str, httpx.Client]
    own: dict[str, Things] = field(default_factory=dict)
    other: Things | None = None


def routes() -> list[Guarded]:
    return guarded_routes(create_app(None, NoCage()))  # type: ignore[arg-type]


CASES = sorted({(next(iter(r.methods)), r.path, r.permission) for r in routes()}, key=str)


def test_every_permission_is_placed() -> None:
    assert set(EXPECTED) == set(Permission)
    assert {permission for _, _, permission in CASES} == set(Permission)
    for permission, holders in EXPECTED.items():
        assert {role for role in ROLE_NAMES if permission in ROLES[role]} == holders - {"nobody"}
    assert ROLES["local"] == set(Permission)


def things(store: Store, sender: senders.Sender) -> Things:
    document = scene.document(store, "matrix", State.A_VALIDER, sender=sender)
    with store.begin() as conn:
        task = tasks.of_document(conn, document)
        assert task is not None
        person, doctor = feuilles.person(1).id, scene.DOCTOR
        people.load_practitioners(conn, (doctor,))
        money.save_claim(conn, a_claim(id=document, insured_id=person, practitioner_rpps=doctor.rpps))
        decided = money.save_decision(conn, document, person, doctor.rpps, NOTHING)
        indu = debts.open_indu(
            conn, store.vault.new_key(document), "test", decision_id=decided, document_id=document,
            insured_id=person, debtor=("assure", person),
            found=examine(Decimal("99.00"), TODAY, TODAY, "x", load()), reason="x", paid_on=TODAY,
            found_on=TODAY,
        )  # fmt: skip
        lot = lots.create(conn, sender.id, 1, False).id
        return Things(document, lot, task.id, indu, person)


@pytest.fixture
def caste(store: Store, cage_pool: Any) -> Any:
    with store.begin() as conn:
        people.load_insured(conn, [feuilles.person(1)])
        whose = {"assure": feuilles.person(1).id}  # what is written to him, he may fetch
        made = {role: senders.create_sender(conn, role, insured_id=whose.get(role)) for role in ROLE_NAMES}
        another = senders.create_sender(conn, "station")
    # met from elsewhere, where being on this machine gives nothing
    with running(Elsewhere(create_app(store, cage_pool))) as address:
        caste = Caste({role: caller(address, each.token) for role, each in made.items()})
        caste.clients["nobody"] = caller(address)
        caste.clients["forged"] = caller(address, "forged")
        caste.own = {role: things(store, each.sender) for role, each in made.items()}
        caste.other = things(store, another.sender)
        yield caste
        for client in caste.clients.values():
            client.close()


def at(path: str, owned: Things | None) -> str:
    """The path with ids filled in; `owned` None: ids of nothing."""
    found = owned or Things(*(str(uuid.uuid4()) for _ in range(5)))
    places = {"/lots/": found.lot, "/tasks/": found.task, "/indus/": found.indu, "/dossiers/": found.person}
    id = next((id for start, id in places.items() if start in path), found.document)
    return re.sub(r"\{n\}", "1" if "/sheets/" in path else "0", path.replace("{id}", id))


def ask(client: httpx.Client, method: str, path: str, owned: Things | None, api: bool) -> httpx.Response:
    where = ("/api/v1" if api else "") + at(path, owned)
    if path == "/documents" and not api:
        where += f"?id={owned.document if owned else uuid.uuid4()}"
    return client.request(method, where, **BODIES.get((method, path), {}))


def in_api(route: Guarded) -> bool:
    return route.response_model is not None or route.path in {
        "/documents/{id}/original",
        "/documents/{id}/decompte",
        "/dossiers/{id}/attestation",
        "/documents/{id}/pages/{n}",
        "/metrics",
        "/tasks/{id}/lease",
        "/openapi.json",
    }


def test_the_whole_matrix(caste: Caste, form: Form) -> None:
    """One test for all the cells: what is expensive is the caste, not the calls."""
    wrong, cells = [], 0
    for route in routes():
        method, path, permission = next(iter(route.methods)), route.path, route.permission
        has_id = "{id}" in path
        for role, client in caste.clients.items():
            for whose, owned in (("own", caste.own.get(role)), ("other", caste.other), ("missing", None)):
                if (whose == "own" and owned is None) or (not has_id and whose != "missing"):
                    continue
                answer = ask(client, method, path, owned, in_api(route))
                cells += 1
                if not fits(role, permission, whose, has_id, answer):
                    wrong.append(f"{method} {path} {role} {whose}: {answer.status_code} {answer.text[:90]}")
    assert wrong == [], "\n".join(wrong)
    assert cells > 250
    form.tell(
        "P2", f"{cells} cells of {len(routes())} routes, {len(caste.clients)} callers: each as the table says"
    )


def fits(role: str, permission: Permission, whose: str, has_id: bool, answer: httpx.Response) -> bool:
    """Whether the answer is the one that the table above promises for this cell."""
    status = answer.status_code
    if role == "forged":
        return status == 401
    if role not in EXPECTED[permission]:
        return status == (401 if role == "nobody" else 403)
    if not has_id:
        return status in (200, 201, 204, 404)  # 404: the page that searches finds nothing
    reaches_all = role == "valideur" or permission.value.startswith(("tous:", "service:", "public:"))
    if whose == "missing" or (whose == "other" and not reaches_all):
        return status == 404
    return status < 300 or status in (409, 422)


def test_foreign_and_missing_are_one_answer(caste: Caste) -> None:
    assert caste.other is not None
    for role in ("station", "assure"):
        client = caste.clients[role]
        foreign = client.get(f"/api/v1/documents/{caste.other.document}")
        missing = client.get(f"/api/v1/documents/{uuid.uuid4()}")
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_a_proxy_on_this_machine_is_not_this_machine(here: httpx.Client) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert here.get("/api/v1/documents", headers={header: "203.0.113.9"}).status_code == 401


def test_a_revoked_token_opens_nothing(store: Store, service: str) -> None:
    with store.begin() as conn:
        made = senders.create_sender(conn, "station")
    with caller(service, made.token) as client:
        assert client.get("/api/v1/documents").status_code == 200
        with store.begin() as conn:
            senders.revoke(conn, made.sender.id)
        assert client.get("/api/v1/documents").json()["code"] == "jeton_refuse"
        assert client.get("/api/v1/documents", headers={"Authorization": "Basic x"}).status_code == 401
