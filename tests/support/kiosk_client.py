"""The kiosk's real client, running, and all that it told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.identity import Identity
from kiosk.adapters.signaling_client import SignalingClient
from kiosk.core import events as e
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.media import IceCandidate
from signaling.protocol.vocabulary import KioskId, MediaEngine, VisitId

E = TypeVar("E")
PATIENCE_S = 10.0


class Heard:
    """A `SignalingListener` that remembers."""

    def __init__(self) -> None:
        self.events: list[e.Event] = []
        self.answers: list[tuple[VisitId, int, str]] = []
        self.candidates: list[tuple[VisitId, int, IceCandidate]] = []
        self._news = asyncio.Event()

    def happened(self, event: e.Event) -> None:
        self.events.append(event)
        self._news.set()

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        self.answers.append((visit_id, generation, sdp))
        self._news.set()

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        self.candidates.append((visit_id, generation, candidate))
        self._news.set()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something is so, by what is told."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"not within {PATIENCE_S:g} s: {what}; heard {self.events[-3:]}") from None

    def all_of(self, kind: type[E]) -> list[E]:
        """All events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    async def event(self, kind: type[E], times: int = 1) -> E:
        """Wait for the n-th event of one kind."""
        await self.until(lambda: len(self.all_of(kind)) >= times, f"{kind.__name__} number {times}")
        return self.all_of(kind)[times - 1]

    @property
    def facts(self) -> ServerFacts | None:
        """The newest facts."""
        came = self.all_of(e.FactsCame)
        return came[-1].facts if came else None

    @property
    def visit(self) -> VisitFacts | None:
        """The visit, as the newest facts have it."""
        return self.facts.visit if self.facts is not None else None


class Running:
    """A client that runs, and its listener."""

    def __init__(self, client: SignalingClient) -> None:
        self.client = client
        self.heard = Heard()
        self.task = asyncio.create_task(client.run(self.heard))

    async def stop(self) -> None:
        """As the engine ends it."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.client.close()

    def pulls_the_cable(self) -> None:
        """Lose the connection without a word."""
        assert self.client._link._sio is not None
        self.client._link._sio.eio.ws._response.connection.transport.abort()


@asynccontextmanager
async def running_client(
    url: str, key: Ed25519PrivateKey | None = None, kiosk_id: str = "k1", **changes: Any
) -> AsyncIterator[Running]:
    """Run a client until the block ends; it tries again as soon as chance allows."""
    identity = Identity(KioskId(kiosk_id), key or Ed25519PrivateKey.generate())
    options = {"software": "1.2.3", "media_engine": MediaEngine.AIORTC, "chance": lambda: 0.0, **changes}
    running = Running(SignalingClient(url, identity, **options))
    try:
        yield running
    finally:
        await running.stop()
