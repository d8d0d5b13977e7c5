"""Whether a path that calls itself connected really carries sound and picture. Pure.

What it is for: nothing dies silently. Both ends send sound all the time, silence too, so a path on which no sound
comes is dead, whatever its connection says. The same rule stands in the console (`state/path_watch.ts`), and one table
of cases keeps the two alike (`tests/contract/paths/watch.json`). What it does not do: mend anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk.core.media import PeerStats
from signaling.protocol.vocabulary import PathFault

#: No sound for this long is a fault.
FAULT_AFTER_S: Final = 2.0
#: No picture for this long is one; longer, because a poor path may need a moment for a picture that sound does not.
NO_PICTURE_AFTER_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be seen on a path now.

    Attributes:
        attached: This end has media on the path, and the other end was told or can tell: sound goes both ways.
        picture: The other end says that it sends a picture that moves.
    """

    attached: bool = False
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen last of one path, and since when it has not changed.

    Attributes:
        fault: What is wrong now; None while all is well.
    """

    heard: int = -1
    heard_s: float = 0.0
    said: int = -1
    said_s: float = 0.0
    seen: int = -1
    seen_s: float = 0.0
    fault: PathFault | None = None


def watch(before: Watch, stats: PeerStats, expected: Expected, now_s: float) -> Watch:
    """Look at a connected path once more.

    Args:
        before: The last look; `Watch()` for the first one.
        stats: Read now.
        expected: What should be so. What is not expected is as if it had just been seen: its time begins when it is.
        now_s: Monotonic.
    """
    heard_s = _since(before.heard, stats.audio_packets_received, before.heard_s, now_s, on=expected.attached)
    said_s = _since(before.said, stats.audio_packets_sent, before.said_s, now_s, on=expected.attached)
    seen_s = _since(before.seen, stats.frames_decoded, before.seen_s, now_s, on=expected.picture)
    fault: PathFault | None = None
    if now_s - heard_s >= FAULT_AFTER_S:
        fault = PathFault.NOTHING_ARRIVES
    elif now_s - said_s >= FAULT_AFTER_S:
        fault = PathFault.NOTHING_LEAVES
    elif now_s - seen_s >= NO_PICTURE_AFTER_S:
        fault = PathFault.NO_PICTURE
    return Watch(
        stats.audio_packets_received,
        heard_s,
        stats.audio_packets_sent,
        said_s,
        stats.frames_decoded,
        seen_s,
        fault,
    )


def _since(before: int, count: int, since_s: float, now_s: float, *, on: bool) -> float:
    return since_s if on and count == before else now_s
