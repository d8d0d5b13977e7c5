"""What a kiosk sees: its visit, who can answer, hours, cards, tickets, its rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.model import Standing
from signaling.domain.places import Branch, Hours, Kiosk, KioskOrder, Setup, Span
from signaling.protocol.health import OrderKind, OrderState
from signaling.protocol.messages import KioskOrder as KioskOrderView
from signaling.protocol.messages import KioskSettings
from signaling.protocol.vocabulary import (
    MAX_CARDS,
    MAX_ORDERS,
    MAX_SEATS_SHOWN,
    CardId,
    EstimateReason,
    KioskId,
    Language,
    Nobody,
    NotePhrase,
    Party,
    SeatId,
    VisitId,
    VisitState,
)
from signaling.service.kiosk_views import KioskLook, kiosk_view
from signaling.service.service_views import MAX_NAMES
from signaling.service.snapshots import Parts
from tests.support.lines import BRANCH, SERVICE, START, Line
from tests.support.scenes import PERMITS, scene, setup_of_views
from tests.support.store_cases import FULL_KIOSK, order

K1, S1, S2, V1 = KioskId("k1"), SeatId("s1"), SeatId("s2"), VisitId("v1")


@pytest.fixture
def line() -> Line:
    return Line(setup_of_views())


def with_branch(line: Line, **values: object) -> Setup:
    branch: Branch = replace(line.setup.directory.branches[BRANCH], **values)  # type: ignore[arg-type]
    branches = {**line.setup.directory.branches, BRANCH: branch}
    return replace(line.setup, directory=replace(line.setup.directory, branches=branches))


def stands(line: Line, *standings: Standing) -> None:
    line.state = replace(line.state, standings={standing.subject_id: standing for standing in standings})


def test_it_sees_its_place_and_who_can_answer(line: Line) -> None:
    line.seat()
    line.tap("v0", "k0")
    line.later(1)
    line.tap("v1", "k1")
    view = kiosk_view(scene(line.state), K1)
    assert (view.branch_name, view.phone, view.library_name, view.urgent_number) == (
        "Burträsk",
        "0914-1",
        "Norr",
        "112",
    )
    assert view.visit is not None
    assert (view.visit.state, view.visit.place) == (VisitState.WAITING, 2)
    assert (view.availability.answerable, view.availability.free, view.availability.names) == (1, 1, ("Anna",))
    assert set(view.services) == {SERVICE, PERMITS}, "those of its own library"


def test_each_service_says_who_can_answer_it_and_in_which_languages(line: Line) -> None:
    line.seat("s1", "Anna", frozenset({Language.SV}))
    line.seat("s2", "Bo", frozenset({Language.EN}))
    view = kiosk_view(scene(line.state), K1)
    everything, permits = view.services[SERVICE].availability, view.services[PERMITS].availability
    assert (everything.answerable, everything.names, everything.languages) == (
        2,
        ("Anna", "Bo"),
        (Language.SV, Language.EN),
    )
    assert (permits.answerable, permits.names, permits.languages) == (1, ("Anna",), (Language.SV,))
    assert view.services[PERMITS].languages == (Language.SV, Language.NB)
    assert view.availability.answerable == 2


def test_many_seats_are_many(line: Line) -> None:
    for number in range(MAX_NAMES + 5):
        line.seat(f"s{number}", f"Name {number:02}")
    view = kiosk_view(scene(line.state), K1)
    assert len(view.availability.names) == MAX_NAMES
    assert (view.availability.answerable, view.availability.free) == (MAX_SEATS_SHOWN, MAX_SEATS_SHOWN)
    assert view.services[SERVICE].availability.answerable == MAX_SEATS_SHOWN


def test_it_sees_the_name_of_its_librarian_and_no_visit_after_the_end(line: Line) -> None:
    line.talk()
    view = kiosk_view(scene(line.state), K1)
    assert view.visit is not None
    assert (view.visit.librarian_name, view.visit.generation, view.visit.place) == ("Anna", 1, 0)
    assert view.visit.service_id == SERVICE
    line.do(c.FinishVisit(V1, kiosk_id=K1))
    assert kiosk_view(scene(line.state), K1).visit is None


# --- hours ----------------------------------------------------------------------------------------------------


def test_a_closed_service_says_when_it_opens_and_why(line: Line) -> None:
    opens = START + timedelta(hours=20)
    stands(line, Standing(PERMITS, open=False, next_open=opens, closed_texts={Language.SV: "Inventering."}))
    view = kiosk_view(scene(line.state), K1)
    permits = view.services[PERMITS].availability
    assert (permits.open, permits.next_open, permits.closed_texts) == (False, opens, {Language.SV: "Inventering."})
    assert view.services[SERVICE].availability.open
    assert (view.availability.open, view.availability.next_open) == (True, None), "one of them is open"


def test_when_all_are_closed_the_first_that_opens_is_told(line: Line) -> None:
    soon, late = START + timedelta(hours=2), START + timedelta(hours=20)
    stands(line, Standing(PERMITS, open=False, next_open=soon), Standing(SERVICE, open=False, next_open=late))
    assert kiosk_view(scene(line.state), K1).availability.next_open == soon
    stands(line, Standing(PERMITS, open=False), Standing(SERVICE, open=False, next_open=late))
    assert kiosk_view(scene(line.state), K1).availability.next_open == late


def test_a_closed_branch_offers_nothing_before_both_it_and_the_service_are_open(line: Line) -> None:
    soon, late = START + timedelta(hours=2), START + timedelta(hours=20)
    line.seat()
    stands(
        line,
        Standing(BRANCH, open=False, next_open=soon, closed_texts={Language.SV: "Golvet läggs om."}),
        Standing(PERMITS, open=False, next_open=late),
    )
    view = kiosk_view(scene(line.state), K1)
    for shown, opens in (
        (view.services[SERVICE].availability, soon),
        (view.services[PERMITS].availability, late),
        (view.availability, soon),
    ):
        assert (shown.open, shown.next_open, shown.closed_texts) == (False, opens, {Language.SV: "Golvet läggs om."})


def test_nobody_knows_when_a_closed_branch_without_an_end_opens(line: Line) -> None:
    stands(line, Standing(BRANCH, open=False))
    assert kiosk_view(scene(line.state), K1).availability.next_open is None


def test_a_temporary_close_is_shown_while_the_line_says_so(line: Line) -> None:
    until, texts = START + timedelta(days=7), {Language.SV: "Golvet läggs om."}
    line.setup = with_branch(line, closed=True, closed_until=until, closed_texts=texts)
    line.open()
    closed = kiosk_view(scene(line.state, line.setup), K1).closed
    assert closed is not None
    assert (closed.until, closed.texts) == (until, texts)
    line.later(7 * 24 * 3600)
    assert kiosk_view(scene(line.state, line.setup), K1).closed is None, "its end has passed"


# --- cards ----------------------------------------------------------------------------------------------------


def test_cards_are_the_branchs_and_the_librarys_own(line: Line) -> None:
    cards = kiosk_view(scene(line.state), K1).cards
    assert {key: card.position for key, card in cards.items()} == {"hatch": 1, "print": 2}


def test_no_more_cards_than_the_wire_takes(line: Line) -> None:
    directory = line.setup.directory
    card = directory.cards[CardId("print")]
    many = {CardId(f"c{n:02}"): replace(card, id=CardId(f"c{n:02}"), position=n) for n in range(MAX_CARDS + 3)}
    shown = kiosk_view(scene(line.state, replace(line.setup, directory=replace(directory, cards=many))), K1).cards
    assert sorted(card.position for card in shown.values()) == list(range(MAX_CARDS))


# --- waiting, tickets, a colleague, rest ----------------------------------------------------------------------


def test_a_waiting_visit_shows_choices_estimate_note_and_why_nobody_can_answer(line: Line) -> None:
    line.seat("s1", "Anna", frozenset({Language.SV}))
    line.tap()
    line.do(c.NoteVisit(V1, S1, NotePhrase.SOON_WITH_YOU))
    waiting = replace(
        line.visit(),
        choices=True,
        expected_from=START,
        expected_by=START + timedelta(minutes=3),
        estimate_reason=EstimateReason.FEWER_SEATS,
    )
    line.state = replace(line.state, visits={V1: waiting})
    shown = kiosk_view(scene(line.state), K1).visit
    assert shown is not None
    assert (shown.choices, shown.note, shown.nobody) == (True, NotePhrase.SOON_WITH_YOU, None)
    assert shown.estimate is not None
    assert (shown.estimate.from_time, shown.estimate.reason) == (START, EstimateReason.FEWER_SEATS)
    line.do(c.ChangeLanguage(V1, K1, Language.EN))
    changed = kiosk_view(scene(line.state), K1).visit
    assert changed is not None
    assert changed.nobody is Nobody.LANGUAGE
    line.do(c.SetDuty(S1, on_duty=False))
    left = kiosk_view(scene(line.state), K1).visit
    assert left is not None
    assert left.nobody is Nobody.NOBODY_ON_DUTY


def test_a_ticket_leaves_the_screen_and_comes_back_when_it_is_called(line: Line) -> None:
    line.seat()
    number = line.ticket()
    view = kiosk_view(scene(line.state), K1)
    assert (view.visit, view.tickets) == (None, (number,))
    line.accept()
    called = kiosk_view(scene(line.state), K1)
    assert called.tickets == ()
    assert called.visit is not None
    assert (called.visit.state, called.visit.ticket) == (VisitState.CALLING, number)
    assert called.visit.calling_until == START + timedelta(seconds=line.policy.callback_s)


def test_a_kiosk_with_a_ticket_shows_its_next_visitor(line: Line) -> None:
    line.seat()
    number = line.ticket("v1")
    line.tap("v2")
    view = kiosk_view(scene(line.state), K1)
    assert view.tickets == (number,)
    assert view.visit is not None
    assert view.visit.id == "v2"


def test_a_colleague_is_shown_with_the_number_of_the_path(line: Line) -> None:
    line.talk()
    line.join("s2")
    visit = kiosk_view(scene(line.state), K1).visit
    assert visit is not None
    assert visit.guest is not None
    assert (visit.generation, visit.guest.name, visit.guest.generation, visit.guest.seat_id) == (1, "Bo", 2, "s2")
    line.do(c.LoseSeat(S2))
    away = kiosk_view(scene(line.state), K1).visit
    assert away is not None
    assert away.guest is not None
    assert not away.guest.connected


def test_the_paths_that_are_made_ready_are_shown_in_order_until_somebody_answers(line: Line) -> None:
    for seat_id in ("s1", "s2"):
        line.seat(seat_id)
        line.later(1)
    line.tap()
    line.do(c.PathDead(V1, 1, Party.VISITOR, K1))
    line.tap("v2", "k2")
    visit = kiosk_view(scene(line.state), K1).visit
    assert visit is not None
    assert (visit.state, visit.generation, visit.preparing) == (VisitState.OFFERED, 0, (2, 3))
    waiting = kiosk_view(scene(line.state), KioskId("k2")).visit
    assert waiting is not None
    assert waiting.preparing == ()
    line.accept(seat_id="s2")
    visit = kiosk_view(scene(line.state), K1).visit
    assert visit is not None
    assert (visit.state, visit.generation, visit.preparing) == (VisitState.CONNECTING, 2, ())


def test_an_interrupted_conversation_says_until_when_it_comes_back(line: Line) -> None:
    line.talk()
    line.do(c.PathDead(V1, 1, Party.VISITOR, K1))
    visit = kiosk_view(scene(line.state), K1).visit
    assert visit is not None
    assert visit.coming_back_until == START + timedelta(seconds=line.policy.connect_timeout_s)
    line.connected()
    line.do(c.HoldVisit(V1, S1))
    line.do(c.LoseSeat(S1))
    held = kiosk_view(scene(line.state), K1).visit
    assert held is not None
    assert (held.state, held.seat_connected) == (VisitState.HELD, False)
    assert held.coming_back_until == START + timedelta(seconds=line.policy.seat_grace_s)


def test_a_flagged_kiosk_rests_until_its_time(line: Line) -> None:
    line.talk()
    line.do(c.FlagVisit(V1, S1))
    assert kiosk_view(scene(line.state), K1).locked_until == START + timedelta(seconds=line.policy.lock_s)
    line.later(line.policy.lock_s)
    assert kiosk_view(scene(line.state), K1).locked_until is None


# --- how it is to run, what it is asked, its lock -------------------------------------------------------------


def with_kiosk(setup: Setup, kiosk: Kiosk, *orders: KioskOrder) -> Setup:
    kiosks = {**setup.directory.kiosks, kiosk.id: kiosk}
    return replace(setup, directory=replace(setup.directory, kiosks=kiosks, orders=orders))


def test_a_kiosk_is_told_how_it_is_to_run(line: Line) -> None:
    kiosk = replace(FULL_KIOSK, branch_id=BRANCH, locked=False)
    hours = Hours((*((Span(480, 720), Span(780, 1320)),) * 5, (Span(0, 1440),), ()))
    setup = with_kiosk(with_branch(line, hours=hours), kiosk)
    shown = kiosk_view(scene(line.state, setup), K1).settings
    for name in ("lens_side", "camera_height_cm", "brightness_percent", "closed_brightness_percent", "pin_hash"):
        assert getattr(shown, name) == getattr(kiosk, name), name
    for name in ("volume_max_percent", "quiet_from_min", "quiet_to_min", "quiet_volume_max_percent"):
        assert getattr(shown, name) == getattr(kiosk, name), name
    assert (shown.test_at_min, shown.version) == (195, "1.4.0")
    assert shown.week is not None
    assert [[(span.opens_min, span.closes_min) for span in day] for day in shown.week] == [
        *([[(480, 720), (780, 1320)]] * 5),
        [(0, 1440)],
        [],
    ]


def test_settings_that_nobody_has_touched_are_those_of_the_wire(line: Line) -> None:
    assert kiosk_view(scene(line.state), K1).settings == KioskSettings()


def test_a_kiosk_is_told_of_this_moment_what_no_week_says(line: Line) -> None:
    assert kiosk_view(scene(line.state), K1).settings.open_now
    stands(line, Standing(BRANCH, open=False))
    assert not kiosk_view(scene(line.state), K1).settings.open_now


def test_settings_are_made_anew_only_when_they_are_others(line: Line) -> None:
    parts = Parts()
    first = KioskLook(scene(line.state), parts).view(K1)["settings"]
    line.seat()
    assert KioskLook(scene(line.state), parts).view(K1)["settings"] is first
    for changed in (
        with_kiosk(line.setup, replace(line.setup.directory.kiosks[K1], volume_max_percent=50)),
        with_branch(line, hours=Hours(((),) * 7)),
    ):
        assert KioskLook(scene(line.state, changed), parts).view(K1)["settings"] != first
    stands(line, Standing(BRANCH, open=False))
    assert KioskLook(scene(line.state), parts).view(K1)["settings"] != first


def test_a_kiosk_is_asked_what_is_pending_for_it_oldest_first(line: Line) -> None:
    taken = order("o1", OrderKind.RESTART_PROGRAM, state=OrderState.TAKEN)
    setup = with_kiosk(
        line.setup, line.setup.directory.kiosks[K1], taken, order("o2"), order("o3", kiosk_id=KioskId("k2"))
    )
    assert kiosk_view(scene(line.state, setup), K1).orders == (
        KioskOrderView(id="o1", kind=OrderKind.RESTART_PROGRAM, taken=True),
        KioskOrderView(id="o2", kind=OrderKind.TEST),
    )
    assert [one.id for one in kiosk_view(scene(line.state, setup), KioskId("k2")).orders] == ["o3"]


def test_no_more_orders_than_the_wire_takes(line: Line) -> None:
    many = [order(f"o{n:02}") for n in range(MAX_ORDERS + 2)]
    setup = with_kiosk(line.setup, line.setup.directory.kiosks[K1], *many)
    shown = kiosk_view(scene(line.state, setup), K1).orders
    assert [one.id for one in shown] == [f"o{n:02}" for n in range(MAX_ORDERS)]


def test_a_kiosk_that_somebody_has_locked_says_what_they_wrote(line: Line) -> None:
    kiosk = line.setup.directory.kiosks[K1]
    assert kiosk_view(scene(line.state), K1).lock is None
    texts = {Language.SV: "Skärmen byts i dag."}
    locked = with_kiosk(line.setup, replace(kiosk, locked=True, lock_texts=texts))
    shown = kiosk_view(scene(line.state, locked), K1).lock
    assert shown is not None
    assert shown.texts == texts
    assert kiosk_view(scene(line.state, locked), KioskId("k2")).lock is None


# --- sharing --------------------------------------------------------------------------------------------------


def test_kiosks_share_what_they_show_alike_and_keep_it_while_it_says_the_same(line: Line) -> None:
    parts = Parts()
    line.seat()
    first = KioskLook(scene(line.state), parts)
    one, other = first.view(K1), first.view(KioskId("k2"))
    line.tap()
    again = KioskLook(scene(line.state), parts).view(K1)
    for key in ("services", "cards", "availability", "closed"):
        assert one[key] is other[key] is again[key], key
    assert one["visit"] != again["visit"]
