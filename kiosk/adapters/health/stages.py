"""All tests of one kiosk, in their order: what is quiet first, and the call alone, for it needs the whole machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.health.call import CallTest
from kiosk.adapters.health.camera import CameraTest
from kiosk.adapters.health.machine import MachineTest
from kiosk.adapters.health.network import NetworkTest
from kiosk.adapters.health.sound import SoundTest
from kiosk.core.care import Looked
from kiosk.core.care_ports import AreaTest
from kiosk.core.media import PeerEngine
from kiosk.core.ports import Signaling
from signaling.protocol.health import HealthArea, TestKind

_NOTHING: Final = Looked(frozenset())


@dataclass(frozen=True, slots=True)
class MediaNames:
    """Devices as the options name them."""

    camera: str = "0"
    microphone: str = "default"
    loudspeaker: str = "default"


@dataclass(frozen=True, slots=True)
class Look:
    """One test under the name of its area. See `kiosk.core.care_ports.AreaTest`.

    Attributes:
        area: What it looks at.
        whole: The whole look.
        light: The light one; None: there is none.
    """

    area: HealthArea
    whole: Callable[[], Awaitable[Looked]]
    light: Callable[[], Awaitable[Looked]] | None = None

    @property
    def areas(self) -> frozenset[HealthArea]:
        """What it looks at."""
        return frozenset({self.area})

    async def look(self, kind: TestKind) -> Looked:
        """Look now."""
        if kind is not TestKind.LIGHT:
            return await self.whole()
        return _NOTHING if self.light is None else await self.light()


def make_stages(
    media: MediaNames,
    *,
    server_url: str,
    signaling: Signaling,
    peer_engine: PeerEngine,
    port_audio: PortAudio,
    state_dir: Path,
    volume_percent: Callable[[], int] = lambda: 100,
    lit: Callable[[], bool] = lambda: True,
) -> tuple[tuple[AreaTest, ...], ...]:
    """Make the tests; nothing is opened yet.

    Args:
        media: The devices that are used.
        server_url: Where the server is.
        signaling: The way to the server.
        peer_engine: Carries the test call.
        port_audio: The same as the sound's: the library is one for the whole process.
        state_dir: On the disk that is looked at.
        volume_percent: How loud the kiosk may be now.
        lit: Whether there should be light in the room now.
    """

    async def sound() -> Looked:
        test = SoundTest(media.microphone, media.loudspeaker, port_audio, volume_percent=volume_percent())
        return await test.look()

    async def camera() -> Looked:
        return await CameraTest(media.camera, lit=lit()).look()

    machine = MachineTest(state_dir)
    return (
        (Look(HealthArea.MACHINE, machine.look, machine.look), NetworkTest(server_url, signaling)),
        (Look(HealthArea.CAMERA, camera),),
        (Look(HealthArea.SOUND, sound),),
        (CallTest(peer_engine, signaling),),
    )
