"""At the workbench, in a real browser: a leave is keyed from a paper of which nothing was read."""

from decimal import Decimal
from typing import Any

from domain.flow import State
from domain.reading import DocumentReading, PageReading, Reading
from store import documents, payments
from store.house import Store
from tests.api.serving import served
from tests.pages.browser import Tab, chromium
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers.house import House

__all__ = ["chromium"]


class Unknown(feuilles.Recorded):
    """No form is recognised, no field is read."""

    def call(self, name: str, source: Any, /, **arguments: Any) -> tuple[dict[str, Any], list[bytes]]:
        told, images = super().call(name, source, **arguments)
        if name == "ocr.read":
            page = PageReading(0, 858, 1192, 102.0)
            told |= Reading((page,), (DocumentReading("inconnu", None, (0,), {}),)).to_json()
        return told, images


def test_a_leave_for_a_child_s_death_is_keyed_at_the_screen(chromium: Any, store: Store) -> None:
    """Eight days at 6 000 / 91,25 x 79 % = 51,95: 415,60, less 25,77 and 2,08."""
    house = keyed.a_house(store)
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"affilie_depuis": "01/01/2020"}))
    house = House(house.store, Unknown())
    id = feuilles.put(store, feuilles.sheet(1, 5, "31.00")).id
    assert drive(house, id) is State.A_VALIDER
    with store.begin() as conn:
        documents.set_insured(conn, id, feuilles.person(1).id)
        ranked = [{"insured_id": feuilles.person(1).id, "probability": 0.99, "reasons": []}]
        documents.save(conn, id, "identification", {"absent": 0.0, "ranked": ranked})
    with served(store, house.cage) as address:
        tab = Tab(chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR"), address)
        page = tab.open(f"/valider?document={id}")
        page.wait_for_selector("#type")
        page.select_option("#type", keyed.AVIS)
        page.get_by_label("Congé de deuil d'un enfant").wait_for()
        for label, typed in (
            ("Du", "01/09/2026"),
            ("Au (inclus)", "08/09/2026"),
            ("Date du décès de l'enfant", "30/08/2026"),
            ("Date de naissance de l'enfant", "12/05/2015"),
        ):
            page.get_by_label(label, exact=True).fill(typed)
        page.get_by_label("Congé de deuil d'un enfant").check()  # one press of the mouse
        with page.expect_response(lambda answer: answer.url.endswith("/decision")) as sent:
            page.keyboard.press("Control+Enter")
            page.keyboard.press("Control+Enter")
        assert sent.value.ok
        tab.context.close()
    assert drive(house, id) is State.ORDONNANCE
    with store.begin() as conn:
        (order,) = payments.of_document(conn, id)
    assert order.amount == Decimal("387.75")
