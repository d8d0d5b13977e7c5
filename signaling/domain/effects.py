"""What a decision asks the world to do or to count, as data."""

from __future__ import annotations

from dataclasses import dataclass

from signaling.protocol.vocabulary import EndReason


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


Effect = VisitAccepted | VisitReturned | VisitEnded | RingUnanswered
