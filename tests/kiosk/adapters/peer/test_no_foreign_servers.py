"""No packet to any server but ours: what the engines are given, whom they ask, and what the system saw them send."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from kiosk.adapters.peer import ENGINES, load_engine
from kiosk.core.media import IceCandidate, IceServer, MediaError, PeerEngine, PeerSettings
from tests.support.peers import Ears, Eyes, Listener, until

OURS = IceServer(("turn:127.0.0.1:34780?transport=udp",), "1700000000:opaque", "secret")
#: A whole call between an engine and another library, in a process of its own.
CALL = """
import asyncio, sys
from kiosk.adapters.audio import make_sound
from kiosk.adapters.camera import OpenCvCamera
from kiosk.adapters.peer import load_engine
from kiosk.core.media import PathState, PeerSettings
from tests.support.peers import Ears, Eyes, LibraryAnswerer, Listener, until

async def call():  # with strace watching, everything takes its time
    listener, eyes, ears = Listener(), Eyes(), Ears()
    peer = load_engine(sys.argv[1]).create_peer(PeerSettings(), listener, eyes, ears)
    camera, sound, answerer = OpenCvCamera("pattern"), make_sound("pattern", "pattern"), LibraryAnswerer("aiortc")
    camera.open(), sound.open(), peer.send_video(camera), peer.send_audio(sound)
    await peer.accept_answer(await answerer.answer(await peer.create_offer()))
    await until(lambda: listener.candidates and not listener.candidates[-1].candidate, "the end of gathering")
    for candidate in listener.candidates:
        await answerer.add_candidate(candidate)
    await until(lambda: eyes.count > 5 and answerer.eyes.count > 5, "pictures both ways", timeout_s=60)
    await peer.close(), await answerer.close()
    camera.close(), sound.close(), camera.wait_closed(2)
    print("called")

asyncio.run(call())
"""


class Datagrams(asyncio.DatagramProtocol):
    """A server that never answers, and counts."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.received.append(data)


@asynccontextmanager
async def server(port: int) -> AsyncIterator[Datagrams]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", port))
    try:
        yield protocol
    finally:
        transport.close()


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> PeerEngine:
    return load_engine(request.param)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The configurations that the libraries were made with."""
    import aiortc
    import webrtc

    seen: list[Any] = []

    def watch(library: Any) -> None:
        made = library.RTCPeerConnection

        def make(configuration: Any) -> Any:
            seen.append(configuration)
            return made(configuration)

        monkeypatch.setattr(library, "RTCPeerConnection", make)

    watch(aiortc)
    watch(webrtc)
    return seen


def servers_of(configuration: Any) -> Any:
    return configuration.iceServers if hasattr(configuration, "iceServers") else configuration.ice_servers


async def test_without_servers_the_library_is_given_an_empty_list_and_never_none(
    engine: PeerEngine, given: list[Any]
) -> None:
    peer = engine.create_peer(PeerSettings(), Listener(), Eyes(), Ears())
    await peer.close()
    assert [servers_of(configuration) for configuration in given] == [[]]


async def test_the_library_is_given_our_servers_and_no_other(engine: PeerEngine, given: list[Any]) -> None:
    peer = engine.create_peer(PeerSettings(ice_servers=(OURS,)), Listener(), Eyes(), Ears())
    await peer.close()
    assert [[(s.urls, s.username, s.credential) for s in servers_of(configuration)] for configuration in given] == [
        [(list(OURS.urls), OURS.username, OURS.credential)]
    ]


async def test_our_server_is_asked_and_its_silence_is_survived(engine: PeerEngine) -> None:
    async with server(34780) as ours:
        listener = Listener()
        peer = engine.create_peer(PeerSettings(ice_servers=(OURS,)), listener, Eyes(), Ears())
        offer = await peer.create_offer()
        await until(lambda: ours.received, "a request")
        await until(lambda: "typ host" in offer + str(listener.candidates), "an address of this machine")
        await peer.close()
    assert all(data[4:8] == b"\x21\x12\xa4\x42" for data in ours.received)  # STUN's magic cookie (RFC 8489)


@pytest.mark.parametrize(
    "server",
    [
        IceServer(("https://example.org",)),
        IceServer(("turn:",), "name", "secret"),
        IceServer(("turn:turn.example.org?transport=sctp",), "name", "secret"),
        IceServer(("turn:turn.example.org",)),
    ],
)
async def test_what_cannot_be_a_server_is_refused_before_anything_is_opened(
    engine: PeerEngine, server: IceServer
) -> None:
    before = psutil.Process().num_fds()
    with pytest.raises(MediaError) as caught:
        engine.create_peer(PeerSettings(ice_servers=(server,)), Listener(), Eyes(), Ears())
    assert caught.value.code == "bad_ice_server"
    assert "secret" not in str(caught.value)
    assert psutil.Process().num_fds() <= before


async def test_every_socket_stays_on_this_machine_during_gathering(engine: PeerEngine) -> None:
    own = {address.address.split("%")[0] for addresses in psutil.net_if_addrs().values() for address in addresses}
    before = {c.fd for c in psutil.Process().net_connections("inet")}
    listener = Listener()
    peer = engine.create_peer(PeerSettings(), listener, Eyes(), Ears())
    await peer.create_offer()
    await until(lambda: listener.candidates[-1:] == [IceCandidate("")], "the end of gathering")

    opened = [c for c in psutil.Process().net_connections("inet") if c.fd not in before]
    assert opened
    assert {c.type for c in opened} <= {socket.SOCK_DGRAM, socket.SOCK_STREAM}
    assert {address for c in opened for address in c.raddr[:1]} <= own
    await peer.close()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", list(ENGINES))
def test_the_system_saw_no_packet_to_anybody_else(name: str, tmp_path: Path, project_root: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=sendto,sendmsg,sendmmsg,connect"
    done = subprocess.run(
        ["strace", "-f", "-yy", "-e", calls, "-o", str(trace), sys.executable, "-c", CALL, name],
        cwd=project_root, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    if "Operation not permitted" in done.stderr:
        pytest.skip("this machine lets nobody trace")
    assert done.stdout.strip().endswith("called"), done.stderr

    own = {address.address.split("%")[0] for addresses in psutil.net_if_addrs().values() for address in addresses}
    sends = [line for line in trace.read_text().splitlines() if re.search(r"\bsend(to|msg|mmsg)\(", line)]
    reached = _addresses(sends)
    assert reached
    assert reached <= own | {"0.0.0.0", "::"}
    # libwebrtc points a datagram socket at two public addresses to learn by which of its own it would leave. That
    # sends nothing (connect(2)), and is the only thing that it ever does with them.
    connects = [line for line in trace.read_text().splitlines() if re.search(r"\bconnect\(", line)]
    foreign = {line for line in connects if _addresses([line]) - own}
    assert all("UDP" in line or "SOCK_DGRAM" in line for line in foreign)


def _addresses(lines: list[str]) -> set[str]:
    found: set[str] = set()
    for line in lines:
        found |= set(re.findall(r'inet_addr\("([^"]+)"\)', line))
        found |= set(re.findall(r'inet_pton\(AF_INET6, "([^"]+)"', line))
        found |= set(re.findall(r"->\[?([0-9a-f.:]+?)\]?:\d+\]>", line))
    return found


def test_the_addresses_in_a_trace_are_found() -> None:
    lines = [
        '7 sendto(9<UDP:[192.0.2.2:51066->8.8.8.8:53]>, "", 0, 0, NULL, 0) = 0',
        '7 sendto(9<UDPv6:[[fd00::2]:51066->[2001:db8::1]:53]>, "", 0, 0, NULL, 0) = 0',
        '7 sendmsg(9<UDP:[0.0.0.0:4]>, {msg_name={sin_addr=inet_addr("192.0.2.7")}}, 0) = 1',
    ]
    assert _addresses(lines) == {"8.8.8.8", "2001:db8::1", "192.0.2.7"}
