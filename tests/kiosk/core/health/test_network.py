"""What is wrong with the network, by what was seen of it."""

from __future__ import annotations

import pytest

from kiosk.core.health.network import NetworkSeen, RelaySeen, all_reached, network_looked
from signaling.protocol.health import HealthArea, HealthCode, HealthNumber
from signaling.protocol.vocabulary import RelayFinding, RelayTransport

UDP, TCP, TLS = RelayTransport.UDP, RelayTransport.TCP, RelayTransport.TLS
C, F = HealthCode, RelayFinding


def relays(**findings: RelayFinding) -> tuple[RelaySeen, ...]:
    """`udp=F.REACHED` and so on."""
    return tuple(RelaySeen(RelayTransport(name), finding) for name, finding in findings.items())


def found(*seen: RelaySeen) -> set[HealthCode]:
    return set(network_looked(NetworkSeen(12.0, 0.0, seen)).findings)


def test_a_good_network_has_no_finding_and_its_numbers() -> None:
    looked = network_looked(NetworkSeen(12.34, -1.26, relays(udp=F.REACHED, tcp=F.REACHED, tls=F.REACHED)))
    assert looked.areas == {HealthArea.NETWORK}
    assert looked.findings == frozenset()
    assert looked.numbers == {HealthNumber.SERVER_ROUND_TRIP_MS: 12.3, HealthNumber.CLOCK_AHEAD_S: -1.3}


def test_a_server_without_a_relay_is_nothing_wrong() -> None:
    assert found() == set()


def test_a_server_that_does_not_answer_is_unreached_and_nothing_is_said_of_relays() -> None:
    looked = network_looked(NetworkSeen())
    assert looked.findings == {C.SERVER_UNREACHED}
    assert looked.numbers == {}


@pytest.mark.parametrize(("ahead_s", "is_wrong"), [(30.0, False), (-30.0, False), (30.1, True), (-31.0, True)])
def test_a_clock_is_wrong_from_half_a_minute_on_either_way(ahead_s: float, is_wrong: bool) -> None:
    looked = network_looked(NetworkSeen(12.0, ahead_s))
    assert (C.CLOCK_WRONG in looked.findings) is is_wrong
    assert looked.numbers[HealthNumber.CLOCK_AHEAD_S] == ahead_s


def test_a_clock_is_told_wrong_although_the_link_is_not_made() -> None:
    assert network_looked(NetworkSeen(None, 4000.0)).findings == {C.SERVER_UNREACHED, C.CLOCK_WRONG}


@pytest.mark.parametrize("finding", [F.UNREACHABLE, F.REFUSED, F.FULL, F.CERTIFICATE, F.WRONG_ANSWER, F.UNKNOWN_HOST])
@pytest.mark.parametrize(
    ("transport", "code"), [(UDP, C.RELAY_UDP_BLOCKED), (TCP, C.RELAY_TCP_BLOCKED), (TLS, C.RELAY_TLS_BLOCKED)]
)
def test_one_way_that_is_shut_is_named(transport: RelayTransport, code: HealthCode, finding: RelayFinding) -> None:
    others = [RelaySeen(other, F.REACHED) for other in RelayTransport if other is not transport]
    assert found(*others, RelaySeen(transport, finding)) == {code}


def test_a_transport_that_leads_to_one_of_two_relays_is_open() -> None:
    assert found(RelaySeen(UDP, F.UNREACHABLE), RelaySeen(UDP, F.REACHED)) == set()


def test_two_ways_that_are_shut_are_both_named() -> None:
    assert found(*relays(udp=F.UNREACHABLE, tcp=F.UNREACHABLE, tls=F.REACHED)) == {
        C.RELAY_UDP_BLOCKED,
        C.RELAY_TCP_BLOCKED,
    }


def test_with_no_way_open_the_relay_is_unreached() -> None:
    assert found(*relays(udp=F.UNREACHABLE, tcp=F.WRONG_ANSWER, tls=F.CERTIFICATE)) == {C.RELAY_UNREACHED}


@pytest.mark.parametrize("finding", [F.REFUSED, F.FULL])
def test_a_relay_that_answers_and_lends_nothing_refuses_whatever_the_other_ways_are(finding: RelayFinding) -> None:
    assert found(*relays(udp=F.UNREACHABLE, tcp=finding)) == {C.RELAY_REFUSED}


def test_all_are_reached_only_if_each_is() -> None:
    assert all_reached(())
    assert all_reached(relays(udp=F.REACHED, tcp=F.REACHED))
    assert not all_reached(relays(udp=F.REACHED, tcp=F.FULL))
