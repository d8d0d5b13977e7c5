"""Brings about the media that the session plans: one peer connection per generation, and the devices.

The plan says what should be; this looks at what is and changes the difference. What it does not do: decide
anything about the visit, or know which engine carries the call.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from kiosk.core.effects import MediaPlan
from kiosk.core.events import DevicesChanged, Event, PathChanged, PictureCame
from kiosk.core.facts import MediaReport
from kiosk.core.media import (
    CallPeer,
    Camera,
    DeviceState,
    IceCandidate,
    MediaError,
    PathState,
    PeerEngine,
    SoundDevices,
    Unsubscribe,
    VideoSink,
    YuvFrame,
)
from kiosk.core.ports import Signaling
from signaling.protocol.vocabulary import DeviceCondition, VisitId

#: A path that is "disconnected" often comes back by itself; after this time it is given up.
DISCONNECTED_PATIENCE_S: Final = 5.0
#: Between two generations that failed at once, so that a broken engine does not spin.
REOPEN_PAUSE_S: Final = 1.0

_log = structlog.get_logger(__name__)


class _Path:
    """One generation: its peer, its listener, and what came for it before it was ready."""

    def __init__(self, call: Call, visit_id: VisitId, generation: int) -> None:
        self.visit_id = visit_id
        self.generation = generation
        self.peer: CallPeer | None = None
        self.opened_s = time.monotonic()
        self.answered = False
        self.early: list[IceCandidate] = []  # theirs, before their answer
        self.unsent: list[IceCandidate] | None = []  # ours, before our offer has left; None from then on
        self.seen_picture = False
        self._call = call
        self._giving_up: asyncio.TimerHandle | None = None

    def path_changed(self, state: PathState) -> None:
        """The engine's word; "disconnected" gets some patience before it counts as failed."""
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
        if state is PathState.DISCONNECTED:
            self._giving_up = asyncio.get_running_loop().call_later(
                DISCONNECTED_PATIENCE_S, self.path_changed, PathState.FAILED
            )
        self._call.happened(PathChanged(self.generation, state))

    def candidate_found(self, candidate: IceCandidate) -> None:
        """A local candidate: send it, but never before the offer that it belongs to."""
        if self.unsent is not None:
            self.unsent.append(candidate)
            return
        self._call.spawn(self._call.signaling.send_candidate(self.visit_id, self.generation, candidate))

    def picture(self, frame: YuvFrame) -> None:
        """A decoded picture, on any thread."""
        if not self.seen_picture:
            self.seen_picture = True
            self._call.happened(PictureCame(self.generation))
        self._call.show_remote(frame)

    async def close(self) -> None:
        """End it."""
        if self._giving_up is not None:
            self._giving_up.cancel()
        if self.peer is not None:
            await self.peer.close()


class Call:
    """The media side of a visit. Lives on the engine's loop; one plan is followed at a time."""

    def __init__(
        self,
        *,
        engine: PeerEngine,
        camera: Camera,
        sound: SoundDevices,
        signaling: Signaling,
        happened: Callable[[Event], None],
        show_remote: VideoSink,
        show_own: VideoSink,
    ) -> None:
        self._engine = engine
        self._camera = camera
        self._sound = sound
        self.signaling = signaling
        self.happened = happened
        self.show_remote = show_remote
        self._show_own = show_own
        self._path: _Path | None = None
        self._plan = MediaPlan()
        self._sound_open = False
        self._camera_open = False
        self._stop_own: Unsubscribe | None = None
        self._sent_report: tuple[VisitId, int, MediaReport] | None = None
        self._told: DevicesChanged | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; it is cancelled by `close`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def follow(self, plan: MediaPlan) -> None:
        """Bring about what the plan says."""
        self._plan = plan
        await self._follow_devices(plan)
        path = self._path
        wanted = (plan.visit_id, plan.generation) if plan.visit_id is not None else None
        have = (path.visit_id, path.generation) if path is not None else None
        if wanted != have:
            self._path = None
            if path is not None:
                await path.close()
            if plan.visit_id is not None:
                self._path = _Path(self, plan.visit_id, plan.generation)
                self.spawn(self._open(self._path, quick=path is None or _lasted(path)))
        self._attach()
        await self.report()

    async def report(self) -> None:
        """Tell the session, and the librarian, what is true of the devices. Called after changes and now and then."""
        peer = self._path is not None and self._path.peer is not None
        now_so = DevicesChanged(
            camera=self._camera.state if self._camera_open else DeviceState.CLOSED,
            microphone=self._sound.microphone if self._sound_open else DeviceState.CLOSED,
            loudspeaker=self._sound.loudspeaker if self._sound_open else DeviceState.CLOSED,
            camera_sending=peer and self._camera_open and self._camera.state is DeviceState.OK,
            microphone_sending=peer
            and self._sound_open
            and self._plan.microphone
            and self._sound.microphone is DeviceState.OK,
        )
        if now_so != self._told:
            self._told = now_so
            self.happened(now_so)
        path = self._path
        if path is None or not path.answered:
            return
        report = MediaReport(
            now_so.camera_sending,
            now_so.microphone_sending,
            DeviceCondition(now_so.camera.value),
            DeviceCondition(now_so.microphone.value),
            DeviceCondition(now_so.loudspeaker.value),
        )
        if self._sent_report != (path.visit_id, path.generation, report):
            self._sent_report = (path.visit_id, path.generation, report)
            await self.signaling.send_media(path.visit_id, report)

    async def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """Take the console's answer, if it is for the current generation and the first one."""
        path = self._current(visit_id, generation)
        if path is None or path.peer is None or path.answered:
            return
        path.answered = True
        try:
            await path.peer.accept_answer(sdp)
        except MediaError as error:
            self._failed(path, error)
            return
        early, path.early = path.early, []
        for candidate in early:
            await path.peer.add_candidate(candidate)
        await self.report()

    async def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Take one of the console's candidates; those that come before the answer wait for it."""
        path = self._current(visit_id, generation)
        if path is None:
            return
        if path.peer is None or not path.answered:
            path.early.append(candidate)
        else:
            await path.peer.add_candidate(candidate)

    async def close(self) -> None:
        """End everything."""
        await self.follow(MediaPlan())
        for task in list(self._tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    # --- private ------------------------------------------------------------------------------------------

    def _current(self, visit_id: VisitId, generation: int) -> _Path | None:
        path = self._path
        return path if path is not None and (path.visit_id, path.generation) == (visit_id, generation) else None

    async def _open(self, path: _Path, *, quick: bool) -> None:
        if not quick:
            await asyncio.sleep(REOPEN_PAUSE_S)
        settings = await self.signaling.peer_settings(path.visit_id)
        if self._path is not path:
            return
        try:
            path.peer = self._engine.create_peer(settings, path, path.picture, self._play)
            self._attach()
            sdp = await path.peer.create_offer()
        except MediaError as error:
            self._failed(path, error)
            return
        if self._path is not path:
            await path.close()
            return
        await self.signaling.send_offer(path.visit_id, path.generation, sdp, path.peer.local_fingerprint())
        unsent, path.unsent = path.unsent or [], None
        for candidate in unsent:
            await self.signaling.send_candidate(path.visit_id, path.generation, candidate)

    def _failed(self, path: _Path, error: MediaError) -> None:
        _log.warning("peer_failed", code=error.code, generation=path.generation)
        path.path_changed(PathState.FAILED)

    def _play(self, block: bytes) -> None:
        if self._plan.sound:
            self._sound.play(block)

    def _attach(self) -> None:
        peer = self._path.peer if self._path is not None else None
        if peer is None:
            return
        peer.send_audio(self._sound if self._plan.microphone else None)
        peer.send_video(self._camera if self._plan.camera else None)

    async def _follow_devices(self, plan: MediaPlan) -> None:
        if plan.visit_id is None and self._sound_open:
            self._sound_open = False
            await asyncio.to_thread(self._sound.close)
        elif plan.visit_id is not None and not self._sound_open:
            self._sound_open = True
            await asyncio.to_thread(self._sound.open)
        self._sound.set_volume(plan.volume_percent)
        if plan.camera and not self._camera_open:
            self._camera_open = True
            self._stop_own = self._camera.subscribe(self._show_own)
            await asyncio.to_thread(self._camera.open)
        elif not plan.camera and self._camera_open:
            self._camera_open = False
            if self._path is not None and self._path.peer is not None:
                self._path.peer.send_video(None)  # first stop sending, then close
            if self._stop_own is not None:
                self._stop_own()
                self._stop_own = None
            await asyncio.to_thread(self._camera.close)


def _lasted(path: _Path) -> bool:
    return time.monotonic() - path.opened_s > REOPEN_PAUSE_S
