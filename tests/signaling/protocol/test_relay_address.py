"""Addresses of relays: what is taken apart, and what is refused with which sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.protocol.relay_address import RelayAddress, relay_address
from signaling.protocol.vocabulary import RelayTransport

UDP, TCP, TLS = RelayTransport.UDP, RelayTransport.TCP, RelayTransport.TLS


@pytest.mark.parametrize(
    ("url", "host", "port", "transport"),
    [
        ("turn:relay.example.org", "relay.example.org", 3478, UDP),
        ("turn:relay.example.org:3479", "relay.example.org", 3479, UDP),
        ("turn:relay.example.org?transport=udp", "relay.example.org", 3478, UDP),
        ("turn:relay.example.org:80?transport=tcp", "relay.example.org", 80, TCP),
        ("turns:relay.example.org", "relay.example.org", 5349, TLS),
        ("turns:relay.example.org:443", "relay.example.org", 443, TLS),
        ("turns:relay.example.org:443?transport=tcp", "relay.example.org", 443, TLS),
        ("turn:192.0.2.7:3478", "192.0.2.7", 3478, UDP),
        ("turn:[2001:db8::7]", "2001:db8::7", 3478, UDP),
        ("turn:[2001:db8::7]:3479?transport=tcp", "2001:db8::7", 3479, TCP),
        ("turns:[::ffff:192.0.2.7]:443", "::ffff:192.0.2.7", 443, TLS),
    ],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, transport: RelayTransport) -> None:
    assert relay_address(url) == RelayAddress(url, host, port, transport)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("stun:relay.example.org", "must begin with turn: or turns:"),
        ("https://relay.example.org", "must begin with turn: or turns:"),
        ("turn://relay.example.org", "has no slashes"),
        ("turns://relay.example.org:443", "has no slashes"),
        ("turn:2001:db8::7", "stands in square brackets"),
        ("turn:", "is no address of a relay"),
        ("turn:relay.example.org:", "is no address of a relay"),
        ("turn:relay.example.org:many", "is no address of a relay"),
        ("turn:relay.example.org?transport=sctp", "is no address of a relay"),
        ("turn:relay.example.org?transport=UDP", "is no address of a relay"),
        ("turn:user@relay.example.org", "is no address of a relay"),
        ("turn:relay example.org", "is no address of a relay"),
        ("turn:relay.example.org:0", "has no port between 1 and 65535"),
        ("turn:relay.example.org:65536", "has no port between 1 and 65535"),
        ("turn:[2001:db8::7::1]", "has no IPv6 address in its brackets"),
        ("turn:[7]", "has no IPv6 address in its brackets"),
        ("turns:relay.example.org?transport=udp", "browsers reach no relay by DTLS"),
    ],
)
def test_what_is_no_address_is_refused_with_one_sentence_that_repeats_it(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        relay_address(url)
    assert url in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=60), st.sampled_from(["turn:", "turns:", ""]))
def test_whatever_is_written_is_taken_or_refused_and_never_breaks(rest: str, scheme: str) -> None:
    url = scheme + rest
    try:
        address = relay_address(url)
    except ValueError:
        return
    assert address.url == url
    assert address.host
    assert 1 <= address.port <= 65_535
