"""R5: the same sender posts the same file 100 times at once: 1 document, one id; another: his own.

Long: 50 files."""

import io
import threading
import time

import pytest
from sqlalchemy import func, select

from domain.errors import Refused
from ingest.deposits import Receipt, deposit
from store import documents
from store.house import Store
from store.senders import Sender, create_sender, house_sender
from store.tables import deposits, journal
from store.tables import documents as documents_table
from tests.promises.conftest import Form

AT_ONCE = 100


def post_at_once(store: Store, posts: list[tuple[Sender, bytes, str | None]]) -> list[Receipt | str]:
    """Every post in a thread of its own, all released together: receipts, or codes of refusals."""
    start = threading.Barrier(len(posts))
    results: list[Receipt | str] = []

    def post(sender: Sender, data: bytes, key: str | None) -> None:
        start.wait(60)
        try:
            results.append(deposit(store, sender, io.BytesIO(data), length=len(data), idempotency_key=key))
        except Refused as refusal:
            results.append(refusal.code)

    threads = [threading.Thread(target=post, args=each) for each in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def sender(store: Store) -> Sender:
    with store.begin() as conn:
        return house_sender(conn)


@pytest.fixture
def other(store: Store) -> Sender:
    with store.begin() as conn:
        return create_sender(conn, "assure").sender


@pytest.mark.timeout(7200)
def test_r5_a_hundred_posts_of_one_file_are_one_document(
    store: Store, sender: Sender, other: Sender, form: Form
) -> None:
    files = form.count(1, 50)
    began = time.monotonic()
    for number in range(files):
        data = b"%%PDF-1.4 R5 %d\n" % number + bytes(50_000)
        results = post_at_once(store, [(sender, data, None)] * AT_ONCE)
        receipts = [each for each in results if isinstance(each, Receipt)]
        assert len(receipts) == AT_ONCE
        assert len({(each.id, each.receipt, each.sha256, each.received_at) for each in receipts}) == 1
        assert sum(each.created for each in receipts) == 1
        his = deposit(store, other, io.BytesIO(data))
        assert his.created
        assert his.id != receipts[0].id
    with store.begin() as conn:
        for table in (deposits, documents_table, journal):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 2 * files
    assert len(list(store.objects.list("inbox"))) == len(list(store.objects.list("keys"))) == files
    seconds = time.monotonic() - began
    form.tell(
        "R5", f"{files} x {AT_ONCE} posts at once: {files} documents, {files} of another's, {seconds:.0f} s"
    )


def test_r5_senders_at_once_each_have_their_own(store: Store, sender: Sender, other: Sender) -> None:
    data = b"%PDF-1.4 R5 two senders"
    results = post_at_once(store, [(who, data, None) for who in [sender, other] * 30])
    assert len({each.id for each in results if isinstance(each, Receipt)}) == 2
    with store.begin() as conn:
        found = documents.find(conn)
    assert {row.sender_id for row in found} == {sender.id, other.id}
    assert len(found) == 2
    assert len(list(store.objects.list("inbox"))) == 1


def test_r5_one_key_for_two_files_at_once_takes_one_of_them(store: Store, sender: Sender) -> None:
    files = [b"%PDF-1.4 R5 key a", b"%PDF-1.4 R5 key b"]
    results = post_at_once(store, [(sender, data, "key") for data in files * 20])
    receipts = [each for each in results if isinstance(each, Receipt)]
    assert len({each.id for each in receipts}) == 1
    assert (len(receipts), results.count("cle_reutilisee")) == (20, 20)
    with store.begin() as conn:
        assert len(documents.find(conn)) == 1
