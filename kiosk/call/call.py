"""Brings about the media that the session plans: one path per generation, and the devices.

The plan says what should be; this looks at what is and changes the difference. What it does not do: decide
anything about the visit, or know which engine carries the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk.call.device_switch import DeviceSwitch
from kiosk.call.path import Ends, Path, PathTiming
from kiosk.core.effects import MediaPlan
from kiosk.core.events import DevicesChanged, Event
from kiosk.core.facts import MediaReport
from kiosk.core.media import (
    Camera,
    DeviceState,
    IceCandidate,
    PeerEngine,
    SoundDevices,
    Unsubscribe,
    VideoSink,
)
from kiosk.core.ports import Signaling
from signaling.protocol.vocabulary import DeviceCondition, VisitId


class Call:
    """The media side of a visit. Lives on the engine's loop; nothing in it waits for the server or for a device.

    Args:
        engine: Makes peers.
        camera: Open only while the plan wants it.
        sound: Open as long as there is a visit to hear.
        signaling: The way to the other end.
        happened: Takes what the session should know; any thread.
        show_remote: Takes the librarian's pictures; any thread.
        show_own: Takes the visitor's own pictures; any thread.
        now_s: Monotonic seconds.
        timing: How patient it is with a path.
    """

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
        now_s: Callable[[], float],
        timing: PathTiming,
    ) -> None:
        self._camera = camera
        self._sound = sound
        self._signaling = signaling
        self._happened = happened
        self._show_own = show_own
        self._ends = Ends(
            engine=engine,
            signaling=signaling,
            happened=happened,
            show=show_remote,
            play=self._play,
            attach=self._peer_made,
            answered=self.look,
            now_s=now_s,
            timing=timing,
        )
        self._plan = MediaPlan()
        self._path: Path | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._camera_switch = DeviceSwitch("camera", camera.open, camera.close)
        self._sound_switch = DeviceSwitch("sound", sound.open, sound.close)
        self._stop_own: Unsubscribe | None = None
        self._devices = DevicesChanged()
        self._said: tuple[VisitId, int, MediaReport] | None = None
        self._saying: asyncio.Task[None] | None = None

    def follow(self, plan: MediaPlan) -> None:
        """Bring about what the plan says; what takes time goes on beside."""
        self._plan = plan
        before = self._path
        wanted = (plan.visit_id, plan.generation)
        if before is not None and (before.visit_id, before.generation) != wanted:
            self._path = None
            task = before.stop()
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        if plan.visit_id is not None and self._path is None:
            self._path = Path(plan.visit_id, plan.generation, self._ends)
            self._path.open(pause=before is not None and before.died_young)
        self._attach()
        self._sound.set_volume(plan.volume_percent)
        self._sound_switch.turn(on=plan.visit_id is not None)
        self._follow_camera()
        if plan.visit_id is None:
            self._said = None  # nothing of the visit is left
        self.look()

    def look(self) -> None:
        """Tell the session, and the librarian, what is true of the devices. Called after changes and now and then."""
        has_peer = self._path is not None and self._path.peer is not None
        camera = self._camera.state if self._camera_switch.wanted else DeviceState.CLOSED
        microphone = self._sound.microphone if self._sound_switch.wanted else DeviceState.CLOSED
        devices = DevicesChanged(
            camera=camera,
            microphone=microphone,
            loudspeaker=self._sound.loudspeaker if self._sound_switch.wanted else DeviceState.CLOSED,
            camera_sending=has_peer and self._plan.camera and camera is DeviceState.OK,
            microphone_sending=has_peer and self._plan.microphone and microphone is DeviceState.OK,
        )
        if devices != self._devices:
            self._devices = devices
            self._happened(devices)
        if self._unsaid() is not None and (self._saying is None or self._saying.done()):
            self._saying = asyncio.get_running_loop().create_task(self._say())

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """Take the console's answer, if it is for the current generation and the first one."""
        path = self._current(visit_id, generation)
        if path is not None:
            path.take_answer(sdp)

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """Take one of the console's candidates; those that come before the answer wait for it."""
        path = self._current(visit_id, generation)
        if path is not None:
            path.take_candidate(candidate)

    async def close(self) -> None:
        """End everything; peers are closed and devices released when this returns."""
        self.follow(MediaPlan())
        if self._saying is not None:
            self._saying.cancel()
            self._closing.add(self._saying)
        await asyncio.gather(
            self._camera_switch.close(), self._sound_switch.close(), *self._closing, return_exceptions=True
        )

    # --- private ------------------------------------------------------------------------------------------

    def _current(self, visit_id: VisitId, generation: int) -> Path | None:
        path = self._path
        return path if path is not None and (path.visit_id, path.generation) == (visit_id, generation) else None

    def _play(self, block: bytes) -> None:
        if self._plan.sound:
            self._sound.play(block)

    def _peer_made(self) -> None:
        self._attach()
        self.look()

    def _attach(self) -> None:
        peer = self._path.peer if self._path is not None else None
        if peer is None:
            return
        peer.send_audio(self._sound if self._plan.microphone else None)
        peer.send_video(self._camera if self._plan.camera else None)

    def _follow_camera(self) -> None:
        # The peer was told first: sending stops before the device closes.
        if self._plan.camera and self._stop_own is None:
            self._stop_own = self._camera.subscribe(self._show_own)
        elif not self._plan.camera and self._stop_own is not None:
            self._stop_own()
            self._stop_own = None
        self._camera_switch.turn(on=self._plan.camera)

    def _unsaid(self) -> tuple[VisitId, int, MediaReport] | None:
        """What the librarian should know of our devices and was not told."""
        path, devices = self._path, self._devices
        if path is None or not path.answered:
            return None
        report = MediaReport(
            devices.camera_sending,
            devices.microphone_sending,
            DeviceCondition(devices.camera.value),
            DeviceCondition(devices.microphone.value),
            DeviceCondition(devices.loudspeaker.value),
        )
        saying = (path.visit_id, path.generation, report)
        return saying if saying != self._said else None

    async def _say(self) -> None:
        """Tell the librarian, one report at a time, so that the newest comes last."""
        while (saying := self._unsaid()) is not None:
            visit_id, _, report = saying
            if not await self._signaling.send_media(visit_id, report):
                return  # the server is away, or past this; the next look tries again
            self._said = saying
