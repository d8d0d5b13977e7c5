"""What a kiosk tells of itself, and what it asks for while it tests itself. Numbers and codes only."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from signaling.protocol.health import (
    HealthArea,
    HealthCode,
    HealthNumber,
    OrderFault,
    OrderState,
    TestKind,
)
from signaling.protocol.messages.base import Id, Message, Sdp
from signaling.protocol.vocabulary import LensSide

Reading = Annotated[float, Field(ge=-1_000_000_000, le=1_000_000_000, allow_inf_nan=False)]
Duration = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class HealthReport(Message):
    """What is true of the kiosk now: all of it, so that one that was lost is no matter.

    Attributes:
        test: Why it looked.
        areas: What it looked at this time; of the other areas the last finding stands in `findings`, too.
        findings: Everything that is wrong, by codes.
        numbers: What was measured this time.
        seconds, cpu_s: How long the test took, and how much processor time.
        drawn: What is on the screen is what was drawn there, as read back within the last seconds.
        touched: Somebody has touched the screen since the program started.
    """

    test: TestKind
    areas: Annotated[tuple[HealthArea, ...], Field(max_length=len(HealthArea))] = ()
    findings: Annotated[tuple[HealthCode, ...], Field(max_length=len(HealthCode))] = ()
    numbers: Annotated[dict[HealthNumber, Reading], Field(max_length=len(HealthNumber))] = {}
    seconds: Duration = 0
    cpu_s: Duration = 0
    drawn: bool = False
    touched: bool = False


class OrderTold(Message):
    """What became of an order: taken, done or failed."""

    order_id: Id
    state: OrderState
    fault: OrderFault | None = None


class KioskChosen(Message):
    """What somebody chose in the service menu, standing before the kiosk. None: nothing was chosen.

    Attributes:
        lens_side: Where the camera sits.
        camera_height_cm: Above the floor; 0 when nobody has measured it.
    """

    lens_side: LensSide | None = None
    camera_height_cm: Annotated[int, Field(ge=0, le=300)] | None = None


class EchoOffer(Message):
    """The SDP offer of a test call to the server's echo, with all its candidates in it."""

    sdp: Sdp


class EchoAnswer(Message):
    """The SDP answer, with all its candidates in it. The echo sends back what it gets, and ends by itself."""

    sdp: Sdp
