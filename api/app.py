"""The service: what is put together, and in which order a request meets it."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

from api import logs, problems, recovery, stuck
from api.guard import Guarded
from api.metrics import Metrics
from api.pages import router as pages
from api.routes import (
    board,
    corrections,
    decomptes,
    documents,
    dossiers,
    files,
    indus,
    lots,
    service,
    simulations,
    tasks,
)
from api.security import House
from store.house import Store

HOSTS = frozenset(("127.0.0.1", "localhost", "::1"))
JSON_BYTES = 1 << 20
_ROOMS = (documents, corrections, decomptes, indus, files, lots, tasks, dossiers, board, simulations)
_STATIC = Path(__file__).parent / "static"
DESCRIPTION = """Ingestion des documents papier d'une caisse : dépôt, lecture, validation, archive, liquidation.

Chaque refus est un document RFC 9457 avec un code stable, une phrase et ce qu'il faut faire (page /errors).
Un appel de cette machine sans jeton a tous les droits ; ailleurs, il faut un jeton. Les pages se comptent
depuis 0."""


def create_app(store: Store, cage: Any, hosts: frozenset[str] = HOSTS) -> FastAPI:
    """The whole service over an open store and a pool of the cage. Starts nothing by itself.

    `hosts`: the names under which it may be called. Raises TypeError on a route without a permission.
    """
    logs.configure()
    app = FastAPI(
        title="Liasse",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=JSON_BYTES,
    )
    app.state.store, app.state.cage = store, cage
    app.state.metrics = Metrics(store)
    for room in _ROOMS:
        app.include_router(room.router, prefix="/api/v1")
    app.include_router(service.router)
    app.include_router(service.router, prefix="/api/v1", include_in_schema=False)
    app.include_router(pages, include_in_schema=False)
    app.include_router(stuck.router, include_in_schema=False)
    app.include_router(recovery.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    problems.install(app)
    app.openapi = lambda: service.description(app)  # type: ignore[method-assign]
    app.add_middleware(House, hosts=hosts, observe=app.state.metrics.observe)
    _no_open_door(app)
    return app


def guarded_routes(app: FastAPI) -> list[Guarded]:
    """Every route that the service answers, for the tests that are made from them."""
    found = []
    for router in (*_ROOMS, service):
        found += [route for route in router.router.routes if isinstance(route, Guarded)]
    return found + [
        route
        for each in (pages, stuck.router, recovery.router)
        for route in each.routes
        if isinstance(route, Guarded)
    ]


def _no_open_door(app: FastAPI) -> None:
    for route in app.routes:
        if isinstance(route, APIRoute) and not isinstance(route, Guarded):
            raise TypeError(f"{route.path}: a route has a permission")
