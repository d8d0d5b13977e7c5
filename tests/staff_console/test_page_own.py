"""One's own settings on the server: languages, standing by, e-mail and web push, in a real Chromium."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.support.console_stage import ConsoleStage, console_stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: A push service that says yes: a headless browser has none, and ours would be a third party's.
PUSH_SERVICE = """
  window.mayNotify = "default";
  Object.defineProperty(Notification, "permission", { get: () => window.mayNotify });
  Notification.requestPermission = async () => (window.mayNotify = "granted");
  let subscription = null;
  PushManager.prototype.getSubscription = async () => subscription;
  PushManager.prototype.subscribe = async (options) => {
    window.pushOptions = options;
    subscription = {
      endpoint: "https://push.example/abc",
      toJSON: () => ({
        endpoint: "https://push.example/abc",
        keys: { p256dh: "B" + "A".repeat(86), auth: "c".repeat(22) },
      }),
      unsubscribe: async () => { subscription = null; return true; },
    };
    return subscription;
  };
"""


async def test_languages_are_kept_on_the_server(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("speaks-nb").click()
    await expect(stage.at("speaks-nb")).not_to_be_checked()
    await stage.at("own-kept").wait_for()
    assert stage.server.own["languages"] == ["sv", "en"]


async def test_no_language_at_all_is_not_sent(stage: ConsoleStage) -> None:
    stage.server.own = {**stage.server.own, "languages": ["sv"]}
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("speaks-sv").click()
    await expect(stage.at("speaks-sv")).to_be_checked()
    await expect(stage.at("settings-dialog")).to_contain_text("at least one")
    assert stage.server.own["languages"] == ["sv"]


async def test_standing_by_takes_an_address_that_can_be_one(stage: ConsoleStage) -> None:
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("standby").click()
    await stage.at("own-email").fill("anna@bibliotek")
    await stage.at("own-email-save").click()
    await expect(stage.at("standby-ways")).to_contain_text("does not look like an e-mail address")
    assert stage.server.own["email"] == ""
    await stage.at("own-email").fill("anna@bibliotek.example")
    await stage.page.keyboard.press("Enter")
    await stage.at("own-kept").wait_for()
    assert stage.server.own["email"] == "anna@bibliotek.example"
    assert stage.server.own["standby"] is True


async def test_a_server_with_no_way_to_ask_says_so(stage: ConsoleStage) -> None:
    stage.server.own = {**stage.server.own, "standby": True, "push_available": False, "email_available": False}
    await stage.sign_in()
    await stage.at("settings-open").click()
    await expect(stage.at("no-way")).to_contain_text("nothing reaches you yet")
    assert await stage.at("own-email").count() == 0


async def test_this_browser_takes_push_by_one_click_and_lets_it_be_by_another(stage: ConsoleStage) -> None:
    await stage.page.add_init_script(PUSH_SERVICE)
    stage.server.own = {**stage.server.own, "standby": True}
    await stage.sign_in()
    await stage.at("settings-open").click()
    await stage.at("push").click()
    await expect(stage.at("push")).to_be_checked()
    [push] = stage.server.pushes
    assert push["endpoint"] == "https://push.example/abc"
    assert await stage.page.evaluate("window.pushOptions.userVisibleOnly")
    await stage.at("push").click()
    await expect(stage.at("push")).not_to_be_checked()
    assert stage.server.pushes == []


async def test_a_settings_page_whose_server_does_not_answer_says_so(stage: ConsoleStage) -> None:
    await stage.page.route("**/api/me/settings", lambda route: route.fulfill(status=502))
    await stage.sign_in()
    await stage.at("settings-open").click()
    await expect(stage.page.get_by_test_id("fault").last).to_contain_text("The server did not answer")


async def test_the_worker_shows_what_it_is_sent_and_nothing_of_it_is_kept(browser: Browser) -> None:
    async with console_stage(browser, permissions=["notifications"]) as stage:
        await stage.open()
        await stage.at("page-signin").wait_for()
        # Registered as the console does it; then it gets an event as a push service would cause it.
        await stage.page.evaluate(
            """async () => {
              const vouch = trustedTypes.createPolicy("test", { createScriptURL: (address) => address });
              await navigator.serviceWorker.register(vouch.createScriptURL("/push.js"), { scope: "/" });
              await navigator.serviceWorker.ready;
            }"""
        )
        async with asyncio.timeout(10):
            while not stage.page.context.service_workers:
                await stage.page.wait_for_timeout(20)
        [worker] = stage.page.context.service_workers
        shown = await worker.evaluate(
            """async () => {
              const sent = async (data) => {
                const event = new ExtendableEvent("push");
                event.data = data;
                dispatchEvent(event);
                await new Promise((done) => setTimeout(done, 100));
              };
              const notices = async () =>
                (await registration.getNotifications()).map(({ title, body, lang, data }) => [title, body, lang, data]);
              const message = { title: "Three visitors wait", body: "Can you stand in?", lang: "en" };
              await sent({ json: () => ({ ...message, url: "/desk" }) });
              const asked = await notices();
              await sent({ json: () => ({ ...message, url: "https://elsewhere.example/" }) });
              const elsewhere = await notices();
              await sent({ json: () => { throw new SyntaxError("not ours"); } });
              return [asked, elsewhere, await notices()];
            }"""
        )
        ours = stage.server.url.rstrip("/")
        question = ["Three visitors wait", "Can you stand in?", "en"]
        # Each stands in the place of the one before: one question at a time. Only our own page is ever opened.
        assert shown == [
            [[*question, f"{ours}/desk"]],
            [[*question, ours]],
            [["Librarian on Demand", "", "", f"{ours}/"]],
        ]
