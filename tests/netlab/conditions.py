"""What a network is like, as data: one way, one side's access, and the whole of it.

What it is for: scenarios that can be read. What it does not do: bring it about (`lab`, `link`, `rules`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Nat(StrEnum):
    """What stands between a side and the rest."""

    NONE = "none"  # routed: its own address is seen by everybody
    PORT_KEEPING = "port_keeping"  # one address for the house; ports are kept, so two such sides can meet directly
    SYMMETRIC = "symmetric"  # a new random port for each destination (RFC 4787: address and port dependent)


@dataclass(frozen=True, slots=True)
class Way:
    """One direction of one side's access.

    Attributes:
        delay_ms: How long each packet takes, milliseconds.
        jitter_ms: The delay is up to this much longer or shorter, drawn anew every 20 ms; packets keep their order.
            Never below zero in all, so `delay_ms` should be as large.
        reorder: Share (0 to 1) of packets that are held back so that later ones overtake them.
        loss: Share (0 to 1) of packets that are dropped, each by its own chance.
        rate_kbps: What it carries, kbit/s of IP packets; None is no cap.
        queue_ms: How much may wait for a capped way, in milliseconds of its rate; what is more is dropped.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    reorder: float = 0.0
    loss: float = 0.0
    rate_kbps: float | None = None
    queue_ms: float = 100.0


@dataclass(frozen=True, slots=True)
class Access:
    """How one side reaches all the others.

    Attributes:
        up, down: From it, and to it.
        nat: Between it and the rest. Only `kiosk` and `browser` have a gateway, and so loss and NAT.
        cut: Whether nothing passes, without a word to anybody.
    """

    up: Way = Way()
    down: Way = Way()
    nat: Nat = Nat.NONE
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """All of it. What is not said is perfect."""

    kiosk: Access = Access()
    browser: Access = Access()
    server: Access = Access()
    relay: Access = Access()

    def with_kiosk(self, **changes: object) -> Network:
        """The same, with another access of the kiosk."""
        return replace(self, kiosk=replace(self.kiosk, **changes))  # type: ignore[arg-type]


def both(way: Way, *, nat: Nat = Nat.NONE) -> Access:
    """An access that is the same up and down."""
    return Access(way, way, nat)


def round_trip(
    ms: float,
    *,
    loss: float = 0.0,
    rate_kbps: float | None = None,
    queue_ms: float = 100.0,
    jitter_ms: float = 0.0,
    reorder: float = 0.0,
) -> Network:
    """A network whose poor part is the kiosk's access; `ms` there and back, everything else each way."""
    return Network(kiosk=both(Way(ms / 2, jitter_ms, reorder, loss, rate_kbps, queue_ms)))


@dataclass(frozen=True, slots=True)
class Step:
    """From `at_s` on, the network is `network`."""

    at_s: float
    network: Network


@dataclass(frozen=True, slots=True)
class Scenario:
    """A network that may change while one talks.

    Attributes:
        name: For the table and for `--only`.
        words: What it is, for people.
        network: At the beginning.
        steps: What it becomes later, in order of time.
        seconds: How long it must be looked at at least; None: as long as asked for.
    """

    name: str
    words: str
    network: Network = Network()
    steps: tuple[Step, ...] = field(default=())
    seconds: float | None = None
