"""The health page and the real server: what a kiosk tells is shown, and what is asked reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from signaling.protocol.vocabulary import Role
from tests.support.admin_stage import AdminStage, Desk, admin_stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium, pytest.mark.thorough]

#: A light test that found this; numbers as a kiosk tells them.
REPORT: dict[str, Any] = {
    "test": "boot",
    "areas": ["sound", "camera", "screen", "network", "call", "machine", "program"],
    "findings": [],
    "numbers": {"server_round_trip_ms": 21.4, "sweep_level_db": -28.0},
    "seconds": 12.0,
    "cpu_s": 3.1,
    "drawn": True,
    "touched": True,
}


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[AdminStage]:
    """The furnished server. No page may complain."""
    async with admin_stage(browser, day_and_night=True) as fresh:
        yield fresh
        assert [fault for desk in fresh.desks for fault in desk.faults] == []


async def watched(stage: AdminStage) -> tuple[Any, Desk]:
    """A kiosk that has told that all is well, and a branch admin before its page."""
    kiosk = await stage.wire.kiosk()
    await kiosk.ok("health.report", REPORT)
    desk = await stage.sit_down("siv", Role.BRANCH_ADMIN)
    await desk.manage("health/k1")
    await desk.page.locator("[data-testid=kiosk-health][data-light=green]").wait_for()
    return kiosk, desk


async def test_what_a_kiosk_tells_is_on_the_page_with_sentence_remedy_and_numbers(stage: AdminStage) -> None:
    kiosk, desk = await watched(stage)
    await expect(desk.at("health-verdict")).to_have_text("It can take calls")
    await expect(desk.at("fact-drawn")).to_contain_text("Matched what is drawn,")
    await expect(desk.at("number-sweep_level_db")).to_contain_text("-28 dB")
    await kiosk.ok("health.report", {**REPORT, "findings": ["loudspeaker_silent"]})
    await expect(desk.at("health-verdict")).to_have_text("It cannot take calls")
    await expect(desk.at("finding")).to_contain_text("No sound is heard from the loudspeaker.")
    await desk.manage("health")
    await expect(desk.at("health-k1")).to_have_attribute("data-light", "red")
    await expect(desk.at("health-waiting")).to_have_attribute("data-light", "grey")
    # What is out of use for good is no concern of this page.
    await expect(desk.at("health-gone")).to_have_count(0)


async def test_an_order_reaches_the_kiosk_and_what_it_tells_is_beside_the_button(stage: AdminStage) -> None:
    kiosk, desk = await watched(stage)
    await desk.at("order-identify").click()
    order = await kiosk.until(lambda: next(iter(kiosk.view["orders"]), None))
    assert order["kind"] == "identify"
    await kiosk.ok("order.told", {"order_id": order["id"], "state": "taken"})
    await expect(desk.at("order-state-identify")).to_contain_text("The kiosk is at it. Siv asked for it.")
    await kiosk.ok("order.told", {"order_id": order["id"], "state": "done"})
    await expect(desk.at("order-state-identify")).to_contain_text("Done just now. Siv asked for it.")


async def test_a_lock_with_a_text_is_on_the_kiosk_until_it_is_unlocked(stage: AdminStage) -> None:
    kiosk, desk = await watched(stage)
    await desk.at("lock-open").click()
    await desk.at("field-lock-sv").fill("Vi byter skärm.")
    await desk.at("lock-save").click()
    await kiosk.until(lambda: (kiosk.view["lock"] or {}).get("texts", {}).get("sv") == "Vi byter skärm.")
    await desk.at("unlock").click()
    await kiosk.until(lambda: kiosk.view["lock"] is None)
    await expect(desk.at("lock-state")).to_have_text("Unlocked. Visitors can call again.")


async def test_a_pin_reaches_the_kiosk_as_a_hash_and_is_taken_away_again(stage: AdminStage) -> None:
    kiosk, desk = await watched(stage)
    await desk.at("pin-input").fill("204060")
    await desk.at("pin-save").click()
    hashed = await kiosk.until(lambda: kiosk.view["settings"]["pin_hash"])
    assert hashed.startswith("scrypt$")
    assert "204060" not in hashed
    await expect(desk.at("pin-state")).to_have_text("Saved. It holds from now on.")
    await desk.at("pin-close").click()
    await kiosk.until(lambda: kiosk.view["settings"]["pin_hash"] == "")


async def test_settings_of_a_kiosk_are_kept_and_reach_it(stage: AdminStage) -> None:
    kiosk, desk = await watched(stage)
    await desk.at("health-settings").click()
    await desk.field("lens_side-left").check()
    await desk.field("camera_height_cm").fill("142")
    await desk.field("closed_brightness_percent").fill("0")
    await desk.field("volume_max_percent").fill("70")
    await desk.field("quiet_from_min").fill("20.30")
    await desk.field("quiet_to_min").fill("7")
    await desk.field("test_at_min").fill("4.15")
    await desk.field("version").fill("0.5.1")
    await desk.save()
    await kiosk.until(lambda: kiosk.view["settings"]["version"] == "0.5.1")
    settings = kiosk.view["settings"]
    assert (settings["lens_side"], settings["camera_height_cm"]) == ("left", 142)
    assert (settings["closed_brightness_percent"], settings["volume_max_percent"]) == (0, 70)
    assert (settings["quiet_from_min"], settings["quiet_to_min"], settings["test_at_min"]) == (1230, 420, 255)


async def test_a_time_that_is_none_is_said_beside_it_and_not_sent(stage: AdminStage) -> None:
    _, desk = await watched(stage)
    await desk.open("kiosks/k1")
    await desk.field("test_at_min").fill("27")
    await desk.at("save").click()
    await expect(desk.at("test_at_min-fault")).to_contain_text("does not look right")
    await expect(desk.field("test_at_min")).to_be_focused()


async def test_quiet_hours_and_who_is_told_are_kept(stage: AdminStage) -> None:
    desk = await stage.sit_down("anna", Role.SERVICE_OWNER)
    await desk.open("libraries")
    await desk.field("alert_quiet_from_min").fill("21")
    await desk.field("alert_quiet_to_min").fill("6.30")
    await desk.save()
    await desk.open("staff/cecilia")
    await desk.page.locator("label", has=desk.field("alerts")).click()
    await desk.save()
    view = await (await desk.page.context.request.get(f"{desk.url}/api/admin/view")).json()
    assert (view["library"]["alert_quiet_from_min"], view["library"]["alert_quiet_to_min"]) == (1260, 390)
    assert next(one for one in view["staff"] if one["id"] == "cecilia")["alerts"] is True


async def test_who_keeps_kiosks_asks_to_be_told_in_the_own_settings(stage: AdminStage) -> None:
    desk = await stage.sit_down("siv", Role.BRANCH_ADMIN)
    await desk.manage("health")
    await desk.at("settings-open").click()
    await desk.page.locator("label", has=desk.at("alerts")).click()
    await desk.at("own-kept").wait_for()
    kept = await (await desk.page.context.request.get(f"{desk.url}/api/me/settings")).json()
    assert kept["alerts"] is True
