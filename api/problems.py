"""Refusals as RFC 9457 documents: our code, a French sentence, what to do next.

A value that the caller sent is never sent back: it may be a NIR, and answers are logged by proxies.
"""

import uuid
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api import logs
from api.templating import problem_page
from domain.errors import CATALOGUE, LiasseError, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
_OF_STATUS = {
    400: "requete_invalide",
    401: "jeton_absent",
    403: "interdit",
    404: "introuvable",
    405: "methode_refusee",
    413: "fichier_trop_gros",
    415: "type_inconnu",
}


class ProblemDocument(BaseModel):
    """What every refusal says."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/errors#introuvable"])
    title: str = Field(description="Ce qui s'est passé, en français.")
    status: int
    code: str = Field(description="Code stable, publié dans docs/errors.md.", examples=["introuvable"])
    next_step: str = Field(description="Ce qu'il faut faire.")
    retryable: bool
    detail: str | None = None


def document(code: str, detail: str = "", status: int | None = None, **extra: Any) -> dict[str, Any]:
    """The members of a problem. `status` overrides the catalogue's where HTTP fixes another."""
    problem = CATALOGUE[code]
    told: dict[str, Any] = {
        "type": f"/errors#{code}",
        "title": problem.sentence,
        "status": status or problem.status,
        "code": code,
        "next_step": problem.next_step,
        "retryable": problem.retryable,
    }
    if detail:
        told["detail"] = detail
    return told | extra


def answer(request: Request, code: str, detail: str = "", status: int | None = None, **extra: Any) -> Response:
    """A problem as JSON, or as a page where a person's browser asked for one."""
    told = document(code, detail, status, **extra)
    headers = {}
    if told["status"] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="liasse"'
    if told["status"] == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    request.scope["liasse.code"] = code
    wants_page = not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
    if wants_page:
        return problem_page(told, headers)
    return JSONResponse(told, told["status"], headers, MEDIA_TYPE)


def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours: an incident number for the caller, places without messages for the log."""
    incident = uuid.uuid4().hex[:12]
    logs.fault("faute", error, incident=incident)
    return answer(request, "interne", incident=incident)


def _where(error: dict[str, Any]) -> dict[str, str]:
    # beyond the parameter's name, a location may hold what the caller wrote
    place = error["loc"][:1] if error["type"] == "extra_forbidden" else error["loc"][:2]
    return {"where": ".".join(str(part) for part in place), "kind": error["type"]}


def install(app: FastAPI) -> None:
    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, LiasseError)
        if isinstance(error, Unavailable):
            logs.event("indisponible", code=error.code)
        return answer(request, error.code, error.detail, **error.extra)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, "requete_invalide", errors=[_where(dict(e)) for e in error.errors()])

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _OF_STATUS.get(error.status_code, "requete_invalide")
        reply = answer(request, code, status=error.status_code)
        for name, value in (error.headers or {}).items():
            reply.headers[name] = value
        return reply

    app.add_exception_handler(LiasseError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
