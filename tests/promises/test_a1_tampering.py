"""A1: one byte, object, version, seal or journal row tampered with is found and located; no false alarm.

Short form: 60 acts over 200 objects, each kind of object among them; long: 1,000 over 10,000, several at
once. The lock itself refuses most of these acts (A2); here the hand is that of one who reaches the disks, or
who has the keys of the store and writes on top of what he cannot remove. Rows: test_a1_rows.py.
"""

import itertools
import random
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from archive import canonical, merkle, names, tail
from archive.journal_seal import Seal, seal_pending
from archive.manifest import Manifest
from archive.verify import verify
from domain.errors import Unavailable
from domain.flow import State
from store import clock, crypt
from store.objects import Stat
from tests.archive.making import Snapshot, Tampered, archived, corrupt, valid

SEED, LOCK = 20261122, timedelta(minutes=2)


def receipt(store, deposit):
    data = canonical.dumps({"kind": "receipt", "format": 1, "deposit": deposit})
    key = f"receipts/{deposit}-{canonical.sha256(data)}.json"
    store.objects.put(names.BUCKET, key, data, retain_until=clock.now() + LOCK)


_once = []


@pytest.fixture
def archive(request, form):
    """What the real store gives of 200 objects and more: packages, seals, receipts; one document
    accepted, one just sealed. Written and read once."""
    if not _once:
        store = request.getfixturevalue("own_buckets")
        longer = store.settings.model_copy(update={"retention_minutes": 240})  # than the making takes
        store = replace(store, settings=longer)
        for number in range(form.count(34, 1_660)):
            to = State.REFUSE if number % 5 == 0 else State.ARCHIVE
            id = archived(store, number.to_bytes(2, "big"), to)
            if number % 6 == 0:
                seal_pending(store)
                receipt(store, id)
        seal_pending(store)
        valid(store, b"accepte")
        fresh = archived(store, b"scelle a l'instant")
        assert failures(store.objects) == []
        assert failures(store.objects, vault=store.vault) == []
        _once.append(Snapshot(store.objects))
        _once[0].known = tail.known(store.settings, store.objects)
        _once[0].fresh = fresh  # its journal is under no seal yet: its absence would show later
    return _once[0]


def everything(objects):
    return [s for s in objects.list(names.BUCKET, versions=True) if not s.delete_marker]


def failures(objects, **options):
    """What is wrong, but for what can no longer be said because of it."""
    options.setdefault("known", getattr(objects, "known", ()))
    told = list(verify(objects, at=getattr(objects, "at", None), **options))
    return [v for v in told if not v["ok"] and v["verdict"] != "indetermine"]


def flipped(tampered, stat, chance):
    data = tampered.get(names.BUCKET, stat.key, stat.version_id)
    changed = corrupt(data, chance.randrange(len(data)), 1 << chance.randrange(8))
    tampered.changed[stat.key, stat.version_id] = changed
    return stat.key


def removed(tampered, stat, _):
    tampered.hidden.add((stat.key, stat.version_id))
    return stat.key


def cut(tampered, stat, _):
    whole = tampered.get(names.BUCKET, stat.key, stat.version_id)
    tampered.changed[stat.key, stat.version_id] = whole[:-1]
    return stat.key


def unlocked(tampered, stat, chance):
    sooner = chance.choice([None, clock.now() + timedelta(seconds=5)])
    if names.parse(stat.key).kind == "receipt":
        sooner = None
    tampered.locks[stat.key, stat.version_id] = sooner
    return stat.key


def written_over(tampered, stat, _):
    """A newer version on top; the old one stays, hidden from whoever asks without a version."""
    newer = Stat(stat.key, 4, "ffffffff", clock.now() + timedelta(seconds=2))
    tampered.added.append(newer)
    tampered.changed[stat.key, "ffffffff"] = b"faux"
    return stat.key


def marked_deleted(tampered, stat, _):
    tampered.added.append(Stat(stat.key, 0, "eeeeeeee", clock.now(), delete_marker=True))
    return stat.key


def slipped_in(tampered, stat, chance):
    """An object of the house's own kind that nobody sealed."""
    name = names.parse(stat.key)
    key = names.part(name.document, "original", "0" * 32) if name.document else f"seals/faux-{chance.random()}"
    tampered.added.append(Stat(key, 4, "dddddddd", clock.now()))
    tampered.changed[key, "dddddddd"] = b"faux"
    return key


KINDS = ("original", "pdfa", "reading", "journal", "facts", "manifest", "seal", "receipt")
HANDS = (flipped, removed, cut, unlocked, written_over, marked_deleted, slipped_in)


def kind_of(stat):
    name = names.parse(stat.key)
    return name.part or name.kind


def removable(objects, stat):
    """A receipt's absence shows where its document is rebuilt; so does that of a document under no seal."""
    return kind_of(stat) != "receipt" and objects.fresh not in stat.key


def acts_of(objects, number, chance):
    """(hand, object) as often as asked: each kind in turn."""
    of_kind = {kind: [s for s in everything(objects) if kind_of(s) == kind] for kind in KINDS}
    pairs = itertools.cycle([(hand, kind) for kind in KINDS for hand in HANDS])
    while number:
        hand, kind = next(pairs)
        stat = chance.choice(of_kind[kind])
        if hand is not removed or removable(objects, stat):
            number -= 1
            yield hand, stat


def looks(acts, at_once):
    """Acts that are looked for together: on documents of their own; a seal, which holds many, alone."""
    waiting, taken = [], set()
    for hand, stat in acts:
        name = names.parse(stat.key)
        if kind_of(stat) == "seal":
            yield [(hand, stat)]
            continue
        owner = name.document or stat.key
        if len(waiting) == at_once or owner in taken:
            if waiting:
                yield waiting
            waiting, taken = [], set()
        waiting.append((hand, stat))
        taken.add(owner)
    if waiting:
        yield waiting


def test_every_act_is_found_and_located_and_nothing_else_is_accused(archive, form):
    chance, objects, began = random.Random(SEED), archive, time.monotonic()
    asked = form.count(60, 1_000)
    assert len(everything(objects)) >= form.count(200, 9_900)
    assert failures(objects) == []
    acts, missed, false = 0, [], []
    for together in looks(acts_of(objects, asked, chance), 20 if form.long else 1):
        tampered = Tampered(objects)
        done = [(hand.__name__, hand(tampered, stat, chance)) for hand, stat in together]
        acts += len(done)
        found = failures(tampered)
        named = {v["object"] for v in found}
        absent = {v["object"] for v in found if v["verdict"] == "absent"}
        keys = {key for _, key in done}
        missed += [
            (hand, key)
            for hand, key in done
            if key not in named and not any(key.startswith(each) for each in absent)
        ]
        false += [
            (done, v)
            for v in found
            if not any(v["object"] == key or key.startswith(v["object"]) for key in keys)
        ]
    assert missed == []
    assert false == []
    assert acts == asked
    form.tell("A1", f"{acts} of {acts} acts located over {len(everything(objects))} objects, 0 others accused; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


class Rotten(Tampered):
    """A disk that was touched under a store that keeps sums of its own: it answers, but gives the object no
    more. `away`: it answers nothing."""

    def __init__(self, objects, key, away=False):
        super().__init__(objects)
        self.key, self.away = key, away

    def list(self, *args, **options):
        if self.away and self.key is None:
            raise Unavailable("magasin_indisponible")
        return super().list(*args, **options)

    def get(self, bucket, key, version=None):
        with self.open(bucket, key, version) as stream:
            return bytes(stream.read())

    @contextmanager
    def open(self, bucket, key, version=None):
        if key == self.key:
            self.key = None if self.away else key
            raise Unavailable("magasin_indisponible")
        with super().open(bucket, key, version) as stream:
            yield stream


def test_what_the_store_itself_cannot_read_any_more_is_located_and_hides_nothing_else(archive):
    objects = archive
    stats = everything(objects)
    for kind in KINDS:
        stat = next(s for s in stats if kind_of(s) == kind and objects.fresh not in s.key)
        found = failures(Rotten(objects, stat.key))
        assert [(v["object"], v["verdict"]) for v in found if v["object"] == stat.key] == [(stat.key, "absent")]
        assert {v["object"] for v in found} == {stat.key}
    with pytest.raises(Unavailable):
        failures(Rotten(objects, stats[0].key, away=True))


class Counting(Tampered):
    """Which seals were read."""

    def __init__(self, objects):
        super().__init__(objects)
        self.read = set()

    def get(self, bucket, key, version=None):
        self.read.add(names.parse(key).number)
        return super().get(bucket, key, version)


def seals_of(objects, document):
    """The numbers that the database keeps beside a document's lines, and that of the last seal."""
    found = [(s.key, s.version_id) for s in everything(objects) if kind_of(s) == "seal"]
    seals = [Seal.loads(objects.get(names.BUCKET, *each)) for each in found]
    own = {seal.n for seal in seals if any(line.get("document") == document for line in seal.lines)}
    return own | {max(seal.n for seal in seals)}


def test_one_document_is_verified_without_reading_every_seal(archive):
    """The same acts on its objects and on its seals are found; the seals of others are left alone."""
    objects, chance = archive, random.Random(SEED)
    document = names.parse(a_manifest(objects).key).document
    counted = Counting(objects)
    sealed_in = seals_of(objects, document)
    assert failures(counted, what=document, sealed_in=sealed_in) == []
    assert failures(objects, what=objects.fresh, sealed_in=seals_of(objects, objects.fresh)) == []
    stats = everything(objects)
    assert sealed_in <= counted.read - {None} < {names.parse(s.key).number for s in stats} - {None}
    own = sealed_in - {max(sealed_in)}
    mine = [s for s in stats if names.parse(s.key).document == document or names.parse(s.key).number in own]
    for hand, stat in itertools.product(HANDS[:-1], mine):
        tampered = Tampered(objects)
        key = hand(tampered, stat, chance)
        found = failures(tampered, what=document, sealed_in=sealed_in)
        assert any(key.startswith(v["object"]) for v in found), (hand.__name__, key)


def a_manifest(objects):
    """Of a document whose journal is under a seal."""
    return next(s for s in everything(objects) if kind_of(s) == "manifest" and objects.fresh not in s.key)


def test_a_whole_package_removed_is_found(archive):
    tampered = Tampered(archive)
    folder = a_manifest(archive).key.rsplit("/", 1)[0]
    tampered.hidden |= {(s.key, s.version_id) for s in everything(archive) if s.key.startswith(folder)}
    (one,) = failures(tampered)
    assert one["object"].startswith(f"{folder}/manifest-")
    assert one["verdict"] == "absent"


def test_a_manifest_forged_whole_is_found(archive):
    """Its name and hashes all agree; the journal under the seals does not."""
    objects = archive
    stat = a_manifest(objects)
    told = Manifest.loads(objects.get(names.BUCKET, stat.key, stat.version_id))
    data = told.dumps().replace(b"feuille_soins_medecin", b"rib")
    key = names.manifest(told.document, canonical.sha256(data))
    for hidden in (set(), {(stat.key, stat.version_id)}):
        tampered = Tampered(objects)
        tampered.hidden |= hidden
        tampered.added.append(Stat(key, len(data), "aaaa", clock.now()))
        tampered.changed[key, "aaaa"] = data
        assert (key, "en_trop") in {(v["object"], v["verdict"]) for v in failures(tampered)}


def test_a_seal_forged_whole_is_found(archive):
    """A line taken out, the root and the name computed anew: the next seal names another."""
    objects = archive
    stat = next(s for s in everything(objects) if names.parse(s.key).number == 2)
    told = Seal.loads(objects.get(names.BUCKET, stat.key, stat.version_id))
    lines = told.lines[:-1]
    root = merkle.root([merkle.leaf(canonical.dumps(line)) for line in lines]).hex()
    forged = Seal(2, told.previous, told.sealed_at, told.lock_until, root, lines, told.timestamp).dumps()
    key = names.seal(2, canonical.sha256(forged))
    for hidden in (set(), {(stat.key, stat.version_id)}):
        tampered = Tampered(objects)
        tampered.hidden |= hidden
        tampered.added.append(Stat(key, len(forged), "aaaa", clock.now()))
        tampered.changed[key, "aaaa"] = forged
        tampered.locks[key, "aaaa"] = clock.now() + timedelta(days=1)
        found = failures(tampered)
        assert found
        assert all(v["kind"] in ("seal", "manifest") for v in found)


def test_a_seal_whose_root_is_not_of_its_lines_is_found(archive):
    objects = archive
    last = max((s for s in everything(objects) if names.parse(s.key).number), key=lambda s: s.key)
    told = Seal.loads(objects.get(names.BUCKET, last.key, last.version_id))
    forged = replace(told, root="0" * 64).dumps()
    key = names.seal(told.n, canonical.sha256(forged))
    tampered = Tampered(objects)
    tampered.hidden.add((last.key, last.version_id))
    tampered.added.append(Stat(key, len(forged), "aaaa", clock.now()))
    tampered.changed[key, "aaaa"] = forged
    assert (key, "racine_fausse") in {(v["object"], v["verdict"]) for v in failures(tampered)}


def test_the_last_seal_gone_shows_by_what_was_sealed_after_it_and_by_what_is_kept_elsewhere(archive):
    objects = archive
    last = max((s for s in everything(objects) if names.parse(s.key).number), key=lambda s: s.key)
    tampered = Tampered(objects)
    tampered.hidden.add((last.key, last.version_id))
    assert {v["verdict"] for v in failures(tampered, known=())} == {"chaine_rompue"}
    assert (last.key, "absent") in {(v["object"], v["verdict"]) for v in failures(tampered)}


def test_real_acts_against_the_store_are_found(own_buckets):
    """A version on top and a delete marker, which no lock forbids; and bytes encrypted anew by one who
    has the document's key, the manifest made to agree, which only the manifest's name betrays."""
    store = own_buckets
    assert list(verify(store.objects)) == []
    for number in range(3):
        archived(store, bytes([number]))
    seal_pending(store)
    objects = store.objects
    first, second = [s for s in everything(objects) if kind_of(s) == "pdfa"][:2]
    stat = [s for s in everything(objects) if kind_of(s) == "manifest"][2]
    objects.put(names.BUCKET, first.key, b"faux")
    objects.delete(names.BUCKET, second.key)
    told = Manifest.loads(objects.get(names.BUCKET, stat.key, stat.version_id))
    part = next(each for each in told.parts if each.name == "original")
    forged = crypt.encrypt(b"faux", store.vault.key(told.document))
    tampered = Tampered(objects)
    tampered.changed[part.key, part.version] = forged
    tampered.changed[stat.key, stat.version_id] = objects.get(names.BUCKET, stat.key).replace(
        part.sha256_cipher.encode(), canonical.sha256(forged).encode()
    )
    found = {(v["object"], v["verdict"]) for v in failures(tampered)}
    assert found == {(first.key, "en_trop"), (second.key, "masque"), (stat.key, "altere")}
