"""What left to be paid is what was ordered, file by file."""

import json
import shutil

import pytest

from archive import departed
from domain.flow import State
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House


@pytest.fixture
def house(own_buckets, tmp_path):
    """A home of its own, where two orders left."""
    secrets = tmp_path / "secrets"
    shutil.copytree(own_buckets.settings.secrets_dir, secrets)
    settings = own_buckets.settings.model_copy(update={"home": tmp_path, "today": keyed.TODAY})
    feuilles.load_people(own_buckets, 3)
    house = House(keyed.with_settings(own_buckets, settings), feuilles.Recorded())
    for who in (1, 2):
        assert drive(house, feuilles.put(house.store, feuilles.sheet(who, 20)).id) is State.ORDONNANCE
    assert delivery.deliver(house) == 2
    return house


CHANGES = {
    "id": "00000000-0000-4000-8000-0000000000ff", "decision_id": "00000000-0000-4000-8000-0000000000ff",
    "payee_kind": "praticien", "amount": "1900.00", "retained": "1.00", "shares": [],
}  # fmt: skip


def wrong(house):
    return [(verdict.object, verdict.verdict) for verdict in departed.compare(house.store)]


def test_a_file_changed_spoilt_or_slipped_in_is_named(house, subtests):
    assert wrong(house) == []
    first, second = sorted(departed.folder(house.store).glob("*.json"))
    whole = first.read_bytes()
    for name, value in CHANGES.items():
        with subtests.test(name):
            first.write_text(json.dumps(json.loads(whole) | {name: value}))
            assert wrong(house) == [(f"sortie/ordres/{first.name}", "altere")]
    first.write_bytes(whole[:-3])
    assert wrong(house) == [(f"sortie/ordres/{first.name}", "illisible")]
    first.write_bytes(whole)
    other = first.with_name("00000000-0000-4000-8000-0000000000ff.json")
    other.write_bytes(whole)
    assert wrong(house) == [(f"sortie/ordres/{other.name}", "en_trop")]
    other.unlink()
    second.unlink()  # the next system took it
    assert wrong(house) == []
