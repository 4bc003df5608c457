"""Which sidecar counts, of several for one place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from archive.receipts import choose, lacking
from archive.restore import Sealed
from store.sidecars import Sidecar, loads
from tests.archive.making import Tampered
from tests.promises.test_r8_rebuild import received

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def sidecar(id, minutes=0, lot=None, sha="a"):
    return Sidecar(
        f"00000000-0000-4000-8000-00000000000{id}", "s", "station", sha * 64, 1, "image/png", "http", lot,
        AT + timedelta(minutes=minutes), date(2026, 11, 20), f"{sha}/k{id}", f"k{id}", "c",
    )  # fmt: skip


def known(*told, **events):
    found = Sealed()
    for each, hashes in told:
        line = {"n": 1, "to": "recu", "event": events.get("event", "etat"), "hashes": hashes}
        found.lines[each.deposit].append(line)
    return found


def ids(found):
    return sorted(each[-1] for each in found)


def test_the_last_written_counts_where_no_seal_knows_any():
    found = choose([sidecar(1, 2), sidecar(2, 1)], known(), {})
    assert (ids(found.kept), ids(found.aside), found.erased) == (["1"], ["2"], set())


def test_what_a_seal_knows_counts():
    old = sidecar(1)
    found = choose([old, sidecar(2, 5)], known((old, "{}")), {})
    assert (ids(found.kept), ids(found.aside)) == (["1"], ["2"])


def test_what_was_erased_stands_in_nobodys_way():
    old = sidecar(1)
    found = choose([old, sidecar(2, 5)], known((old, "{}"), event="effacement"), {})
    assert (ids(found.kept), ids(found.erased), found.aside) == (["1", "2"], ["1"], [])


def test_an_image_set_aside_leaves_its_place_to_the_other_though_it_came_later():
    place = ("00000000-0000-4000-8000-0000000000ff", 1, "r")
    true, out = sidecar(1, 0, place), sidecar(2, 5, place, "b")
    seals = known((true, "{}"), (out, '{"code":"image_differente"}'))
    alone = sidecar(3, 9, None, "b")
    found = choose([true, out, alone], seals, {})
    assert ids(found.kept) == ["1", "2", "3"]
    assert ids(found.loose) == ids(found.erased) == ["2"]  # the same bytes came alone too
    assert found.in_lot(true.deposit)
    assert not found.in_lot(out.deposit)


def test_a_sidecar_reads_as_it_was_written():
    for each in (
        sidecar(1),
        replace(sidecar(1, lot=("l", 2, "v")), declared=(4, True), rejected="type_inconnu"),
    ):
        assert loads(each.dumps()) == each


def test_a_deposit_whose_receipt_is_gone_is_named(own_buckets):
    made = [received(own_buckets, number) for number in range(3)]
    assert list(lacking(own_buckets)) == []
    objects = Tampered(own_buckets.objects)
    for stat in own_buckets.objects.list("archive", f"receipts/{made[1]}"):
        objects.hidden |= {(stat.key, stat.version_id), (stat.key, None)}
    found = [(each.object, each.verdict) for each in lacking(replace(own_buckets, objects=objects))]
    assert found == [(f"receipts/{made[1]}-", "absent")]
