"""What a saved form is answered with, the action log, and what everybody decides for oneself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import StringConstraints

from signaling.protocol.admin.fields import MAX_ENDPOINT_CHARS, Email, Languages, Revision
from signaling.protocol.messages.base import Id, Line, Message
from signaling.protocol.vocabulary import MAX_TEXT_CHARS

#: An action log is read so many lines at a time.
ACTIONS_A_PAGE: Final = 50


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
    """What everybody decides for oneself: languages, and what one is told about.

    `standby`: when nobody is there to answer. `alerts`: when a kiosk needs somebody (for those who
    may see the health page).
    """

    languages: Languages
    email: Email = ""
    standby: bool = False
    alerts: bool = False


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
