"""The library's forms before the real server, in a real Chromium: changes reach kiosks, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from signaling.protocol.vocabulary import RelayFinding, Role
from tests.support.admin_calls import CHILDREN, furnish_calls, record, relay_found
from tests.support.admin_stage import AdminStage, Desk, admin_stage
from tests.support.open_to_all import assert_open_to_all

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: What issue and promise say of a change's way to the kiosks.
REACHES_KIOSKS_S = 2.0
PLACES = (
    "",
    "libraries",
    "branches",
    "branches/burtrask",
    "branches/boliden",
    "services/library-help",
    "services/new",
    "teams/first-line",
    "exceptions/new",
    "cards/print",
    "staff/bo",
    "staff/new",
    "kiosks/waiting",
    "calls",
    "network",
    "actions",
)


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[AdminStage]:
    """The furnished server. No page may complain."""
    async with admin_stage(browser, day_and_night=True) as fresh:
        yield fresh
        assert [fault for desk in fresh.desks for fault in desk.faults] == []


async def owner(stage: AdminStage, login: str = "anna", *, answers: bool = False) -> Desk:
    """A service owner's browser; one who `answers` has a desk too."""
    roles = [Role.SERVICE_OWNER, Role.LIBRARIAN] if answers else [Role.SERVICE_OWNER]
    return await stage.sit_down(login, *roles)


# --- saving ---------------------------------------------------------------------------------------------------


async def test_hours_that_a_service_owner_changes_are_on_the_kiosk_within_two_seconds(stage: AdminStage) -> None:
    kiosk = await stage.wire.kiosk()
    assert kiosk.view["services"]["library-help"]["availability"]["open"] is True  # type: ignore[index,call-overload]
    desk = await owner(stage)
    await desk.open("services/library-help")
    # Never open again: every day is taken away, whatever day and hour the test runs at.
    for day in range(7):
        while await desk.at(f"day-{day}-0-remove").count():
            await desk.at(f"day-{day}-0-remove").click()
    await desk.at("save").click()
    await kiosk.until(
        lambda: kiosk.view["services"]["library-help"]["availability"]["open"] is False,  # type: ignore[index,call-overload]
        patience_s=REACHES_KIOSKS_S,
    )
    await desk.at("saved").wait_for()


async def test_a_week_is_typed_without_the_mouse(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("branches/boliden")
    keys = desk.page.keyboard
    await desk.at("day-0-0-opens_min").focus()
    await keys.type("830")
    await keys.press("Tab")
    await expect(desk.at("day-0-0-closes_min")).to_be_focused()
    await keys.type("20")
    await keys.press("Tab")
    await expect(desk.at("day-0-0-opens_min")).to_have_value("08.30")
    await desk.at("copy-weekdays").focus()
    await keys.press("Enter")
    await desk.at("day-4-0-closes_min").focus()
    await expect(desk.at("day-4-0-closes_min")).to_have_value("20.00")
    await expect(desk.at("day-5-0-closes_min")).to_have_value("14.00")
    await desk.at("day-5-0-closes_min").focus()
    await keys.type("16")
    await keys.press("Enter")
    await desk.at("saved").wait_for()
    branch = (await stage.wire.store.directory()).branches["boliden"]  # type: ignore[index]
    assert branch.hours is not None
    days = [[(span.opens_min, span.closes_min) for span in day] for day in branch.hours.week]
    assert days == [[(510, 1200)]] * 5 + [[(600, 960)], []]


async def test_a_time_that_is_none_is_said_beside_it_and_not_sent(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("branches/boliden")
    await desk.at("day-0-0-closes_min").fill("7")
    await expect(desk.at("day-0-fault")).to_contain_text("closes before it opens")
    await desk.at("save").click()
    await expect(desk.at("problem")).to_be_visible()
    branch = (await stage.wire.store.directory()).branches["boliden"]  # type: ignore[index]
    assert branch.hours is not None
    assert branch.hours.week[0][0].closes_min == 18 * 60


async def test_what_the_server_refuses_is_said_beside_the_field_and_has_the_focus(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("branches/burtrask")
    await desk.field("name").fill("Boliden")
    await desk.at("save").click()
    await expect(desk.at("name-fault")).to_contain_text("in use already")
    await expect(desk.field("name")).to_be_focused()
    await desk.field("name").fill("Burträsk Norra")
    await desk.save()


async def test_a_branch_is_closed_after_a_question_and_opened_again_by_one_click(stage: AdminStage) -> None:
    kiosk = await stage.wire.kiosk()
    desk = await owner(stage)
    await desk.open("branches/burtrask")
    await desk.page.locator("label", has=desk.field("closed")).click()
    await desk.field("closed_texts-sv").fill("Vi målar")
    await desk.at("save").click()
    await desk.at("confirm-yes").click()
    await kiosk.until(lambda: "Vi målar" in repr(kiosk.view), patience_s=REACHES_KIOSKS_S)
    await desk.field("phone").fill("0914-777")
    await desk.at("open-again").click()
    await desk.at("confirm-yes").click()
    await kiosk.until(lambda: "Vi målar" not in repr(kiosk.view), patience_s=REACHES_KIOSKS_S)
    await expect(desk.at("closed-now")).to_have_count(0)
    # What was being typed is still there, and still not saved.
    await expect(desk.field("phone")).to_have_value("0914-777")
    assert (await stage.wire.store.directory()).branches["burtrask"].phone == "0914-100 10"  # type: ignore[index]


async def test_a_service_rings_teams_in_order_and_a_neighbour_s_too(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("services/family")
    await desk.at("tier-add").click()
    await desk.at("tier-1-team").select_option("soder-desk")
    await desk.at("tier-1-after").fill("45")
    await desk.save()
    service = (await stage.wire.store.directory()).services["family"]  # type: ignore[index]
    assert [(tier.team_id, tier.after_s) for tier in service.tiers] == [("history", 0), ("soder-desk", 45)]


async def test_a_card_is_shown_as_the_kiosk_will_show_it_and_missing_languages_are_named(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("cards/new")
    await desk.field("titles-sv").fill("Var är toaletten?")
    await desk.field("bodies-sv").fill("Till vänster.")
    await expect(desk.at("form")).to_contain_text("Missing in Norwegian: the kiosk shows the text in Swedish.")
    await desk.at("preview-en").click()
    await expect(desk.at("preview-kiosk")).to_have_text("Var är toaletten?Till vänster.")
    await desk.save()
    assert len((await stage.wire.store.directory()).cards) == 3


async def test_a_day_is_added_and_removed(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("exceptions/new")
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    await desk.field("day").fill(day.isoformat())
    await desk.at("exception-open").click()
    await desk.at("spans-0-closes_min").fill("12")
    await desk.save()
    found = [one for one in (await stage.wire.store.directory()).exceptions if one.day == day]
    assert [(span.opens_min, span.closes_min) for span in found[0].spans] == [(480, 720)]
    await desk.at("remove").click()
    await desk.at("confirm-yes").click()
    await desk.at("form").wait_for(state="detached")
    assert day not in {one.day for one in (await stage.wire.store.directory()).exceptions}


async def test_a_team_s_members_are_picked_from_staff_and_neighbours(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("teams/history")
    await desk.field("members-fredrik").check()
    await desk.save()
    assert (await stage.wire.store.directory()).teams["history"].members == {"dag", "fredrik"}  # type: ignore[index]


# --- two at once ----------------------------------------------------------------------------------------------


async def test_somebody_who_saved_first_is_named_and_nothing_typed_is_lost(stage: AdminStage) -> None:
    anna, berit = await owner(stage), await owner(stage, "berit")
    for desk in (anna, berit):
        await desk.open("branches/burtrask")
    await anna.field("phone").fill("0914-222")
    await berit.field("phone").fill("0914-111")
    await berit.field("notes").fill("Nyckeln finns i affären.")
    await berit.save()
    await anna.at("save").click()
    await expect(anna.at("conflict")).to_contain_text("Berit changed this meanwhile.")
    await expect(anna.field("phone")).to_have_value("0914-222")
    await expect(anna.at("theirs-phone")).to_contain_text("0914-111")
    await expect(anna.field("notes")).to_have_value("Nyckeln finns i affären.")
    await anna.save()
    branch = (await stage.wire.store.directory()).branches["burtrask"]  # type: ignore[index]
    assert (branch.phone, branch.notes) == ("0914-222", "Nyckeln finns i affären.")


async def test_what_somebody_removed_meanwhile_says_so_and_leaves_what_is_typed_to_be_read(stage: AdminStage) -> None:
    anna, berit = await owner(stage), await owner(stage, "berit")
    for desk in (anna, berit):
        await desk.open("cards/toilet")
    await anna.field("titles-sv").fill("Var finns toaletten?")
    await berit.at("remove").click()
    await berit.at("confirm-yes").click()
    await berit.at("form").wait_for(state="detached")
    await anna.at("save").click()
    await expect(anna.at("conflict")).to_contain_text("Berit removed this meanwhile.")
    await expect(anna.field("titles-sv")).to_have_value("Var finns toaletten?")


async def test_what_is_typed_is_asked_about_before_one_leaves(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("teams/first-line")
    await desk.field("name").fill("Andralinjen")
    await desk.at("kind-cards").click()
    await desk.at("confirm-no").click()
    await expect(desk.field("name")).to_have_value("Andralinjen")
    await desk.at("kind-cards").click()
    await desk.at("confirm-yes").click()
    await desk.at("entry-print").wait_for()


# --- shown once -----------------------------------------------------------------------------------------------


async def test_an_enrolment_code_is_shown_once_and_enrols(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("kiosks/new")
    await desk.field("branch_id").select_option("lovanger")
    await desk.field("name").fill("Entré")
    await desk.at("save").click()
    code = await desk.at("secret-text").inner_text()
    await desk.at("secret-copy").click()
    await expect(desk.at("secret-copy")).to_contain_text("Copied")
    assert await desk.page.evaluate("navigator.clipboard.readText()") == code
    await expect(desk.at("secret")).to_contain_text(f"--server {stage.wire.url} {code}")
    await desk.at("secret-done").click()
    assert code not in await desk.page.content()
    await desk.page.reload()
    await desk.at("form").wait_for()
    assert code not in await desk.page.content()
    answer = await stage.wire.http.post(
        f"{stage.wire.url}/api/kiosk/enrol", json={"code": code, "public_key": "A" * 43 + "="}
    )
    assert answer.status in {200, 201}, await answer.text()


async def test_a_new_account_s_password_is_shown_once_and_signs_in(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("staff/new")
    await desk.field("name").fill("Gun Ström")
    await desk.field("login").fill("gun")
    await desk.at("save").click()
    password = await desk.at("secret-text").inner_text()
    await desk.at("kind-teams").click()
    await desk.at("entry-first-line").wait_for()
    assert password not in await desk.page.content()
    context = await stage.browser.new_context()
    page = await context.new_page()
    await page.goto(stage.wire.url)
    await page.get_by_test_id("login").fill("gun")
    await page.get_by_test_id("password").fill(password)
    await page.get_by_test_id("sign-in").click()
    await page.locator("input[autocomplete=new-password]").first.wait_for()
    await context.close()


async def test_a_kiosk_is_revoked_after_a_question_and_is_out(stage: AdminStage) -> None:
    kiosk = await stage.wire.kiosk()
    desk = await owner(stage)
    await desk.open("kiosks/k1")
    await desk.at("revoke").click()
    await expect(desk.at("confirm")).to_contain_text("Entrance k1")
    await desk.at("confirm-yes").click()
    await kiosk.until(lambda: not kiosk.connected, patience_s=REACHES_KIOSKS_S)
    await expect(desk.at("enrolment")).to_contain_text("revoked for good")


async def test_an_account_is_switched_off_and_on_and_not_one_s_own(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("staff/cecilia")
    await desk.at("disable").click()
    await desk.at("confirm-yes").click()
    await desk.at("enable").click()
    await desk.at("confirm-yes").click()
    await desk.at("disable").wait_for()
    await desk.open("staff/id-anna")
    assert await desk.at("disable").count() == 0
    assert await desk.at("new-password").count() == 0


# --- who sees what --------------------------------------------------------------------------------------------


async def test_a_branch_admin_sees_what_branch_admins_may_and_comes_straight_to_it(stage: AdminStage) -> None:
    desk = await stage.sit_down("siv", Role.BRANCH_ADMIN)
    await desk.page.goto(stage.wire.url)
    await desk.at("kind-branches").wait_for()
    shown = await desk.page.locator("[data-testid^=kind-]").evaluate_all("all => all.map(one => one.dataset.testid)")
    kinds = ("health", "branches", "exceptions", "cards", "kiosks", "calls", "network")
    assert shown == [f"kind-{kind}" for kind in kinds]
    await desk.manage("branches")
    assert await desk.at("add").count() == 0
    await desk.open("branches/burtrask")
    assert await desk.at("remove").count() == 0
    await desk.field("phone").fill("0914-333")
    await desk.save()
    await desk.manage("cards")
    await desk.at("entry-toilet").wait_for()


async def test_who_has_no_desk_signs_out_from_the_forms(stage: AdminStage) -> None:
    desk = await stage.sit_down("siv", Role.BRANCH_ADMIN)
    await desk.page.goto(stage.wire.url)
    await desk.at("kind-branches").wait_for()
    await desk.at("settings-open").click()
    await desk.at("sign-out").click()
    await desk.at("login").wait_for()


async def test_a_librarian_has_no_way_to_the_forms(stage: AdminStage) -> None:
    desk = await stage.sit_down("lars", Role.LIBRARIAN)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    await desk.page.goto(f"{stage.wire.url}/#manage/branches")
    await desk.at("duty").wait_for()
    assert await desk.at("manage-open").count() == 0
    assert await desk.at("page-manage").count() == 0
    # Answering stays light: their code is not even fetched.
    assert [url for url in asked if "/assets/admin" in url] == []


async def test_the_log_says_who_changed_what_and_goes_on_to_older_lines(stage: AdminStage) -> None:
    desk = await owner(stage)
    for number in range(51):
        await desk.page.context.request.put(
            f"{stage.wire.url}/api/admin/teams/first-line",
            headers={
                "X-CSRF-Token": (await (await desk.page.context.request.get(f"{stage.wire.url}/api/session")).json())[
                    "csrf"
                ],
                "Origin": stage.wire.url,
                "If-Match": await _revision(desk, "teams", "first-line"),
            },
            data={"name": f"Lag {number}", "members": []},
        )
    await desk.manage("actions")
    rows = desk.at("log-row")
    await expect(rows).to_have_count(50)
    await expect(rows.first).to_contain_text("Anna changed the team Lag 50")
    await desk.at("log-more").click()
    await expect(rows).to_have_count(51)
    await expect(desk.at("log-more")).to_have_count(0)


async def _revision(desk: Desk, kind: str, thing: str) -> str:
    view = await (await desk.page.context.request.get(f"{desk.url}/api/admin/view")).json()
    return str(next(one for one in view[kind] if one["id"] == thing)["revision"])


# --- calls and network ----------------------------------------------------------------------------------------


async def test_what_calls_were_like_is_said_in_words_first_and_in_figures_on_a_click(stage: AdminStage) -> None:
    await furnish_calls(stage.wire.store)
    desk = await owner(stage)
    await desk.manage("calls")
    rows = desk.at("call-row")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text("Burträsk, Barnavdelningen, 6 min")
    await expect(rows.nth(0)).to_contain_text("A good line all the time")
    thin = rows.nth(1)
    await expect(thin).to_have_attribute("data-worst", "sound_only")
    await expect(thin).to_contain_text("The line was built anew, times: 1")
    await expect(thin).to_contain_text("For a while neither picture nor sound came.")
    await expect(thin.get_by_test_id("call-end").first).to_be_hidden()
    await thin.get_by_test_id("call-figures").click()
    await expect(thin.get_by_test_id("call-end").first).to_contain_text("480 ms")
    await expect(thin.get_by_test_id("call-end").first).to_contain_text("Through the relay, TCP")
    await expect(rows.nth(2)).to_contain_text("The relay could not be reached.")


async def test_calls_of_one_kiosk_are_chosen_and_reached_from_its_form(stage: AdminStage) -> None:
    await furnish_calls(stage.wire.store)
    desk = await owner(stage)
    await desk.manage("calls")
    await expect(desk.at("call-row")).to_have_count(3)
    await desk.at("calls-kiosk").select_option("gone")
    await expect(desk.at("call-row")).to_have_count(1)
    assert desk.page.url.endswith("#manage/calls/gone")
    await desk.open("kiosks/waiting")
    await desk.at("calls-of-kiosk").click()
    await expect(desk.at("call-row")).to_have_count(2)
    await expect(desk.at("calls-kiosk")).to_have_value(CHILDREN)


async def test_older_calls_come_when_they_are_asked_for(stage: AdminStage) -> None:
    for number in range(51):
        await stage.wire.store.put_quality(record(number, ago_min=number))
    desk = await owner(stage)
    await desk.manage("calls")
    await expect(desk.at("call-row")).to_have_count(50)
    await desk.at("calls-more").click()
    await expect(desk.at("call-row")).to_have_count(51)
    await expect(desk.at("calls-more")).to_have_count(0)


async def test_without_a_relay_the_page_says_so_and_a_branch_cannot_ask_for_it(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.manage("network")
    await expect(desk.at("network-none")).to_contain_text("No relay is set up.")
    await desk.open("branches/burtrask")
    await expect(desk.at("no-relay")).to_be_visible()
    await expect(desk.field("relay_only")).to_have_count(0)


async def test_each_finding_of_the_relay_is_said_with_what_to_do(stage: AdminStage) -> None:
    desk = await owner(stage)
    found = relay_found(*(None, *RelayFinding))
    await desk.page.route("**/api/admin/network", lambda route: route.fulfill(json=found.model_dump(mode="json")))
    await desk.manage("network")
    await expect(desk.at("relay")).to_have_count(1 + len(RelayFinding))
    refused = desk.page.locator("[data-testid=relay][data-finding=refused]")
    await expect(refused).to_contain_text("The secret must be the same in the relay and in the server")
    unreachable = desk.page.locator("[data-testid=relay][data-finding=unreachable]")
    await expect(unreachable).to_contain_text("lets TCP through")
    await expect(desk.at("network-branches")).to_have_text("Through the relay only: Burträsk.")


async def test_bitrates_of_a_branch_are_kept_and_those_beyond_the_bounds_are_refused_beside_the_field(
    stage: AdminStage,
) -> None:
    desk = await owner(stage)
    await desk.open("branches/burtrask")
    await desk.field("video_max_kbps").fill("800")
    await desk.field("audio_max_kbps").fill("32")
    await desk.save()
    branch = await _kept(desk, "branches", "burtrask")
    assert (branch["video_max_kbps"], branch["audio_max_kbps"]) == (800, 32)
    await desk.field("video_max_kbps").fill("9000")
    await desk.at("save").click()
    await expect(desk.field("video_max_kbps")).to_have_attribute("aria-invalid", "true")
    await expect(desk.field("video_max_kbps")).to_be_focused()


async def test_push_to_talk_of_a_kiosk_is_kept(stage: AdminStage) -> None:
    desk = await owner(stage)
    await desk.open("kiosks/waiting")
    await desk.field("push_to_talk").click()
    await desk.save()
    assert (await _kept(desk, "kiosks", "waiting"))["push_to_talk"] is True


async def _kept(desk: Desk, kind: str, thing: str) -> dict[str, Any]:
    view = await (await desk.page.context.request.get(f"{desk.url}/api/admin/view")).json()
    return dict(next(one for one in view[kind] if one["id"] == thing))


# --- a ring ---------------------------------------------------------------------------------------------------


async def test_a_ring_takes_the_form_and_after_the_conversation_it_stands_as_it_was(stage: AdminStage) -> None:
    desk = await owner(stage, answers=True)
    await desk.page.goto(stage.wire.url)
    await desk.at("go-on-duty").click()
    await desk.page.locator("[data-testid=duty][data-duty=green]").wait_for()
    await desk.at("manage-open").click()
    await desk.at("kind-branches").click()
    await desk.at("entry-lovanger").click()
    await desk.field("notes").fill("Halvskriven men")
    kiosk = await stage.wire.kiosk()
    await kiosk.can_be_answered()
    visit_id = await kiosk.tap()
    await desk.at("ring").wait_for()
    await desk.at("accept").click()
    await desk.at("page-desk").wait_for()
    await kiosk.until(lambda: kiosk.visit and kiosk.visit["state"] in {"connecting", "talking"})
    await expect(desk.field("notes")).to_be_hidden()
    await kiosk.ok("visit.finish", {"visit_id": visit_id})
    await expect(desk.field("notes")).to_be_visible()
    await expect(desk.field("notes")).to_have_value("Halvskriven men")
    await expect(desk.field("notes")).to_be_focused()
    await desk.save()


async def test_a_ring_in_the_middle_of_a_word_is_neither_answered_nor_declined_by_the_next_letter(
    stage: AdminStage,
) -> None:
    desk = await owner(stage, answers=True)
    await desk.page.goto(stage.wire.url)
    await desk.at("go-on-duty").click()
    await desk.page.locator("[data-testid=duty][data-duty=green]").wait_for()
    await desk.page.goto(f"{stage.wire.url}/#manage/branches/lovanger")
    await desk.field("notes").focus()
    kiosk = await stage.wire.kiosk()
    await kiosk.can_be_answered()
    await desk.page.keyboard.type("da")
    await kiosk.tap()
    while not await desk.at("ring").is_visible():
        await desk.page.keyboard.type("da", delay=20)
    await desk.page.keyboard.type("ad da", delay=20)
    await expect(desk.at("ring")).to_be_visible()
    assert kiosk.visit["state"] == "offered"
    # Whoever lets the hands rest means the key.
    await desk.page.wait_for_timeout(900)
    await desk.page.keyboard.press("a")
    await kiosk.until(lambda: kiosk.visit["state"] == "connecting")


# --- nobody is shut out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
async def test_a_form_shuts_nobody_out(stage: AdminStage, place: str) -> None:
    desk = await stage.sit_down("anna", Role.SERVICE_OWNER, Role.LIBRARIAN, language="sv")
    await (desk.open(place) if place.count("/") or place == "libraries" else desk.manage(place))
    await assert_open_to_all(desk.page, ".manage :is(button, select, a, textarea, input)")
