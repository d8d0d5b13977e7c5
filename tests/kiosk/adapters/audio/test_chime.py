"""Two notes that call somebody: heard again and again, gentle at both ends, and gone when somebody is there."""

from __future__ import annotations

import threading

import numpy as np

from kiosk.adapters.audio import make_chime
from kiosk.adapters.audio.chime import BellChime, chime_blocks
from kiosk.adapters.audio.devices import PortAudio
from kiosk.adapters.audio.mixer import Mixer
from kiosk.adapters.audio.tones import tone_share
from kiosk.core.media import BLOCK_SAMPLES, DeviceState

PATIENCE_S = 10.0


class Heard:
    """A `Playback` that counts, and writes down when it is opened and closed."""

    state = DeviceState.OK
    heard_after_s = 0.0

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.sounding: list[bytes] = []
        self.mixer = Mixer()
        self.journal: list[str] = []
        self.enough = threading.Event()
        self.wanted = 1
        self.closed = threading.Event()

    def start(self) -> None:
        self.journal.append("open")
        self.closed.clear()

    def stop(self) -> None:
        self.journal.append("closed")
        self.closed.set()

    def play(self, block: bytes, source: int = 0) -> None:
        self.blocks.append(block)
        self.mixer.put(block)
        self.sounding.append(self.mixer.take())
        if len(self.blocks) >= self.wanted:
            self.enough.set()

    def set_volume(self, percent: int) -> None:
        self.mixer.set_volume(percent)


def samples() -> np.typing.NDArray[np.int16]:
    return np.frombuffer(b"".join(chime_blocks()), dtype="<i2")


def test_it_is_two_notes_one_after_the_other() -> None:
    wave = samples()
    first, second = wave[4_800:19_200], wave[48_000:62_400]
    assert tone_share(first, 554.37) > 0.9
    assert tone_share(second, 440.0) > 0.8
    assert all(len(block) == 2 * BLOCK_SAMPLES for block in chime_blocks())


def test_it_begins_and_ends_without_a_click_and_is_never_loud() -> None:
    wave = samples().astype(float)
    assert abs(wave[0]) < 50
    assert np.abs(wave[-480:]).max() < 200
    assert 3_000 < np.abs(wave).max() < 16_000


def test_it_rings_until_told_to_stop_and_lets_the_loudspeaker_go() -> None:
    heard = Heard()
    heard.wanted = 1 + sum(1 for _ in chime_blocks())  # into its second time
    chime = BellChime(heard, every_s=0.0)
    chime.ring(on=True)
    chime.ring(on=True)
    assert heard.enough.wait(PATIENCE_S)
    chime.ring(on=False)
    assert heard.closed.wait(PATIENCE_S)
    assert heard.journal == ["open", "closed"]
    assert heard.blocks[0] == next(iter(chime_blocks()))


def test_the_next_ring_waits_until_the_last_one_has_let_go() -> None:
    heard = Heard()
    chime = BellChime(heard)
    for on in (True, False, True):
        chime.ring(on=on)
    assert heard.enough.wait(PATIENCE_S)
    chime.close()
    assert heard.journal[-2:] == ["open", "closed"]
    assert heard.journal == ["open", "closed"] * (len(heard.journal) // 2)


def loudest(percent: int) -> int:
    heard = Heard()
    heard.wanted = 30
    chime = BellChime(heard)
    chime.set_volume(percent)
    chime.ring(on=True)
    assert heard.enough.wait(PATIENCE_S)
    chime.close()
    return int(np.abs(np.frombuffer(b"".join(heard.sounding[:30]), "<i2").astype(int)).max())


def test_it_is_as_loud_as_it_may_be() -> None:
    full, half = loudest(100), loudest(50)
    assert full > 3_000
    assert 0.2 < half / full < 0.3  # squared, as the loudspeaker of a call
    assert loudest(0) == 0


def test_a_chime_that_never_rang_closes_in_peace() -> None:
    heard = Heard()
    chime = BellChime(heard)
    chime.ring(on=False)
    chime.close()
    assert heard.journal == []


def test_a_kiosk_without_loudspeaker_rings_in_silence() -> None:
    chime = make_chime("pattern", PortAudio())
    chime.ring(on=True)
    chime.close()
