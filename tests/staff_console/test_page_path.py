"""What the console says of the paths of a call: in a word at the picture, in a sentence, and in figures on a click."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support import sample_views as views
from tests.support.console_paths import THIN, show_path
from tests.support.console_stage import ConsoleStage, console_stage
from tests.support.console_states import STATES

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: What the page has on it that must not move when a word changes.
PLACES = ("visitor-video", "toggle-microphone", "finish", "text-input")


async def places(stage: ConsoleStage) -> dict[str, object]:
    return {name: await stage.at(name).bounding_box() for name in PLACES}


async def test_a_good_line_is_a_word_with_a_sign_and_no_sentence(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage)
    await expect(stage.at("path-word")).to_contain_text("Good line")
    await expect(stage.at("path-word").locator("svg")).to_be_visible()
    await expect(stage.at("path-said").locator("p")).to_have_count(0)


@pytest.mark.parametrize("state", ["path_poor", "path_sound_only", "path_fault"])
async def test_nothing_moves_when_the_word_changes(browser: Browser, state: str) -> None:
    async with console_stage(browser, size=(1280, 720)) as stage:
        await stage.talk()
        await show_path(stage)
        await stage.at("path-word").wait_for()
        before = await places(stage)
        await {
            "path_poor": lambda: show_path(stage, quality="poor", figures=THIN),
            "path_sound_only": lambda: show_path(stage, quality="sound_only", picturePaused=True),
            "path_fault": lambda: show_path(stage, fault="no_picture"),
        }[state]()
        await stage.at("path-said").locator("p").wait_for()
        assert await places(stage) == before


async def test_sound_only_dims_the_picture_that_stands_still_and_says_what_the_visitor_sees(
    stage: ConsoleStage,
) -> None:
    await STATES["path_sound_only"](stage)
    await expect(stage.at("path-word")).to_contain_text("Sound only")
    await expect(stage.page.locator(".stage")).to_have_attribute("data-still", "true")
    await expect(stage.at("sent")).to_have_text("The visitor hears you and sees a still picture of you")
    await expect(stage.at("self-said")).to_have_text("You, as a still")


async def test_only_a_change_of_words_is_read_out(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage, quality="poor", figures=THIN)
    await stage.page.locator("[data-sentence=path-poor]").wait_for()
    await stage.page.evaluate(
        """() => {
          window.said = 0;
          const status = document.querySelector("[data-testid=path-said]");
          new MutationObserver((changes) => (window.said += changes.length))
            .observe(status, { childList: true, subtree: true, characterData: true });
        }"""
    )
    for seconds in range(5):
        await show_path(stage, quality="poor", figures={**THIN, "seconds": 200 + seconds, "roundTripMs": 400 + seconds})
    assert await stage.page.evaluate("window.said") == 0
    await show_path(stage, quality="good")
    await expect(stage.at("path-said").locator("p")).to_have_count(0)
    assert await stage.page.evaluate("window.said") > 0


@pytest.mark.parametrize("by", ["click", "key"])
async def test_the_figures_are_one_click_or_one_key_away(stage: ConsoleStage, by: str) -> None:
    await stage.talk()
    await show_path(stage, quality="poor", troubles=["relay_unreachable"], carried=True, figures=THIN)
    await stage.at("path-word").wait_for()
    await (stage.at("path-word").click() if by == "click" else stage.page.keyboard.press("i"))
    figures = stage.at("figures-visitor")
    for name, value in {
        "round-trip": "412 ms",
        "loss-in": "7.4 %",
        "loss-out": "Not known yet",
        "freezes": "6 times, 9.3 s",
        "concealed": "3.1 %",
        "received": "320 × 180, 8 frames/s",
        "sent": "No picture",
        "codec": "opus, VP8",
        "route": "Through the relay, TCP",
        "generation": "3",
        "estimate": "140 kbit/s",
        "worst": "Sound only",
    }.items():
        await expect(figures.locator(f"[data-figure=figure-{name}] dd")).to_have_text(value)
    await expect(stage.at("trouble-relay_unreachable")).to_contain_text("Tell whoever looks after the network")
    await expect(figures).to_contain_text("Meanwhile the conversation goes on over the old one.")
    await stage.page.keyboard.press("Escape")
    await expect(stage.at("path-panel")).to_have_count(0)


async def test_the_colleagues_line_has_its_own_word_and_its_figures_come_first_from_there(
    stage: ConsoleStage,
) -> None:
    await STATES["three_figures"](stage)
    await expect(stage.at("colleague-path-word")).to_contain_text("Poor line")
    await expect(stage.at("path-panel").locator("h3").first).to_have_text("To Bo")
    await stage.at("path-close").click()
    await stage.at("path-word").click()
    await expect(stage.at("path-panel").locator("h3").first).to_have_text("To the visitor")


@pytest.mark.parametrize(
    ("state", "away", "sentence", "then"),
    [
        ("coming_back", "path", "The line broke.", "Then the visitor goes to the front of the line."),
        ("kiosk_coming_back", "kiosk", "Kirseberg entrance has lost its connection.", "Then the visit ends."),
        ("own_link_away", "own", "Your own connection is gone.", "Then the visitor goes to the front of the line."),
    ],
)
async def test_who_is_away_and_how_long_it_can_still_come_back(
    stage: ConsoleStage, state: str, away: str, sentence: str, then: str
) -> None:
    await STATES[state](stage)
    cover = stage.at("call-cover")
    await expect(cover).to_have_attribute("data-away", away)
    await expect(cover).to_contain_text(sentence)
    await expect(cover).to_contain_text(then)
    await expect(stage.at("path-word")).to_contain_text("Coming back")
    assert 0 < int(await stage.at("back-left").locator("span").inner_text()) <= 25
    assert await stage.at("back-left").evaluate("one => one.closest('[role=status], [aria-live]')") is None
    await expect(stage.at("finish")).to_be_enabled()


async def test_the_seconds_fall_and_never_rise(stage: ConsoleStage) -> None:
    await STATES["coming_back"](stage)
    figure = stage.at("back-left").locator("span")
    seen = [int(await figure.inner_text())]
    while seen[-1] > seen[0] - 2:
        await expect(figure).not_to_have_text(str(seen[-1]))
        seen.append(int(await figure.inner_text()))
    assert seen == sorted(seen, reverse=True)


async def test_while_an_older_line_carries_the_picture_is_not_covered(stage: ConsoleStage) -> None:
    await stage.talk()
    await show_path(stage, carried=True)
    await stage.cut_path()
    await stage.phase("renewing")
    await expect(stage.at("call-cover")).to_have_count(0)
    await expect(stage.at("call-state")).to_have_text("In conversation")
    await show_path(stage)
    await expect(stage.at("call-cover")).to_be_visible()


async def test_a_kiosk_that_is_not_ours_has_no_line_to_speak_of(stage: ConsoleStage) -> None:
    await STATES["unverified"](stage)
    await expect(stage.at("path-word")).to_have_count(0)


async def test_a_deadline_that_nobody_knows_is_not_counted(stage: ConsoleStage) -> None:
    await STATES["coming_back"](stage)
    await stage.server.show_visit(coming_back_until=None)
    await expect(stage.at("back-left")).to_have_count(0)
    await expect(stage.at("call-cover")).to_be_visible()
    await stage.server.show_visit(coming_back_until=views.ago(-9))
    await expect(stage.at("back-left")).to_be_visible()
