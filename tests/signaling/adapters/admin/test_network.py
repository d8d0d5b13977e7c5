"""What the forms show of calls and of the relay, and that nobody asks for a relay that is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.store_memory import MemoryStore
from signaling.protocol.admin import CALLS_A_PAGE, CallRow, CallsPage, NetworkView
from signaling.protocol.vocabulary import BranchId, KioskId, Party, RelayFinding, RelayTransport
from signaling.service.ports import QualityRecord, RelayStatus, Store
from tests.signaling.adapters.admin.walk import BRANCH_FORM
from tests.signaling.adapters.admin.world import FJARRAN, NORR, NOW, RELAY_URL, World, problem_of, world_on
from tests.support import store_cases
from tests.support.stores import opener, sqlite_template, store, store_url

__all__ = ["opener", "sqlite_template", "store", "store_url"]


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with world_on(MemoryStore()) as world:
        yield world


def record(visit_id: str, **values: Any) -> QualityRecord:
    plain = store_cases.quality(visit_id, kiosk_id=KioskId("k1"), branch_id=BranchId("burtrask"), library_id=NORR)
    return replace(plain, **{"at": NOW, **values})


async def page(world: World, query: str = "", login: str = "branch_admin") -> Any:
    response = await world.ask(login, "GET", f"/api/admin/calls{query}")
    assert response.status == 200, await response.text()
    return await response.json()


# --- calls --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
async def test_a_call_is_shown_as_it_was_told(store: Store) -> None:
    async with world_on(store) as world:
        told = replace(
            store_cases.FULL_QUALITY, kiosk_id=KioskId("k1"), branch_id=BranchId("burtrask"), library_id=NORR, at=NOW
        )
        await world.store.put_quality(told)
        found = await page(world)
        assert CallsPage.model_validate(found).model_dump(mode="json") == found
        (row,) = found["entries"]
        assert row.keys() == CallRow.model_fields.keys()
        assert (row["worst"], row["relayed"], row["relay"]) == ("sound_only", True, "tls")
        assert (row["faults"], row["troubles"]) == (
            ["nothing_leaves", "no_picture"],
            ["relay_refused", "no_candidates"],
        )
        assert (row["round_trip_ms"], row["loss_in_percent"], row["freezes"]) == (61.5, 2.25, 3)
        assert (row["at"], row["branch_id"], row["kiosk_id"]) == ("2026-03-02T09:00:00Z", "burtrask", "k1")


async def test_calls_are_read_page_by_page_newest_first(world: World) -> None:
    for number in range(CALLS_A_PAGE + 5):
        await world.store.put_quality(record(f"v{number}", at=NOW + timedelta(seconds=number)))
    world.clock.time = NOW + timedelta(minutes=5)
    first = await page(world)
    assert [row["visit_id"] for row in first["entries"]] == [f"v{n}" for n in range(CALLS_A_PAGE + 4, 4, -1)]
    second = await page(world, f"?before={first['next_before']}")
    assert [row["visit_id"] for row in second["entries"]] == ["v4", "v3", "v2", "v1", "v0"]
    assert second["next_before"] is None


async def test_a_call_of_this_very_moment_is_on_the_first_page(world: World) -> None:
    await world.store.put_quality(record("v1"))
    assert len((await page(world))["entries"]) == 1


async def test_the_calls_of_one_kiosk_are_asked_for_by_its_id(world: World) -> None:
    await world.store.put_quality(record("v1"))
    await world.store.put_quality(record("v2", kiosk_id=KioskId("k2"), party=Party.STAFF))
    found = await page(world, "?kiosk=k2")
    assert [(row["visit_id"], row["party"]) for row in found["entries"]] == [("v2", "staff")]


async def test_nobody_sees_the_calls_of_another_library(world: World) -> None:
    await world.store.put_quality(record("v1"))
    await world.store.put_quality(record("theirs", library_id=FJARRAN, kiosk_id=KioskId("far")))
    assert [row["visit_id"] for row in (await page(world))["entries"]] == ["v1"]
    assert [row["visit_id"] for row in (await page(world, login="fjarran-admin"))["entries"]] == ["theirs"]
    refused = await world.ask("fjarran-admin", "GET", "/api/admin/calls?kiosk=k1")
    assert await problem_of(refused) == (404, "not_found", "")


@pytest.mark.parametrize("before", ["yesterday", "2026-03-02T09:00:00"])
async def test_a_time_that_is_none_is_refused(world: World, before: str) -> None:
    refused = await world.ask("system_admin", "GET", f"/api/admin/calls?before={before}")
    assert await problem_of(refused) == (422, "wrong", "before")


# --- the relay ----------------------------------------------------------------------------------------------


async def network(world: World) -> Any:
    response = await world.ask("branch_admin", "GET", "/api/admin/network")
    assert response.status == 200, await response.text()
    found = await response.json()
    assert NetworkView.model_validate(found).model_dump(mode="json") == found
    return found


async def test_the_relay_is_shown_as_it_was_found_and_since_when(world: World) -> None:
    assert (await network(world))["relays"] == [
        {"url": RELAY_URL, "transport": "udp", "finding": None, "since": None, "checked_at": None}
    ]
    world.relays[:] = [
        RelayStatus(RELAY_URL, RelayTransport.UDP, RelayFinding.REFUSED, NOW, NOW + timedelta(minutes=5))
    ]
    assert (await network(world))["relays"] == [
        {
            "url": RELAY_URL,
            "transport": "udp",
            "finding": "refused",
            "since": "2026-03-02T09:00:00Z",
            "checked_at": "2026-03-02T09:05:00Z",
        }
    ]


async def test_own_branches_that_depend_on_the_relay_are_named(world: World) -> None:
    assert (await network(world))["relay_only_branches"] == []
    kept = await world.kept("branches", "burtrask")
    changed = await world.ask(
        "branch_admin", "PUT", "/api/admin/branches/burtrask", {**kept, "relay_only": True}, revision=kept["revision"]
    )
    assert changed.status == 200
    assert (await network(world))["relay_only_branches"] == ["burtrask"]
    assert (await world.store.directory()).branches[BranchId("burtrask")].relay_only


@pytest_asyncio.fixture
async def bare() -> AsyncIterator[World]:
    """An installation without a relay."""
    async with world_on(MemoryStore(), has_relay=False) as world:
        yield world


async def test_without_a_relay_no_branch_may_send_everything_through_it(bare: World) -> None:
    world = bare
    assert (await world.view())["relay_available"] is False
    kept = await world.kept("branches", "burtrask")
    changed = await world.ask(
        "branch_admin", "PUT", "/api/admin/branches/burtrask", {**kept, "relay_only": True}, revision=kept["revision"]
    )
    assert await problem_of(changed) == (422, "no_relay", "relay_only")
    added = await world.ask("system_admin", "POST", "/api/admin/branches", {**BRANCH_FORM, "relay_only": True})
    assert await problem_of(added) == (422, "no_relay", "relay_only")


async def test_a_branch_that_lost_its_relay_can_still_be_changed_and_freed_of_it(bare: World) -> None:
    world = bare
    branch = (await world.store.directory()).branches[BranchId("burtrask")]
    await world.store.put(replace(branch, relay_only=True))
    for changes in ({"phone": "0914-200"}, {"relay_only": False}):
        kept = await world.kept("branches", "burtrask")
        changed = await world.ask(
            "branch_admin", "PUT", "/api/admin/branches/burtrask", {**kept, **changes}, revision=kept["revision"]
        )
        assert changed.status == 200
    assert not (await world.store.directory()).branches[BranchId("burtrask")].relay_only


async def test_a_new_kiosk_may_be_one_to_hold_a_button_on(world: World) -> None:
    form = {"branch_id": "boliden", "name": "Vid trappan", "push_to_talk": True}
    added = await (await world.ask("branch_admin", "POST", "/api/admin/kiosks", form)).json()
    assert (await world.kept("kiosks", added["kiosk_id"]))["push_to_talk"] is True
    assert (await world.store.directory()).kiosks[added["kiosk_id"]].push_to_talk
