"""What keeps a path from being found, out of what gathering met.

What it is for: one rule for both engines about candidates and the errors of relays. Nothing is told while there is
a relayed candidate: that one of several ways to the relay is shut (UDP behind a firewall) is no trouble.
What it does not do: gather, or keep time.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.media import PeerSettings
from signaling.protocol.vocabulary import IceTrouble

#: The code of the browsers' specification for a server that could not be reached; every other one is an answer.
UNREACHABLE = 701
#: After so long without a relayed candidate the trouble is told, although gathering goes on: libwebrtc asks a relay
#: that does not answer for ten seconds.
TELL_AFTER_S = 4.0


class Gathering:
    """What one connection's gathering has met so far.

    Args:
        settings: With a relay among the servers, a relayed candidate is expected.
        tell: Called at most once with each trouble.
    """

    def __init__(self, settings: PeerSettings, tell: Callable[[IceTrouble], None]) -> None:
        self._tell = tell
        self._told: set[IceTrouble] = set()
        self._relay_expected = any(is_relay(url) for server in settings.ice_servers for url in server.urls)
        self._errors: set[IceTrouble] = set()
        self.candidates = 0
        self.relayed = 0

    def found(self, candidate: str) -> None:
        """A candidate (`candidate:...`) was found."""
        self.candidates += 1
        self.relayed += " typ relay" in candidate

    def failed(self, url: str, code: int) -> None:
        """A server answered with an error, or (701) not at all."""
        if is_relay(url):
            self._errors.add(IceTrouble.RELAY_UNREACHABLE if code == UNREACHABLE else IceTrouble.RELAY_REFUSED)

    def ended(self) -> None:
        """No more will be found."""
        self.look()
        if self.candidates == 0:
            self._say(IceTrouble.NO_CANDIDATES)

    def look(self) -> None:
        """Tell what is known by now about the relays."""
        if not self._relay_expected or self.relayed:
            return
        # One that answered and refused is the trouble that can be mended; another address of it may well be silent.
        refused = IceTrouble.RELAY_REFUSED in self._errors
        self._say(IceTrouble.RELAY_REFUSED if refused else IceTrouble.RELAY_UNREACHABLE)

    def _say(self, trouble: IceTrouble) -> None:
        if trouble not in self._told:
            self._told.add(trouble)
            self._tell(trouble)


def is_relay(url: str) -> bool:
    """Tell a relay's address (RFC 7065) from another server's."""
    return url.startswith(("turn:", "turns:"))
