"""The whole service on a broken network: it connects, and what is cut comes together again. How soon is the bench's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.netlab.conditions import Access, Nat, Network, round_trip
from tests.netlab.full import LabStage, lab_stage, turn_settings
from tests.netlab.noted import SOUND_ONLY, STILL, reads
from tests.netlab.relay import relay_url
from tests.netlab.scenarios import TOO_THIN
from tests.support.stage.play import now_ms

SIDES = ("kiosk", "console")

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.needs_chromium,
    pytest.mark.slow,
    pytest.mark.thorough,
    pytest.mark.timeout(240),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on(lab_is_possible: None) -> AsyncIterator[LabStage]:
    """The whole service in a lab."""
    async with lab_stage() as stage:
        yield stage


async def test_a_call_whose_path_is_cut_for_five_seconds_goes_on(on: LabStage) -> None:
    await on.lab.set(round_trip(20))
    await on.talk()
    await on.lab.set(on.lab.network.with_kiosk(cut=True))
    await asyncio.sleep(5)
    await on.lab.set(round_trip(20))
    assert await on.talking_again(now_ms()) is not None
    await on.end()


async def test_a_kiosk_that_gets_another_address_in_a_call_goes_on_with_it(on: LabStage) -> None:
    await on.lab.set(round_trip(20))
    await on.talk()
    begun_ms = now_ms()
    await on.lab.move("kiosk")
    assert await on.talking_again(begun_ms) is not None
    await on.end()
    await on.lab.move("kiosk", back=True)


async def test_on_a_path_too_thin_for_pictures_the_sound_goes_on_and_both_screens_say_so_until_it_is_wide(
    on: LabStage,
) -> None:
    await on.lab.set(round_trip(60))
    await on.talk()
    assert await on.talking_again(now_ms()) is not None
    await on.lab.set(TOO_THIN)
    # Each says it of the picture that comes from the other.
    await asyncio.gather(*[reads(on, side, SOUND_ONLY) for side in SIDES])
    assert await on.hear_each_other()
    await on.lab.set(round_trip(60))
    assert await on.talking_again(now_ms()) is not None
    await asyncio.gather(*[reads(on, side, STILL, there=False) for side in SIDES])
    await on.end()


async def test_behind_symmetric_nat_at_both_sides_a_call_goes_through_the_relay(on: LabStage) -> None:
    await on.lab.set(Network(kiosk=Access(nat=Nat.SYMMETRIC), browser=Access(nat=Nat.SYMMETRIC)))
    await on.serve(turn_settings(relay_url()))
    await on.talk()
    assert await on.talking_again(now_ms()) is not None
    await on.end()
