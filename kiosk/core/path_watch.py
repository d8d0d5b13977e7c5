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
#: On a path that is known to be poor. Where much is lost, what is missing is the path: a new one would be no wider, and
#: would begin with more than it carries (measured: five in 45 s, each of which drowned the sound anew).
NO_PICTURE_WHERE_POOR_S: Final = 10.0
#: Nobody has looked for longer than this: a program that was held up, a laptop that slept. What came meanwhile nobody
#: knows, so all times begin anew.
NOBODY_LOOKED_S: Final = 1.5
#: A picture that does not come is no reason for a new path again so soon: the camera itself may be what fails.
NO_PICTURE_AGAIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be seen on a path now.

    Attributes:
        attached: This end has media on the path, and the other end was told or can tell: sound goes both ways.
        picture: The other end says that it sends a picture that moves.
        poor: The path is known to be poor.
    """

    attached: bool = False
    picture: bool = False
    poor: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen last of one path, and since when it has not changed.

    Attributes:
        looked_s: When it was looked at last; None before the first look, which can find no fault.
        heard, heard_s: Packets of sound that had come, and when there was last nothing wrong with them.
        said, said_s: The same of those that left.
        seen, seen_s: The same of decoded pictures.
        fault: What is wrong now; None while all is well.
    """

    looked_s: float | None = None
    heard: int = 0
    heard_s: float = 0.0
    said: int = 0
    said_s: float = 0.0
    seen: int = 0
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
    anew = before.looked_s is None or now_s - before.looked_s > NOBODY_LOOKED_S
    heard_waits = expected.attached and not anew and stats.audio_packets_received == before.heard
    said_waits = expected.attached and not anew and stats.audio_packets_sent == before.said
    seen_waits = expected.picture and not anew and stats.frames_decoded == before.seen
    heard_s = before.heard_s if heard_waits else now_s
    said_s = before.said_s if said_waits else now_s
    seen_s = before.seen_s if seen_waits else now_s
    fault: PathFault | None = None
    if now_s - heard_s >= FAULT_AFTER_S:
        fault = PathFault.NOTHING_ARRIVES
    elif now_s - said_s >= FAULT_AFTER_S:
        fault = PathFault.NOTHING_LEAVES
    elif now_s - seen_s >= (NO_PICTURE_WHERE_POOR_S if expected.poor else NO_PICTURE_AFTER_S):
        fault = PathFault.NO_PICTURE
    return Watch(
        looked_s=now_s,
        heard=stats.audio_packets_received,
        heard_s=heard_s,
        said=stats.audio_packets_sent,
        said_s=said_s,
        seen=stats.frames_decoded,
        seen_s=seen_s,
        fault=fault,
    )


def asks_again(fault: PathFault, now_s: float, no_picture_s: float | None) -> bool:
    """Whether a fault is a reason to ask for a new path.

    Args:
        fault: What is wrong.
        now_s: Monotonic.
        no_picture_s: When a new path was last asked for because no picture came, on whichever generation; None: never.
    """
    if fault is not PathFault.NO_PICTURE or no_picture_s is None:
        return True
    return now_s - no_picture_s >= NO_PICTURE_AGAIN_S
