"""A page that acknowledges: looked at, in the background, throttled; and one that cannot, because it is frozen.

The last test lets the same tabs play before the real server: what a colleague sees of them. It waits for a minute, and
stands here because files of few tests are begun last, when nobody else would use the time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from signaling.protocol.vocabulary import SEAT_ASK_S, SEAT_PROOF_AGE_S
from tests.support import sample_views as views
from tests.support.fake_console_server import FakeConsoleServer, running
from tests.support.plain_tabs import Chromium, Tab, plain_chromium
from tests.support.stage.server import Server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.needs_chromium]

#: Notes how long the last wait for a timer of 20 ms was, ms.
TICKING = """
  let last = performance.now();
  const tick = () => {
    window.wait = performance.now() - last;
    last = performance.now();
    setTimeout(tick, 20);
  };
  tick();
"""
#: Chromium lets the timers of a hidden page run once a second. (Once a minute, as it does later with others, it never
#: does with a page that holds a WebSocket.)
HELD_BACK_MS = 900

#: Signs in with the one-time password and takes one of one's own, as the page does it.
SIGN_IN = """(async (login, given, own) => {
  const ask = (path, csrf, body) => fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "X-CSRF-Token": csrf, "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const token = async () => (await (await ask("/api/session")).json()).csrf;
  await ask("/api/session", await token(), { login, password: given });
  await ask("/api/session/password", await token(), { current: given, new: own });
  location.reload();
})"""
#: What the colleague's page says of the only other seat.
HOW = "document.querySelector('[data-testid=colleague]')?.dataset.how"
#: For how long the real server keeps the seat of a page that is gone; as short as people are never given.
SEAT_GRACE_S = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """One browser whose tabs go to the background, and are throttled there."""
    async with plain_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[FakeConsoleServer]:
    """A server at which Anna is signed in."""
    fresh = FakeConsoleServer(views.staff_view())
    fresh.sign_in()
    async with running(fresh):
        yield fresh


async def on_duty(chromium: Chromium, server: FakeConsoleServer) -> Tab:
    """Anna's tab, green by her own click."""
    tab = await chromium.open(server.url)
    await tab.press("go-on-duty")
    await server.expect("seat.duty", on_duty=True)
    await server.show_seat(on_duty=True)
    await server.expect("seat.proof", sound=True, microphone=True, camera=True)
    await server.show_seat(answerable=True)
    await tab.until("!!document.querySelector('[data-duty=green]')")
    return tab


async def test_a_tab_that_is_looked_at_acknowledges(chromium: Chromium, server: FakeConsoleServer) -> None:
    tab = await on_duty(chromium, server)
    assert await tab.run("document.visibilityState") == "visible"
    assert await server.ask_presence(within_s=SEAT_PROOF_AGE_S)
    await tab.close()


async def test_a_tab_in_the_background_acknowledges_and_rings(chromium: Chromium, server: FakeConsoleServer) -> None:
    tab = await on_duty(chromium, server)
    other = await chromium.open("about:blank")
    await tab.until("document.visibilityState === 'hidden'")
    assert await server.ask_presence(within_s=SEAT_PROOF_AGE_S)
    await server.show(offer=views.offer())
    await tab.until("document.title.includes('Kirseberg')")
    assert await server.ask_presence(within_s=SEAT_PROOF_AGE_S), "while it rings, too"
    await other.close()
    await tab.close()


async def test_a_tab_whose_timers_are_held_back_still_acknowledges(
    chromium: Chromium, server: FakeConsoleServer
) -> None:
    # Without camera and microphone open: a page that uses them is spared, and would prove nothing here.
    tab = await chromium.open(server.url)
    await tab.until("!!document.querySelector('[data-testid=duty]')")
    await tab.run(TICKING)
    other = await chromium.open("about:blank")
    await tab.until("document.visibilityState === 'hidden'")
    await tab.until(f"window.wait > {HELD_BACK_MS}")
    for _ in range(3):
        assert await server.ask_presence(within_s=SEAT_PROOF_AGE_S)
    await other.close()
    await tab.close()


async def test_a_frozen_tab_does_not_acknowledge_and_does_again_when_it_wakes(
    chromium: Chromium, server: FakeConsoleServer
) -> None:
    tab = await on_duty(chromium, server)
    other = await chromium.open("about:blank")
    await tab.until("document.visibilityState === 'hidden'")
    await tab.freeze()
    async with asyncio.timeout(4 * SEAT_PROOF_AGE_S):  # what it was doing it may end first
        while await server.ask_presence(within_s=SEAT_PROOF_AGE_S):
            pass
    await tab.bring_to_front()
    # Its connection may not have lived through it; then it comes back on a new one. Asked anew, as the server does.
    async with asyncio.timeout(SEAT_PROOF_AGE_S):
        while not await server.ask_presence(within_s=1):
            pass
    await other.close()
    await tab.close()


async def test_a_tab_that_lost_its_connection_while_frozen_comes_back_proven_without_a_click(
    chromium: Chromium, server: FakeConsoleServer
) -> None:
    tab = await on_duty(chromium, server)
    other = await chromium.open("about:blank")
    await tab.until("document.visibilityState === 'hidden'")
    await tab.freeze()
    server.received.clear()
    server.drop()
    before = server.hello
    # As the server does at each connect: what was proven before counts no more.
    unproven = {"sound": False, "microphone": False, "camera": False, "answerable": False}
    server.change_unseen(seat=server.view.seat.model_copy(update=unproven))
    await tab.bring_to_front()
    await server.expect("seat.proof", sound=True, microphone=True, camera=True)
    assert server.hello is not before
    assert server.hello is not None
    assert server.hello.seat_id == views.SEAT, "the same seat"
    assert await server.ask_presence(within_s=SEAT_PROOF_AGE_S)
    await other.close()
    await tab.close()


# --- before the real server -----------------------------------------------------------------------------------------


async def desk_of(chromium: Chromium, server: Server, login: str, password: str) -> Tab:
    """A tab of a person of its own, signed in."""
    tab = await chromium.open(server.url, await chromium.person())
    await tab.until("!!document.querySelector('[data-testid=page-signin]')")
    await tab.run(f"{SIGN_IN}({json.dumps(login)}, {json.dumps(password)}, 'four quiet words, {login}')")
    await tab.until("!!document.querySelector('[data-testid=duty]')")
    return tab


@pytest.mark.thorough
@pytest.mark.timeout(180)
async def test_a_seat_counts_in_the_background_and_not_when_it_is_frozen(chromium: Chromium, tmp_path: Path) -> None:
    real = Server(tmp_path, settings={"LIBRARIAN_TIMEOUTS__SEAT_GRACE_S": str(SEAT_GRACE_S)})
    await asyncio.to_thread(real.set_up, "Malmö", "Kirseberg", "040-123 45 67")
    passwords = {login: await asyncio.to_thread(real.add_staff, login, login.title()) for login in ("anna", "karin")}
    await real.start()
    try:
        karin = await desk_of(chromium, real, "karin", passwords["karin"])
        anna = await desk_of(chromium, real, "anna", passwords["anna"])
        await anna.press("go-on-duty")
        await anna.until("!!document.querySelector('[data-duty=green]')")
        await karin.until(f"{HOW} === 'free'")

        await karin.run(
            f"window.seen = []; setInterval(() => {{ const how = {HOW};"
            " if (window.seen.at(-1) !== how) window.seen.push(how); }, 50); true"
        )
        await chromium.open("about:blank", anna.person)
        await anna.until("document.visibilityState === 'hidden'")
        # Longer than a proof lives without an answer: the only way to see that each question is answered.
        await asyncio.sleep(SEAT_PROOF_AGE_S + SEAT_ASK_S)
        assert await karin.run("window.seen") == ["free"], "in the background it counts all the time"

        await anna.freeze()
        await karin.until(f"{HOW} !== 'free'", within_s=SEAT_PROOF_AGE_S + SEAT_ASK_S)
        # It stays away for longer than the server keeps its seat: back, it says so, and one click mends it.
        await karin.until(f"{HOW} === undefined", within_s=40)
        await anna.bring_to_front()
        await anna.until("!!document.querySelector('[data-testid=off-duty-cause]')")
        await anna.press("go-on-duty")
        await karin.until(f"{HOW} === 'free'")
        await anna.close()
        await karin.close()
    finally:
        assert await real.stop() == 0
