"""Kiosks as rows, with their enrolment and challenges."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, insert, select, update

from signaling.adapters.store_sql import schema
from signaling.adapters.store_sql.database import Database
from signaling.domain.places import Kiosk
from signaling.protocol.vocabulary import KioskId
from signaling.service.ports import MAX_OPEN_CHALLENGES, EnrolOutcome

_FIELDS: Final = tuple(field.name for field in fields(Kiosk))
#: What `change_kiosk` leaves alone.
_FIXED: Final = frozenset({"id", "branch_id", "public_key", "revoked_at"})
#: The columns of `Kiosk`, in the order of its fields.
KIOSKS: Final[Select[Any]] = select(*(schema.kiosks.c[name] for name in _FIELDS))


class SqlKiosks:
    """The part of the store that knows devices; see `Store` for what each method means."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_kiosk(self, kiosk_id: KioskId) -> Kiosk | None:
        """By id, revoked or not."""
        query = KIOSKS.where(schema.kiosks.c.id == kiosk_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Kiosk(*row)

    async def add_kiosk(self, kiosk: Kiosk, code_hash: bytes, code_expires_at: datetime) -> None:
        """Insert a kiosk together with its one-time enrolment code."""

        def work(connection: Connection) -> None:
            connection.execute(insert(schema.kiosks).values({name: getattr(kiosk, name) for name in _FIELDS}))
            connection.execute(
                insert(schema.enrolment_codes).values(
                    code_hash=code_hash, kiosk_id=kiosk.id, expires_at=code_expires_at
                )
            )

        await self._database.write(work)

    async def enrol_kiosk(
        self, code_hash: bytes, public_key: bytes, now: datetime
    ) -> tuple[EnrolOutcome, Kiosk | None]:
        """Use up a code: bind the key. Exactly one of two racers wins."""
        return await self._database.write(lambda connection: _enrol(connection, code_hash, public_key, now))

    async def revoke_kiosk(self, kiosk_id: KioskId, now: datetime) -> bool:
        """True when it existed and was not revoked already. Its open enrolment code works no more."""
        kiosks, codes = schema.kiosks, schema.enrolment_codes

        def work(connection: Connection) -> bool:
            revoked = connection.execute(
                update(kiosks).where(kiosks.c.id == kiosk_id, kiosks.c.revoked_at.is_(None)).values(revoked_at=now)
            )
            connection.execute(delete(codes).where(codes.c.kiosk_id == kiosk_id, codes.c.used_at.is_(None)))
            return bool(revoked.rowcount)

        return await self._database.write(work)

    async def renew_code(self, kiosk_id: KioskId, code_hash: bytes, code_expires_at: datetime) -> bool:
        """A new one-time enrolment code; those that are not used yet work no more. False for none or a revoked one."""
        kiosks, codes = schema.kiosks, schema.enrolment_codes
        # Locked, so that a code is not made while somebody revokes the kiosk and its codes.
        wanted = select(kiosks.c.id).where(kiosks.c.id == kiosk_id, kiosks.c.revoked_at.is_(None)).with_for_update()

        def work(connection: Connection) -> bool:
            if connection.execute(wanted).first() is None:
                return False
            connection.execute(delete(codes).where(codes.c.kiosk_id == kiosk_id, codes.c.used_at.is_(None)))
            connection.execute(insert(codes).values(code_hash=code_hash, kiosk_id=kiosk_id, expires_at=code_expires_at))
            return True

        return await self._database.write(work)

    async def change_kiosk(self, kiosk: Kiosk) -> bool:
        """All but its branch, its key and whether it is revoked. True when it existed."""
        values = {name: getattr(kiosk, name) for name in _FIELDS if name not in _FIXED}
        changed = update(schema.kiosks).where(schema.kiosks.c.id == kiosk.id).values(values)
        return await self._database.write(lambda connection: bool(connection.execute(changed).rowcount))

    async def add_challenge(self, kiosk_id: KioskId, challenge: bytes, expires_at: datetime) -> None:
        """Remember a challenge for one use; the oldest of too many go."""
        table = schema.challenges
        mine = table.c.kiosk_id == kiosk_id
        kept = select(table.c.challenge).where(mine).order_by(table.c.expires_at.desc()).limit(MAX_OPEN_CHALLENGES)

        def work(connection: Connection) -> None:
            connection.execute(insert(table).values(challenge=challenge, kiosk_id=kiosk_id, expires_at=expires_at))
            connection.execute(delete(table).where(mine, table.c.challenge.not_in(kept)))

        await self._database.write(work)

    async def take_challenge(self, kiosk_id: KioskId, challenge: bytes, now: datetime) -> bool:
        """Use it up: True once, and only before it expires. Also forgets expired ones."""
        table = schema.challenges

        def work(connection: Connection) -> bool:
            connection.execute(delete(table).where(table.c.expires_at <= now))
            taken = connection.execute(
                delete(table).where(table.c.challenge == challenge, table.c.kiosk_id == kiosk_id)
            )
            return bool(taken.rowcount)

        return await self._database.write(work)


def _enrol(
    connection: Connection, code_hash: bytes, public_key: bytes, now: datetime
) -> tuple[EnrolOutcome, Kiosk | None]:
    codes = schema.enrolment_codes
    # The UPDATE locks the row: of two racers the second finds it used.
    used = connection.execute(
        update(codes)
        .where(codes.c.code_hash == code_hash, codes.c.used_at.is_(None), codes.c.expires_at > now)
        .values(used_at=now)
    )
    found = select(codes.c.kiosk_id, codes.c.used_at).where(codes.c.code_hash == code_hash)
    code = connection.execute(found).one_or_none()
    if code is None:
        return EnrolOutcome.UNKNOWN, None
    if used.rowcount == 0:
        return (EnrolOutcome.EXPIRED if code.used_at is None else EnrolOutcome.USED), None
    mine = schema.kiosks.c.id == code.kiosk_id
    connection.execute(update(schema.kiosks).where(mine).values(public_key=public_key))
    return EnrolOutcome.ENROLLED, Kiosk(*connection.execute(KIOSKS.where(mine)).one())
