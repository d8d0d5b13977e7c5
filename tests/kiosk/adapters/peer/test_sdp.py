"""What is read from and written into descriptions."""

from __future__ import annotations

import pytest

from kiosk.adapters.peer import sdp
from kiosk.core.media import IceCandidate, PeerSettings

OFFER = "\r\n".join(
    [
        "v=0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=fingerprint:SHA-256 ab:cd:01",
        "a=fingerprint:sha-512 ff:ee",
        "a=candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=0",
        "a=end-of-candidates",
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
        "a=rtpmap:96 VP8/90000",
        "a=rtcp-fb:96 nack",
        "a=rtpmap:97 rtx/90000",
        "a=fmtp:97 apt=96",
        "a=candidate:2 1 udp 2122260222 abc.local 5001 typ host",
        "a=end-of-candidates",
        "",
    ]
)


def test_the_fingerprint_is_the_sha_256_one_in_its_usual_spelling() -> None:
    assert sdp.fingerprint(OFFER) == "sha-256 AB:CD:01"
    assert sdp.fingerprint("v=0\r\n") == ""


def test_only_the_sha_256_fingerprint_stays() -> None:
    lines = sdp.with_one_fingerprint(OFFER).splitlines()
    assert [x for x in lines if "fingerprint" in x] == ["a=fingerprint:SHA-256 ab:cd:01"]
    assert len(lines) == len(OFFER.splitlines()) - 1


def test_without_a_sha_256_fingerprint_the_others_stay() -> None:
    other = "v=0\r\na=fingerprint:sha-512 ff:ee\r\n"
    assert sdp.with_one_fingerprint(other) == other
    assert sdp.fingerprint(other) == "sha-512 FF:EE"


def test_format_parameters_come_where_there_were_none() -> None:
    changed = sdp.with_format_parameters(OFFER, "vp8", {"x-google-start-bitrate": 1500, "x-google-max-bitrate": 2500})
    lines = changed.splitlines()
    at = lines.index("a=rtpmap:96 VP8/90000")
    assert lines[at + 1] == "a=fmtp:96 x-google-start-bitrate=1500;x-google-max-bitrate=2500"
    assert len(lines) == len(OFFER.splitlines()) + 1


def test_format_parameters_join_those_that_are_there_and_replace_their_namesakes() -> None:
    changed = sdp.with_format_parameters(OFFER, "opus", {"useinbandfec": 1, "stereo": 0})
    assert "a=fmtp:111 minptime=10;useinbandfec=1;stereo=0" in changed.splitlines()


def test_a_codec_that_is_not_there_changes_nothing() -> None:
    assert sdp.with_format_parameters(OFFER, "AV1", {"x": 1}) == OFFER


def test_adding_the_same_twice_is_adding_it_once() -> None:
    hints = sdp.video_hints(PeerSettings())
    once = sdp.with_format_parameters(OFFER, "VP8", hints)
    assert sdp.with_format_parameters(once, "VP8", hints) == once


def test_a_format_parameter_of_none_is_taken_out_and_a_line_without_any_with_it() -> None:
    first = sdp.with_format_parameters(OFFER, "VP8", {"x-google-start-bitrate": 900, "x-google-max-bitrate": 2500})
    changed = sdp.with_format_parameters(first, "VP8", {"x-google-start-bitrate": None, "x-google-min-bitrate": 300})
    assert "x-google-max-bitrate=2500;x-google-min-bitrate=300" in changed
    assert "x-google-start-bitrate" not in changed
    nothing = {"x-google-max-bitrate": None, "x-google-min-bitrate": None}
    assert sdp.with_format_parameters(changed, "VP8", nothing) == sdp.with_format_parameters(OFFER, "VP8", {})


def test_a_codec_is_put_first_and_no_other_line_changes() -> None:
    two = OFFER.replace("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63").replace(
        "a=rtpmap:111", "a=rtpmap:63 red/48000/2\r\na=rtpmap:111"
    )
    changed = sdp.with_codec_first(two, "RED")
    assert changed == two.replace("SAVPF 111 63", "SAVPF 63 111")
    assert sdp.with_codec_first(changed, "opus") == two
    assert sdp.with_codec_first(OFFER, "red") == OFFER


def test_what_may_be_sent_at_most_is_said_in_the_sections_of_one_kind() -> None:
    text = "\r\n".join(
        ["v=0", "m=audio 9 X 1", "c=IN IP4 0.0.0.0", "a=x", "m=video 9 X 2", "c=IN IP4 0.0.0.0", "a=y", ""]
    )
    limited = sdp.with_bandwidth(text, "video", 300)
    assert limited == text.replace("0.0\r\na=y", "0.0\r\nb=AS:300\r\na=y")
    assert sdp.with_bandwidth(limited, "video", 600) == limited.replace("300", "600")
    assert sdp.with_bandwidth(limited, "video", None) == text


def test_candidates_are_taken_out_with_the_section_they_belong_to() -> None:
    stripped, candidates = sdp.split_candidates(OFFER)
    assert "candidate" not in stripped
    assert candidates == [
        IceCandidate("candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host", None, 0),
        IceCandidate("candidate:2 1 udp 2122260222 abc.local 5001 typ host", None, 1),
    ]


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        ("candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host", True),
        ("candidate:1 1 udp 2122260223 2001:db8::1 5000 typ host", True),
        ("1 1 udp 2122260223 192.0.2.1 5000 typ host", True),
        ("candidate:1 1 udp 2122260223 3f1e.local 5000 typ host", False),
        ("candidate:1 1 udp 2122260223 turn.example.org 5000 typ relay", False),
        ("candidate:1 1 udp 2122260223 192.0.2.1 5000", False),
        ("candidate:", False),
        ("", False),
    ],
)
def test_only_a_candidate_with_an_address_is_one(candidate: str, expected: bool) -> None:
    assert sdp.candidate_has_address(candidate) is expected


def test_candidates_that_came_later_stand_in_their_sections() -> None:
    bare, _ = sdp.split_candidates(OFFER)
    first, second = IceCandidate("candidate:1 one", "0", 0), IceCandidate("candidate:2 two", "1", 1)
    whole = sdp.with_candidates(bare, [second, first, IceCandidate("candidate:3 three")])
    audio, _, video = whole.partition("m=video")
    assert audio.splitlines()[-2:] == ["a=candidate:1 one", "a=candidate:3 three"]
    assert video.splitlines()[-1] == "a=candidate:2 two"
    assert sdp.with_candidates(bare, []) == bare
    assert [c.candidate for c in sdp.split_candidates(whole)[1]] == [
        "candidate:1 one",
        "candidate:3 three",
        "candidate:2 two",
    ]


def test_nothing_lost_is_sent_again_and_a_whole_picture_may_still_be_asked_for() -> None:
    lines = ["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtcp-fb:96 ccm fir", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", ""]

    without = [line for line in lines if line != "a=rtcp-fb:96 nack"]
    assert sdp.without_retransmission("\r\n".join(lines)) == "\r\n".join(without)
