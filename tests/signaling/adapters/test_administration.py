"""What an operator does, on the fake store; the commands themselves are proven in `test_main`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from signaling.adapters import administration
from signaling.adapters.administration import CannotDo, NewKiosk
from signaling.adapters.auth.tokens import code_hash
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemIds
from signaling.domain.places import Library
from signaling.protocol.vocabulary import Language, Role
from signaling.service.ports import EnrolOutcome
from tests.support.identities import cheap_passwords

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
