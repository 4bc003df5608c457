"""A sheet of two sides: neither is lost, whichever way it was fed."""

import io
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import cv2
import numpy as np
import pytest

from api import views
from api.guard import LOCAL
from api.routes.files import read_page
from domain.errors import Refused
from domain.flow import State
from ingest import lots
from store import documents
from tests.workers.driving import a_sender, drive
from workers.house import House


def image(text: str, kind: str = ".png") -> bytes:
    page = np.full((1100, 780), 255, np.uint8)
    for n, word in enumerate(text.split()):
        cv2.putText(page, word, (80, 200 + 110 * n), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 4)
    done, data = cv2.imencode(kind, page)
    assert done
    return data.tobytes()


def test_a_sheet_fed_the_wrong_way_round_goes_to_a_person(house: House) -> None:
    store, sender = house.store, a_sender(house)
    lot = lots.open_lot(store, sender, 2, duplex=True)
    front = lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(image("")))
    lots.put_sheet(store, sender, lot, 1, "v", io.BytesIO(image("feuille de soins du docteur", ".jpg")))
    lots.close_lot(store, sender, lot)
    assert drive(house, front.id) is State.A_VALIDER
    assert lots.view(store, sender, lot).balance == {
        "documents": 1, "separators": 0, "blanks": 1, "rejected": 0, "duplicates": 0,
    }  # fmt: skip
    with store.begin() as conn:
        row, data = documents.load(conn, front.id), documents.all_data(conn, front.id)
        assert views.page_count(conn, row, data) == 2
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(store=store, cage=house.cage)))

    def back(box: str | None = None) -> Any:
        return cv2.imdecode(np.frombuffer(read_page(request, LOCAL, UUID(front.id), 1, box).body, np.uint8), 0)

    assert back().min() < 60  # ink
    assert back("0,0,1,0.5").shape[0] < back("0,0,1,1").shape[0]  # a piece of it, more finely
    store.objects.delete("work", f"{front.id}/1")
    assert back().min() < 60  # drawn again
    with pytest.raises(Refused, match="introuvable"):
        read_page(request, LOCAL, UUID(front.id), 2, None)


def test_a_sheet_blank_on_both_sides_is_set_aside(house: House) -> None:
    store, sender = house.store, a_sender(house)
    lot = lots.open_lot(store, sender, 2, duplex=True)
    front = lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(image("")))
    lots.put_sheet(store, sender, lot, 1, "v", io.BytesIO(image("", ".jpg")))
    lots.close_lot(store, sender, lot)
    assert drive(house, front.id) is State.ECARTE
    assert lots.view(store, sender, lot).balance["blanks"] == 2
