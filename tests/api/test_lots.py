"""Lots over HTTP: opened, filled in any order, closed only when whole."""

import re

import httpx
import pytest

from api import stuck
from store import tasks
from store.house import Store
from tests.api.serving import caller, token


def image(n: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes([n]) * 100


def opened(client: httpx.Client, images: int = 2, duplex: bool = False) -> str:
    answer = client.post("/api/v1/lots", json={"declared_images": images, "duplex": duplex})
    assert answer.status_code == 201
    return str(answer.json()["id"])


def put(client: httpx.Client, lot: str, n: int, data: bytes, side: str = "r") -> httpx.Response:
    return client.put(f"/api/v1/lots/{lot}/sheets/{n}", params={"side": side}, content=data)


def test_a_lot_from_opening_to_its_balance(here: httpx.Client) -> None:
    lot = opened(here)
    assert put(here, lot, 1, image(1)).status_code == 201
    incomplete = here.post(f"/api/v1/lots/{lot}/close")
    assert (incomplete.status_code, incomplete.json()["missing"]) == (409, [{"n": 2, "side": "r"}])
    assert incomplete.json()["code"] == "lot_incomplet"
    taken = put(here, lot, 2, image(2))
    assert set(taken.json()) == {"sha256", "receipt", "received_at"}
    closed = here.post(f"/api/v1/lots/{lot}/close")
    assert (closed.status_code, closed.json()["status"], len(closed.json()["documents"])) == (200, "clos", 2)
    assert here.get(f"/api/v1/lots/{lot}").json() == closed.json()
    assert put(here, lot, 1, image(1)).status_code == 200  # the same image again, even now
    assert put(here, lot, 1, image(9)).status_code == 409


def test_an_image_is_its_place(here: httpx.Client) -> None:
    lot = opened(here, 4, duplex=True)
    first = put(here, lot, 1, image(1), "r")
    assert put(here, lot, 1, image(1), "r").json() == first.json()
    other = put(here, lot, 1, image(2), "r")
    assert (other.status_code, other.json()["code"]) == (409, "image_differente")
    assert put(here, lot, 1, image(1), "v").status_code == 201
    for n, side in ((3, "r"), (2, "x")):
        assert put(here, lot, n, image(3), side).status_code == 422


def test_what_no_lot_can_be_is_refused(here: httpx.Client) -> None:
    for body in (
        {"declared_images": 0},
        {"declared_images": 3, "duplex": True},
        {"declared_images": 1, "x": 1},
        {},
    ):
        assert here.post("/api/v1/lots", json=body).status_code == 422


def test_bytes_that_are_no_image_are_kept_as_rejected(here: httpx.Client) -> None:
    lot = opened(here, 1)
    assert put(here, lot, 1, b"un texte").status_code == 201
    closed = here.post(f"/api/v1/lots/{lot}/close").json()
    assert closed["balance"]["rejected"] == 1
    assert here.get(f"/api/v1/documents/{closed['documents'][0]}").json()["status"] == "rejete"


def test_a_lot_is_its_station_s_own(here: httpx.Client, service: str, store: Store) -> None:
    with caller(service, token(store, "station")) as station, caller(service, token(store, "station")) as other:
        lot = opened(station)
        assert station.get(f"/api/v1/lots/{lot}").status_code == 200
        assert other.get(f"/api/v1/lots/{lot}").status_code == 404
        assert put(other, lot, 1, image(1)).status_code == 404
        assert other.post(f"/api/v1/lots/{lot}/close").status_code == 404
        assert here.get(f"/api/v1/lots/{lot}").status_code == 200


def test_a_lot_that_will_not_balance_is_closed_as_it_stands(here: httpx.Client, store: Store) -> None:
    lot = opened(here, 2)
    put(here, lot, 1, image(1))
    settle = f"/api/v1/lots/{lot}/settlement"
    assert here.post(settle, json={"reason": "perdue"}).json()["code"] == "etat_change"
    with store.begin() as conn:
        tasks.open_task(conn, None, "lot", lot_id=lot)
    assert "Clore en l'état" in here.get(f"/lots/{lot}").text
    assert lot[:8] in here.get("/quarantaine").text
    assert here.post(settle, json={"reason": "  "}).json()["code"] == "motif_absent"
    told = here.post(settle, json={"reason": "feuille perdue"}).json()
    assert (told["status"], len(told["documents"]), told["settlement"]["reason"]) == (
        "clos",
        1,
        "feuille perdue",
    )
    shown = here.get(f"/lots/{lot}").text
    assert "feuille perdue" in shown
    assert "Clore en l'état" not in shown


def test_a_long_lot_is_shown_sheet_by_sheet_to_its_last(
    here: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = opened(here, 8, duplex=True)
    for n in (3, 1, 4, 2):
        for side in ("r", "v"):
            put(here, lot, n, image(10 * n + (side == "v")), side)
    here.post(f"/api/v1/lots/{lot}/close")
    monkeypatch.setattr(stuck, "SHEETS", 3)

    def sheets(since: int | None = None) -> list[str]:
        shown = here.get(f"/lots/{lot}", params={"depuis": since} if since else {}).text
        links = re.findall(r"depuis=(\d+)\" rel=\"(\w+)", shown)
        return re.findall(r"<tr><td>(\d+(?: verso)?)</td>", shown) + [f"{rel} {n}" for n, rel in links]

    assert sheets() == ["1", "2", "3", "next 4"]
    assert sheets(4) == ["4", "prev 1"]
    assert here.get(f"/lots/{lot}", params={"depuis": 0}).status_code == 422
    monkeypatch.undo()
    assert sheets() == ["1", "2", "3", "4"]
