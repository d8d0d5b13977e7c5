"""Thousands of random histories through the real hub. After each commit: green means answered, nothing is lost.

Taps, cancels, tickets, answers, refusals, colleagues, pauses, silence, deaths, reconnects, restarts of the server,
changes of the places, and time, in any order.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from signaling.domain.line import availability, in_order, waits_with_ticket
from signaling.domain.model import LineState
from signaling.domain.presence import is_free
from signaling.domain.reach import Reach
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import (
    OfferKind,
    OfferState,
    VisitId,
    VisitState,
)
from tests.support.answering import SERVICES, answers
from tests.support.answering_histories import SERVICE_IDS, AnsweringHistories
from tests.support.thorough import times

HISTORIES = times(2000, quick=400)
STEPS = 14
#: Over all histories of a run: how many there were, and what they were made of.
seen: Counter[str] = Counter()


class BeingAnswered(AnsweringHistories):
    """What is true after each commit, whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[tuple[VisitId, int], frozenset[str]] = {}
        self.numbered: dict[VisitId, tuple[str, str, int]] = {}
        self.world.watch = self.look
        seen["histories"] += 1

    def teardown(self) -> None:
        seen["commits"] += self.world.commits
        seen["visits"] += len(self.world.opened)
        seen["restarts"] += self.restarts

    # --- what is true after each commit -------------------------------------------------------------------

    def look(self, before: LineState, after: LineState) -> None:
        """Everything that must be so, with one look at the line before and after one commit."""
        self.every_visit_is_in_exactly_one_place(after)
        self.no_seat_is_in_two_visits(after)
        self.no_kiosk_shows_two_visits(after)
        self.order_holds(before, after)
        self.rings_are_where_somebody_can_take_them(before, after)
        self.nobody_waits_beside_a_free_seat(after)
        self.no_kiosk_is_green_without_an_answerable_seat(after)
        self.no_tap_ends_in_nothing(after)
        self.no_estimate_grows_without_a_reason(before, after)
        self.deadlines_point_at_the_living(after)
        self.no_generation_means_two_paths(before, after)
        self.no_ticket_number_is_given_twice(after)

    def every_visit_is_in_exactly_one_place(self, line: LineState) -> None:
        standing = [visit.id for visit in in_order(line, self.world.setup)]
        assert len(standing) == len(set(standing))
        for visit in line.visits.values():
            seated = [seat.id for seat in line.seats.values() if seat.visit_id == visit.id]
            assert (visit.id in standing) == (visit.state in IN_LINE)
            assert bool(seated) == (visit.state in IN_CALL)
            if visit.state in IN_CALL:
                assert visit.seat_id in seated
                assert set(seated) == {visit.seat_id, visit.guest_seat_id} - {None}
            if visit.state is VisitState.ENDED:
                assert visit.end_reason is not None
                assert visit.ended_at is not None
                closing_out = [seat.id for seat in line.seats.values() if seat.close_out_visit_id == visit.id]
                assert closing_out or ("settle", visit.id) in line.deadlines, "somebody still has a word to say"

    def no_seat_is_in_two_visits(self, line: LineState) -> None:
        people = [v.seat_id for v in line.visits.values() if v.state in IN_CALL]
        people += [v.guest_seat_id for v in line.visits.values() if v.guest_seat_id is not None]
        assert len(people) == len(set(people))
        for seat in line.seats.values():
            if seat.visit_id is not None:
                assert seat.id in people
                assert seat.wrap_up_until is None

    def no_kiosk_shows_two_visits(self, line: LineState) -> None:
        on_screen = [
            v.kiosk_id for v in line.visits.values() if v.state is not VisitState.ENDED and not waits_with_ticket(v)
        ]
        assert len(on_screen) == len(set(on_screen))

    def order_holds(self, before: LineState, after: LineState) -> None:
        line = in_order(after, self.world.setup)
        priority = {service.id: service.priority for service in SERVICES}
        for first, second in pairwise(line):
            ranks = (
                (-priority[first.service_id], not first.returned),
                (-priority[second.service_id], not second.returned),
            )
            assert ranks[0] <= ranks[1]
            assert ranks[0] < ranks[1] or first.opened_at <= second.opened_at
        stayed = {
            v.id
            for v in line
            if v.id in before.visits
            and before.visits[v.id].state in IN_LINE
            and before.visits[v.id].returned == v.returned
        }
        earlier = [v.id for v in in_order(before, self.world.setup) if v.id in stayed]
        assert earlier == [v.id for v in line if v.id in stayed], "nobody overtakes who waits"
        for visit in after.visits.values():
            opened = self.world.opened.get(visit.id)
            assert opened is None or visit.opened_at == opened.opened_at, "it keeps its clock"
            was = before.visits.get(visit.id)
            if was is not None and was.state in IN_CALL and visit.state in IN_LINE:
                assert visit.returned, "who fell from a seat goes to the front"
                seen["falls"] += 1

    def rings_are_where_somebody_can_take_them(self, before: LineState, after: LineState) -> None:
        heard = [seat_id for offer in after.offers.values() for seat_id in offer.seat_ids]
        assert len(heard) == len(set(heard)), "a seat rings for one visit at a time"
        reach = Reach(after, self.world.setup)
        for offer in after.offers.values():
            assert offer.seat_ids
            assert offer.state is OfferState.OPEN
            visit = after.visits[offer.visit_id]
            assert (visit.state is VisitState.OFFERED) == (offer.kind is OfferKind.VISIT)
            for seat_id in offer.seat_ids:
                seat = after.seats[seat_id]
                assert seat.on_duty
                assert seat.visit_id is None
                if offer.id in before.offers:
                    continue
                seen["rings"] += 1
                assert is_free(seat)
                if offer.kind is OfferKind.VISIT:
                    assert after.kiosks[visit.kiosk_id].connected
                    assert seat_id not in visit.declined_by
                    assert reach.may_ring(seat, visit) or visit.preferred_seat_id == seat_id
                    assert answers(seat, self.world.setup.directory.services[visit.service_id])
                    assert visit.language in seat.languages
        ringing = {o.visit_id for o in after.offers.values() if o.kind is OfferKind.VISIT}
        assert ringing == {v.id for v in after.visits.values() if v.state is VisitState.OFFERED}

    def nobody_waits_beside_a_free_seat(self, line: LineState) -> None:
        rung = {seat_id for offer in line.offers.values() for seat_id in offer.seat_ids}
        idle = [seat for seat in line.seats.values() if is_free(seat) and seat.id not in rung]
        reach = Reach(line, self.world.setup)
        shown = {v.kiosk_id for v in line.visits.values() if v.state is not VisitState.ENDED and v.ticket is None}
        shown |= {v.kiosk_id for v in line.visits.values() if v.state in IN_CALL}
        for visit in line.visits.values():
            kiosk = line.kiosks.get(visit.kiosk_id)
            if visit.state is not VisitState.WAITING or kiosk is None or not kiosk.connected:
                continue
            if kiosk.locked_until is not None or (visit.ticket is not None and visit.kiosk_id in shown):
                continue
            could = [seat.id for seat in idle if reach.may_ring(seat, visit) and seat.id not in visit.declined_by]
            assert not could or visit.preferred_seat_id is not None

    def no_kiosk_is_green_without_an_answerable_seat(self, line: LineState) -> None:
        truth = self.world.truth()
        for service_id in SERVICE_IDS:
            green = availability(line, self.world.setup, service_id).answerable > 0
            assert green == truth[service_id]
            assert self.world.green[service_id] == truth[service_id], "idle screens are told of each change"

    def no_tap_ends_in_nothing(self, line: LineState) -> None:
        for visit in line.visits.values():
            if visit.state in IN_LINE:
                way_out = "ticket" if visit.ticket is not None else "choice"
                assert visit.choices or (way_out, visit.id) in line.deadlines
            elif visit.state is VisitState.CALLING:
                assert ("callback", visit.id) in line.deadlines
            elif visit.state is VisitState.CONNECTING:
                assert ("connect", visit.id) in line.deadlines
        assert all(("offer", offer_id) in line.deadlines for offer_id in line.offers)
        assert all(seat.connected or ("seat_grace", seat.id) in line.deadlines for seat in line.seats.values())

    def no_estimate_grows_without_a_reason(self, before: LineState, after: LineState) -> None:
        for visit in after.visits.values():
            was = before.visits.get(visit.id)
            if was is None or was.state not in IN_LINE or visit.state not in IN_LINE:
                continue
            if was.expected_by is not None and visit.expected_by is not None and visit.expected_by > was.expected_by:
                assert visit.estimate_reason is not None
                seen["later estimates"] += 1

    def deadlines_point_at_the_living(self, line: LineState) -> None:
        living: set[str] = {*line.visits, *line.offers, *line.seats, *line.kiosks, *line.standings}
        for (kind, subject_id), row in line.deadlines.items():
            assert (row.kind, row.subject_id) == (kind, subject_id)
            assert subject_id in living, f"{kind} of {subject_id}"

    def no_generation_means_two_paths(self, before: LineState, after: LineState) -> None:
        for visit in after.visits.values():
            was = before.visits.get(visit.id)
            assert was is None or was.generations <= visit.generations
            if visit.state not in IN_CALL:
                continue
            ends = {
                visit.generation: (visit.kiosk_id, visit.seat_id),
                visit.guest_generation: (visit.kiosk_id, visit.guest_seat_id),
                visit.staff_generation: (visit.seat_id, visit.guest_seat_id),
            }
            for generation, pair in ends.items():
                if generation:
                    assert generation <= visit.generations
                    path = frozenset(str(end) for end in pair)
                    assert self.paths.setdefault((visit.id, generation), path) == path

    def no_ticket_number_is_given_twice(self, line: LineState) -> None:
        today = self.world.now.astimezone(ZoneInfo("Europe/Stockholm")).date().isoformat()
        for visit in line.visits.values():
            if visit.ticket is not None and visit.id not in self.numbered:
                number = (visit.branch_id, today, visit.ticket)
                assert number not in self.numbered.values()
                self.numbered[visit.id] = number
                seen["tickets"] += 1

    # --- what is true after each step ---------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        for visit_id in self.world.opened:
            visit = self.world.stored(visit_id)
            assert visit is not None
            if visit_id not in self.world.line.visits:
                assert visit.state is VisitState.ENDED
                assert visit.end_reason is not None

    @invariant()
    def nothing_is_overdue(self) -> None:
        assert all(row.due_at >= self.world.now for row in self.world.line.deadlines.values())


@pytest.mark.timeout(1200)  # 50 s of a core of one's own; a busy machine may take its time
def test_whatever_happens_green_means_answered_and_nothing_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    seen.clear()
    run_state_machine_as_test(
        BeingAnswered,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        sys.stdout.write("\n  " + ", ".join(f"{count} {name}" for name, count in seen.items()) + "\n")
    assert seen["histories"] >= HISTORIES
    rarest = min(seen[name] for name in ("restarts", "falls", "tickets", "later estimates"))
    assert rarest > HISTORIES // 20, "it gets everywhere"
