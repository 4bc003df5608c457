"""The receipt: what a sender holds in hand. A line that the house can recognise as its own.

    LR1.<deposit>.<sha256>.<received_at>.<signature>

The signature is HMAC-SHA256 under a key derived from the master key (HKDF, "liasse recu 1").
"""

import base64
import hmac
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.settings import Settings

_PREFIX = "LR1"


def sign(settings: Settings, deposit_id: str, content_sha256: str, received_at: datetime) -> str:
    body = f"{_PREFIX}.{deposit_id}.{content_sha256}.{received_at:%Y%m%dT%H%M%S%fZ}"
    return f"{body}.{_mac(settings, body)}"


def recognise(settings: Settings, receipt: str) -> tuple[str, str] | None:
    """The (deposit id, sha256) of a receipt of ours, or None."""
    body, _, signature = receipt.rpartition(".")
    parts = body.split(".")
    if len(parts) != 4 or parts[0] != _PREFIX or not receipt.isascii():
        return None
    return (parts[1], parts[2]) if hmac.compare_digest(signature, _mac(settings, body)) else None


def _mac(settings: Settings, body: str) -> str:
    key = HKDF(SHA256(), 32, None, b"liasse recu 1").derive(settings.master_key.read_bytes())
    return base64.urlsafe_b64encode(hmac.digest(key, body.encode(), sha256)).rstrip(b"=").decode()
