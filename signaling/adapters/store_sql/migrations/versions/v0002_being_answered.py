"""Lines that libraries share, hours, teams, tickets, pauses; what forms keep and who changed it.

What was there is kept. A line of version 0001 bears its library's id, so `line_id` takes over the values of
`library_id`. Tables that others point at only get columns: to make them anew, as SQLite must for anything
else, would break those references within this transaction.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

EVERY_LANGUAGE = '["en", "nb", "sv"]'


def upgrade() -> None:
    _lines()
    _places()
    _accounts()
    _visits()
    _offers()
    _seats()
    _kiosk_presences()
    _deadlines()
    _standings()
    _forget_defaults()


def _lines() -> None:
    op.create_table(
        "lines",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
    )
    op.execute("INSERT INTO lines (id, version) SELECT id, 0 FROM libraries")


def _places() -> None:
    # In plain words, because both databases take a reference with a new column, and Alembic knows only the long way.
    op.execute(
        "ALTER TABLE libraries ADD COLUMN line_id VARCHAR(64) CONSTRAINT fk_libraries_line_id REFERENCES lines (id)"
    )
    _add("libraries", "country", sa.String(2), "")
    _add("libraries", "urgent_number", sa.String(80), "112")

    op.add_column("branches", sa.Column("hours", sa.JSON(), nullable=True))
    _add("branches", "closed", sa.Boolean(), sa.false())
    op.add_column("branches", sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True))
    _add("branches", "closed_texts", sa.JSON(), "{}")

    _add("services", "languages", sa.JSON(), EVERY_LANGUAGE)
    _add("services", "priority", sa.Integer(), "0")
    _add("services", "offer_policy", sa.String(32), "ring_all")
    op.add_column("services", sa.Column("ring_timeout_s", sa.Float(), nullable=True))
    _add("services", "choice_after_s", sa.Float(), "60")
    _add("services", "tiers", sa.JSON(), "[]")
    op.add_column("services", sa.Column("hours", sa.JSON(), nullable=True))

    op.create_table(
        "teams",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_teams_library_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_index(op.f("ix_teams_library_id"), "teams", ["library_id"])
    op.create_table(
        "cards",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("branch_id", sa.String(64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_cards_library_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_cards_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
    )
    op.create_index(op.f("ix_cards_library_id"), "cards", ["library_id"])
    op.create_index(op.f("ix_cards_branch_id"), "cards", ["branch_id"])
    op.create_table(
        "day_exceptions",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "day", name=op.f("pk_day_exceptions")),
    )


def _accounts() -> None:
    _add("staff", "languages", sa.JSON(), EVERY_LANGUAGE)
    _add("staff", "email", sa.String(254), "")
    _add("staff", "standby", sa.Boolean(), sa.false())

    op.create_table(
        "team_members",
        sa.Column("team_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_members_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "staff_id", name=op.f("pk_team_members")),
    )
    op.create_index(op.f("ix_team_members_staff_id"), "team_members", ["staff_id"])
    op.create_table(
        "push_subscriptions",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("p256dh", sa.String(200), nullable=False),
        sa.Column("auth", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_push_subscriptions_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_push_subscriptions")),
    )
    op.create_index(op.f("ix_push_subscriptions_staff_id"), "push_subscriptions", ["staff_id"])
    op.create_table(
        "action_log",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("library_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(80), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["libraries.id"], name=op.f("fk_action_log_library_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_log")),
    )
    op.create_index("ix_action_log_library_id_at", "action_log", ["library_id", "at"])


def _visits() -> None:
    op.drop_index("ix_visits_open", "visits")
    _stand_in_a_line("visits")
    with op.batch_alter_table("visits") as visits:
        visits.add_column(sa.Column("generations", sa.Integer(), nullable=False, server_default="0"))
        visits.add_column(sa.Column("guest_seat_id", sa.String(64), nullable=True))
        visits.add_column(sa.Column("guest_generation", sa.Integer(), nullable=False, server_default="0"))
        visits.add_column(sa.Column("staff_generation", sa.Integer(), nullable=False, server_default="0"))
        visits.add_column(sa.Column("tier", sa.Integer(), nullable=False, server_default="0"))
        visits.add_column(sa.Column("preferred_seat_id", sa.String(64), nullable=True))
        visits.add_column(sa.Column("choices", sa.Boolean(), nullable=False, server_default=sa.false()))
        visits.add_column(sa.Column("ticket", sa.Integer(), nullable=True))
        visits.add_column(sa.Column("calling_until", sa.DateTime(timezone=True), nullable=True))
        visits.add_column(sa.Column("expected_from", sa.DateTime(timezone=True), nullable=True))
        visits.add_column(sa.Column("expected_by", sa.DateTime(timezone=True), nullable=True))
        visits.add_column(sa.Column("estimate_reason", sa.String(32), nullable=True))
        visits.add_column(sa.Column("note", sa.String(32), nullable=True))
    # Until now there was one path per visit, and its number was the count.
    op.execute("UPDATE visits SET generations = generation")
    op.create_index(
        "ix_visits_open",
        "visits",
        ["line_id"],
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )


def _offers() -> None:
    op.drop_index(op.f("ix_offers_library_id"), "offers")
    _stand_in_a_line("offers", key=("line_id", "id"))
    _add("offers", "kind", sa.String(32), "visit")
    op.add_column("offers", sa.Column("asked_by", sa.String(64), nullable=True))


def _seats() -> None:
    op.drop_index(op.f("ix_seats_library_id"), "seats")
    _stand_in_a_line("seats", key=("line_id", "id"))
    _add("seats", "library_id", sa.String(64), "")
    op.execute("UPDATE seats SET library_id = line_id")
    _add("seats", "languages", sa.JSON(), EVERY_LANGUAGE)
    _add("seats", "silent", sa.Boolean(), sa.false())
    op.add_column("seats", sa.Column("pause", sa.String(32), nullable=True))
    op.add_column("seats", sa.Column("pause_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("seats", sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("seats", sa.Column("off_duty_cause", sa.String(32), nullable=True))


def _kiosk_presences() -> None:
    op.drop_index(op.f("ix_kiosk_presences_library_id"), "kiosk_presences")
    _stand_in_a_line("kiosk_presences", key=("line_id", "id"))
    op.add_column("kiosk_presences", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("kiosk_presences", sa.Column("last_seat_id", sa.String(64), nullable=True))
    op.add_column("kiosk_presences", sa.Column("last_ended_at", sa.DateTime(timezone=True), nullable=True))


def _deadlines() -> None:
    _stand_in_a_line("deadlines", key=("line_id", "kind", "subject_id"))


def _standings() -> None:
    # Empty: the rules make what is missing when they look at the hours for the first time.
    op.create_table(
        "standings",
        sa.Column("line_id", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("next_open", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_texts", sa.JSON(), nullable=False),
        sa.Column("handling_s", sa.JSON(), nullable=False),
        sa.Column("long_waits", sa.JSON(), nullable=False),
        sa.Column("standby_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_day", sa.String(10), nullable=False),
        sa.Column("last_ticket", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_standings_line_id")),
        sa.PrimaryKeyConstraint("line_id", "subject_id", name=op.f("pk_standings")),
    )


def _add(table: str, name: str, type_: Any, value: Any) -> None:
    """A column that is never empty; rows that are there get this value."""
    op.add_column(table, sa.Column(name, type_, nullable=False, server_default=value))


def _stand_in_a_line(table: str, key: tuple[str, ...] = ()) -> None:
    """Let `library_id` become `line_id`, which points at the line, and is part of the key where one is given."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(f"fk_{table}_library_id", type_="foreignkey")
        if key:
            batch.drop_constraint(f"pk_{table}", type_="primary")
        batch.alter_column(
            "library_id", new_column_name="line_id", existing_type=sa.String(64), existing_nullable=False
        )
    with op.batch_alter_table(table) as batch:
        batch.create_foreign_key(op.f(f"fk_{table}_line_id"), "lines", ["line_id"], ["id"])
        if key:
            batch.create_primary_key(op.f(f"pk_{table}"), list(key))


def _forget_defaults() -> None:
    """Values come from the program alone; SQLite cannot take a default back without making the table anew."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("libraries", "branches", "services", "staff", "visits", "offers", "seats", "kiosk_presences"):
        for column in sa.inspect(op.get_bind()).get_columns(table):
            if column["default"] is not None:
                op.alter_column(table, column["name"], server_default=None)
