"""The kiosk's sound card, a room that speaks and listens at it, and the librarian's voice."""

from __future__ import annotations

import asyncio
import contextlib
import time
import wave
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.adapters.audio.tones import PATTERN_TONE_HZ, spoken_tone, tone_share
from kiosk.core.media import SAMPLE_RATE_HZ
from tests.support.pulse import LOUDSPEAKER, MICROPHONE, PulseDaemon

#: What the librarian says, a colleague, and the visitor: tones that nothing else on the stage makes.
LIBRARIAN_TONE_HZ = 1000.0
COLLEAGUE_TONE_HZ = 1500.0
VISITOR_TONE_HZ = PATTERN_TONE_HZ
_VOICE_S = 10
_VISITOR_SPEAKS_S = 600
_LOOK_EVERY_S = 0.05
_SHARP_BLOCKS = 25  # a quarter of a second
_CLEAR = 0.5


def voice(tone_hz: float, seconds: int) -> NDArray[np.int16]:
    """A tone that rises and falls like syllables."""
    return np.frombuffer(b"".join(islice(spoken_tone(tone_hz), seconds * 100)), "<i2")


def write_librarian_voice(file: Path, tone_hz: float = LIBRARIAN_TONE_HZ) -> None:
    """A WAV file for Chromium's fake microphone, which plays it in a loop."""
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(voice(tone_hz, _VOICE_S).tobytes())


class SoundCard:
    """A PulseAudio daemon of our own; a visitor speaks into its microphone for as long as it runs."""

    loudspeaker = LOUDSPEAKER
    microphone = MICROPHONE

    def __init__(self, folder: Path) -> None:
        self._daemon = PulseDaemon(folder / "sound")
        self._speaking = contextlib.ExitStack()

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs to use it."""
        return self._daemon.environment

    async def start(self) -> None:
        """Start it, and let the visitor speak."""
        await asyncio.to_thread(self._daemon.start)
        self._speaking.enter_context(self._daemon.speak(voice(VISITOR_TONE_HZ, _VISITOR_SPEAKS_S)))

    async def stop(self) -> None:
        """End both."""
        self._speaking.close()
        await asyncio.to_thread(self._daemon.stop)

    async def microphone_in_use(self) -> bool:
        """Whether any program takes sound from the microphone now."""
        return await asyncio.to_thread(self._daemon.microphone_in_use)

    async def hears(self, tone_hz: float, *, within_s: float) -> tuple[float, float | None]:
        """Listen at the loudspeaker for a tone.

        Returns:
            The clearest share of it (0 to 1), and when it was recognised (monotonic ms) if it was.
        """
        best, deadline = 0.0, time.monotonic() + within_s
        async with self._daemon.listening() as ears:
            while time.monotonic() < deadline and best < _CLEAR:
                await asyncio.sleep(_LOOK_EVERY_S)
                best = max(best, tone_share(ears.samples(_SHARP_BLOCKS), tone_hz))
        return best, time.monotonic() * 1000 if best >= _CLEAR else None
