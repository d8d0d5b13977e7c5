"""One contract for every store. Here: what paths of calls were like."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from signaling.protocol.vocabulary import KioskId, LibraryId, Party, PathQuality
from signaling.service.ports import Store, StoreError
from tests.support.store_cases import FULL_QUALITY, KIOSK, LIBRARY, NOW, OTHER_LIBRARY, quality, with_places
from tests.support.stores import KINDS, Opener

pytestmark = pytest.mark.parametrize("store_url", KINDS, indirect=True)

LATER = NOW + timedelta(hours=1)


async def test_a_record_has_everything_that_it_was_made_with(store: Store) -> None:
    await with_places(store)
    for record in (FULL_QUALITY, quality("v2")):
        await store.put_quality(record)
    assert await store.qualities(LIBRARY, before=LATER, limit=9) == [FULL_QUALITY, quality("v2")]


async def test_what_is_told_later_of_a_path_and_end_replaces_what_was_told_before(store: Store) -> None:
    await with_places(store)
    seat = replace(quality(), party=Party.STAFF)
    for record in (quality(), seat, quality(generation=2)):
        await store.put_quality(record)
    longer = replace(quality(), at=NOW + timedelta(seconds=20), seconds=40.0, worst=PathQuality.POOR)
    await store.put_quality(longer)
    assert await store.qualities(LIBRARY, before=LATER, limit=9) == [longer, quality(generation=2), seat]


async def test_two_ends_may_tell_at_once(opener: Opener) -> None:
    store, other = await opener.open(), await opener.open()
    await with_places(store)
    again = replace(quality(), seconds=21.0)
    await asyncio.gather(
        *(node.put_quality(record) for record in (quality(), again) for node in (store, other) for _ in range(4))
    )
    (kept,) = await store.qualities(LIBRARY, before=LATER, limit=9)
    assert kept in (quality(), again)


async def test_the_latest_come_first_before_a_time_and_bounded(store: Store) -> None:
    await with_places(store)
    records = [quality(f"v{n}", at=NOW + timedelta(minutes=n)) for n in range(5)]
    for record in (records[2], records[0], records[4], records[1], records[3]):
        await store.put_quality(record)
    assert await store.qualities(LIBRARY, before=LATER, limit=2) == [records[4], records[3]]
    assert await store.qualities(LIBRARY, before=records[3].at, limit=9) == [records[2], records[1], records[0]]
    assert await store.qualities(LIBRARY, before=NOW, limit=9) == []


async def test_records_of_one_moment_come_in_a_defined_order(store: Store) -> None:
    await with_places(store)
    seat = replace(quality("v1", 2), party=Party.STAFF)
    wanted = [seat, quality("v1", 2), quality("v1", 1), quality("v2", 3)]
    for record in (wanted[3], wanted[1], wanted[2], wanted[0]):
        await store.put_quality(record)
    assert await store.qualities(LIBRARY, before=LATER, limit=9) == wanted


async def test_the_records_of_one_kiosk_are_found(store: Store) -> None:
    await with_places(store)
    other = quality("v2", kiosk_id=KioskId("k2"))
    for record in (quality(), other):
        await store.put_quality(record)
    assert await store.qualities(LIBRARY, kiosk_id=KioskId("k2"), before=LATER, limit=9) == [other]
    assert await store.qualities(LIBRARY, kiosk_id=KIOSK, before=LATER, limit=9) == [quality()]
    assert await store.qualities(LIBRARY, kiosk_id=KioskId("k3"), before=LATER, limit=9) == []


async def test_a_library_does_not_see_another_s_calls(store: Store) -> None:
    await with_places(store)
    theirs = quality("v2", library_id=OTHER_LIBRARY)
    for record in (quality(), theirs):
        await store.put_quality(record)
    assert await store.qualities(OTHER_LIBRARY, before=LATER, limit=9) == [theirs]
    assert await store.qualities(OTHER_LIBRARY, kiosk_id=KIOSK, before=LATER, limit=9) == [theirs]


async def test_a_record_of_a_library_that_is_not_there_is_refused(store: Store) -> None:
    await with_places(store)
    with pytest.raises(StoreError):
        await store.put_quality(quality(library_id=LibraryId("nowhere")))
