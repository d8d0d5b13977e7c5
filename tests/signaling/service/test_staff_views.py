"""What a console sees: its seat, its ring, the line that it could answer, its visit and who else is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.model import LineState
from signaling.domain.places import Setup
from signaling.protocol.messages import StaffView
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    NotePhrase,
    OffDutyCause,
    OfferKind,
    Outcome,
    PauseReason,
    Role,
    SeatId,
    ServiceId,
    Topic,
    VisitId,
)
from signaling.service.snapshots import Parts
from signaling.service.staff_views import StaffLook, staff_view
from tests.support.lines import BRANCH, SERVICE, START, Line
from tests.support.scenes import NEIGHBOUR, PERMITS, person, scene, setup_of_views

K1, S1, S2, S3, V1 = KioskId("k1"), SeatId("s1"), SeatId("s2"), SeatId("s3"), VisitId("v1")


@pytest.fixture
def line() -> Line:
    return Line(setup_of_views())


def seen_by(line: Line, seat_id: SeatId = S1) -> StaffView:
    return staff_view(scene(line.state), person(seat_id), seat_id)


def neighbour_sees(state: LineState, seat_id: SeatId) -> StaffView:
    return staff_view(scene(state), person(seat_id, NEIGHBOUR), seat_id)


def test_it_sees_the_ring_the_line_and_its_colleagues(line: Line) -> None:
    line.seat("s1", "Anna")
    line.seat("s2", "Bo", frozenset({Language.NB, Language.SV}))
    line.seat("s3", "Cia")
    line.do(c.SetDuty(S3, on_duty=False))
    line.tap()
    view = seen_by(line)
    assert view.offer is not None
    assert (view.offer.visit_id, view.offer.kiosk_name, view.offer.branch_name) == ("v1", "Entrance k1", "Burträsk")
    assert (view.offer.kind, view.offer.answers_for, view.offer.branch_notes) == (
        OfferKind.VISIT,
        "",
        "The key is at the school.",
    )
    assert set(view.colleagues) == {"s2"}
    assert view.colleagues["s2"].languages == (Language.SV, Language.NB)
    assert view.line["v1"].place == 1
    assert view.me.roles == (Role.LIBRARIAN, Role.SPECIALIST)
    assert view.seat.answerable


def test_it_sees_the_services_of_all_libraries_of_the_line_with_who_can_answer(line: Line) -> None:
    line.seat()
    services = seen_by(line).services
    assert set(services) == {SERVICE, PERMITS, "next-door"}
    assert services[PERMITS].availability.answerable == 1
    assert services["next-door"].availability.answerable == 0


# --- the own seat ---------------------------------------------------------------------------------------------


def test_a_pause_is_shown_with_its_reason_and_end(line: Line) -> None:
    line.seat("s1")
    line.seat("s2", "Bo")
    line.do(c.PauseSeat(S1, PauseReason.BREAK, 900))
    seat = seen_by(line).seat
    assert seat.pause is not None
    assert (seat.pause.reason, seat.pause.until) == (PauseReason.BREAK, START + timedelta(seconds=900))
    assert (seat.on_duty, seat.answerable) == (True, False)
    colleague = seen_by(line, S2).colleagues["s1"]
    assert (colleague.paused, colleague.answerable) == (True, False)


def test_a_ring_that_was_not_taken_explains_the_pause(line: Line) -> None:
    line.seat()
    line.tap()
    line.later(line.policy.ring_timeout_s)
    seat = seen_by(line).seat
    assert seat.pause is not None
    assert (seat.pause.reason, seat.pause.until) == (PauseReason.UNANSWERED, None)


def test_a_silent_seat_and_one_that_nobody_sits_in_say_so(line: Line) -> None:
    line.seat()
    line.do(c.SilenceSeat(S1))
    assert (seen_by(line).seat.silent, seen_by(line).seat.answerable) == (True, False)
    line.do(c.SignSeat(S1))
    assert not seen_by(line).seat.silent
    line.later(line.policy.sign_after_s)
    asked = seen_by(line).seat
    assert asked.asked_until == line.now + timedelta(seconds=line.policy.asked_s)
    line.later(line.policy.asked_s)
    gone = seen_by(line).seat
    assert (gone.on_duty, gone.off_duty_cause) == (False, OffDutyCause.NO_SIGN)


def test_a_seat_that_is_gone_shows_as_one_that_was_never_on_duty(line: Line) -> None:
    line.talk()
    line.do(c.RemoveSeat(S1))
    view = seen_by(line)
    assert (view.seat.on_duty, view.seat.answerable, view.visit) == (False, False, None)
    assert view.me.name == "Anna"


# --- the line -------------------------------------------------------------------------------------------------


def test_the_line_holds_what_the_own_library_and_the_own_teams_could_answer(line: Line) -> None:
    line.seat("s1")
    line.tap("v1", "k1", service_id=PERMITS)
    line.tap("v2", "k2", service_id=SERVICE)
    assert set(seen_by(line, S2).line) == {"v1", "v2"}, "of the library, in no team"
    assert set(neighbour_sees(line.state, S3).line) == {"v1"}, "of the neighbour, in the backup team"
    assert set(neighbour_sees(line.state, SeatId("s9")).line) == set(), "of the neighbour, in no team"


def test_an_entry_says_ticket_note_and_that_nobody_can_answer(line: Line) -> None:
    line.seat("s1", "Anna", frozenset({Language.SV}))
    number = line.ticket()
    line.do(c.NoteVisit(V1, S1, NotePhrase.FEW_MINUTES))
    entry = seen_by(line).line["v1"]
    assert (entry.ticket, entry.note, entry.nobody) == (number, NotePhrase.FEW_MINUTES, False)
    line.do(c.SetDuty(S1, on_duty=False))
    assert seen_by(line).line["v1"].nobody


def test_a_visit_of_places_that_nobody_knows_yet_is_shown_without_names(line: Line) -> None:
    line.talk()
    directory = line.setup.directory
    nothing_known = replace(directory, kiosks={}, services={}, branches={BranchId("other"): directory.branches[BRANCH]})
    view = staff_view(scene(line.state, Setup(nothing_known)), person("s2"), S2)
    assert (view.line["v1"].kiosk_name, view.line["v1"].branch_name) == ("", "")


# --- the call -------------------------------------------------------------------------------------------------


def test_a_call_comes_with_the_kiosks_key_and_the_branchs_notes(line: Line) -> None:
    line.talk()
    view = seen_by(line)
    assert view.visit is not None
    assert (view.visit.branch_notes, view.visit.kiosk_connected) == ("The key is at the school.", True)
    assert view.visit.kiosk_key == "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert (view.line["v1"].seat_id, view.line["v1"].seat_name) == ("s1", "Anna")
    line.do(c.LoseKiosk(K1))
    lost = seen_by(line).visit
    assert lost is not None
    assert not lost.kiosk_connected


def test_a_ring_comes_with_its_own_path_and_the_kiosks_key(line: Line) -> None:
    for seat_id in ("s1", "s2", "s3", "s4"):
        line.seat(seat_id)
        line.later(1)
    line.tap()
    rings = [seen_by(line, SeatId(seat_id)).offer for seat_id in ("s1", "s2", "s3", "s4")]
    assert [ring.generation for ring in rings if ring is not None] == [1, 2, 3, 0]
    assert [bool(ring.kiosk_key) for ring in rings if ring is not None] == [True, True, True, False]


def test_an_interrupted_conversation_says_until_when_it_comes_back(line: Line) -> None:
    line.talk()
    assert seen_by(line).visit.coming_back_until is None  # type: ignore[union-attr]
    line.do(c.LoseKiosk(K1))
    visit = seen_by(line).visit
    assert visit is not None
    assert visit.coming_back_until == START + timedelta(seconds=line.policy.kiosk_grace_s)
    line.join("s2")
    guest = seen_by(line, SeatId("s2")).visit
    assert guest is not None
    assert guest.coming_back_until == visit.coming_back_until


def test_a_ticket_that_is_called_back_shows_its_number_and_until_when(line: Line) -> None:
    line.call_back()
    visit = seen_by(line).visit
    assert visit is not None
    assert visit.ticket == 1
    assert visit.calling_until == START + timedelta(seconds=line.policy.callback_s)


def test_whoever_answers_for_a_neighbour_is_told_for_whom(line: Line) -> None:
    line.do(c.ConnectSeat(S3, person("s3").id, "Cia", NEIGHBOUR))
    line.do(c.SetDuty(S3, on_duty=True))
    line.prove("s3")
    line.tap(service_id=PERMITS)
    line.later(20)
    offer = neighbour_sees(line.state, S3).offer
    assert offer is not None
    assert (offer.answers_for, offer.branch_name, offer.branch_notes) == (
        "Norr",
        "Burträsk",
        "The key is at the school.",
    )
    line.accept("v1", "s3")
    visit = neighbour_sees(line.state, S3).visit
    assert visit is not None
    assert visit.answers_for == "Norr"


def test_a_ring_to_join_says_who_asks_and_the_one_who_asked_sees_whom(line: Line) -> None:
    line.talk()
    line.seat("s2", "Bo")
    line.do(c.InviteSeat(V1, S1, S2))
    offer = seen_by(line, S2).offer
    assert offer is not None
    assert (offer.kind, offer.asked_by) == (OfferKind.JOIN, "Anna")
    asking = seen_by(line).visit
    assert asking is not None
    assert (asking.asked, asking.other) == ("Bo", None)


def test_seat_and_colleague_each_see_their_own_path_and_the_one_between_them(line: Line) -> None:
    line.talk()
    line.join("s2")
    host, guest = seen_by(line).visit, seen_by(line, S2).visit
    assert host is not None
    assert host.other is not None
    assert guest is not None
    assert guest.other is not None
    assert (host.guest, host.generation, host.other.name, host.asked) == (False, 1, "Bo", "")
    assert (guest.guest, guest.generation, guest.other.name) == (True, 2, "Anna")
    assert host.other.generation == guest.other.generation == 3
    assert (host.other.offers, guest.other.offers) == (False, True), "exactly one of them"


# --- after the call -------------------------------------------------------------------------------------------


def test_a_finished_visit_waits_for_its_close_out(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    view = seen_by(line)
    assert view.visit is None
    assert view.close_out is not None
    assert (view.close_out.visit_id, view.close_out.branch_name, view.close_out.locked_until) == (
        "v1",
        "Burträsk",
        None,
    )
    assert view.line == {}
    line.do(c.CloseOut(V1, S1, Topic.OTHER, Outcome.SOLVED))
    assert seen_by(line).close_out is None


def test_who_flagged_a_visit_sees_how_long_the_kiosk_rests(line: Line) -> None:
    line.talk()
    line.do(c.FlagVisit(V1, S1))
    close_out = seen_by(line).close_out
    assert close_out is not None
    assert close_out.locked_until == START + timedelta(seconds=line.policy.lock_s)
    line.do(c.UnlockKiosk(V1, S1))
    unlocked = seen_by(line).close_out
    assert unlocked is None or unlocked.locked_until is None


# --- sharing --------------------------------------------------------------------------------------------------


def test_consoles_share_the_line_and_keep_entries_that_say_the_same(line: Line) -> None:
    parts = Parts()
    line.seat("s1")
    line.seat("s2", "Bo")
    line.tap("v1", "k1")
    look = StaffLook(scene(line.state), parts)
    one, other = look.view(person(), S1), look.view(person("s2"), S2)
    assert one["line"] is other["line"]
    line.tap("v2", "k2")
    after = StaffLook(scene(line.state), parts).view(person(), S1)
    assert isinstance(one["line"], dict)
    assert isinstance(after["line"], dict)
    assert after["line"].keys() == {"v1", "v2"}
    assert after["line"]["v1"] is one["line"]["v1"]
    assert ServiceId(str(after["line"]["v2"]["service_id"])) == SERVICE  # type: ignore[index,call-overload]
