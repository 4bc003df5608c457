"""Valkey: the broker, on one loopback port, with a password."""

from pathlib import Path

from cli.servers.place import Launch, Place, binary, environment, private, secret


def launch(place: Place, port: int) -> Launch:
    base = place.home / "valkey"
    base.mkdir(exist_ok=True, mode=0o700)
    private(
        base / "valkey.conf",
        f"bind 127.0.0.1\nport {port}\nrequirepass {secret(place, 'broker_password')}\n"
        f"dir {_quoted(base)}\nappendonly yes\nappendfsync everysec\nsave ''\nprotected-mode yes\n"
        "maxmemory 256mb\nmaxmemory-policy noeviction\nenable-debug-command no\n",
    )
    program = binary("LIASSE_VALKEY_BIN", "valkey-server")
    return Launch("valkey", [str(program), str(base / "valkey.conf")], base, environment())


def _quoted(path: Path) -> str:
    """A path as valkey.conf reads it, spaces and quotes included."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def url(place: Place, port: int) -> str:
    return f"redis://:{secret(place, 'broker_password')}@127.0.0.1:{port}/0"
