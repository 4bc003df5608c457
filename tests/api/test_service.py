"""The service about itself."""

from dataclasses import replace

import httpx
from psycopg import Connection

from store.house import Store
from store.objects import Objects
from tests.api.serving import caller, served


def test_alive_and_ready_component_by_component(here: httpx.Client) -> None:
    assert here.get("/healthz").json() == {"status": "ok"}
    told = here.get("/readyz")
    parts = {part["name"]: part for part in told.json()["components"]}
    assert told.status_code == 200, told.text
    assert set(parts) == {"base", "magasin", "courtier", "cage", "canari", "scellement", "antivirus"}
    assert parts["antivirus"]["detail"] == "non configuré"
    assert parts["cage"]["detail"] in ("bubblewrap", "landlock", "rlimits")


def test_a_seal_that_is_late_or_gone_is_told(here: httpx.Client, store: Store, superuser: Connection) -> None:
    def told() -> str:
        parts = {part["name"]: part for part in here.get("/readyz").json()["components"]}
        assert parts["scellement"]["ok"]
        return str(parts["scellement"]["detail"])

    assert told() == "à jour, 0\xa0sceau"
    superuser.execute(
        "INSERT INTO access_events (at, actor, what, target, why, span) "
        "VALUES (now() - interval '2 hours', 'a', 'document', 'x', 'y', 'z')"
    )
    assert told() == "en retard : rien n'est scellé depuis 120 minutes"
    assert "liasse_unsealed_seconds 72" in here.get("/metrics").text
    superuser.execute(
        "INSERT INTO seals VALUES (7, sha256('a'), sha256('b'), sha256('c'), 1, 'seals/perdu', NULL, now())"
    )
    assert told() == "le sceau 7 manque au magasin : ./liasse archive compare"


def test_not_ready_names_what_is_away(store: Store) -> None:
    with (
        served(replace(store, objects=Objects("http://127.0.0.1:9", "x", "y"))) as address,
        caller(address) as client,
    ):
        told = client.get("/readyz")
    assert told.status_code == 503
    assert [part["name"] for part in told.json()["components"] if not part["ok"]] == ["magasin"]


def test_metrics_count_requests_and_documents(here: httpx.Client) -> None:
    here.get("/healthz")
    text = here.get("/metrics").text
    assert 'liasse_documents{state="recu"} 0.0' in text
    assert "liasse_unsealed_seconds 0.0" in text
    assert 'liasse_requests_total{method="GET",route="/healthz",status="200"}' in text


def test_the_description_is_complete(here: httpx.Client) -> None:
    told = here.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    operations = [
        (path, method, each) for path, found in told["paths"].items() for method, each in found.items()
    ]
    assert len(operations) >= 20
    for path, method, each in operations:
        assert each["x-permission"], (path, method)
        assert each["summary"], (path, method)
        problems = [answer for status, answer in each["responses"].items() if status[0] in "45"]
        assert problems, (path, method)
        # the framework's own shape of a refusal appears nowhere
        assert "HTTPValidationError" not in str(each), (path, method)
    assert "jeton" in told["components"]["securitySchemes"]
