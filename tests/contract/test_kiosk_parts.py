"""The fakes of the kiosk's engine keep the promises of the real parts: one contract, run against both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import unused_port
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.audio import make_sound
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.identity import Identity
from kiosk.adapters.peer import load_engine
from kiosk.adapters.signaling_client import SignalingClient
from kiosk.core import effects as fx
from kiosk.core.facts import MediaReport
from kiosk.core.health.call import EchoFault
from kiosk.core.media import Camera, DeviceState, IceCandidate, PathState, PeerEngine, PeerSettings, SoundDevices
from kiosk.core.path_quality import PathRecord
from kiosk.core.ports import Signaling
from signaling.protocol.vocabulary import IceTrouble, KioskId, MediaEngine, VisitId
from tests.support.kiosk_parts import BLOCK, FakeCamera, FakePeerEngine, FakeSignaling, FakeSound, Journal

VISIT = VisitId("v1")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - parts with threads of their own ring no bell
            await asyncio.sleep(0.005)


# --- camera -----------------------------------------------------------------------------------------------


@pytest.fixture(params=["fake", "real"])
def camera(request: pytest.FixtureRequest) -> Camera:
    return FakeCamera(Journal()) if request.param == "fake" else OpenCvCamera("pattern")


async def test_a_camera_is_closed_until_it_is_opened_and_may_be_opened_again(camera: Camera) -> None:
    for _ in range(2):
        assert camera.state is DeviceState.CLOSED
        assert camera.newest() is None
        await asyncio.to_thread(camera.open)
        await until(lambda: camera.state is DeviceState.OK and camera.newest() is not None)
        await asyncio.to_thread(camera.close)
        assert camera.state is DeviceState.CLOSED
        assert camera.newest() is None


async def test_a_camera_that_is_closed_twice_is_closed(camera: Camera) -> None:
    await asyncio.to_thread(camera.close)
    await asyncio.to_thread(camera.close)
    assert camera.state is DeviceState.CLOSED


async def test_pictures_come_to_whoever_subscribed_before_the_camera_was_opened(camera: Camera) -> None:
    seen: list[object] = []
    unsubscribe = camera.subscribe(seen.append)
    await asyncio.to_thread(camera.open)
    if isinstance(camera, FakeCamera):
        camera.takes_a_picture()
    await until(lambda: seen)
    unsubscribe()
    unsubscribe()
    await asyncio.to_thread(camera.close)


# --- sound ------------------------------------------------------------------------------------------------


@pytest.fixture(params=["fake", "real"])
def sound(request: pytest.FixtureRequest) -> SoundDevices:
    return FakeSound(Journal()) if request.param == "fake" else make_sound("pattern", "pattern")


async def test_sound_is_closed_until_it_is_opened_and_may_be_opened_again(sound: SoundDevices) -> None:
    for _ in range(2):
        assert (sound.microphone, sound.loudspeaker) == (DeviceState.CLOSED, DeviceState.CLOSED)
        await asyncio.to_thread(sound.open)
        await until(lambda: (sound.microphone, sound.loudspeaker) == (DeviceState.OK, DeviceState.OK))
        await asyncio.to_thread(sound.close)
    assert (sound.microphone, sound.loudspeaker) == (DeviceState.CLOSED, DeviceState.CLOSED)


async def test_what_is_asked_of_sound_that_is_closed_is_not_held_against_anybody(sound: SoundDevices) -> None:
    sound.play(BLOCK)
    sound.set_volume(30)
    unsubscribe = sound.subscribe(lambda _block: None)
    unsubscribe()
    unsubscribe()
    await asyncio.to_thread(sound.close)


# --- peers ------------------------------------------------------------------------------------------------


class Listener:
    def __init__(self) -> None:
        self.states: list[PathState] = []

    def path_changed(self, state: PathState) -> None:
        self.states.append(state)

    def candidate_found(self, candidate: IceCandidate) -> None:
        pass

    def trouble_found(self, trouble: IceTrouble) -> None:
        pass


@pytest.fixture(params=["fake", "libwebrtc", "aiortc"])
def peer_engine(request: pytest.FixtureRequest) -> PeerEngine:
    return FakePeerEngine(Journal()) if request.param == "fake" else load_engine(request.param)


async def test_a_peer_may_be_closed_at_any_time_and_twice_and_says_so_once(peer_engine: PeerEngine) -> None:
    for offers in (False, True):
        listener = Listener()
        peer = peer_engine.create_peer(PeerSettings(), listener, lambda _f: None, lambda _b: None)
        if offers:
            assert await peer.create_offer()
            assert peer.local_fingerprint().startswith("sha-256 ")
        await peer.close()
        await peer.close()
        assert listener.states.count(PathState.CLOSED) == 1
        assert listener.states[-1] is PathState.CLOSED


async def test_media_may_be_attached_before_there_is_an_offer_and_taken_off_again(peer_engine: PeerEngine) -> None:
    camera, sound = FakeCamera(Journal()), FakeSound(Journal())
    peer = peer_engine.create_peer(PeerSettings(), Listener(), lambda _f: None, lambda _b: None)
    peer.send_audio(sound)
    peer.send_video(camera)
    assert await peer.create_offer()
    peer.send_video(None)
    peer.send_audio(None)
    await peer.close()


# --- the way to the server --------------------------------------------------------------------------------


@pytest_asyncio.fixture(params=["fake", "real"])
async def away(request: pytest.FixtureRequest) -> AsyncIterator[Signaling]:
    """A way to a server that is away."""
    if request.param == "fake":
        yield FakeSignaling(Journal(), reachable=False)
        return
    identity = Identity(KioskId("k1"), Ed25519PrivateKey.generate())
    url = f"http://127.0.0.1:{unused_port()}"
    yield SignalingClient(url, identity, software="", media_engine=MediaEngine.AIORTC)


async def test_what_is_sent_while_the_server_is_away_is_dropped_at_once_and_said_to_be(away: Signaling) -> None:
    class Nobody:
        def __getattr__(self, _name: str) -> Any:
            return lambda *_arguments: None

    running = asyncio.create_task(away.run(Nobody()))
    await asyncio.sleep(0)
    async with asyncio.timeout(2):
        await away.send(fx.SendFinish(VISIT))
        await away.send_candidate(VISIT, 1, IceCandidate("candidate:1"))
        assert not await away.send_offer(VISIT, 1, "v=0", "sha-256 AB")
        assert not await away.send_media(VISIT, MediaReport())
        await away.send_quality(VISIT, 1, PathRecord(1.0))
        await away.probe(VISIT, MediaReport())
        away.renew()
        away.hurry()
        assert await away.peer_settings(VISIT) == PeerSettings()
        assert await away.test_settings() is None
        assert (await away.echo("v=0")).fault is EchoFault.AWAY
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await away.close()
    await away.close()
