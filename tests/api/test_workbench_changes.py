"""At the workbench, in a real browser: what a justificatif changes is told while it is typed."""

from store import documents
from store.house import Store
from tests.pages.browser import Tab, address, chromium, morning, tab
from tests.pages.scene import CLAIRE, Scene
from tests.workers.keyed import IBAN

__all__ = ["address", "chromium", "morning", "tab"]


def test_what_a_rib_changes_is_told_while_it_is_typed(tab: Tab, store: Store, morning: Scene) -> None:
    id = morning.ids["unread"]
    with store.begin() as conn:
        documents.set_insured(conn, id, CLAIRE.id)
        ranked = [{"insured_id": CLAIRE.id, "probability": 0.99, "reasons": []}]
        documents.save(conn, id, "identification", {"absent": 0.0, "ranked": ranked})
    page = tab.open(f"/valider?document={id}")
    page.select_option("#type", "rib")
    block = page.locator(".changes")
    block.get_by_text("La rubrique « IBAN » manque").wait_for()
    page.get_by_label("Titulaire").fill("Claire MARTIN")
    page.get_by_label("IBAN", exact=True).fill("FR76 3000 6000 0112 3456 7890 189")
    block.get_by_text("FR76 •••• 0189").wait_for()
    for words in ("Compte bancaire", "rien", "CSS R362-1", "ordres qui attendent"):
        assert words in block.inner_text(), words
    assert IBAN not in block.inner_text()
    page.get_by_label("Titulaire").fill("Jeanne DUPONT")
    block.get_by_text("Le titulaire du compte n'est pas l'assuré").wait_for()
    page.select_option("#type", "facture")
    block.wait_for(state="hidden")
    assert tab.troubles == []
