"""Random histories of taps, tickets, rings, colleagues, losses and returns: whatever happens, these stay true."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis.stateful import invariant

from signaling.domain import commands as c
from signaling.domain.interruption import coming_back_until
from signaling.domain.line import availability, in_order, on_screen, takes_calls, waits_with_ticket
from signaling.domain.model import DeadlineKind, Visit
from signaling.domain.paths import End, Rings, ends_of, others
from signaling.domain.presence import is_answerable, is_free
from signaling.domain.reach import Reach
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import MAX_PREPARED, OfferKind, Party, SeatId, VisitId, VisitState
from tests.support.histories import Histories
from tests.support.lines import Line


def live_paths(visit: Visit, rings: Rings) -> dict[int, frozenset[End]]:
    """All paths of now, found by trying every number there has been."""
    found = {number: frozenset(ends_of(visit, number, rings)) for number in range(visit.generations + 2)}
    return {number: ends for number, ends in found.items() if ends}


class TrueLines(Histories):
    """What a line is, at every moment."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[VisitId, dict[int, frozenset[End]]] = {}

    def attempt(self, command: c.Command) -> None:
        """An accept makes the winner's path the call's, and ends all others."""
        before = self.line.state
        super().attempt(command)
        offer = before.offers.get(command.offer_id) if isinstance(command, c.AcceptOffer) else None
        if offer is None or self.line.state is before or offer.kind is OfferKind.JOIN:
            return
        assert isinstance(command, c.AcceptOffer)
        visit, was = self.line.visit(offer.visit_id), before.visits[offer.visit_id]
        number = offer.prepared.get(command.seat_id, was.generations + 1)
        assert visit.generation == (number if was.ticket is None else 0)
        assert live_paths(visit, self.line.state.offers).keys() == {visit.generation} - {0}

    @invariant()
    def every_visit_is_in_exactly_one_place(self) -> None:
        state = self.line.state
        standing = {visit.id for visit in in_order(state, self.line.setup)}
        sits_in = {seat.id: seat.visit_id for seat in state.seats.values() if seat.visit_id is not None}
        in_a_call: dict[SeatId, VisitId] = {}
        for visit in state.visits.values():
            states = [visit.state in IN_LINE, visit.state in IN_CALL, visit.state is VisitState.ENDED]
            assert states.count(True) == 1
            assert (visit.state in IN_LINE) == (visit.id in standing)
            if visit.state in IN_CALL:
                assert visit.seat_id is not None
                taking_part = {visit.seat_id} | ({visit.guest_seat_id} if visit.guest_seat_id else set())
                in_a_call |= dict.fromkeys(taking_part, visit.id)
            else:
                assert visit.guest_seat_id is None
        assert in_a_call == sits_in

    @invariant()
    def each_path_has_its_own_number_and_two_ends(self) -> None:
        for visit in self.line.state.visits.values():
            numbers = [n for n in (visit.generation, visit.guest_generation, visit.staff_generation) if n]
            assert len(numbers) == len(set(numbers))
            assert all(number <= visit.generations for number in numbers)
            assert (visit.guest_seat_id is None) == (visit.guest_generation == 0) == (visit.staff_generation == 0)
            if visit.state in IN_CALL:
                assert all(len(set(ends_of(visit, number, {}))) == 2 for number in numbers)

    @invariant()
    def a_number_is_of_one_path_and_never_comes_again(self) -> None:
        for visit in self.line.state.visits.values():
            before = self.paths.get(visit.id, {})
            now = live_paths(visit, self.line.state.offers)
            for number, ends in now.items():
                first = before.setdefault(number, ends)
                assert first == ends, "gone, or another's"
            for number in before.keys() - now.keys():
                before[number] = frozenset()
            self.paths[visit.id] = before

    @invariant()
    def the_first_seats_that_ring_have_a_path_and_nobody_else(self) -> None:
        offers = self.line.state.offers.values()
        for visit in self.line.state.visits.values():
            rings = [offer for offer in offers if offer.visit_id == visit.id]
            ready = [seat_id for ring in rings for seat_id in ring.prepared]
            rung = [seat_id for ring in rings if ring.kind is OfferKind.VISIT for seat_id in ring.seat_ids]
            assert all(ring.prepared.keys() <= ring.seat_ids for ring in rings)
            assert len(ready) == (0 if visit.ticket is not None else min(MAX_PREPARED, len(rung)))
            numbers = [number for ring in rings for number in ring.prepared.values()]
            assert len(set(numbers)) == len(numbers)
            assert all(0 < number <= visit.generations for number in numbers)

    @invariant()
    def what_is_said_on_a_path_goes_between_its_ends_alone(self) -> None:
        state = self.line.state
        everybody = [(Party.VISITOR, str(k)) for k in state.kiosks] + [(Party.STAFF, str(s)) for s in state.seats]
        for visit in state.visits.values():
            for number, ends in live_paths(visit, state.offers).items():
                for party, party_id in everybody:
                    reached = others(visit, party, party_id, number, state.offers)
                    assert set(reached) == (ends - {(party, party_id)} if (party, party_id) in ends else set())
            if visit.state in IN_LINE:
                assert not any(others(visit, *end, None, state.offers) for end in everybody)

    @invariant()
    def screens_count_down_to_what_will_happen(self) -> None:
        state = self.line.state
        for visit in state.visits.values():
            until = coming_back_until(state, visit)
            if until is None:
                continue
            assert visit.state in IN_CALL
            assert visit.talking_since is not None
            assert until >= self.line.now
            if until - self.line.now > timedelta(seconds=60):
                continue
            later = Line(self.line.setup, state, self.line.now)
            later.later((until - self.line.now).total_seconds())
            after = later.visit(visit.id)
            assert after.state in {*IN_LINE, VisitState.ENDED} or after.seat_id != visit.seat_id
            assert after.state not in IN_LINE or after.returned

    @invariant()
    def rings_fit_the_line(self) -> None:
        state = self.line.state
        rung = [seat for offer in state.offers.values() for seat in offer.seat_ids]
        assert len(rung) == len(set(rung)), "a seat rings for one visit at a time"
        asked = [offer.visit_id for offer in state.offers.values() if offer.kind is OfferKind.JOIN]
        assert len(asked) == len(set(asked))
        assert all(state.visits[visit_id].state in IN_CALL for visit_id in asked)
        assert {offer.visit_id for offer in state.offers.values() if offer.kind is OfferKind.VISIT} == {
            visit.id for visit in state.visits.values() if visit.state is VisitState.OFFERED
        }
        for offer in state.offers.values():
            assert offer.seat_ids
            assert offer.seat_ids <= state.seats.keys()
            assert not any(state.seats[seat_id].visit_id for seat_id in offer.seat_ids)

    @invariant()
    def nobody_waits_while_a_seat_that_may_answer_is_free(self) -> None:
        state, setup = self.line.state, self.line.setup
        reach = Reach(state, setup)
        rung = {seat for offer in state.offers.values() for seat in offer.seat_ids}
        idle = [seat for seat in state.seats.values() if is_free(seat) and seat.id not in rung]
        screens = on_screen(state.visits.values())
        for visit in in_order(state, setup):
            hidden = waits_with_ticket(visit) and visit.kiosk_id in screens
            if hidden or visit.preferred_seat_id is not None or not takes_calls(state.kiosks.get(visit.kiosk_id)):
                continue
            assert not [seat for seat in idle if seat.id not in visit.declined_by and reach.may_ring(seat, visit)]

    @invariant()
    def who_prefers_a_seat_rings_there(self) -> None:
        state = self.line.state
        for visit in state.visits.values():
            if visit.preferred_seat_id is not None and takes_calls(state.kiosks.get(visit.kiosk_id)):
                rung = {s for o in state.offers.values() if o.visit_id == visit.id for s in o.seat_ids}
                assert rung == {visit.preferred_seat_id}

    @invariant()
    def whoever_rings_or_talks_is_told_apart_from_the_free(self) -> None:
        state = self.line.state
        truth = availability(state, self.line.setup)
        busy = sum(seat.visit_id is not None or seat.wrap_up_until is not None for seat in state.seats.values())
        assert truth.free <= truth.answerable == sum(map(is_answerable, state.seats.values()))
        assert truth.answerable - truth.free <= busy

    @invariant()
    def no_kiosk_shows_two_visits(self) -> None:
        state = self.line.state
        shown = [v for v in state.visits.values() if v.state is not VisitState.ENDED and not waits_with_ticket(v)]
        assert len(shown) == len(on_screen(state.visits.values()))
        assert all(visit.kiosk_id in state.kiosks for visit in shown)

    @invariant()
    def no_two_tickets_have_one_number(self) -> None:
        everything = [*self.line.state.visits.values(), *self.line.settled.values()]
        numbers = [
            (visit.opened_at.date(), visit.ticket)
            for visit in everything
            if visit.ticket is not None and visit.state is not VisitState.ENDED
        ]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def whoever_nobody_can_answer_has_had_a_choice(self) -> None:
        state = self.line.state
        for visit in state.visits.values():
            if visit.state in IN_LINE and visit.ticket is None:
                assert visit.choices or (DeadlineKind.CHOICE, visit.id) in state.deadlines

    @invariant()
    def every_deadline_has_its_subject(self) -> None:
        state = self.line.state
        known = {*state.visits, *state.offers, *state.seats, *state.kiosks, *state.standings}
        waiting = {visit.id for visit in state.visits.values() if visit.state in IN_LINE}
        of_waiting = {
            DeadlineKind.DECLINE,
            DeadlineKind.TIER,
            DeadlineKind.PREFER,
            DeadlineKind.CHOICE,
            DeadlineKind.ESTIMATE,
            DeadlineKind.LONG_WAIT,
            DeadlineKind.TICKET,
        }
        for row in state.deadlines.values():
            assert row.subject_id in known, row
            assert row.kind not in of_waiting or row.subject_id in waiting, row

    @invariant()
    def nothing_waits_for_a_time_that_never_comes(self) -> None:
        state = self.line.state
        rows = state.deadlines.keys()
        visits, seats, kiosks = state.visits.values(), state.seats.values(), state.kiosks.values()
        assert {("offer", offer) for offer in state.offers} <= rows
        assert {("connect", v.id) for v in visits if v.state is VisitState.CONNECTING} <= rows
        assert {("callback", v.id) for v in visits if v.state is VisitState.CALLING} <= rows
        assert {("ticket", v.id) for v in visits if waits_with_ticket(v)} <= rows
        assert {("decline", v.id) for v in visits if v.declined_by} <= rows
        assert {("prefer", v.id) for v in visits if v.preferred_seat_id} <= rows
        assert {("seat_grace", seat.id) for seat in seats if not seat.connected} <= rows
        assert {("wrap_up", seat.id) for seat in seats if seat.wrap_up_until} <= rows
        assert {("pause", seat.id) for seat in seats if seat.pause_until} <= rows
        assert {("asked", seat.id) for seat in seats if seat.asked_until} <= rows
        assert {("sign", seat.id) for seat in seats if seat.on_duty and not seat.asked_until} <= rows
        assert {("lock", kiosk.id) for kiosk in kiosks if kiosk.locked_until} <= rows
        for kiosk in kiosks:
            assert kiosk.connected or ("kiosk_grace", kiosk.id) in rows or kiosk.locked_until
        for visit in visits:
            if visit.state is VisitState.ENDED:
                closed_out = visit.id in {seat.close_out_visit_id for seat in state.seats.values()}
                assert closed_out or ("settle", visit.id) in rows


TestHistories = TrueLines.TestCase
TestHistories.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
