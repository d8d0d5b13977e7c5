"""The tables of people with an account, and of what they did."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Boolean, ForeignKey, Index, LargeBinary, String, Table, Text

from signaling.adapters.store_sql.registry import Retention, col, id_col, metadata
from signaling.adapters.store_sql.types import UtcDateTime, WordSet
from signaling.protocol.admin import MAX_EMAIL_CHARS
from signaling.protocol.vocabulary import MAX_NAME_CHARS, Language, Role

_ACCOUNT, _SESSION, _ACTION = Retention.ACCOUNT, Retention.SESSION, Retention.ACTION
_NAME = String(MAX_NAME_CHARS)

staff: Final = Table(
    "staff",
    metadata,
    id_col("id", "names the account", _ACCOUNT, primary_key=True),
    id_col("library_id", "whose staff", _ACCOUNT, ForeignKey("libraries.id"), index=True),
    col("login", _NAME, "what is typed to sign in", _ACCOUNT, unique=True, personal=True),
    col("name", _NAME, "shown to visitor and colleagues", _ACCOUNT, personal=True),
    col("roles", WordSet(Role), "what the account may do", _ACCOUNT, personal=True),
    col("password_hash", String(200), "checks the password (argon2id)", _ACCOUNT, personal=True),
    col("must_change_password", Boolean, "the one-time password still holds", _ACCOUNT),
    col("disabled_at", UtcDateTime, "since when nobody can sign in with it", _ACCOUNT, nullable=True),
    col("languages", WordSet(Language), "what visits it is rung for", _ACCOUNT, personal=True),
    col("email", String(MAX_EMAIL_CHARS), "where standby requests go", _ACCOUNT, personal=True),
    col("standby", Boolean, "wants to be asked when nobody else is there", _ACCOUNT, personal=True),
    col("alerts", Boolean, "wants to be told when a kiosk needs somebody", _ACCOUNT, personal=True),
)

staff_sessions: Final = Table(
    "staff_sessions",
    metadata,
    col("token_hash", LargeBinary(32), "recognises the browser's cookie", _SESSION, primary_key=True),
    id_col("staff_id", "who is signed in", _SESSION, ForeignKey("staff.id"), index=True, personal=True),
    col("csrf_hash", LargeBinary(32), "tells our own page from a foreign one", _SESSION),
    col("created_at", UtcDateTime, "when it began", _SESSION, personal=True),
    col("expires_at", UtcDateTime, "when it ends", _SESSION),
)

# These two have no term of their own: the database removes them with the account or team (ON DELETE CASCADE).
team_members: Final = Table(
    "team_members",
    metadata,
    id_col("team_id", "which team", _ACCOUNT, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    id_col(
        "staff_id",
        "who answers in it",
        _ACCOUNT,
        ForeignKey("staff.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        personal=True,
    ),
)

push_subscriptions: Final = Table(
    "push_subscriptions",
    metadata,
    col("endpoint", Text, "where the browser takes standby requests", _ACCOUNT, primary_key=True, personal=True),
    id_col(
        "staff_id", "whose browser", _ACCOUNT, ForeignKey("staff.id", ondelete="CASCADE"), index=True, personal=True
    ),
    col("p256dh", String(200), "encrypts for that browser alone", _ACCOUNT),
    col("auth", String(100), "the same", _ACCOUNT),
)

action_log: Final = Table(
    "action_log",
    metadata,
    id_col("id", "names the entry", _ACTION, primary_key=True),
    id_col("library_id", "whose log", _ACTION, ForeignKey("libraries.id")),
    col("at", UtcDateTime, "when it was done", _ACTION, personal=True),
    # No reference to the account: the entry is kept longer than an account that was disabled.
    id_col("actor_id", "who did it", _ACTION, personal=True),
    col("actor_name", _NAME, "who did it, readable when the account is gone", _ACTION, personal=True),
    col("action", String(64), "what was done", _ACTION),
    col("subject_id", Text, "what it was done to", _ACTION, personal=True),
    col("details", JSON, "which fields changed, and to what", _ACTION, personal=True),
    Index("ix_action_log_library_id_at", "library_id", "at"),
)
