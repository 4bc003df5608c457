"""U1: one document validated by keyboard alone; axe finds nothing on any page; zoom of 200 %."""

from typing import Any

import pytest

from store import access, documents, money
from store.house import Store
from tests.pages.browser import Tab, address, axe_source, chromium, morning, tab
from tests.pages.scene import CLAIRE, CLAIRE_NIR, VALUES, Scene

__all__ = ["address", "chromium", "morning", "tab"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.dataset.action || ''"))


def test_a_doubtful_sheet_is_accepted_without_a_mouse(tab: Tab, store: Store, morning: Scene) -> None:
    page = tab.open(f"/valider?document={morning.ids['doubtful']}")
    page.wait_for_selector(".field.doubtful")
    assert focused(page) == "person"
    page.keyboard.press("Enter")  # Claire, as proposed
    assert focused(page) == "beneficiaire_nom_prenom"
    page.keyboard.press("Enter")
    assert focused(page) == "beneficiaire_nir"
    page.keyboard.press("Alt+2")  # another reading
    assert page.input_value("#f-beneficiaire_nir") == "2 85 01 75 116 007"
    page.keyboard.press("Alt+1")
    page.keyboard.press("Enter")
    assert focused(page) == "acte1_date"
    page.keyboard.type("4/11/26")
    page.keyboard.press("Enter")
    assert focused(page) == "acte1_honoraires"
    page.keyboard.press("Control+Enter")  # two fields were not looked at: nothing is sent
    assert focused(page) == "acte1_honoraires"
    page.keyboard.press("Enter")
    assert focused(page) == "signature_assure"
    page.keyboard.press("Enter")
    assert focused(page) == "accept"
    with page.expect_response(lambda answer: answer.url.endswith("/decision")) as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok
    page.wait_for_selector("#done:not([hidden])")
    with store.begin() as conn:
        row = documents.load(conn, morning.ids["doubtful"])
        values = documents.data(conn, row.id, "values")
        assert row.status == "valide"
        assert row.insured_id == CLAIRE.id
        assert values["acte1_date"]["value"] == "2026-11-04"
        assert values["beneficiaire_nir"]["value"] == CLAIRE_NIR
        assert values["montant_total"]["value"] == VALUES["montant_total"]
        assert all(value["probability"] == 1 for value in values.values())
        assert money.claim(conn, row.id) is not None
        assert len(access.of_target(conn, row.id)) == 1
    assert tab.troubles == []


def test_the_workbench_says_how_many_wait_and_a_document_leads_to_it(tab: Tab, morning: Scene) -> None:
    page = tab.open(f"/documents/{morning.ids['doubtful']}")
    page.click("text=Valider ce document")
    page.wait_for_selector(".field.doubtful")
    page.wait_for_function("/^[1-9][0-9]* en attente$/.test(document.getElementById('waiting').textContent)")
    assert morning.ids["doubtful"][:8] in page.inner_text(".panel-head")
    assert tab.troubles == []


def test_refusing_asks_for_a_reason_in_place(tab: Tab, store: Store, morning: Scene) -> None:
    page = tab.open(f"/valider?document={morning.ids['doubtful']}")
    page.wait_for_selector(".field.doubtful")
    page.keyboard.press("Alt+R")
    page.wait_for_selector(".ask")
    page.keyboard.press("Control+Enter")  # without a reason nothing is sent
    assert "Un motif est nécessaire" in page.inner_text(".ask")
    page.keyboard.press("Escape")
    assert page.query_selector(".ask") is None
    page.keyboard.press("Alt+R")
    page.keyboard.press("1")
    assert "n'est pas signée" in page.input_value("#reason")
    with page.expect_response(lambda answer: answer.url.endswith("/decision")) as sent:
        page.keyboard.press("Enter")
    assert sent.value.ok
    with store.begin() as conn:
        decided = documents.data(conn, morning.ids["doubtful"], "decision")
        assert documents.load(conn, morning.ids["doubtful"]).status == "valide"
    assert decided["action"] == "refuse"
    assert "R161-43" in decided["reason"]


def test_a_sheet_that_could_not_be_read_is_keyed_whole(tab: Tab, store: Store, morning: Scene) -> None:
    page = tab.open(f"/valider?document={morning.ids['unread']}")
    page.wait_for_selector("#type")
    page.keyboard.type("Feuille")
    page.wait_for_selector("#f-montant_total")
    page.keyboard.press("Enter")
    forms = page.evaluate("JSON.parse(document.getElementById('bench').dataset.forms)")
    for name in [each["name"] for each in forms["feuille_soins_medecin"]]:
        assert focused(page) == name
        value = VALUES.get(name)
        if value is True:
            page.keyboard.press("Space")
        elif value and page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            page.keyboard.type(value.replace("\n", " "))
        elif value:
            page.keyboard.type(value[8:] + value[5:7] + value[:4] if value[4:5] == "-" else value)
        page.keyboard.press(
            "Shift+Enter" if page.evaluate("document.activeElement.tagName") == "TEXTAREA" else "Enter"
        )
    page.keyboard.press("F4")  # the search starts from what was keyed
    page.wait_for_selector("#people .stack button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".candidate input:checked")
    with page.expect_response(lambda answer: answer.url.endswith("/decision")) as sent:
        page.keyboard.press("Control+Enter")
    assert sent.value.ok, sent.value.text()
    with store.begin() as conn:
        values = documents.data(conn, morning.ids["unread"], "values")
        row = documents.load(conn, morning.ids["unread"])
    assert (row.status, row.type, row.insured_id) == ("valide", "feuille_soins_medecin", CLAIRE.id)
    assert values["beneficiaire_nir"]["value"] == CLAIRE_NIR
    assert values["acte1_date"]["value"] == VALUES["acte1_date"]
    assert tab.troubles == []


@pytest.fixture
def paths(morning: Scene) -> dict[str, str]:
    return {
        "board": "/",
        "document": f"/documents/{morning.ids['paid']}",
        "doubtful document": f"/documents/{morning.ids['doubtful']}",
        "workbench": f"/valider?document={morning.ids['doubtful']}",
        "keyed whole": f"/valider?document={morning.ids['unread']}",
        "lot": f"/lots/{morning.lot}",
        "quarantine": "/quarantaine",
        "people": "/dossiers",
        "dossier": f"/dossiers/{CLAIRE.id}",
        "errors": "/errors",
        "missing": "/documents/00000000-0000-4000-8000-000000000000",
    }


def test_axe_finds_nothing_on_any_page(tab: Tab, paths: dict[str, str]) -> None:
    axe = axe_source()
    found = []
    for name, path in paths.items():
        page = tab.open(path)
        page.wait_for_load_state("networkidle") if name == "missing" else page.wait_for_timeout(700)
        page.evaluate(axe)
        result = page.evaluate("rules => axe.run(document, rules)", RULES)
        found += [
            f"{name}: {each['id']}: {node['target']} {node['failureSummary']}"
            for each in result["violations"]
            for node in each["nodes"]
        ]
    assert found == [], "\n".join(found)


def test_every_page_reflows_at_200_percent(chromium: Any, address: str, paths: dict[str, str]) -> None:
    """1280 px at 200 % leave 640: nothing to scroll sideways but tables in their own frame."""
    context = chromium.new_context(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page = context.new_page()
    wide = {}
    for name, path in paths.items():
        page.goto(address + path)
        page.wait_for_timeout(500)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 640:
            wide[name] = width
    context.close()
    assert wide == {}
