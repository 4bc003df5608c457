"""P5: no NIR, name, token or text of a sheet in the technical logs: planted canaries, and allowed keys.

The service runs in a process of its own, as it does for real, so that everything it and its libraries
write on stdout and stderr is read; canaries pass through every door, the wrong ones too.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.logs import ALLOWED
from domain.flow import State
from store import senders
from store.house import Store
from tests.api.process import process
from tests.api.serving import caller
from tests.pages import scene
from tests.promises import feuilles, invariants
from tests.promises.canaries import NAME, NIR, OCR, PLANTED, TURNS, Singing, heard
from tests.promises.conftest import Form
from tests.promises.flowing import worker


@pytest.fixture
def service(store: Store, home: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the service, and the file of everything it writes."""
    with process(home, tmp_path) as (address, said, _):
        yield address, said


def test_canaries_pass_through_every_door_and_are_in_no_log(
    service: tuple[str, Path], store: Store, home: Path
) -> None:
    address, logs = service
    morning = scene.build(store)
    with store.begin() as conn:
        secret = senders.create_sender(conn, "valideur").token
    id = scene.document(
        store, "canary", State.A_VALIDER, beneficiaire_nom_prenom=NAME, beneficiaire_nir=NIR, assure_adresse=OCR
    )
    canaries = {NIR, NAME, OCR, secret}
    with caller(address, secret) as agent, caller(address) as here:
        agent.get(f"/api/v1/documents/{id}")
        here.get(f"/documents/{id}")
        task = agent.post("/api/v1/tasks/next", json={"document": id}).json()
        decision = {
            "version": task["version"],
            "action": "accept",
            "fields": {"beneficiaire_nom_prenom": NAME, "acte1_date": NIR},
        }
        for body in (
            decision,
            decision | {"fields": {NAME: OCR}},
            decision | {"version": NIR},
            decision | {NAME: NIR},
        ):
            assert agent.post(f"/api/v1/tasks/{task['id']}/decision", json=body).status_code == 422
        agent.post(
            f"/api/v1/tasks/{task['id']}/decision",
            json=decision | {"action": "refuse", "reason": NAME, "fields": {}},
        )
        for body in ({"nir": NIR}, {"names": NAME}, {"birth_date": NAME}, {NAME: NIR}):
            agent.post("/api/v1/dossiers/search", json=body)
        here.post("/api/v1/dossiers/search", content=f'{{"nir": {NIR} {NAME}'.encode())
        here.post(
            "/api/v1/documents",
            files={"file": (f"{NAME}.pdf", f"%PDF-1.7 {OCR}".encode())},
            data={"type_hint": NAME},
            headers={"Idempotency-Key": NIR},
        )
        here.post("/api/v1/documents", files={NAME: (NIR, OCR.encode())})
        here.post(
            f"/api/v1/documents/{morning.ids['stuck']}/reprise",
            json={"from": "quarantaine", "to": "rejete", "reason": NAME},
        )
        for path in (
            f"/{NAME}/{NIR}",
            f"/api/v1/documents/{NIR}",
            f"/documents/{NAME}",
            f"/?etat={NIR}",
            f"/api/v1/documents?after={NIR}",
            f"/api/v1/{NIR}?nir={NIR}",
        ):
            here.get(path)
            here.get(path, headers={"Authorization": f"Bearer {NAME}{NIR}"})
        here.get("/", headers={"Host": NAME})
        here.get("/", headers={"Origin": f"http://{NAME}", "User-Agent": NAME, "Referer": f"http://x/{NIR}"})
        _raw(address, f"GET /{NAME} HTTP/9.9\r\nX: {NIR}\r\n\r\n")
        here.get(f"/{'x' * 200}")
    text = logs.read_text()
    lines = text.splitlines()
    assert len(lines) >= 30
    assert [canary for canary in canaries if canary in text] == []
    assert {"postgres.log", "weed.log", "valkey.log"} <= {path.name for path in (home / "logs").iterdir()}
    assert heard(home / "logs") == {}
    for line in lines:
        entry = json.loads(line)  # nothing but our own lines
        assert set(entry) <= ALLOWED, line
    assert {json.loads(line)["route"] for line in lines if "route" in json.loads(line)} >= {
        "/documents/{id}", "/tasks/{id}/decision", "/dossiers/search", "aucune",
    }  # fmt: skip


def _raw(address: str, text: str) -> None:
    import socket

    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(text.encode())
        connection.settimeout(2)
        try:
            connection.recv(4096)
        except TimeoutError:
            return


def _ours(path: Path) -> list[dict[str, Any]]:
    """The lines of a process of ours: JSON, of allowed keys alone."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line for line in lines if not set(line) <= ALLOWED] == []
    return lines


@pytest.mark.timeout(7200)
def test_a_worker_that_reads_canaries_and_fails_over_them_logs_none(
    own_buckets: Store, home: Path, tmp_path: Path, form: Form
) -> None:
    """Refused, failed, crashed and doubted while the text of the sheet is in the error's own words."""
    store, number = own_buckets, form.count(2 * len(TURNS), 500)
    log = tmp_path / "worker.log"
    feuilles.load_people(store, number)
    with worker(store, Singing(), log):
        ids = [feuilles.put(store, feuilles.sheet(n, 0, copy=n)).id for n in range(number)]
        invariants.quiet(store, 120 + number)
    invariants.every_receipt_ends(store, ids)
    lines = _ours(log)
    told = {line["event"] for line in lines}
    assert {"stage_done", "stage_failed", "stage_crashed"} <= told
    assert (heard(tmp_path), heard(home / "logs")) == ({}, {})
    form.tell("P5", f"{number} sheets of canaries through a worker, {len(lines)} lines: none heard")


@pytest.mark.timeout(7200)
def test_canaries_asked_for_again_and_again_are_in_no_log(
    service: tuple[str, Path], store: Store, home: Path, tmp_path: Path, form: Form
) -> None:
    """Through doors that open and doors that do not, by several at once."""
    address, log = service
    scene.build(store)
    asked = form.count(60, 100_000)

    def ask(first: int) -> None:
        with caller(address) as here, caller(address, f"{NAME}{NIR}") as nobody:
            for n in range(first, asked, CALLERS):
                who = nobody if n % 5 == 0 else here
                method, path, more = KNOCKS[n % len(KNOCKS)]
                who.request(method, path.format(nir=NIR, name=NAME, n=n), **more)

    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(ask, range(CALLERS)))
    lines = _ours(log)
    assert len(lines) >= asked
    assert (heard(tmp_path), heard(home / "logs")) == ({}, {})
    form.tell(
        "P5", f"{len(lines)} lines of the service, {len(PLANTED)} canaries and those of the servers: none heard"
    )


CALLERS = 4
KNOCKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/{name}/{nir}", {}),
    ("GET", "/documents/{nir}-{n}", {}),
    ("GET", "/api/v1/documents?after={nir}&limit={name}", {}),
    (
        "GET",
        "/api/v1/documents/{nir}/original",
        {"headers": {"User-Agent": NAME, "Referer": f"http://x/{NIR}"}},
    ),
    ("POST", "/api/v1/dossiers/search", {"json": {"names": NAME, "nir": NIR}}),
    ("POST", "/api/v1/dossiers/search", {"content": f'{{"nir": {NIR} {NAME}'.encode()}),
    ("POST", "/api/v1/tasks/next", {"json": {"document": NIR}}),
    ("POST", "/api/v1/tasks/{nir}/decision", {"json": {"version": NIR, "fields": {NAME: OCR}}}),
    ("POST", "/api/v1/documents", {"files": {NAME: (NIR, OCR.encode())}, "headers": {"Idempotency-Key": NIR}}),
    ("PUT", "/api/v1/lots/{nir}/sheets/{name}", {"content": OCR.encode()}),
    ("DELETE", "/api/v1/tasks/{name}/lease", {}),
    ("GET", "/?etat={nir}&q={name}", {"headers": {"Cookie": f"s={NIR}", "Origin": f"http://{NAME}"}}),
)
"""Requests that carry canaries in each part that a request has."""

ERRORS = {
    "a value that is no date": "SELECT CAST(:value AS date)",
    "a value that is no id": "SELECT id FROM documents WHERE id = CAST(:value AS uuid)",
    "a key that is there already": "INSERT INTO insured (natural_key, name_key, surname_sounds, first_sounds, "
    "birth_date, body) SELECT :value, 'x', '{}', '{}', '1970-01-01', '{}' FROM generate_series(1, 2)",
    "a row that breaks a rule": "INSERT INTO senders (role, name) VALUES (:value, :value)",
    "a statement that is none": "SELECT /* :value */ FROM FROM",
    "what a function raises": "DO $$ BEGIN RAISE WARNING '{value}'; RAISE EXCEPTION '{value}'; END $$",
}


def test_the_database_logs_neither_what_it_refuses_nor_the_statement(store: Store, home: Path) -> None:
    log = home / "logs" / "postgres.log"
    for statement in ERRORS.values():
        with pytest.raises(DBAPIError), store.engine.begin() as conn:
            conn.execute(
                text(statement.replace("{value}", NAME)), {"value": NAME} if ":value" in statement else {}
            )
    said = log.read_text(errors="replace")
    assert "database system is ready" in said  # of itself it speaks
    assert NAME not in said


def test_what_a_library_says_is_not_repeated(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    """A database quotes the values that it refuses: only the place and the type are logged."""
    import logging

    from api import logs

    logs.configure()
    try:
        raise ValueError(f"Key (nir)=({NIR}) already exists")
    except ValueError as error:
        logs.fault("faute", error, detail=NIR, nir=NIR)
        logging.getLogger("library").exception("refused %s", NIR)
    told = capfd.readouterr().err
    assert NIR not in told
    assert "ValueError" in told
    assert "test_p5" in told
    assert httpx.__name__ not in told
