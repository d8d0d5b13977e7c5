"""The health page in a real Chromium: what is wrong is said first, and what is asked of a kiosk is followed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from signaling.protocol.health import OrderFault, OrderKind, OrderState
from signaling.protocol.vocabulary import Role
from tests.support.admin_stage import AdminStage, Desk, admin_stage
from tests.support.health_samples import (
    CHILDREN,
    DOOR,
    ENTRANCE,
    HALL,
    NEW,
    PATIENCE_S,
    HealthServer,
    order,
    troubled,
    well,
)
from tests.support.open_to_all import assert_open_to_all

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[AdminStage]:
    """The furnished server. No page may complain."""
    async with admin_stage(browser, day_and_night=True) as fresh:
        yield fresh
        assert [fault for desk in fresh.desks for fault in desk.faults] == []


async def look_at(
    stage: AdminStage, place: str = "health", *, server: HealthServer | None = None, language: str = "en"
) -> tuple[Desk, HealthServer]:
    """A service owner before the health page."""
    told = server or HealthServer(troubled())
    desk = await stage.sit_down("anna", Role.SERVICE_OWNER, language=language)
    await told.attach(desk.page)
    await desk.manage(place)
    await desk.at("health-fresh").wait_for()
    return desk, told


# --- the way here ---------------------------------------------------------------------------------------------


async def test_a_click_on_an_alert_leads_an_open_console_here_without_loading_it_anew(stage: AdminStage) -> None:
    desk = await stage.sit_down("anna", Role.LIBRARIAN, Role.SERVICE_OWNER)
    await HealthServer(troubled()).attach(desk.page)
    await desk.page.goto(stage.wire.url)
    # Registered as the console does it; then it gets a click as the browser's notice would cause it.
    await desk.page.evaluate(
        """async () => {
          window.sameAsBefore = true;
          const vouch = trustedTypes.createPolicy("test", { createScriptURL: (address) => address });
          await navigator.serviceWorker.register(vouch.createScriptURL("/push.js"), { scope: "/" });
          await navigator.serviceWorker.ready;
        }"""
    )
    async with asyncio.timeout(PATIENCE_S):
        while not desk.page.context.service_workers:
            await desk.page.wait_for_timeout(20)
    [worker] = desk.page.context.service_workers
    # A browser lets a worker bring a page to the front after a real click alone.
    click = "async (url) => { WindowClient.prototype.focus = async function () {}; await openConsole(url); }"
    await worker.evaluate(click, f"{stage.wire.url}/")
    await worker.evaluate(click, f"{stage.wire.url}/#somewhere")
    await expect(desk.at("health")).to_have_count(0)
    await worker.evaluate(click, f"{stage.wire.url}/#manage/health")
    await expect(desk.at(f"health-{ENTRANCE}")).to_be_visible()
    assert await desk.page.evaluate("window.sameAsBefore")
    assert len(desk.page.context.pages) == 1


# --- the list -------------------------------------------------------------------------------------------------


async def test_what_is_red_comes_first_with_its_sentence_and_since_when(stage: AdminStage) -> None:
    desk, _ = await look_at(stage)
    rows = desk.page.locator(".health-row")
    lights = await rows.evaluate_all("all => all.map(one => one.dataset.light)")
    assert lights == ["red", "amber", "red", "grey", "green"], "by branch, the worst branches first"
    first = desk.at(f"health-{ENTRANCE}")
    await expect(first).to_contain_text("Takes no calls")
    await expect(first).to_contain_text("No sound is heard from the loudspeaker.")
    await expect(first).to_contain_text("and 2 more")
    await expect(first).to_contain_text("for 3 hours")
    await expect(desk.at("health-sum")).to_contain_text("2 kiosks cannot take calls.")
    await expect(desk.at(f"health-{DOOR}")).to_contain_text("Locked")
    await expect(desk.at(f"health-{CHILDREN}")).to_contain_text("In a visit")


async def test_when_everything_is_well_the_page_says_so_calmly(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, server=HealthServer(well()))
    await expect(desk.at("health-sum")).to_have_text("All kiosks can take calls. There is nothing to do.")
    await expect(desk.at("alerts-none")).to_be_visible()


async def test_who_comes_to_manage_sees_the_kiosks_before_choosing_anything(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, "")
    await expect(desk.at(f"health-{ENTRANCE}")).to_be_visible()
    first = desk.page.locator("[data-testid^=kind-]").first
    await expect(first).to_have_text("Kiosks' health")


async def test_a_branch_admin_sees_it_too(stage: AdminStage) -> None:
    desk = await stage.sit_down("siv", Role.BRANCH_ADMIN)
    await HealthServer(troubled()).attach(desk.page)
    await desk.page.goto(stage.wire.url)
    await desk.at(f"health-{ENTRANCE}").click()
    await expect(desk.at("order-test")).to_be_visible()


async def test_the_page_keeps_itself_up_to_date(stage: AdminStage) -> None:
    desk, server = await look_at(stage, server=HealthServer(well()))
    await expect(desk.at(f"health-{HALL}")).to_have_attribute("data-light", "green")
    server.view = troubled()
    await expect(desk.at(f"health-{ENTRANCE}")).to_have_attribute("data-light", "red")


async def test_nobody_is_asked_while_the_page_cannot_be_seen(stage: AdminStage) -> None:
    desk, server = await look_at(stage)
    # As when another tab comes to the front; headless Chromium has no tabs to bring there.
    await desk.page.evaluate(
        """() => {
             const get = () => window.seen ?? "hidden";
             Object.defineProperty(document, "visibilityState", { configurable: true, get });
             document.dispatchEvent(new Event("visibilitychange"));
           }"""
    )
    # One may be on its way.
    await desk.page.wait_for_timeout(500)
    before = server.looks
    await desk.page.wait_for_timeout(6000)
    assert server.looks == before
    await desk.page.evaluate(
        "() => { window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange')); }"
    )
    await server.looked_after(before)


async def test_a_server_that_is_away_is_said_with_the_time_of_what_is_shown(stage: AdminStage) -> None:
    desk, server = await look_at(stage)
    server.away = True
    await expect(desk.at("health-away")).to_contain_text("The server does not answer. This is how it was at")
    await expect(desk.at(f"health-{ENTRANCE}")).to_be_visible()
    server.away = False
    await desk.at("health-again").click()
    await expect(desk.at("health-away")).to_have_count(0)


async def test_alerts_say_where_what_and_whether_it_is_mended(stage: AdminStage) -> None:
    desk, _ = await look_at(stage)
    alerts = desk.at("alert")
    await expect(alerts).to_have_count(3)
    await expect(alerts.nth(0)).to_contain_text("Burträsk, Barnavdelningen: No sound is heard")
    await expect(alerts.nth(0)).to_contain_text("it waits until the quiet hours are over")
    await expect(alerts.nth(1)).to_contain_text("Lövånger: None of the branch's kiosks reaches the server.")
    await expect(alerts.nth(2)).to_contain_text("Most kiosks lost the server at once.")
    await expect(alerts.nth(2)).to_contain_text("Well again")
    await expect(desk.at("alerts-nobody")).to_have_count(0)


async def test_an_alert_that_was_not_told_says_the_true_reason(stage: AdminStage) -> None:
    by_day = troubled().model_copy(update={"quiet": False})
    desk, server = await look_at(stage, server=HealthServer(by_day))
    untold = desk.at("alert").first
    await expect(untold).to_contain_text("Not told yet. It is tried again")
    server.view = by_day.model_copy(update={"anybody_told": False})
    await expect(desk.at("alerts-nobody")).to_contain_text("Nobody is told when a kiosk needs somebody.")
    await expect(untold).to_contain_text("Not told: there is nobody who is told.")


# --- one kiosk ------------------------------------------------------------------------------------------------


async def test_one_click_leads_to_findings_with_remedies_numbers_and_signs_of_life(stage: AdminStage) -> None:
    desk, _ = await look_at(stage)
    await desk.at(f"health-{ENTRANCE}").click()
    assert desk.page.url.endswith(f"#manage/health/{ENTRANCE}")
    await expect(desk.at("health-verdict")).to_have_text("It cannot take calls")
    findings = desk.at("finding")
    await expect(findings).to_have_count(3)
    await expect(findings.first).to_have_attribute("data-code", "loudspeaker_silent")
    await expect(findings.first).to_contain_text("cable")
    await expect(desk.at("fact-drawn")).to_contain_text("Matched what is drawn, just now")
    await expect(desk.at("fact-call")).to_contain_text("26 hours ago. Sound only at times")
    await expect(desk.at("version-asked")).to_have_text("to become 0.5.1")
    await expect(desk.at("number-sweep_level_db")).to_contain_text("-27 dB")
    await expect(desk.at("number-uptime_s")).to_contain_text("12 days")
    await desk.at("health-calls").click()
    assert desk.page.url.endswith(f"#manage/calls/{ENTRANCE}")


async def test_a_kiosk_that_was_never_there_says_so_and_shows_no_numbers(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, f"health/{NEW}")
    await expect(desk.at("health-verdict")).to_have_text("Nothing is known of it yet")
    await expect(desk.at("fact-connected")).to_contain_text("No, never")
    await expect(desk.at("fact-drawn")).to_contain_text("Not proven yet")
    assert await desk.page.locator("[data-testid^=number-]").count() == 0


async def test_a_kiosk_that_is_not_there_any_more_says_so(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, "health/nobody")
    await expect(desk.page.locator("#health-title")).to_have_text("This kiosk is not here any more.")


async def test_thirty_days_are_drawn_and_told_as_a_table(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, f"health/{ENTRANCE}")
    plot = desk.at("plot")
    await expect(plot.locator("canvas")).to_be_visible()
    await expect(plot).to_have_attribute("aria-label", await desk.at("history-figures").inner_text())
    await expect(desk.at("history-figures")).to_contain_text("To the server and back: lowest 16 ms")
    await desk.at("history-number").select_option("temperature_c")
    await expect(desk.at("history-figures")).to_contain_text("Temperature: lowest 44 °C, highest 56 °C")
    # Something is really drawn: pixels in the colour of the line.
    assert await plot.locator("canvas").evaluate(
        """canvas => {
             const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
             let found = 0;
             for (let at = 0; at < data.length; at += 4)
               if (data[at] === 0x17 && data[at + 1] === 0x64 && data[at + 2] === 0x4a) found += 1;
             return found > 200;
           }"""
    )
    await desk.at("history-table-open").click()
    rows = desk.at("history-table").locator("tbody tr")
    await expect(rows).to_have_count(30)
    await expect(desk.at("history-table")).to_contain_text("picture is blurred")
    await expect(desk.at("days").locator("li")).to_have_count(30)


async def test_the_code_of_the_plot_is_fetched_with_the_first_history(stage: AdminStage) -> None:
    desk = await stage.sit_down("anna", Role.SERVICE_OWNER)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    await HealthServer(troubled()).attach(desk.page)
    await desk.manage("health")
    await desk.at(f"health-{ENTRANCE}").wait_for()
    assert [url for url in asked if "/assets/plot" in url] == []
    await desk.at(f"health-{ENTRANCE}").click()
    await desk.at("plot").wait_for()
    assert [url for url in asked if "/assets/plot" in url] != []


# --- what is asked of it --------------------------------------------------------------------------------------


async def test_an_order_is_followed_beside_its_button(stage: AdminStage) -> None:
    desk, server = await look_at(stage, f"health/{HALL}")
    await desk.at("order-test").click()
    state = desk.at("order-state-test")
    await expect(state).to_contain_text("asked for it just now. The kiosk has not begun yet.")
    assert server.asked == [(HALL, "orders", {"kind": "test"})]
    await expect(desk.at("order-test")).to_have_attribute("aria-disabled", "true")
    server.change(HALL, orders=(order(OrderKind.TEST, OrderState.TAKEN, ago_s=0),))
    await expect(state).to_contain_text("The kiosk is at it.")
    server.change(HALL, orders=(order(OrderKind.TEST, OrderState.DONE, ago_s=0),))
    await expect(state).to_contain_text("Done just now. Anna asked for it.")
    await expect(desk.at("order-test")).not_to_have_attribute("aria-disabled", "true")


async def test_to_identify_a_kiosk_the_page_names_the_code_that_it_shows(stage: AdminStage) -> None:
    desk, _ = await look_at(stage, f"health/{ENTRANCE}")
    await expect(desk.at("order-row-identify")).to_contain_text("shows its name and the code ANCE, large")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (OrderFault.IN_A_VISIT, "a visit was going on"),
        (OrderFault.NOT_ALLOWED, "does not let the program"),
        (OrderFault.BROKEN, "tried, and it failed"),
    ],
)
async def test_an_order_that_failed_says_why(stage: AdminStage, fault: OrderFault, why: str) -> None:
    server = HealthServer(well())
    server.change(HALL, orders=(order(OrderKind.RELOAD, OrderState.FAILED, fault),))
    desk, _ = await look_at(stage, f"health/{HALL}", server=server)
    await expect(desk.at("order-state-reload")).to_contain_text(why)


async def test_the_machine_is_restarted_after_a_warning_that_somebody_may_have_to_go_there(stage: AdminStage) -> None:
    desk, server = await look_at(stage, f"health/{HALL}")
    await desk.at("order-restart_machine").click()
    await expect(desk.at("confirm")).to_contain_text("somebody may have to go there")
    await expect(desk.at("confirm-no")).to_be_focused()
    await desk.at("confirm-no").click()
    assert server.asked == []
    await desk.at("order-restart_machine").click()
    await desk.at("confirm-yes").click()
    await expect(desk.at("order-state-restart_machine")).to_contain_text("asked for it")
    assert server.asked == [(HALL, "orders", {"kind": "restart_machine"})]


async def test_in_a_visit_nothing_can_be_asked_and_the_reason_stands_there(stage: AdminStage) -> None:
    desk, server = await look_at(stage, f"health/{CHILDREN}")
    await expect(desk.at("health-verdict")).to_have_text("It can take calls, but somebody should look at it")
    why = await desk.at("why-not").inner_text()
    assert why == "A visit is going on. This works again when the conversation is over."
    for name in ("order-identify", "order-test", "order-restart_machine", "lock-open"):
        button = desk.at(name)
        await expect(button).to_have_attribute("aria-disabled", "true")
        await expect(button).to_have_accessible_description(
            "A visit is going on. This works again when the conversation is over."
        )
        await button.click(force=True)
    assert server.asked == []
    assert await desk.at("confirm").count() == 0
    assert await desk.at("lock-form").count() == 0


async def test_a_kiosk_is_locked_with_a_text_and_unlocked(stage: AdminStage) -> None:
    desk, server = await look_at(stage, f"health/{HALL}")
    await desk.at("lock-open").click()
    await expect(desk.at("field-lock-sv")).to_be_focused()
    await desk.at("field-lock-sv").fill("Vi byter skärm.")
    await desk.at("lock-save").click()
    await expect(desk.at("lock-state")).to_have_text("Locked. The kiosk has been told.")
    await expect(desk.at("locked-now")).to_be_visible()
    await expect(desk.at("lock")).to_contain_text("Vi byter skärm.")
    assert server.asked == [(HALL, "lock", {"texts": {"sv": "Vi byter skärm."}})]
    await desk.at("unlock").click()
    await expect(desk.at("lock-state")).to_have_text("Unlocked. Visitors can call again.")
    await expect(desk.at("locked-now")).to_have_count(0)


async def test_a_pin_is_set_and_leaves_the_page_and_the_menu_is_closed(stage: AdminStage) -> None:
    desk, server = await look_at(stage, f"health/{HALL}")
    await desk.at("pin-input").fill("12a")
    await desk.at("pin-save").click()
    await expect(desk.at("pin-wrong")).to_contain_text("6 to 12 digits")
    assert server.asked == []
    await desk.at("pin-input").fill("123456")
    await desk.at("pin-save").click()
    await expect(desk.at("pin-wrong")).to_contain_text("what anybody would try first")
    assert server.asked == []
    await desk.at("pin-input").fill("204060")
    await desk.at("pin-save").click()
    await expect(desk.at("pin-state")).to_have_text("Saved. It holds from now on.")
    await expect(desk.at("pin-input")).to_have_value("")
    await expect(desk.at("pin-set")).to_have_text("A PIN is set.")
    await desk.at("pin-close").click()
    await expect(desk.at("pin-state")).to_have_text("The menu is closed. No PIN opens it.")
    await expect(desk.at("pin-set")).to_have_text("No PIN is set: nobody gets in.")
    assert server.asked == [(HALL, "pin", {"pin": "204060"}), (HALL, "pin", {"pin": ""})]


async def test_all_of_it_is_done_without_the_mouse(stage: AdminStage) -> None:
    desk, server = await look_at(stage)
    keys = desk.page.keyboard
    await desk.at(f"health-{HALL}").focus()
    await keys.press("Enter")
    await expect(desk.page.locator("#health-title")).to_be_focused()
    await keys.press("Tab")
    await expect(desk.at("order-identify")).to_be_focused()
    await keys.press("Enter")
    await expect(desk.at("order-state-identify")).to_contain_text("asked for it")
    assert server.asked == [(HALL, "orders", {"kind": "identify"})]


# --- nobody is shut out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["health", f"health/{ENTRANCE}", f"health/{DOOR}", f"health/{CHILDREN}", "well"])
async def test_the_health_page_shuts_nobody_out(stage: AdminStage, place: str) -> None:
    server = HealthServer(well() if place == "well" else troubled())
    desk, _ = await look_at(stage, "health" if place == "well" else place, server=server, language="sv")
    if "/" in place:
        await desk.at("history-table-open").click()
        await desk.at("plot").wait_for()
    for width in (1280, 3840):
        await desk.page.set_viewport_size({"width": width, "height": width * 9 // 16})
        below = await desk.page.evaluate("document.documentElement.scrollHeight - innerHeight")
        assert below <= 0, f"the page scrolls beside its panes at {width} px"
    await assert_open_to_all(desk.page, ".manage :is(button, select, a, textarea, input, summary)")
