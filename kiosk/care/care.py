"""The care of the kiosk, in the engine's loop: what is done for the kiosk itself while visitors come and go.

It decides by pure rules (`kiosk.core.health`, `orders`, `daylight`, `menu`) and acts through the ports of `CareParts`.
What it does not do: touch a visit. Whatever it is at is given up the moment that somebody taps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

import structlog

from kiosk.care.backlight import Backlight
from kiosk.care.keeper import Keeper
from kiosk.care.order_desk import OrderDesk, OrderSurroundings
from kiosk.care.reporter import Reporter
from kiosk.care.service_menu import MenuDevices, ServiceMenu
from kiosk.care.tester import Tester
from kiosk.core import commands as c
from kiosk.core.care import Care, Health, Identify, MenuAction, Settings
from kiosk.core.care_ports import CareParts
from kiosk.core.daylight import LIT_BY_TOUCH_S, brightness_percent, is_open, volume_max_percent
from kiosk.core.effects import CareEffect, SendChosen
from kiosk.core.facts import ServerFacts
from kiosk.core.health.schedule import DueTest, Situation, Timetable, ask, devices_changed, due, ended, given_up
from kiosk.core.health.truth import (
    Itself,
    Truth,
    broken_areas,
    health,
    merged,
    screen_is_drawn,
)
from kiosk.core.kept import as_chosen
from kiosk.core.menu import Door, door_from, tries_of
from kiosk.core.state import INACTIVITY_S, Session
from signaling.protocol.health import HealthArea, HealthNumber, OrderFault, TestKind

#: The large name goes away by itself.
IDENTIFY_S: Final = 60
#: So many last signs of the kiosk's id are shown with it.
CODE_SIGNS: Final = 4
#: How often the updater's word, and what is plugged in, are looked at.
LOOK_EVERY_S: Final = 10.0
#: What the care adds to a test by itself.
OWN_AREAS: Final = frozenset({HealthArea.SCREEN, HealthArea.PROGRAM})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CareSurroundings:
    """What the engine lends.

    Attributes:
        now_s: Monotonic seconds.
        now: UTC.
        say: Tells the server something, some time.
        deliver: Tells it, and returns when it was taken or could not be.
        changed: Takes what is newly so.
        renew: Ask the server for everything anew.
        devices: What the service menu opens.
        tick_s: How often the clock is looked at.
        look_every_s: How often files and plugs are.
    """

    now_s: Callable[[], float]
    now: Callable[[], datetime]
    say: Callable[[CareEffect], None]
    deliver: Callable[[CareEffect], Awaitable[None]]
    changed: Callable[[Care], None]
    renew: Callable[[], None]
    devices: MenuDevices
    tick_s: float = 1.0
    look_every_s: float = LOOK_EVERY_S


class KioskCare:
    """Looks after one kiosk. All on the engine's loop; `run` for ever, then `close`."""

    def __init__(self, parts: CareParts, around: CareSurroundings) -> None:
        self._parts = parts
        self._around = around
        now_s = around.now_s()
        self._tester = Tester(parts.stages, now_s=around.now_s, cpu_s=parts.cpu_s)
        self._table = Timetable(started_s=now_s)
        self._truth = Truth()
        self._itself = Itself(
            now_s=now_s,
            started_s=now_s,
            wall_s=around.now().timestamp(),
            touched_at_s=parts.kept.touched_at_s,
            restarts=parts.kept.restarts,
            second_engine=parts.second_engine,
        )
        self._keeper = Keeper(parts.kept, parts.keep)
        self._session: Session | None = None
        self._zone: tzinfo = UTC
        self._menu = ServiceMenu(
            parts,
            around.devices,
            parts.kept.choices,
            door_from(parts.kept.tries, now_s, around.now().timestamp()),
            choose=self._keeper.choices,
            remember=self._remember,
            changed=self._publish,
        )
        self._test: DueTest | None = None
        self._testing: HealthArea | None = None
        self._test_task: asyncio.Task[None] | None = None
        self._identify_until_s: float | None = None
        self._reloads = 0
        self._touched = False
        self._ready = False
        self._busy: bool | None = None
        self._told_chosen = SendChosen()
        self._numbers: Mapping[HealthNumber, float] = {}
        self._care = Care()
        self._tasks: set[asyncio.Task[None]] = set()
        self._giving_up = False
        self._closing = False
        self._backlight = Backlight(parts.machine, self._start, self._publish)
        self._reporter = Reporter(around.say, around.now_s)
        self._orders = OrderDesk(
            self._keeper,
            parts.machine,
            OrderSurroundings(
                say=around.say,
                deliver=around.deliver,
                start=self._start,
                identify=self._show_name,
                test=self._ask_test,
                reload=self._reload,
                end=parts.end,
                changed=self._publish,
            ),
        )

    # --- from the engine ----------------------------------------------------------------------------------

    def saw(self, session: Session, zone: tzinfo) -> None:
        """What the visitor's path is like now; called after each of its steps."""
        before, self._session, self._zone = self._session, session, zone
        if before is None or before.link_up != session.link_up:
            self._menu.link_changed(self._around.now(), up=session.link_up)
        if before is None or before.idle != session.idle or before.touched_s != session.touched_s:
            self._give_way()
        self._take_orders()
        self._tell_choices()
        self._publish()

    def touched(self) -> None:
        """A hand is there."""
        self._touched = True
        wall_s = self._around.now().timestamp()
        self._keeper.touched(wall_s)
        self._itself = replace(self._itself, touched_at_s=wall_s)
        self._identify_until_s = None
        self._menu.touch(self._around.now_s())

    def take(self, command: c.CareCommand) -> None:
        """Something for the care came from the screen."""
        settings = self._said_settings()
        match command:
            case c.ScreenSeen():
                self._screen_seen(command)
            case c.OpenMenu():
                if self._session is not None and self._session.idle:
                    self._menu.knock(self._around.now_s(), settings)
            case c.CloseMenu():
                self._menu.leave()
            case c.EnterPin():
                self._start(self._menu.enter(command.pin, settings, self._around.now_s))
            case c.AskTest():
                self._do(MenuAction.TEST, "", settings)
            case c.MenuDo():
                self._do(command.action, command.value, settings)

    def devices_changed(self) -> None:
        """A device came or went."""
        self._table = devices_changed(self._table, self._around.now_s())

    async def run(self) -> None:
        """For ever: look at the clock, the plugs and the files."""
        await asyncio.gather(self._tick_for_ever(), self._look_for_ever(), self._keeper.run())

    async def close(self) -> None:
        """Give everything up; what is to be kept is on the disk then."""
        self._closing = True
        await self._menu.close()
        tasks = [*self._tasks, *([self._test_task] if self._test_task is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._keeper.ended()
        await self._keeper.write()

    # --- time ---------------------------------------------------------------------------------------------

    async def _tick_for_ever(self) -> None:
        while True:
            self._tick()
            await asyncio.sleep(self._around.tick_s)

    def _tick(self) -> None:
        now_s = self._around.now_s()
        self._itself = replace(self._itself, now_s=now_s, wall_s=self._around.now().timestamp())
        if self._identify_until_s is not None and now_s >= self._identify_until_s:
            self._identify_until_s = None
        self._menu.pass_time(now_s, self._said_settings())
        if self._menu.door is not None:
            self._keeper.tries(tries_of(self._menu.door, now_s, self._itself.wall_s))
        self._heartbeat()
        if self._test is None:
            test = due(self._table, self._situation(), self._said_settings())
            if test is not None:
                self._begin(test)
        self._publish()
        self._reporter.tell_what_is_new(self._health(), linked=self._linked(), tested=self._truth.test is not None)

    def _heartbeat(self) -> None:
        """Only what was seen on the screen is a proof: a loop that turns is none."""
        off = self._backlight.is_off
        seen = screen_is_drawn(replace(self._itself, drawn=True)) if off else screen_is_drawn(self._itself)
        if seen:
            if not self._ready:
                self._ready = True
                self._parts.machine.ready()
            self._parts.machine.alive()
        busy = not self._idle
        if busy != self._busy:
            self._busy = busy
            self._parts.machine.status(busy=busy)

    async def _look_for_ever(self) -> None:
        wanted: str | None = None
        plugged: object = None
        while True:
            version = self._said_settings().version if self._facts() is not None else None
            if version is not None and version != wanted:
                await asyncio.to_thread(self._parts.place.want, version)
                wanted = version
            failed = bool(version) and await asyncio.to_thread(self._parts.place.refused, version or "")
            self._itself = replace(self._itself, update_failed=failed)
            before, plugged = plugged, await asyncio.to_thread(self._parts.devices.plugged)
            if before is not None and before != plugged:
                self.devices_changed()
            await asyncio.sleep(self._around.look_every_s)

    async def _remember(self, door: Door) -> None:
        self._keeper.tries(tries_of(door, self._around.now_s(), self._around.now().timestamp()))
        await self._keeper.write()

    def _tell_choices(self) -> None:
        """Once for each connection: what is lost on its way is told to the next one."""
        facts = self._facts()
        if facts is None or not self._linked():
            self._told_chosen = SendChosen()
            return
        choices = self._menu.server_said(facts.settings)
        chosen = SendChosen(choices.lens_side, choices.camera_height_cm)
        if chosen != self._told_chosen:
            self._told_chosen = chosen
            if chosen != SendChosen():
                self._around.say(chosen)

    # --- what is so ---------------------------------------------------------------------------------------

    @property
    def _idle(self) -> bool:
        return self._session is None or self._session.idle

    @property
    def _hand(self) -> bool:
        touched_s = self._session.touched_s if self._session is not None else None
        return touched_s is not None and self._around.now_s() - touched_s < INACTIVITY_S

    def _facts(self) -> ServerFacts | None:
        return self._session.facts if self._session is not None else None

    def _said_settings(self) -> Settings:
        facts, session = self._facts(), self._session
        if facts is not None:
            return facts.settings
        return session.known.settings if session is not None and session.known is not None else Settings()

    def _local(self) -> datetime:
        return self._around.now().astimezone(self._zone)

    def _linked(self) -> bool:
        return self._session is not None and self._session.link_up

    def _situation(self) -> Situation:
        return Situation(
            now_s=self._around.now_s(),
            local=self._local(),
            idle=self._idle,
            hand=self._hand,
            menu=self._menu.is_open,
            link=self._linked(),
            broken=broken_areas(self._health().findings),
        )

    def _health(self) -> Health:
        itself = self._itself
        if self._backlight.is_off:
            itself = replace(itself, drawn=True)  # a screen that we turned off shows nothing, and is well
        return health(self._truth, itself, self._testing, touched=self._touched)

    # --- the screen ---------------------------------------------------------------------------------------

    def _publish(self) -> None:
        """Hand up what is newly so."""
        if self._closing:
            return
        self._backlight.shine(self._wanted_light())
        care = self._now()
        if care != self._care:
            self._care = care
            self._around.changed(care)

    def _now(self) -> Care:
        said, now_s = self._said_settings(), self._around.now_s()
        facts, session = self._facts(), self._session
        known = session.known if session is not None else None
        source = facts if facts is not None else known
        is_well = self._health()
        if self._menu.is_open or self._testing is not None or not self._numbers:
            self._numbers = is_well.numbers
        return Care(
            kiosk_name=source.kiosk_name if source is not None else "",
            settings=as_chosen(said, self._keeper.kept.choices),
            opened=self._opened(),
            # Numbers that nobody looks at change for ever, and an idle screen should rest.
            health=replace(is_well, numbers=self._numbers),
            brightness_percent=self._wanted_light(),
            backlight=self._backlight.works,
            volume_max_percent=volume_max_percent(said, self._local()),
            identify=self._identify(source.kiosk_name if source is not None else "", now_s),
            lock=source.lock if source is not None else None,
            menu=self._menu.shown(now_s),
            reloads=self._reloads,
        )

    def _identify(self, name: str, now_s: float) -> Identify | None:
        if self._identify_until_s is None:
            return None
        facts = self._facts()
        code = facts.kiosk_id[-CODE_SIGNS:].upper() if facts is not None else ""
        return Identify(name, code, max(0, round(self._identify_until_s - now_s)))

    def _wanted_light(self) -> int:
        session = self._session
        touched_s = session.touched_s if session is not None else None
        lit = touched_s is not None and self._around.now_s() - touched_s < LIT_BY_TOUCH_S
        used = not self._idle or lit or self._menu.is_open or self._identify_until_s is not None
        return brightness_percent(self._said_settings(), opened=self._opened(), used=used)

    def _opened(self) -> bool:
        facts = self._facts()
        told = facts.open_now if facts is not None and self._linked() else None
        return is_open(self._said_settings(), self._local(), told)

    def _screen_seen(self, seen: c.ScreenSeen) -> None:
        now_s = self._around.now_s()
        self._itself = replace(self._itself, now_s=now_s, drawn_s=now_s, drawn=seen.drawn, drawn_ms=seen.after_ms)
        if not self._ready and seen.drawn:
            self._heartbeat()  # whoever supervises the start need not wait for the next tick

    def _do(self, action: MenuAction, value: str, settings: Settings) -> None:
        if not self._menu.is_open:
            return
        if action is MenuAction.TEST:
            self._ask_test()
        else:
            self._menu.do(action, value, settings)

    # --- tests --------------------------------------------------------------------------------------------

    def _begin(self, test: DueTest) -> None:
        self._test = test
        if test.areas & {HealthArea.SOUND, HealthArea.CAMERA} and test.kind is not TestKind.LIGHT:
            self._menu.may_use_devices(free=False)
        self._test_task = asyncio.create_task(self._run_test(test))

    async def _run_test(self, test: DueTest) -> None:
        finished = False
        try:
            tested = await self._tester.run(test.kind, test.areas, self._now_testing)
            looked = replace(tested.looked, areas=tested.looked.areas | (test.areas & OWN_AREAS))
            self._truth = replace(
                merged(self._truth, looked),
                test=test.kind,
                tested_at=self._around.now(),
            )
            self._table = ended(self._table, test, self._situation())
            self._reporter.tell(self._health(), looked.areas, tested.seconds, tested.cpu_s)
            finished = True
            _log.info(
                "tested",
                kind=test.kind.value,
                found=[code.value for code in self._health().findings],
                seconds=round(tested.seconds, 3),
                cpu_s=round(tested.cpu_s, 3),
            )
        finally:
            self._test, self._test_task, self._giving_up = None, None, False
            if not finished:
                self._table = given_up(self._table, test)
            self._menu.may_use_devices(free=self._idle)
            self._publish()
        if test.kind is TestKind.ASKED:
            self._orders.tests_settled(None)

    def _give_way(self) -> None:
        """Somebody is there: what is heard or seen of a test ends at once."""
        self._menu.may_use_devices(free=self._idle and self._test is None)
        if not self._idle:
            self._identify_until_s = None
            self._menu.leave()
        near = not self._idle or (self._hand and not self._menu.is_open)
        if self._test is None or self._test_task is None or not near:
            return
        if self._test.kind is TestKind.LIGHT and self._idle:
            return
        if self._giving_up:
            return  # a second word would interrupt those who put their devices away
        self._giving_up = True
        self._test_task.cancel()
        if self._test.kind is TestKind.ASKED:
            self._orders.tests_settled(OrderFault.IN_A_VISIT)

    def _now_testing(self, area: HealthArea | None) -> None:
        self._testing = area
        self._publish()

    # --- orders -------------------------------------------------------------------------------------------

    def _take_orders(self) -> None:
        facts = self._facts()
        if facts is None or not self._linked():
            self._orders.forget_seen()
        else:
            self._orders.take(facts.orders, in_visit=not self._idle)

    def _show_name(self) -> None:
        self._identify_until_s = self._around.now_s() + IDENTIFY_S

    def _ask_test(self) -> None:
        self._table = ask(self._table)

    def _reload(self) -> None:
        self._reloads += 1
        self._around.renew()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            _log.error("care_broke", error=type(fault).__name__)
