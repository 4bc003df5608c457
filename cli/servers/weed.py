"""SeaweedFS: one process, one open door (S3), and the others shut."""

import json
from collections.abc import Callable
from pathlib import Path

from cli import certificates
from cli.servers.place import Launch, Place, binary, environment, free_ports, is_free, private, secret

PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


def launch(place: Place) -> Launch:
    """One process: master, volume, filer and S3, whose side doors are shut.

    HTTP of master and filer is off, volumes ask for a JWT, gRPC for a client certificate."""
    base = place.home / "weed"
    base.mkdir(exist_ok=True, mode=0o700)
    (base / "data").mkdir(exist_ok=True, mode=0o700)
    if not (place.secrets / "weed" / "ca.crt").exists():
        certificates.make(place.secrets / "weed")
    private(base / "security.toml", security_toml(place.secrets / "weed", lambda name: secret(place, name)))
    # One volume a bucket is enough for a writer or two, and keeps small disks small.
    (base / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 1\n")
    private(base / "s3.json", identities(secret(place, "s3_access_key", 10), secret(place, "s3_secret_key")))
    ports = _ports(base / "ports.json")
    command = [
        str(binary("LIASSE_WEED_BIN", "weed")), "-logdir=", "-logtostderr=true", "server",
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
    env = environment() | {"WEED_S3_SSE_KEK": secret(place, "s3_sse_kek", 32), "HOME": str(base)}
    return Launch("weed", command, base, env)


def forget_sockets(place: Place) -> None:
    """Remove the gRPC sockets that a killed SeaweedFS leaves in /tmp (it offers no other place)."""
    for name, port in json.loads((place.home / "weed" / "ports.json").read_text()).items():
        if name.endswith(".grpc"):
            Path(f"/tmp/seaweedfs-{name[:-5]}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108


def endpoint(place: Place) -> str:
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
    if set(ports) != set(PORTS) or not all(map(is_free, ports.values())):
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        file.write_text(json.dumps(ports))
    return ports
