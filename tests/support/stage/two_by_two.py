"""Two seats and two kiosks: the stage on which rings are answered, missed, raced for and called back.

Anna sits in the library itself and Bo in a neighbouring one, each in a browser of their own. One kiosk stands in
Burträsk and the other in Lövånger; the second has no sound card. Everybody rests between two plays.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser

from signaling.adapters import administration
from signaling.adapters.auth import Argon2Passwords
from signaling.adapters.store_sql import open_store
from signaling.adapters.system import SystemClock, SystemIds
from signaling.domain.places import Service, Team, Tier
from signaling.protocol.vocabulary import Language, Role, ServiceId, TeamId
from signaling.service.ports import Store
from tests.support.chromium import launch_chromium
from tests.support.stage.console import Console
from tests.support.stage.kiosk import Kiosk
from tests.support.stage.play import LANDSCAPE, LIBRARY, Stage, stage
from tests.support.stage.processes import StageError, until
from tests.support.stage.screen import Screen
from tests.support.stage.server import Server
from tests.support.stage.sound import COLLEAGUE_TONE_HZ, write_librarian_voice

#: Rings everybody at once, for a short time, and shows no choices by itself while somebody can answer.
HELP: Final = ServiceId("library-help")
#: Rings the own team first and the neighbour's after a while; shows its choices early and rings long.
DIGITAL: Final = ServiceId("digital-help")
HELP_RINGS_S, BACKUP_AFTER_S, CHOICES_AFTER_S = 10.0, 6.0, 4.0
CALLBACK_S, SEAT_GRACE_S = 8.0, 4.0

OTHER_BRANCH, NEIGHBOUR = "Lövånger", "Norsjö bibliotek"
_SETTINGS: Final = {
    "LIBRARIAN_TIMEOUTS__WRAP_UP_S": "1",
    "LIBRARIAN_TIMEOUTS__SEAT_GRACE_S": str(SEAT_GRACE_S),
    "LIBRARIAN_TIMEOUTS__CALLBACK_S": str(CALLBACK_S),
    # Each play begins anew: no kiosk prefers a seat because of the play before.
    "LIBRARIAN_TIMEOUTS__PREFER_WITHIN_S": "0.001",
}
_WAYS_OUT: Final = {
    "waiting": ("leave_line",),
    "ticket": ("dismiss",),
    "calling": ("answer",),
    "connecting": ("end", "end_yes"),
    "talking": ("end", "end_yes"),
    "held": ("end", "end_yes"),
    "goodbye": ("dismiss",),
}
_BROWSER_STARTS_S = 60


@dataclass
class Librarian:
    """Somebody with a browser of their own, which may come to an end."""

    url: str
    login: str
    password: str
    voice: Path
    stack: contextlib.AsyncExitStack
    console: Console | None = None
    browser: Browser | None = None

    async def come(self) -> Console:
        """Open the browser and sign in, if that is not so already."""
        if self.console is None:
            self.browser = await self.stack.enter_async_context(
                launch_chromium(unlocked_sound=False, microphone=self.voice)
            )
            self.console = await Console.open(self.browser, self.url)
            self.password = await self.console.sign_in(self.login, self.password)
        return self.console

    async def lose_browser(self) -> None:
        """Its processes end at once, as by a power cut."""
        if self.browser is None:
            raise StageError(f"{self.login} has no browser")
        session = await self.browser.new_browser_cdp_session()
        found: dict[str, Any] = await session.send("SystemInfo.getProcessInfo")
        ended = asyncio.Event()
        self.browser.once("disconnected", lambda _browser: ended.set())
        process = next(process for process in found["processInfo"] if process["type"] == "browser")
        os.kill(int(process["id"]), signal.SIGKILL)
        await asyncio.wait_for(ended.wait(), _BROWSER_STARTS_S)
        self.console = self.browser = None


@dataclass
class TwoByTwo:
    """Everything. `on.kiosk` stands in Burträsk."""

    on: Stage
    other: Kiosk
    _bo: Librarian

    @property
    def anna(self) -> Console:
        """Of the library itself."""
        return self.on.console

    @property
    def bo(self) -> Console:
        """Of the neighbouring library."""
        if self._bo.console is None:
            raise StageError("Bo has no browser")
        return self._bo.console

    @property
    def kiosks(self) -> tuple[Kiosk, Kiosk]:
        """Burträsk, Lövånger."""
        return (self.on.kiosk, self.other)

    @property
    def consoles(self) -> list[Console]:
        """Whoever has a browser now."""
        return [self.anna] + ([self._bo.console] if self._bo.console is not None else [])

    async def bo_loses_browser(self) -> None:
        """Its processes end at once."""
        await self._bo.lose_browser()

    async def tap(self, kiosk: Kiosk, service: ServiceId) -> float:
        """Ask for a service; returns when the finger was lifted (monotonic ms)."""
        names = (f"call_{service}", "call")
        # The first of the buttons has no service in its name.
        await until(lambda: "call" in kiosk.controls and len(_calls(kiosk)) == 2, "both were green", within_s=15)
        return await kiosk.touch(next(name for name in names if name in kiosk.controls))

    async def rest(self) -> None:
        """Both kiosks idle, nobody on duty, nothing left over, both with a browser."""
        await self._bo.come()
        for kiosk in self.kiosks:
            await _to_idle(kiosk)
        for console in self.consoles:
            await _off_duty(console)
        for kiosk in self.kiosks:
            await until(lambda kiosk=kiosk: not is_green(kiosk), "the kiosk rested", within_s=15)  # type: ignore[misc]

    def new_complaints(self) -> list[str]:
        """Errors and warnings of all pages and programs since the last look."""
        found = self.on.new_log_lines()
        for console in self.consoles:
            found += console.complaints
            console.complaints = []
        return found


def is_green(kiosk: Kiosk) -> bool:
    """It is idle and offers a call."""
    return kiosk.screen_name == "idle" and bool(_calls(kiosk))


def _calls(kiosk: Kiosk) -> list[str]:
    return [name for name in kiosk.controls if name == "call" or name.startswith("call_")]


async def _to_idle(kiosk: Kiosk) -> None:
    deadline = time.monotonic() + 60
    while kiosk.screen_name != "idle":
        if time.monotonic() > deadline:
            raise StageError(f"the kiosk did not come to rest; it shows {kiosk.screen_name!r}")
        screen = kiosk.screen_name
        for name in _WAYS_OUT.get(screen, ()):
            with contextlib.suppress(StageError):  # the screen may move by itself just then
                await kiosk.touch(name, within_s=2)
        with contextlib.suppress(StageError):
            await until(lambda screen=screen: kiosk.screen_name != screen, "it moved", within_s=5)  # type: ignore[misc]


async def _off_duty(console: Console) -> None:
    for name in ("finish", "give-up", "close-out-skip", "decline", "fault-close"):
        if await console.at(name).count():
            await console.at(name).click()
    ready = console.at("go-on-duty").or_(console.at("go-off-duty"))
    skip = console.at("close-out-skip")
    await ready.or_(skip).first.wait_for()
    if await skip.count():
        await console.skip_close_out()
    await ready.first.wait_for()
    if await console.at("go-off-duty").count():
        await console.at("go-off-duty").click()
        await console.at("go-on-duty").wait_for()


async def _set_up(database_url: str) -> tuple[str, str]:
    """Another branch with a kiosk, a neighbour in the same line with Bo, a second service with a backup.

    By what is behind the commands, because a program of its own for each takes a while.

    Returns:
        Bo's one-time password, and the other kiosk's enrolment code.
    """
    store, ids = await open_store(database_url), SystemIds()
    try:
        await administration.add_branch(store, ids, OTHER_BRANCH, "0913-100 10", "", LIBRARY)
        made = await administration.add_kiosk(
            store, ids, OTHER_BRANCH, "Läshörnan", SystemClock().now(), timedelta(hours=1)
        )
        await administration.init_library(store, ids, NEIGHBOUR, Language.SV, "Europe/Stockholm")
        await administration.join_line(store, NEIGHBOUR, LIBRARY)
        password = await administration.add_staff(
            store, ids, Argon2Passwords(), "bo", "Bo", [Role.LIBRARIAN], NEIGHBOUR
        )
        await _keep_services(store)
    finally:
        await store.close()
    return password, made.code


async def _keep_services(store: Store) -> None:
    """What service owners keep with the console's forms; shorter than these allow, so that nobody waits long."""
    people = {person.login: person.id for person in await store.all_staff()}
    first = (await store.directory()).services[HELP]
    for name, logins in (("own", ("anna",)), ("backup", ("bo",)), ("all", ("anna", "bo"))):
        members = frozenset(people[login] for login in logins)
        await store.put(Team(TeamId(name), first.library_id, name, members))
    await store.put(replace(first, ring_timeout_s=HELP_RINGS_S, tiers=(Tier(TeamId("all"), 0),)))
    await store.add_service(
        Service(
            DIGITAL,
            first.library_id,
            {Language.SV: "Digital hjälp", Language.NB: "Digital hjelp", Language.EN: "Digital help"},
            ring_timeout_s=60,
            choice_after_s=CHOICES_AFTER_S,
            tiers=(Tier(TeamId("own"), 0), Tier(TeamId("backup"), BACKUP_AFTER_S)),
        )
    )


@contextlib.asynccontextmanager
async def stage_of_two_by_two() -> AsyncIterator[TwoByTwo]:
    """Everything; both are signed in and nobody is on duty."""
    made: list[tuple[str, str]] = []

    def prepare(server: Server) -> None:
        made.append(asyncio.run(_set_up(server.database_url)))

    async with (
        stage(settings=_SETTINGS, prepare=prepare, reads_words=True) as on,
        contextlib.AsyncExitStack() as stack,
    ):
        voice = on.folder / "bo.wav"
        write_librarian_voice(voice, COLLEAGUE_TONE_HZ)
        folder = on.folder / "other"
        folder.mkdir()
        screen = Screen(folder, *LANDSCAPE)
        await screen.start()
        stack.push_async_callback(screen.stop)
        other = Kiosk(folder, screen, on.server.url, reads_words=True)
        await asyncio.to_thread(other.enrol, made[0][1])
        await other.start()
        stack.push_async_callback(other.stop)
        on.further_logs.append(other.log)
        yield TwoByTwo(on, other, Librarian(on.server.url, "bo", made[0][0], voice, stack))
