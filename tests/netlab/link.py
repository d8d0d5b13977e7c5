"""The world between the gateways: one process that routes IP packets between TUN devices, each when it is due.

`python -m tests.netlab.link PLACE=NAMESPACE ... ` makes one device (`up`) in each namespace and tells, a JSON line
each, `ready` and whatever is asked for. It reads JSON lines: a Network (see `lab`), or `{"tell": true}`. It ends, and
its devices with it, when its standard input does: a lab that has crashed leaves none behind.

It keeps its times by waiting in `select`, as soon as the next packet is due; it asks for real-time priority, so that
the programs it carries packets for do not delay it on a machine with few cores. `{"tell": true}` says how late it was.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import heapq
import json
import os
import random
import select
import struct
import sys
import time
from pathlib import Path
from typing import Any

from tests.netlab.addresses import PREFIXES
from tests.netlab.conditions import Way
from tests.netlab.namespaces import inside
from tests.netlab.way import Wire

_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_BATCH = 64
_IDLE_S = 1.0
_LATE_KEPT = 200_000


class Link:
    """The devices, the ways, and what is under way."""

    def __init__(self, places: dict[str, str], chance: random.Random) -> None:
        self._devices = {place: _open_tun(namespace) for place, namespace in places.items()}
        self._up = {place: Wire(chance) for place in places}
        self._down = {place: Wire(chance) for place in places}
        self._towards: dict[bytes, tuple[int, Wire]] = {
            prefix: (self._devices[place], self._down[place]) for place in places for prefix in PREFIXES[place]
        }
        self._sources = {device: self._up[place] for place, device in self._devices.items()}
        self._due: list[tuple[float, int, int, bytes]] = []
        self._count = 0
        self._late_s: list[float] = []
        self._bytes = 0
        self._lost_way = 0

    def run(self) -> None:
        """Until standard input ends."""
        control = sys.stdin.fileno()
        os.set_blocking(control, False)
        waiting = [control, *self._sources]
        heard = b""
        while True:
            timeout = min(max(self._due[0][0] - time.monotonic(), 0.0), _IDLE_S) if self._due else _IDLE_S
            readable = select.select(waiting, (), (), timeout)[0]
            for descriptor in readable:
                if descriptor == control:
                    said = os.read(control, 65536)
                    if not said:
                        return
                    *lines, heard = (heard + said).split(b"\n")
                    for line in lines:
                        self._obey(json.loads(line))
                else:
                    self._take(descriptor)
            self._deliver()

    def _take(self, device: int) -> None:
        wire = self._sources[device]
        towards, due = self._towards, self._due
        for _ in range(_BATCH):
            try:
                packet = os.read(device, 65536)
            except BlockingIOError:
                return
            now_s = time.monotonic()
            destination = packet[16:19] if packet[0] >> 4 == 4 else packet[24:30]
            found = towards.get(destination)
            if found is None:
                self._lost_way += 1
                continue
            size = len(packet)
            at_s = wire.arrival_s(now_s, size)
            if at_s is not None:
                at_s = found[1].arrival_s(at_s, size)
            if at_s is None:
                continue
            self._count += 1
            self._bytes += size
            heapq.heappush(due, (at_s, self._count, found[0], packet))

    def _deliver(self) -> None:
        due, late = self._due, self._late_s
        now_s = time.monotonic()
        while due and due[0][0] <= now_s:
            at_s, _, device, packet = heapq.heappop(due)
            # Down or full: a network drops such packets, too.
            with contextlib.suppress(OSError):
                os.write(device, packet)
            if len(late) < _LATE_KEPT:
                late.append(time.monotonic() - at_s)

    def _obey(self, order: dict[str, Any]) -> None:
        if order.get("tell"):
            self._tell()
            return
        for place, access in order.items():
            self._up[place].set(Way(**access["up"]), cut=access["cut"])
            self._down[place].set(Way(**access["down"]), cut=access["cut"])
        _say({"set": True})

    def _tell(self) -> None:
        late = sorted(self._late_s)
        times = os.times()
        _say(
            {
                "packets": self._count,
                "bytes": self._bytes,
                "lost_way": self._lost_way,
                "dropped_up": {place: wire.dropped for place, wire in self._up.items()},
                "dropped_down": {place: wire.dropped for place, wire in self._down.items()},
                "late_median_ms": late[len(late) // 2] * 1000 if late else 0.0,
                "late_p99_ms": late[int(len(late) * 0.99)] * 1000 if late else 0.0,
                "late_most_ms": late[-1] * 1000 if late else 0.0,
                "cpu_s": times.user + times.system,
            }
        )
        self._late_s.clear()


def _open_tun(namespace: str) -> int:
    with inside(namespace):
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", b"up", _IFF_TUN | _IFF_NO_PI))
    return device


def _say(fact: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run it."""
    places = dict(argument.split("=", 1) for argument in sys.argv[1:])
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    with contextlib.suppress(OSError):
        Path("/proc/self/timerslack_ns").write_text("1000")
    link = Link(places, random.Random())
    # Its objects are few and live long; a pause to look at them would be a jitter of our own.
    gc.freeze()
    gc.disable()
    _say({"ready": True})
    link.run()


if __name__ == "__main__":
    main()
