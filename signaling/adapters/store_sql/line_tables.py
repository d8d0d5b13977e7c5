"""The tables of the line: visits, offers, seats, kiosks that are there, standings, deadlines.

They point at nothing but the line: the rules checked what they refer to, and to check it again costs time
between tap and ring.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Table, text

from signaling.adapters.store_sql.registry import Retention, col, id_col, metadata
from signaling.adapters.store_sql.types import Moments, Numbered, Numbers, StrSet, Texts, UtcDateTime, Word, WordSet
from signaling.domain.model import DeadlineKind
from signaling.protocol.vocabulary import (
    MAX_NAME_CHARS,
    EndReason,
    EstimateReason,
    Language,
    NotePhrase,
    OffDutyCause,
    OfferKind,
    OfferState,
    Outcome,
    PauseReason,
    Topic,
    VisitState,
)

_LIVE, _VISIT, _OPEN = Retention.LIVE, Retention.VISIT, Retention.OPEN_VISIT
_NAME = String(MAX_NAME_CHARS)

visits: Final = Table(
    "visits",
    metadata,
    id_col("id", "names the visit", _VISIT, primary_key=True),
    id_col("line_id", "whose line", _VISIT, ForeignKey("lines.id")),
    id_col("kiosk_id", "from where", _VISIT),
    id_col("branch_id", "from where", _VISIT),
    id_col("service_id", "what is asked for", _VISIT),
    col("language", Word(Language), "language of the conversation", _VISIT),
    id_col("request_id", "makes a repeated tap harmless", _OPEN),
    col("opened_at", UtcDateTime, "order of the line; when people come", _VISIT),
    col("state", Word(VisitState), "where in its life it is", _VISIT),
    col("returned", Boolean, "stands at the front, because a seat fell away", _VISIT),
    id_col("seat_id", "which seat is in the call; seats have no name once they are gone", _VISIT, nullable=True),
    col("generation", Integer, "number of the call's current path", _VISIT),
    col("accepted_at", UtcDateTime, "how long people wait", _VISIT, nullable=True),
    col("talking_since", UtcDateTime, "how long visits take", _VISIT, nullable=True),
    col("held_since", UtcDateTime, "tells the visitor how long the hold lasts", _VISIT, nullable=True),
    col("ended_at", UtcDateTime, "how long visits take", _VISIT, nullable=True),
    col("end_reason", Word(EndReason), "how visits end", _VISIT, nullable=True),
    col("declined_by", StrSet, "seats that are not rung again at once", _OPEN),
    col("rings", Integer, "how often it rang; numbers the offers", _VISIT),
    col("generations", Integer, "how many paths the call had; numbers the next", _VISIT),
    id_col("guest_seat_id", "the colleague who was brought in, as a seat without a name", _VISIT, nullable=True),
    col("guest_generation", Integer, "number of the path between kiosk and colleague", _VISIT),
    col("staff_generation", Integer, "number of the path between the two colleagues", _VISIT),
    col("tier", Integer, "how far it rolled up; where it rings by now", _VISIT),
    id_col("preferred_seat_id", "the seat of the visit before, which rings first", _OPEN, nullable=True),
    col("choices", Boolean, "how many visitors need another way than waiting", _VISIT),
    col("ticket", Integer, "the number that is called; how many choose to be called back", _VISIT, nullable=True),
    col("calling_until", UtcDateTime, "when the ticket expires", _OPEN, nullable=True),
    col("expected_from", UtcDateTime, "the estimate on the waiting screen", _OPEN, nullable=True),
    col("expected_by", UtcDateTime, "the same", _OPEN, nullable=True),
    col("estimate_reason", Word(EstimateReason), "why it is later than the one before", _OPEN, nullable=True),
    col("note", Word(NotePhrase), "the last line from a librarian while waiting", _OPEN, nullable=True),
    col("settled", Boolean, "nothing more will be said about it", _VISIT),
    col("feedback", Integer, "was it as good as a desk meeting: 3, 2, 1", _VISIT, nullable=True),
    col("topic", Word(Topic), "what visits are about", _VISIT, nullable=True),
    col("outcome", Word(Outcome), "whether visits help", _VISIT, nullable=True),
    # The rules see only these few rows, however many are kept.
    Index(
        "ix_visits_open",
        "line_id",
        sqlite_where=text("settled = 0"),
        postgresql_where=text("NOT settled"),
    ),
    Index("ix_visits_opened_at", "opened_at"),
)

# The line is part of the key: a library that changes its line leaves rows behind, which pass away with their own
# deadlines, while its kiosks and consoles are in the new line already.
offers: Final = Table(
    "offers",
    metadata,
    id_col("line_id", "whose line", _LIVE, ForeignKey("lines.id"), primary_key=True),
    id_col("id", "names the ring", _LIVE, primary_key=True),
    id_col("visit_id", "which visit rings", _LIVE),
    col("seat_ids", StrSet, "where it rings", _LIVE),
    col("made_at", UtcDateTime, "since when it rings", _LIVE),
    col("deadline", UtcDateTime, "until when it rings", _LIVE),
    col("state", Word(OfferState), "whether it still rings", _LIVE),
    col("kind", Word(OfferKind), "what the ring asks for", _LIVE),
    id_col("asked_by", "which seat asks for a colleague", _LIVE, nullable=True),
    col("prepared", Numbered, "which path is made ready for which seat", _LIVE),
)

seats: Final = Table(
    "seats",
    metadata,
    id_col("line_id", "whose line", _LIVE, ForeignKey("lines.id"), primary_key=True),
    id_col("id", "names one open console", _LIVE, primary_key=True),
    id_col("staff_id", "who sits there", _LIVE, personal=True),
    col("name", _NAME, "shown to the visitor while talking", _LIVE, personal=True),
    col("connected", Boolean, "its connection is open", _LIVE),
    col("lost_at", UtcDateTime, "grace before its visit goes back to the line", _LIVE, nullable=True),
    col("on_duty", Boolean, "may be rung", _LIVE, personal=True),
    col("sound", Boolean, "its ring can be heard", _LIVE),
    col("microphone", Boolean, "passed the check", _LIVE),
    col("camera", Boolean, "passed the check", _LIVE),
    id_col("visit_id", "the visit it is in", _LIVE, nullable=True),
    id_col("close_out_visit_id", "the visit that waits for topic and outcome", _LIVE, nullable=True),
    col("wrap_up_until", UtcDateTime, "not rung before this time", _LIVE, nullable=True),
    col("idle_since", UtcDateTime, "longest idle is rung first", _LIVE, nullable=True),
    col("named", Boolean, "its first name may stand on idle screens", _LIVE, personal=True),
    id_col("library_id", "whose staff member sits there", _LIVE),
    col("languages", WordSet(Language), "which visits it can answer", _LIVE, personal=True),
    col("silent", Boolean, "it has not acknowledged for too long", _LIVE),
    col("pause", Word(PauseReason), "why it is not rung for a while", _LIVE, nullable=True, personal=True),
    col("pause_until", UtcDateTime, "when the pause ends by itself", _LIVE, nullable=True, personal=True),
    col("asked_until", UtcDateTime, "until when it is asked whether somebody is there", _LIVE, nullable=True),
    col("off_duty_cause", Word(OffDutyCause), "told to whoever comes back", _LIVE, nullable=True, personal=True),
)

kiosk_presences: Final = Table(
    "kiosk_presences",
    metadata,
    id_col("line_id", "whose line", _LIVE, ForeignKey("lines.id"), primary_key=True),
    id_col("id", "which kiosk", _LIVE, primary_key=True),
    id_col("branch_id", "where it stands", _LIVE),
    col("connected", Boolean, "its connection is open", _LIVE),
    col("lost_at", UtcDateTime, "grace before its visit ends", _LIVE, nullable=True),
    col("locked_until", UtcDateTime, "it rests after a visit that was flagged", _LIVE, nullable=True),
    id_col("last_seat_id", "who rings here again soon reaches the same seat", _LIVE, nullable=True),
    col("last_ended_at", UtcDateTime, "how soon that is", _LIVE, nullable=True),
)

standings: Final = Table(
    "standings",
    metadata,
    id_col("line_id", "whose line", _LIVE, ForeignKey("lines.id"), primary_key=True),
    id_col("subject_id", "which service or branch", _LIVE, primary_key=True),
    col("open", Boolean, "its hours say that it is open now", _LIVE),
    col("next_open", UtcDateTime, "when it opens again", _LIVE, nullable=True),
    col("closed_texts", Texts, "what is said while it is closed", _LIVE),
    col("handling_s", Numbers, "how long the latest visits took, for the estimate; no visit is named", _LIVE),
    col("long_waits", Moments, "when visits waited too long, so that more people are asked", _LIVE),
    col("standby_asked_at", UtcDateTime, "so that standby people are asked once", _LIVE, nullable=True),
    col("ticket_day", String(10), "day of the last ticket", _LIVE),
    col("last_ticket", Integer, "the next ticket's number follows from it", _LIVE),
)

deadlines: Final = Table(
    "deadlines",
    metadata,
    id_col("line_id", "whose line", _LIVE, ForeignKey("lines.id"), primary_key=True),
    col("kind", Word(DeadlineKind), "what is to be looked at again", _LIVE, primary_key=True),
    id_col("subject_id", "which visit, seat, offer, kiosk, service or branch", _LIVE, primary_key=True),
    col("due_at", UtcDateTime, "when", _LIVE, index=True),
)
