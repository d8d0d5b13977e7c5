"""The open service menu: which devices there are and how they do, and what is done at a touch.

What it does not do: decide who may come in (`kiosk.core.menu`), or touch a device while the kiosk tests itself or a
visit is there: then it lets all of them go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from kiosk.care.heard import level_percent, sample_blocks
from kiosk.core import menu as way_in
from kiosk.core.care import DeviceChoice, DeviceKind, Menu, MenuAction, MenuStage, Settings
from kiosk.core.care_ports import CareParts, Ending, LogSaved
from kiosk.core.kept import Choices, still_open
from kiosk.core.media import Camera, SoundDevices, Unsubscribe, VideoSink
from kiosk.core.menu import Door
from signaling.protocol.vocabulary import LensSide

#: The bar of the microphone is drawn anew this often.
LEVEL_EVERY_S: Final = 0.2
#: One block of sound.
BLOCK_S: Final = 0.01
DEFAULT_DEVICE: Final = "default"
_HEIGHT_MAX_CM: Final = 300
_LOG_SAID: Final = {
    LogSaved.STICK: "menu_said_log_saved",
    LogSaved.MACHINE: "menu_said_log_kept",
    LogSaved.NOWHERE: "menu_said_log_failed",
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MenuDevices:
    """The devices that the menu opens; the call's own, which nobody uses while the menu is open."""

    camera: Camera
    sound: SoundDevices
    show_own: VideoSink


class ServiceMenu:
    """What stands in the menu. All on the engine's loop.

    Args:
        parts: Of the care.
        devices: What it opens.
        choices: What was chosen before.
        door: What was tried before.
        choose: Takes new choices, to be kept.
        remember: Takes the door as somebody's try leaves it, and returns when it is on the disk.
        changed: Something in it is to be drawn anew.
    """

    def __init__(
        self,
        parts: CareParts,
        devices: MenuDevices,
        choices: Choices,
        door: Door,
        *,
        choose: Callable[[Choices], None],
        remember: Callable[[Door], Awaitable[None]],
        changed: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._devices = devices
        self._choices = choices
        self._choose = choose
        self._changed = changed
        self._remember = remember
        self._one_try = asyncio.Lock()
        self._door = door
        self._menu = Menu()
        self._link: tuple[bool, datetime | None] = (False, None)
        self._lists: dict[DeviceKind, DeviceChoice] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._level = 0
        self._ends: list[Unsubscribe] = []
        self._sample: asyncio.Task[None] | None = None
        self._free = True
        # Sound devices take their time to open; the loop that carries calls must not wait for them.
        self._sound_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="menu-sound")
        self._restart_wanted = False

    @property
    def door(self) -> Door | None:
        """Who has tried, and how far somebody is; None while a PIN is being looked at."""
        return None if self._one_try.locked() else self._door

    @property
    def is_open(self) -> bool:
        """Somebody with the PIN is in it."""
        return self._door.stage is MenuStage.OPEN

    def server_said(self, settings: Settings) -> Choices:
        """The server's own word on where the camera sits has come; what is still to be told to it."""
        choices = still_open(self._choices, settings)
        if choices != self._choices:
            self._choices = choices
            self._choose(choices)
        return choices

    def link_changed(self, since: datetime, *, up: bool) -> None:
        """The server came or went."""
        self._link = (up, since)

    def shown(self, now_s: float) -> Menu:
        """What stands in it."""
        nothing = DeviceChoice()
        menu = replace(
            self._menu,
            cameras=self._lists.get(DeviceKind.CAMERA, nothing),
            microphones=self._lists.get(DeviceKind.MICROPHONE, nothing),
            loudspeakers=self._lists.get(DeviceKind.LOUDSPEAKER, nothing),
        )
        if self.is_open:
            menu = replace(menu, link_up=self._link[0], link_since=self._link[1])
        return way_in.show(self._door, menu, now_s)

    # --- the way in ---------------------------------------------------------------------------------------

    def knock(self, now_s: float, settings: Settings) -> None:
        """The hidden corner was found."""
        self._set(way_in.knock(self._door, now_s, pin_set=bool(settings.pin_hash)))

    async def enter(self, pin: str, settings: Settings, now_s: Callable[[], float]) -> None:
        """A PIN was entered."""
        async with self._one_try:
            if self._door.stage is not MenuStage.PIN:
                return
            right = await asyncio.to_thread(self._parts.check_pin, pin, settings.pin_hash)
            # On the disk before anything is to be seen: pulling the plug at a "no" must not take the try back.
            await self._remember(way_in.answer(self._door, now_s(), right=right))
            self._set(way_in.answer(self._door, now_s(), right=right))

    def touch(self, now_s: float) -> None:
        """A hand is there."""
        self._door = way_in.touch(self._door, now_s)

    def leave(self) -> None:
        """It is closed."""
        self._set(way_in.leave(self._door))

    async def close(self) -> None:
        """Leave it for good, and wait until its devices are free."""
        self.leave()
        await asyncio.to_thread(self._sound_worker.shutdown)

    def pass_time(self, now_s: float, settings: Settings) -> None:
        """Time went on."""
        self._set(way_in.pass_time(self._door, now_s, pin_set=bool(settings.pin_hash)))

    def _set(self, door: Door) -> None:
        was_open, self._door = self.is_open, door
        if self.is_open and not was_open:
            self._opened()
        elif was_open and not self.is_open:
            self._closed()
        self._changed()

    def _opened(self) -> None:
        self._start(self._list_devices())
        self._start(self._list_facts())
        self._start(self._show_level())
        self._use_devices()

    def _closed(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._let_go()
        self._menu = Menu()
        self._lists.clear()
        if self._restart_wanted:
            self._restart_wanted = False
            self._parts.end(Ending.RESTART)  # the devices that were chosen are opened by a new start

    # --- devices ------------------------------------------------------------------------------------------

    def may_use_devices(self, *, free: bool) -> None:
        """Whether nobody else needs the devices. A test, or a visit, comes first."""
        if free == self._free:
            return
        self._free = free
        if free:
            self._use_devices()
        else:
            self._let_go()

    def _use_devices(self) -> None:
        if not (self._free and self.is_open):
            return
        if not self._ends:
            self._turn_sound(self._devices.sound.open)
            self._ends.append(lambda: self._turn_sound(self._devices.sound.close))
            self._ends.append(self._devices.sound.subscribe(self._hear))
        if self._menu.camera_open:
            self._open_camera()

    def _turn_sound(self, work: Callable[[], None]) -> None:
        self._sound_worker.submit(work).add_done_callback(_was_turned)

    def _open_camera(self) -> None:
        self._devices.camera.open()
        self._ends.append(self._devices.camera.close)
        self._ends.append(self._devices.camera.subscribe(self._devices.show_own))

    def _let_go(self) -> None:
        if self._sample is not None:
            self._sample.cancel()
            self._sample = None
        ends, self._ends = self._ends, []
        for end in reversed(ends):
            end()
        self._level = 0

    def _hear(self, block: bytes) -> None:
        self._level = max(self._level, level_percent(block))  # on the microphone's thread

    async def _show_level(self) -> None:
        while True:
            await asyncio.sleep(LEVEL_EVERY_S)
            level, self._level = self._level, 0
            if level != self._menu.level_percent:
                self._menu = replace(self._menu, level_percent=level)
                self._changed()

    async def _play_sample(self) -> None:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for number, block in enumerate(sample_blocks()):
            await asyncio.sleep(max(0.0, began_s + number * BLOCK_S - loop.time()))
            self._devices.sound.play(block)

    # --- what stands there --------------------------------------------------------------------------------

    async def _list_devices(self) -> None:
        chosen = {**dict(self._parts.device_names), **self._choices.devices}
        for kind in DeviceKind:
            names = await asyncio.to_thread(self._parts.devices.names, kind)
            self._lists[kind] = DeviceChoice(names, chosen.get(kind, DEFAULT_DEVICE))
        self._changed()

    async def _list_facts(self) -> None:
        facts = await asyncio.to_thread(self._parts.place.facts)
        self._menu = replace(self._menu, facts=facts)
        self._changed()

    # --- what is done -------------------------------------------------------------------------------------

    def do(self, action: MenuAction, value: str, settings: Settings) -> None:
        """Something was touched in the open menu; tests are the care's own business.

        Args:
            action: What.
            value: See `MenuAction`.
            settings: As the server says, without what was chosen here.
        """
        match action:
            case MenuAction.CAMERA | MenuAction.MICROPHONE | MenuAction.LOUDSPEAKER:
                self._choose_device(DeviceKind(action.value), value)
            case MenuAction.LENS_SIDE | MenuAction.CAMERA_HEIGHT:
                self._choose_place(action, value, settings)
            case MenuAction.SHOW_CAMERA:
                self._show_camera(shown=value == "on")
            case MenuAction.TRY_SOUND:
                self._try_sound(on=value == "on")
            case MenuAction.EXPORT_LOG:
                self._start(self._export_log())
            case MenuAction.RESTART_PROGRAM:
                self._parts.end(Ending.RESTART)
            case MenuAction.RESTART_MACHINE:
                self._start(self._restart_machine())
            case MenuAction.LEAVE:
                self._parts.end(Ending.LEAVE)
            case MenuAction.TEST:
                pass

    def _choose_device(self, kind: DeviceKind, name: str) -> None:
        listed = self._lists.get(kind)
        if listed is None or name == listed.chosen or name not in {*listed.names, DEFAULT_DEVICE}:
            return
        self._choices = replace(self._choices, devices={**self._choices.devices, kind: name})
        self._lists[kind] = replace(listed, chosen=name)
        self._restart_wanted = True
        self._kept()

    def _choose_place(self, action: MenuAction, value: str, settings: Settings) -> None:
        if action is MenuAction.LENS_SIDE and value in set(LensSide):
            then = self._choices.lens_side_then if self._choices.lens_side is not None else None
            self._choices = replace(self._choices, lens_side=LensSide(value), lens_side_then=then or settings.lens_side)
        elif action is MenuAction.CAMERA_HEIGHT and value.isdecimal() and int(value) <= _HEIGHT_MAX_CM:
            self._choices = replace(
                self._choices, camera_height_cm=int(value), camera_height_then=settings.camera_height_cm
            )
        else:
            return
        self._kept()

    def _kept(self) -> None:
        self._choose(self._choices)
        self._say("menu_said_saved")

    def _show_camera(self, *, shown: bool) -> None:
        if shown == self._menu.camera_open:
            return
        self._menu = replace(self._menu, camera_open=shown)
        self._let_go()
        self._use_devices()
        self._changed()

    def _try_sound(self, *, on: bool) -> None:
        if self._sample is not None:
            self._sample.cancel()
            self._sample = None
        if on and self._ends:
            self._sample = self._start(self._play_sample())

    async def _export_log(self) -> None:
        saved = await asyncio.to_thread(self._parts.place.export_log)
        self._say(_LOG_SAID[saved])

    async def _restart_machine(self) -> None:
        self._say("menu_said_restarting")
        fault = await self._parts.machine.restart()
        if fault is not None:
            self._say(f"menu_said_{fault.value}")

    def _say(self, key: str) -> None:
        self._menu = replace(self._menu, message=key)
        self._changed()

    def _start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _was_turned(work: Future[None]) -> None:
    fault = work.exception()
    if fault is not None:  # devices promise not to raise; one that does must not pass in silence
        _log.error("menu_sound_failed", error=type(fault).__name__)
