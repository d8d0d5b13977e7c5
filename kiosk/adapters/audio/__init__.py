"""The kiosk's ears and mouth: microphone, loudspeaker and the echo canceller between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.adapters.audio.chime import BellChime
from kiosk.adapters.audio.delayed_canceller import DelayedCanceller
from kiosk.adapters.audio.devices import Loudspeaker, Microphone, PortAudio
from kiosk.adapters.audio.recording import read_blocks
from kiosk.adapters.audio.sound import Capture, NullPlayback, PacedCapture, Playback, Sound, looped
from kiosk.adapters.audio.tones import spoken_tone
from kiosk.core.media import AudioSink

PATTERN = "pattern"
DEFAULT = "default"


def make_chime(loudspeaker: str, port_audio: PortAudio) -> BellChime:
    """Make what calls somebody to the kiosk; nothing is opened yet.

    Args:
        loudspeaker: As with `make_sound`.
        port_audio: The same as the sound's: the library is one for the whole process.
    """
    silent = loudspeaker == PATTERN
    return BellChime(NullPlayback() if silent else Loudspeaker(port_audio, device_of(loudspeaker)))


def make_sound(microphone: str, loudspeaker: str, port_audio: PortAudio | None = None) -> Sound:
    """Make the kiosk's sound; nothing is opened yet.

    Args:
        microphone: `pattern` (a tone that machines recognise), a WAV file (played in a loop), `default`, or a
            device's number or (part of its) name as PortAudio lists it.
        loudspeaker: `pattern` (nobody hears it), `default`, or a device. Never a file: that would be a recording.
        port_audio: The library, when something else uses it, too.

    Raises:
        ValueError: The loudspeaker is a file.
    """
    if _is_file(loudspeaker):
        raise ValueError("a loudspeaker cannot be a file: this program records nobody")
    port_audio = port_audio or PortAudio()
    hears_itself = is_device(microphone) and is_device(loudspeaker)
    canceller = DelayedCanceller() if hears_itself else None

    def make_capture(taker: AudioSink) -> Capture:
        if microphone == PATTERN:
            return PacedCapture(spoken_tone, taker)
        if _is_file(microphone):
            return PacedCapture(lambda: _from_file(Path(microphone)), taker)
        return Microphone(port_audio, device_of(microphone), taker, canceller)

    playback: Playback = (
        NullPlayback() if loudspeaker == PATTERN else Loudspeaker(port_audio, device_of(loudspeaker), canceller)
    )
    return Sound(make_capture, playback)


def is_device(spec: str) -> bool:
    """Whether the options name a device, and neither the pattern nor a file."""
    return spec != PATTERN and not _is_file(spec)


def _is_file(spec: str) -> bool:
    return spec.lower().endswith(".wav")


def device_of(spec: str) -> int | str | None:
    """What PortAudio calls a device that the options name; None for the system's default."""
    if spec == DEFAULT:
        return None
    return int(spec) if spec.isdecimal() else spec


def _from_file(path: Path) -> Iterator[bytes] | None:
    blocks = read_blocks(path)
    return None if blocks is None else looped(blocks)
