"""What kiosks tell of themselves on the wire of a whole server: kept, shown, counted, told to people, and in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from signaling.adapters.auth.tokens import csrf_of
from signaling.adapters.gateway.health import REPORTS_BURST
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.health import KioskHealth
from signaling.protocol.health import HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, KioskId, MediaEngine, Role, StaffId
from signaling.service.ports import Staff
from tests.signaling.adapters.notify.smtp_server import HOST, smtp_server
from tests.support.edges import SetClock
from tests.support.wire import LIBRARY, ORIGIN, KioskEnd, ServedWire, Wire, add_library, wire_server

K1 = KioskId("k1")
#: The page looks this often; a kiosk that died must be red there within so many seconds.
PAGE_EVERY_S = 5.0
RED_WITHIN_S = 30.0
PATIENCE_S = 20.0
LOOK_EVERY_S = 0.1


def report(**changes: Any) -> dict[str, Any]:
    return {"test": "boot", "areas": ["machine"], "findings": [], "numbers": {}, "seconds": 1.5, **changes}


async def row(wire: Wire) -> KioskHealth | None:
    return await wire.store.find_health(K1)


async def page(wire: Wire) -> Any:
    """What the health page of an admin reads."""
    if "admin" not in wire.tokens:
        await wire.add_staff("admin", "Adm", frozenset({Role.BRANCH_ADMIN}))
    token = wire.tokens["admin"]
    headers = {"Cookie": f"librarian-session={token}", "X-CSRF-Token": csrf_of(token), "Origin": ORIGIN}
    async with wire.http.get(f"{wire.url}/api/admin/health", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return (await answer.json())["kiosks"][0]


async def until(true: Callable[[], Awaitable[Any]], patience_s: float = PATIENCE_S) -> None:
    """Ask until it is so."""
    async with asyncio.timeout(patience_s):
        while not await true():  # noqa: ASYNC110 - asked over HTTP, and nobody tells
            await asyncio.sleep(LOOK_EVERY_S)


async def figures(wire: Wire) -> str:
    async with wire.http.get(f"{wire.url}/metrics") as answer:
        return await answer.text()


async def test_a_report_is_kept_with_what_runs_there_and_is_on_the_page(wire: ServedWire) -> None:
    kiosk = await wire.kiosk(software="1.4.0", engine="aiortc")
    await kiosk.ok(
        "health.report",
        report(findings=["microphone_deaf", "too_hot"], numbers={"temperature_c": 81.5}, drawn=True),
    )
    kept = await row(wire)
    assert kept is not None
    now = wire.clock.now()
    assert (kept.connected, kept.software, kept.engine, kept.instance) == (True, "1.4.0", MediaEngine.AIORTC, "i1")
    assert kept.findings == {HealthCode.MICROPHONE_DEAF: now, HealthCode.TOO_HOT: now}
    assert (kept.numbers, kept.test, kept.drawn_at) == ({HealthNumber.TEMPERATURE_C: 81.5}, TestKind.BOOT, now)
    shown = await page(wire)
    assert (shown["light"], shown["version"], shown["connected"], shown["in_visit"]) == ("red", "1.4.0", True, False)
    points = await wire.store.health_points(K1, since=now)
    assert [point.findings for point in points] == [(HealthCode.MICROPHONE_DEAF, HealthCode.TOO_HOT)]


async def test_a_kiosk_in_a_visit_is_shown_so(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    await kiosk.tap()
    assert (await page(wire))["in_visit"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"test": "guess"},
        {"findings": ["broken"]},
        {"numbers": {"mood": 1}},
        {"numbers": {"cpu_percent": "much"}},
        {"numbers": {"cpu_percent": 1e12}},
        {"seconds": -1},
        {"findings": ["too_hot"] * 99},
    ],
    ids=str,
)
async def test_what_is_no_report_is_refused_and_changes_nothing(wire: ServedWire, wrong: dict[str, Any]) -> None:
    kiosk = await wire.kiosk()
    before = await row(wire)
    assert await kiosk.refused("health.report", report(**wrong)) == "malformed"
    assert await row(wire) == before


async def test_a_console_tells_no_health(wire: ServedWire) -> None:
    seat = await wire.seat()
    assert await seat.refused("health.report", report()) == "unknown_message"


async def test_a_kiosk_that_tells_too_fast_is_refused_also_after_it_has_come_anew(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    for _ in range(REPORTS_BURST):
        await kiosk.ok("health.report", report(test="light"))
    assert await kiosk.refused("health.report", report()) == "too_fast"
    again = await wire.kiosk()
    assert await again.refused("health.report", report()) == "too_fast"


async def test_a_kiosk_that_hangs_up_is_gone_at_once(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    assert (await page(wire))["connected"]
    await kiosk.close()

    async def is_gone() -> bool:
        return not (await page(wire))["connected"]

    await until(is_gone)


async def test_prometheus_reads_how_the_kiosk_is(wire: ServedWire) -> None:
    kiosk = await wire.kiosk()
    await kiosk.ok("health.report", report(findings=["too_hot"], numbers={"temperature_c": 81.5}))

    async def is_shown() -> bool:
        return 'librarian_kiosk_temperature_c{branch="burtrask",kiosk="k1"} 81.5' in await figures(wire)

    await until(is_shown)
    shown = await figures(wire)
    assert 'librarian_kiosk_light{branch="burtrask",kiosk="k1"} 1.0' in shown
    assert 'librarian_kiosk_finding{branch="burtrask",code="too_hot",kiosk="k1"} 1.0' in shown
    assert 'librarian_kiosk_reports_total{test="boot"} 1.0' in shown
    assert "Entrance" not in shown


@pytest.mark.thorough
async def test_who_looks_after_kiosks_gets_a_letter_and_another_when_it_is_mended() -> None:
    store, clock = MemoryStore(), SetClock()
    with smtp_server() as (received, port):
        mail = {"host": HOST, "port": port, "tls": "none", "sender": "library@example.org"}
        async with wire_server(store, clock, mail=mail) as wire:
            admin = Staff(
                StaffId("bo"),
                LIBRARY,
                "bo",
                "Bo",
                frozenset({Role.BRANCH_ADMIN}),
                "",
                must_change_password=False,
                email="bo@example.org",
                alerts=True,
            )
            await store.add_staff(admin)
            kiosk = await wire.kiosk()

            async def letter(number: int) -> Any:
                async def is_there() -> bool:
                    return len(received.messages) >= number

                await until(is_there)
                return received.messages[number - 1]

            await kiosk.ok("health.report", report(findings=["microphone_deaf"]))
            clock.later(61)
            found = await letter(1)
            assert found["To"] == "bo@example.org"
            assert found["Subject"] == "Burträsk, Entrance k1: Mikrofonen hör ingenting alls"
            assert "Se efter att mikrofonen inte är avstängd" in found.get_content()
            assert "/#manage/health" in found.get_content()

            async def is_noticed() -> bool:
                return [alert.mended_at for alert in await store.alerts(LIBRARY, limit=9)] != [None]

            await kiosk.ok("health.report", report())
            await until(is_noticed)
            clock.later(61)
            assert (await letter(2))["Subject"] == "Burträsk, Entrance k1: i ordning igen"
    assert len(received.messages) == 2


@asynccontextmanager
async def served() -> AsyncIterator[Wire]:
    """A server as it is in service: aiohttp's own server for tests ends handlers that this one lets go on."""
    store = MemoryStore()
    await add_library(store)
    runner = web.AppRunner(make_app(Settings(), store, clock=SystemClock()))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as http:
        yield Wire(f"http://{host}:{port}", store, SystemClock(), http)
    await runner.cleanup()


@asynccontextmanager
async def cable(url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A way to a server that can be cut without either end being told: its address, and the cut."""
    cut, ended = asyncio.Event(), asyncio.Event()
    works: list[asyncio.Task[None]] = []
    writers: list[asyncio.StreamWriter] = []
    host, _, port = url.removeprefix("http://").partition(":")

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if not cut.is_set():
                writer.write(data)
        await ended.wait()  # that one end hung up is not told to the other

    async def plug(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writers.extend((writer, far_writer))
        works.extend((asyncio.create_task(carry(reader, far_writer)), asyncio.create_task(carry(far_reader, writer))))

    server = await asyncio.start_server(plug, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", cut
    finally:
        ended.set()
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*works, return_exceptions=True)


@pytest.mark.thorough
async def test_a_kiosk_that_dies_without_a_word_is_red_on_the_page_in_time() -> None:
    async with served() as wire, cable(wire.url) as (url, cut):
        kiosk = KioskEnd(KIOSK_NAMESPACE)
        await kiosk.connect(url, await wire.kiosk_hello())
        await kiosk.ok("health.report", report())
        assert (await page(wire))["light"] == "green"
        cut.set()
        died_s = time.monotonic()

        async def is_red() -> bool:
            return bool((await page(wire))["light"] == "red")

        await until(is_red, RED_WITHIN_S)
        noticed_s = time.monotonic() - died_s
        assert (await page(wire))["findings"][0]["code"] == "away"
        assert noticed_s + PAGE_EVERY_S <= RED_WITHIN_S
        await kiosk.close()
