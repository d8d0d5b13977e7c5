"""What an operator does, on the fake store; the commands themselves are proven in `test_main`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from signaling.adapters import administration
from signaling.adapters.administration import CannotDo, NewKiosk
from signaling.adapters.auth.tokens import code_hash
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemIds
from signaling.domain.model import Deadline, DeadlineKind, Standing
from signaling.domain.places import Library, Service, Team, Tier
from signaling.protocol.vocabulary import Language, Role, TeamId
from signaling.service.ports import EnrolOutcome
from tests.support.identities import cheap_passwords
from tests.support.store_cases import line, visit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
IDS = SystemIds()


async def library(store: MemoryStore, name: str = "Norr") -> Library:
    return await administration.init_library(store, IDS, name, Language.SV, "Europe/Stockholm")


async def kiosk(store: MemoryStore, branch: str, name: str = "") -> NewKiosk:
    return await administration.add_kiosk(store, IDS, branch, name, NOW, DAY)


async def test_the_services_of_two_libraries_have_ids_of_their_own() -> None:
    store = MemoryStore()
    first, second = await library(store, "Norr"), await library(store, "Söder")
    services = (await store.directory()).services
    assert [service.library_id for service in services.values()] == [first.id, second.id]
    assert next(iter(services)) == "library-help"


async def test_a_code_enrols_exactly_the_kiosk_that_it_was_made_for_and_for_a_day() -> None:
    store = MemoryStore()
    await library(store)
    await administration.add_branch(store, IDS, " Burträsk ", "0914-1", "", "")
    first, second = await kiosk(store, "burträsk"), await kiosk(store, "Burträsk", "Children")
    assert (first.kiosk.name, second.kiosk.name) == ("Kiosk 1", "Children")
    assert first.expires_at == NOW + DAY
    outcome, enrolled = await store.enrol_kiosk(code_hash(second.code), b"k" * 32, NOW)
    assert outcome is EnrolOutcome.ENROLLED
    assert enrolled is not None
    assert enrolled.id == second.kiosk.id


async def test_of_branches_with_the_same_name_one_is_told_by_its_id() -> None:
    store = MemoryStore()
    for name in ("Norr", "Söder"):
        await library(store, name)
        await administration.add_branch(store, IDS, "Centrum", "1", "", name)
    with pytest.raises(CannotDo, match="several branches are named 'Centrum'; give the id"):
        await kiosk(store, "Centrum")
    wanted = list((await store.directory()).branches)[1]
    assert (await kiosk(store, wanted)).branch.id == wanted


async def test_an_account_has_the_one_time_password_that_was_given_back() -> None:
    store, passwords = MemoryStore(), cheap_passwords()
    await library(store)
    password = await administration.add_staff(store, IDS, passwords, " Anna ", "Anna", [Role.LIBRARIAN], "")
    anna = await store.find_staff_by_login("anna")
    assert anna is not None
    assert anna.must_change_password
    assert await passwords.verify(anna.password_hash, password)


async def test_without_a_library_the_command_that_makes_one_is_named() -> None:
    with pytest.raises(CannotDo, match="library init NAME"):
        await administration.add_branch(MemoryStore(), IDS, "Centrum", "1", "", "")


@pytest.mark.parametrize("text", ["", "  ", "x" * 81, "two\nlines", "bell\x07"])
def test_a_text_that_would_not_fit_is_refused(text: str) -> None:
    with pytest.raises(CannotDo, match="the name must have 1 to 80 printable characters"):
        administration.checked_text(text, "the name")


async def test_notes_are_bounded() -> None:
    store = MemoryStore()
    await library(store)
    with pytest.raises(CannotDo, match="longer than 4000"):
        await administration.add_branch(store, IDS, "Centrum", "1", "x" * 4001, "")


# --- public holidays and people -----------------------------------------------------------------------------


async def test_a_library_has_public_holidays_only_if_its_country_is_named() -> None:
    store = MemoryStore()
    none = await library(store, "Norr")
    some = await administration.init_library(store, IDS, "Söder", Language.SV, "Europe/Stockholm", " se", ["SE", "NO"])
    assert (none.country, some.country) == ("", "SE")
    assert (await store.directory()).libraries[some.id] == some


async def test_a_country_whose_holidays_nobody_knows_is_refused() -> None:
    store = MemoryStore()
    with pytest.raises(CannotDo, match="holidays of 'SVERIGE' are not known; write two letters"):
        await administration.init_library(store, IDS, "Norr", Language.SV, "Europe/Stockholm", "Sverige", ["SE"])
    assert (await store.directory()).libraries == {}


async def test_an_account_speaks_every_language_unless_some_are_named() -> None:
    store, passwords = MemoryStore(), cheap_passwords()
    await library(store)
    await administration.add_staff(store, IDS, passwords, "anna", "Anna", [Role.LIBRARIAN], "")
    await administration.add_staff(
        store,
        IDS,
        passwords,
        "bo",
        "Bo",
        [Role.LIBRARIAN],
        "",
        languages=administration.languages_in("sv, EN"),
        email=" bo@norr.example ",
        standby=True,
    )
    anna, bo = await store.all_staff()
    assert (anna.languages, anna.email, anna.standby) == (frozenset(Language), "", False)
    assert (bo.languages, bo.email, bo.standby) == (frozenset({Language.SV, Language.EN}), "bo@norr.example", True)


@pytest.mark.parametrize("text", ["", "sv,", "sv;en", "swedish"])
def test_a_language_that_there_is_not_is_named_with_those_that_there_are(text: str) -> None:
    with pytest.raises(CannotDo, match=r"there is no language '.*'; write some of: sv,nb,en"):
        administration.languages_in(text)


@pytest.mark.parametrize("email", ["anna", "anna@", "a b@norr.example", "anna@norr", "x" * 250 + "@norr.example"])
async def test_what_is_no_address_is_refused(email: str) -> None:
    store = MemoryStore()
    await library(store)
    with pytest.raises(CannotDo, match="is no e-mail address"):
        await administration.add_staff(store, IDS, cheap_passwords(), "anna", "Anna", [], "", email=email)
    assert await store.all_staff() == []


@pytest.mark.parametrize("login", ["anna lena", "a/b", 'a"b', "<anna>"])
async def test_a_login_that_no_form_would_take_is_refused(login: str) -> None:
    store = MemoryStore()
    await library(store)
    with pytest.raises(CannotDo, match="a login has no blanks"):
        await administration.add_staff(store, IDS, cheap_passwords(), login, "Anna", [], "")


# --- alerts -------------------------------------------------------------------------------------------------


async def added(store: MemoryStore, login: str, role: Role, email: str = "", alerts: bool | None = None) -> bool:
    """Whether the new account is told of alerts."""
    passwords = cheap_passwords()
    await administration.add_staff(store, IDS, passwords, login, "A", [role], "Norr", email=email, alerts=alerts)
    person = await store.find_staff_by_login(login)
    assert person is not None
    return person.alerts


async def test_the_first_who_can_be_told_of_alerts_is_told_and_no_other_without_being_asked() -> None:
    store = MemoryStore()
    await neighbours(store)
    assert not await added(store, "anna", Role.LIBRARIAN, "anna@norr.example"), "may not see the kiosks' health"
    assert not await added(store, "bo", Role.SERVICE_OWNER), "cannot be reached"
    assert await added(store, "kim", Role.SERVICE_OWNER, "kim@norr.example")
    assert not await added(store, "siv", Role.BRANCH_ADMIN, "siv@norr.example"), "somebody is told already"


@pytest.mark.parametrize(("email", "alerts"), [("kim@norr.example", False), ("", True)])
async def test_who_says_so_is_told_of_alerts_or_not(email: str, alerts: bool) -> None:
    store = MemoryStore()
    await neighbours(store)
    assert await added(store, "kim", Role.SERVICE_OWNER, email, alerts) is alerts


async def test_alerts_are_switched_on_and_off() -> None:
    store = MemoryStore()
    await neighbours(store)
    await added(store, "siv", Role.BRANCH_ADMIN)
    for wanted in (True, False):
        assert (await administration.set_alerts(store, "siv", wanted=wanted)).alerts is wanted
        assert (await store.all_staff())[0].alerts is wanted


async def test_alerts_are_refused_to_who_would_be_told_nothing() -> None:
    store = MemoryStore()
    await neighbours(store)
    with pytest.raises(CannotDo, match="roles: branch_admin, service_owner, system_admin"):
        await added(store, "anna", Role.LIBRARIAN, alerts=True)
    assert await store.all_staff() == []
    await added(store, "anna", Role.LIBRARIAN)
    with pytest.raises(CannotDo, match="roles: branch_admin"):
        await administration.set_alerts(store, "anna", wanted=True)
    await added(store, "siv", Role.BRANCH_ADMIN)
    await administration.disable_staff(store, "siv", datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(CannotDo, match="'siv' is disabled"):
        await administration.set_alerts(store, "siv", wanted=True)


# --- lines --------------------------------------------------------------------------------------------------


async def neighbours(store: MemoryStore) -> tuple[Library, Library]:
    return await library(store, "Norr"), await library(store, "Söder")


async def line_of(store: MemoryStore, library: Library) -> str:
    return (await store.directory()).libraries[library.id].line


async def test_a_library_joins_the_line_of_another_and_leaves_it_again() -> None:
    store = MemoryStore()
    norr, soder = await neighbours(store)
    assert await administration.join_line(store, "söder", "NORR") == norr
    assert await line_of(store, soder) == norr.id
    assert await line_of(store, norr) == norr.id
    await administration.leave_line(store, soder.id)
    assert await line_of(store, soder) == soder.id


async def test_who_joins_a_library_that_stands_in_a_third_ones_line_stands_there_too() -> None:
    store = MemoryStore()
    norr, _ = await neighbours(store)
    vaster = await library(store, "Väster")
    await administration.join_line(store, "Söder", "Norr")
    await administration.join_line(store, "Väster", "Söder")
    assert await line_of(store, vaster) == norr.id


@pytest.mark.parametrize(
    ("library_name", "other", "sentence"),
    [
        ("Söder", "Söder", "joins the line of another one"),
        ("Söder", "Nowhere", "there is no library 'Nowhere'; there are: Norr, Söder, Väster"),
        ("", "Norr", "say which library with --library"),
        ("Väster", "Norr", "stand in the same line already"),
        ("Norr", "Söder", "Norr shares its line with Väster; first: .* library leave"),
    ],
)
async def test_what_is_no_change_of_line_is_refused(library_name: str, other: str, sentence: str) -> None:
    store = MemoryStore()
    norr, soder = await neighbours(store)
    vaster = await library(store, "Väster")
    await administration.join_line(store, "Väster", "Norr")
    with pytest.raises(CannotDo, match=sentence):
        await administration.join_line(store, library_name, other)
    assert [await line_of(store, each) for each in (norr, soder, vaster)] == [norr.id, soder.id, norr.id]


async def test_a_library_with_its_own_line_has_none_to_leave() -> None:
    store = MemoryStore()
    await neighbours(store)
    with pytest.raises(CannotDo, match="Norr has a line of its own already"):
        await administration.leave_line(store, "Norr")


async def test_a_library_with_a_visit_that_goes_on_stays_in_its_line() -> None:
    store = MemoryStore()
    _, soder = await neighbours(store)
    branch = await administration.add_branch(store, IDS, "Lund", "1", "", "Söder")
    async with store.line(soder.line) as transaction:
        await transaction.save(await transaction.load(), line([visit(branch_id=branch.id)]))
    with pytest.raises(CannotDo, match="Söder has visits that go on; try again when they have ended"):
        await administration.join_line(store, "Söder", "Norr")
    assert await line_of(store, soder) == soder.id


@pytest.mark.parametrize(("name", "other", "emptied"), [("Söder", "Norr", True), ("Norr", "Söder", False)])
async def test_a_line_in_which_nobody_stands_any_more_keeps_no_hours(name: str, other: str, emptied: bool) -> None:
    store = MemoryStore()
    norr, soder = await neighbours(store)
    hours = Deadline(DeadlineKind.HOURS, "library-help", NOW)
    grace = Deadline(DeadlineKind.SEAT_GRACE, "s1", NOW)
    async with store.line(soder.line) as transaction:
        there = line(standings=[Standing("library-help")], deadlines=[hours, grace])
        await transaction.save(await transaction.load(), there)
    await administration.join_line(store, name, other)
    left = await store.read_line(soder.line)
    assert left == (line(deadlines=[grace]) if emptied else there)
    assert await line_of(store, norr) == (norr.id if emptied else soder.id)


async def test_a_library_stays_while_a_service_rings_a_team_of_the_other_side() -> None:
    store = MemoryStore()
    norr, soder = await neighbours(store)
    await administration.join_line(store, "Söder", "Norr")
    await store.put(Team(TeamId("t1"), norr.id, "Backup"))
    service = next(each for each in (await store.directory()).services.values() if each.library_id == soder.id)
    await store.put(ringing(service, "t1"))
    with pytest.raises(CannotDo, match="a service still rings the team 'Backup' of the other side"):
        await administration.leave_line(store, "Söder")
    await store.put(service)
    await administration.leave_line(store, "Söder")


async def test_a_library_stays_while_a_team_has_members_of_both_sides() -> None:
    store = MemoryStore()
    norr, _ = await neighbours(store)
    await administration.add_staff(store, IDS, cheap_passwords(), "bo", "Bo", [Role.LIBRARIAN], "Söder")
    bo = (await store.all_staff())[0]
    await administration.join_line(store, "Söder", "Norr")
    await store.put(Team(TeamId("t1"), norr.id, "Backup", frozenset({bo.id})))
    with pytest.raises(CannotDo, match="the team 'Backup' has members of both sides"):
        await administration.leave_line(store, "Söder")


def ringing(service: Service, team_id: str) -> Service:
    return replace(service, tiers=(Tier(TeamId(team_id), 20),))
