"""One try of one way to the relay, from here: ask it for an address as a call would, and give it back at once.

The TURN client is aioice's (RFC 8656), the aiortc engine's. The server tries the same relay from where it stands
(`signaling.adapters.relay_check`); what a branch's firewall lets through only a kiosk can find out. What it does not
do: send anything through the relay. That is the test call's part (`call`).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from typing import Any, Final

from aioice import turn
from aioice.stun import TransactionError, TransactionFailed

from signaling.protocol.relay_address import RelayAddress
from signaling.protocol.vocabulary import RelayFinding, RelayTransport

#: STUN's error codes (RFC 8489, 8656) that say that it does not know the credential.
_REFUSALS: Final = frozenset({401, 403, 431, 438, 441})
#: It knows us, and has no address left for us: quota reached, insufficient capacity.
_FULL: Final = frozenset({486, 508})
#: Should our goodbye get lost, the relay forgets us after this time; RFC 8656 lets it be no shorter.
_LIFETIME_S: Final = 600
_GOODBYE_S: Final = 0.5


async def try_relay(address: RelayAddress, username: str, credential: str, patience_s: float) -> RelayFinding:
    """What became of one try; never raises for what the relay or the network does.

    Args:
        address: Which way.
        username: As the server granted it.
        credential: As the server granted it.
        patience_s: For all of it: names, connection, TLS and the relay's two answers.
    """
    connected = False
    transport: asyncio.BaseTransport | None = None
    try:
        async with asyncio.timeout(patience_s):
            transport, client = await _connected(address, username, credential)
            connected = address.transport is not RelayTransport.UDP
            await client.connect()
    except TransactionFailed as failed:
        code = failed.response.error_code
        return (
            RelayFinding.REFUSED
            if code in _REFUSALS
            else RelayFinding.FULL
            if code in _FULL
            else RelayFinding.WRONG_ANSWER
        )
    except (socket.gaierror, UnicodeError):  # no such name, or what can be no name
        return RelayFinding.UNKNOWN_HOST
    except ssl.SSLCertVerificationError:
        return RelayFinding.CERTIFICATE
    except ssl.SSLError:
        return RelayFinding.WRONG_ANSWER
    except (OSError, TransactionError):  # a time-out is one too; what took our connection and is silent is no relay
        return RelayFinding.WRONG_ANSWER if connected else RelayFinding.UNREACHABLE
    else:
        with contextlib.suppress(TimeoutError, TransactionError, OSError):
            async with asyncio.timeout(_GOODBYE_S):
                await client.delete()
        return RelayFinding.REACHED
    finally:
        if transport is not None:
            transport.close()


async def _connected(address: RelayAddress, username: str, credential: str) -> tuple[asyncio.BaseTransport, Any]:
    loop = asyncio.get_running_loop()
    server = (address.host, address.port)
    more = (server, username, credential, _LIFETIME_S, turn.DEFAULT_CHANNEL_REFRESH_TIME)
    if address.transport is RelayTransport.UDP:
        return await loop.create_datagram_endpoint(lambda: turn.TurnClientUdpProtocol(*more), remote_addr=server)
    is_tls = address.transport is RelayTransport.TLS
    # Reads all certificates that this machine trusts, which takes a while.
    tls = await asyncio.to_thread(ssl.create_default_context) if is_tls else None
    return await loop.create_connection(lambda: turn.TurnClientTcpProtocol(*more), *server, ssl=tls)
