"""Random histories of being answered: what people, machines and time do. Each test adds what must stay true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from signaling.domain import commands as c
from signaling.domain.line import in_order, on_screen
from signaling.domain.model import Seat, Visit
from signaling.domain.visit import IN_CALL, IN_LINE
from signaling.protocol.vocabulary import (
    KioskId,
    Language,
    NotePhrase,
    OfferKind,
    Party,
    PauseReason,
    SeatId,
    ServiceId,
    VisitState,
)
from tests.support.answering import KIOSKS, SEATS, SERVICES, SmallWorld, is_taken

SERVICE_IDS = [service.id for service in SERVICES]

kiosks = st.sampled_from(sorted(KIOSKS))
seats = st.sampled_from(sorted(SEATS))
languages = st.sampled_from(Language)
#: Which of several things a step is about: the first, the second, ... of those that are there.
numbers = st.integers(0, 7)

#: What a visitor can do about a visit.
AT_KIOSK: dict[str, Callable[[Visit], c.Command]] = {
    "cancel": lambda visit: c.CancelVisit(visit.id, visit.kiosk_id),
    "take a ticket": lambda visit: c.TakeTicket(visit.id, visit.kiosk_id),
    "keep waiting": lambda visit: c.KeepWaiting(visit.id, visit.kiosk_id),
    "come to the ticket": lambda visit: c.AnswerTicket(visit.id, visit.kiosk_id),
    "finish": lambda visit: c.FinishVisit(visit.id, kiosk_id=visit.kiosk_id),
    "feedback": lambda visit: c.GiveFeedback(visit.id, visit.kiosk_id, 2),
    "connected": lambda visit: c.PathConnected(visit.id, visit.generation, Party.VISITOR, visit.kiosk_id),
    "dead": lambda visit: c.PathDead(visit.id, visit.generation, Party.VISITOR, visit.kiosk_id),
}
#: What a seat in a visit can do about it.
AT_SEAT: dict[str, Callable[[Visit, SeatId], c.Command]] = {
    "hold": lambda visit, seat_id: c.HoldVisit(visit.id, seat_id),
    "resume": lambda visit, seat_id: c.ResumeVisit(visit.id, seat_id),
    "leave": lambda visit, seat_id: c.LeaveVisit(visit.id, seat_id),
    "finish": lambda visit, seat_id: c.FinishVisit(visit.id, seat_id=seat_id),
    "flag": lambda visit, seat_id: c.FlagVisit(visit.id, seat_id),
    "unlock": lambda visit, seat_id: c.UnlockKiosk(visit.id, seat_id),
    "close out": lambda visit, seat_id: c.CloseOut(visit.id, seat_id, None, None),
    "uninvite": lambda visit, seat_id: c.UninviteSeat(visit.id, seat_id),
    "connected": lambda visit, seat_id: c.PathConnected(visit.id, visit.generation, Party.STAFF, seat_id),
    "dead": lambda visit, seat_id: c.PathDead(visit.id, visit.generation, Party.STAFF, seat_id),
    "colleague's path dead": lambda visit, seat_id: c.PathDead(visit.id, visit.staff_generation, Party.STAFF, seat_id),
}
#: What can befall a seat that is there.
TO_SEAT: dict[str, Callable[[SeatId], c.Command]] = {
    "lost": c.LoseSeat,
    "signed out": c.RemoveSeat,
    "silent": c.SilenceSeat,
    "touched": c.SignSeat,
    "resumed": c.ResumeSeat,
    "off duty": lambda seat_id: c.SetDuty(seat_id, on_duty=False),
    "on duty": lambda seat_id: c.SetDuty(seat_id, on_duty=True),
    "muted": lambda seat_id: c.ProveSeat(seat_id, sound=False, microphone=True, camera=True),
    "proven": lambda seat_id: c.ProveSeat(seat_id, sound=True, microphone=True, camera=True),
    "break": lambda seat_id: c.PauseSeat(seat_id, PauseReason.BREAK, 60),
    "at the desk": lambda seat_id: c.PauseSeat(seat_id, PauseReason.DESK),
}

#: Which of the likely things follow a step.
courses = st.lists(st.integers(0, 99), max_size=5)
Happening = Callable[..., None]


def step(**arguments: st.SearchStrategy[Any]) -> Callable[[Happening], Happening]:
    """A rule after which things take their course for a while.

    Chance alone seldom gets to the end of a conversation, and Hypothesis leaves out half of the rules in each
    history; this way none goes without what is likely.
    """

    def decorate(happening: Happening) -> Happening:
        def stepping(histories: AnsweringHistories, then: list[int], **drawn: object) -> None:
            happening(histories, **drawn)
            histories.take_course(then)

        as_rule = cast(Any, rule)(then=courses, **arguments)  # its overloads know no keywords of others
        return cast(Happening, as_rule(wraps(happening)(stepping)))

    return decorate


class AnsweringHistories(RuleBasedStateMachine):
    """Four kiosks, three seats, three services, and everything that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = SmallWorld()
        self.restarts = 0

    def visit(self, number: int) -> Visit | None:
        """One of the visits that are not settled."""
        visits = self.world.line.visits
        return visits[sorted(visits)[number % len(visits)]] if visits else None

    def _tap(self, kiosk: KioskId, service: ServiceId, language: Language) -> None:
        if kiosk not in self.world.line.kiosks:
            self.world.kiosk(kiosk)
        self.world.do(self.world.tapping(kiosk, service, language))

    def take_course(self, choices: list[int]) -> None:
        """Let some of what is likely happen."""
        for choice in choices:
            likely = list(what_is_likely(self.world))
            self.world.do(likely[choice % len(likely)])

    # --- what happens -------------------------------------------------------------------------------------

    @initialize(missing=st.sets(seats, max_size=2))
    def the_day_begins(self, missing: set[SeatId]) -> None:
        for kiosk_id in sorted(KIOSKS):
            self.world.kiosk(kiosk_id)
        for seat_id in sorted(SEATS.keys() - missing):
            self.world.seat(seat_id)

    @step(kiosk=kiosks, here=st.booleans())
    def kiosk_comes_or_goes(self, kiosk: KioskId, here: bool) -> None:
        if here:
            self.world.kiosk(kiosk)
        else:
            self.world.do(c.LoseKiosk(kiosk))

    @step(kiosk=kiosks, service=st.sampled_from(SERVICE_IDS), language=languages)
    def tap(self, kiosk: KioskId, service: ServiceId, language: Language) -> None:
        self._tap(kiosk, service, language)

    @step(seat=seats)
    def seat_goes_on_duty(self, seat: SeatId) -> None:
        self.world.seat(seat)

    @step(seat=seats, what=st.sampled_from(sorted(TO_SEAT)))
    def something_befalls_a_seat(self, seat: SeatId, what: str) -> None:
        if seat in self.world.line.seats:
            self.world.do(TO_SEAT[what](seat))

    @step(seat=seats)
    def page_reloads(self, seat: SeatId) -> None:
        self.world.do(c.LoseSeat(seat))
        self.world.connect_seat(seat)

    @step(number=numbers, accepts=st.sampled_from([True, True, False]))
    def a_ring_is_answered(self, number: int, accepts: bool) -> None:
        rings = sorted((o.id, seat_id) for o in self.world.line.offers.values() for seat_id in o.seat_ids)
        if rings:
            offer_id, seat_id = rings[number % len(rings)]
            self.world.do(c.AcceptOffer(offer_id, seat_id) if accepts else c.DeclineOffer(offer_id, seat_id))

    @step(number=numbers)
    def all_who_hear_a_ring_accept_it(self, number: int) -> None:
        offers = self.world.line.offers
        if not offers:
            return
        offer = offers[sorted(offers)[number % len(offers)]]
        if offer.kind is not OfferKind.VISIT:
            return
        won = []
        for seat_id in sorted(offer.seat_ids):
            if self.world.do(c.AcceptOffer(offer.id, seat_id)) is not None:
                won.append(seat_id)
            elif won:
                assert is_taken(self.world.refused)
        assert len(won) <= 1, "an accept race has one winner"

    @step(kiosk_a=kiosks, kiosk_b=kiosks, service=st.sampled_from(SERVICE_IDS), language=languages)
    def two_come_at_once(self, kiosk_a: KioskId, kiosk_b: KioskId, service: ServiceId, language: Language) -> None:
        self._tap(kiosk_a, service, language)
        self._tap(kiosk_b, service, Language.SV)

    @step(number=numbers)
    def visitor_takes_a_ticket(self, number: int) -> None:
        waiting = [visit for visit in self.world.line.visits.values() if visit.state in IN_LINE]
        if waiting:
            self.world.do(AT_KIOSK["take a ticket"](waiting[number % len(waiting)]))

    @step(number=numbers, what=st.sampled_from(sorted(AT_KIOSK)))
    def visitor_acts(self, number: int, what: str) -> None:
        visit = self.visit(number)
        if visit is not None:
            self.world.do(AT_KIOSK[what](visit))

    @step(number=numbers, language=languages)
    def visitor_reads_another_language(self, number: int, language: Language) -> None:
        visit = self.visit(number)
        if visit is not None:
            self.world.do(c.ChangeLanguage(visit.id, visit.kiosk_id, language))

    @step(number=numbers, what=st.sampled_from(sorted(AT_SEAT)), as_guest=st.sampled_from([False, False, True]))
    def librarian_acts(self, number: int, what: str, as_guest: bool) -> None:
        visit = self.visit(number)
        seat_id = None if visit is None else visit.guest_seat_id if as_guest else visit.seat_id
        if visit is not None and seat_id is not None:
            self.world.do(AT_SEAT[what](visit, seat_id))

    @step(number=numbers, guest=seats)
    def colleague_is_asked(self, number: int, guest: SeatId) -> None:
        visit = self.visit(number)
        if visit is not None and visit.seat_id is not None:
            self.world.do(c.InviteSeat(visit.id, visit.seat_id, guest))

    @step(number=numbers, seat=seats)
    def line_is_sent_to_who_waits(self, number: int, seat: SeatId) -> None:
        visit = self.visit(number)
        if visit is not None:
            self.world.do(c.NoteVisit(visit.id, seat, NotePhrase.SOON_WITH_YOU))

    @step()
    def server_is_killed_and_starts(self) -> None:
        standing = [visit.id for visit in in_order(self.world.line, self.world.setup)]
        talking = {v.id: v.seat_id for v in self.world.line.visits.values() if v.state in IN_CALL}
        self.world.start_server()
        assert [visit.id for visit in in_order(self.world.line, self.world.setup)] == standing
        assert {v.id: v.seat_id for v in self.world.line.visits.values() if v.state in IN_CALL} == talking
        self.restarts += 1

    @step(closed=st.sampled_from([False, False, False, True]))
    def branch_closes_or_opens(self, closed: bool) -> None:
        self.world.close_branch(closed=closed)

    @step(seat=seats, language=languages)
    def somebody_speaks_only_one_language(self, seat: SeatId, language: Language) -> None:
        live = self.world.line.seats.get(seat)
        if live is not None:
            self.world.do(c.UpdateStaff(live.staff_id, live.name, frozenset({language})))

    @step(seconds=st.sampled_from([1.0, 13.0, 16.0, 31.0, 61.0, 125.0, 125.0, 900.0, 8000.0, 40000.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.later(seconds)

    @step()
    def next_deadline_comes(self) -> None:
        self.world.to_next_deadline()


def what_is_likely(world: SmallWorld) -> Iterator[c.Command]:
    """Commands that somebody who sees the screens of this moment might well give; at least one."""
    line = world.line
    for kiosk_id, branch_id in KIOSKS.items():
        kiosk = line.kiosks.get(kiosk_id)
        if kiosk is None or not kiosk.connected:
            yield c.ConnectKiosk(kiosk_id, branch_id)
        elif kiosk_id not in on_screen(line.visits.values()):
            for service in SERVICES[:2]:
                yield world.tapping(kiosk_id, service.id, Language.SV)
    for offer in line.offers.values():
        for seat_id in sorted(offer.seat_ids):
            yield from [c.AcceptOffer(offer.id, seat_id)] * 4
    for visit in line.visits.values():
        yield from _likely_of(visit)
    for seat in line.seats.values():
        yield from _likely_at(seat, line.seats)


def _likely_of(visit: Visit) -> Iterator[c.Command]:
    seat_id = visit.seat_id or SeatId("")
    match visit.state:
        case VisitState.WAITING | VisitState.OFFERED:
            yield AT_KIOSK["take a ticket"](visit)
            yield AT_KIOSK["keep waiting"](visit)
        case VisitState.CALLING:
            yield from [AT_KIOSK["come to the ticket"](visit)] * 3
        case VisitState.CONNECTING:
            yield from [AT_KIOSK["connected"](visit)] * 4
        case VisitState.TALKING:
            for what in ("hold", "leave", "finish", "flag", "dead"):
                yield AT_SEAT[what](visit, seat_id)
            yield c.LoseSeat(seat_id)
        case VisitState.HELD:
            yield AT_SEAT["resume"](visit, seat_id)
            yield AT_SEAT["leave"](visit, seat_id)
        case VisitState.ENDED:
            yield AT_KIOSK["feedback"](visit)
            yield AT_SEAT["close out"](visit, seat_id)
    if visit.guest_seat_id is not None:
        yield AT_SEAT["uninvite"](visit, seat_id)
        yield AT_SEAT["colleague's path dead"](visit, seat_id)
        yield c.LeaveVisit(visit.id, visit.guest_seat_id)
        yield c.RemoveSeat(seat_id)


def _likely_at(seat: Seat, others: Mapping[SeatId, Seat]) -> Iterator[c.Command]:
    if not seat.on_duty:
        yield TO_SEAT["on duty"](seat.id)
    if seat.pause is not None:
        yield TO_SEAT["resumed"](seat.id)
    if not (seat.sound and seat.microphone and seat.camera):
        yield TO_SEAT["proven"](seat.id)
    if seat.silent or seat.asked_until is not None:
        yield TO_SEAT["touched"](seat.id)
    if seat.visit_id is not None:
        for other in others:
            if other != seat.id:
                yield from [c.InviteSeat(seat.visit_id, seat.id, other)] * 2
