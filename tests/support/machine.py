"""A whole installation for the doctor: database, server, proxy, relay, mail server and clock, all of them real."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web

from signaling.adapters.notify.keys import new_keys
from signaling.config import Settings
from tests.signaling.adapters.notify.smtp_server import HOST, PASSWORD, USER, smtp_server
from tests.support.certificates import Authority, Shown
from tests.support.coturn import SECRET, Coturn, own_address, relay
from tests.support.proxy import NAME, proxy
from tests.support.stage.server import Server, free_port


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands there.

    Attributes:
        good: Settings with which all is well.
        authority: Whom this machine trusts.
        server_port: Of the server behind the proxy.
        second_port: Where another proxy may stand, by an address that the server knows as its own, too.
        clock: A web server whose time is right.
        received: Letters that the mail server was given.
    """

    folder: Path
    good: Settings
    authority: Authority
    server_port: int
    second_port: int
    relay: Coturn
    clock: str
    received: Sequence[object] = field(default_factory=list)

    def with_(self, section: str, **values: object) -> Settings:
        """The same settings but for one section's values."""
        changed = getattr(self.good, section).model_dump() | values
        return Settings.model_validate({**self.good.model_dump(), section: changed})


@asynccontextmanager
async def machine(folder: Path, database_url: str) -> AsyncIterator[Machine]:
    """Set all of it up, and take it down again.

    Args:
        folder: Files go here.
        database_url: A database with our tables.
    """
    authority = Authority(folder)
    shown, mail_shown = authority.show(NAME), authority.show(HOST, NAME, by="-mail")
    port, second_port = free_port(), free_port()
    url = f"https://{NAME}:{port}"
    server = Server(
        folder,
        settings={
            "LIBRARIAN_DATABASE__URL": database_url,
            "LIBRARIAN_SERVER__PUBLIC_URL": url,
            "LIBRARIAN_SERVER__ALLOWED_ORIGINS": f"https://{NAME}:{second_port}",
            "LIBRARIAN_SERVER__TRUSTED_PROXY_COUNT": "1",
        },
    )
    await asyncio.to_thread(server.set_up, "Norr", "Burträsk", "0914-1")
    await asyncio.to_thread(server.add_kiosk, "Burträsk", "Entrance")
    await asyncio.to_thread(server.add_staff, "anna", "Anna")
    async with AsyncExitStack() as stack:
        await server.start()
        stack.push_async_callback(server.stop)
        await asyncio.to_thread(stack.enter_context, proxy(folder / "proxy", server.port, shown, port=port))
        address = own_address()
        relay_shown = authority.show(address, by="-relay")
        options = [f"--cert={relay_shown.certificate}", f"--pkey={relay_shown.key}"]
        relays = await stack.enter_async_context(relay(folder, address=address, tls=True, options=options))
        received, mail_port = stack.enter_context(smtp_server(tls=tls_of(mail_shown), auth=True))
        clock = await stack.enter_async_context(web_clock())
        good = Settings.model_validate(
            {
                "server": {"public_url": url, "trusted_proxy_count": 1, "port": server.port},
                "database": {"url": database_url},
                "turn": {"urls": tuple(relays.url(way) for way in ("udp", "tcp", "tls")), "secret": SECRET},
                "mail": {
                    "host": NAME,
                    "port": mail_port,
                    "sender": "desk@norr.example",
                    "user": USER,
                    "password": PASSWORD,
                },
                "push": {"private_key": new_keys().private, "subject": "mailto:desk@norr.example"},
            }
        )
        yield Machine(folder, good, authority, server.port, second_port, relays, clock, received.messages)


def tls_of(shown: Shown) -> ssl.SSLContext:
    """A server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.certificate, shown.key)
    return context


@asynccontextmanager
async def web_clock(ahead: timedelta = timedelta(0)) -> AsyncIterator[str]:
    """A web server that says what time it is; its address."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(headers={"Date": format_datetime(datetime.now(UTC) + ahead, usegmt=True)})

    async with serving(answer) as address:
        yield address


@asynccontextmanager
async def serving(
    answer: Callable[[web.Request], Awaitable[web.Response]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """A web server that answers everything in one way; its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    port = runner.addresses[0][1]
    try:
        yield f"{'https' if tls else 'http'}://{NAME}:{port}"
    finally:
        await runner.cleanup()
