"""H3: hostile text, as a sheet may carry it, is shown as text: 0 executions in a real browser.

Script in each of the ways a page might run it, formulas, marks that turn the direction of writing, and
text that would break out of an attribute. It stands in every field, finding, reason and name.
"""

import json
from typing import Any

from domain.flow import State
from store import documents, people
from store.house import Store
from tests.pages.browser import Tab, address, chromium, morning, tab
from tests.pages.scene import CLAIRE, DOUBTS, Scene

__all__ = ["address", "chromium", "morning", "tab"]
MARK = "globalThis.__run = (globalThis.__run || 0) + 1"
HOSTILE = (
    f"<script>{MARK}</script>",
    f"<img src=x onerror='{MARK}'>",
    f'"><svg onload="{MARK}">',
    f"'-{MARK}-'",
    f"javascript:{MARK}",
    f"<iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    f"</textarea><script>{MARK}</script>",
    f"{{{{ {MARK} }}}} ${{{MARK}}} {{% print(1) %}}",
    '=HYPERLINK("http://x";"cliquez")',
    "MARTIN \u202eERIALC\u202c \u2066x\u2069 \u200f",
    "\u0000\ufeff\u2028fin",
)
TEXT_FIELDS = (
    "beneficiaire_nom_prenom",
    "assure_nom_prenom",
    "assure_adresse",
    "medecin_tampon",
    "envoye_par_medecin",
)


def plant(store: Store, id: str, text: str) -> None:
    """The text in everything that a page shows of this document."""
    safe = text.replace("\u0000", "")  # the database itself refuses that one
    with store.begin() as conn:
        reading = documents.data(conn, id, "reading")
        for name in TEXT_FIELDS:
            reading["documents"][0]["fields"].setdefault(
                name, dict(next(iter(reading["documents"][0]["fields"].values())))
            )
            reading["documents"][0]["fields"][name] |= {
                "value": safe, "status": "review", "alternatives": [{"value": safe + "2", "probability": 0.2}],
            }  # fmt: skip
        documents.save(conn, id, "reading", reading)
        finding = {"code": safe, "severity": "a_verifier", "message": safe, "article": safe}
        documents.save(
            conn, id, "findings", [finding | {"field": "beneficiaire_nom_prenom"}, finding | {"field": None}]
        )
        documents.save(
            conn,
            id,
            "identification",
            {"absent": 0.1, "ranked": [{"insured_id": CLAIRE.id, "probability": 0.9, "reasons": [safe]}]},
        )
        documents.save(
            conn, id, "decision", {"action": "refuse", "reason": safe, "by": safe, "at": "2026-11-20T00:00:00Z"}
        )
        documents.save(conn, id, "not_computed", [{"code": "x", "message": safe, "article": safe, "line": 1}])


def runs(page: Any) -> int:
    page.wait_for_timeout(150)
    return int(page.evaluate("globalThis.__run || 0"))


def test_nothing_read_on_paper_ever_runs(tab: Tab, store: Store, morning: Scene) -> None:
    executed, hidden = [], []
    for text in HOSTILE:
        for name in ("doubtful", "uncomputed", "paid"):
            plant(store, morning.ids[name], text)
        shown = text.replace("\u0000", "")
        page = tab.open(f"/documents/{morning.ids['doubtful']}")
        executed += [("document", text)] * runs(page)
        if shown.split("\n")[0].strip() not in page.inner_text("main"):
            hidden.append(("document", text))
        page = tab.open("/quarantaine")
        executed += [("quarantine", text)] * runs(page)
        page = tab.open(f"/valider?document={morning.ids['doubtful']}")
        page.wait_for_selector("#f-assure_adresse")
        executed += [("workbench", text)] * runs(page)
        page.keyboard.press("Alt+R")  # the findings become reasons to choose
        page.wait_for_selector(".ask")
        page.keyboard.press("1")
        executed += [("reason", text)] * runs(page)
        page.keyboard.press("Escape")
    assert executed == []
    assert hidden == []
    assert [
        each for each in tab.troubles if "Content Security" in each or "dialog" in each or "TrustedHTML" in each
    ] == []


def test_a_direction_mark_stays_in_its_own_cell(tab: Tab, store: Store, morning: Scene) -> None:
    plant(store, morning.ids["doubtful"], "A\u202eB")
    page = tab.open(f"/documents/{morning.ids['doubtful']}")
    loose = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => e.childElementCount === 0"
        " && e.textContent.includes('\\u202e') && !e.closest('bdi, input, textarea'))"
        ".map((e) => e.outerHTML)"
    )
    assert loose == []


def test_a_hostile_search_and_file_are_only_text(tab: Tab, store: Store, morning: Scene) -> None:
    import httpx

    sent = httpx.post(
        f"{tab.address}/api/v1/documents",
        files={"file": ('"><script>x</script>.pdf', b"%PDF-1.7 hostile")},
        data={"type_hint": HOSTILE[0][:60]},
    )
    assert sent.status_code == 201
    page = tab.open("/")
    page.wait_for_selector(f'tr[data-id="{sent.json()["id"]}"]')
    assert runs(page) == 0
    for text in HOSTILE[:4]:
        page = tab.open(
            "/documents?id=" + httpx.QueryParams({"id": text})["id"].replace("&", "%26").replace("#", "%23")
        )
        assert runs(page) == 0


def test_an_original_is_never_shown_as_a_page(tab: Tab, store: Store, morning: Scene) -> None:
    """A file that claims to be an image and holds markup is downloaded, not opened."""
    import httpx

    body = b"\x89PNG\r\n\x1a\n<html><script>" + MARK.encode() + b"</script></html>"
    sent = httpx.post(f"{tab.address}/api/v1/documents", files={"file": ("x", body)}).json()
    answer = httpx.get(f"{tab.address}/api/v1/documents/{sent['id']}/original")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/png"
    assert json.dumps(HOSTILE)
    with store.begin() as conn:
        assert people.insured(conn, CLAIRE.id).birth_name == "MARTIN"
        assert documents.load(conn, sent["id"]).status is State.RECU
    assert DOUBTS
