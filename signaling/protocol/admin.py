"""What the console's forms read and write over HTTP: one frozen model per form, entry and page.

Not part of the sockets' wire: these travel under `/api/admin` and `/api/me`, and the rules are the same (bounded
sizes, unknown keys ignored, codes and never sentences).

| request | body | answer |
| --- | --- | --- |
| `GET /api/admin/view` | | `AdminView` |
| `POST /api/admin/{kind}` | the kind's form | `Saved`; a kiosk's `EnrolmentCode`; an account's `OneTimePassword` |
| `PUT /api/admin/{kind}/{id}` with `If-Match: revision` | the kind's form | `Saved` |
| `DELETE /api/admin/{kind}/{id}` with `If-Match: revision` | | 204 |
| `POST /api/admin/kiosks/{id}/code` | | `EnrolmentCode` |
| `POST /api/admin/kiosks/{id}/revoke` | | `Saved` |
| `POST /api/admin/staff/{id}/password` | | `OneTimePassword` |
| `POST /api/admin/staff/{id}/disable`, `/enable` | | `Saved` |
| `GET /api/admin/actions?before=TIME` | | `ActionLogPage` |
| `GET /api/me/settings`, `PUT /api/me/settings` | `OwnSettingsForm` | `OwnSettings` |
| `GET /api/me/push-key` | | `PushKey` |
| `POST /api/me/push`, `DELETE /api/me/push` | `PushForm`, `PushRef` | `OwnSettings` |

Kinds are `libraries`, `branches`, `services`, `teams`, `cards`, `exceptions`, `kiosks`, `staff`. A library is made by
the command line and only replaced here; a kiosk is revoked and an account disabled instead of deleted.
A refusal is `{"error": AdminProblem}`: 409 for what is in the way, 422 for a wrong field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from signaling.protocol.errors import ErrorCode
from signaling.protocol.messages.base import Id, Line, Message, Notes, Texts
from signaling.protocol.vocabulary import (
    MAX_CARD_CHARS,
    MAX_NAME_CHARS,
    MAX_TEXT_CHARS,
    Action,
    Language,
    OfferPolicy,
    Role,
)

MINUTES_A_DAY: Final = 1440
DAYS_A_WEEK: Final = 7
MAX_SPANS_A_DAY: Final = 6
MAX_TIERS: Final = 8
MAX_TEAM_MEMBERS: Final = 500
MAX_EMAIL_CHARS: Final = 254
MAX_ENDPOINT_CHARS: Final = 1000
#: An action log is read so many lines at a time.
ACTIONS_A_PAGE: Final = 50


class AdminProblemCode(StrEnum):
    """Why a form was not saved, beside the wire's own codes."""

    # 409: something else is in the way
    CHANGED = "changed"  # somebody else changed it since it was read
    NAME_TAKEN = "name_taken"  # the name, login or day is used already
    IN_USE = "in_use"  # something points at it; data: why (kiosks, services, last_service, visits), count, name
    LAST_ADMIN = "last_admin"  # nobody would be left who may do this
    REVOKED = "revoked"  # the kiosk is revoked: make a new one
    NOT_OWN = "not_own"  # not with the own account
    # 422: a field is wrong
    REQUIRED = "required"
    TOO_LONG = "too_long"  # data: max
    TOO_SMALL = "too_small"  # data: min
    TOO_BIG = "too_big"  # data: max
    WRONG = "wrong"  # not what belongs here
    OVERLAP = "overlap"  # hours out of order, or one span in another
    UNKNOWN = "unknown"  # it points at something that is not there
    FIXED = "fixed"  # it cannot be changed afterwards
    ROLES = "roles"  # roles that one may not give or take
    PUSH_REFUSED = "push_refused"  # a push address that this server does not send to


class EnrolmentState(StrEnum):
    """Whether a kiosk has got its key."""

    WAITING = "waiting"
    ENROLLED = "enrolled"
    REVOKED = "revoked"


def _printable(value: str) -> str:
    if not value.isprintable():
        raise PydanticCustomError(AdminProblemCode.WRONG.value, "printable characters only")
    return value


def _without_blanks(value: Any) -> Any:
    """A language whose text is empty is a language without a text."""
    if isinstance(value, Mapping):
        return {key: text for key, text in value.items() if not (isinstance(text, str) and not text.strip())}
    return value


def _once(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


#: What people call something: one line, never empty.
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME_CHARS),
    AfterValidator(_printable),
]
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=MAX_NAME_CHARS, pattern=r"^[^\s/\\\"<>]+$"),
    AfterValidator(_printable),
]
#: As people write it: digits with what stands between them.
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()/.\-]{1,38}$")]
#: Empty, or one address; whether it exists shows when something is sent there.
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=MAX_EMAIL_CHARS,
        pattern=r"^$|^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?"
        r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+$",
    ),
]
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^$|^[A-Z]{2}$")]
TimeZone = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*$")]
Revision = Annotated[str, StringConstraints(max_length=64)]
Titles = Annotated[dict[Language, Title], BeforeValidator(_without_blanks), Field(min_length=1)]
Bodies = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=MAX_CARD_CHARS)]],
    BeforeValidator(_without_blanks),
    Field(min_length=1),
]
OptionalTexts = Annotated[Texts, BeforeValidator(_without_blanks)]
Languages = Annotated[tuple[Language, ...], AfterValidator(_once), Field(min_length=1, max_length=len(Language))]
Roles = Annotated[tuple[Role, ...], AfterValidator(_once), Field(min_length=1, max_length=len(Role))]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


# --- hours --------------------------------------------------------------------------------------------------


class SpanForm(Message):
    """Open from one minute of the local day until before another: 08.00 to 22.00 is 480 and 1320."""

    opens_min: Annotated[int, Field(ge=0, lt=MINUTES_A_DAY)]
    closes_min: Annotated[int, Field(gt=0, le=MINUTES_A_DAY)]


def _in_order(spans: tuple[SpanForm, ...]) -> tuple[SpanForm, ...]:
    before = -1
    for span in spans:
        # Two spans that touch are one: the day would close and open in the same minute.
        if not before < span.opens_min < span.closes_min:
            raise PydanticCustomError(AdminProblemCode.OVERLAP.value, "spans in order, none within another")
        before = span.closes_min
    return spans


Spans = Annotated[tuple[SpanForm, ...], Field(max_length=MAX_SPANS_A_DAY), AfterValidator(_in_order)]


class HoursForm(Message):
    """Weekly hours: Monday to Sunday, each in order and without overlap."""

    week: Annotated[tuple[Spans, ...], Field(min_length=DAYS_A_WEEK, max_length=DAYS_A_WEEK)]
    closed_on_holidays: bool = True


# --- forms --------------------------------------------------------------------------------------------------


class LibraryForm(Message):
    """The organisation that runs the service. `country` (ISO 3166-1 alpha-2, or empty) is for public holidays."""

    name: Title
    default_language: Language
    time_zone: TimeZone
    country: Country = ""
    urgent_number: Phone = "112"


class BranchForm(Message):
    """A place with kiosks. `hours` None means always; `closed_until` None means until somebody opens it again."""

    name: Title
    phone: Phone
    notes: Notes = ""
    hours: HoursForm | None = None
    closed: bool = False
    closed_until: AwareDatetime | None = None
    closed_texts: OptionalTexts = {}


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
    members: Annotated[tuple[Id, ...], AfterValidator(_once), Field(max_length=MAX_TEAM_MEMBERS)] = ()


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
    """One touchscreen device. It stays in its branch: one that moves is a new kiosk."""

    branch_id: Id
    name: Title


class StaffForm(Message):
    """An account. The login stays as it was made."""

    name: Title
    login: Login
    roles: Roles
    languages: Languages = tuple(Language)
    email: Email = ""
    standby: bool = False


# --- what the forms show ------------------------------------------------------------------------------------


class KeptLibrary(LibraryForm):
    """As kept now. `revision` goes back in `If-Match`."""

    id: Id
    revision: Revision


class KeptBranch(BranchForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptService(ServiceForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptTeam(TeamForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptCard(CardForm):
    """As kept now."""

    id: Id
    revision: Revision


class KeptDayException(DayExceptionForm):
    """As kept now. The id is made of subject and day, for the address of the route alone."""

    id: Annotated[str, StringConstraints(max_length=80)]
    revision: Revision


class KeptKiosk(KioskForm):
    """As kept now."""

    id: Id
    revision: Revision
    enrolment: EnrolmentState


class KeptStaff(StaffForm):
    """As kept now."""

    id: Id
    revision: Revision
    disabled: bool = False
    must_change_password: bool = False


class Person(Message):
    """Somebody who can be a member of a team."""

    id: Id
    name: Line
    library_id: Id


class Neighbour(Message):
    """Another library in the same line, with the teams that can be asked there."""

    id: Id
    name: Line
    teams: dict[Id, Line]


class AdminView(Message):
    """Everything that the forms show to one person: the own library, and what may be read of its neighbours.

    Attributes:
        allowed: Every action, and whether this person may do it; a form that may not be saved is not offered.
        grantable_roles: Roles that this person may give and take.
        staff: Accounts of the own library; empty for somebody who may not keep accounts.
        people: Everybody who can be in a team, disabled accounts left out.
        push_available: This server can send web push.
        email_available: This server can send e-mail.
    """

    me: Id
    allowed: dict[Action, bool]
    grantable_roles: tuple[Role, ...]
    library: KeptLibrary
    neighbours: tuple[Neighbour, ...]
    branches: tuple[KeptBranch, ...]
    services: tuple[KeptService, ...]
    teams: tuple[KeptTeam, ...]
    cards: tuple[KeptCard, ...]
    exceptions: tuple[KeptDayException, ...]
    kiosks: tuple[KeptKiosk, ...]
    staff: tuple[KeptStaff, ...]
    people: tuple[Person, ...]
    countries: tuple[str, ...]
    time_zones: tuple[str, ...]
    push_available: bool
    email_available: bool


# --- answers ------------------------------------------------------------------------------------------------


class Saved(Message):
    """It is kept, and kiosks are being told."""

    id: Annotated[str, StringConstraints(max_length=80)]
    revision: Revision


class EnrolmentCode(Message):
    """A kiosk's one-time code, shown this once."""

    kiosk_id: Id
    code: Line
    expires_at: datetime


class OneTimePassword(Message):
    """An account's one-time password, shown this once; the person chooses another at the next sign-in."""

    staff_id: Id
    password: Line


class ActionRow(Message):
    """One line of the action log. `actor_name` is empty when it was the command line."""

    id: Id
    at: datetime
    actor_name: Line
    action: Line
    subject_id: Line
    details: dict[str, Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARS)]]


class ActionLogPage(Message):
    """Lines of the action log, newest first; `next_before` asks for those that are older."""

    entries: tuple[ActionRow, ...]
    next_before: datetime | None = None


class OwnSettingsForm(Message):
    """What everybody decides for oneself: languages spoken with visitors, and being asked when nobody is there."""

    languages: Languages
    email: Email = ""
    standby: bool = False


class OwnSettings(OwnSettingsForm):
    """As kept now.

    Attributes:
        push: How many of this person's browsers take web push.
        push_available: This server can send web push.
        email_available: This server can send e-mail.
    """

    push: int = 0
    push_available: bool = False
    email_available: bool = False


class PushForm(Message):
    """A browser's push subscription, as the browser gave it (keys in base64url)."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ENDPOINT_CHARS)]
    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{80,100}=*$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{20,30}=*$")]


class PushRef(Message):
    """One browser's push subscription."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ENDPOINT_CHARS)]


class PushKey(Message):
    """The server's VAPID public key (base64url), for the browser; empty when web push is off."""

    key: Line


class AdminProblem(Message):
    """Why a form was refused.

    Attributes:
        field: Path of the field ("hours.week.0.1.opens_min"); empty when it is about the whole form.
    """

    code: AdminProblemCode | ErrorCode
    field: str = ""
    data: dict[str, str | int | float] = {}


#: What is exported beside the messages.
ADMIN_MODELS: Final[tuple[type[Message], ...]] = (
    ActionLogPage,
    AdminProblem,
    AdminView,
    BranchForm,
    CardForm,
    DayExceptionForm,
    EnrolmentCode,
    KioskForm,
    LibraryForm,
    OneTimePassword,
    OwnSettings,
    OwnSettingsForm,
    PushForm,
    PushKey,
    PushRef,
    Saved,
    ServiceForm,
    StaffForm,
    TeamForm,
)
