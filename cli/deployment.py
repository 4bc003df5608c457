"""The secrets of an installation by containers (docker-compose.yml), made once and never overwritten."""

import secrets
from pathlib import Path

from cli import certificates
from cli.servers.weed import identities, security_toml
from store.vault import make_master_key

CERTIFICATES = Path("/etc/seaweedfs/certificates")
"""Where docker-compose.yml mounts them."""


def make_secrets(directory: Path) -> list[str]:
    """Make what is missing; the names of all files. The folder is 0700, its files 0444: Compose mounts
    each as it is, and each container reads it as a user of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)

    def secret(name: str, size: int = 24) -> str:
        return _once(directory / name, secrets.token_hex(size))

    database, broker = secret("database_password"), secret("broker_password")
    _once(directory / "database_url", f"postgresql://liasse:{database}@database:5432/liasse")
    _once(directory / "broker_url", f"redis://:{broker}@broker:6379/0")
    _once(directory / "s3.json", identities(secret("s3_access_key", 10), secret("s3_secret_key")))
    _once(directory / "security.toml", security_toml(CERTIFICATES, lambda name: secret(name)))
    make_master_key(directory / "master.key")
    if not (directory / "weed" / "ca.crt").exists():
        certificates.make(directory / "weed")
    (directory / "weed").chmod(0o755)  # behind the folder's own 0700
    files = sorted(file for file in directory.rglob("*") if file.is_file())
    for file in files:
        file.chmod(0o444)
    return [str(file.relative_to(directory)) for file in files]


def _once(file: Path, content: str) -> str:
    if not file.exists():
        file.write_text(content)
    return file.read_text()
