"""What a decision asks the world to do or to count, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from signaling.protocol.vocabulary import EndReason, ServiceId


@dataclass(frozen=True, slots=True)
class VisitAccepted:
    """A visit was answered after so many seconds."""

    waited_s: float


@dataclass(frozen=True, slots=True)
class VisitReturned:
    """A visit fell from its seat, back to the front."""


@dataclass(frozen=True, slots=True)
class VisitEnded:
    """A visit ended."""

    reason: EndReason
    answered: bool


@dataclass(frozen=True, slots=True)
class RingUnanswered:
    """A ring's deadline passed."""


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """A visitor chose to be called back."""


@dataclass(frozen=True, slots=True)
class ChoicesShown:
    """A tap was not answered in time, and the visitor has a choice."""


@dataclass(frozen=True, slots=True)
class SeatPaused:
    """A seat was paused because a ring there was not taken."""


@dataclass(frozen=True, slots=True)
class LeftDuty:
    """A seat went off duty because nobody was there."""


class StandbyCause(StrEnum):
    """Why standby people are asked."""

    LONG_WAITS = "long_waits"
    NOBODY_ON_DUTY = "nobody_on_duty"


@dataclass(frozen=True, slots=True)
class StandbyNeeded:
    """Ask the standby people of a service, once."""

    service_id: ServiceId
    cause: StandbyCause


Effect = (
    VisitAccepted
    | VisitReturned
    | VisitEnded
    | RingUnanswered
    | TicketTaken
    | ChoicesShown
    | SeatPaused
    | LeftDuty
    | StandbyNeeded
)
