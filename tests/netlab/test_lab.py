"""The lab does what it says: measured with packets of our own, without any product."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.netlab.addresses import MOVED, NOBODY, WORLD
from tests.netlab.conditions import Access, Nat, Network, Way, both, round_trip
from tests.netlab.lab import Lab
from tests.netlab.namespaces import PREFIX, sweep
from tests.netlab.probes import meet_through_nat, stream
from tests.support.stage.processes import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.thorough]

TRIES = 3


async def test_five_percent_of_loss_is_five_percent_in_each_direction(lab: Lab) -> None:
    await lab.set(round_trip(0, loss=0.05))
    for source, target in (("kiosk", "browser"), ("browser", "kiosk")):
        arrived = await asyncio.to_thread(stream, lab, source, target, packets=3000, per_s=1500)
        assert 0.93 < arrived.share < 0.97, source


async def test_without_loss_everything_arrives_in_order(lab: Lab) -> None:
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=1000, per_s=1000)
    assert arrived.numbers == list(range(1000))


@pytest.mark.parametrize("v6", [False, True], ids=["IPv4", "IPv6"])
async def test_a_round_trip_of_60_ms_is_30_ms_each_way(lab: Lab, v6: bool) -> None:
    await lab.set(round_trip(60))
    for source, target in (("kiosk", "browser"), ("browser", "kiosk")):
        medians: list[float] = []
        for _ in range(TRIES):
            arrived = await asyncio.to_thread(stream, lab, source, target, packets=300, per_s=300, v6=v6)
            medians.append(arrived.delay_median_ms)
        # Not each: the machine is shared, and what waits for it comes later, never sooner.
        assert min(medians) == pytest.approx(30, abs=3), source


async def test_a_cap_of_400_kbit_s_carries_400_and_its_queue_is_as_long_as_said(lab: Lab) -> None:
    await lab.set(Network(kiosk=both(Way(rate_kbps=400, queue_ms=1000))))
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=300, per_s=100)
    assert arrived.kbps == pytest.approx(400, rel=0.05)
    # From the middle on the queue is full. Not the longest: the machine is shared.
    assert statistics.median(arrived.delays_ms[len(arrived.delays_ms) // 2 :]) == pytest.approx(1000, abs=150)
    assert arrived.share < 0.7


async def test_jitter_spreads_delays_and_keeps_the_order(lab: Lab) -> None:
    await lab.set(Network(kiosk=both(Way(delay_ms=50, jitter_ms=30))))
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=600, per_s=300)
    assert arrived.numbers == sorted(arrived.numbers)
    assert max(arrived.delays_ms) - min(arrived.delays_ms) > 40
    assert arrived.delay_median_ms == pytest.approx(55, abs=12)


async def test_reordering_is_as_frequent_as_said(lab: Lab) -> None:
    await lab.set(Network(kiosk=both(Way(delay_ms=20, reorder=0.05))))
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=2000, per_s=1000)
    overtaken = sum(b < max(arrived.numbers[:i], default=-1) for i, b in enumerate(arrived.numbers))
    assert arrived.share == 1.0
    assert 0.025 < overtaken / 2000 < 0.075


async def test_a_cut_carries_nothing_and_then_everything_again(lab: Lab) -> None:
    await lab.set(lab.network.with_kiosk(cut=True))
    for source, target in (("kiosk", "browser"), ("browser", "kiosk")):
        arrived = await asyncio.to_thread(stream, lab, source, target, packets=20, per_s=200)
        assert arrived.share == 0.0, source
    await lab.set(Network())
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=20, per_s=200)
    assert arrived.share == 1.0


async def test_a_moved_kiosk_has_another_address_and_reaches_everybody(lab: Lab) -> None:
    await lab.move("kiosk")
    try:
        with (
            lab.socket("kiosk", socket.AF_INET, socket.SOCK_DGRAM) as kiosk,
            lab.socket("server", socket.AF_INET, socket.SOCK_DGRAM) as server,
        ):
            server.bind((WORLD["server"].v4, 5002))
            server.settimeout(2)
            kiosk.sendto(b"here", (WORLD["server"].v4, 5002))
            assert (await asyncio.to_thread(server.recvfrom, 64))[1][0] == MOVED["kiosk"].v4
    finally:
        await lab.move("kiosk", back=True)


async def test_a_pulled_cable_is_noticed_by_the_machine(lab: Lab) -> None:
    await lab.unplug("kiosk")
    try:
        carrier = [*lab.command("kiosk"), "ip", "-br", "link", "show", "eth0"]
        assert "NO-CARRIER" in subprocess.run(carrier, capture_output=True, text=True, check=True).stdout
    finally:
        await lab.unplug("kiosk", out=False)
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=20, per_s=200)
    assert arrived.share > 0.9


async def test_symmetric_nat_at_both_sides_keeps_them_from_meeting_and_port_keeping_nat_does_not(lab: Lab) -> None:
    for nat, meets in ((Nat.SYMMETRIC, False), (Nat.PORT_KEEPING, True)):
        await lab.set(Network(kiosk=Access(nat=nat), browser=Access(nat=nat)))
        assert await asyncio.to_thread(meet_through_nat, lab) == (meets, meets), nat


async def test_a_relay_where_nobody_is_says_nothing(lab: Lab) -> None:
    with lab.socket("kiosk", socket.AF_INET, socket.SOCK_DGRAM) as kiosk:
        kiosk.connect((NOBODY.v4, 3478))
        kiosk.settimeout(0.5)
        kiosk.send(b"anybody?")
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(kiosk.recv, 64)


async def test_two_pictures_both_ways_are_carried_in_time(lab: Lab) -> None:
    """Twice 2.5 Mbit/s both ways are about 1,000 packets a second."""
    await lab.set(round_trip(20))
    await lab.facts()
    arrived = await asyncio.to_thread(stream, lab, "kiosk", "browser", packets=3000, per_s=1000)
    facts = await lab.facts()
    assert arrived.share == 1.0
    assert facts.late_median_ms < 1.0


async def test_what_a_crashed_lab_has_left_is_swept(lab_is_possible: None) -> None:
    script = (
        "import asyncio, os\nfrom tests.netlab.lab import lab\n"
        "async def main():\n    async with lab() as one:\n        print(one.namespace('kiosk'), flush=True)\n"
        "        os.kill(os.getpid(), 9)\nasyncio.run(main())\n"
    )
    crashed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    name = crashed.stdout.strip()
    assert name.startswith(f"{PREFIX}-")
    assert Path("/run/netns", name).exists()
    await asyncio.to_thread(sweep)
    assert not Path("/run/netns", name).exists()


async def test_a_sweep_leaves_a_lab_that_stands(lab: Lab) -> None:
    await asyncio.to_thread(sweep)
    assert Path("/run/netns", lab.namespace("kiosk")).exists()
    assert f"-{os.getpid()}-" in lab.namespace("kiosk")
