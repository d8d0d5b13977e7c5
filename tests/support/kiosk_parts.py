"""Fakes of everything that the kiosk's engine is made with: peers, camera, sound, the way to the server.

What it is for: a call without media, devices or network. What it does not do: decide; each fake does what it is told
and writes down what was asked of it, in one journal, so that the order between parts can be told too.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kiosk.core.effects import CareEffect, Effect
from kiosk.core.facts import MediaReport
from kiosk.core.health.call import EchoFault, EchoReply
from kiosk.core.media import (
    FULL_PICTURE,
    AudioSink,
    AudioSource,
    DeviceState,
    IceCandidate,
    MediaError,
    PathState,
    PeerListener,
    PeerSettings,
    PeerStats,
    PictureLimits,
    Unsubscribe,
    VideoSink,
    VideoSource,
    YuvFrame,
)
from kiosk.core.path_quality import PathRecord
from kiosk.core.ports import SignalingListener
from signaling.protocol.vocabulary import VisitId

FRAME = YuvFrame(2, 2, bytes(6), captured_s=1.0)
BLOCK = bytes(960)
PATIENCE_S = 5.0


class Journal:
    """What happened, in order, from any thread; and somebody who waits for it."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._changed = threading.Condition()

    def write(self, entry: str) -> None:
        """Add a line."""
        with self._changed:
            self.entries.append(entry)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        """Block this thread until something is so; for tests of programs with threads of their own."""
        with self._changed:
            deadline_s = time.monotonic() + PATIENCE_S
            while not condition():
                assert time.monotonic() < deadline_s, f"not within {PATIENCE_S:g} s: {what}\n{self.entries}"
                self._changed.wait(0.05)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """The same, on a loop."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"not within {PATIENCE_S:g} s: {what}\n{self.entries}"
            await asyncio.sleep(0.002)

    def order(self, *entries: str) -> bool:
        """Whether these lines stand in this order (others may stand between)."""
        rest = iter(self.entries)
        return all(entry in rest for entry in entries)


class FakePeer:
    """A `CallPeer` that connects when a test says so."""

    def __init__(self, number: int, engine: FakePeerEngine, listener: PeerListener, settings: PeerSettings) -> None:
        self.number = number
        self.listener = listener
        self.settings = settings
        self.answer = ""
        self.candidates: list[str] = []
        self.video: VideoSource | None = None
        self.audio: AudioSource | None = None
        self.audio_calls = 0
        self.limits = FULL_PICTURE
        self.closed = False
        self.show: VideoSink = lambda _frame: None
        self.play: AudioSink = lambda _block: None
        self.counters = PeerStats()
        self.looks = 0
        self._engine = engine

    async def create_offer(self) -> str:
        self._engine.journal.write(f"peer {self.number} offers")
        await self._engine.may_offer.wait()
        if self._engine.broken_offer is not None:
            raise self._engine.broken_offer
        return f"offer {self.number}"

    async def accept_answer(self, sdp: str) -> None:
        await self._engine.may_accept.wait()
        if self._engine.broken_answer is not None:
            raise self._engine.broken_answer
        self.answer = sdp
        self._engine.journal.write(f"peer {self.number} accepts {sdp}")

    async def add_candidate(self, candidate: IceCandidate) -> None:
        await asyncio.sleep(0)
        assert self.answer, "no candidate before the answer"
        self.candidates.append(candidate.candidate)

    def send_video(self, source: VideoSource | None, limits: PictureLimits = FULL_PICTURE) -> None:
        self.limits = limits
        if source is not self.video:
            self._engine.journal.write(f"peer {self.number} video {'on' if source is not None else 'off'}")
        self.video = source

    def send_audio(self, source: AudioSource | None) -> None:
        self.audio_calls += 1
        self.audio = source

    def local_fingerprint(self) -> str:
        return f"sha-256 {self.number:02X}"

    async def stats(self) -> PeerStats:
        self.looks += 1
        return self.counters

    async def close(self) -> None:
        await self._engine.may_close.wait()
        if not self.closed:
            self.closed = True
            self._engine.journal.write(f"peer {self.number} closed")
            self.listener.path_changed(PathState.CLOSED)


class FakePeerEngine:
    """Makes fake peers.

    Attributes:
        peers: All that were made.
        broken: Raised instead of making the next one.
        broken_offer: Raised instead of an offer.
        broken_answer: Raised instead of taking an answer.
    """

    name = "fake"

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.peers: list[FakePeer] = []
        self.broken: Exception | None = None
        self.broken_offer: Exception | None = None
        self.broken_answer: Exception | None = None
        self.may_offer = asyncio.Event()
        self.may_accept = asyncio.Event()
        self.may_close = asyncio.Event()
        for gate in (self.may_offer, self.may_accept, self.may_close):
            gate.set()

    def create_peer(
        self, settings: PeerSettings, listener: PeerListener, video_sink: VideoSink, audio_sink: AudioSink
    ) -> FakePeer:
        if self.broken is not None:
            self.journal.write("no peer")
            raise self.broken
        peer = FakePeer(len(self.peers) + 1, self, listener, settings)
        peer.show, peer.play = video_sink, audio_sink
        self.peers.append(peer)
        return peer


class FakeCamera:
    """A camera that is what a test says it is."""

    def __init__(self, journal: Journal, works: DeviceState = DeviceState.OK) -> None:
        self.works = works
        self.is_open = False
        self.may_open = threading.Event()
        self.may_open.set()
        self.broken: Exception | None = None
        self._journal = journal
        self._takers: list[VideoSink] = []

    @property
    def state(self) -> DeviceState:
        return self.works if self.is_open else DeviceState.CLOSED

    def open(self) -> None:
        self._journal.write("camera opens")
        assert self.may_open.wait(PATIENCE_S)
        if self.broken is not None:
            raise self.broken
        self.is_open = True
        self._journal.write("camera open")

    def close(self) -> None:
        self.is_open = False
        self._journal.write("camera closed")

    def newest(self) -> YuvFrame | None:
        return FRAME if self.state is DeviceState.OK else None

    def subscribe(self, taker: VideoSink) -> Unsubscribe:
        self._takers.append(taker)

        def unsubscribe() -> None:
            if taker in self._takers:
                self._takers.remove(taker)

        return unsubscribe

    def takes_a_picture(self) -> None:
        """Hand a picture to whoever watches."""
        for taker in list(self._takers):
            taker(FRAME)


class FakeSound:
    """Microphone and loudspeaker that are what a test says they are."""

    def __init__(self, journal: Journal) -> None:
        self.microphone_works = DeviceState.OK
        self.loudspeaker_works = DeviceState.OK
        self.is_open = False
        self.played = 0
        self.heard: list[int] = []
        self.may_open = threading.Event()
        self.may_open.set()
        self.volume: int | None = None
        self.heard_after_s = 0.04
        self._journal = journal

    @property
    def microphone(self) -> DeviceState:
        return self.microphone_works if self.is_open else DeviceState.CLOSED

    @property
    def loudspeaker(self) -> DeviceState:
        return self.loudspeaker_works if self.is_open else DeviceState.CLOSED

    def open(self) -> None:
        assert self.may_open.wait(PATIENCE_S)
        self.is_open = True
        self._journal.write("sound open")

    def close(self) -> None:
        self.is_open = False
        self._journal.write("sound closed")

    def play(self, block: bytes, source: int = 0) -> None:
        self.played += 1
        self.heard.append(source)

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def subscribe(self, taker: AudioSink) -> Unsubscribe:
        return lambda: None


class FakeChime:
    """A chime that writes down when it begins and ends."""

    def __init__(self, journal: Journal) -> None:
        self.rings = False
        self.volume_percent = 100
        self._journal = journal

    def ring(self, *, on: bool) -> None:
        if on != self.rings:
            self.rings = on
            self._journal.write("chime rings" if on else "chime is still")

    def set_volume(self, percent: int) -> None:
        if percent != self.volume_percent:
            self.volume_percent = percent
            self._journal.write(f"chime at {percent} %")

    def close(self) -> None:
        self.ring(on=False)
        self._journal.write("chime closed")


class FakeNetwork:
    """Addresses that are what a test says they are."""

    def __init__(self) -> None:
        self.known = frozenset({"192.0.2.2"})

    def addresses(self) -> frozenset[str]:
        return self.known


@dataclass
class FakeSignaling:
    """A way to a server that is there when a test says so.

    Attributes:
        reachable: The server takes what is sent.
        sent: Effects of the session, oldest first.
        offers: Visit, generation, SDP and fingerprint of each offer that was taken.
        candidates: Generation and text of each candidate.
        reports: What was said of the devices, and for which generation's visit.
        qualities: Generation and record of what was told of each path.
        echo_reply: What the server's echo says.
        echoed: Offers that were sent to it.
        is_in_visit: What it was last told of that.
        fault: What ends `run`: an exception to raise, or `END` to return.
    """

    journal: Journal
    reachable: bool = True
    sent: list[Effect | CareEffect] = field(default_factory=list)
    offers: list[tuple[VisitId, int, str, str]] = field(default_factory=list)
    candidates: list[tuple[int, str]] = field(default_factory=list)
    reports: list[MediaReport] = field(default_factory=list)
    qualities: list[tuple[int, PathRecord]] = field(default_factory=list)
    settings: PeerSettings = field(default_factory=PeerSettings)
    echo_reply: EchoReply = field(default_factory=lambda: EchoReply("echo's answer"))
    echoed: list[str] = field(default_factory=list)
    listener: SignalingListener | None = None
    closed: bool = False
    is_in_visit: bool = False
    broken_send: Exception | None = None
    may_send: asyncio.Event = field(default_factory=asyncio.Event)
    may_tell: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.Event = field(default_factory=asyncio.Event)
    _fault: Exception | None = None
    loop: asyncio.AbstractEventLoop | None = None

    def __post_init__(self) -> None:
        self.may_send.set()
        self.may_tell.set()

    async def run(self, listener: SignalingListener) -> None:
        self.listener = listener
        self.loop = asyncio.get_running_loop()
        self.journal.write("signaling runs")
        await self._end.wait()
        if self._fault is not None:
            raise self._fault

    def ends(self, fault: Exception | None = None) -> None:
        """End `run`, from any thread."""
        self._fault = fault
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self._end.set)

    async def send(self, effect: Effect | CareEffect) -> None:
        if self.broken_send is not None:
            raise self.broken_send
        if self.reachable:
            self.sent.append(effect)
            self.journal.write(f"sent {type(effect).__name__}")

    async def peer_settings(self, visit_id: VisitId) -> PeerSettings:
        await asyncio.sleep(0)
        return self.settings

    async def test_settings(self) -> PeerSettings | None:
        await asyncio.sleep(0)
        return self.settings if self.reachable else None

    async def echo(self, sdp: str) -> EchoReply:
        await asyncio.sleep(0)
        self.echoed.append(sdp)
        return self.echo_reply if self.reachable else EchoReply(fault=EchoFault.AWAY)

    async def send_offer(self, visit_id: VisitId, generation: int, sdp: str, fingerprint: str) -> bool:
        await self.may_send.wait()
        if self.reachable:
            self.offers.append((visit_id, generation, sdp, fingerprint))
            self.journal.write(f"sent {sdp}")
        return self.reachable

    async def send_candidate(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        if self.reachable:
            self.candidates.append((generation, candidate.candidate))
            self.journal.write(f"sent candidate {candidate.candidate}")

    async def send_media(self, visit_id: VisitId, report: MediaReport) -> bool:
        await self.may_send.wait()
        if self.reachable:
            self.reports.append(report)
            self.journal.write("sent media")
        return self.reachable

    async def send_quality(self, visit_id: VisitId, generation: int, record: PathRecord) -> None:
        await self.may_tell.wait()
        if self.reachable:
            self.qualities.append((generation, record))
            self.journal.write(f"sent quality of {generation}")

    async def probe(self, visit_id: VisitId, report: MediaReport) -> None:
        self.journal.write("probed")

    def renew(self) -> None:
        self.journal.write("renewed")

    def hurry(self) -> None:
        self.journal.write("hurried")

    def in_visit(self, *, on: bool) -> None:
        if on != self.is_in_visit:
            self.is_in_visit = on
            self.journal.write("in a visit" if on else "in no visit")

    async def close(self) -> None:
        self.closed = True
        self.journal.write("signaling closed")


class Parts:
    """One of each."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.peer_engine = FakePeerEngine(self.journal)
        self.camera = FakeCamera(self.journal)
        self.sound = FakeSound(self.journal)
        self.signaling = FakeSignaling(self.journal)
        self.chime = FakeChime(self.journal)
        self.network = FakeNetwork()
        self.remote_pictures = 0
        self.colleague_pictures = 0
        self.own_pictures = 0

    @property
    def peer(self) -> FakePeer:
        """The newest peer."""
        return self.peer_engine.peers[-1]

    def show_remote(self, _frame: YuvFrame) -> None:
        """Take a picture of the librarian."""
        self.remote_pictures += 1

    def show_colleague(self, _frame: YuvFrame) -> None:
        """Take a picture of the colleague."""
        self.colleague_pictures += 1

    def show_own(self, _frame: YuvFrame) -> None:
        """Take a picture of the visitor."""
        self.own_pictures += 1


def candidates(texts: Iterable[str]) -> list[IceCandidate]:
    """Candidates with these texts."""
    return [IceCandidate(text, "0", 0) for text in texts]


def media_error() -> MediaError:
    """What an engine raises."""
    return MediaError("no_offer", "as the test wishes")
