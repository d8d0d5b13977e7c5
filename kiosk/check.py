"""A whole self-test at the command line, without a screen: for whoever sets a kiosk up, and for its updater.

The composition root of `python -m kiosk check`. It needs no Qt. What it does not do: look at the screen, or tell the
server what it found; the running program does both.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk import __version__
from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.branch_file import BRANCH_FILE, load_known
from kiosk.adapters.health.stages import MediaNames, make_stages
from kiosk.adapters.identity import IDENTITY_FILE, load_identity
from kiosk.adapters.kept_file import KEPT_FILE, load_kept
from kiosk.adapters.peer import load_engine
from kiosk.adapters.signaling_client import SignalingClient
from kiosk.adapters.system import cpu_s
from kiosk.care.tester import Tester
from kiosk.core.care import DeviceKind
from kiosk.core.daylight import is_open, zone_of
from kiosk.core.events import Event, FactsCame, LinkRefused
from kiosk.core.health.schedule import WHOLE
from kiosk.core.health.truth import Itself, Truth, health, merged
from kiosk.core.kept import Choices
from kiosk.core.media import IceCandidate
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import MediaEngine, OutOfServiceCause, VisitId

#: The link to the server is made within this time, or the server counts as away.
LINK_TIMEOUT_S: Final = 6.0
#: What can only be tested over a link of one's own.
OVER_THE_LINK: Final = frozenset({HealthArea.NETWORK, HealthArea.CALL})
#: What can be tested here at all.
TESTABLE: Final = WHOLE - {HealthArea.SCREEN}


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What is tested.

    Attributes:
        server_url, state_dir, engine: As with `kiosk.app.Options`.
        media: Devices that were asked for.
        areas: What is to be looked at.
    """

    server_url: str
    state_dir: Path
    media: MediaNames
    engine: str | None = None
    areas: frozenset[HealthArea] = TESTABLE


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it.

    Attributes:
        areas: What was looked at.
        findings: Everything that is wrong there, what explains others first.
        numbers: What was measured.
        left_out: What could not be looked at, because the kiosk's own program is connected with the same key.
        seconds, cpu_s: How long it took, and how much processor time.
    """

    areas: frozenset[HealthArea]
    findings: tuple[HealthCode, ...]
    numbers: dict[HealthNumber, float]
    left_out: frozenset[HealthArea]
    seconds: float
    cpu_s: float


class NotEnrolled(Exception):
    """The kiosk has no identity yet."""


class _Listener:
    """Waits for the server's first word."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.refused: OutOfServiceCause | None = None

    def happened(self, event: Event) -> None:
        """Something of the link."""
        if isinstance(event, LinkRefused):
            self.refused = event.cause
        if isinstance(event, LinkRefused | FactsCame):
            self.heard.set()

    def answer_came(self, visit_id: VisitId, generation: int, sdp: str) -> None:
        """There is no visit here."""

    def candidate_came(self, visit_id: VisitId, generation: int, candidate: IceCandidate) -> None:
        """There is no visit here."""


def media_as_chosen(media: MediaNames, choices: Choices) -> MediaNames:
    """The devices of the service menu before those of the command line."""
    chosen = choices.devices
    return MediaNames(
        chosen.get(DeviceKind.CAMERA, media.camera),
        chosen.get(DeviceKind.MICROPHONE, media.microphone),
        chosen.get(DeviceKind.LOUDSPEAKER, media.loudspeaker),
    )


async def check(options: CheckOptions) -> Checked:
    """Test everything once.

    Raises:
        NotEnrolled: There is no identity; enrol first.
        IdentityError: The identity cannot be read.
        MediaError: No media engine can be loaded.
    """
    identity = load_identity(options.state_dir / IDENTITY_FILE)
    if identity is None:
        raise NotEnrolled
    began_s, cpu_began_s = time.monotonic(), cpu_s()
    peer_engine = load_engine(options.engine)
    signaling = SignalingClient(
        options.server_url, identity, software=__version__, media_engine=MediaEngine(peer_engine.name)
    )
    kept = load_kept(options.state_dir / KEPT_FILE)
    known = load_known(options.state_dir / BRANCH_FILE)
    lit = known is None or is_open(known.settings, datetime.now(zone_of(known.time_zone)), None)
    stages = make_stages(
        media_as_chosen(options.media, kept.choices),
        server_url=options.server_url,
        signaling=signaling,
        peer_engine=peer_engine,
        port_audio=PortAudio(),
        state_dir=options.state_dir,
        lit=lambda: lit,
    )
    listener = _Listener()
    link = asyncio.create_task(signaling.run(listener))
    try:
        if options.areas & OVER_THE_LINK:
            await _first_word(listener)
        taken = listener.refused is OutOfServiceCause.ALREADY_CONNECTED
        left_out = options.areas & OVER_THE_LINK if taken else frozenset[HealthArea]()
        areas = options.areas - left_out
        tester = Tester(stages, now_s=time.monotonic, cpu_s=cpu_s)
        tested = await tester.run(TestKind.ASKED, areas, lambda _area: None)
    finally:
        link.cancel()
        await asyncio.gather(link, return_exceptions=True)
        await signaling.close()
    itself = Itself(
        now_s=time.monotonic(),
        started_s=began_s,
        wall_s=datetime.now(UTC).timestamp(),
        restarts=kept.restarts,
        second_engine=options.engine is None and is_second(peer_engine.name),
        screen=False,
    )
    found = health(merged(Truth(), tested.looked), itself, None, touched=False)
    return Checked(
        areas=tested.looked.areas | (areas & {HealthArea.PROGRAM}),
        findings=found.findings
        if HealthArea.PROGRAM in areas
        else tuple(code for code in found.findings if code in tested.looked.findings),
        numbers=dict(tested.looked.numbers),
        left_out=left_out,
        seconds=time.monotonic() - began_s,
        cpu_s=cpu_s() - cpu_began_s,
    )


def is_second(engine: str) -> bool:
    """Whether this engine is the one that takes over when the best does not load."""
    return MediaEngine(engine) is not MediaEngine.LIBWEBRTC


async def _first_word(listener: _Listener) -> None:
    try:
        async with asyncio.timeout(LINK_TIMEOUT_S):
            await listener.heard.wait()
    except TimeoutError:
        return  # the test of the network says so
