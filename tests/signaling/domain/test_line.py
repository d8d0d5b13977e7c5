"""Order, places and the truth on the idle screen."""

from __future__ import annotations

from signaling.domain import commands as c
from signaling.domain.line import availability, availability_at, in_order, places
from signaling.protocol.vocabulary import Language, LibraryId, SeatId, ServiceId, VisitId
from tests.support.lines import LIBRARY, SERVICE, Line, service, tiered
from tests.support.lines import places as setup_of


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


def test_a_service_is_as_available_as_the_seats_of_its_teams() -> None:
    line = Line(tiered((("s1",), 0), (("s2",), 20), languages=frozenset({Language.SV, Language.EN})))
    line.seat("s1", "Anna", frozenset({Language.SV, Language.NB}))
    line.seat("s2", "Bo", frozenset({Language.NB}))
    line.seat("s3", "Eva")
    truth = availability(line.state, line.setup, SERVICE)
    assert (truth.answerable, truth.free, truth.names, truth.languages) == (1, 1, ("Anna",), (Language.SV,))
    assert availability(line.state, line.setup).answerable == 3


def test_a_service_of_which_nothing_is_kept_is_answered_by_everybody() -> None:
    line = Line()
    line.seat()
    assert availability(line.state, line.setup, ServiceId("new")).answerable == 1


def test_a_library_is_as_available_as_all_its_services_together() -> None:
    line = Line(setup_of(service("a", languages=frozenset({Language.SV})), service("b")))
    line.seat("s1", "Anna", frozenset({Language.SV}))
    line.seat("s2", "Bo", frozenset({Language.NB}))
    truth = availability_at(line.state, line.setup, LIBRARY)
    assert (truth.answerable, truth.names, truth.languages) == (2, ("Anna", "Bo"), (Language.SV, Language.NB))
    assert availability_at(line.state, line.setup, LibraryId("elsewhere")).answerable == 0


def test_places_are_counted_in_each_service_by_itself() -> None:
    line = Line(setup_of(service("a"), service("b", priority=1)))
    for number, service_id in enumerate("aba"):
        line.tap(f"v{number}", f"k{number}", service_id=service_id)
        line.later(1)
    assert order(line) == ["v1", "v0", "v2"]
    assert places(line.state) == {"v0": 1, "v1": 1, "v2": 2}
