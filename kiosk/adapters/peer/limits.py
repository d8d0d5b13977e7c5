"""How much of a camera's picture goes to the encoder: fewer pictures, smaller ones, or a still now and then.

What it is for: one rule for both engines, applied before anything is converted, so that what is not sent costs
nothing. What it does not do: choose the limits (`kiosk.core.picture_ladder`).
"""

from __future__ import annotations

from kiosk.adapters.peer.smaller import no_wider
from kiosk.core.media import FULL_PICTURE, STILL_EVERY_S, PictureLimits, YuvFrame

#: A picture that comes early by this share of the wanted distance, but not by more than so long, still counts as in
#: time. Cameras jitter, and every second picture of one that gives just the wanted rate would be left out otherwise.
_EARLY_SHARE, _EARLY_MAX_S = 0.25, 0.02


class PictureLimiter:
    """Lets pictures through as the limits say. Fed on one thread; limits may be set on another."""

    def __init__(self) -> None:
        self._limits = FULL_PICTURE
        self._due_s: float | None = None

    @property
    def limits(self) -> PictureLimits:
        """What it goes by."""
        return self._limits

    def limit(self, limits: PictureLimits) -> None:
        """Go by other limits from the next picture on, which is let through at once."""
        if limits != self._limits:
            self._limits = limits
            self._due_s = None

    def let_through(self, frame: YuvFrame) -> YuvFrame | None:
        """Give what is to be sent of this picture: all of it, a smaller one, or nothing (None)."""
        limits = self._limits
        every_s = STILL_EVERY_S if limits.still else 1 / limits.rate_max if limits.rate_max else 0.0
        if every_s:
            early_s = min(every_s * _EARLY_SHARE, _EARLY_MAX_S)
            due_s = self._due_s
            if due_s is not None and frame.captured_s < due_s - early_s:
                return None
            # Counted from when it was due, so that the mean rate is the wanted one; after a pause from now.
            behind_s = frame.captured_s - early_s
            self._due_s = (frame.captured_s if due_s is None else max(due_s, behind_s)) + every_s
        return no_wider(frame, limits.width_max)
