"""Who is let in, who is turned away and with which code, and into which seat."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signaling.adapters.auth import kiosks as kiosk_auth
from signaling.adapters.gateway import admission, attendance
from signaling.adapters.gateway.checking import negotiate
from signaling.protocol.vocabulary import OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION, KioskId, Role, SeatId, StaffId
from tests.support.edges import BreakableStore, SetClock
from tests.support.identities import hello
from tests.support.logs import ExpectLog
from tests.support.wire import LINE, TurnedAway, Wire

KIOSK_LOG = "signaling.adapters.auth.kiosks"


async def turned_away(attempt: Any) -> TurnedAway:
    with pytest.raises(TurnedAway) as refused:
        await attempt
    return refused.value


# --- kiosks ---------------------------------------------------------------------------------------------------


async def test_the_snapshot_comes_first_and_only_after_the_connection_is_confirmed(wire: Wire) -> None:
    await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await wire.seat_on_duty("bo")
    await kiosk.until(lambda: kiosk.answerable == 2)
    names = [name for name, _ in kiosk.told]
    assert names[:2] == ["connect", "kiosk.snapshot"]
    assert set(names[2:]) == {"delta"}
    snapshot = kiosk.heard("kiosk.snapshot")[0]
    assert (snapshot["protocol"], snapshot["revision"]) == (PROTOCOL_VERSION, 0)


async def test_nothing_is_told_to_a_connection_that_is_being_let_in(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others commit while the newcomer's own commit is on its way: it must not hear of it before `connect`."""
    seat = await wire.seat_on_duty()
    entering, go_on = asyncio.Event(), asyncio.Event()
    enter = attendance.Attendance.enter

    async def slow(self: attendance.Attendance, connection: Any) -> None:
        await enter(self, connection)
        entering.set()
        await go_on.wait()

    monkeypatch.setattr(attendance.Attendance, "enter", slow)
    coming = asyncio.create_task(wire.kiosk())
    await entering.wait()
    for on_duty in (False, True, False):
        await seat.ok("seat.duty", {"on_duty": on_duty})
    await seat.until(lambda: not seat.view["seat"]["on_duty"])  # type: ignore[index,call-overload]
    go_on.set()
    kiosk = await coming
    assert [name for name, _ in kiosk.told] == ["connect", "kiosk.snapshot"]
    assert kiosk.answerable == 0


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_a_wrong_key_is_refused(wire: Wire) -> None:
    await wire.add_kiosk()
    wire.keys["k1"] = Ed25519PrivateKey.generate()
    assert (await turned_away(wire.kiosk())).code == "not_authenticated"


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_a_kiosk_that_nobody_enrolled_is_refused_like_a_wrong_key(wire: Wire) -> None:
    wire.keys["nobody"] = Ed25519PrivateKey.generate()
    assert (await turned_away(wire.kiosk("nobody"))).code == "not_authenticated"


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_a_replayed_challenge_is_refused_and_the_first_connection_goes_on(wire: Wire) -> None:
    auth = await wire.kiosk_hello()
    kiosk = await wire.kiosk_with(auth)
    assert (await turned_away(wire.kiosk_with({**auth, "instance": "i2"}))).code == "replayed"
    assert kiosk.connected
    await kiosk.ok("snapshot.request")


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_a_challenge_of_our_own_making_is_refused(wire: Wire) -> None:
    await wire.add_kiosk()
    made_up = hello(wire.keys["k1"], "AAAA").model_dump(mode="json")
    assert (await turned_away(wire.kiosk_with(made_up))).code == "replayed"


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_an_old_challenge_is_refused(wire: Wire, clock: SetClock) -> None:
    auth = await wire.kiosk_hello()
    clock.later(61)
    assert (await turned_away(wire.kiosk_with(auth))).code == "replayed"


@pytest.mark.expected_log("kiosk_refused", logger=KIOSK_LOG)
async def test_a_revoked_kiosk_is_refused(wire: Wire, clock: SetClock) -> None:
    await wire.add_kiosk()
    await wire.store.revoke_kiosk(KioskId("k1"), clock.now())
    assert (await turned_away(wire.kiosk())).code == "revoked"


async def test_a_newer_version_is_refused_and_told_what_is_spoken(wire: Wire) -> None:
    future = {"protocol": PROTOCOL_VERSION + 1, "of another shape": True}
    for refusal in (
        await turned_away(wire.kiosk_with(future)),
        await turned_away(wire.seat(protocol=PROTOCOL_VERSION + 1)),
    ):
        assert refusal.code == "version"
        assert refusal.data == {"oldest": OLDEST_PROTOCOL_VERSION, "newest": PROTOCOL_VERSION}


async def test_the_version_before_is_let_in(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of the next version meets clients of this one."""
    monkeypatch.setattr(kiosk_auth, "PROTOCOL_VERSION", PROTOCOL_VERSION + 1)
    monkeypatch.setattr(
        admission, "negotiate", lambda auth: negotiate(auth, newest=PROTOCOL_VERSION + 1, oldest=PROTOCOL_VERSION)
    )
    assert (await wire.kiosk()).connected
    assert (await wire.seat()).connected
    assert (await turned_away(wire.seat("bo", protocol=PROTOCOL_VERSION + 2))).code == "version"
    assert (await turned_away(wire.seat("cia", protocol=PROTOCOL_VERSION - 1))).code == "version"


@pytest.mark.parametrize("auth", [None, [], "k1", {"protocol": PROTOCOL_VERSION}, {"protocol": "one"}])
async def test_a_malformed_hello_is_refused(wire: Wire, auth: Any) -> None:
    assert (await turned_away(wire.kiosk_with(auth))).code == "malformed"


async def test_a_page_of_a_foreign_origin_does_not_get_a_socket(wire: Wire) -> None:
    auth = await wire.kiosk_hello()
    await turned_away(wire.kiosk_with(auth, {"Origin": "https://evil.example"}))
    await turned_away(wire.seat(origin="https://evil.example"))
    assert (await wire.kiosk_with(auth)).connected, "its challenge was not used up"


# --- consoles -------------------------------------------------------------------------------------------------


async def test_a_console_is_known_by_its_cookie_its_token_and_its_origin(wire: Wire) -> None:
    assert (await wire.seat()).view["me"]["name"] == "Anna"  # type: ignore[index,call-overload]
    assert (await turned_away(wire.seat(cookie=""))).code == "not_authenticated"
    assert (await turned_away(wire.seat(cookie="librarian-session=guessed"))).code == "not_authenticated"
    assert (await turned_away(wire.seat(csrf="of another page"))).code == "forbidden"
    assert (await turned_away(wire.seat(origin=None))).code == "origin"


async def test_a_session_that_has_expired_is_refused(wire: Wire, clock: SetClock) -> None:
    await wire.add_staff("anna", "Anna")
    clock.later(12 * 3600)
    assert (await turned_away(wire.seat())).code == "not_authenticated"


async def test_who_answers_no_visitors_gets_no_seat(wire: Wire) -> None:
    await wire.add_staff("admin", "Adm", frozenset({Role.SYSTEM_ADMIN, Role.BRANCH_ADMIN}))
    assert (await turned_away(wire.seat("admin"))).code == "forbidden"
    await wire.add_staff("both", "Both", frozenset({Role.SYSTEM_ADMIN, Role.SPECIALIST}))
    assert (await wire.seat("both")).connected


async def test_a_database_that_is_away_refuses_with_unavailable(wire: Wire, breakable: BreakableStore) -> None:
    auth = await wire.kiosk_hello()
    await wire.add_staff("anna", "Anna")
    breakable.away = True
    assert (await turned_away(wire.kiosk_with(auth))).code == "unavailable"
    assert (await turned_away(wire.seat())).code == "unavailable"
    breakable.away = False
    assert (await wire.kiosk()).connected


async def test_a_fault_of_ours_refuses_with_internal_and_is_logged(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectLog
) -> None:
    expected_log("admission_failed.*KeyError", level="ERROR")

    async def broken(*_arguments: object) -> None:
        raise KeyError("what nobody foresaw")

    monkeypatch.setattr(attendance.Attendance, "enter", broken)
    assert (await turned_away(wire.kiosk())).code == "internal"
    monkeypatch.undo()
    assert (await wire.kiosk()).connected


# --- a second kiosk with the same key -------------------------------------------------------------------------


async def test_a_second_kiosk_with_the_same_key_is_told_and_the_first_goes_on(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    first = await wire.kiosk(instance="first")
    await first.until(lambda: first.answerable)
    await first.tap()
    offer = await seat.rings()
    assert (await turned_away(wire.kiosk(instance="second"))).code == "already_connected"
    assert first.connected
    await first.ok("snapshot.request")
    assert seat.offer == offer, "its ring was not disturbed"


async def test_two_kiosks_with_the_same_key_at_the_same_moment_leave_exactly_one(wire: Wire) -> None:
    await wire.add_kiosk()
    hellos = [await wire.kiosk_hello(instance=f"i{n}") for n in range(4)]
    results = await asyncio.gather(*(wire.kiosk_with(auth) for auth in hellos), return_exceptions=True)
    refused = [result.code for result in results if isinstance(result, TurnedAway)]
    assert refused == ["already_connected"] * 3
    assert sum(end.connected for end in wire.ends) == 1


async def test_a_dead_older_connection_makes_way_for_the_restarted_program(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "PRESENCE_ANSWER_S", 0.05)
    old = await wire.kiosk(instance="before-the-cut")
    old.answers_presence = False
    new = await wire.kiosk(instance="after-it")
    await old.ended()
    assert new.connected
    await new.ok("snapshot.request")


async def test_the_same_program_takes_over_at_once_and_its_ring_goes_on(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    old = await wire.kiosk(instance="same")
    await old.until(lambda: old.answerable)
    visit_id = await old.tap()
    offer = await seat.rings()
    old.answers_presence = False  # it must not even be asked
    new = await wire.kiosk(instance="same")
    await old.ended()
    assert old.heard("presence.ask") == []
    assert new.visit["id"] == visit_id
    await seat.ok("snapshot.request")
    await seat.until(lambda: len(seat.heard("staff.snapshot")) == 2)
    assert seat.offer == offer, "the ring was not begun anew"
    line = await wire.store.read_line(LINE)
    assert line.kiosks[KioskId("k1")].connected, "the older connection's end is no loss"


async def test_an_older_connection_that_ends_while_it_is_asked_makes_way_at_once(wire: Wire) -> None:
    old = await wire.kiosk(instance="old")
    old.answers_presence = False
    coming = asyncio.create_task(wire.kiosk(instance="new"))
    await old.until(lambda: old.heard("presence.ask"))
    started = asyncio.get_running_loop().time()
    await old.drop()
    assert (await coming).connected
    assert asyncio.get_running_loop().time() - started < attendance.PRESENCE_ANSWER_S / 2


async def test_the_first_goes_on_when_the_database_fails_while_another_takes_over(
    wire: Wire, breakable: BreakableStore
) -> None:
    old = await wire.kiosk(instance="same")
    auth = await wire.kiosk_hello(instance="same")
    breakable.away = True
    assert (await turned_away(wire.kiosk_with(auth))).code == "unavailable"
    breakable.away = False
    assert old.connected
    seat = await wire.seat_on_duty()
    await old.until(lambda: old.answerable)
    visit_id = await old.tap()
    await seat.accept()
    await seat.ok("text.draft", {"visit_id": visit_id, "entry": 1, "text": "hej"})
    assert await old.until(lambda: old.heard("text.draft")), "it is the one that messages go to"


# --- seats that come back -------------------------------------------------------------------------------------


async def test_a_reloaded_page_comes_back_into_its_seat_and_call(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    await seat.drop()
    back = await wire.seat(seat_id=seat_id)
    assert (back.id, back.visit["id"]) == (seat_id, visit_id)
    assert not back.view["seat"]["sound"], "a reloaded page has lost its sound"  # type: ignore[index,call-overload]
    assert back.view["seat"]["on_duty"]  # type: ignore[index,call-overload]
    await back.ok("call.again", {"visit_id": visit_id, "generation": 1})
    await kiosk.until(lambda: kiosk.visit["generation"] == 2)


async def test_a_duplicated_tab_gets_a_seat_of_its_own(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    twin = await wire.seat(seat_id=seat.id)
    assert twin.id != seat.id
    assert twin.visit is None
    assert seat.connected
    await seat.ok("visit.hold", {"visit_id": visit_id})
    await kiosk.until(lambda: kiosk.visit["state"] == "held")


async def test_two_tabs_that_claim_one_seat_at_the_same_moment_do_not_share_it(wire: Wire) -> None:
    seat = await wire.seat()
    seat_id = seat.id
    await seat.drop()
    one, other = await asyncio.gather(wire.seat(seat_id=seat_id), wire.seat(seat_id=seat_id))
    assert sorted([one.id == seat_id, other.id == seat_id]) == [False, True]
    assert one.connected
    assert other.connected


async def test_a_page_whose_older_connection_hangs_comes_back_when_that_one_says_nothing(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "PRESENCE_ANSWER_S", 0.05)
    seat = await wire.seat_on_duty()
    seat.answers_presence = False
    back = await wire.seat(seat_id=seat.id)
    assert back.id == seat.id
    await seat.ended()
    line = await wire.store.read_line(LINE)
    assert line.seats[SeatId(back.id)].connected


async def test_a_seat_of_somebody_else_is_not_given(wire: Wire) -> None:
    _, seat, _ = await wire.talk("anna")
    seat_id = seat.id
    await seat.drop()
    thief = await wire.seat("bo", seat_id=seat_id)
    assert thief.id != seat_id
    assert thief.visit is None
    line = await wire.store.read_line(LINE)
    assert line.seats[SeatId(seat_id)].staff_id == StaffId("id-anna")


async def test_a_seat_that_was_given_up_is_not_given_again(wire: Wire) -> None:
    seat = await wire.seat(seat_id="long-gone")
    assert seat.id != "long-gone"


async def test_a_browser_that_crashed_and_remembers_nothing_comes_back_into_its_call(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    await seat.drop()
    await kiosk.until(lambda: kiosk.visit["coming_back_until"])
    back = await wire.seat()
    assert (back.id, back.visit["id"], back.visit["state"]) == (seat_id, visit_id, "talking")
    await back.ok("visit.hold", {"visit_id": visit_id})
    await kiosk.until(lambda: kiosk.visit["state"] == "held" and kiosk.visit["coming_back_until"] is None)


async def test_a_page_whose_seat_is_gone_takes_over_the_one_that_was_lost_in_a_call(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    await seat.drop()
    await kiosk.until(lambda: kiosk.visit["coming_back_until"])
    back = await wire.seat(seat_id="of-last-week")
    assert (back.id, back.visit["id"]) == (seat_id, visit_id)


async def test_a_second_browser_leaves_a_call_alone_whose_seat_is_there(wire: Wire) -> None:
    _, seat, _ = await wire.talk()
    second = await wire.seat()
    assert second.id != seat.id
    assert second.visit is None
    assert seat.connected


async def test_a_lost_seat_in_a_call_is_for_the_same_person_alone(wire: Wire) -> None:
    kiosk, seat, _ = await wire.talk("anna")
    seat_id = seat.id
    await seat.drop()
    await kiosk.until(lambda: kiosk.visit["coming_back_until"])
    other = await wire.seat("bo")
    assert other.id != seat_id
    assert other.visit is None


async def test_a_lost_seat_without_a_call_is_not_taken_over(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.can_be_answered()
    seat_id = seat.id
    await seat.drop()
    await kiosk.until(lambda: kiosk.answerable == 0)
    assert (await wire.seat()).id != seat_id


async def test_two_browsers_that_come_back_at_once_do_not_share_the_seat(wire: Wire) -> None:
    kiosk, seat, visit_id = await wire.talk()
    seat_id = seat.id
    await seat.drop()
    await kiosk.until(lambda: kiosk.visit["coming_back_until"])
    both = await asyncio.gather(wire.seat(), wire.seat())
    assert sorted(end.id == seat_id for end in both) == [False, True]
    assert [end.visit["id"] for end in both if end.visit] == [visit_id]
    assert all(end.connected for end in both)


async def test_a_lost_seat_goes_off_the_idle_screens_at_once(wire: Wire) -> None:
    seat = await wire.seat_on_duty()
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable == 1)
    await seat.drop()
    await kiosk.until(lambda: kiosk.answerable == 0)
