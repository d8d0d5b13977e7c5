"""Who is told what, once, and when: single kiosks, branches, the network, quiet hours, what is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.domain.alerts import (
    AMBER_PATIENCE,
    AT_ONCE,
    AWAY_PATIENCE,
    MENDED_AFTER,
    RED_PATIENCE,
    SHARED_PATIENCE,
    Alert,
    Decision,
    Patience,
    Watched,
    decide,
    is_quiet,
    told,
)
from signaling.domain.health import Finding, Verdict
from signaling.protocol.health import AWAY_AFTER_S, AlertScope, HealthCode, Light, in_order, light_of
from signaling.protocol.vocabulary import BranchId, KioskId, LibraryId

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NORR = LibraryId("norr")
C = HealthCode
KIOSK, BRANCH, NETWORK = AlertScope.KIOSK, AlertScope.BRANCH, AlertScope.NETWORK
#: a1 and a2 stand in one branch, and so on; the last branch has one kiosk.
PLACES = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c1": "c"}
#: What was told: found (+) or mended (-), how much, which kiosks, what.
Word = tuple[str, AlertScope, str, HealthCode]


@dataclass
class World:
    """Kiosks whose findings a test sets, and what people were told."""

    places: Mapping[str, str] = field(default_factory=lambda: dict(PLACES))
    now: datetime = START
    quiet: bool = False
    wrong: dict[str, dict[HealthCode, datetime]] = field(default_factory=dict)
    rows: dict[str, Alert] = field(default_factory=dict)
    grey: set[str] = field(default_factory=set)
    said: list[Word] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)
    _ids: Callable[[], str] = field(default_factory=lambda: numbered(count(1)))

    def breaks(self, code: HealthCode, *kiosks: str) -> None:
        for kiosk in kiosks:
            self.wrong.setdefault(kiosk, {}).setdefault(code, self.now)

    def mends(self, code: HealthCode, *kiosks: str) -> None:
        for kiosk in kiosks:
            self.wrong.get(kiosk, {}).pop(code, None)

    def look(self) -> list[Word]:
        """One look; what it made people hear."""
        decision = self.decide()
        for alert in decision.put:
            self.rows[alert.id] = alert
        words = [("+", alert) for alert in decision.found] + [("-", alert) for alert in decision.mended]
        for _, alert in words:
            assert self.rows[alert.id] == alert
            self.rows[alert.id] = told(alert, self.now)
        heard = [(sign, alert.scope, " ".join(alert.kiosk_ids), alert.code) for sign, alert in words]
        self.said += heard
        return heard

    def after(self, time: timedelta) -> list[Word]:
        """What people hear when they look again after this time."""
        self.now += time
        return self.look()

    def decide(self) -> Decision:
        open_ones = [alert for alert in self.rows.values() if not alert.is_over]
        return decide(
            NORR,
            open_ones,
            self.watched(),
            quiet=self.quiet,
            now=self.now,
            new_id=self._ids,
            patience=self.patience,
        )

    def watched(self) -> Iterable[Watched]:
        for kiosk, branch in self.places.items():
            if kiosk in self.grey:
                verdict = Verdict(Light.GREY, None, (Finding(C.NEVER_SEEN, self.now),))
            else:
                # As the judge says it: who is lost is missed after a while.
                found = {
                    code: since
                    for code, since in self.wrong.get(kiosk, {}).items()
                    if code is not C.AWAY or self.now - since >= timedelta(seconds=AWAY_AFTER_S)
                }
                findings = tuple(Finding(code, found[code]) for code in in_order(found))
                verdict = Verdict(light_of(found), self.now, findings)
            yield Watched(KioskId(kiosk), BranchId(branch), verdict)

    def alive(self) -> list[Alert]:
        return [alert for alert in self.rows.values() if not alert.is_over]


def numbered(numbers: Iterable[int]) -> Callable[[], str]:
    found = iter(numbers)
    return lambda: f"alert-{next(found)}"


SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


# --- one kiosk ----------------------------------------------------------------------------------------------------


def test_a_kiosk_that_stays_away_is_told_once_and_once_again_when_it_is_back() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    assert world.after(AWAY_PATIENCE - SECOND) == []
    assert world.after(SECOND) == [("+", KIOSK, "a1", C.AWAY)]
    assert world.after(DAY) == []
    world.mends(C.AWAY, "a1")
    assert world.look() == []
    assert world.after(MENDED_AFTER - SECOND) == []
    assert world.after(SECOND) == [("-", KIOSK, "a1", C.AWAY)]
    assert world.after(DAY) == []
    assert world.alive() == []


def test_a_restart_alarms_nobody() -> None:
    world = World()
    world.breaks(C.AWAY, *PLACES)
    assert world.after(AWAY_PATIENCE - SECOND) == []
    world.mends(C.AWAY, *PLACES)
    assert world.after(DAY) == []
    assert world.rows == {}


def test_the_row_says_what_was_found_where_and_since_when() -> None:
    world = World()
    world.breaks(C.MICROPHONE_DEAF, "b1")
    world.after(RED_PATIENCE)
    assert world.rows == {
        "alert-1": Alert(
            "alert-1",
            NORR,
            KIOSK,
            BranchId("b"),
            (KioskId("b1"),),
            C.MICROPHONE_DEAF,
            START,
            told_at=START + RED_PATIENCE,
        )
    }


def test_what_goes_away_for_a_moment_only_is_still_the_same_alert() -> None:
    world = World()
    world.breaks(C.MICROPHONE_DEAF, "b1")
    world.after(RED_PATIENCE)
    world.mends(C.MICROPHONE_DEAF, "b1")
    assert world.after(SECOND) == []
    world.breaks(C.MICROPHONE_DEAF, "b1")
    assert world.after(DAY) == []
    assert [alert.mended_at for alert in world.alive()] == [None]


@pytest.mark.parametrize(
    ("code", "patience"),
    [(C.LOUDSPEAKER_SILENT, RED_PATIENCE), (C.RELAY_UNREACHED, SHARED_PATIENCE), (C.CAMERA_COVERED, AMBER_PATIENCE)],
)
def test_what_is_red_is_told_soon_and_what_only_wants_a_look_later(code: HealthCode, patience: timedelta) -> None:
    world = World()
    world.breaks(code, "a1")
    assert world.after(patience - SECOND) == []
    assert world.after(SECOND) == [("+", KIOSK, "a1", code)]


def test_a_library_may_be_more_or_less_patient() -> None:
    patience = Patience(away=SECOND, red=2 * SECOND, shared=3 * SECOND, amber=4 * SECOND, mended=5 * SECOND)
    codes = (C.AWAY, C.LOUDSPEAKER_SILENT, C.RELAY_UNREACHED, C.CAMERA_COVERED)
    assert [patience.with_code(code) / SECOND for code in codes] == [1, 2, 3, 4]
    world = World(patience=patience)
    world.breaks(C.LOUDSPEAKER_SILENT, "a1")
    assert world.after(SECOND) == []
    assert world.after(SECOND) == [("+", KIOSK, "a1", C.LOUDSPEAKER_SILENT)]
    world.mends(C.LOUDSPEAKER_SILENT, "a1")
    assert world.look() == []
    assert world.after(4 * SECOND) == []
    assert world.after(SECOND) == [("-", KIOSK, "a1", C.LOUDSPEAKER_SILENT)]


def test_two_things_wrong_with_one_kiosk_are_two_alerts() -> None:
    world = World()
    world.breaks(C.MICROPHONE_DEAF, "a1")
    world.breaks(C.LOUDSPEAKER_SILENT, "a1")
    assert world.after(RED_PATIENCE) == [
        ("+", KIOSK, "a1", C.LOUDSPEAKER_SILENT),
        ("+", KIOSK, "a1", C.MICROPHONE_DEAF),
    ]
    world.mends(C.MICROPHONE_DEAF, "a1")
    world.look()
    assert world.after(MENDED_AFTER) == [("-", KIOSK, "a1", C.MICROPHONE_DEAF)]


@pytest.mark.parametrize("unheard", [C.AWAY, C.SILENT])
def test_what_a_kiosk_told_before_it_fell_silent_is_no_news(unheard: HealthCode) -> None:
    world = World()
    world.breaks(C.TOO_HOT, "a1")
    world.breaks(unheard, "a1")
    assert world.after(DAY) == [("+", KIOSK, "a1", unheard)]


def test_what_was_told_of_a_kiosk_that_goes_away_is_not_mended_by_that() -> None:
    world = World()
    world.breaks(C.MICROPHONE_DEAF, "a1")
    world.after(RED_PATIENCE)
    world.breaks(C.AWAY, "a1")
    assert world.after(AWAY_PATIENCE) == [("+", KIOSK, "a1", C.AWAY)]
    assert {alert.code for alert in world.alive()} == {C.MICROPHONE_DEAF, C.AWAY}


def test_a_call_that_fails_for_want_of_the_relay_is_no_cause_of_its_own() -> None:
    world = World()
    world.breaks(C.RELAY_REFUSED, "a1")
    world.breaks(C.CALL_FAILED, "a1")
    assert world.after(DAY) == [("+", KIOSK, "a1", C.RELAY_REFUSED)]


def test_a_kiosk_that_was_never_seen_alarms_nobody() -> None:
    world = World(grey={"a1"})
    assert world.after(DAY) == []
    assert world.rows == {}


def test_a_kiosk_that_is_taken_out_of_use_takes_its_alerts_with_it() -> None:
    world = World()
    world.breaks(C.AWAY, "c1")
    world.after(AWAY_PATIENCE)
    world.places = {kiosk: branch for kiosk, branch in PLACES.items() if kiosk != "c1"}
    assert world.after(DAY) == []
    assert world.alive() == []
    assert [alert.mended_told_at for alert in world.rows.values()] == [world.now]


def test_a_kiosk_that_is_taken_out_of_use_before_anybody_was_told_is_told_to_nobody() -> None:
    world = World(quiet=True)
    world.breaks(C.AWAY, "c1")
    world.after(AWAY_PATIENCE)
    world.places = {"a1": "a"}
    world.quiet = False
    assert world.after(DAY) == []
    assert [alert.told_at for alert in world.rows.values()] == [None]


# --- branches and the network -------------------------------------------------------------------------------------


def test_a_whole_branch_away_is_one_alert() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    world.now += 5 * SECOND
    world.breaks(C.AWAY, "a2")
    assert world.after(AWAY_PATIENCE) == [("+", BRANCH, "a1 a2", C.AWAY)]
    assert world.alive()[0].found_at == START
    assert world.alive()[0].branch_id == "a"


def test_the_only_kiosk_of_a_branch_is_a_kiosk() -> None:
    world = World()
    world.breaks(C.AWAY, "c1")
    assert world.after(AWAY_PATIENCE) == [("+", KIOSK, "c1", C.AWAY)]


def test_a_kiosk_that_was_never_seen_keeps_no_branch_from_being_whole() -> None:
    world = World({**PLACES, "a3": "a"}, grey={"a3"})
    world.breaks(C.AWAY, "a1", "a2")
    assert world.after(AWAY_PATIENCE) == [("+", BRANCH, "a1 a2", C.AWAY)]


def test_the_second_kiosk_of_a_branch_makes_it_the_branch_and_the_first_alert_gives_way() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    world.after(AWAY_PATIENCE)
    world.breaks(C.AWAY, "a2")
    assert world.after(AWAY_PATIENCE) == [("+", BRANCH, "a1 a2", C.AWAY)]
    world.mends(C.AWAY, "a1", "a2")
    world.look()
    assert world.after(MENDED_AFTER) == [("-", BRANCH, "a1 a2", C.AWAY)]


def test_a_branch_whose_kiosks_went_at_different_times_is_no_branch() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    world.after(AT_ONCE + SECOND)
    world.breaks(C.AWAY, "a2")
    assert world.after(AWAY_PATIENCE) == [("+", KIOSK, "a2", C.AWAY)]


def test_when_one_of_a_branch_is_back_the_branch_is_mended_and_the_other_is_told_alone() -> None:
    world = World()
    world.breaks(C.AWAY, "a1", "a2")
    world.after(AWAY_PATIENCE)
    world.mends(C.AWAY, "a1")
    world.look()
    assert world.after(MENDED_AFTER) == [("-", BRANCH, "a1 a2", C.AWAY)]
    assert world.look() == [("+", KIOSK, "a2", C.AWAY)]


def test_most_kiosks_of_several_branches_away_at_once_are_one_alert() -> None:
    world = World()
    world.breaks(C.AWAY, "a1", "a2", "b1")
    assert world.after(AWAY_PATIENCE) == [("+", NETWORK, "a1 a2 b1", C.AWAY)]
    assert world.alive()[0].branch_id is None


def test_fewer_than_most_are_told_by_branch() -> None:
    world = World({**PLACES, "c2": "c"})
    world.breaks(C.AWAY, "a1", "a2", "b1")
    assert world.after(AWAY_PATIENCE) == [("+", BRANCH, "a1 a2", C.AWAY), ("+", KIOSK, "b1", C.AWAY)]


def test_all_kiosks_of_the_only_branch_are_a_branch() -> None:
    world = World({"a1": "a", "a2": "a", "a3": "a"})
    world.breaks(C.AWAY, "a1", "a2", "a3")
    assert world.after(AWAY_PATIENCE) == [("+", BRANCH, "a1 a2 a3", C.AWAY)]


def test_who_was_away_long_before_says_nothing_about_the_network() -> None:
    world = World()
    world.breaks(C.AWAY, "a1", "b1")
    world.after(AWAY_PATIENCE)
    world.after(AT_ONCE + SECOND)
    world.breaks(C.AWAY, "c1")
    assert world.after(AWAY_PATIENCE) == [("+", KIOSK, "c1", C.AWAY)]


def test_who_follows_into_what_is_told_already_is_not_told_again() -> None:
    world = World()
    world.breaks(C.AWAY, "a1", "a2", "b1")
    world.after(AWAY_PATIENCE)
    world.breaks(C.AWAY, "c1")
    assert world.after(AWAY_PATIENCE) == []
    assert [alert.kiosk_ids for alert in world.alive()] == [("a1", "a2", "b1", "c1")]


def test_the_network_is_mended_when_most_are_back_and_who_is_not_is_told_alone() -> None:
    world = World()
    world.breaks(C.AWAY, *PLACES)
    world.after(AWAY_PATIENCE)
    world.mends(C.AWAY, "a1")
    assert world.after(MENDED_AFTER) == []
    world.mends(C.AWAY, "a2", "b1", "b2")
    world.look()
    assert world.after(MENDED_AFTER) == [("-", NETWORK, "a1 a2 b1 b2 c1", C.AWAY)]
    assert world.look() == [("+", KIOSK, "c1", C.AWAY)]


def test_a_relay_that_no_kiosk_reaches_is_one_alert_although_each_finds_it_at_its_own_time() -> None:
    world = World()
    for kiosk in PLACES:
        world.breaks(C.RELAY_UNREACHED, kiosk)
        assert world.after(40 * SECOND) == []
    assert world.after(SHARED_PATIENCE) == [("+", NETWORK, "a1 a2 b1 b2 c1", C.RELAY_UNREACHED)]


def test_a_kiosk_that_tells_nothing_counts_neither_with_the_well_nor_with_the_sick() -> None:
    world = World({"a1": "a", "a2": "a", "b1": "b", "b2": "b"})
    world.breaks(C.SILENT, "a2")
    world.after(RED_PATIENCE)
    world.breaks(C.RELAY_UNREACHED, "a1", "a2", "b1")
    assert world.after(SHARED_PATIENCE) == [("+", NETWORK, "a1 b1", C.RELAY_UNREACHED)]


# --- quiet hours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_min", "to_min", "utc", "quiet"),
    [
        (0, 0, "2026-03-02T00:00", False),
        (600, 600, "2026-03-02T09:00", False),
        (21 * 60, 7 * 60, "2026-03-02T19:59", False),
        (21 * 60, 7 * 60, "2026-03-02T20:00", True),  # an hour behind Stockholm in winter
        (21 * 60, 7 * 60, "2026-03-02T05:59", True),
        (21 * 60, 7 * 60, "2026-03-02T06:00", False),
        (21 * 60, 7 * 60, "2026-07-02T19:00", True),  # two in summer
        (8 * 60, 9 * 60, "2026-03-02T07:00", True),
        (8 * 60, 9 * 60, "2026-03-02T08:00", False),
        (0, 1440, "2026-03-02T12:00", True),
    ],
)
def test_quiet_hours_are_of_the_local_day_and_may_pass_midnight(
    from_min: int, to_min: int, utc: str, *, quiet: bool
) -> None:
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert is_quiet(from_min, to_min, "Europe/Stockholm", now) is quiet


def test_in_quiet_hours_messages_wait() -> None:
    world = World(quiet=True)
    world.breaks(C.AWAY, "a1")
    assert world.after(AWAY_PATIENCE) == []
    assert [alert.told_at for alert in world.alive()] == [None]
    world.quiet = False
    assert world.after(DAY) == [("+", KIOSK, "a1", C.AWAY)]


def test_what_was_over_before_anybody_was_told_is_told_to_nobody() -> None:
    world = World(quiet=True)
    world.breaks(C.AWAY, "a1")
    world.after(AWAY_PATIENCE)
    world.mends(C.AWAY, "a1")
    world.after(SECOND)
    world.quiet = False
    assert world.after(DAY) == []
    assert world.alive() == []


def test_that_it_is_mended_waits_for_the_end_of_the_quiet_hours_too() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    world.after(AWAY_PATIENCE)
    world.quiet = True
    world.mends(C.AWAY, "a1")
    world.look()
    assert world.after(DAY) == []
    world.quiet = False
    assert world.after(SECOND) == [("-", KIOSK, "a1", C.AWAY)]


# --- whatever happens ---------------------------------------------------------------------------------------------

CODES = [C.AWAY, C.SILENT, C.RELAY_UNREACHED, C.CALL_FAILED, C.LOUDSPEAKER_SILENT, C.CAMERA_COVERED]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["break", "mend", "quiet", "loud", "nothing"]),
        st.sampled_from(CODES),
        st.sets(st.sampled_from(sorted(PLACES)), min_size=1),
        st.sampled_from([1, 20, 60, 61, 300, 700]),
    ),
    max_size=25,
)


def played(steps: Iterable[tuple[str, HealthCode, set[str], int]]) -> Iterable[tuple[World, list[Word]]]:
    """A world after each step, and what people heard then."""
    world = World()
    for what, code, kiosks, seconds in steps:
        if what == "break":
            world.breaks(code, *kiosks)
        elif what == "mend":
            world.mends(code, *kiosks)
        elif what in {"quiet", "loud"}:
            world.quiet = what == "quiet"
        yield world, world.after(seconds * SECOND)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_each_alert_is_told_once_and_mended_once_and_never_in_quiet_hours(
    steps: list[tuple[str, HealthCode, set[str], int]],
) -> None:
    for world, heard in played(steps):
        if world.quiet:
            assert heard == []
        for alert in world.rows.values():
            if alert.mended_told_at is not None:
                assert alert.told_at is not None
                assert alert.mended_at is not None
        # A second look at the same moment says nothing new, but for what became single by the first.
        world.look()
        again = world.decide()
        assert (again.put, again.found, again.mended) == ((), (), ())


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_a_kiosk_that_is_away_for_long_is_in_just_one_living_alert(
    steps: list[tuple[str, HealthCode, set[str], int]],
) -> None:
    for world, _ in played(steps):
        world.look()
        for kiosk in PLACES:
            since = world.wrong.get(kiosk, {}).get(C.AWAY)
            if since is None or world.now - since < AWAY_PATIENCE:
                continue
            about = [alert for alert in world.alive() if alert.code is C.AWAY and kiosk in alert.kiosk_ids]
            standing = [alert for alert in about if alert.mended_at is None]
            assert about
            assert len(standing) <= 1


@given(STEPS)
@settings(max_examples=100, deadline=None)
def test_whatever_happens_when_all_is_well_again_for_long_nothing_is_left_open(
    steps: list[tuple[str, HealthCode, set[str], int]],
) -> None:
    world = [World(), *(world for world, _ in played(steps))][-1]
    world.quiet = False
    world.wrong.clear()
    world.look()
    world.after(MENDED_AFTER)
    assert world.alive() == []
    found = [word[1:] for word in world.said if word[0] == "+"]
    mended = [word[1:] for word in world.said if word[0] == "-"]
    assert len(mended) <= len(found)


def test_an_alert_that_nobody_could_be_told_of_is_still_to_be_told() -> None:
    world = World()
    world.breaks(C.AWAY, "a1")
    world.now += AWAY_PATIENCE
    first = world.decide()
    world.rows = {alert.id: alert for alert in first.put}
    assert world.decide() == replace(first, put=())
