"""The service about itself: alive, ready, measured, described."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from api.guard import Door
from api.permissions import Permission
from api.refusals import refusals
from api.schemas import Component, Health, Ready
from domain.errors import LiasseError
from domain.french import counted
from store import clock, seals

router = Door(tags=["service"])
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.on("GET", "/healthz", Permission.SERVICE_LIRE, response_model=Health, responses=refusals(public=True))
def healthz() -> Health:
    """Le processus répond."""
    return Health(status="ok")


@router.on(
    "GET",
    "/readyz",
    Permission.SERVICE_LIRE,
    response_model=Ready,
    responses=refusals(public=True) | {503: {"model": Ready, "description": "Un composant manque."}},
)
def readyz(request: Request) -> Response:
    """Chaque composant, et s'il répond."""
    store, cage = request.app.state.store, request.app.state.cage
    settings = store.settings
    components = [
        _tried("base", lambda: _database(store)),
        _tried("magasin", store.objects.ready),
        _tried("courtier", lambda: _broker(store)),
        _tried("cage", lambda: cage.sandbox),
        _tried("canari", lambda: _canary(request)),
        _tried("scellement", lambda: _sealing(store)),
        Component(name="antivirus", ok=True, detail="configuré" if settings.clamd_url else "non configuré"),
    ]
    ready = all(each.ok for each in components)
    answer = Ready(ready=ready, components=components)
    return JSONResponse(answer.model_dump(), 200 if ready else 503)


@router.on(
    "GET",
    "/metrics",
    Permission.MESURES_LIRE,
    response_class=Response,
    responses=refusals()
    | {200: {"content": {PROMETHEUS: {"schema": {"type": "string"}}}, "description": "Mesures."}},
)
def metrics(request: Request) -> Response:
    """Les mesures, pour Prometheus."""
    return Response(request.app.state.metrics.text(), media_type=PROMETHEUS)


@router.on("GET", "/openapi.json", Permission.SERVICE_LIRE, include_in_schema=False)
def openapi(request: Request) -> Response:
    """This description."""
    return JSONResponse(request.app.openapi())


def _tried(name: str, ask: Callable[[], Any]) -> Component:
    try:
        detail = ask()
    except LiasseError as error:
        return Component(name=name, ok=False, detail=error.problem.sentence)
    except Exception:  # a component that fails in its own way is still only one that fails
        return Component(name=name, ok=False, detail="ne répond pas")
    return Component(name=name, ok=True, detail=str(detail or "répond"))


def _database(store: Any) -> None:
    with store.begin() as conn:
        conn.execute(text("SELECT 1"))


def _broker(store: Any) -> None:
    store.bell.ready()


def _sealing(store: Any) -> str:
    """Told, and no reason to stop: what cannot be sealed now is sealed later."""
    with store.begin() as conn:
        waiting, last = seals.oldest_pending(conn), seals.last(conn)
    if last and not store.objects.exists("archive", last.object_key):
        return f"le sceau {last.n} manque au magasin : ./liasse archive compare"
    late = clock.now() - waiting if waiting else timedelta()
    if late > timedelta(seconds=3 * store.settings.seal_seconds):
        return f"en retard : rien n'est scellé depuis {late.total_seconds() / 60:.0f} minutes"
    return f"à jour, {counted(last.n if last else 0, 'sceau', 'sceaux')}"


def _canary(request: Request) -> str:
    # attacked once, at start, by who runs the service; told here
    return str(getattr(request.app.state, "canary", "pas encore attaqué"))


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once: the routes do not change."""
    if app.openapi_schema is None:
        told = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schemes = told.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes["jeton"] = {
            "type": "http",
            "scheme": "bearer",
            "description": "Un jeton de `liasse token create`. Inutile depuis cette machine.",
        }
        told["security"] = [{"jeton": []}, {}]
        told["servers"] = [{"url": "/"}]
        app.openapi_schema = told
    return app.openapi_schema
