"""What fails, goes away and ends on both media engines: one contract, against either library in this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import psutil
import pytest

from kiosk.adapters.audio import make_sound
from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.camera import OpenCvCamera
from kiosk.core.media import IceCandidate, MediaError, PathState, PeerEngine, YuvFrame
from tests.support.peers import Kiosk, LibraryAnswerer, until


async def test_a_failing_camera_and_microphone_do_not_end_the_call(
    kiosk: Kiosk, answerer: LibraryAnswerer, expected_log: Callable[..., None]
) -> None:
    expected_log("sound_file_unusable")
    camera = OpenCvCamera("/dev/video-that-is-not-there")
    sound = make_sound("/no/such/file.wav", "pattern")
    camera.open()
    sound.open()
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await kiosk.call(answerer)

    await until(lambda: answerer.ears.count > 50, "silence at the other side")
    await until(lambda: kiosk.eyes.count > 10, "the other side's picture")
    assert kiosk.listener.state is PathState.CONNECTED
    camera.close()
    sound.close()


async def test_the_other_side_going_away_is_told(kiosk: Kiosk, answerer: LibraryAnswerer) -> None:
    await kiosk.call(answerer)
    await until(lambda: kiosk.eyes.count > 5, "pictures")

    await answerer.close()
    await until(lambda: kiosk.listener.state in (PathState.DISCONNECTED, PathState.FAILED), "the end of the path", 15)


@pytest.mark.slow
async def test_a_cut_without_a_goodbye_is_noticed_and_its_end_too(engine: PeerEngine) -> None:
    kiosk, answerer = Kiosk(engine), LibraryAnswerer("aiortc")
    await kiosk.call(answerer)
    await until(lambda: kiosk.eyes.count > 5, "pictures")

    with answerer.cut():
        await until(lambda: kiosk.listener.state is PathState.DISCONNECTED, "disconnected", 9)
    await until(lambda: kiosk.listener.state is PathState.CONNECTED, "connected again", 9)
    seen = kiosk.eyes.count
    await until(lambda: kiosk.eyes.count > seen + 5, "pictures again")
    await kiosk.peer.close()
    await answerer.close()


@pytest.mark.parametrize("step", ["new", "offered", "answered"])
async def test_it_can_be_closed_at_any_moment(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera, sound: Sound, step: str
) -> None:
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    if step != "new":
        offer = await kiosk.peer.create_offer()
        if step == "answered":
            await kiosk.peer.accept_answer(await answerer.answer(offer))
    await kiosk.peer.close()
    assert kiosk.listener.states[-1] is PathState.CLOSED


async def test_a_closed_peer_refuses_with_a_code(kiosk: Kiosk) -> None:
    await kiosk.peer.close()
    with pytest.raises(MediaError, match="closed"):
        await kiosk.peer.create_offer()
    with pytest.raises(MediaError, match="closed"):
        await kiosk.peer.accept_answer("v=0\r\n")


async def test_a_sink_that_fails_once_costs_one_picture_and_not_the_call(
    engine: PeerEngine, expected_log: Callable[..., None]
) -> None:
    expected_log("media_sink_failed", level="ERROR")
    seen = 0

    def show(_frame: YuvFrame) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise RuntimeError("a bug elsewhere")

    kiosk, answerer = Kiosk(engine, video_sink=show), LibraryAnswerer("aiortc")
    await kiosk.call(answerer)
    await until(lambda: seen > 10, "pictures after the fault")
    await kiosk.peer.close()
    await answerer.close()


async def test_after_closing_nothing_more_arrives_and_closing_again_does_nothing(
    kiosk: Kiosk, answerer: LibraryAnswerer, camera: OpenCvCamera, sound: Sound
) -> None:
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await kiosk.call(answerer)
    await until(lambda: kiosk.eyes.count > 5 and kiosk.ears.count > 5, "picture and sound")

    await kiosk.peer.close()
    frames, blocks = kiosk.eyes.count, kiosk.ears.count
    await kiosk.peer.close()
    kiosk.peer.send_video(camera)
    kiosk.peer.send_audio(sound)
    await kiosk.peer.add_candidate(IceCandidate("candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host", "0", 0))
    await asyncio.sleep(0.5)  # what was on its way, through a machine that may be busy
    shown = answerer.eyes.count
    await asyncio.sleep(0.3)
    assert (kiosk.eyes.count, kiosk.ears.count) == (frames, blocks)
    assert answerer.eyes.count == shown
    assert kiosk.listener.states[-1] is PathState.CLOSED
    assert (await kiosk.peer.stats()).frames_sent >= 0


@pytest.mark.thorough
@pytest.mark.slow
async def test_twenty_calls_leave_no_thread_socket_or_task(
    engine: PeerEngine, camera: OpenCvCamera, sound: Sound, expected_log: Callable[..., None]
) -> None:
    # The answering side's, when it is cut off in the middle of a picture.
    expected_log("failed to decode VP8 frame", logger="aiortc.rtcrtpreceiver", optional=True)

    async def one_call() -> None:
        kiosk, answerer = Kiosk(engine), LibraryAnswerer("aiortc")
        kiosk.peer.send_video(camera)
        kiosk.peer.send_audio(sound)
        await kiosk.call(answerer)
        await until(lambda: kiosk.eyes.count > 2 and kiosk.ears.count > 2, "picture and sound")
        await kiosk.peer.close()
        await answerer.close()

    def left_over() -> tuple[int, int, int]:
        # Threads of the loop's own pool come as needed and stay, up to a fixed number; they belong to no call.
        pool = sum(t.name.startswith("asyncio_") for t in threading.enumerate())
        return process.num_threads() - pool, process.num_fds(), len(asyncio.all_tasks())

    process = psutil.Process()
    await one_call()
    await one_call()
    await asyncio.sleep(0.5)
    before = left_over()
    for _ in range(20):
        await one_call()
    await until(lambda: all(a <= b for a, b in zip(left_over(), before, strict=True)), f"no more than {before}")
