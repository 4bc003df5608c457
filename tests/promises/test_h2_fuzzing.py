"""H2: spoilt files through the cage, spoilt bytes through our own parsers: no crash of a parent, nothing
that hangs, no success with nothing read. Short: 200 and 4,000; long: 5,000 and 100,000."""

import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from archive import canonical, names
from archive.journal_seal import Seal
from archive.manifest import Manifest
from cage import Pool
from domain.errors import CATALOGUE, LiasseError, Refused
from domain.reading import Reading
from ingest import gate, receipts, split_plan
from store import sidecars
from store.crypt import Tampered, decrypt, encrypt
from store.settings import Settings
from tests.promises.conftest import Form
from tests.promises.mutants import mutants

SECONDS_A_FILE = 20.0


@pytest.mark.timeout(7200)
def test_h2_a_spoilt_file_is_read_or_refused_by_name(cage_pool: Pool, form: Form) -> None:
    wrong, seen, times = [], Counter[str](), [0.0]
    for name, data in mutants(form.count(200, 5000), seed=20261121):
        began = time.monotonic()
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            try:
                gate.sniff(data[: gate.HEAD_BYTES])
                found, _ = cage_pool.call("ocr.split", file.fileno())
            except LiasseError as error:
                seen[error.code] += 1
                if error.code not in CATALOGUE or error.code == "interne":
                    wrong.append((name, error.code))
            else:
                seen["lu"] += 1
                plan = split_plan.decide(found)
                if not found["pages"] or not (plan.parts or plan.kind == "ecarte"):
                    wrong.append((name, "a success with nothing read"))
        times.append(time.monotonic() - began)
        if times[-1] > SECONDS_A_FILE:
            wrong.append((name, f"{times[-1]:.0f} s"))
    assert wrong == []
    assert seen["lu"] > 10, "no mutant is read: nothing is tried beyond the gate"
    assert seen["fichier_illisible"] > 10
    slowest = max(times)
    form.tell("H2", f"{seen.total()} spoilt files through the cage: {seen['lu']} read, the others refused by "
              f"name; the slowest {slowest:.1f} s")  # fmt: skip


def spoilt(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        way = chance.randrange(5)
        if way == 0:
            del data[at:]
        elif way == 1 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif way == 2:
            data[at:at] = chance.randbytes(chance.randint(1, 9))
        elif way == 3:
            data[at:at] = chance.choice(
                (b"null", b"[]", b"{}", b'"x"', b"-1", b"1e999", b"NaN", b"\xff", b"[" * 40)
            )
        else:
            data[at : at + chance.randint(1, 30)] = b""
        if not data:
            break
    return bytes(data)


def sealed_things(
    settings: Settings,
) -> dict[str, tuple[bytes, Callable[[bytes], Any], tuple[type[Exception], ...]]]:
    """What is read back from the store, from senders and from the cage: (good, its reader, its refusals)."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    head = {"n": 1, "hash": "0" * 64}
    id, sha = "00000000-0000-4000-8000-000000000001", "a" * 64
    part = {"name": "original", "media_type": "image/png", "key": f"documents/{id}/original-{'b' * 32}",
            "version": "v", "size": 3, "sha256": sha, "sha256_cipher": sha}  # fmt: skip
    manifest = canonical.dumps(
        {"kind": "manifest", "format": canonical.FORMAT, "document": id, "type": "facture", "form": None,
         "deposit": id, "parent": None, "received_at": canonical.instant(now), "received_on": "2026-11-20",
         "sealed_at": canonical.instant(now), "lock_until": canonical.instant(now), "journal": head,
         "after_seal": head, "software": "x", "law": "x", "parts": [part], "leftovers": [], "previous": None}
    )  # fmt: skip
    seal = Seal(
        1, "0" * 64, canonical.instant(now), canonical.instant(now), sha, ({"kind": "journal"},), {}
    ).dumps()
    secret = os.urandom(32)
    key = names.manifest(id, sha)
    reading = json.dumps(Reading((), ()).to_json()).encode()
    split = {"media_type": "image/png", "pages": [{"page": 0}], "separators": [], "blanks": [],
             "documents": [{"type": "facture", "form": None, "pages": [0]}]}  # fmt: skip
    receipt = receipts.sign(settings, id, sha, now).encode()
    sidecar = sidecars.Sidecar(
        id, id, "station", sha, 3, "image/png", "lot", (id, 1, "r"), now, now.date(), f"{sha}/{id}", id, sha,
        declared=(2, True), rejected=None,
    ).dumps()  # fmt: skip
    shape = (ValueError, KeyError, TypeError, AttributeError)
    Manifest.loads(manifest)  # they are good ones
    return {
        "manifest": (manifest, Manifest.loads, (ValueError,)),
        "seal": (seal, Seal.loads, (ValueError,)),
        "sidecar": (sidecar, sidecars.loads, (ValueError, KeyError, TypeError)),
        "canonical": (manifest, canonical.loads, (ValueError,)),
        "name": (key.encode(), lambda d: names.parse(d.decode("latin-1")), ()),
        "receipt": (receipt, lambda d: receipts.recognise(settings, d.decode("latin-1")), ()),
        "gate": (b"%PDF-1.7\n", gate.sniff, (Refused,)),
        "cipher": (encrypt(b"x" * 99, secret), lambda d: decrypt(d, secret), (Tampered,)),
        "reading": (reading, lambda d: Reading.from_json(json.loads(d)), shape),
        "plan": (json.dumps(split).encode(), lambda d: split_plan.decide(json.loads(d)), (*shape, LiasseError)),
    }  # fmt: skip


def test_h2_our_own_parsers_refuse_what_is_spoilt(settings: Settings, form: Form) -> None:
    chance = random.Random(20261122)
    things = sealed_things(settings)
    wrong, refused, began = [], Counter[str](), time.monotonic()
    for n in range(form.count(4_000, 100_000)):
        name = list(things)[n % len(things)]
        good, read, refusals = things[name]
        data = spoilt(good, chance)
        try:
            told = read(data)
        except refusals:
            refused[name] += 1
        except Exception as error:  # what is looked for
            wrong.append((name, type(error).__name__, data[:200]))
        else:
            if name in ("cipher", "receipt") and data != good and told is not None:
                wrong.append((name, "forged", data[:200]))
    assert wrong == [], wrong[:5]
    assert time.monotonic() - began < 600
    assert all(refused[name] for name in ("manifest", "seal", "gate", "cipher", "reading", "plan"))
    form.tell("H2", f"{n + 1} spoilt records through {len(things)} parsers: {refused.total()} refused, "
              "none taken for another's")  # fmt: skip
