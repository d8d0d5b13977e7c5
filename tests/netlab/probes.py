"""Packets that are sent on purpose through the lab, and what became of them: the lab's own proof."""

from __future__ import annotations

import contextlib
import socket
import statistics
import struct
import threading
import time
from dataclasses import dataclass

from tests.netlab.addresses import HOME, WORLD
from tests.netlab.lab import Lab

PORT = 5000
_REFLECTOR_PORT = 5001
_WAITS_S = 1.0
_HEAD = struct.Struct("!dI")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived of what was sent.

    Attributes:
        share: 0 to 1.
        delays_ms: Of each packet, in the order of arrival.
        numbers: Of each packet, counted as sent, in the order of arrival.
        kbps: Of IP packets, between the first and the last arrival.
    """

    share: float
    delays_ms: list[float]
    numbers: list[int]
    kbps: float

    @property
    def delay_median_ms(self) -> float:
        """The usual delay."""
        return statistics.median(self.delays_ms)


def stream(
    lab: Lab, source: str, target: str, *, packets: int, per_s: float, size: int = 1200, v6: bool = False
) -> Arrived:
    """Send so many UDP packets of `size` bytes at an even pace from one housed side to another."""
    family = socket.AF_INET6 if v6 else socket.AF_INET
    to, own = (HOME[target].v6, HOME[source].v6) if v6 else (HOME[target].v4, HOME[source].v4)
    rows: list[tuple[float, float, int]] = []
    with (
        lab.socket(source, family, socket.SOCK_DGRAM) as sender,
        lab.socket(target, family, socket.SOCK_DGRAM) as taker,
    ):
        sender.bind((own, PORT))
        taker.bind((to, PORT))
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        taker.settimeout(_WAITS_S)

        def take() -> None:
            with contextlib.suppress(TimeoutError):
                while True:
                    head = taker.recv(2048)[: _HEAD.size]
                    sent_s, number = _HEAD.unpack(head)
                    rows.append((time.monotonic(), sent_s, number))

        taking = threading.Thread(target=take)
        taking.start()
        start_s = time.monotonic()
        for number in range(packets):
            sender.sendto(_HEAD.pack(time.monotonic(), number) + bytes(size - 28 - _HEAD.size), (to, PORT))
            time.sleep(max(0.0, start_s + (number + 1) / per_s - time.monotonic()))
        taking.join()
    lasted_s = rows[-1][0] - rows[0][0] if len(rows) > 1 else 0.0
    return Arrived(
        share=len(rows) / packets,
        delays_ms=[(at_s - sent_s) * 1000 for at_s, sent_s, _ in rows],
        numbers=[number for _, _, number in rows],
        kbps=(len(rows) - 1) * size * 8 / lasted_s / 1000 if lasted_s else 0.0,
    )


def meet_through_nat(lab: Lab) -> tuple[bool, bool]:
    """What ICE does: both sides learn how they are seen, tell each other, and send; does anything arrive?

    Returns:
        At the kiosk, and at the browser.
    """
    with contextlib.ExitStack() as stack:
        reflector = stack.enter_context(lab.socket("server", socket.AF_INET, socket.SOCK_DGRAM))
        reflector.bind((WORLD["server"].v4, _REFLECTOR_PORT))
        reflector.settimeout(_WAITS_S)
        ends, seen = {}, {}
        for place in ("kiosk", "browser"):
            end = stack.enter_context(lab.socket(place, socket.AF_INET, socket.SOCK_DGRAM))
            end.bind((HOME[place].v4, 0))
            end.settimeout(_WAITS_S)
            end.sendto(b"how am I seen?", (WORLD["server"].v4, _REFLECTOR_PORT))
            seen[place] = reflector.recvfrom(64)[1]
            ends[place] = end
        for _ in range(3):
            ends["kiosk"].sendto(b"here", seen["browser"])
            ends["browser"].sendto(b"here", seen["kiosk"])
            time.sleep(0.05)
        return _got(ends["kiosk"]), _got(ends["browser"])


def _got(end: socket.socket) -> bool:
    try:
        return end.recv(64) == b"here"
    except TimeoutError:
        return False
