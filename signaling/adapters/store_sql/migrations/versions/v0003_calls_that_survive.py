"""Paths that are made ready while it rings, what a branch's network may carry, and what calls were like.

Only columns and a table are added: rings and branches that are there get the value that changes nothing.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _add("offers", "prepared", sa.JSON(), "{}")
    _add("branches", "relay_only", sa.Boolean(), sa.false())
    _add("branches", "video_max_kbps", sa.Integer(), "2500")
    _add("branches", "audio_max_kbps", sa.Integer(), "48")
    _add("kiosks", "push_to_talk", sa.Boolean(), sa.false())
    op.create_table(
        "call_qualities",
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("party", sa.String(32), nullable=False),
        sa.Column("kiosk_id", sa.String(64), nullable=False),
        sa.Column("branch_id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("connect_ms", sa.Float(), nullable=True),
        sa.Column("round_trip_ms", sa.Float(), nullable=True),
        sa.Column("loss_in_percent", sa.Float(), nullable=False),
        sa.Column("loss_out_percent", sa.Float(), nullable=True),
        sa.Column("freezes", sa.Integer(), nullable=False),
        sa.Column("frozen_s", sa.Float(), nullable=False),
        sa.Column("concealed_percent", sa.Float(), nullable=False),
        sa.Column("width_sent", sa.Integer(), nullable=False),
        sa.Column("height_sent", sa.Integer(), nullable=False),
        sa.Column("video_codec", sa.String(20), nullable=False),
        sa.Column("audio_codec", sa.String(20), nullable=False),
        sa.Column("engine", sa.String(32), nullable=True),
        sa.Column("relayed", sa.Boolean(), nullable=False),
        sa.Column("relay", sa.String(32), nullable=True),
        sa.Column("worst", sa.String(32), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("troubles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_call_qualities_library_id")),
        sa.PrimaryKeyConstraint("visit_id", "generation", "party", name=op.f("pk_call_qualities")),
    )
    op.create_index("ix_call_qualities_library_id_at", "call_qualities", ["library_id", "at"])
    op.create_index("ix_call_qualities_kiosk_id_at", "call_qualities", ["kiosk_id", "at"])
    op.create_index("ix_call_qualities_at", "call_qualities", ["at"])
    _forget_defaults()


def _add(table: str, name: str, type_: Any, value: Any) -> None:
    """A column that is never empty; rows that are there get this value."""
    op.add_column(table, sa.Column(name, type_, nullable=False, server_default=value))


def _forget_defaults() -> None:
    """Values come from the program alone; SQLite cannot take a default back without making the table anew."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("offers", "branches", "kiosks"):
        for column in sa.inspect(op.get_bind()).get_columns(table):
            if column["default"] is not None:
                op.alter_column(table, column["name"], server_default=None)
