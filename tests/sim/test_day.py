"""A simulated day: it runs, its numbers add up, and it would notice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from signaling.domain.model import LineState, Visit
from signaling.protocol.vocabulary import BranchId, EndReason, KioskId, Language, VisitId, VisitState
from tests.sim import __main__ as command
from tests.sim.day import Outcome, report, simulate
from tests.sim.ledger import Fate, Ledger, Tap
from tests.sim.loads import LOCAL, Habits, Load, Spread
from tests.sim.world import FIRST_DAY, SERVICE

#: A few seconds of a core of one's own; a busy machine may take its time.
pytestmark = pytest.mark.timeout(600)

BUSY = replace(LOCAL, name="busy", visits_per_week=20, days=1)
QUIET = replace(BUSY, visits_per_week=5)
#: Everything goes wrong all the time; nobody reaches much with that, and yet nothing may be lost.
BAD_DAY = Load(
    "bad day",
    branches=3,
    kiosks=12,
    seats=2,
    visits_per_week=80,
    days=1,
    habits=Habits(
        answer=Spread(12, 0.8),
        unheard=0.3,
        declined=0.1,
        dead_path=0.3,
        takes_ticket=0.6,
        breaks_per_shift=3,
        crashes_per_shift=6,
        sleeps_per_shift=3,
        forgets=0.4,
        kiosk_outages_per_week=40,
        server_restarts_per_week=40,
    ),
)


def adds_up(outcome: Outcome) -> None:
    """Everybody who came is somewhere, and the hub has counted the same."""
    assert outcome.came == outcome.taps + outcome.found_nobody + outcome.found_taken + outcome.refused
    assert sum(outcome.fates.values()) == outcome.taps
    assert outcome.within_20_s <= outcome.within_60_s <= 1
    assert outcome.counted["visits_ended"] == outcome.taps - outcome.fates[Fate.WAITING] - outcome.visits_lost
    assert outcome.counted["visits_accepted"] >= outcome.fates[Fate.ANSWERED]
    assert outcome.refusals == {}, "nobody asks for what a screen does not show"


async def test_a_day_runs_and_its_numbers_add_up() -> None:
    outcome = await simulate(BUSY, seed=1)
    adds_up(outcome)
    assert outcome.taps >= 20
    assert outcome.fates[Fate.ANSWERED] >= 20
    assert outcome.visits_lost == 0
    assert outcome.stale_screens == 0


async def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    first, again, other = [await simulate(QUIET, seed) for seed in (3, 3, 4)]
    assert replace(first, took_s=0) == replace(again, took_s=0)
    assert first.fates != other.fates or first.median_wait_s != other.median_wait_s


@pytest.mark.thorough
async def test_nothing_is_lost_on_a_day_on_which_everything_goes_wrong() -> None:
    outcome = await simulate(BAD_DAY, seed=1)
    adds_up(outcome)
    assert outcome.visits_lost == 0
    assert outcome.stale_screens == 0
    assert outcome.tickets > 0
    assert outcome.fates[Fate.LEFT] > 0
    assert outcome.counted["visits_returned"] > 0
    assert outcome.counted["rings_unanswered"] > 0
    assert outcome.shortcomings, "so it would say that too few were answered"


def test_the_command_says_what_it_saw_and_fails_when_that_is_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.json"
    arguments = ["day", "--load", "local", "--seats", "0", "--days", "3", "--json", str(file)]
    monkeypatch.setattr("sys.argv", ["sim", *arguments])
    assert command.main() == 1
    said = capsys.readouterr().out
    assert "SHORT: 0.0% answered within 20 s" in said
    assert "visits lost            0" in said
    (row,) = json.loads(file.read_text())["loads"]
    assert row["taps"] == 0
    assert row["found_nobody"] == row["came"] > 0


# --- the ledger -----------------------------------------------------------------------------------------------

VISIT = Visit(VisitId("v"), KioskId("k"), BranchId("b"), SERVICE, Language.SV, "tap", FIRST_DAY)


def ledger_of(visit: Visit) -> Ledger:
    """A ledger that has seen one tap and this of it, a minute later."""
    ledger = Ledger({VISIT.id: Tap(VISIT.id, VISIT.kiosk_id, FIRST_DAY)})
    ledger.look(LineState(visits={visit.id: visit}), FIRST_DAY + timedelta(seconds=60))
    return ledger


@pytest.mark.parametrize(
    ("stored", "fate"),
    [
        (None, Fate.LOST),
        (replace(VISIT, state=VisitState.ENDED), Fate.LOST),
        (replace(VISIT, state=VisitState.ENDED, end_reason=EndReason.FINISHED_BY_STAFF), Fate.LOST),
        (replace(VISIT, state=VisitState.ENDED, end_reason=EndReason.LEFT_LINE), Fate.LEFT),
        (replace(VISIT, state=VisitState.ENDED, end_reason=EndReason.TICKET_EXPIRED), Fate.TICKET_EXPIRED),
        (replace(VISIT, state=VisitState.ENDED, end_reason=EndReason.KIOSK_LOST), Fate.KIOSK_GONE),
        (VISIT, Fate.WAITING),
    ],
)
def test_a_visit_that_the_database_does_not_know_or_cannot_explain_counts_as_lost(
    stored: Visit | None, fate: Fate
) -> None:
    assert ledger_of(VISIT).fates([stored]) == {fate: 1}


def test_who_met_a_librarian_was_answered_and_a_ticket_that_is_only_called_was_not() -> None:
    accepted = replace(VISIT, state=VisitState.CONNECTING, accepted_at=FIRST_DAY + timedelta(seconds=7))
    (tap,) = ledger_of(accepted).taps.values()
    assert (tap.waited_s, tap.on_screen_s) == (7, 60)
    called = replace(accepted, state=VisitState.CALLING, ticket=4)
    (tap,) = ledger_of(called).taps.values()
    assert (tap.waited_s, tap.on_screen_s, tap.ticket) == (None, 60, 4)


async def test_a_report_says_what_falls_short() -> None:
    outcome = await simulate(replace(BUSY, days=0), seed=1)
    lost = replace(outcome, within_20_s=1, visits_lost=2, stale_screens=3)
    assert [line for line in report(lost).splitlines() if "SHORT" in line] == [
        "  SHORT: 2 visits lost",
        "  SHORT: 3 times idle screens showed something else than the truth",
    ]
