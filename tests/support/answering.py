"""A small world in which anything may happen: two libraries in one line, the real hub, and screens that are told.

Nothing waits in it: the store is the fake, so every use case is over as soon as it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from signaling.adapters.store_memory import MemoryStore
from signaling.domain import commands as c
from signaling.domain.decide import Decision
from signaling.domain.errors import Refused
from signaling.domain.model import LineState, Seat, Visit
from signaling.domain.places import Branch, Hours, Library, Service, Setup, Span, Team, Tier
from signaling.protocol.errors import ErrorCode
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    OfferPolicy,
    Role,
    SeatId,
    ServiceId,
    StaffId,
    TeamId,
    VisitId,
)
from signaling.service.hub import Hub
from signaling.service.places import Places
from signaling.service.ports import Changed, Relay, Staff
from tests.support.edges import OneTurn, RecordingMetrics, SetClock, places_of

T = TypeVar("T")

OWN, NEIGHBOUR = LibraryId("own"), LibraryId("neighbour")
LINE: Final = LineId(OWN)
#: 08.00 to 20.00 in Stockholm; histories begin at 10.00.
HOURS: Final = Hours(((Span(480, 1200),),) * 7)
SV, NB, EN = Language.SV, Language.NB, Language.EN
NAMES: Final = dict.fromkeys(Language, "Help")
LIBRARIES: Final = (
    Library(OWN, "Own", SV, "Europe/Stockholm", country="SE"),
    Library(NEIGHBOUR, "Neighbour", NB, "Europe/Oslo", line_id=LINE),
)
BRANCHES: Final = (
    Branch(BranchId("b1"), OWN, "B1", "1", hours=HOURS),
    Branch(BranchId("b2"), NEIGHBOUR, "B2", "2"),
)
#: Each kiosk with its branch; three stand in the first, so that tickets meet.
KIOSKS: Final = {
    KioskId("k1"): BranchId("b1"),
    KioskId("k2"): BranchId("b1"),
    KioskId("k3"): BranchId("b1"),
    KioskId("k4"): BranchId("b2"),
}
#: Each seat with its library and what is spoken there.
SEATS: Final = {
    SeatId("s1"): (OWN, frozenset({SV, EN})),
    SeatId("s2"): (OWN, frozenset({SV, NB})),
    SeatId("s3"): (NEIGHBOUR, frozenset({NB, EN})),
}
TEAMS: Final = tuple(
    Team(TeamId(f"team-{seat_id}"), library_id, seat_id, frozenset({StaffId(f"staff-{seat_id}")}))
    for seat_id, (library_id, _) in SEATS.items()
)
#: One rolls up through three teams, one is urgent and rings one seat after the other, one is the neighbour's own.
SERVICES: Final = (
    Service(
        ServiceId("rolling"),
        OWN,
        NAMES,
        tiers=(Tier(TEAMS[0].id, 0), Tier(TEAMS[1].id, 20), Tier(TEAMS[2].id, 45)),
        hours=HOURS,
    ),
    Service(
        ServiceId("urgent"),
        OWN,
        NAMES,
        languages=frozenset({SV, EN}),
        priority=1,
        offer_policy=OfferPolicy.LONGEST_IDLE,
        ring_timeout_s=15,
        choice_after_s=30,
    ),
    Service(ServiceId("theirs"), NEIGHBOUR, NAMES),
)


class SmallWorld:
    """The hub with everybody around it.

    Attributes:
        line: As it was last committed.
        commits: How many there were.
        watch: Called after each commit with the line before and after it.
        refused: Why the last command was refused, if it was.
        green: For each service whether idle screens offer it, as they were last told.
        opened: Every visit that was ever opened.
    """

    def __init__(self) -> None:
        self.watch: Callable[[LineState, LineState], None] = lambda _before, _after: None
        self._clock = SetClock(datetime.fromisoformat("2026-03-02T09:00:00+00:00"))
        self.store = MemoryStore()
        for library in LIBRARIES:
            at_once(self.store.add_library(library))
        for branch in BRANCHES:
            at_once(self.store.add_branch(branch))
        for service in SERVICES:
            at_once(self.store.add_service(service))
        for seat_id, (library_id, spoken) in SEATS.items():
            roles = frozenset({Role.LIBRARIAN})
            account = Staff(
                StaffId(f"staff-{seat_id}"),
                library_id,
                seat_id,
                seat_id.upper(),
                roles,
                "",
                must_change_password=False,
                languages=spoken,
            )
            at_once(self.store.add_staff(account))
        for team in TEAMS:
            at_once(self.store.put(team))
        self.line = LineState()
        self.commits = 0
        self.setup = Setup()
        self.green: dict[ServiceId, bool] = {}
        self.opened: dict[VisitId, Visit] = {}
        self.refused: Refused | None = None
        self._hub: Hub
        self._places: Places
        self.start_server()

    @property
    def now(self) -> datetime:
        """Simulated."""
        return self._clock.now()

    # --- what happens -------------------------------------------------------------------------------------

    def do(self, command: c.Command) -> Decision | None:
        """Ask for something; what is refused changes nothing."""
        before, self.refused = self.line, None
        try:
            decision = at_once(self._hub.run(LINE, command))
        except Refused as refused:
            assert self.line is before
            self.refused = refused
            return None
        if isinstance(command, c.OpenVisit):
            self.opened[command.visit_id] = self.line.visits[command.visit_id]
        return decision

    def start_server(self) -> None:
        """As after a kill: all that is in memory is gone, and no socket is open."""
        self._places = places_of(self.store, self._clock)
        self._hub = Hub(
            store=self.store,
            announcer=self,
            clock=self._clock,
            turn=OneTurn(),
            metrics=RecordingMetrics(),
            places=self._places,
        )
        self.setup = at_once(self._places.setup())
        at_once(self._hub.lose_everyone(LINE))
        self.look_at_setup()

    def look_at_setup(self) -> None:
        """As after a form was saved."""
        self.setup = at_once(self._places.setup(fresh=True))
        self.do(c.LookAtSetup(LINE))
        self._tell_screens()

    def later(self, seconds: float) -> None:
        """Let time pass, and each deadline at its own time."""
        end = self.now + timedelta(seconds=seconds)
        while (due := min((row.due_at for row in self.line.deadlines.values()), default=end)) < end:
            self._clock.at = max(self.now, due)
            at_once(self._hub.pass_deadlines())
        self._clock.at = end
        at_once(self._hub.pass_deadlines())

    def to_next_deadline(self) -> None:
        """Let time pass until the next deadline has passed."""
        due = min((row.due_at for row in self.line.deadlines.values()), default=self.now)
        self.later(max(0, (due - self.now).total_seconds()))

    def kiosk(self, kiosk_id: KioskId) -> None:
        """A kiosk comes, or comes back."""
        self.do(c.ConnectKiosk(kiosk_id, KIOSKS[kiosk_id]))

    def connect_seat(self, seat_id: SeatId) -> None:
        """A console comes, or comes back, and has proven nothing."""
        library_id, languages = SEATS[seat_id]
        self.do(c.ConnectSeat(seat_id, StaffId(f"staff-{seat_id}"), seat_id.upper(), library_id, languages))

    def seat(self, seat_id: SeatId) -> None:
        """Somebody goes on duty with everything proven."""
        self.connect_seat(seat_id)
        self.do(c.ProveSeat(seat_id, sound=True, microphone=True, camera=True))
        self.do(c.SetDuty(seat_id, on_duty=True))
        self.do(c.ResumeSeat(seat_id))

    def tapping(self, kiosk_id: KioskId, service_id: ServiceId, language: Language) -> c.OpenVisit:
        """The next tap."""
        number = len(self.opened) + 1
        return c.OpenVisit(VisitId(f"v{number:02}"), kiosk_id, service_id, language, f"tap-{number}")

    def close_branch(self, *, closed: bool) -> None:
        """The first branch closes for a while, or opens again."""
        at_once(self.store.put(replace(BRANCHES[0], closed=closed)))
        self.look_at_setup()

    # --- what is so ---------------------------------------------------------------------------------------

    def stored(self, visit_id: VisitId) -> Visit | None:
        """A visit as the store has it, settled or not."""
        return at_once(self.store.find_visit(visit_id))

    def truth(self) -> dict[ServiceId, bool]:
        """For each service, worked out anew from nothing but the seats: a seat that fits it is answerable."""
        return {
            service.id: any(answers(seat, service) for seat in self.line.seats.values())
            for service in self.setup.directory.services.values()
        }

    async def changed(self, change: Changed) -> None:
        """As the `Announcer`."""
        assert change.line is not None
        before, self.line = self.line, change.line
        self.commits += 1
        if change.all_kiosks:
            self._tell_screens()
        self.watch(before, self.line)

    async def relay(self, relay: Relay) -> None:
        """As the `Announcer`."""

    def _tell_screens(self) -> None:
        self.green = self.truth()


def answers(seat: Seat, service: Service) -> bool:
    """Whether a seat can answer this service now, written down once more, in other words than the rules'."""
    proven = seat.sound and seat.microphone and seat.camera
    present = seat.connected and not seat.silent
    willing = seat.on_duty and seat.pause is None
    teams = {team.id: team.members for team in TEAMS}
    belongs = (
        any(seat.staff_id in teams[tier.team_id] for tier in service.tiers)
        if service.tiers
        else seat.library_id == service.library_id
    )
    return proven and present and willing and belongs and not seat.languages.isdisjoint(service.languages)


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Run what never waits, without a loop."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    msg = "it waited for something"
    raise AssertionError(msg)


def is_taken(refused: Refused | None) -> bool:
    """Somebody else was first."""
    return refused is not None and refused.code is ErrorCode.TAKEN
