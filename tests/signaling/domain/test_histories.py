"""Random joins, losses and returns: whatever happens, these stay true."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from signaling.domain import commands as c
from signaling.domain.errors import Refused
from signaling.domain.line import availability, in_order
from signaling.domain.model import DeadlineKind
from signaling.domain.presence import is_free
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import KioskId, Language, Party, SeatId, StaffId, VisitId, VisitState
from tests.support.lines import Line

KIOSKS = [f"k{n}" for n in range(3)]
SEATS = [f"s{n}" for n in range(3)]


class Histories(RuleBasedStateMachine):
    """Three kiosks, three seats, anything in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.taps = 0

    def attempt(self, command: c.Command) -> None:
        before = self.line.state
        try:
            self.line.do(command)
        except Refused:
            assert self.line.state is before

    @rule(kiosk=st.sampled_from(KIOSKS), present=st.booleans())
    def kiosk_comes_or_goes(self, kiosk: str, present: bool) -> None:
        if present:
            self.line.kiosk(kiosk)
        else:
            self.attempt(c.LoseKiosk(KioskId(kiosk)))

    @rule(seat=st.sampled_from(SEATS), what=st.sampled_from(["come", "go", "sign out", "off duty", "mute"]))
    def seat_changes(self, seat: str, what: str) -> None:
        match what:
            case "come":
                self.line.seat(seat)
            case "go":
                self.attempt(c.LoseSeat(SeatId(seat)))
            case "sign out":
                self.attempt(c.RemoveSeat(SeatId(seat)))
            case "off duty":
                self.attempt(c.SetDuty(SeatId(seat), on_duty=False))
            case _:
                self.attempt(c.ProveSeat(SeatId(seat), sound=False, microphone=True, camera=True))

    @rule(seat=st.sampled_from(SEATS))
    def page_reloads(self, seat: str) -> None:
        self.attempt(c.LoseSeat(SeatId(seat)))
        self.attempt(c.ConnectSeat(SeatId(seat), StaffId(f"staff-{seat}"), "Anna"))

    @rule(kiosk=st.sampled_from(KIOSKS))
    def tap(self, kiosk: str) -> None:
        self.taps += 1
        try:
            self.line.tap(f"v{self.taps}", kiosk)
        except Refused:
            return

    @rule(seat=st.sampled_from(SEATS), kiosk=st.sampled_from(KIOSKS))
    def talk(self, seat: str, kiosk: str) -> None:
        """Histories that begin with a conversation: chance alone seldom gets that far."""
        self.line.seat(seat)
        self.line.kiosk(kiosk)
        self.tap(kiosk)
        self.answer(seat, accepts=True)
        visit_id = self.line.the_seat(seat).visit_id
        if visit_id is not None:
            self.attempt(c.PathConnected(visit_id, self.line.visit(visit_id).generation, Party.STAFF, seat))

    @rule(seat=st.sampled_from(SEATS), accepts=st.booleans())
    def answer(self, seat: str, accepts: bool) -> None:
        for offer in list(self.line.state.offers.values()):
            if seat in offer.seat_ids:
                command = c.AcceptOffer if accepts else c.DeclineOffer
                self.attempt(command(offer.id, SeatId(seat)))

    @rule(
        data=st.data(),
        what=st.sampled_from(
            ["connected", "again", "hold", "resume", "leave", "cancel", "finish", "feedback", "close out", "speak"]
        ),
    )
    def visit_goes_on(self, data: st.DataObject, what: str) -> None:
        if not self.line.state.visits:
            return
        visit = self.line.state.visits[data.draw(st.sampled_from(sorted(self.line.state.visits)))]
        seat = visit.seat_id or SeatId("s0")
        commands: dict[str, c.Command] = {
            "connected": c.PathConnected(visit.id, visit.generation, Party.VISITOR, visit.kiosk_id),
            "again": c.PathDead(visit.id, visit.generation, Party.STAFF, seat),
            "hold": c.HoldVisit(visit.id, seat),
            "resume": c.ResumeVisit(visit.id, seat),
            "leave": c.LeaveVisit(visit.id, seat),
            "cancel": c.CancelVisit(visit.id, visit.kiosk_id),
            "finish": c.FinishVisit(visit.id, kiosk_id=visit.kiosk_id),
            "feedback": c.GiveFeedback(visit.id, visit.kiosk_id, 2),
            "close out": c.CloseOut(visit.id, seat, None, None),
            "speak": c.ChangeLanguage(visit.id, visit.kiosk_id, Language.EN),
        }
        self.attempt(commands[what])

    @rule()
    def server_starts_anew(self) -> None:
        rings = self.line.state.offers
        self.attempt(c.LoseEveryone())
        assert self.line.state.offers == rings

    @rule(seconds=st.sampled_from([1.0, 13.0, 31.0, 90.0]))
    def time_passes(self, seconds: float) -> None:
        self.line.later(seconds)

    @invariant()
    def every_visit_is_in_exactly_one_place(self) -> None:
        state = self.line.state
        standing = {visit.id for visit in in_order(state)}
        seated = [seat.visit_id for seat in state.seats.values() if seat.visit_id is not None]
        assert len(seated) == len(set(seated))
        for visit in state.visits.values():
            places = [visit.id in standing, visit.id in seated, visit.state is VisitState.ENDED]
            assert places.count(True) == 1
            assert (visit.state in IN_LINE) == (visit.id in standing)
            assert (visit.state in IN_CALL) == (visit.id in seated)
            if visit.state in IN_CALL:
                assert visit.seat_id is not None
                assert state.seats[visit.seat_id].visit_id == visit.id

    @invariant()
    def rings_fit_the_line(self) -> None:
        state = self.line.state
        rung = [seat for offer in state.offers.values() for seat in offer.seat_ids]
        assert len(rung) == len(set(rung)), "a seat rings for one visit at a time"
        assert {offer.visit_id for offer in state.offers.values()} == {
            visit.id for visit in state.visits.values() if visit.state is VisitState.OFFERED
        }
        for offer in state.offers.values():
            assert offer.seat_ids
            assert offer.seat_ids <= state.seats.keys()

    @invariant()
    def nobody_waits_while_a_seat_that_may_answer_is_free(self) -> None:
        state = self.line.state
        rung = {seat for offer in state.offers.values() for seat in offer.seat_ids}
        idle = {seat.id for seat in state.seats.values() if is_free(seat)} - rung
        for visit in in_order(state):
            if state.kiosks[visit.kiosk_id].connected:
                assert not idle - visit.declined_by

    @invariant()
    def whoever_rings_or_talks_is_told_apart_from_the_free(self) -> None:
        state = self.line.state
        truth = availability(state)
        busy = sum(seat.visit_id is not None or seat.wrap_up_until is not None for seat in state.seats.values())
        assert truth.free <= truth.answerable <= len(state.seats)
        assert truth.answerable - truth.free <= busy

    @invariant()
    def no_kiosk_has_two_visits(self) -> None:
        going_on = [v.kiosk_id for v in self.line.state.visits.values() if v.state is not VisitState.ENDED]
        assert len(going_on) == len(set(going_on))

    @invariant()
    def every_deadline_has_its_subject(self) -> None:
        state = self.line.state
        known = state.visits.keys() | state.offers.keys() | state.seats.keys() | state.kiosks.keys()
        assert {row.subject_id for row in state.deadlines.values()} <= known
        declined = {VisitId(row.subject_id) for row in state.deadlines.values() if row.kind is DeadlineKind.DECLINE}
        assert all(state.visits[visit_id].state in IN_LINE for visit_id in declined)

    @invariant()
    def nothing_waits_for_a_time_that_never_comes(self) -> None:
        rows = self.line.state.deadlines
        state = self.line.state
        assert {("offer", offer) for offer in state.offers} <= rows.keys()
        assert {("connect", v.id) for v in state.visits.values() if v.state is VisitState.CONNECTING} <= rows.keys()
        assert {("seat_grace", seat.id) for seat in state.seats.values() if not seat.connected} <= rows.keys()
        assert {("kiosk_grace", kiosk.id) for kiosk in state.kiosks.values() if not kiosk.connected} <= rows.keys()
        assert {("wrap_up", seat.id) for seat in state.seats.values() if seat.wrap_up_until} <= rows.keys()
        assert {("decline", v.id) for v in state.visits.values() if v.declined_by} <= rows.keys()
        for visit in state.visits.values():
            if visit.state is VisitState.ENDED:
                closed_out = visit.id in {seat.close_out_visit_id for seat in state.seats.values()}
                assert closed_out or ("settle", visit.id) in rows


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
