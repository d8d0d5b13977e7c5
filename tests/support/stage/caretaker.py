"""Somebody who looks after kiosks, with the health page open in a browser of their own."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from playwright.async_api import Locator, expect

from signaling.adapters import administration
from signaling.adapters.auth import Argon2Passwords
from signaling.adapters.store_sql import open_store
from signaling.adapters.system import SystemIds
from signaling.protocol.health import HealthCode, Light, OrderKind, OrderState
from signaling.protocol.health_texts import TEXTS
from signaling.protocol.vocabulary import Language, Role
from tests.support.stage.console import Console
from tests.support.stage.play import Stage
from tests.support.stage.processes import StageError
from tests.support.stage.server import Server

LOGIN, NAME, EMAIL = "karin", "Karin", "karin@example.org"

#: Notes every state of every order as the page says it, in their order: `[kind, state]`.
_WATCH_ORDERS: Final = """
() => {
  globalThis.orderStates = [];
  const last = {};
  const look = () => {
    for (const element of document.querySelectorAll("[data-testid^=order-state-]")) {
      const kind = element.dataset.testid.slice("order-state-".length);
      const state = element.dataset.state ?? "";
      if (state !== last[kind]) {
        last[kind] = state;
        globalThis.orderStates.push([kind, state]);
      }
    }
  };
  globalThis.orderWatch?.disconnect();
  globalThis.orderWatch = new MutationObserver(look);
  globalThis.orderWatch.observe(document, { childList: true, subtree: true, attributes: true });
  look();
}
"""


def add_caretaker(server: Server, library: str) -> str:
    """A branch admin who wants to be told by e-mail; before the server starts. Returns the one-time password."""
    return asyncio.run(_add(server.database_url, library))


async def _add(database_url: str, library: str) -> str:
    store, ids = await open_store(database_url), SystemIds()
    try:
        roles = [Role.BRANCH_ADMIN]
        password = await administration.add_staff(
            store, ids, Argon2Passwords(), LOGIN, NAME, roles, library, email=EMAIL
        )
        person = next(person for person in await store.all_staff() if person.login == LOGIN)
        await store.update_staff(replace(person, alerts=True))
    finally:
        await store.close()
    return password


class Caretaker:
    """The health page, open at the only kiosk that there is.

    Attributes:
        console: The tab.
        language: The page's.
    """

    def __init__(self, console: Console, language: Language = Language.SV) -> None:
        self.console = console
        self.language = language
        self._url = ""

    @classmethod
    async def come(cls, on: Stage, password: str) -> Caretaker:
        """Sign in, and see all kiosks."""
        console = await Console.open(on.browser, on.server.url)
        await console.sign_in(LOGIN, password)
        caretaker = cls(console)
        caretaker._url = f"{on.server.url}/#manage/health"
        await caretaker.see_all()
        return caretaker

    @property
    def row(self) -> Locator:
        """The kiosk's line among all kiosks."""
        return self.console.page.locator("a.health-row")

    @property
    def kiosk(self) -> Locator:
        """All of the kiosk."""
        return self.console.at("kiosk-health")

    async def see_all(self) -> None:
        """The page of all kiosks."""
        await self.console.page.goto(self._url)
        await self.row.wait_for()

    async def see_kiosk(self) -> None:
        """The page of the kiosk; from here on every state of its orders is noted."""
        if await self.row.count():
            await self.row.click()
        await self.kiosk.wait_for()
        await self.console.page.evaluate(_WATCH_ORDERS)

    async def sees_row(self, light: Light, sentence: str, *, within_s: float) -> None:
        """Wait until the line of the kiosk is so."""
        await expect(self.row).to_have_attribute("data-light", light.value, timeout=within_s * 1000)
        await expect(self.row).to_contain_text(sentence)

    async def sees(self, light: Light, *codes: HealthCode, within_s: float) -> None:
        """Wait until the kiosk's page has this light and these findings, each with its sentence and remedy."""
        await expect(self.kiosk).to_have_attribute("data-light", light.value, timeout=within_s * 1000)
        for code in codes:
            said = TEXTS[self.language][code]
            finding = self.console.page.locator(f'[data-testid=finding][data-code="{code.value}"]')
            await expect(finding).to_contain_text(said.sentence)
            await expect(finding).to_contain_text(said.remedy)

    async def codes(self) -> list[str]:
        """What the kiosk's page says is wrong now."""
        findings = self.console.at("finding")
        return [await finding.get_attribute("data-code") or "" for finding in await findings.all()]

    async def ask(self, kind: OrderKind) -> None:
        """Ask the kiosk for something."""
        await self.console.at(f"order-{kind.value}").click()

    async def begins(self, kind: OrderKind) -> None:
        """Wait until the order that was just asked is in the page, and not the one before it."""
        shown = self.console.at(f"order-state-{kind.value}")
        await expect(shown).to_have_attribute("data-state", re.compile("^(asked|taken)$"))

    async def becomes(self, kind: OrderKind, state: OrderState, *, within_s: float) -> None:
        """Wait until the page says so of the last order of this kind.

        Raises:
            StageError: It says another way in which it ended.
        """
        shown = self.console.at(f"order-state-{kind.value}")
        wanted = "|".join([state, OrderState.FAILED, OrderState.EXPIRED])
        await expect(shown).to_have_attribute("data-state", re.compile(f"^({wanted})$"), timeout=within_s * 1000)
        found = await shown.get_attribute("data-state")
        if found != state.value:
            raise StageError(f"{kind.value} is {found}: {await shown.inner_text()}")

    async def order_states(self, kind: OrderKind) -> list[str]:
        """Every state of the orders of one kind since the kiosk's page was opened, as the page said it."""
        found: list[list[str]] = json.loads(await self.console.page.evaluate("JSON.stringify(globalThis.orderStates)"))
        return [state for name, state in found if name == kind.value and state]

    async def fact(self, name: str) -> str:
        """What the kiosk's page says of how it lives."""
        return await self.console.at(f"fact-{name}").inner_text()

    async def tested_at(self) -> str:
        """When the last whole test was made, as ISO 8601 in UTC."""
        return await self.console.page.locator("[data-testid=fact-tested] time").get_attribute("datetime") or ""

    async def photograph(self, file: Path) -> None:
        """Save what the page shows."""
        await self.console.photograph(file)
