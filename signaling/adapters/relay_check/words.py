"""What the command line says of a relay: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signaling.protocol.relay_address import RelayAddress
from signaling.protocol.vocabulary import RelayFinding

_WORDS: Final[Mapping[RelayFinding, tuple[str, str]]] = {
    RelayFinding.REACHED: ("reached: it lent an address and took it back", ""),
    RelayFinding.REFUSED: (
        "refused: it does not know our credential",
        (
            "Compare turn.secret with coturn's static-auth-secret, see that coturn has use-auth-secret, and compare "
            "the clocks of both machines"
        ),
    ),
    RelayFinding.FULL: (
        "full: it knows us and has no address left",
        "Look at user-quota, total-quota, and the range from min-port to max-port in coturn's settings",
    ),
    RelayFinding.UNREACHABLE: (
        "unreachable: nobody answers at {host} port {port} by {transport}",
        "See that coturn runs, listens there, and that every firewall on the way lets {transport} through to this port",
    ),
    RelayFinding.UNKNOWN_HOST: (
        "unknown host: the name {host} has no address",
        "Correct turn.urls or the name server",
    ),
    RelayFinding.CERTIFICATE: (
        (
            "certificate not trusted: it is not for {host}, has run out, or comes from nobody that this machine "
            "trusts; browsers will refuse it too"
        ),
        "Give coturn the full chain (cert) with its key (pkey)",
    ),
    RelayFinding.WRONG_ANSWER: (
        "wrong answer: something at {host} port {port} takes {transport} and does not talk as a relay does",
        "See what listens there, and that a turns: address leads to coturn's tls-listening-port",
    ),
}


def words_of(address: RelayAddress, finding: RelayFinding) -> tuple[str, str]:
    """What was found, and what to do about it; the latter is empty when all is well."""
    said = {"host": address.host, "port": address.port, "transport": address.transport.value.upper()}
    sentence, remedy = _WORDS[finding]
    return sentence.format(**said), remedy.format(**said)


def said_of(address: RelayAddress, finding: RelayFinding) -> str:
    """Both in one line."""
    return f"{address.url}  " + ". ".join(part for part in words_of(address, finding) if part)
