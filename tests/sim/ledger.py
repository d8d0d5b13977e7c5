"""What became of every tap: kept beside the system, by looking on, and compared with what the database says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from signaling.domain.model import LineState, Visit
from signaling.domain.visit import IN_CALL
from signaling.protocol.vocabulary import EndReason, KioskId, VisitId, VisitState

#: Somebody stands at the kiosk and somebody sits at the seat; a ticket that is called is not there yet.
_MEET: Final = IN_CALL - {VisitState.CALLING}


class Fate(StrEnum):
    """What became of one tap; each has exactly one."""

    ANSWERED = "answered"  # a librarian took it, whatever came after
    LEFT = "left"  # the visitor did not wait for that
    TICKET_EXPIRED = "ticket_expired"  # nobody called it back in time, or nobody came to it
    KIOSK_GONE = "kiosk_gone"  # the kiosk stayed away for longer than its grace
    WAITING = "waiting"  # still in the line
    LOST = "lost"  # the database does not know it, or it ended without a reason of its own


@dataclass(slots=True)
class Tap:
    """One tap, as its visitor knows it.

    Attributes:
        answered_at: When a librarian first took it.
        screen_until: When its visitor no longer waited at the screen: answered, gone, or with a ticket in hand.
    """

    visit_id: VisitId
    kiosk_id: KioskId
    at: datetime
    answered_at: datetime | None = None
    screen_until: datetime | None = None
    ticket: int | None = None
    choices: bool = False
    returned: int = 0

    @property
    def waited_s(self) -> float | None:
        """From tap to answer."""
        return None if self.answered_at is None else (self.answered_at - self.at).total_seconds()

    @property
    def on_screen_s(self) -> float | None:
        """From tap to the end of waiting at the screen."""
        return None if self.screen_until is None else (self.screen_until - self.at).total_seconds()


@dataclass(slots=True)
class Ledger:
    """All taps, and those who came and could not tap.

    Attributes:
        came: Visitors who came to a kiosk.
        found_nobody: Came while the screen said that nobody can answer.
        found_taken: Came while somebody else stood there, or the kiosk was away.
        refused: Tapped a green screen and were refused.
    """

    taps: dict[VisitId, Tap] = field(default_factory=dict)
    came: int = 0
    found_nobody: int = 0
    found_taken: int = 0
    refused: int = 0

    def look(self, line: LineState, now: datetime) -> None:
        """Note what a commit made of the taps that go on."""
        for visit in line.visits.values():
            tap = self.taps.get(visit.id)
            if tap is None:
                continue
            if visit.state in _MEET and tap.answered_at is None:
                tap.answered_at = visit.accepted_at
            tap.ticket = tap.ticket if visit.ticket is None else visit.ticket
            tap.choices = tap.choices or visit.choices
            if tap.screen_until is None and (
                tap.answered_at is not None or visit.ticket is not None or visit.state is VisitState.ENDED
            ):
                tap.screen_until = now

    def fates(self, stored: Iterable[Visit | None]) -> Counter[Fate]:
        """What became of each tap.

        Args:
            stored: The visit of each tap as the database has it, in the order of the taps; None when it has none.
        """
        return Counter(_fate(tap, visit) for tap, visit in zip(self.taps.values(), stored, strict=True))


def _fate(tap: Tap, visit: Visit | None) -> Fate:
    if visit is None or (visit.state is VisitState.ENDED and visit.end_reason is None):
        return Fate.LOST
    if tap.answered_at is not None:
        return Fate.ANSWERED
    match visit.end_reason:
        case None:
            return Fate.WAITING
        case EndReason.LEFT_LINE | EndReason.FINISHED_BY_VISITOR:
            return Fate.LEFT
        case EndReason.TICKET_EXPIRED:
            return Fate.TICKET_EXPIRED
        case EndReason.KIOSK_LOST:
            return Fate.KIOSK_GONE
        case _:
            return Fate.LOST  # nobody took it, and yet somebody ended it
