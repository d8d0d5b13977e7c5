"""Into the line, the choices within it, and out of it with a number: what a visitor would notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import EstimateFacts
from kiosk.core.snapshot import (
    Availability,
    BranchClosed,
    LineFacts,
    MissedTicket,
    Notice,
    Screen,
    ServiceFacts,
    Standing,
    Wait,
)
from kiosk.core.state import AWAY_PATIENCE_S, MISSED_S, TELL_AGAIN_S, TICKET_S, VisitMemory, chimes
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    EstimateReason,
    Language,
    Nobody,
    NotePhrase,
    OutOfServiceCause,
    ServiceId,
    VisitId,
    VisitState,
)
from tests.support.visitor import (
    FACTS,
    NOBODY,
    SERVICE,
    SOMEBODY,
    STOCKHOLM,
    VISIT,
    Visitor,
    answered,
    calling,
    choosing,
    goodbye,
    idle,
    kinds,
    opening,
    screen_of,
    ticket,
    ticket_asked,
    waiting,
)

DIGITAL = ServiceId("digital-help")
SWEDISH = replace(SOMEBODY, languages=(Language.SV,))
BUSY = replace(SOMEBODY, free_seats=0)


def opened(visitor: Visitor) -> fx.SendOpen:
    """The tap that was sent."""
    return next(effect for effect in visitor.sent if isinstance(effect, fx.SendOpen))


# --- a service and its truth ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("availability", "language", "standing"),
    [
        (SOMEBODY, Language.SV, Standing.FREE),
        (BUSY, Language.SV, Standing.BUSY),
        (NOBODY, Language.SV, Standing.NOBODY),
        (Availability(open=False), Language.SV, Standing.CLOSED),
        (SWEDISH, Language.SV, Standing.FREE),
        (SWEDISH, Language.NB, Standing.OTHER_LANGUAGE),
        (replace(SOMEBODY, open=False), Language.SV, Standing.CLOSED),  # the server takes no tap outside of the hours
    ],
)
def test_a_service_is_green_only_where_somebody_can_answer(
    availability: Availability, language: Language, standing: Standing
) -> None:
    assert ServiceFacts(SERVICE, availability=availability).standing(language) is standing


def test_a_service_whose_languages_nobody_speaks_has_nobody() -> None:
    service = ServiceFacts(SERVICE, languages=(Language.NB,), availability=SWEDISH)
    assert service.spoken == ()
    assert service.standing(Language.NB) is Standing.NOBODY


def test_where_nobody_says_what_is_spoken_all_that_is_offered_is() -> None:
    assert ServiceFacts(SERVICE, languages=(Language.SV,), availability=SOMEBODY).spoken == (Language.SV,)


# --- the tap ----------------------------------------------------------------------------------------------


def several() -> Visitor:
    visitor = idle()
    visitor.hears(services=(*FACTS.services, ServiceFacts(DIGITAL, availability=SWEDISH)))
    return visitor


def test_a_tap_on_a_service_asks_for_that_service() -> None:
    visitor = several()
    visitor.does(c.TapCall(DIGITAL))
    assert opened(visitor).service_id == DIGITAL


def test_a_tap_without_a_service_asks_for_the_first() -> None:
    visitor = several()
    visitor.does(c.TapCall())
    assert opened(visitor).service_id == SERVICE


def test_a_tap_in_a_language_that_nobody_speaks_opens_nothing() -> None:
    visitor = several()
    visitor.does(c.ChooseLanguage(Language.NB))
    assert visitor.does(c.TapCall(DIGITAL)) == ()
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


def test_going_on_in_another_language_is_one_touch_and_the_screen_speaks_it() -> None:
    visitor = several()
    visitor.does(c.ChooseLanguage(Language.NB))
    visitor.does(c.TapCall(DIGITAL, Language.SV))
    assert (opened(visitor).language, visitor.sees().language) == (Language.SV, Language.SV)
    visitor.hears(VisitState.WAITING, language=Language.SV)
    assert visitor.sees().language is Language.SV


def test_a_tap_on_a_service_that_is_gone_opens_nothing() -> None:
    visitor = several()
    assert visitor.does(c.TapCall(ServiceId("gone"))) == ()
    assert screen_of(visitor) is Screen.IDLE


def test_a_tap_for_a_service_that_goes_while_the_link_is_lost_is_not_sent() -> None:
    visitor = several()
    visitor.does(e.LinkLost(), c.TapCall(DIGITAL))
    assert visitor.hears(services=FACTS.services) == ()


def test_a_tap_on_a_busy_service_gives_a_place_in_line() -> None:
    visitor = idle()
    visitor.hears(availability=BUSY)
    assert kinds(visitor.does(c.TapCall())) == ["open"]


def test_a_closed_branch_and_a_resting_kiosk_take_no_tap() -> None:
    closed, resting = idle(), idle()
    closed.hears(closed=BranchClosed(None))
    resting.hears(locked_until=closed.state.wall)
    assert closed.does(c.TapCall()) == resting.does(c.TapCall()) == ()


# --- what one who waits is told ---------------------------------------------------------------------------


def test_an_estimate_is_whole_minutes_rounded_outwards_by_the_servers_clock() -> None:
    visitor = waiting()
    now = visitor.state.wall + timedelta(seconds=30)
    estimate = EstimateFacts(now + timedelta(seconds=179), now + timedelta(seconds=301), EstimateReason.FEWER_SEATS)
    visitor.hears(VisitState.WAITING, estimate=estimate, server_ahead_s=30.0)
    assert visitor.sees().line.wait == Wait(2, 6, EstimateReason.FEWER_SEATS)


def test_an_estimate_that_has_passed_says_so() -> None:
    visitor = waiting()
    past = visitor.state.wall - timedelta(minutes=1)
    visitor.hears(VisitState.WAITING, estimate=EstimateFacts(past, past))
    assert visitor.sees().line.wait == Wait(0, 0)


def test_an_estimate_gets_shorter_by_itself_as_time_goes_by() -> None:
    visitor = waiting()
    visitor.waits(1)
    now = visitor.state.wall
    visitor.hears(VisitState.WAITING, estimate=EstimateFacts(now + timedelta(minutes=3), now + timedelta(minutes=6)))
    assert visitor.sees().line.wait == Wait(3, 6)
    visitor.waits(60)
    assert visitor.sees().line.wait == Wait(2, 5)


def test_where_nobody_can_answer_no_minutes_are_promised() -> None:
    visitor = waiting()
    visitor.hears(
        VisitState.WAITING,
        nobody=Nobody.NOBODY_ON_DUTY,
        estimate=EstimateFacts(visitor.state.wall, visitor.state.wall),
    )
    assert (visitor.sees().line.wait, visitor.sees().line.nobody) == (None, Nobody.NOBODY_ON_DUTY)
    assert visitor.sees().notice is Notice.NOBODY_CAN_ANSWER


def test_nobody_for_ones_own_service_is_nobody_even_if_others_are_there() -> None:
    visitor = waiting(service_id=DIGITAL)
    visitor.hears(VisitState.WAITING, services=(*FACTS.services, ServiceFacts(DIGITAL, availability=NOBODY)))
    assert visitor.sees().line.nobody is Nobody.NOBODY_ON_DUTY


def test_a_language_that_nobody_speaks_any_more_is_said_with_those_that_are_spoken() -> None:
    visitor = waiting(service_id=SERVICE)
    foreign = replace(SOMEBODY, languages=(Language.EN, Language.NB))
    visitor.hears(VisitState.WAITING, availability=foreign, nobody=Nobody.LANGUAGE)
    assert visitor.sees().line.spoken == (Language.NB, Language.EN)
    visitor.hears(VisitState.WAITING, availability=SOMEBODY)
    assert visitor.sees().line.spoken == ()  # nobody says what is spoken
    visitor.hears(VisitState.WAITING, services=())
    assert visitor.sees().line.spoken == ()


def test_a_librarians_line_reaches_the_one_who_waits() -> None:
    visitor = waiting()
    visitor.hears(VisitState.WAITING, note=NotePhrase.SOON_WITH_YOU, librarian_name="Anna")
    assert (visitor.sees().line.note, visitor.sees().line.note_from) == (NotePhrase.SOON_WITH_YOU, "Anna")


def test_out_of_the_line_nothing_of_it_is_shown() -> None:
    assert idle().sees().line == calling().sees().line == LineFacts()


# --- the choices ------------------------------------------------------------------------------------------


def test_the_ways_out_are_offered_when_the_server_says_so() -> None:
    assert not waiting().sees().line.choices
    assert choosing().sees().line.choices


def test_keeping_on_waiting_takes_the_ways_away_at_once_and_they_may_come_again() -> None:
    visitor = choosing()
    assert visitor.does(c.KeepWaiting()) == (fx.SendKeepWaiting(VISIT),)
    assert not visitor.sees().line.choices
    visitor.hears(VisitState.WAITING, choices=False)
    assert visitor.waits(2 * TELL_AGAIN_S) == ()
    visitor.hears(VisitState.WAITING, choices=True)
    assert visitor.sees().line.choices


def test_keeping_on_waiting_is_told_until_the_server_knows() -> None:
    visitor = choosing()
    visitor.does(c.KeepWaiting())
    assert kinds(visitor.waits(TELL_AGAIN_S)) == ["keepwaiting"]
    visitor.does(e.LinkLost())
    assert kinds(visitor.hears(VisitState.WAITING)) == ["keepwaiting"]


def test_a_number_is_asked_for_until_it_is_there() -> None:
    visitor = ticket_asked()
    assert (screen_of(visitor), visitor.sees().line.ticket_asked) == (Screen.WAITING, True)
    assert kinds(visitor.waits(TELL_AGAIN_S)) == ["ticket"]


def test_the_number_is_shown_large_and_then_the_screen_is_the_next_visitors() -> None:
    visitor = ticket_asked()
    visitor.does(c.ChooseLanguage(Language.EN), e.TicketTaken(VISIT, 7))
    screen = visitor.sees()
    assert (screen.screen, screen.ticket and screen.ticket.number, screen.countdown_s) == (Screen.TICKET, 7, 10)
    visitor.hears(None, tickets=(7,))
    visitor.waits(TICKET_S - 1)
    assert (screen_of(visitor), visitor.sees().countdown_s) == (Screen.TICKET, 1)
    visitor.waits(1)
    screen = visitor.sees()
    assert (screen.screen, screen.tickets, screen.language, screen.notice) == (
        Screen.IDLE,
        (7,),
        Language.SV,
        Notice.NONE,
    )
    assert visitor.state.visit == VisitMemory()


def test_the_number_is_shown_before_the_line_is_told_of_it() -> None:
    visitor = ticket_asked()
    visitor.does(e.TicketTaken(VISIT, 7))
    assert visitor.hears(VisitState.OFFERED) == ()  # older facts: it is a ticket all the same
    assert screen_of(visitor) is Screen.TICKET
    visitor.waits(TICKET_S)
    assert visitor.sent[-1] == fx.SendTicket(VISIT)  # neither left nor asked for anew
    assert screen_of(visitor) is Screen.IDLE


def test_a_number_whose_answer_was_lost_is_known_by_the_snapshot() -> None:
    visitor = ticket_asked()
    visitor.hears(VisitState.WAITING, tickets=(3,))
    visitor.does(e.LinkLost())
    visitor.hears(None, tickets=(3, 7))
    screen = visitor.sees()
    assert (screen.screen, screen.ticket and screen.ticket.number) == (Screen.TICKET, 7)
    visitor.does(e.TicketTaken(VISIT, 7))
    assert visitor.state.ticketed is None  # shown already


def test_a_visit_that_is_gone_without_a_number_is_not_called_one() -> None:
    visitor = ticket_asked()
    visitor.hears(None)
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.IDLE, Notice.TRY_AGAIN)


def test_no_number_is_said_and_the_visitor_waits_on() -> None:
    visitor = ticket_asked()
    visitor.does(e.TicketRefused(VISIT))
    screen = visitor.sees()
    assert (screen.screen, screen.notice, screen.line.ticket_asked) == (Screen.WAITING, Notice.TRY_AGAIN, False)
    assert visitor.waits(2 * TELL_AGAIN_S) == ()


def test_a_refusal_of_another_time_changes_nothing() -> None:
    visitor = choosing()
    before = visitor.state
    visitor.does(e.TicketRefused(VISIT), e.TicketTaken(VISIT, 7))
    assert replace(visitor.state, now_s=before.now_s) == before


def test_a_librarian_who_comes_first_wins_over_the_number() -> None:
    visitor = ticket_asked()
    visitor.hears(VisitState.CONNECTING, generation=1)
    visitor.does(e.TicketTaken(VISIT, 7))
    assert screen_of(visitor) is Screen.CONNECTING
    assert visitor.state.ticketing is None


def test_keeping_on_waiting_takes_the_wish_for_a_number_back() -> None:
    visitor = ticket_asked()
    assert kinds(visitor.does(c.KeepWaiting())) == ["keepwaiting"]


def test_a_number_may_be_put_away_at_once() -> None:
    visitor = ticket()
    visitor.does(c.Dismiss())
    assert screen_of(visitor) is Screen.IDLE


def test_a_number_that_the_server_shows_in_the_line_is_a_number_all_the_same() -> None:
    visitor = ticket_asked()
    visitor.hears(VisitState.WAITING, ticket=7, tickets=(7,))
    assert screen_of(visitor) is Screen.TICKET
    assert visitor.state.visit == VisitMemory()


def test_a_number_that_waits_has_no_screen_even_if_the_server_shows_it() -> None:
    visitor = idle()
    assert visitor.hears(VisitState.WAITING, ticket=7, language=Language.NB) == ()
    assert screen_of(visitor) is Screen.IDLE


# --- called back ------------------------------------------------------------------------------------------


def test_a_called_number_speaks_its_own_language_and_opens_nothing() -> None:
    visitor = ticket()
    visitor.waits(TICKET_S)
    visitor.hears(VisitState.CALLING, ticket=7, language=Language.NB, generation=1, librarian_name="Anna")
    screen = visitor.sees()
    assert (screen.screen, screen.language, screen.call.librarian_name) == (Screen.CALLING, Language.NB, "Anna")
    assert visitor.plan == fx.MediaPlan(volume_percent=visitor.plan.volume_percent)
    assert chimes(visitor.state)


def test_neither_camera_nor_microphone_opens_before_the_server_knows_of_the_touch() -> None:
    visitor = calling()
    assert visitor.does(c.AnswerTicket()) == (fx.SendAnswer(VISIT),)
    assert visitor.plan == fx.MediaPlan(volume_percent=visitor.plan.volume_percent)
    assert visitor.sees().ticket is not None
    assert not chimes(visitor.state)
    visitor.hears(VisitState.CONNECTING)
    assert (visitor.plan.visit_id, visitor.plan.generation, visitor.plan.microphone) == (VISIT, 1, True)
    assert not visitor.plan.camera
    assert screen_of(visitor) is Screen.CONNECTING


def test_a_call_to_which_somebody_came_is_not_taken_for_one_of_an_earlier_start() -> None:
    visitor = answered()
    assert visitor.hears(VisitState.CONNECTING) == ()
    assert visitor.state.visit.librarian.foreign is False


def test_the_touch_is_told_until_the_server_knows_also_after_a_lost_link() -> None:
    visitor = answered()
    assert kinds(visitor.waits(TELL_AGAIN_S)) == ["answer"]
    visitor.does(e.LinkLost())
    assert (screen_of(visitor), visitor.sees().notice) == (Screen.CALLING, Notice.CONNECTION_LOST)
    assert kinds(visitor.hears(VisitState.CALLING)) == ["answer"]


def test_how_long_the_librarian_still_waits_is_said_in_calm_steps() -> None:
    visitor = calling()

    def left() -> int | None:
        shown = visitor.sees().ticket
        return shown.calling_left_s if shown is not None else None

    assert left() == 60
    visitor.waits(9)
    assert left() == 60
    visitor.waits(1)
    assert left() == 50
    visitor.waits(55)
    assert left() == 0
    visitor.hears(VisitState.CALLING, calling_until=None)
    assert left() is None


def test_a_called_visit_without_a_number_shows_none() -> None:
    visitor = idle()
    visitor.hears(VisitState.CALLING)
    assert (screen_of(visitor), visitor.sees().ticket) == (Screen.CALLING, None)
    visitor.hears(None)
    assert visitor.sees().missed is None


def test_a_number_to_which_nobody_came_is_told_for_two_minutes() -> None:
    visitor = calling()
    called = visitor.state.wall
    visitor.waits(60)
    visitor.hears(None)
    screen = visitor.sees()
    assert (screen.screen, screen.notice) == (Screen.IDLE, Notice.NONE)
    assert screen.missed == MissedTicket(7, called.astimezone(STOCKHOLM))
    visitor.waits(MISSED_S - 1)
    assert visitor.sees().missed is not None
    visitor.waits(1)
    assert visitor.sees().missed is None


def test_whoever_comes_too_late_asks_again_with_one_touch() -> None:
    visitor = calling()
    visitor.hears(None)
    assert kinds(visitor.does(c.TapCall())) == ["open"]


def test_a_number_that_goes_back_into_the_line_was_not_missed() -> None:
    visitor = calling()
    visitor.hears(None, tickets=(7,))
    assert (screen_of(visitor), visitor.sees().missed, visitor.sees().tickets) == (Screen.IDLE, None, (7,))


def test_a_touch_that_came_a_moment_too_late_is_not_called_nobody() -> None:
    visitor = answered()
    visitor.hears(None)
    assert (screen_of(visitor), visitor.sees().missed, visitor.sees().notice) == (
        Screen.IDLE,
        None,
        Notice.TRY_AGAIN,
    )


def test_a_second_call_of_the_same_number_is_a_call_of_its_own() -> None:
    visitor = answered()
    visitor.hears(None, tickets=(7,))
    visitor.hears(VisitState.CALLING, id=VISIT, ticket=7, generation=2)
    shown = visitor.sees().ticket
    assert shown is not None
    assert not shown.answered


def test_a_number_that_is_called_while_somebody_taps_comes_first_and_stays() -> None:
    visitor = opening()
    visitor.hears(VisitState.CALLING, id=VisitId("old"), ticket=7, language=Language.NB)
    assert (screen_of(visitor), visitor.sees().language) == (Screen.CALLING, Language.NB)
    visitor.does(e.OpenRefused(ErrorCode.WRONG_STATE))
    assert screen_of(visitor) is Screen.CALLING


def test_a_tap_that_was_taken_back_does_not_take_a_called_number_with_it() -> None:
    visitor = opening()
    visitor.does(c.LeaveLine())
    assert visitor.hears(VisitState.CALLING, id=VisitId("old"), ticket=7) == ()
    assert screen_of(visitor) is Screen.CALLING


def test_a_number_that_is_called_takes_the_place_of_a_goodbye() -> None:
    visitor = goodbye()
    visitor.hears(VisitState.CALLING, id=VisitId("old"), ticket=7)
    assert screen_of(visitor) is Screen.CALLING


def test_a_number_that_is_called_while_another_is_shown_takes_its_place() -> None:
    visitor = ticket()
    visitor.hears(VisitState.CALLING, id=VisitId("old"), ticket=3)
    shown = visitor.sees().ticket
    assert (screen_of(visitor), shown and shown.number) == (Screen.CALLING, 3)


def test_a_kiosk_that_starts_while_a_number_is_called_calls_it() -> None:
    visitor = Visitor()
    visitor.hears(VisitState.CALLING, ticket=7, language=Language.EN)
    assert (screen_of(visitor), visitor.sees().language) == (Screen.CALLING, Language.EN)


@pytest.mark.parametrize("cause", [None, OutOfServiceCause.REFUSED])
def test_a_server_that_stays_away_ends_the_calling_here_and_the_ticket_nowhere(
    cause: OutOfServiceCause | None,
) -> None:
    visitor = calling()
    visitor.does(e.LinkLost() if cause is None else e.LinkRefused(cause))
    visitor.waits(AWAY_PATIENCE_S)
    assert screen_of(visitor) is Screen.OUT_OF_SERVICE
    assert visitor.state.ending is None
    assert visitor.hears(None, tickets=(7,)) == ()
    assert (screen_of(visitor), visitor.sees().missed) == (Screen.IDLE, None)


def test_nobody_can_leave_the_line_in_the_name_of_another() -> None:
    visitor = calling()
    assert visitor.does(c.LeaveLine(), c.EndCall(), c.Dismiss()) == ()
    assert screen_of(visitor) is Screen.CALLING
