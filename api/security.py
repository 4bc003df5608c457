"""What holds for every request: known host, own origin, strict headers, a log line, no traceback.

Plain ASGI, so that bodies stream through untouched.
"""

import time
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import logs, problems
from domain.errors import Refused

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_OWN_SITE = frozenset(("same-origin", "none"))
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), clipboard-read=()",
}


class House:
    """The outermost layer. `observe(method, route, status, seconds)` feeds the metrics."""

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], observe: Callable[[str, str, int, float], None]
    ) -> None:
        self.app, self.hosts, self.observe = app, hosts, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # what a sheet says stays out of every cache; our own style and scripts may stay
                own = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "no-cache" if own else "no-store")
            await send(message)

        request = Request(scope, receive)
        try:
            refusal = self._refusal(request)
            if refusal is None:
                await self.app(scope, receive, dressed)
            else:
                await problems.answer(request, refusal)(scope, receive, dressed)
        except Refused as error:
            if status:
                raise
            await problems.answer(request, error.code)(scope, receive, dressed)
        except Exception as error:
            # caught here: further out, the server would log the message, which may quote data
            if status:
                logs.fault("coupure", error)
            else:
                await problems.unexpected(request, error)(scope, receive, dressed)
        finally:
            self._tell(scope, status, time.perf_counter() - started)

    def _refusal(self, request: Request) -> str | None:
        if _host_of(request.headers.get("host", "")) not in self.hosts:
            return "hote_refuse"
        site = request.headers.get("sec-fetch-site")
        guarded = request.method not in _SAFE or request.url.path.startswith("/api/")
        if site is not None and guarded and site not in _OWN_SITE:
            return "origine_refusee"
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{request.headers['host']}":
            return "origine_refusee"
        return None

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", None) or _template(scope)
        actor = scope.get("liasse.actor")
        facts = {"code": scope["liasse.code"]} if "liasse.code" in scope else {}
        self.observe(scope["method"], route, status, seconds)
        if route == "/static" and status < 400:
            return
        logs.event(
            "requete",
            method=scope["method"] if scope["method"] in _METHODS else "autre",
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            role=getattr(actor, "role", None),
            sender=getattr(actor, "id", None),
            **facts,
        )


_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def _template(scope: Scope) -> str:
    # a path that no route takes may hold anything: it is not repeated
    return "/static" if scope["path"].startswith("/static/") else "aucune"


def _host_of(header: str) -> str:
    """`[::1]:8000` -> `::1`, `localhost:8000` -> `localhost`."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()
