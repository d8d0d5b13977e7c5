"""Staff accounts, signed-in browsers and browsers that take push, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Executable, Select, delete, insert, select, update

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.adapters.store_sql.upserts import upsert
from signaling.protocol.vocabulary import StaffId
from signaling.service.ports import PushSubscription, Staff, StaffSession, StoreError

_STAFF_FIELDS: Final = (
    "id",
    "library_id",
    "login",
    "name",
    "roles",
    "password_hash",
    "must_change_password",
    "disabled_at",
    "languages",
    "email",
    "standby",
    "alerts",
)
#: What `update_staff` replaces.
_KEPT_BY_FORMS: Final = ("name", "roles", "languages", "email", "standby", "alerts")
_SESSION_FIELDS: Final = ("token_hash", "staff_id", "csrf_hash", "created_at", "expires_at")
_PUSH_FIELDS: Final = ("endpoint", "staff_id", "p256dh", "auth")
_STAFF: Final[Select[Any]] = select(*(schema.staff.c[name] for name in _STAFF_FIELDS))


class SqlAccounts:
    """The part of the store that knows people with an account; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_staff(self, staff: Staff) -> None:
        """Insert; raises Exists when the login is taken."""
        values = {name: getattr(staff, name) for name in _STAFF_FIELDS} | {"login": staff.login.lower()}
        await self._execute(insert(schema.staff).values(values))

    async def find_staff_by_login(self, login: str) -> Staff | None:
        """By login, lower case."""
        return await self._one(schema.staff.c.login == login.lower())

    async def find_staff(self, staff_id: StaffId) -> Staff | None:
        """By id."""
        return await self._one(schema.staff.c.id == staff_id)

    async def all_staff(self) -> Sequence[Staff]:
        """Every account of every library, disabled ones too, by login."""
        query = _STAFF.order_by(schema.staff.c.login)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Staff(*row) for row in rows]

    async def set_password(self, staff_id: StaffId, password_hash: str, *, must_change: bool = False) -> None:
        """Replace it; `must_change` marks a one-time password."""
        await self._execute(
            update(schema.staff)
            .where(schema.staff.c.id == staff_id)
            .values(password_hash=password_hash, must_change_password=must_change)
        )

    async def disable_staff(self, staff_id: StaffId, now: datetime) -> bool:
        """Nobody signs in with it any more, nor is asked by push. True when it existed and was not disabled."""
        staff = schema.staff

        def work(connection: Connection) -> bool:
            disabled = connection.execute(
                update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None)).values(disabled_at=now)
            )
            for table in (schema.staff_sessions, schema.push_subscriptions):
                connection.execute(delete(table).where(table.c.staff_id == staff_id))
            return bool(disabled.rowcount)

        return await self._database.write(work)

    async def update_staff(self, staff: Staff) -> None:
        """Replace name, roles, languages, e-mail, standby and alerts of an account; nothing else."""
        values = {name: getattr(staff, name) for name in _KEPT_BY_FORMS}
        if not await self._execute(update(schema.staff).where(schema.staff.c.id == staff.id).values(values)):
            msg = "there is no such account"
            raise StoreError(msg)

    async def enable_staff(self, staff_id: StaffId) -> bool:
        """Undo `disable_staff`. True when it existed and was disabled."""
        staff = schema.staff
        disabled = update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_not(None))
        return bool(await self._execute(disabled.values(disabled_at=None)))

    async def add_push(self, subscription: PushSubscription) -> None:
        """Remember a browser; one that is known already belongs to the new staff member from now on."""
        row = {name: getattr(subscription, name) for name in _PUSH_FIELDS}
        await self._database.write(lambda connection: upsert(connection, schema.push_subscriptions, row))

    async def push_of(self, staff_id: StaffId) -> Sequence[PushSubscription]:
        """The browsers of a staff member."""
        table = schema.push_subscriptions
        query = select(*(table.c[name] for name in _PUSH_FIELDS)).where(table.c.staff_id == staff_id)
        rows = await self._database.read(lambda connection: connection.execute(query.order_by(table.c.endpoint)).all())
        return [PushSubscription(*row) for row in rows]

    async def remove_push(self, endpoint: str) -> None:
        """The browser takes no push any more."""
        table = schema.push_subscriptions
        await self._execute(delete(table).where(table.c.endpoint == endpoint))

    async def add_session(self, session: StaffSession) -> None:
        """Remember a signed-in browser."""
        values = {name: getattr(session, name) for name in _SESSION_FIELDS}
        await self._execute(insert(schema.staff_sessions).values(values))

    async def find_session(self, token_hash: bytes, now: datetime) -> tuple[StaffSession, Staff] | None:
        """A session that has not expired, of a staff member that is not disabled."""
        sessions, staff = schema.staff_sessions, schema.staff
        query = (
            select(*(sessions.c[name] for name in _SESSION_FIELDS), *(staff.c[name] for name in _STAFF_FIELDS))
            .join_from(sessions, staff, sessions.c.staff_id == staff.c.id)
            .where(
                sessions.c.token_hash == token_hash,
                sessions.c.expires_at > now,
                staff.c.disabled_at.is_(None),
            )
        )
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        split = len(_SESSION_FIELDS)
        return StaffSession(*row[:split]), Staff(*row[split:])

    async def remove_session(self, token_hash: bytes) -> None:
        """Sign out."""
        await self._execute(delete(schema.staff_sessions).where(schema.staff_sessions.c.token_hash == token_hash))

    async def remove_sessions_of(self, staff_id: StaffId) -> int:
        """Revoke all; returns how many there were."""
        return await self._execute(delete(schema.staff_sessions).where(schema.staff_sessions.c.staff_id == staff_id))

    async def _one(self, condition: Any) -> Staff | None:
        query = _STAFF.where(condition)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Staff(*row)

    async def _execute(self, statement: Executable) -> int:
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)
