"""R5, the store's part: the same sender deposits the same bytes a hundred times at once: one deposit,
one document; another sender's are his own. (Through HTTP: tests/api.)"""

import hashlib
import threading
import uuid

from sqlalchemy import text

from domain.errors import Refused
from store import clock, contents, deposits, documents, senders
from store.house import Store
from store.senders import Sender
from tests.promises.conftest import Form

AT_ONCE = 100


def deposit(store: Store, sender: Sender, sha256: str, told: list[str]) -> None:
    with store.begin() as conn:
        contents.save(
            conn, sha256=sha256, key_id=contents.new_key_id(), object_key=sha256, size=1,
            media_type="image/png", cipher_sha256=sha256,
        )  # fmt: skip
        moment = clock.now()
        made, is_new = deposits.save(
            conn, id=str(uuid.uuid4()), sender_id=sender.id, sha256=sha256, source="http",
            receipt="r", received_at=moment, received_on=moment.date(),
        )  # fmt: skip
        if is_new:
            documents.create(
                conn, id=made.id, deposit_id=made.id, sender_id=sender.id, content_sha256=sha256,
                received_at=moment, received_on=moment.date(), actor=sender.actor,
            )  # fmt: skip
    told.append(made.id)


def test_r5_one_document_one_id(store: Store, form: Form) -> None:
    sha256 = hashlib.sha256(b"feuille").hexdigest()
    with store.begin() as conn:
        first, second = (senders.create_sender(conn, "assure").sender for _ in range(2))
    told: dict[str, list[str]] = {first.id: [], second.id: []}
    threads = [
        threading.Thread(target=deposit, args=(store, sender, sha256, told[sender.id]))
        for sender in (first, second)
        for _ in range(AT_ONCE // 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(ids) for ids in told.values()] == [AT_ONCE // 2] * 2
    assert [len(set(ids)) for ids in told.values()] == [1, 1]
    assert told[first.id][0] != told[second.id][0]
    with store.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM documents")).scalar_one() == 2
        assert conn.execute(text("SELECT count(*) FROM contents")).scalar_one() == 1
        assert contents.senders_of(conn, sha256) == {first.id, second.id}
    form.tell("R5", f"{AT_ONCE} rows at once by two senders: one document each, one content")


def test_r5_one_key_one_file(store: Store) -> None:
    """Fifty files under one idempotency key at once: one is taken, the others are told so."""
    with store.begin() as conn:
        sender = senders.create_sender(conn, "assure").sender
    told: list[str] = []

    def go(number: int) -> None:
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        try:
            with store.begin() as conn:
                contents.save(
                    conn, sha256=sha256, key_id=contents.new_key_id(), object_key=sha256, size=1,
                    media_type="image/png", cipher_sha256=sha256,
                )  # fmt: skip
                moment = clock.now()
                deposits.save(
                    conn, id=str(uuid.uuid4()), sender_id=sender.id, sha256=sha256, source="http",
                    receipt="r", received_at=moment, received_on=moment.date(), idempotency_key="cle",
                )  # fmt: skip
            told.append("reçu")
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["cle_reutilisee"] * 49 + ["reçu"]
