"""The real server as a process on SQLite: killed without a word, started again, ended politely.

Durations pass on a real clock, so each test shortens only the one that it waits for, and waits for an event.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from signaling.adapters.store_sql import migrate, open_store
from signaling.adapters.system import SystemClock
from tests.support.thorough import times
from tests.support.wire import KioskEnd, SeatEnd, Wire, add_library

#: How long a start or an end may take on a busy machine.
START_S = 120.0
#: So soon after the server is back a call must be in hand again: hold, text, goodbye.
IN_HAND_S = 5.0
#: How often the server is killed within one call.
KILLS = times(20, quick=4)
#: How much later than its time a deadline may pass on a busy machine.
LATE_S = 2.0

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """`python -m signaling serve`, as often as a test likes, on one database and one port."""

    wire: Wire
    folder: Path
    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    log: list[dict[str, Any]] = field(default_factory=list)

    async def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "signaling", "serve", env=self.environment, cwd=self.folder, stderr=log
            )
        async with asyncio.timeout(START_S):
            while not await self._answers():
                assert self.process.returncode is None, self._lines()
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()
        for end in self.wire.ends:
            await end.ended()

    async def stop(self) -> int:
        """End it politely; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_S):
            return await self.process.wait()

    def complaints(self) -> list[dict[str, Any]]:
        """What it logged at warning or above."""
        return [line for line in self._lines() if line["level"] not in {"info", "debug"}]

    async def _answers(self) -> bool:
        try:
            async with self.wire.http.get(f"{self.wire.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _lines(self) -> list[dict[str, Any]]:
        text = (self.folder / "server.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest_asyncio.fixture
async def server(request: pytest.FixtureRequest, tmp_path: Path, project_root: Path) -> AsyncIterator[Server]:
    """A running server; the parameter sets durations."""
    url = f"sqlite:///{tmp_path / 'librarian.sqlite3'}"
    await migrate(url)
    store = await open_store(url)
    await add_library(store)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "DATABASE__URL": url,
        "SERVER__PORT": str(port),
        "SERVER__ALLOWED_ORIGINS": "http://localhost:8080",
        "TIMEOUTS__RING_TIMEOUT_S": "600",
        "TIMEOUTS__SEAT_GRACE_S": "600",
        "TIMEOUTS__KIOSK_GRACE_S": "600",
        **getattr(request, "param", {}),
    }
    ours = {f"LIBRARIAN_{name}": value for name, value in settings.items()}
    async with aiohttp.ClientSession() as http:
        wire = Wire(f"http://127.0.0.1:{port}", store, SystemClock(), http)
        running = Server(wire, tmp_path, {**os.environ, **ours, "PYTHONPATH": str(project_root)})
        await running.start()
        yield running
        for end in wire.ends:
            await end.close()
        if running.process is not None and running.process.returncode is None:
            await running.stop()
    await store.close()
    assert running.complaints() == []


async def three_in_the_line(wire: Wire) -> tuple[SeatEnd, list[KioskEnd]]:
    """A seat where the first of three visits rings; the second had been with a librarian who stepped out."""
    seat = await wire.seat_on_duty()
    kiosks = [await wire.kiosk(f"k{n}") for n in (1, 2, 3)]
    for kiosk in kiosks:
        await kiosk.can_be_answered()
        await kiosk.tap(f"tap-{kiosk.view['kiosk_id']}")
    visit_id = await seat.accept()
    await seat.ok("visit.leave", {"visit_id": visit_id})
    offer = await seat.rings()
    assert offer["visit_id"] == kiosks[1].visit["id"]
    return seat, kiosks


def places(seat: SeatEnd) -> dict[str, int]:
    line: Any = seat.view["line"]
    return {visit_id: entry["place"] for visit_id, entry in line.items()}


@pytest.mark.parametrize("server", [{"TIMEOUTS__RING_TIMEOUT_S": "15"}], indirect=True)
async def test_after_kill_9_the_line_has_its_order_and_the_open_ring_ends_on_time(server: Server) -> None:
    wire = server.wire
    seat, kiosks = await three_in_the_line(wire)
    await seat.until(lambda: sorted(places(seat).values()) == [1, 2, 3])
    before, offer, seat_id = places(seat), seat.offer, seat.id
    visits = [kiosk.visit["id"] for kiosk in kiosks]
    await server.kill()
    await server.start()
    seat = await wire.seat(seat_id=seat_id)
    await seat.ok("seat.proof", {"sound": True, "microphone": True, "camera": True})
    back = [await wire.kiosk(f"k{n}") for n in (1, 2, 3)]
    assert seat.id == seat_id
    await seat.until(lambda: places(seat) == before)
    assert [kiosk.visit["id"] for kiosk in back] == visits
    assert [kiosk.visit["place"] for kiosk in back] == [before[visit] for visit in visits]
    assert seat.offer == offer, "the ring goes on, with the deadline that it had"
    await seat.until(lambda: seat.offer is None, patience_s=START_S)
    late_s = (SystemClock().now() - datetime.fromisoformat(offer["deadline"])).total_seconds()
    assert 0 <= late_s < LATE_S
    pause: Any = seat.view["seat"]
    assert pause["pause"]["reason"] == "unanswered"
    await seat.until(lambda: places(seat) == before)


@pytest.mark.thorough
async def test_a_ring_can_be_taken_right_after_kill_9(server: Server) -> None:
    wire = server.wire
    seat, kiosks = await three_in_the_line(wire)
    offer, seat_id = seat.offer, seat.id
    await server.kill()
    await server.start()
    seat = await wire.seat(seat_id=seat_id)
    await seat.ok("seat.proof", {"sound": True, "microphone": True, "camera": True})
    await seat.ok("offer.accept", {"offer_id": offer["id"]})
    kiosk = await wire.kiosk("k2")
    assert (kiosk.visit["id"], kiosk.visit["state"]) == (kiosks[1].visit["id"], "connecting")


@pytest.mark.thorough
@pytest.mark.parametrize("server", [{"TIMEOUTS__RING_TIMEOUT_S": "4"}], indirect=True)
async def test_a_ring_whose_time_ran_out_while_the_server_was_away_begins_anew(server: Server) -> None:
    wire = server.wire
    seat, _ = await three_in_the_line(wire)
    offer, seat_id = seat.offer, seat.id
    await server.kill()
    left_s = (datetime.fromisoformat(offer["deadline"]) - SystemClock().now()).total_seconds()
    await asyncio.sleep(left_s + 0.1)  # the server is away, so there is no event to wait for
    await server.start()
    seat = await wire.seat(seat_id=seat_id)
    assert seat.id == seat_id, "its grace began with the start"
    await seat.ok("seat.proof", {"sound": True, "microphone": True, "camera": True})
    await wire.kiosk("k2")
    again = await seat.rings()
    assert again["visit_id"] == offer["visit_id"]
    assert again["id"] != offer["id"]


@pytest.mark.thorough
async def test_a_conversation_goes_on_after_kill_9(server: Server) -> None:
    wire = server.wire
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    await server.kill()
    await server.start()
    kiosk, seat = await wire.kiosk(), await wire.seat(seat_id=seat_id)
    for visit in (kiosk.visit, seat.visit):
        assert (visit["id"], visit["state"], visit["generation"]) == (visit_id, "talking", 1)
    await kiosk.ok("text.draft", {"visit_id": visit_id, "entry": 1, "text": "är du kvar?"})
    await seat.until(lambda: seat.heard("text.draft"))


async def in_hand(kiosk: KioskEnd, seat: SeatEnd, *, entry: int) -> None:
    """Hold, go on, and a typed line: all that a conversation needs of the server."""
    visit = {"visit_id": kiosk.visit["id"]}
    await seat.ok("visit.hold", visit)
    await kiosk.until(lambda: kiosk.visit["state"] == "held")
    await seat.ok("visit.resume", visit)
    await kiosk.until(lambda: kiosk.visit["state"] == "talking")
    await kiosk.ok("text.draft", {**visit, "entry": entry, "text": "är du kvar?"})
    await seat.until(lambda: seat.heard("text.draft"))
    assert kiosk.visit["coming_back_until"] is None
    assert not kiosk.visit["returned"]


@pytest.mark.timeout(1200)
async def test_one_call_outlives_kill_9_again_and_again_and_is_in_hand_again_within_seconds(server: Server) -> None:
    wire = server.wire
    kiosk, seat, visit_id = await wire.talk()
    seat_id, visit = seat.id, {"visit_id": visit_id}
    now, took_s = asyncio.get_running_loop().time, []
    for kill in range(1, KILLS + 1):
        await server.kill()
        await server.start()
        back_at = now()
        kiosk, seat = await asyncio.gather(wire.kiosk(), wire.seat(seat_id=seat_id))
        for shown in (kiosk.visit, seat.visit):
            assert (shown["id"], shown["state"], shown["generation"]) == (visit_id, "talking", 1)
        await in_hand(kiosk, seat, entry=kill)
        took_s.append(now() - back_at)
    assert max(took_s) < IN_HAND_S, took_s
    await server.kill()
    await server.start()
    back_at = now()
    kiosk, seat = await asyncio.gather(wire.kiosk(), wire.seat(seat_id=seat_id))
    await seat.ok("visit.finish", visit)
    await kiosk.until(lambda: kiosk.visit is None)
    assert now() - back_at < IN_HAND_S


@pytest.mark.thorough
@pytest.mark.parametrize("server", [{"TIMEOUTS__CONNECT_TIMEOUT_S": "600"}], indirect=True)
async def test_paths_that_are_made_ready_outlive_kill_9_and_a_fresh_browser_finds_its_call(server: Server) -> None:
    wire = server.wire
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    visit = {"visit_id": await kiosk.tap()}
    await seat.rings()
    seat_id = seat.id
    await server.kill()
    await server.start()
    kiosk, seat = await wire.kiosk(), await wire.seat(seat_id=seat_id)
    assert kiosk.visit["preparing"] == [seat.offer["generation"]] == [1]
    candidate = {**visit, "generation": 1, "candidate": "candidate:1"}
    await kiosk.ok("call.candidate", candidate)
    await seat.until(lambda: seat.heard("call.candidate"))
    await seat.ok("seat.proof", {"sound": True, "microphone": True, "camera": True})
    await seat.accept()
    await kiosk.until(lambda: kiosk.visit["state"] == "connecting" and kiosk.visit["generation"] == 1)
    await kiosk.ok("call.connected", {**visit, "generation": 1})
    await seat.until(lambda: seat.visit and seat.visit["state"] == "talking")
    await seat.drop()
    await server.kill()
    await server.start()
    seat = await wire.seat()
    assert (seat.id, seat.visit["id"]) == (seat_id, visit["visit_id"])


@pytest.mark.thorough
@pytest.mark.parametrize("server", [{"TIMEOUTS__SEAT_GRACE_S": "6", "TIMEOUTS__KIOSK_GRACE_S": "9"}], indirect=True)
async def test_graces_run_after_kill_9_for_those_who_do_not_come_back(server: Server) -> None:
    wire = server.wire
    kiosk, _, _ = await wire.talk()
    waiting = await wire.kiosk("k2")
    waiting_id = await waiting.tap()
    await server.kill()
    await server.start()
    other = await wire.seat_on_duty("bo")
    kiosk = await wire.kiosk()
    assert kiosk.visit["state"] == "talking"
    assert set(places(other)) == {kiosk.visit["id"], waiting_id}
    await kiosk.until(lambda: kiosk.visit["returned"], patience_s=START_S)
    assert (await other.rings())["visit_id"] == kiosk.visit["id"], "back at the front"
    await other.until(lambda: set(places(other)) == {kiosk.visit["id"]}, patience_s=START_S)


@pytest.mark.thorough
async def test_a_polite_end_is_quick_and_takes_nothing_from_anybody(server: Server) -> None:
    wire = server.wire
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    started = asyncio.get_running_loop().time()
    assert await server.stop() == 0
    assert asyncio.get_running_loop().time() - started < 10
    await kiosk.ended()
    await seat.ended()
    await server.start()
    kiosk, seat = await wire.kiosk(), await wire.seat(seat_id=seat_id)
    assert kiosk.visit["id"] == seat.visit["id"] == visit_id
    assert seat.visit["state"] == "talking"
