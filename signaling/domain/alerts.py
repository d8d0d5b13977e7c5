"""Who is to be told what about kiosks, and when: once when it is found, once when it is mended.

What it is for: one message for one cause. All kiosks of a branch that are away at once are one branch's network; most
of all kiosks are the server's own. In the quiet hours messages wait. What it does not do: send anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.vocabulary import BranchId, KioskId, LibraryId


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that people were told of, or will be: one row.

    Attributes:
        scope: How much it takes down; `branch_id` is None with `NETWORK`.
        kiosk_ids: Which kiosks.
        told_at: When people were told; None while it waits.
        mended_at: When it was over.
        mended_told_at: When people were told that; an alert that was over before anybody was told is told to nobody.
    """

    id: str
    library_id: LibraryId
    scope: AlertScope
    branch_id: BranchId | None
    kiosk_ids: tuple[KioskId, ...]
    code: HealthCode
    found_at: datetime
    told_at: datetime | None = None
    mended_at: datetime | None = None
    mended_told_at: datetime | None = None
