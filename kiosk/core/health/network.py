"""What is wrong with the way to the server and to the relay, out of what was seen of it. Pure.

What it is for: telling apart a server that is away, a clock that is wrong, a relay that is shut on one way and one that
is shut on all. What it does not do: look (`kiosk.adapters.health.network`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kiosk.core.care import Looked
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber
from signaling.protocol.vocabulary import RelayFinding, RelayTransport

#: A credential's life and the times on the screen bear this much.
CLOCK_MAY_DIFFER_S: Final = 30.0

_BLOCKED: Final[Mapping[RelayTransport, HealthCode]] = MappingProxyType(
    {
        RelayTransport.UDP: HealthCode.RELAY_UDP_BLOCKED,
        RelayTransport.TCP: HealthCode.RELAY_TCP_BLOCKED,
        RelayTransport.TLS: HealthCode.RELAY_TLS_BLOCKED,
    }
)
#: It answered, and lends us nothing.
_REFUSALS: Final = frozenset({RelayFinding.REFUSED, RelayFinding.FULL})


@dataclass(frozen=True, slots=True)
class RelaySeen:
    """What became of the try of one address of the relay."""

    transport: RelayTransport
    finding: RelayFinding


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """What was seen.

    Attributes:
        round_trip_ms: Of a question to the server over the kiosk's own link; None when it was not answered.
        clock_ahead_s: This machine's clock against the server's; None when nobody told its time.
        relays: One for each address that the server named; none when it has no relay, or was not there to name it.
    """

    round_trip_ms: float | None = None
    clock_ahead_s: float | None = None
    relays: tuple[RelaySeen, ...] = ()


def network_looked(seen: NetworkSeen) -> Looked:
    """What is wrong. A relay that one way leads to carries calls; the other ways are told as shut."""
    findings: set[HealthCode] = set(_of_relays(seen.relays))
    numbers: dict[HealthNumber, float] = {}
    if seen.round_trip_ms is None:
        findings.add(HealthCode.SERVER_UNREACHED)
    else:
        numbers[HealthNumber.SERVER_ROUND_TRIP_MS] = round(seen.round_trip_ms, 1)
    if seen.clock_ahead_s is not None:
        numbers[HealthNumber.CLOCK_AHEAD_S] = round(seen.clock_ahead_s, 1)
        if abs(seen.clock_ahead_s) > CLOCK_MAY_DIFFER_S:
            findings.add(HealthCode.CLOCK_WRONG)
    return Looked(frozenset({HealthArea.NETWORK}), frozenset(findings), numbers)


def all_reached(relays: Iterable[RelaySeen]) -> bool:
    """Whether nothing is wrong with any way to the relay."""
    return all(relay.finding is RelayFinding.REACHED for relay in relays)


def _of_relays(relays: tuple[RelaySeen, ...]) -> Iterable[HealthCode]:
    if not relays:
        return ()
    reached = {relay.transport for relay in relays if relay.finding is RelayFinding.REACHED}
    if not reached:
        refused = any(relay.finding in _REFUSALS for relay in relays)
        return (HealthCode.RELAY_REFUSED if refused else HealthCode.RELAY_UNREACHED,)
    return (_BLOCKED[relay.transport] for relay in relays if relay.transport not in reached)
