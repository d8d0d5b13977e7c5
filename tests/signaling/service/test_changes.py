"""Who is told of a commit: cases that chance meets too seldom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from signaling.domain import commands as c
from signaling.domain.model import DeadlineKind
from signaling.protocol.vocabulary import KioskId, Language, SeatId
from signaling.service.changes import change_of
from tests.support.lines import LINE, Line
from tests.support.scenes import setup_of_views

S1 = SeatId("s1")


def test_who_waits_is_told_when_somebody_can_answer_though_nothing_of_the_visit_changed() -> None:
    line = Line(setup_of_views())
    line.seat("s1", "Anna", frozenset({Language.SV}))
    line.seat("s2", "Bo", frozenset({Language.EN}))
    line.tap()
    before = line.state
    mute = replace(before.seats[S1], silent=True)
    after = replace(before, seats={**before.seats, S1: mute})
    assert KioskId("k1") in change_of(LINE, before, after, line.setup).kiosks


def test_another_seat_more_or_less_is_gathered_and_the_last_of_a_language_is_not() -> None:
    line = Line(setup_of_views())
    for seat_id, languages in (("s1", {Language.SV}), ("s2", {Language.SV}), ("s3", {Language.EN})):
        line.seat(seat_id, seat_id, frozenset(languages))
    expected = {"s2": False, "s1": True, "s3": True}
    for seat_id, at_once in expected.items():
        before = line.state
        line.do(c.SetDuty(SeatId(seat_id), on_duty=False))
        change = change_of(LINE, before, line.state, line.setup)
        assert (change.all_kiosks, change.at_once) == (True, at_once), seat_id


def test_a_click_that_changes_nothing_on_idle_screens_reaches_no_kiosk() -> None:
    line = Line(setup_of_views())
    line.seat()
    line.later(1)
    before = line.state
    line.do(c.SignSeat(S1))
    change = change_of(LINE, before, line.state, line.setup)
    assert (change.kiosks, change.all_kiosks) == (frozenset(), False)


def test_a_grace_that_begins_anew_is_told_though_nobody_came_or_went() -> None:
    """The server started twice: who is still away gets the whole time once more, and screens count down to it."""
    line = Line(setup_of_views())
    line.talk()
    line.do(c.LoseEveryone())
    line.kiosk()
    line.later(5)
    before = line.state
    row = before.deadlines[DeadlineKind.SEAT_GRACE, "s1"]
    later = replace(row, due_at=line.now + timedelta(seconds=line.policy.seat_grace_s))
    after = replace(before, deadlines={**before.deadlines, (row.kind, row.subject_id): later})
    change = change_of(LINE, before, after, line.setup)
    assert (change.kiosks, change.seats) == (frozenset({KioskId("k1")}), frozenset({S1}))
    assert change_of(LINE, before, before, line.setup).kiosks == frozenset()
