"""The far end of a test call: takes one offer, and sends back every picture and every sound that comes.

What it is for: a kiosk's proof that a call works, with the same library that is the kiosks' second engine. What it does
not do: look at what comes, keep any of it, or resolve a name: a candidate is an IP address or it is left out.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Final

import aiortc
from aiortc.sdp import candidate_from_sdp

from signaling.adapters.echo.spoken import EchoError, EchoRefused, EchoRequest

#: More addresses than any kiosk has; each is knocked at.
MAX_CANDIDATES: Final = 40
#: What an offer holds, in this order or the other.
_SECTIONS: Final = ["audio", "video"]
#: Fields of a candidate line up to its address (RFC 8839 5.1).
_ADDRESS_FIELD: Final = 4


class EchoPeer:
    """One call.

    Args:
        request: What was asked for.

    Attributes:
        over: Set when the kiosk hung up, or no path was found.
    """

    def __init__(self, request: EchoRequest) -> None:
        self.over = asyncio.Event()
        self._request = request
        relay = aiortc.RTCIceServer(list(request.urls), request.username, request.credential)
        policy = aiortc.RTCIceTransportPolicy
        self._connection = aiortc.RTCPeerConnection(
            aiortc.RTCConfiguration(
                # Always a list: with None aiortc asks a public STUN server of a third party.
                iceServers=[relay] if request.urls else [],
                iceTransportPolicy=policy.RELAY if request.relay_only else policy.ALL,
                bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE,
            )
        )
        self._connection.on("connectionstatechange", self._on_state)

    async def answer(self) -> str:
        """The SDP answer with all candidates; gathering them has ended.

        Raises:
            EchoRefused: `bad_offer`.
        """
        offer, candidates = _taken_apart(self._request.sdp)
        connection = self._connection
        try:
            await connection.setRemoteDescription(aiortc.RTCSessionDescription(offer, "offer"))
            if sorted(transceiver.kind for transceiver in connection.getTransceivers()) != _SECTIONS:
                raise EchoRefused(EchoError.BAD_OFFER)
            first = connection.getTransceivers()[0]
            for line in candidates:
                candidate = candidate_from_sdp(line)
                candidate.sdpMid = first.mid
                await connection.addIceCandidate(candidate)
            for transceiver in connection.getTransceivers():
                transceiver.direction = "sendrecv"
                transceiver.sender.replaceTrack(transceiver.receiver.track)
            await connection.setLocalDescription(await connection.createAnswer())
        except (EchoRefused, OSError):  # the latter of our own sockets
            raise
        except Exception as error:
            # aiortc's parser raises whatever its code runs into (KeyError, IndexError, AssertionError and others).
            raise EchoRefused(EchoError.BAD_OFFER) from error
        return str(connection.localDescription.sdp)

    async def close(self) -> None:
        """End it."""
        await self._connection.close()

    def _on_state(self) -> None:
        if self._connection.connectionState in {"failed", "closed"}:
            self.over.set()


def _taken_apart(sdp: str) -> tuple[str, list[str]]:
    """The offer without candidates, and those that are usable, each once: aiortc loses those of bundled sections.

    Raises:
        EchoRefused: `bad_offer` when it is not for one sound and one picture.
    """
    kept: list[str] = []
    found: dict[str, None] = {}
    sections: list[str] = []
    for line in sdp.splitlines():
        if line.startswith("m="):
            sections.append(line.removeprefix("m=").partition(" ")[0])
        if line.startswith("a=candidate:"):
            found[line.removeprefix("a=candidate:").strip()] = None
        elif line != "a=end-of-candidates":
            kept.append(line)
    if sorted(sections) != _SECTIONS or not any(line.startswith("a=fingerprint:") for line in kept):
        raise EchoRefused(EchoError.BAD_OFFER)
    return "\r\n".join(kept) + "\r\n", [line for line in found if _is_usable(line)][:MAX_CANDIDATES]


def _is_usable(candidate: str) -> bool:
    fields = candidate.split()
    if len(fields) < _ADDRESS_FIELD + 4 or fields[2].lower() != "udp":
        return False
    try:
        ipaddress.ip_address(fields[_ADDRESS_FIELD])
    except ValueError:
        return False
    return True
