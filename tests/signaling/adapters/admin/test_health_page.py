"""The health page's routes: every kiosk in use with what is known of it, worst first, and its history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from signaling.adapters.admin import PushDesk
from signaling.adapters.admin.health_page import MAX_POINTS, thinned
from signaling.adapters.store_memory import MemoryStore
from signaling.domain.alerts import Alert
from signaling.domain.health import KioskHealth
from signaling.domain.model import LineState, Visit
from signaling.domain.places import KioskOrder
from signaling.protocol.admin import ALERTS_SHOWN, HISTORY_DAYS, ORDERS_SHOWN, HealthHistory, HealthView
from signaling.protocol.health import AlertScope, HealthCode, HealthNumber, Light, OrderKind, TestKind
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    LineId,
    MediaEngine,
    Party,
    PathQuality,
    ServiceId,
    StaffId,
    VisitId,
    VisitState,
)
from signaling.service.health_ports import HealthPoint
from signaling.service.ports import PushSubscription, QualityRecord, Store
from tests.signaling.adapters.admin.world import AUTH, NORR, NOW, P256DH, PUSH_ENDPOINT, SV, World, problem_of, world_on
from tests.support.stores import opener, sqlite_template, store, store_url

__all__ = ["opener", "sqlite_template", "store", "store_url"]

K1, K2 = KioskId("k1"), KioskId("k2")
C = HealthCode
WELL = KioskHealth(
    K1,
    connected=True,
    changed_at=NOW - timedelta(hours=3),
    reported_at=NOW - timedelta(minutes=2),
    test=TestKind.LIGHT,
    tested_at=NOW - timedelta(hours=6),
    drawn_at=NOW - timedelta(minutes=2),
    numbers={HealthNumber.CAMERA_FPS: 29.5},
    software="1.4.0",
    engine=MediaEngine.LIBWEBRTC,
    instance="i1",
    mended_at=NOW - timedelta(days=2),
)


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with world_on(MemoryStore()) as world:
        yield world


async def page(world: World, by: str = "branch_admin") -> Any:
    response = await world.ask(by, "GET", "/api/admin/health")
    assert response.status == 200, await response.text()
    return await response.json()


async def row(world: World, kiosk: str = "k1") -> Any:
    return next(row for row in (await page(world))["kiosks"] if row["kiosk_id"] == kiosk)


async def history(world: World, kiosk: str = "k1") -> Any:
    response = await world.ask("branch_admin", "GET", f"/api/admin/health/{kiosk}/history")
    assert response.status == 200, await response.text()
    return await response.json()


def told(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
async def test_a_kiosk_is_shown_with_all_that_is_known_of_it(store: Store) -> None:
    async with world_on(store) as world:
        broken = replace(WELL, findings={C.TOO_HOT: NOW - timedelta(hours=2), C.MICROPHONE_DEAF: NOW})
        await world.store.put_health(broken)
        found = await page(world)
        assert HealthView.model_validate(found).model_dump(mode="json") == found
        assert found["now"] == told(NOW)
        (first, second) = found["kiosks"]
        assert first == {
            "kiosk_id": "k1",
            "branch_id": "burtrask",
            "name": "k1",
            "light": "red",
            "since": told(NOW),
            "findings": [
                {"code": "microphone_deaf", "area": "sound", "light": "red", "since": told(NOW)},
                {"code": "too_hot", "area": "machine", "light": "amber", "since": told(NOW - timedelta(hours=2))},
            ],
            "connected": True,
            "seen_at": told(NOW),
            "reported_at": told(NOW - timedelta(minutes=2)),
            "test": "light",
            "tested_at": told(NOW - timedelta(hours=6)),
            "drawn_at": told(NOW - timedelta(minutes=2)),
            "numbers": {"camera_fps": 29.5},
            "version": "1.4.0",
            "version_asked": "",
            "engine": "libwebrtc",
            "call_at": None,
            "call_worst": None,
            "locked": False,
            "lock_texts": {},
            "pin_set": False,
            "in_visit": False,
            "orders": [],
        }
        assert (second["kiosk_id"], second["light"], second["since"], second["seen_at"]) == ("k2", "grey", None, None)


async def test_the_worst_come_first(world: World) -> None:
    await world.store.put_health(WELL)
    assert [row["light"] for row in (await page(world))["kiosks"]] == ["grey", "green"]
    await world.store.put_health(replace(WELL, kiosk_id=K2, findings={C.TOO_HOT: NOW}))
    assert [row["kiosk_id"] for row in (await page(world))["kiosks"]] == ["k2", "k1"]
    await world.store.put_health(replace(WELL, connected=False, changed_at=NOW - timedelta(minutes=1)))
    assert [row["light"] for row in (await page(world))["kiosks"]] == ["red", "amber"]


async def test_a_kiosk_that_is_away_was_seen_last_when_it_went(world: World) -> None:
    went = NOW - timedelta(minutes=1)
    await world.store.put_health(replace(WELL, connected=False, changed_at=went))
    found = await row(world)
    assert (found["findings"][0]["code"], found["seen_at"], found["since"]) == ("away", told(went), told(went))


async def test_kiosks_of_others_and_those_out_of_use_are_not_shown(world: World) -> None:
    await world.store.revoke_kiosk(K2, NOW)
    assert [row["kiosk_id"] for row in (await page(world))["kiosks"]] == ["k1"]
    assert [row["kiosk_id"] for row in (await page(world, "fjarran-admin"))["kiosks"]] == ["far"]


async def test_the_last_call_is_shown_with_its_worst_word_at_either_end(world: World) -> None:
    def path(visit: str, party: Party, worst: PathQuality, minutes: int) -> QualityRecord:
        at = NOW - timedelta(minutes=minutes)
        return QualityRecord(VisitId(visit), 1, party, K1, BranchId("burtrask"), NORR, at, 20.0, worst=worst)

    for record in (
        path("v1", Party.VISITOR, PathQuality.SOUND_ONLY, 60),
        path("v2", Party.VISITOR, PathQuality.GOOD, 9),
        path("v2", Party.STAFF, PathQuality.POOR, 10),
    ):
        await world.store.put_quality(record)
    found = await row(world)
    assert (found["call_at"], found["call_worst"]) == (told(NOW - timedelta(minutes=9)), "poor")


async def test_a_lock_a_version_and_the_latest_orders_are_shown(world: World) -> None:
    kiosk = await world.store.find_kiosk(K1)
    assert kiosk is not None
    await world.store.change_kiosk(replace(kiosk, locked=True, lock_texts={SV: "Byts i dag."}, version="1.5.0"))
    for number in range(ORDERS_SHOWN + 2):
        at = NOW + timedelta(seconds=number)
        order = KioskOrder(f"o{number}", K1, NORR, OrderKind.TEST, StaffId("anna"), "Anna", at, at)
        await world.store.add_order(order)
    found = await row(world)
    assert (found["locked"], found["lock_texts"], found["version_asked"]) == (True, {"sv": "Byts i dag."}, "1.5.0")
    assert [order["id"] for order in found["orders"]] == [f"o{number}" for number in range(11, 1, -1)]


async def test_alerts_are_shown_the_newest_first(world: World) -> None:
    for number in range(ALERTS_SHOWN + 1):
        at = NOW + timedelta(seconds=number)
        alert = Alert(f"a{number}", NORR, AlertScope.KIOSK, BranchId("burtrask"), (K1,), C.AWAY, at, told_at=NOW)
        await world.store.put_alert(alert)
    alerts = (await page(world))["alerts"]
    assert [alert["id"] for alert in alerts] == [f"a{number}" for number in range(ALERTS_SHOWN, 0, -1)]
    assert alerts[0] == {
        "id": "a20",
        "scope": "kiosk",
        "branch_id": "burtrask",
        "kiosk_ids": ["k1"],
        "code": "away",
        "found_at": told(NOW + timedelta(seconds=20)),
        "told_at": told(NOW),
        "mended_at": None,
    }


def wants_alerts(login: str = "branch_admin", email: str = "") -> Any:
    async def settle(world: World) -> None:
        person = await world.store.find_staff_by_login(login)
        assert person is not None
        await world.store.update_staff(replace(person, alerts=True, email=email))

    return settle


@pytest.mark.parametrize(
    ("email", "browser", "ways", "told"),
    [
        ("", False, PushDesk(key="k", has_email=True), False),
        ("siv@example.org", False, PushDesk(key="k", has_email=True), True),
        ("siv@example.org", False, PushDesk(key="k"), False),
        ("", True, PushDesk(key="k"), True),
        ("", True, PushDesk(has_email=True), False),
    ],
)
async def test_somebody_is_told_who_wants_to_be_and_can_be_reached(
    email: str, browser: bool, ways: PushDesk, told: bool
) -> None:
    async with world_on(MemoryStore(), push=ways) as world:
        assert not (await page(world))["anybody_told"]
        await wants_alerts(email=email)(world)
        if browser:
            await world.store.add_push(PushSubscription(PUSH_ENDPOINT, StaffId("branch_admin"), P256DH, AUTH))
        assert (await page(world))["anybody_told"] is told


async def test_who_may_not_see_the_page_is_nobody_who_is_told() -> None:
    async with world_on(MemoryStore(), push=PushDesk(has_email=True)) as world:
        await wants_alerts("librarian", "lib@example.org")(world)
        assert not (await page(world))["anybody_told"]


@pytest.mark.parametrize(("hours", "quiet"), [((0, 0), False), ((9 * 60, 11 * 60), True), ((22 * 60, 7 * 60), False)])
async def test_a_quiet_hour_is_told_by_the_librarys_own_clock(
    world: World, hours: tuple[int, int], quiet: bool
) -> None:
    library = (await world.store.directory()).libraries[NORR]
    await world.store.put(replace(library, alert_quiet_from_min=hours[0], alert_quiet_to_min=hours[1]))
    assert (await page(world))["quiet"] is quiet  # it is ten o'clock in Stockholm


async def test_that_a_pin_is_set_is_told_and_nothing_of_it(world: World) -> None:
    assert not (await row(world))["pin_set"]
    answer = await world.ask("branch_admin", "POST", "/api/admin/kiosks/k1/pin", {"pin": "482913"})
    assert answer.status == 200
    found = await row(world)
    assert found["pin_set"] is True
    assert "scrypt" not in str(found)


async def test_a_kiosk_with_a_visit_on_its_screen_says_so() -> None:
    visit = Visit(VisitId("v1"), K1, BranchId("burtrask"), ServiceId("help"), SV, "tap", NOW, state=VisitState.TALKING)

    def last_known(line_id: LineId) -> LineState | None:
        return LineState(visits={visit.id: visit}) if line_id == "norr" else None

    async with world_on(MemoryStore(), last_known=last_known) as world:
        assert [(row["kiosk_id"], row["in_visit"]) for row in (await page(world))["kiosks"]] == [
            ("k1", True),
            ("k2", False),
        ]


@pytest.mark.parametrize("path", ["/api/admin/health", "/api/admin/health/k1/history"])
async def test_who_may_not_see_the_health_page_is_refused(world: World, path: str) -> None:
    assert (await problem_of(await world.ask("librarian", "GET", path)))[:2] == (403, "forbidden")


# --- the history --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
async def test_the_history_goes_back_a_month_oldest_first(store: Store) -> None:
    async with world_on(store) as world:
        for days in (HISTORY_DAYS + 1, HISTORY_DAYS - 1, 0):
            point = HealthPoint(
                K1,
                NORR,
                NOW - timedelta(days=days),
                TestKind.NIGHTLY,
                Light.AMBER,
                (C.TOO_HOT,),
                {HealthNumber.TEMPERATURE_C: 80.0 + days},
            )
            await world.store.add_health_point(point)
        found = await history(world)
        assert HealthHistory.model_validate(found).model_dump(mode="json") == found
        assert found["points"] == [
            {
                "at": told(NOW - timedelta(days=days)),
                "test": "nightly",
                "light": "amber",
                "findings": ["too_hot"],
                "numbers": {"temperature_c": 80.0 + days},
            }
            for days in (HISTORY_DAYS - 1, 0)
        ]


async def test_the_history_of_another_library_s_kiosk_is_not_found(world: World) -> None:
    for kiosk in ("far", "nowhere"):
        response = await world.ask("branch_admin", "GET", f"/api/admin/health/{kiosk}/history")
        assert (await problem_of(response))[:2] == (404, "not_found")


@pytest.mark.parametrize(("count", "kept"), [(0, 0), (MAX_POINTS, MAX_POINTS), (MAX_POINTS + 1, MAX_POINTS // 2 + 1)])
def test_a_long_history_is_told_thinned_with_its_latest_point(count: int, kept: int) -> None:
    points = [HealthPoint(K1, NORR, NOW + timedelta(minutes=n), TestKind.LIGHT, Light.GREEN) for n in range(count)]
    found = thinned(points)
    assert len(found) == kept
    assert list(found) == sorted(found, key=lambda point: point.at)
    assert found[-1:] == points[-1:]
