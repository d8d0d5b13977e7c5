"""What keeps a path from being found."""

from __future__ import annotations

import pytest

from kiosk.adapters.peer.trouble import UNREACHABLE, Gathering
from kiosk.core.media import IceServer, PeerSettings
from signaling.protocol.vocabulary import IceTrouble

HOST = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"
RELAY = "candidate:2 1 udp 41885439 192.0.2.9 6000 typ relay raddr 0.0.0.0 rport 0"
UDP, TCP, STUN = "turn:relay.test:3478?transport=udp", "turn:relay.test:3478?transport=tcp", "stun:relay.test:3478"


def gathering(*urls: str) -> tuple[Gathering, list[IceTrouble]]:
    told: list[IceTrouble] = []
    servers = tuple(IceServer((url,), "name", "word") for url in urls)
    return Gathering(PeerSettings(servers), told.append), told


def test_without_a_relay_and_with_an_address_there_is_no_trouble() -> None:
    met, told = gathering(STUN)
    met.found(HOST)
    met.failed(STUN, UNREACHABLE)
    met.look()
    met.ended()
    assert told == []


def test_not_one_candidate_is_told() -> None:
    met, told = gathering()
    met.ended()
    assert told == [IceTrouble.NO_CANDIDATES]


@pytest.mark.parametrize("code", [400, 401, 403, 437, 438, 441, 486, 508])
def test_a_relay_that_answers_with_an_error_refused(code: int) -> None:
    met, told = gathering(UDP)
    met.found(HOST)
    met.failed(UDP, code)
    assert told == []
    met.ended()
    assert told == [IceTrouble.RELAY_REFUSED]


def test_a_relay_that_does_not_answer_is_unreachable_and_that_is_told_once() -> None:
    met, told = gathering(UDP)
    met.found(HOST)
    met.look()
    met.failed(UDP, UNREACHABLE)
    met.ended()
    assert told == [IceTrouble.RELAY_UNREACHABLE]


def test_one_way_to_the_relay_is_enough() -> None:
    met, told = gathering(UDP, TCP)
    met.failed(UDP, UNREACHABLE)
    met.found(RELAY)
    met.look()
    met.ended()
    assert told == []


def test_of_a_refusal_and_a_silence_the_refusal_is_told() -> None:
    met, told = gathering(UDP, TCP)
    met.found(HOST)
    met.failed(UDP, UNREACHABLE)
    met.failed(TCP, 401)
    met.ended()
    assert told == [IceTrouble.RELAY_REFUSED]


def test_a_refusal_that_comes_late_is_told_too() -> None:
    met, told = gathering(UDP)
    met.look()
    met.failed(UDP, 401)
    met.ended()
    assert told == [IceTrouble.RELAY_UNREACHABLE, IceTrouble.RELAY_REFUSED, IceTrouble.NO_CANDIDATES]
