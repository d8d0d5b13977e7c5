"""Who has which address in the lab. All of it is for tests alone (RFC 2544) or private, and seen by nobody outside."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

PLACES = ("kiosk", "browser", "server", "relay")
#: These have a house with a gateway in front; the others stand in the world themselves.
HOUSED = ("kiosk", "browser")


@dataclass(frozen=True, slots=True)
class Address:
    """One in each family, without the length of its prefix (24 and 48)."""

    v4: str
    v6: str


#: In the world: of a gateway, or of the machine itself.
WORLD = {place: Address(f"198.18.{i}.2", f"fd71:0:{i}::2") for i, place in enumerate(PLACES, 1)}
#: In the house.
GATEWAY = {place: Address(f"10.71.{i}.1", f"fd71:1:{i}::1") for i, place in enumerate(HOUSED, 1)}
HOME = {place: Address(f"10.71.{i}.2", f"fd71:1:{i}::2") for i, place in enumerate(HOUSED, 1)}
#: The one that a side has after it has moved.
MOVED = {place: Address(f"10.71.{i}.3", f"fd71:1:{i}::3") for i, place in enumerate(HOUSED, 1)}
#: Nobody is there: packets to it vanish.
NOBODY = Address("198.18.4.99", "fd71:0:4::99")


def _prefixes(*addresses: Address) -> list[bytes]:
    """The first bytes that a packet's destination has: 3 of IPv4, 6 of IPv6."""
    found = []
    for address in addresses:
        found += [ipaddress.ip_address(address.v4).packed[:3], ipaddress.ip_address(address.v6).packed[:6]]
    return found


#: By which bytes of its destination the link knows where a packet goes.
PREFIXES = {place: _prefixes(WORLD[place], *([HOME[place]] if place in HOUSED else [])) for place in PLACES}
