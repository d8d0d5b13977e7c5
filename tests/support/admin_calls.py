"""Calls that a library has had, as their records tell, and the relay as a server could have found it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from signaling.protocol.admin import NetworkView, RelayRow
from signaling.protocol.vocabulary import (
    IceTrouble,
    KioskId,
    MediaEngine,
    Party,
    PathFault,
    PathQuality,
    RelayFinding,
    RelayTransport,
    VisitId,
)
from signaling.service.ports import QualityRecord, Store
from tests.support.wire import BRANCH, LIBRARY

CHILDREN: Final = KioskId("waiting")
OLD_DOOR: Final = KioskId("gone")


def record(number: int, ago_min: float, *, kiosk_id: KioskId = CHILDREN, **fields: Any) -> QualityRecord:
    """A path of visit `number`, told so long ago; a good one unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "generation": 1,
        "party": Party.VISITOR,
        "seconds": 372.0,
        "connect_ms": 388.0,
        "round_trip_ms": 31.0,
        "loss_out_percent": 0.1,
        "width_sent": 1280,
        "height_sent": 720,
        "video_codec": "VP8",
        "audio_codec": "opus",
        "engine": MediaEngine.LIBWEBRTC,
        **fields,
    }
    return QualityRecord(
        visit_id=VisitId(f"visit-{number}"),
        kiosk_id=kiosk_id,
        branch_id=BRANCH,
        library_id=LIBRARY,
        at=datetime.now(UTC) - timedelta(minutes=ago_min),
        **values,
    )


async def furnish_calls(store: Store) -> None:
    """Three visits: a good one, one on a thin path that was built anew, and one of another kiosk with a lame relay."""
    staff: dict[str, Any] = {"party": Party.STAFF, "engine": None}
    thin: dict[str, Any] = {
        "round_trip_ms": 480.0,
        "loss_in_percent": 8.2,
        "loss_out_percent": 5.5,
        "freezes": 7,
        "frozen_s": 11.4,
        "concealed_percent": 3.9,
        "width_sent": 320,
        "height_sent": 180,
        "relayed": True,
        "relay": RelayTransport.TCP,
        "worst": PathQuality.SOUND_ONLY,
    }
    for told in (
        record(1, 20),
        record(1, 20.1, **staff),
        record(2, 140, generation=3, faults=(PathFault.NOTHING_ARRIVES,), **thin),
        record(2, 140.1, generation=3, **staff, **thin),
        record(2, 146, generation=2, seconds=94.0),
        record(3, 1500, kiosk_id=OLD_DOOR, troubles=(IceTrouble.RELAY_UNREACHABLE,), worst=PathQuality.FAIR),
    ):
        await store.put_quality(told)


def relay_found(*findings: RelayFinding | None) -> NetworkView:
    """A relay of so many addresses, each found so."""
    now = datetime.now(UTC)
    transports = (RelayTransport.UDP, RelayTransport.TCP, RelayTransport.TLS)
    scheme = {RelayTransport.UDP: "turn", RelayTransport.TCP: "turn", RelayTransport.TLS: "turns"}
    port = {RelayTransport.UDP: 3478, RelayTransport.TCP: 3478, RelayTransport.TLS: 5349}
    via = {RelayTransport.UDP: "udp", RelayTransport.TCP: "tcp", RelayTransport.TLS: "tcp"}
    return NetworkView(
        relays=tuple(
            RelayRow(
                url=f"{scheme[one]}:relay{number}.bibliotek.example:{port[one]}?transport={via[one]}",
                transport=one,
                finding=finding,
                since=None if finding is None else now - timedelta(hours=5),
                checked_at=None if finding is None else now - timedelta(minutes=2),
            )
            for number, (finding, one) in enumerate(zip(findings, transports * 3, strict=False))
        ),
        relay_always=False,
        relay_only_branches=(BRANCH,),
    )
