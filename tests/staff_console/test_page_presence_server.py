"""The same tabs before the real server: what a colleague sees of a seat in the background, and of a frozen one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from signaling.protocol.vocabulary import SEAT_ASK_S, SEAT_PROOF_AGE_S
from tests.support.plain_tabs import Chromium, Tab, plain_chromium
from tests.support.stage.server import Server

pytestmark = [pytest.mark.asyncio(loop_scope="function"), pytest.mark.needs_chromium, pytest.mark.timeout(180)]

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


async def desk_of(chromium: Chromium, server: Server, login: str, password: str) -> Tab:
    """A tab of a person of its own, signed in."""
    tab = await chromium.open(server.url, await chromium.person())
    await tab.until("!!document.querySelector('[data-testid=page-signin]')")
    await tab.run(f"{SIGN_IN}({json.dumps(login)}, {json.dumps(password)}, 'four quiet words, {login}')")
    await tab.until("!!document.querySelector('[data-testid=duty]')")
    return tab


async def test_a_seat_counts_in_the_background_and_not_when_it_is_frozen(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.set_up("Malmö", "Kirseberg", "040-123 45 67")
    passwords = {login: server.add_staff(login, login.title()) for login in ("anna", "karin")}
    await server.start()
    try:
        async with plain_chromium() as chromium:
            karin = await desk_of(chromium, server, "karin", passwords["karin"])
            anna = await desk_of(chromium, server, "anna", passwords["anna"])
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
    finally:
        assert await server.stop() == 0
