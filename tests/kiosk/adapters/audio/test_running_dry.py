"""A loudspeaker that runs dry: once is nothing; again and again asks for more, and the canceller begins anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.adapters.audio.delayed_canceller import DelayedCanceller
from kiosk.adapters.audio.devices import Loudspeaker, Microphone, PortAudio
from kiosk.core.media import BLOCK_SAMPLES, DeviceState

PATIENCE_S = 15.0


class Stream:
    """What the library gives: it does nothing."""

    def __init__(self, **settings: Any) -> None:
        self.latency = settings["latency"]

    def start(self) -> None:
        """Begin."""

    def abort(self, *, ignore_errors: bool) -> None:
        """End."""

    close = abort


class Library:
    """The library without devices; remembers what each stream was opened with."""

    PortAudioError = OSError

    def __init__(self) -> None:
        self.latencies: list[float] = []

    def make(self, **settings: Any) -> Stream:
        self.latencies.append(settings["latency"])
        return Stream(**settings)

    RawOutputStream = make
    RawInputStream = make


class LibraryAlone(PortAudio):
    """Never looks for cards."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    def _refreshed(self) -> Any:
        return self._library


class Canceller:
    """Counts."""

    restarts = 0

    def restart(self) -> None:
        self.restarts += 1

    def far_end(self, block: bytes, until_heard_s: float) -> None:
        """Hear nothing."""


def called_until(loudspeaker: Loudspeaker, condition: Callable[[], bool], *, dry: bool, at_most_s: float) -> bool:
    """Ask it for sound as PortAudio does, until something is so."""
    moment = SimpleNamespace(outputBufferDacTime=0.05, currentTime=0.0)
    deadline = time.monotonic() + at_most_s
    while not condition() and time.monotonic() < deadline:
        loudspeaker._on_block(
            bytearray(2 * BLOCK_SAMPLES), BLOCK_SAMPLES, moment, SimpleNamespace(output_underflow=dry)
        )
        time.sleep(0.01)
    return condition()


def test_it_is_opened_anew_with_twice_as_much_only_when_it_runs_dry_again_and_again() -> None:
    library, canceller = Library(), Canceller()
    loudspeaker = Loudspeaker(LibraryAlone(library), None, cast(DelayedCanceller, canceller))
    loudspeaker.start()
    try:
        called_until(loudspeaker, lambda: False, dry=True, at_most_s=0.1)
        assert not called_until(loudspeaker, lambda: len(library.latencies) > 1, dry=False, at_most_s=1.0)
        assert canceller.restarts == 1

        assert called_until(loudspeaker, lambda: len(library.latencies) > 1, dry=True, at_most_s=PATIENCE_S)
        assert library.latencies[1] == 2 * library.latencies[0]
        assert canceller.restarts == 2
        assert loudspeaker.state is DeviceState.OK
    finally:
        loudspeaker.stop()


def test_the_next_conversation_begins_with_half_as_much_and_never_with_less_than_at_first() -> None:
    library = Library()
    loudspeaker = Loudspeaker(LibraryAlone(library), None)
    loudspeaker.start()
    try:
        assert called_until(loudspeaker, lambda: len(library.latencies) > 1, dry=True, at_most_s=PATIENCE_S)
    finally:
        loudspeaker.stop()
    most = library.latencies[-1]
    for wanted in (most / 2, most / 2):
        loudspeaker.start()
        loudspeaker.stop()
        assert library.latencies[-1] == wanted


def test_a_microphone_that_is_opened_begins_the_canceller_anew() -> None:
    canceller = Canceller()
    microphone = Microphone(LibraryAlone(Library()), None, lambda _block: None, cast(DelayedCanceller, canceller))
    for opened in (1, 2):
        microphone.start()
        microphone.stop()
        assert canceller.restarts == opened


def test_how_late_it_sounds_is_what_waits_and_what_the_device_holds() -> None:
    loudspeaker = Loudspeaker(LibraryAlone(Library()), None)
    moment = SimpleNamespace(outputBufferDacTime=0.2, currentTime=0.0)
    calm = SimpleNamespace(output_underflow=False)
    for _ in range(500):
        loudspeaker._on_block(bytearray(2 * BLOCK_SAMPLES), BLOCK_SAMPLES, moment, calm)
    assert loudspeaker.heard_after_s == pytest.approx(0.2, abs=0.005)
