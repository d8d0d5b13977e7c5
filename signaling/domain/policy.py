"""The durations that the rules go by. Each has its reason; a library may set its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Durations in seconds, and a few counts.

    Attributes:
        ring_timeout_s: One ring; then the visit rings anew.
        connect_timeout_s: From accept, from a dead path, or from the return of the last end that was away, until media
            must flow; then back to the front.
        seat_grace_s: How long a lost seat keeps its visit; covers a page reload, a short loss of network, and a browser
            that crashed and is opened again by hand.
        kiosk_grace_s: How long a lost kiosk keeps its visit; covers a restart of the program.
        wrap_up_s: How long a seat is not rung after a visit.
        decline_pause_s: How long a seat that declined (or left) is not rung for the same visit.
        settle_s: How long an ended visit waits for the visitor's feedback.
        same_tap_s: How long one in which nobody talked is remembered; covers a tap of it that was sent twice.
        ring_at_most: Seats that one visit rings at once, longest idle first; more would leave nobody for the next.
        sign_after_s: So long after the last sign of a person a seat on duty is asked whether somebody is there.
        asked_s: How long the question waits; then the seat goes off duty.
        callback_s: How long a ticket is called back before it expires.
        ticket_life_s: How long a ticket waits for a librarian at most.
        prefer_within_s: Who rings again from the same kiosk within this time reaches the same seat first.
        prefer_ring_s: How long that seat rings alone.
        lock_s: How long a kiosk rests after a visit that was ended and flagged.
        long_wait_s: A visit that waited longer counts as a long wait.
        long_waits: So many long waits within `long_waits_within_s` ask the standby people.
        standby_again_s: They are asked again no sooner than this.
        nobody_grace_s: Nobody on duty in opening hours for so long asks them too; covers a change of shift.
    """

    ring_timeout_s: float = 30
    connect_timeout_s: float = 20
    seat_grace_s: float = 20
    kiosk_grace_s: float = 30
    wrap_up_s: float = 30
    decline_pause_s: float = 30
    settle_s: float = 60
    same_tap_s: float = 10
    ring_at_most: int = 5
    sign_after_s: float = 7200
    asked_s: float = 180
    callback_s: float = 60
    ticket_life_s: float = 4 * 3600
    prefer_within_s: float = 600
    prefer_ring_s: float = 10
    lock_s: float = 600
    long_wait_s: float = 120
    long_waits: int = 3
    long_waits_within_s: float = 1200
    standby_again_s: float = 3600
    nobody_grace_s: float = 60
