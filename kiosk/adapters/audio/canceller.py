"""Takes the librarian's own voice, which the loudspeaker plays into the room, out of what the microphone hears.

What it is for: open loudspeakers, which are the rule in a library. WebRTC's audio processing (echo canceller, noise
suppressor, high-pass filter) through the library `livekit`. No gain control: it costs 15 dB of echo cancelling
(measured). What it does not do: know devices.
"""

from __future__ import annotations

from livekit.rtc import AudioFrame
from livekit.rtc.apm import AudioProcessingModule

from kiosk.core.media import BLOCK_SAMPLES, SAMPLE_RATE_HZ

#: The library refuses more.
_MAX_DELAY_MS = 500
#: Smaller changes of the delay are the sound card's jitter.
_DELAY_STEP_MS = 5


class EchoCanceller:
    """One acoustic path. `far_end` and `clean` may be called on two different threads."""

    def __init__(self) -> None:
        self._processing = AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
        )
        self._delay_ms = -1

    def set_delay(self, seconds: float) -> None:
        """Say how long a block takes from `far_end` through loudspeaker, air and microphone to `clean`."""
        delay_ms = max(0, min(_MAX_DELAY_MS, int(seconds * 1000)))
        if abs(delay_ms - self._delay_ms) >= _DELAY_STEP_MS:
            self._delay_ms = delay_ms
            self._processing.set_stream_delay_ms(delay_ms)

    def far_end(self, block: bytes) -> None:
        """Hear what the loudspeaker is given: every block of 480 samples, silence too, in order."""
        self._processing.process_reverse_stream(_frame(block))

    def clean(self, block: bytes) -> bytes:
        """Clean 480 samples of the microphone. `set_delay` must have been called at least once before."""
        frame = _frame(block)
        self._processing.process_stream(frame)
        return bytes(frame.data.cast("B"))


def _frame(block: bytes) -> AudioFrame:
    # A copy, because the library works in place.
    return AudioFrame(bytearray(block), SAMPLE_RATE_HZ, 1, BLOCK_SAMPLES)
