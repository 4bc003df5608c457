"""The servers of a home: found again, recovered after a kill, shut on every side door."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from cli.embedded import Servers, running
from cli.servers import postgres
from cli.servers.place import Place, ServerFailed, as_user, binary
from store import clock
from store.house import open_store
from store.objects import Objects
from store.settings import load_settings
from tests.conftest import ROOT
from tests.store.making import document


@pytest.fixture
def place() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="lt à l'été "))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def put_something(home: Path) -> str:
    store = open_store(load_settings(home))
    with store.begin() as conn:
        document_id = document(conn)
    store.objects.put("inbox", document_id, b"octets")
    store.close()
    return document_id


def is_there(home: Path, document_id: str) -> bool:
    store = open_store(load_settings(home))
    with store.begin() as conn:
        found = conn.exec_driver_sql("SELECT id::text FROM documents").scalar_one() == document_id
    found &= store.objects.get("inbox", document_id) == b"octets"
    store.close()
    return found


def test_a_restart_is_quick_and_keeps_everything_even_after_kill_9(place: Path) -> None:
    """One home through its life: made, restarted, its owner killed, its servers killed one by one."""
    with running(place) as settings:
        assert settings.database_url
        document_id = put_something(place)
        attached = Servers(place)
        attached.start()
        assert not attached.owner
        attached.stop()  # does nothing to what it only attached to
        assert is_there(place, document_id)
    assert not (place / "run.json").exists()

    start = time.monotonic()
    house = Servers(place)
    house.start()
    assert time.monotonic() - start < 90  # 2.4 s on an idle machine
    assert is_there(place, document_id)
    start = time.monotonic()
    house.stop()
    assert time.monotonic() - start < 30

    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pids = json.loads(owner.stdout.readline())
    owner.stdout.close()
    os.kill(pids["weed"], signal.SIGKILL)
    os.kill(pids["postgres"], signal.SIGKILL)
    owner.kill()
    owner.wait()
    house = Servers(place)
    house.start()
    assert not psutil.pid_exists(pids["valkey"])
    assert is_there(place, document_id)
    os.kill(house.pids["valkey"], signal.SIGKILL)
    time.sleep(0.3)
    assert house.revive() == ["valkey"]
    assert psutil.pid_exists(house.pids["valkey"])
    assert is_there(place, document_id)
    house.stop()


OWNER = """
import json, sys, time
from pathlib import Path
from cli.embedded import Servers
house = Servers(Path(sys.argv[1]))
house.start()
print(json.dumps(house.pids), flush=True)
time.sleep(600)
"""


def test_a_server_that_cannot_start_is_named_with_its_log(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIASSE_VALKEY_BIN", "/bin/false")
    house = Servers(place)
    with pytest.raises(ServerFailed, match=r"Valkey ne répond pas(.|\n)*valkey.log"):
        house.start()
    assert not house.owner
    assert not (place / "run.json").exists()


def test_secrets_are_their_owner_s_alone(home: Path) -> None:
    kept = [file for file in (home / "secrets").rglob("*") if file.is_file()]
    assert {"master.key", "s3_secret_key", "database_password"} <= {file.name for file in kept}
    for file in [*kept, home / "run.json", home / "weed" / "s3.json", home / "valkey" / "valkey.conf"]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


def test_no_secret_is_on_a_command_line_or_in_a_log(home: Path) -> None:
    kept = [file.read_text() for file in (home / "secrets").rglob("*") if file.is_file() and file.suffix == ""]
    lines = [" ".join(psutil.Process(pid).cmdline()) for pid in Servers(home).pids.values()]
    lines += [file.read_text(errors="replace") for file in (home / "logs").iterdir()]
    assert not [secret for secret in kept for line in lines if secret in line]


def listening(home: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, pid in Servers(home).pids.items():
        for connection in psutil.Process(pid).net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                found.setdefault(name, set()).add(connection.laddr.ip)
    return found


def test_everything_listens_on_loopback_or_a_socket_alone(home: Path) -> None:
    assert listening(home) == {"weed": {"127.0.0.1"}, "valkey": {"127.0.0.1"}}


def weed_ports(home: Path) -> dict[str, int]:
    ports: dict[str, int] = json.loads((home / "weed" / "ports.json").read_text())
    return ports


def locked_object(home: Path) -> tuple[Objects, str]:
    settings = load_settings(home)
    objects = Objects(settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key)
    objects.make_buckets()
    version = objects.put("archive", "porte", b"preuve", retain_until=clock.now() + timedelta(minutes=2))
    assert version
    return objects, version


def test_http_side_doors_of_the_store_are_shut(home: Path) -> None:
    objects, version = locked_object(home)
    ports = weed_ports(home)
    bucket = objects.bucket("archive")
    paths = (
        f"DELETE /buckets/{bucket}/porte.versions?recursive=true", f"DELETE /buckets/{bucket}?recursive=true",
        f"POST /col/delete?collection={bucket}", f"GET /col/delete?collection={bucket}",
        "POST /vol/vacuum", "DELETE /1,01637037d6",
    )  # fmt: skip
    for name, port in ports.items():
        if name in ("s3", "s3.grpc"):
            continue
        for path in paths:
            answer = raw(port, path)
            assert not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2")), (name, path, answer[:40])
    assert objects.get("archive", "porte", version) == b"preuve"
    objects.close()


def raw(port: int, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 2) as door:
        door.settimeout(2)
        door.sendall(f"{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        try:
            return door.recv(200)
        except (TimeoutError, ConnectionResetError):
            return b""


def shell(home: Path, cwd: Path, command: str) -> str:
    ports = weed_ports(home)
    told = subprocess.run(
        [
            str(binary("LIASSE_WEED_BIN", "weed")), "shell",
            f"-master=127.0.0.1:{ports['master']}.{ports['master.grpc']}",
            f"-filer=127.0.0.1:{ports['filer']}.{ports['filer.grpc']}",
        ],
        cwd=cwd, env={"HOME": str(cwd), "PATH": os.environ["PATH"]}, input=f"lock\n{command}\nunlock\nexit\n",
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    return told.stdout + told.stderr


def test_the_inner_door_opens_to_our_certificates_alone(home: Path, place: Path) -> None:
    """`weed shell` deletes a locked object with the certificates (so the attack is a true one), and
    does nothing without: what keeps the lock is that the keys are the owner's alone."""
    objects, version = locked_object(home)
    command = f"fs.rm -r /buckets/{objects.bucket('archive')}/porte.versions"
    with contextlib.suppress(subprocess.TimeoutExpired):  # it waits for a master that does not answer
        shell(home, place, command)
    assert objects.get("archive", "porte", version) == b"preuve"
    shell(home, home / "weed", command)
    assert not objects.exists("archive", "porte")
    objects.close()


def test_sockets_are_in_a_short_private_directory(home: Path) -> None:
    directory = Path(Servers(home).sockets)
    assert len(str(directory / "pg" / ".s.PGSQL.5432")) < 100
    assert stat.S_IMODE((directory / "pg").stat().st_mode) == 0o700
    assert postgres.url(Place(home, directory)) == load_settings(home).database_url


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_a_server_of_another_user_keeps_no_group_of_root() -> None:
    nobody = pwd.getpwnam("nobody")
    said = subprocess.run(["id", "-G"], capture_output=True, text=True, check=True, **as_user("nobody"))
    assert said.stdout.split() == [str(nobody.pw_gid)]
    assert as_user(None) == {}
