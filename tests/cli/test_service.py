"""`ingest` and `status` over a running service; every long command ends when told, and leaves nobody."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from cli.embedded import Servers
from cli.service import Service, url_of
from store.house import Store
from tests.cli.conftest import Liasse, files_of

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.timeout(400)
def test_files_are_deposited_followed_and_asked_about(
    liasse: Liasse, store: Store, service: Service, sheets: Path, tmp_path: Path
) -> None:
    text = tmp_path / "lettre.txt"
    text.write_text("Bonjour")
    good = files_of(sheets)[0]
    said = liasse("ingest", "--wait", "--json", good, text, tmp_path / "nowhere.pdf")
    assert said.code == 1
    document, refused, absent = said.lines
    assert [line["file"] for line in said.lines] == [str(good), str(text), str(tmp_path / "nowhere.pdf")]
    assert refused["error"]["code"] == "type_inconnu"
    assert absent["error"]["code"] == "fichier_illisible"
    assert document["status"] == "a_valider"  # nobody is in the dossiers
    assert document["type"] == "feuille_soins_medecin"
    again = liasse("ingest", "--json", good)
    assert (again.code, again.lines[0]["id"]) == (0, document["id"])
    plain = liasse("ingest", good)
    assert plain.out == f"{good} : {document['id']} {again.lines[0]['status']}\n"

    status = liasse("status", document["id"])
    assert (status.code, status.out) == (0, f"{document['id']} a_valider\n")
    whole = liasse("status", document["id"], "--json")
    assert whole.json["findings"]
    for id in (NOBODY, "pas-un-identifiant", "../documents"):
        missing = liasse("status", id)
        assert (missing.code, missing.out) == (1, "")
        assert missing.err.startswith("Aucun document")


def test_the_address_of_a_service_that_was_killed_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "api.url").write_text("http://127.0.0.1:9\n")
    assert url_of(tmp_path) is None


@pytest.fixture
def own_home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="lc-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home, ignore_errors=True)


def _started(home: Path, *command: str) -> subprocess.Popen[str]:
    env = {**os.environ, "LIASSE_HOME": str(home), "LIASSE_PORT": "0", "OMP_THREAD_LIMIT": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *command],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _until(what: object, seconds: float = 150.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _answers(home: Path) -> bool:
    try:
        url = (home / "api.url").read_text().strip()
        return httpx.get(url + "/healthz", timeout=2).status_code == 200
    except (OSError, httpx.HTTPError):
        return False


def _logs(home: Path) -> str:
    return "".join(file.read_text()[-2000:] for file in (home / "logs").glob("*e*.log"))


def _family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    us = psutil.Process(process.pid)
    return [us, *us.children(recursive=True)]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("command", "number"), [("serve", signal.SIGTERM), ("worker", signal.SIGINT)])
def test_a_process_ends_when_told_and_leaves_nobody(
    own_home: Path, command: str, number: signal.Signals
) -> None:
    process = _started(own_home, command)
    try:
        ready = (
            (own_home / f"worker-{socket.gethostname()}.alive").exists
            if command == "worker"
            else lambda: _answers(own_home)
        )
        _until(lambda: process.poll() is not None or ready())
        assert process.poll() is None, process.communicate()[1]
        everyone = _family(process)
        assert len(everyone) >= 5  # itself, three servers, the cage
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    _, left = psutil.wait_procs(everyone, timeout=15)
    assert not left
    assert process.returncode == 0
    assert "Traceback" not in err
    assert not (own_home / "run.json").exists()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_whole_house_ends_when_told_and_leaves_nobody(own_home: Path, number: signal.Signals) -> None:
    """`run` over a home that has had its first lot: it starts, serves, and is stopped."""
    (own_home / "lot").mkdir()
    process = _started(own_home, "run")
    try:
        _until(lambda: process.poll() is not None or _answers(own_home))
        assert process.poll() is None, process.communicate()[1] + _logs(own_home)
        everyone = _family(process)
        process.send_signal(number)
        process.send_signal(number)  # an impatient second one breaks nothing
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    _, left = psutil.wait_procs(everyone, timeout=15)
    assert not left
    assert "Traceback" not in err
    assert process.returncode in (0, 130, 143), out + err


@pytest.mark.timeout(600)
def test_whoever_is_killed_is_started_again_over_his_data(own_home: Path) -> None:
    """kill -9 of each server and process of a house: it answers again where it was, and lost nothing."""
    with Service(own_home, port=0) as service:
        client, picture = httpx.Client(base_url=service.url, timeout=60), b"\x89PNG\r\n\x1a\n"

        def is_ready() -> bool:
            assert service.fallen() is None, _logs(own_home)
            with contextlib.suppress(httpx.HTTPError):
                return client.get("/readyz").status_code == 200
            return False

        def pids() -> dict[str, int]:
            return Servers(own_home).pids | {name: p.pid for name, p in service._processes.items()}

        ids = []
        for name in ("valkey", "weed", "postgres", "serve", "worker"):
            sent = client.post("/api/v1/documents", files={"file": ("f", picture + name.encode())})
            ids.append(sent.json()["id"])
            before = pids()
            os.kill(before[name], signal.SIGKILL)
            _until(lambda name=name, before=before: is_ready() and pids()[name] != before[name])
            assert {each for each, pid in pids().items() if pid != before[each]} == {name}
            assert [client.get(f"/api/v1/documents/{id}").status_code for id in ids] == [200] * len(ids)
        client.close()


@pytest.mark.timeout(400)
def test_a_command_stopped_while_it_starts_leaves_nobody(own_home: Path) -> None:
    process = _started(own_home, "archive", "verify", "--all")
    try:
        _until(lambda: process.poll() is not None or (own_home / "run.json").exists())
        _until(lambda: process.poll() is not None or len(_family(process)) >= 3)
        everyone = _family(process)
        process.terminate()
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    _, left = psutil.wait_procs(everyone, timeout=15)
    assert not left
    assert process.returncode == 143
    assert "Traceback" not in err
    assert not (own_home / "run.json").exists()
