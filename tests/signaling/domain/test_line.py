"""Order, places and the truth on the idle screen."""

from __future__ import annotations

from signaling.domain import commands as c
from signaling.domain.line import availability, in_order, places
from signaling.protocol.vocabulary import SeatId, VisitId
from tests.support.lines import Line


def order(line: Line) -> list[str]:
    return [visit.id for visit in in_order(line.state, line.setup)]


def test_the_line_is_first_come_first_served() -> None:
    line = Line()
    line.talk("busy", kiosk_id="k0")
    for number in (1, 2, 3):
        line.later(1)
        line.tap(f"v{number}", f"k{number}")
    assert order(line) == ["v1", "v2", "v3"]
    assert places(line.state) == {"v1": 1, "v2": 2, "v3": 3}


def test_a_visit_that_fell_from_its_seat_stands_first() -> None:
    line = Line()
    line.seat()
    line.tap("early", "k1")
    line.later(1)
    line.tap("late", "k2")
    line.do(c.CancelVisit(VisitId("early"), line.visit("early").kiosk_id))
    line.accept("late")
    line.later(1)
    line.tap("other", "k3")
    line.do(c.LeaveVisit(VisitId("late"), SeatId("s1")))
    assert order(line) == ["late", "other"]


def test_availability_counts_seats_and_names_those_who_wish() -> None:
    line = Line()
    line.seat("s1", "Bo")
    line.seat("s2", "Anna")
    line.seat("s3", "Hemlig")
    line.do(c.NameSeat(SeatId("s3"), named=False))
    line.tap()
    line.accept("v1", "s2")
    truth = availability(line.state, line.setup)
    assert (truth.answerable, truth.free, truth.names) == (3, 2, ("Anna", "Bo"))
