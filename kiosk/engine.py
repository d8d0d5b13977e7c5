"""The engine: an asyncio loop on its own thread that holds the session.

Down come commands (`submit`, from the screen's thread), up go frozen screen states (`publish`). The screen
never waits for the network and the network never waits for the screen. What it does not do: decide (that is
`kiosk.core.session`), speak the wire or open devices (those are adapters, given to it).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from kiosk.call import Call
from kiosk.core.commands import Command
from kiosk.core.effects import Effect, MediaPlan
from kiosk.core.events import Event, Tick
from kiosk.core.media import Camera, IceCandidate, PeerEngine, SoundDevices, VideoSink
from kiosk.core.ports import Signaling
from kiosk.core.session import Session, decide, media_plan
from kiosk.core.shown import shown
from kiosk.core.snapshot import ScreenState
from signaling.protocol.vocabulary import VisitId

TICK_S: Final = 1.0
DEVICE_CHECK_S: Final = 0.5
STOP_TIMEOUT_S: Final = 5.0

_log = structlog.get_logger(__name__)


class Engine:
    """Runs the visitor's path. All but `submit`, `post`, `start` and `stop` happens on its own thread."""

    def __init__(
        self,
        *,
        signaling: Signaling,
        peer_engine: PeerEngine,
        camera: Camera,
        sound: SoundDevices,
        publish: Callable[[ScreenState], None],
        show_remote: VideoSink,
        show_own: VideoSink,
    ) -> None:
        self._signaling = signaling
        self._publish = publish
        self._call = Call(
            engine=peer_engine,
            camera=camera,
            sound=sound,
            signaling=signaling,
            happened=self.post,
            show_remote=show_remote,
            show_own=show_own,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._session = Session(started_s=time.monotonic())
        self._shown: ScreenState | None = None
        self._effects: asyncio.Queue[Effect] = asyncio.Queue()
        self._plan_changed = asyncio.Event()

    def start(self) -> None:
        """Start the thread; returns when commands are taken."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """End the call, close devices and the connection, and join the thread."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(STOP_TIMEOUT_S)

    def submit(self, command: Command) -> None:
        """A visitor did something. Any thread."""
        self.post(command)

    def post(self, event: Event) -> None:
        """Something happened. Any thread; taken in order."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        with contextlib.suppress(RuntimeError):  # the loop closed between the two lines: the program ends
            loop.call_soon_threadsafe(self._step, event)

    # --- SignalingListener --------------------------------------------------------------------------------

    def happened(self, event: Event) -> None:
        """From the signaling client, on the loop."""
        self._step(event)

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """The console's answer."""
        self._call.spawn(self._call.answer_came(visit_id, generation, sdp))

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """One of the console's candidates."""
        self._call.spawn(self._call.candidate_came(visit_id, generation, candidate))

    # --- private ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._ready.set()
        works = [
            asyncio.create_task(work)
            for work in (
                self._signaling.run(self),
                self._send_effects(),
                self._follow_plans(),
                self._tick(),
                self._watch_devices(),
            )
        ]
        stopping = asyncio.create_task(self._stopping.wait())
        # A part that ends by itself is a fault: the program stops, and its supervisor starts it anew.
        done, _ = await asyncio.wait([*works, stopping], return_when=asyncio.FIRST_COMPLETED)
        for work in works:
            work.cancel()
        results = await asyncio.gather(*works, return_exceptions=True)
        stopping.cancel()
        await self._call.close()
        await self._signaling.close()
        if stopping not in done:
            fault: Any = next((x for x in results if isinstance(x, Exception)), None)
            _log.error("engine_stopped", error=type(fault).__name__)
            if fault is not None:
                raise fault

    def _step(self, event: Event) -> None:
        plan_before = media_plan(self._session)
        self._session, effects = decide(self._session, event, time.monotonic(), secrets.token_urlsafe(16))
        for effect in effects:
            self._effects.put_nowait(effect)
        if media_plan(self._session) != plan_before:
            self._plan_changed.set()
        facts = self._session.facts
        screen = shown(self._session, ZoneInfo(facts.time_zone) if facts is not None else UTC)
        if screen != self._shown:
            self._shown = screen
            self._publish(screen)

    async def _send_effects(self) -> None:
        while True:
            await self._signaling.send(await self._effects.get())

    async def _follow_plans(self) -> None:
        followed = MediaPlan()
        while True:
            await self._plan_changed.wait()
            self._plan_changed.clear()
            plan = media_plan(self._session)
            if plan != followed:
                followed = plan
                await self._call.follow(plan)

    async def _tick(self) -> None:
        while True:
            self._step(Tick(datetime.now(UTC)))
            await asyncio.sleep(TICK_S)

    async def _watch_devices(self) -> None:
        while True:
            await asyncio.sleep(DEVICE_CHECK_S)
            if media_plan(self._session).visit_id is not None:
                await self._call.report()
