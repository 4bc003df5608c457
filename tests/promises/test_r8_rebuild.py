"""R8: the database lost, the master key kept: sealed documents rebuilt, receipted ones back in the queue.

100 % of 20 documents, in every state they may be in, a file of several among them; long: of 10,000, timed.
"""

import io
import json
import time
from dataclasses import asdict

import pytest
from sqlalchemy import select

from archive.erase import erase
from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from archive.rows import compare
from archive.verify import verify
from domain.errors import Refused
from domain.flow import ALLOWED, INITIAL, State
from ingest import balance, lots
from ingest.deposits import deposit
from store import bodies, crypt, documents, journal, senders
from store import lots as lots_of
from store.tables import access_events, contents, insured, metadata
from tests.archive.making import AMOUNT, READING, facts_of, parts_of
from tests.archive.test_seals import looked

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c63600000000200"
    "01e221bc330000000049454e44ae426082"
)


def received(store, number):
    """A deposit through the door itself."""
    with store.begin() as conn:
        sender = senders.house_sender(conn)
    data = PNG + number.to_bytes(2, "big")
    return deposit(store, sender, io.BytesIO(data), length=len(data)).id


def move(store, id, *states, **hashes):
    with store.begin() as conn:
        for to in states:
            start = documents.load(conn, id).status
            key = store.vault.new_key(id)
            documents.advance(
                conn, id, start, to, actor="test", hashes=hashes,
                payload=journal.seal_payload(key, {"motif": "lu"}),
            )  # fmt: skip


def sealed(store, id, *after):
    from archive.package import seal_document

    move(store, id, State.EN_LECTURE, State.VALIDE)
    with store.begin() as conn:
        bodies.save(conn, id, "values", {"montant_total": AMOUNT})
        bodies.save(conn, id, "reading", READING)
    result = seal_document(store, facts_of(store, id), parts_of(id.encode()))
    if after:
        first, *rest = after
        move(store, id, first, manifest_sha256=result.manifest_sha256)
        move(store, id, *rest)


def lose_the_database(superuser, but=()):
    for table in metadata.tables:
        if table not in but:
            superuser.execute(f"DELETE FROM {table}")


def duplex(store, sheets):
    """A closed lot, and its documents."""
    with store.begin() as conn:
        sender = senders.house_sender(conn)
    lot = lots.open_lot(store, sender, 2 * sheets, True)
    for n in range(1, sheets + 1):
        for side in "rv":
            lots.put_sheet(store, sender, lot, n, side, io.BytesIO(PNG + f"{n}{side}".encode()))
    return lot, lots.close_lot(store, sender, lot).documents


def lines_of(store, id):
    with store.begin() as conn:
        return [(line.n, line.hash) for line in journal.lines(conn, id)]


def state_of(store, id):
    with store.begin() as conn:
        return documents.load(conn, id).status


PERSON = {
    "natural_key": "k1", "name_key": "x", "surname_sounds": [], "first_sounds": [],
    "birth_date": "1970-01-01", "body": {},
}  # fmt: skip
ENDINGS = [
    (State.ARCHIVE, State.CLASSE),
    (State.ARCHIVE, State.LIQUIDE, State.ORDONNANCE),
    (State.REFUSE,),
    (State.ARCHIVE, State.A_LIQUIDER),
]


@pytest.fixture
def house(own_buckets, superuser):
    return own_buckets


@pytest.mark.timeout(7200)
def test_every_document_comes_back(house, superuser, form):
    store = house
    with store.begin() as conn:
        conn.execute(insured.insert().values(**PERSON))
        person = conn.execute(select(insured.c.id)).scalar_one()
    count = form.count(20, 10_000)
    ids = [received(store, n) for n in range(count)]
    half = count // 2
    ended, between, waiting = ids[:half], ids[half : half + 3], ids[half + 3 :]
    for number, id in enumerate(ended):
        with store.begin() as conn:
            documents.set_insured(conn, id, person)
        sealed(store, id, *ENDINGS[number % 4])
    for id in between[:2]:
        sealed(store, id, State.ARCHIVE)
    sealed(store, between[2])  # sealed, and the database lost before it could say so
    move(store, waiting[0], State.EN_LECTURE, State.A_VALIDER)
    move(store, waiting[1], State.EN_LECTURE)
    move(store, waiting[2], State.QUARANTAINE)
    looked(store, ids[0])
    seal_pending(store)
    move(store, waiting[3], State.EN_LECTURE)  # no seal knows of this move
    last = received(store, count)  # nor of this deposit
    lot, sheets = duplex(store, 3)
    states = {id: state_of(store, id) for id in ids}
    told = {id: lines_of(store, id) for id in ids}

    lose_the_database(superuser, but=("insured",))
    superuser.execute("UPDATE insured SET id = gen_random_uuid()")  # loaded again: other ids, same keys
    began = time.monotonic()
    report = rebuild(store)
    seconds = time.monotonic() - began

    assert report.lost == {}
    assert sorted(report.sealed) == sorted(ended + between)
    assert sorted(report.queued) == sorted([*waiting, last, *sheets])
    with store.begin() as conn:
        assert lots_of.load(conn, lot).status == "clos"
        assert [(i.n, i.side, i.document_id) for i in lots_of.images(conn, lot)] == [
            (n, side, id) for n, id in enumerate(sheets, 1) for side in "rv"
        ]
        assert all(lots_of.verso(conn, id) for id in sheets)
    assert balance.watch(store) == []
    for id in ended:
        assert state_of(store, id) == states[id]
        assert lines_of(store, id) == told[id]
        with store.begin() as conn:
            row = documents.load(conn, id)
            assert bodies.data(conn, id, "values") == {"montant_total": AMOUNT}
            assert bodies.data(conn, id, "reading")["documents"][0]["type"] == "feuille_soins_medecin"
            assert row.insured_id == conn.execute(select(insured.c.id)).scalar_one()
            assert row.manifest_sha256
            (line, *_) = [x for x in journal.lines(conn, id) if x.payload]
            assert journal.open_payload(store.vault.key(id), line) == {"motif": "lu"}
    for id in between:
        assert state_of(store, id) == State.QUARANTAINE  # an order may have left: a person looks
    for id in (*waiting, last):
        expected = State.QUARANTAINE if id == waiting[2] else State.RECU
        assert state_of(store, id) == expected
        with store.begin() as conn:
            found = documents.load(conn, id)
            content = conn.execute(select(contents).where(contents.c.sha256 == found.content_sha256)).one()
            key = store.vault.key(content.key_id)
            assert crypt.decrypt(store.objects.get("inbox", content.object_key), key).startswith(PNG)
            assert content.removed_at is None
    with store.begin() as conn:
        (event,) = conn.execute(select(access_events)).all()
        assert event.target == ids[0]
        for id in (*ids, last):
            chain = journal.lines(conn, id)
            journal.verify(chain)
            moves = [(x.from_state, x.to_state) for x in chain if x.event == "etat"]
            assert moves[0][0] is None
            assert State(moves[0][1]) in INITIAL
            assert all((State(a), State(b)) in ALLOWED for a, b in moves[1:])
    assert seal_pending(store)
    assert [v for v in compare(store) if not v["ok"]] == []
    assert [v for v in verify(store.objects, vault=store.vault) if not v["ok"]] == []
    form.tell("R8", f"{len(report.sealed)} sealed rebuilt, {len(report.queued)} receipted back in their queue, "
              f"0 lost, in {seconds:.1f} s")  # fmt: skip


def test_a_file_of_several_comes_back_with_its_children(house, superuser):
    from archive.package import seal_document

    store = house
    parent = received(store, 1)
    parts = [{"type": "ordonnance", "pages": [0]}, {"type": "rib", "pages": [1, 2]}]
    result = seal_document(store, facts_of(store, parent, parts=parts), parts_of())
    with store.begin() as conn:
        row = documents.load(conn, parent)
        children = [
            documents.create(
                conn, deposit_id=row.deposit_id, sender_id=row.sender_id, status=State.EN_LECTURE,
                content_sha256=row.content_sha256, received_at=row.received_at, received_on=row.received_on,
                actor="trier", parent_id=parent, pages=part["pages"], type=part["type"],
                hashes={"parent": parent},
            )
            for part in parts
        ]  # fmt: skip
    move(store, parent, State.SCINDE, manifest_sha256=result.manifest_sha256)
    move(store, children[0], State.VALIDE)
    first = seal_document(store, facts_of(store, children[0]), parts_of())
    move(store, children[0], State.ARCHIVE, manifest_sha256=first.manifest_sha256)
    move(store, children[0], State.CLASSE)
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.sealed, report.queued) == ([parent, children[0]], [children[1]])
    with store.begin() as conn:
        two = documents.load(conn, children[1])
        assert (two.parent_id, two.pages, two.type, two.status) == (parent, [1, 2], "rib", State.EN_LECTURE)
        assert documents.load(conn, parent).status == State.SCINDE
        assert documents.load(conn, children[0]).status == State.CLASSE


def test_what_was_erased_stays_erased(house, superuser):
    store = house
    id = received(store, 1)
    sealed(store, id, State.REFUSE)
    erase(store, id, "local")
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.sealed, report.erased) == ([id], [id])
    with store.begin() as conn:
        assert documents.load(conn, id).status == State.REFUSE
        assert bodies.all_data(conn, id) == {}


def test_a_database_that_holds_documents_is_left_alone(house):
    received(house, 1)
    with pytest.raises(Refused, match="etat_change"):
        rebuild(house)


def test_the_report_is_json():
    from archive.rebuild import Report, report_json

    assert json.loads(report_json(Report(sealed=["a"]))) == asdict(Report(sealed=["a"]))
