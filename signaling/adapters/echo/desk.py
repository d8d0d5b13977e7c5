"""Lets kiosks test the way to a librarian: relays with credentials of their own, and a call to the echo.

What it is for: so many calls at once and no more, and none so often that a broken kiosk keeps the echo for itself. What
it does not do: carry media (`process` does, beside the server).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

import structlog

from signaling.adapters.echo.spoken import EchoError, EchoRefused, EchoRequest
from signaling.adapters.gateway.connections import Connection
from signaling.domain.places import Branch, Directory
from signaling.protocol.errors import ErrorCode, WireError
from signaling.protocol.messages import EchoAnswer, EchoOffer, IceServerEntry, IceServers
from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    DEFAULT_VIDEO_START_KBPS,
    KioskId,
    RelayFinding,
)
from signaling.service.ports import Clock, Ids, Metrics, Relays, Turn

#: Each takes 79 MB for as long as it lasts, and 0.3 s of a core (measured with the kiosk's own test call).
AT_ONCE: Final = 2
#: One call of a kiosk after another.
EVERY_S: Final = 10.0
#: A call takes two or three seconds: then one of those at once is over.
BUSY_S: Final = 2

_log = structlog.get_logger(__name__)


class Process(Protocol):
    """One call's program."""

    async def answer(self, request: EchoRequest) -> str:
        """Its SDP answer; raises EchoRefused."""

    async def ended(self) -> None:
        """Wait until it is gone."""

    async def end(self) -> None:
        """End it now."""


class EchoDesk:
    """Takes calls of kiosks to themselves.

    Args:
        turn: Credentials, as calls get them.
        relays: Which of our relays can be reached from here: the echo uses one of those.
        clock: Time, for credentials.
        ids: A name for each test, so that the relay's quota for one user is not shared by all kiosks.
        metrics: Counts.
        directory: Where a kiosk stands.
        relay_only: All media of the installation go through the relay, whatever a branch says.
        start: Starts one program.
        monotonic_s: Seconds that only rise.
    """

    def __init__(
        self,
        *,
        turn: Turn,
        relays: Relays,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        directory: Callable[[], Awaitable[Directory]],
        relay_only: bool,
        start: Callable[[], Awaitable[Process]],
        monotonic_s: Callable[[], float],
    ) -> None:
        self._turn = turn
        self._relays = relays
        self._clock = clock
        self._ids = ids
        self._metrics = metrics
        self._directory = directory
        self._relay_only = relay_only
        self._start = start
        self._monotonic_s = monotonic_s
        self._called_s: dict[KioskId, float] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._running: set[Process] = set()
        self._closed = False

    async def ice(self, who: Connection) -> IceServers:
        """The servers of a test, as a call from this kiosk would get them."""
        branch = await self._branch_of(who.kiosk_id)
        video_max_kbps = branch.video_max_kbps if branch is not None else DEFAULT_VIDEO_KBPS
        return IceServers(
            servers=tuple(
                IceServerEntry(urls=tuple(grant.urls), username=grant.username, credential=grant.credential)
                for grant in self._turn.grant(self._ids.new(), self._clock.now())
            ),
            relay_only=self._is_relay_only(branch),
            video_start_kbps=min(DEFAULT_VIDEO_START_KBPS, video_max_kbps),
            video_max_kbps=video_max_kbps,
            audio_max_kbps=branch.audio_max_kbps if branch is not None else DEFAULT_AUDIO_KBPS,
        )

    async def call(self, who: Connection, offer: EchoOffer) -> EchoAnswer:
        """One call. It goes on by itself, and ends by itself.

        Raises:
            WireError: `unavailable` while others are at it, `too_fast` when it was this kiosk itself a moment ago, both
                with `retry_after_s`; `malformed` for what is no offer of a call; `internal` when the echo is broken.
        """
        branch = await self._branch_of(who.kiosk_id)
        # Nothing is waited for from here until the call is in the books.
        if self._closed or len(self._calls) >= AT_ONCE:
            raise self._counted("busy", WireError(ErrorCode.UNAVAILABLE, {"retry_after_s": BUSY_S}))
        self._admit(who.kiosk_id)
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._carry(self._request(offer, branch), answered), name="echo")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        try:
            sdp = await answered
        except EchoRefused as refusal:
            if refusal.error is EchoError.BAD_OFFER:
                raise self._counted("bad_offer", WireError(ErrorCode.MALFORMED)) from None
            if self._closed:  # it was ended, and did not break
                raise WireError(ErrorCode.UNAVAILABLE) from None
            _log.warning("echo_broke")
            raise self._counted("broken", WireError(ErrorCode.INTERNAL)) from None
        self._metrics.count("echo_calls", {"outcome": "answered"})
        return EchoAnswer(sdp=sdp)

    async def close(self) -> None:
        """End all calls, and wait until no program is left."""
        self._closed = True
        await asyncio.gather(*(process.end() for process in tuple(self._running)))
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _admit(self, kiosk_id: KioskId) -> None:
        now_s = self._monotonic_s()
        self._called_s = {kiosk: at_s for kiosk, at_s in self._called_s.items() if now_s - at_s < EVERY_S}
        if kiosk_id in self._called_s:
            wait_s = math.ceil(self._called_s[kiosk_id] + EVERY_S - now_s)
            raise self._counted("too_fast", WireError(ErrorCode.TOO_FAST, {"retry_after_s": wait_s}))
        self._called_s[kiosk_id] = now_s

    async def _carry(self, request: EchoRequest, answered: asyncio.Future[str]) -> None:
        """One program from start to end. The kiosk may be gone by the time of the answer: then nobody takes it."""
        refusal = EchoRefused(EchoError.BROKEN)
        try:
            process = await self._start()
            self._running.add(process)
            try:
                sdp = await process.answer(request)
                if not answered.done():
                    answered.set_result(sdp)
                if not self._closed:  # started while the server began to end
                    await process.ended()
            finally:
                await process.end()
                self._running.discard(process)
        except EchoRefused as refused:
            refusal = refused
        except OSError as error:  # the machine starts no more programs
            _log.warning("echo_not_started", error=type(error).__name__)
        finally:
            if not answered.done():
                answered.set_exception(refusal)

    def _request(self, offer: EchoOffer, branch: Branch | None) -> EchoRequest:
        is_relay_only = self._is_relay_only(branch)
        urls = self._reachable_relay()
        if not urls:
            return EchoRequest(offer.sdp, relay_only=is_relay_only)
        grant = self._turn.grant(self._ids.new(), self._clock.now())[0]
        return EchoRequest(offer.sdp, urls, grant.username, grant.credential, relay_only=is_relay_only)

    def _reachable_relay(self) -> Sequence[str]:
        """One way to the relay, for the library uses only one, and waits 5 s for one that is dead."""
        statuses = self._relays.statuses()
        for wanted in (RelayFinding.REACHED, None):
            for status in statuses:
                if status.finding is wanted:
                    return (status.url,)
        return ()

    def _is_relay_only(self, branch: Branch | None) -> bool:
        return self._relay_only or (branch is not None and branch.relay_only)

    async def _branch_of(self, kiosk_id: KioskId) -> Branch | None:
        directory = await self._directory()
        kiosk = directory.kiosks.get(kiosk_id)
        return directory.branches.get(kiosk.branch_id) if kiosk is not None else None

    def _counted(self, outcome: str, refusal: WireError) -> WireError:
        self._metrics.count("echo_calls", {"outcome": outcome})
        return refusal
