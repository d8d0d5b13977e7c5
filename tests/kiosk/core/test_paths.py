"""Paths that are made ready, that fail while they call themselves connected, and that are followed by the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import GuestFacts, MediaReport
from kiosk.core.media import PathState
from kiosk.core.path_watch import NO_PICTURE_AGAIN_S
from kiosk.core.paths import OLDER_KEPT_S, PICTURE_BRIDGED_S
from kiosk.core.snapshot import Notice, Screen
from kiosk.core.state import TELL_AGAIN_S
from signaling.protocol.vocabulary import PathFault, PathQuality, VisitState
from tests.support.visitor import (
    VISIT,
    Visitor,
    calling,
    connected,
    connecting,
    failed,
    held,
    kinds,
    offered,
    talking,
    waiting,
)

AGAIN = fx.SendAgain(VISIT, 1)
BERIT = GuestFacts("seat-b", "Berit", generation=5)
DEAD = [PathFault.NOTHING_ARRIVES, PathFault.NOTHING_LEAVES]


def ringing() -> Visitor:
    """It rings at two seats, and a path to each is made ready."""
    visitor = waiting()
    visitor.hears(VisitState.OFFERED, preparing=(3, 4))
    return visitor


def with_a_colleague() -> Visitor:
    """Berit was brought in, and is seen and heard."""
    visitor = talking()
    visitor.hears(VisitState.TALKING, guest=BERIT)
    visitor.does(connected(5), e.PictureCame(5))
    return visitor


def seen(fault: PathFault | None = None, generation: int = 1) -> e.PathSeen:
    return e.PathSeen(generation, fault)


def sends_a_picture(*, paused: bool = False, sender: str = "") -> e.LibrarianMedia:
    return e.LibrarianMedia(VISIT, MediaReport(camera_sending=True, picture_paused=paused), sender)


# --- ready before the answer ------------------------------------------------------------------------------


def test_while_it_rings_paths_are_made_ready_and_nothing_is_opened() -> None:
    plan = ringing().plan
    assert (plan.preparing, plan.prepared_visit_id, plan.open_visit_id) == ((3, 4), VISIT, VISIT)
    assert (plan.visit_id, plan.camera, plan.microphone, plan.sound) == (None, False, False, False)
    assert (plan.generations, plan.older_generations) == ((), ())


def test_a_ring_without_numbers_makes_nothing_ready() -> None:
    plan = offered().plan
    assert plan == fx.MediaPlan()
    assert plan.open_visit_id is None


def test_a_chosen_path_that_is_up_already_is_told_at_once_and_the_librarian_is_there() -> None:
    visitor = ringing()
    visitor.does(connected(4))
    sent = visitor.hears(VisitState.CONNECTING, generation=4, preparing=(), librarian_name="Anna")
    assert sent == (fx.SendConnected(VISIT, 4),)
    assert visitor.sees().screen is Screen.TALKING
    assert (visitor.plan.visit_id, visitor.plan.generation, visitor.plan.preparing) == (VISIT, 4, ())


def test_a_chosen_path_that_is_on_its_way_goes_on() -> None:
    visitor = ringing()
    visitor.does(e.PathChanged(3, PathState.CONNECTING))
    assert visitor.hears(VisitState.CONNECTING, generation=3, preparing=()) == ()
    assert visitor.sees().call.path is PathState.CONNECTING
    assert visitor.does(connected(3)) == (fx.SendConnected(VISIT, 3),)


def test_a_chosen_path_that_failed_meanwhile_is_followed_by_the_next() -> None:
    visitor = ringing()
    visitor.does(failed(3))
    visitor.sent.clear()
    visitor.hears(VisitState.CONNECTING, generation=3, preparing=())
    visitor.waits(TELL_AGAIN_S)
    assert fx.SendAgain(VISIT, 3) in visitor.sent
    assert visitor.sees().screen is Screen.CONNECTING


def test_a_path_that_fails_while_it_rings_is_asked_for_again_and_its_number_is_forgotten() -> None:
    visitor = ringing()
    assert visitor.does(failed(3)) == (fx.SendAgain(VISIT, 3),)
    visitor.hears(VisitState.OFFERED, preparing=(4, 6))
    assert visitor.waits(2 * TELL_AGAIN_S) == ()
    assert visitor.plan.preparing == (4, 6)
    assert visitor.does(failed(3)) == ()


def test_another_number_than_those_made_ready_is_a_plain_new_path() -> None:
    visitor = ringing()
    visitor.does(connected(3), connected(4))
    visitor.hears(VisitState.CONNECTING, generation=7, preparing=())
    assert (visitor.sees().screen, visitor.sees().call.path) == (Screen.CONNECTING, PathState.NEW)


def test_what_is_seen_or_shown_on_a_path_that_nobody_chose_is_nothing() -> None:
    visitor = ringing()
    before = visitor.state.visit
    visitor.does(e.PictureCame(3), seen(PathFault.NOTHING_ARRIVES, 3))
    assert visitor.state.visit == before


def test_paths_that_an_earlier_start_of_the_program_made_ready_are_made_anew() -> None:
    visitor = Visitor()
    sent = visitor.hears(VisitState.OFFERED, preparing=(3, 4))
    assert sent == (fx.SendAgain(VISIT, 3), fx.SendAgain(VISIT, 4))
    assert visitor.plan == fx.MediaPlan()
    visitor.hears(VisitState.OFFERED, preparing=(4, 5))
    assert visitor.plan.preparing == (5,)
    visitor.hears(VisitState.CONNECTING, generation=4, preparing=())
    assert visitor.plan.visit_id is None
    assert fx.SendAgain(VISIT, 4) in visitor.sent


def test_a_visit_that_stands_in_line_again_has_nothing_made_ready() -> None:
    visitor = ringing()
    visitor.does(connected(3))
    visitor.hears(VisitState.WAITING, preparing=())
    assert visitor.plan == fx.MediaPlan()
    assert visitor.state.visit.prepared == ()


# --- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", PathFault)
def test_a_fault_is_shown_and_the_next_path_asked_for_at_once(fault: PathFault) -> None:
    visitor = talking()
    assert visitor.does(seen(fault)) == (AGAIN,)
    assert visitor.sees().call.fault is fault
    assert (visitor.sees().notice is Notice.COMING_BACK) is (fault in DEAD)
    assert visitor.sees().screen is Screen.TALKING


def test_a_fault_that_heals_is_asked_about_no_more() -> None:
    visitor = talking()
    visitor.does(e.LinkLost())
    visitor.does(seen(PathFault.NOTHING_ARRIVES))
    visitor.does(seen())
    assert visitor.hears(VisitState.TALKING) == ()
    assert visitor.waits(2 * TELL_AGAIN_S) == ()
    assert (visitor.sees().call.fault, visitor.sees().notice) == (None, Notice.NONE)


def test_while_the_server_is_away_a_fault_asks_nothing_and_then_does() -> None:
    visitor = talking()
    visitor.does(e.LinkLost())
    assert visitor.does(seen(PathFault.NOTHING_ARRIVES)) == ()
    assert visitor.plan.generation == 1
    assert visitor.hears(VisitState.TALKING) == (AGAIN,)


def test_while_the_librarians_page_is_away_nobody_could_build_the_next_path() -> None:
    visitor = talking()
    visitor.hears(VisitState.TALKING, seat_connected=False)
    assert visitor.does(seen(PathFault.NOTHING_ARRIVES)) == ()
    assert AGAIN in visitor.hears(VisitState.TALKING, seat_connected=True)


def test_a_picture_that_does_not_come_is_a_reason_only_now_and_then() -> None:
    visitor = talking()
    assert visitor.does(seen(PathFault.NO_PICTURE)) == (AGAIN,)
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    visitor.hears(VisitState.TALKING)
    assert visitor.does(seen(PathFault.NO_PICTURE, 2)) == ()
    assert visitor.waits(NO_PICTURE_AGAIN_S - 1) == ()
    assert visitor.waits(1) == (fx.SendAgain(VISIT, 2),)


def test_sound_that_does_not_come_is_a_reason_at_once_whatever_was_before() -> None:
    visitor = talking()
    visitor.does(seen(PathFault.NO_PICTURE))
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    assert fx.SendAgain(VISIT, 2) in visitor.does(seen(PathFault.NOTHING_ARRIVES, 2))


def test_a_fault_of_a_path_that_is_over_is_late() -> None:
    visitor = talking()
    assert visitor.does(seen(PathFault.NOTHING_ARRIVES, 7)) == ()
    assert visitor.sees().call.fault is None


def test_the_colleagues_path_has_faults_of_its_own() -> None:
    visitor = with_a_colleague()
    assert visitor.does(seen(PathFault.NOTHING_ARRIVES, 5)) == (fx.SendAgain(VISIT, 5),)
    colleague = visitor.sees().call.colleague
    assert colleague is not None
    assert colleague.coming_back
    assert (visitor.sees().call.fault, visitor.sees().notice) == (None, Notice.NONE)


def test_what_a_path_is_like_is_shown() -> None:
    visitor = talking()
    visitor.does(e.PathSeen(1, None, PathQuality.SOUND_ONLY, picture_paused=True))
    assert (visitor.sees().call.quality, visitor.sees().call.picture_paused) == (PathQuality.SOUND_ONLY, False)
    visitor.does(e.DevicesChanged(camera_sending=True))
    assert visitor.sees().call.picture_paused


# --- an address that is gone ------------------------------------------------------------------------------


def test_a_lost_address_asks_for_the_next_path_to_each_end() -> None:
    visitor = with_a_colleague()
    assert visitor.does(e.AddressLost()) == (AGAIN, fx.SendAgain(VISIT, 5))
    visitor.hears(VisitState.CONNECTING, generation=6)
    assert visitor.waits(TELL_AGAIN_S) == (fx.SendAgain(VISIT, 5),)


@pytest.mark.parametrize("make", [waiting, connecting, calling])
def test_a_lost_address_is_nothing_to_a_visit_without_a_path(make: type[Visitor]) -> None:
    visitor = make()
    assert visitor.does(e.AddressLost()) == ()


# --- the older path goes on until the next is up ----------------------------------------------------------


def test_the_older_path_goes_on_until_the_next_is_up() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), seen(PathFault.NOTHING_ARRIVES))
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert (visitor.plan.generation, visitor.plan.older_generation) == (2, 1)
    assert [*visitor.plan.generations, *visitor.plan.older_generations] == [2, 1]
    visitor.does(connected(2))
    assert visitor.plan.older_generation == 0


def test_people_talk_on_an_older_path_that_carries_again() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), seen(PathFault.NOTHING_ARRIVES))
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert (visitor.sees().notice, visitor.sees().call.picture_received) == (Notice.COMING_BACK, False)
    visitor.does(seen())
    assert (visitor.sees().notice, visitor.sees().call.picture_received) == (Notice.NONE, True)
    visitor.does(e.PathChanged(1, PathState.DISCONNECTED))
    assert visitor.sees().notice is Notice.COMING_BACK


def test_the_last_picture_stays_until_the_first_one_of_the_new_path() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), seen(PathFault.NOTHING_LEAVES))
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    assert visitor.sees().call.picture_received
    visitor.does(e.PictureCame(2))
    assert visitor.sees().call.picture_received
    assert visitor.state.visit.librarian.older is None


def test_the_last_picture_does_not_stay_for_good() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), e.AddressLost())
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    visitor.waits(PICTURE_BRIDGED_S)
    assert not visitor.sees().call.picture_received


def test_a_picture_that_comes_late_on_the_older_path_is_one() -> None:
    visitor = talking()
    visitor.does(e.AddressLost())
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert not visitor.sees().call.picture_received
    visitor.does(e.PictureCame(1))
    assert visitor.sees().call.picture_received
    visitor.does(e.PictureCame(2))  # before the engine says that it is up
    assert visitor.plan.older_generation == 1


def test_a_next_path_that_changes_again_leaves_the_time_of_the_switch() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), e.AddressLost())
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    visitor.waits(1)
    visitor.does(e.PathChanged(2, PathState.DISCONNECTED), connected(2))
    visitor.waits(PICTURE_BRIDGED_S - 1)
    assert not visitor.sees().call.picture_received


def test_an_older_path_on_which_people_talk_is_not_taken_from_them() -> None:
    visitor = talking()
    visitor.does(e.AddressLost())
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(e.LinkLost())  # nobody can build the next path
    visitor.waits(4 * OLDER_KEPT_S)
    assert (visitor.plan.older_generation, visitor.sees().screen) == (1, Screen.TALKING)
    visitor.does(seen(PathFault.NOTHING_ARRIVES))
    visitor.waits(1)
    assert visitor.plan.older_generation == 0


def test_an_older_path_that_is_dead_is_kept_for_a_while_only() -> None:
    visitor = talking()
    visitor.does(failed())
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.waits(OLDER_KEPT_S - 1)
    assert visitor.plan.older_generation == 1
    visitor.waits(1)
    assert visitor.plan.older_generation == 0


def test_a_next_path_that_never_came_up_is_not_kept_and_the_older_one_stays() -> None:
    visitor = talking()
    visitor.does(seen(PathFault.NO_PICTURE))
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(failed(2))
    visitor.hears(VisitState.CONNECTING, generation=3)
    assert (visitor.plan.generation, visitor.plan.older_generation) == (3, 1)


def test_a_path_that_was_replaced_does_not_come_back_with_the_one_after() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1), seen(PathFault.NO_PICTURE))
    visitor.hears(VisitState.CONNECTING, generation=2)
    visitor.does(connected(2))
    visitor.does(failed(2))
    visitor.hears(VisitState.CONNECTING, generation=3)
    assert visitor.plan.older_generation == 2
    visitor = ringing()
    visitor.hears(VisitState.CONNECTING, generation=3, preparing=())
    older = replace(visitor.state.visit.librarian, older=None)
    assert visitor.state.visit.librarian == older


def test_another_librarian_never_gets_the_path_of_the_one_before() -> None:
    visitor = talking()
    visitor.does(e.PictureCame(1))
    visitor.hears(VisitState.CONNECTING, generation=2, librarian_name="Berit")
    assert visitor.plan.older_generation == 0
    assert not visitor.sees().call.picture_received


def test_a_path_that_was_held_in_the_line_is_not_kept() -> None:
    visitor = talking()
    visitor.hears(VisitState.WAITING, returned=True)
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert visitor.plan.older_generation == 0


def test_the_colleagues_older_path_goes_on_too() -> None:
    visitor = with_a_colleague()
    visitor.does(seen(PathFault.NOTHING_ARRIVES, 5))
    visitor.hears(VisitState.TALKING, guest=replace(BERIT, generation=6))
    assert (visitor.plan.guest_generation, visitor.plan.older_guest_generation) == (6, 5)
    visitor.does(connected(6))
    assert visitor.plan.older_guest_generation == 0


# --- what is expected of a path ---------------------------------------------------------------------------


def test_a_picture_is_expected_once_the_other_end_says_that_it_sends_one() -> None:
    visitor = talking()
    assert visitor.plan.pictures == ()
    visitor.does(sends_a_picture())
    assert [visitor.plan.pictures, visitor.plan.stills] == [(1,), ()]
    visitor.does(sends_a_picture(paused=True))
    assert [visitor.plan.pictures, visitor.plan.stills] == [(), (1,)]
    assert visitor.sees().call.librarian_paused
    visitor.hears(VisitState.HELD)
    assert [visitor.plan.pictures, visitor.plan.stills] == [(), ()]


def test_a_picture_is_expected_on_the_older_path_and_the_next_alike() -> None:
    visitor = with_a_colleague()
    visitor.does(sends_a_picture(), sends_a_picture(sender="seat-b"), e.AddressLost())
    visitor.hears(VisitState.CONNECTING, generation=6)
    assert visitor.plan.pictures == (6, 1, 5)


# --- the time that is left --------------------------------------------------------------------------------


def test_how_long_the_conversation_can_still_come_back_is_counted_down() -> None:
    visitor = talking()
    assert visitor.sees().coming_back_s is None
    until = visitor.state.wall + timedelta(seconds=20)
    visitor.hears(VisitState.CONNECTING, generation=2, coming_back_until=until)
    assert visitor.sees().coming_back_s == 20
    visitor.hears(VisitState.CONNECTING, generation=2, coming_back_until=until - timedelta(seconds=30))
    assert visitor.sees().coming_back_s == 0
    visitor.hears(VisitState.WAITING, coming_back_until=until)
    assert visitor.sees().coming_back_s is None


# --- push to talk -----------------------------------------------------------------------------------------


def test_with_push_to_talk_the_microphone_is_open_only_while_the_button_is_held() -> None:
    visitor = talking()
    visitor.hears(VisitState.TALKING, push_to_talk=True)
    assert (visitor.plan.microphone, visitor.sees().call.push_to_talk) == (False, True)
    visitor.does(c.Speak(held=True))
    assert (visitor.plan.microphone, visitor.sees().call.speaking) == (True, True)
    visitor.does(c.Mute(muted=True))
    assert not visitor.plan.microphone
    visitor.does(c.Mute(muted=False), c.Speak(held=False))
    assert (visitor.plan.microphone, visitor.sees().call.speaking) == (False, False)


def test_without_push_to_talk_the_button_means_nothing() -> None:
    visitor = talking()
    visitor.does(c.Speak(held=True))
    assert (visitor.plan.microphone, visitor.sees().call.speaking) == (True, False)
    visitor.does(c.Speak(held=False))
    assert visitor.plan.microphone


@pytest.mark.parametrize("after", ["hold", "line", "end", "ended"])
def test_the_button_is_let_go_when_the_conversation_stops(after: str) -> None:
    visitor = talking()
    visitor.hears(VisitState.TALKING, push_to_talk=True)
    visitor.does(c.Speak(held=True))
    if after == "hold":
        visitor.hears(VisitState.HELD)
    elif after == "line":
        visitor.hears(VisitState.WAITING)
    elif after == "end":
        visitor.does(c.EndCall())
    else:
        visitor.hears(None)
    assert not visitor.state.visit.speaking
    assert not visitor.plan.microphone


def test_nobody_speaks_outside_of_a_call() -> None:
    for make in (waiting, offered, calling):
        visitor = make()
        assert kinds(visitor.does(c.Speak(held=True))) == []
        assert not visitor.state.visit.speaking
    visitor = held()
    visitor.hears(VisitState.HELD, push_to_talk=True)
    visitor.does(c.Speak(held=True))
    assert not visitor.plan.microphone
