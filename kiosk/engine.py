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
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from kiosk.call.call import Call
from kiosk.call.path import PathTiming
from kiosk.care.care import LOOK_EVERY_S, CareSurroundings, KioskCare
from kiosk.care.service_menu import MenuDevices
from kiosk.core.care_ports import CareParts
from kiosk.core.commands import CareCommand, Command, ScreenSeen
from kiosk.core.daylight import zone_of
from kiosk.core.effects import CareEffect, Effect, MediaPlan
from kiosk.core.events import AddressLost, CareChanged, Event, Tick
from kiosk.core.facts import Known, known_from
from kiosk.core.media import Camera, IceCandidate, PeerEngine, SoundDevices, VideoSink
from kiosk.core.ports import Chime, Network, Signaling
from kiosk.core.session import decide
from kiosk.core.shown import shown
from kiosk.core.snapshot import ScreenState
from kiosk.core.state import DEFAULT_LANGUAGE, Session, chimes, media_plan
from signaling.protocol.vocabulary import VisitId

_log = structlog.get_logger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _unguessable() -> str:
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance.

    Attributes:
        now_s: Monotonic seconds; every rule goes by it.
        now: UTC, for the clock on the screen.
        new_id: An id that nobody can guess.
        tick_s: How often the session looks at the clock.
        address_check_s: How often this machine's own addresses are looked at.
        look_every_s: How often the care looks at plugs and files.
        device_check_s: How often the devices are looked at during a visit.
        tidy_after_s: How long after a visit things are put in order: connections and devices have been closed by then.
        stop_timeout_s: How long `stop` waits.
        path: How patient the call is with a path.
    """

    now_s: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    new_id: Callable[[], str] = _unguessable
    tick_s: float = 1.0
    address_check_s: float = 0.5
    device_check_s: float = 0.5
    look_every_s: float = LOOK_EVERY_S
    tidy_after_s: float = 2.0
    stop_timeout_s: float = 5.0
    path: PathTiming = field(default_factory=PathTiming)


class Engine:
    """Runs the visitor's path. All but `submit`, `post`, `start` and `stop` happens on its own thread.

    Args:
        signaling: The way to the server.
        peer_engine: Makes peer connections.
        camera: The visitor's picture.
        sound: Microphone and loudspeaker.
        publish: Takes each new state of the screen; called on the engine's thread, must return at once.
        show_remote: Takes the librarian's pictures; any thread.
        show_colleague: Takes the pictures of the colleague who was brought in; any thread.
        show_own: Takes the visitor's own pictures; any thread.
        broke: Told, on the engine's thread, when it ended by a fault of its own: the program should end then too, so
            that its supervisor starts it anew. Never told after `stop`.
        chime: Calls somebody to the kiosk; None: nothing is heard.
        network: This machine's own addresses; None: a change of them is noticed by what it breaks.
        care: What the kiosk looks after itself with; None: it does not.
        known: What was kept of the branch from an earlier start.
        keep: Keeps what is new of the branch; called on a thread of its own.
        tidy: Puts in order what a visit left behind; called on a thread of its own, a while after it.
        surroundings: Time and chance.
    """

    def __init__(
        self,
        *,
        signaling: Signaling,
        peer_engine: PeerEngine,
        camera: Camera,
        sound: SoundDevices,
        publish: Callable[[ScreenState], None],
        show_remote: VideoSink,
        show_colleague: VideoSink,
        show_own: VideoSink,
        broke: Callable[[], None],
        chime: Chime | None = None,
        network: Network | None = None,
        care: CareParts | None = None,
        known: Known | None = None,
        keep: Callable[[Known], None] | None = None,
        tidy: Callable[[], None] | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._around = surroundings or Surroundings()
        self._signaling = signaling
        self._publish = publish
        self._broke = broke
        self._call = Call(
            engine=peer_engine,
            camera=camera,
            sound=sound,
            signaling=signaling,
            happened=self.post,
            show_remote=show_remote,
            show_colleague=show_colleague,
            show_own=show_own,
            now_s=self._around.now_s,
            timing=self._around.path,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._session = Session(
            started_s=self._around.now_s(),
            wall=self._around.now(),
            known=known,
            language=known.default_language if known is not None else DEFAULT_LANGUAGE,
        )
        self._chime = chime
        self._network = network
        self._known = known
        self._keep = keep
        self._to_keep: asyncio.Queue[Known] = asyncio.Queue()
        self._tidy = tidy
        self._visit_over = asyncio.Event()
        self._shown: ScreenState | None = None
        self._plan = MediaPlan()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._effects: asyncio.Queue[Effect | CareEffect] = asyncio.Queue()
        self._care = None if care is None else KioskCare(care, self._care_surroundings(camera, sound, show_own))

    def start(self) -> None:
        """Start the thread; returns when commands are taken."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """End the call, close devices and the connection, and join the thread."""
        if self._loop is None:
            return
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(self._around.stop_timeout_s)
        if self._thread.is_alive():
            _log.error("engine_did_not_stop", waited_s=self._around.stop_timeout_s)

    def submit(self, command: Command) -> None:
        """A visitor did something. Any thread."""
        self.post(command)

    def post(self, event: Event) -> None:
        """Something happened. Any thread; taken in order."""
        loop = self._loop
        if loop is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended: so does the program
            loop.call_soon_threadsafe(self._events.put_nowait, event)

    # --- SignalingListener --------------------------------------------------------------------------------

    def happened(self, event: Event) -> None:
        """From the signaling client, on the loop."""
        self._events.put_nowait(event)

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """The console's answer."""
        self._call.answer_came(visit_id, generation, sdp)

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """One of the console's candidates."""
        self._call.candidate_came(visit_id, generation, candidate)

    # --- private ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        told_to_stop = False
        try:
            told_to_stop = asyncio.run(self._main())
        finally:
            if not told_to_stop:
                self._broke()

    async def _main(self) -> bool:
        """Run until told to stop; False when a part ended by itself."""
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        parts = [
            asyncio.create_task(part, name=name)
            for name, part in (
                ("signaling", self._signaling.run(self)),
                ("events", self._take_events()),
                ("effects", self._send_effects()),
                ("keeping", self._keep_what_is_new()),
                ("tidying", self._tidy_after_visits()),
                ("ticks", self._tick()),
                *((("care", self._care.run()),) if self._care is not None else ()),
                ("devices", self._watch_devices()),
                *((("addresses", self._watch_addresses(self._network)),) if self._network is not None else ()),
                ("stop", self._wait_for_stop()),
            )
        ]
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        if self._care is not None:
            await self._care.close()
        if self._chime is not None:
            self._chime.close()
        await self._call.close()
        await self._signaling.close()
        for part in done:
            if part.get_name() != "stop":
                _log.error("engine_broke", part=part.get_name(), **_fault_of(part))
        return self._stopping.is_set()

    async def _wait_for_stop(self) -> None:
        await self._stopping.wait()

    async def _take_events(self) -> None:
        while True:
            self._step(await self._events.get())

    def _step(self, event: Event) -> None:
        if self._care is not None and isinstance(event, Command):
            if not isinstance(event, ScreenSeen):
                self._care.touched()
            if isinstance(event, CareCommand):
                self._care.take(event)
        if isinstance(event, ScreenSeen):
            return  # every few seconds, and nothing of the visitor's path
        self._session, effects = decide(self._session, event, self._around.now_s(), self._around.new_id())
        for effect in effects:
            self._effects.put_nowait(effect)
        plan = media_plan(self._session)
        if plan != self._plan:
            if self._plan.open_visit_id is not None and plan.open_visit_id is None:
                self._visit_over.set()
            self._plan = plan
            self._call.follow(plan)
        self._signaling.in_visit(on=self._session.in_visit)
        if self._chime is not None:
            # It is heard in the whole branch: no louder than the hour allows.
            self._chime.set_volume(self._session.care.volume_max_percent)
            self._chime.ring(on=chimes(self._session))
        facts = self._session.facts
        known = known_from(facts) if facts is not None else self._known
        if known is not None and known != self._known:
            self._known = known
            self._to_keep.put_nowait(known)
        zone = zone_of(known.time_zone if known is not None else "UTC")
        if self._care is not None:
            self._care.saw(self._session, zone)
        screen = shown(self._session, zone)
        if screen != self._shown:
            self._shown = screen
            self._publish(screen)

    def _care_surroundings(self, camera: Camera, sound: SoundDevices, show_own: VideoSink) -> CareSurroundings:
        return CareSurroundings(
            now_s=self._around.now_s,
            now=self._around.now,
            say=self._effects.put_nowait,
            deliver=self._signaling.send,
            changed=lambda care: self._events.put_nowait(CareChanged(care)),
            renew=self._signaling.renew,
            devices=MenuDevices(camera, sound, show_own),
            tick_s=self._around.tick_s,
            look_every_s=self._around.look_every_s,
        )

    async def _send_effects(self) -> None:
        while True:
            await self._signaling.send(await self._effects.get())

    async def _keep_what_is_new(self) -> None:
        while True:
            known = await self._to_keep.get()
            if self._keep is not None:
                await asyncio.to_thread(self._keep, known)  # a slow disk must not hold a call up

    async def _tidy_after_visits(self) -> None:
        while True:
            await self._visit_over.wait()
            self._visit_over.clear()
            await asyncio.sleep(self._around.tidy_after_s)
            if self._tidy is not None and self._plan.open_visit_id is None:
                await asyncio.to_thread(self._tidy)

    async def _tick(self) -> None:
        while True:
            self._events.put_nowait(Tick(self._around.now()))
            await asyncio.sleep(self._around.tick_s)

    async def _watch_devices(self) -> None:
        while True:
            await asyncio.sleep(self._around.device_check_s)
            if self._plan.visit_id is not None:
                self._call.look()

    async def _watch_addresses(self, network: Network) -> None:
        known = network.addresses()
        while True:
            await asyncio.sleep(self._around.address_check_s)
            before, known = known, network.addresses()
            if before - known:
                # Connections that went by it are dead without a word.
                _log.info("address_lost", left=len(known))
                self._signaling.renew()
                self._events.put_nowait(AddressLost())
            elif known - before:
                _log.info("address_found", addresses=len(known))
                self._signaling.hurry()


def _fault_of(part: asyncio.Task[None]) -> dict[str, str]:
    """Kind and place of a fault. Its text stays out of the log: it may hold what a visitor typed."""
    fault = part.exception()
    if fault is None:
        return {"error": "ended"}
    places = traceback.extract_tb(fault.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return {"error": type(fault).__name__, "where": where}
