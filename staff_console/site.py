"""Serve the built console: its page, its assets, and the headers that keep both to themselves.

What it is for: `add_console(app)` puts the pages of `staff_console/web/dist` under `/` of an aiohttp application.
What it does not do: sign anybody in or speak with the console; `/api` and `/socket.io` belong to the server.

The files are read once, when the application is made: they are few and small, no path from outside ever reaches
the file system, and a server that runs serves one build and not half of the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import web

#: Where `npm run build` puts the pages; the wheel carries them in the same place.
DIST: Final = Path(__file__).parent / "web" / "dist"

#: Paths of the server under which an unknown address is an error, never the console's page.
RESERVED: Final = ("api", "socket.io", "assets", "healthz", "metrics")

_CONTENT_TYPES: Final = MappingProxyType(
    {
        ".css": "text/css",
        ".html": "text/html",
        ".js": "text/javascript",
        ".json": "application/json",
        ".md": "text/markdown",
        ".svg": "image/svg+xml",
        ".txt": "text/plain",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }
)
_TEXT: Final = frozenset({"text/css", "text/html", "text/javascript", "text/markdown", "text/plain"})

# Nothing inline, nothing from elsewhere, in no frame. 'self' covers the WebSocket of the same origin (CSP 3).
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_PERMISSIONS: Final = ", ".join(
    (
        "camera=(self)",
        "microphone=(self)",
        "autoplay=(self)",
        "screen-wake-lock=(self)",
        "speaker-selection=(self)",
        "display-capture=()",
        "geolocation=()",
        "payment=()",
        "usb=()",
    )
)
_YEAR_S: Final = 365 * 24 * 3600

_UNBUILT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The console is not built</title>
<h1>The console is not built</h1>
<p>The server runs, but the pages of the staff console are missing from this installation.</p>
<p>From a checkout:</p>
<pre>cd staff_console/web
npm ci
npm run build</pre>
<p>Then start the server again. A package made with <code>pip wheel</code> or <code>python -m build</code>
carries the pages.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One file as it is served.

    Attributes:
        body: The bytes.
        content_type: Without character set; text is always UTF-8.
        etag: Changes when the bytes do.
        immutable: The name carries a hash of the content, so a browser never needs to ask again.
    """

    body: bytes
    content_type: str
    etag: str
    immutable: bool


def security_headers(*, https: bool) -> dict[str, str]:
    """The headers of every page of the console.

    Args:
        https: Whether visitors of the page come over TLS; then browsers are told to insist on it.
    """
    headers = {
        "Content-Security-Policy": _POLICY,
        "Permissions-Policy": _PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
    return headers


def load_pages(dist: Path = DIST) -> dict[str, Page]:
    """Every built file by its path below `/`; empty when the console was not built."""
    if not (dist / "index.html").is_file():
        return {}
    return {
        path.relative_to(dist).as_posix(): _page(path, immutable=path.parent.name == "assets")
        for path in sorted(dist.rglob("*"))
        if path.is_file() and path.suffix in _CONTENT_TYPES
    }


def add_console(app: web.Application, *, https: bool, dist: Path = DIST) -> None:
    """Put the console under `/` of `app`. Routes that `app` has for itself go first."""
    site = _Site(load_pages(dist), security_headers(https=https))
    app.router.add_get("/", site.page)
    app.router.add_get("/{path:.*}", site.page)


class _Site:
    def __init__(self, pages: Mapping[str, Page], headers: Mapping[str, str]) -> None:
        self._pages = pages
        self._headers = headers

    async def page(self, request: web.Request) -> web.Response:
        path = request.match_info.get("path", "")
        if not self._pages:
            return self._unbuilt(path)
        page = self._pages.get(path or "index.html")
        if page is None and not _is_reserved(path):
            # The console's own addresses are made by the page itself.
            page = self._pages["index.html"]
        if page is None:
            raise web.HTTPNotFound(headers=dict(self._headers))
        caching = f"public, max-age={_YEAR_S}, immutable" if page.immutable else "no-cache"
        headers = {**self._headers, "Cache-Control": caching, "ETag": page.etag}
        if request.headers.get("If-None-Match") == page.etag:
            return web.Response(status=304, headers=headers)
        charset = "utf-8" if page.content_type in _TEXT else None
        return web.Response(body=page.body, content_type=page.content_type, charset=charset, headers=headers)

    def _unbuilt(self, path: str) -> web.Response:
        if _is_reserved(path):
            raise web.HTTPNotFound(headers=dict(self._headers))
        headers = {**self._headers, "Cache-Control": "no-store"}
        return web.Response(status=503, text=_UNBUILT, content_type="text/html", headers=headers)


def _is_reserved(path: str) -> bool:
    return path.partition("/")[0] in RESERVED


def _page(path: Path, *, immutable: bool) -> Page:
    body = path.read_bytes()
    return Page(body, _CONTENT_TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"', immutable)
