"""The lab itself: six namespaces, the link between them, and a network that can be changed while it runs.

kiosk ── kiosk's gateway ──┐             ┌── server
                           ├── the link ─┤
browser ─ its gateway ─────┘             └── relay (coturn)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.netlab import rules
from tests.netlab.addresses import GATEWAY, HOME, HOUSED, MOVED, PLACES, WORLD, Address
from tests.netlab.conditions import Network
from tests.netlab.namespaces import LabError, inside, owner, remove, run, sweep, why_not, within

_ROOT = Path(__file__).resolve().parents[2]
_ANSWERS_S = 10.0
#: The interface of a housed side. Libraries guess by such a name that it is a cable.
HOST = "eth0"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What the link says about itself, since it began (`late`: since last asked)."""

    packets: int
    bytes: int
    lost_way: int
    dropped_up: dict[str, int]
    dropped_down: dict[str, int]
    late_median_ms: float
    late_p99_ms: float
    late_most_ms: float
    cpu_s: float


class Lab:
    """One lab. Use `lab()`."""

    def __init__(self) -> None:
        self._owner = owner()
        self._names = {place: f"{self._owner}-{place}" for place in PLACES}
        self._gateways = {place: f"{self._owner}-{place}gw" for place in HOUSED}
        self._link: asyncio.subprocess.Process | None = None
        self.network = Network()

    def namespace(self, place: str) -> str:
        """The name of a side's namespace."""
        return self._names[place]

    def command(self, place: str) -> list[str]:
        """What is put before a command so that it runs at a side."""
        return within(self._names[place])

    def socket(self, place: str, family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
        """A socket at a side, in this process."""
        with inside(self._names[place]):
            return socket.socket(family, kind)

    async def set(self, network: Network) -> None:
        """Make the network so; returns when it is."""
        self.network = network
        for place in HOUSED:
            text = rules.gateway(getattr(network, place))
            await asyncio.to_thread(run, *within(self._gateways[place]), "nft", "-f", "-", text=text)
        await self._ask(asdict(network))

    async def facts(self) -> LinkFacts:
        """What the link has done."""
        return LinkFacts(**await self._ask({"tell": True}))

    async def counted(self, place: str) -> dict[str, int]:
        """Packets that a gateway let pass and dropped: `passed_up`, `lost_up`, `passed_down`, `lost_down`."""
        printed = await asyncio.to_thread(run, *within(self._gateways[place]), "nft", "-j", "list", "counters")
        rows = [entry["counter"] for entry in json.loads(printed)["nftables"] if "counter" in entry]
        return {row["name"]: int(row["packets"]) for row in rows}

    async def move(self, place: str, *, back: bool = False) -> None:
        """Give a side another address, as when a laptop changes its network; the old one is gone at once."""
        old, new = (MOVED, HOME) if back else (HOME, MOVED)
        lines = [
            f"addr del {old[place].v4}/24 dev {HOST}",
            f"addr del {old[place].v6}/64 dev {HOST}",
            *_addressed(new[place], HOST),
            f"route replace default via {GATEWAY[place].v4} dev {HOST}",
            f"-6 route replace default via {GATEWAY[place].v6} dev {HOST}",
        ]
        for line in lines:
            await asyncio.to_thread(run, "ip", "-n", self._names[place], *line.split())

    async def unplug(self, place: str, *, out: bool = True) -> None:
        """Pull a side's cable, or put it back: the machine itself notices."""
        state = "down" if out else "up"
        gateway = self._gateways[place]
        await asyncio.to_thread(run, "ip", "-n", gateway, "link", "set", rules.HOUSE, state)
        if not out:
            # The kernel forgets addresses of IPv6 with the carrier.
            await asyncio.to_thread(_batch, gateway, [f"addr replace {GATEWAY[place].v6}/64 dev {rules.HOUSE} nodad"])

    async def localhost_is_server(self, *ports: int) -> None:
        """At the browser, these ports of 127.0.0.1 are the server's."""
        text = rules.localhost_leads_to(WORLD["server"].v4, ports)
        await asyncio.to_thread(run, *self.command("browser"), "nft", "-f", "-", text=text)

    async def build(self) -> None:
        """Make all of it, perfect at first."""
        for name in (*self._names.values(), *self._gateways.values()):
            run("ip", "netns", "add", name)
            with inside(name):
                _settings()
            run("ip", "-n", name, "link", "set", "lo", "up")
        for place in HOUSED:
            self._furnish(place)
        worlds = {place: self._gateways.get(place, self._names[place]) for place in PLACES}
        self._link = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.netlab.link", *[f"{place}={name}" for place, name in worlds.items()],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        await self._answer()
        for place, name in worlds.items():
            _batch(
                name,
                [
                    *_addressed(WORLD[place], "up"),
                    "link set dev up up",
                    "route add default dev up",
                    "-6 route add default dev up",
                ],
            )
        await self.set(Network())

    async def clear_away(self) -> None:
        """Take all of it away, with whatever still runs inside."""
        if self._link is not None and self._link.stdin is not None:
            self._link.stdin.close()
            await self._link.wait()
        await asyncio.to_thread(remove, [*self._names.values(), *self._gateways.values()])

    def _furnish(self, place: str) -> None:
        house, gateway = self._names[place], self._gateways[place]
        run("ip", "-n", house, "link", "add", HOST, "type", "veth", "peer", "name", rules.HOUSE, "netns", gateway)
        _batch(gateway, [*_addressed(GATEWAY[place], rules.HOUSE), f"link set dev {rules.HOUSE} up"])
        _batch(
            house,
            [
                *_addressed(HOME[place], HOST),
                f"link set dev {HOST} up",
                f"route add default via {GATEWAY[place].v4}",
                f"-6 route add default via {GATEWAY[place].v6}",
            ],
        )

    async def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        if self._link is None or self._link.stdin is None:
            raise LabError("the link does not run")
        self._link.stdin.write(json.dumps(order).encode() + b"\n")
        await self._link.stdin.drain()
        return await self._answer()

    async def _answer(self) -> dict[str, Any]:
        if self._link is None or self._link.stdout is None:
            raise LabError("the link does not run")
        line = await asyncio.wait_for(self._link.stdout.readline(), _ANSWERS_S)
        if not line:
            raise LabError(f"the link has ended ({await self._link.wait()})")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextlib.asynccontextmanager
async def lab(network: Network | None = None) -> AsyncIterator[Lab]:
    """Build one, and clear it away afterwards; first of all, clear away what others have left.

    Raises:
        LabError: There can be none here; with the reason.
    """
    reason = await asyncio.to_thread(why_not)
    if reason is not None:
        raise LabError(reason)
    await asyncio.to_thread(sweep)
    one = Lab()
    try:
        await one.build()
        if network is not None:
            await one.set(network)
        yield one
    finally:
        await one.clear_away()


def _addressed(address: Address, device: str) -> list[str]:
    # Without `nodad` an address of IPv6 cannot be used for its first seconds.
    return [f"addr add {address.v4}/24 dev {device}", f"addr add {address.v6}/64 dev {device} nodad"]


def _batch(namespace: str, lines: list[str]) -> None:
    for line in lines:
        run("ip", "-n", namespace, *line.split())


def _settings() -> None:
    for name, value in (
        ("ipv4/ip_forward", "1"),
        ("ipv6/conf/all/forwarding", "1"),
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
        # For a browser that says `localhost` and means the server (`rules.localhost_leads_to`).
        ("ipv4/conf/all/route_localnet", "1"),
        ("ipv4/conf/default/route_localnet", "1"),
    ):
        Path("/proc/sys/net", name).write_text(value, encoding="ascii")
