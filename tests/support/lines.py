"""Short ways to a line in some state, for tests of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from signaling.domain import commands as c
from signaling.domain.decide import Decision, decide
from signaling.domain.effects import Effect
from signaling.domain.model import LineState, Seat, Visit
from signaling.domain.places import Setup
from signaling.protocol.vocabulary import (
    BranchId,
    KioskId,
    Language,
    LibraryId,
    OfferId,
    Party,
    SeatId,
    ServiceId,
    StaffId,
    VisitId,
    VisitState,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BRANCH = BranchId("burtrask")
SERVICE = ServiceId("library-help")
LIBRARY = LibraryId("skelleftea")


def visit_in(state: VisitState, **values: object) -> Visit:
    """A visit in one state, with what belongs to it."""
    visit = Visit(VisitId("v1"), KioskId("k1"), BRANCH, SERVICE, Language.SV, "tap-1", START, state=state)
    if state in {VisitState.CONNECTING, VisitState.TALKING, VisitState.HELD}:
        visit = replace(visit, seat_id=SeatId("s1"), generation=1, accepted_at=START)
    return replace(visit, **values)  # type: ignore[arg-type]  # whatever the test says


@dataclass
class Line:
    """A line that goes on in time, one command after the other."""

    setup: Setup = field(default_factory=Setup)
    state: LineState = field(default_factory=LineState)
    now: datetime = START
    effects: list[Effect] = field(default_factory=list)
    settled: dict[VisitId, Visit] = field(default_factory=dict)

    def do(self, command: c.Command) -> Decision:
        """Decide one command and keep the state; as in the store, the rules see settled visits no more."""
        decision = decide(self.state, command, self.now, self.setup)
        self.settled |= {visit.id: visit for visit in decision.state.visits.values() if visit.settled}
        open_visits = {visit.id: visit for visit in decision.state.visits.values() if not visit.settled}
        self.state = replace(decision.state, visits=open_visits)
        self.effects.extend(decision.effects)
        return decision

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

    def seat(self, seat_id: str = "s1", name: str = "Anna") -> SeatId:
        """An answerable seat comes."""
        self.do(c.ConnectSeat(SeatId(seat_id), StaffId(f"staff-{seat_id}"), name, LIBRARY))
        self.do(c.SetDuty(SeatId(seat_id), on_duty=True))
        self.prove(seat_id)
        return SeatId(seat_id)

    def prove(self, seat_id: str = "s1", *, sound: bool = True) -> None:
        """The seat passes its check, or loses its sound."""
        self.do(c.ProveSeat(SeatId(seat_id), sound=sound, microphone=True, camera=True))

    def tap(self, visit_id: str = "v1", kiosk_id: str = "k1") -> VisitId:
        """A visitor taps at a kiosk that is there (it comes if it was not)."""
        if KioskId(kiosk_id) not in self.state.kiosks:
            self.kiosk(kiosk_id)
        request = f"tap-{visit_id}"
        self.do(c.OpenVisit(VisitId(visit_id), KioskId(kiosk_id), SERVICE, Language.SV, request))
        return VisitId(visit_id)

    def offer_of(self, visit_id: str = "v1") -> OfferId:
        """The ring of a visit."""
        return next(o.id for o in self.state.offers.values() if o.visit_id == visit_id)

    def rung(self, visit_id: str = "v1") -> set[str]:
        """The seats where a visit rings."""
        return {s for o in self.state.offers.values() if o.visit_id == visit_id for s in o.seat_ids}

    def accept(self, visit_id: str = "v1", seat_id: str = "s1") -> None:
        """A seat takes the visit."""
        self.do(c.AcceptOffer(self.offer_of(visit_id), SeatId(seat_id)))

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
