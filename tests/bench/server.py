"""One server process with a crowd: tap to ring, availability to all, at rest, and back after a power cut."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signaling.adapters.auth.tokens import csrf_of, token_hash
from signaling.adapters.store_sql import open_store
from signaling.domain.places import Branch, Kiosk, Library, Service
from signaling.protocol.vocabulary import BranchId, KioskId, Language, LibraryId, Role, ServiceId, StaffId
from signaling.service.ports import Staff, StaffSession
from tests.bench.crowd import Member, all_up, kiosk_member, seat_member
from tests.bench.report import Figure, publish, say
from tests.support.stage.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

LIBRARY: Final = LibraryId("national")
SERVICE: Final = ServiceId("library-help")
KIOSKS_PER_BRANCH: Final = 4
#: So long a librarian of the crowd takes to answer, and talks.
ANSWER_S: Final = (0.1, 0.6)
TALK_S: Final = (1.0, 3.0)
REST_S: Final = 20.0
SETTLE_S: Final = 5.0
SETTINGS: Final = {
    "LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1",
    # The whole crowd has one address; that limit is for strangers, not for a thousand branches.
    "LIBRARIAN_KIOSKS__CHALLENGES_PER_MINUTE": "10000",
}
UP_WITHIN_S: Final = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--kiosks", type=int, default=1000, help="how many kiosks (1000)")
    parser.add_argument("--seats", type=int, default=300, help="how many consoles (300)")
    parser.add_argument("--taps-per-s", type=float, default=20, help="taps each second (20)")
    parser.add_argument("--seconds", type=float, default=30, help="how long they tap (30)")


async def run(arguments: argparse.Namespace) -> None:
    """Seed a database, connect everybody, and measure."""
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), settings=SETTINGS)
        server.command("migrate")
        kiosks, seats = await _seed(Path(folder), server.url, arguments.kiosks, arguments.seats)
        cores = sorted(os.sched_getaffinity(0))
        # The server has one core to itself, as the figures say; the crowd takes what is left.
        os.sched_setaffinity(0, cores[:1])
        await server.start()
        os.sched_setaffinity(0, cores[1:] or cores)
        try:
            async with _crowd(server.url, [*kiosks, *seats]):
                figures = await _measure(server, kiosks, seats, arguments)
        finally:
            await server.stop()
    publish(figures, started_s, arguments.json)


async def _measure(
    server: Server, kiosks: list[Member], seats: list[Member], arguments: argparse.Namespace
) -> list[Figure]:
    everybody = [*kiosks, *seats]
    began = time.perf_counter()
    if not await all_up(everybody, UP_WITHIN_S):
        say(f"not everybody came up: {sum(not one.up.is_set() for one in everybody)} are missing")
    say(f"{len(everybody)} connected after {time.perf_counter() - began:.1f} s")
    try:
        async with asyncio.timeout(UP_WITHIN_S):
            await asyncio.gather(*(_go_on_duty(seat) for seat in seats))
    except TimeoutError:
        say("NOT all consoles came on duty")
    else:
        say("all consoles are on duty")
    await asyncio.sleep(SETTLE_S)  # what three hundred who come at once leave to be told
    taps = Taps(kiosks, seats)
    latencies = await taps.play(arguments.taps_per_s, arguments.seconds)
    say(f"{len(latencies)} taps rang, {taps.unanswered} did not, {taps.refused} were refused")
    say(f"{taps.dropped} acts met a connection that was lost")
    down, up = await _availability(kiosks, seats)
    say("everybody rests")
    await asyncio.sleep(5)
    process = _process(server)
    cpu_s, at = _cpu_s(process), time.perf_counter()
    await asyncio.sleep(REST_S)
    rest_cores = (_cpu_s(process) - cpu_s) / (time.perf_counter() - at)
    memory_mb = process.memory_info().rss / 1e6
    say("power cut")
    server.kill()
    await asyncio.gather(*(_fallen(one) for one in everybody))
    back_from = time.perf_counter()
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(set(range(os.cpu_count() or 1)))})
    await server.start()
    say(f"it serves again after {time.perf_counter() - back_from:.1f} s")
    os.sched_setaffinity(0, cores)
    all_back = await all_up(everybody, UP_WITHIN_S)
    back_s = time.perf_counter() - back_from
    say(f"back after {back_s:.1f} s; the server used {_cpu_s(_process(server)):.1f} s of its core for it")
    return [
        Figure("tap to ring at a console, p50", _ms(latencies, 0.5), "ms"),
        Figure("tap to ring at a console, p99", _ms(latencies, 0.99), "ms", 100),
        Figure("taps that rang nowhere", taps.unanswered + taps.refused, "", 0),
        Figure("green to not green, seen by all kiosks, p99", _ms(down, 0.99), "ms", 1000),
        Figure("not green to green, seen by all kiosks, p99", _ms(up, 0.99), "ms", 1000),
        Figure("everybody back after kill -9, with snapshots", round(back_s, 2) if all_back else None, "s", 10),
        Figure("memory of the server", round(memory_mb, 1), "MB", 200),
        Figure("memory per connection", round(memory_mb * 1000 / len(everybody), 1), "kB"),
        Figure("server at rest", round(rest_cores, 3), "cores", 0.1),
    ]


class Taps:
    """Visitors who tap at random idle kiosks, librarians who answer, talk for a moment and finish."""

    def __init__(self, kiosks: list[Member], seats: list[Member]) -> None:
        self._idle = list(kiosks)
        self._seats = seats
        self._tapped: dict[str, float] = {}
        self._latencies: list[float] = []
        self._works: set[asyncio.Task[None]] = set()
        self._busy: set[int] = set()
        self.unanswered = 0
        self.refused = 0
        self.dropped = 0
        for seat in seats:
            seat.on_view = self._looked

    async def play(self, per_s: float, seconds: float) -> list[float]:
        """Tap so often for so long; seconds from each tap to its first ring."""
        end = time.perf_counter() + seconds
        number = 0
        while (now := time.perf_counter()) < end:
            number += 1
            if self._idle:
                kiosk = self._idle.pop(random.randrange(len(self._idle)))
                self._work(self._visit(kiosk, number))
            await asyncio.sleep(max(0.0, 1 / per_s - (time.perf_counter() - now)))
        while self._works:
            await asyncio.wait(self._works)
        for seat in self._seats:
            seat.on_view = None
        self.unanswered = len(self._tapped)
        return self._latencies

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._forgiving(work))
        self._works.add(task)
        task.add_done_callback(self._works.discard)

    async def _forgiving(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (ConnectionError, TimeoutError):
            self.dropped += 1

    async def _visit(self, kiosk: Member, number: int) -> None:
        """One visit from the tap until the kiosk is idle again."""
        at = time.perf_counter()
        opening = {"request_id": f"tap-{number}", "service_id": SERVICE, "language": "sv"}
        kiosk_id = str(kiosk.view["kiosk_id"])
        self._tapped[kiosk_id] = at
        answer = await kiosk.ask("visit.open", opening)
        if not answer["ok"]:
            self.refused += 1
            del self._tapped[kiosk_id]
            return
        visit_id = answer["data"]["visit_id"]
        ended = asyncio.Event()
        connected = False

        def look(member: Member) -> None:
            nonlocal connected
            visit = member.view.get("visit")
            if not isinstance(visit, dict):
                ended.set()
            elif visit["state"] == "connecting" and not connected:
                connected = True
                reference = {"visit_id": visit_id, "generation": visit["generation"]}
                self._work(_said(member, "call.connected", reference))

        kiosk.on_view = look
        try:
            await asyncio.wait_for(ended.wait(), 60)
        except TimeoutError:
            await kiosk.ask("visit.finish", {"visit_id": visit_id})
        kiosk.on_view = None
        self._idle.append(kiosk)

    def _looked(self, seat: Member) -> None:
        offer = seat.view.get("offer")
        if not isinstance(offer, dict):
            return
        kiosk_id = str(offer["kiosk_name"])
        tapped = self._tapped.pop(kiosk_id, None)
        if tapped is not None:
            self._latencies.append(seat.shown_at - tapped)
        if id(seat) not in self._busy:
            self._busy.add(id(seat))
            self._work(self._answer(seat, str(offer["id"])))

    async def _answer(self, seat: Member, offer_id: str) -> None:
        await asyncio.sleep(random.uniform(*ANSWER_S))
        answer = await seat.ask("offer.accept", {"offer_id": offer_id})
        if answer["ok"]:
            reference = {"visit_id": answer["data"]["visit_id"]}
            await asyncio.sleep(random.uniform(*TALK_S))
            await seat.ask("visit.finish", reference)
            await seat.ask("visit.close_out", {**reference, "topic": "other", "outcome": "solved"})
        self._busy.discard(id(seat))
        self._looked(seat)


async def _said(member: Member, name: str, payload: Any) -> None:
    await member.ask(name, payload)


async def _availability(kiosks: list[Member], seats: list[Member]) -> tuple[list[float], list[float]]:
    """Everybody but one goes off duty; then that one goes, and comes back: seconds until each kiosk shows it."""
    last, *others = seats
    await asyncio.gather(*(seat.ask("seat.duty", {"on_duty": False}) for seat in others))
    await asyncio.sleep(3)
    down = await _seen(kiosks, last, on_duty=False)
    await asyncio.sleep(3)
    up = await _seen(kiosks, last, on_duty=True)
    await asyncio.gather(*(seat.ask("seat.duty", {"on_duty": True}) for seat in others))
    return down, up


async def _seen(kiosks: list[Member], seat: Member, *, on_duty: bool) -> list[float]:
    seen: dict[int, float] = {}
    all_seen = asyncio.Event()

    def look(member: Member) -> None:
        if bool(member.view["availability"]["answerable"]) is on_duty:  # type: ignore[index,call-overload]
            seen.setdefault(id(member), member.shown_at)
            if len(seen) == len(kiosks):
                all_seen.set()

    for kiosk in kiosks:
        kiosk.on_view = look
    at = time.perf_counter()
    await seat.ask("seat.duty", {"on_duty": on_duty})
    try:
        await asyncio.wait_for(all_seen.wait(), 20)
    except TimeoutError:
        say(f"{len(kiosks) - len(seen)} kiosks never saw that somebody is on duty: {on_duty}")
        return []
    finally:
        for kiosk in kiosks:
            kiosk.on_view = None
    return [when - at for when in seen.values()]


async def _go_on_duty(seat: Member) -> None:
    """As a console does: also when its connection was lost on the way."""
    while True:
        await seat.up.wait()
        try:
            await seat.ask("seat.duty", {"on_duty": True})
            await seat.ask("seat.proof", {"sound": True, "microphone": True, "camera": True})
        except (ConnectionError, TimeoutError):
            continue
        return


async def _fallen(member: Member) -> None:
    while member.up.is_set():  # noqa: ASYNC110 - a crowd of thirteen hundred needs no event for it
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _crowd(url: str, members: list[Member]) -> AsyncIterator[None]:
    connector = aiohttp.TCPConnector(limit=0, force_close=False)
    async with aiohttp.ClientSession(connector=connector) as http:
        lives = [asyncio.create_task(member.live(http, url)) for member in members]
        try:
            yield
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)


async def _seed(folder: Path, url: str, kiosks: int, seats: int) -> tuple[list[Member], list[Member]]:
    """Enrolled kiosks and signed-in librarians, as rows: to sign in 300 times would measure argon2."""
    store = await open_store(f"sqlite:///{folder / 'librarian.sqlite3'}")
    now = datetime.now(UTC)
    members: tuple[list[Member], list[Member]] = ([], [])
    try:
        await store.add_library(Library(LIBRARY, "National", Language.SV, "Europe/Stockholm"))
        await store.add_service(Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}))
        for number in range(kiosks):
            branch_id = BranchId(f"b{number // KIOSKS_PER_BRANCH}")
            if number % KIOSKS_PER_BRANCH == 0:
                await store.add_branch(Branch(branch_id, LIBRARY, f"Branch {branch_id}", "0914-1"))
            key = Ed25519PrivateKey.generate()
            raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            kiosk_id = KioskId(f"k{number}")
            await store.add_kiosk(Kiosk(kiosk_id, branch_id, kiosk_id, raw), kiosk_id.encode(), now)
            members[0].append(kiosk_member(url, kiosk_id, key))
        for number in range(seats):
            staff_id, token = StaffId(f"s{number}"), f"token-{number}"
            await store.add_staff(
                Staff(staff_id, LIBRARY, f"s{number}", f"Person {number}", frozenset({Role.LIBRARIAN}), "", False)
            )
            csrf = csrf_of(token)
            session = StaffSession(token_hash(token), staff_id, token_hash(csrf), now, now + timedelta(hours=12))
            await store.add_session(session)
            members[1].append(seat_member(url, token, csrf))
    finally:
        await store.close()
    return members


def _process(server: Server) -> psutil.Process:
    return psutil.Process(server.pid)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _ms(seconds: list[float], share: float) -> float | None:
    """A quantile in milliseconds; None of nothing."""
    if not seconds:
        return None
    if len(seconds) == 1:
        return round(seconds[0] * 1000, 1)
    return round(statistics.quantiles(seconds, n=1000, method="inclusive")[round(share * 1000) - 1] * 1000, 1)
