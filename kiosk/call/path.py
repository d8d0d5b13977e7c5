"""One generation of a call: its peer connection from the offer to the end, and the patience that it gets.

What it is for: everything whose life is that of one peer, so that nothing of one generation can reach another.
What it does not do: devices, what is seen on it (`lookout`), or what comes after a path that died; the session asks
for the next generation.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import structlog

from kiosk.call.lookout import Goings, Lookout
from kiosk.core.events import Event, PathChanged, PathSeen, PictureCame
from kiosk.core.media import (
    CallPeer,
    IceCandidate,
    MediaError,
    PathState,
    PeerEngine,
    PictureLimits,
    YuvFrame,
)
from kiosk.core.ports import Signaling
from signaling.protocol.vocabulary import QUALITY_TOLD_EVERY_S, IceTrouble, PathFault, VisitId

#: The last word on a path goes out while it is closed; nothing waits longer for it.
_LAST_WORD_S: Final = 1.0
_UP = frozenset({PathState.CONNECTED, PathState.DISCONNECTED})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PathTiming:
    """How patient the kiosk is with a path.

    Attributes:
        connect_patience_s: From the offer until it must be up. The server gives 20 s, so there is time for a second.
        disconnected_patience_s: A path that is "disconnected" often comes back by itself; then it is given up.
        look_every_s: How often the counters of a path are read. Measured with libwebrtc in a call: 1.7 ms each time, so
            0.7 % of a core at four times a second.
        reopen_pause_s: Before a path whose forerunner lived no longer than this, so that a broken engine does not spin.
    """

    connect_patience_s: float = 12.0
    disconnected_patience_s: float = 5.0
    reopen_pause_s: float = 1.0
    look_every_s: float = 0.25


@dataclass(frozen=True, slots=True)
class Ends:
    """What a path is between.

    Attributes:
        engine: Makes the peer.
        signaling: The way to the other end.
        happened: Takes what the session should know, on any thread.
        show: Takes the other end's pictures with the path's generation.
        play: Takes the other end's sound with the path's generation, on any thread.
        attach: Told once there is a peer, to give it what it is to send.
        answered: Told once the other end has answered.
        limited: Told when a path carries another size of picture than before.
        doubted: Told when nothing arrives any more: the way to the server may be gone, too.
        now_s: Monotonic seconds.
        timing: How patient it is.
    """

    engine: PeerEngine
    signaling: Signaling
    happened: Callable[[Event], None]
    show: Callable[[int, YuvFrame], None]
    play: Callable[[int, bytes], None]
    attach: Callable[[], None]
    answered: Callable[[], None]
    limited: Callable[[], None]
    doubted: Callable[[], None]
    now_s: Callable[[], float]
    timing: PathTiming


class Path:
    """One peer connection, and what came for it before it was ready. A `PeerListener`. Lives on the engine's loop.

    Attributes:
        peer: The connection; None until it is made.
        answered: The other end has taken part: it can use what is said of this end's devices.
        chosen: It is talked on; until then it is only made ready, and nobody is impatient with it.
        up: It was connected once.
        seen_picture: A picture of it was decoded.
    """

    def __init__(self, visit_id: VisitId, generation: int, ends: Ends) -> None:
        self.visit_id = visit_id
        self.generation = generation
        self.peer: CallPeer | None = None
        self.answered = False
        self.chosen = False
        self.up = False
        self.seen_picture = False
        self._ends = ends
        self._state = PathState.NEW
        self._lookout = Lookout()
        self._goings = Goings()
        self._told = PathSeen(generation)
        self._connected_s: float | None = None
        self._connect_ms: float | None = None
        self._quality_told_s: float | None = None
        self._offered = False
        self._opened_s = ends.now_s()
        self._answering = False
        self._closed = False
        self._early: list[IceCandidate] = []  # theirs, before their answer is taken
        self._unsent: list[IceCandidate] | None = []  # ours, before our offer has left; None from then on
        self._patience: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def died_young(self) -> bool:
        """It lived no longer than the pause before another try."""
        return self._ends.now_s() - self._opened_s <= self._ends.timing.reopen_pause_s

    def open(self, *, pause: bool) -> None:
        """Begin to make the peer and send its offer; any failure counts as a path that died."""
        self._spawn(self._open(pause=pause))

    @property
    def limits(self) -> PictureLimits:
        """How much of a picture it carries."""
        return self._lookout.limits

    def choose(self) -> None:
        """From now on it is talked on."""
        if self.chosen:
            return
        self.chosen = True
        if self._offered and self._state not in _UP:
            self._wait(self._ends.timing.connect_patience_s)
        self._spawn(self._look())

    def expect(self, goings: Goings) -> None:
        """Know what should go over it."""
        self._goings = goings

    def take_answer(self, sdp: str) -> None:
        """Take the console's answer; a second one, or one before our offer, is not for us."""
        if self.peer is not None and not self._answering:
            self._answering = True
            self._spawn(self._accept(self.peer, sdp))

    def take_candidate(self, candidate: IceCandidate) -> None:
        """Take one of the console's candidates, or keep it until the answer has been taken."""
        if self.peer is not None and self.answered:
            self._spawn(self.peer.add_candidate(candidate))
        else:
            self._early.append(candidate)

    async def close(self) -> None:
        """End it and free what it holds; nothing is heard of it from the moment of the call."""
        self._closed = True
        self._wait(None)
        self._early.clear()
        tasks = [task for task in self._tasks if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        last_word = asyncio.create_task(self._last_word())
        if self.peer is not None:
            await self.peer.close()
        await last_word

    def stop(self) -> asyncio.Task[None]:
        """Begin to close it."""
        self._closed = True
        return asyncio.get_running_loop().create_task(self.close())

    # --- PeerListener -------------------------------------------------------------------------------------

    def path_changed(self, state: PathState) -> None:
        """The engine's word; "disconnected" gets some patience before it counts as failed."""
        if self._closed:
            return
        self._state = state
        if state is PathState.CONNECTED and not self.up:
            self.up = True
            self._connected_s = self._ends.now_s()
            self._connect_ms = (self._connected_s - self._opened_s) * 1000
            _log.info("path_up", generation=self.generation, after_ms=round(self._connect_ms), chosen=self.chosen)
        if state is PathState.DISCONNECTED:
            self._wait(self._ends.timing.disconnected_patience_s)
        elif state in {PathState.CONNECTED, PathState.FAILED}:
            self._wait(None)
        self._ends.happened(PathChanged(self.generation, state))

    def candidate_found(self, candidate: IceCandidate) -> None:
        """A local candidate: send it, but never before the offer that it belongs to."""
        if self._unsent is not None:
            self._unsent.append(candidate)
        elif not self._closed:
            self._spawn(self._ends.signaling.send_candidate(self.visit_id, self.generation, candidate))

    def trouble_found(self, trouble: IceTrouble) -> None:
        """Something may keep the path from being found."""
        _log.info("ice_trouble", trouble=trouble.value, generation=self.generation)
        self._lookout.troubles = (*self._lookout.troubles, trouble)

    # --- private ------------------------------------------------------------------------------------------

    async def _open(self, *, pause: bool) -> None:
        ends = self._ends
        if pause:
            await asyncio.sleep(ends.timing.reopen_pause_s)
            self._opened_s = ends.now_s()
        settings = await ends.signaling.peer_settings(self.visit_id)
        try:
            peer = ends.engine.create_peer(settings, self, self._picture, self._block)
            self.peer = peer
            ends.attach()
            sdp = await peer.create_offer()
        except MediaError as error:
            self._failed(error)
            return
        self._offered = True
        if self.chosen and self._state not in _UP:
            self._wait(ends.timing.connect_patience_s)
        if not await ends.signaling.send_offer(self.visit_id, self.generation, sdp, peer.local_fingerprint()):
            self._give_up()
            return
        unsent, self._unsent = self._unsent or [], None
        for candidate in unsent:
            self.candidate_found(candidate)

    async def _accept(self, peer: CallPeer, sdp: str) -> None:
        try:
            await peer.accept_answer(sdp)
        except MediaError as error:
            self._failed(error)
            return
        while self._early:  # more may come meanwhile; their order is kept
            await peer.add_candidate(self._early.pop(0))
        self.answered = True
        self._ends.answered()

    async def _look(self) -> None:
        """Read the counters for ever, while there is something to count."""
        while True:
            await asyncio.sleep(self._ends.timing.look_every_s)
            if self.peer is None or self._state not in _UP:
                continue
            stats = await self.peer.stats()
            now_s, limits = self._ends.now_s(), self._lookout.limits
            self._lookout.look(stats, self._goings, now_s)
            self._tell(self._lookout.seen(self.generation, now_s))
            if self._lookout.limits != limits:
                self._ends.limited()
            since_s = self._connected_s if self._quality_told_s is None else self._quality_told_s
            if since_s is not None and now_s - since_s >= QUALITY_TOLD_EVERY_S:
                self._quality_told_s = now_s
                self._spawn(self._tell_quality())

    def _tell(self, seen: PathSeen) -> None:
        if seen == self._told:
            return
        if seen.fault is not None and seen.fault is not self._told.fault:
            _log.info("path_fault", fault=seen.fault.value, generation=self.generation)
            if seen.fault is PathFault.NOTHING_ARRIVES:
                self._ends.doubted()
        self._told = seen
        self._ends.happened(seen)

    async def _tell_quality(self) -> None:
        ends = self._ends
        record = self._lookout.record(self._connected_s, self._connect_ms, ends.now_s())
        await ends.signaling.send_quality(self.visit_id, self.generation, record)

    async def _last_word(self) -> None:
        """Tell what it was like, if anybody has talked on it or wanted to."""
        if self.chosen:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORD_S):
                    await self._tell_quality()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; it is cancelled by `close`."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None:
            # Whatever it was, this path will not carry; the next generation is the remedy.
            _log.error("path_work_failed", error=type(fault).__name__, generation=self.generation)
            self._give_up()

    def _wait(self, patience_s: float | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if patience_s is not None:
            self._patience = asyncio.get_running_loop().call_later(patience_s, self._give_up)

    def _failed(self, error: MediaError) -> None:
        _log.warning("peer_failed", code=error.code, generation=self.generation)
        self._give_up()

    def _give_up(self) -> None:
        """It will not carry: say so."""
        self.path_changed(PathState.FAILED)

    def _picture(self, frame: YuvFrame) -> None:
        """A decoded picture, on any thread."""
        if self._closed:
            return
        if not self.seen_picture:
            self.seen_picture = True
            self._ends.happened(PictureCame(self.generation))
        self._ends.show(self.generation, frame)

    def _block(self, block: bytes) -> None:
        """A block of sound, on any thread."""
        if not self._closed:
            self._ends.play(self.generation, block)
