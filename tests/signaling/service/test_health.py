"""The keeper: rows in step with sockets and reports, whatever was missed, and a history that stays small."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio

from signaling.domain.health import KioskHealth, Told, judge
from signaling.protocol.health import AWAY_AFTER_S, HealthCode, HealthNumber, Light, TestKind
from signaling.protocol.vocabulary import KioskId, MediaEngine
from signaling.service import health as health_module
from signaling.service.health import HealthKeeper, Program
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import Store, StoreError
from tests.support.edges import SetClock
from tests.support.store_cases import KIOSK, LIBRARY, NOW, with_kiosk

pytestmark = pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)

C = HealthCode
FIRST = Program("1.2", MediaEngine.LIBWEBRTC, "first")
SECOND = Program("1.3", MediaEngine.AIORTC, "second")
ALL_WELL = Told(TestKind.LIGHT)
SINCE = NOW - timedelta(days=30)


@dataclass
class Node:
    """A keeper and the sockets that it can see."""

    store: Store
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    present: dict[KioskId, Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keeper = self.another()

    def another(self) -> HealthKeeper:
        return HealthKeeper(store=self.store, clock=self.clock, present=lambda: self.present)

    async def comes(self, program: Program = FIRST) -> None:
        self.present[KIOSK] = program
        await self.keeper.moved(KIOSK)

    async def goes(self) -> None:
        del self.present[KIOSK]
        await self.keeper.moved(KIOSK)

    async def tells(self, *codes: HealthCode, test: TestKind = TestKind.LIGHT) -> None:
        await self.keeper.report(KIOSK, LIBRARY, Told(test, codes))

    async def row(self) -> KioskHealth:
        found = await self.store.find_health(KIOSK)
        assert found is not None
        return found

    async def points(self) -> list[HealthPoint]:
        return list(await self.store.health_points(KIOSK, since=SINCE))


@pytest_asyncio.fixture
async def node(store: Store) -> Node:
    await with_kiosk(store)
    return Node(store)


async def test_a_kiosk_that_comes_and_goes_is_followed(node: Node) -> None:
    await node.comes()
    assert await node.row() == KioskHealth(
        KIOSK,
        connected=True,
        changed_at=NOW,
        software="1.2",
        engine=MediaEngine.LIBWEBRTC,
        instance="first",
        mended_at=NOW,
    )
    node.clock.later(60)
    await node.goes()
    assert ((await node.row()).connected, (await node.row()).changed_at) == (False, node.clock.now())


async def test_another_start_of_the_program_is_written_with_its_version(node: Node) -> None:
    await node.comes()
    await node.comes(SECOND)
    row = await node.row()
    assert (row.software, row.engine, row.instance) == ("1.3", MediaEngine.AIORTC, "second")


async def test_what_a_kiosk_tells_is_kept_with_the_time_since_when(node: Node) -> None:
    await node.comes()
    await node.tells(C.TOO_HOT)
    node.clock.later(180)
    told = Told(TestKind.NIGHTLY, (C.TOO_HOT, C.MICROPHONE_DEAF), {HealthNumber.CAMERA_FPS: 29.5}, drawn=True)
    await node.keeper.report(KIOSK, LIBRARY, told)
    row, now = await node.row(), node.clock.now()
    assert row.findings == {C.MICROPHONE_DEAF: now, C.TOO_HOT: NOW}
    assert (row.reported_at, row.tested_at, row.drawn_at, row.test) == (now, now, now, TestKind.NIGHTLY)
    assert row.numbers == {HealthNumber.CAMERA_FPS: 29.5}
    assert judge(row, now).light is Light.RED


async def test_the_report_of_a_kiosk_whose_coming_was_not_written_puts_that_right(node: Node) -> None:
    node.present[KIOSK] = FIRST
    await node.tells(C.TOO_HOT)
    assert ((await node.row()).connected, set((await node.row()).findings)) == (True, {C.TOO_HOT})


async def test_a_report_that_comes_after_its_kiosk_has_gone_for_good_is_dropped(node: Node) -> None:
    await node.tells(C.TOO_HOT)
    assert await node.store.find_health(KIOSK) is None
    assert await node.points() == []


async def test_a_look_finds_those_who_were_lost_while_nobody_wrote(node: Node) -> None:
    await node.comes()
    node.present.clear()  # the server was killed, and another one starts
    node.clock.later(3600)
    rows = await node.another().look()
    assert rows == {KIOSK: await node.row()}
    assert (rows[KIOSK].connected, rows[KIOSK].changed_at) == (False, node.clock.now())
    node.clock.later(AWAY_AFTER_S)
    assert judge((await node.keeper.look())[KIOSK], node.clock.now()).codes[0] is C.AWAY


async def test_a_look_finds_those_who_came_while_nobody_wrote(node: Node) -> None:
    node.present[KIOSK] = FIRST
    assert (await node.keeper.look())[KIOSK].connected
    assert (await node.row()).connected


async def test_a_kiosk_that_nobody_saw_is_in_no_row(node: Node) -> None:
    assert await node.keeper.look() == {}
    await node.keeper.moved(KIOSK)  # it was turned away before it was let in
    assert await node.keeper.look() == {}


async def test_a_look_at_what_is_as_written_writes_nothing(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    await node.comes()

    async def refuse(_health: KioskHealth) -> None:
        raise AssertionError

    monkeypatch.setattr(node.store, "put_health", refuse)
    assert (await node.keeper.look())[KIOSK].connected


async def test_the_history_takes_whole_tests_changes_and_a_light_one_each_half_hour(node: Node) -> None:
    await node.comes()
    await node.tells(test=TestKind.BOOT)
    for _ in range(20):  # an hour of light tests
        node.clock.later(180)
        await node.tells()
    node.clock.later(180)
    await node.tells(C.TOO_HOT)
    assert [(point.at - NOW, point.test, point.light, point.findings) for point in await node.points()] == [
        (timedelta(0), TestKind.BOOT, Light.GREEN, ()),
        (timedelta(minutes=30), TestKind.LIGHT, Light.GREEN, ()),
        (timedelta(minutes=60), TestKind.LIGHT, Light.GREEN, ()),
        (timedelta(minutes=63), TestKind.LIGHT, Light.AMBER, (C.TOO_HOT,)),
    ]


async def test_the_history_goes_on_after_a_restart_of_the_server(node: Node) -> None:
    await node.comes()
    await node.tells(test=TestKind.BOOT)
    node.clock.later(30)
    node.keeper = node.another()
    await node.tells(test=TestKind.ASKED)
    await node.tells()
    assert len(await node.points()) == 1


async def test_however_fast_a_kiosk_tells_the_history_grows_by_a_point_a_minute(node: Node) -> None:
    await node.comes()
    for number in range(120):
        await node.tells(*([C.TOO_HOT] if number % 2 else []), test=TestKind.ASKED)
        node.clock.later(1)
    assert len(await node.points()) == 2


async def test_only_so_many_ends_are_remembered_and_the_others_are_read(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "REMEMBERED", 0)
    await node.comes()
    await node.tells()
    await node.tells()
    assert len(await node.points()) == 1


async def test_while_the_database_is_away_the_row_stays_and_a_later_look_makes_up_for_it(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    await node.comes()

    async def away(_health: KioskHealth) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr(node.store, "put_health", away)
        with pytest.raises(StoreError):
            await node.goes()
    assert (await node.row()).connected
    assert not (await node.keeper.look())[KIOSK].connected
