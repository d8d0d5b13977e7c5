"""Plays a visitor, a server and a clock against the kiosk's pure session: a case is three lines long."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.core import commands as c
from kiosk.core import effects as fx
from kiosk.core import events as e
from kiosk.core.facts import ServerFacts, VisitFacts
from kiosk.core.media import PathState
from kiosk.core.session import decide
from kiosk.core.shown import shown
from kiosk.core.snapshot import Availability, BranchFacts, Screen, ScreenState, ServiceFacts
from kiosk.core.state import TICKET_S, Session, media_plan
from signaling.protocol.vocabulary import Language, ServiceId, VisitId, VisitState

VISIT = VisitId("visit-1")
SERVICE = ServiceId("library-help")
NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
SOMEBODY = Availability(answerable_seats=2, free_seats=1, on_duty_names=("Anna",))
FACTS = ServerFacts(
    branch=BranchFacts("Norrbibliotek", "Burträsk", "0914-123 45"),
    time_zone="Europe/Stockholm",
    default_language=Language.SV,
    services=(ServiceFacts(SERVICE, {Language.SV: "Bibliotekshjälp"}, availability=SOMEBODY),),
    availability=SOMEBODY,
)
NOBODY = Availability()


class Visitor:
    """One session, moved on by hand.

    Attributes:
        sent: Everything that was to be sent, oldest first.
    """

    def __init__(self, started_s: float = 100.0) -> None:
        self.now_s = started_s
        self.state = Session(started_s=started_s, wall=NOON)
        self.sent: list[fx.Effect] = []
        self._ids = itertools.count(1)

    def does(self, *happenings: e.Event) -> tuple[fx.Effect, ...]:
        """Let things happen now; returns what the last of them sent."""
        effects: tuple[fx.Effect, ...] = ()
        for event in happenings:
            self.state, effects = decide(self.state, event, self.now_s, f"tap-{next(self._ids)}")
            self.sent += effects
        return effects

    def waits(self, seconds: float, tick_s: float = 1.0) -> tuple[fx.Effect, ...]:
        """Let time go by, tick by tick; returns what was sent meanwhile."""
        before = len(self.sent)
        while seconds > 0:
            step_s = min(tick_s, seconds)
            seconds -= step_s
            self.now_s += step_s
            self.does(e.Tick(NOON + timedelta(seconds=self.now_s)))
        return tuple(self.sent[before:])

    def hears(self, visit: VisitState | None = None, **changes: Any) -> tuple[fx.Effect, ...]:
        """Let the server's facts come: the visit in this state (or none), and anything else by name.

        Names of `VisitFacts` change the visit, names of `ServerFacts` the rest; what is not named stays as it was.
        `availability` changes that of every service, too.
        """
        before = self.state.facts or FACTS
        if "availability" in changes and "services" not in changes:
            of_all = changes["availability"]
            changes["services"] = tuple(replace(service, availability=of_all) for service in before.services)
        of_visit = {name: changes.pop(name) for name in list(changes) if name in VisitFacts.__slots__}
        facts = replace(before, **changes, visit=None)
        if visit is not None:
            known = before.visit or VisitFacts(VISIT, visit, self.state.language)
            facts = replace(facts, visit=replace(known, state=visit, **of_visit))
        return self.does(e.FactsCame(facts))

    def sees(self) -> ScreenState:
        """What is shown."""
        return shown(self.state, STOCKHOLM)

    @property
    def plan(self) -> fx.MediaPlan:
        """What media should be like."""
        return media_plan(self.state)


def connected(generation: int = 1) -> e.PathChanged:
    """The path is up."""
    return e.PathChanged(generation, PathState.CONNECTED)


def failed(generation: int = 1) -> e.PathChanged:
    """The path is dead."""
    return e.PathChanged(generation, PathState.FAILED)


def idle() -> Visitor:
    """A kiosk that somebody can be called from."""
    visitor = Visitor()
    visitor.hears()
    return visitor


def opening() -> Visitor:
    """A tap is on its way."""
    visitor = idle()
    visitor.does(c.TapCall())
    return visitor


def waiting(**changes: Any) -> Visitor:
    """In the line."""
    visitor = opening()
    visitor.hears(VisitState.WAITING, place=1, **changes)
    return visitor


def offered() -> Visitor:
    """It rings at a seat."""
    visitor = waiting()
    visitor.hears(VisitState.OFFERED)
    return visitor


def connecting() -> Visitor:
    """A librarian has accepted."""
    visitor = offered()
    visitor.hears(VisitState.CONNECTING, generation=1, place=0, librarian_name="Anna")
    return visitor


def talking() -> Visitor:
    """Seen and heard both ways."""
    visitor = connecting()
    visitor.does(connected())
    visitor.hears(VisitState.TALKING)
    return visitor


def held() -> Visitor:
    """The librarian has stepped aside."""
    visitor = talking()
    visitor.hears(VisitState.HELD, held_since=NOON)
    return visitor


def coming_back() -> Visitor:
    """The path died; the next generation is being built."""
    visitor = talking()
    visitor.does(failed())
    visitor.hears(VisitState.CONNECTING, generation=2)
    return visitor


def choosing() -> Visitor:
    """The ways out are shown."""
    return waiting(choices=True, service_id=SERVICE)


def ticket_asked() -> Visitor:
    """A number was asked for."""
    visitor = choosing()
    visitor.does(c.TakeTicket())
    return visitor


def ticket() -> Visitor:
    """The number was taken and is shown."""
    visitor = ticket_asked()
    visitor.does(e.TicketTaken(VISIT, 7))
    visitor.hears(None, tickets=(7,))
    return visitor


def calling() -> Visitor:
    """The number is called back; nobody has touched."""
    visitor = ticket()
    visitor.waits(TICKET_S)
    visitor.hears(
        VisitState.CALLING,
        id=VISIT,
        ticket=7,
        librarian_name="Anna",
        generation=1,
        calling_until=visitor.state.wall + timedelta(seconds=60),
        tickets=(),
    )
    return visitor


def answered() -> Visitor:
    """Somebody touched; the server does not know it yet."""
    visitor = calling()
    visitor.does(c.AnswerTicket())
    return visitor


def goodbye() -> Visitor:
    """The visitor has ended it."""
    visitor = talking()
    visitor.does(c.EndCall())
    visitor.hears(None)
    return visitor


def out_of_service() -> Visitor:
    """The server is away."""
    visitor = idle()
    visitor.does(e.LinkLost())
    visitor.waits(4)
    return visitor


SITUATIONS = {
    make.__name__: make
    for make in (
        idle,
        opening,
        waiting,
        offered,
        choosing,
        ticket_asked,
        ticket,
        calling,
        answered,
        connecting,
        talking,
        held,
        coming_back,
        goodbye,
        out_of_service,
    )
}


def kinds(effects: Sequence[fx.Effect]) -> list[str]:
    """Names of the effects, for tables."""
    return [type(effect).__name__.removeprefix("Send").lower() for effect in effects]


def screen_of(visitor: Visitor) -> Screen:
    """The screen that is shown."""
    return visitor.sees().screen
