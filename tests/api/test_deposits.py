"""POST /documents: what is taken, what is refused, and that a receipt is never given for nothing."""

import threading
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest

from store import deposits, turns
from store.house import Store
from store.objects import Objects
from store.vault import Vault
from tests.api.serving import caller, served, token

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def post(client: httpx.Client, data: bytes = PNG, key: str | None = None, **fields: str) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        "/api/v1/documents", files={"file": ("../nom hostile.exe", data)}, data=fields, headers=headers
    )


def raw(client: httpx.Client, body: bytes, boundary: str = "b") -> httpx.Response:
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return client.post("/api/v1/documents", content=body, headers=kind)


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


END = b"--b--\r\n"


def test_a_file_is_taken_and_a_receipt_given(here: httpx.Client, store: Store) -> None:
    answer = post(here)
    told = answer.json()
    assert answer.status_code == 201
    assert set(told) == {"id", "sha256", "status", "received_at", "receipt"}
    assert told["status"] == "recu"
    assert answer.headers["location"] == f"/api/v1/documents/{told['id']}"
    assert here.get(f"/api/v1/documents/{told['id']}/original").content == PNG


def test_the_same_bytes_of_the_same_sender_are_the_same_document(here: httpx.Client) -> None:
    first, again = post(here), post(here)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_same_bytes_of_another_sender_are_another_document(
    here: httpx.Client, service: str, store: Store
) -> None:
    with caller(service, token(store, "station")) as station:
        other = post(station)
        mine = post(here)
        assert other.status_code == mine.status_code == 201
        assert other.json()["id"] != mine.json()["id"]
        assert station.get(f"/api/v1/documents/{mine.json()['id']}").status_code == 404


def test_a_key_is_for_one_file(here: httpx.Client) -> None:
    first = post(here, key="k1")
    assert post(here, key="k1").json()["id"] == first.json()["id"]
    answer = post(here, PNG + b"x", key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "cle_reutilisee")


@pytest.mark.parametrize("before", [True, False])
def test_the_announced_type_may_stand_before_or_after_the_file(
    here: httpx.Client, store: Store, before: bool
) -> None:
    hint, file = part("type_hint", b"facture"), part("file", PNG, '; filename="x"')
    answer = raw(here, (hint + file if before else file + hint) + END)
    assert answer.status_code == 201
    with store.begin() as conn:
        assert deposits.load(conn, answer.json()["id"]).type_hint == "facture"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (END, 422, "requete_invalide"),
        (part("type_hint", b"x") + END, 422, "requete_invalide"),
        (part("file", PNG, '; filename="x"') * 2 + END, 422, "requete_invalide"),
        (part("autre", b"x") + part("file", PNG) + END, 422, "requete_invalide"),
        (part("type_hint", b"x" * 300) + part("file", PNG) + END, 422, "requete_invalide"),
        (part("type_hint", b"\xff") + part("file", PNG) + END, 422, "requete_invalide"),
        (b"n'importe quoi", 422, "requete_invalide"),
        (part("file", PNG), 400, "envoi_incomplet"),
        (part("file", b"") + END, 422, "fichier_vide"),
        (part("file", b"MZ\x90\x00 un programme") + END, 415, "type_inconnu"),
    ],
)
def test_what_is_no_such_form_is_refused(here: httpx.Client, body: bytes, status: int, code: str) -> None:
    answer = raw(here, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert here.get("/api/v1/documents").json()["documents"] == []


def test_another_kind_of_body_is_refused(here: httpx.Client) -> None:
    answer = here.post("/api/v1/documents", content=PNG, headers={"Content-Type": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (422, "requete_invalide")


def with_settings(store: Store, **changes: Any) -> Store:
    return replace(store, settings=store.settings.model_copy(update=changes))


def test_a_file_over_the_limit_is_refused_announced_or_not(store: Store) -> None:
    small = with_settings(store, max_file_bytes=1000)
    with served(small) as address, caller(address) as client:
        told = post(client, PNG + bytes(1000))
        assert (told.status_code, told.json()["code"]) == (413, "fichier_trop_gros")
        body = part("file", PNG + bytes(3_000_000)) + END

        def pieces() -> Any:  # no length is announced
            for at in range(0, len(body), 65536):
                yield body[at : at + 65536]

        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        streamed = client.post("/api/v1/documents", content=pieces(), headers=kind)
        assert (streamed.status_code, streamed.json()["code"]) == (413, "fichier_trop_gros")
        assert post(client, PNG).status_code == 201


def test_a_store_that_is_away_gives_503_and_no_receipt(store: Store) -> None:
    away = Objects("http://127.0.0.1:9", "x", "y")
    without = replace(
        store, objects=away, vault=Vault(away, store.settings.master_key, partial(turns.alone, store.engine))
    )
    with served(without) as address, caller(address) as client:
        answer = post(client)
        listed = client.get("/api/v1/documents").json()["documents"]
    assert (answer.status_code, answer.json()["code"]) == (503, "magasin_indisponible")
    assert int(answer.headers["retry-after"]) > 0
    assert listed == []


def test_a_hundred_at_once_are_one_document(here: httpx.Client, service: str) -> None:
    """The short form of R5 through the door: twenty threads, one id."""
    found, lock = [], threading.Lock()

    def send() -> None:
        with caller(service) as client:
            answer = post(client)
        with lock:
            found.append((answer.status_code, answer.json().get("id")))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id for _, id in found}) == 1
    assert sorted(status for status, _ in found) == [200] * 19 + [201]
