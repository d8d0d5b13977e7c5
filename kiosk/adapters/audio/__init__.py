"""The kiosk's ears and mouth: microphone, loudspeaker and the echo canceller between them."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.audio.recording import read_blocks
from kiosk.adapters.audio.sound import NullPlayback, PacedCapture, Sound, looped
from kiosk.adapters.audio.tones import spoken_tone
from kiosk.core.media import AudioSink

PATTERN = "pattern"


def make_sound(microphone: str, loudspeaker: str) -> Sound:
    """Make the kiosk's sound; nothing is opened yet.

    Args:
        microphone: `pattern` (a tone that machines recognise) or the path of a WAV file, played in a loop.
        loudspeaker: `pattern` (nobody hears it). Never a file: that would be a recording.
    """

    def make_capture(taker: AudioSink) -> PacedCapture:
        if microphone == PATTERN:
            return PacedCapture(spoken_tone, taker)

        def from_file() -> object:
            blocks = read_blocks(Path(microphone))
            return None if blocks is None else looped(blocks)

        return PacedCapture(from_file, taker)  # type: ignore[arg-type]

    return Sound(make_capture, NullPlayback())
