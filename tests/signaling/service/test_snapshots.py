"""Deltas lead to what a fresh snapshot would show, and nobody whose view changed is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from pydantic import JsonValue

from signaling.domain import commands as c
from signaling.domain.decide import Decision
from signaling.domain.model import LineState
from signaling.protocol.deltas import View, applied
from signaling.protocol.messages import KEYED_FIELDS, Delta
from signaling.protocol.vocabulary import KioskId, SeatId
from signaling.service.changes import change_of
from signaling.service.kiosk_views import KioskLook, kiosk_view
from signaling.service.snapshots import Parts, as_json, difference
from signaling.service.staff_views import StaffLook, staff_view
from tests.support.histories import KIOSKS, SEATS, Histories
from tests.support.lines import LINE, Line
from tests.support.scenes import person, scene, setup_of_views

SEQUENCES = Path(__file__).parents[2] / "contract" / "golden" / "sequences"
KIOSKS_OWN = ("kiosk_id", "kiosk_name", "visit", "locked_until", "tickets")
SEATS_OWN = ("me", "seat", "offer", "visit", "close_out")


def over_the_wire(delta: Delta) -> Delta:
    return Delta.model_validate(json.loads(json.dumps(delta.model_dump(mode="json"))))


# --- snapshot + deltas = fresh snapshot -----------------------------------------------------------------------


def kiosk_sees(state: LineState, kiosk_id: str) -> View:
    return as_json(kiosk_view(scene(state), KioskId(kiosk_id)))


def seat_sees(state: LineState, seat_id: str) -> View:
    return as_json(staff_view(scene(state), person(seat_id), SeatId(seat_id)))


def part(view: View, keys: tuple[str, ...]) -> View:
    return {key: view[key] for key in keys}


def lights(view: View) -> JsonValue:
    """Which services a kiosk shows as green, and in which languages."""
    services = view["services"]
    assert isinstance(services, dict)
    green: dict[str, JsonValue] = {}
    for key, service in services.items():
        assert isinstance(service, dict)
        now_so = service["availability"]
        assert isinstance(now_so, dict)
        green[key] = [bool(now_so["answerable"]), now_so["open"], now_so["languages"]]
    return green


class WatchedLine(Line):
    """Says after each commit what it was before; the next command finds the rows in another order."""

    def __init__(self, changed: list[tuple[LineState, LineState]]) -> None:
        super().__init__(setup_of_views())
        self._changed = changed

    def do(self, command: c.Command) -> Decision:
        before = self.state
        decision = super().do(command)
        self.state = replace(self.state, visits=dict(reversed(list(self.state.visits.items()))))
        if decision.state != before:
            self._changed.append((before, self.state))
        return decision


class WatchedHistories(Histories):
    """Every kiosk and every seat keeps its view by what is announced to it, and by nothing else.

    What is its own is shown after each commit. What many share is shown when it is gathered, as chance will have it,
    and to kiosks at once when a light changes.
    """

    def new_line(self) -> Line:
        self.commits: list[tuple[LineState, LineState]] = []
        self.kiosks = {kiosk: kiosk_sees(LineState(), kiosk) for kiosk in KIOSKS}
        self.seats = {seat: seat_sees(LineState(), seat) for seat in SEATS}
        self.revision = 0
        self.kiosks_wait = self.seats_wait = False
        self.kiosk_parts, self.staff_parts = Parts(), Parts()
        self.kiosk_shared = KioskLook(scene(LineState()), self.kiosk_parts)
        self.staff_shared = StaffLook(scene(LineState()), self.staff_parts)
        return WatchedLine(self.commits)

    def follow(self, old: View, new: View) -> View:
        delta = difference(old, new, self.revision + 1)
        if delta is None:
            return old
        self.revision = delta.revision
        return applied(old, over_the_wire(delta))

    def announce(self) -> None:
        for before, after in self.commits:
            change = change_of(LINE, before, after, self.line.setup)
            now = scene(after)
            self.kiosks_wait |= change.all_kiosks
            self.seats_wait |= change.staff
            for kiosk in change.kiosks & self.kiosks.keys():
                view = self.kiosk_shared.view(KioskId(kiosk), own=KioskLook(now, self.kiosk_parts))
                self.kiosks[kiosk] = self.follow(self.kiosks[kiosk], view)
            for seat in change.seats & self.seats.keys():
                shown = self.staff_shared.view(person(seat), SeatId(seat), own=StaffLook(now, self.staff_parts))
                self.seats[seat] = self.follow(self.seats[seat], shown)
            if change.at_once:
                self.gather_kiosks(after)
        self.commits.clear()

    def gather_kiosks(self, state: LineState) -> None:
        if self.kiosks_wait:
            self.kiosk_shared = KioskLook(scene(state), self.kiosk_parts)
            for kiosk in KIOSKS:
                self.kiosks[kiosk] = self.follow(self.kiosks[kiosk], self.kiosk_shared.view(KioskId(kiosk)))
        self.kiosks_wait = False

    @rule()
    def what_is_shared_is_shown(self) -> None:
        self.announce()
        state = self.line.state
        self.gather_kiosks(state)
        if self.seats_wait:
            self.staff_shared = StaffLook(scene(state), self.staff_parts)
            for seat in SEATS:
                view = self.staff_shared.view(person(seat), SeatId(seat))
                self.seats[seat] = self.follow(self.seats[seat], view)
        self.seats_wait = False
        for kiosk in KIOSKS:
            assert self.kiosks[kiosk] == kiosk_sees(state, kiosk)
        for seat in SEATS:
            assert self.seats[seat] == seat_sees(state, seat)

    @invariant()
    def what_is_its_own_is_true_at_once_and_no_light_is_a_lie(self) -> None:
        self.announce()
        state = self.line.state
        for kiosk in KIOSKS:
            fresh = kiosk_sees(state, kiosk)
            assert part(self.kiosks[kiosk], KIOSKS_OWN) == part(fresh, KIOSKS_OWN)
            assert lights(self.kiosks[kiosk]) == lights(fresh)
        for seat in SEATS:
            assert part(self.seats[seat], SEATS_OWN) == part(seat_sees(state, seat), SEATS_OWN)

    def teardown(self) -> None:
        self.what_is_shared_is_shown()


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
            # These are what the server itself says during a visit; the others are what a receiver must bear.
            assert ours == delta or path.stem not in {"kiosk_visit", "kiosk_ticket", "staff_visit"}
        view = after
