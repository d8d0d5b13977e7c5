"""One try of one relay: ask it for an address as a kiosk or browser would, and give it back at once.

The TURN client is aioice's (RFC 8656), the one that the aiortc engine uses too. What it does not do: send anything
through the relay. Whether the relay reaches a kiosk is the kiosk's to find out; that it knows us is ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from signaling.protocol.relay_address import RelayAddress
from signaling.protocol.vocabulary import RelayFinding, RelayTransport
from signaling.service.ports import Clock, IceServerGrant, Turn

if TYPE_CHECKING:
    from aioice.turn import TurnClientTcpProtocol, TurnClientUdpProtocol

#: For a connection, and for an answer: by then a packet that was lost was sent twice more.
PATIENCE_S: Final = 5.0
#: The relay forgets us after this time should our goodbye get lost (RFC 8656 lets it take no less than ten minutes).
LIFETIME_S: Final = 600
GOODBYE_S: Final = 1.0
#: Who we are in the relay's log, and for its quota.
OPAQUE_ID: Final = "relay-check"

#: STUN's error codes (RFC 8489, 8656) that say that it does not know our credential.
_REFUSALS: Final = frozenset({401, 403, 431, 438, 441})
#: It knows us, and has no address left for us: quota reached, insufficient capacity.
_FULL: Final = frozenset({486, 508})


class RelayProbe:
    """Tries relays.

    Args:
        turn: Makes the same credentials that calls get.
        clock: Time, for those credentials.
        patience_s: For a connection, and then for an answer.
    """

    def __init__(self, turn: Turn, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        self._turn = turn
        self._clock = clock
        self._patience_s = patience_s

    async def look(self, address: RelayAddress) -> RelayFinding:
        """What became of one try."""
        grant = self._turn.grant(OPAQUE_ID, self._clock.now())[0]
        try:
            async with self._connected(address, grant) as client:
                return await self._allocate(client, address)
        except (socket.gaierror, UnicodeError):  # no such name, or what can be no name
            return RelayFinding.UNKNOWN_HOST
        except ssl.SSLCertVerificationError:
            return RelayFinding.CERTIFICATE
        except ssl.SSLError:
            return RelayFinding.WRONG_ANSWER
        except OSError:  # a time-out is one too
            return RelayFinding.UNREACHABLE

    @asynccontextmanager
    async def _connected(
        self, address: RelayAddress, grant: IceServerGrant
    ) -> AsyncIterator[TurnClientTcpProtocol | TurnClientUdpProtocol]:
        # Three megabytes that a server without a relay need not hold.
        from aioice import turn

        loop = asyncio.get_running_loop()
        server = (address.host, address.port)
        more = (server, grant.username, grant.credential, LIFETIME_S, turn.DEFAULT_CHANNEL_REFRESH_TIME)
        transport: asyncio.BaseTransport
        client: TurnClientTcpProtocol | TurnClientUdpProtocol
        async with asyncio.timeout(self._patience_s):
            if address.transport is RelayTransport.UDP:
                transport, client = await loop.create_datagram_endpoint(
                    lambda: turn.TurnClientUdpProtocol(*more), remote_addr=server
                )
            else:
                # Reads all certificates that this machine trusts, which takes a while.
                is_tls = address.transport is RelayTransport.TLS
                tls = await asyncio.to_thread(ssl.create_default_context) if is_tls else None
                transport, client = await loop.create_connection(
                    lambda: turn.TurnClientTcpProtocol(*more), *server, ssl=tls
                )
        try:
            yield client
        finally:
            transport.close()

    async def _allocate(
        self, client: TurnClientTcpProtocol | TurnClientUdpProtocol, address: RelayAddress
    ) -> RelayFinding:
        from aioice.stun import TransactionError, TransactionFailed

        try:
            async with asyncio.timeout(self._patience_s):
                await client.connect()
        except TransactionFailed as failed:
            return _meaning(failed.response.error_code)
        except (TimeoutError, TransactionError):
            silent = address.transport is RelayTransport.UDP
            # Something took our connection, and is no relay.
            return RelayFinding.UNREACHABLE if silent else RelayFinding.WRONG_ANSWER
        except ConnectionError:
            return RelayFinding.WRONG_ANSWER
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await client.delete()
        return RelayFinding.REACHED


def _meaning(error_code: int | None) -> RelayFinding:
    if error_code in _REFUSALS:
        return RelayFinding.REFUSED
    return RelayFinding.FULL if error_code in _FULL else RelayFinding.WRONG_ANSWER
