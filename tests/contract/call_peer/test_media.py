"""What is sent and what arrives, on both media engines: one contract, against either library in this process."""

from __future__ import annotations

import asyncio
import time
from statistics import median

from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.audio.tones import PATTERN_TONE_HZ
from kiosk.adapters.camera import OpenCvCamera
from kiosk.core.media import PathState, PictureLimits
from tests.contract.call_peer.conftest import RECOGNISED
from tests.support.peers import ANSWERER_TONE_HZ, Kiosk, LibraryAnswerer, until


async def test_picture_and_sound_arrive_on_both_sides_and_are_the_ones_sent(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera, sound: Sound
) -> None:
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await kiosk.call(answerer)

    await until(lambda: len(kiosk.eyes.ages_ms) > 30, "a second of pictures at the kiosk")
    await until(lambda: len(answerer.eyes.ages_ms) > 30, "a second of pictures at the other side")
    await until(lambda: kiosk.ears.share_of(ANSWERER_TONE_HZ) > RECOGNISED, "the other side's tone")
    await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the kiosk's tone")
    assert kiosk.ears.odd_blocks == 0
    assert median(kiosk.eyes.ages_ms) < 1000
    assert kiosk.listener.states == [PathState.CONNECTING, PathState.CONNECTED]


async def test_before_anything_is_attached_nothing_is_sent(kiosk: Kiosk, answerer: LibraryAnswerer) -> None:
    await kiosk.call(answerer)
    await until(lambda: len(kiosk.eyes.ages_ms) > 15, "half a second of the other side's pictures")

    stats = await kiosk.peer.stats()
    assert (stats.frames_sent, stats.audio_packets_sent) == (0, 0)
    assert answerer.eyes.count == 0


async def test_a_path_is_made_ready_with_nothing_flowing_and_both_attach_later(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera, sound: Sound
) -> None:
    await kiosk.call(answerer, attached=False)
    begun_s = time.monotonic()
    await until(lambda: time.monotonic() > begun_s + 1, "a second of waiting")
    before = await kiosk.peer.stats()
    assert (before.frames_sent, before.frames_decoded, before.packets_sent, before.packets_received) == (0, 0, 0, 0)

    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await answerer.attach()
    await until(lambda: kiosk.eyes.count > 5 and answerer.eyes.count > 5, "pictures both ways")
    await until(lambda: kiosk.ears.share_of(ANSWERER_TONE_HZ) > RECOGNISED, "the other side's tone")
    await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the kiosk's tone")
    assert kiosk.listener.states == [PathState.CONNECTING, PathState.CONNECTED]


async def another_second(kiosk: Kiosk) -> None:
    """Wait for so many pictures of the other side."""
    before = kiosk.eyes.count
    await until(lambda: kiosk.eyes.count > before + 30, "another second of the other side")


async def test_a_camera_taken_off_stops_at_once_and_comes_back_without_a_new_offer(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera
) -> None:
    kiosk.peer.send_video(camera)
    await kiosk.call(answerer)
    await until(lambda: answerer.eyes.count > 10, "pictures")

    kiosk.peer.send_video(None)
    frames_of_the_other = kiosk.eyes.count
    await until(lambda: kiosk.eyes.count > frames_of_the_other + 15, "half a second of the other side")
    sent, shown = (await kiosk.peer.stats()).frames_sent, -1
    async with asyncio.timeout(10):
        while answerer.eyes.count != shown:  # a busy machine shows late what was on its way
            shown = answerer.eyes.count
            await another_second(kiosk)
    assert (await kiosk.peer.stats()).frames_sent == sent

    kiosk.peer.send_video(camera)
    await until(lambda: answerer.eyes.count > shown + 10, "pictures again")


async def test_a_picture_is_sent_no_wider_than_asked_for_and_full_again_on_the_same_path(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera
) -> None:
    kiosk.peer.send_video(camera, PictureLimits(width_max=640))
    await kiosk.call(answerer)
    await until(lambda: len(answerer.eyes.ages_ms) > 10, "pictures")
    assert answerer.eyes.size == (640, 360)

    kiosk.peer.send_video(camera)
    await until(lambda: answerer.eyes.size == (1280, 720), "full pictures")
    read = len(answerer.eyes.ages_ms)
    await until(lambda: len(answerer.eyes.ages_ms) > read + 10, "full pictures, still readable")
    assert kiosk.listener.state is PathState.CONNECTED


async def test_a_lower_rate_and_a_still_are_kept_and_the_full_picture_comes_back(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera
) -> None:
    async def rate(seconds: float) -> float:
        sent, begun_s = (await kiosk.peer.stats()).frames_sent, time.monotonic()
        await until(lambda: time.monotonic() > begun_s + seconds, "some seconds")
        return ((await kiosk.peer.stats()).frames_sent - sent) / (time.monotonic() - begun_s)

    kiosk.peer.send_video(camera, PictureLimits(rate_max=10))
    await kiosk.call(answerer)
    await until(lambda: answerer.eyes.count > 5, "pictures")
    assert await rate(2) < 11.5

    kiosk.peer.send_video(camera, PictureLimits(still=True))
    await until(lambda: camera.newest() is not None, "a picture")
    assert await rate(2) <= 1.1

    shown = answerer.eyes.count
    kiosk.peer.send_video(camera)
    await until(lambda: answerer.eyes.count > shown + 15, "full rate again", timeout_s=30)
    assert kiosk.listener.state is PathState.CONNECTED


async def test_a_microphone_taken_off_leaves_silence_and_comes_back(
    kiosk: Kiosk, answerer: LibraryAnswerer, sound: Sound
) -> None:
    kiosk.peer.send_audio(sound)
    await kiosk.call(answerer)
    await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the tone")

    kiosk.peer.send_audio(None)
    await until(lambda: answerer.ears.loudest() < 20, "silence")
    packets, blocks = (await kiosk.peer.stats()).audio_packets_sent, answerer.ears.count
    await until(lambda: answerer.ears.count > blocks + 50, "half a second more of silence")
    assert (await kiosk.peer.stats()).audio_packets_sent > packets
    assert answerer.ears.loudest() < 20

    kiosk.peer.send_audio(sound)
    await until(lambda: answerer.ears.share_of(PATTERN_TONE_HZ) > RECOGNISED, "the tone again")


async def test_the_counters_tell_what_went_over_the_path(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera, sound: Sound
) -> None:
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await kiosk.call(answerer)
    await until(lambda: kiosk.eyes.count > 30 and answerer.eyes.count > 30, "pictures both ways")

    seen = answerer.eyes.count  # before the counters are read, which takes a while on a busy machine
    stats = await kiosk.peer.stats()
    assert stats.frames_sent >= seen
    assert stats.frames_decoded >= 30
    assert (stats.frame_width_sent, stats.frame_height_sent) == (1280, 720)
    assert (stats.frame_width_received, stats.frame_height_received) == kiosk.eyes.size
    assert min(stats.audio_packets_sent, stats.audio_packets_received) > 10
    assert min(stats.bytes_sent, stats.bytes_received) > 10_000
    assert stats.packets_sent > stats.audio_packets_sent
    assert stats.packets_received > stats.audio_packets_received
    assert stats.samples_played > 4800
    assert 0 <= stats.samples_concealed < stats.samples_played
    assert stats.packets_lost_there >= 0
    assert stats.frozen_s >= 0
    assert (stats.video_codec, stats.audio_codec) == ("VP8", "opus")
    assert stats.relay is None
    assert stats.local_candidates >= 1
    assert not stats.relayed
