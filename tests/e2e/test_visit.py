"""Whole visits with the real programs."""

from __future__ import annotations

import asyncio
import statistics

import pytest

from tests.demo.once import complaints
from tests.support.stage.console import Console
from tests.support.stage.play import Stage, now_ms, play_visit
from tests.support.stage.processes import until

#: So often two people are let answer at the same moment before it counts as a fault that they never do.
ROUNDS = 4

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]


async def talk(on: Stage) -> None:
    """From whatever the test before has left to a conversation."""
    await on.be_idle()
    await on.kiosk.touch("call")
    await on.console.accept()
    await on.kiosk.shows("talking")
    await on.console.at("verified").wait_for()


async def say_goodbye(on: Stage) -> None:
    """From a conversation to idle, without a face."""
    await on.kiosk.touch_for("end", "end_yes")
    await on.kiosk.touch("end_yes")
    await on.kiosk.shows("goodbye")
    await on.kiosk.touch("dismiss")
    await on.kiosk.shows("idle")
    await on.console.skip_close_out()


async def pictures_go_on(on: Stage, *, within_s: float = 10) -> None:
    """Wait until new pictures of the librarian arrive at the kiosk."""
    before = len(on.kiosk.pictures())
    await until(lambda: len(on.kiosk.pictures()) > before + 10, "pictures arrived", within_s=within_s)


async def test_a_visit_from_tap_to_goodbye_has_picture_sound_and_text_both_ways(on: Stage) -> None:
    await on.be_idle()
    line = await play_visit(on, talk_s=3)
    assert complaints(on, line) == []
    order = ["tap", "ring", "accept", "first_frame_kiosk", "camera_shown", "first_frame_console", "held", "resumed"]
    moments = [line.moments[name] for name in [*order, "finished", "feedback", "closed_out", "idle"]]
    assert moments == sorted(moments)
    assert statistics.median(line.glass_to_kiosk_ms) < 2000
    assert line.widths_at_console[-1][1] == 1280


async def test_the_visitor_is_not_seen_until_they_show_themself_and_no_more_after_they_hide(on: Stage) -> None:
    await talk(on)
    await on.console.at("hidden-cover").wait_for()
    await on.console.watch_video()
    await on.kiosk.touch("show_me")
    await on.console.at("hidden-cover").wait_for(state="detached")
    await on.kiosk.touch("hide_me")
    await on.console.at("hidden-cover").wait_for()
    await say_goodbye(on)


async def test_a_page_that_reloads_in_a_call_comes_back_into_it_with_the_text(on: Stage) -> None:
    await talk(on)
    await on.kiosk.touch("write")
    await on.kiosk.touch("key_h")
    await on.kiosk.touch("key_send")
    await on.console.at("text-visitor").get_by_text("h").wait_for()
    await on.console.page.reload()
    await on.console.set_clock()
    await on.console.at("verified").wait_for()
    await on.console.at("text-visitor").get_by_text("h").wait_for()
    await on.kiosk.shows("talking")
    await pictures_go_on(on)
    await on.kiosk.touch_for("write_close", "write")
    await say_goodbye(on)
    await on.console.go_on_duty_again()


@pytest.mark.complaints("WebSocket", "ERR_CONNECTION", "link_lost", "link_not_made", "net::")
async def test_a_server_killed_in_a_call_takes_no_picture_with_it(on: Stage) -> None:
    await talk(on)
    on.server.kill()
    await on.console.at("link-away").wait_for()
    await pictures_go_on(on, within_s=3)
    await on.server.start()
    await on.console.at("link-away").wait_for(state="detached")
    await pictures_go_on(on, within_s=3)
    await on.console.at("hold").click()
    await on.kiosk.shows("held")
    await on.console.at("resume").click()
    await on.kiosk.shows("talking")
    await say_goodbye(on)


async def test_two_who_answer_at_once_one_wins_and_the_other_is_told_who(on: Stage) -> None:
    other = await on.colleague("bo", "Bo")
    await other.go_on_duty()
    for _ in range(ROUNDS):
        winner, loser = await _both_answer(on, other)
        # A page that was too slow to click before the ring was gone has not answered: there was no race to lose.
        raced = await loser.mark("click accept") is not None
        if raced:
            await loser.at("fault").get_by_text("Anna" if winner is on.console else "Bo").wait_for()
        await winner.at("finish").click()
        await on.kiosk.touch("dismiss")
        await winner.skip_close_out()
        if raced:
            break
    else:
        pytest.fail(f"in {ROUNDS} rounds the two never answered at once")
    await other.page.context.close()


async def _both_answer(on: Stage, other: Console) -> tuple[Console, Console]:
    """A tap that both click at the same moment; who won, and who did not."""
    await on.be_idle()
    both = [on.console, other]
    for console in both:
        await console.forget_marks()
    await on.kiosk.touch("call")
    for console in both:
        await console.at("accept").wait_for()
    at_ms = now_ms() + 500
    for console in both:
        await console.page.evaluate(
            "at => { const button = document.querySelector('[data-testid=accept]');"
            " setTimeout(() => button.click(), at - stage.clock()); }",
            at_ms,
        )
    await on.kiosk.shows("talking")
    winners: list[Console] = []
    deadline_ms = now_ms() + 15_000
    while not winners and now_ms() < deadline_ms:  # the kiosk may be sooner than the winner's page
        await asyncio.sleep(0.05)
        winners = [console for console in both if await console.at("finish").count()]
    assert len(winners) == 1
    return winners[0], next(console for console in both if console not in winners)
