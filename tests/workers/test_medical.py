"""A paper with a diagnosis: all that shows it lies under a key of its own, and it is read all the same."""

import pytest

from api.content import original
from archive import names
from archive.package import key_owner
from archive.verify import verify
from domain.flow import State
from store import crypt, documents
from store.house import Store
from tests.promises import feuilles
from tests.workers.driving import drive
from tests.workers.test_twice import accept
from workers.house import House


@pytest.fixture
def sealed(store: Store) -> documents.DocumentRow:
    """An avis d'arrêt de travail, told so by an agent, sealed; it then waits for its attestation."""
    feuilles.load_people(store, 3)
    house = House(store, feuilles.Recorded())  # type: ignore[arg-type]
    id = feuilles.put(store, feuilles.sheet(1, 3, "31.00")).id
    assert drive(house, id) is State.A_VALIDER
    accept(house, id, type="avis_arret_travail", insured_id=feuilles.person(1).id)
    assert drive(house, id) is State.A_LIQUIDER
    with store.begin() as conn:
        return documents.load(conn, id)


def test_what_shows_it_opens_with_its_own_key_alone(store: Store, sealed: documents.DocumentRow) -> None:
    parts = {
        names.parse(stat.key).part: stat
        for stat in store.objects.list(names.BUCKET, names.folder(sealed.id), versions=True)
        if names.parse(stat.key).kind == "part"
    }
    assert set(parts) == {"medical_original", "medical_pdfa", "medical_reading", "facts", "journal"}
    for name, stat in parts.items():
        cipher = store.objects.get(names.BUCKET, stat.key, stat.version_id)
        assert crypt.decrypt(cipher, store.vault.key(key_owner(sealed.id, str(name))))
        if str(name).startswith("medical_"):
            with pytest.raises(crypt.Tampered):
                crypt.decrypt(cipher, store.vault.key(sealed.id))
    assert all(line["ok"] for line in verify(store.objects, sealed.id))


def test_its_original_is_given_byte_for_byte(store: Store, sealed: documents.DocumentRow) -> None:
    with original(store, feuilles.Recorded(), sealed) as plain:
        assert plain.read() == feuilles.sheet(1, 3, "31.00")


def test_what_was_drawn_before_is_hidden_too(store: Store, sealed: documents.DocumentRow) -> None:
    cipher = store.objects.get("work", f"{sealed.id}/0")
    with pytest.raises(crypt.Tampered):
        crypt.decrypt(cipher, store.vault.key(sealed.id))
    assert crypt.decrypt(cipher, store.vault.key(key_owner(sealed.id, "medical_image"))) == feuilles.BLANK
