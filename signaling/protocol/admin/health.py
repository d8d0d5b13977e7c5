"""The health page over HTTP: how each kiosk is, its history, what can be asked of it, and alerts.

Everything here is about machines: numbers, codes, versions and times, of no person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from signaling.protocol.admin.fields import OptionalTexts
from signaling.protocol.admin.problems import AdminProblemCode
from signaling.protocol.health import (
    MAX_PIN_DIGITS,
    MIN_PIN_DIGITS,
    AlertScope,
    HealthArea,
    HealthCode,
    HealthNumber,
    Light,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
    is_easy_pin,
)
from signaling.protocol.messages.base import Id, Line, Message, Name
from signaling.protocol.vocabulary import MediaEngine, PathQuality

#: The history shows so many days.
HISTORY_DAYS: Final = 30
#: The page shows the latest orders of a kiosk and the latest alerts.
ORDERS_SHOWN: Final = 10
ALERTS_SHOWN: Final = 20


class FindingRow(Message):
    """One thing that is wrong, and since when."""

    code: HealthCode
    area: HealthArea
    light: Light
    since: datetime


class OrderRow(Message):
    """Something that was asked of a kiosk.

    Attributes:
        asked_by: Name of the staff member.
        told_at: When its state changed last.
    """

    id: Id
    kind: OrderKind
    state: OrderState
    fault: OrderFault | None
    asked_by: Line
    asked_at: datetime
    told_at: datetime | None


class HealthRow(Message):
    """How one kiosk is.

    Attributes:
        light: The worst of its findings; grey when it has never been seen.
        since: Since when the light is as it is; None while grey.
        findings: What explains others first; the first one is the sentence of the row.
        connected: It has a socket to the server now.
        seen_at: When it was last connected or told of itself.
        reported_at: Its last report, whole or light; `test` says which it was.
        tested_at: Its last whole test.
        drawn_at: When it last proved that its screen shows what is drawn there.
        numbers: The latest of each.
        call_at, call_worst: Its last call, and the worst word on its quality.
        locked: It is locked by somebody, with these texts.
        version_asked: The version it is asked to run; empty: as it is.
        pin_set: A PIN opens its service menu; without one nobody gets in.
        in_visit: A visit is on its screen: whatever touches it waits.
    """

    kiosk_id: Id
    branch_id: Id
    name: Line
    light: Light
    since: datetime | None
    findings: tuple[FindingRow, ...]
    connected: bool
    seen_at: datetime | None
    reported_at: datetime | None
    test: TestKind | None
    tested_at: datetime | None
    drawn_at: datetime | None
    numbers: dict[HealthNumber, float]
    version: Name
    version_asked: Name
    engine: MediaEngine | None
    call_at: datetime | None
    call_worst: PathQuality | None
    locked: bool
    lock_texts: OptionalTexts
    pin_set: bool
    in_visit: bool
    orders: Annotated[tuple[OrderRow, ...], Field(max_length=ORDERS_SHOWN)]


class AlertRow(Message):
    """One thing that people were told of, or will be.

    Attributes:
        told_at: None while it waits: for the end of the quiet hours, for somebody who wants to be told, or for a way
            of sending that works.
    """

    id: Id
    scope: AlertScope
    branch_id: Id | None
    kiosk_ids: tuple[Id, ...]
    code: HealthCode
    found_at: datetime
    told_at: datetime | None
    mended_at: datetime | None


class HealthView(Message):
    """All kiosks of the library that are in use, worst first, and the latest alerts, newest first.

    Attributes:
        anybody_told: There is somebody who wants alerts and can be reached, by e-mail or by a browser, as far as this
            server can send such.
        quiet: It is a quiet hour: alerts wait.
    """

    now: datetime
    anybody_told: bool
    quiet: bool
    kiosks: tuple[HealthRow, ...]
    alerts: Annotated[tuple[AlertRow, ...], Field(max_length=ALERTS_SHOWN)]


class HistoryPoint(Message):
    """What one test found."""

    at: datetime
    test: TestKind
    light: Light
    findings: tuple[HealthCode, ...]
    numbers: dict[HealthNumber, float]


class HealthHistory(Message):
    """One kiosk over `HISTORY_DAYS`, oldest first."""

    kiosk_id: Id
    points: tuple[HistoryPoint, ...]


class OrderForm(Message):
    """Ask something of a kiosk."""

    kind: OrderKind


class LockForm(Message):
    """Lock a kiosk with a text for visitors; without texts it says that it is being looked after."""

    texts: OptionalTexts = {}


class PinForm(Message):
    """The PIN of a kiosk's service menu, which is kept as a hash; empty closes the menu. None that is guessed first."""

    pin: Annotated[
        str, StringConstraints(pattern=rf"^([0-9]{{{MIN_PIN_DIGITS},{MAX_PIN_DIGITS}}})?$", max_length=MAX_PIN_DIGITS)
    ]

    @field_validator("pin")
    @classmethod
    def _not_easy(cls, pin: str) -> str:
        if is_easy_pin(pin):
            raise PydanticCustomError(AdminProblemCode.TOO_EASY.value, "not all the same, and not counted up or down")
        return pin
