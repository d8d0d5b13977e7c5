"""What some seconds of pictures say about a camera: missing, slow, frozen, black, covered, blurred, badly lit.

What it is for: telling apart what a caretaker mends in different ways. What it does not do: see pictures; it gets
numbers (`kiosk.adapters.health.camera`).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import Final

from kiosk.core.media import DeviceState
from signaling.protocol.health import HealthCode, HealthNumber

#: Below this people's lips are no help any more. Cameras are asked for 30; EN 301 549 (6.5) wants 20 in a call, and
#: many give 15 under lamps alone.
SLOW_FPS: Final = 12.0
#: In the dark a camera exposes longer, and is right to.
SLOW_IN_THE_DARK_FPS: Final = 4.0
DARK: Final = 0.2
#: Mean change of a point from one picture to the next, of 255. A sensor's noise changes a still room, too; a picture
#: that is delivered again does not change at all.
FROZEN_CHANGE: Final = 0.02
#: Of full scale: the mean, and what only one point in a hundred exceeds. A closed shutter is 0 and 0.
BLACK_MEAN: Final = 0.06
BLACK_BRIGHTEST: Final = 0.12
#: Of full scale: what is left of a picture, over all, when slow shading is taken away. The same photographs have 0.037
#: to 0.25; a sheet of paper, a hand or a sticker that lies on the lens has no detail at all.
COVERED_DETAIL: Final = 0.012
#: Width of an edge (the standard deviation of the Gauss that blurs it) in points of a picture 640 wide. Measured on ten
#: photographs: sharp ones 0, blurred by 3 of 640 points 1.5 to 2.6, by 6 of 640 points 3.3 to 5.3.
BLURRED_EDGE: Final = 3.0
#: Parts of the picture: what is nearly white, what is nearly black, what is lit.
GLARE: Final = 0.92
GLOOM: Final = 0.10
LIT: Final = 0.45
#: A window behind: so much glare, and the middle, where the visitor is, this dark.
GLARE_SHARE: Final = 0.2
MIDDLE_DARK: Final = 0.25
#: Half in the dark: so much gloom beside so much light.
GLOOM_SHARE: Final = 0.4
LIT_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured. Light is of full scale: 0 black, 1 white.

    Attributes:
        state: Of the device, at the end.
        fps: Pictures a second; 0: none came.
        change: Mean change of a point from one picture to the next, of 255; the largest of the last second.
        light: Mean.
        brightest: What only one point in a hundred exceeds.
        contrast: Standard deviation.
        detail: The same without slow shading.
        edge: Width of the edges in points of a picture 640 wide; None where noise is all there is.
        parts: Mean light of each part of the picture, rows from the top.
    """

    state: DeviceState
    fps: float = 0.0
    change: float = 0.0
    light: float = 0.0
    brightest: float = 0.0
    contrast: float = 0.0
    detail: float = 0.0
    edge: float | None = None
    parts: tuple[tuple[float, ...], ...] = ()


def judge(seen: Seen, *, lit: bool = True) -> frozenset[HealthCode] | None:
    """What is wrong; None when it is too dark to tell.

    Args:
        seen: What was measured.
        lit: Whether the room should be lit now: at night a black picture says nothing about the camera.
    """
    if seen.state is not DeviceState.OK or seen.fps <= 0:
        return frozenset({HealthCode.CAMERA_MISSING})
    if not lit and seen.light < DARK:
        return None
    found = set()
    if seen.fps < (SLOW_FPS if seen.light >= DARK else SLOW_IN_THE_DARK_FPS):
        found.add(HealthCode.CAMERA_SLOW)
    picture = _picture(seen)
    return frozenset(found | {picture} if picture is not None else found)


def numbers(seen: Seen) -> dict[HealthNumber, float]:
    """What was measured; nothing where there was no picture."""
    if seen.fps <= 0:
        return {}
    told = {
        HealthNumber.CAMERA_FPS: round(seen.fps, 1),
        HealthNumber.CAMERA_LIGHT_PERCENT: round(100 * seen.light, 1),
        HealthNumber.CAMERA_CONTRAST_PERCENT: round(100 * seen.contrast, 1),
    }
    if seen.edge is not None:
        # So that more is better: 100 for edges one point wide.
        told[HealthNumber.CAMERA_SHARPNESS] = round(100 / max(0.5, seen.edge), 1)
    return told


def _picture(seen: Seen) -> HealthCode | None:
    """The one thing that explains what is wrong with the picture."""
    # Black before frozen: many cameras with a shutter give one and the same black picture while it is closed.
    if seen.light < BLACK_MEAN and seen.brightest < BLACK_BRIGHTEST:
        return HealthCode.CAMERA_BLACK
    if seen.change < FROZEN_CHANGE:
        return HealthCode.CAMERA_FROZEN
    if seen.detail < COVERED_DETAIL:
        return HealthCode.CAMERA_COVERED
    # A blurred picture of a window says nothing of its light that would help: clean the lens first.
    if seen.edge is not None and seen.edge > BLURRED_EDGE:
        return HealthCode.CAMERA_BLURRED
    return HealthCode.CAMERA_UNEVEN_LIGHT if _is_uneven(seen.parts) else None


def _is_uneven(parts: tuple[tuple[float, ...], ...]) -> bool:
    every = [part for row in parts for part in row]
    glare, gloom, lit = (
        sum(map(tells, every)) / len(every)
        for tells in (lambda part: part >= GLARE, lambda part: part <= GLOOM, lambda part: part >= LIT)
    )
    rows, columns = len(parts), len(parts[0])
    middle = [
        part for row in parts[rows // 4 : rows - rows // 4] for part in row[columns // 3 : columns - columns // 3]
    ]
    window_behind = glare >= GLARE_SHARE and fmean(middle) <= MIDDLE_DARK
    return window_behind or (gloom >= GLOOM_SHARE and lit >= LIT_SHARE)
