"""Brings about the media that the session plans: one path per generation, and the devices.

The plan says what should be; this looks at what is and changes the difference. With a colleague in the conversation
there are two paths, known by their generations alone: whose is whose may change without either being touched. What
it does not do: decide anything about the visit, or know which engine carries the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from kiosk.call.device_switch import DeviceSwitch
from kiosk.call.path import Ends, Path, PathTiming
from kiosk.core.effects import MediaPlan
from kiosk.core.events import DevicesChanged, Event
from kiosk.core.facts import MediaReport
from kiosk.core.media import (
    FULL_PICTURE,
    Camera,
    DeviceState,
    IceCandidate,
    PeerEngine,
    PictureLimits,
    SoundDevices,
    Unsubscribe,
    VideoSink,
    YuvFrame,
)
from kiosk.core.ports import Signaling
from signaling.protocol.vocabulary import DeviceCondition, VisitId

#: What a colleague is sent: a third of a screen shows no more, and the second encoder costs a quarter of the first.
COLLEAGUE_WIDTH: Final = 640


class Call:
    """The media side of a visit. Lives on the engine's loop; nothing in it waits for the server or for a device.

    Args:
        engine: Makes peers.
        camera: Open only while the plan wants it.
        sound: Open as long as there is a visit to hear.
        signaling: The way to the other end.
        happened: Takes what the session should know; any thread.
        show_remote: Takes the librarian's pictures; any thread.
        show_colleague: Takes the pictures of the colleague who was brought in; any thread.
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
        show_colleague: VideoSink,
        show_own: VideoSink,
        now_s: Callable[[], float],
        timing: PathTiming,
    ) -> None:
        self._camera = camera
        self._sound = sound
        self._signaling = signaling
        self._happened = happened
        self._show_remote = show_remote
        self._show_colleague = show_colleague
        self._show_own = show_own
        self._ends = Ends(
            engine=engine,
            signaling=signaling,
            happened=happened,
            show=self._show,
            play=self._play,
            attach=self._peer_made,
            answered=self.look,
            now_s=now_s,
            timing=timing,
        )
        self._plan = MediaPlan()
        self._paths: dict[int, Path] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._camera_switch = DeviceSwitch("camera", camera.open, camera.close)
        self._sound_switch = DeviceSwitch("sound", sound.open, sound.close)
        self._stop_own: Unsubscribe | None = None
        self._devices = DevicesChanged()
        self._said: tuple[VisitId, tuple[int, ...], MediaReport] | None = None
        self._saying: asyncio.Task[None] | None = None

    def follow(self, plan: MediaPlan) -> None:
        """Bring about what the plan says; what takes time goes on beside."""
        before, self._plan = self._plan, plan
        gone = {
            generation: path
            for generation, path in self._paths.items()
            if path.visit_id != plan.visit_id or generation not in plan.generations
        }
        for generation, path in gone.items():
            del self._paths[generation]
            task = path.stop()
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        if plan.visit_id is not None:
            for generation in plan.generations:
                if generation not in self._paths:
                    of_guest = generation == plan.guest_generation
                    former = gone.get(before.guest_generation if of_guest else before.generation)
                    self._paths[generation] = path = Path(plan.visit_id, generation, self._ends)
                    path.open(pause=former is not None and former.died_young)
        self._attach()
        self._sound.set_volume(plan.volume_percent)
        self._sound_switch.turn(on=plan.visit_id is not None)
        self._follow_camera()
        if plan.visit_id is None:
            self._said = None  # nothing of the visit is left
        self.look()

    def look(self) -> None:
        """Tell the session, and the other ends, what is true of the devices. Called after changes and now and then."""
        has_peer = any(path.peer is not None for path in self._paths.values())
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
        """Take a console's answer, if it is for a path that there is and the first one."""
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
        path = self._paths.get(generation)
        return path if path is not None and path.visit_id == visit_id else None

    def _play(self, generation: int, block: bytes) -> None:
        if self._plan.sound:
            self._sound.play(block, generation)

    def _show(self, generation: int, frame: YuvFrame) -> None:
        # Asked for each picture: a colleague whom the librarian leaves the visitor to becomes the one who is met.
        if generation == self._plan.generation:
            self._show_remote(frame)
        elif generation == self._plan.guest_generation:
            self._show_colleague(frame)

    def _peer_made(self) -> None:
        self._attach()
        self.look()

    def _attach(self) -> None:
        for generation, path in self._paths.items():
            if path.peer is not None:
                to_guest = generation == self._plan.guest_generation
                path.peer.send_audio(self._sound if self._plan.microphone else None)
                limits = PictureLimits(COLLEAGUE_WIDTH) if to_guest else FULL_PICTURE
                path.peer.send_video(self._camera if self._plan.camera else None, limits)

    def _follow_camera(self) -> None:
        # The peers were told first: sending stops before the device closes.
        if self._plan.camera and self._stop_own is None:
            self._stop_own = self._camera.subscribe(self._show_own)
        elif not self._plan.camera and self._stop_own is not None:
            self._stop_own()
            self._stop_own = None
        self._camera_switch.turn(on=self._plan.camera)

    def _unsaid(self) -> tuple[VisitId, tuple[int, ...], MediaReport] | None:
        """What the other ends should know of our devices and were not told."""
        visit_id, devices = self._plan.visit_id, self._devices
        answered = tuple(generation for generation, path in self._paths.items() if path.answered)
        if visit_id is None or not answered:
            return None
        report = MediaReport(
            devices.camera_sending,
            devices.microphone_sending,
            DeviceCondition(devices.camera.value),
            DeviceCondition(devices.microphone.value),
            DeviceCondition(devices.loudspeaker.value),
        )
        saying = (visit_id, answered, report)
        return saying if saying != self._said else None

    async def _say(self) -> None:
        """Tell the other ends, one report at a time, so that the newest comes last."""
        while (saying := self._unsaid()) is not None:
            visit_id, _, report = saying
            if not await self._signaling.send_media(visit_id, report):
                return  # the server is away, or past this; the next look tries again
            self._said = saying
