"""Relays: one contract for both media engines, against a real coturn."""

from __future__ import annotations

import re
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.adapters.audio.sound import Sound
from kiosk.adapters.camera import OpenCvCamera
from kiosk.core.media import IceCandidate, IceServer, PeerEngine, PeerSettings
from signaling.protocol.vocabulary import IceTrouble, RelayTransport
from tests.support.coturn import coturn, relay
from tests.support.peers import Kiosk, LibraryAnswerer, until

#: What a dead server that stands first may cost.
DEAD_SERVER_MAY_ADD_S = 0.5
#: An address that is set aside for documents (RFC 5737): whatever is sent there is never answered.
NOBODY = "198.51.100.200"


async def gathered(engine: PeerEngine, *servers: IceServer, relay_only: bool = True) -> Kiosk:
    """A kiosk whose gathering has ended."""
    kiosk = Kiosk(engine, PeerSettings(ice_servers=servers, relay_only=relay_only))
    kiosk.offer = await kiosk.peer.create_offer()
    await until(lambda: kiosk.listener.candidates[-1:] == [IceCandidate("")], "the end of gathering", 20)
    return kiosk


async def seconds_to_relay(engine: PeerEngine, *servers: IceServer) -> float:
    """How long until there is a relayed candidate to send to the other side."""
    kiosk = Kiosk(engine, PeerSettings(ice_servers=servers, relay_only=True))
    begun_s = time.monotonic()
    offer = await kiosk.peer.create_offer()
    await until(lambda: "typ relay" in offer or any(c.candidate for c in kiosk.listener.candidates), "a candidate", 20)
    took_s = time.monotonic() - begun_s
    await kiosk.peer.close()
    return took_s


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_call_goes_over_our_relay_alone(
    engine: PeerEngine, camera: OpenCvCamera, sound: Sound, transport: str, tmp_path: Path
) -> None:
    async with coturn(tmp_path, transport) as server:
        kiosk = Kiosk(engine, PeerSettings(ice_servers=(server,), relay_only=True))
        answerer = LibraryAnswerer("aiortc")
        kiosk.peer.send_video(camera)
        kiosk.peer.send_audio(sound)
        await kiosk.call(answerer)
        await until(lambda: kiosk.eyes.count > 5 and answerer.eyes.count > 5, "pictures both ways")

        stats = await kiosk.peer.stats()
        assert stats.relayed
        assert stats.relay is RelayTransport(transport)
        assert kiosk.listener.troubles == []
        lines = [c.candidate for c in kiosk.listener.candidates if c.candidate]
        lines += re.findall(r"^a=(candidate:.*?)\r?$", kiosk.offer, re.MULTILINE)
        assert lines
        assert all(" typ relay" in line for line in lines)
        await kiosk.peer.close()
        await answerer.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_wrong_secret_offers_no_relay_and_the_refusal_is_told(
    engine: PeerEngine, transport: str, tmp_path: Path
) -> None:
    async with coturn(tmp_path, transport) as server:
        kiosk = await gathered(engine, IceServer(server.urls, server.username, "wrong"))
        assert kiosk.listener.candidates == [IceCandidate("")]
        assert (await kiosk.peer.stats()).local_candidates == 0
        await until(lambda: IceTrouble.NO_CANDIDATES in kiosk.listener.troubles, "no candidates")
        assert kiosk.listener.troubles == [IceTrouble.RELAY_REFUSED, IceTrouble.NO_CANDIDATES]
        await kiosk.peer.close()


async def test_a_refusal_is_told_although_there_are_other_addresses(engine: PeerEngine, tmp_path: Path) -> None:
    async with coturn(tmp_path) as server:
        kiosk = await gathered(engine, IceServer(server.urls, server.username, "wrong"), relay_only=False)
        await until(lambda: kiosk.listener.troubles == [IceTrouble.RELAY_REFUSED], "the refusal")
        await kiosk.peer.close()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_relay_that_is_not_there_is_told_as_unreachable(engine: PeerEngine, transport: str) -> None:
    server = IceServer((f"turn:{NOBODY}:{closed_port()}?transport={transport}",), "1:visit", "word")
    kiosk = Kiosk(engine, PeerSettings(ice_servers=(server,)))
    await kiosk.peer.create_offer()
    await until(lambda: kiosk.listener.troubles == [IceTrouble.RELAY_UNREACHABLE], "unreachable", 8)
    await kiosk.peer.close()


async def test_a_relay_whose_certificate_nobody_vouches_for_is_not_used(engine: PeerEngine, tmp_path: Path) -> None:
    async with relay(tmp_path, tls=True) as running:
        (grant,) = running.credentials("tls").grant("visit", datetime.now(UTC))
        server = IceServer(tuple(grant.urls), grant.username, grant.credential)
        kiosk = Kiosk(engine, PeerSettings(ice_servers=(server,), relay_only=True))
        await kiosk.peer.create_offer()
        await until(lambda: IceTrouble.RELAY_UNREACHABLE in kiosk.listener.troubles, "unreachable", 8)
        assert not any(c.candidate for c in kiosk.listener.candidates)
        await kiosk.peer.close()


async def test_a_dead_relay_that_stands_first_adds_little_and_is_no_trouble(engine: PeerEngine, tmp_path: Path) -> None:
    async with coturn(tmp_path) as server:
        dead = IceServer((f"turn:{NOBODY}:3478?transport=udp",), server.username, server.credential)
        alone_s = await seconds_to_relay(engine, server)
        assert await seconds_to_relay(engine, dead, server) < alone_s + DEAD_SERVER_MAY_ADD_S


async def test_without_a_relay_nothing_is_told(engine: PeerEngine) -> None:
    kiosk = await gathered(engine, relay_only=False)
    assert kiosk.listener.troubles == []
    await kiosk.peer.close()


async def test_not_a_single_address_is_told(engine: PeerEngine) -> None:
    kiosk = await gathered(engine)
    await until(lambda: kiosk.listener.troubles == [IceTrouble.NO_CANDIDATES], "no candidates")
    await kiosk.peer.close()
