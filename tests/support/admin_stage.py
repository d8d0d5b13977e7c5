"""The console's forms in a real Chromium before the real server: its routes, its sockets, a store in memory.

What it is for: a library with something of each kind, people of each role, and their browsers in a line or two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import aiohttp
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ConsoleMessage, Locator, Page

from signaling.adapters.auth.tokens import code_hash
from signaling.adapters.store_memory import MemoryStore
from signaling.adapters.system import SystemClock
from signaling.app import make_app
from signaling.config import Settings
from signaling.domain.places import Branch, Card, DayException, Hours, Kiosk, Library, Service, Span, Team, Tier
from signaling.protocol.vocabulary import (
    BranchId,
    CardId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    OfferPolicy,
    Role,
    ServiceId,
    StaffId,
    TeamId,
)
from signaling.service.ports import Staff, Store
from tests.support.stage.server import free_port
from tests.support.wire import BRANCH, LIBRARY, SERVICE, ServedWire

SV, NB, EN = Language.SV, Language.NB, Language.EN
SODER = LibraryId("soder")
LOCALES = {"sv": "sv-SE", "nb": "nb-NO", "en": "en-GB"}

WEEKDAY = (Span(8 * 60, 18 * 60),)
SATURDAY = (Span(10 * 60, 14 * 60),)
WEEK = Hours((WEEKDAY, WEEKDAY, (Span(8 * 60, 12 * 60), Span(13 * 60, 18 * 60)), WEEKDAY, WEEKDAY, SATURDAY, ()), True)

PRINTING = {
    SV: "Sätt in ditt USB-minne i skrivaren vid ingången.\nVälj Skriv ut och betala med kort.",
    NB: "Sett minnepinnen i skriveren ved inngangen.\nVelg Skriv ut og betal med kort.",
    EN: "Put your USB stick into the printer by the entrance.\nChoose Print and pay by card.",
}


async def furnish(store: Store, *, day_and_night: bool = False) -> None:
    """A library that has been in use for a while, and a neighbour in the same line.

    Args:
        store: Empty.
        day_and_night: The branch with kiosks and its service are open whenever a test runs, and ring everywhere.
    """
    await store.add_library(Library(LIBRARY, "Norrbygdens bibliotek", SV, "Europe/Stockholm", country="SE"))
    await store.add_library(Library(SODER, "Söderbygdens bibliotek", SV, "Europe/Stockholm", line_id=LineId(LIBRARY)))
    await store.add_branch(
        Branch(BRANCH, LIBRARY, "Burträsk", "0914-100 10", "Nyckeln finns i skolan.", None if day_and_night else WEEK)
    )
    closed = {SV: "Golvet målas. Vi öppnar igen på måndag."}
    await store.add_branch(
        Branch(BranchId("boliden"), LIBRARY, "Boliden", "0914-100 20", "", WEEK, closed=True, closed_texts=closed)
    )
    await store.add_branch(Branch(BranchId("lovanger"), LIBRARY, "Lövånger", "0914-100 30"))
    for login, name, library in (
        ("bo", "Bo Ek", LIBRARY),
        ("cecilia", "Cecilia Lund", LIBRARY),
        ("dag", "Dag Holm", LIBRARY),
        ("ebba", "Ebba Sten", SODER),
        ("fredrik", "Fredrik Å", SODER),
    ):
        roles = frozenset({Role.SPECIALIST if login == "dag" else Role.LIBRARIAN})
        await store.add_staff(
            Staff(StaffId(login), library, login, name, roles, "", must_change_password=login == "bo")
        )
    first, history = TeamId("first-line"), TeamId("history")
    members = frozenset({StaffId("bo"), StaffId("cecilia"), StaffId("ebba")})
    await store.put(Team(first, LIBRARY, "Förstalinjen", members))
    await store.put(Team(history, LIBRARY, "Släktforskning", frozenset({StaffId("dag")})))
    await store.put(Team(TeamId("soder-desk"), SODER, "Söders disk", frozenset({StaffId("fredrik")})))
    names = {SV: "Bibliotekshjälp", NB: "Bibliotekhjelp", EN: "Library help"}
    tiers = () if day_and_night else (Tier(first, 0), Tier(TeamId("soder-desk"), 30))
    hours = Hours(((Span(0, 24 * 60),),) * 7, False) if day_and_night else WEEK
    await store.add_service(Service(SERVICE, LIBRARY, names, tiers=tiers, hours=hours))
    await store.add_service(
        Service(
            ServiceId("family"),
            LIBRARY,
            {SV: "Släktforskning"},
            frozenset({SV, EN}),
            offer_policy=OfferPolicy.LONGEST_IDLE,
            tiers=(Tier(history, 0),),
        )
    )
    await store.put(
        Card(
            CardId("print"),
            LIBRARY,
            None,
            1,
            {SV: "Hur skriver jag ut?", NB: "Hvordan skriver jeg ut?"},
            {
                SV: PRINTING[SV],
                NB: PRINTING[NB],
            },
        )
    )
    await store.put(
        Card(CardId("toilet"), LIBRARY, BRANCH, 2, {SV: "Var är toaletten?"}, {SV: "Till vänster om entrén."})
    )
    await store.put(DayException(BRANCH, date(2026, 12, 24), (), {SV: "Julafton", NB: "Julaften", EN: "Christmas Eve"}))
    await store.put(DayException(SERVICE, date(2026, 12, 31), (Span(8 * 60, 12 * 60),), {SV: "Nyårsafton"}))
    for kiosk_id, name in (("waiting", "Barnavdelningen"), ("gone", "Gamla entrén")):
        expires = SystemClock().now() + timedelta(days=1)
        await store.add_kiosk(Kiosk(KioskId(kiosk_id), BRANCH, name, None), code_hash(kiosk_id), expires)
    await store.revoke_kiosk(KioskId("gone"), SystemClock().now())


@dataclass
class Desk:
    """One person's browser.

    Attributes:
        faults: Errors and warnings of the page's console; a test wants none.
    """

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def at(self, testid: str) -> Locator:
        """The element with this test id."""
        return self.page.get_by_test_id(testid)

    def field(self, name: str) -> Locator:
        """A field of the open form."""
        return self.at(f"field-{name}")

    async def manage(self, place: str = "") -> None:
        """Open the forms, at a kind or at one of a kind."""
        await self.page.goto(f"{self.url}/#manage{'/' + place if place else ''}")
        await self.at("kind-branches").wait_for(state="attached")

    async def open(self, place: str) -> None:
        """Open one form."""
        await self.manage(place)
        await self.at("form").wait_for()

    async def save(self) -> None:
        """Save, and wait until it is kept."""
        await self.at("save").click()
        await self.at("saved").wait_for()

    def listen(self, message: ConsoleMessage) -> None:
        """Remember what the page complains of; Chromium calls every answer that is not "ok" an error."""
        if message.type in {"error", "warning"} and "responded with a status of" not in message.text:
            self.faults.append(message.text)


@dataclass
class AdminStage:
    """The server, and whoever sits before it."""

    wire: ServedWire
    browser: Browser
    desks: list[Desk] = field(default_factory=list)

    async def sit_down(
        self,
        login: str,
        *roles: Role,
        name: str = "",
        language: str = "en",
        size: tuple[int, int] = (1280, 800),
        dark: bool = False,
    ) -> Desk:
        """Somebody with these roles, signed in, before an empty page."""
        if login not in self.wire.tokens:
            await self.wire.add_staff(login, name or login.capitalize(), frozenset(roles))
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=LOCALES[language],
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        token = self.wire.tokens[login]
        await context.add_cookies([{"name": "librarian-session", "value": token, "url": self.wire.url}])
        desk = Desk(await context.new_page(), self.wire.url)
        desk.page.on("console", desk.listen)
        desk.page.on("pageerror", lambda error: desk.faults.append(str(error)))
        self.desks.append(desk)
        return desk


@asynccontextmanager
async def admin_stage(browser: Browser, *, day_and_night: bool = False) -> AsyncIterator[AdminStage]:
    """The furnished server, with nobody before it yet."""
    store = MemoryStore()
    await furnish(store, day_and_night=day_and_night)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    clock = SystemClock()
    settings = Settings.model_validate({"server": {"port": port, "public_url": url}})
    server = TestServer(make_app(settings, store, clock=clock), host="127.0.0.1", port=port)
    await server.start_server()
    async with aiohttp.ClientSession() as http:
        stage = AdminStage(ServedWire(url, store, clock, http, server=server), browser)
        try:
            yield stage
        finally:
            for desk in stage.desks:
                await desk.page.context.close()
            for end in stage.wire.ends:
                await end.close()
            await server.close()
