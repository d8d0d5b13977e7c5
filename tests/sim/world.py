"""The simulated world: the real hub on a real SQLite store, kiosks that believe what they are told, and a clock.

Nobody sleeps: the clock jumps from one happening or deadline to the next. What it does not do: invent people
(`visitors`, `librarians`) or count what became of them (`ledger`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from signaling.adapters.store_sql import SqlStore, migrate, open_store
from signaling.domain import commands as c
from signaling.domain.decide import Decision
from signaling.domain.errors import Refused
from signaling.domain.line import availability, on_screen
from signaling.domain.model import LineState
from signaling.domain.places import Branch, Hours, Library, Service, Setup, Span
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import BranchId, KioskId, Language, LibraryId, LineId, ServiceId
from signaling.service.hub import Hub
from signaling.service.places import Places
from signaling.service.ports import Changed, Relay
from tests.sim.agenda import Agenda, JumpingClock
from tests.sim.loads import CLOSES_H, OPENS_H, Load
from tests.support.edges import OneTurn, SetHolidays

ZONE: Final = ZoneInfo("Europe/Stockholm")
FIRST_DAY: Final = datetime(2026, 3, 2, OPENS_H, tzinfo=ZONE)
LIBRARY: Final = LibraryId("simulated")
LINE: Final = LineId(LIBRARY)
SERVICE: Final = ServiceId("library-help")
OPEN_EVERY_DAY: Final = Hours(((Span(OPENS_H * 60, CLOSES_H * 60),),) * 7)

Watcher = Callable[[LineState], None]


class Counts:
    """`Metrics` that only count."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def count(self, name: str, labels: Mapping[str, str] | None = None) -> None:
        """Add one."""
        del labels
        self.counted[name] += 1

    def observe(self, name: str, seconds: float) -> None:
        """The ledger knows better."""

    def gauge(self, name: str, value: float, labels: Collection[tuple[str, str]] = ()) -> None:
        """Nobody looks."""


class World:
    """One library system. Made by `open_world`.

    Attributes:
        line: The line as it was last announced.
        kiosks: All of them, in order, with their branches.
        green: What idle screens show: it changes only when the hub says that they look again.
        counts: What the hub counted.
        refusals: How often which command was refused, with the code.
        stale: Moments at which idle screens showed something else than the truth.
    """

    def __init__(self, folder: Path, load: Load) -> None:
        self.clock = JumpingClock(FIRST_DAY.astimezone(UTC))
        self.agenda = Agenda(self.clock)
        self.line = LineState()
        self.kiosks = {
            KioskId(f"kiosk-{number}"): BranchId(f"branch-{number % load.branches}") for number in range(load.kiosks)
        }
        self.green = False
        self.counts = Counts()
        self.refusals: Counter[str] = Counter()
        self.stale: list[datetime] = []
        self.commands = 0
        self._url = f"sqlite:///{folder / 'simulated.sqlite3'}"
        self._watchers: list[Watcher] = []
        self._load = load
        self._setup = Setup()
        self.store: SqlStore
        self._hub: Hub

    async def open(self) -> None:
        """Make the database and its places, and start the server."""
        await migrate(self._url)
        store = await open_store(self._url)
        names = dict.fromkeys(Language, "Library help")
        await store.add_library(Library(LIBRARY, "Simulated", Language.SV, str(ZONE)))
        for number in range(self._load.branches):
            branch_id = BranchId(f"branch-{number}")
            await store.add_branch(Branch(branch_id, LIBRARY, f"Branch {number}", "", hours=OPEN_EVERY_DAY))
        await store.add_service(Service(SERVICE, LIBRARY, names, hours=OPEN_EVERY_DAY))
        await store.close()
        await self.start_server()
        for kiosk_id in self.kiosks:
            await self.connect_kiosk(kiosk_id)

    async def start_server(self) -> None:
        """As after a kill: a new process on the same file, which knows of no socket."""
        self.store = await open_store(self._url)
        places = Places(store=self.store, clock=self.clock, policy=Policy(), holidays=SetHolidays())
        self._setup = await places.setup()
        self._hub = Hub(
            store=self.store,
            announcer=self,
            clock=self.clock,
            turn=OneTurn(),
            metrics=self.counts,
            places=places,
        )
        self.line = await self.store.read_line(LINE)
        await self._hub.lose_everyone(LINE)
        await self.do(c.LookAtSetup(LINE))
        self._look()

    async def close(self) -> None:
        """Close the database."""
        await self.store.close()

    # --- acting -------------------------------------------------------------------------------------------

    async def do(self, command: c.Command) -> Decision | None:
        """Let somebody ask for something; None when it was refused."""
        self.commands += 1
        try:
            return await self._hub.run(LINE, command)
        except Refused as refused:
            self.refusals[f"{type(command).__name__}: {refused.code.value}"] += 1
            return None

    async def connect_kiosk(self, kiosk_id: KioskId) -> None:
        """A kiosk comes, or comes back."""
        await self.do(c.ConnectKiosk(kiosk_id, self.kiosks[kiosk_id]))

    async def run_until(self, end: datetime) -> None:
        """Let everything happen that is to happen until a moment, each at its own time."""
        while True:
            due = min((row.due_at for row in self.line.deadlines.values()), default=end)
            planned = self.agenda.next_at() or end
            if min(due, planned) >= end:
                break
            if due <= planned:
                self.clock.jump(due)
                await self._hub.pass_deadlines()
            else:
                await self.agenda.let_next_happen()
            self._check_screens()
        self.clock.jump(end)

    # --- watching -----------------------------------------------------------------------------------------

    def watch(self, watcher: Watcher) -> None:
        """Be told the line after each commit."""
        self._watchers.append(watcher)

    def is_idle(self, kiosk_id: KioskId) -> bool:
        """Its screen shows no visit, and it is there."""
        kiosk = self.line.kiosks.get(kiosk_id)
        there = kiosk is not None and kiosk.connected and kiosk.locked_until is None
        return there and kiosk_id not in on_screen(self.line.visits.values())

    async def changed(self, change: Changed) -> None:
        """As the `Announcer` of the hub: what was committed."""
        self.line = change.line or await self.store.read_line(change.line_id)
        if change.all_kiosks:
            self._look()
        for watcher in self._watchers:
            watcher(self.line)

    async def relay(self, relay: Relay) -> None:
        """As the `Announcer` of the hub: media are not simulated."""

    def _look(self) -> None:
        self.green = self._somebody_can_answer()

    def _somebody_can_answer(self) -> bool:
        standing = self.line.standings.get(SERVICE)
        is_open = standing is None or standing.open
        return is_open and availability(self.line, self._setup, SERVICE).answerable > 0

    def _check_screens(self) -> None:
        if self.green != self._somebody_can_answer():
            self.stale.append(self.clock.now())
