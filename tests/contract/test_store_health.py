"""One contract for every store. Here: how kiosks are, what is asked of them, and what people were told."""

from __future__ import annotations

import asyncio
from dataclasses import MISSING, fields, replace
from datetime import timedelta

import pytest

from signaling.domain.health import KioskHealth
from signaling.domain.places import Kiosk
from signaling.protocol.health import (
    ORDER_EXPIRES_S,
    AlertScope,
    HealthCode,
    Light,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
)
from signaling.protocol.vocabulary import BranchId, KioskId, LibraryId
from signaling.service.ports import Exists, Store, StoreError
from tests.support.store_cases import (
    BRANCH,
    FULL_ALERT,
    FULL_HEALTH,
    FULL_KIOSK,
    FULL_ORDER,
    FULL_POINT,
    KIOSK,
    LIBRARY,
    NOW,
    OTHER_LIBRARY,
    alert,
    order,
    point,
    with_kiosk,
)
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

OTHER_KIOSK = KioskId("k2")
UNKNOWN = KioskId("k9")
SINCE = NOW - timedelta(days=30)
LATER = NOW + timedelta(minutes=10)


async def with_two_kiosks(store: Store) -> None:
    """The usual kiosk and another one."""
    await with_kiosk(store)
    await store.add_kiosk(Kiosk(OTHER_KIOSK, BRANCH, "Upstairs", None), b"d" * 32, LATER)


@pytest.mark.parametrize("sample", [FULL_KIOSK, FULL_HEALTH, FULL_POINT, FULL_ORDER, FULL_ALERT])
def test_a_sample_differs_from_every_default_so_that_a_forgotten_column_shows(store_url: str, sample: object) -> None:
    same = [
        field.name
        for field in fields(sample)  # type: ignore[arg-type]  # dataclasses, all of them
        if getattr(sample, field.name)
        == (field.default if field.default_factory is MISSING else field.default_factory())
    ]
    assert same == []


# --- how it is ----------------------------------------------------------------------------------------------


async def test_a_kiosk_s_health_has_everything_that_it_was_put_with(store: Store) -> None:
    await with_two_kiosks(store)
    assert await store.find_health(KIOSK) is None
    assert await store.all_health() == []
    other = KioskHealth(OTHER_KIOSK, connected=False, changed_at=NOW)
    for health in (other, FULL_HEALTH):
        await store.put_health(health)
    assert await store.find_health(KIOSK) == FULL_HEALTH
    assert await store.find_health(OTHER_KIOSK) == other
    assert await store.all_health() == [FULL_HEALTH, other]


async def test_what_is_known_later_of_a_kiosk_replaces_what_was_known_before(store: Store) -> None:
    await with_kiosk(store)
    await store.put_health(FULL_HEALTH)
    mended = KioskHealth(KIOSK, connected=True, changed_at=LATER)
    await store.put_health(mended)
    assert await store.all_health() == [mended]


async def test_two_nodes_may_put_the_health_of_one_kiosk_at_once(opener: Opener) -> None:
    store, other = await opener.open(), await opener.open()
    await with_kiosk(store)
    went = replace(FULL_HEALTH, connected=False)
    await asyncio.gather(
        *(node.put_health(health) for health in (FULL_HEALTH, went) for node in (store, other) for _ in range(4))
    )
    assert await store.find_health(KIOSK) in (FULL_HEALTH, went)


async def test_the_history_is_one_kiosk_s_oldest_first_and_from_a_time_on(store: Store) -> None:
    await with_two_kiosks(store)
    points = [point(NOW + timedelta(minutes=30 * n)) for n in range(3)]
    for added in (points[2], points[0], points[1], replace(FULL_POINT, kiosk_id=OTHER_KIOSK)):
        await store.add_health_point(added)
    assert await store.health_points(KIOSK, since=SINCE) == points
    assert await store.health_points(KIOSK, since=points[1].at) == points[1:]
    assert await store.health_points(OTHER_KIOSK, since=SINCE) == [replace(FULL_POINT, kiosk_id=OTHER_KIOSK)]
    assert await store.health_points(UNKNOWN, since=SINCE) == []


async def test_a_second_test_of_one_moment_replaces_the_first(store: Store) -> None:
    await with_kiosk(store)
    for added in (point(), FULL_POINT):
        await store.add_health_point(added)
    assert await store.health_points(KIOSK, since=SINCE) == [FULL_POINT]


async def test_what_is_of_a_kiosk_or_library_that_is_not_there_is_refused(store: Store) -> None:
    await with_kiosk(store)
    nowhere = LibraryId("nowhere")
    attempts = (
        store.put_health(replace(FULL_HEALTH, kiosk_id=UNKNOWN)),
        store.add_health_point(replace(FULL_POINT, kiosk_id=UNKNOWN)),
        store.add_health_point(replace(FULL_POINT, library_id=nowhere)),
        store.add_order(order(kiosk_id=UNKNOWN)),
        store.add_order(order(library_id=nowhere)),
        store.put_alert(alert(library_id=nowhere)),
    )
    for attempt in attempts:
        with pytest.raises(StoreError):
            await attempt
    assert await store.all_health() == []


# --- what is asked of it ------------------------------------------------------------------------------------


async def test_pending_orders_are_in_the_directory_oldest_first_and_settled_ones_are_not(store: Store) -> None:
    await with_two_kiosks(store)
    first, second = order("z"), order("a", asked_at=NOW + timedelta(seconds=1), kiosk_id=OTHER_KIOSK)
    taken = order("m", state=OrderState.TAKEN, told_at=NOW, asked_at=NOW + timedelta(seconds=2))
    settled = [order(f"s{n}", state=s) for n, s in enumerate((OrderState.DONE, OrderState.FAILED, OrderState.EXPIRED))]
    for added in (taken, *settled, second, first):
        await store.add_order(added)
    assert (await store.directory()).orders == (first, second, taken)


async def test_an_order_has_everything_that_it_was_made_with_and_the_latest_come_first(store: Store) -> None:
    await with_two_kiosks(store)
    older = order("o0", asked_at=NOW - timedelta(seconds=1))
    same_moment = order("o2")
    for added in (FULL_ORDER, older, same_moment, order("o3", kiosk_id=OTHER_KIOSK)):
        await store.add_order(added)
    assert await store.orders_of(KIOSK, limit=9) == [same_moment, FULL_ORDER, older]
    assert await store.orders_of(KIOSK, limit=1) == [same_moment]
    assert await store.orders_of(UNKNOWN, limit=9) == []
    with pytest.raises(Exists):
        await store.add_order(older)


async def test_an_order_is_followed_to_its_end_and_no_further(store: Store) -> None:
    await with_kiosk(store)
    await store.add_order(order(kind=OrderKind.RESTART_PROGRAM))
    taken = await store.tell_order("o1", KIOSK, OrderState.TAKEN, None, LATER, "i1")
    assert taken == order(kind=OrderKind.RESTART_PROGRAM, state=OrderState.TAKEN, told_at=LATER, instance="i1")
    assert (await store.directory()).orders == (taken,)
    later = LATER + timedelta(seconds=1)
    failed = await store.tell_order("o1", KIOSK, OrderState.FAILED, OrderFault.NOT_ALLOWED, later, "i2")
    assert taken is not None
    ended = replace(taken, state=OrderState.FAILED, fault=OrderFault.NOT_ALLOWED, told_at=later, instance="i2")
    assert failed == ended
    assert (await store.directory()).orders == ()
    assert await store.tell_order("o1", KIOSK, OrderState.DONE, None, later, "i2") is None
    assert await store.orders_of(KIOSK, limit=9) == [failed]


async def test_nobody_tells_of_another_kiosk_s_order_or_of_none(store: Store) -> None:
    await with_two_kiosks(store)
    await store.add_order(order())
    assert await store.tell_order("o1", OTHER_KIOSK, OrderState.DONE, None, NOW) is None
    assert await store.tell_order("nothing", KIOSK, OrderState.DONE, None, NOW) is None
    assert await store.orders_of(KIOSK, limit=9) == [order()]


async def test_of_two_nodes_that_end_an_order_one_is_told_that_it_did(opener: Opener) -> None:
    store, other = await opener.open(), await opener.open()
    await with_kiosk(store)
    await store.add_order(order())
    told = await asyncio.gather(
        *(node.tell_order("o1", KIOSK, OrderState.DONE, None, NOW, "i1") for node in (store, other) for _ in range(4))
    )
    assert len([one for one in told if one is not None]) == 1


async def test_orders_that_nobody_took_and_orders_that_came_to_no_end_are_given_up(store: Store) -> None:
    await with_kiosk(store)
    limit = timedelta(seconds=ORDER_EXPIRES_S)
    untaken = order("untaken", expires_at=NOW)
    stuck = order("stuck", state=OrderState.TAKEN, told_at=NOW - limit, expires_at=NOW - limit, instance="i1")
    goes_on = [
        order("fresh", expires_at=NOW + timedelta(microseconds=1)),
        order("at it", state=OrderState.TAKEN, told_at=NOW - limit + timedelta(seconds=1), expires_at=NOW - limit),
        order("done", state=OrderState.DONE, told_at=NOW - limit, expires_at=NOW - limit),
    ]
    for added in (untaken, stuck, *goes_on):
        await store.add_order(added)
    assert await store.expire_orders(NOW) == 2
    found = {one.id: one for one in await store.orders_of(KIOSK, limit=9)}
    assert found == {one.id: one for one in goes_on} | {
        "untaken": replace(untaken, state=OrderState.EXPIRED, told_at=NOW),
        "stuck": replace(stuck, state=OrderState.FAILED, fault=OrderFault.BROKEN, told_at=NOW),
    }
    assert await store.expire_orders(NOW) == 0


# --- what people were told ----------------------------------------------------------------------------------


async def test_an_alert_has_everything_that_it_was_put_with_and_the_latest_come_first(store: Store) -> None:
    await with_kiosk(store)
    older = alert("a0", found_at=NOW - timedelta(seconds=1))
    theirs = alert("a3", library_id=OTHER_LIBRARY)
    for put in (FULL_ALERT, older, alert("a2"), theirs):
        await store.put_alert(put)
    assert await store.alerts(LIBRARY, limit=9) == [alert("a2"), FULL_ALERT, older]
    assert await store.alerts(LIBRARY, limit=1) == [alert("a2")]
    assert await store.alerts(OTHER_LIBRARY, limit=9) == [theirs]
    told = replace(older, told_at=NOW)
    await store.put_alert(told)
    assert (await store.alerts(LIBRARY, limit=9))[-1] == told


async def test_an_alert_is_open_until_it_is_mended_and_those_who_were_told_are_told_that_too(store: Store) -> None:
    await with_kiosk(store)
    waits = alert("waits", library_id=OTHER_LIBRARY, branch_id=BranchId("theirs"), scope=AlertScope.BRANCH)
    told = alert("told", told_at=NOW)
    mended = alert("mended", told_at=NOW, mended_at=NOW, found_at=NOW - timedelta(hours=1))
    over = alert("over", told_at=NOW, mended_at=NOW, mended_told_at=NOW)
    unnoticed = alert("unnoticed", mended_at=NOW, code=HealthCode.CAMERA_BLACK)
    for put in (waits, told, mended, over, unnoticed):
        await store.put_alert(put)
    assert await store.open_alerts() == [mended, told, waits]


# --- housekeeping -------------------------------------------------------------------------------------------


async def test_the_history_and_orders_are_kept_for_thirty_days_and_mended_alerts_for_ninety(store: Store) -> None:
    await with_kiosk(store)
    await store.put_health(FULL_HEALTH)
    for at in (NOW, NOW + timedelta(days=1)):
        await store.add_health_point(point(at))
        await store.add_order(order(f"o{at.day}", asked_at=at, state=OrderState.DONE))
    open_for_long = alert("open", told_at=NOW)
    for put in (open_for_long, alert("old", mended_at=NOW), alert("new", mended_at=NOW + timedelta(days=1))):
        await store.put_alert(put)
    early = await store.forget_expired(NOW + timedelta(days=30, seconds=-1))
    assert [early[name] for name in ("kiosk_health_points", "kiosk_orders", "alerts")] == [0, 0, 0]
    removed = await store.forget_expired(NOW + timedelta(days=30))
    assert [removed[name] for name in ("kiosk_health_points", "kiosk_orders", "alerts")] == [1, 1, 0]
    assert await store.health_points(KIOSK, since=SINCE) == [point(NOW + timedelta(days=1))]
    assert [one.id for one in await store.orders_of(KIOSK, limit=9)] == ["o3"]
    assert (await store.forget_expired(NOW + timedelta(days=90)))["alerts"] == 1
    assert {one.id for one in await store.alerts(LIBRARY, limit=9)} == {"open", "new"}
    assert await store.find_health(KIOSK) == FULL_HEALTH


async def test_what_is_known_of_a_kiosk_goes_with_it_and_what_people_were_told_stays(store: Store) -> None:
    await with_kiosk(store)
    await store.put_health(FULL_HEALTH)
    await store.add_health_point(replace(FULL_POINT, test=TestKind.BOOT, light=Light.AMBER))
    await store.add_order(order())
    await store.put_alert(alert())
    await store.revoke_kiosk(KIOSK, NOW)
    directory = await store.directory()
    assert directory.orders == (order(),)
    assert await store.remove(directory.branches[BRANCH])
    assert (await store.directory()).orders == ()
    assert await store.find_health(KIOSK) is None
    assert await store.health_points(KIOSK, since=SINCE) == []
    assert await store.orders_of(KIOSK, limit=9) == []
    assert await store.open_alerts() == [alert()]
