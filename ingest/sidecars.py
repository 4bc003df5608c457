"""The sidecar of a deposit: locked in the archive, enough to rebuild it without the database."""

import hashlib
import json
from datetime import datetime

from store.clock import now
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.retention import document_lock
from store.senders import Sender

SIDECARS = "receipts/"


def write_sidecar(store: Store, sender: Sender, made: Deposit, content: Content) -> None:
    """Locked as long as the document will be. Ids, hashes and times alone: no health data.

    Written by the one who won the deposit's unique place, before COMMIT: a sidecar whose deposit
    was not committed has no receipt, and its sender's next one names the same bytes."""
    body = {
        "format": 1,
        "kind": "receipt",
        "deposit": made.id,
        "document": None if made.lot_side == "v" else made.id,
        "sender": made.sender_id,
        "sender_role": sender.role,
        "sha256": made.sha256,
        "size": content.size,
        "media_type": content.media_type,
        "source": made.source,
        "lot": [made.lot_id, made.lot_n, made.lot_side] if made.lot_id else None,
        "received_at": f"{made.received_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "received_on": made.received_on.isoformat(),
        "content": {
            "key": content.object_key,
            "key_id": content.key_id,
            "sha256_cipher": content.cipher_sha256,
        },
    }
    data = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    until = document_lock(store.settings, made.received_at, now())
    name = f"{SIDECARS}{made.id}-{hashlib.sha256(data).hexdigest()}.json"
    store.objects.put("archive", name, data, retain_until=until)


def named_since(store: Store, moment: datetime) -> set[str]:
    """Names of the inbox objects that the sidecars written since `moment` tell of."""
    found = store.objects.list("archive", SIDECARS)
    recent = [each.key for each in found if each.modified is None or each.modified >= moment]
    return {str(json.loads(store.objects.get("archive", key))["content"]["key"]) for key in recent}
