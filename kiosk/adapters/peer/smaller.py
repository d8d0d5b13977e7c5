"""A picture made smaller before it is encoded.

What it is for: whoever sees the visitor at a third of a screen need not be sent, and the kiosk need not encode, a
whole one. Pixels are averaged (`INTER_AREA`), so that print held up to the camera stays as readable as it can. What
it does not do: choose how small.
"""

from __future__ import annotations

import cv2
import numpy as np

from kiosk.core.media import YuvFrame


def no_wider(frame: YuvFrame, width_max: int | None) -> YuvFrame:
    """The picture at most `width_max` pixels wide, in its own shape; the very same one if it is no wider.

    Args:
        frame: I420; both sides even.
        width_max: In pixels; None for any width.
    """
    if width_max is None or frame.width <= width_max:
        return frame
    width = width_max & ~1
    height = max(2, round(frame.height * width / frame.width) & ~1)
    data = np.empty(width * height * 3 // 2, np.uint8)
    luma, chroma = width * height, width * height // 4
    places = (
        (frame.y, frame.width, frame.height, data[:luma].reshape(height, width)),
        (frame.u, frame.width // 2, frame.height // 2, data[luma : luma + chroma].reshape(height // 2, width // 2)),
        (frame.v, frame.width // 2, frame.height // 2, data[luma + chroma :].reshape(height // 2, width // 2)),
    )
    for plane, plane_width, plane_height, target in places:
        source = np.frombuffer(plane, np.uint8).reshape(plane_height, plane_width)
        cv2.resize(source, (target.shape[1], target.shape[0]), dst=target, interpolation=cv2.INTER_AREA)
    return YuvFrame(width, height, data.data, frame.captured_s)
