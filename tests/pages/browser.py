"""A real browser, where there is one: Debian's chromium, or PLAYWRIGHT_CHROMIUM."""

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.api.serving import served
from tests.pages import scene

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser, or a skip that says what is missing."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = os.environ.get("PLAYWRIGHT_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no chromium: apt-get install chromium, or set PLAYWRIGHT_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Tab:
    """A page that remembers what went wrong in it: scripts' errors, refused resources, dialogs."""

    def __init__(self, context: Any, address: str) -> None:
        self.context, self.address, self.troubles = context, address, []
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("dialog", lambda dialog: (self.troubles.append("dialog"), dialog.dismiss()))

    def _console(self, message: Any) -> None:
        if (
            message.type == "error"
            and "status of 409" not in message.text
            and "status of 422" not in message.text
        ):
            self.troubles.append(message.text)

    def open(self, path: str) -> Any:
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def morning(store: Any) -> scene.Scene:
    return scene.build(store)


@pytest.fixture
def address(store: Any, morning: scene.Scene) -> Iterator[str]:
    with served(store) as found:
        yield found


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Tab]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    made = Tab(context, address)
    yield made
    context.close()


def axe_source() -> str:
    """The text of axe-core, as the package that carries it has it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()
