"""What ends tell of their paths: who may, what is kept, what is counted once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from signaling.adapters.gateway.quality import LATE, TELLS_BURST, QualityDesk, Recent
from signaling.adapters.metrics import PrometheusMetrics
from signaling.adapters.store_memory import MemoryStore
from signaling.domain.model import Visit
from signaling.protocol.errors import WireError
from signaling.protocol.messages import CallQuality
from signaling.protocol.vocabulary import (
    IceTrouble,
    Party,
    PathFault,
    PathQuality,
    RelayTransport,
    SeatId,
    VisitId,
    VisitState,
)
from signaling.service.ports import QualityRecord
from tests.support.edges import SetClock
from tests.support.store_cases import BRANCH, KIOSK, LIBRARY, NOW, line, saved, visit, with_kiosk
from tests.support.wire import Wire

SEAT, GUEST, STRANGER = SeatId("s1"), SeatId("s2"), SeatId("s3")
TALKING = visit(
    state=VisitState.TALKING,
    seat_id=SEAT,
    guest_seat_id=GUEST,
    generation=2,
    guest_generation=3,
    staff_generation=4,
    generations=4,
)


End = tuple[Party, str]
KIOSK_END: End = (Party.VISITOR, KIOSK)
SEAT_END, GUEST_END, STRANGER_END = ((Party.STAFF, seat) for seat in (SEAT, GUEST, STRANGER))


@dataclass
class World:
    """A desk on a store with one conversation of three."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    metrics: PrometheusMetrics = field(default_factory=PrometheusMetrics)

    def __post_init__(self) -> None:
        self.desk = self.another_node()

    def another_node(self) -> QualityDesk:
        return QualityDesk(store=self.store, clock=self.clock, directory=self.store.directory, metrics=self.metrics)

    async def is_now(self, **changes: Any) -> Visit:
        after = replace(TALKING, **changes)
        await saved(self.store, line([after]))
        return after

    async def tell(self, who: End, generation: int = 2, **values: Any) -> None:
        values = {"connect_ms": 300, "seconds": 20, **values}
        await self.desk.tell(*who, CallQuality(visit_id="v1", generation=generation, **values))

    async def refused(self, who: End, generation: int = 2, **values: Any) -> str:
        with pytest.raises(WireError) as refused:
            await self.tell(who, generation, **values)
        return refused.value.code.value

    async def kept(self) -> list[QualityRecord]:
        return list(await self.store.qualities(LIBRARY, before=NOW + timedelta(days=1), limit=99))

    def counted(self, beginning: str) -> list[str]:
        lines = self.metrics.text().decode().splitlines()
        return [line for line in lines if line.startswith(f"librarian_{beginning}") and "_created" not in line]


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    await with_kiosk(world.store)
    await world.is_now()
    yield world


# --- what is kept -------------------------------------------------------------------------------------------


async def test_what_an_end_tells_is_kept_with_the_kiosk_s_branch_and_library(world: World) -> None:
    figures: dict[str, Any] = {
        "seconds": 61.5,
        "connect_ms": 412.0,
        "round_trip_ms": 55.0,
        "loss_in_percent": 2.5,
        "loss_out_percent": 1.0,
        "freezes": 2,
        "frozen_s": 0.75,
        "concealed_percent": 3.0,
        "width_sent": 1280,
        "height_sent": 720,
        "video_codec": "VP8",
        "audio_codec": "opus",
        "relayed": True,
        "relay": RelayTransport.TCP,
        "worst": PathQuality.POOR,
        "faults": (PathFault.NO_PICTURE,),
        "troubles": (IceTrouble.RELAY_UNREACHABLE,),
    }
    await world.tell(SEAT_END, **figures)
    assert await world.kept() == [
        QualityRecord(VisitId("v1"), 2, Party.STAFF, KIOSK, BRANCH, LIBRARY, NOW, engine=None, **figures)
    ]


async def test_a_later_word_on_a_path_replaces_the_earlier_and_the_two_ends_are_kept_apart(world: World) -> None:
    await world.tell(KIOSK_END)
    await world.tell(SEAT_END)
    world.clock.later(20)
    await world.tell(KIOSK_END, seconds=40)
    kept = {(record.party, record.seconds, record.at) for record in await world.kept()}
    assert kept == {(Party.VISITOR, 40.0, NOW + timedelta(seconds=20)), (Party.STAFF, 20.0, NOW)}


async def test_a_path_between_two_seats_says_nothing_of_a_kiosk_s_network_and_is_not_kept(world: World) -> None:
    await world.tell(SEAT_END, 4)
    await world.tell(GUEST_END, 4)
    await world.is_now(guest_seat_id=None, guest_generation=0, staff_generation=0)
    await world.tell(SEAT_END, 4)
    assert await world.kept() == []
    assert 'librarian_call_paths_total{end="staff",relayed="no"} 2.0' in world.counted("call_paths_total")


async def test_a_branch_that_was_taken_away_meanwhile_is_no_fault(world: World) -> None:
    gone = replace(TALKING, branch_id="elsewhere")  # type: ignore[arg-type]
    await saved(world.store, line([gone]))
    await world.tell(KIOSK_END)
    assert await world.kept() == []


# --- who may tell -------------------------------------------------------------------------------------------


async def test_every_end_of_the_call_may_tell_and_a_stranger_may_not(world: World) -> None:
    await world.tell(KIOSK_END)
    await world.tell(SEAT_END)
    await world.tell(GUEST_END, 3)
    assert await world.refused(STRANGER_END) == "not_found"
    assert await world.refused((Party.VISITOR, "k2")) == "not_found"
    # A seat is no kiosk, whatever it is called.
    assert await world.refused((Party.VISITOR, SEAT)) == "not_found"
    assert len(await world.kept()) == 3


async def test_a_visit_that_nobody_knows_is_not_found(world: World) -> None:
    with pytest.raises(WireError, match="not_found"):
        await world.desk.tell(*KIOSK_END, CallQuality(visit_id="v9", generation=1, seconds=1))


async def test_a_path_that_never_was_is_refused(world: World) -> None:
    assert await world.refused(KIOSK_END, 5) == "stale_generation"
    await world.tell(KIOSK_END, 1)  # one of before, told late
    assert [record.generation for record in await world.kept()] == [1]


async def test_a_seat_that_asked_for_the_way_may_tell_after_it_has_left(world: World) -> None:
    world.desk.took_part(STRANGER, VisitId("v1"))
    await world.tell(STRANGER_END)
    assert len(await world.kept()) == 1
    with pytest.raises(WireError, match="not_found"):  # of another visit it knows nothing
        await world.desk.tell(*STRANGER_END, CallQuality(visit_id="v2", generation=1, seconds=1))


async def test_the_last_word_may_come_when_the_visit_has_just_ended_and_not_long_after(world: World) -> None:
    await world.is_now(state=VisitState.ENDED, ended_at=NOW, settled=True)
    world.clock.later(LATE.total_seconds())
    await world.tell(KIOSK_END)
    await world.tell(SEAT_END)
    world.clock.later(1)
    assert await world.refused(KIOSK_END) == "wrong_state"
    assert len(await world.kept()) == 2


async def test_who_tells_too_often_is_refused_and_heard_again_a_moment_later(world: World) -> None:
    for _ in range(TELLS_BURST):
        await world.tell(KIOSK_END)
    assert await world.refused(KIOSK_END) == "too_fast"
    await world.tell(SEAT_END)
    world.clock.later(1)
    await world.tell(KIOSK_END)


async def test_strangers_pay_for_their_questions_too(world: World) -> None:
    assert [await world.refused(STRANGER_END) for _ in range(TELLS_BURST)] == ["not_found"] * TELLS_BURST
    assert await world.refused(STRANGER_END) == "too_fast"


# --- what is counted ----------------------------------------------------------------------------------------


async def test_a_path_is_counted_once_and_its_figures_each_time(world: World) -> None:
    for loss in (0.0, 3.0):
        await world.tell(KIOSK_END, loss_in_percent=loss, round_trip_ms=120)
    assert world.counted("call_paths_total") == ['librarian_call_paths_total{end="visitor",relayed="no"} 1.0']
    assert "librarian_call_path_connect_seconds_count 1.0" in world.counted("call_path_connect")
    assert 'librarian_call_path_loss_percent_bucket{le="0.0"} 1.0' in world.counted("call_path_loss")
    assert 'librarian_call_path_loss_percent_bucket{le="5.0"} 2.0' in world.counted("call_path_loss")
    assert 'librarian_call_path_round_trip_seconds_bucket{le="0.25"} 2.0' in world.counted("call_path_round_trip")


async def test_each_word_that_a_path_sinks_to_is_counted_once(world: World) -> None:
    for word in (PathQuality.FAIR, PathQuality.SOUND_ONLY, PathQuality.GOOD, PathQuality.SOUND_ONLY):
        await world.tell(KIOSK_END, worst=word)
    assert world.counted("call_path_worst_total") == [
        'librarian_call_path_worst_total{end="visitor",word="fair"} 1.0',
        'librarian_call_path_worst_total{end="visitor",word="sound_only"} 1.0',
    ]


async def test_faults_and_troubles_are_counted_and_logged_once_by_their_codes(world: World) -> None:
    with capture_logs() as logged:
        for _ in range(2):
            await world.tell(
                KIOSK_END, faults=(PathFault.NOTHING_ARRIVES,), troubles=(IceTrouble.RELAY_REFUSED,), relayed=True
            )
    common = {"log_level": "info", "end": "visitor", "kiosk_id": KIOSK}
    assert logged == [
        {"event": "call_path_fault", "fault": "nothing_arrives", **common},
        {"event": "call_path_trouble", "trouble": "relay_refused", **common},
    ]
    assert world.counted("call_path_faults_total") == [
        'librarian_call_path_faults_total{end="visitor",fault="nothing_arrives"} 1.0'
    ]
    assert world.counted("call_path_troubles_total") == [
        'librarian_call_path_troubles_total{end="visitor",trouble="relay_refused"} 1.0'
    ]
    assert 'librarian_call_paths_total{end="visitor",relayed="yes"} 1.0' in world.counted("call_paths")


async def test_a_path_that_was_never_found_is_kept_with_its_trouble_and_not_counted_as_one(world: World) -> None:
    await world.tell(KIOSK_END, connect_ms=None, seconds=0, troubles=(IceTrouble.NO_CANDIDATES,))
    assert world.counted("call_paths_total") == world.counted("call_path_worst") == []
    assert [record.troubles for record in await world.kept()] == [(IceTrouble.NO_CANDIDATES,)]


async def test_no_figure_bears_the_name_of_anybody(world: World) -> None:
    await world.tell(KIOSK_END, faults=(PathFault.NO_PICTURE,), troubles=(IceTrouble.NO_CANDIDATES,))
    await world.tell(SEAT_END)
    assert world.counted("call_paths_total")
    text = world.metrics.text().decode()
    assert not any(f'"{name}"' in text for name in (KIOSK, SEAT, BRANCH, LIBRARY, "v1"))


def test_only_the_latest_are_remembered() -> None:
    recent: Recent[int] = Recent(2)
    for number, key in enumerate(("a", "b", "a", "c")):
        recent.put((key,), number)
    assert [recent.get((key,)) for key in "abc"] == [2, None, 3]


# --- on the wire --------------------------------------------------------------------------------------------


async def test_both_ends_tell_over_the_wire_and_strangers_are_not_heard(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    stranger = await wire.seat("bo")
    told = {"visit_id": visit_id, "generation": 1, "seconds": 20.0, "connect_ms": 300, "round_trip_ms": 40.5}
    await kiosk.ok("call.quality", {**told, "engine": "libwebrtc"})
    await seat.ok("call.quality", told)
    assert await stranger.refused("call.quality", told) == "not_found"
    assert await kiosk.refused("call.quality", {**told, "generation": 9}) == "stale_generation"
    assert await kiosk.refused("call.quality", {**told, "loss_in_percent": 101}) == "malformed"
    records = await wire.store.qualities(LIBRARY, before=wire.clock.now() + timedelta(days=1), limit=9)
    assert {(record.party, record.engine) for record in records} == {(Party.VISITOR, "libwebrtc"), (Party.STAFF, None)}
    async with wire.http.get(f"{wire.url}/metrics") as answer:
        text = await answer.text()
    assert 'librarian_call_paths_total{end="staff",relayed="no"} 1.0' in text
    assert visit_id not in text


async def test_a_seat_that_left_may_still_tell_how_its_path_was(wire: Wire) -> None:
    _kiosk, seat, visit_id = await wire.talk()
    await seat.ok("call.ice", {"visit_id": visit_id})
    await seat.ok("visit.leave", {"visit_id": visit_id})
    await seat.until(lambda: seat.visit is None)
    await seat.ok("call.quality", {"visit_id": visit_id, "generation": 1, "seconds": 3.0, "connect_ms": 300})
