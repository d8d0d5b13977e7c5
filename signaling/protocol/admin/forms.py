"""What is posted: one form per kind of thing."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from signaling.protocol.admin.fields import (
    MAX_TEAM_MEMBERS,
    MAX_TIERS,
    Bodies,
    Country,
    Email,
    HoursForm,
    Languages,
    Login,
    Minute,
    OptionalTexts,
    Percentage,
    Phone,
    Roles,
    Seconds,
    Spans,
    TimeZone,
    Title,
    Titles,
    Version,
    once,
)
from signaling.protocol.admin.problems import AdminProblemCode
from signaling.protocol.messages.base import Id, Message, Notes
from signaling.protocol.vocabulary import (
    DEFAULT_AUDIO_KBPS,
    DEFAULT_VIDEO_KBPS,
    MAX_AUDIO_KBPS,
    MAX_VIDEO_KBPS,
    MIN_AUDIO_KBPS,
    MIN_VIDEO_KBPS,
    Language,
    LensSide,
    OfferPolicy,
)


class LibraryForm(Message):
    """The organisation that runs the service. `country` (ISO 3166-1 alpha-2, or empty) is for public holidays.

    From `alert_quiet_from_min` to `alert_quiet_to_min` of the local day (past midnight if it ends before it begins;
    never, when both are the same) alerts about kiosks wait.
    """

    name: Title
    default_language: Language
    time_zone: TimeZone
    country: Country = ""
    urgent_number: Phone = "112"
    alert_quiet_from_min: Minute = 0
    alert_quiet_to_min: Minute = 0


class BranchForm(Message):
    """A place with kiosks. `hours` None means always; `closed_until` None means until somebody opens it again.

    `relay_only`: media of its kiosks go through the relay alone. What picture and sound may take at most, each way, is
    in kbit/s.
    """

    name: Title
    phone: Phone
    notes: Notes = ""
    hours: HoursForm | None = None
    closed: bool = False
    closed_until: AwareDatetime | None = None
    closed_texts: OptionalTexts = {}
    relay_only: bool = False
    video_max_kbps: Annotated[int, Field(ge=MIN_VIDEO_KBPS, le=MAX_VIDEO_KBPS)] = DEFAULT_VIDEO_KBPS
    audio_max_kbps: Annotated[int, Field(ge=MIN_AUDIO_KBPS, le=MAX_AUDIO_KBPS)] = DEFAULT_AUDIO_KBPS


class TierForm(Message):
    """One step of the roll-up: this team is rung from so many seconds after the tap on."""

    team_id: Id
    after_s: Seconds


class ServiceForm(Message):
    """What can be asked for. `tiers` in order; empty means everybody at once. `hours` None means always."""

    names: Titles
    languages: Languages = tuple(Language)
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    offer_policy: OfferPolicy = OfferPolicy.RING_ALL
    ring_timeout_s: Annotated[float, Field(ge=5, le=300, allow_inf_nan=False)] | None = None
    choice_after_s: Annotated[float, Field(ge=10, le=900, allow_inf_nan=False)] = 60
    tiers: Annotated[tuple[TierForm, ...], Field(max_length=MAX_TIERS)] = ()
    hours: HoursForm | None = None

    @model_validator(mode="after")
    def _tiers_rise(self) -> ServiceForm:
        waits = [tier.after_s for tier in self.tiers]
        if waits != sorted(waits) or len({tier.team_id for tier in self.tiers}) != len(waits):
            raise PydanticCustomError(
                AdminProblemCode.OVERLAP.value, "each team once, in order of its seconds", {"field": "tiers"}
            )
        return self


class TeamForm(Message):
    """Staff members who answer together; they may be of another library in the same line."""

    name: Title
    members: Annotated[tuple[Id, ...], AfterValidator(once), Field(max_length=MAX_TEAM_MEMBERS)] = ()


class CardForm(Message):
    """One answer card. `branch_id` None shows it in every branch."""

    branch_id: Id | None = None
    position: Annotated[int, Field(ge=0, le=999)] = 0
    titles: Titles
    bodies: Bodies


class DayExceptionForm(Message):
    """A day on which a branch or service (`subject_id`) has other hours; no spans means closed all day."""

    subject_id: Id
    day: date
    spans: Spans = ()
    texts: OptionalTexts = {}


class KioskForm(Message):
    """One touchscreen device. It stays in its branch: one that moves is a new kiosk.

    `push_to_talk`: its microphone is open only while a button is held. The others are as in `KioskSettings`.
    """

    branch_id: Id
    name: Title
    push_to_talk: bool = False
    lens_side: LensSide = LensSide.TOP
    camera_height_cm: Annotated[int, Field(ge=0, le=300)] = 0
    brightness_percent: Annotated[int, Field(ge=10, le=100)] = 100
    closed_brightness_percent: Percentage = 20
    volume_max_percent: Annotated[int, Field(ge=20, le=100)] = 100
    quiet_from_min: Minute = 0
    quiet_to_min: Minute = 0
    quiet_volume_max_percent: Percentage = 60
    test_at_min: Minute = 180
    version: Version = ""


class StaffForm(Message):
    """An account. The login stays as it was made. `alerts`: the person is told when a kiosk needs somebody."""

    name: Title
    login: Login
    roles: Roles
    languages: Languages = tuple(Language)
    email: Email = ""
    standby: bool = False
    alerts: bool = False
