"""What every refusal says, what it never says, and what is refused before any route is reached."""

import http.client
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.guard import Door
from api.permissions import Permission
from domain.errors import CATALOGUE
from store.house import Store
from tests.api.serving import NoCage, caller, running

MISSING = "00000000-0000-4000-8000-000000000000"
NIR = "2850175116001"


def is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["code"], told["status"], told["type"]) == (code, status, f"/errors#{code}")
    assert (told["title"], told["next_step"]) == (CATALOGUE[code].sentence, CATALOGUE[code].next_step)
    return told


def test_missing_is_404(here: httpx.Client) -> None:
    for path in ("", "/events", "/original", "/pages/0"):
        is_problem(here.get(f"/api/v1/documents/{MISSING}{path}"), 404, "introuvable")
    is_problem(here.get("/api/v1/nulle/part"), 404, "introuvable")


def test_another_method_is_405(here: httpx.Client) -> None:
    answer = here.delete(f"/api/v1/documents/{MISSING}")
    is_problem(answer, 405, "methode_refusee")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [
        {"nir": [NIR]},
        {"nir": NIR, NIR: "x"},
        {"birth_date": NIR},
        [NIR],
        NIR,
    ],
)
def test_a_malformed_request_is_told_without_its_values(here: httpx.Client, body: Any) -> None:
    answer = here.post("/api/v1/dossiers/search", json=body)
    is_problem(answer, 422, "requete_invalide")
    assert NIR not in answer.text


def test_a_body_that_is_no_json_is_told_without_it(here: httpx.Client) -> None:
    kind = {"Content-Type": "application/json"}
    answer = here.post("/api/v1/dossiers/search", content=f'{{"nir": {NIR}'.encode(), headers=kind)
    assert answer.status_code == 422
    assert NIR not in answer.text


def test_a_body_beyond_reason_is_413(here: httpx.Client) -> None:
    answer = here.post(
        "/api/v1/dossiers/search", content=b" " * (2 << 20), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


def test_a_fault_of_ours_gives_an_incident_and_nothing_else(store: Store, capfd: Any) -> None:
    app = create_app(store, NoCage())
    door = Door()

    @door.on("GET", "/api/v1/faute", Permission.SERVICE_LIRE)
    def faulty() -> None:
        raise ValueError(f"la valeur {NIR} est impossible")

    app.include_router(door)
    with running(app) as address, caller(address) as client:
        told = is_problem(client.get("/api/v1/faute"), 500, "interne")
    logged = capfd.readouterr().err
    assert told["incident"] in logged
    assert "test_problems.py" in logged
    assert NIR not in logged
    assert NIR not in str(told)


@pytest.mark.parametrize("host", ["liasse.example", "127.0.0.1.example", "[::2]", "0.0.0.0", ""])
def test_a_foreign_host_is_refused(service: str, host: str) -> None:
    connection = http.client.HTTPConnection(*_place(service))
    connection.request("GET", "/api/v1/documents", headers={"Host": host})
    answer = connection.getresponse()
    assert answer.status == 400
    connection.close()


def _place(service: str) -> tuple[str, int]:
    host, _, port = service.removeprefix("http://").partition(":")
    return host, int(port)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_request_of_another_site_is_refused(here: httpx.Client, headers: dict[str, str]) -> None:
    is_problem(here.post("/api/v1/lots", json={"declared_images": 1}, headers=headers), 403, "origine_refusee")


def test_our_own_page_may_ask(here: httpx.Client, service: str) -> None:
    headers = {"Origin": service, "Sec-Fetch-Site": "same-origin"}
    assert here.post("/api/v1/lots", json={"declared_images": 1}, headers=headers).status_code == 201


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/documents", "/healthz", "/static/liasse.css", f"/documents/{MISSING}"]
)
def test_every_answer_carries_strict_headers(here: httpx.Client, path: str) -> None:
    headers = here.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_a_browser_is_told_on_a_page(here: httpx.Client) -> None:
    answer = here.get(f"/documents/{MISSING}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert CATALOGUE["introuvable"].next_step in answer.text.replace("&#39;", "'")


def test_a_route_without_a_permission_is_refused_when_it_is_written() -> None:
    door = Door()
    with pytest.raises(TypeError, match="permission"):

        @door.get("/ouvert")
        def open_to_all() -> None: ...

    assert isinstance(FastAPI(), FastAPI)  # the framework's own would have let it pass
