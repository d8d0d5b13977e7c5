"""The console's pages as they are served: headers, caching, addresses, and what is said when they are missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from staff_console import site

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A small build."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Å</title>", "utf-8")
    (tmp_path / "assets" / "index-abc123.js").write_text("export {};", "utf-8")
    (tmp_path / "assets" / "face-abc123.woff2").write_bytes(b"\x00font")
    (tmp_path / "secret.key").write_text("not a page", "utf-8")
    return tmp_path


@asynccontextmanager
async def serving(dist: Path, *, https: bool = False) -> AsyncIterator[Client]:
    """The console on a server of its own that also answers /healthz."""

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="well")

    app = web.Application()
    site.add_console(app, https=https, dist=dist)
    app.router.add_get("/healthz", health)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_page_stands_at_the_root_and_is_asked_for_again_each_time(dist: Path) -> None:
    async with serving(dist) as client, client.get("/") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert response.charset == "utf-8"
        assert response.headers["Cache-Control"] == "no-cache"
        assert "Å" in await response.text()


async def test_a_page_that_has_not_changed_is_not_sent_again(dist: Path) -> None:
    async with serving(dist) as client:
        async with client.get("/") as first:
            etag = first.headers["ETag"]
        async with client.get("/", headers={"If-None-Match": etag}) as again:
            assert again.status == 304
            assert await again.read() == b""


async def test_an_asset_with_its_hash_in_the_name_is_kept_for_good(dist: Path) -> None:
    async with serving(dist) as client, client.get("/assets/index-abc123.js") as response:
        assert response.content_type == "text/javascript"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_a_typeface_has_no_character_set(dist: Path) -> None:
    async with serving(dist) as client, client.get("/assets/face-abc123.woff2") as response:
        assert response.headers["Content-Type"] == "font/woff2"
        assert await response.read() == b"\x00font"


async def test_an_address_that_the_page_makes_itself_leads_to_the_page(dist: Path) -> None:
    async with serving(dist) as client, client.get("/line/today") as response:
        assert response.content_type == "text/html"


@pytest.mark.parametrize("path", ["/api/nothing", "/socket.io/", "/assets/old-000.js", "/metrics"])
async def test_an_unknown_address_of_the_server_is_an_error_and_never_the_page(dist: Path, path: str) -> None:
    async with serving(dist) as client, client.get(path) as response:
        assert response.status == 404
        assert response.content_type == "text/plain"


async def test_routes_of_the_server_go_first(dist: Path) -> None:
    async with serving(dist) as client, client.get("/healthz") as response:
        assert await response.text() == "well"


@pytest.mark.parametrize("path", ["/secret.key", "/../pyproject.toml", "/%2e%2e/pyproject.toml", "/assets/%2e%2e/x"])
async def test_nothing_but_the_build_is_served(dist: Path, path: str) -> None:
    async with serving(dist) as client, client.get(path) as response:
        text = await response.text()
        assert "not a page" not in text
        assert "[project]" not in text


@pytest.mark.parametrize("path", ["/", "/assets/index-abc123.js", "/assets/none.js"])
async def test_every_answer_keeps_the_page_to_itself(dist: Path, path: str) -> None:
    async with serving(dist) as client, client.get(path) as response:
        policy = {
            name: value
            for name, _, value in (
                rule.strip().partition(" ") for rule in response.headers["Content-Security-Policy"].split(";")
            )
        }
        assert policy["default-src"] == "'none'"
        assert all("unsafe" not in value and "*" not in value and "data:" not in value for value in policy.values())
        assert policy["frame-ancestors"] == "'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=(self)" in response.headers["Permissions-Policy"]
        assert "microphone=(self)" in response.headers["Permissions-Policy"]
        assert "geolocation=()" in response.headers["Permissions-Policy"]


@pytest.mark.parametrize("https", [True, False])
async def test_tls_is_insisted_on_only_where_there_is_tls(dist: Path, https: bool) -> None:
    async with serving(dist, https=https) as client, client.get("/") as response:
        assert ("Strict-Transport-Security" in response.headers) is https


async def test_a_console_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        async with client.get("/") as response:
            assert response.status == 503
            assert "npm run build" in await response.text()
            assert response.headers["Cache-Control"] == "no-store"
        async with client.get("/api/nothing") as response:
            assert response.status == 404


def test_the_same_bytes_have_the_same_tag_and_others_another(dist: Path) -> None:
    before = site.load_pages(dist)
    (dist / "index.html").write_text("<!doctype html><title>B</title>", "utf-8")
    after = site.load_pages(dist)
    assert before["assets/index-abc123.js"] == after["assets/index-abc123.js"]
    assert before["index.html"].etag != after["index.html"].etag


def test_the_built_page_needs_nothing_inline_and_nothing_from_elsewhere() -> None:
    pages = site.load_pages()
    assert pages, "the console is not built: cd staff_console/web && npm ci && npm run build"
    page = pages["index.html"].body.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" crossorigin src="/assets/')
    for name, built in pages.items():
        if name.endswith(".css"):
            assert b"url(http" not in built.body
            assert b"url(data:" not in built.body
