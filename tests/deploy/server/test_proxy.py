"""The reverse proxy that comes along, really started in front of the real server."""

from __future__ import annotations

import asyncio
import json
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from signaling.adapters.doctor.findings import Code
from signaling.adapters.doctor.front import look_at_front
from signaling.adapters.system import SystemClock
from signaling.config.settings import ServerSettings
from signaling.protocol.errors import ErrorCode
from tests.support.certificates import Authority
from tests.support.proxy import NAME, Proxy, proxy
from tests.support.stage.server import Server, free_port

LOOPBACK, ELSEWHERE = "127.0.0.1", "127.0.0.2"
TRIES = 3


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    """The real server behind the real proxy."""
    folder, port = tmp_path_factory.mktemp("front"), free_port()
    server = Server(
        folder,
        settings={
            "LIBRARIAN_SERVER__PUBLIC_URL": f"https://{NAME}:{port}",
            "LIBRARIAN_SERVER__TRUSTED_PROXY_COUNT": "1",
            "LIBRARIAN_SESSIONS__ADDRESS_ATTEMPTS": str(TRIES),
        },
    )
    await asyncio.to_thread(server.set_up, "Norr", "Burträsk", "0914-1")
    await server.start()
    try:
        with proxy(folder / "proxy", server.port, authority.show(NAME), port=port) as found:
            yield found
    finally:
        await server.stop()


@asynccontextmanager
async def visitor(authority: Authority, address: str = LOOPBACK) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who trusts the authority, at an address."""
    connector = aiohttp.TCPConnector(
        ssl=ssl.create_default_context(cafile=authority.file), local_addr=(address, 0), force_close=True
    )
    jar = aiohttp.CookieJar(unsafe=True)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, timeout=timeout) as session:
        yield session


async def sign_in(session: aiohttp.ClientSession, url: str, login: str, forwarded: str = "") -> int:
    """Try a password; the status."""
    async with session.get(f"{url}/api/session") as response:
        csrf = (await response.json())["csrf"]
    headers = {"X-CSRF-Token": csrf, "Origin": url} | ({"X-Forwarded-For": forwarded} if forwarded else {})
    body = {"login": login, "password": "wrong"}
    async with session.post(f"{url}/api/session", json=body, headers=headers) as response:
        return response.status


pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.thorough]


async def test_the_console_comes_over_tls_and_browsers_are_told_to_insist_on_it(
    front: Proxy, authority: Authority
) -> None:
    async with visitor(authority) as session, session.get(f"{front.url}/") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert "max-age=" in response.headers["Strict-Transport-Security"]
        assert "nginx/" not in response.headers.get("Server", "")


async def test_socket_io_comes_through_as_a_websocket_to_the_real_gateway(front: Proxy, authority: Authority) -> None:
    address = f"{front.url}/socket.io/?EIO=4&transport=websocket"
    async with visitor(authority) as session, session.ws_connect(address, origin=front.url) as socket:
        opened = await socket.receive_str(timeout=20)
        assert opened.startswith("0{")
        await socket.send_str('40/kiosk,{"protocol":1}')
        answer = await socket.receive_str(timeout=20)
    # Nobody is let in without a proof, and it is the gateway that says so.
    assert json.loads(answer.removeprefix("44/kiosk,"))["message"] == ErrorCode.MALFORMED


async def test_a_page_of_another_origin_gets_no_socket(front: Proxy, authority: Authority) -> None:
    address = f"{front.url}/socket.io/?EIO=4&transport=websocket"
    async with visitor(authority) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(address, origin="https://elsewhere.example")


async def test_an_address_that_a_client_makes_up_does_not_get_round_the_limit(
    front: Proxy, authority: Authority
) -> None:
    async with visitor(authority, "127.0.0.3") as session:
        found = [
            await sign_in(session, front.url, f"nobody{n}", f"203.0.113.{n}, 10.0.0.{n}") for n in range(TRIES + 1)
        ]
    assert found == [401] * TRIES + [429]
    # Somebody else, at an address of their own, is let try.
    async with visitor(authority, "127.0.0.4") as session:
        assert await sign_in(session, front.url, "nobody", "127.0.0.3") == 401


async def test_a_large_body_is_refused_before_it_reaches_the_server(front: Proxy, authority: Authority) -> None:
    async with visitor(authority) as session:
        async with session.post(f"{front.url}/api/session", data=b"x" * 200_000) as response:
            assert response.status == 413
            assert response.content_type == "text/html", "the proxy's own page"
        async with session.post(f"{front.url}/api/session", data=b"x" * 80_000) as response:
            assert response.content_type == "application/json", "what a form may have reaches the server"


async def test_plain_http_leads_to_tls(front: Proxy, authority: Authority) -> None:
    async with (
        visitor(authority) as session,
        session.get(f"http://{NAME}:{front.plain_port}/a?b=c", allow_redirects=False) as response,
    ):
        assert response.status == 301
        assert response.headers["Location"] == f"https://{NAME}/a?b=c"


async def test_another_name_gets_no_certificate(front: Proxy, authority: Authority) -> None:
    trusted = ssl.create_default_context(cafile=authority.file)
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        await asyncio.open_connection(LOOPBACK, front.port, ssl=trusted, server_hostname="other.example")


async def test_the_figures_are_for_this_machine_alone(front: Proxy, authority: Authority) -> None:
    async with visitor(authority) as session, session.get(f"{front.url}/metrics") as response:
        assert response.status == 200
        assert "librarian_" in await response.text()
    async with visitor(authority, ELSEWHERE) as session, session.get(f"{front.url}/metrics") as response:
        assert response.status == 403


async def test_nobody_s_address_is_written_down(front: Proxy, authority: Authority) -> None:
    async with visitor(authority, ELSEWHERE) as session:
        for path in ("/", "/nothing", "/metrics"):
            async with session.get(f"{front.url}{path}") as response:
                await response.read()
    written = "".join(file.read_text() for file in front.folder.glob("*.log"))
    assert ELSEWHERE not in written


async def test_the_doctor_finds_the_front_in_order(
    front: Proxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    settings = ServerSettings(public_url=front.url, trusted_proxy_count=1)
    found = await look_at_front(settings, SystemClock())
    assert [finding.code for finding in found] == [Code.CERTIFICATE_OK, Code.PROXY_OK]


async def test_a_server_that_is_away_is_a_short_answer_and_no_wait(authority: Authority, tmp_path: Path) -> None:
    with proxy(tmp_path / "proxy", free_port(), authority.show(NAME, by="-away")) as found:
        async with asyncio.timeout(10), visitor(authority) as session, session.get(f"{found.url}/healthz") as response:
            assert response.status == 502


async def test_old_protocols_are_off(front: Proxy, authority: Authority) -> None:
    for version, is_taken in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
        old = ssl.create_default_context(cafile=authority.file)
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of asking for an old protocol at all
            old.minimum_version, old.maximum_version = version, version
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, front.port, ssl=old, server_hostname=NAME)
        except (ssl.SSLError, ConnectionError):
            assert not is_taken
        else:
            writer.close()
            await writer.wait_closed()
            assert is_taken
