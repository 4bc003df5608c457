"""A sealed package: encrypted, locked, told by its manifest, the same however often it is done."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive import canonical, names
from archive.manifest import Manifest, Part
from archive.package import key_owner, seal_document
from archive.payment import extend_at_payment
from domain.flow import State
from store import clock, crypt, documents
from store.objects import Locked
from store.retention import document_lock
from tests.archive.making import (
    AMOUNT,
    NAME,
    NIR,
    READING,
    Faulty,
    Killed,
    archived,
    facts_of,
    parts_of,
    seal,
    valid,
)


def listed(store, id):
    return list(store.objects.list(names.BUCKET, names.folder(id), versions=True))


def manifests(store, id):
    return [stat for stat in listed(store, id) if names.parse(stat.key).kind == "manifest"]


def row_of(store, id):
    with store.begin() as conn:
        return documents.load(conn, id)


def opened(store, id, part):
    raw = store.objects.get(names.BUCKET, part["key"], part["version"])
    assert canonical.sha256(raw) == part["sha256_cipher"]
    plain = crypt.decrypt(raw, store.vault.key(key_owner(id, part["name"])))
    assert canonical.sha256(plain) == part["sha256"]
    assert len(plain) == part["size"]
    return plain


def test_every_part_is_there_encrypted_and_opens_again(store):
    id = valid(store)
    result = seal(store, id)
    parts = {part["name"]: part for part in result.objects}
    assert sorted(parts) == ["facts", "journal", "original", "pdfa", "reading"]
    assert opened(store, id, parts["original"]) == b"octets"
    reading = json.loads(opened(store, id, parts["reading"]))
    assert reading["documents"][0]["fields"]["montant_total"]["value"] == AMOUNT
    assert "cells" not in json.dumps(reading)
    assert "cells" in json.dumps(READING)
    told = json.loads(opened(store, id, parts["journal"]))["lines"]
    assert [line["to"] for line in told] == ["recu", "en_lecture", "valide"]
    assert told[2]["opened"] == {"nom": NAME, "nir": NIR}
    assert json.loads(opened(store, id, parts["facts"]))["facts"]["data"]["values"]["montant_total"] == AMOUNT


def test_every_object_is_locked_until_the_day_said(store):
    id = archived(store)
    (manifest,) = manifests(store, id)
    until = canonical.moment(Manifest.loads(store.objects.get(names.BUCKET, manifest.key)).lock_until)
    assert until > clock.now()
    for stat in listed(store, id):
        assert store.objects.retention(names.BUCKET, stat.key, stat.version_id) >= until
        with pytest.raises(Locked):
            store.objects.delete(names.BUCKET, stat.key, stat.version_id)


def test_what_is_read_without_a_key_tells_nothing_personal(store):
    id = archived(store)
    for stat in listed(store, id):
        seen = stat.key.encode() + store.objects.get(names.BUCKET, stat.key)
        for secret in (NIR, NAME, AMOUNT, "octets"):
            assert secret.encode() not in seen
    (manifest,) = manifests(store, id)
    told = json.loads(store.objects.get(names.BUCKET, manifest.key))
    assert set(told) == {
        "kind", "format", "document", "type", "form", "deposit", "parent", "received_at", "received_on",
        "sealed_at", "lock_until", "journal", "after_seal", "software", "law", "parts", "leftovers",
        "previous",
    }  # fmt: skip


def test_the_hashes_in_clear_do_not_betray_values_that_one_may_guess(store):
    first, second = valid(store, b"a"), valid(store, b"b")
    one = {part["name"]: part for part in seal(store, first, b"a").objects}
    other = {part["name"]: part for part in seal(store, second, b"b").objects}
    assert one["reading"]["size"] == other["reading"]["size"]
    assert one["reading"]["sha256"] != other["reading"]["sha256"]


def test_done_again_it_is_the_same_package(store):
    id = valid(store)
    first = seal(store, id)
    assert seal(store, id) == first
    assert len(listed(store, id)) == len(first.objects) + 1


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_each_border_it_ends_as_one_package(store, after):
    """Every window before and after each write to the store, until none fires."""
    at = 1
    while True:
        id = valid(store, f"{at}".encode())
        faulty = Faulty(store.objects, at, after)
        try:
            seal(replace(store, objects=faulty), id)
        except Killed:
            pass
        else:
            break
        result = seal(store, id)
        assert len(manifests(store, id)) == 1
        assert len(listed(store, id)) == len(result.objects) + 1
        for part in result.objects:
            opened(store, id, part)
        at += 1
    assert at == 7  # five parts and a manifest


def test_what_changed_meanwhile_replaces_the_package_and_names_what_it_leaves(store):
    id = valid(store)
    first = seal(store, id)
    with store.begin() as conn:
        for start, to in ((State.VALIDE, State.QUARANTAINE), (State.QUARANTAINE, State.VALIDE)):
            documents.advance(conn, id, start, to, actor="personne")
    second = seal(store, id)
    assert second.manifest_sha256 != first.manifest_sha256
    manifest = Manifest.loads(store.objects.get(names.BUCKET, second.manifest_key))
    assert manifest.previous == first.manifest_key
    accounted = {part.key for part in manifest.parts} | {left.key for left in manifest.leftovers}
    accounted |= {second.manifest_key, first.manifest_key}
    assert {stat.key for stat in listed(store, id)} == accounted
    assert seal(store, id) == second


def test_a_medical_part_has_a_key_of_its_own(store):
    id = valid(store)
    parts = {**parts_of(), "medical_original": Part({"motif": "asthénie"})}
    result = seal_document(store, facts_of(store, id), parts)
    (medical,) = [part for part in result.objects if part["name"] == "medical_original"]
    raw = store.objects.get(names.BUCKET, medical["key"])
    with pytest.raises(crypt.Tampered):
        crypt.decrypt(raw, store.vault.key(id))
    assert "asthénie" in opened(store, id, medical).decode()


def test_a_stream_is_sealed_without_being_held(store):
    id = valid(store)
    big = b"0123456789abcdef" * 2**20  # 16 MiB
    parts = {"original": Part(io.BytesIO(big), "application/pdf")}
    result = seal_document(store, facts_of(store, id), parts)
    (original,) = [part for part in result.objects if part["name"] == "original"]
    assert original["size"] == len(big)
    assert canonical.sha256(big) == original["sha256"]


def test_payment_locks_for_longer_and_never_for_less(store):
    id = archived(store)
    before = [store.objects.retention(names.BUCKET, s.key, s.version_id) for s in listed(store, id)]
    longer = replace(store, settings=store.settings.model_copy(update={"retention_minutes": 10}))
    until = extend_at_payment(longer, row_of(store, id), clock.now())
    assert until > max(before) + timedelta(minutes=5)
    for stat in listed(store, id):
        assert store.objects.retention(names.BUCKET, stat.key, stat.version_id) == until
    extend_at_payment(store, row_of(store, id), clock.now())
    for stat in listed(store, id):
        assert store.objects.retention(names.BUCKET, stat.key, stat.version_id) == until


def test_what_is_locked_for_long_enough_is_not_asked_for_again(store):
    house = replace(store, settings=store.settings.model_copy(update={"retention_minutes": None}))
    id = archived(store)
    row = replace(row_of(store, id), retain_until=document_lock(house.settings, clock.now(), clock.now()))
    assert extend_at_payment(replace(house, objects=None), row, clock.now()) is None


@pytest.mark.parametrize("month", range(1, 13))
def test_a_document_is_never_locked_for_less_than_the_months_asked(store, month):
    settings = store.settings.model_copy(update={"retention_minutes": None})
    received = datetime(2026, month, 28, 12, tzinfo=UTC)
    until = document_lock(settings, received, received)
    assert (until.year - received.year) * 12 + until.month - received.month == 34
    assert (until.day, until.hour, until.minute) == (1, 0, 0)


def test_a_child_that_is_paid_keeps_its_file_and_its_receipt_locked_too(store):
    parent, child = archived(store), archived(store, b"page")
    row = replace(row_of(store, child), parent_id=parent)
    receipt = f"receipts/{row.deposit_id}-{'0' * 64}.json"
    store.objects.put(names.BUCKET, receipt, b"{}", retain_until=clock.now() + timedelta(minutes=1))
    longer = replace(store, settings=store.settings.model_copy(update={"retention_minutes": 10}))
    until = extend_at_payment(longer, row, clock.now())
    for stat in listed(store, parent):
        assert store.objects.retention(names.BUCKET, stat.key, stat.version_id) == until
    assert store.objects.retention(names.BUCKET, receipt) == until


def test_a_manifest_is_read_only_in_its_own_form(store):
    id = archived(store)
    (stat,) = manifests(store, id)
    data = store.objects.get(names.BUCKET, stat.key)
    assert Manifest.loads(data).dumps() == data
    for wrong in (b"", b"{}", data + b" ", data.replace(b'"type"', b'"tipe"'), b"[" + data + b"]"):
        with pytest.raises(ValueError):
            Manifest.loads(wrong)
