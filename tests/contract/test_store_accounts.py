"""One contract for every store. Here: accounts, sessions, push, the action log, and what is forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.domain.places import Team
from signaling.protocol.vocabulary import Role, StaffId, VisitId, VisitState
from signaling.service.ports import Exists, PushSubscription, Store, StoreError
from tests.support.store_cases import (
    FULL_STAFF,
    KIOSK,
    LIBRARY,
    LINE,
    NOW,
    OTHER_LIBRARY,
    STAFF,
    TEAM,
    action,
    line,
    push,
    quality,
    saved,
    session,
    staff,
    visit,
    with_kiosk,
    with_places,
    with_staff,
)
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

# --- staff --------------------------------------------------------------------------------------------------


async def test_an_account_is_found_by_login_in_any_case_and_by_id(store: Store) -> None:
    await with_staff(store)
    assert await store.find_staff_by_login("ANNA") == staff()
    assert await store.find_staff(STAFF) == staff()
    assert await store.find_staff_by_login("bo") is None
    assert await store.find_staff(StaffId("p9")) is None


async def test_a_login_is_taken_in_any_case(store: Store) -> None:
    await with_staff(store)
    with pytest.raises(Exists):
        await store.add_staff(staff("Anna", "p2"))
    await store.add_staff(staff("Bo", "p2"))
    assert [person.login for person in await store.all_staff()] == ["anna", "bo"]


async def test_a_new_password_replaces_the_one_time_password(store: Store) -> None:
    await with_staff(store)
    await store.set_password(STAFF, "new")
    assert await store.find_staff(STAFF) == replace(staff(), password_hash="new", must_change_password=False)
    await store.set_password(STAFF, "again", must_change=True)
    assert await store.find_staff(STAFF) == replace(staff(), password_hash="again")


async def test_a_session_is_found_until_it_expires(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session())
    assert await store.find_session(b"t" * 32, NOW) == (session(), staff())
    assert await store.find_session(b"u" * 32, NOW) is None
    assert await store.find_session(b"t" * 32, NOW + timedelta(hours=12)) is None


async def test_a_session_that_was_removed_is_gone(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session(b"1" * 32))
    await store.add_session(session(b"2" * 32))
    await store.add_session(session(b"3" * 32))
    await store.remove_session(b"1" * 32)
    assert await store.find_session(b"1" * 32, NOW) is None
    assert await store.remove_sessions_of(STAFF) == 2
    assert await store.find_session(b"2" * 32, NOW) is None


async def test_a_disabled_account_has_no_sessions_any_more(store: Store) -> None:
    await with_staff(store)
    await store.add_session(session(b"1" * 32))
    assert await store.disable_staff(STAFF, NOW)
    assert not await store.disable_staff(STAFF, NOW)
    assert not await store.disable_staff(StaffId("p9"), NOW)
    assert await store.find_session(b"1" * 32, NOW) is None
    await store.add_session(session(b"2" * 32))  # a sign-in that was under way
    assert await store.find_session(b"2" * 32, NOW) is None
    assert await store.find_staff_by_login("anna") == replace(staff(), disabled_at=NOW)


async def test_an_account_is_enabled_again_once(store: Store) -> None:
    await with_staff(store)
    assert not await store.enable_staff(STAFF)
    await store.disable_staff(STAFF, NOW)
    assert await store.enable_staff(STAFF)
    assert await store.find_staff(STAFF) == staff()
    assert not await store.enable_staff(StaffId("p9"))


async def test_an_account_has_everything_that_it_was_made_with(store: Store) -> None:
    await with_places(store)
    await store.add_staff(FULL_STAFF)
    assert await store.all_staff() == [FULL_STAFF]


async def test_what_forms_keep_of_an_account_is_replaced_and_nothing_else(store: Store) -> None:
    await with_staff(store)
    new = replace(
        FULL_STAFF,
        name="Anna-Lena",
        roles=frozenset({Role.SERVICE_OWNER}),
        login="other",
        password_hash="other",
        must_change_password=False,
        library_id=OTHER_LIBRARY,
    )
    await store.update_staff(new)
    kept = {"login": "anna", "password_hash": "hash", "must_change_password": True, "library_id": LIBRARY}
    assert await store.find_staff(STAFF) == replace(new, disabled_at=None, **kept)  # type: ignore[arg-type]  # by name
    with pytest.raises(StoreError):
        await store.update_staff(staff("bo", "p9"))


# --- push ---------------------------------------------------------------------------------------------------


async def test_a_browser_takes_push_for_whom_it_was_given_last(store: Store) -> None:
    await with_staff(store)
    await store.add_staff(staff("bo", "p2"))
    await store.add_push(push("https://push.example/2"))
    await store.add_push(push("https://push.example/1"))
    await store.add_push(push("https://push.example/2"))
    assert await store.push_of(STAFF) == [push("https://push.example/1"), push("https://push.example/2")]
    newer = PushSubscription("https://push.example/1", StaffId("p2"), "new key", "new secret")
    await store.add_push(newer)
    assert await store.push_of(STAFF) == [push("https://push.example/2")]
    assert await store.push_of(StaffId("p2")) == [newer]
    await store.remove_push("https://push.example/2")
    await store.remove_push("https://push.example/9")
    assert await store.push_of(STAFF) == []


async def test_two_pages_of_one_browser_may_ask_for_push_at_once(opener: Opener) -> None:
    nodes = [await opener.open(), await opener.open()]
    await with_staff(nodes[0])
    await asyncio.gather(*(nodes[n % 2].add_push(push()) for n in range(6)))
    assert await nodes[0].push_of(STAFF) == [push()]


async def test_a_disabled_account_is_not_asked_by_push_any_more(store: Store) -> None:
    await with_staff(store)
    await store.add_push(push())
    await store.disable_staff(STAFF, NOW)
    assert await store.push_of(STAFF) == []


# --- the action log -----------------------------------------------------------------------------------------


async def test_the_log_of_a_library_comes_newest_first_before_a_time_and_bounded(store: Store) -> None:
    await with_places(store)
    entries = [action(f"e{n}", at=NOW + timedelta(seconds=n)) for n in range(4)]
    for entry in (*entries[2:], *entries[:2], action("theirs", library_id=OTHER_LIBRARY)):
        await store.add_action(entry)
    after_all = NOW + timedelta(hours=1)
    assert await store.actions(LIBRARY, before=after_all, limit=9) == entries[::-1]
    assert await store.actions(LIBRARY, before=after_all, limit=2) == [entries[3], entries[2]]
    assert await store.actions(LIBRARY, before=entries[2].at, limit=9) == [entries[1], entries[0]]
    with pytest.raises(Exists):
        await store.add_action(entries[0])


async def test_the_command_line_is_an_actor_without_an_account(store: Store) -> None:
    await with_places(store)
    entry = replace(action(), actor_id=StaffId(""), actor_name="", details={})
    await store.add_action(entry)
    assert await store.actions(LIBRARY, before=NOW + timedelta(seconds=1), limit=1) == [entry]


# --- housekeeping -------------------------------------------------------------------------------------------


async def test_retention_removes_what_is_old_and_nothing_else(store: Store) -> None:
    await with_kiosk(store)
    await store.add_staff(staff())
    await store.add_staff(staff("bo", "p2"))
    await store.disable_staff(STAFF, NOW)
    await store.add_session(replace(session(), staff_id=StaffId("p2")))
    await store.add_challenge(KIOSK, b"x" * 32, NOW + timedelta(seconds=60))
    await store.put(Team(TEAM, LIBRARY, "First line", frozenset({STAFF, StaffId("p2")})))
    await store.add_push(push())  # a page of the disabled account that was still open
    await store.add_action(action("old"))
    await store.add_action(action("new", at=NOW + timedelta(days=300)))
    ended = visit("ended", state=VisitState.ENDED, settled=True)
    await saved(store, line([ended, visit("open")]))
    await store.put_quality(quality("open"))
    await store.put_quality(quality("open", 2, at=NOW + timedelta(days=2)))

    untouched = await store.forget_expired(NOW)
    assert set(untouched.values()) == {0}

    removed = await store.forget_expired(NOW + timedelta(days=91))
    assert removed == {
        "visits": 1,
        "staff_sessions": 1,
        "staff": 1,
        "action_log": 0,
        "call_qualities": 1,
        "kiosk_health_points": 0,
        "kiosk_orders": 0,
        "alerts": 0,
        "enrolment_codes": 1,
        "challenges": 1,
    }
    assert removed.keys() == untouched.keys()
    assert await store.find_visit(VisitId("ended")) is None
    assert set((await store.read_line(LINE)).visits) == {"open"}
    assert [person.login for person in await store.all_staff()] == ["bo"]
    assert await store.push_of(STAFF) == []
    directory = await store.directory()
    assert directory.kiosks.keys() == {KIOSK}
    assert directory.teams[TEAM].members == {"p2"}

    assert (await store.forget_expired(NOW + timedelta(days=365)))["action_log"] == 1
    left = await store.actions(LIBRARY, before=NOW + timedelta(days=400), limit=9)
    assert [entry.id for entry in left] == ["new"]


async def test_what_a_call_was_like_is_kept_for_ninety_days(store: Store) -> None:
    await with_kiosk(store)
    await store.put_quality(quality())
    assert (await store.forget_expired(NOW + timedelta(days=90, seconds=-1)))["call_qualities"] == 0
    assert (await store.forget_expired(NOW + timedelta(days=90)))["call_qualities"] == 1
    assert await store.qualities(LIBRARY, before=NOW + timedelta(days=1), limit=9) == []


async def test_a_store_that_is_there_answers_a_ping(store: Store) -> None:
    await store.ping()
