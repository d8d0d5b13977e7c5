"""The watch over the relay: since when, what is counted and logged, and that nothing stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from signaling.adapters.metrics import PrometheusMetrics
from signaling.adapters.relay_check.watch import EVERY_S, EVERY_S_WHEN_BAD, RelayWatch
from signaling.protocol.relay_address import RelayAddress, relay_address
from signaling.protocol.vocabulary import RelayFinding, RelayTransport
from signaling.service.ports import RelayStatus
from tests.support.edges import SetClock
from tests.support.lines import START
from tests.support.logs import ExpectLog

UDP, TLS = "turn:relay.example.org", "turns:relay.example.org:443"
REACHED, REFUSED = RelayFinding.REACHED, RelayFinding.REFUSED


@dataclass
class SetProbe:
    """Finds what the test says; an exception is raised."""

    findings: dict[str, RelayFinding | Exception] = field(default_factory=dict)
    looks: int = 0

    async def look(self, address: RelayAddress) -> RelayFinding:
        self.looks += 1
        finding = self.findings.get(address.url, REACHED)
        if isinstance(finding, Exception):
            raise finding
        return finding


@dataclass
class World:
    """A watch over one relay with two addresses."""

    probe: SetProbe = field(default_factory=SetProbe)
    clock: SetClock = field(default_factory=SetClock)
    metrics: PrometheusMetrics = field(default_factory=PrometheusMetrics)

    def __post_init__(self) -> None:
        self.watch = RelayWatch([relay_address(UDP), relay_address(TLS)], self.probe, self.clock, self.metrics)

    def findings(self) -> Mapping[str, RelayFinding | None]:
        return {status.url: status.finding for status in self.watch.statuses()}

    def lines(self) -> list[str]:
        return self.metrics.text().decode().splitlines()


@pytest.fixture
def world() -> World:
    return World()


def test_until_it_was_tried_nothing_is_known_of_an_address(world: World) -> None:
    assert list(world.watch.statuses()) == [
        RelayStatus(UDP, RelayTransport.UDP),
        RelayStatus(TLS, RelayTransport.TLS),
    ]


def test_without_a_relay_there_is_nothing_to_tell(world: World) -> None:
    assert list(RelayWatch([], world.probe, world.clock, world.metrics).statuses()) == []


async def test_since_when_is_when_it_became_so(world: World, expected_log: ExpectLog) -> None:
    expected_log("relay_not_usable.*refused")
    await world.watch.look()
    world.clock.later(300)
    await world.watch.look()
    first = world.watch.statuses()[0]
    assert (first.finding, first.since, first.checked_at) == (REACHED, START, START + timedelta(seconds=300))
    world.probe.findings[UDP] = REFUSED
    world.clock.later(300)
    await world.watch.look()
    changed, same = world.watch.statuses()
    assert (changed.finding, changed.since) == (REFUSED, START + timedelta(seconds=600))
    assert (same.finding, same.since) == (REACHED, START)


async def test_what_is_wrong_is_logged_when_it_begins_and_not_again(
    world: World, caplog: pytest.LogCaptureFixture, expected_log: ExpectLog
) -> None:
    expected_log("relay_not_usable.*unreachable")
    world.probe.findings[TLS] = RelayFinding.UNREACHABLE
    for _ in range(3):
        await world.watch.look()
    assert caplog.text.count("relay_not_usable") == 1


async def test_the_level_says_what_is_so_and_the_counts_what_was_found(world: World, expected_log: ExpectLog) -> None:
    expected_log("relay_not_usable")
    world.probe.findings[TLS] = RelayFinding.CERTIFICATE
    await world.watch.look()
    await world.watch.look()
    assert f'librarian_relay_reached{{url="{UDP}"}} 1.0' in world.lines()
    assert f'librarian_relay_reached{{url="{TLS}"}} 0.0' in world.lines()
    assert 'librarian_relay_checks_total{finding="certificate"} 2.0' in world.lines()


async def test_a_look_that_breaks_changes_nothing_and_stops_nothing(world: World, expected_log: ExpectLog) -> None:
    expected_log("relay_check_broke.*RuntimeError", level="ERROR")
    world.probe.findings[UDP] = RuntimeError("a fault of ours")
    await world.watch.look()
    assert world.findings() == {UDP: None, TLS: REACHED}


async def test_it_looks_again_and_again_and_sooner_while_something_is_wrong(
    world: World, expected_log: ExpectLog
) -> None:
    expected_log("relay_not_usable")
    slept: list[float] = []
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        world.probe.findings[UDP] = REFUSED if len(slept) == 1 else REACHED
        if len(slept) == 3:
            enough.set()
            await asyncio.Event().wait()

    watch = RelayWatch([relay_address(UDP)], world.probe, world.clock, world.metrics, sleep=sleep)
    running = asyncio.create_task(watch.run())
    async with asyncio.timeout(10):
        await enough.wait()
    running.cancel()
    assert slept == [EVERY_S, EVERY_S_WHEN_BAD, EVERY_S]
    assert world.probe.looks == 3
