"""The kiosk's sound card and the librarian's voice."""

from __future__ import annotations

import wave
from itertools import islice
from pathlib import Path

from kiosk.adapters.audio.tones import spoken_tone
from kiosk.core.media import SAMPLE_RATE_HZ

#: What the librarian's microphone says; the visitor's says another (`PATTERN_TONE_HZ`).
LIBRARIAN_TONE_HZ = 1000.0
_VOICE_S = 10


def write_librarian_voice(file: Path) -> None:
    """A WAV file for Chromium's fake microphone: a tone that rises and falls like syllables."""
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(SAMPLE_RATE_HZ)
        recording.writeframes(b"".join(islice(spoken_tone(LIBRARIAN_TONE_HZ), _VOICE_S * 100)))


class SoundCard:
    """A sound card."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.loudspeaker = "pattern"
        self.environment: dict[str, str] = {}

    async def start(self) -> None:
        """Start it."""

    async def stop(self) -> None:
        """End it."""

    async def hears(self, tone_hz: float, *, within_s: float) -> tuple[float, float | None]:
        """Listen."""
        return 0.0, None
