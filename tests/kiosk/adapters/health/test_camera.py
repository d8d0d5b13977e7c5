"""A camera that looks at itself: each painted fault is found through the kiosk's own camera, and named."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.health.camera import CameraTest
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber
from tests.support.painted_cameras import View, paint

C = HealthCode
CAMERA = frozenset({HealthArea.CAMERA})


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View.MOVING, set()),
        (View.STILL, set()),
        (View.DIM, set()),
        (View.SLOW, {C.CAMERA_SLOW}),
        (View.FROZEN, {C.CAMERA_FROZEN}),
        (View.BLACK, {C.CAMERA_BLACK}),
        (View.SHUTTER, {C.CAMERA_BLACK}),
        (View.COVERED, {C.CAMERA_COVERED}),
        (View.BLURRED, {C.CAMERA_BLURRED}),
        (View.WINDOW_BEHIND, {C.CAMERA_UNEVEN_LIGHT}),
        (View.HALF_DARK, {C.CAMERA_UNEVEN_LIGHT}),
    ],
)
async def test_each_fault_is_found_and_named(tmp_path: Path, view: View, found: set[HealthCode]) -> None:
    looked = await CameraTest(paint(view, tmp_path)).look()
    assert (looked.findings, looked.areas) == (frozenset(found), CAMERA), looked.numbers
    assert looked.numbers[HealthNumber.CAMERA_FPS] > 0


async def test_the_drawn_pattern_is_a_good_camera() -> None:
    looked = await CameraTest("pattern").look()
    assert looked.findings == set()
    assert looked.numbers.keys() >= {
        HealthNumber.CAMERA_FPS,
        HealthNumber.CAMERA_LIGHT_PERCENT,
        HealthNumber.CAMERA_CONTRAST_PERCENT,
        HealthNumber.CAMERA_SHARPNESS,
    }


async def test_a_camera_that_is_not_there_is_missing() -> None:
    looked = await CameraTest("/dev/no-such-camera").look()
    assert (looked.findings, looked.areas) == (frozenset({C.CAMERA_MISSING}), CAMERA)
    assert looked.numbers == {}


async def test_a_film_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"no film")
    assert (await CameraTest(str(broken)).look()).findings == {C.CAMERA_MISSING}


async def test_at_night_a_dark_room_says_nothing_of_the_camera(tmp_path: Path) -> None:
    looked = await CameraTest(paint(View.BLACK, tmp_path), lit=False).look()
    assert (looked.areas, looked.findings) == (frozenset(), frozenset())
    assert looked.numbers[HealthNumber.CAMERA_LIGHT_PERCENT] < 5


async def test_a_test_that_is_given_up_lets_the_camera_go_at_once() -> None:
    made: list[OpenCvCamera] = []
    pictures = threading.Event()

    def open_camera(device: str) -> OpenCvCamera:
        made.append(OpenCvCamera(device))
        made[0].subscribe(lambda _frame: pictures.set())
        return made[0]

    looking = asyncio.create_task(CameraTest("pattern", open_camera=open_camera).look())
    assert await asyncio.to_thread(pictures.wait, 10)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert made[0].wait_closed(0)
