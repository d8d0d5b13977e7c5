"""The tables of places and devices: what a library keeps about itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Date, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from signaling.adapters.store_sql.registry import Retention, col, id_col, metadata
from signaling.adapters.store_sql.types import Spans, Texts, Tiers, UtcDateTime, WeeklyHours, Word, WordSet
from signaling.protocol.vocabulary import MAX_NAME_CHARS, Language, LensSide, OfferPolicy

_KEEP = Retention.INSTALLATION
_NAME = String(MAX_NAME_CHARS)

lines: Final = Table(
    "lines",
    metadata,
    # Every library has one of its own from the start; a line that nobody stands in costs one row.
    id_col("id", "names the line: the id of the library that leads it", _KEEP, primary_key=True),
    col("version", Integer, "raised by each commit, so that a node knows whether it remembers the line", _KEEP),
)

libraries: Final = Table(
    "libraries",
    metadata,
    id_col("id", "names the library", _KEEP, primary_key=True),
    col("name", _NAME, "shown on kiosks", _KEEP),
    col("default_language", Word(Language), "language of a kiosk that nobody has touched", _KEEP),
    col("time_zone", String(64), "day and time on kiosks", _KEEP),
    id_col("line_id", "whose line its visits stand in, if not its own", _KEEP, ForeignKey("lines.id"), nullable=True),
    col("country", String(2), "which public holidays it has", _KEEP),
    col("urgent_number", _NAME, "the emergency number on kiosks", _KEEP),
    col("alert_quiet_from_min", Integer, "from when of the day alerts about kiosks wait", _KEEP),
    col("alert_quiet_to_min", Integer, "until when they wait", _KEEP),
)

branches: Final = Table(
    "branches",
    metadata,
    id_col("id", "names the branch", _KEEP, primary_key=True),
    id_col("library_id", "whose branch", _KEEP, ForeignKey("libraries.id"), index=True),
    col("name", _NAME, "shown on kiosks and in the line", _KEEP),
    col("phone", _NAME, "the branch's own number, for a visitor whom nobody answers", _KEEP),
    col("notes", Text, "what a librarian elsewhere should know of the branch", _KEEP),
    col("hours", WeeklyHours, "when the branch is open; nothing means always", _KEEP, nullable=True),
    col("closed", Boolean, "somebody has closed it for the time being", _KEEP),
    col("closed_until", UtcDateTime, "end of that", _KEEP, nullable=True),
    col("closed_texts", Texts, "what its kiosks say meanwhile", _KEEP),
    col("relay_only", Boolean, "its media go through the relay alone", _KEEP),
    col("video_max_kbps", Integer, "what a picture may take", _KEEP),
    col("audio_max_kbps", Integer, "what sound may take", _KEEP),
)

services: Final = Table(
    "services",
    metadata,
    id_col("id", "names the service", _KEEP, primary_key=True),
    id_col("library_id", "whose service", _KEEP, ForeignKey("libraries.id"), index=True),
    col("names", Texts, "its name in each language", _KEEP),
    col("languages", WordSet(Language), "in which it is offered", _KEEP),
    col("priority", Integer, "higher stands before lower in the line", _KEEP),
    col("offer_policy", Word(OfferPolicy), "which seats ring", _KEEP),
    col("ring_timeout_s", Float, "how long one ring lasts, if not as usual", _KEEP, nullable=True),
    col("choice_after_s", Float, "when an unanswered visitor is given choices", _KEEP),
    col("tiers", Tiers, "which teams ring, and after which time", _KEEP),
    col("hours", WeeklyHours, "when it is offered; nothing means always", _KEEP, nullable=True),
)

teams: Final = Table(
    "teams",
    metadata,
    id_col("id", "names the team", _KEEP, primary_key=True),
    id_col("library_id", "whose team", _KEEP, ForeignKey("libraries.id"), index=True),
    col("name", _NAME, "tells teams apart in forms", _KEEP),
)

cards: Final = Table(
    "cards",
    metadata,
    id_col("id", "names the answer card", _KEEP, primary_key=True),
    id_col("library_id", "whose card", _KEEP, ForeignKey("libraries.id"), index=True),
    id_col(
        "branch_id",
        "where it is shown; nothing means everywhere",
        _KEEP,
        ForeignKey("branches.id"),
        nullable=True,
        index=True,
    ),
    col("position", Integer, "order on the screen", _KEEP),
    col("titles", Texts, "the question, in each language", _KEEP),
    col("bodies", Texts, "the answer, in each language", _KEEP),
)

day_exceptions: Final = Table(
    "day_exceptions",
    metadata,
    id_col("subject_id", "which service or branch", _KEEP, primary_key=True),
    col("day", Date, "on which day", _KEEP, primary_key=True),
    col("spans", Spans, "its hours on that day; none means closed", _KEEP),
    col("texts", Texts, "what is said while it is closed", _KEEP),
)

kiosks: Final = Table(
    "kiosks",
    metadata,
    id_col("id", "names the kiosk", _KEEP, primary_key=True),
    id_col("branch_id", "where it stands", _KEEP, ForeignKey("branches.id"), index=True),
    col("name", _NAME, "tells two kiosks of a branch apart", _KEEP),
    col("public_key", LargeBinary(32), "proves that it is this kiosk", _KEEP, nullable=True),
    col("revoked_at", UtcDateTime, "since when it is refused", _KEEP, nullable=True),
    col("push_to_talk", Boolean, "its microphone is open only while a button is held", _KEEP),
    col("lens_side", Word(LensSide), "where its camera sits", _KEEP),
    col("camera_height_cm", Integer, "how high above the floor", _KEEP),
    col("brightness_percent", Integer, "of its screen while the branch is open", _KEEP),
    col("closed_brightness_percent", Integer, "and while it is closed", _KEEP),
    col("volume_max_percent", Integer, "its loudspeaker goes no further", _KEEP),
    col("quiet_from_min", Integer, "from when of the day it goes less far", _KEEP),
    col("quiet_to_min", Integer, "until when", _KEEP),
    col("quiet_volume_max_percent", Integer, "how far then", _KEEP),
    col("test_at_min", Integer, "when of the night it tests itself", _KEEP),
    col("version", _NAME, "the version of the program that it is asked to run", _KEEP),
    col("pin_hash", String(300), "checks the PIN of its service menu (scrypt)", _KEEP),
    col("locked", Boolean, "somebody has locked it", _KEEP),
    col("lock_texts", Texts, "what it says meanwhile", _KEEP),
)

enrolment_codes: Final = Table(
    "enrolment_codes",
    metadata,
    col("code_hash", LargeBinary(32), "recognises the one-time code", Retention.CODE, primary_key=True),
    id_col("kiosk_id", "which kiosk it enrols", Retention.CODE, ForeignKey("kiosks.id"), index=True),
    col("expires_at", UtcDateTime, "when it stops working", Retention.CODE),
    col("used_at", UtcDateTime, "when it was used up", Retention.CODE, nullable=True),
)

challenges: Final = Table(
    "challenges",
    metadata,
    col("challenge", LargeBinary(64), "what the kiosk must sign, once", Retention.CHALLENGE, primary_key=True),
    id_col("kiosk_id", "which kiosk asked", Retention.CHALLENGE, ForeignKey("kiosks.id"), index=True),
    col("expires_at", UtcDateTime, "when it stops working", Retention.CHALLENGE),
)
