"""Sound of a call: mouth to ear, echo, gaps, lip sync, and what it costs.

Mouth to ear is measured in the whole product, from device to device: kiosk and browser both have real devices of a
PulseAudio server, and a chirp that goes into one's microphone is looked for in what the other's loudspeaker plays.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kiosk.core.media import SAMPLE_RATE_HZ
from tests.bench.loop import measure_loop
from tests.bench.report import Figure, publish, say
from tests.demo.once import percentile
from tests.support.pulse import EARPIECE, LIBRARIAN, LOUDSPEAKER, VOICE
from tests.support.stage.play import Stage, stage
from tests.support.stage.sound import Heard, chirps, find_chirps

EVERY_S = 1.0
SETTLES_S = 4.0
_LOOK_EVERY_S = 0.7
#: Longer than any delay that could still be called a conversation, and shorter than the time between two chirps.
_LATEST_MS = 950.0
#: What is softer than this share of the tone's usual loudness is a gap.
_GAP_SHARE = 0.05
_FRAME = SAMPLE_RATE_HZ // 200


@dataclass
class CallFigures:
    """What was measured in the call, milliseconds. `to_console` is the visitor's sound, `to_kiosk` the librarian's."""

    to_console: list[float] = field(default_factory=list)
    to_kiosk: list[float] = field(default_factory=list)
    gap_console: float | None = None
    gap_kiosk: float | None = None
    glass_to_console: list[float] = field(default_factory=list)
    glass_to_kiosk: list[float] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this benchmark."""
    parser.add_argument("--seconds", type=int, default=60, help="how long the steady tone is listened to (60)")
    parser.add_argument("--chirps", type=int, default=40, help="how many chirps each way (40)")
    parser.add_argument("--engine", choices=["libwebrtc", "aiortc"], default="libwebrtc", help="the media engine")


async def run(arguments: argparse.Namespace) -> None:
    """Measure the loop in a room, then a call."""
    started_s = time.monotonic()
    say("Librarian and visitor speak in a room (50 s).")
    loop = await measure_loop()
    async with stage(say=say, engine=arguments.engine, headset=True) as on:
        call = await _call(on, arguments.chirps, arguments.seconds)
    to_console, to_kiosk = _median(call.to_console), _median(call.to_kiosk)
    figures = [
        Figure("mouth to ear, visitor to librarian, median", to_console, "ms", 150),
        Figure("mouth to ear, visitor to librarian, p95", _p95(call.to_console), "ms"),
        Figure("mouth to ear, librarian to visitor, median", to_kiosk, "ms", 150),
        Figure("mouth to ear, librarian to visitor, p95", _p95(call.to_kiosk), "ms"),
        Figure("chirps that the browser took for speech and let pass", _share(call, arguments.chirps), "%"),
        Figure("longest gap, visitor to librarian", call.gap_console, "ms", 60),
        Figure("longest gap, librarian to visitor", call.gap_kiosk, "ms", 60),
        Figure("sound after picture at the console", _less(to_console, call.glass_to_console), "ms", 80),
        Figure("sound after picture at the kiosk", _less(to_kiosk, call.glass_to_kiosk), "ms", 80),
        Figure("echo return loss after 5 s, live loop", loop.echo_gone_db, "dB", 30, at_most=False),
        Figure("echo return loss after a change of volume", loop.echo_gone_softer_db, "dB", 30, at_most=False),
        Figure(
            "echo return loss after the devices were opened again", loop.echo_gone_reopened_db, "dB", 30, at_most=False
        ),
        Figure("visitor down while both speak", loop.visitor_down_db, "dB", 8),
        Figure("threads of microphone, loudspeaker and canceller", loop.cores, "cores"),
    ]
    publish(figures, started_s, arguments.json)


async def _call(on: Stage, count: int, seconds: int) -> CallFigures:
    """One call: chirps and pictures both ways, then a steady tone both ways."""
    found, sound = CallFigures(), on.sound
    await on.console.go_on_duty()
    await on.kiosk.shows("idle")
    await on.kiosk.touch("call")
    await on.console.accept()
    await on.kiosk.shows("talking", within_s=30)
    await on.kiosk.touch("show_me")
    say(f"A steady tone both ways ({seconds} s).")
    await asyncio.sleep(SETTLES_S)
    with sound.hearing(LOUDSPEAKER) as visitors, sound.hearing(EARPIECE) as librarians:
        await asyncio.sleep(seconds)
    found.gap_kiosk, found.gap_console = (longest_gap_ms(heard.samples()) for heard in (visitors, librarians))
    say(f"{count} chirps each way.")
    sound.hush()
    shown = len(on.kiosk.pictures())
    said = chirps(EVERY_S, count * EVERY_S)
    with (
        sound.hearing(VOICE) as visitor,
        sound.hearing(LIBRARIAN) as librarian,
        sound.hearing(LOUDSPEAKER) as visitors,
        sound.hearing(EARPIECE) as librarians,
        sound.says(said),
        # Half a pause later: in one's ear never at the same time as in one's own mouth.
        sound.says(np.roll(said, len(said) // count // 2), librarian=True),
    ):
        # Now and then: to read the clock in every picture would take a tenth of this machine, and the sound would wait.
        for _ in range(round((count * EVERY_S + 3) / _LOOK_EVERY_S)):
            await asyncio.sleep(_LOOK_EVERY_S)
            seen = await on.console.sees("visitor-video")
            found.glass_to_console += [seen[0]] if seen is not None else []
    found.to_console = delays(_moments(visitor), _moments(librarians))
    found.to_kiosk = delays(_moments(librarian), _moments(visitors))
    found.glass_to_kiosk = [age for _, age, _ in on.kiosk.pictures()[shown:] if age is not None]
    return found


def delays(said: Iterable[float], heard: Sequence[float]) -> list[float]:
    """How long after each moment the next of the others came; what came too late, or not at all, is left out."""
    after = ([at - begun for at in heard if 0 <= at - begun < _LATEST_MS] for begun in said)
    return [round(min(found), 1) for found in after if found]


def longest_gap_ms(samples: NDArray[np.int16]) -> float | None:
    """The longest pause in a sound that has none, in steps of 5 ms; None for no sound at all."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    loudness = np.sqrt(np.mean(frames**2, axis=1)) if len(frames) else np.zeros(0)
    usual = float(np.median(loudness)) if len(loudness) else 0.0
    if usual < 10:
        return None
    loud = np.flatnonzero(np.concatenate([[True], loudness > _GAP_SHARE * usual, [True]]))
    return float(5 * (np.diff(loud).max() - 1))


def _moments(heard: Heard) -> list[float]:
    return [heard.moment_of(at) for at in find_chirps(heard.samples())]


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None


def _p95(values: Sequence[float]) -> float | None:
    return percentile(list(values), 0.95) if values else None


def _less(sound_ms: float | None, pictures_ms: Sequence[float]) -> float | None:
    return round(sound_ms - statistics.median(pictures_ms), 1) if sound_ms is not None and pictures_ms else None


def _share(call: CallFigures, count: int) -> float:
    return round(100 * min(len(call.to_console), len(call.to_kiosk)) / count, 1)
