"""Who is asked when nobody else is there, and that a way to people that fails stops nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.domain.effects import StandbyCause, StandbyNeeded
from signaling.domain.model import LineState, Seat
from signaling.domain.places import Library, Service, Team, Tier
from signaling.protocol.vocabulary import Language, LibraryId, Role, SeatId, ServiceId, StaffId, TeamId
from signaling.service import standby as standby_module
from signaling.service.ports import PushSubscription, Staff, StoreError
from signaling.service.standby import Standby
from tests.support.edges import RecordingNotifier, SetClock, places_of

NORR, SODER = LibraryId("norr"), LibraryId("soder")
HELP = Service(ServiceId("help"), NORR, {Language.SV: "Hjälp"})
PERMITS = replace(HELP, id=ServiceId("permits"), tiers=(Tier(TeamId("first"), 0), Tier(TeamId("gone"), 10)))
NEEDED = StandbyNeeded(HELP.id, StandbyCause.LONG_WAITS)


def person(login: str, library_id: LibraryId = NORR, *, standby: bool = True, email: str | None = None) -> Staff:
    return Staff(
        StaffId(login),
        library_id,
        login,
        login.capitalize(),
        frozenset({Role.LIBRARIAN}),
        "",
        must_change_password=False,
        email=f"{login}@example.org" if email is None else email,
        standby=standby,
    )


class Desk:
    """A standby desk with its store and whom it reached."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.notifier = RecordingNotifier()
        places = places_of(self.store, SetClock())
        self.standby = Standby(store=self.store, places=places, notifier=self.notifier, url="https://desk.test")

    async def ask(self, effect: StandbyNeeded = NEEDED, line: LineState | None = None) -> list[str]:
        await self.standby.ask(effect, line or LineState())
        return [request.email for request in self.notifier.requests]


@pytest_asyncio.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.store.add_library(Library(NORR, "Norr", Language.SV, "Europe/Stockholm"))
    await desk.store.add_library(Library(SODER, "Söder", Language.NB, "Europe/Oslo"))
    await desk.store.add_service(HELP)
    await desk.store.add_service(replace(PERMITS, tiers=()))
    for account in (person("anna"), person("bo"), person("cia", SODER), person("dan", standby=False)):
        await desk.store.add_staff(account)
    await desk.store.put(Team(TeamId("first"), NORR, "First", frozenset({StaffId("bo"), StaffId("cia")})))
    await desk.store.put(replace(PERMITS, tiers=PERMITS.tiers[:1]))
    return desk


async def test_without_teams_everybody_of_the_library_who_wants_to_is_asked(desk: Desk) -> None:
    assert await desk.ask() == ["anna@example.org", "bo@example.org"]
    request = desk.notifier.requests[0]
    assert (request.cause, request.service_names, request.url) == (
        StandbyCause.LONG_WAITS,
        {Language.SV: "Hjälp"},
        "https://desk.test",
    )


async def test_with_teams_their_members_are_asked_also_those_of_a_neighbour(desk: Desk) -> None:
    assert await desk.ask(replace(NEEDED, service_id=PERMITS.id)) == ["bo@example.org", "cia@example.org"]


async def test_who_is_on_duty_or_may_not_sign_in_is_not_asked(desk: Desk) -> None:
    await desk.store.disable_staff(StaffId("bo"), SetClock().now())
    seats = {SeatId("s1"): Seat(SeatId("s1"), StaffId("anna"), "Anna", on_duty=True)}
    assert await desk.ask(line=LineState(seats=seats)) == []


async def test_a_seat_that_is_not_on_duty_is_nobody_on_duty(desk: Desk) -> None:
    seats = {SeatId("s1"): Seat(SeatId("s1"), StaffId("anna"), "Anna", on_duty=False)}
    assert "anna@example.org" in await desk.ask(line=LineState(seats=seats))


async def test_browsers_are_reached_and_those_that_are_gone_are_forgotten(desk: Desk) -> None:
    subscriptions = [PushSubscription(f"https://push.test/{n}", StaffId("anna"), "key", "auth") for n in (1, 2)]
    for subscription in subscriptions:
        await desk.store.add_push(subscription)
    desk.notifier.gone = frozenset({"https://push.test/1"})
    await desk.ask()
    assert len(desk.notifier.requests[0].push) == 2
    assert [x.endpoint for x in await desk.store.push_of(StaffId("anna"))] == ["https://push.test/2"]


async def test_who_cannot_be_reached_in_any_way_is_passed_over(desk: Desk) -> None:
    await desk.store.update_staff(person("anna", email=""))
    assert await desk.ask() == ["bo@example.org"]


async def test_a_service_that_was_removed_meanwhile_asks_nobody(desk: Desk) -> None:
    assert await desk.ask(replace(NEEDED, service_id=ServiceId("gone"))) == []


@pytest.mark.parametrize(
    ("speaks", "written"),
    [
        ({Language.SV, Language.EN}, Language.SV),
        ({Language.EN, Language.NB}, Language.NB),
        ({Language.EN}, Language.EN),
        (set(), Language.SV),
    ],
)
def test_people_are_written_to_in_the_librarys_language_or_one_that_they_speak(
    speaks: set[Language], written: Language
) -> None:
    library = Library(NORR, "Norr", Language.SV, "Europe/Stockholm")
    assert standby_module.language_of(replace(person("anna"), languages=frozenset(speaks)), library) is written


# --- beside the line ------------------------------------------------------------------------------------------


async def run_until_asked(desk: Desk, people: int) -> None:
    work = asyncio.create_task(desk.standby.run())
    async with asyncio.timeout(10):
        while len(desk.notifier.requests) < people:
            desk.notifier.asked.clear()
            await desk.notifier.asked.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    work.cancel()


@pytest.mark.expected_log("standby_not_reached.*OSError", level="ERROR", logger="signaling.service.standby")
async def test_a_way_to_people_that_fails_is_logged_without_addresses_and_the_next_is_asked(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.notifier.fails = True
    desk.standby.needed(NEEDED, LineState())
    await run_until_asked(desk, 2)
    assert "@" not in caplog.text


@pytest.mark.expected_log("standby_not_asked.*StoreError", level="ERROR", logger="signaling.service.standby")
async def test_a_database_that_is_away_does_not_end_the_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    all_staff = desk.store.all_staff

    async def away() -> object:
        asked.append(None)
        if len(asked) == 1:
            raise StoreError("away")
        return await all_staff()

    monkeypatch.setattr(desk.store, "all_staff", away)
    desk.standby.needed(NEEDED, LineState())
    desk.standby.needed(NEEDED, LineState())
    await run_until_asked(desk, 2)


@pytest.mark.expected_log("standby_not_asked.*QueueFull", level="ERROR", logger="signaling.service.standby")
async def test_more_requests_than_can_wait_are_dropped_and_block_nobody(desk: Desk) -> None:
    for _ in range(standby_module.MAX_WAITING + 1):
        desk.standby.needed(NEEDED, LineState())
