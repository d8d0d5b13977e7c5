"""Brings about the media that the session plans: one path per generation, and the devices.

The plan says what should be; this looks at what is and changes the difference. With a colleague in the conversation
there are two paths, known by their generations alone: whose is whose may change without either being touched. A path
may be made ready before anybody answers, with nothing on it; and one may go on beside the next until that is up.
What it does not do: decide anything about the visit, or know which engine carries the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.call.device_switch import DeviceSwitch
from kiosk.call.lip_sync import LipSync
from kiosk.call.lookout import Goings
from kiosk.call.path import Ends, Path, PathTiming
from kiosk.core.effects import MediaPlan
from kiosk.core.events import DevicesChanged, Event
from kiosk.core.facts import MediaReport
from kiosk.core.media import (
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
        self._lips = LipSync(self._show, lambda: sound.heard_after_s)
        self._ends = Ends(
            engine=engine,
            signaling=signaling,
            happened=happened,
            show=self._lips.take,
            play=self._play,
            attach=self._peer_made,
            answered=self.look,
            limited=self._peer_made,
            doubted=self._probe,
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
        self._probing: asyncio.Task[None] | None = None

    def follow(self, plan: MediaPlan) -> None:
        """Bring about what the plan says; what takes time goes on beside."""
        before, self._plan = self._plan, plan
        former = dict(self._paths)
        wanted = {*plan.generations, *plan.older_generations, *plan.preparing}
        for generation, path in former.items():
            if path.visit_id != plan.open_visit_id or generation not in wanted:
                del self._paths[generation]
                task = path.stop()
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
        if plan.prepared_visit_id is not None:
            unready = [path for generation, path in former.items() if generation not in self._paths]
            self._open(plan.prepared_visit_id, plan.preparing, unready)
        if plan.visit_id is not None:
            self._open(plan.visit_id, (plan.generation,), _of(former, before.generation))
            self._open(plan.visit_id, plan.generations[1:], _of(former, before.guest_generation))
            for generation in plan.generations:
                self._paths[generation].choose()
        self._attach()
        self._sound.set_volume(plan.volume_percent)
        self._sound_switch.turn(on=plan.visit_id is not None)
        self._follow_camera()
        if plan.visit_id is None:
            self._said = None  # nothing of the visit is left
            self._lips.clear()
        self.look()

    def look(self) -> None:
        """Tell the session, and the other ends, what is true of the devices. Called after changes and now and then."""
        has_peer = any(path.peer is not None for path in self._paths.values() if path.chosen)
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
        for task in (self._saying, self._probing):
            if task is not None:
                task.cancel()
                self._closing.add(task)
        await asyncio.gather(
            self._camera_switch.close(), self._sound_switch.close(), *self._closing, return_exceptions=True
        )

    # --- private ------------------------------------------------------------------------------------------

    def _current(self, visit_id: VisitId, generation: int) -> Path | None:
        path = self._paths.get(generation)
        return path if path is not None and path.visit_id == visit_id else None

    def _open(self, visit_id: VisitId, generations: tuple[int, ...], former: list[Path]) -> None:
        """Begin the paths that there are not yet; not at once after one that died young."""
        pause = any(path.died_young for path in former)
        for generation in generations:
            if generation not in self._paths:
                self._paths[generation] = path = Path(visit_id, generation, self._ends)
                path.open(pause=pause)

    def _play(self, generation: int, block: bytes) -> None:
        if self._plan.sound and self._is_heard(generation):
            self._sound.play(block, generation)

    def _is_heard(self, generation: int) -> bool:
        """Of two paths to one end the newest that is up is heard, and the other is not: nobody speaks twice."""
        for newest, older in self._ends_of(self._plan):
            if older and generation in (newest, older):
                path = self._paths.get(newest)
                return generation == (newest if path is not None and path.up else older)
        return True

    def _show(self, generation: int, frame: YuvFrame) -> None:
        # Asked for each picture: a colleague whom the librarian leaves the visitor to becomes the one who is met.
        plan = self._plan
        for (newest, older), show in zip(self._ends_of(plan), (self._show_remote, self._show_colleague), strict=True):
            path = self._paths.get(newest)
            if generation == newest or (generation == older and not (path is not None and path.seen_picture)):
                show(frame)
                return

    @staticmethod
    def _ends_of(plan: MediaPlan) -> tuple[tuple[int, int], tuple[int, int]]:
        """The newest and the older path of the librarian, and of the colleague; 0 where there is none."""
        return (
            (plan.generation, plan.older_generation),
            (plan.guest_generation, plan.older_guest_generation),
        )

    def _peer_made(self) -> None:
        self._attach()
        self.look()

    def _attach(self) -> None:
        """Put on every path that is talked on what should go over it now."""
        plan = self._plan
        for generation in (*plan.generations, *plan.older_generations):
            path = self._paths.get(generation)
            if path is None:
                continue
            path.expect(Goings(generation in plan.pictures, generation in plan.stills, plan.camera))
            if path.peer is not None:
                to_guest = generation in {plan.guest_generation, plan.older_guest_generation}
                path.peer.send_audio(self._sound if plan.microphone else None)
                limits = _narrowed(path.limits, COLLEAGUE_WIDTH) if to_guest else path.limits
                path.peer.send_video(self._camera if plan.camera else None, limits)

    def _probe(self) -> None:
        """Nothing arrives on a path: find out whether the way to the server is gone, too."""
        if self._plan.visit_id is not None and (self._probing is None or self._probing.done()):
            probe = self._signaling.probe(self._plan.visit_id, self._report())
            self._probing = asyncio.get_running_loop().create_task(probe)

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
        visit_id = self._plan.visit_id
        answered = tuple(generation for generation, path in self._paths.items() if path.answered and path.chosen)
        if visit_id is None or not answered:
            return None
        saying = (visit_id, answered, self._report())
        return saying if saying != self._said else None

    def _report(self) -> MediaReport:
        devices, librarians = self._devices, self._paths.get(self._plan.generation)
        return MediaReport(
            devices.camera_sending,
            devices.microphone_sending,
            DeviceCondition(devices.camera.value),
            DeviceCondition(devices.microphone.value),
            DeviceCondition(devices.loudspeaker.value),
            picture_paused=devices.camera_sending and librarians is not None and librarians.limits.still,
        )

    async def _say(self) -> None:
        """Tell the other ends, one report at a time, so that the newest comes last."""
        while (saying := self._unsaid()) is not None:
            visit_id, _, report = saying
            if not await self._signaling.send_media(visit_id, report):
                return  # the server is away, or past this; the next look tries again
            self._said = saying


def _of(paths: dict[int, Path], generation: int) -> list[Path]:
    return [paths[generation]] if generation in paths else []


def _narrowed(limits: PictureLimits, width_max: int) -> PictureLimits:
    return replace(limits, width_max=width_max if limits.width_max is None else min(limits.width_max, width_max))
