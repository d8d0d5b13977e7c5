"""What every chime promises, the bell and the fake alike: it begins and ends when told, once, and then lets go."""

from __future__ import annotations

import pytest

from kiosk.adapters.audio.chime import BellChime
from kiosk.adapters.audio.sound import NullPlayback
from kiosk.core.media import DeviceState
from kiosk.core.ports import Chime
from tests.support.kiosk_parts import FakeChime, Journal


class Watched(NullPlayback):
    """A loudspeaker that nobody hears, and what was asked of it."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def start(self) -> None:
        self._journal.write("chime rings")
        super().start()

    def set_volume(self, percent: int) -> None:
        self._journal.write(f"chime at {percent} %")
        super().set_volume(percent)

    def stop(self) -> None:
        super().stop()
        self._journal.write("chime is still")


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture(params=["bell", "fake"])
def chime(request: pytest.FixtureRequest, journal: Journal) -> Chime:
    return BellChime(Watched(journal)) if request.param == "bell" else FakeChime(journal)


def rings(journal: Journal) -> list[str]:
    return [entry for entry in journal.entries if entry != "chime closed" and "%" not in entry]


def test_it_rings_once_however_often_it_is_told(chime: Chime, journal: Journal) -> None:
    for _ in range(3):
        chime.ring(on=True)
    journal.wait_for(lambda: "chime rings" in journal.entries, "it rings")
    for _ in range(3):
        chime.ring(on=False)
    journal.wait_for(lambda: "chime is still" in journal.entries, "it is still")
    chime.close()
    assert rings(journal) == ["chime rings", "chime is still"]


def test_its_end_lets_the_loudspeaker_go(chime: Chime, journal: Journal) -> None:
    chime.ring(on=True)
    journal.wait_for(lambda: "chime rings" in journal.entries, "it rings")
    chime.close()
    assert rings(journal)[-1] == "chime is still"


def test_one_that_never_rang_ends_in_peace(chime: Chime, journal: Journal) -> None:
    chime.ring(on=False)
    chime.close()
    assert rings(journal) == []


def test_a_loudspeaker_that_nobody_hears_is_closed_at_rest() -> None:
    playback = NullPlayback()
    chime = BellChime(playback)
    chime.ring(on=True)
    chime.close()
    assert playback.state is DeviceState.CLOSED


def test_how_loud_it_is_can_be_said_before_and_while_it_rings_and_rings_nothing(chime: Chime, journal: Journal) -> None:
    chime.set_volume(40)
    assert rings(journal) == []
    chime.ring(on=True)
    journal.wait_for(lambda: "chime rings" in journal.entries, "it rings")
    chime.set_volume(70)
    chime.close()
    assert rings(journal) == ["chime rings", "chime is still"]
    assert [entry for entry in journal.entries if "%" in entry] == ["chime at 40 %", "chime at 70 %"]
