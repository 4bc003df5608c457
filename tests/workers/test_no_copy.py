"""A sheet whose PDF/A cannot be built is archived and paid all the same: the original is the record."""

from typing import Any

from archive import names
from domain.errors import Failed
from domain.flow import MAX_ATTEMPTS, State
from store import documents
from store.house import Store
from tests.promises import feuilles
from tests.workers.driving import drive
from workers.house import House


class NoBuilder(feuilles.Recorded):
    def call(self, name: str, source: Any, /, **arguments: Any) -> tuple[dict[str, Any], list[bytes]]:
        if name == "archive.pdfa.build":
            raise Failed("lecture_trop_lourde")
        return super().call(name, source, **arguments)


def test_it_is_sealed_without_a_copy_after_the_third_try(store: Store) -> None:
    feuilles.load_people(store, 3)
    house = House(store, NoBuilder())  # type: ignore[arg-type]
    id = feuilles.put(store, feuilles.sheet(1, 3, "30.00")).id
    for _ in range(MAX_ATTEMPTS - 1):
        assert drive(house, id) is State.VALIDE
    assert drive(house, id) is State.ORDONNANCE
    found = {names.parse(stat.key).part for stat in store.objects.list(names.BUCKET, names.folder(id))}
    assert found - {None} == {"original", "reading", "facts", "journal"}
    with store.begin() as conn:
        assert documents.load(conn, id).attempts == 0
