"""The page where a dossier is looked for, and what a refused field is called, in a real browser."""

from dataclasses import replace
from datetime import date
from typing import Any

from domain.nir import key_of
from store import people
from store.house import Store
from tests.pages.browser import Tab, address, chromium, morning, tab
from tests.pages.scene import CLAIRE, CLAIRE_NIR, PAUL, Scene

__all__ = ["address", "chromium", "morning", "tab"]
CHILD = replace(
    PAUL, id="00000000-7d1e-4f0a-9b1e-000000000003", nir=None, birth_name="MARTIN", first_names="Zoé",
    birth_date=date(2020, 6, 1), quality="30", assure_nir=CLAIRE_NIR,
)  # fmt: skip


def test_a_number_is_checked_and_its_own_person_comes_first(tab: Tab, store: Store, morning: Scene) -> None:
    with store.begin() as conn:
        people.load_insured(conn, [CHILD])
    page = tab.open("/dossiers")
    number = page.get_by_label("Numéro d'immatriculation")
    found = page.locator("#search .stack")
    wrong = f"{(int(key_of(CLAIRE_NIR)) + 1) % 97:02}"
    for typed, said in (("1 23 4", "4 sont écrits"), (CLAIRE_NIR + wrong, "La clé n'est pas celle")):
        number.fill(typed)
        page.keyboard.press("Enter")
        found.get_by_text(said).wait_for()
    number.fill(CLAIRE_NIR + key_of(CLAIRE_NIR))
    page.keyboard.press("Enter")
    found.locator("a").first.wait_for()
    assert [line.split("\n")[0] for line in found.locator("a").all_inner_texts()] == [
        "MARTIN Claire Anne",
        "MARTIN Zoé",
    ]
    assert "sans numéro" in found.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/dossiers/{CLAIRE.id}")
    assert tab.troubles == []


def test_a_field_that_is_refused_is_called_by_its_label(tab: Tab, morning: Scene) -> None:
    page = tab.open(f"/valider?document={morning.ids['unread']}")
    page.select_option("#type", "rattachement_enfant")
    mode = page.locator("#f-rattachement_mode")
    mode.fill("trois")
    page.keyboard.press("F4")
    page.locator("#people [name=nir]").fill(CLAIRE_NIR)
    page.keyboard.press("Enter")
    page.locator("#people .stack button").first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".candidate input:checked").wait_for()
    page.keyboard.press("Control+Enter")
    refused = page.locator(".field", has=mode).get_by_text("« Parents qui demandent")
    refused.wait_for()
    assert "rattachement_mode" not in page.inner_text("body")


def test_a_document_that_could_not_be_opened_is_asked_for_again(tab: Tab, morning: Scene) -> None:
    asked: list[str] = []

    def refused_once(route: Any) -> None:
        asked.append(route.request.post_data)
        full = {"title": "Vous tenez déjà deux tâches.", "status": 409, "code": "trop_de_taches"}
        if len(asked) == 1:
            return route.fulfill(status=409, json=full, content_type="application/problem+json")
        return route.continue_()

    tab.page.route("**/tasks/next", refused_once)
    page = tab.open(f"/valider?document={morning.ids['unread']}")
    page.wait_for_selector("#type")
    assert asked[0] == asked[1]  # and not the oldest of the queue
