"""What the screen shows, read off the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core import events as e
from kiosk.core.facts import Known, known_from
from kiosk.core.media import DeviceState, PathState
from kiosk.core.shown import shown
from kiosk.core.snapshot import BranchClosed, BranchFacts, CallFacts, Notice, Screen
from kiosk.core.state import SERVER_AWAY_AFTER_S, Session
from signaling.protocol.vocabulary import Language, OutOfServiceCause, VisitState
from tests.support.visitor import (
    FACTS,
    NOON,
    SITUATIONS,
    STOCKHOLM,
    Visitor,
    connecting,
    goodbye,
    held,
    idle,
    opening,
    screen_of,
    talking,
)

SCREENS = {
    "idle": Screen.IDLE,
    "opening": Screen.WAITING,
    "waiting": Screen.WAITING,
    "offered": Screen.WAITING,
    "choosing": Screen.WAITING,
    "ticket_asked": Screen.WAITING,
    "ticket": Screen.TICKET,
    "calling": Screen.CALLING,
    "answered": Screen.CALLING,
    "connecting": Screen.CONNECTING,
    "talking": Screen.TALKING,
    "held": Screen.HELD,
    "coming_back": Screen.TALKING,
    "goodbye": Screen.GOODBYE,
    "out_of_service": Screen.OUT_OF_SERVICE,
}


def test_every_situation_has_its_screen() -> None:
    assert {name: screen_of(make()) for name, make in SITUATIONS.items()} == SCREENS


@pytest.mark.parametrize("situation", sorted(set(SITUATIONS) - {"idle", "out_of_service"}))
def test_a_link_that_is_lost_does_not_take_the_screen_of_a_visit_away(situation: str) -> None:
    visitor = SITUATIONS[situation]()
    visitor.does(e.LinkLost())
    visitor.waits(SERVER_AWAY_AFTER_S + 1)
    assert screen_of(visitor) is SCREENS[situation]


def test_an_idle_kiosk_is_out_of_service_soon_after_the_link_is_lost() -> None:
    visitor = idle()
    visitor.does(e.LinkLost())
    visitor.waits(SERVER_AWAY_AFTER_S - 1)
    assert screen_of(visitor) is Screen.IDLE
    visitor.waits(1)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.SERVER_AWAY


def test_before_the_first_facts_nothing_is_claimed() -> None:
    screen = shown(Session(started_s=0.0, wall=NOON), UTC)
    assert (screen.screen, screen.branch.branch_name, screen.availability.answerable_seats) == (Screen.STARTING, "", 0)
    assert screen.out_of_service_since is None


def test_the_clock_is_the_branchs_own_and_moves_once_a_minute() -> None:
    visitor = Visitor()
    visitor.does(e.Tick(datetime(2026, 7, 1, 10, 59, 59, 900_000, tzinfo=UTC)))
    assert visitor.sees().now_local == datetime(2026, 7, 1, 12, 59, tzinfo=STOCKHOLM)
    before = visitor.sees()
    visitor.does(e.Tick(datetime(2026, 7, 1, 10, 59, 59, 999_999, tzinfo=UTC)))
    assert visitor.sees() == before


def test_since_when_it_is_out_of_service_is_the_branchs_own_time() -> None:
    visitor = idle()
    visitor.does(e.Tick(NOON), e.LinkLost())
    visitor.waits(5)
    assert visitor.sees().out_of_service_since == NOON.astimezone(STOCKHOLM)


def test_between_visits_nothing_of_a_call_is_shown() -> None:
    visitor = talking()
    visitor.does(e.DevicesChanged(camera=DeviceState.OK, camera_sending=True))
    assert visitor.sees().call.camera_sending
    visitor.hears(None)
    assert visitor.sees().call == CallFacts()


def test_the_librarians_name_and_the_branch_are_shown() -> None:
    screen = connecting().sees()
    assert (screen.call.librarian_name, screen.branch) == ("Anna", FACTS.branch)


def test_no_picture_is_claimed_before_one_was_seen() -> None:
    visitor = connecting()
    assert not visitor.sees().call.picture_received
    visitor.does(e.PictureCame(1))
    assert visitor.sees().call.picture_received


@pytest.mark.parametrize("path", [PathState.DISCONNECTED, PathState.FAILED, PathState.NEW])
def test_a_path_that_was_up_and_is_not_is_said_to_come_back(path: PathState) -> None:
    visitor = talking()
    there = replace(visitor.state.visit.librarian, path=path)
    visitor.state = replace(visitor.state, visit=replace(visitor.state.visit, librarian=there))
    assert visitor.sees().notice is Notice.COMING_BACK


def test_a_lost_link_comes_before_a_promise_that_cannot_be_kept() -> None:
    visitor = talking()
    visitor.does(e.PathChanged(1, PathState.FAILED), e.LinkLost())
    assert visitor.sees().notice is Notice.CONNECTION_LOST


def test_the_countdown_of_goodbye_never_shows_less_than_nothing() -> None:
    visitor = goodbye()
    late = replace(visitor.state, now_s=visitor.state.goodbye_until_s + 5)
    assert shown(late, UTC).countdown_s == 0


def test_the_countdown_of_an_idle_screen_never_shows_less_than_nothing() -> None:
    visitor = idle()
    late = replace(visitor.state, language_chosen=True, touched_s=visitor.now_s, now_s=visitor.now_s + 99)
    assert shown(late, UTC).countdown_s == 0


def test_a_tap_on_its_way_shows_no_place_yet() -> None:
    assert (opening().sees().place, opening().sees().notice) == (0, Notice.NONE)


def test_a_visit_that_the_server_calls_ended_is_over() -> None:
    visitor = talking()
    assert visitor.hears(VisitState.ENDED) == ()
    assert (screen_of(visitor), visitor.plan.visit_id) == (Screen.GOODBYE, None)


def test_an_idle_kiosk_shows_the_branchs_time() -> None:
    assert idle().sees().now_local == NOON.astimezone(STOCKHOLM)


def test_what_was_kept_of_the_branch_is_shown_until_the_server_speaks() -> None:
    known = Known(BranchFacts("Norr", "Burträsk", "0914-1"), "Europe/Oslo", Language.NB)
    state = Session(started_s=0.0, wall=NOON, known=known)
    assert shown(state, UTC).branch == known.branch
    assert state.default_language is Language.NB
    visitor = idle()
    visitor.state = replace(visitor.state, known=known)
    assert visitor.sees().branch == FACTS.branch
    assert visitor.state.default_language is FACTS.default_language


def test_what_is_worth_keeping_is_the_branch_and_nobody_in_it() -> None:
    assert known_from(FACTS) == Known(FACTS.branch, "Europe/Stockholm", FACTS.default_language)


def test_how_long_a_hold_has_lasted_is_whole_minutes_by_the_servers_clock() -> None:
    visitor = held()
    visitor.hears(VisitState.HELD, held_since=visitor.state.wall - timedelta(seconds=90), server_ahead_s=31.0)
    assert visitor.sees().held_min == 2
    visitor.hears(VisitState.HELD, held_since=visitor.state.wall + timedelta(hours=1))
    assert visitor.sees().held_min == 0  # a clock that is wrong does not count backwards
    assert talking().sees().held_min == 0


def test_a_branch_that_is_closed_and_a_kiosk_that_rests_say_until_when_in_the_branchs_time() -> None:
    visitor = idle()
    visitor.hears(closed=BranchClosed(NOON, {Language.SV: "Golvet"}), locked_until=NOON)
    screen = visitor.sees()
    assert screen.closed == BranchClosed(NOON.astimezone(STOCKHOLM), {Language.SV: "Golvet"})
    assert screen.locked_until == NOON.astimezone(STOCKHOLM)
