"""What may be given to an engine as a STUN or TURN server.

What it is for: the same clear refusal from both engines, before either opens a socket. What it does not do: choose
servers; they come with the call from our own server, or there are none.
"""

from __future__ import annotations

import re

from kiosk.core.media import IceServer, MediaError, PeerSettings

#: RFC 7064 and RFC 7065.
_URL = re.compile(r"(?P<scheme>stuns?|turns?):(\[[0-9a-fA-F:.]+\]|[^\s:?\[\]/@]+)(:\d{1,5})?(\?transport=(udp|tcp))?")


def checked_servers(settings: PeerSettings) -> tuple[IceServer, ...]:
    """Give the servers of the settings.

    Raises:
        MediaError: `bad_ice_server` for an address that is none, or a TURN server without its credential.
    """
    for server in settings.ice_servers:
        for url in server.urls:
            match = _URL.fullmatch(url)
            if match is None:
                raise MediaError("bad_ice_server", "not the address of a STUN or TURN server")
            if match["scheme"].startswith("turn") and not (server.username and server.credential):
                raise MediaError("bad_ice_server", "a TURN server without its credential")
    return settings.ice_servers
