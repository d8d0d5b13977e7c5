"""A whole call to the server's echo, by the kiosk's own engine: picture and tone out, and what comes back counted.

What it is for: one proof that the server, the network, the relay where it is needed, the codecs and the engine work
together. No camera, microphone or loudspeaker takes part: they have tests of their own. What it does not do: judge
(`kiosk.core.health.call`).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from kiosk.adapters.health import painted
from kiosk.adapters.peer.sdp import with_candidates
from kiosk.core.care import Looked
from kiosk.core.health.call import NOT_CALLED, CallSeen, EchoFault, EchoReply, call_looked
from kiosk.core.media import IceCandidate, MediaError, PathState, PeerEngine, PeerSettings, YuvFrame
from kiosk.core.ports import EchoLine
from signaling.protocol.health import HealthArea, TestKind
from signaling.protocol.vocabulary import IceTrouble

_LOST: Final = frozenset({PathState.FAILED, PathState.CLOSED})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CallPatience:
    """How long a test call may take.

    Attributes:
        gather_s: For our addresses; then those that are known must do. A relay that is dead takes libwebrtc 10 s.
        whole_s: From the first step to the last, but for waiting for a turn.
        media_s: For picture and tone, once the path is up; a good one has proven itself in less than one.
        turn_s: For a turn at the echo, while other kiosks are at it.
    """

    gather_s: float = 1.5
    whole_s: float = 5.5
    media_s: float = 2.5
    turn_s: float = 10.0


class CallTest:
    """Tests a whole call. See `kiosk.core.care_ports.AreaTest`.

    Args:
        engine: The kiosk's own.
        signaling: The kiosk's own link.
        patience: How long it waits.
        new_mark: Gives a number under 256 that tells this call's pictures from another's.
    """

    areas = frozenset({HealthArea.CALL})

    def __init__(
        self,
        engine: PeerEngine,
        signaling: EchoLine,
        *,
        patience: CallPatience | None = None,
        new_mark: Callable[[], int] = lambda: secrets.randbelow(256),
    ) -> None:
        self._engine = engine
        self._signaling = signaling
        self._patience = patience or CallPatience()
        self._new_mark = new_mark

    async def look(self, kind: TestKind) -> Looked:
        """Call now; not in a light test. Nothing is known where the server is away, or had no room for long."""
        if kind is TestKind.LIGHT:
            return NOT_CALLED
        settings = await self._signaling.test_settings()
        if settings is None:
            return NOT_CALLED
        call = _Call(self._new_mark())
        try:
            async with asyncio.timeout(self._patience.whole_s) as deadline:
                await self._make(call, settings, deadline)
        except TimeoutError:
            _log.debug("test_call_took_too_long")
        except MediaError as error:
            _log.info("test_call_failed", code=error.code)
        except _NoEcho as none:
            if none.fault is not EchoFault.BROKEN:
                return NOT_CALLED
        return call_looked(call.seen)

    async def _make(self, call: _Call, settings: PeerSettings, deadline: asyncio.Timeout) -> None:
        peer = self._engine.create_peer(settings, call, call.see, call.hear)
        try:
            offer = await peer.create_offer()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.gather_s):
                    await call.gathered.wait()
            if not call.candidates and "a=candidate:" not in offer:
                await call.found.wait()  # one is enough, should it come at all
                if not call.candidates:
                    raise MediaError("no_candidates")
            answer = await self._echo(with_candidates(offer, call.candidates), deadline)
            peer.send_video(painted.pictures(call.mark, asyncio.get_running_loop().time))
            peer.send_audio(painted.tone())
            call.answered()
            await peer.accept_answer(answer)
            await call.settled.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.media_s):
                    await call.proven.wait()
        finally:
            await peer.close()

    async def _echo(self, offer: str, deadline: asyncio.Timeout) -> str:
        """The echo's answer; waiting for a turn is not this kiosk's fault, so the deadline moves with it."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        while True:
            asked_s = loop.time()
            reply: EchoReply = await self._signaling.echo(offer)
            if reply.fault is None:
                return reply.sdp
            waited_s = asked_s - begun_s + reply.retry_after_s
            if reply.fault is not EchoFault.BUSY or waited_s > self._patience.turn_s:
                raise _NoEcho(reply.fault)
            ends_s = deadline.when()
            if ends_s is not None:
                deadline.reschedule(ends_s + loop.time() - asked_s + reply.retry_after_s)
            await asyncio.sleep(reply.retry_after_s)


class _NoEcho(Exception):
    def __init__(self, fault: EchoFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class _Call:
    """What is seen of one call. A `PeerListener`; its sinks are called on the engine's threads or loop."""

    def __init__(self, mark: int) -> None:
        self.mark = mark
        self.candidates: list[IceCandidate] = []
        self.found = asyncio.Event()
        self.gathered = asyncio.Event()
        self.settled = asyncio.Event()
        self.proven = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._answered_s = 0.0
        self._connect_ms: float | None = None
        self._counts: set[int] = set()
        self._piece: list[bytes] = []
        self._pieces = 0
        self._with_tone = 0

    @property
    def seen(self) -> CallSeen:
        """Until now."""
        return CallSeen(self._connect_ms, len(self._counts), self._pieces, self._with_tone)

    def answered(self) -> None:
        """From here on it is the path's time."""
        self._answered_s = self._loop.time()

    def path_changed(self, state: PathState) -> None:
        if state is PathState.CONNECTED and self._connect_ms is None:
            self._connect_ms = (self._loop.time() - self._answered_s) * 1000
            self.settled.set()
        if state in _LOST:
            for event in (self.found, self.gathered, self.settled, self.proven):
                event.set()

    def candidate_found(self, candidate: IceCandidate) -> None:
        if candidate.candidate:
            self.candidates.append(candidate)
        else:
            self.gathered.set()
        self.found.set()

    def trouble_found(self, trouble: IceTrouble) -> None:
        _log.debug("test_call_trouble", trouble=trouble.value)

    def see(self, frame: YuvFrame) -> None:
        count = painted.read(frame, self.mark)
        if count is not None:
            self._counts.add(count)
            self._look()

    def hear(self, block: bytes) -> None:
        self._piece.append(block)
        if len(self._piece) < painted.PIECE_BLOCKS:
            return
        piece, self._piece = self._piece, []
        # The tone begins where it is first heard; before it there is what an engine plays while nothing comes.
        heard = painted.has_tone(piece)
        if heard or self._with_tone:
            self._pieces += 1
            self._with_tone += heard
            self._look()

    def _look(self) -> None:
        if self.seen.proven:
            self._loop.call_soon_threadsafe(self.proven.set)
