"""Random joins, losses and returns: whatever happens, these stay true."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import invariant

from signaling.domain.line import availability, in_order
from signaling.domain.model import DeadlineKind
from signaling.domain.presence import is_free
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import VisitId, VisitState
from tests.support.histories import Histories


class TrueLines(Histories):
    """What a line is, at every moment."""

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


TestHistories = TrueLines.TestCase
TestHistories.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
