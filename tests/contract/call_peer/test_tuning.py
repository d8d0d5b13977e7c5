"""What is changed while people talk, because of what the path is seen to do."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.audio.tones import PATTERN_TONE_HZ
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.peer import load_engine
from kiosk.adapters.peer.growth import Growth
from kiosk.adapters.peer.libwebrtc import raw_statistics
from kiosk.adapters.peer.redundancy import Redundancy
from kiosk.adapters.peer.repair_time import RepairTime
from kiosk.core.media import PathState, PeerStats, PictureLimits
from tests.contract.call_peer.conftest import RECOGNISED
from tests.support.peers import Kiosk, LibraryAnswerer, until


async def test_on_a_lossy_path_sound_is_said_twice_and_once_again_later(
    camera: OpenCvCamera, sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer = LibraryAnswerer("webrtc.aiortc")
    kiosk = Kiosk(load_engine("libwebrtc"))
    kiosk.peer.send_audio(sound)
    kiosk.peer.send_video(camera)
    await kiosk.call(answerer)

    async def bytes_a_packet() -> float:
        packets_before, bytes_before = await sound_sent(kiosk)
        packets, size = packets_before, bytes_before
        while packets - packets_before < 50:
            packets, size = await sound_sent(kiosk)
        return (size - bytes_before) / (packets - packets_before)

    once = await bytes_a_packet()

    def decide(rule: Redundancy, _at_s: float, _stats: PeerStats) -> bool:
        changes, rule.wanted = rule.wanted is not twice, twice
        return changes

    twice = True
    monkeypatch.setattr(Redundancy, "look", decide)
    await kiosk.peer.stats()
    async with asyncio.timeout(20):
        while await bytes_a_packet() < 1.6 * once:
            pass
    assert kiosk.listener.state is PathState.CONNECTED
    twice = False
    await kiosk.peer.stats()
    async with asyncio.timeout(20):
        while await bytes_a_packet() > 1.3 * once:
            pass
    heard = answerer.ears.count
    await until(lambda: answerer.ears.count > heard + 100, "sound, later")
    await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the tone")
    await kiosk.peer.close()
    await answerer.close()


async def test_a_path_that_became_wider_is_found_out_at_once_and_not_by_slow_growth(
    camera: OpenCvCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer = LibraryAnswerer("webrtc.aiortc")
    kiosk = Kiosk(load_engine("libwebrtc"))
    ask: list[float] = []

    def look(_rule: Growth, _at_s: float, _estimate_kbps: float | None, *, limited: bool) -> float | None:
        return ask.pop() if limited and ask else None

    async def estimate_kbps() -> float:
        await asyncio.sleep(0.1)  # statistics are made anew no oftener
        return (await kiosk.peer.stats()).estimate_kbps or 0.0

    monkeypatch.setattr(Growth, "look", look)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(answerer.close)
        stack.push_async_callback(kiosk.peer.close)
        await kiosk.call(answerer)
        small = PictureLimits(width_max=320, rate_max=10)
        kiosk.peer.send_video(camera, small)
        ask.append(200.0)
        async with asyncio.timeout(20):
            while not 0 < await estimate_kbps() <= 200:
                pass
        ask.append(2000.0)
        async with asyncio.timeout(10):  # by 8 % a second it would take 20 s
            while await estimate_kbps() < 1000:
                pass
        kiosk.peer.send_video(camera)
        async with asyncio.timeout(10):  # nothing is held down any more
            while await estimate_kbps() <= 2000:
                pass
        assert kiosk.listener.state is PathState.CONNECTED


async def test_while_the_picture_is_given_up_nothing_of_it_is_sent_again_and_afterwards_it_is(
    camera: OpenCvCamera, sound: Sound
) -> None:
    answerer = LibraryAnswerer("webrtc.aiortc")
    kiosk = Kiosk(load_engine("libwebrtc"))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(answerer.close)
        stack.push_async_callback(kiosk.peer.close)
        kiosk.peer.send_audio(sound)
        kiosk.peer.send_video(camera)
        await kiosk.call(answerer)
        await until(lambda: answerer.eyes.count > 5, "pictures")
        assert asks_for_lost_packets(kiosk)

        kiosk.peer.send_video(camera, PictureLimits(width_max=320, still=True))
        await kiosk.peer.stats()
        await until(lambda: not asks_for_lost_packets(kiosk), "a description without")
        kiosk.peer.send_video(camera)
        await kiosk.peer.stats()
        await until(lambda: asks_for_lost_packets(kiosk), "a description as before")

        shown = answerer.eyes.count
        await until(lambda: answerer.eyes.count > shown + 15, "pictures that move")
        await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the tone")
        assert "x-google-start-bitrate" not in remote_sdp(kiosk)  # it would begin anew with that
        assert kiosk.listener.state is PathState.CONNECTED


def asks_for_lost_packets(kiosk: Kiosk) -> bool:
    """Whether the other end wants lost packets of the picture sent again, as far as the library was told."""
    return re.search(r"^a=rtcp-fb:\d+ nack\r?$", remote_sdp(kiosk), re.MULTILINE) is not None


def remote_sdp(kiosk: Kiosk) -> str:
    """What the library was told last of the other end."""
    return str(vars(kiosk.peer)["_connection"].remote_description.sdp)


async def sound_sent(kiosk: Kiosk) -> tuple[int, int]:
    """Packets and bytes."""
    await asyncio.sleep(0.2)  # statistics are made anew no oftener
    entries = await raw_statistics(vars(kiosk.peer)["_connection"])
    sent = next(one for one in entries if one["type"] == "outbound-rtp" and one["kind"] == "audio")
    return int(sent["packetsSent"]), int(sent["bytesSent"])


async def test_on_a_lossy_path_the_picture_is_given_time_to_be_repaired(
    answerer: LibraryAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = Kiosk(load_engine("libwebrtc"))
    await kiosk.call(answerer)
    await until(lambda: kiosk.eyes.count > 5, "pictures")

    def target_ms() -> float | None:
        receiver = vars(kiosk.peer)["_connection"].get_transceivers()[1].receiver
        return None if receiver.jitter_buffer_target is None else float(receiver.jitter_buffer_target)

    assert target_ms() is None

    def decide(rule: RepairTime, _at_s: float, _stats: PeerStats) -> bool:
        rule.target_ms = 150.0
        return True

    monkeypatch.setattr(RepairTime, "look", decide)
    await kiosk.peer.stats()
    assert target_ms() == 150
    seen = kiosk.eyes.count
    await until(lambda: kiosk.eyes.count > seen + 15, "pictures, later")
    await kiosk.peer.close()
