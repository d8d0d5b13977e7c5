"""Rights that end while somebody is connected, and accounts that change meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.adapters.auth.tokens import token_hash
from signaling.adapters.gateway import rights, socketio_gateway
from signaling.domain.places import Library
from signaling.protocol.vocabulary import Language, LibraryId, LineId, Role, StaffId
from signaling.service.ports import Staff
from tests.support.edges import SetClock
from tests.support.wire import LIBRARY, SeatEnd, ServedWire


@pytest.fixture(autouse=True)
def _quick_rechecks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socketio_gateway, "RECHECK_S", 0.02)


async def account(wire: ServedWire, login: str = "anna") -> Staff:
    found = await wire.store.find_staff(StaffId(f"id-{login}"))
    assert found is not None
    return found


async def stays(*ends: SeatEnd) -> None:
    for end in ends:
        await end.ok("snapshot.request")


async def test_who_may_answer_no_more_loses_the_seat(wire: ServedWire) -> None:
    seat, other = await wire.seat("anna"), await wire.seat("bo")
    await wire.store.update_staff(replace(await account(wire), roles=frozenset({Role.BRANCH_ADMIN})))
    await seat.ended()
    await stays(other)


async def test_a_role_more_is_shown_and_ends_nothing(wire: ServedWire) -> None:
    seat = await wire.seat("anna")
    await wire.store.update_staff(replace(await account(wire), roles=frozenset({Role.LIBRARIAN, Role.BRANCH_ADMIN})))
    await seat.until(lambda: len(seat.view["me"]["roles"]) == 2)  # type: ignore[index,call-overload,arg-type]
    await stays(seat)


async def test_another_name_and_other_languages_are_seen_by_colleagues_and_visitors(wire: ServedWire) -> None:
    seat, other = await wire.seat_on_duty("anna"), await wire.seat_on_duty("bo")
    kiosk = await wire.kiosk()
    await kiosk.until(lambda: kiosk.answerable == 2)
    changed = replace(await account(wire), name="Annika", languages=frozenset({Language.NB}))
    await wire.store.update_staff(changed)
    await seat.until(lambda: seat.view["me"]["name"] == "Annika")  # type: ignore[index,call-overload]
    await seat.until(lambda: seat.view["seat"]["languages"] == ["nb"])  # type: ignore[index,call-overload]
    await other.until(lambda: "Annika" in repr(other.view["colleagues"]))
    await kiosk.until(lambda: "Annika" in kiosk.view["availability"]["names"])  # type: ignore[index,call-overload,operator]


async def test_a_session_that_is_over_ends_its_connection(wire: ServedWire, clock: SetClock) -> None:
    seat = await wire.seat("anna")
    clock.later(timedelta(hours=13).total_seconds())
    await seat.ended()


async def test_sessions_are_looked_up_some_at_a_time_and_all_in_the_end(
    wire: ServedWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "SESSIONS_AT_ONCE", 1)
    seats = [await wire.seat(login) for login in ("anna", "bo", "cia")]
    for login in ("anna", "cia"):
        await wire.store.remove_session(token_hash(wire.tokens[login]))
    await seats[0].ended()
    await seats[2].ended()
    await stays(seats[1])


async def test_a_library_that_moved_to_another_line_takes_its_people_and_kiosks_there(wire: ServedWire) -> None:
    seat, kiosk = await wire.seat("anna"), await wire.kiosk()
    await wire.store.add_library(Library(LibraryId("together"), "Söder", Language.SV, "Europe/Stockholm"))
    await wire.store.put(Library(LIBRARY, "Norr", Language.SV, "Europe/Stockholm", line_id=LineId("together")))
    await seat.ended()
    await kiosk.ended()
    again = await wire.kiosk()
    assert again.view["library_name"] == "Norr"
    assert "k1" in (await wire.store.read_line(LineId("together"))).kiosks
