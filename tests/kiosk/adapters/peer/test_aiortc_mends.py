"""What is mended in aiortc. Each test fails when the library changes so that the mend no longer takes hold."""

from __future__ import annotations

import asyncio
import fractions
from typing import Any

import aiortc
import av
import pytest
from aioice import stun
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder

from kiosk.adapters.peer import aiortc_mends
from kiosk.adapters.peer.aiortc_mends import (
    VIDEO_JITTER_PACKETS,
    BoundedVp8Encoder,
    ice_connection,
    mend_closing,
    mend_consent,
    mend_transceiver,
    private,
)
from kiosk.adapters.peer.aiortc_stats import ReceivedMedia, count
from kiosk.adapters.peer.aiortc_tracks import PushedAudioTrack, PushedVideoTrack
from kiosk.core.media import PeerSettings, YuvFrame
from tests.support.peers import until


def picture(number: int) -> av.VideoFrame:
    frame = av.VideoFrame(64, 48, "yuv420p")
    frame.pts = number * 3000
    frame.time_base = fractions.Fraction(1, 90_000)
    return frame


# ---------------------------------------------------------------------------------------------------------- bitrates


def test_the_rate_stays_within_the_branchs_bounds_and_the_encoder_really_uses_it() -> None:
    encoder = BoundedVp8Encoder(start_kbps=1300, max_kbps=2500)
    for asked_kbps, used_kbps in ((4000, 2500), (20, 100), (700, 700)):
        encoder.target_bitrate = asked_kbps * 1000
        encoder.encode(picture(asked_kbps))
        assert encoder.codec is not None
        assert encoder.codec.bit_rate == used_kbps * 1000
        assert private(encoder)["_Vp8Encoder__target_bitrate"] == used_kbps * 1000
        assert encoder.asked_kbps == asked_kbps


def test_the_library_keeps_the_rate_under_the_name_that_we_write_to() -> None:
    assert "_Vp8Encoder__target_bitrate" in private(Vp8Encoder())


def test_the_first_rate_is_the_branchs_too() -> None:
    assert BoundedVp8Encoder(start_kbps=1300, max_kbps=800).target_bitrate == 800_000
    assert BoundedVp8Encoder(start_kbps=1300, max_kbps=2500).asked_kbps is None


def test_a_little_more_is_not_worth_a_key_frame_but_a_little_less_is_taken_and_the_highest_is_reached() -> None:
    encoder = BoundedVp8Encoder(start_kbps=1000, max_kbps=2500)
    encoder.target_bitrate = 1_200_000
    assert encoder.target_bitrate == 1_000_000
    encoder.target_bitrate = 1_300_000
    assert encoder.target_bitrate == 1_300_000
    encoder.target_bitrate = 1_250_000
    assert encoder.target_bitrate == 1_250_000
    encoder.target_bitrate = 2_300_000
    encoder.target_bitrate = 2_600_000
    assert encoder.target_bitrate == 2_500_000


@pytest.fixture
async def connection() -> Any:
    made = aiortc.RTCPeerConnection(
        aiortc.RTCConfiguration(iceServers=[], bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE)
    )
    yield made
    await made.close()


async def test_a_transceiver_gets_our_encoders_and_the_small_picture_buffer(
    connection: aiortc.RTCPeerConnection,
) -> None:
    settings = PeerSettings(video_start_kbps=900, video_max_kbps=600, audio_max_kbps=24)
    for track in (PushedAudioTrack(), PushedVideoTrack()):
        mend_transceiver(connection.addTransceiver(track), settings)
    audio, video = connection.getTransceivers()

    # Reading them by these very names: writing a name that the library does not use would be no error.
    assert {"_RTCRtpSender__encoder"} <= set(vars(aiortc.RTCRtpSender("audio", audio.sender.transport)))
    assert {"_RTCRtpReceiver__jitter_buffer"} <= set(vars(aiortc.RTCRtpReceiver("video", audio.sender.transport)))
    assert private(video.sender)["_RTCRtpSender__encoder"].target_bitrate == 600_000
    assert private(video.receiver)["_RTCRtpReceiver__jitter_buffer"].capacity == VIDEO_JITTER_PACKETS
    opus = private(audio.sender)["_RTCRtpSender__encoder"]
    assert isinstance(opus, OpusEncoder)
    assert opus.codec.bit_rate == 24_000


# ----------------------------------------------------------------------------------------------------------- consent


class Path:
    """A nominated pair whose other end answers, or not."""

    def __init__(self) -> None:
        self.answers = True
        self.asked: list[int] = []
        self.protocol = self
        self.remote_addr = ("192.0.2.1", 5000)

    async def request(self, _request: object, _address: object, **options: Any) -> None:
        self.asked.append(options["retransmissions"])
        if not self.answers:
            raise stun.TransactionTimeout


class Ice:
    """As much of an ICE connection as consent needs."""

    def __init__(self) -> None:
        self.path = Path()
        self._nominated = {1: self.path}
        self._query_consent_task: object = object()
        self.remote_password = "secret"
        self.closed = asyncio.Event()

    def build_request(self, _pair: object, *, nominate: bool) -> object:
        assert not nominate
        return object()

    async def close(self) -> None:
        self.closed.set()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consent that is asked for every 10 ms and expires after a second."""
    monkeypatch.setattr(aiortc_mends, "CONSENT_INTERVAL_S", 0.01)
    monkeypatch.setattr(aiortc_mends, "CONSENT_EXPIRES_S", 1.0)


async def asked(path: Path, times: int) -> None:
    await until(lambda: len(path.asked) >= times, f"{times} requests")


async def test_a_path_that_answers_now_and_then_lives_on_and_each_request_is_sent_several_times(soon: None) -> None:
    ice = Ice()
    task = asyncio.create_task(aiortc_mends._query_consent(ice))
    for answers in (False, True, False, True):
        ice.path.answers = answers
        await asked(ice.path, len(ice.path.asked) + 2)
    assert not ice.closed.is_set()
    assert set(ice.path.asked) == {2}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_path_that_never_answers_is_given_up(soon: None) -> None:
    ice = Ice()
    ice.path.answers = False
    async with asyncio.timeout(10):
        await aiortc_mends._query_consent(ice)
    assert ice.closed.is_set()
    assert len(ice.path.asked) > 2


async def test_the_library_asks_for_consent_through_our_way(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def ours(_ice: object) -> None:
        begun.set()

    monkeypatch.setattr(aiortc_mends, "_query_consent", ours)
    configuration = aiortc.RTCConfiguration(iceServers=[], bundlePolicy=aiortc.RTCBundlePolicy.MAX_BUNDLE)
    here, there = aiortc.RTCPeerConnection(configuration), aiortc.RTCPeerConnection(configuration)
    here.addTransceiver("audio")
    mend_consent(here)
    await here.setLocalDescription(await here.createOffer())
    await there.setRemoteDescription(here.localDescription)
    await there.setLocalDescription(await there.createAnswer())
    await here.setRemoteDescription(there.localDescription)
    async with asyncio.timeout(10):
        await begun.wait()
    assert "_query_consent_task" in vars(ice_connection(here.getTransceivers()[0]))
    await here.close()
    await there.close()


def test_a_request_waits_over_three_seconds_for_its_answer() -> None:
    # Sent three times, 0.5 and 1 s apart, and 2 s after the last (RFC 8489 6.2.1).
    assert sum(stun.RETRY_RTO * 2**number for number in range(3)) > 3


# ------------------------------------------------------------------------------------------------------------ counting


class Stream:
    packets_received = 40
    packets_lost = 2


class Repeats:
    packets_received = 7
    packets_lost = 900


async def test_retransmissions_are_not_taken_for_the_medias_own_figures(connection: aiortc.RTCPeerConnection) -> None:
    for track in (PushedAudioTrack(), PushedVideoTrack()):
        mend_transceiver(connection.addTransceiver(track), PeerSettings())
    receiver = private(connection.getTransceivers()[1].receiver)
    receiver["_RTCRtpReceiver__remote_streams"].update({1: Stream(), 2: Repeats()})
    receiver["_RTCRtpReceiver__rtx_ssrc"][2] = 1

    stats = await count(connection.getTransceivers(), ReceivedMedia(), (0, (0, 0)), 3, None)
    assert (stats.packets_received, stats.packets_lost) == (40, 2)
    assert stats.local_candidates == 3
    assert not stats.relayed


def test_missing_sound_is_counted_by_its_times() -> None:
    received = ReceivedMedia()
    for pts in (1000, 1960, 3880, 4840, 2920):
        received.sound(pts, 960)
    assert received.samples_missing == 960
    assert received.samples == 6 * 960


def test_pictures_are_counted_with_their_size_and_freezes() -> None:
    received = ReceivedMedia()
    for number in range(60):
        received.picture(YuvFrame(64, 48, b"", number / 30))
    received.picture(YuvFrame(32, 24, b"", 60 / 30 + 0.5))
    assert received.frames == 61
    assert received.size == (32, 24)
    assert received.freezes.freezes == 1


# ----------------------------------------------------------------------------------------------------------- closing


@pytest.mark.parametrize("closed", [True, False])
async def test_what_fails_because_the_connection_is_closed_meanwhile_is_no_error(
    closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_connection: aiortc.RTCPeerConnection) -> None:
        raise aiortc.InvalidStateError("RTCIceTransport is closed")

    # The library must have it under this name, or nothing is mended.
    monkeypatch.setattr(aiortc.RTCPeerConnection, "_RTCPeerConnection__connect", fails)
    connection = aiortc.RTCPeerConnection()
    mend_closing(connection)
    if closed:
        await connection.close()
    connect = private(connection)["_RTCPeerConnection__connect"]
    if closed:
        await connect()
    else:
        with pytest.raises(aiortc.InvalidStateError):
            await connect()
        await connection.close()
