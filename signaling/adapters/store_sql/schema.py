"""All tables under one name, and what is forgotten when.

Together with `registry` this is the data registry: a column without purpose, retention and a word on whether it
is personal fails the tests, and `RETENTION` is what `Store.forget_expired` carries out. What it does not do:
queries (`store`, `line`, `places`, `accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from signaling.adapters.store_sql.accounts_tables import (
    action_log,
    push_subscriptions,
    staff,
    staff_sessions,
    team_members,
)
from signaling.adapters.store_sql.health_tables import alerts, kiosk_health, kiosk_health_points, kiosk_orders
from signaling.adapters.store_sql.line_tables import deadlines, kiosk_presences, offers, seats, standings, visits
from signaling.adapters.store_sql.places_tables import (
    branches,
    cards,
    challenges,
    day_exceptions,
    enrolment_codes,
    kiosks,
    libraries,
    lines,
    services,
    teams,
)
from signaling.adapters.store_sql.quality_tables import call_qualities
from signaling.adapters.store_sql.registry import Expiry, Retention, metadata

__all__ = [
    "GOES_WITH",
    "RETENTION",
    "Retention",
    "action_log",
    "alerts",
    "branches",
    "call_qualities",
    "cards",
    "challenges",
    "day_exceptions",
    "deadlines",
    "enrolment_codes",
    "kiosk_health",
    "kiosk_health_points",
    "kiosk_orders",
    "kiosk_presences",
    "kiosks",
    "libraries",
    "lines",
    "metadata",
    "offers",
    "push_subscriptions",
    "seats",
    "services",
    "staff",
    "staff_sessions",
    "standings",
    "team_members",
    "teams",
    "visits",
]

#: What `forget_expired` removes. Rows that are `LIVE` go with the rules' own decisions.
RETENTION: Final[Mapping[str, Expiry]] = {
    "visits": Expiry("opened_at", timedelta(days=90)),
    "staff_sessions": Expiry("expires_at", timedelta(0)),
    "staff": Expiry("disabled_at", timedelta(days=90)),
    "action_log": Expiry("at", timedelta(days=365)),
    "call_qualities": Expiry("at", timedelta(days=90)),
    "kiosk_health_points": Expiry("at", timedelta(days=30)),
    "kiosk_orders": Expiry("asked_at", timedelta(days=30)),
    # What is not mended yet is kept for as long as it is not: else it would be told anew.
    "alerts": Expiry("mended_at", timedelta(days=90)),
    # A used or expired code is remembered for a while, so that a late try is told what is wrong with it.
    "enrolment_codes": Expiry("expires_at", timedelta(days=30)),
    "challenges": Expiry("expires_at", timedelta(0)),
}

#: Tables whose rows the database removes together with the row of another that they point at.
GOES_WITH: Final[Mapping[str, str]] = {"team_members": "staff", "push_subscriptions": "staff"}
