"""Random histories: three kiosks, three seats, anything in any order. Each test adds what must stay true."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from signaling.domain import commands as c
from signaling.domain.errors import Refused
from signaling.protocol.vocabulary import KioskId, Language, Party, SeatId, StaffId
from tests.support.lines import Line

KIOSKS = [f"k{n}" for n in range(3)]
SEATS = [f"s{n}" for n in range(3)]


class Histories(RuleBasedStateMachine):
    """Three kiosks, three seats, anything in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.line = self.new_line()
        self.taps = 0

    def new_line(self) -> Line:
        """The line that the history happens to; a test may watch it."""
        return Line()

    def attempt(self, command: c.Command) -> None:
        before = self.line.state
        try:
            self.line.do(command)
        except Refused:
            assert self.line.state is before

    @rule(kiosk=st.sampled_from(KIOSKS), present=st.booleans())
    def kiosk_comes_or_goes(self, kiosk: str, present: bool) -> None:
        if present:
            self.line.kiosk(kiosk)
        else:
            self.attempt(c.LoseKiosk(KioskId(kiosk)))

    @rule(seat=st.sampled_from(SEATS), what=st.sampled_from(["come", "go", "sign out", "off duty", "mute"]))
    def seat_changes(self, seat: str, what: str) -> None:
        match what:
            case "come":
                self.line.seat(seat)
            case "go":
                self.attempt(c.LoseSeat(SeatId(seat)))
            case "sign out":
                self.attempt(c.RemoveSeat(SeatId(seat)))
            case "off duty":
                self.attempt(c.SetDuty(SeatId(seat), on_duty=False))
            case _:
                self.attempt(c.ProveSeat(SeatId(seat), sound=False, microphone=True, camera=True))

    @rule(seat=st.sampled_from(SEATS), name=st.sampled_from(["Anna", "Anna-Lena"]))
    def page_reloads(self, seat: str, name: str) -> None:
        self.attempt(c.LoseSeat(SeatId(seat)))
        self.attempt(c.ConnectSeat(SeatId(seat), StaffId(f"staff-{seat}"), name))

    @rule(kiosk=st.sampled_from(KIOSKS))
    def tap(self, kiosk: str) -> None:
        self.taps += 1
        try:
            self.line.tap(f"v{self.taps}", kiosk)
        except Refused:
            return

    @rule(seat=st.sampled_from(SEATS), kiosk=st.sampled_from(KIOSKS))
    def talk(self, seat: str, kiosk: str) -> None:
        """Histories that begin with a conversation: chance alone seldom gets that far."""
        self.line.seat(seat)
        self.line.kiosk(kiosk)
        self.tap(kiosk)
        self.answer(seat, accepts=True)
        visit_id = self.line.the_seat(seat).visit_id
        if visit_id is not None:
            self.attempt(c.PathConnected(visit_id, self.line.visit(visit_id).generation, Party.STAFF, seat))

    @rule(seat=st.sampled_from(SEATS), accepts=st.booleans())
    def answer(self, seat: str, accepts: bool) -> None:
        for offer in list(self.line.state.offers.values()):
            if seat in offer.seat_ids:
                command = c.AcceptOffer if accepts else c.DeclineOffer
                self.attempt(command(offer.id, SeatId(seat)))

    @rule(
        data=st.data(),
        what=st.sampled_from(
            ["connected", "again", "hold", "resume", "leave", "cancel", "finish", "feedback", "close out", "speak"]
        ),
    )
    def visit_goes_on(self, data: st.DataObject, what: str) -> None:
        if not self.line.state.visits:
            return
        visit = self.line.state.visits[data.draw(st.sampled_from(sorted(self.line.state.visits)))]
        seat = visit.seat_id or SeatId("s0")
        commands: dict[str, c.Command] = {
            "connected": c.PathConnected(visit.id, visit.generation, Party.VISITOR, visit.kiosk_id),
            "again": c.PathDead(visit.id, visit.generation, Party.STAFF, seat),
            "hold": c.HoldVisit(visit.id, seat),
            "resume": c.ResumeVisit(visit.id, seat),
            "leave": c.LeaveVisit(visit.id, seat),
            "cancel": c.CancelVisit(visit.id, visit.kiosk_id),
            "finish": c.FinishVisit(visit.id, kiosk_id=visit.kiosk_id),
            "feedback": c.GiveFeedback(visit.id, visit.kiosk_id, 2),
            "close out": c.CloseOut(visit.id, seat, None, None),
            "speak": c.ChangeLanguage(visit.id, visit.kiosk_id, Language.EN),
        }
        self.attempt(commands[what])

    @rule()
    def server_starts_anew(self) -> None:
        rings = self.line.state.offers
        self.attempt(c.LoseEveryone())
        assert self.line.state.offers == rings

    @rule(seconds=st.sampled_from([1.0, 13.0, 31.0, 90.0]))
    def time_passes(self, seconds: float) -> None:
        self.line.later(seconds)
