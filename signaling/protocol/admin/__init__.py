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
| `GET /api/admin/calls?kiosk=ID&before=TIME` (both may be left out) | | `CallsPage` |
| `GET /api/admin/network` | | `NetworkView` |
| `GET /api/admin/health` | | `HealthView` |
| `GET /api/admin/health/{kiosk}/history` | | `HealthHistory` |
| `POST /api/admin/kiosks/{id}/orders` | `OrderForm` | `OrderRow`, 201 |
| `POST /api/admin/kiosks/{id}/lock` | `LockForm` | `Saved` |
| `POST /api/admin/kiosks/{id}/unlock` | | `Saved` |
| `POST /api/admin/kiosks/{id}/pin` | `PinForm` | `Saved` |
| `GET /api/me/settings`, `PUT /api/me/settings` | `OwnSettingsForm` | `OwnSettings` |
| `GET /api/me/push-key` | | `PushKey` |
| `POST /api/me/push`, `DELETE /api/me/push` | `PushForm`, `PushRef` | `OwnSettings` |

Kinds are `libraries`, `branches`, `services`, `teams`, `cards`, `exceptions`, `kiosks`, `staff`. A library is made by
the command line and only replaced here; a kiosk is revoked and an account disabled instead of deleted.
A refusal is `{"error": AdminProblem}`: 409 for what is in the way, 422 for a wrong field.
"""

from __future__ import annotations

from typing import Final

from signaling.protocol.admin.answers import (
    ACTIONS_A_PAGE,
    ActionLogPage,
    ActionRow,
    EnrolmentCode,
    OneTimePassword,
    OwnSettings,
    OwnSettingsForm,
    PushForm,
    PushKey,
    PushRef,
    Saved,
)
from signaling.protocol.admin.fields import (
    DAYS_A_WEEK,
    MAX_EMAIL_CHARS,
    MAX_ENDPOINT_CHARS,
    MAX_SPANS_A_DAY,
    MAX_TEAM_MEMBERS,
    MAX_TIERS,
    MINUTES_A_DAY,
    Email,
    HoursForm,
    Login,
    SpanForm,
)
from signaling.protocol.admin.forms import (
    BranchForm,
    CardForm,
    DayExceptionForm,
    KioskForm,
    LibraryForm,
    ServiceForm,
    StaffForm,
    TeamForm,
    TierForm,
)
from signaling.protocol.admin.health import (
    ALERTS_SHOWN,
    HISTORY_DAYS,
    ORDERS_SHOWN,
    AlertRow,
    FindingRow,
    HealthHistory,
    HealthRow,
    HealthView,
    HistoryPoint,
    LockForm,
    OrderForm,
    OrderRow,
    PinForm,
)
from signaling.protocol.admin.network import CALLS_A_PAGE, CallRow, CallsPage, NetworkView, RelayRow
from signaling.protocol.admin.problems import (
    AdminProblem,
    AdminProblemCode,
)
from signaling.protocol.admin.views import (
    AdminView,
    EnrolmentState,
    KeptBranch,
    KeptCard,
    KeptDayException,
    KeptKiosk,
    KeptLibrary,
    KeptService,
    KeptStaff,
    KeptTeam,
    Neighbour,
    Person,
)
from signaling.protocol.messages.base import Message

#: What is exported beside the messages.
ADMIN_MODELS: Final[tuple[type[Message], ...]] = (
    ActionLogPage,
    AdminProblem,
    AdminView,
    BranchForm,
    CallsPage,
    CardForm,
    DayExceptionForm,
    EnrolmentCode,
    HealthHistory,
    HealthView,
    KioskForm,
    LibraryForm,
    LockForm,
    NetworkView,
    OneTimePassword,
    OrderForm,
    OrderRow,
    OwnSettings,
    OwnSettingsForm,
    PinForm,
    PushForm,
    PushKey,
    PushRef,
    Saved,
    ServiceForm,
    StaffForm,
    TeamForm,
)

__all__ = [
    "ACTIONS_A_PAGE",
    "ADMIN_MODELS",
    "ALERTS_SHOWN",
    "CALLS_A_PAGE",
    "DAYS_A_WEEK",
    "HISTORY_DAYS",
    "MAX_EMAIL_CHARS",
    "MAX_ENDPOINT_CHARS",
    "MAX_SPANS_A_DAY",
    "MAX_TEAM_MEMBERS",
    "MAX_TIERS",
    "MINUTES_A_DAY",
    "ORDERS_SHOWN",
    "ActionLogPage",
    "ActionRow",
    "AdminProblem",
    "AdminProblemCode",
    "AdminView",
    "AlertRow",
    "BranchForm",
    "CallRow",
    "CallsPage",
    "CardForm",
    "DayExceptionForm",
    "Email",
    "EnrolmentCode",
    "EnrolmentState",
    "FindingRow",
    "HealthHistory",
    "HealthRow",
    "HealthView",
    "HistoryPoint",
    "HoursForm",
    "KeptBranch",
    "KeptCard",
    "KeptDayException",
    "KeptKiosk",
    "KeptLibrary",
    "KeptService",
    "KeptStaff",
    "KeptTeam",
    "KioskForm",
    "LibraryForm",
    "LockForm",
    "Login",
    "Neighbour",
    "NetworkView",
    "OneTimePassword",
    "OrderForm",
    "OrderRow",
    "OwnSettings",
    "OwnSettingsForm",
    "Person",
    "PinForm",
    "PushForm",
    "PushKey",
    "PushRef",
    "RelayRow",
    "Saved",
    "ServiceForm",
    "SpanForm",
    "StaffForm",
    "TeamForm",
    "TierForm",
]
