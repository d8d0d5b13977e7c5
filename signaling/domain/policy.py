"""The durations that the rules go by. Each has its reason; a library may set its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Durations in seconds.

    Attributes:
        ring_timeout_s: One ring; then the visit rings anew.
        connect_timeout_s: From accept (or a dead path) until media must flow; then back to the front.
        seat_grace_s: How long a lost seat keeps its visit; covers a page reload and a short loss of network.
        kiosk_grace_s: How long a lost kiosk keeps its visit; covers a restart of the program.
        wrap_up_s: How long a seat is not rung after a visit.
        decline_pause_s: How long a seat that declined (or left) is not rung for the same visit.
        settle_s: How long an ended visit waits for the visitor's feedback.
    """

    ring_timeout_s: float = 30
    connect_timeout_s: float = 20
    seat_grace_s: float = 12
    kiosk_grace_s: float = 30
    wrap_up_s: float = 30
    decline_pause_s: float = 30
    settle_s: float = 60
