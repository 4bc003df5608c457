"""docker-compose.yml without Docker: its schema, its secrets, and each of our command lines really started."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import psutil
import pytest
import yaml

from cli.deployment import CERTIFICATES, make_secrets
from cli.servers import postgres
from store.settings import Settings

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = [name for name, service in COMPOSE["services"].items() if service["image"].startswith("liasse:")]


def test_it_holds_against_the_compose_schema(shared: Path) -> None:
    schema = json.loads((shared / "reference" / "compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


def test_every_secret_it_names_is_made_by_one_command(tmp_path: Path) -> None:
    made = make_secrets(tmp_path / "secrets")
    named = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert named <= set(made)
    before = {name: (tmp_path / "secrets" / name).read_bytes() for name in made}
    assert make_secrets(tmp_path / "secrets") == made
    assert before == {name: (tmp_path / "secrets" / name).read_bytes() for name in made}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert str(CERTIFICATES) in (tmp_path / "secrets" / "security.toml").read_text()


def test_its_database_logs_no_more_than_the_embedded_one() -> None:
    command = COMPOSE["services"]["database"]["command"]
    assert command == ["postgres", *(f"-c{name}={value}" for name, value in postgres.SILENT.items())]


def test_every_secret_a_service_uses_is_declared() -> None:
    for service in COMPOSE["services"].values():
        for secret in service.get("secrets", ()):
            name = secret if isinstance(secret, str) else secret["source"]
            assert name in COMPOSE["secrets"]


def test_no_service_runs_as_root_and_each_has_a_health_check() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "\nUSER liasse\n" in dockerfile
    for name, service in COMPOSE["services"].items():
        assert "healthcheck" in service, name
        assert name in OURS or service.get("user") not in (None, "root", "0"), name


def test_the_object_store_shows_its_s3_port_alone() -> None:
    objects = COMPOSE["services"]["objects"]
    assert "ports" not in objects
    command = objects["command"]
    assert "-ip.bind=127.0.0.1" in command
    assert "-s3.ip.bind=0.0.0.0" in command
    assert "-disableHttp" in command
    assert "-filer.disableHttp" in command


def test_the_image_holds_every_room() -> None:
    copied = {
        line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")
    }
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "scripts"}
    assert rooms <= copied


@pytest.mark.parametrize("name", OURS)
def test_our_command_line_starts_as_the_container_starts_it(
    name: str, store: object, settings: Settings, tmp_path: Path
) -> None:
    service = COMPOSE["services"][name]
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for secret in ("database_url", "broker_url", "s3_access_key", "s3_secret_key"):
        (secrets / secret).write_text(str(getattr(settings, secret)))
    (secrets / "master.key").write_bytes(settings.master_key.read_bytes())
    environment = {
        **os.environ,
        **{key: str(value) for key, value in service["environment"].items()},
        "LIASSE_HOME": str(tmp_path / "home"),
        "LIASSE_SECRETS": str(secrets),
        "LIASSE_MASTER_KEY_FILE": str(secrets / "master.key"),
        "LIASSE_S3_ENDPOINT": settings.s3_endpoint,
        "LIASSE_HOT_FOLDER": str(tmp_path / "depot"),
        "LIASSE_PORT": "0",
    }
    (tmp_path / "home").mkdir()
    (tmp_path / "depot").mkdir()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(ROOT / "liasse"), *service["command"]], env=environment, stdout=log, stderr=log, cwd=ROOT
        )
    try:
        _wait_until_healthy(name, process, environment, tmp_path / "log")
        if name == "api":
            _listens_with_a_token_only(tmp_path)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, (tmp_path / "log").read_text()[-2000:]
    assert not psutil.pid_exists(process.pid) or process.poll() is not None


def _wait_until_healthy(name: str, process: subprocess.Popen[bytes], env: dict[str, str], log: Path) -> None:
    check = COMPOSE["services"][name]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "/opt/liasse/liasse"]
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        if (
            subprocess.run(
                [str(ROOT / "liasse"), *check[2:]], env=env, cwd=ROOT, capture_output=True
            ).returncode
            == 0
        ):
            return
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


def _listens_with_a_token_only(home: Path) -> None:
    url = (home / "home" / "api.url").read_text().strip()
    assert httpx.get(f"{url}/healthz").status_code == 200
