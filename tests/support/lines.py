"""Short ways to a line in some state, for tests of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from signaling.domain import commands as c
from signaling.domain.decide import Decision, decide
from signaling.domain.effects import Effect
from signaling.domain.errors import Refused
from signaling.domain.model import LineState, Seat, Visit
from signaling.domain.places import Branch, Directory, Hours, Library, Service, Setup, Span, Team, Tier
from signaling.domain.policy import Policy
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    LineId,
    OfferId,
    Party,
    SeatId,
    ServiceId,
    StaffId,
    TeamId,
    VisitId,
    VisitState,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BRANCH = BranchId("burtrask")
SERVICE = ServiceId("library-help")
LIBRARY = LibraryId("skelleftea")
LINE = LineId(LIBRARY)
EVERY_DAY_08_TO_16 = Hours((((Span(8 * 60, 16 * 60)),),) * 7, closed_on_holidays=False)


def visit_in(state: VisitState, **values: object) -> Visit:
    """A visit in one state, with what belongs to it."""
    visit = Visit(VisitId("v1"), KioskId("k1"), BRANCH, SERVICE, Language.SV, "tap-1", START, state=state)
    if state is VisitState.CALLING:
        visit = replace(visit, seat_id=SeatId("s1"), accepted_at=START)
    if state in {VisitState.CONNECTING, VisitState.TALKING, VisitState.HELD}:
        visit = replace(visit, seat_id=SeatId("s1"), generation=1, generations=1, accepted_at=START)
    return replace(visit, **values)  # type: ignore[arg-type]  # whatever the test says


def places(*services: Service, teams: tuple[Team, ...] = (), branch: Branch | None = None) -> Setup:
    """One library with one branch and these services; without any, one service with every default."""
    library = Library(LIBRARY, "Skellefteå", Language.SV, "Europe/Stockholm")
    branch = branch or Branch(BRANCH, LIBRARY, "Burträsk", "0910-123 45")
    offered = services or (service(),)
    return Setup(
        Directory(
            libraries={library.id: library},
            branches={branch.id: branch},
            services={entry.id: entry for entry in offered},
            teams={team.id: team for team in teams},
        )
    )


def service(service_id: str = SERVICE, **values: object) -> Service:
    """A service of the library, with what the test says of it."""
    return replace(Service(ServiceId(service_id), LIBRARY, {}), **values)  # type: ignore[arg-type]


def tiered(*tiers: tuple[tuple[str, ...], float], languages: frozenset[Language] = frozenset(Language)) -> Setup:
    """One service whose tiers are teams of seats: `tiered((("s1",), 0), (("s2", "s3"), 20))`."""
    teams = tuple(
        Team(TeamId(f"team{n}"), LIBRARY, f"Team {n}", frozenset(StaffId(f"staff-{seat}") for seat in seats))
        for n, (seats, _) in enumerate(tiers)
    )
    steps = tuple(Tier(team.id, after_s) for team, (_, after_s) in zip(teams, tiers, strict=True))
    return places(service(tiers=steps, languages=languages), teams=teams)


@dataclass
class Line:
    """A line that goes on in time, one command after the other."""

    setup: Setup = field(default_factory=Setup)
    state: LineState = field(default_factory=LineState)
    now: datetime = START
    effects: list[Effect] = field(default_factory=list)
    settled: dict[VisitId, Visit] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The durations."""
        return self.setup.policy

    def do(self, command: c.Command) -> Decision:
        """Decide one command and keep the state; as in the store, the rules see settled visits no more."""
        decision = decide(self.state, command, self.now, self.setup)
        self.settled |= {visit.id: visit for visit in decision.state.visits.values() if visit.settled}
        open_visits = {visit.id: visit for visit in decision.state.visits.values() if not visit.settled}
        self.state = replace(decision.state, visits=open_visits)
        self.effects.extend(decision.effects)
        return decision

    def refused(self, command: c.Command) -> Refused:
        """The refusal of a command, which must change nothing."""
        before = self.state
        with pytest.raises(Refused) as caught:
            self.do(command)
        assert self.state == before
        return caught.value

    def later(self, seconds: float) -> None:
        """Let time pass, and every deadline in it, each at its own time."""
        end = self.now + timedelta(seconds=seconds)
        while True:
            due = sorted((row for row in self.state.deadlines.values() if row.due_at <= end), key=lambda r: r.due_at)
            if not due:
                break
            self.now = max(self.now, due[0].due_at)
            self.do(c.DeadlinePassed(due[0].kind, due[0].subject_id))
        self.now = end

    def kiosk(self, kiosk_id: str = "k1") -> KioskId:
        """A kiosk comes."""
        self.do(c.ConnectKiosk(KioskId(kiosk_id), BRANCH))
        return KioskId(kiosk_id)

    def open(self) -> None:
        """The server starts: the line looks at its places."""
        self.do(c.LookAtSetup(LINE))

    def console(
        self, seat_id: str = "s1", name: str = "Anna", languages: frozenset[Language] = frozenset(Language)
    ) -> SeatId:
        """A console comes or comes back, with nothing proven."""
        self.do(c.ConnectSeat(SeatId(seat_id), StaffId(f"staff-{seat_id}"), name, LIBRARY, languages))
        return SeatId(seat_id)

    def seat(
        self, seat_id: str = "s1", name: str = "Anna", languages: frozenset[Language] = frozenset(Language)
    ) -> SeatId:
        """An answerable seat comes; it is told apart from those before it by how long it is idle."""
        self.console(seat_id, name, languages)
        self.do(c.SetDuty(SeatId(seat_id), on_duty=True))
        self.prove(seat_id)
        return SeatId(seat_id)

    def prove(self, seat_id: str = "s1", *, sound: bool = True) -> None:
        """The seat passes its check, or loses its sound."""
        self.do(c.ProveSeat(SeatId(seat_id), sound=sound, microphone=True, camera=True))

    def tap(
        self,
        visit_id: str = "v1",
        kiosk_id: str = "k1",
        language: Language = Language.SV,
        service_id: str = SERVICE,
    ) -> VisitId:
        """A visitor taps at a kiosk that is there (it comes if it was not)."""
        if KioskId(kiosk_id) not in self.state.kiosks:
            self.kiosk(kiosk_id)
        request = f"tap-{visit_id}"
        self.do(c.OpenVisit(VisitId(visit_id), KioskId(kiosk_id), ServiceId(service_id), language, request))
        return VisitId(visit_id)

    def ticket(self, visit_id: str = "v1", kiosk_id: str = "k1") -> int:
        """A visitor taps, and chooses to be called back."""
        self.tap(visit_id, kiosk_id)
        number = self.do(c.TakeTicket(VisitId(visit_id), KioskId(kiosk_id))).ticket
        assert number is not None
        return number

    def call_back(self, visit_id: str = "v1", seat_id: str = "s1", kiosk_id: str = "k1") -> None:
        """From a tap to a ticket that is being called back."""
        if SeatId(seat_id) not in self.state.seats:
            self.seat(seat_id)
        self.ticket(visit_id, kiosk_id)
        self.accept(visit_id, seat_id)

    def join(self, guest: str = "s2", visit_id: str = "v1") -> None:
        """A colleague is asked into a conversation, and comes."""
        if SeatId(guest) not in self.state.seats:
            self.seat(guest, "Bo")
        seat_id = self.visit(visit_id).seat_id
        assert seat_id is not None
        self.do(c.InviteSeat(VisitId(visit_id), seat_id, SeatId(guest)))
        self.accept(visit_id, guest)

    def offer_of(self, visit_id: str = "v1") -> OfferId:
        """The first ring of a visit."""
        return next(o.id for o in self.state.offers.values() if o.visit_id == visit_id)

    def rung(self, visit_id: str = "v1") -> set[str]:
        """The seats where a visit rings."""
        return {s for o in self.state.offers.values() if o.visit_id == visit_id for s in o.seat_ids}

    def accept(self, visit_id: str = "v1", seat_id: str = "s1") -> None:
        """A seat takes the visit, or joins it."""
        offer = next(o for o in self.state.offers.values() if o.visit_id == visit_id and seat_id in o.seat_ids)
        self.do(c.AcceptOffer(offer.id, SeatId(seat_id)))

    def talk(self, visit_id: str = "v1", seat_id: str = "s1", kiosk_id: str = "k1") -> VisitId:
        """From a tap to a conversation."""
        if SeatId(seat_id) not in self.state.seats:
            self.seat(seat_id)
        self.tap(visit_id, kiosk_id)
        self.accept(visit_id, seat_id)
        self.connected(visit_id, kiosk_id)
        return VisitId(visit_id)

    def connected(self, visit_id: str = "v1", kiosk_id: str = "k1") -> None:
        """The kiosk says that the current generation is up."""
        generation = self.visit(visit_id).generation
        self.do(c.PathConnected(VisitId(visit_id), generation, Party.VISITOR, kiosk_id))

    def visit(self, visit_id: str = "v1") -> Visit:
        """The visit as it is, settled or not."""
        return self.state.visits.get(VisitId(visit_id)) or self.settled[VisitId(visit_id)]

    def the_seat(self, seat_id: str = "s1") -> Seat:
        """The seat as it is."""
        return self.state.seats[SeatId(seat_id)]
