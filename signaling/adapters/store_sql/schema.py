"""The tables, each column with its purpose, its retention and whether it says something about a person.

This file is the data registry: a column without all three fails the tests, and `RETENTION` is what
`Store.forget_expired` carries out. What it does not do: queries (`store`, `line`, `accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from signaling.adapters.store_sql.types import StrSet, UtcDateTime, Word
from signaling.domain.model import DeadlineKind
from signaling.protocol.vocabulary import (
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    EndReason,
    Language,
    OfferState,
    Outcome,
    Topic,
    VisitState,
)


class Retention(StrEnum):
    """How long a value is kept."""

    INSTALLATION = "as long as the place or device is part of the service"
    LIVE = "only while the visit, seat or connection lives: deleted with it"
    VISIT = "90 days after the visit"
    OPEN_VISIT = "wiped when the visit is settled"
    ACCOUNT = "as long as the account; 90 days after it was disabled"
    SESSION = "until the session ends, 12 hours by default"
    CODE = "30 days after the code has expired"
    CHALLENGE = "about one minute"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a row is forgotten: `column` plus `after` has passed."""

    column: str
    after: timedelta


#: What `forget_expired` removes. Rows that are `LIVE` go with the rules' own decisions.
RETENTION: Final[Mapping[str, Expiry]] = {
    "visits": Expiry("opened_at", timedelta(days=90)),
    "staff_sessions": Expiry("expires_at", timedelta(0)),
    "staff": Expiry("disabled_at", timedelta(days=90)),
    # A used or expired code is remembered for a while, so that a late try is told what is wrong with it.
    "enrolment_codes": Expiry("expires_at", timedelta(days=30)),
    "challenges": Expiry("expires_at", timedelta(0)),
}

#: Names of constraints, so that migrations can speak of them on every database.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: Final = MetaData(naming_convention=NAMING)


def _col(
    name: str,
    type_: Any,
    purpose: str,
    retention: Retention,
    *more: Any,
    personal: bool = False,
    **options: Any,
) -> Column[Any]:
    options.setdefault("nullable", False)
    info = {"purpose": purpose, "retention": retention, "personal": personal}
    return Column(name, type_, *more, info=info, **options)


def _id(name: str, purpose: str, retention: Retention, *more: Any, **options: Any) -> Column[Any]:
    return _col(name, String(MAX_ID_CHARS), purpose, retention, *more, **options)


_KEEP, _LIVE, _VISIT, _ACCOUNT = Retention.INSTALLATION, Retention.LIVE, Retention.VISIT, Retention.ACCOUNT
_NAME = String(MAX_NAME_CHARS)

# --- places and devices -----------------------------------------------------------------------------------

libraries: Final = Table(
    "libraries",
    metadata,
    _id("id", "names the library", _KEEP, primary_key=True),
    _col("name", _NAME, "shown on kiosks", _KEEP),
    _col("default_language", Word(Language), "language of a kiosk that nobody has touched", _KEEP),
    _col("time_zone", String(64), "day and time on kiosks", _KEEP),
)

branches: Final = Table(
    "branches",
    metadata,
    _id("id", "names the branch", _KEEP, primary_key=True),
    _id("library_id", "whose branch", _KEEP, ForeignKey("libraries.id"), index=True),
    _col("name", _NAME, "shown on kiosks and in the line", _KEEP),
    _col("phone", _NAME, "the branch's own number, for a visitor whom nobody answers", _KEEP),
    _col("notes", Text, "what a librarian elsewhere should know of the branch", _KEEP),
)

services: Final = Table(
    "services",
    metadata,
    _id("id", "names the service", _KEEP, primary_key=True),
    _id("library_id", "whose service", _KEEP, ForeignKey("libraries.id"), index=True),
    _col("names", JSON, "its name in each language", _KEEP),
)

kiosks: Final = Table(
    "kiosks",
    metadata,
    _id("id", "names the kiosk", _KEEP, primary_key=True),
    _id("branch_id", "where it stands", _KEEP, ForeignKey("branches.id"), index=True),
    _col("name", _NAME, "tells two kiosks of a branch apart", _KEEP),
    _col("public_key", LargeBinary(32), "proves that it is this kiosk", _KEEP, nullable=True),
    _col("revoked_at", UtcDateTime, "since when it is refused", _KEEP, nullable=True),
)

enrolment_codes: Final = Table(
    "enrolment_codes",
    metadata,
    _col("code_hash", LargeBinary(32), "recognises the one-time code", Retention.CODE, primary_key=True),
    _id("kiosk_id", "which kiosk it enrols", Retention.CODE, ForeignKey("kiosks.id"), index=True),
    _col("expires_at", UtcDateTime, "when it stops working", Retention.CODE),
    _col("used_at", UtcDateTime, "when it was used up", Retention.CODE, nullable=True),
)

challenges: Final = Table(
    "challenges",
    metadata,
    _col("challenge", LargeBinary(64), "what the kiosk must sign, once", Retention.CHALLENGE, primary_key=True),
    _id("kiosk_id", "which kiosk asked", Retention.CHALLENGE, ForeignKey("kiosks.id"), index=True),
    _col("expires_at", UtcDateTime, "when it stops working", Retention.CHALLENGE),
)

# --- accounts ---------------------------------------------------------------------------------------------

staff: Final = Table(
    "staff",
    metadata,
    _id("id", "names the account", _ACCOUNT, primary_key=True),
    _id("library_id", "whose staff", _ACCOUNT, ForeignKey("libraries.id"), index=True),
    _col("login", _NAME, "what is typed to sign in", _ACCOUNT, unique=True, personal=True),
    _col("name", _NAME, "shown to visitor and colleagues", _ACCOUNT, personal=True),
    _col("roles", StrSet, "what the account may do", _ACCOUNT, personal=True),
    _col("password_hash", String(200), "checks the password (argon2id)", _ACCOUNT, personal=True),
    _col("must_change_password", Boolean, "the one-time password still holds", _ACCOUNT),
    _col("disabled_at", UtcDateTime, "since when nobody can sign in with it", _ACCOUNT, nullable=True),
)

staff_sessions: Final = Table(
    "staff_sessions",
    metadata,
    _col("token_hash", LargeBinary(32), "recognises the browser's cookie", Retention.SESSION, primary_key=True),
    _id("staff_id", "who is signed in", Retention.SESSION, ForeignKey("staff.id"), index=True, personal=True),
    _col("csrf_hash", LargeBinary(32), "tells our own page from a foreign one", Retention.SESSION),
    _col("created_at", UtcDateTime, "when it began", Retention.SESSION, personal=True),
    _col("expires_at", UtcDateTime, "when it ends", Retention.SESSION),
)

# --- the line ---------------------------------------------------------------------------------------------
# These point at nothing but the library: the rules checked what they refer to, and to check it again costs
# time between tap and ring.

visits: Final = Table(
    "visits",
    metadata,
    _id("id", "names the visit", _VISIT, primary_key=True),
    _id("library_id", "whose line", _VISIT, ForeignKey("libraries.id")),
    _id("kiosk_id", "from where", _VISIT),
    _id("branch_id", "from where", _VISIT),
    _id("service_id", "what is asked for", _VISIT),
    _col("language", Word(Language), "language of the conversation", _VISIT),
    _id("request_id", "makes a repeated tap harmless", Retention.OPEN_VISIT),
    _col("opened_at", UtcDateTime, "order of the line; when people come", _VISIT),
    _col("state", Word(VisitState), "where in its life it is", _VISIT),
    _col("returned", Boolean, "stands at the front, because a seat fell away", _VISIT),
    _id("seat_id", "which seat is in the call; seats have no name once they are gone", _VISIT, nullable=True),
    _col("generation", Integer, "number of the call's current path", _VISIT),
    _col("accepted_at", UtcDateTime, "how long people wait", _VISIT, nullable=True),
    _col("talking_since", UtcDateTime, "how long visits take", _VISIT, nullable=True),
    _col("held_since", UtcDateTime, "tells the visitor how long the hold lasts", _VISIT, nullable=True),
    _col("ended_at", UtcDateTime, "how long visits take", _VISIT, nullable=True),
    _col("end_reason", Word(EndReason), "how visits end", _VISIT, nullable=True),
    _col("declined_by", StrSet, "seats that are not rung again at once", Retention.OPEN_VISIT),
    _col("rings", Integer, "how often it rang; numbers the offers", _VISIT),
    _col("settled", Boolean, "nothing more will be said about it", _VISIT),
    _col("feedback", Integer, "was it as good as a desk meeting: 3, 2, 1", _VISIT, nullable=True),
    _col("topic", Word(Topic), "what visits are about", _VISIT, nullable=True),
    _col("outcome", Word(Outcome), "whether visits help", _VISIT, nullable=True),
    # The rules see only these few rows, however many are kept.
    Index(
        "ix_visits_open",
        "library_id",
        sqlite_where=text("settled = 0"),
        postgresql_where=text("NOT settled"),
    ),
    Index("ix_visits_opened_at", "opened_at"),
)

offers: Final = Table(
    "offers",
    metadata,
    _id("id", "names the ring", _LIVE, primary_key=True),
    _id("library_id", "whose line", _LIVE, ForeignKey("libraries.id"), index=True),
    _id("visit_id", "which visit rings", _LIVE),
    _col("seat_ids", StrSet, "where it rings", _LIVE),
    _col("made_at", UtcDateTime, "since when it rings", _LIVE),
    _col("deadline", UtcDateTime, "until when it rings", _LIVE),
    _col("state", Word(OfferState), "whether it still rings", _LIVE),
)

seats: Final = Table(
    "seats",
    metadata,
    _id("id", "names one open console", _LIVE, primary_key=True),
    _id("library_id", "whose line", _LIVE, ForeignKey("libraries.id"), index=True),
    _id("staff_id", "who sits there", _LIVE, personal=True),
    _col("name", _NAME, "shown to the visitor while talking", _LIVE, personal=True),
    _col("connected", Boolean, "its connection is open", _LIVE),
    _col("lost_at", UtcDateTime, "grace before its visit goes back to the line", _LIVE, nullable=True),
    _col("on_duty", Boolean, "may be rung", _LIVE, personal=True),
    _col("sound", Boolean, "its ring can be heard", _LIVE),
    _col("microphone", Boolean, "passed the check", _LIVE),
    _col("camera", Boolean, "passed the check", _LIVE),
    _id("visit_id", "the visit it is in", _LIVE, nullable=True),
    _id("close_out_visit_id", "the visit that waits for topic and outcome", _LIVE, nullable=True),
    _col("wrap_up_until", UtcDateTime, "not rung before this time", _LIVE, nullable=True),
    _col("idle_since", UtcDateTime, "longest idle is rung first", _LIVE, nullable=True),
    _col("named", Boolean, "its first name may stand on idle screens", _LIVE, personal=True),
)

kiosk_presences: Final = Table(
    "kiosk_presences",
    metadata,
    _id("id", "which kiosk", _LIVE, primary_key=True),
    _id("library_id", "whose line", _LIVE, ForeignKey("libraries.id"), index=True),
    _id("branch_id", "where it stands", _LIVE),
    _col("connected", Boolean, "its connection is open", _LIVE),
    _col("lost_at", UtcDateTime, "grace before its visit ends", _LIVE, nullable=True),
)

deadlines: Final = Table(
    "deadlines",
    metadata,
    _id("library_id", "whose line", _LIVE, ForeignKey("libraries.id"), primary_key=True),
    _col("kind", Word(DeadlineKind), "what is to be looked at again", _LIVE, primary_key=True),
    _id("subject_id", "which visit, seat, offer or kiosk", _LIVE, primary_key=True),
    _col("due_at", UtcDateTime, "when", _LIVE, index=True),
)
