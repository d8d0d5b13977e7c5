"""What an engine offers, takes and refuses before there is a path: one contract for both."""

from __future__ import annotations

import re

import pytest

from kiosk.core.media import IceCandidate, MediaError, PeerEngine, PeerSettings
from tests.support.peers import Kiosk, LibraryAnswerer, until


async def test_the_offer_has_one_section_for_sound_and_one_for_the_picture_both_ways(
    kiosk: Kiosk, engine: PeerEngine
) -> None:
    offer = await kiosk.peer.create_offer()

    assert re.findall(r"^m=(\w+)", offer, re.MULTILINE) == ["audio", "video"]
    assert offer.count("a=sendrecv") == 2
    codecs = re.findall(r"^a=rtpmap:\d+ ([^/\r]+)", offer, re.MULTILINE)
    # libwebrtc can say each piece of sound twice (RFC 2198); aiortc cannot.
    assert codecs == (["opus", "red", "VP8", "rtx"] if engine.name == "libwebrtc" else ["opus", "VP8", "rtx"])


async def test_the_fingerprint_is_the_only_one_in_the_offer(kiosk: Kiosk) -> None:
    offer = await kiosk.peer.create_offer()

    found = set(re.findall(r"^a=fingerprint:(.*?)\r?$", offer, re.MULTILINE))
    assert found == {kiosk.peer.local_fingerprint()}
    assert re.fullmatch(r"sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}", kiosk.peer.local_fingerprint())


async def test_without_servers_only_the_machines_own_addresses_are_offered(kiosk: Kiosk) -> None:
    offer = await kiosk.peer.create_offer()
    await until(lambda: kiosk.listener.candidates[-1:] == [IceCandidate("")], "the end of gathering")

    lines = [c.candidate for c in kiosk.listener.candidates if c.candidate]
    lines += re.findall(r"^a=(candidate:.*?)\r?$", offer, re.MULTILINE)
    assert lines
    assert {line.split(" typ ")[1].split()[0] for line in lines} == {"host"}


async def test_relay_only_without_a_relay_offers_no_address_at_all(engine: PeerEngine) -> None:
    kiosk = Kiosk(engine, PeerSettings(relay_only=True))
    offer = await kiosk.peer.create_offer()
    await until(lambda: kiosk.listener.candidates[-1:] == [IceCandidate("")], "the end of gathering")

    assert kiosk.listener.candidates == [IceCandidate("")]
    assert "a=candidate" not in offer
    await kiosk.peer.close()


@pytest.mark.parametrize("answer", ["", "nonsense", "v=0\r\nm=audio", "v=0\r\n" + "a=x\r\n" * 50])
async def test_an_answer_that_is_none_is_refused_with_a_code(kiosk: Kiosk, answer: str) -> None:
    await kiosk.peer.create_offer()

    with pytest.raises(MediaError) as caught:
        await kiosk.peer.accept_answer(answer)
    assert caught.value.code == "bad_answer"


async def test_an_answer_before_the_offer_is_refused_with_a_code(kiosk: Kiosk) -> None:
    with pytest.raises(MediaError) as caught:
        await kiosk.peer.accept_answer("v=0\r\n")
    assert caught.value.code == "bad_answer"


async def test_unusable_candidates_are_dropped_without_a_word(kiosk: Kiosk, answerer: LibraryAnswerer) -> None:
    await kiosk.peer.accept_answer(await answerer.answer(await kiosk.peer.create_offer()))

    for line in (
        "nonsense",
        "candidate:",
        "candidate:1 1 udp 2122260223 192.0.2.999 5000 typ host",
        "candidate:1 1 udp 2122260223 d41d8cd9.local 5000 typ host",
        "candidate:1 1 udp many 192.0.2.1 port typ host",
    ):
        await kiosk.peer.add_candidate(IceCandidate(line, "0", 0))
    await kiosk.peer.add_candidate(IceCandidate("candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host", "77", 77))
    await kiosk.peer.add_candidate(IceCandidate(""))
