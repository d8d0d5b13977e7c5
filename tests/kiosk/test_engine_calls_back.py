"""The engine, a number that is called back, and what it keeps of its branch: nothing is opened too early or lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kiosk.core import commands as c
from kiosk.core import events as e
from kiosk.core.facts import Known, ServerFacts, VisitFacts, known_from
from kiosk.core.snapshot import BranchFacts, Screen, ScreenState
from kiosk.engine import Engine, Surroundings
from signaling.protocol.vocabulary import Language, VisitState
from tests.support.kiosk_parts import Parts
from tests.support.visitor import FACTS, NOON, VISIT

CALLED = VisitFacts(VISIT, VisitState.CALLING, Language.SV, ticket=7, librarian_name="Anna")
KNOWN = Known(BranchFacts("Norr", "Robertsfors", "0934-1"), "Europe/Stockholm", Language.NB)


class Bench:
    """An engine that can call somebody and keep something."""

    def __init__(self, known: Known | None = None) -> None:
        self.parts = Parts()
        self.until = self.parts.journal.wait_for
        self.screens: list[ScreenState] = []
        self.kept: list[Known] = []
        self.engine = Engine(
            signaling=self.parts.signaling,
            peer_engine=self.parts.peer_engine,
            camera=self.parts.camera,
            sound=self.parts.sound,
            publish=self.screens.append,
            show_remote=self.parts.show_remote,
            show_colleague=self.parts.show_colleague,
            show_own=self.parts.show_own,
            broke=lambda: self.parts.journal.write("broke"),
            chime=self.parts.chime,
            known=known,
            keep=self.kept.append,
            surroundings=Surroundings(now=lambda: NOON, tick_s=0.01, device_check_s=0.01),
        )

    def start(self) -> None:
        self.engine.start()
        self.until(lambda: self.parts.signaling.listener, "signaling runs")

    def hears(self, visit: VisitFacts | None = None, **changes: Any) -> None:
        """Let the server's facts come, on the loop as they do."""
        facts: ServerFacts = replace(FACTS, visit=visit, **changes)
        loop = self.parts.signaling.loop
        assert loop is not None
        loop.call_soon_threadsafe(self.engine.happened, e.FactsCame(facts))

    def shows(self, screen: Screen) -> None:
        self.until(lambda: self.screens and self.screens[-1].screen is screen, f"the screen {screen.value}")


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    made.start()
    yield made
    made.engine.stop()


def test_a_number_is_called_by_a_sound_and_nothing_else_is_opened(bench: Bench) -> None:
    bench.hears(CALLED)
    bench.shows(Screen.CALLING)
    bench.until(lambda: bench.parts.chime.rings, "the chime rings")
    assert {"sound open", "camera opens"}.isdisjoint(bench.parts.journal.entries)


def test_a_touch_ends_the_sound_at_once_and_the_call_opens_after_the_servers_word(bench: Bench) -> None:
    bench.hears(CALLED)
    bench.shows(Screen.CALLING)
    bench.engine.submit(c.AnswerTicket())
    bench.until(lambda: "sent SendAnswer" in bench.parts.journal.entries, "the touch is told")
    assert not bench.parts.chime.rings
    assert "sound open" not in bench.parts.journal.entries
    bench.hears(replace(CALLED, state=VisitState.CONNECTING, ticket=None, generation=1))
    bench.until(lambda: bench.parts.sound.is_open, "the sound is open")
    assert bench.parts.journal.order("chime rings", "chime is still", "sent SendAnswer", "sound open")
    assert not bench.parts.camera.is_open


def test_a_number_that_nobody_answers_is_called_no_more(bench: Bench) -> None:
    bench.hears(CALLED)
    bench.until(lambda: bench.parts.chime.rings, "the chime rings")
    bench.hears(None)
    bench.shows(Screen.IDLE)
    assert not bench.parts.chime.rings
    assert bench.screens[-1].missed is not None


def test_the_end_of_the_program_silences_the_chime() -> None:
    bench = Bench()
    bench.start()
    bench.hears(CALLED)
    bench.until(lambda: bench.parts.chime.rings, "the chime rings")
    bench.engine.stop()
    assert bench.parts.journal.order("chime is still", "chime closed")


def test_what_the_server_says_of_the_branch_is_kept_once(bench: Bench) -> None:
    bench.hears()
    bench.until(lambda: bench.kept, "something is kept")
    bench.hears(tickets=(7,))
    bench.shows(Screen.IDLE)
    bench.until(lambda: bench.screens[-1].tickets == (7,), "the number is shown")
    newer = replace(FACTS.branch, phone="0914-2")
    bench.hears(branch=newer)
    bench.until(lambda: len(bench.kept) > 1, "the newer is kept")
    assert bench.kept == [known_from(FACTS), replace(known_from(FACTS), branch=newer)]


def test_what_was_kept_is_shown_before_the_server_speaks_and_not_kept_again() -> None:
    bench = Bench(KNOWN)
    bench.start()
    bench.until(lambda: bench.screens, "a screen")
    first = bench.screens[0]
    assert (first.branch, first.language, first.screen) == (KNOWN.branch, Language.NB, Screen.STARTING)
    assert first.now_local is not None
    assert first.now_local.hour == 12  # by the branch's own clock
    bench.engine.stop()
    assert bench.kept == []
