"""Random histories: three kiosks, three seats, anything in any order. Each test adds what must stay true.

One service with two tiers; the third seat is in the second one, and does not speak everything.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from signaling.domain import commands as c
from signaling.domain.errors import Refused
from signaling.domain.model import Visit
from signaling.domain.places import Setup
from signaling.protocol.vocabulary import (
    KioskId,
    Language,
    NotePhrase,
    Party,
    PauseReason,
    SeatId,
    StaffId,
    VisitId,
)
from tests.support.lines import LIBRARY, LINE, Line, tiered

KIOSKS = [f"k{n}" for n in range(3)]
SEATS = [f"s{n}" for n in range(3)]
TWO_TIERS: Setup = tiered((("s0", "s1"), 0), (("s2",), 20))
SPOKEN = {"s2": frozenset({Language.SV, Language.NB})}


class Histories(RuleBasedStateMachine):
    """Three kiosks, three seats, anything in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.line = self.new_line()
        self.taps = 0

    def new_line(self) -> Line:
        """The line that the history happens to; a test may watch it."""
        line = Line(TWO_TIERS)
        line.open()
        return line

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
                self.seat_comes(seat)
            case "go":
                self.attempt(c.LoseSeat(SeatId(seat)))
            case "sign out":
                self.attempt(c.RemoveSeat(SeatId(seat)))
            case "off duty":
                self.attempt(c.SetDuty(SeatId(seat), on_duty=False))
            case _:
                self.attempt(c.ProveSeat(SeatId(seat), sound=False, microphone=True, camera=True))

    def seat_comes(self, seat: str) -> None:
        self.line.seat(seat, languages=SPOKEN.get(seat, frozenset(Language)))

    @rule(
        seat=st.sampled_from(SEATS),
        what=st.sampled_from(["pause", "short pause", "resume", "silence", "sign"]),
    )
    def seat_rests(self, seat: str, what: str) -> None:
        seat_id = SeatId(seat)
        commands: dict[str, c.Command] = {
            "pause": c.PauseSeat(seat_id, PauseReason.DESK),
            "short pause": c.PauseSeat(seat_id, PauseReason.BREAK, 60),
            "resume": c.ResumeSeat(seat_id),
            "silence": c.SilenceSeat(seat_id),
            "sign": c.SignSeat(seat_id),
        }
        self.attempt(commands[what])

    @rule(seat=st.sampled_from(SEATS), name=st.sampled_from(["Anna", "Anna-Lena"]))
    def page_reloads(self, seat: str, name: str) -> None:
        self.attempt(c.LoseSeat(SeatId(seat)))
        languages = SPOKEN.get(seat, frozenset(Language))
        self.attempt(c.ConnectSeat(SeatId(seat), StaffId(f"staff-{seat}"), name, LIBRARY, languages))

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
        self.seat_comes(seat)
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

    def some_visit(self, data: st.DataObject) -> Visit | None:
        if not self.line.state.visits:
            return None
        return self.line.state.visits[data.draw(st.sampled_from(sorted(self.line.state.visits)))]

    @rule(
        data=st.data(),
        what=st.sampled_from(["cancel", "finish", "feedback", "speak", "ticket", "ticket", "keep waiting", "touch"]),
    )
    def visitor_does(self, data: st.DataObject, what: str) -> None:
        visit = self.some_visit(data)
        if visit is None:
            return
        commands: dict[str, c.Command] = {
            "cancel": c.CancelVisit(visit.id, visit.kiosk_id),
            "finish": c.FinishVisit(visit.id, kiosk_id=visit.kiosk_id),
            "feedback": c.GiveFeedback(visit.id, visit.kiosk_id, 2),
            "speak": c.ChangeLanguage(visit.id, visit.kiosk_id, Language.EN),
            "ticket": c.TakeTicket(visit.id, visit.kiosk_id),
            "keep waiting": c.KeepWaiting(visit.id, visit.kiosk_id),
            "touch": c.AnswerTicket(visit.id, visit.kiosk_id),
        }
        self.attempt(commands[what])

    @rule(
        data=st.data(),
        what=st.sampled_from(["hold", "resume", "leave", "finish", "flag", "unlock", "close out", "note", "uninvite"]),
        guest=st.booleans(),
    )
    def librarian_does(self, data: st.DataObject, what: str, guest: bool) -> None:
        visit = self.some_visit(data)
        if visit is None:
            return
        seat = (visit.guest_seat_id if guest else None) or visit.seat_id or SeatId("s0")
        commands: dict[str, c.Command] = {
            "hold": c.HoldVisit(visit.id, seat),
            "resume": c.ResumeVisit(visit.id, seat),
            "leave": c.LeaveVisit(visit.id, seat),
            "finish": c.FinishVisit(visit.id, seat_id=seat),
            "flag": c.FlagVisit(visit.id, seat),
            "unlock": c.UnlockKiosk(visit.id, seat),
            "close out": c.CloseOut(visit.id, seat, None, None),
            "note": c.NoteVisit(visit.id, seat, NotePhrase.SOON_WITH_YOU),
            "uninvite": c.UninviteSeat(visit.id, seat),
        }
        self.attempt(commands[what])

    @rule(data=st.data(), dead=st.booleans(), kiosk=st.booleans())
    def prepared_path_comes_or_goes(self, data: st.DataObject, dead: bool, kiosk: bool) -> None:
        """What an end says of a path that is made ready while it rings, by now or before."""
        ready = [(ring.visit_id, *path) for ring in self.line.state.offers.values() for path in ring.prepared.items()]
        if not ready:
            return
        visit_id, seat_id, number = data.draw(st.sampled_from(sorted(ready)))
        visit = self.line.visit(visit_id)
        number = data.draw(st.sampled_from([number, number, max(1, number - 1), visit.generations + 1]))
        end = (Party.VISITOR, str(visit.kiosk_id)) if kiosk else (Party.STAFF, str(seat_id))
        self.attempt((c.PathDead if dead else c.PathConnected)(visit_id, number, *end))

    @rule(kiosk=st.sampled_from(KIOSKS))
    def it_rings_everywhere(self, kiosk: str) -> None:
        """Histories in which several paths are made ready at once."""
        for seat in SEATS:
            self.seat_comes(seat)
        self.line.kiosk(kiosk)
        self.tap(kiosk)

    @rule(data=st.data(), dead=st.booleans(), who=st.sampled_from(["kiosk", "seat", "guest"]), which=st.integers(0, 2))
    def path_comes_or_goes(self, data: st.DataObject, dead: bool, who: str, which: int) -> None:
        visit = self.some_visit(data)
        if visit is None:
            return
        generation = (visit.generation, visit.guest_generation, visit.staff_generation)[which]
        ends: dict[str, tuple[Party, str]] = {
            "kiosk": (Party.VISITOR, visit.kiosk_id),
            "seat": (Party.STAFF, visit.seat_id or "s0"),
            "guest": (Party.STAFF, visit.guest_seat_id or "s1"),
        }
        self.attempt((c.PathDead if dead else c.PathConnected)(visit.id, generation, *ends[who]))

    @rule(guest=st.sampled_from(SEATS), joins=st.booleans(), kiosk=st.sampled_from(KIOSKS))
    def colleague_is_asked(self, guest: str, joins: bool, kiosk: str) -> None:
        """Histories with three in the call: out of a conversation that goes on, or a new one."""
        if not any(visit.talking_since for visit in self.line.state.visits.values()):
            self.talk(next(seat for seat in SEATS if seat != guest), kiosk)
        self.seat_comes(guest)
        for visit in list(self.line.state.visits.values()):
            if visit.seat_id is not None:
                self.attempt(c.InviteSeat(visit.id, visit.seat_id, SeatId(guest)))
        if joins:
            self.answer(guest, accepts=True)

    @rule(seat=st.sampled_from(SEATS), kiosk=st.sampled_from(KIOSKS))
    def ticket_is_called_back(self, seat: str, kiosk: str) -> None:
        """Histories in which a kiosk calls for its visitor."""
        self.line.kiosk(kiosk)
        self.tap(kiosk)
        self.attempt(c.TakeTicket(VisitId(f"v{self.taps}"), KioskId(kiosk)))
        self.seat_comes(seat)
        self.answer(seat, accepts=True)

    @rule()
    def places_are_looked_at(self) -> None:
        self.attempt(c.LookAtSetup(LINE))

    @rule()
    def server_starts_anew(self) -> None:
        rings = self.line.state.offers
        self.attempt(c.LoseEveryone())
        assert self.line.state.offers == rings

    @rule(seconds=st.sampled_from([1.0, 13.0, 21.0, 31.0, 90.0, 601.0, 7200.0, 14400.0]))
    def time_passes(self, seconds: float) -> None:
        self.line.later(seconds)
