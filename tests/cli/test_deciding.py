"""`decisions recompute` and `dossiers attestation`: what is asked of the store without the service."""

from pathlib import Path

from sqlalchemy import text

from domain.flow import State
from store import access
from store.house import Store
from tests.cli.conftest import Liasse
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_past_decisions_are_computed_anew_and_a_changed_amount_is_seen(liasse: Liasse, store: Store) -> None:
    house = keyed.a_house(store)
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    assert drive(house, id) is State.ORDONNANCE
    for asked in ((id,), ("--all",)):
        said = liasse("decisions", "recompute", *asked)
        line, total = said.lines
        assert (said.code, line["verdict"], line["total"], line["again"]) == (0, "egale", "19.00", "19.00")
        assert total == {"decisions": 1, "equal": 1, "ok": True}
    with store.begin() as conn:
        assert "recalcul" in [each.why for each in access.of_target(conn, id)]
        conn.execute(text("ALTER TABLE decisions DISABLE TRIGGER USER"))
        conn.execute(text("UPDATE decisions SET total = 19.01 WHERE document_id = :id"), {"id": id})
        conn.execute(text("ALTER TABLE decisions ENABLE TRIGGER USER"))
    told = liasse("decisions", "recompute", id)
    assert (told.code, told.lines[0]["verdict"], told.lines[0]["differs"]) == (1, "differente", ["total"])
    store.vault.erase(id)
    assert liasse("decisions", "recompute", id).lines[0]["verdict"] == "efface"


def test_what_has_no_decision_is_told(liasse: Liasse, store: Store) -> None:
    assert liasse("decisions", "recompute", NOBODY).code == 2
    assert liasse("decisions", "recompute").code == 2


def test_an_attestation_is_written_and_its_reading_kept(liasse: Liasse, store: Store, tmp_path: Path) -> None:
    feuilles.load_people(store, 2)
    out = tmp_path / "attestation.pdf"
    said = liasse("dossiers", "attestation", feuilles.person(1).id, "--out", out)
    assert (said.code, said.out) == (0, f"{out}\n")
    assert out.read_bytes().startswith(b"%PDF-")
    with store.begin() as conn:
        assert [each.why for each in access.of_target(conn, feuilles.person(1).id)] == ["attestation"]
    assert liasse("dossiers", "attestation", NOBODY).code == 2
