"""The kiosk's ears and mouth: microphone, loudspeaker and the echo canceller between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.adapters.audio.devices import DelayedCanceller, Loudspeaker, Microphone, PortAudio
from kiosk.adapters.audio.recording import read_blocks
from kiosk.adapters.audio.sound import Capture, NullPlayback, PacedCapture, Playback, Sound, looped
from kiosk.adapters.audio.tones import spoken_tone
from kiosk.core.media import AudioSink

PATTERN = "pattern"
DEFAULT = "default"


def make_sound(microphone: str, loudspeaker: str) -> Sound:
    """Make the kiosk's sound; nothing is opened yet.

    Args:
        microphone: `pattern` (a tone that machines recognise), a WAV file (played in a loop), `default`, or a
            device's number or (part of its) name as PortAudio lists it.
        loudspeaker: `pattern` (nobody hears it), `default`, or a device. Never a file: that would be a recording.

    Raises:
        ValueError: The loudspeaker is a file.
    """
    if _is_file(loudspeaker):
        raise ValueError("a loudspeaker cannot be a file: this program records nobody")
    port_audio = PortAudio()
    hears_itself = microphone != PATTERN and not _is_file(microphone) and loudspeaker != PATTERN
    canceller = DelayedCanceller() if hears_itself else None

    def make_capture(taker: AudioSink) -> Capture:
        if microphone == PATTERN:
            return PacedCapture(spoken_tone, taker)
        if _is_file(microphone):
            return PacedCapture(lambda: _from_file(Path(microphone)), taker)
        return Microphone(port_audio, _device(microphone), taker, canceller)

    playback: Playback = (
        NullPlayback() if loudspeaker == PATTERN else Loudspeaker(port_audio, _device(loudspeaker), canceller)
    )
    return Sound(make_capture, playback)


def _is_file(spec: str) -> bool:
    return spec.lower().endswith(".wav")


def _device(spec: str) -> int | str | None:
    if spec == DEFAULT:
        return None
    return int(spec) if spec.isdecimal() else spec


def _from_file(path: Path) -> Iterator[bytes] | None:
    blocks = read_blocks(path)
    return None if blocks is None else looped(blocks)
