"""How each kiosk is to run, how it is, what is asked of it, and what people were told.

Only columns and tables are added: kiosks, libraries and accounts that are there get the value that changes nothing.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _add("libraries", "alert_quiet_from_min", sa.Integer(), "0")
    _add("libraries", "alert_quiet_to_min", sa.Integer(), "0")
    _add("staff", "alerts", sa.Boolean(), sa.false())
    for name, type_, value in (
        ("lens_side", sa.String(32), "top"),
        ("camera_height_cm", sa.Integer(), "0"),
        ("brightness_percent", sa.Integer(), "100"),
        ("closed_brightness_percent", sa.Integer(), "20"),
        ("volume_max_percent", sa.Integer(), "100"),
        ("quiet_from_min", sa.Integer(), "0"),
        ("quiet_to_min", sa.Integer(), "0"),
        ("quiet_volume_max_percent", sa.Integer(), "60"),
        ("test_at_min", sa.Integer(), "180"),
        ("version", sa.String(80), ""),
        ("pin_hash", sa.String(300), ""),
        ("locked", sa.Boolean(), sa.false()),
        ("lock_texts", sa.JSON(), "{}"),
    ):
        _add("kiosks", name, type_, value)
    _make_health()
    _make_orders()
    _make_alerts()
    _forget_defaults()


def _make_health() -> None:
    op.create_table(
        "kiosk_health",
        sa.Column("kiosk_id", sa.String(64), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test", sa.String(32), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("software", sa.String(80), nullable=False),
        sa.Column("engine", sa.String(32), nullable=True),
        sa.Column("instance", sa.String(64), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_kiosk_health_kiosk_id")),
        sa.PrimaryKeyConstraint("kiosk_id", name=op.f("pk_kiosk_health")),
    )
    op.create_table(
        "kiosk_health_points",
        sa.Column("kiosk_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("test", sa.String(32), nullable=False),
        sa.Column("light", sa.String(32), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_kiosk_health_points_kiosk_id")),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_kiosk_health_points_library_id")),
        sa.PrimaryKeyConstraint("kiosk_id", "at", name=op.f("pk_kiosk_health_points")),
    )
    op.create_index("ix_kiosk_health_points_at", "kiosk_health_points", ["at"])


def _make_orders() -> None:
    op.create_table(
        "kiosk_orders",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kiosk_id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_by_name", sa.String(80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("fault", sa.String(32), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instance", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosks.id"], name=op.f("fk_kiosk_orders_kiosk_id")),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_kiosk_orders_library_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_orders")),
    )
    op.create_index("ix_kiosk_orders_kiosk_id_asked_at", "kiosk_orders", ["kiosk_id", "asked_at"])
    op.create_index("ix_kiosk_orders_state", "kiosk_orders", ["state"])


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("branch_id", sa.String(64), nullable=True),
        sa.Column("kiosk_ids", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mended_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_alerts_library_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_library_id_found_at", "alerts", ["library_id", "found_at"])
    op.create_index("ix_alerts_mended_told_at", "alerts", ["mended_told_at"])


def _add(table: str, name: str, type_: Any, value: Any) -> None:
    """A column that is never empty; rows that are there get this value."""
    op.add_column(table, sa.Column(name, type_, nullable=False, server_default=value))


def _forget_defaults() -> None:
    """Values come from the program alone; SQLite cannot take a default back without making the table anew."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("libraries", "staff", "kiosks"):
        for column in sa.inspect(op.get_bind()).get_columns(table):
            if column["default"] is not None:
                op.alter_column(table, column["name"], server_default=None)
