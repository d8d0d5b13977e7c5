"""How a kiosk is, as the server sees it: what it told of itself, and whether it is there at all.

What it is for: one light and one first sentence for each kiosk, with the time since when. What it does not do: test
anything (kiosks do), or tell anybody (`signaling.domain.alerts` says who is to be told what).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from signaling.protocol.health import HealthCode, HealthNumber, TestKind
from signaling.protocol.vocabulary import KioskId, MediaEngine


@dataclass(frozen=True, slots=True)
class KioskHealth:
    """What is known of one kiosk: one row.

    Attributes:
        connected: It has a socket to the server.
        changed_at: When it last came or went.
        reported_at, test: Its last report.
        tested_at: Its last whole test.
        drawn_at: When it last proved that its screen shows what is drawn there.
        findings: What it told, and since when it tells so.
        numbers: The latest of each.
        instance: Of the program that is connected; another one after a restart.
        mended_at: When the last thing that was wrong was over, or when it was seen first: green since then.
    """

    kiosk_id: KioskId
    connected: bool
    changed_at: datetime
    reported_at: datetime | None = None
    test: TestKind | None = None
    tested_at: datetime | None = None
    drawn_at: datetime | None = None
    findings: Mapping[HealthCode, datetime] = field(default_factory=dict)
    numbers: Mapping[HealthNumber, float] = field(default_factory=dict)
    software: str = ""
    engine: MediaEngine | None = None
    instance: str = ""
    mended_at: datetime | None = None
