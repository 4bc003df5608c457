"""The way of a document, stage by stage, on real servers."""

import cv2
import numpy as np

from domain.flow import State
from ocr.forms import draw, load_form
from store import bodies, documents, tasks
from tests.workers.driving import drive, put
from workers.house import House


def png(image: np.ndarray) -> bytes:
    done, data = cv2.imencode(".png", image)
    assert done
    return data.tobytes()


def test_an_unfilled_form_waits_for_a_person_with_its_findings(house: House) -> None:
    document_id = put(house, png(draw(load_form("s3110j"), 200)))
    assert drive(house, document_id) is State.A_VALIDER
    with house.store.begin() as conn:
        assert tasks.of_document(conn, document_id) is not None
        assert bodies.data(conn, document_id, "findings")
    assert house.store.objects.exists("work", f"{document_id}/0")


def test_a_blank_page_is_set_aside_and_its_bytes_are_kept(house: House) -> None:
    document_id = put(house, png(np.full((1000, 700), 255, np.uint8)))
    assert drive(house, document_id) is State.ECARTE
    with house.store.begin() as conn:
        assert documents.load(conn, document_id).reason == "blanc"


def test_a_file_that_cannot_be_opened_is_rejected_with_its_reason(house: House) -> None:
    document_id = put(house, b"%PDF-1.7\nnothing that follows is a PDF")
    assert drive(house, document_id) is State.REJETE
    with house.store.begin() as conn:
        assert documents.load(conn, document_id).reason == "fichier_illisible"
