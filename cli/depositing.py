"""`liasse ingest` and `liasse status`, through the public interface of a running or passing service."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from cli.client import Client
from cli.service import Service, url_of
from cli.usage import why
from domain.errors import CATALOGUE
from domain.flow import OF_A_PERSON
from store.settings import load_settings

PAUSE_SECONDS = 0.2


@contextlib.contextmanager
def a_client() -> Iterator[Client]:
    """A client of the running service of this home; one is started for the while where none runs."""
    settings = load_settings()
    url = url_of(settings.home)
    with contextlib.ExitStack() as stack:
        if url is None:
            os.environ["LIASSE_HOME"] = str(settings.home)
            url = stack.enter_context(Service(settings.home, port=0)).url
        client = Client(url, settings.token)
        stack.callback(client.close)
        yield client


def deposit_paths(paths: Iterable[Path], wait: bool) -> Iterator[dict[str, Any]]:
    """One line a file: its document as last seen, or the error; `wait` until a person or nobody is next."""
    with a_client() as client:
        sent = [(file, _deposit(client, file)) for file in _files(paths)]
        for file, line in sent:
            if "error" not in line:
                line = _settled(client, line["id"]) if wait else line
            yield {"file": str(file), **line}


def status_of(document: str) -> dict[str, Any] | None:
    """All that is told of a document, or None where there is none, or none for this sender."""
    try:
        document = str(UUID(document))
    except ValueError:
        return None
    with a_client() as client:
        try:
            return client.document(document)
        except httpx.HTTPStatusError as refusal:
            if refusal.response.status_code == 404:
                return None
            raise


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")
            )
        else:
            yield path


def _deposit(client: Client, file: Path) -> dict[str, Any]:
    try:
        return client.post_document(file)
    except httpx.HTTPStatusError as refusal:
        try:
            problem = refusal.response.json()
        except ValueError:
            problem = {}
        code = problem.get("code", "interne")
        return {"error": {"code": code, "message": problem.get("title") or CATALOGUE["interne"].sentence}}
    except OSError as error:
        message = f"Le fichier ne s'ouvre pas : {why(error)}."
        return {"error": {"code": "fichier_illisible", "message": message}}


def _settled(client: Client, document_id: str) -> dict[str, Any]:
    while True:
        found = client.document(document_id)
        if found["terminal"] or found["status"] in OF_A_PERSON:
            return found
        time.sleep(PAUSE_SECONDS)
