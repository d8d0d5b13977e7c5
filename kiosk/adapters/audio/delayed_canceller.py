"""An echo canceller that knows the way from loudspeaker to microphone.

What it is for: the two streams of a sound card each tell how long their part of the way takes; the canceller is told
the sum before each block. What it does not do: cancel (`canceller`), or open anything.
"""

from __future__ import annotations

from typing import Final

#: What a loudspeaker holds before it has told anything, seconds.
_USUALLY_S: Final = 0.04


class DelayedCanceller:
    """An `EchoCanceller` that is told the way through the sound card by the two streams."""

    def __init__(self) -> None:
        # Here and not above: the library takes 40 MB, which a kiosk without a sound card need not spend.
        from kiosk.adapters.audio.canceller import EchoCanceller

        self._make = EchoCanceller
        self.restart()

    def restart(self) -> None:
        """Forget the way through the room: a stream was opened, so it has another length now, or it is another device.

        Measured on a computed room with espeak's Swedish, delay 50 ms to 30, 80, 110 and 250: a fresh one takes 45 dB
        out from the second half second on; one that goes on took up to 1.5 s with 8 to 26 dB. With both speaking in a
        live loop one that went on still left the echo 8 dB down after 10 s.
        """
        self._until_heard_s = _USUALLY_S
        self._canceller = self._make()

    def far_end(self, block: bytes, until_heard_s: float) -> None:
        """Hear a block that will sound after so many seconds."""
        # Smoothed over half a second: PortAudio's times jump by a whole buffer.
        self._until_heard_s += 0.02 * (until_heard_s - self._until_heard_s)
        self._canceller.far_end(block)

    def clean(self, block: bytes, since_said_s: float) -> bytes:
        """Clean a block that was in the air so many seconds ago."""
        canceller = self._canceller  # one and the same for both calls, should another thread restart meanwhile
        canceller.set_delay(self._until_heard_s + max(0.0, since_said_s))
        return canceller.clean(block)
