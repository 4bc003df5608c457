"""The door of each route: who asks, and whether he may, before a byte of the body is read.

A route declared without a permission does not exist: `Guarded` refuses it when the module is imported.
"""

import ipaddress
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.permissions import Actor, Permission
from domain.errors import Refused
from store import senders

LOCAL = Actor(None, "local", "local")
NOBODY = Actor(None, None, "inconnu")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Guarded(APIRoute):
    """A route with its permission, told in OpenAPI as `x-permission`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        declared = (options.get("openapi_extra") or {}).get("x-permission")
        if declared is None:
            raise TypeError(f"{path}: a route has a permission")
        self.permission = Permission(declared)
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, permission = super().get_route_handler(), self.permission

        async def guarded(request: Request) -> Response:
            actor = await run_in_threadpool(identify, request)
            request.state.actor = actor
            request.scope["liasse.actor"] = actor
            if permission not in actor.permissions:
                raise Refused("jeton_absent" if actor.role is None else "interdit")
            return await handle(request)

        return guarded


class Door(APIRouter):
    """A router whose routes all name their permission."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Guarded, redirect_slashes=False, **options)

    def on(self, method: str, path: str, permission: Permission, **options: Any) -> Callable[..., Any]:
        extra = {"x-permission": permission.value} | options.pop("openapi_extra", {})
        if permission is Permission.SERVICE_LIRE:
            extra["security"] = []
        return self.api_route(path, methods=[method], openapi_extra=extra, **options)


def identify(request: Request) -> Actor:
    """The sender of the Bearer token; without one, this machine's own user, else nobody.

    Raises Refused("jeton_refuse") on a token that is unknown, expired or malformed.
    """
    header = request.headers.get("authorization")
    if header is None:
        return LOCAL if _is_this_machine(request) else NOBODY
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused("jeton_refuse")
    house = request.app.state.store
    with house.begin() as conn:
        sender = senders.sender_of(conn, token.strip())
    return Actor(sender.id, sender.role, sender.actor)


def _is_this_machine(request: Request) -> bool:
    # behind a proxy on this machine, everyone looks like a neighbour
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


Who = Annotated[Actor, Depends(_actor)]
