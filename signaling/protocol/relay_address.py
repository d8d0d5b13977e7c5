"""The address of a relay, as `turn:` and `turns:` write it (RFC 7065), taken apart. Pure; nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final

from signaling.protocol.vocabulary import RelayTransport

_DEFAULT_PORTS: Final = {"turn": 3478, "turns": 5349}
_URL: Final = re.compile(
    r"(?P<scheme>turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:\?transport=(?P<transport>udp|tcp))?"
)


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """One way to one relay.

    Attributes:
        url: As it stands in the settings, and as browsers and kiosks are given it.
        host: Name or address, an IPv6 address without its brackets.
    """

    url: str
    host: str
    port: int
    transport: RelayTransport


def relay_address(url: str) -> RelayAddress:
    """Take one address apart.

    Raises:
        ValueError: With one clear sentence.
    """
    example = "turn:relay.example.org:3478?transport=udp or turns:relay.example.org:443"
    if not url.startswith(("turn:", "turns:")):
        msg = f"{url!r} must begin with turn: or turns:, e.g. {example}"
        raise ValueError(msg)
    if "://" in url:
        msg = f"{url!r} has no slashes after the colon, e.g. {example}"
        raise ValueError(msg)
    if url.count(":") > 2 and "[" not in url:
        msg = f"an IPv6 address stands in square brackets, e.g. turn:[2001:db8::1]:3478; this one does not: {url!r}"
        raise ValueError(msg)
    found = _URL.fullmatch(url)
    if found is None:
        msg = f"{url!r} is no address of a relay; one is e.g. {example}"
        raise ValueError(msg)
    port = int(found["port"] or _DEFAULT_PORTS[found["scheme"]])
    if not 1 <= port <= 65_535:
        msg = f"{url!r} has no port between 1 and 65535"
        raise ValueError(msg)
    host = found["host"].strip("[]")
    if found["host"].startswith("["):
        try:
            IPv6Address(host)
        except ValueError:
            msg = f"{url!r} has no IPv6 address in its brackets"
            raise ValueError(msg) from None
    if found["scheme"] == "turns":
        if found["transport"] == "udp":
            msg = f"{url!r}: browsers reach no relay by DTLS; write turns: without transport, or with transport=tcp"
            raise ValueError(msg)
        return RelayAddress(url, host, port, RelayTransport.TLS)
    return RelayAddress(url, host, port, RelayTransport(found["transport"] or RelayTransport.UDP))
