"""The camera: pattern, film and device, missing ones, and takers of every temper."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.adapters.camera import OpenCvCamera
from kiosk.core.media import DeviceState, YuvFrame
from tests.support.peers import Eyes, until

Opened = Callable[[str], OpenCvCamera]


@pytest.fixture
def opened() -> Iterator[Opened]:
    made: list[OpenCvCamera] = []

    def open_camera(device: str) -> OpenCvCamera:
        camera = OpenCvCamera(device)
        made.append(camera)
        camera.open()
        return camera

    yield open_camera
    for camera in made:
        camera.close()
        assert camera.wait_closed(3)


@pytest.fixture
def film(tmp_path: Path) -> str:
    """Ten pictures, each a shade of its own, 321 x 241: an odd size that no engine takes."""
    path = str(tmp_path / "film.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 30, (321, 241))
    for shade in range(10):
        writer.write(np.full((241, 321, 3), 20 + shade * 20, np.uint8))
    writer.release()
    return path


async def test_the_pattern_comes_thirty_times_a_second_with_the_time_painted_in(opened: Opened) -> None:
    camera = opened("pattern")
    eyes = Eyes()
    camera.subscribe(eyes)
    began = time.monotonic()
    await until(lambda: eyes.count >= 31, "a second of pictures")
    took = time.monotonic() - began

    assert 0.8 < took < 2
    assert eyes.unreadable == 0
    assert max(eyes.ages_ms) < 500
    assert eyes.size == (1280, 720)
    assert camera.state is DeviceState.OK


async def test_the_pattern_moves(opened: Opened) -> None:
    camera = opened("pattern")
    seen: list[bytes] = []
    camera.subscribe(lambda frame: seen.append(bytes(frame.y[: 1280 * 600])))
    await until(lambda: len(seen) > 10, "pictures")
    # Two pictures taken late, one right after the other, may be of the same moment.
    assert len(set(seen)) > len(seen) * 0.7


async def test_the_newest_picture_is_there_without_a_subscription(opened: Opened) -> None:
    camera = opened("pattern")
    await until(lambda: camera.newest() is not None, "a picture")
    first = camera.newest()
    await until(lambda: camera.newest() is not first, "a newer one")


async def test_a_film_is_shown_in_a_loop_and_cut_to_even_sizes(opened: Opened, film: str) -> None:
    camera = opened(film)
    frames: list[YuvFrame] = []
    camera.subscribe(frames.append)
    await until(lambda: len(frames) > 25, "more than twice its length")

    assert {(f.width, f.height) for f in frames} == {(320, 240)}
    assert {len(f.data) for f in frames} == {320 * 240 * 3 // 2}
    assert {len(f.u) for f in frames} == {len(f.v) for f in frames} == {160 * 120}
    shades = [round(float(np.mean(np.frombuffer(f.y, np.uint8)))) for f in frames]
    assert len(set(shades)) == 10
    assert shades[:10] == shades[10:20]
    assert shades[:10] == sorted(shades[:10])


@pytest.mark.parametrize("device", ["/dev/video-nowhere", "97", "/no/such/film.mp4"])
async def test_a_camera_that_is_not_there_is_missing(opened: Opened, device: str) -> None:
    camera = opened(device)
    await until(lambda: camera.state is DeviceState.MISSING, "missing")
    assert camera.newest() is None


async def test_a_file_that_is_no_film_has_failed(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"not a film" * 100)
    camera = opened(str(tmp_path / "film.mp4"))
    await until(lambda: camera.state is DeviceState.FAILED, "failed")


async def test_a_device_that_is_no_camera_has_failed(opened: Opened) -> None:
    camera = opened("/dev/null")
    await until(lambda: camera.state is DeviceState.FAILED, "failed")


async def test_a_camera_that_comes_later_is_found(opened: Opened, film: str) -> None:
    later = Path(film).with_name("later.avi")
    camera = opened(str(later))
    await until(lambda: camera.state is DeviceState.MISSING, "missing")

    Path(film).rename(later)
    await until(lambda: camera.state is DeviceState.OK, "found")
    assert camera.newest() is not None


async def test_closed_it_gives_nothing_and_opens_again(opened: Opened) -> None:
    camera = opened("pattern")
    eyes = Eyes()
    camera.subscribe(eyes)
    await until(lambda: eyes.count > 2, "pictures")

    camera.close()
    camera.close()
    assert camera.state is DeviceState.CLOSED
    assert camera.newest() is None
    assert camera.wait_closed(2)
    seen = eyes.count

    camera.open()
    camera.open()
    await until(lambda: eyes.count > seen + 2, "pictures again")
    assert sum(t.name == "camera" for t in threading.enumerate()) == 1


async def test_a_taker_that_fails_takes_nothing_from_the_others(
    opened: Opened, expected_log: Callable[..., None]
) -> None:
    expected_log("picture_taker_failed", level="ERROR")

    def broken(_frame: YuvFrame) -> None:
        raise RuntimeError("a bug elsewhere")

    camera = opened("pattern")
    camera.subscribe(broken)
    eyes = Eyes()
    camera.subscribe(eyes)
    await until(lambda: eyes.count > 3, "pictures")


async def test_unsubscribed_it_gives_no_more_to_that_one(opened: Opened) -> None:
    camera = opened("pattern")
    one, other = Eyes(), Eyes()
    unsubscribe = camera.subscribe(one)
    camera.subscribe(other)
    await until(lambda: one.count > 2, "pictures")
    unsubscribe()
    unsubscribe()
    seen, seen_by_other = one.count, other.count
    await until(lambda: other.count > seen_by_other + 5, "pictures for the other")
    assert one.count <= seen + 1
