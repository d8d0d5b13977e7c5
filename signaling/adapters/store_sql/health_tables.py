"""The tables of how kiosks are: numbers and codes of machines, what was asked of them, what people were told."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, ForeignKey, Index, String, Table

from signaling.adapters.store_sql.registry import Retention, col, id_col, metadata
from signaling.adapters.store_sql.types import StrList, UtcDateTime, Word, WordNumbers, Words, WordTimes
from signaling.protocol.health import (
    AlertScope,
    HealthCode,
    HealthNumber,
    Light,
    OrderFault,
    OrderKind,
    OrderState,
    TestKind,
)
from signaling.protocol.vocabulary import MAX_ID_CHARS, MAX_NAME_CHARS, MediaEngine

_KEEP, _TEST, _ORDER, _ALERT = Retention.INSTALLATION, Retention.TEST, Retention.ORDER, Retention.ALERT
_NAME = String(MAX_NAME_CHARS)

kiosk_health: Final = Table(
    "kiosk_health",
    metadata,
    id_col("kiosk_id", "which kiosk", _KEEP, ForeignKey("kiosks.id"), primary_key=True),
    col("connected", Boolean, "it has a socket to the server", _KEEP),
    col("changed_at", UtcDateTime, "since when it has, or has not", _KEEP),
    col("reported_at", UtcDateTime, "tells a kiosk that went silent", _KEEP, nullable=True),
    col("test", Word(TestKind), "which test its last report is of", _KEEP, nullable=True),
    col("tested_at", UtcDateTime, "when it last tested everything", _KEEP, nullable=True),
    col("drawn_at", UtcDateTime, "when its screen last proved itself", _KEEP, nullable=True),
    col("findings", WordTimes(HealthCode), "what is wrong, and since when", _KEEP),
    col("numbers", WordNumbers(HealthNumber), "what was measured last", _KEEP),
    col("software", _NAME, "which version it runs", _KEEP),
    col("engine", Word(MediaEngine), "which media engine it runs", _KEEP, nullable=True),
    col("instance", String(MAX_ID_CHARS), "tells a restart from a lost connection", _KEEP),
    col("mended_at", UtcDateTime, "since when nothing is wrong with it", _KEEP, nullable=True),
)

kiosk_health_points: Final = Table(
    "kiosk_health_points",
    metadata,
    id_col("kiosk_id", "which kiosk", _TEST, ForeignKey("kiosks.id"), primary_key=True),
    col("at", UtcDateTime, "when it was tested", _TEST, primary_key=True),
    id_col("library_id", "who may see it", _TEST, ForeignKey("libraries.id")),
    col("test", Word(TestKind), "which test", _TEST),
    col("light", Word(Light), "what it came to", _TEST),
    col("findings", Words(HealthCode), "what was wrong", _TEST),
    col("numbers", WordNumbers(HealthNumber), "what was measured", _TEST),
    Index("ix_kiosk_health_points_at", "at"),
)

kiosk_orders: Final = Table(
    "kiosk_orders",
    metadata,
    id_col("id", "names the order", _ORDER, primary_key=True),
    id_col("kiosk_id", "who is asked", _ORDER, ForeignKey("kiosks.id")),
    id_col("library_id", "who may see it", _ORDER, ForeignKey("libraries.id")),
    col("kind", Word(OrderKind), "what is asked", _ORDER),
    # No reference to the account: an order outlives it by some days.
    id_col("asked_by", "who asked", _ORDER, personal=True),
    col("asked_by_name", _NAME, "who asked, readable when the account is gone", _ORDER, personal=True),
    col("asked_at", UtcDateTime, "when", _ORDER, personal=True),
    col("expires_at", UtcDateTime, "when it is given up", _ORDER),
    col("state", Word(OrderState), "how far it has come", _ORDER),
    col("fault", Word(OrderFault), "why it could not be done", _ORDER, nullable=True),
    col("told_at", UtcDateTime, "when it came so far", _ORDER, nullable=True),
    col("instance", String(MAX_ID_CHARS), "tells a restart that was asked for from what was before", _ORDER),
    Index("ix_kiosk_orders_kiosk_id_asked_at", "kiosk_id", "asked_at"),
    Index("ix_kiosk_orders_state", "state"),
)

alerts: Final = Table(
    "alerts",
    metadata,
    id_col("id", "names the alert", _ALERT, primary_key=True),
    id_col("library_id", "whose people are told", _ALERT, ForeignKey("libraries.id")),
    col("scope", Word(AlertScope), "how much one cause takes down", _ALERT),
    # No references: what people were told stays when a place goes.
    id_col("branch_id", "where", _ALERT, nullable=True),
    col("kiosk_ids", StrList, "which kiosks", _ALERT),
    col("code", Word(HealthCode), "what is wrong", _ALERT),
    col("found_at", UtcDateTime, "since when", _ALERT),
    col("told_at", UtcDateTime, "people were told, and are not told again", _ALERT, nullable=True),
    col("mended_at", UtcDateTime, "until when", _ALERT, nullable=True),
    col("mended_told_at", UtcDateTime, "people were told that, too", _ALERT, nullable=True),
    Index("ix_alerts_library_id_found_at", "library_id", "found_at"),
    Index("ix_alerts_mended_told_at", "mended_told_at"),
)
