"""Who may call the echo, and with which relay; with programs that do as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio

from signaling.adapters.echo.desk import AT_ONCE, EVERY_S, EchoDesk
from signaling.adapters.echo.spoken import EchoError, EchoRefused, EchoRequest
from signaling.adapters.gateway.connections import Connection, Pace
from signaling.adapters.metrics import PrometheusMetrics
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.turn import CoturnCredentials
from signaling.domain import commands as c
from signaling.domain.places import Branch, Kiosk
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import EchoAnswer, EchoOffer
from signaling.protocol.vocabulary import KIOSK_NAMESPACE, KioskId, Party, RelayFinding, RelayTransport
from signaling.service.ports import RelayStatus
from tests.support.edges import SetClock
from tests.support.peers import until
from tests.support.wire import BRANCH, LIBRARY, LINE, add_library

OFFER = EchoOffer(sdp="an offer")
UDP_URL, TCP_URL = "turn:relay.example?transport=udp", "turn:relay.example?transport=tcp"


class ToldProcess:
    """A program that answers when it may, and goes on until it is ended."""

    def __init__(self, sdp: str = "an answer", error: EchoError | None = None) -> None:
        self.asked: list[EchoRequest] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.gone = asyncio.Event()
        self._sdp = sdp
        self._error = error

    async def answer(self, request: EchoRequest) -> str:
        self.asked.append(request)
        await self.may_answer.wait()
        if self._error is not None:
            raise EchoRefused(self._error)
        return self._sdp

    async def ended(self) -> None:
        await self.gone.wait()

    async def end(self) -> None:
        self.may_answer.set()
        self.gone.set()


@dataclass
class Known:
    """What the server's own tries of the relay found."""

    findings: Sequence[tuple[str, RelayFinding | None]] = ()

    def statuses(self) -> Sequence[RelayStatus]:
        return [RelayStatus(url, RelayTransport.UDP, finding) for url, finding in self.findings]


@dataclass
class Ids:
    count: int = 0

    def new(self) -> str:
        self.count += 1
        return f"id-{self.count}"


@dataclass
class Room:
    """A desk, its programs, and a clock."""

    store: MemoryStore
    relays: Known = field(default_factory=Known)
    metrics: PrometheusMetrics = field(default_factory=PrometheusMetrics)
    processes: list[ToldProcess] = field(default_factory=list)
    next_process: ToldProcess | OSError | None = None
    now_s: float = 100.0
    desks: list[EchoDesk] = field(default_factory=list)

    def desk(self, *, relay_only: bool = False) -> EchoDesk:
        made = EchoDesk(
            turn=CoturnCredentials([UDP_URL, TCP_URL], "hush", 600),
            relays=self.relays,
            clock=SetClock(),
            ids=Ids(),
            metrics=self.metrics,
            directory=self.store.directory,
            relay_only=relay_only,
            start=self._start,
            monotonic_s=lambda: self.now_s,
        )
        self.desks.append(made)
        return made

    async def _start(self) -> ToldProcess:
        await asyncio.sleep(0)
        if isinstance(self.next_process, OSError):
            raise self.next_process
        self.processes.append(self.next_process or ToldProcess())
        self.next_process = None
        return self.processes[-1]

    def counted(self, outcome: str) -> bool:
        return f'librarian_echo_calls_total{{outcome="{outcome}"}} 1.0' in self.metrics.text().decode()

    async def change_branch(self, **changes: object) -> None:
        directory = await self.store.directory()
        branch: Branch = replace(directory.branches[BRANCH], **changes)  # type: ignore[arg-type]
        await self.store.put(branch)


def who(kiosk_id: str = "k1") -> Connection:
    """A kiosk's connection."""
    id_ = KioskId(kiosk_id)
    return Connection(
        "sid",
        KIOSK_NAMESPACE,
        Party.VISITOR,
        id_,
        LIBRARY,
        LINE,
        Pace(0.0),
        c.ConnectKiosk(id_, BRANCH),
        c.LoseKiosk(id_),
    )


async def refused(call: object, code: ErrorCode) -> dict[str, str | int]:
    """A call that is refused with this code; what is said with it."""
    assert asyncio.iscoroutine(call)
    with pytest.raises(WireError) as refusal:
        await call
    assert refusal.value.code is code
    return refusal.value.data


async def _result(task: asyncio.Task[EchoAnswer]) -> EchoAnswer:
    return await task


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    store = MemoryStore()
    await add_library(store)
    for number in range(1, 5):
        kiosk = Kiosk(KioskId(f"k{number}"), BRANCH, f"Entrance {number}", b"key")
        await store.add_kiosk(kiosk, bytes([number]), SetClock().now())
    made = Room(store)
    yield made
    for desk in made.desks:
        await desk.close()


async def test_an_offer_gets_the_program_s_answer(room: Room) -> None:
    answer = await room.desk().call(who(), OFFER)
    assert answer.sdp == "an answer"
    assert room.processes[0].asked == [EchoRequest("an offer")]
    assert room.counted("answered")


async def test_so_many_call_at_once_and_the_next_is_told_when_to_come_again(room: Room) -> None:
    desk = room.desk()
    for number in range(AT_ONCE):
        await desk.call(who(f"k{number + 1}"), OFFER)
    said = await refused(desk.call(who("k4"), OFFER), ErrorCode.UNAVAILABLE)
    assert said == {"retry_after_s": 2}
    assert room.counted("busy")
    assert len(room.processes) == AT_ONCE


async def test_who_found_no_room_may_try_at_once_when_there_is_some(room: Room) -> None:
    desk = room.desk()
    for number in range(AT_ONCE):
        await desk.call(who(f"k{number + 1}"), OFFER)
    await refused(desk.call(who("k4"), OFFER), ErrorCode.UNAVAILABLE)
    room.processes[0].gone.set()
    await until(lambda: len(desk._calls) < AT_ONCE, "room")
    await desk.call(who("k4"), OFFER)


async def test_two_that_come_at_the_same_moment_count_as_two(room: Room) -> None:
    desk = room.desk()
    answers = await asyncio.gather(*(desk.call(who(f"k{n}"), OFFER) for n in (1, 2, 3)), return_exceptions=True)
    assert sum(isinstance(answer, WireError) for answer in answers) == 1


async def test_one_kiosk_calls_no_sooner_than_after_its_time(room: Room) -> None:
    desk = room.desk()
    await desk.call(who(), OFFER)
    room.processes[0].gone.set()
    room.now_s += EVERY_S - 2.5
    assert await refused(desk.call(who(), OFFER), ErrorCode.TOO_FAST) == {"retry_after_s": 3}
    await desk.call(who("k2"), OFFER)
    room.processes[1].gone.set()
    room.now_s += 2.5
    await until(lambda: not desk._calls, "room")
    await desk.call(who(), OFFER)


async def test_a_bad_offer_is_malformed_and_leaves_no_program(room: Room) -> None:
    room.next_process = ToldProcess(error=EchoError.BAD_OFFER)
    await refused(room.desk().call(who(), OFFER), ErrorCode.MALFORMED)
    assert room.processes[0].gone.is_set()
    assert room.counted("bad_offer")


@pytest.mark.expected_log("echo_broke")
async def test_a_program_that_breaks_is_our_own_fault_and_leaves_no_program(room: Room) -> None:
    room.next_process = ToldProcess(error=EchoError.BROKEN)
    await refused(room.desk().call(who(), OFFER), ErrorCode.INTERNAL)
    assert room.processes[0].gone.is_set()
    assert room.counted("broken")


@pytest.mark.expected_log("echo_broke")
@pytest.mark.expected_log("echo_not_started")
async def test_a_machine_that_starts_no_program_is_our_own_fault(room: Room) -> None:
    room.next_process = OSError("no more processes")
    desk = room.desk()
    await refused(desk.call(who(), OFFER), ErrorCode.INTERNAL)
    await until(lambda: not desk._calls, "the call is over")


async def test_a_kiosk_that_hangs_up_before_the_answer_breaks_nothing(room: Room) -> None:
    room.next_process = process = ToldProcess()
    process.may_answer.clear()
    calling = asyncio.create_task(room.desk().call(who(), OFFER))
    await until(lambda: process.asked, "the program is asked")
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    process.may_answer.set()


async def test_closing_ends_the_programs_and_takes_no_more_calls(room: Room) -> None:
    desk = room.desk()
    await desk.call(who(), OFFER)
    await desk.close()
    assert room.processes[0].gone.is_set()
    await refused(desk.call(who("k2"), OFFER), ErrorCode.UNAVAILABLE)


async def test_a_call_that_was_ended_with_the_server_did_not_break(room: Room) -> None:
    room.next_process = process = ToldProcess(error=EchoError.BROKEN)
    process.may_answer.clear()
    desk = room.desk()
    calling = asyncio.create_task(desk.call(who(), OFFER))
    await until(lambda: process.asked, "the program is asked")
    await desk.close()
    await refused(_result(calling), ErrorCode.UNAVAILABLE)


async def test_a_program_that_starts_while_the_server_ends_is_ended_too(room: Room) -> None:
    desk = room.desk()
    calling = asyncio.create_task(desk.call(who(), OFFER))
    await asyncio.sleep(0)  # it is in the books, and the program is about to start
    await desk.close()
    await asyncio.gather(calling, return_exceptions=True)
    assert len(room.processes) == 1
    assert all(process.gone.is_set() for process in room.processes)


# --- relays -----------------------------------------------------------------------------------------------


async def relay_used(room: Room) -> EchoRequest:
    await room.desk().call(who(), OFFER)
    return room.processes[-1].asked[0]


async def test_the_echo_uses_the_first_way_to_the_relay_that_the_server_reaches(room: Room) -> None:
    room.relays.findings = [(UDP_URL, RelayFinding.UNREACHABLE), (TCP_URL, RelayFinding.REACHED)]
    asked = await relay_used(room)
    assert asked.urls == (TCP_URL,)
    assert asked.username.endswith(":id-1")
    assert asked.credential


async def test_before_the_relay_was_tried_the_first_way_is(room: Room) -> None:
    room.relays.findings = [(UDP_URL, None), (TCP_URL, None)]
    assert (await relay_used(room)).urls == (UDP_URL,)


async def test_a_relay_that_the_server_does_not_reach_is_not_waited_for(room: Room) -> None:
    room.relays.findings = [(UDP_URL, RelayFinding.UNREACHABLE), (TCP_URL, RelayFinding.REFUSED)]
    assert (await relay_used(room)).urls == ()


@pytest.mark.parametrize(("installation", "branch"), [(True, False), (False, True)])
async def test_where_calls_go_over_the_relay_alone_the_echo_does_and_is_told_to_the_kiosk(
    room: Room, installation: bool, branch: bool
) -> None:
    await room.change_branch(relay_only=branch)
    desk = room.desk(relay_only=installation)
    assert (await desk.ice(who())).relay_only
    await desk.call(who(), OFFER)
    assert room.processes[0].asked[0].relay_only


async def test_a_test_gets_servers_and_bitrates_as_a_call_from_there_would(room: Room) -> None:
    await room.change_branch(video_max_kbps=700, audio_max_kbps=24)
    granted = await room.desk().ice(who())
    assert granted.servers[0].urls == (UDP_URL, TCP_URL)
    assert (granted.video_start_kbps, granted.video_max_kbps, granted.audio_max_kbps) == (700, 700, 24)
    assert not granted.relay_only


async def test_each_test_has_a_name_of_its_own_at_the_relay(room: Room) -> None:
    desk = room.desk()
    names = {(await desk.ice(who())).servers[0].username for _ in range(3)}
    assert len(names) == 3


async def test_a_kiosk_whose_branch_was_taken_away_gets_the_defaults(room: Room) -> None:
    assert (await room.desk().ice(who("unknown"))).servers
