"""The visitor's path: what happens at each step, as a visitor would notice it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.media import DeviceState
from kiosk.core.paths import OLDER_KEPT_S
from kiosk.core.session import decide
from kiosk.core.snapshot import Notice, Screen, TextEntry
from kiosk.core.state import (
    AWAY_PATIENCE_S,
    GOODBYE_S,
    INACTIVITY_S,
    OPEN_PATIENCE_S,
    TRY_AGAIN_SHOWN_S,
    Devices,
    Session,
    VisitMemory,
)
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import Language, OutOfServiceCause, Party, VisitId, VisitState
from tests.support.visitor import (
    FACTS,
    NOBODY,
    SERVICE,
    SITUATIONS,
    VISIT,
    Visitor,
    coming_back,
    connected,
    connecting,
    failed,
    goodbye,
    held,
    idle,
    kinds,
    offered,
    opening,
    out_of_service,
    screen_of,
    talking,
    waiting,
)

OPEN_REFUSED = e.OpenRefused(ErrorCode.UNAVAILABLE)

# --- who needs the server ---------------------------------------------------------------------------------


@pytest.mark.parametrize("begins", [opening, waiting, offered, connecting, talking, held, coming_back])
def test_whoever_is_in_a_visit_needs_the_server_whether_it_is_there_or_not(begins: Callable[[], Visitor]) -> None:
    visitor = begins()
    assert visitor.state.in_visit
    visitor.does(e.LinkLost())
    assert visitor.state.in_visit


@pytest.mark.parametrize("begins", [idle, out_of_service, goodbye])
def test_nobody_needs_it_at_a_kiosk_without_a_visit(begins: Callable[[], Visitor]) -> None:
    assert not begins().state.in_visit


# --- the tap ----------------------------------------------------------------------------------------------


def test_a_tap_asks_for_a_visit_in_the_language_of_the_screen() -> None:
    visitor = idle()
    visitor.does(c.ChooseLanguage(Language.NB))
    (sent,) = visitor.does(c.TapCall())
    assert sent == fx.SendOpen(visitor.state.opening or "", SERVICE, Language.NB)


def test_each_tap_has_an_id_of_its_own() -> None:
    visitor = opening()
    first = visitor.state.opening
    visitor.hears(VisitState.WAITING)
    visitor.does(c.LeaveLine())
    visitor.hears(None)
    visitor.does(c.TapCall())
    assert first != visitor.state.opening is not None


def test_a_tap_that_is_refused_ends_in_idle_with_a_notice() -> None:
    visitor = opening()
    visitor.does(OPEN_REFUSED)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


def test_the_notice_goes_away_by_itself() -> None:
    visitor = opening()
    visitor.does(OPEN_REFUSED)
    visitor.waits(TRY_AGAIN_SHOWN_S - 1)
    assert visitor.sees().notice is Notice.TRY_AGAIN
    visitor.waits(1)
    assert visitor.sees().notice is Notice.NONE


def test_a_tap_that_raced_with_the_last_seat_says_that_nobody_can_answer() -> None:
    visitor = opening()
    visitor.hears(availability=NOBODY)
    visitor.does(OPEN_REFUSED)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.NOBODY_CAN_ANSWER)


def test_a_tap_on_a_button_that_just_went_is_answered_with_a_notice() -> None:
    visitor = idle()
    visitor.hears(availability=NOBODY)
    assert visitor.does(c.TapCall()) == ()
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.NOBODY_CAN_ANSWER)


def test_a_tap_where_no_service_is_offered_is_answered_with_a_notice() -> None:
    visitor = idle()
    visitor.hears(services=())
    assert visitor.does(c.TapCall()) == ()
    assert visitor.sees().notice is Notice.TRY_AGAIN


def test_a_tap_that_nobody_answers_is_taken_back_after_a_while() -> None:
    visitor = opening()
    visitor.waits(OPEN_PATIENCE_S - 1)
    assert screen_of(visitor) is Screen.WAITING
    visitor.waits(1)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


def test_the_visit_of_a_tap_that_was_taken_back_is_left_as_soon_as_it_comes() -> None:
    visitor = opening()
    visitor.waits(OPEN_PATIENCE_S)
    assert kinds(visitor.hears(VisitState.WAITING)) == ["cancel"]
    assert screen_of(visitor) is Screen.IDLE
    visitor.hears(None)
    assert visitor.state.ending is None


def test_leaving_before_the_server_has_answered_leaves_the_visit_when_it_comes() -> None:
    visitor = opening()
    visitor.does(c.LeaveLine())
    assert screen_of(visitor) is Screen.IDLE
    assert kinds(visitor.hears(VisitState.OFFERED)) == ["cancel"]
    assert screen_of(visitor) is Screen.IDLE


def test_a_second_tap_after_leaving_early_takes_the_first_one_up_again() -> None:
    visitor = opening()
    first = visitor.state.opening
    visitor.does(c.LeaveLine())
    (sent,) = visitor.does(c.TapCall())
    assert isinstance(sent, fx.SendOpen)
    assert sent.request_id == first  # so the server sees one tap, not two
    visitor.hears(VisitState.WAITING)
    assert screen_of(visitor) is Screen.WAITING


def test_a_refusal_of_a_tap_that_was_taken_back_is_not_shown() -> None:
    visitor = opening()
    visitor.does(c.LeaveLine(), OPEN_REFUSED)
    assert visitor.sees().notice is Notice.NONE
    assert screen_of(visitor) is Screen.IDLE


def test_a_tap_lost_with_the_link_is_sent_again_with_the_same_id() -> None:
    visitor = opening()
    request = visitor.state.opening
    visitor.does(e.LinkLost())
    visitor.waits(4)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.WAITING, Notice.CONNECTION_LOST)
    assert visitor.hears() == (fx.SendOpen(request or "", SERVICE, Language.SV),)


def test_a_tap_lost_with_the_link_for_long_is_not_opened_for_somebody_who_has_gone() -> None:
    visitor = opening()
    visitor.does(e.LinkLost())
    visitor.waits(OPEN_PATIENCE_S)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.hears() == ()
    assert screen_of(visitor) is Screen.IDLE


def test_a_tap_that_had_arrived_before_the_link_was_lost_for_long_is_left_when_it_is_back() -> None:
    visitor = opening()
    visitor.does(e.LinkLost())
    visitor.waits(OPEN_PATIENCE_S)
    assert kinds(visitor.hears(VisitState.WAITING)) == ["cancel"]


def test_a_tap_while_the_server_is_away_for_a_moment_waits_for_it() -> None:
    visitor = idle()
    visitor.does(e.LinkLost())
    assert visitor.does(c.TapCall()) == ()
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.WAITING, Notice.CONNECTION_LOST)
    assert kinds(visitor.hears()) == ["open"]


def test_a_tap_in_the_first_moments_of_the_program_changes_nothing() -> None:
    visitor = Visitor()
    assert visitor.does(c.TapCall()) == ()
    assert visitor.state.opening is None


def test_a_tap_on_a_kiosk_that_was_refused_changes_nothing() -> None:
    visitor = idle()
    visitor.does(e.LinkRefused(OutOfServiceCause.REFUSED), c.TapCall())
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE


def test_an_unanswered_tap_is_not_repeated_by_the_clock() -> None:
    visitor = opening()
    assert visitor.waits(OPEN_PATIENCE_S - 1) == ()


def test_a_tap_that_is_first_heard_of_when_a_librarian_has_accepted_is_a_call_of_ours() -> None:
    visitor = opening()
    assert visitor.hears(VisitState.CONNECTING, generation=1) == ()
    assert visitor.plan.generation == 1


def test_another_language_chosen_before_the_visit_is_there_is_told_at_once() -> None:
    visitor = opening()
    (sent,) = visitor.does(c.ChooseLanguage(Language.EN))
    assert isinstance(sent, fx.SendOpen)
    assert sent.language is Language.EN
    # The first tap had won: the visit is Swedish for the server, English on the screen.
    assert visitor.hears(VisitState.WAITING, language=Language.SV) == (fx.SendLanguage(VISIT, Language.EN),)


def test_a_tap_that_was_told_twice_and_refused_once_leaves_no_visit_behind() -> None:
    visitor = opening()
    visitor.does(c.ChooseLanguage(Language.EN))  # a second message of the same tap is on its way
    visitor.does(e.OpenRefused(ErrorCode.UNAVAILABLE))
    assert screen_of(visitor) is Screen.IDLE
    assert fx.SendCancel(VISIT) in visitor.hears(VisitState.WAITING)
    assert screen_of(visitor) is Screen.IDLE


# --- the line ---------------------------------------------------------------------------------------------


def test_the_line_shows_place_and_ring() -> None:
    visitor = opening()
    visitor.hears(VisitState.WAITING, place=3)
    assert (visitor.sees().place, visitor.sees().answering) == (3, False)
    visitor.hears(VisitState.OFFERED, place=1)
    assert (visitor.sees().place, visitor.sees().answering) == (1, True)


def test_leaving_the_line_is_told_again_until_the_server_knows() -> None:
    visitor = waiting()
    visitor.does(c.LeaveLine())
    assert kinds(visitor.waits(7)) == ["cancel", "cancel"]
    visitor.hears(None)
    assert visitor.waits(10) == ()


def test_leaving_just_as_a_librarian_comes_ends_the_call_too() -> None:
    visitor = offered()
    visitor.does(c.LeaveLine())
    assert screen_of(visitor) is Screen.IDLE
    assert kinds(visitor.hears(VisitState.TALKING, generation=1)) == ["finish"]
    assert screen_of(visitor) is Screen.IDLE
    assert visitor.plan.visit_id is None


def test_a_new_visitor_may_tap_before_the_server_knows_that_the_last_one_left() -> None:
    visitor = waiting()
    visitor.does(c.LeaveLine(), c.TapCall())
    assert screen_of(visitor) is Screen.WAITING
    visitor.hears(VisitState.WAITING)  # still the old one
    assert visitor.state.opening is not None
    assert kinds(visitor.hears(None)) == ["open"]
    visitor.hears(VisitState.WAITING, id=VisitId("visit-2"), place=2)
    assert (screen_of(visitor), visitor.sees().place) == (Screen.WAITING, 2)


def test_those_who_wait_are_told_when_the_last_seat_goes_and_when_one_comes_back() -> None:
    visitor = waiting()
    visitor.hears(VisitState.WAITING, availability=NOBODY)
    assert visitor.sees().notice is Notice.NOBODY_CAN_ANSWER
    visitor.hears(VisitState.WAITING, availability=FACTS.availability)
    assert visitor.sees().notice is Notice.NONE


def test_waiting_goes_on_while_the_server_is_away_for_a_while() -> None:
    visitor = waiting()
    visitor.does(e.LinkLost())
    visitor.waits(AWAY_PATIENCE_S - 1)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.WAITING, Notice.CONNECTION_LOST)
    assert visitor.hears(VisitState.WAITING) == ()
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.WAITING, Notice.NONE)


def test_a_visitor_who_waited_for_a_server_that_stayed_away_is_given_the_phone_number_and_rung_for_nobody() -> None:
    visitor = waiting()
    visitor.does(e.LinkLost())
    visitor.waits(AWAY_PATIENCE_S)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert kinds(visitor.hears(VisitState.WAITING)) == ["cancel"]
    assert screen_of(visitor) is Screen.IDLE


def test_a_visitor_who_waits_may_leave_while_the_server_is_away() -> None:
    visitor = waiting()
    visitor.does(e.LinkLost(), c.LeaveLine())
    assert kinds(visitor.hears(VisitState.OFFERED)) == ["cancel"]


def test_a_place_in_the_line_that_was_lost_is_said_in_the_visitors_language() -> None:
    visitor = waiting()
    visitor.does(c.ChooseLanguage(Language.EN))
    visitor.hears(None)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)
    assert visitor.sees().language is Language.EN
    visitor.waits(INACTIVITY_S)
    assert visitor.sees().language is Language.SV


def test_a_librarian_who_finishes_before_being_seen_does_not_send_thanks() -> None:
    visitor = connecting()
    visitor.hears(None)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


def test_ending_before_the_librarian_was_seen_goes_straight_back() -> None:
    visitor = connecting()
    visitor.does(c.EndCall())
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.NONE)


# --- the call ---------------------------------------------------------------------------------------------


def test_the_librarian_is_seen_first_and_the_camera_is_off() -> None:
    visitor = connecting()
    assert visitor.plan == fx.MediaPlan(VISIT, 1, camera=False, microphone=True, sound=True)


def test_the_talking_screen_comes_with_the_path_and_does_not_wait_for_the_server() -> None:
    visitor = connecting()
    assert visitor.does(connected()) == (fx.SendConnected(VISIT, 1),)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.NONE)
    visitor.hears(VisitState.TALKING)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.NONE)


def test_a_path_that_came_up_while_the_link_was_lost_is_told_when_it_is_back() -> None:
    visitor = connecting()
    visitor.does(e.LinkLost())
    assert visitor.does(connected()) == ()
    assert visitor.hears(VisitState.CONNECTING) == (fx.SendConnected(VISIT, 1),)


def test_what_the_server_did_not_take_is_told_again() -> None:
    visitor = connecting()
    visitor.does(connected())
    assert kinds(visitor.waits(6)) == ["connected", "connected"]


def test_a_dead_path_is_told_and_the_talking_screen_stays() -> None:
    visitor = talking()
    assert visitor.does(failed()) == (fx.SendAgain(VISIT, 1),)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.COMING_BACK)
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.COMING_BACK)
    assert visitor.plan.generation == 2
    visitor.does(connected(2))
    visitor.hears(VisitState.TALKING)
    assert visitor.sees().notice is Notice.NONE


def test_a_path_that_died_while_the_link_was_lost_is_told_when_it_is_back() -> None:
    visitor = talking()
    visitor.does(e.LinkLost())
    assert visitor.does(failed()) == ()
    assert visitor.sees().notice is Notice.CONNECTION_LOST
    assert visitor.hears(VisitState.TALKING) == (fx.SendAgain(VISIT, 1),)


def test_a_path_that_died_in_hold_is_rebuilt_in_hold() -> None:
    visitor = held()
    assert visitor.does(failed()) == (fx.SendAgain(VISIT, 1),)
    visitor.hears(VisitState.HELD, generation=2)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.HELD, Notice.COMING_BACK)
    assert visitor.does(connected(2)) == ()
    assert visitor.sees().notice is Notice.NONE


def test_a_first_path_that_dies_is_rebuilt_without_promising_to_bring_back_what_never_was() -> None:
    visitor = connecting()
    assert visitor.does(failed()) == (fx.SendAgain(VISIT, 1),)
    visitor.hears(VisitState.CONNECTING, generation=2)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.CONNECTING, Notice.NONE)


def test_the_call_goes_on_while_the_server_is_away_as_long_as_the_path_holds() -> None:
    visitor = talking()
    visitor.does(e.LinkLost())
    visitor.waits(3 * AWAY_PATIENCE_S)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.CONNECTION_LOST)
    assert visitor.plan.generation == 1
    assert visitor.hears(VisitState.TALKING) == ()
    assert visitor.sees().notice is Notice.NONE


def test_a_call_without_server_and_without_path_is_given_up_after_a_while() -> None:
    visitor = talking()
    visitor.does(e.LinkLost(), failed())
    visitor.waits(AWAY_PATIENCE_S - 1)
    assert screen_of(visitor) is Screen.TALKING
    visitor.waits(1)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.state.visit == VisitMemory()
    assert kinds(visitor.hears(VisitState.TALKING)) == ["finish"]


@pytest.mark.parametrize("make", [waiting, connecting, talking, held, coming_back])
def test_a_kiosk_that_is_not_let_in_any_more_leaves_its_visit_at_once(make: type[Visitor]) -> None:
    visitor = make()
    visitor.does(e.LinkLost(), e.LinkRefused(OutOfServiceCause.REFUSED))
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.REFUSED
    assert visitor.plan.visit_id is None
    assert visitor.state.visit == VisitMemory()


def test_hold_closes_the_camera_and_the_microphone_and_resuming_brings_back_what_was_wanted() -> None:
    visitor = talking()
    visitor.does(c.ShowCamera(wanted=True))
    assert visitor.plan == fx.MediaPlan(VISIT, 1, camera=True, microphone=True, sound=True)
    visitor.hears(VisitState.HELD)
    assert visitor.plan == fx.MediaPlan(VISIT, 1)
    visitor.hears(VisitState.TALKING)
    assert visitor.plan == fx.MediaPlan(VISIT, 1, camera=True, microphone=True, sound=True)


def test_what_the_visitor_turned_off_in_hold_stays_off() -> None:
    visitor = talking()
    visitor.does(c.ShowCamera(wanted=True))
    visitor.hears(VisitState.HELD)
    visitor.does(c.ShowCamera(wanted=False), c.Mute(muted=True))
    visitor.hears(VisitState.TALKING)
    assert visitor.plan == fx.MediaPlan(VISIT, 1, sound=True)


def test_a_visit_that_fell_back_into_the_line_says_so_and_shows_the_next_librarian_nothing_unasked() -> None:
    visitor = talking()
    visitor.does(c.ShowCamera(wanted=True), c.Mute(muted=True))
    visitor.hears(VisitState.WAITING, returned=True, place=1, librarian_name="")
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.WAITING, Notice.BACK_IN_LINE)
    assert visitor.plan.visit_id is None
    visitor.hears(VisitState.CONNECTING, generation=2, place=0, librarian_name="Per")
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.CONNECTING, Notice.NONE)
    assert visitor.plan == fx.MediaPlan(VISIT, 2, sound=True)


def test_a_visit_that_fell_back_and_is_lost_there_is_not_thanked_for() -> None:
    visitor = talking()
    visitor.hears(VisitState.WAITING, returned=True, place=1)
    visitor.hears(None)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


@pytest.mark.parametrize(("asked", "set_to"), [(30, 30), (-5, 0), (500, 100)])
def test_the_volume_stays_on_its_scale(asked: int, set_to: int) -> None:
    visitor = talking()
    visitor.does(c.SetVolume(asked))
    assert visitor.plan.volume_percent == set_to == visitor.sees().call.volume_percent


def test_devices_are_shown_as_they_are() -> None:
    visitor = talking()
    visitor.does(e.DevicesChanged(DeviceState.MISSING, DeviceState.OK, DeviceState.FAILED, microphone_sending=True))
    assert visitor.state.devices == Devices(
        DeviceState.MISSING, DeviceState.OK, DeviceState.FAILED, microphone_sending=True
    )


def test_a_language_chosen_in_the_call_is_told_again_until_the_server_knows() -> None:
    visitor = talking()
    assert visitor.does(c.ChooseLanguage(Language.EN)) == (fx.SendLanguage(VISIT, Language.EN),)
    assert kinds(visitor.waits(4)) == ["language"]
    visitor.hears(VisitState.TALKING, language=Language.EN)
    assert visitor.waits(10) == ()


# --- a program that starts in the middle of a visit -------------------------------------------------------


def restarted(state: VisitState, **changes: object) -> Visitor:
    visitor = Visitor()
    visitor.hears(state, **{"generation": 3, "language": Language.NB, **changes})
    return visitor


def test_a_restarted_kiosk_asks_for_a_path_of_its_own_and_opens_nothing_until_then() -> None:
    visitor = restarted(VisitState.TALKING)
    assert visitor.sent == [fx.SendAgain(VISIT, 3)]
    assert visitor.plan.visit_id is None
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.COMING_BACK)
    visitor.hears(VisitState.CONNECTING, generation=4)
    assert visitor.plan.generation == 4
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.TALKING, Notice.COMING_BACK)


def test_a_restarted_kiosk_whose_call_had_not_begun_shows_that_the_librarian_is_coming() -> None:
    visitor = restarted(VisitState.CONNECTING)
    assert visitor.sent == [fx.SendAgain(VISIT, 3)]
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.CONNECTING, Notice.NONE)


def test_a_restarted_kiosk_speaks_the_language_of_the_visit() -> None:
    visitor = restarted(VisitState.WAITING, generation=0)
    assert visitor.sent == []
    assert visitor.sees().language is Language.NB
    visitor.hears(None)
    visitor.waits(INACTIVITY_S)
    assert visitor.sees().language is Language.SV


def test_a_restarted_kiosk_whose_visit_ends_says_goodbye() -> None:
    visitor = restarted(VisitState.HELD)
    visitor.hears(None)
    assert screen_of(visitor) is Screen.GOODBYE


def test_lines_typed_after_a_restart_do_not_overwrite_those_before() -> None:
    visitor = restarted(VisitState.TALKING)
    visitor.hears(VisitState.CONNECTING, generation=4)
    (sent,) = visitor.does(c.TypeText("Hej"))
    assert isinstance(sent, fx.SendText)
    assert sent.entry == 3001


def test_what_a_console_missed_while_it_was_away_is_told_when_it_is_back() -> None:
    visitor = talking()
    assert visitor.hears(VisitState.TALKING, seat_connected=False) == ()
    visitor.does(c.TypeText("Hej"), c.CommitText())
    line = TextEntry(Party.VISITOR, 1, "Hej", done=True)
    assert visitor.hears(VisitState.TALKING, seat_connected=True) == (fx.SendHistory(VISIT, (line,)),)
    assert visitor.hears(VisitState.TALKING) == ()


# --- goodbye ----------------------------------------------------------------------------------------------


def test_goodbye_counts_ten_seconds_and_is_over() -> None:
    visitor = goodbye()
    assert visitor.sees().countdown_s == 10
    visitor.waits(GOODBYE_S - 1)
    assert (screen_of(visitor), visitor.sees().countdown_s) == (Screen.GOODBYE, 1)
    resets = visitor.state.resets
    visitor.waits(1)
    assert (screen_of(visitor), visitor.sees().countdown_s) == (Screen.IDLE, None)
    assert visitor.state.resets == resets + 1


def test_the_librarians_goodbye_is_ours_too() -> None:
    visitor = talking()
    visitor.hears(None)
    assert screen_of(visitor) is Screen.GOODBYE
    assert visitor.does(c.GiveFeedback(2)) == (fx.SendFeedback(VISIT, 2),)


def test_thanks_for_a_face_are_seen_before_the_screen_starts_over() -> None:
    visitor = goodbye()
    visitor.waits(GOODBYE_S - 1)
    visitor.does(c.GiveFeedback(1))
    visitor.waits(2)
    assert (screen_of(visitor), visitor.sees().feedback_given) == (Screen.GOODBYE, 1)
    visitor.waits(1)
    assert screen_of(visitor) is Screen.IDLE


def test_a_face_is_given_once() -> None:
    visitor = goodbye()
    visitor.does(c.GiveFeedback(3))
    assert visitor.does(c.GiveFeedback(1)) == ()
    assert visitor.sees().feedback_given == 3


def test_ending_while_the_link_is_away_says_goodbye_and_is_told_when_it_is_back() -> None:
    visitor = talking()
    visitor.does(e.LinkLost(), c.EndCall())
    assert screen_of(visitor) is Screen.GOODBYE
    assert visitor.plan.visit_id is None
    visitor.waits(GOODBYE_S)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.hears(VisitState.TALKING) == (fx.SendFinish(VISIT),)
    assert screen_of(visitor) is Screen.IDLE
    assert visitor.state.visit == VisitMemory()
    assert visitor.hears(None) == ()


def test_a_goodbye_that_is_overtaken_by_a_visit_does_not_end_it() -> None:
    visitor = goodbye()
    visitor.hears(VisitState.WAITING, id=VisitId("visit-2"))
    visitor.waits(GOODBYE_S)
    assert screen_of(visitor) is Screen.WAITING
    assert visitor.state.visit.visit_id == "visit-2"


def test_the_language_goes_back_after_goodbye_and_not_before() -> None:
    visitor = talking()
    visitor.does(c.ChooseLanguage(Language.EN), c.EndCall())
    assert visitor.sees().language is Language.EN
    visitor.waits(GOODBYE_S)
    assert visitor.sees().language is Language.SV


def test_nothing_of_the_visit_is_left_when_goodbye_begins() -> None:
    visitor = talking()
    visitor.does(c.ShowCamera(wanted=True), c.Mute(muted=True), c.SetVolume(100))
    visitor.does(c.TypeText("Mitt kortnummer är 12"), c.CommitText(), c.TypeText("34"), c.EndCall())
    assert visitor.state.visit == VisitMemory()
    assert visitor.state.volume_percent == 80
    visitor.hears(VisitState.TALKING)  # the server has not heard of it yet
    assert visitor.state.visit == VisitMemory()


# --- nobody touches it ------------------------------------------------------------------------------------


def test_an_idle_screen_in_another_language_goes_back_with_a_visible_countdown() -> None:
    visitor = idle()
    visitor.does(c.ChooseLanguage(Language.EN))
    visitor.waits(19)
    assert visitor.sees().countdown_s is None
    visitor.waits(1)
    assert visitor.sees().countdown_s == 10
    visitor.waits(9)
    assert (visitor.sees().countdown_s, visitor.sees().language) == (1, Language.EN)
    visitor.waits(1)
    assert (visitor.sees().countdown_s, visitor.sees().language) == (None, Language.SV)


def test_a_hand_begins_the_countdown_anew() -> None:
    visitor = idle()
    visitor.does(c.ChooseLanguage(Language.EN))
    visitor.waits(25)
    visitor.does(c.Touched())
    assert visitor.sees().countdown_s is None
    visitor.waits(25)
    assert (visitor.sees().countdown_s, visitor.sees().language) == (5, Language.EN)


def test_a_touched_screen_with_nothing_to_put_back_counts_nothing() -> None:
    visitor = idle()
    visitor.does(c.Touched())
    visitor.waits(25)
    assert visitor.sees().countdown_s is None
    resets = visitor.state.resets
    visitor.waits(10)
    assert (visitor.state.touched_s, visitor.state.resets) == (None, resets)


def test_going_back_to_the_branchs_own_language_leaves_nothing_to_count() -> None:
    visitor = idle()
    visitor.does(c.ChooseLanguage(Language.EN), c.ChooseLanguage(Language.SV))
    visitor.waits(25)
    assert visitor.sees().countdown_s is None


@pytest.mark.parametrize("make", [waiting, offered, connecting, talking, held, coming_back])
def test_nothing_is_reset_during_a_visit_however_long_nobody_touches_the_screen(make: type[Visitor]) -> None:
    visitor = make()
    visitor.waits(OLDER_KEPT_S)  # what goes by time alone has gone
    visitor.does(c.ChooseLanguage(Language.EN), c.ShowCamera(wanted=True), c.TypeText("H"))
    screen, memory, resets = screen_of(visitor), visitor.state.visit, visitor.state.resets
    visitor.waits(20 * INACTIVITY_S)
    assert (screen_of(visitor), visitor.state.visit, visitor.state.resets) == (screen, memory, resets)
    assert (visitor.sees().language, visitor.sees().countdown_s) == (Language.EN, None)


def test_an_out_of_service_screen_in_another_language_goes_back_too() -> None:
    visitor = out_of_service()
    visitor.does(c.ChooseLanguage(Language.EN))
    visitor.waits(INACTIVITY_S)
    assert (screen_of(visitor), visitor.sees().language) == (Screen.OUT_OF_SERVICE, Language.SV)


# --- the link ---------------------------------------------------------------------------------------------


def test_the_kiosk_starts_and_is_out_of_service_if_the_server_stays_away() -> None:
    visitor = Visitor()
    visitor.does(e.LinkLost())
    visitor.waits(9)
    assert screen_of(visitor) is Screen.STARTING
    visitor.waits(1)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    visitor.hears()
    assert screen_of(visitor) is Screen.IDLE


def test_out_of_service_says_since_when_however_often_the_client_tries() -> None:
    visitor = idle()
    visitor.does(e.LinkLost())
    visitor.waits(60)
    since = visitor.sees().out_of_service_since
    visitor.does(e.LinkLost())
    visitor.waits(60)
    assert since is not None
    assert visitor.sees().out_of_service_since == since


def test_a_kiosk_that_is_let_in_again_forgets_that_it_was_not() -> None:
    visitor = idle()
    visitor.does(e.LinkRefused(OutOfServiceCause.VERSION))
    assert visitor.sees().out_of_service_cause is OutOfServiceCause.VERSION
    visitor.hears()
    assert (screen_of(visitor), visitor.sees().out_of_service_cause) == (Screen.IDLE, None)


def test_a_tap_on_its_way_is_taken_back_when_the_kiosk_is_refused() -> None:
    visitor = opening()
    visitor.does(e.LinkRefused(OutOfServiceCause.ALREADY_CONNECTED))
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.hears() == ()


def test_the_branchs_own_language_comes_with_the_facts() -> None:
    visitor = Visitor()
    visitor.hears(default_language=Language.NB)
    assert visitor.sees().language is Language.NB


def test_a_language_chosen_before_the_first_facts_is_kept() -> None:
    visitor = Visitor()
    visitor.does(c.ChooseLanguage(Language.EN))
    visitor.hears()
    assert visitor.sees().language is Language.EN


def test_dismissing_before_the_first_facts_goes_back_to_the_first_language() -> None:
    visitor = Visitor()
    visitor.does(c.ChooseLanguage(Language.EN), c.Dismiss())
    assert visitor.sees().language is Language.SV


# --- what does not fit ------------------------------------------------------------------------------------

LATE: tuple[e.Event, ...] = (
    e.OpenRefused(ErrorCode.INTERNAL),
    connected(),
    failed(),
    e.PictureCame(1),
    e.LinkLost(),
)


@pytest.mark.parametrize("event", LATE[:-1], ids=lambda event: type(event).__name__)
def test_what_comes_after_the_visit_changes_nothing(event: e.Event) -> None:
    visitor = idle()
    before = visitor.state
    assert visitor.does(event) == ()
    assert visitor.state == before


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("event", LATE, ids=lambda event: type(event).__name__)
def test_nothing_that_may_happen_anywhere_raises(situation: str, event: e.Event) -> None:
    visitor = SITUATIONS[situation]()
    visitor.does(event)
    assert visitor.sees().screen in Screen


def test_time_is_an_argument() -> None:
    state, effects = decide(Session(started_s=0.0), c.Touched(), 42.0)
    assert (state.now_s, state.touched_s, effects) == (42.0, 42.0, ())
