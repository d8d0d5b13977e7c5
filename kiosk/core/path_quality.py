"""What a path is like, in words for people and in figures for the record. Pure.

The same rule stands in the console (`state/path_quality.ts`), and one table of cases keeps the two alike
(`tests/contract/paths/quality.json`). What it does not do: keep anything beyond the path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from kiosk.core.media import PeerStats
from signaling.protocol.vocabulary import IceTrouble, PathFault, PathQuality, RelayTransport

#: A word is judged over so long: short enough to be now, long enough not to flicker.
WINDOW_S: Final = 5.0
#: Before so much of it has been seen, the word stays: a single packet lost of twelve is no tenth of a path.
JUDGED_FROM_S: Final = 2.0
#: A better word is shown only after the path has deserved it for so long.
BETTER_AFTER_S: Final = 4.0
#: A still that moves again is counted as a freeze of its whole length, with the first picture after it; that picture
#: comes within this time. What stood still on purpose does not make a path poor.
STILL_COUNTED_S: Final = 2.0
#: From here on it is fair, and from there on poor: parts lost, parts invented, milliseconds, parts of the time frozen.
LOSS: Final = (0.03, 0.10)
CONCEALED: Final = (0.02, 0.08)
ROUND_TRIP_MS: Final = (300.0, 600.0)
FROZEN: Final = (0.05, 0.15)
#: So many round trips are kept for the record's median; when there are as many, every second one goes, and from then
#: on only every second look is kept: the whole of a call, however long, in a value that is cheap to copy.
TRIPS_KEPT: Final = 128

_ORDER: Final = tuple(PathQuality)


@dataclass(frozen=True, slots=True)
class PathMemory:
    """What was seen of one path from its connection on.

    Attributes:
        looks: The figures of the last `WINDOW_S`, each with its time.
        quality: The word that stands on the screen.
        better_s: Since when the path has deserved a better one; None: it does not.
        worst: The worst word that stood there.
        still_s: When one of the two pictures was last given up for the sound.
        trips_ms: Round trips for the record, evenly of the whole time.
        trips_seen: How many there were in all.
        trips_each: One of so many is kept.
    """

    looks: tuple[tuple[float, PeerStats], ...] = ()
    quality: PathQuality = PathQuality.GOOD
    better_s: float | None = None
    worst: PathQuality = PathQuality.GOOD
    still_s: float | None = None
    trips_ms: tuple[float, ...] = field(default=(), repr=False)
    trips_seen: int = 0
    trips_each: int = 1

    @property
    def round_trip_ms(self) -> float | None:
        """The median so far. It sorts, so it is for the record, not for each look."""
        return median(self.trips_ms) if self.trips_ms else None


@dataclass(frozen=True, slots=True)
class PathRecord:
    """What is kept of one path at this end: figures and codes, of nobody. Units are in the names.

    Attributes:
        seconds: Since it was connected.
        connect_ms: From the first step until it was connected; None: it never was.
        loss_out_percent: None until the other end could have told.
        worst: The worst word that stood on the screen.
        faults, troubles: Each that there was, once.
    """

    seconds: float
    connect_ms: float | None = None
    round_trip_ms: float | None = None
    loss_in_percent: float = 0.0
    loss_out_percent: float | None = None
    freezes: int = 0
    frozen_s: float = 0.0
    concealed_percent: float = 0.0
    width_sent: int = 0
    height_sent: int = 0
    video_codec: str = ""
    audio_codec: str = ""
    relayed: bool = False
    relay: RelayTransport | None = None
    worst: PathQuality = PathQuality.GOOD
    faults: tuple[PathFault, ...] = ()
    troubles: tuple[IceTrouble, ...] = ()


def record_of(
    memory: PathMemory,
    seconds: float,
    connect_ms: float | None,
    faults: tuple[PathFault, ...] = (),
    troubles: tuple[IceTrouble, ...] = (),
) -> PathRecord:
    """The record of a path until its last look.

    Args:
        memory: What was seen of it.
        seconds: Since it was connected.
        connect_ms: How long that took.
        faults: What was wrong with it.
        troubles: What the engine told.
    """
    stats = memory.looks[-1][1] if memory.looks else PeerStats()
    return PathRecord(
        seconds=seconds,
        connect_ms=connect_ms,
        round_trip_ms=memory.round_trip_ms,
        loss_in_percent=100 * part(stats.packets_lost, stats.packets_lost + stats.packets_received),
        loss_out_percent=100 * part(stats.packets_lost_there, stats.packets_sent) if stats.packets_sent else None,
        freezes=stats.freezes,
        frozen_s=stats.frozen_s,
        concealed_percent=100 * part(stats.samples_concealed, stats.samples_played),
        width_sent=stats.frame_width_sent,
        height_sent=stats.frame_height_sent,
        video_codec=stats.video_codec,
        audio_codec=stats.audio_codec,
        relayed=stats.relayed,
        relay=stats.relay,
        worst=memory.worst,
        faults=faults,
        troubles=troubles,
    )


def remember(before: PathMemory, stats: PeerStats, now_s: float, *, sound_only: bool) -> PathMemory:
    """Take one more look in.

    Args:
        before: Until now.
        stats: Read now.
        now_s: Monotonic.
        sound_only: One of the two pictures was given up for the sound.
    """
    looks = (*(look for look in before.looks if now_s - look[0] <= WINDOW_S), (now_s, stats))
    still_s = now_s if sound_only else before.still_s
    deserved = PathQuality.SOUND_ONLY if sound_only else _deserved(looks, before.quality, still_s)
    quality, better_s = _word(before, deserved, now_s)
    worst = max(before.worst, quality, key=_ORDER.index)
    trips, seen, each = before.trips_ms, before.trips_seen, before.trips_each
    if stats.round_trip_ms is not None:
        if seen % each == 0:
            trips = (*trips, stats.round_trip_ms)
        seen += 1
        if len(trips) == TRIPS_KEPT:
            trips, each = trips[::2], each * 2
    return PathMemory(looks, quality, better_s, worst, still_s, trips, seen, each)


def part(of: float, whole: float) -> float:
    """`of / whole` between 0 and 1; 0 of nothing."""
    return min(1.0, max(0.0, of / whole)) if whole > 0 else 0.0


def _word(before: PathMemory, deserved: PathQuality, now_s: float) -> tuple[PathQuality, float | None]:
    """The word that stands now, and since when a better one has been deserved. A worse one stands at once."""
    if _ORDER.index(deserved) >= _ORDER.index(before.quality):
        return deserved, None
    better_s = now_s if before.better_s is None else before.better_s
    return (deserved, None) if now_s - better_s >= BETTER_AFTER_S else (before.quality, better_s)


def _deserved(
    looks: tuple[tuple[float, PeerStats], ...], until_then: PathQuality, still_s: float | None
) -> PathQuality:
    (first_s, first), (last_s, last) = looks[0], looks[-1]
    seconds = last_s - first_s
    if seconds < JUDGED_FROM_S:
        return until_then
    lost = last.packets_lost - first.packets_lost
    arrived = last.packets_received - first.packets_received
    if arrived <= 0:
        return PathQuality.POOR  # sound goes all the time, silence too
    lost_there = last.packets_lost_there - first.packets_lost_there
    left = last.packets_sent - first.packets_sent
    concealed = last.samples_concealed - first.samples_concealed
    played = last.samples_played - first.samples_played
    trips = [stats.round_trip_ms for _, stats in looks if stats.round_trip_ms is not None]
    marks = (
        (part(lost, lost + arrived), LOSS),
        (part(lost_there, left), LOSS),
        (part(concealed, played), CONCEALED),
        (median(trips) if trips else 0.0, ROUND_TRIP_MS),
        (_frozen(looks, still_s), FROZEN),
    )
    return _ORDER[max((value >= fair) + (value >= poor) for value, (fair, poor) in marks)]


def _frozen(looks: tuple[tuple[float, PeerStats], ...], still_s: float | None) -> float:
    """The part of the time that the picture was frozen, of the time that it should have moved."""
    moving = [look for look in looks if still_s is None or look[0] - still_s > STILL_COUNTED_S]
    if not moving or moving[-1][0] - moving[0][0] < JUDGED_FROM_S:
        return 0.0
    (first_s, first), (last_s, last) = moving[0], moving[-1]
    return part(last.frozen_s - first.frozen_s, last_s - first_s)
