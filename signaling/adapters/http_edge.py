"""What every plain HTTP route shares: where requests may come from, how bodies are read, how refusals look.

What it does not do: routes. They are in `http_api` (sign-in, kiosks, health) and in `admin` (the console's forms).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final, TypeVar

import structlog
from aiohttp import web
from pydantic import BaseModel

from signaling.protocol.errors import ErrorCode, WireError
from signaling.service.ports import StoreError

CSRF_HEADER: Final = "X-CSRF-Token"

_STATUS: Final = {
    ErrorCode.MALFORMED: 400,
    ErrorCode.NOT_AUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.ORIGIN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CODE_USED: 409,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.TOO_FAST: 429,
    ErrorCode.UNAVAILABLE: 503,
}

_log = structlog.stdlib.get_logger(__name__)

B = TypeVar("B", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A refusal with a code that the wire does not know.

    Attributes:
        status: HTTP status.
        error: What stands in `{"error": …}`.
    """

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("code", "")))
        self.status = status
        self.error = dict(error)


class Guard:
    """Stands before every route.

    Args:
        allowed_origins: Pages that may post; a request without an Origin is no browser's cross-site request.
    """

    def __init__(self, allowed_origins: Collection[str]) -> None:
        self._allowed_origins = frozenset(allowed_origins)

    def register(self, app: web.Application, routes: Collection[tuple[str, str, Handler]]) -> None:
        """Put routes on the web application, each behind the guard."""
        for method, path, handler in routes:
            app.router.add_route(method, path, self._guarded(handler))

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_origin(request)
                response = await handler(request)
            except WireError as refusal:
                response = refused(refusal)
            except Refused as refusal:
                response = json_response({"error": refusal.error}, status=refusal.status)
            except StoreError as error:
                _log.warning("store_away", path=_template(request), error=str(error))
                response = refused(WireError(ErrorCode.UNAVAILABLE))
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        return guarded

    def _check_origin(self, request: web.Request) -> None:
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin is not None and origin not in self._allowed_origins:
            _log.warning("foreign_origin_refused", path=_template(request))
            raise WireError(ErrorCode.ORIGIN)


async def read_json(request: web.Request, max_bytes: int) -> Any:
    """The JSON of a body.

    Raises:
        WireError: `too_large` or `malformed`.
    """
    if (request.content_length or 0) > max_bytes:
        raise WireError(ErrorCode.TOO_LARGE)
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > max_bytes:
            raise WireError(ErrorCode.TOO_LARGE)
    # Another content type could be posted by a foreign page without asking first.
    if request.content_type != "application/json":
        raise WireError(ErrorCode.MALFORMED)
    try:
        return json.loads(bytes(raw))
    except (ValueError, RecursionError):
        raise WireError(ErrorCode.MALFORMED) from None


def refused(refusal: WireError) -> web.Response:
    """A refusal with the wire's own code."""
    data = refusal.data
    error = {"code": refusal.code.value, "data": data} if data else {"code": refusal.code.value}
    headers = {"Retry-After": str(data["retry_after_s"])} if "retry_after_s" in data else {}
    return web.json_response({"error": error}, status=_STATUS.get(refusal.code, 400), headers=headers)


def json_response(value: Any, *, status: int = 200) -> web.Response:
    """An answer."""
    return web.json_response(value, status=status)


def _template(request: web.Request) -> str:
    """The route without its ids."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
