"""Views: what each role sees, and that deltas lead to what a fresh snapshot would show."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from pydantic import JsonValue

from signaling.domain import commands as c
from signaling.domain.decide import Decision
from signaling.domain.model import LineState
from signaling.domain.places import Branch, Directory, Kiosk, Library, Service, Setup
from signaling.protocol.deltas import View, applied
from signaling.protocol.messages import KEYED_FIELDS, Delta
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    Outcome,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    Topic,
    VisitId,
    VisitState,
)
from signaling.service.hub import change_of
from signaling.service.ports import Staff
from signaling.service.snapshots import MAX_NAMES, Scene, as_json, difference, kiosk_view, staff_view
from tests.support.histories import KIOSKS, SEATS, Histories
from tests.support.lines import BRANCH, SERVICE, Line

SEQUENCES = Path(__file__).parents[2] / "contract" / "golden" / "sequences"
LIBRARY, LINE = LibraryId("norr"), LineId("norr")
K1, S1, V1 = KioskId("k1"), SeatId("s1"), VisitId("v1")

DIRECTORY = Directory(
    libraries={LIBRARY: Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm")},
    branches={BRANCH: Branch(BRANCH, LIBRARY, "Burträsk", "0914-1", "The key is at the school.")},
    services={
        SERVICE: Service(SERVICE, LIBRARY, {Language.SV: "Bibliotekshjälp"}),
        ServiceId("elsewhere"): Service(ServiceId("elsewhere"), LibraryId("soder"), {Language.SV: "Annat"}),
    },
    kiosks={KioskId(k): Kiosk(KioskId(k), BRANCH, f"Entrance {k}", bytes(32)) for k in KIOSKS},
)


def person(seat_id: str = "s1") -> Staff:
    roles = frozenset({Role.LIBRARIAN, Role.SPECIALIST})
    return Staff(StaffId(f"staff-{seat_id}"), LIBRARY, seat_id, "Anna", roles, "", must_change_password=False)


def scene(state: LineState) -> Scene:
    return Scene(LINE, Setup(DIRECTORY), state)


def kiosk_sees(state: LineState, kiosk_id: str) -> View:
    return as_json(kiosk_view(scene(state), KioskId(kiosk_id)))


def seat_sees(state: LineState, seat_id: str) -> View:
    return as_json(staff_view(scene(state), person(seat_id), SeatId(seat_id)))


def over_the_wire(delta: Delta) -> Delta:
    return Delta.model_validate(json.loads(json.dumps(delta.model_dump(mode="json"))))


# --- snapshot + deltas = fresh snapshot -----------------------------------------------------------------------


class WatchedLine(Line):
    """Says after each commit what it was before; the next command finds the rows in another order."""

    def __init__(self, changed: list[tuple[LineState, LineState]]) -> None:
        super().__init__()
        self._changed = changed

    def do(self, command: c.Command) -> Decision:
        before = self.state
        decision = super().do(command)
        self.state = replace(self.state, visits=dict(reversed(list(self.state.visits.items()))))
        if decision.state != before:
            self._changed.append((before, self.state))
        return decision


class WatchedHistories(Histories):
    """Every kiosk and every seat keeps its view by what is announced to it, and by nothing else."""

    def new_line(self) -> Line:
        self.commits: list[tuple[LineState, LineState]] = []
        self.kiosks = {kiosk: kiosk_sees(LineState(), kiosk) for kiosk in KIOSKS}
        self.seats = {seat: seat_sees(LineState(), seat) for seat in SEATS}
        self.revision = 0
        return WatchedLine(self.commits)

    def follow(self, old: View, new: View) -> View:
        delta = difference(old, new, self.revision + 1)
        if delta is None:
            return old
        self.revision = delta.revision
        return applied(old, over_the_wire(delta))

    def announce(self) -> None:
        for before, after in self.commits:
            change = change_of(LINE, before, after)
            for kiosk in KIOSKS:
                if change.all_kiosks or KioskId(kiosk) in change.kiosks:
                    self.kiosks[kiosk] = self.follow(self.kiosks[kiosk], kiosk_sees(after, kiosk))
            for seat in SEATS:
                if change.staff:
                    self.seats[seat] = self.follow(self.seats[seat], seat_sees(after, seat))
        self.commits.clear()

    @invariant()
    def every_view_is_what_a_fresh_snapshot_would_show(self) -> None:
        self.announce()
        state = self.line.state
        for kiosk in KIOSKS:
            assert self.kiosks[kiosk] == kiosk_sees(state, kiosk)
        for seat in SEATS:
            assert self.seats[seat] == seat_sees(state, seat)


TestViewsAfterRandomHistories = WatchedHistories.TestCase
TestViewsAfterRandomHistories.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)

_entries = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3).map(lambda n: {"n": n}), max_size=4)
_views = st.fixed_dictionaries({"me": st.integers(0, 2), "visit": st.none() | st.integers(0, 2), "line": _entries})


@given(before=_views, after=_views)
def test_any_two_views_are_one_delta_apart(before: dict[str, JsonValue], after: dict[str, JsonValue]) -> None:
    kept = json.dumps(before)
    delta = difference(before, after, 1)
    if delta is None:
        assert before == after
        return
    assert before != after
    assert applied(before, over_the_wire(delta)) == after
    assert json.dumps(before) == kept, "applying a delta leaves the old view as it is"
    assert not delta.set.keys() & KEYED_FIELDS, "keyed fields change entry by entry"


def test_one_changed_entry_travels_alone() -> None:
    before: View = {"line": {"a": {"n": 1}, "b": {"n": 1}, "c": {"n": 1}}, "me": 1}
    after: View = {"line": {"a": {"n": 1}, "b": {"n": 2}}, "me": 1}
    assert difference(before, after, 7) == Delta(revision=7, put={"line": {"b": {"n": 2}}}, drop={"line": ["c"]})


@pytest.mark.parametrize("path", sorted(SEQUENCES.glob("*.json")), ids=lambda path: path.stem)
def test_the_server_says_what_the_golden_sequences_say(path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    view: View = golden["view"]
    for raw in golden["deltas"]:
        delta = Delta.model_validate(raw)
        after = applied(view, delta)
        ours = difference(view, after, delta.revision)
        assert (ours is None) == (after == view)
        if ours is not None:
            assert applied(view, over_the_wire(ours)) == after
            # These two are what the server itself says during a visit; the others are what a receiver must bear.
            assert ours == delta or path.stem not in {"kiosk_visit", "staff_visit"}
        view = after


# --- what a kiosk sees ----------------------------------------------------------------------------------------


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_kiosk_sees_its_place_and_who_can_answer(line: Line) -> None:
    line.seat()
    line.tap("v0", "k0")
    line.later(1)
    line.tap("v1", "k1")
    view = kiosk_view(scene(line.state), K1)
    assert (view.branch_name, view.phone, view.library_name) == ("Burträsk", "0914-1", "Norr")
    assert view.visit is not None
    assert (view.visit.state, view.visit.place) == (VisitState.WAITING, 2)
    assert (view.availability.answerable, view.availability.free, view.availability.names) == (1, 1, ("Anna",))
    assert set(view.services) == {SERVICE}


def test_a_kiosk_sees_the_name_of_its_librarian_and_no_visit_after_the_end(line: Line) -> None:
    line.talk()
    view = kiosk_view(scene(line.state), K1)
    assert view.visit is not None
    assert (view.visit.librarian_name, view.visit.generation, view.visit.place) == ("Anna", 1, 0)
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    assert kiosk_view(scene(line.state), K1).visit is None


def test_a_crowd_of_names_is_cut_to_what_a_screen_takes(line: Line) -> None:
    for number in range(MAX_NAMES + 5):
        line.seat(f"s{number}", f"Name {number:02}")
    view = kiosk_view(scene(line.state), K1)
    assert len(view.availability.names) == MAX_NAMES
    assert view.availability.answerable == MAX_NAMES + 5


# --- what a seat sees -----------------------------------------------------------------------------------------


def test_a_seat_sees_the_ring_the_line_and_its_colleagues(line: Line) -> None:
    line.seat("s1", "Anna")
    line.seat("s2", "Bo")
    line.seat("s3", "Cia")
    line.do(c.SetDuty(SeatId("s3"), on_duty=False))
    line.tap()
    view = staff_view(scene(line.state), person(), S1)
    assert view.offer is not None
    assert (view.offer.visit_id, view.offer.kiosk_name, view.offer.branch_name) == ("v1", "Entrance k1", "Burträsk")
    assert set(view.colleagues) == {"s2"}
    assert view.line["v1"].place == 1
    assert view.me.roles == (Role.LIBRARIAN, Role.SPECIALIST)
    assert view.seat.answerable


def test_a_seat_in_a_call_sees_its_visit_with_the_kiosks_key_and_the_branchs_notes(line: Line) -> None:
    line.talk()
    view = staff_view(scene(line.state), person(), S1)
    assert view.visit is not None
    assert (view.visit.branch_notes, view.visit.kiosk_connected) == ("The key is at the school.", True)
    assert view.visit.kiosk_key == "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert (view.line["v1"].seat_id, view.line["v1"].seat_name) == ("s1", "Anna")
    line.do(c.LoseKiosk(K1))
    lost = staff_view(scene(line.state), person(), S1).visit
    assert lost is not None
    assert not lost.kiosk_connected


def test_a_finished_visit_waits_for_its_close_out(line: Line) -> None:
    line.talk()
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    view = staff_view(scene(line.state), person(), S1)
    assert view.visit is None
    assert view.close_out is not None
    assert (view.close_out.visit_id, view.close_out.branch_name) == ("v1", "Burträsk")
    assert view.line == {}
    line.do(c.CloseOut(V1, S1, Topic.OTHER, Outcome.SOLVED))
    assert staff_view(scene(line.state), person(), S1).close_out is None


def test_a_seat_that_is_gone_shows_as_one_that_was_never_on_duty(line: Line) -> None:
    line.talk()
    line.do(c.RemoveSeat(S1))
    view = staff_view(scene(line.state), person(), S1)
    assert (view.seat.on_duty, view.seat.answerable, view.visit) == (False, False, None)
    assert view.me.name == "Anna"


def test_a_visit_from_a_place_that_the_directory_does_not_know_yet_is_shown_without_names(line: Line) -> None:
    line.talk()
    nothing_known = replace(DIRECTORY, kiosks={}, branches={BranchId("other"): DIRECTORY.branches[BRANCH]})
    view = staff_view(Scene(LINE, Setup(nothing_known), line.state), person("s2"), SeatId("s2"))
    assert (view.line["v1"].kiosk_name, view.line["v1"].branch_name) == ("", "")
